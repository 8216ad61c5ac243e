#include "rapport/core/working_calendar.hpp"

#include <gtest/gtest.h>

#include "rapport/core/hash.hpp"
#include "rapport/core/status.hpp"

namespace rapport {
namespace {

Instant At(const std::string& text) { return ParseStamp(text)->at; }
const Zone* ZoneNamed(const std::string& name) { return *ZoneRules::Bundled().Find(name); }

WorkingWeek Week(const std::string& json) {
  const auto week = WorkingWeek::FromJson(*Json::Parse(json));
  EXPECT_TRUE(week.ok()) << week.status();
  return *week;
}
constexpr char kOffice[] = R"({"weekly":{"mon":[["09:00","12:00"],["13:00","17:00"]],"tue":[["09:00","12:00"],["13:00","17:00"]],
  "wed":[["09:00","12:00"]],"thu":[["09:00","17:00"]],"fri":[["22:00","24:00"]],"sun":[["00:00","04:00"]]},
  "closed":["2026-03-09"],"open":{"2026-03-07":[["10:00","11:30"]]}})";

TEST(WorkingCalendar_Add, SundayAfternoonPlusTwoHoursIsMondayEleven) {
  const WorkingCalendar office(ZoneNamed("Europe/Paris"), Week(R"({"weekly":{"mon":[["09:00","17:00"]],"tue":[["09:00","17:00"]]}})"));
  EXPECT_EQ(*office.Add(At("2026-03-01T16:00:00+01:00"), 120), At("2026-03-02T11:00:00+01:00"));
  EXPECT_EQ(*office.Add(At("2026-03-02T16:30:00+01:00"), 60), At("2026-03-03T09:30:00+01:00"));
  EXPECT_EQ(*office.Add(At("2026-03-01T16:00:00+01:00"), 0), At("2026-03-02T09:00:00+01:00"));
}

TEST(WorkingCalendar_AddDays, CountsWorkingDays) {
  const WorkingCalendar office(ZoneNamed("Asia/Tokyo"), Week(R"({"weekly":{"mon":[["09:00","17:00"]],"fri":[["09:00","17:00"]]},"closed":["2026-03-06"]})"));
  EXPECT_EQ(*office.AddDays(Day(2026, 3, 2), 1), Day(2026, 3, 9));
  EXPECT_EQ(*office.AddDays(Day(2026, 3, 2), -1), Day(2026, 2, 27));
  EXPECT_EQ(*office.AddDays(Day(2026, 3, 3), 0), Day(2026, 3, 3));
}

TEST(WorkingCalendar_NeverOpen, IsAnErrorNotALoop) {
  const WorkingCalendar never(ZoneNamed("UTC"), WorkingWeek{});
  EXPECT_EQ(TokenOf(never.NextOpen(At("2026-01-01T00:00:00Z")).status()), "calendar.never_open");
  EXPECT_EQ(TokenOf(never.Add(At("2026-01-01T00:00:00Z"), 5).status()), "calendar.never_open");
  EXPECT_EQ(TokenOf(never.AddDays(Day(2026, 1, 1), 3).status()), "calendar.never_open");
}

TEST(WorkingCalendar_Json, IsStrictAndReadsBack) {
  const WorkingWeek week = Week(kOffice);
  EXPECT_EQ(WorkingWeek::FromJson(week.ToJson())->ToJson(), week.ToJson());
  for (const char* wrong : {R"({"weekly":{"mon":[["12:00","09:00"]]}})", R"({"weekly":{"mon":[["09:00","12:00"],["11:00","13:00"]]}})",
                            R"({"weekly":{"monday":[]}})", R"({"weekly":{},"closed":["yesterday"]})", R"({"weekly":{},"clsed":[]})", "[]"}) {
    EXPECT_FALSE(WorkingWeek::FromJson(*Json::Parse(wrong)).ok()) << wrong;
  }
}

// The independent answer walks minute by minute, over a spring and an autumn change.
TEST(WorkingCalendar_Oracle, MinuteByMinute) {
  for (const char* zone : {"America/New_York", "Asia/Tokyo", "Australia/Lord_Howe"}) {
    const WorkingCalendar office(ZoneNamed(zone), Week(kOffice));
    const auto open = [&](Instant at) {
      const LocalSecond local = office.zone().Local(at);
      const int minute = local.hour() * 60 + local.minute();
      for (const MinuteRange& range : office.week().RangesOn(Day(local))) {
        if (minute >= range.from && minute < range.to) return true;
      }
      return false;
    };
    for (int i = 0; i < 60; ++i) {
      const std::string seed = std::to_string(i);
      const auto draw = [&](std::string_view what, double range) { return static_cast<std::int64_t>(Chance(3, what, {zone, seed}) * range); };
      const Instant base = At(i % 2 == 0 ? "2026-03-05T00:00:00Z" : "2026-10-29T00:00:00Z");
      const Instant start = base.PlusMinutes(draw("start", 6 * 1440));
      const std::int64_t minutes = draw("minutes", 900);
      Instant walked = start;
      while (!open(walked)) walked = walked.PlusMinutes(1);
      EXPECT_EQ(office.NextOpen(start)->micros(), walked.micros()) << zone << " " << FormatInstant(start);
      EXPECT_EQ(office.IsOpen(start), open(start));
      std::int64_t left = minutes;
      Instant end = walked;
      for (; left > 0; end = end.PlusMinutes(1)) left -= open(end) ? 1 : 0;
      if (minutes > 0) {
        EXPECT_EQ(FormatInstant(*office.Add(start, minutes)), FormatInstant(end)) << zone << " " << FormatInstant(start) << " + " << minutes;
        EXPECT_EQ(office.Between(start, end), minutes);
      }
    }
  }
}

}  // namespace
}  // namespace rapport

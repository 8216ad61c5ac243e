#include "rapport/core/recurrence.hpp"

#include <gtest/gtest.h>

#include "rapport/core/status.hpp"

namespace rapport {
namespace {

std::vector<std::string> Dates(std::string_view rrule, LocalSecond start, LocalSecond until) {
  const absl::StatusOr<Recurrence> rule = Recurrence::Parse(rrule, start);
  EXPECT_TRUE(rule.ok()) << rule.status();
  std::vector<std::string> dates;
  if (!rule.ok()) return dates;
  for (const LocalSecond at : rule->Between(start, until)) dates.push_back(FormatDay(Day(at)));
  return dates;
}
using Texts = std::vector<std::string>;

TEST(Core_Recurrence, CountsOnTheCalendar) {
  const LocalSecond january(2026, 1, 31, 9, 0, 0);
  EXPECT_EQ(Dates("FREQ=MONTHLY", january, LocalSecond(2026, 6, 1)), (Texts{"2026-01-31", "2026-03-31", "2026-05-31"}));   // months without a 31st are passed over
  EXPECT_EQ(Dates("FREQ=MONTHLY;BYMONTHDAY=-1", january, LocalSecond(2026, 5, 1)), (Texts{"2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"}));
  EXPECT_EQ(Dates("FREQ=MONTHLY;BYDAY=-1FR;COUNT=3", january, LocalSecond(2027, 1, 1)), (Texts{"2026-02-27", "2026-03-27", "2026-04-24"}));
  EXPECT_EQ(Dates("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH", LocalSecond(2026, 3, 5), LocalSecond(2026, 3, 31)), (Texts{"2026-03-05", "2026-03-16", "2026-03-19", "2026-03-30"}));
  EXPECT_EQ(Dates("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", LocalSecond(2024, 1, 1), LocalSecond(2033, 1, 1)), (Texts{"2024-02-29", "2028-02-29", "2032-02-29"}));
  EXPECT_EQ(Dates("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;UNTIL=20260331", LocalSecond(2026, 1, 1), LocalSecond(2027, 1, 1)), (Texts{"2026-01-30", "2026-02-27", "2026-03-31"}));
  EXPECT_EQ(Dates("FREQ=YEARLY;BYDAY=20MO", LocalSecond(2026, 1, 1), LocalSecond(2028, 1, 1)), (Texts{"2026-05-18", "2027-05-17"}));
}

// The week's beginning decides which weeks an interval leaves out (RFC 5545, the example of WKST).
TEST(Core_Recurrence, TheWeekBeginsWhereItIsSaid) {
  const LocalSecond start(1997, 8, 5);
  EXPECT_EQ(Dates("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO", start, LocalSecond(1998, 1, 1)), (Texts{"1997-08-05", "1997-08-10", "1997-08-19", "1997-08-24"}));
  EXPECT_EQ(Dates("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", start, LocalSecond(1998, 1, 1)), (Texts{"1997-08-05", "1997-08-17", "1997-08-19", "1997-08-31"}));
}

TEST(Core_Recurrence, NineStaysNineWhenClocksChange) {
  const Zone& paris = **ZoneRules::Bundled().Find("Europe/Paris");
  const auto rule = Recurrence::Parse("FREQ=DAILY", LocalSecond(2026, 3, 28, 2, 30, 0));
  ASSERT_TRUE(rule.ok());
  const std::vector<Instant> days = rule->Between(paris, paris.At(LocalSecond(2026, 3, 28)), paris.At(LocalSecond(2026, 3, 31)));
  ASSERT_EQ(days.size(), 3u);
  EXPECT_EQ(FormatInstant(days[0]), "2026-03-28T01:30:00Z");
  EXPECT_EQ(FormatInstant(days[1]), "2026-03-29T01:00:00Z");   // half past two does not exist: after the gap
  EXPECT_EQ(FormatInstant(days[2]), "2026-03-30T00:30:00Z");
  EXPECT_EQ(FormatInstant(*rule->After(paris, days[0])), "2026-03-29T01:00:00Z");
}

TEST(Core_Recurrence, ARuleThatNeverMatchesEnds) {
  const auto never = Recurrence::Parse("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", LocalSecond(2026, 1, 1));
  ASSERT_TRUE(never.ok());
  EXPECT_FALSE(never->OnOrAfter(LocalSecond(2026, 1, 1)).has_value());
  EXPECT_FALSE(Recurrence::Parse("FREQ=DAILY;UNTIL=20260105", LocalSecond(2026, 1, 1))->OnOrAfter(LocalSecond(2026, 1, 6)).has_value());
}

TEST(Core_Recurrence, RefusesWithThePart) {
  struct Case { std::string rrule, token, part; };
  for (const Case& one : {Case{"FREQ=HOURLY", "recurrence.unsupported", "FREQ"}, Case{"FREQ=DAILY;BYHOUR=3", "recurrence.unsupported", "BYHOUR"},
                          Case{"INTERVAL=2", "recurrence.invalid", "FREQ"}, Case{"FREQ=DAILY;INTERVAL=0", "recurrence.invalid", "INTERVAL"},
                          Case{"FREQ=MONTHLY;BYMONTHDAY=32", "recurrence.invalid", "BYMONTHDAY"}, Case{"FREQ=WEEKLY;BYDAY=1MO", "recurrence.invalid", "BYDAY"},
                          Case{"FREQ=DAILY;UNTIL=20260230", "recurrence.invalid", "UNTIL"}, Case{"FREQ=DAILY;FREQ=DAILY", "recurrence.invalid", "FREQ"},
                          Case{"FREQ=DAILY;COUNT=2;UNTIL=20260301", "recurrence.invalid", "COUNT"}, Case{"FREQ=DAILY;BYSETPOS=1", "recurrence.invalid", "BYSETPOS"},
                          Case{"daily", "recurrence.invalid", "RRULE"}}) {
    const auto rule = Recurrence::Parse(one.rrule, LocalSecond(2026, 1, 1));
    ASSERT_FALSE(rule.ok()) << one.rrule;
    EXPECT_EQ(TokenOf(rule.status()), one.token) << one.rrule;
    EXPECT_NE(std::string(rule.status().message()).find("part " + one.part), std::string::npos) << rule.status();
  }
}

}  // namespace
}  // namespace rapport

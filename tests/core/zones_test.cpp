#include "rapport/core/zones.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "absl/time/time.h"
#include "rapport/core/hash.hpp"
#include "rapport/core/status.hpp"

namespace rapport {
namespace {

Instant At(const std::string& text) { return ParseStamp(text)->at; }
std::string LocalText(const std::string& zone, const std::string& at) {
  const LocalSecond s = (*ZoneRules::Bundled().Find(zone))->Local(At(at));
  return absl::FormatCivilTime(s);
}

TEST(Zones_Local, KnowsTheWall) {
  EXPECT_EQ(LocalText("Asia/Tokyo", "2026-03-01T15:00:00Z"), "2026-03-02T00:00:00");
  EXPECT_EQ(LocalText("America/New_York", "2026-03-08T06:59:59Z"), "2026-03-08T01:59:59");
  EXPECT_EQ(LocalText("America/New_York", "2026-03-08T07:00:00Z"), "2026-03-08T03:00:00");
  EXPECT_EQ(LocalText("Asia/Kathmandu", "2026-01-01T00:00:00Z"), "2026-01-01T05:45:00");
}

// Two calendars: the wall is told by the standard library's, and beyond its years by Abseil's.
TEST(Zones_Local, AgreesWithCivilTimeOfAbseilOnAllYears) {
  const Zone& utc = ZoneRules::Bundled().Utc();
  const LocalSecond epoch(1970, 1, 1);
  for (std::int64_t second = -1'000'000'000'000; second <= 1'000'000'000'000; second += 499'999'999) {
    EXPECT_EQ(utc.Local(Instant::FromMicros(second * 1'000'000)), epoch + second) << second;
  }
  for (std::int64_t day = -800; day < 800; ++day) {
    for (const std::int64_t second : {day * 86'400 - 1, day * 86'400, day * 86'400 + 1}) {
      EXPECT_EQ(utc.Local(Instant::FromMicros(second * 1'000'000)), epoch + second) << second;
    }
  }
  EXPECT_EQ(utc.Local(Instant::Max()), epoch + Instant::Max().micros() / 1'000'000);
}

TEST(Zones_At, SkippedIsTheFirstInstantAfterTheGapAndRepeatedTheEarlier) {
  const Zone& york = **ZoneRules::Bundled().Find("America/New_York");
  EXPECT_EQ(york.At(LocalSecond(2026, 3, 8, 2, 30, 0)), At("2026-03-08T07:00:00Z"));
  EXPECT_EQ(york.At(LocalSecond(2026, 11, 1, 1, 30, 0)), At("2026-11-01T05:30:00Z"));
  const Zone& apia = **ZoneRules::Bundled().Find("Pacific/Apia");
  EXPECT_EQ(apia.StartOf(Day(2011, 12, 30)), apia.StartOf(Day(2011, 12, 31))) << "a day that was never";
}

TEST(Zones_Find, NamesWhatIsUnknown) {
  EXPECT_EQ(TokenOf(ZoneRules::Bundled().Find("Asia/Atlantis").status()), "zone.unknown");
  EXPECT_TRUE(ZoneRules::Bundled().Find("UTC").ok());
  EXPECT_GE(ZoneRules::Bundled().version().size(), 5u);
  EXPECT_GT(ZoneRules::Bundled().Names().size(), 400u);
  EXPECT_EQ(TokenOf(ZoneRules::FromTzif("x", {{"Bad/Zone", "TZif2 not really"}}).status()), "zone.invalid_tzif");
}

TEST(Zones_Environment, ChangesNothing) {
  const std::string before = LocalText("Asia/Tokyo", "2026-03-01T15:00:00Z");
  setenv("TZ", "America/New_York", 1);
  setenv("TZDIR", "/nowhere", 1);
  EXPECT_EQ(LocalText("Asia/Tokyo", "2026-03-01T15:00:00Z"), before);
  unsetenv("TZDIR");
  unsetenv("TZ");
}

// Every zone against Abseil's reader of the same files: instants from 1970 to 2100, and wall times around the changes.
TEST(Zones_Differential, AgreesWithAbseil) {
  int zones = 0;
  for (const std::string& name : ZoneRules::Bundled().Names()) {
    absl::TimeZone theirs;
    if (!absl::LoadTimeZone(name, &theirs)) continue;
    ++zones;
    const Zone& ours = **ZoneRules::Bundled().Find(name);
    for (int i = 0; i < 120; ++i) {
      const auto seconds = static_cast<std::int64_t>(Chance(5, "instant", {name, std::to_string(i)}) * 4'102'444'800.0);
      const absl::Time at = absl::FromUnixSeconds(seconds);
      ASSERT_EQ(ours.OffsetSeconds(Instant::FromMicros(seconds * 1'000'000)), theirs.At(at).offset) << name << " " << seconds;
      absl::TimeZone::CivilTransition change;
      if (!theirs.NextTransition(at, &change)) continue;
      for (const LocalSecond wall : {change.from, change.to, change.from - 1, change.to + 1, change.from + (change.to - change.from) / 2}) {
        const auto info = theirs.At(wall);
        const absl::Time expected = info.kind == absl::TimeZone::TimeInfo::SKIPPED ? info.trans : info.pre;
        ASSERT_EQ(ours.At(wall).micros(), absl::ToUnixMicros(expected)) << name << " " << absl::FormatCivilTime(wall);
      }
    }
  }
  if (zones < 100) GTEST_SKIP() << "this machine has no zone files to compare with";
}

}  // namespace
}  // namespace rapport

#include "rapport/core/time.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "rapport/core/ids.hpp"
#include "rapport/core/status.hpp"

namespace rapport {
namespace {

TEST(Time_Stamp, KeepsInstantAndOffset) {
  const auto stamp = ParseStamp("2026-03-02T10:15:00.25+09:00");
  ASSERT_TRUE(stamp.ok());
  EXPECT_EQ(stamp->offset_minutes, 540);
  EXPECT_EQ(FormatStamp(*stamp), "2026-03-02T10:15:00.250+09:00");
  EXPECT_EQ(FormatInstant(stamp->at), "2026-03-02T01:15:00.250Z");
  EXPECT_EQ(FormatStamp(*ParseStamp("1969-12-31T23:59:59.999999-00:30")), "1969-12-31T23:59:59.999999-00:30");
}

TEST(Time_Stamp, RefusesWhatIsNoInstant) {
  for (const char* wrong : {"2026-03-02", "2026-03-02T10:15:00", "2026-03-02 10:15:00Z", "2026-02-29T00:00:00Z", "2026-04-31T00:00:00Z",
                            "2026-03-02T24:00:00Z", "2026-03-02T10:60:00Z", "2026-03-02T10:15:60Z", "2026-03-02T10:15:00.1234567Z",
                            "2026-03-02T10:15:00+24:00", "2026-03-02T10:15:00Zx", "26-03-02T10:15:00Z", "0000-01-01T00:00:00Z", ""}) {
    EXPECT_EQ(TokenOf(ParseStamp(wrong).status()), "time.invalid") << wrong;
  }
}

TEST(Time_Stamp, ReadsBack) {
  EXPECT_TRUE(rc::check([] {
    const auto micros = *rc::gen::inRange<std::int64_t>(-62'000'000'000'000'000, 253'000'000'000'000'000);
    const Stamp stamp{Instant::FromMicros(micros), static_cast<std::int16_t>(*rc::gen::inRange(-1439, 1440))};
    const auto again = ParseStamp(FormatStamp(stamp));
    RC_ASSERT(again.ok());
    RC_ASSERT(*again == stamp);
  }));
}

TEST(Time_Day, IsADateThatExists) {
  EXPECT_EQ(*ParseDay("2024-02-29"), Day(2024, 2, 29));
  for (const char* wrong : {"2026-02-29", "2026-2-9", "20260209", "2026-02-09T00:00:00Z", "2026/02/09"}) EXPECT_EQ(TokenOf(ParseDay(wrong).status()), "time.invalid_day") << wrong;
  EXPECT_EQ(*ParseMinuteOfDay("24:00"), 1440);
  EXPECT_EQ(TokenOf(ParseMinuteOfDay("24:01").status()), "time.invalid_minute");
}

TEST(Ids_Parse, TakesUtf8OfOneTo255Bytes) {
  EXPECT_TRUE(CustomerId::Parse("c-17").ok());
  EXPECT_TRUE(CustomerId::Parse("김해식당").ok());
  EXPECT_TRUE(CustomerId::Parse(std::string(255, 'x')).ok());
  for (const std::string& wrong : {std::string(), std::string(256, 'x'), std::string("a\nb"), std::string("\xC0\x80"), std::string("\xED\xA0\x80"),
                                   std::string("\xE2\x82"), std::string("\xF4\x90\x80\x80")}) {
    EXPECT_EQ(TokenOf(CustomerId::Parse(wrong).status()), "id.invalid");
  }
  EXPECT_LT(CustomerId::Trusted("B"), CustomerId::Trusted("a")) << "bytes, not letters";
}

}  // namespace
}  // namespace rapport

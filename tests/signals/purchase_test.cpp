#include <gtest/gtest.h>

#include "signals/signals_for_test.hpp"

namespace rapport {
namespace {

using namespace made;  // NOLINT
using Ids = std::vector<std::string>;

TEST(Signals_Purchase, CountsPlacedPurchasesTwoOnOneDayAsTwo) {
  const Asked asked({Happened("c", "1", "2026-01-01T08:00:00Z", Bought("1")),
                     Happened("c", "2", "2026-01-01T09:00:00Z", Bought("1")),
                     Happened("c", "r", "2026-01-02T09:00:00Z", Returned())},
                    "2026-03-02T00:00:00Z");
  EXPECT_EQ(asked.ValueOf("purchase.count"), Whole(2));
  EXPECT_EQ(asked.EvidenceOf("purchase.count"), (Ids{"1", "2"}));
  EXPECT_EQ(asked.ArmedBy("purchase.count"), "2");
  EXPECT_EQ(asked.ValueOf("purchase.first_at"), Cell(At("2026-01-01T08:00:00Z")));
  EXPECT_EQ(asked.ValueOf("purchase.last_at"), Cell(At("2026-01-01T09:00:00Z")));
}

TEST(Signals_Purchase, EvidenceKeepsTheNewestTwelve) {
  std::vector<Event> events;
  for (int i = 10; i < 30; ++i) {
    events.push_back(Happened("c", "o-" + std::to_string(i), At("2026-01-01T00:00:00Z").PlusMinutes(i), Bought("1")));
  }
  const Asked asked(events, "2026-03-02T00:00:00Z");
  EXPECT_EQ(asked.ValueOf("purchase.count"), Whole(20));
  ASSERT_EQ(asked.EvidenceOf("purchase.count").size(), 12u);
  EXPECT_EQ(asked.EvidenceOf("purchase.count").front(), "o-18");
  EXPECT_EQ(asked.EvidenceOf("purchase.count").back(), "o-29");
}

TEST(Signals_Purchase, NothingBoughtIsNullNotZeroDays) {
  const Asked asked({Happened("c", "1", "2026-01-01T08:00:00Z", Called())}, "2026-03-02T00:00:00Z");
  EXPECT_EQ(asked.ValueOf("purchase.count"), Whole(0));
  for (const char* name : {"first_at", "last_at", "last_delivered_at", "days_since", "rhythm_days", "silence_ratio",
                           "return_window_ends", "return_days_left"}) {
    EXPECT_EQ(asked.ValueOf("purchase." + std::string(name)), Null()) << name;
  }
  EXPECT_EQ(asked.ArmedBy("purchase.count"), "");
}

TEST(Signals_Purchase, DaysAreThoseOfTheCustomersZone) {
  // 23:30 on 1 March in Tokyo; in UTC it is 14:30, and as_of is already 3 March there.
  const std::vector<Event> events = {Happened("c", "z", "2026-01-01T00:00:00+09:00", InZone("Asia/Tokyo")),
                                     Happened("c", "1", "2026-03-01T23:30:00+09:00", Bought("1"))};
  EXPECT_EQ(Asked(events, "2026-03-01T23:59:00+09:00").ValueOf("purchase.days_since"), Whole(0));
  EXPECT_EQ(Asked(events, "2026-03-02T00:00:00+09:00").ValueOf("purchase.days_since"), Whole(1));
  EXPECT_EQ(Asked(events, "2026-03-02T16:00:00Z").ValueOf("purchase.days_since"), Whole(2));
  EXPECT_EQ(Asked(events, "2026-03-02T16:00:00Z").ArmedBy("purchase.days_since"), "1");
  EXPECT_EQ(Asked(events, "2026-02-20T00:00:00Z").ValueOf("purchase.days_since"), Null()) << "not begun yet";
}

TEST(Signals_Purchase, ZoneOfTheBookHoldsWhereTheCustomerHasNone) {
  BookConfigured configured;
  configured.zone = "America/New_York";
  const Asked asked({Happened("", "b", "2026-01-01T00:00:00Z", configured),
                     Happened("c", "1", "2026-03-02T03:00:00Z", Bought("1"))},  // 1 March, 22:00
                    "2026-03-02T15:00:00Z");
  EXPECT_EQ(asked.ValueOf("purchase.days_since"), Whole(1));
}

TEST(Signals_Purchase, RhythmIsTheMedianIntervalOfDistinctDays) {
  std::vector<Event> events = {Happened("c", "1", "2026-01-01T08:00:00Z", Bought("1")),
                               Happened("c", "2", "2026-01-01T20:00:00Z", Bought("1")),
                               Happened("c", "3", "2026-01-11T08:00:00Z", Bought("1"))};
  EXPECT_EQ(Asked(events, "2026-02-10T00:00:00Z").ValueOf("purchase.rhythm_days"), Null()) << "two days only";
  events.push_back(Happened("c", "4", "2026-01-26T08:00:00Z", Bought("1")));
  const Asked three(events, "2026-02-10T00:00:00Z");
  EXPECT_EQ(three.ValueOf("purchase.rhythm_days"), Cell(12.5));  // 10 and 15
  EXPECT_EQ(three.ValueOf("purchase.silence_ratio"), Cell(1.2));  // 15 days
  EXPECT_EQ(three.ArmedBy("purchase.silence_ratio"), "4");
  events.push_back(Happened("c", "5", "2026-01-29T08:00:00Z", Bought("1")));
  EXPECT_EQ(Asked(events, "2026-02-10T00:00:00Z").ValueOf("purchase.rhythm_days"), Cell(10.0));  // 3, 10, 15
}

TEST(Signals_Purchase, RatioHasTwelveDigits) {
  const Asked asked({Happened("c", "1", "2026-01-01T00:00:00Z", Bought("1")),
                     Happened("c", "2", "2026-01-04T00:00:00Z", Bought("1")),
                     Happened("c", "3", "2026-01-07T00:00:00Z", Bought("1"))},
                    "2026-01-08T00:00:00Z");
  EXPECT_EQ(asked.ValueOf("purchase.silence_ratio"), Cell(0.333333333333));
}

TEST(Signals_Purchase, RevenueIsLessReturns) {
  std::vector<Event> events = {Happened("c", "1", "2026-01-01T00:00:00Z", Bought("0.10")),
                               Happened("c", "2", "2026-01-02T00:00:00Z", Bought("0.20")),
                               Happened("c", "3", "2026-01-03T00:00:00Z", Bought("5.00"))};
  EXPECT_EQ(Asked(events, "2026-03-01T00:00:00Z").ValueOf("purchase.revenue"), Cell(5.3));
  events.push_back(Happened("c", "4", "2026-01-04T00:00:00Z", Returned(Euro("1.25"))));
  events.push_back(Happened("c", "5", "2026-01-05T00:00:00Z", Returned(std::nullopt, "1")));
  const Asked less(events, "2026-03-01T00:00:00Z");
  EXPECT_EQ(less.ValueOf("purchase.revenue"), Cell(3.95));
  EXPECT_EQ(less.ArmedBy("purchase.revenue"), "5");
}

TEST(Signals_Purchase, MeanAmountIsOfThePurchasesThatHaveOneAsPlaced) {
  std::vector<Event> events = {Happened("c", "1", "2026-01-01T00:00:00Z", Bought("10.00")),
                               Happened("c", "2", "2026-01-02T00:00:00Z", Placed({})),
                               Happened("c", "3", "2026-01-03T00:00:00Z", Bought("5.00")),
                               Happened("c", "4", "2026-01-04T00:00:00Z", Returned())};
  EXPECT_EQ(Asked(events, "2026-03-01T00:00:00Z").ValueOf("purchase.mean_amount"), Cell(7.5));
  EXPECT_EQ(Asked(events, "2026-03-01T00:00:00Z").EvidenceOf("purchase.mean_amount"), (Ids{"1", "3"}));
  events.push_back(Happened("c", "5", "2026-01-05T00:00:00Z", Placed({Line("p", In("USD", "3.00"))})));
  EXPECT_EQ(Asked(events, "2026-03-01T00:00:00Z").ValueOf("purchase.mean_amount"), Null());
}

TEST(Signals_Purchase, RevenueInTwoCurrenciesIsMissing) {
  const Event dollars = Happened("c", "1", "2026-01-01T00:00:00Z", Placed({Line("p", In("USD", "3.00"))}));
  const Event euros = Happened("c", "2", "2026-01-02T00:00:00Z", Bought("4.00"));
  BookConfigured configured;
  configured.reporting_currency = "EUR";
  const Event in_euros = Happened("", "b", "2026-01-01T00:00:00Z", configured);
  EXPECT_EQ(Asked({dollars}, "2026-03-01T00:00:00Z").ValueOf("purchase.revenue"), Cell(3.0));
  EXPECT_EQ(Asked({dollars, euros}, "2026-03-01T00:00:00Z").ValueOf("purchase.revenue"), Null());
  EXPECT_EQ(Asked({dollars, euros, in_euros}, "2026-03-01T00:00:00Z").ValueOf("purchase.revenue"), Null());
  EXPECT_EQ(Asked({euros, in_euros}, "2026-03-01T00:00:00Z").ValueOf("purchase.revenue"), Cell(4.0));
  EXPECT_EQ(Asked({Happened("c", "n", "2026-01-02T00:00:00Z", Placed({})), in_euros}, "2026-03-01T00:00:00Z")
                .ValueOf("purchase.revenue"), Null()) << "bought for an unknown amount";
  EXPECT_EQ(Asked({Happened("c", "t", "2026-01-02T00:00:00Z", Called()), in_euros}, "2026-03-01T00:00:00Z")
                .ValueOf("purchase.revenue"), Cell(0.0)) << "bought nothing";
}

TEST(Signals_Purchase, MarginIsOfTheLineElseOfTheProductTimesQuantity) {
  const std::vector<Event> events = {
      Happened("", "p", "2026-01-01T00:00:00Z", Product("filter", std::nullopt, Euro("2.00"))),
      Happened("c", "1", "2026-01-02T00:00:00Z",
               Placed({Line("filter", Euro("30.00"), std::nullopt, 2.5), Line("filter", Euro("10.00"), Euro("1.00"), 9),
                       Line("unknown", Euro("5.00"))})),
      Happened("c", "2", "2026-01-03T00:00:00Z", Placed({Line("filter", Euro("8.00"))}))};
  EXPECT_EQ(Asked(events, "2026-03-01T00:00:00Z").ValueOf("purchase.margin"), Cell(8.0));  // 5 + 1 + 2
  std::vector<Event> returned = events;
  returned.push_back(Happened("c", "r", "2026-01-04T00:00:00Z", Returned(Euro("2.00"))));  // a quarter of the second
  EXPECT_EQ(Asked(returned, "2026-03-01T00:00:00Z").ValueOf("purchase.margin"), Cell(7.5));
  returned.push_back(Happened("c", "s", "2026-01-05T00:00:00Z", Returned(std::nullopt, "1")));
  EXPECT_EQ(Asked(returned, "2026-03-01T00:00:00Z").ValueOf("purchase.margin"), Cell(1.5));
  EXPECT_EQ(Asked({Happened("c", "1", "2026-01-02T00:00:00Z", Bought("1"))}, "2026-03-01T00:00:00Z")
                .ValueOf("purchase.margin"), Null());
}

std::vector<Event> DeliveredInTokyo() {
  return {Happened("", "p", "2026-01-01T00:00:00Z", Product("softener", 20)),
          Happened("", "q", "2026-01-01T00:00:00Z", Product("salt", 7)),
          Happened("c", "z", "2026-01-01T00:00:00Z", InZone("Asia/Tokyo")),
          Happened("c", "o", "2026-01-10T00:00:00Z",
                   Placed({Line("softener", Euro("400.00")), Line("salt", Euro("12.00")), Line("pen", std::nullopt)})),
          Happened("c", "d", "2026-02-17T23:30:00+09:00", Delivered())};
}

TEST(Signals_Purchase, ReturnWindowIsTheLongestOfItsLinesTheLastDayIncluded) {
  const Asked open(DeliveredInTokyo(), "2026-03-09T23:59:00+09:00");
  EXPECT_EQ(open.ValueOf("purchase.return_window_ends"), Cell(Day(2026, 3, 9)));
  EXPECT_EQ(open.ValueOf("purchase.return_days_left"), Whole(0));
  EXPECT_EQ(open.ValueOf("purchase.value_at_risk"), Cell(412.0));
  EXPECT_EQ(open.ArmedBy("purchase.return_days_left"), "d");
  EXPECT_EQ(open.EvidenceOf("purchase.return_days_left"), (Ids{"o", "d"}));
  EXPECT_EQ(open.ValueOf("purchase.last_delivered_at"), Cell(At("2026-02-17T14:30:00Z")));
  const Asked passed(DeliveredInTokyo(), "2026-03-10T00:00:00+09:00");
  EXPECT_EQ(passed.ValueOf("purchase.return_window_ends"), Null());
  EXPECT_EQ(passed.ValueOf("purchase.return_days_left"), Null());
  EXPECT_EQ(passed.ValueOf("purchase.value_at_risk"), Cell(0.0));
}

TEST(Signals_Purchase, ValueAtRiskIsLessReturns) {
  std::vector<Event> events = DeliveredInTokyo();
  events.push_back(Happened("c", "r-1", "2026-02-20T00:00:00Z", Returned(Euro("12.00"))));
  EXPECT_EQ(Asked(events, "2026-03-01T00:00:00Z").ValueOf("purchase.value_at_risk"), Cell(400.0));
  events.push_back(Happened("c", "r-2", "2026-02-21T00:00:00Z", Returned()));
  EXPECT_EQ(Asked(events, "2026-03-01T00:00:00Z").ValueOf("purchase.value_at_risk"), Cell(0.0));
  EXPECT_EQ(Asked(events, "2026-03-01T00:00:00Z").ValueOf("purchase.return_window_ends"), Null());
}

}  // namespace
}  // namespace rapport

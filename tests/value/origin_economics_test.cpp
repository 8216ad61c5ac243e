#include "rapport/value/origin_economics.hpp"

#include <gtest/gtest.h>

#include "rapport/core/status.hpp"
#include "value/economics_world.hpp"

namespace rapport {
namespace {

using namespace made;  // NOLINT

OriginEconomics Of(const Trade& trade, std::optional<Day> since = std::nullopt, const EconomicsTerms& terms = EconomicsTerms()) {
  const auto book = trade.AsBook();
  const auto found = EconomicsByOrigin(*book, terms, ReferredIn(*book), since);
  EXPECT_TRUE(found.ok()) << found.status();
  return found.ok() ? *found : OriginEconomics();
}

std::string Row(const OriginRow& row) {
  return std::to_string(row.customers) + " customers, " + std::to_string(row.orders) + " orders, " + row.revenue.ToDecimal() + ", margin " +
         row.margin.ToDecimal() + ", " + std::to_string(row.minutes) + " min";
}

Trade Office() {
  Trade trade;
  trade.Call("a", "2026-01-01T10:00:00Z", 60).Call("a", "2026-01-03T10:00:00Z", 40);
  trade.Order("a", "a-1", "2026-01-05T10:00:00Z", "200", Euro("50"));
  trade.Call("a", "2026-01-20T10:00:00Z", 10);
  trade.Order("a", "a-2", "2026-02-05T10:00:00Z", "150", Euro("30")).Order("a", "a-3", "2026-02-06T10:00:00Z", "150", Euro("30"));
  trade.Call("a", "2026-02-20T10:00:00Z", 10);
  trade.Add("a", "2026-02-21T10:00:00Z", ReferralMade{CustomerId::Trusted("b"), {}, {}});
  trade.Call("b", "2026-02-22T10:00:00Z");   // no minutes noted: 10 by convention
  trade.Order("b", "b-1", "2026-02-23T10:00:00Z", "100", Euro("40"));
  trade.Call("prospect", "2026-02-23T10:00:00Z", 30);
  return trade;
}

TEST(Economics_Origin, FirstOrdersAreNewOrReferredAndLaterOnesRepeat) {
  const OriginEconomics all = Of(Office());
  EXPECT_EQ(Row(all.rows[0]), "1 customers, 1 orders, 200.00, margin 50.00, 100 min");
  EXPECT_EQ(all.rows[0].minutes_without_order, 30) << "of a prospect";
  EXPECT_EQ(Row(all.rows[1]), "1 customers, 2 orders, 300.00, margin 60.00, 10 min");
  EXPECT_EQ(all.rows[1].minutes_without_order, 10);
  EXPECT_EQ(Row(all.rows[2]), "1 customers, 1 orders, 100.00, margin 40.00, 10 min");
  EXPECT_EQ(all.rows[2].minutes_assumed, 10);
  EXPECT_EQ(all.rows[1].orders_without_minutes, 1);
  EXPECT_DOUBLE_EQ(*all.rows[1].MarginPerMinute(), 3) << "of the one that the call led to";
  EXPECT_DOUBLE_EQ(*all.TimesNew(Origin::kRepeat), 6);
}

TEST(Economics_Origin, WhatWasGivenBackOrCancelledIsNotKept) {
  Trade trade = Office();
  trade.Add("a", "2026-02-07T10:00:00Z", Returned(Euro("75"), "a-2")).Cancel("a", "a-3", "2026-02-08T10:00:00Z");
  EXPECT_EQ(Row(Of(trade).rows[1]), "1 customers, 1 orders, 75.00, margin 15.00, 10 min");
  trade.Cancel("a", "a-1", "2026-02-08T10:00:00Z");   // then the second was the first
  EXPECT_EQ(Row(Of(trade).rows[1]), "0 customers, 0 orders, 0.00, margin 0.00, 0 min");
}

TEST(Economics_Origin, TheHostsWordGoesFirst) {
  Trade trade = Office();
  CustomerUpserted said;
  said.origin = Origin::kRepeat;
  trade.Add("a", "2025-01-01T00:00:00Z", said);
  said.origin = Origin::kNew;
  trade.Add("b", "2025-01-01T00:00:00Z", said);
  const OriginEconomics all = Of(trade);
  EXPECT_EQ(all.rows[1].orders, 3);
  EXPECT_EQ(all.rows[0].orders, 1);
  EXPECT_EQ(all.rows[2].orders, 0);
}

TEST(Economics_Origin, APeriodKeepsWhatWasFirst) {
  const OriginEconomics all = Of(Office(), Day(2026, 2, 1));
  EXPECT_EQ(Row(all.rows[0]), "0 customers, 0 orders, 0.00, margin 0.00, 0 min");
  EXPECT_EQ(Row(all.rows[1]), "1 customers, 2 orders, 300.00, margin 60.00, 0 min");
  EXPECT_FALSE(all.TimesNew(Origin::kRepeat).has_value());
  EXPECT_FALSE(all.rows[0].MarginPerMinute().has_value());
}

TEST(Economics_Origin, MarginAMinuteIsOfOrdersWithBoth) {
  Trade trade;
  trade.Call("a", "2026-01-04T10:00:00Z", 20).Order("a", "a-1", "2026-01-05T10:00:00Z", "200", Euro("50"));
  trade.Order("b", "b-1", "2026-01-05T10:00:00Z", "900", Euro("500"));                                          // nobody knows of a contact
  trade.Call("c", "2026-01-04T10:00:00Z", 70).Order("c", "c-1", "2026-01-05T10:00:00Z", "200");                 // nor here of a margin
  const OriginRow row = Of(trade).rows[0];
  EXPECT_EQ(Row(row), "3 customers, 3 orders, 1300.00, margin 550.00, 90 min");
  EXPECT_EQ(row.orders_without_minutes, 1);
  EXPECT_EQ(row.orders_without_margin, 1);
  EXPECT_DOUBLE_EQ(*row.MarginPerMinute(), 2.5);
  EXPECT_DOUBLE_EQ(*row.MarginPerOrder(), 275);
}

TEST(Economics_Origin, AnOrderWithSomeMarginsOnlyIsCountedAsWithout) {
  Trade trade;
  trade.Order("a", "a-1", "2026-01-05T10:00:00Z", "200", Euro("50"));
  trade.Add("b", "2026-01-06T10:00:00Z", Placed({Line(std::nullopt, Euro("300"), Euro("20")), Line(std::nullopt, Euro("100"))}, "b-1"));
  trade.Order("c", "c-1", "2026-01-07T10:00:00Z", "10");
  const OriginRow row = Of(trade).rows[0];
  EXPECT_EQ(Row(row), "3 customers, 3 orders, 610.00, margin 70.00, 0 min");
  EXPECT_EQ(row.orders_without_margin, 2);
  EXPECT_EQ(row.orders_without_amount, 0);
  EXPECT_DOUBLE_EQ(*row.MarginPerOrder(), 50);
}

TEST(Economics_Origin, OtherCurrenciesNeedARate) {
  Trade trade;
  trade.Add("c", "2026-01-05T00:00:00Z", Placed({Line(std::nullopt, In("JPY", "1000"), In("JPY", "500"))}, "o-1"));
  const auto book = trade.AsBook();
  const auto none = EconomicsByOrigin(*book, EconomicsTerms(), {}, std::nullopt);
  EXPECT_EQ(TokenOf(none.status()), "money.no_rate");
  EXPECT_NE(none.status().message().find("customer c"), std::string::npos) << none.status();
  trade.Add("", "2026-01-01T00:00:00Z", RateSet{"JPY", "EUR", "0.00625"});
  EXPECT_EQ(Row(Of(trade).rows[0]), "1 customers, 1 orders, 6.25, margin 3.12, 0 min");   // 3.125 rounds to even
}

}  // namespace
}  // namespace rapport

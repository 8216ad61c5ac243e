#include "rapport/value/recurring_base.hpp"

#include <gtest/gtest.h>

#include "rapport/core/status.hpp"
#include "rapport/value/bg_nbd.hpp"
#include "rapport/value/gamma_gamma.hpp"
#include "value/economics_world.hpp"

namespace rapport {
namespace {

using namespace made;  // NOLINT

const std::string kNow = "2026-03-11T12:00:00Z";

RecurringBase Of(const Trade& trade, int months = 24, const BaseModels& models = {}) {
  const auto base = RecurringBaseOf(*trade.AsBook(), At(kNow), months, models);
  EXPECT_TRUE(base.ok()) << base.status();
  return base.ok() ? *base : RecurringBase();
}

const BaseRow& MonthOf(const RecurringBase& base, Day first, bool year = false) {
  for (const BaseRow& row : base.rows) {
    if (row.first == first && row.is_year == year) return row;
  }
  ADD_FAILURE() << FormatDay(first);
  return base.rows.front();
}

ContractStarted Contract(std::string_view value, std::optional<Day> ends) {
  ContractStarted contract;
  contract.value = Euro(value);
  contract.ends = ends;
  return contract;
}

TEST(Economics_Base, RowsAreMonthsAndTheYearsTheyFill) {
  const RecurringBase base = Of(Trade(), 25);
  ASSERT_EQ(base.rows.size(), 12u + 1 + 25 + 2);
  EXPECT_EQ(base.rows[0].first, Day(2025, 3, 1));
  EXPECT_TRUE(base.rows[11].is_over);
  EXPECT_TRUE(base.rows[12].is_year);
  EXPECT_EQ(base.rows[12].first, Day(2025, 3, 1));
  EXPECT_EQ(base.rows[12].last, Day(2026, 2, 28));
  EXPECT_EQ(base.rows[13].first, Day(2026, 3, 1));
  EXPECT_FALSE(base.rows[13].is_over);
  EXPECT_EQ(base.rows.back().first, Day(2028, 3, 1));
}

TEST(Economics_Base, AContractIsSpreadOverItsTermAndItsRenewalIsNotAssumed) {
  Trade trade;
  trade.Add("c", "2026-02-15T00:00:00Z", Contract("1200", Day(2026, 5, 31)));
  const RecurringBase base = Of(trade);
  EXPECT_DOUBLE_EQ(MonthOf(base, Day(2026, 2, 1)).contracts, 100 * 14.0 / 28);
  EXPECT_DOUBLE_EQ(MonthOf(base, Day(2026, 3, 1)).contracts, 100);
  EXPECT_DOUBLE_EQ(MonthOf(base, Day(2026, 5, 1)).contracts, 100);
  EXPECT_DOUBLE_EQ(MonthOf(base, Day(2026, 6, 1)).contracts, 0);
  EXPECT_DOUBLE_EQ(MonthOf(base, Day(2026, 5, 1)).renewal_at_risk, 0);
  EXPECT_DOUBLE_EQ(MonthOf(base, Day(2026, 6, 1)).renewal_at_risk, 100);
  EXPECT_DOUBLE_EQ(MonthOf(base, Day(2026, 3, 1), true).contracts, 300);
  EXPECT_DOUBLE_EQ(MonthOf(base, Day(2026, 3, 1), true).renewal_at_risk, 900);
}

TEST(Economics_Base, WhoEndedIsGoneAndWhatRanOutIsNoRisk) {
  Trade trade;
  trade.Add("c", "2025-01-01T00:00:00Z", Contract("1200", std::nullopt)).Add("c", "2026-02-15T00:00:00Z", ContractEnded{});
  trade.Add("d", "2025-01-01T00:00:00Z", Contract("2400", Day(2025, 12, 31)));
  const RecurringBase base = Of(trade);
  EXPECT_DOUBLE_EQ(MonthOf(base, Day(2025, 12, 1)).contracts, 300);
  EXPECT_DOUBLE_EQ(MonthOf(base, Day(2026, 2, 1)).contracts, 50);
  for (const BaseRow& row : base.rows) EXPECT_EQ(row.renewal_at_risk, 0) << FormatDay(row.first);
}

ContractRenewed Renewal(std::optional<std::string_view> value, std::optional<Day> ends) {
  ContractRenewed renewal;
  if (value.has_value()) renewal.value = Euro(*value);
  renewal.ends = ends;
  return renewal;
}

TEST(Economics_Base, ARenewalLeavesMonthsThatAreOver) {
  Trade trade;
  trade.Add("c", "2025-01-01T00:00:00Z", Contract("1200", Day(2025, 12, 31))).Add("c", "2025-12-20T00:00:00Z", Renewal("2400", Day(2026, 12, 31)));
  const RecurringBase base = Of(trade);
  for (int month = 3; month <= 12; ++month) EXPECT_DOUBLE_EQ(MonthOf(base, Day(2025, month, 1)).contracts, 100) << month;
  for (int month = 1; month <= 12; ++month) EXPECT_DOUBLE_EQ(MonthOf(base, Day(2026, month, 1)).contracts, 200) << month;
  EXPECT_DOUBLE_EQ(MonthOf(base, Day(2027, 1, 1)).contracts, 0);
  EXPECT_DOUBLE_EQ(MonthOf(base, Day(2027, 1, 1)).renewal_at_risk, 200);
  EXPECT_DOUBLE_EQ(MonthOf(base, Day(2026, 12, 1)).renewal_at_risk, 0);
}

TEST(Economics_Base, BetweenTwoTermsNothingComes) {
  Trade trade;
  trade.Add("c", "2024-07-01T00:00:00Z", Contract("1200", Day(2025, 6, 30))).Add("c", "2025-10-01T00:00:00Z", Renewal(std::nullopt, Day(2026, 9, 30)));
  const RecurringBase base = Of(trade);
  for (int month = 3; month <= 12; ++month) EXPECT_DOUBLE_EQ(MonthOf(base, Day(2025, month, 1)).contracts, month >= 7 && month <= 9 ? 0 : 100) << month;
  EXPECT_DOUBLE_EQ(MonthOf(base, Day(2026, 9, 1)).contracts, 100);
  EXPECT_DOUBLE_EQ(MonthOf(base, Day(2026, 10, 1)).renewal_at_risk, 100);
}

// Without an end, or with none later, new terms hold from the day on which they were agreed.
TEST(Economics_Base, NewTermsOfARunningContractHoldFromTheirDay) {
  Trade trade;
  trade.Add("c", "2025-01-01T00:00:00Z", Contract("1200", std::nullopt)).Add("c", "2025-11-01T00:00:00Z", Renewal("2400", std::nullopt));
  trade.Add("c", "2026-02-01T00:00:00Z", Renewal("3600", Day(2026, 6, 30))).Add("c", "2026-05-01T00:00:00Z", ContractEnded{});
  const RecurringBase base = Of(trade);
  EXPECT_DOUBLE_EQ(MonthOf(base, Day(2025, 10, 1)).contracts, 100);
  EXPECT_DOUBLE_EQ(MonthOf(base, Day(2025, 11, 1)).contracts, 200);
  EXPECT_DOUBLE_EQ(MonthOf(base, Day(2026, 2, 1)).contracts, 300);
  EXPECT_DOUBLE_EQ(MonthOf(base, Day(2026, 4, 1)).contracts, 300);
  EXPECT_DOUBLE_EQ(MonthOf(base, Day(2026, 5, 1)).contracts, 0);
}

TEST(Economics_Base, RepeatOrdersOfThePastAreWhatWasKept) {
  Trade trade;
  trade.Order("c", "o-1", "2025-12-01T10:00:00Z", "500").Order("c", "o-2", "2026-01-10T10:00:00Z", "100").Order("c", "o-3", "2026-03-10T10:00:00Z", "80");
  trade.Add("c", "2026-02-01T00:00:00Z", Returned(Euro("30"), "o-2"));
  const RecurringBase base = Of(trade);
  EXPECT_DOUBLE_EQ(*MonthOf(base, Day(2025, 12, 1)).Base(), 0);   // the first is one-off
  EXPECT_DOUBLE_EQ(MonthOf(base, Day(2026, 1, 1)).repeat_actual, 70);
  EXPECT_DOUBLE_EQ(MonthOf(base, Day(2026, 3, 1)).repeat_actual, 80);
  EXPECT_FALSE(MonthOf(base, Day(2026, 3, 1)).repeat_expected.has_value());
  for (const BaseRow& row : base.rows) EXPECT_EQ(row.Base().has_value(), row.is_over) << "no model was fitted: " << FormatDay(row.first);
  EXPECT_EQ(base.customers, 1);
  EXPECT_EQ(base.repeat_buyers, 1);
}

TEST(Economics_Base, ExpectedMonthsAddUpToTheModelsYear) {
  Trade trade;
  trade.Order("c", "o-1", "2025-12-01T10:00:00Z", "100").Order("c", "o-2", "2026-01-10T10:00:00Z", "50");
  trade.Order("d", "o-3", "2026-02-01T10:00:00Z", "20");
  const BgNbd model = *BgNbd::Make({.r = 0.243, .alpha = 4.414, .a = 0.793, .b = 2.426});
  const RecurringBase base = Of(trade, 12, {&model, TimeUnit::kDay, nullptr});
  const double frequency[] = {1, 0}, recency[] = {40, 0}, age[] = {100, 38}, spend[] = {50, 50};   // of d nothing tells but the mean repeat order
  double expected[2], sum = 0;
  const double horizon = static_cast<double>(Day(2027, 2, 28) - Day(2026, 3, 11));
  ASSERT_TRUE(model.ExpectedPurchases(horizon, {frequency, recency, age}, 0, expected).ok());
  for (int i = 0; i < 2; ++i) sum += expected[i] * spend[i];
  double months = 0;
  for (const BaseRow& row : base.rows) {
    if (!row.is_year && !row.is_over) months += *row.repeat_expected;
    EXPECT_EQ(row.repeat_expected.has_value(), !row.is_over);
  }
  EXPECT_NEAR(months, sum, 1e-9 * sum);
  EXPECT_NEAR(*base.rows.back().repeat_expected, sum, 1e-9 * sum);
  EXPECT_NEAR(*base.rows.back().Base(), sum, 1e-9 * sum);
  EXPECT_GT(sum, 1);
}

TEST(Economics_Base, AFirstMachineIsNoMeasureOfOrdersToCome) {
  Trade trade;
  trade.Order("c", "o-1", "2025-12-01T10:00:00Z", "100").Order("c", "o-2", "2026-01-10T10:00:00Z", "50").Order("d", "o-3", "2026-02-01T10:00:00Z", "9000");
  const BgNbd model = *BgNbd::Make({.r = 0.243, .alpha = 4.414, .a = 0.793, .b = 2.426});
  const GammaGamma heavy = *GammaGamma::Make({.p = 6, .q = 0.9, .gamma = 15});   // no mean of who did not come back
  const double c = (6 * (15 + 50.0)) / (6 + 0.9 - 1);
  const double alone = *Of(trade, 12, {&model, TimeUnit::kDay, nullptr}).rows.back().repeat_expected;
  Trade only_c;
  only_c.Order("c", "o-1", "2025-12-01T10:00:00Z", "100").Order("c", "o-2", "2026-01-10T10:00:00Z", "50");
  const double of_c = *Of(only_c, 12, {&model, TimeUnit::kDay, nullptr}).rows.back().repeat_expected;
  const double modelled = *Of(trade, 12, {&model, TimeUnit::kDay, &heavy}).rows.back().repeat_expected;
  EXPECT_NEAR(modelled, of_c * c / 50 + (alone - of_c), 1e-9 * modelled);
  EXPECT_FALSE(ExpectedSpend({.days = 1, .repeat_days = 0, .mean = 9000}, &heavy).has_value());
  EXPECT_FALSE(ExpectedSpend({.days = 1, .repeat_days = 0, .mean = 9000}, nullptr).has_value());
  EXPECT_EQ(*ExpectedSpend({.days = 2, .repeat_days = 1, .mean = 75, .repeat_mean = 50}, nullptr), 50);
}

TEST(Economics_Base, MonthsAreFrom1To120) {
  for (const int months : {0, -3, 121}) {
    EXPECT_EQ(TokenOf(RecurringBaseOf(*Trade().AsBook(), At(kNow), months, {}).status()), "economics.invalid_months");
  }
  EXPECT_TRUE(RecurringBaseOf(*Trade().AsBook(), At(kNow), 120, {}).ok());
}

}  // namespace
}  // namespace rapport

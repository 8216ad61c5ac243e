// Cohorts, tracking and calibration against what is counted by hand.
#include "rapport/value/cohorts.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <map>
#include <set>

#include "rapport/core/status.hpp"
#include "rapport/stats/special.hpp"
#include "rapport/value/bg_nbd.hpp"
#include "rapport/value/calibration.hpp"
#include "rapport/value/tracking.hpp"

namespace rapport {
namespace {

SummaryBuilder BuilderOf(const std::vector<Purchase>& purchases, const SummarizeOptions& options, SummaryBuilder::Keep keep) {
  SummaryBuilder builder = *SummaryBuilder::Open(options, keep);
  for (const Purchase& p : purchases) {
    const std::int64_t offsets[] = {0, static_cast<std::int64_t>(p.customer.size())};
    const std::int32_t days[] = {static_cast<std::int32_t>(p.date - Day(1970, 1, 1))};
    const double amounts[] = {p.amount.value_or(0)};
    const std::uint8_t has[] = {p.amount.has_value()};
    EXPECT_TRUE(builder.Add({offsets, p.customer.data(), {}, days, amounts, has}).ok());
  }
  return builder;
}

std::vector<Purchase> SomePurchases() {
  std::vector<Purchase> purchases;
  const int n = *rc::gen::inRange(1, 80);
  for (int i = 0; i < n; ++i) {
    purchases.push_back({"c" + std::to_string(*rc::gen::inRange(0, 9)), Day(2025, 1, 1) + *rc::gen::inRange(0, 500), *rc::gen::inRange(1, 640) / 64.0});
  }
  return purchases;
}

std::int64_t Month(Day day) { return day.year() * 12 + day.month() - 1; }

TEST(Cohorts, CountAsByHand) {
  EXPECT_TRUE(rc::check([] {
    const std::vector<Purchase> purchases = SomePurchases();
    const Day end = Day(2025, 1, 1) + *rc::gen::inRange(0, 600);
    std::map<std::string, Day> first;
    std::set<std::pair<std::string, Day>> days;
    std::map<std::string, std::map<std::int64_t, double>> spent;
    for (const Purchase& p : purchases) {
      if (p.date > end) continue;
      first.try_emplace(p.customer, p.date);
      first[p.customer] = std::min(first[p.customer], p.date);
      days.insert({p.customer, p.date});
      spent[p.customer][Month(p.date)] += *p.amount;
    }
    const auto cells = Cohorts(BuilderOf(purchases, {.observation_end = end}, SummaryBuilder::Keep::kDays));
    std::int64_t customers = 0;
    for (const CohortCell& cell : cells) {
      const std::int64_t month = Month(cell.cohort) + cell.period_index;
      RC_ASSERT(cell.cohort.day() == 1);
      std::int64_t came = 0, active = 0, bought = 0;
      double revenue = 0;
      for (const auto& [customer, day] : first) {
        if (Month(day) != Month(cell.cohort)) continue;
        ++came;
        if (spent[customer].contains(month)) ++active, revenue += spent[customer][month];
        for (const auto& [buyer, on] : days) bought += buyer == customer && Month(on) == month ? 1 : 0;
      }
      RC_ASSERT(cell.customers == came && came > 0);
      if (cell.period_index == 0) customers += came;
      const bool ended = Month(end + 1) > month;
      RC_ASSERT(cell.active.has_value() == ended);
      if (!ended) continue;
      RC_ASSERT(*cell.active == active && *cell.purchases == bought && *cell.revenue == revenue);
      RC_ASSERT(*cell.retention == static_cast<double>(active) / static_cast<double>(came));
    }
    RC_ASSERT(customers == static_cast<std::int64_t>(first.size()));
  }));
}

TEST(Tracking, CountsAndExpectsAsByHand) {
  const BgNbd model = *BgNbd::Make({0.243, 4.414, 0.793, 2.426});
  EXPECT_TRUE(rc::check([&] {
    const std::vector<Purchase> purchases = SomePurchases();
    const auto unit = static_cast<TimeUnit>(*rc::gen::inRange(1, 5));
    const Day split = Day(2025, 1, 1) + *rc::gen::inRange(0, 300);
    const bool only = *rc::gen::inRange(0, 2) == 0;
    std::map<std::string, Day> first;
    std::set<std::pair<std::string, Day>> days;
    Day last = purchases[0].date;
    for (const Purchase& p : purchases) {
      first.try_emplace(p.customer, p.date);
      first[p.customer] = std::min(first[p.customer], p.date);
      last = std::max(last, p.date);
      days.insert({p.customer, p.date});
    }
    if (only) std::erase_if(first, [&](const auto& f) { return f.second > split; });
    const auto periods = Track(model, BuilderOf(purchases, {}, SummaryBuilder::Keep::kTotals),
                               {.unit = unit, .calibration_end = split, .until = last + 40, .calibration_customers = only});
    RC_ASSERT(periods.ok());
    RC_ASSERT(periods->empty() == first.empty());
    double before = 0;
    for (const TrackingPeriod& period : *periods) {
      std::int64_t repeats = 0;
      for (const auto& [customer, day] : days) repeats += first.contains(customer) && day > first[customer] && day <= period.until ? 1 : 0;
      RC_ASSERT(period.actual_cumulative.has_value() == (period.until <= last));
      RC_ASSERT(period.actual_cumulative.value_or(repeats) == repeats);
      double expected = 0;
      for (const auto& [customer, day] : first) {
        if (day < period.until) expected += *model.ExpectedPurchasesNew(UnitsBetween(day, period.until, unit));
      }
      RC_ASSERT(std::abs(period.expected_cumulative - expected) <= 1e-12 * (1 + expected));
      RC_ASSERT(std::abs(period.expected - (expected - before)) <= 1e-12 * (1 + expected));
      RC_ASSERT(period.holdout == (period.until > split));
      before = expected;
    }
    if (!periods->empty()) RC_ASSERT(periods->back().until == last + 40);
  }));
  EXPECT_TRUE(Track(model, *SummaryBuilder::Open())->empty());
  const auto endless = Track(model, BuilderOf({{"a", Day(1, 1, 1), 1.0}}, {}, SummaryBuilder::Keep::kTotals), {.unit = TimeUnit::kDay, .until = Day(9999, 1, 1)});
  EXPECT_EQ(TokenOf(endless.status()), "value.invalid_input");
}

TEST(Calibration, SumsByFrequencyWhateverTheOrder) {
  const BgNbd model = *BgNbd::Make({0.243, 4.414, 0.793, 2.426});
  const std::vector<double> x = {0, 3, 0, 9, 3}, t_x = {0, 20, 0, 30, 11}, age = {30, 30, 12, 31, 30}, after = {0, 2, 1, 4, 0};
  const auto report = Calibrate(model, {x, t_x, age}, after, 39, 4);
  ASSERT_TRUE(report.ok());
  std::vector<double> predicted(5), chance(1);
  ASSERT_TRUE(model.ExpectedPurchases(39, {x, t_x, age}, 0, predicted).ok());
  ASSERT_EQ(report->classes.size(), 2u);
  EXPECT_EQ(report->classes[0].customers, 2);
  EXPECT_EQ(report->classes[1].frequency, 3);
  EXPECT_TRUE(report->classes[1].or_more);
  EXPECT_EQ(report->classes[1].actual, 6);
  EXPECT_NEAR(report->classes[1].predicted, predicted[1] + predicted[3] + predicted[4], 1e-14);
  double log_score = 0, mae = 0;
  for (std::size_t i = 0; i < 5; ++i) {
    const auto n = static_cast<std::int64_t>(after[i]);
    ASSERT_TRUE(model.PurchaseProbability(n, 39, {{&x[i], 1}, {&t_x[i], 1}, {&age[i], 1}}, chance).ok());
    log_score += stats::Log(chance[0]) / 5;
    mae += std::abs(predicted[i] - after[i]) / 5;
  }
  EXPECT_NEAR(report->metrics.log_score, log_score, 1e-12);
  EXPECT_NEAR(report->metrics.mae, mae, 1e-13);
  const std::vector<double> rx = {3, 9, 0, 3, 0}, rt = {11, 30, 0, 20, 0}, ra = {30, 31, 12, 30, 30}, rn = {0, 4, 1, 2, 0};
  const auto reversed = Calibrate(model, {rx, rt, ra}, rn, 39, 4, {.threads = 2});
  EXPECT_EQ(CalibrationTable(*reversed).ToNdjson(), CalibrationTable(*report).ToNdjson());
  EXPECT_EQ(CalibrationJson(reversed->metrics).Canonical(), CalibrationJson(report->metrics).Canonical());
}

TEST(Calibration, NamesWhatIsWrong) {
  const BgNbd model = *BgNbd::Make({0.243, 4.414, 0.793, 2.426});
  const std::vector<double> zero = {0, 0}, age = {30, 30}, half = {0, 0.5};
  EXPECT_EQ(Calibrate(model, {zero, zero, age}, half, 39).status().message(), "row 1, field frequency_holdout: found 0.5, expected a whole number from 0 to 1e6");
  EXPECT_EQ(TokenOf(Calibrate(model, {zero, zero, age}, {}, 39).status()), "value.invalid_input");
  EXPECT_EQ(TokenOf(Calibrate(model, {zero, zero, age}, zero, 39, 0).status()), "value.invalid_input");
  EXPECT_TRUE(Calibrate(model, {}, {}, 39)->classes.empty());
}

}  // namespace
}  // namespace rapport

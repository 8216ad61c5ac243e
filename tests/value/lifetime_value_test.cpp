#include "rapport/value/lifetime_value.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cmath>
#include <limits>
#include <numeric>

#include "rapport/core/status.hpp"
#include "rapport/stats/draws.hpp"
#include "rapport/value/bg_bb.hpp"
#include "rapport/value/bg_nbd.hpp"
#include "rapport/value/gamma_gamma.hpp"
#include "rapport/value/pareto_nbd.hpp"
#include "value/reference.hpp"

namespace rapport {
namespace {

// The fit of the CDNOW summary at 40 digits.
const BgNbd& Cdnow() {
  static const BgNbd model = *BgNbd::Make({0.24259290720446588, 4.413531561205426, 0.7928861480987685, 2.4257534364936212});
  return model;
}

TEST(LifetimeValue, AgreesWithTheReference) {
  // A year by month of weekly data at 1 % a month, as lifetimes counts: a month is 4.345 weeks.
  const auto spend = GammaGamma::Make({6.248802489709095, 3.7445884532874681, 15.447748009463717});
  const double x = 2, t_x = 30.43, age = 38.86, mean = 22.35;
  double each = 0, value = 0;
  ASSERT_TRUE(spend->ExpectedValue({&x, 1}, {&mean, 1}, {&each, 1}).ok());
  const Histories row{{&x, 1}, {&t_x, 1}, {&age, 1}};
  ASSERT_TRUE(LifetimeValue(Cdnow(), row, {&each, 1}, {.periods = 12, .discount_rate = 0.01, .period = 4.345}, {&value, 1}).ok());
  EXPECT_LT(RelativeError(value, 36.27849649287407), 1e-13) << value;
}

TEST(LifetimeValue, AgreesWithTheReferenceForParetoNbd) {
  // The same customer and year, of the Pareto/NBD fit of the CDNOW summary at 40 digits.
  const auto model = ParetoNbd::Make({0.55327550868951929, 10.577612238681708, 0.60621356867408408, 11.667911237920216});
  ASSERT_TRUE(model.ok()) << model.status();
  const double x = 2, t_x = 30.43, age = 38.86, each = 24.658616174326713;
  const Histories row{{&x, 1}, {&t_x, 1}, {&age, 1}};
  double value = 0;
  ASSERT_TRUE(LifetimeValue(*model, row, {&each, 1}, {.periods = 12, .discount_rate = 0.01, .period = 4.345}, {&value, 1}).ok());
  EXPECT_LT(RelativeError(value, 43.08006489879556), 1e-12) << value;
}

// Rows of any customers, as many as asked for.
Customers Some(int size) {
  Customers some;
  for (int i = 0; i < size; ++i) {
    const int age = *rc::gen::inRange(1, 300), x = *rc::gen::inRange(0, 9);
    some.frequency.push_back(x);
    some.recency.push_back(x == 0 ? 0 : *rc::gen::inRange(1, age + 1));
    some.age.push_back(age);
    some.monetary.push_back(*rc::gen::inRange(0, 10'000) / 100.0);
  }
  return some;
}

TEST(LifetimeValue, IsTheSumOfItsPeriods) {
  EXPECT_TRUE(rc::check([] {
    const Customers some = Some(*rc::gen::inRange(1, 6));
    const Histories rows{some.frequency, some.recency, some.age};
    const LifetimeValueTerms terms{
        .periods = *rc::gen::inRange(1, 30), .discount_rate = *rc::gen::inRange(0, 300) / 1000.0, .period = *rc::gen::inRange(1, 90) / 7.0};
    const auto periods = static_cast<std::size_t>(terms.periods);
    std::vector<double> whole(rows.size()), parts(rows.size() * periods), threaded(parts);
    RC_ASSERT(LifetimeValue(Cdnow(), rows, some.monetary, terms, whole).ok());
    RC_ASSERT(LifetimeValueByPeriod(Cdnow(), rows, some.monetary, terms, parts).ok());
    RC_ASSERT(LifetimeValueByPeriod(Cdnow(), rows, some.monetary, terms, threaded, {.threads = 3}).ok());
    RC_ASSERT(threaded == parts);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const auto first = parts.begin() + static_cast<std::ptrdiff_t>(i * periods);
      const double sum = std::accumulate(first, first + terms.periods, 0.0);
      RC_ASSERT(std::abs(sum - whole[i]) <= 1e-11 * whole[i]);
      RC_ASSERT(whole[i] >= 0);
    }
  }));
}

// The definition, period by period: differences of what is expected until the end of each, discounted from there.
TEST(LifetimeValue, IsTheDefinition) {
  const BgBb model = *BgBb::Make({1.204, 0.75, 0.657, 2.783});
  const std::vector<double> x{3, 0}, t_x{4, 0}, n{6, 6}, each{50, 20};
  const Histories rows{x, t_x, n};
  std::vector<double> value(2), until(2), before(2, 0), expected(2, 0);
  for (int i = 1; i <= 8; ++i) {
    ASSERT_TRUE(model.ExpectedPurchases(2 * i, rows, 0, until).ok());
    for (std::size_t row = 0; row < 2; ++row) expected[row] += each[row] * (until[row] - before[row]) / std::pow(1.05, i);
    before = until;
  }
  ASSERT_TRUE(LifetimeValue(model, rows, each, {.periods = 8, .discount_rate = 0.05, .period = 2}, value).ok());
  EXPECT_LT(RelativeError(value[0], expected[0]), 1e-13);
  EXPECT_LT(RelativeError(value[1], expected[1]), 1e-13);
  // No discount: everything expected until the end, times its value.
  ASSERT_TRUE(LifetimeValue(model, rows, each, {.periods = 8, .period = 2}, value).ok());
  EXPECT_LT(RelativeError(value[0], 50 * until[0]), 1e-14);
}

TEST(LifetimeValue, RefusesWhatHasNoValue) {
  const std::vector<double> x{1, 0}, t_x{3, 0}, age{10, 10}, each{5, 6}, bad{5, -6}, nothing{5, std::numeric_limits<double>::quiet_NaN()};
  const Histories rows{x, t_x, age};
  std::vector<double> out{-1, -1};
  const auto message = [&](std::span<const double> values, const LifetimeValueTerms& terms, const PredictOptions& options = {}) {
    const absl::Status status = LifetimeValue(Cdnow(), rows, values, terms, out, options);
    EXPECT_EQ(TokenOf(status), "value.invalid_input");
    return std::string(status.message());
  };
  EXPECT_EQ(message(each, {.discount_rate = -0.01}), "discount_rate: found -0.01, expected a rate a period, 0 or more");
  EXPECT_EQ(message(each, {.periods = 0}), "periods: found 0, expected 1 to 10000");
  EXPECT_EQ(message(each, {.period = 0}), "period: found 0, expected a time above 0, all periods together at most 1e20");
  EXPECT_EQ(message(bad, {}), "row 1, field value_per_purchase: found -6, expected an amount from 0 to 1e20");
  EXPECT_EQ(message(nothing, {}), "row 1, field value_per_purchase: found nan, expected an amount from 0 to 1e20");
  EXPECT_EQ(message(std::span(each).first(1), {}), "value_per_purchase: found 1 rows, expected 2");
  EXPECT_EQ(message(each, {}, {.log = true}), "log: found true, expected false, as lifetime values are given as amounts");
  const BgBb yearly = *BgBb::Make({1, 1, 1, 1});
  const absl::Status part_year = LifetimeValue(yearly, rows, each, {.period = 0.5}, out);
  EXPECT_EQ(TokenOf(part_year), "value.invalid_input") << "no half opportunities";
  std::vector<double> table(24, -1);
  EXPECT_EQ(TokenOf(LifetimeValueByPeriod(yearly, rows, each, {.period = 20'000}, table)), "value.invalid_input") << "the last begins too late";
  EXPECT_EQ(LifetimeValueByPeriod(Cdnow(), rows, each, {}, out).message(), "out: found 2 numbers, expected 2 rows of 12");
  EXPECT_EQ(table, std::vector<double>(24, -1)) << "nothing is written";
  EXPECT_EQ(out, (std::vector<double>{-1, -1}));
}

}  // namespace
}  // namespace rapport

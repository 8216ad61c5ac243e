#include "rapport/value/money_interval.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>

#include "rapport/core/status.hpp"
#include "rapport/value/bg_nbd.hpp"
#include "value/reference.hpp"

namespace rapport {
namespace {

const Customers& Cdnow() {
  static const Customers customers = CdnowWeeks();
  return customers;
}
Histories RowsOf(const Customers& customers) { return {customers.frequency, customers.recency, customers.age}; }
const BgNbd& Buying() {
  static const BgNbd model = *BgNbd::Fit(RowsOf(Cdnow()));
  return model;
}
const GammaGamma& Spending() {
  static const GammaGamma model = *GammaGamma::Fit(Cdnow().frequency, Cdnow().monetary);
  return model;
}

constexpr LifetimeValueTerms kYear{.periods = 12, .discount_rate = 0.01, .period = 365.25 / 12 / 7};
constexpr double kZ = 1.6448536269514722;   // of a level of 0.9

// Three customers, one of whom bought once.
const Customers& Some() {
  static const Customers some{{2, 0, 29}, {30.43, 0, 37.71}, {38.86, 38.86, 38}, {22.35, std::nan(""), 26}};
  return some;
}

double WorthOf(const GammaGamma::Params& params, std::size_t row) {
  double out = 0;
  EXPECT_TRUE(GammaGamma::Make(params)->ExpectedValue({&Some().frequency[row], 1}, {&Some().monetary[row], 1}, {&out, 1}).ok());
  return out;
}
double PurchasesOf(const BgNbd::Params& params, std::size_t row) {
  double out = 0;
  const double one = 1;
  EXPECT_TRUE(LifetimeValue(*BgNbd::Make(params), {{&Some().frequency[row], 1}, {&Some().recency[row], 1}, {&Some().age[row], 1}}, {&one, 1}, kYear, {&out, 1}).ok());
  return out;
}

// The variance of the logarithm of f(params), by differences along parameters themselves, another way than the library's.
template <std::size_t N, class Params, class Function>
double LogVariance(const Params& params, double* const (&member)[N], Params& moved, const stats::Matrix& covariance, const Function& f) {
  std::vector<double> slopes;
  for (std::size_t which = 0; which < N; ++which) {
    const double at = *member[which], step = 1e-4 * at;
    *member[which] = at + step;
    const double above = std::log(f(moved));
    *member[which] = at - step;
    slopes.push_back((above - std::log(f(moved))) / (2 * step));
    moved = params;
  }
  double variance = 0;
  for (std::size_t i = 0; i < N; ++i) {
    for (std::size_t j = 0; j < N; ++j) variance += slopes[i] * slopes[j] * covariance[i][j];
  }
  return variance;
}
double SpendVariance(std::size_t row) {
  GammaGamma::Params moved = Spending().params();
  double* const members[] = {&moved.p, &moved.q, &moved.gamma};
  return LogVariance(Spending().params(), members, moved, Spending().report()->covariance, [&](const GammaGamma::Params& p) { return WorthOf(p, row); });
}
double BuyingVariance(std::size_t row) {
  BgNbd::Params moved = Buying().params();
  double* const members[] = {&moved.r, &moved.alpha, &moved.a, &moved.b};
  return LogVariance(Buying().params(), members, moved, Buying().report()->covariance, [&](const BgNbd::Params& p) { return PurchasesOf(p, row); });
}

void HasHalfWidth(const Interval& interval, std::size_t row, double half) {
  EXPECT_LT(RelativeError(std::log(interval.high[row] / interval.estimate[row]), half), 1e-6) << row;
  EXPECT_LT(RelativeError(std::log(interval.estimate[row] / interval.low[row]), half), 1e-6) << row;
}

TEST(ExpectedValueInterval_Delta, CarriesTheCovarianceOfTheFit) {
  const auto interval = ExpectedValueInterval(Spending(), Some().frequency, Some().monetary, {.level = 0.9});
  ASSERT_TRUE(interval.ok()) << interval.status();
  for (std::size_t row = 0; row < 3; ++row) {
    EXPECT_EQ(interval->estimate[row], WorthOf(Spending().params(), row));
    HasHalfWidth(*interval, row, kZ * std::sqrt(SpendVariance(row)));
  }
}

TEST(LifetimeValueInterval_Delta, AddsWhatBothFitsAreOffBy) {
  const auto interval = LifetimeValueInterval(Buying(), RowsOf(Some()), Spending(), Some().monetary, kYear, {.level = 0.9});
  ASSERT_TRUE(interval.ok()) << interval.status();
  std::vector<double> worth(3), value(3);
  ASSERT_TRUE(Spending().ExpectedValue(Some().frequency, Some().monetary, worth).ok());
  ASSERT_TRUE(LifetimeValue(Buying(), RowsOf(Some()), worth, kYear, value).ok());
  EXPECT_EQ(interval->estimate, value);
  for (std::size_t row = 0; row < 3; ++row) HasHalfWidth(*interval, row, kZ * std::sqrt(SpendVariance(row) + BuyingVariance(row)));
}

TEST(LifetimeValueInterval_Delta, LeavesAKnownWorthOutOfDoubt) {
  const std::vector<double> worth{24, 0, 1e-200};
  const auto interval = LifetimeValueInterval(Buying(), RowsOf(Some()), worth, kYear, {.level = 0.9});
  ASSERT_TRUE(interval.ok()) << interval.status();
  HasHalfWidth(*interval, 0, kZ * std::sqrt(BuyingVariance(0)));
  HasHalfWidth(*interval, 2, kZ * std::sqrt(BuyingVariance(2)));
  EXPECT_EQ(interval->low[1], 0) << "worth nothing, whatever they buy";
  EXPECT_EQ(interval->high[1], 0);
}

TEST(MoneyInterval_Delta, NeedsACovarianceOfBothAndSaysOfWhich) {
  const GammaGamma made = *GammaGamma::Make({6, 4, 15});
  const BgNbd bought = *BgNbd::Make({0.24, 4.4, 0.8, 2.4});
  const auto rows = RowsOf(Some());
  EXPECT_EQ(TokenOf(ExpectedValueInterval(made, Some().frequency, Some().monetary).status()), "value.no_covariance");
  EXPECT_EQ(LifetimeValueInterval(Buying(), rows, made, Some().monetary, kYear).status().message(),
            "spend: covariance: found none, as the model was made from parameters; expected a model that was fitted");
  EXPECT_EQ(LifetimeValueInterval(bought, rows, Spending(), Some().monetary, kYear).status().message(),
            "model: covariance: found none, as the model was made from parameters; expected a model that was fitted");
  EXPECT_EQ(TokenOf(LifetimeValueInterval(bought, rows, Spending(), Some().monetary, kYear).status()), "value.no_covariance");
}

TEST(MoneyInterval_Errors, NameWhatIsWrong) {
  const auto rows = RowsOf(Some());
  EXPECT_EQ(ExpectedValueInterval(Spending(), Some().frequency, Some().monetary, {.level = 2}).status().message(), "level: found 2, expected a number above 0 and below 1");
  EXPECT_EQ(LifetimeValueInterval(Buying(), rows, Spending(), Some().monetary, {.periods = 0}).status().message(), "periods: found 0, expected 1 to 10000");
  const IntervalOptions bootstrap{.method = IntervalMethod::kBootstrap, .replicates = 5};
  for (const absl::Status& status : {ExpectedValueInterval(Spending(), Some().frequency, Some().monetary, bootstrap).status(),
                                     LifetimeValueInterval(Buying(), rows, Spending(), Some().monetary, kYear, bootstrap).status()}) {
    EXPECT_EQ(status.message(), "fitted_on: found no rows, expected those that the model was fitted on");
  }
}

double LogWidth(const Interval& interval, std::size_t row) { return std::log(interval.high[row] / interval.low[row]); }

TEST(MoneyInterval_Bootstrap, AgreesWithTheDeltaMethodWhereBothHold) {
  const IntervalOptions bootstrap{.level = 0.9, .method = IntervalMethod::kBootstrap, .replicates = 100, .seed = 3}, delta{.level = 0.9};
  const auto rows = RowsOf(Some());
  const auto each = ExpectedValueInterval(Spending(), Some().frequency, Some().monetary, bootstrap, Cdnow().frequency);
  const auto whole = LifetimeValueInterval(Buying(), rows, Spending(), Some().monetary, kYear, bootstrap, RowsOf(Cdnow()));
  ASSERT_TRUE(each.ok() && whole.ok()) << each.status() << whole.status();
  const auto each_delta = ExpectedValueInterval(Spending(), Some().frequency, Some().monetary, delta);
  const auto whole_delta = LifetimeValueInterval(Buying(), rows, Spending(), Some().monetary, kYear, delta);
  EXPECT_EQ(each->estimate, each_delta->estimate);
  EXPECT_EQ(whole->estimate, whole_delta->estimate);
  for (std::size_t row = 0; row < 3; ++row) {
    EXPECT_NEAR(LogWidth(*each, row) / LogWidth(*each_delta, row), 1, 0.3) << row;
    EXPECT_NEAR(LogWidth(*whole, row) / LogWidth(*whole_delta, row), 1, 0.3) << row;
  }
}

TEST(MoneyInterval_Bootstrap, IsAFunctionOfItsSeed) {
  const std::vector<double> f(Cdnow().frequency.begin(), Cdnow().frequency.begin() + 500), r(Cdnow().recency.begin(), Cdnow().recency.begin() + 500),
      t(Cdnow().age.begin(), Cdnow().age.begin() + 500);
  const auto ask = [&](std::uint64_t seed, int threads) {
    const auto interval = LifetimeValueInterval(Buying(), RowsOf(Some()), Spending(), Some().monetary, kYear,
                                                {.method = IntervalMethod::kBootstrap, .replicates = 12, .seed = seed, .threads = threads}, {f, r, t});
    EXPECT_TRUE(interval.ok()) << interval.status();
    return interval->high;
  };
  EXPECT_EQ(ask(1, 1), ask(1, 3));
  EXPECT_NE(ask(1, 1), ask(2, 1));
}

// Rows are answered some at a time, the fewer the more fits there are; no row shows with which others.
TEST(MoneyInterval_Bootstrap, GivesARowTheSameWhateverItsNeighbours) {
  const GammaGamma spending = *GammaGamma::Make({6, 4, 15});
  const std::vector<double> fitted_on(30, 3);
  constexpr std::size_t kSize = 2000;
  std::vector<double> frequency(kSize), monetary(kSize);
  for (std::size_t i = 0; i < kSize; ++i) frequency[i] = static_cast<double>(1 + i % 7), monetary[i] = 20 + 0.01 * static_cast<double>(i);
  const IntervalOptions options{.method = IntervalMethod::kBootstrap, .replicates = 1200, .threads = 2};
  const auto all = ExpectedValueInterval(spending, frequency, monetary, options, fitted_on);
  ASSERT_TRUE(all.ok()) << all.status();
  const auto from = [&](std::size_t begin, std::size_t size) {
    return ExpectedValueInterval(spending, std::span(frequency).subspan(begin, size), std::span(monetary).subspan(begin, size), options, fitted_on);
  };
  const auto some = from(800, 400), last = from(kSize - 1, 1);
  ASSERT_TRUE(some.ok() && last.ok());
  for (std::size_t i = 0; i < 400; ++i) ASSERT_TRUE(some->low[i] == all->low[800 + i] && some->high[i] == all->high[800 + i]) << i;
  EXPECT_EQ(last->low[0], all->low[kSize - 1]);
  EXPECT_EQ(last->high[0], all->high[kSize - 1]);
}

// Of customers of whom few fits bound the spending: what has no mean in a replicate is as large as numbers get, and nothing is NaN.
TEST(MoneyInterval_Bootstrap, CountsASpendingWithoutMeanAsWithoutBound) {
  const GammaGamma loose = *GammaGamma::Make({2, 1.15, 20});
  std::vector<double> frequency(60, 3), monetary(60);
  ASSERT_TRUE(loose.Simulate(5, frequency, monetary).ok());
  const double x = 0, nothing = std::nan("");
  const auto interval = ExpectedValueInterval(loose, {&x, 1}, {&nothing, 1}, {.method = IntervalMethod::kBootstrap, .replicates = 100}, frequency);
  ASSERT_TRUE(interval.ok()) << interval.status();
  EXPECT_GT(interval->high[0], 1e300);
  EXPECT_TRUE(std::isfinite(interval->high[0]));
  EXPECT_GT(interval->low[0], 0);
  EXPECT_LT(interval->low[0], interval->estimate[0]);
}

// Of somebody who is expected to buy next to nothing, no bound times next to nothing is no bound still; of nothing at all it is nothing.
TEST(MoneyInterval_Bootstrap, HasNoBoundOfFewPurchasesEither) {
  const GammaGamma loose = *GammaGamma::Make({2, 1.15, 20});
  std::vector<double> frequency(60, 3), recency(60, 30), age(60, 39);
  const double x = 0, t_x = 0, seen = 39, nothing = std::nan("");
  const IntervalOptions bootstrap{.method = IntervalMethod::kBootstrap, .replicates = 100};
  const auto worth = ExpectedValueInterval(loose, {&x, 1}, {&nothing, 1}, bootstrap, frequency);
  ASSERT_TRUE(worth.ok()) << worth.status();
  EXPECT_EQ(worth->high[0], std::numeric_limits<double>::max());
  for (const double period : {1.0, 1e-290, 1e-306}) {
    const auto value = LifetimeValueInterval(Buying(), {{&x, 1}, {&t_x, 1}, {&seen, 1}}, loose, {&nothing, 1}, {.periods = 1, .period = period}, bootstrap,
                                             {frequency, recency, age});
    ASSERT_TRUE(value.ok()) << value.status();
    EXPECT_EQ(value->high[0], std::numeric_limits<double>::max()) << period;
    EXPECT_LT(value->low[0], value->estimate[0]) << period;
  }
  const auto never = LifetimeValueInterval(Buying(), {{&x, 1}, {&t_x, 1}, {&seen, 1}}, loose, {&nothing, 1}, {.periods = 1, .period = 5e-324}, bootstrap,
                                           {frequency, recency, age});
  ASSERT_TRUE(never.ok()) << never.status();
  EXPECT_FALSE(std::isnan(never->high[0]));
}

// Nominal 95 %, of 200 tables of 800 customers; the bounds are three standard errors of such a share.
TEST(MoneyInterval_Delta, CoversTheTruthAboutAsOftenAsItSays) {
  const BgNbd buying = *BgNbd::Make({0.8, 6, 0.9, 2.2});
  const GammaGamma spending = *GammaGamma::Make({6, 4, 15});
  const double x = 3, t_x = 20, age = 35, mean = 30;
  const Histories row{{&x, 1}, {&t_x, 1}, {&age, 1}};
  double worth = 0, value = 0;
  ASSERT_TRUE(spending.ExpectedValue({&x, 1}, {&mean, 1}, {&worth, 1}).ok());
  ASSERT_TRUE(LifetimeValue(buying, row, {&worth, 1}, kYear, {&value, 1}).ok());
  constexpr int kTables = 200;
  constexpr std::size_t kSize = 800;
  std::vector<double> ages(kSize), none(kSize, 0), f(kSize), r(kSize), m(kSize);
  for (std::size_t i = 0; i < kSize; ++i) ages[i] = static_cast<double>(27 + i % 13);
  int worth_covered = 0, value_covered = 0;
  for (int table = 0; table < kTables; ++table) {
    const auto seed = static_cast<std::uint64_t>(table);
    ASSERT_TRUE(buying.Simulate(seed, {none, none, ages}, f, r).ok() && spending.Simulate(seed, f, m).ok());
    const auto model = BgNbd::Fit({f, r, ages});
    const auto spend = GammaGamma::Fit(f, m);
    ASSERT_TRUE(model.ok() && spend.ok());
    const auto of_worth = ExpectedValueInterval(*spend, {&x, 1}, {&mean, 1});
    const auto of_value = LifetimeValueInterval(*model, row, *spend, {&mean, 1}, kYear);
    ASSERT_TRUE(of_worth.ok() && of_value.ok()) << of_worth.status() << of_value.status();
    worth_covered += of_worth->low[0] <= worth && worth <= of_worth->high[0];
    value_covered += of_value->low[0] <= value && value <= of_value->high[0];
  }
  EXPECT_GT(worth_covered, 0.90 * kTables);
  EXPECT_LT(worth_covered, 0.995 * kTables);
  EXPECT_GT(value_covered, 0.90 * kTables);
  EXPECT_LT(value_covered, 0.995 * kTables);
}

TEST(GammaGamma_Simulate, HasTheModelsMeanAndIsAFunctionOfItsSeed) {
  const GammaGamma spending = *GammaGamma::Make({6, 4, 15});
  constexpr std::size_t kSize = 40'000;
  std::vector<double> frequency(kSize), monetary(kSize), again(kSize);
  for (std::size_t i = 0; i < kSize; ++i) frequency[i] = static_cast<double>(i % 4);
  ASSERT_TRUE(spending.Simulate(7, frequency, monetary).ok() && spending.Simulate(7, std::span(frequency).first(9), std::span(again).first(9)).ok());
  EXPECT_TRUE(std::equal(again.begin(), again.begin() + 9, monetary.begin())) << "row by row";
  double sum = 0;
  for (std::size_t i = 0; i < kSize; ++i) {
    EXPECT_EQ(monetary[i] == 0, frequency[i] == 0);
    sum += monetary[i];
  }
  EXPECT_NEAR(sum / (kSize * 3 / 4), 6 * 15 / 3.0, 0.5);   // p gamma / (q - 1)
  const auto back = GammaGamma::Fit(frequency, monetary);
  ASSERT_TRUE(back.ok());
  EXPECT_NEAR(back->params().q, 4, 0.3);
  EXPECT_EQ(TokenOf(spending.Simulate(7, frequency, std::span(monetary).first(3))), "value.invalid_input");
}

}  // namespace
}  // namespace rapport

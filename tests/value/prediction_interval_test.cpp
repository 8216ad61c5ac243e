#include "rapport/value/prediction_interval.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cmath>

#include "rapport/core/status.hpp"
#include "rapport/stats/special.hpp"
#include "rapport/value/bg_bb.hpp"
#include "rapport/value/bg_nbd.hpp"
#include "value/reference.hpp"

namespace rapport {
namespace {

using Kind = ModelQuestion::Kind;

constexpr ModelQuestion kAlive{.kind = Kind::kProbabilityAlive};
constexpr ModelQuestion kExpected{.kind = Kind::kExpectedPurchases, .horizon = 39};
constexpr ModelQuestion kResidual{.kind = Kind::kExpectedResidual, .rate = 0.002};
constexpr ModelQuestion kNone{.kind = Kind::kPurchaseProbability, .horizon = 39};
constexpr ModelQuestion kLikelihood{.kind = Kind::kLogLikelihood};

Histories RowsOf(const Customers& customers) { return {customers.frequency, customers.recency, customers.age}; }

Customers Drawn(const PurchaseModel& model, std::size_t size, std::uint64_t seed) {
  Customers drawn;
  for (std::size_t i = 0; i < size; ++i) drawn.age.push_back(static_cast<double>(27 + i % 13));
  drawn.frequency.resize(size);
  drawn.recency.resize(size);
  const std::vector<double> none(size, 0);
  EXPECT_TRUE(model.Simulate(seed, {none, none, drawn.age}, drawn.frequency, drawn.recency).ok());
  return drawn;
}

const Customers& Cdnow() {
  static const Customers customers = CdnowWeeks();
  return customers;
}
const BgNbd& Fitted() {
  static const BgNbd model = *BgNbd::Fit(RowsOf(Cdnow()));
  return model;
}

double Number(const PurchaseModel& model, const ModelQuestion& question, const Histories& row) {
  double out = 0;
  EXPECT_TRUE(Answer(model, question, row, {&out, 1}).ok());
  return out;
}

// The standard error of g(answer) by differences along parameters themselves, another way than the library's.
template <class Function>
double ErrorOf(const BgNbd& model, const ModelQuestion& question, const Histories& row, const Function& g) {
  std::vector<double> slopes;
  for (int which = 0; which < 4; ++which) {
    const auto at = [&](double share) {
      BgNbd::Params p = model.params();
      double* const each[] = {&p.r, &p.alpha, &p.a, &p.b};
      *each[which] *= 1 + share;
      return g(Number(*BgNbd::Make(p), question, row));
    };
    const double step = 1e-4;
    slopes.push_back((at(step) - at(-step)) / (2 * step * model.parameters()[static_cast<std::size_t>(which)].value));
  }
  double variance = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t j = 0; j < 4; ++j) variance += slopes[i] * slopes[j] * model.report()->covariance[i][j];
  }
  return std::sqrt(variance);
}

TEST(PredictionInterval_Delta, CarriesTheCovarianceOfTheFit) {
  const auto log = [](double v) { return std::log(v); };
  const auto logit = [](double v) { return std::log(v / (1 - v)); };
  const auto same = [](double v) { return v; };
  const auto check = [&](const ModelQuestion& question, const auto& scale) {
    for (const std::size_t i : {0u, 1u, 156u, 1515u}) {
      const Histories row{{&Cdnow().frequency[i], 1}, {&Cdnow().recency[i], 1}, {&Cdnow().age[i], 1}};
      const auto interval = PredictionInterval(Fitted(), question, row, {.level = 0.9});
      ASSERT_TRUE(interval.ok()) << interval.status();
      EXPECT_EQ(interval->estimate[0], Number(Fitted(), question, row));
      const double half = 1.6448536269514722 * ErrorOf(Fitted(), question, row, scale);
      EXPECT_LT(RelativeError(scale(interval->high[0]) - scale(interval->estimate[0]), half), 1e-6) << i;
      EXPECT_LT(RelativeError(scale(interval->estimate[0]) - scale(interval->low[0]), half), 1e-6) << i;
    }
  };
  check(kExpected, log);
  check(kResidual, log);
  check(kAlive, logit);
  check(kNone, logit);
  check(kLikelihood, same);
}

TEST(PredictionInterval_Delta, SaysNoMoreThanThereIsToSay) {
  const std::vector<double> x{0, 3}, t_x{0, 20}, age{38, 38};
  const auto alive = PredictionInterval(Fitted(), kAlive, {x, t_x, age});
  ASSERT_TRUE(alive.ok());
  EXPECT_EQ(alive->low[0], 1) << "a one-time buyer is alive, whatever the parameters";
  EXPECT_EQ(alive->high[0], 1);
  EXPECT_LT(alive->low[1], alive->estimate[1]);
  EXPECT_GT(alive->high[1], alive->estimate[1]);
  const auto nothing = PredictionInterval(Fitted(), {.kind = Kind::kExpectedPurchases, .horizon = 0}, {x, t_x, age});
  ASSERT_TRUE(nothing.ok());
  EXPECT_EQ(nothing->low, (std::vector<double>{0, 0}));
  EXPECT_EQ(nothing->high, (std::vector<double>{0, 0}));
  EXPECT_TRUE(PredictionInterval(Fitted(), kAlive, {})->low.empty());
}

TEST(PredictionInterval_Delta, StaysWhereTheQuantityCanBe) {
  EXPECT_TRUE(rc::check([] {
    const int age = *rc::gen::inRange(1, 500), x = *rc::gen::inRange(0, 40);
    const std::vector<double> frequency{static_cast<double>(x)}, ages{static_cast<double>(age)};
    const std::vector<double> recency{x == 0 ? 0.0 : static_cast<double>(*rc::gen::inRange(1, age + 1))};
    const ModelQuestion question{.kind = static_cast<Kind>(*rc::gen::inRange(1, 5)), .ahead = static_cast<double>(*rc::gen::inRange(0, 50)),
                                 .horizon = static_cast<double>(*rc::gen::inRange(0, 2000)), .rate = 0.001, .n = *rc::gen::inRange(0, 5)};
    const double level = *rc::gen::inRange(1, 999) / 1000.0;
    const auto interval = PredictionInterval(Fitted(), question, {frequency, recency, ages}, {.level = level});
    RC_ASSERT(interval.ok());
    const double low = interval->low[0], high = interval->high[0], estimate = interval->estimate[0];
    RC_ASSERT(0 <= low && low <= estimate && estimate <= high && std::isfinite(high));
    if (question.kind == Kind::kProbabilityAlive || question.kind == Kind::kPurchaseProbability) RC_ASSERT(high <= 1);
  }));
}

constexpr ModelQuestion kOfNew{.kind = Kind::kExpectedPurchasesNew, .horizon = 39};

TEST(PredictionInterval_New, IsOneIntervalOfNoRows) {
  const auto interval = PredictionInterval(Fitted(), kOfNew, {}, {.level = 0.9});
  ASSERT_TRUE(interval.ok()) << interval.status();
  ASSERT_EQ(interval->estimate.size(), 1u);
  EXPECT_EQ(interval->estimate[0], *Fitted().ExpectedPurchasesNew(39));
  const double half = 1.6448536269514722 * ErrorOf(Fitted(), kOfNew, {}, [](double v) { return std::log(v); });
  EXPECT_LT(RelativeError(std::log(interval->high[0] / interval->estimate[0]), half), 1e-6);
  EXPECT_LT(RelativeError(std::log(interval->estimate[0] / interval->low[0]), half), 1e-6);
  const auto nothing = PredictionInterval(Fitted(), {.kind = Kind::kExpectedPurchasesNew, .horizon = 0}, {});
  ASSERT_TRUE(nothing.ok());
  EXPECT_EQ(nothing->high, std::vector<double>{0});
}

TEST(PredictionInterval_New, IsThatOfACustomerWithoutAge) {
  const std::vector<double> none{0};
  const auto of_new = PredictionInterval(Fitted(), kOfNew, {}), of_row = PredictionInterval(Fitted(), kExpected, {none, none, none});
  ASSERT_TRUE(of_new.ok() && of_row.ok());
  EXPECT_LT(RelativeError(of_new->low[0], of_row->low[0]), 1e-9);
  EXPECT_LT(RelativeError(of_new->high[0], of_row->high[0]), 1e-9);
}

TEST(PredictionInterval_New, TakesNoRows) {
  const auto refused = PredictionInterval(Fitted(), kOfNew, RowsOf(Cdnow()));
  EXPECT_EQ(TokenOf(refused.status()), "value.invalid_input");
  EXPECT_EQ(refused.status().message(), "frequency: found 2357 rows, expected none, as nothing is known of somebody new");
}

TEST(PredictionInterval_New, BootstrapsToo) {
  const Customers drawn = Drawn(Fitted(), 500, 11);
  const auto interval = PredictionInterval(Fitted(), kOfNew, {}, {.method = IntervalMethod::kBootstrap, .replicates = 20}, RowsOf(drawn));
  ASSERT_TRUE(interval.ok()) << interval.status();
  ASSERT_EQ(interval->low.size(), 1u);
  EXPECT_LT(interval->low[0], interval->high[0]);
}

TEST(PredictionInterval_Delta, NeedsACovariance) {
  const BgNbd made = *BgNbd::Make({1, 8, 1, 2});
  const Histories rows = RowsOf(Cdnow());
  EXPECT_EQ(TokenOf(PredictionInterval(made, kAlive, rows).status()), "value.no_covariance");
  EXPECT_EQ(PredictionInterval(made, kAlive, rows).status().message(),
            "covariance: found none, as the model was made from parameters; expected a model that was fitted");
  const Customers alone{{3}, {10}, {12}};
  const BgNbd one = *BgNbd::Fit(RowsOf(alone));
  const std::string message(PredictionInterval(one, kAlive, rows).status().message());
  EXPECT_EQ(message, "covariance: found none, as the fit gives none; expected an interior optimum, or use the bootstrap. " + one.report()->diagnosis);
}

// Nominal 95 %, of 300 tables of 600 customers. The bounds are three standard errors of such a share.
TEST(PredictionInterval_Delta, CoversTheTruthAboutAsOftenAsItSays) {
  const BgNbd truth = *BgNbd::Make({0.8, 6, 0.9, 2.2});
  const std::vector<double> x{3, 1}, t_x{20, 5}, age{35, 35};
  constexpr int kTables = 300;
  int expected_covered = 0, alive_covered = 0;
  std::vector<double> expected(2), alive(2);
  ASSERT_TRUE(Answer(truth, kExpected, {x, t_x, age}, expected).ok());
  ASSERT_TRUE(Answer(truth, kAlive, {x, t_x, age}, alive).ok());
  for (int table = 0; table < kTables; ++table) {
    const Customers drawn = Drawn(truth, 600, 1000 + static_cast<std::uint64_t>(table));
    const auto model = BgNbd::Fit(RowsOf(drawn));
    ASSERT_TRUE(model.ok());
    const auto of_expected = PredictionInterval(*model, kExpected, {x, t_x, age}), of_alive = PredictionInterval(*model, kAlive, {x, t_x, age});
    ASSERT_TRUE(of_expected.ok() && of_alive.ok()) << of_expected.status();
    expected_covered += of_expected->low[0] <= expected[0] && expected[0] <= of_expected->high[0];
    alive_covered += of_alive->low[1] <= alive[1] && alive[1] <= of_alive->high[1];
  }
  EXPECT_GT(expected_covered, 0.91 * kTables);
  EXPECT_LT(expected_covered, 0.99 * kTables);
  EXPECT_GT(alive_covered, 0.91 * kTables);
  EXPECT_LT(alive_covered, 0.99 * kTables);
}

IntervalOptions Bootstrap(int replicates, std::uint64_t seed = 0, int threads = 1) {
  return {.method = IntervalMethod::kBootstrap, .replicates = replicates, .seed = seed, .threads = threads};
}

TEST(PredictionInterval_Bootstrap, AgreesWithTheDeltaMethodWhereBothHold) {
  const Histories rows = RowsOf(Cdnow());
  const auto drawn = PredictionInterval(Fitted(), kExpected, rows, Bootstrap(200), rows), by_delta = PredictionInterval(Fitted(), kExpected, rows);
  ASSERT_TRUE(drawn.ok() && by_delta.ok()) << drawn.status();
  EXPECT_EQ(drawn->estimate, by_delta->estimate);
  for (const std::size_t i : {0u, 1u, 2u, 156u, 1515u}) {
    const double ratio = std::log(drawn->high[i] / drawn->low[i]) / std::log(by_delta->high[i] / by_delta->low[i]);
    EXPECT_GT(ratio, 0.8) << i;
    EXPECT_LT(ratio, 1.25) << i;
    EXPECT_LT(drawn->low[i], drawn->estimate[i]);
    EXPECT_GT(drawn->high[i], drawn->estimate[i]);
  }
}

// Nominal 90 %, of 60 tables of 400 customers: percentiles of few replicates cover somewhat less.
TEST(PredictionInterval_Bootstrap, CoversTheTruthAboutAsOftenAsItSays) {
  const BgNbd truth = *BgNbd::Make({0.8, 6, 0.9, 2.2});
  const std::vector<double> x{3}, t_x{20}, age{35};
  const double expected = Number(truth, kExpected, {x, t_x, age});
  constexpr int kTables = 60;
  int covered = 0;
  for (int table = 0; table < kTables; ++table) {
    const Customers drawn = Drawn(truth, 400, 5000 + static_cast<std::uint64_t>(table));
    const auto model = BgNbd::Fit(RowsOf(drawn));
    ASSERT_TRUE(model.ok());
    IntervalOptions options = Bootstrap(39, static_cast<std::uint64_t>(table));
    options.level = 0.9;
    const auto interval = PredictionInterval(*model, kExpected, {x, t_x, age}, options, RowsOf(drawn));
    ASSERT_TRUE(interval.ok()) << interval.status();
    covered += interval->low[0] <= expected && expected <= interval->high[0];
  }
  EXPECT_GE(covered, 0.75 * kTables);
  EXPECT_LT(covered, kTables);
}

TEST(PredictionInterval_Bootstrap, IsAFunctionOfItsSeed) {
  const BgBb truth = *BgBb::Make({1.2, 0.8, 0.7, 2.8});
  const Customers drawn = Drawn(truth, 300, 5);
  const auto model = BgBb::Fit(RowsOf(drawn));
  ASSERT_TRUE(model.ok());
  const ModelQuestion next{.kind = Kind::kExpectedPurchases, .horizon = 5};
  const auto once = PredictionInterval(*model, next, RowsOf(drawn), Bootstrap(25, 7), RowsOf(drawn));
  const auto threads = PredictionInterval(*model, next, RowsOf(drawn), Bootstrap(25, 7, 3), RowsOf(drawn));
  const auto other = PredictionInterval(*model, next, RowsOf(drawn), Bootstrap(25, 8), RowsOf(drawn));
  ASSERT_TRUE(once.ok() && threads.ok() && other.ok()) << once.status();
  EXPECT_EQ(once->low, threads->low);
  EXPECT_EQ(once->high, threads->high);
  EXPECT_NE(once->low, other->low);
  const std::size_t last = drawn.age.size() - 1;
  const Histories row{{&drawn.frequency[last], 1}, {&drawn.recency[last], 1}, {&drawn.age[last], 1}};
  EXPECT_EQ(PredictionInterval(*model, next, row, Bootstrap(25, 7), RowsOf(drawn))->low[0], once->low[last]) << "whatever else is asked";
}

TEST(PredictionInterval_Errors, NameTheOption) {
  const Histories rows = RowsOf(Cdnow());
  const auto message = [&](const IntervalOptions& options, const Histories& fitted_on = {}, const ModelQuestion& question = kAlive) {
    const auto interval = PredictionInterval(Fitted(), question, rows, options, fitted_on);
    EXPECT_EQ(TokenOf(interval.status()), "value.invalid_input");
    return std::string(interval.status().message());
  };
  EXPECT_EQ(message({.level = 1}), "level: found 1, expected a number above 0 and below 1");
  EXPECT_EQ(message({.level = std::nan("")}), "level: found nan, expected a number above 0 and below 1");
  EXPECT_EQ(message({.replicates = 1}), "replicates: found 1, expected 2 to 100000");
  EXPECT_EQ(message(Bootstrap(20)), "fitted_on: found no rows, expected those that the model was fitted on");
  EXPECT_EQ(message({}, {}, {.kind = Kind::kExpectedPurchases, .horizon = -1}), "horizon: found -1, expected a time from 0 to 1e20");
  // Of customers who hardly ever buy, most draws hold no purchase at all.
  const BgNbd rare = *BgNbd::Make({0.01, 8, 1, 2});
  const Customers few{{0, 0, 0}, {0, 0, 0}, {10, 10, 10}};
  EXPECT_EQ(TokenOf(PredictionInterval(rare, kExpected, rows, Bootstrap(50), RowsOf(few)).status()), "value.too_few_replicates");
}

}  // namespace
}  // namespace rapport

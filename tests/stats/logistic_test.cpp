#include "rapport/stats/logistic.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cmath>
#include <limits>

#include "rapport/core/status.hpp"
#include "rapport/stats/special.hpp"

namespace rapport::stats {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Sixty rows made by arithmetic alone, so that another program can make the same.
struct Rows {
  std::vector<double> a, b, yes, weights;
};
Rows Sixty() {
  Rows rows;
  for (int i = 0; i < 60; ++i) {
    const double a = ((i * 37) % 101) / 10.0, b = ((i * 61) % 89) / 7.0 - 5;
    rows.a.push_back(a);
    rows.b.push_back(b);
    rows.yes.push_back((i * 53 + 7) % 97 < 48 + (a - 5) * 6 - b * 3 ? 1 : 0);
    rows.weights.push_back(1 + i % 3);
  }
  return rows;
}

LogisticFit Fit(std::span<const LogisticColumn> columns, std::span<const double> yes, std::span<const double> weights = {}) {
  auto fit = FitLogistic(columns, yes, weights);
  EXPECT_TRUE(fit.ok()) << fit.status();
  return *std::move(fit);
}

// What the fit maximises, written down again.
double PenalisedLogLikelihood(const Rows& rows, const std::vector<double>& beta, double precision_a) {
  double sum = -precision_a * beta[1] * beta[1] / 2;
  for (std::size_t i = 0; i < rows.a.size(); ++i) {
    const double p = 1 / (1 + std::exp(-(beta[0] + beta[1] * rows.a[i] + beta[2] * rows.b[i])));
    sum += rows.weights[i] * std::log(rows.yes[i] > 0 ? p : 1 - p);
  }
  return sum;
}

// statsmodels 0.15 GLM, Binomial, freq_weights.
TEST(Logistic_Fit, ReachesAnIndependentProgram) {
  const Rows rows = Sixty();
  const LogisticColumn columns[] = {{"a", rows.a}, {"b", rows.b}};
  const LogisticFit fit = Fit(columns, rows.yes, rows.weights);
  EXPECT_EQ(fit.end, LogisticEnd::kConverged);
  EXPECT_EQ(fit.diagnosis, "An interior optimum.");
  EXPECT_THAT(fit.names, ElementsAre("const", "a", "b"));
  EXPECT_NEAR(fit.coefficients[0], -0.341086972061473, 1e-12);
  EXPECT_NEAR(fit.coefficients[1], 0.142161966816196, 1e-12);
  EXPECT_NEAR(fit.coefficients[2], -0.15476227920745, 1e-12);
  EXPECT_NEAR(fit.standard_errors[0], 0.373648554426659, 1e-12);
  EXPECT_NEAR(fit.standard_errors[1], 0.0703002122835995, 1e-12);
  EXPECT_NEAR(fit.standard_errors[2], 0.0562530384641554, 1e-12);
  EXPECT_NEAR(fit.log_likelihood, -77.8091957165927, 1e-10);
  EXPECT_NEAR(fit.covariance[1][2], -0.00120325230290946, 1e-12);
  EXPECT_EQ(fit.rows, 120);
  EXPECT_NEAR(fit.log_likelihood, PenalisedLogLikelihood(rows, fit.coefficients, 0), 1e-10);
}

TEST(Logistic_Fit, IsTheHighestPointAround) {
  const Rows rows = Sixty();
  for (const double precision : {0.0, 50.0}) {
    const LogisticColumn columns[] = {{"a", rows.a, LogisticBound::kNone, precision}, {"b", rows.b}};
    const LogisticFit fit = Fit(columns, rows.yes, rows.weights);
    const double best = PenalisedLogLikelihood(rows, fit.coefficients, precision);
    for (std::size_t j = 0; j < 3; ++j) {
      for (const double step : {-1e-4, 1e-4}) {
        std::vector<double> moved = fit.coefficients;
        moved[j] += step;
        EXPECT_LT(PenalisedLogLikelihood(rows, moved, precision), best);
      }
    }
    EXPECT_NEAR(fit.coefficients[1], precision > 0 ? 0.1144094 : 0.1421620, 1e-5) << "scipy 1.17, BFGS";
  }
}

TEST(Logistic_Bounds, HoldOnlyWhatPullsAcross) {
  const Rows rows = Sixty();
  const LogisticColumn held[] = {{"a", rows.a, LogisticBound::kNotPositive}, {"b", rows.b, LogisticBound::kNotPositive}};
  const LogisticFit fit = Fit(held, rows.yes, rows.weights);
  EXPECT_EQ(fit.end, LogisticEnd::kConverged);
  EXPECT_THAT(fit.holds, ElementsAre(LogisticHold::kFree, LogisticHold::kAtBound, LogisticHold::kFree));
  EXPECT_EQ(fit.coefficients[1], 0);
  EXPECT_NEAR(fit.coefficients[0], 0.30749563, 1e-6) << "scipy 1.17, L-BFGS-B";
  EXPECT_NEAR(fit.coefficients[2], -0.1260197, 1e-6);
  EXPECT_EQ(fit.standard_errors[1], 0);
  EXPECT_EQ(fit.diagnosis, "The optimum within the bounds. Held at the bound 0: a.");
  const LogisticColumn idle[] = {{"a", rows.a, LogisticBound::kNotNegative}, {"b", rows.b, LogisticBound::kNotPositive}};
  const LogisticColumn none[] = {{"a", rows.a}, {"b", rows.b}};
  const LogisticFit within = Fit(idle, rows.yes, rows.weights), free = Fit(none, rows.yes, rows.weights);
  for (std::size_t j = 0; j < 3; ++j) EXPECT_NEAR(within.coefficients[j], free.coefficients[j], 1e-12);
}

TEST(Logistic_End, CompleteSeparation) {
  const std::vector<double> x{1, 2, 3, 4}, yes{0, 0, 1, 1};
  const LogisticColumn columns[] = {{"x", x}};
  const LogisticFit fit = Fit(columns, yes);
  EXPECT_EQ(fit.end, LogisticEnd::kSeparated);
  EXPECT_THAT(fit.named, ElementsAre("const", "x"));
  EXPECT_TRUE(fit.standard_errors.empty());
  EXPECT_THAT(fit.diagnosis, HasSubstr("Completely separated: const, x"));
  EXPECT_LT(fit.Probability(std::vector<double>{2}), 1e-4);
  EXPECT_GT(fit.Probability(std::vector<double>{3}), 1 - 1e-4);
  const LogisticColumn ridge[] = {{"x", x, LogisticBound::kNone, 0.1}};
  EXPECT_EQ(Fit(ridge, yes).end, LogisticEnd::kConverged) << "a prior makes it finite";
  const std::vector<double> all{1, 1, 1, 1};
  EXPECT_THAT(Fit(columns, all).named, ElementsAre("const"));
}

TEST(Logistic_End, QuasiCompleteSeparation) {
  // Where `late` is 1 all are no; elsewhere both occur, with a slope by x.
  const std::vector<double> late{1, 1, 0, 0, 0, 0, 0, 0}, x{1, 2, 1, 2, 3, 4, 5, 6}, yes{0, 0, 0, 1, 0, 1, 0, 1};
  const LogisticColumn columns[] = {{"late", late}, {"x", x}};
  const LogisticFit fit = Fit(columns, yes);
  EXPECT_EQ(fit.end, LogisticEnd::kQuasiSeparated);
  EXPECT_THAT(fit.named, ElementsAre("late"));
  EXPECT_THAT(fit.diagnosis, HasSubstr("Partly separated: along late"));
  const LogisticColumn rest[] = {{"x", std::span(x).subspan(2)}};
  EXPECT_NEAR(fit.coefficients[2], Fit(rest, std::span(yes).subspan(2)).coefficients[1], 1e-4) << "the others are as without the separated rows";
  // Overlap at one point alone.
  const std::vector<double> line{1, 2, 2, 3}, border{0, 0, 1, 1};
  const LogisticColumn one[] = {{"line", line}};
  EXPECT_EQ(Fit(one, border).end, LogisticEnd::kQuasiSeparated);
}

TEST(Logistic_End, RareIsNotSeparated) {
  const std::vector<double> x{0, 0, 1, 1}, yes{0, 1, 0, 1}, weights{1e7, 1, 3, 1e7};
  const LogisticColumn columns[] = {{"x", x}};
  const LogisticFit fit = Fit(columns, yes, weights);
  EXPECT_EQ(fit.end, LogisticEnd::kConverged);
  EXPECT_NEAR(fit.coefficients[0], std::log(1e-7), 1e-9);
  EXPECT_NEAR(fit.coefficients[0] + fit.coefficients[1], std::log(1e7 / 3), 1e-9);
}

TEST(Logistic_End, CollinearColumnsAreNamedAndTheRestIsFitted) {
  const Rows rows = Sixty();
  std::vector<double> sum, constant(60, 7.3);
  for (std::size_t i = 0; i < 60; ++i) sum.push_back(3 * rows.a[i] - rows.b[i] + 100);
  const LogisticColumn columns[] = {{"a", rows.a}, {"b", rows.b}, {"sum", sum}, {"same", constant}};
  const LogisticFit fit = Fit(columns, rows.yes, rows.weights);
  EXPECT_EQ(fit.end, LogisticEnd::kSingular);
  EXPECT_THAT(fit.named, ElementsAre("sum", "same"));
  EXPECT_NEAR(fit.coefficients[1], 0.142161966816196, 1e-10);
  EXPECT_EQ(fit.coefficients[3], 0);
  EXPECT_THAT(fit.diagnosis, HasSubstr("as combinations of the columns before: sum, same."));
}

TEST(Logistic_Input, NamesRowAndColumn) {
  const std::vector<double> x{1, std::numeric_limits<double>::quiet_NaN()}, yes{0, 1}, bad{0, 1.5}, none{0, 0}, ok{1, 2};
  const LogisticColumn nan[] = {{"x", x}}, fine[] = {{"x", ok}};
  EXPECT_EQ(FitLogistic(nan, yes).status().message(), "row 1, column x: found nan, expected a number of at most 1e100 by size");
  EXPECT_EQ(FitLogistic(fine, bad).status().message(), "row 1, column success: found 1.5, expected a share from 0 to 1");
  EXPECT_EQ(TokenOf(FitLogistic(fine, yes, none).status()), "stats.too_few_rows");
  EXPECT_EQ(TokenOf(FitLogistic(fine, std::vector<double>{1}).status()), "stats.invalid_input");
  EXPECT_EQ(TokenOf(FitLogistic({}, {}).status()), "stats.too_few_rows");
}

// Random problems in which both answers occur at every corner, so that an optimum exists.
struct Problem {
  std::vector<double> x, yes, weights;
};
Problem Random() {
  const auto rows = *rc::gen::container<std::vector<std::pair<int, int>>>(rc::gen::pair(rc::gen::inRange(-20, 20), rc::gen::inRange(1, 4)));
  Problem problem{{-21, -21, 21, 21}, {0, 1, 0, 1}, {1, 1, 1, 1}};
  for (const auto& [x, weight] : rows) {
    problem.x.push_back(x);
    problem.yes.push_back(*rc::gen::inRange(0, 2));
    problem.weights.push_back(weight);
  }
  return problem;
}

TEST(Logistic_Property, AWeightIsARepetitionAndOrderIsNothing) {
  EXPECT_TRUE(rc::check([] {
    const Problem problem = Random();
    std::vector<double> x, yes;
    for (std::size_t i = problem.x.size(); i-- > 0;) {
      for (int k = 0; k < static_cast<int>(problem.weights[i]); ++k) {
        x.push_back(problem.x[i]);
        yes.push_back(problem.yes[i]);
      }
    }
    const LogisticColumn weighted[] = {{"x", problem.x}}, repeated[] = {{"x", x}};
    const auto a = FitLogistic(weighted, problem.yes, problem.weights), b = FitLogistic(repeated, yes);
    RC_ASSERT(a->coefficients == b->coefficients);   // to the last bit
    RC_ASSERT(a->covariance == b->covariance);
    RC_ASSERT(a->end == LogisticEnd::kConverged);
  }));
}

TEST(Logistic_Property, UnitsAndOriginsChangeNothingElse) {
  EXPECT_TRUE(rc::check([] {
    const Problem problem = Random();
    const double scale = *rc::gen::element(0.25, 3.0, 1e6), origin = *rc::gen::element(0.0, -70.0, 1e4);
    std::vector<double> moved;
    for (const double x : problem.x) moved.push_back(x * scale + origin);
    const LogisticColumn plain[] = {{"x", problem.x}}, other[] = {{"x", moved}};
    const auto a = FitLogistic(plain, problem.yes, problem.weights), b = FitLogistic(other, problem.yes, problem.weights);
    RC_ASSERT(std::abs(b->coefficients[1] * scale - a->coefficients[1]) < 1e-9);
    RC_ASSERT(std::abs(b->standard_errors[1] * scale - a->standard_errors[1]) < 1e-9);
    RC_ASSERT(std::abs(b->log_likelihood - a->log_likelihood) < 1e-9);
  }));
}

TEST(Logistic_Property, TheMeanChanceIsTheShareSeen) {
  EXPECT_TRUE(rc::check([] {
    const Problem problem = Random();
    const LogisticColumn columns[] = {{"x", problem.x}};
    const auto fit = FitLogistic(columns, problem.yes, problem.weights);
    double sum = 0;
    for (std::size_t i = 0; i < problem.x.size(); ++i) sum += problem.weights[i] * fit->Probability({&problem.x[i], 1});
    RC_ASSERT(std::abs(sum - fit->successes) < 1e-8 * fit->rows);
  }));
}

}  // namespace
}  // namespace rapport::stats

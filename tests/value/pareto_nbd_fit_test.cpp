// What a fit promises whatever the customers, with and without covariates.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <array>
#include <numeric>

#include "rapport/core/status.hpp"
#include "rapport/value/bg_nbd.hpp"
#include "rapport/value/nbd.hpp"
#include "rapport/value/pareto_nbd.hpp"
#include "rapport/value/summarize.hpp"
#include "value/lifetime_likelihood.hpp"
#include "value/model_properties.hpp"
#include "value/one_customer.hpp"
#include "value/pareto_lifetime.hpp"
#include "value/reference_files.hpp"

namespace rapport {
namespace {

struct Rule {
  static constexpr std::size_t kParams = 4;
  static RowTerms<4> Terms(const CountTerms& count, const HistoryRow& row, const std::array<double, 4>& p) {
    return ParetoTerms(count, row.t_x, row.age, {p[0], p[1], p[2], p[3]});
  }
};

TEST(ParetoNbd_Likelihood, DerivativesAreThoseOfDifferences) {
  // Both orders of alpha and beta, equal ones, heavy buyers, one-time buyers, T = t_x, T = 0.
  const std::vector<HistoryRow> rows = {{0, 0, 0, 1}, {0, 0, 30, 2}, {1, 1.7, 38, 1}, {3, 0, 20, 1}, {7, 29, 38, 3}, {10, 39, 39, 1}, {400, 30, 39, 1}};
  const LifetimeLikelihood<Rule> likelihood(rows);
  for (const std::array<double, 4>& point : {std::array<double, 4>{-.6, 2.3, -.5, 2.4}, {.5, 3, 1.5, -1}, {2, -1, -3, 4}, {-3, 1, 0, 1}, {-1, 2, 4, 8}}) {
    std::array<double, 4> gradient{}, up{}, down{};
    stats::Matrix hessian(4, std::vector<double>(4)), unused = hessian;
    (void)likelihood(point, gradient, hessian);
    for (std::size_t i = 0; i < 4; ++i) {
      const double step = 1e-4;
      std::array<double, 4> above = point, below = point;
      above[i] += step;
      below[i] -= step;
      const double slope = (likelihood(above, up, unused) - likelihood(below, down, unused)) / (2 * step);
      const double scale = 1 + std::abs(gradient[i]) + std::abs(hessian[i][i]);
      EXPECT_NEAR(gradient[i], slope, 1e-6 * scale) << i;
      for (std::size_t j = 0; j < 4; ++j) {
        EXPECT_NEAR(hessian[i][j], (up[j] - down[j]) / (2 * step), 1e-6 * (scale + std::abs(hessian[i][j]))) << i << j;
        EXPECT_EQ(hessian[i][j], hessian[j][i]);
      }
    }
  }
}

TEST(ParetoNbd_Likelihood, IsTheSumOverCustomers) {
  const Customers cdnow = CdnowWeeks();
  const std::vector<HistoryRow> rows = FoldHistories(RowsOf(cdnow), {}, 1);
  for (const ParetoNbd::Params p : {ParetoNbd::Params{.55, 10, .6, 11}, {3, 2, .1, 500}, {.1, 300, 20, 5}}) {
    const ParetoNbd model = *ParetoNbd::Make(p);
    double sum = 0;
    for (const HistoryRow& row : rows) sum += row.weight * LogLikelihoodOf(model, {row.x, row.t_x, row.age});
    std::array<double, 4> gradient{};
    stats::Matrix hessian(4, std::vector<double>(4));
    const std::array<double, 4> point{std::log(p.r), std::log(p.alpha), std::log(p.s), std::log(p.beta)};
    EXPECT_LT(RelativeError(-LifetimeLikelihood<Rule>(std::span<const HistoryRow>(rows))(point, gradient, hessian), sum), 1e-13);
  }
}

TEST(ParetoNbd_Fit, NoBitShowsTheOrderOfRows) {
  const Customers cdnow = CdnowWeeks();
  const std::string expected = FitText<ParetoNbd>(cdnow);
  for (int seed = 0; seed < 5; ++seed) EXPECT_EQ(FitText<ParetoNbd>(Shuffled(cdnow, std::to_string(seed))), expected);
}

TEST(ParetoNbd_Fit, WeightsAreDuplicates) { WeightsAreDuplicates<ParetoNbd>(); }

TEST(ParetoNbd_Fit, AnyUnitOfTimeGivesTheSame) { AnyUnitOfTimeGivesTheSame<ParetoNbd>({false, true, false, true}); }

TEST(ParetoNbd_Fit, FindsTheParametersThatMadeTheData) {
  const ParetoNbd maker = *ParetoNbd::Make({.8, 9, 1.2, 20});
  for (const std::size_t size : {20'000u, 100'000u}) {   // the second by way of few
    const auto model = ParetoNbd::Fit(RowsOf(DrawnFrom(maker, size, 27, 80)));
    ASSERT_TRUE(model.ok()) << model.status();
    EXPECT_EQ(model->report()->diagnosis, "An interior optimum.");
    const std::vector<double>& se = model->report()->standard_errors;
    ASSERT_EQ(se.size(), 4u);
    EXPECT_LT(std::abs(model->params().r - .8), 4 * se[0]);
    EXPECT_LT(std::abs(model->params().alpha - 9), 4 * se[1]);
    EXPECT_LT(std::abs(model->params().s - 1.2), 4 * se[2]);
    EXPECT_LT(std::abs(model->params().beta - 20), 4 * se[3]);
    EXPECT_LT(se[2], 0.15) << "precise enough to mean something";
  }
}

TEST(ParetoNbd_Fit, SaysWhichBoundaryOrRidgeItRanTo) {
  // Rates by a Gamma, nobody stops: a lifetime that is practically infinite.
  const auto nobody_stops = ParetoNbd::Fit(RowsOf(DrawnFrom(*ParetoNbd::Make({1, 8, 1, 1e9}), 20'000, 27, 52)));
  ASSERT_TRUE(nobody_stops.ok());
  EXPECT_TRUE(nobody_stops->report()->converged);
  EXPECT_TRUE(nobody_stops->report()->standard_errors.empty()) << "none is made up";
  EXPECT_EQ(nobody_stops->report()->diagnosis, "On the boundary: these customers show no stopping, so s and beta are not determined one by one.");
  EXPECT_LT(RelativeError(nobody_stops->params().r / nobody_stops->params().alpha, 1.0 / 8), 0.05);

  // All stop at one rate: s and beta run off together.
  const auto one_rate = ParetoNbd::Fit(RowsOf(DrawnFrom(*ParetoNbd::Make({1, 3, 1e8, 3e9}), 5'000, 27, 80, 3)));
  ASSERT_TRUE(one_rate.ok());
  if (one_rate->report()->standard_errors.empty()) {
    EXPECT_EQ(one_rate->report()->diagnosis, "On a ridge: s and beta are determined only by their ratio.");
  }
  EXPECT_LT(RelativeError(one_rate->params().s / one_rate->params().beta, 1.0 / 30), 0.25);
}

TEST(ParetoNbd_Fit, SurvivesFewAndOddCustomers) { EXPECT_GT(SurvivesFewAndOddCustomers<ParetoNbd>(), 94983); }

// The likelihood rises for ever as beta nears 0, by less and less: customers stop at once or never.
TEST(ParetoNbd_Fit, ComesToRestWhereItRisesForEver) {
  for (const OneCustomer& buyer : {OneCustomer{2, 1, 1}, OneCustomer{3, 81, 126}}) {
    Customers two;
    AddTo(two, buyer.x, buyer.t_x, buyer.age);
    AddTo(two, 0, 0, 3 * buyer.t_x);
    const auto model = ParetoNbd::Fit(RowsOf(two));
    ASSERT_TRUE(model.ok());
    EXPECT_TRUE(model->report()->converged);
    EXPECT_EQ(model->report()->diagnosis.find("On the boundary"), 0u) << model->report()->diagnosis;
    EXPECT_TRUE(model->report()->standard_errors.empty());
  }
}

TEST(ParetoNbd_Fit, IsConvergedOrSaysSoForAnyTable) { IsConvergedOrSaysSoForAnyTable<ParetoNbd>(); }

// Customers of a model with covariates, drawn from it.
struct WithColumns {
  Customers customers;
  std::vector<double> distance, vip;
  Histories rows() const {
    Histories rows = RowsOf(customers);
    rows.transaction = {{"vip", "distance"}, {vip, distance}};
    rows.dropout = {{"vip"}, {vip}};
    return rows;
  }
};

constexpr std::string_view kMaker = R"({"model":"pareto_nbd","params":{"r":0.8,"alpha":9,"s":1.2,"beta":20,
  "transaction.vip":0.7,"transaction.distance":-0.02,"dropout.vip":-0.9}})";

WithColumns Drawn(std::size_t size) {
  WithColumns drawn;
  for (std::size_t i = 0; i < size; ++i) {
    AddTo(drawn.customers, 0, 0, 27 + 53 * Chance(1, "age", {std::to_string(i)}));
    drawn.vip.push_back(Chance(2, "vip", {std::to_string(i)}) < 0.3 ? 1 : 0);
    drawn.distance.push_back(std::floor(60 * Chance(3, "distance", {std::to_string(i)})));
  }
  const auto maker = ParetoNbd::FromJson(*Json::Parse(kMaker));
  EXPECT_TRUE(maker.ok()) << maker.status();
  std::vector<double> x(size), t_x(size);
  EXPECT_TRUE(maker->Simulate(5, drawn.rows(), x, t_x).ok());
  drawn.customers.frequency = x;
  drawn.customers.recency = t_x;
  return drawn;
}

TEST(ParetoNbd_Covariates, FindTheEffectsThatMadeTheData) {
  const WithColumns drawn = Drawn(20'000);
  const auto model = ParetoNbd::Fit(drawn.rows());
  ASSERT_TRUE(model.ok()) << model.status();
  const stats::FitReport& report = *model->report();
  EXPECT_EQ(report.diagnosis, "An interior optimum.");
  ASSERT_EQ(model->effects().size(), 3u);
  ASSERT_EQ(report.standard_errors.size(), 7u);
  EXPECT_EQ(report.parameters, 7u);
  const double truth[] = {.8, 9, 1.2, 20, -0.02, 0.7, -0.9};
  const char* const names[] = {"transaction.distance", "transaction.vip", "dropout.vip"};   // by process, then by name
  std::vector<double> found{model->params().r, model->params().alpha, model->params().s, model->params().beta};
  for (std::size_t j = 0; j < 3; ++j) {
    EXPECT_EQ(model->effects()[j].name, names[j]);
    found.push_back(model->effects()[j].value);
  }
  for (std::size_t i = 0; i < 7; ++i) EXPECT_LT(std::abs(found[i] - truth[i]), 4 * report.standard_errors[i]) << i;
  EXPECT_LT(report.standard_errors[4], 0.001);
  // Its own log-likelihood, row by row.
  std::vector<double> each(drawn.vip.size());
  ASSERT_TRUE(model->LogLikelihoodOf(drawn.rows(), each).ok());
  EXPECT_LT(RelativeError(std::accumulate(each.begin(), each.end(), 0.0), report.log_likelihood), 1e-12);
  // A row is the plain model with its own alpha and beta.
  for (const std::size_t i : {0u, 1u, 2u, 3u, 50u}) {
    const double transaction = found[4] * drawn.distance[i] + found[5] * drawn.vip[i];
    const ParetoNbd own = *ParetoNbd::Make({found[0], found[1] * std::exp(-transaction), found[2], found[3] * std::exp(-found[6] * drawn.vip[i])});
    EXPECT_NEAR(each[i], LogLikelihoodOf(own, {drawn.customers.frequency[i], drawn.customers.recency[i], drawn.customers.age[i]}), 1e-12);
  }
}

TEST(ParetoNbd_Covariates, ReadBackAndAreAskedFor) {
  const WithColumns drawn = Drawn(2'000);
  const auto model = ParetoNbd::Fit(drawn.rows());
  ASSERT_TRUE(model.ok());
  const auto again = ParetoNbd::FromJson(*Json::Parse(model->ToJson().Canonical()));
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->ToJson(), model->ToJson());
  std::vector<double> out(drawn.vip.size());
  EXPECT_EQ(TokenOf(again->ExpectedPurchases(39, RowsOf(drawn.customers), 0, out)), "value.covariates");
  EXPECT_TRUE(again->ExpectedPurchases(39, drawn.rows(), 0, out).ok());
  Histories twice = drawn.rows();
  twice.transaction.names = {"vip", "vip"};
  EXPECT_EQ(ParetoNbd::Fit(twice).status().message(), "covariates: found transaction.vip twice, expected each name once");
}

TEST(ParetoNbd_Covariates, NoBitShowsTheOrderOfRowsOrColumns) {
  const WithColumns drawn = Drawn(1'000);
  WithColumns reversed = drawn;
  for (std::vector<double>* column : {&reversed.customers.frequency, &reversed.customers.recency, &reversed.customers.age, &reversed.vip, &reversed.distance}) {
    std::reverse(column->begin(), column->end());
  }
  Histories other = reversed.rows();
  other.transaction = {{"distance", "vip"}, {reversed.distance, reversed.vip}};
  const auto first = ParetoNbd::Fit(drawn.rows()), second = ParetoNbd::Fit(other);
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_EQ(first->ToJson(), second->ToJson());
}

TEST(ParetoNbd_Covariates, AConstantColumnChangesNothingAndIsNotDetermined) {
  const Customers cdnow = CdnowWeeks();
  const std::vector<double> same(cdnow.age.size(), 3.7);
  Histories rows = RowsOf(cdnow);
  rows.transaction = {{"same"}, {same}};
  const auto with = ParetoNbd::Fit(rows), without = ParetoNbd::Fit(RowsOf(cdnow));
  ASSERT_TRUE(with.ok() && without.ok());
  EXPECT_NEAR(with->report()->log_likelihood, without->report()->log_likelihood, 1e-9);
  EXPECT_TRUE(with->report()->standard_errors.empty()) << "none is made up";
  EXPECT_EQ(with->report()->diagnosis, "Covariate \"same\" of transaction is a constant or a sum of others, so their effects are not determined one by one.");
}

TEST(ParetoNbd_Covariates, SumsOfOthersAreNamedAndHaveNoErrors) {
  const WithColumns drawn = Drawn(1'000);
  std::vector<double> sum = drawn.distance, third(sum.size());
  for (std::size_t i = 0; i < sum.size(); ++i) {
    sum[i] = 7 - drawn.distance[i] / 3 + 2 * drawn.vip[i];
    third[i] = 0.1 * 3;
  }
  Histories rows = drawn.rows();
  const auto without = ParetoNbd::Fit(rows);
  rows.transaction = {{"vip", "distance", "sum"}, {drawn.vip, drawn.distance, sum}};
  auto model = ParetoNbd::Fit(rows);
  ASSERT_TRUE(without.ok() && model.ok()) << model.status();
  EXPECT_TRUE(model->report()->standard_errors.empty() && model->report()->covariance.empty()) << "none is made up";
  EXPECT_EQ(model->report()->diagnosis, "Covariate \"vip\" of transaction is a constant or a sum of others, so their effects are not determined one by one.");
  EXPECT_NEAR(model->report()->log_likelihood, without->report()->log_likelihood, 1e-6) << "it adds nothing";
  third[1] = 0.3;   // the same but for rounding
  rows = drawn.rows();
  rows.dropout = {{"third"}, {third}};
  model = ParetoNbd::Fit(rows);
  ASSERT_TRUE(model.ok()) << model.status();
  EXPECT_TRUE(model->report()->standard_errors.empty());
  EXPECT_EQ(model->report()->diagnosis, "Covariate \"third\" of dropout is a constant or a sum of others, so their effects are not determined one by one.");
}

TEST(ParetoNbd_Covariates, RefusesColumnsFarFromZero) {
  const WithColumns drawn = Drawn(2'000);
  std::vector<double> far = drawn.vip;
  for (double& vip : far) vip += 2000;
  Histories rows = drawn.rows();
  rows.transaction.columns[0] = far;
  const absl::Status status = ParetoNbd::Fit(rows).status();
  EXPECT_EQ(TokenOf(status), "value.covariates");
  EXPECT_NE(status.message().find("so far from 0 that a parameter would be"), std::string_view::npos) << status;
}

template <class Model>
void FitsOrSaysWhyNot(const Histories& rows) {
  const auto model = Model::Fit(rows);
  if (!model.ok()) {   // a determined effect of a column that is far from 0, beside its range
    RC_ASSERT(model.status().message().find("so far from 0 that a parameter would be") != std::string_view::npos);
    return;
  }
  const stats::FitReport& report = *model->report();
  std::vector<double> each(rows.size());
  RC_ASSERT(model->LogLikelihoodOf(rows, each).ok());
  RC_ASSERT(RelativeError(std::accumulate(each.begin(), each.end(), 0.0), report.log_likelihood) < 1e-8);
  RC_ASSERT(report.converged || report.diagnosis != "An interior optimum.");
  for (const double error : report.standard_errors) RC_ASSERT(error > 0 && std::isfinite(error));
  for (const stats::NamedNumber& effect : model->effects()) RC_ASSERT(std::isfinite(effect.value));
  RC_ASSERT(Model::FromJson(*Json::Parse(model->ToJson().Canonical()))->ToJson() == model->ToJson());
}

TEST(ParetoNbd_Covariates, AnyTableIsFittedOrSaysWhyNot) {
  EXPECT_TRUE(rc::check([] {
    const std::size_t size = static_cast<std::size_t>(*rc::gen::inRange(5, 60));
    WithColumns shop;
    for (std::size_t i = 0; i < size; ++i) {
      const int age = *rc::gen::inRange(1, 300), x = i == 0 ? 2 : *rc::gen::inRange(0, 9);
      AddTo(shop.customers, x, x == 0 ? 0 : *rc::gen::inRange(1, age + 1), age);
      shop.vip.push_back(*rc::gen::inRange(0, 2));
      shop.distance.push_back(*rc::gen::inRange(-1000, 1000));
    }
    Histories rows = shop.rows();
    FitsOrSaysWhyNot<ParetoNbd>(rows);
    rows.dropout = {};
    FitsOrSaysWhyNot<Nbd>(rows);
  }));
}

TEST(ParetoNbd_Covariates, AnyScaleOfAColumnGivesTheSame) {
  const WithColumns drawn = Drawn(4'000);
  const auto model = ParetoNbd::Fit(drawn.rows());
  ASSERT_TRUE(model.ok());
  for (const double scale : {1e-6, 1e4}) {
    WithColumns scaled = drawn;
    for (double& value : scaled.distance) value = value * scale;
    const auto other = ParetoNbd::Fit(scaled.rows());
    ASSERT_TRUE(other.ok());
    EXPECT_LT(RelativeError(other->effects()[0].value * scale, model->effects()[0].value), 1e-9) << scale;
    EXPECT_LT(RelativeError(other->report()->standard_errors[4] * scale, model->report()->standard_errors[4]), 1e-9) << scale;
    EXPECT_LT(RelativeError(other->params().alpha, model->params().alpha), 1e-9) << scale;
    EXPECT_LT(RelativeError(other->report()->standard_errors[1], model->report()->standard_errors[1]), 1e-9) << scale;
  }
  // Counted from elsewhere: the effect stays, alpha takes up the difference.
  WithColumns moved = drawn;
  for (double& value : moved.distance) value += 100;
  const auto other = ParetoNbd::Fit(moved.rows());
  ASSERT_TRUE(other.ok());
  EXPECT_LT(RelativeError(other->effects()[0].value, model->effects()[0].value), 1e-9);
  EXPECT_LT(RelativeError(other->params().alpha, model->params().alpha * std::exp(100 * model->effects()[0].value)), 1e-8);
  EXPECT_NEAR(other->report()->log_likelihood, model->report()->log_likelihood, 1e-8);
}

// From the log to the fit: the sample's purchases in exact weeks, calibrated until 1 October 1997.
TEST(ParetoNbd_Reference, TheSampleFromItsPurchases) {
  const std::vector<Purchase> purchases = CdnowSample();
  if (purchases.empty()) GTEST_SKIP() << "the CDNOW sample in ../shared is absent";
  const auto rows = Summarize(purchases, {.calibration_end = Day(1997, 10, 1)});
  ASSERT_TRUE(rows.ok());
  const Customers customers = CustomersOf(*rows);
  const auto model = ParetoNbd::Fit(RowsOf(customers));
  ASSERT_TRUE(model.ok());
  EXPECT_LT(RelativeError(model->params().r, .55108783492464458), 1e-11);
  EXPECT_LT(RelativeError(model->params().alpha, 10.554887641811101), 1e-11);
  EXPECT_LT(RelativeError(model->params().s, .62491233134976542), 1e-11);
  EXPECT_LT(RelativeError(model->params().beta, 12.243971742391994), 1e-11);
  EXPECT_NEAR(model->report()->log_likelihood, -9615.24151653406913, 1e-9);
  EXPECT_LT(RelativeError(model->report()->standard_errors[0], .0473280270901023), 1e-11);
  EXPECT_LT(RelativeError(model->report()->standard_errors[3], 6.62034998718285), 1e-11);
}

}  // namespace
}  // namespace rapport

// Covariates on the rate and on stopping: what a fit with them promises, and where it says that they cannot be told apart.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "rapport/core/hash.hpp"
#include "rapport/core/status.hpp"
#include "rapport/value/bg_nbd.hpp"
#include "rapport/value/mbg_nbd.hpp"
#include "value/bg_likelihood.hpp"
#include "value/reference.hpp"

namespace rapport {
namespace {

struct Shop {
  Customers customers;
  std::vector<double> channel, distance, trial;

  Histories Rows() const {
    return {customers.frequency, customers.recency, customers.age, {{"channel", "distance"}, {channel, distance}}, {{"trial"}, {trial}}};
  }
};

// Customers of a model with known effects: channel and distance move the rate, trial moves a and b.
Shop MadeShop(std::size_t size) {
  Shop shop;
  for (std::size_t i = 0; i < size; ++i) {
    const auto chance = [&](std::string_view what) { return Chance(5, what, {std::to_string(i)}); };
    shop.customers.age.push_back(40 + std::floor(30 * chance("age")));
    shop.channel.push_back(chance("channel") < 0.4 ? 1 : 0);
    shop.distance.push_back(std::floor(10 * chance("distance")) * 10);
    shop.trial.push_back(chance("trial") < 0.5 ? 1 : 0);
  }
  shop.customers.frequency.assign(size, 0);
  shop.customers.recency.assign(size, 0);
  const auto truth = BgNbd::FromJson(*Json::Parse(R"({"model":"bg_nbd","params":{"r":1,"alpha":8,"a":1,"b":2,"transaction.channel":0.7,)"
                                                  R"("transaction.distance":-0.01,"dropout_a.trial":0.8,"dropout_b.trial":-0.3}})"));
  EXPECT_TRUE(truth.ok()) << truth.status();
  std::vector<double> x(size), t_x(size);
  EXPECT_TRUE(truth->Simulate(9, shop.Rows(), x, t_x).ok());
  shop.customers.frequency = x;
  shop.customers.recency = t_x;
  return shop;
}

double TotalLogLikelihood(const PurchaseModel& model, const Histories& rows) {
  std::vector<double> out(rows.size());
  EXPECT_TRUE(model.LogLikelihoodOf(rows, out).ok());
  return std::accumulate(out.begin(), out.end(), 0.0);
}

TEST(BgCovariates, FindsTheEffectsThatMadeTheData) {
  const Shop shop = MadeShop(8000);
  const auto model = BgNbd::Fit(shop.Rows());
  ASSERT_TRUE(model.ok()) << model.status();
  const stats::FitReport& report = *model->report();
  EXPECT_EQ(report.diagnosis, "An interior optimum.");
  ASSERT_EQ(model->effects().size(), 4u);
  const std::pair<const char*, double> effects[] = {
      {"transaction.channel", 0.7}, {"transaction.distance", -0.01}, {"dropout_a.trial", 0.8}, {"dropout_b.trial", -0.3}};
  ASSERT_EQ(report.standard_errors.size(), 8u);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(model->effects()[i].name, effects[i].first);
    EXPECT_LT(std::abs(model->effects()[i].value - effects[i].second), 4 * report.standard_errors[4 + i]) << effects[i].first;
  }
  EXPECT_LT(report.standard_errors[4], 0.1);
  EXPECT_EQ(report.parameters, 8u);
  EXPECT_LT(RelativeError(TotalLogLikelihood(*model, shop.Rows()), report.log_likelihood), 1e-12) << "on the user's scale of time";
}

// No neighbour fits better, in any direction, and the curvature there is what the standard errors say.
TEST(BgCovariates, NoNeighbourFitsBetter) {
  const Shop shop = MadeShop(600);
  const auto model = MbgNbd::Fit(shop.Rows());
  ASSERT_TRUE(model.ok()) << model.status();
  const Json json = model->ToJson();
  const double best = TotalLogLikelihood(*model, shop.Rows());
  for (const auto& [name, value] : *json.Find("params")->if_object()) {
    for (const double step : {-1e-3, 1e-3}) {
      Json::Object params = *json.Find("params")->if_object();
      params[name] = *value.if_number() * (1 + step);
      const auto moved = MbgNbd::FromJson(Json::Object{{"model", "mbg_nbd"}, {"params", params}});
      ASSERT_TRUE(moved.ok()) << moved.status();
      EXPECT_LT(TotalLogLikelihood(*moved, shop.Rows()), best) << name << ' ' << step;
    }
  }
}

TEST(BgCovariates, DerivativesAreThoseOfDifferences) {
  const Shop shop = MadeShop(300);
  const auto folded = FoldCovariates(shop.Rows(), {}, 64, kBgMoved);
  ASSERT_TRUE(folded.ok()) << folded.status();
  const CovariateRows& rows = *folded;
  for (const BgForm form : {BgForm{1, false}, BgForm{1, true}, BgForm{3, true}}) {
    const BgCovariateLikelihood likelihood(rows, form);
    const std::vector<double> point{-0.3, -1.5, 0.2, 0.6, 0.5, -0.45, 0.4, -0.2};
    const std::size_t size = point.size();
    const auto at = [&](const std::vector<double>& p, std::vector<double>& gradient, stats::Matrix& hessian) {
      gradient.assign(size, 0);
      hessian.assign(size, std::vector<double>(size, 0));
      return likelihood(p, gradient, hessian);
    };
    std::vector<double> gradient, up_gradient, down_gradient;
    stats::Matrix hessian, other;
    at(point, gradient, hessian);
    for (std::size_t i = 0; i < size; ++i) {
      const double step = 1e-4;
      std::vector<double> above = point, below = point;
      above[i] += step;
      below[i] -= step;
      const double up = at(above, up_gradient, other), down = at(below, down_gradient, other);
      EXPECT_NEAR(gradient[i], (up - down) / (2 * step), 1e-6 * (1 + std::abs(gradient[i]) + std::abs(hessian[i][i]))) << i;
      for (std::size_t j = 0; j < size; ++j) {
        const double scale = 1 + std::abs(hessian[i][j]) + std::abs(gradient[i]) + std::abs(gradient[j]);
        EXPECT_NEAR(hessian[i][j], (up_gradient[j] - down_gradient[j]) / (2 * step), 2e-6 * scale) << i << ' ' << j;
      }
    }
  }
}

TEST(BgCovariates, NoBitShowsTheOrderOfRowsOrColumns) {
  const Shop shop = MadeShop(600);
  Shop turned = shop;
  for (std::vector<double>* column : {&turned.customers.frequency, &turned.customers.recency, &turned.customers.age, &turned.channel, &turned.distance,
                                      &turned.trial}) {
    std::reverse(column->begin(), column->end());
  }
  Histories rows = turned.Rows();
  rows.transaction = {{"distance", "channel"}, {turned.distance, turned.channel}};
  EXPECT_EQ(BgNbd::Fit(rows)->ToJson().Canonical(), BgNbd::Fit(shop.Rows())->ToJson().Canonical());
  const std::vector<double> twice(600, 2);
  EXPECT_NEAR(BgNbd::Fit(shop.Rows(), twice)->report()->log_likelihood, 2 * BgNbd::Fit(shop.Rows())->report()->log_likelihood, 1e-7);
}

// A column moved by a constant moves alpha, and its error as the covariances say; nothing else.
TEST(BgCovariates, ErrorsFollowAMovedColumn) {
  const Shop shop = MadeShop(1500);
  std::vector<double> farther = shop.distance, other = shop.trial;
  for (double& distance : farther) distance += 200;
  for (double& trial : other) trial = 3 - 2 * trial;
  Histories rows = shop.Rows();
  rows.transaction.columns[1] = farther;
  rows.dropout.columns[0] = other;
  const auto plain = BgNbd::Fit(shop.Rows()), moved = BgNbd::Fit(rows);
  ASSERT_TRUE(plain.ok() && moved.ok());
  const stats::FitReport &before = *plain->report(), &after = *moved->report();
  EXPECT_NEAR(after.log_likelihood, before.log_likelihood, 1e-7);
  EXPECT_LT(RelativeError(after.standard_errors[0], before.standard_errors[0]), 1e-6);
  EXPECT_LT(RelativeError(after.standard_errors[5], before.standard_errors[5]), 1e-6);
  EXPECT_LT(RelativeError(after.standard_errors[6], before.standard_errors[6] / 2), 1e-6);
  const double alpha = plain->params().alpha, far = plain->effects()[1].value;
  EXPECT_LT(RelativeError(moved->params().alpha, alpha * std::exp(200 * far)), 1e-6);
  const stats::Matrix& c = before.covariance;
  const double variance = c[1][1] / (alpha * alpha) + 200 * 200 * c[5][5] + 2 * 200 * c[1][5] / alpha;   // of ln alpha
  EXPECT_LT(RelativeError(after.standard_errors[1], moved->params().alpha * std::sqrt(variance)), 1e-5);
  const double a = plain->params().a, on_a = plain->effects()[2].value;   // trial = (3 - other) / 2
  EXPECT_LT(RelativeError(moved->params().a, a * std::exp(1.5 * on_a)), 1e-6);
  const double of_a = c[2][2] / (a * a) + 1.5 * 1.5 * c[6][6] + 2 * 1.5 * c[2][6] / a;
  EXPECT_LT(RelativeError(after.standard_errors[2], moved->params().a * std::sqrt(of_a)), 1e-5);
}

TEST(BgCovariates, AGroupOfItsOwnIsAFitOfItsOwn) {
  // One column on everything, and none but r in common: at a common r both groups' predictions follow from their own alpha, a and b.
  const Shop shop = MadeShop(2000);
  Histories rows = shop.Rows();
  rows.transaction = rows.dropout = {{"trial"}, {shop.trial}};
  const auto model = BgNbd::Fit(rows);
  ASSERT_TRUE(model.ok());
  const auto effect = [&](std::size_t i) { return model->effects()[i].value; };
  const BgNbd::Params p = model->params();
  const BgNbd in_trial = *BgNbd::Make({p.r, p.alpha * std::exp(-effect(0)), p.a * std::exp(effect(1)), p.b * std::exp(effect(2))});
  std::vector<double> with(rows.size()), alone(rows.size());
  ASSERT_TRUE(model->ExpectedPurchases(26, rows, 13, with).ok());
  ASSERT_TRUE(in_trial.ExpectedPurchases(26, {rows.frequency, rows.recency, rows.age}, 13, alone).ok());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (shop.trial[i] == 1) {
      EXPECT_LT(RelativeError(with[i], alone[i]), 1e-12) << i;
    }
  }
}

TEST(BgCovariates, WantNames) {
  const Shop shop = MadeShop(20);
  Histories rows = shop.Rows();
  rows.transaction = {{"channel", ""}, {shop.channel, shop.distance}};
  EXPECT_EQ(TokenOf(BgNbd::Fit(rows).status()), "value.covariates");
  EXPECT_EQ(BgNbd::Fit(rows).status().message(), "covariates_transaction: found a column named \"\", expected a name");
  std::swap(rows.transaction, rows.dropout);
  EXPECT_EQ(BgNbd::Fit(rows).status().message(), "covariates_dropout: found a column named \"\", expected a name");
}

TEST(BgCovariates, SaysWhatCannotBeToldApart) {
  const Shop shop = MadeShop(600);
  std::vector<double> sum(600), constant(600, 3);
  for (std::size_t i = 0; i < 600; ++i) sum[i] = 2 * shop.channel[i] - shop.distance[i] / 10 + 1;
  Histories rows = shop.Rows();
  rows.transaction = {{"channel", "distance", "sum"}, {shop.channel, shop.distance, sum}};
  auto model = BgNbd::Fit(rows);
  ASSERT_TRUE(model.ok()) << model.status();
  EXPECT_TRUE(model->report()->standard_errors.empty() && model->report()->covariance.empty());
  EXPECT_EQ(model->report()->diagnosis,
            "Covariate \"sum\" of transaction is a constant or a sum of others, so their effects are not determined one by one.");
  const auto without = BgNbd::Fit(shop.Rows());
  EXPECT_NEAR(model->report()->log_likelihood, without->report()->log_likelihood, 1e-6) << "it adds nothing";
  rows = shop.Rows();
  rows.dropout = {{"all"}, {constant}};
  model = BgNbd::Fit(rows);
  ASSERT_TRUE(model.ok());
  EXPECT_TRUE(model->report()->standard_errors.empty());
  EXPECT_EQ(model->report()->diagnosis, "Covariate \"all\" of dropout is a constant or a sum of others, so their effects are not determined one by one.");
}

// Columns counted from far away would bring alpha, or a and b, beyond any number: no model that says something else is made of them.
TEST(BgCovariates, RefusesColumnsFarFromZero) {
  const Shop shop = MadeShop(3000);
  std::vector<double> far = shop.channel;
  for (double& channel : far) channel += 2000;
  Histories rows = shop.Rows();
  rows.transaction.columns[0] = far;
  const absl::Status status = BgNbd::Fit(rows).status();
  EXPECT_EQ(TokenOf(status), "value.covariates");
  EXPECT_NE(status.message().find("so far from 0 that a parameter would be"), std::string_view::npos) << status;
  rows = shop.Rows();
  far = shop.trial;
  for (double& trial : far) trial -= 100'000;
  rows.dropout.columns[0] = far;
  EXPECT_EQ(TokenOf(BgNbd::Fit(rows).status()), "value.covariates");
}

// A column that tells buyers from others has no finite effect; carried back from far away it is held where parameters are numbers.
TEST(BgCovariates, HoldsEffectsThatRunOff) {
  Shop shop;
  for (int i = 0; i < 40; ++i) {
    const bool buys = i % 2 == 0;
    shop.customers.frequency.push_back(buys ? 3 + i % 4 : 0);
    shop.customers.recency.push_back(buys ? 20 + i % 7 : 0);
    shop.customers.age.push_back(40);
    shop.channel.push_back(buys ? -990 : -991);
    shop.distance.push_back(i % 5);
    shop.trial.push_back(i % 3 == 0 ? 1 : 0);
  }
  const auto model = BgNbd::Fit(shop.Rows());
  ASSERT_TRUE(model.ok()) << model.status();
  EXPECT_EQ(model->report()->diagnosis, "The effects of covariates run off as far as the search goes: they are not determined.");
  EXPECT_FALSE(model->report()->converged);
  EXPECT_TRUE(model->report()->standard_errors.empty() && model->report()->covariance.empty());
  EXPECT_GT(model->effects()[0].value, 0);
  EXPECT_LT(RelativeError(TotalLogLikelihood(*model, shop.Rows()), model->report()->log_likelihood), 1e-9) << "that of the model returned";
}

template <class Model>
void IsConvergedOrSaysSo(const Histories& rows) {
  const auto model = Model::Fit(rows);
  RC_ASSERT(model.ok());
  const stats::FitReport& report = *model->report();
  // Of a handful of customers a covariate may separate buyers from others: its effect then runs off as far as the search goes.
  RC_ASSERT(std::isfinite(report.log_likelihood) && !report.diagnosis.empty());
  RC_ASSERT(report.converged || report.diagnosis != "An interior optimum.");
  RC_ASSERT(RelativeError(TotalLogLikelihood(*model, rows), report.log_likelihood) < 1e-8);
  for (const double error : report.standard_errors) RC_ASSERT(error > 0 && std::isfinite(error));
  for (const stats::NamedNumber& effect : model->effects()) RC_ASSERT(std::isfinite(effect.value));
  std::vector<double> out(rows.size());
  RC_ASSERT(model->ExpectedPurchases(10, rows, 0, out).ok());
  for (const double expected : out) RC_ASSERT(std::isfinite(expected) && expected >= 0);
  RC_ASSERT(Model::FromJson(*Json::Parse(model->ToJson().Canonical()))->ToJson() == model->ToJson());
}

TEST(BgCovariates, IsConvergedOrSaysSoForAnyTable) {
  EXPECT_TRUE(rc::check([] {
    const std::size_t size = static_cast<std::size_t>(*rc::gen::inRange(5, 60));
    Shop shop;
    for (std::size_t i = 0; i < size; ++i) {
      const int age = *rc::gen::inRange(1, 300), x = i == 0 ? 2 : *rc::gen::inRange(0, 9);
      shop.customers.frequency.push_back(x);
      shop.customers.recency.push_back(x == 0 ? 0 : *rc::gen::inRange(1, age + 1));
      shop.customers.age.push_back(age);
      shop.channel.push_back(*rc::gen::inRange(0, 2));
      shop.distance.push_back(*rc::gen::inRange(-1000, 1000));
      shop.trial.push_back(*rc::gen::inRange(0, 2));
    }
    IsConvergedOrSaysSo<BgNbd>(shop.Rows());
    IsConvergedOrSaysSo<MbgNbd>(shop.Rows());
  }));
}

TEST(BgCovariates, NamesWhatIsWrong) {
  const Shop shop = MadeShop(100);
  Histories rows = shop.Rows();
  rows.transaction.names = {"channel", "channel"};
  EXPECT_EQ(TokenOf(BgNbd::Fit(rows).status()), "value.covariates");
  rows = shop.Rows();
  std::vector<double> broken = shop.trial;
  broken[7] = std::nan("");
  rows.dropout.columns = {broken};
  EXPECT_EQ(TokenOf(BgNbd::Fit(rows).status()), "value.invalid_input");
  const auto model = BgNbd::Fit(shop.Rows());
  ASSERT_TRUE(model.ok()) << model.status();
  std::vector<double> out(100, -1);
  const Customers& c = shop.customers;
  EXPECT_EQ(TokenOf(model->ExpectedPurchases(39, {c.frequency, c.recency, c.age}, 0, out)), "value.covariates");
  EXPECT_EQ(out[0], -1);
}

}  // namespace
}  // namespace rapport

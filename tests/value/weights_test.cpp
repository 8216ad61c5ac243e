// What weights may not change: rows of weight 0 are as if they were not there, and one factor for all weights moves no parameter.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "rapport/core/json.hpp"
#include "rapport/core/status.hpp"
#include "rapport/value/bg_bb.hpp"
#include "rapport/value/bg_cnbd_k.hpp"
#include "rapport/value/bg_nbd.hpp"
#include "rapport/value/gamma_gamma.hpp"
#include "rapport/value/ggompertz_nbd.hpp"
#include "rapport/value/mbg_nbd.hpp"
#include "rapport/value/nbd.hpp"
#include "rapport/value/pareto_nbd.hpp"
#include "value/one_customer.hpp"
#include "value/reference.hpp"

namespace rapport {
namespace {

// Every fourth customer of CDNOW in whole weeks, at most one purchase in each: rows that all models take.
Customers WholeWeeks() {
  const Customers all = CdnowWeeks();
  Customers some;
  for (std::size_t i = 0; i < all.frequency.size(); i += 4) {
    const double t_x = std::ceil(all.recency[i]), x = std::min(all.frequency[i], t_x);
    AddTo(some, x, x > 0 ? t_x : 0, std::ceil(all.age[i]));
    some.monetary.push_back(all.monetary[i]);
  }
  return some;
}

struct Fitted {
  std::vector<stats::NamedNumber> params;
  stats::FitReport report;
  std::string json;
};
using Fit = std::function<Fitted(const Customers&, const std::vector<double>&)>;

template <class Model>
Fitted Read(const absl::StatusOr<Model>& model) {
  EXPECT_TRUE(model.ok()) << model.status();
  if (!model.ok()) return {};
  return {model->parameters(), *model->report(), model->ToJson().Canonical()};
}

template <class Model>
Fit Of() {
  return [](const Customers& customers, const std::vector<double>& weights) { return Read(Model::Fit(RowsOf(customers), weights)); };
}

Fitted FitWithColumn(const Customers& customers, const std::vector<double>& weights) {
  std::vector<double> column;
  for (std::size_t i = 0; i < customers.frequency.size(); ++i) column.push_back(static_cast<double>(i % 3));
  Histories rows = RowsOf(customers);
  rows.transaction = {{"third"}, {column}};
  return Read(BgNbd::Fit(rows, weights));
}

std::vector<std::pair<std::string, Fit>> Fits() {
  return {{"nbd", Of<Nbd>()}, {"bg_nbd", Of<BgNbd>()}, {"mbg_nbd", Of<MbgNbd>()}, {"pareto_nbd", Of<ParetoNbd>()}, {"ggompertz_nbd", Of<GgompertzNbd>()},
          {"bg_cnbd_k", Of<BgCnbdK>()}, {"bg_bb", Of<BgBb>()}, {"bg_nbd with a column", FitWithColumn},
          {"gamma_gamma", [](const Customers& customers, const std::vector<double>& weights) {
             return Read(GammaGamma::Fit(customers.frequency, customers.monetary, weights));
           }}};
}

TEST(Weights, RowsOfWeightZeroChangeNoBit) {
  const Customers some = WholeWeeks();
  Customers more = some;
  AddTo(more, 30, 9000, 12000);   // far longer than any other
  more.monetary.push_back(1e9);
  std::vector<double> weights(some.frequency.size(), 1);
  weights.push_back(0);
  for (const auto& [name, fit] : Fits()) EXPECT_EQ(fit(more, weights).json, fit(some, {}).json) << name;
}

TEST(Weights, SmallOnesAreRaisedByAPowerOfTwo) {
  const Customers some = WholeWeeks();
  const std::size_t size = some.frequency.size();
  for (const auto& [name, fit] : Fits()) {
    const Fitted base = fit(some, std::vector<double>(size, 0x1p-20));
    for (const int halvings : {33, 60, 900}) {
      const Fitted small = fit(some, std::vector<double>(size, std::ldexp(1.0, -20 - halvings)));
      EXPECT_EQ(small.report.log_likelihood, std::ldexp(base.report.log_likelihood, -halvings)) << name << halvings;
      EXPECT_EQ(small.report.customers, std::ldexp(static_cast<double>(base.report.customers), -halvings)) << name << halvings;
      EXPECT_EQ(small.report.diagnosis, base.report.diagnosis) << name << halvings;
      ASSERT_EQ(small.report.covariance.size(), base.report.covariance.size()) << name << halvings;
      for (std::size_t i = 0; i < base.params.size(); ++i) {
        EXPECT_EQ(small.params[i].value, base.params[i].value) << name << halvings << base.params[i].name;
        if (i >= base.report.covariance.size()) continue;
        EXPECT_LT(RelativeError(small.report.covariance[i][i], std::ldexp(base.report.covariance[i][i], halvings)), 1e-14) << name << halvings;
        EXPECT_LT(RelativeError(small.report.standard_errors[i], std::sqrt(small.report.covariance[i][i])), 1e-14) << name << halvings;
      }
    }
  }
}

TEST(Weights, SmallOnesFindWhatOthersFind) {
  const Customers some = WholeWeeks();
  const std::size_t size = some.frequency.size();
  for (const auto& [name, fit] : Fits()) {
    const Fitted plain = fit(some, {});
    if (plain.report.covariance.empty()) continue;
    for (const double weight : {1e-5, 1e-9, 1e-15, 1e-310}) {
      const Fitted small = fit(some, std::vector<double>(size, weight));
      for (std::size_t i = 0; i < plain.params.size(); ++i) {
        EXPECT_LT(RelativeError(small.params[i].value, plain.params[i].value), 1e-4) << name << ' ' << weight << ' ' << plain.params[i].name;
      }
      EXPECT_LT(RelativeError(small.report.customers, weight * plain.report.customers), 1e-12) << name;
      for (const double error : small.report.standard_errors) EXPECT_TRUE(std::isfinite(error)) << name;
    }
  }
}

}  // namespace
}  // namespace rapport

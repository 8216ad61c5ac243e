// What purchase models and their fits promise whatever the customers.
#ifndef RAPPORT_TESTS_VALUE_MODEL_PROPERTIES_HPP_
#define RAPPORT_TESTS_VALUE_MODEL_PROPERTIES_HPP_

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cmath>
#include <limits>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "rapport/core/hash.hpp"
#include "value/one_customer.hpp"
#include "value/reference.hpp"

namespace rapport {

// The fitted model as text, to its last bit; of a fit that fails its message.
template <typename Model>
std::string FitText(const Customers& customers, std::span<const double> weights = {}) {
  const auto model = Model::Fit(RowsOf(customers), weights);
  return model.ok() ? model->ToJson().Canonical() : std::string(model.status().message());
}

inline Customers Shuffled(const Customers& customers, const std::string& seed) {
  std::vector<std::size_t> order(customers.age.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t i = order.size() - 1; i > 0; --i) {
    std::swap(order[i], order[static_cast<std::size_t>(Chance(1, seed, {std::to_string(i)}) * static_cast<double>(i + 1))]);
  }
  Customers shuffled;
  for (const std::size_t i : order) AddTo(shuffled, customers.frequency[i], customers.recency[i], customers.age[i]);
  return shuffled;
}

template <typename Model>
void WeightsAreDuplicates() {
  const Customers cdnow = CdnowWeeks();
  Customers repeated, nobody = cdnow;
  std::vector<double> weights, with_zeros(cdnow.age.size(), 1);
  for (std::size_t i = 0; i < cdnow.age.size(); ++i) {
    weights.push_back(static_cast<double>(1 + i % 3));
    for (std::size_t k = 0; k <= i % 3; ++k) AddTo(repeated, cdnow.frequency[i], cdnow.recency[i], cdnow.age[i]);
  }
  EXPECT_EQ(FitText<Model>(cdnow, weights), FitText<Model>(repeated));
  AddTo(nobody, 30, 2, 40);
  with_zeros.push_back(0);
  EXPECT_EQ(FitText<Model>(nobody, with_zeros), FitText<Model>(cdnow)) << "a weight of 0 is no customer";
}

// Of models with four parameters: `times` says which of them are times.
template <typename Model>
void AnyUnitOfTimeGivesTheSame(const std::vector<bool>& times) {
  const Customers cdnow = CdnowWeeks();
  const auto weeks = Model::Fit(RowsOf(cdnow));
  ASSERT_TRUE(weeks.ok());
  const auto numbers = [](const auto& params) {
    const auto& [first, second, third, fourth] = params;
    return std::vector<double>{first, second, third, fourth};
  };
  for (const double scale : {7.0, 1 / 52.1775, 1024.0, 6.048e11, 1e-15}) {
    Customers scaled = cdnow;
    for (double& t : scaled.recency) t *= scale;
    for (double& t : scaled.age) t *= scale;
    const auto model = Model::Fit(RowsOf(scaled));
    ASSERT_TRUE(model.ok());
    EXPECT_TRUE(model->report()->converged);
    EXPECT_LT(RelativeError(model->report()->log_likelihood, weeks->report()->log_likelihood - 2457 * std::log(scale)), 1e-12) << scale;
    for (std::size_t i = 0; i < times.size(); ++i) {
      const double unit = times[i] ? scale : 1;
      EXPECT_LT(RelativeError(numbers(model->params())[i], unit * numbers(weeks->params())[i]), 1e-11) << scale << ' ' << i;
      EXPECT_LT(RelativeError(model->report()->standard_errors[i], unit * weeks->report()->standard_errors[i]), 1e-10) << scale << ' ' << i;
    }
  }
}

// The tables with which peers' fits raise, give NaN or another answer with every seed: a handful of rows, one buyer of 20,000, one customer alone.
// Gives the log-likelihood with the buyer of 20,000.
template <typename Model>
double SurvivesFewAndOddCustomers() {
  const Customers cdnow = CdnowWeeks();
  for (const std::size_t size : {5u, 60u, 300u}) {
    const auto few = Model::Fit({std::span(cdnow.frequency).first(size), std::span(cdnow.recency).first(size), std::span(cdnow.age).first(size)});
    EXPECT_TRUE(few.ok()) << size << ": " << few.status();
    if (!few.ok()) continue;
    EXPECT_TRUE(few->report()->converged) << size << ": " << few->report()->diagnosis;
  }
  Customers heavy = cdnow, alone;
  AddTo(heavy, 20'000, 38, 38.86);
  AddTo(alone, 3, 10, 12);
  const auto with_heavy = Model::Fit(RowsOf(heavy)), one = Model::Fit(RowsOf(alone));
  EXPECT_TRUE(with_heavy.ok() && one.ok()) << with_heavy.status() << ' ' << one.status();
  if (!with_heavy.ok() || !one.ok()) return NAN;
  EXPECT_TRUE(with_heavy->report()->converged) << with_heavy->report()->diagnosis;
  EXPECT_EQ(with_heavy->report()->standard_errors.size(), 4u);
  EXPECT_TRUE(std::isfinite(one->report()->log_likelihood));
  EXPECT_TRUE(one->report()->standard_errors.empty()) << one->report()->diagnosis;
  return with_heavy->report()->log_likelihood;
}

// A table of up to 39 customers by chance, seen for up to 399 units of time: whether anybody bought again.
inline bool DrawAnyTable(Customers& customers) {
  const int size = *rc::gen::inRange(1, 40);
  bool anyone = false;
  for (int i = 0; i < size; ++i) {
    const int age = *rc::gen::inRange(0, 400), x = age == 0 ? 0 : *rc::gen::inRange(0, 12);
    AddTo(customers, x, x == 0 ? 0 : *rc::gen::inRange(1, age + 1), age);
    anyone |= x > 0;
  }
  return anyone;
}

template <typename Model>
void IsConvergedOrSaysSoForAnyTable() {
  EXPECT_TRUE(rc::check([] {
    Customers customers;
    const bool anyone = DrawAnyTable(customers);
    const auto model = Model::Fit(RowsOf(customers));
    RC_ASSERT(model.ok() == anyone);
    if (!anyone) return;
    const stats::FitReport& report = *model->report();
    RC_ASSERT(std::isfinite(report.log_likelihood) && !report.diagnosis.empty());
    RC_ASSERT(report.converged);
    for (const double error : report.standard_errors) RC_ASSERT(error > 0 && std::isfinite(error));
    double sum = 0;
    for (std::size_t i = 0; i < customers.age.size(); ++i) {
      sum += LogLikelihood(*model, customers.frequency[i], customers.recency[i], customers.age[i]);
    }
    RC_ASSERT(std::abs(sum - report.log_likelihood) < 1e-9 * (1 + std::abs(sum)));
    RC_ASSERT(Model::FromJson(*Json::Parse(model->ToJson().Canonical()))->ToJson() == model->ToJson());
  }));
}

// Of a shop of any parameters: a customer by chance has chances from 0 to 1 and finite numbers, however large or small what is asked.
inline void AnswersAnythingInNumbers(const PurchaseModel& model) {
  const auto power = [](int low, int high) { return std::pow(10.0, *rc::gen::inRange(10 * low, 10 * high + 1) / 10.0); };
  const double x = *rc::gen::oneOf(rc::gen::just(0.0), rc::gen::just(1.0), rc::gen::just(20'000.0), rc::gen::just(9007199254740992.0));
  const double age = *rc::gen::oneOf(rc::gen::just(0.0), rc::gen::just(power(-50, 20)));
  const double t_x = x == 0 ? 0 : age * *rc::gen::inRange(0, 1001) / 1000.0, t = power(-50, 19);
  for (const double chance : {Alive(model, x, t_x, age), Alive(model, x, t_x, age, t), Count(model, 0, t, x, t_x, age), Count(model, 3, t, x, t_x, age)}) {
    RC_ASSERT(chance >= 0 && chance <= 1 + 1e-9);
  }
  for (const double number : {Expected(model, t, x, t_x, age), Expected(model, t, x, t_x, age, t), Residual(model, power(-12, 12), x, t_x, age)}) {
    RC_ASSERT(std::isfinite(number) && number >= 0);
  }
  RC_ASSERT(std::isfinite(LogLikelihood(model, x, t_x, age)));
}

}  // namespace rapport

#endif  // RAPPORT_TESTS_VALUE_MODEL_PROPERTIES_HPP_

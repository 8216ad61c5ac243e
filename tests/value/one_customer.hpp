// One customer's answers, for tests of purchase models.
#ifndef RAPPORT_TESTS_VALUE_ONE_CUSTOMER_HPP_
#define RAPPORT_TESTS_VALUE_ONE_CUSTOMER_HPP_

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "rapport/core/hash.hpp"
#include "rapport/value/purchase_model.hpp"
#include "value/reference.hpp"

namespace rapport {

struct OneCustomer {
  double x = 0, t_x = 0, age = 0;
  Histories rows() const { return {{&x, 1}, {&t_x, 1}, {&age, 1}}; }
};

inline double LogLikelihoodOf(const PurchaseModel& model, const OneCustomer& of) {
  double out = NAN;
  EXPECT_TRUE(model.LogLikelihoodOf(of.rows(), {&out, 1}).ok());
  return out;
}
inline double AliveOf(const PurchaseModel& model, const OneCustomer& of, double ahead = 0, bool log = false) {
  double out = NAN;
  EXPECT_TRUE(model.ProbabilityAlive(ahead, of.rows(), {&out, 1}, {.log = log}).ok());
  return out;
}
inline double ExpectedOf(const PurchaseModel& model, const OneCustomer& of, double horizon, double start = 0, bool log = false) {
  double out = NAN;
  EXPECT_TRUE(model.ExpectedPurchases(horizon, of.rows(), start, {&out, 1}, {.log = log}).ok());
  return out;
}
inline double CountOf(const PurchaseModel& model, const OneCustomer& of, double n, double horizon, bool log = false) {
  double out = NAN;
  EXPECT_TRUE(model.PurchaseProbability(static_cast<std::int64_t>(n), horizon, of.rows(), {&out, 1}, {.log = log}).ok());
  return out;
}
inline double ResidualOf(const PurchaseModel& model, const OneCustomer& of, double rate, bool log = false) {
  double out = NAN;
  EXPECT_TRUE(model.ExpectedResidual(rate, of.rows(), {&out, 1}, {.log = log}).ok());
  return out;
}

// The same of a customer by numbers.
inline double LogLikelihood(const PurchaseModel& model, double x, double t_x, double age) { return LogLikelihoodOf(model, {x, t_x, age}); }
inline double Alive(const PurchaseModel& model, double x, double t_x, double age, double ahead = 0) { return AliveOf(model, {x, t_x, age}, ahead); }
inline double Expected(const PurchaseModel& model, double t, double x, double t_x, double age, double start = 0) {
  return ExpectedOf(model, {x, t_x, age}, t, start);
}
inline double Count(const PurchaseModel& model, double n, double t, double x, double t_x, double age) { return CountOf(model, {x, t_x, age}, n, t); }
inline double Residual(const PurchaseModel& model, double rate, double x, double t_x, double age) { return ResidualOf(model, {x, t_x, age}, rate); }

struct Rooms {
  double sum, mean, window;
};
// The chances of all counts add up to 1 and their mean is what is expected; what is expected in a window is a difference.
inline void CountsAndExpectationsAgree(const PurchaseModel& model, const OneCustomer& of, double horizon, const Rooms& room) {
  double sum = 0, mean = 0;
  for (int n = 0; n < 400; ++n) {
    const double p = CountOf(model, of, n, horizon);
    sum += p;
    mean += n * p;
  }
  const double until = 2 * horizon / 3;
  EXPECT_NEAR(sum, 1, room.sum);
  EXPECT_NEAR(mean, ExpectedOf(model, of, horizon), room.mean);
  EXPECT_NEAR(ExpectedOf(model, of, horizon - until, until), ExpectedOf(model, of, horizon) - ExpectedOf(model, of, until), room.window);
}

inline void AddTo(Customers& customers, double x, double t_x, double age) {
  customers.frequency.push_back(x);
  customers.recency.push_back(t_x);
  customers.age.push_back(age);
}

// Customers drawn from the model, at ages from `youngest` to `oldest`.
inline Customers DrawnFrom(const PurchaseModel& model, std::size_t size, double youngest, double oldest, std::uint64_t seed = 1) {
  Customers drawn;
  for (std::size_t i = 0; i < size; ++i) AddTo(drawn, 0, 0, youngest + (oldest - youngest) * Chance(seed, "age", {std::to_string(i)}));
  Customers result = drawn;
  EXPECT_TRUE(model.Simulate(seed, {drawn.frequency, drawn.recency, drawn.age}, result.frequency, result.recency).ok());
  return result;
}

inline Histories RowsOf(const Customers& customers) { return {customers.frequency, customers.recency, customers.age}; }

// One number of a table of figures computed at 40 digits, by mpmath: the customer, what is asked, the truth of one who is a customer at T.
struct LifetimeTruth {
  double log_likelihood, log_alive, stays, expected, count, residual;
};
struct LifetimeQuestion {
  double x, t_x, age, ahead, start, horizon, n, rate;
};

// Beside the truth within `room`; probabilities and numbers times the chance to be a customer at T.
inline void MeetsTheTruth(const PurchaseModel& model, const LifetimeQuestion& q, const LifetimeTruth& truth, double room) {
  const OneCustomer of{q.x, q.t_x, q.age};
  const auto meets = [&](const char* what, double log_found, double while_alive) {
    const double log_truth = truth.log_alive + std::log(while_alive);
    EXPECT_NEAR(log_found, log_truth, room * std::max(1.0, std::abs(log_truth))) << what << " of x=" << q.x << " t_x=" << q.t_x << " T=" << q.age;
  };
  EXPECT_NEAR(LogLikelihoodOf(model, of), truth.log_likelihood, room * (1 + std::abs(truth.log_likelihood))) << q.x << " " << q.t_x << " " << q.age;
  EXPECT_NEAR(AliveOf(model, of, 0, true), truth.log_alive, room * std::max(1e-6, std::abs(truth.log_alive))) << q.x << " " << q.t_x << " " << q.age;
  meets("alive ahead", AliveOf(model, of, q.ahead, true), truth.stays);
  meets("expected", ExpectedOf(model, of, q.horizon, q.start, true), truth.expected);
  meets("residual", ResidualOf(model, of, q.rate, true), truth.residual);
  if (q.n > 0) return meets("count", CountOf(model, of, q.n, q.horizon, true), truth.count);
  const double alive = std::exp(truth.log_alive);
  EXPECT_NEAR(CountOf(model, of, 0, q.horizon), 1 - alive + alive * truth.count, room) << "no purchase";
}

}  // namespace rapport

#endif  // RAPPORT_TESTS_VALUE_ONE_CUSTOMER_HPP_

// Floor 3. What every model of when customers buy answers, vectorised over customers.
//
//   auto model = BgNbd::Fit({frequency, recency, age});                  // or any other model; models.hpp finds one by name
//   model->ExpectedPurchases(52, {frequency, recency, age}, 0, out);     // the coming year
//
// All of them say: as long as somebody is a customer, purchases come in a certain way; some time that ends, and nobody is told. So each answer is
// the chance to be a customer still at T, times what follows for one who is. A model gives these pieces for one customer; checks, covariates,
// logarithms and threads are here.
//
// Valid input never gives NaN, infinity or a negative number. Tokens: `value.invalid_input` names row, field, found and expected; then `out` is
// as it was. `value.covariates`: those of the fit are missing, or there are others. Any number of threads may use one model. O(customers).
#ifndef RAPPORT_VALUE_PURCHASE_MODEL_HPP_
#define RAPPORT_VALUE_PURCHASE_MODEL_HPP_

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "rapport/core/json.hpp"
#include "rapport/stats/draws.hpp"
#include "rapport/stats/fit_report.hpp"
#include "rapport/value/histories.hpp"

namespace rapport {

class PurchaseModel {
 public:
  virtual ~PurchaseModel() = default;
  virtual std::string_view name() const = 0;                            // "bg_nbd"
  virtual std::vector<stats::NamedNumber> parameters() const = 0;       // in their order, without those of covariates
  // What a covariate does: parameters "transaction.<name>", "dropout.<name>", ... in the order of `processes`, then of columns.
  const std::vector<stats::NamedNumber>& effects() const { return effects_; }
  // Absent where the model was made from parameters.
  const std::optional<stats::FitReport>& report() const { return report_; }

  // ln L of each row. All spans of one length; times from 0 to 1e20.
  absl::Status LogLikelihoodOf(const Histories& rows, std::span<double> out, const PredictOptions& options = {}) const;
  // P(a customer still, `ahead` units after T).
  absl::Status ProbabilityAlive(double ahead, const Histories& rows, std::span<double> out, const PredictOptions& options = {}) const;
  // E of purchases in (T + start, T + start + horizon].
  absl::Status ExpectedPurchases(double horizon, const Histories& rows, double start, std::span<double> out, const PredictOptions& options = {}) const;
  // P(exactly n purchases in (T, T + horizon]), n >= 0. n = 0: the chance of no purchase within the horizon.
  absl::Status PurchaseProbability(std::int64_t n, double horizon, const Histories& rows, std::span<double> out,
                                   const PredictOptions& options = {}) const;
  // E of all purchases after T, each discounted by e^(-rate * time after T): `rate` > 0 is continuous, per unit of time. 10 % a year on weekly data is
  // ln(1.1) / (365.25 / 7) = 0.00183.
  absl::Status ExpectedResidual(double rate, const Histories& rows, std::span<double> out, const PredictOptions& options = {}) const;
  // E of purchases of a new customer within horizon after the first. Without covariates: all of them 0.
  absl::StatusOr<double> ExpectedPurchasesNew(double horizon) const;

  // Customers made by chance from the model, each of the age (and with the covariates) of its row: frequency and recency into the two spans; what rows
  // say of their own frequency and recency does not count. Row i is a function of (seed, i).
  absl::Status Simulate(std::uint64_t seed, const Histories& rows, std::span<double> frequency, std::span<double> recency, int threads = 1) const;

  // The model as JSON; ReadPurchaseModel (models.hpp) and each model's FromJson read it back.
  Json ToJson() const;

 protected:
  // One customer, checked. `shift[i]`: what the covariates of processes()[i] add up to; 0 without.
  struct History {
    double frequency, recency, age;
    std::array<double, 3> shift = {};
  };
  using OfHistory = std::function<double(const History&)>;

  // Names of what covariates may move, at most three; those after the first read Histories::dropout.
  virtual std::span<const std::string_view> processes() const { return {}; }
  // What callers call the age of a row, for errors.
  virtual std::string_view age_name() const { return "age"; }
  // Beyond what holds for all models, of rows and of a horizon, a start, a time ahead (`name`); the defaults ask for nothing.
  virtual absl::Status CheckMore(const Histories& rows) const;
  virtual absl::Status CheckAhead(double time, std::string_view name) const;

  virtual double LogLikelihood(const History& of) const = 0;
  // ln of the chance to be a customer still at T: 0 or less.
  virtual double LogAlive(const History& of) const = 0;
  // The chance itself, 0 where no double is so small; a model that has it without the logarithm says so here.
  virtual double Alive(const History& of) const;
  // For one who is a customer at T: ln of the chance to be one `ahead` later; purchases expected from start to start + horizon; ln of the chance of n purchases
  // within horizon > 0, -infinity where there can be no such number alone; discounted purchases. Each call makes a function for one thread, which may remember
  // what it computed, but whose answers do not depend on what it was asked before.
  virtual OfHistory LogStaysAlive(double ahead) const = 0;
  virtual OfHistory ExpectedWhileAlive(double start, double horizon) const = 0;
  virtual OfHistory LogCountWhileAlive(double n, double horizon) const = 0;
  virtual OfHistory ResidualWhileAlive(double rate) const = 0;

  // One customer of that age by chance: frequency and recency of the result; those of `of` do not count.
  virtual History Draw(const History& of, stats::Draws& draws) const = 0;

  std::vector<stats::NamedNumber> effects_;
  std::optional<stats::FitReport> report_;

 private:
  friend class PurchaseModelRows;
};

}  // namespace rapport

#endif  // RAPPORT_VALUE_PURCHASE_MODEL_HPP_

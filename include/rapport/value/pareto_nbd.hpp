// Floor 3. Pareto/NBD: how often customers buy while they are customers, and when they stop, at any moment and without saying so.
//
// D. C. Schmittlein, D. G. Morrison, R. Colombo (1987), Counting Your Customers: Who Are They and What Will They Do Next?, Management Science
// 33(1), 1-24. While a customer, one buys at a rate lambda ~ Gamma(r, alpha) and stops at a rate mu ~ Gamma(s, beta). Unlike in the BG/NBD, who has
// not bought again may have stopped.
//
//   auto model = ParetoNbd::Fit({frequency, recency, age});
//   model->ExpectedPurchases(52, {frequency, recency, age}, 0, out);    // the coming year; purchase_model.hpp has what can be asked
//
// Covariates move the two rates of each customer: alpha_i = alpha e^-(sum of effect * column), beta_i in the same way (Fader and Hardie 2007,
// Incorporating time-invariant covariates into the Pareto/NBD and BG/NBD models). A positive effect on "transaction" means more purchases, on
// "dropout" a shorter time as a customer.
//
// Valid input never gives NaN, infinity or a negative number; s = 1, beta far above alpha, heavy buyers and long horizons are no exceptions.
// Predictions agree with 60-digit references to 1e-11 relative or better, their logarithms also where the chance is e^-4000.
#ifndef RAPPORT_VALUE_PARETO_NBD_HPP_
#define RAPPORT_VALUE_PARETO_NBD_HPP_

#include <span>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "rapport/core/json.hpp"
#include "rapport/value/purchase_model.hpp"

namespace rapport {

class ParetoNbd final : public PurchaseModel {
 public:
  struct Params {
    double r = 1, alpha = 1, s = 1, beta = 1;   // all from 1e-50 to 1e50; alpha and beta in units of time
    friend bool operator==(const Params&, const Params&) = default;
  };

  // `value.invalid_parameter` names the one out of range.
  static absl::StatusOr<ParetoNbd> Make(const Params& params);

  // Maximum likelihood by Newton's method over log-parameters with analytic gradient and Hessian, from fixed starts. Equal rows are folded into one
  // weighted row; no bit shows the order of rows, nor whether a weight of 2 or two rows said it. `weights` empty: one each; 0 leaves a row out.
  // Columns of `rows.transaction` and `rows.dropout` become effects(), by process, then by name; where one is a constant or a sum of others no errors are
  // made up: the diagnosis names it. Tokens: `value.invalid_input` names row, field, found and expected; `value.covariates` a name that comes twice, or a
  // column so far from 0 that a parameter would leave 1e-50 to 1e50; `value.too_few_customers` without a repeat purchase or without any time.
  // O(n log n) to fold, then O(distinct rows) for each of about ten evaluations: 1e5 distinct rows take about a quarter of a second.
  static absl::StatusOr<ParetoNbd> Fit(const Histories& rows, std::span<const double> weights = {});
  static absl::StatusOr<ParetoNbd> FromJson(const Json& json);

  const Params& params() const { return params_; }
  std::string_view name() const override { return "pareto_nbd"; }
  std::vector<stats::NamedNumber> parameters() const override;

 protected:
  std::span<const std::string_view> processes() const override;
  double LogLikelihood(const History& of) const override;
  double LogAlive(const History& of) const override;
  OfHistory LogStaysAlive(double ahead) const override;
  OfHistory ExpectedWhileAlive(double start, double horizon) const override;
  OfHistory LogCountWhileAlive(double n, double horizon) const override;
  OfHistory ResidualWhileAlive(double rate) const override;
  History Draw(const History& of, stats::Draws& draws) const override;

 private:
  explicit ParetoNbd(const Params& params) : params_(params) {}
  Params params_;
};

}  // namespace rapport

#endif  // RAPPORT_VALUE_PARETO_NBD_HPP_

// Floor 3. BG/NBD: how often customers buy while they are customers, and when they stop without saying so.
//
// P. S. Fader, B. G. S. Hardie, K. L. Lee (2005), "Counting Your Customers" the Easy Way: An Alternative to the Pareto/NBD Model,
// Marketing Science 24(2), 275-284; equation numbers below are theirs. While active a customer buys at a rate lambda ~ Gamma(r, alpha);
// after each repeat purchase the customer stops with chance p ~ Beta(a, b).
//
//   auto model = BgNbd::Fit({frequency, recency, age});
//   model->ExpectedPurchases(52, {frequency, recency, age}, 0, out);    // the coming year; purchase_model.hpp has what can be asked
//
// P(alive) = 1 for one-time buyers is the model's property, not a finding: stopping follows a repeat purchase, so who made none cannot have
// stopped. Expected purchases say more about them: the longer they stayed away, the lower their rate. MBG/NBD (mbg_nbd.hpp) lets them stop.
//
// Valid input never gives NaN, infinity or a negative number; a = 1, a + b < 1, heavy buyers and long horizons are no exceptions.
// Predictions agree with 60-digit references to 1e-11 relative or better; a chance below the smallest double is 0.
#ifndef RAPPORT_VALUE_BG_NBD_HPP_
#define RAPPORT_VALUE_BG_NBD_HPP_

#include <span>

#include "absl/status/statusor.h"
#include "rapport/core/json.hpp"
#include "rapport/value/bg_family.hpp"

namespace rapport {

class BgNbd final : public BgFamily {
 public:
  struct Params {
    double r = 1, alpha = 1, a = 1, b = 1;   // all from 1e-50 to 1e50; alpha in units of time
    friend bool operator==(const Params&, const Params&) = default;
  };

  // `value.invalid_parameter` names the one out of range.
  static absl::StatusOr<BgNbd> Make(const Params& params);

  // Maximum likelihood (eq. 7) by Newton's method over log-parameters with analytic gradient and Hessian, from fixed starts. Equal rows are
  // folded into one weighted row; no bit shows the order of rows, nor whether a weight of 2 or two rows said it. `weights` empty: one
  // each; 0 leaves a row out. Columns of rows.transaction move the rate, those of rows.dropout both a and b (processes "dropout_a", "dropout_b").
  // Where a column is a constant or a sum of others no errors are made up: the diagnosis names it. Tokens: `value.invalid_input` names row, field, found
  // and expected; `value.covariates` a name that comes twice, or a column so far from 0 that a parameter would leave 1e-50 to 1e50;
  // `value.too_few_customers` without a repeat purchase or without any time.
  // O(n log n) to fold, then O(distinct rows) for each of about ten evaluations: 1e6 distinct rows take about a quarter of a second.
  static absl::StatusOr<BgNbd> Fit(const Histories& rows, std::span<const double> weights = {});
  static absl::StatusOr<BgNbd> FromJson(const Json& json);

  Params params() const { return {terms_.r, terms_.alpha, terms_.a, terms_.b}; }

 private:
  explicit BgNbd(Made made);
};

}  // namespace rapport

#endif  // RAPPORT_VALUE_BG_NBD_HPP_

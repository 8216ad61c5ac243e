// Floor 3. BG/BB: purchases at fixed opportunities (a yearly appeal, a weekly round), by customers who stop without saying so.
//
// P. S. Fader, B. G. S. Hardie, J. Shang (2010), "Customer-Base Analysis in a Discrete-Time Noncontractual Setting", Marketing Science 29(6),
// 1086-1108; equation numbers below are theirs. At each opportunity a customer who has not stopped buys with chance p ~ Beta(alpha, beta); before each
// one a customer stops with chance theta ~ Beta(gamma, delta).
//
//   auto model = BgBb::Fit({frequency, recency, opportunities});
//   model->ExpectedPurchases(5, {frequency, recency, opportunities}, 0, out);   // at the next five opportunities
//
// Histories::age is n, the opportunities so far, a whole number up to 1e5; recency is t_x, the number of the last one used; frequency at most t_x. So are horizon,
// start and ahead; others are `value.invalid_input`. P(alive) is the chance of not having stopped at opportunity n, and `ahead` later at n + ahead (eq. 11,
// whose P(alive) at n + 1 is ahead = 1). A discount rate is continuous per opportunity: 0.1 each is rate = ln(1.1).
//
// Long histories cost no more than short ones: the sum over when a customer may have stopped (eq. 4) is a 3F2 at 1, which a transformation of
// Thomae (1879) turns into a series of few terms of one sign. Predictions agree with 40-digit references to 1e-11 relative or better; a chance below
// the smallest double is 0, its logarithm as PredictOptions::log says.
#ifndef RAPPORT_VALUE_BG_BB_HPP_
#define RAPPORT_VALUE_BG_BB_HPP_

#include <span>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "rapport/core/json.hpp"
#include "rapport/value/purchase_model.hpp"

namespace rapport {

class BgBb final : public PurchaseModel {
 public:
  struct Params {
    double alpha = 1, beta = 1, gamma = 1, delta = 1;   // all from 1e-50 to 1e50
    friend bool operator==(const Params&, const Params&) = default;
  };

  // `value.invalid_parameter` names the one out of range.
  static absl::StatusOr<BgBb> Make(const Params& params);

  // Maximum likelihood (eq. 4) by Newton's method over log-parameters with analytic gradient and Hessian, from fixed starts. Equal rows are folded, so no
  // bit shows their order, nor whether a weight of 2 or two rows said it. `weights` empty: one each; 0 leaves a row out. Tokens:
  // `value.invalid_input` names row, field, found and expected; `value.too_few_customers` without a purchase. O(n log n) to fold; then each of about
  // ten evaluations takes O(counts * opportunities + distinct rows * log opportunities).
  static absl::StatusOr<BgBb> Fit(const Histories& rows, std::span<const double> weights = {});
  static absl::StatusOr<BgBb> FromJson(const Json& json);

  const Params& params() const { return params_; }
  std::string_view name() const override { return "bg_bb"; }
  std::vector<stats::NamedNumber> parameters() const override;

 protected:
  std::string_view age_name() const override;
  absl::Status CheckMore(const Histories& rows) const override;
  absl::Status CheckAhead(double time, std::string_view name) const override;
  double LogLikelihood(const History& of) const override;
  double LogAlive(const History& of) const override;
  OfHistory LogStaysAlive(double ahead) const override;
  OfHistory ExpectedWhileAlive(double start, double horizon) const override;
  OfHistory LogCountWhileAlive(double n, double horizon) const override;
  OfHistory ResidualWhileAlive(double rate) const override;
  History Draw(const History& of, stats::Draws& draws) const override;

 private:
  explicit BgBb(const Params& params) : params_(params) {}
  Params params_;
};

}  // namespace rapport

#endif  // RAPPORT_VALUE_BG_BB_HPP_

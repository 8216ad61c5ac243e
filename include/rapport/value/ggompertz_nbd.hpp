// Floor 3. GGompertz/NBD: customers who buy at a steady rate and whose risk to stop grows, or hardly changes, with the time they have been customers.
//
// A. C. Bemmaor, N. Glady (2012), Modeling Purchasing Behavior with Sudden "Death": A Flexible Customer Lifetime Model, Management Science 58(5),
// 1012-1021. While a customer, one buys at a rate lambda ~ Gamma(r, alpha); the time as a customer is Gompertz with one b for all and
// eta ~ Gamma(s, beta), so that P(still a customer at t) = (beta/(beta + e^(bt) - 1))^s. The mean lifetime always exists, unlike that of the Pareto/NBD.
//
//   auto model = GgompertzNbd::Fit({frequency, recency, age});
//   model->ExpectedPurchases(52, {frequency, recency, age}, 0, out);    // the coming year; purchase_model.hpp has what can be asked
//
// With b towards 0 and beta/b held it is the Pareto/NBD: customers whose risk does not grow leave b on that boundary, and the report says so.
// Covariates move the rates of each customer: alpha_i = alpha e^-(sum of effect * column), beta_i in the same way.
//
// Valid input never gives NaN, infinity or a negative number. Likelihood and predictions are integrals over the time of the end, by quadrature to about
// 1e-13 relative.
#ifndef RAPPORT_VALUE_GGOMPERTZ_NBD_HPP_
#define RAPPORT_VALUE_GGOMPERTZ_NBD_HPP_

#include <span>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "rapport/core/json.hpp"
#include "rapport/value/purchase_model.hpp"

namespace rapport {

class GgompertzNbd final : public PurchaseModel {
 public:
  struct Params {
    double r = 1, alpha = 1, b = 1, s = 1, beta = 1;   // all from 1e-50 to 1e50; alpha in units of time, b per unit of time
    friend bool operator==(const Params&, const Params&) = default;
  };

  // `value.invalid_parameter` names the one out of range.
  static absl::StatusOr<GgompertzNbd> Make(const Params& params);

  // Maximum likelihood by Newton's method over log-parameters with analytic gradient and Hessian, from fixed starts; rows, weights, columns and tokens as
  // in ParetoNbd::Fit. O(n log n) to fold, then O(distinct rows) for each of some tens of evaluations: 1e5 distinct rows take some seconds.
  static absl::StatusOr<GgompertzNbd> Fit(const Histories& rows, std::span<const double> weights = {});
  static absl::StatusOr<GgompertzNbd> FromJson(const Json& json);

  const Params& params() const { return params_; }
  std::string_view name() const override { return "ggompertz_nbd"; }
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
  explicit GgompertzNbd(const Params& params) : params_(params) {}
  Params params_;
};

}  // namespace rapport

#endif  // RAPPORT_VALUE_GGOMPERTZ_NBD_HPP_

// Floor 3. NBD: customers who buy at a steady rate and never stop.
//
// A. S. C. Ehrenberg (1959), The Pattern of Consumer Purchases, Applied Statistics 8(1), 26-41. Each customer buys at a rate lambda ~ Gamma(r, alpha), so
// P(x purchases within T) = Gamma(r+x)/(Gamma(r) x!) (alpha/(alpha+T))^r (T/(alpha+T))^x. The plain model beside which those with an end are judged.
//
//   auto model = Nbd::Fit({frequency, recency, age});
//   model->ExpectedPurchases(52, {frequency, recency, age}, 0, out);    // the coming year; purchase_model.hpp has what can be asked
//
// When purchases came says nothing here: recency is read and checked, and not used. The likelihood is that of counts, which has no unit of time; those of
// models with an end are of the moments of purchases, so logarithms of likelihoods are not to be compared between the two. The chance to be a customer
// is 1. Covariates move the rate of each customer: alpha_i = alpha e^-(sum of effect * column of `transaction`); there are none of dropout.
//
// A row with purchases within an age of 0 has no likelihood: `value.invalid_input`.
#ifndef RAPPORT_VALUE_NBD_HPP_
#define RAPPORT_VALUE_NBD_HPP_

#include <span>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "rapport/core/json.hpp"
#include "rapport/value/purchase_model.hpp"

namespace rapport {

class Nbd final : public PurchaseModel {
 public:
  struct Params {
    double r = 1, alpha = 1;   // from 1e-50 to 1e50; alpha in units of time
    friend bool operator==(const Params&, const Params&) = default;
  };

  // `value.invalid_parameter` names the one out of range.
  static absl::StatusOr<Nbd> Make(const Params& params);

  // Maximum likelihood by Newton's method over log-parameters with analytic gradient and Hessian, from fixed starts; rows of one frequency and age are
  // folded into one. Weights, columns and tokens as in ParetoNbd::Fit. O(n log n).
  static absl::StatusOr<Nbd> Fit(const Histories& rows, std::span<const double> weights = {});
  static absl::StatusOr<Nbd> FromJson(const Json& json);

  const Params& params() const { return params_; }
  std::string_view name() const override { return "nbd"; }
  std::vector<stats::NamedNumber> parameters() const override;

 protected:
  std::span<const std::string_view> processes() const override;
  absl::Status CheckMore(const Histories& rows) const override;
  double LogLikelihood(const History& of) const override;
  double LogAlive(const History& of) const override;
  OfHistory LogStaysAlive(double ahead) const override;
  OfHistory ExpectedWhileAlive(double start, double horizon) const override;
  OfHistory LogCountWhileAlive(double n, double horizon) const override;
  OfHistory ResidualWhileAlive(double rate) const override;
  History Draw(const History& of, stats::Draws& draws) const override;

 private:
  explicit Nbd(const Params& params) : params_(params) {}
  Params params_;
};

}  // namespace rapport

#endif  // RAPPORT_VALUE_NBD_HPP_

// Floor 3. Gamma-Gamma: what a customer's purchases are worth on average, of which his own few say only a part.
//
// P. S. Fader, B. G. S. Hardie (2013), "The Gamma-Gamma Model of Monetary Value" (equation numbers below); P. S. Fader, B. G. S. Hardie, K. L. Lee
// (2005), "RFM and CLV: Using Iso-Value Curves for Customer Base Analysis", Journal of Marketing Research 42(4), 415-430. A purchase is worth
// Gamma(p, nu), nu of the customer ~ Gamma(q, gamma); so the mean of x purchases is Gamma(p x, nu x).
//
//   auto spend = GammaGamma::Fit(frequency, monetary);
//   spend->ExpectedValue(frequency, monetary, out);      // one purchase of each customer, in the unit of `monetary`
//
// The model assumes that how much customers spend has nothing to do with how often they buy. SpendCorrelation says how far that holds: beyond 0.3 by
// size, values of heavy and of light buyers are drawn to one mean that neither of them has.
//
// Valid input never gives NaN, infinity or a number of 0 or below. Any number of threads may use one model.
#ifndef RAPPORT_VALUE_GAMMA_GAMMA_HPP_
#define RAPPORT_VALUE_GAMMA_GAMMA_HPP_

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "rapport/core/json.hpp"
#include "rapport/stats/fit_report.hpp"
#include "rapport/value/histories.hpp"

namespace rapport {

class GammaGamma final {
 public:
  struct Params {
    double p = 1, q = 2, gamma = 1;   // all from 1e-50 to 1e50; gamma in units of money
    friend bool operator==(const Params&, const Params&) = default;
  };

  // `value.invalid_parameter` names the one out of range.
  static absl::StatusOr<GammaGamma> Make(const Params& params);

  // Maximum likelihood (eq. 1a) over customers with a repeat purchase; those of frequency 0 are left out, and their `monetary` may be NaN. Newton's
  // method over log-parameters with analytic gradient and Hessian, from fixed starts; equal rows are folded, so no bit shows their order. `weights`
  // empty: one each; 0 leaves a row out. The report counts and weighs the customers that were used. Tokens: `value.invalid_input` names row, field,
  // found and expected: a mean of 0 or below where frequency is above 0, which comes of refunds (Refunds::kExclude drops them, kNet takes a day that
  // brought nothing for no purchase); `value.too_few_customers` where nobody bought again. O(n log n): 1e6 distinct rows take about a second.
  static absl::StatusOr<GammaGamma> Fit(std::span<const double> frequency, std::span<const double> monetary, std::span<const double> weights = {});
  static absl::StatusOr<GammaGamma> FromJson(const Json& json);

  const Params& params() const { return params_; }
  std::string_view name() const { return "gamma_gamma"; }
  std::vector<stats::NamedNumber> parameters() const;   // p, q, gamma
  // Absent where the model was made from parameters.
  const std::optional<stats::FitReport>& report() const { return report_; }
  Json ToJson() const;

  // Mean value of a purchase of each customer (eq. 5): p (gamma + x m) / (p x + q - 1). Where x is 0: the mean over all customers, p gamma / (q - 1).
  // Where p x + q <= 1 there is none, as some customers' spending has no bound: `value.no_mean` names the row. O(1) a row.
  absl::Status ExpectedValue(std::span<const double> frequency, std::span<const double> monetary, std::span<double> out,
                             const PredictOptions& options = {}) const;
  // ln of the density of each mean, in the unit of `monetary`; 0 where frequency is 0, which says nothing.
  absl::Status LogLikelihoodOf(std::span<const double> frequency, std::span<const double> monetary, std::span<double> out,
                               const PredictOptions& options = {}) const;
  // Means made by chance from the model, of `frequency[i]` purchases each: monetary[i], held from 1e-50 to 1e20, and 0 where frequency is 0. Row i is a function of
  // (seed, i), and has nothing to do with purchases that PurchaseModel::Simulate draws by the same seed. O(1) a row.
  absl::Status Simulate(std::uint64_t seed, std::span<const double> frequency, std::span<double> monetary) const;

 private:
  explicit GammaGamma(const Params& params) : params_(params) {}
  Params params_;
  std::optional<stats::FitReport> report_;
};

// Pearson's correlation of frequency and monetary among customers with a repeat purchase, weighted; from -1 to 1. `value.no_correlation` where either
// is the same for all. O(n).
absl::StatusOr<double> SpendCorrelation(std::span<const double> frequency, std::span<const double> monetary, std::span<const double> weights = {});

}  // namespace rapport

#endif  // RAPPORT_VALUE_GAMMA_GAMMA_HPP_

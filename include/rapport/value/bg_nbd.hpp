// Floor 3. BG/NBD: how often customers buy while they are customers, and when they stop without saying so.
//
// P. S. Fader, B. G. S. Hardie, K. L. Lee (2005), "Counting Your Customers" the Easy Way: An Alternative to the Pareto/NBD Model, Marketing Science 24(2). While
// active a customer buys at a rate lambda ~ Gamma(r, alpha); after each purchase the customer stops with chance p ~ Beta(a, b).
// Inputs are counts of rows of `Summarize`: frequency x (a whole number >= 0), recency t_x, age T in one unit of time, 0 <= t_x <= T.
//
//   auto model = BgNbd::Fit(frequency, recency, age);
//   model->ExpectedPurchases(52, frequency, recency, age, out);    // the coming year
//
// A customer with one purchase (x = 0) is certainly active in this model: stopping follows a repeat purchase. That is a property of the model, not a finding.
// Valid input never gives NaN, infinity or a negative expectation; a = 1 and a + b < 1 are no exceptions.
#ifndef RAPPORT_VALUE_BG_NBD_HPP_
#define RAPPORT_VALUE_BG_NBD_HPP_

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "rapport/core/json.hpp"

namespace rapport {

class BgNbd {
 public:
  struct Params {
    double r = 1, alpha = 1, a = 1, b = 1;   // all > 0; alpha in units of time
    friend bool operator==(const Params&, const Params&) = default;
  };
  // What a fit knows beyond its parameters; absent where the model was made from parameters.
  struct FitReport {
    std::optional<Params> standard_errors;                        // from the observed information; absent where it is singular
    std::optional<std::array<std::array<double, 4>, 4>> covariance;  // order r, alpha, a, b
    double log_likelihood = 0;                                    // on the user's scale of time
    double customers = 0;                                         // sum of weights
    bool converged = false;
    std::string diagnosis;                                        // one plain sentence
    double Aic() const { return 8 - 2 * log_likelihood; }
    double Bic() const;
  };

  // `value.invalid_parameter` names the one that is not positive and finite.
  static absl::StatusOr<BgNbd> Make(const Params& params);

  // Maximum likelihood (eq. 6) with analytic gradient, over log-parameters, from fixed starts. Equal rows are folded into one weighted row; the order of
  // rows does not show in any bit. `weights` empty: one each. Tokens: `value.invalid_input` names row, field, found and expected;
  // `value.too_few_customers` without at least one repeat purchase. O(distinct rows) an iteration.
  static absl::StatusOr<BgNbd> Fit(std::span<const double> frequency, std::span<const double> recency, std::span<const double> age,
                                   std::span<const double> weights = {});

  const Params& params() const { return params_; }
  const std::optional<FitReport>& report() const { return report_; }

  // Vectorised over customers; all spans of one length, the result into `out`. `value.invalid_input` as in Fit.
  // ln L of each row (eq. 5).
  absl::Status LogLikelihoodOf(std::span<const double> frequency, std::span<const double> recency, std::span<const double> age,
                               std::span<double> out) const;
  // P(active `ahead` units after T): eq. 7 of the authors' note (2008), times the chance of not stopping meanwhile.
  absl::Status ProbabilityAlive(std::span<const double> frequency, std::span<const double> recency, std::span<const double> age,
                                double ahead, std::span<double> out) const;
  // E of purchases in (T + start, T + start + horizon] (eq. 10, in a form that has no pole at a = 1).
  absl::Status ExpectedPurchases(double horizon, std::span<const double> frequency, std::span<const double> recency,
                                 std::span<const double> age, double start, std::span<double> out) const;
  // P(exactly n purchases within horizon after T).
  absl::Status PurchaseProbability(std::int64_t n, double horizon, std::span<const double> frequency, std::span<const double> recency,
                                   std::span<const double> age, std::span<double> out) const;
  // E of purchases of a new customer within horizon after the first (eq. 9).
  absl::StatusOr<double> ExpectedPurchasesNew(double horizon) const;

  // {"model":"bg_nbd","params":{...}, and of a fit standard_errors, covariance, log_likelihood, aic, bic, customers, converged, diagnosis}
  Json ToJson() const;
  static absl::StatusOr<BgNbd> FromJson(const Json& json);

 private:
  explicit BgNbd(const Params& params) : params_(params) {}
  Params params_;
  std::optional<FitReport> report_;
};

}  // namespace rapport

#endif  // RAPPORT_VALUE_BG_NBD_HPP_

// Floor 3. What a promise kept early or late does to satisfaction.
//
// A logistic curve with a jump at the promise and a slope on either side of it, by maximum likelihood (stats/logistic.hpp):
//
//   logit P(satisfied) = const + late [d < 0] + days_early max(d, 0) + days_late max(-d, 0)
//
// d is the margin in days, positive early; `late` is what the broken word costs by itself, the slopes what each further day gives or costs.
// Nothing is capped: who believes that the hundredth day early is worth nothing caps the days before the fit and before predictions.
//
//   auto response = PromiseResponse::Fit(days_early, satisfied);
//   response->LateToEarlyRatio();     // a late day weighs 9.5 times an early one: 4.4 to 50
//
// Pure; a model never changes after it is made, so any thread may ask it.
#ifndef RAPPORT_EXPECTATION_PROMISE_RESPONSE_HPP_
#define RAPPORT_EXPECTATION_PROMISE_RESPONSE_HPP_

#include <array>
#include <optional>
#include <span>
#include <string>

#include "absl/status/statusor.h"
#include "rapport/core/json.hpp"

namespace rapport {

class PromiseResponse {
 public:
  struct Params {
    double constant = 0, late = 0, days_early = 0, days_late = 0;   // on the logit scale, slopes per day; in JSON `const`, `late`, ...
    friend bool operator==(const Params&, const Params&) = default;
  };
  // In the order const, late, days_early, days_late.
  using Errors = std::array<std::optional<double>, 4>;
  using Covariance = std::array<std::array<double, 4>, 4>;

  struct FitReport {
    // From the observed information. An entry is absent where the coefficient is held: at a bound, or because the rows do not determine it (no
    // promise was late, all were late by the same days). All absent, and no covariance, where yes and no are separated.
    Errors standard_errors;
    std::optional<Covariance> covariance;     // zero for what is held
    double log_likelihood = 0, rows = 0, satisfied = 0;   // the latter two are sums of weights
    bool converged = false;
    bool monotone = false;
    std::string diagnosis;                    // one plain sentence
  };
  struct Options {
    // Late never helps and early never hurts: late <= 0, days_early >= 0, days_late <= 0.
    bool monotone = false;
  };

  // How many early days weigh as much as one late day: -days_late / days_early. The interval is Fieller's (1954, Some Problems in Interval
  // Estimation, JRSS B 16): the ratios q for which days_late + q days_early is not significantly away from 0. Where the interval of days_early
  // itself holds 0 there is no upper end (`high` absent), and `low` is given that early days help at all, absent where it would not be above 0.
  // All absent without a covariance, or where days_early is held or 0.
  struct Ratio {
    std::optional<double> ratio, low, high;
    double level = 0.95;
    friend bool operator==(const Ratio&, const Ratio&) = default;
  };

  // `expectation.invalid_parameter` unless all are finite and at most 1e6 by size.
  static absl::StatusOr<PromiseResponse> Make(const Params& params);
  // `days_early`: finite, at most 1e6 by size, fractions allowed; `satisfied`: 1 or 0, or a share; `weights` empty: one each. Tokens:
  // `expectation.invalid_input` names row, field, found and expected; `expectation.too_few_rows` where no row has a weight. The order of rows shows
  // nowhere. O(n log n), then a few passes over distinct rows: 1e6 rows take about a second.
  static absl::StatusOr<PromiseResponse> Fit(std::span<const double> days_early, std::span<const double> satisfied,
                                             std::span<const double> weights, const Options& options);
  static absl::StatusOr<PromiseResponse> Fit(std::span<const double> days_early, std::span<const double> satisfied, std::span<const double> weights = {}) {
    return Fit(days_early, satisfied, weights, Options());
  }

  const Params& params() const { return params_; }
  const std::optional<FitReport>& report() const { return report_; }

  // P(satisfied) of each margin. `expectation.invalid_input` as in Fit; then `out` is as it was. Both of one length.
  absl::Status Predict(std::span<const double> days_early, std::span<double> out) const;
  // `expectation.invalid_input` unless 0 < level < 1.
  absl::StatusOr<Ratio> LateToEarlyRatio(double level = 0.95) const;

  // {"model":"promise_response","params":{const,late,days_early,days_late}, and of a fit standard_errors, covariance, log_likelihood, rows,
  // satisfied, converged, monotone, diagnosis, late_to_early_ratio}
  Json ToJson() const;
  static absl::StatusOr<PromiseResponse> FromJson(const Json& json);

 private:
  explicit PromiseResponse(const Params& params) : params_(params) {}
  Params params_;
  std::optional<FitReport> report_;
};

}  // namespace rapport

#endif  // RAPPORT_EXPECTATION_PROMISE_RESPONSE_HPP_

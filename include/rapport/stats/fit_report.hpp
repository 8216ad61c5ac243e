// Floor 1. What a fit by maximum likelihood knows beyond its parameters, the same for every model, and how it is written down.
#ifndef RAPPORT_STATS_FIT_REPORT_HPP_
#define RAPPORT_STATS_FIT_REPORT_HPP_

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "rapport/core/json.hpp"
#include "rapport/stats/optimize.hpp"

namespace rapport::stats {

struct NamedNumber {
  std::string name;
  double value = 0;
};

struct FitReport {
  // From the inverse of the observed information, in the order of the parameters and on their own scale. Both empty where it is singular, on a
  // boundary and on a ridge: no number is made up.
  std::vector<double> standard_errors;
  Matrix covariance;
  std::size_t parameters = 0;
  double log_likelihood = 0;   // on the user's scale of time and money
  double customers = 0;        // sum of weights
  bool converged = false;      // no parameters fit better; on a boundary others may fit as well, which `diagnosis` says
  std::string diagnosis;       // one plain sentence: interior, the boundary or ridge, or what is in doubt
  double Aic() const;
  double Bic() const;
};

// Carries the inverse of `hessian` (of minus the log-likelihood by what the search moves) to the parameters, `slopes[i]` = d parameter_i /
// d point_i; at the optimum the gradient has no part in it. Leaves both empty where the Hessian is not positive definite.
void AddErrors(const Matrix& hessian, std::span<const double> slopes, FitReport& report);

// {"model":..., "params":{...}} and of a fit standard_errors, covariance, log_likelihood, aic, bic, customers, converged, diagnosis.
Json::Object FitJson(std::string_view model, std::span<const NamedNumber> params, const std::optional<FitReport>& report);
// Reads what FitJson writes, other members aside: the caller asks `in` for those and for Finish(). Parameters come in the order of `names`.
// Errors "<prefix of in>.*" name the member.
struct ReadFit {
  std::vector<double> params;
  std::optional<FitReport> report;
};
absl::StatusOr<ReadFit> FitFromJson(JsonReader& in, std::string_view model, std::span<const std::string> names);

}  // namespace rapport::stats

#endif  // RAPPORT_STATS_FIT_REPORT_HPP_

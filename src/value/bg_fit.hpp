// Floor 3, inside. Maximum likelihood for the BG family.
#ifndef RAPPORT_SRC_VALUE_BG_FIT_HPP_
#define RAPPORT_SRC_VALUE_BG_FIT_HPP_

#include <optional>
#include <span>

#include "absl/status/statusor.h"
#include "value/bg_likelihood.hpp"
#include "value/covariate_rows.hpp"

namespace rapport {

// r, alpha, a, b of rows checked by CheckBgRows. The density of gaps given x and t_x is left out of the log-likelihood. `value.covariates` as FoldCovariates
// and FitMoved say.
absl::StatusOr<FittedModel> FitBg(const Histories& rows, std::span<const double> weights, const BgForm& form);
// `value.invalid_input`, `value.too_few_customers`.
absl::Status CheckBgRows(const Histories& rows, std::span<const double> weights);

inline constexpr int kMostPhases = 16;   // beyond which products of their weights could leave the range of doubles
// `value.invalid_parameter` unless k is a whole number from 1 to kMostPhases.
absl::Status CheckPhases(int k);
absl::StatusOr<int> PhasesOf(double k);
struct BgRegularFit {
  FittedModel fit;   // without effects
  int k = 0;
};
// With the k given, or the first from which the likelihood falls. Tokens as BgCnbdK::Fit says.
absl::StatusOr<BgRegularFit> FitRegularBg(const Histories& rows, std::span<const double> weights, std::span<const double> log_gaps, std::optional<int> k,
                                          bool stops_at_first);

}  // namespace rapport

#endif  // RAPPORT_SRC_VALUE_BG_FIT_HPP_

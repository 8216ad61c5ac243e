// Floor 3, inside. Maximum likelihood for the BG family.
#ifndef RAPPORT_SRC_VALUE_BG_FIT_HPP_
#define RAPPORT_SRC_VALUE_BG_FIT_HPP_

#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "rapport/stats/fit_report.hpp"
#include "value/bg_likelihood.hpp"
#include "value/likelihood_fit.hpp"

namespace rapport {

struct BgFit {
  LikelihoodFit fit;                        // r, alpha, a, b, then effects
  std::vector<stats::NamedNumber> effects;
};
// Of rows checked by CheckBgRows. The density of gaps given x and t_x is left out of the log-likelihood.
BgFit FitBg(const Histories& rows, std::span<const double> weights, const BgForm& form);
// `value.invalid_input`, `value.covariates`, `value.too_few_customers`.
absl::Status CheckBgRows(const Histories& rows, std::span<const double> weights);

}  // namespace rapport

#endif  // RAPPORT_SRC_VALUE_BG_FIT_HPP_

// Floor 3, inside. The likelihood of the BG family over many customers, with its derivatives.
#ifndef RAPPORT_SRC_VALUE_BG_LIKELIHOOD_HPP_
#define RAPPORT_SRC_VALUE_BG_LIKELIHOOD_HPP_

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "rapport/stats/optimize.hpp"
#include "value/covariate_rows.hpp"
#include "value/history_rows.hpp"

namespace rapport {

// Which member of the family: phases of a gap, and whether the first purchase may be the last.
struct BgForm {
  int k = 1;
  bool stops_at_first = false;
};

// What columns move: alpha_i = alpha e^-shift, a_i = a e^shift, b_i = b e^shift (Fader and Hardie 2007).
inline constexpr MovedParameter kBgMoved[] = {{"transaction", CovariateGroup::kTransaction, 1, -1},
                                              {"dropout_a", CovariateGroup::kDropout, 2, 1},
                                              {"dropout_b", CovariateGroup::kDropout, 3, 1}};

// Minus the log-likelihood (eq. 7 of Fader, Hardie, Lee 2005, and its like) as a function of ln r, ln alpha, ln a, ln b. Infinite where one of them is
// beyond +-60. The density of gaps given x and t_x is left out: it depends on k alone.
class BgLikelihood {
 public:
  // Folded rows; kept by reference.
  explicit BgLikelihood(std::span<const HistoryRow> rows, const BgForm& form = {});
  // Gradient and both triangles of the Hessian are analytic.
  double operator()(std::span<const double> log_params, std::span<double> gradient, stats::Matrix& hessian) const;

 private:
  std::span<const HistoryRow> once_, others_;   // x = 0 where such customers cannot have stopped; all others
  BgForm form_;
};

// The same with covariates: after the four parameters come the effects that `rows` names (kBgMoved).
class BgCovariateLikelihood {
 public:
  // Kept by reference.
  BgCovariateLikelihood(const CovariateRows& rows, const BgForm& form) : rows_(rows), form_(form) {}
  double operator()(std::span<const double> point, std::span<double> gradient, stats::Matrix& hessian) const;

 private:
  const CovariateRows& rows_;
  BgForm form_;
};

}  // namespace rapport

#endif  // RAPPORT_SRC_VALUE_BG_LIKELIHOOD_HPP_

// Floor 3, inside. The likelihood of the BG/NBD over many customers, with its derivatives.
#ifndef RAPPORT_SRC_VALUE_BG_NBD_LIKELIHOOD_HPP_
#define RAPPORT_SRC_VALUE_BG_NBD_LIKELIHOOD_HPP_

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "rapport/stats/optimize.hpp"
#include "value/history_rows.hpp"

namespace rapport {

// Minus the log-likelihood (eq. 7 of Fader, Hardie, Lee 2005) as a function of ln r, ln alpha, ln a, ln b. Infinite where one of them is
// beyond +-60.
class BgNbdLikelihood {
 public:
  // Folded rows; kept by reference.
  explicit BgNbdLikelihood(std::span<const HistoryRow> rows);
  // Gradient and both triangles of the Hessian are analytic.
  double operator()(std::span<const double> log_params, std::span<double> gradient, stats::Matrix& hessian) const;

 private:
  std::span<const HistoryRow> once_, repeated_;   // x = 0 and x > 0
};

}  // namespace rapport

#endif  // RAPPORT_SRC_VALUE_BG_NBD_LIKELIHOOD_HPP_

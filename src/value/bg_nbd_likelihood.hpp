// Floor 3, inside. The likelihood of the BG/NBD over many customers, with its derivatives.
#ifndef RAPPORT_SRC_VALUE_BG_NBD_LIKELIHOOD_HPP_
#define RAPPORT_SRC_VALUE_BG_NBD_LIKELIHOOD_HPP_

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "rapport/stats/optimize.hpp"

namespace rapport {

// Customers who share frequency, recency and age.
struct BgNbdRow {
  double x, t_x, age, weight;
};

// Sorted by x, t_x, age, and equal rows made one, whose weight is their sum: no bit shows the order of customers, nor, where weights are whole
// numbers, how equal ones were counted.
std::vector<BgNbdRow> FoldRows(std::vector<BgNbdRow> rows);

// Minus the log-likelihood (eq. 7 of Fader, Hardie, Lee 2005) as a function of ln r, ln alpha, ln a, ln b. Infinite where one of them is
// beyond +-60.
class BgNbdLikelihood {
 public:
  // Folded rows; kept by reference.
  explicit BgNbdLikelihood(std::span<const BgNbdRow> rows);
  // Gradient and both triangles of the Hessian are analytic.
  double operator()(std::span<const double> log_params, std::span<double> gradient, stats::Matrix& hessian) const;

 private:
  std::span<const BgNbdRow> once_, repeated_;   // x = 0 and x > 0
};

}  // namespace rapport

#endif  // RAPPORT_SRC_VALUE_BG_NBD_LIKELIHOOD_HPP_

// Floor 3, inside. Which boundary or ridge a search over an NBD with a Pareto-like lifetime came to rest on.
#ifndef RAPPORT_SRC_VALUE_LIFETIME_BOUNDARY_HPP_
#define RAPPORT_SRC_VALUE_LIFETIME_BOUNDARY_HPP_

#include <string_view>

#include "rapport/stats/special.hpp"
#include "value/likelihood_fit.hpp"

namespace rapport {

// `beta` in units of about the longest age.
inline std::string_view LifetimeBoundary(double r, double s, double beta) {
  const double stop_by_then = s * stats::Log1p(1 / beta);   // -ln of the share that is left
  if (stop_by_then < 1 / kFarParameter) return "On the boundary: these customers show no stopping, so s and beta are not determined one by one.";
  if (beta < 1 / kFarParameter) return "On the boundary: these customers stop at once or never, so s and beta are not determined one by one.";
  if (r > kFarParameter) return "On the boundary: these customers all buy at one rate, so r and alpha are determined only by their ratio.";
  if (s > kFarParameter || beta > kFarParameter) return "On a ridge: s and beta are determined only by their ratio.";
  return kOnRidge;
}

}  // namespace rapport

#endif  // RAPPORT_SRC_VALUE_LIFETIME_BOUNDARY_HPP_

#include "value/nbd_lifetime.hpp"

#include "rapport/stats/log_chance.hpp"

namespace rapport {

CountTerms CountTermsOf(double x, double r) {
  const double slope = stats::LogRisingSlope(r, x);
  return {x, stats::LogRising(r, x), r * slope, r * (slope + r * stats::LogRisingCurvature(r, x))};
}

double LogNbdChance(double n, double alpha, double k, double t) {
  const double none = -n * stats::Log1p(t / alpha);
  return k == 0 ? none : std::min(0.0, LogWays(n, k) + none + k * stats::LogShare(t, alpha));
}

}  // namespace rapport

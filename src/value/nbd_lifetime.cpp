#include "value/nbd_lifetime.hpp"

namespace rapport {

CountTerms CountTermsOf(double x, double r) {
  const double slope = stats::LogRisingSlope(r, x);
  return {x, stats::LogRising(r, x), r * slope, r * (slope + r * stats::LogRisingCurvature(r, x))};
}

double NbdChance(double n, double alpha, double k, double t) {
  const double none = -n * stats::Log1p(t / alpha);
  if (k == 0) return stats::Exp(none);
  return std::min(1.0, stats::Exp(LogWays(n, k) + none - k * stats::Log1p(alpha / t)));
}

}  // namespace rapport

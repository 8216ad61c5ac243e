// Floor 1. Means over an exponential distribution.
#ifndef RAPPORT_STATS_EXPONENTIAL_MEAN_HPP_
#define RAPPORT_STATS_EXPONENTIAL_MEAN_HPP_

#include <algorithm>

#include "rapport/stats/special.hpp"

namespace rapport::stats {

// The integral of e^(-s) f(s) over s > 0, for f smooth, positive and not growing. By the double exponential rule s = e^(v - e^(-v))
// (Takahasi and Mori 1974), whose weights fall off so fast at both ends that about 65 values of f give 14 digits, also where f falls as a power of
// s from a scale far below 1: then more of them are where it falls.
template <class Function>
double ExponentialMean(const Function& f) {
  constexpr double kStep = 1.0 / 8;
  double sum = 0;
  for (int k = -32; k <= 40; ++k) {
    const double v = k * kStep;
    const double gone = Exp(-v), s = Exp(v - gone);
    const double weight = Exp(-s) * s * (1 + gone);
    if (weight < 1e-300) continue;
    sum += weight * f(s);
  }
  return sum * kStep;
}

}  // namespace rapport::stats

#endif  // RAPPORT_STATS_EXPONENTIAL_MEAN_HPP_

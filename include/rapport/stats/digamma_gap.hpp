// Floor 1. Differences of digamma and trigamma without the cancellation of two large values: relative errors are a few ulp however small h is beside z.
#ifndef RAPPORT_STATS_DIGAMMA_GAP_HPP_
#define RAPPORT_STATS_DIGAMMA_GAP_HPP_

namespace rapport::stats {

// psi(z + h) - psi(z) >= 0 and psi'(z + h) - psi'(z) <= 0 for z > 0, h >= 0 (Abramowitz and Stegun 1964, 6.3.18 and 6.4.12).
double DigammaGap(double z, double h);
double TrigammaGap(double z, double h);

}  // namespace rapport::stats

#endif  // RAPPORT_STATS_DIGAMMA_GAP_HPP_

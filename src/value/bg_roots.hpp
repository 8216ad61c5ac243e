// Floor 3, inside. Purchases with k phases to a gap far ahead: means over the chance to stop, of a closed form.
#ifndef RAPPORT_SRC_VALUE_BG_ROOTS_HPP_
#define RAPPORT_SRC_VALUE_BG_ROOTS_HPP_

#include <span>

#include "value/bg_renewal.hpp"

namespace rapport {

// Expected purchases from `start` to `start + t`, weights[j] that of phase j of the running gap.
double ExpectedByRoots(double start, double t, std::span<const double> weights, const RegularBuyer& of);
// The chance to be active t later.
double StaysActiveByRoots(double t, std::span<const double> weights, const RegularBuyer& of);
// Its logarithm, from those of the weights: relative to the peak over the chance to stop, so that all digits are there however small the chance is; slower.
double LogStaysActiveByRoots(double t, std::span<const double> log_weights, const RegularBuyer& of);

}  // namespace rapport

#endif  // RAPPORT_SRC_VALUE_BG_ROOTS_HPP_

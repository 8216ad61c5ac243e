#include "value/bg_residual.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>

#include "rapport/stats/log_one_plus.hpp"
#include "rapport/stats/special.hpp"
#include "value/bg_renewal.hpp"

namespace rapport {
namespace {

// The sum of weight / (p y + beside) over the nodes p: four sums side by side.
double MeanOfInverse(const stats::MeanNodes& p, double y, double beside) {
  double sum[4] = {0, 0, 0, 0};
  const std::size_t size = p.at.size(), whole = size / 4 * 4;
  for (std::size_t i = 0; i < whole; i += 4) {
    for (std::size_t j = 0; j < 4; ++j) sum[j] += p.weight[i + j] / (p.at[i + j] * y + beside);
  }
  for (std::size_t i = whole; i < size; ++i) sum[0] += p.weight[i] / (p.at[i] * y + beside);
  return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

}  // namespace

// Given rate and chance to stop, a phase is over by e^(-delta t) discounted by y = lambda / (lambda + delta), a purchase comes after k of them and
// the next one with chance 1 - p: from phase j on the sum is y^(k-j) / (1 - (1-p) y^k). Phase j has the weight (u l)^j / j! at the rate l, u the share
// of the time seen since the last purchase. The mean is over both distributions; a factor l of y is given to the Gamma, whose shape then is 1 or more.
double DiscountedPassage::operator()(double x, const ActiveBuyer& of, double since, double least) {
  Slot& slot = slots_[static_cast<std::size_t>(static_cast<std::uint64_t>(x) % kSlots)];
  if (slot.r != of.r || slot.a != of.a || slot.b != of.b || slot.least != least) {
    slot.r = of.r, slot.a = of.a, slot.b = of.b, slot.least = least;
    slot.rates = stats::GammaNodes(of.r + 1, k_ - 1, 1e-16 * rate_ * least);
    slot.stop = stats::BetaNodes(of.a, of.b, 1e-15 * rate_ * least / (of.r + 50));
  }
  const double kappa = rate_ * of.alpha;
  const PhaseSum all = SumOfPhases(of.r, since, k_);
  double sum = 0;
  for (std::size_t i = 0; i < slot.rates.at.size(); ++i) {
    const double l = slot.rates.at[i];
    if (k_ == 1) {
      sum += slot.rates.weight[i] * MeanOfInverse(slot.stop, l, kappa);
      continue;
    }
    const double y = l / (l + kappa), log_y = -stats::LogOnePlus(kappa / l);
    double phases = 0, phase = 1;   // the sum of (u l)^j / j! y^(k-j), over scale^(k-1)
    for (int j = 0; j < k_; phase *= since * l / all.scale / ++j) phases = phases * (y / all.scale) + phase;
    sum += slot.rates.weight[i] / l * phases * y * MeanOfInverse(slot.stop, stats::Exp(k_ * log_y), -stats::Expm1(k_ * log_y));
  }
  return of.r * sum / all.sum;
}

}  // namespace rapport

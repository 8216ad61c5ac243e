#include "value/bg_renewal.hpp"

#include <boost/math/quadrature/gauss.hpp>
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "rapport/stats/log_chance.hpp"
#include "rapport/stats/log_one_plus.hpp"
#include "rapport/stats/special.hpp"
#include "stats/scaled_sum.hpp"
#include "value/bg_roots.hpp"

namespace rapport {
namespace {

using stats::Exp;
using stats::Log;
using stats::LogOnePlus;
using stats::LogRising;

constexpr double kMostLoss = 100;
constexpr double kMostSteps = 50000;
constexpr double kLeastWeight = 1e-300;   // beside 1 at the mode; below, doubles round up and never come to 0
constexpr double kMostTerms = 1e6;   // of sums at one node of each panel
constexpr double kNothing = 1e-18;
constexpr double kLeastStay = 1e-20;   // below, what a mean around the mode leaves out may be more than what it holds

// How far the number of phases within t may be from its mean without being as good as impossible.
double Spread(double r, double w) { return 40 * (1 + w) + 20 * stats::Sqrt(r * w * (1 + w)); }

bool SumServes(double t, const RegularBuyer& of, int k) {
  const double w = t / of.alpha, r = of.r + k;
  return Spread(r, w) < kMostSteps && r * w < 10 * kMostSteps;
}

// The mean of f(N) over N negative binomial: (r)_N / N! z^N (1-z)^r, z = t / (alpha + t), w = t / alpha. f is positive and either grows, no faster than N, or
// falls from f(0). From the mode on in both directions, relative to the weight there.
template <class Function>
double MeanOverPhases(double r, double w, const Function& f) {
  const double z = w / (1 + w);
  const double mode = std::max(0.0, std::floor((r - 1) * w));
  double weights = 0, values = 0;
  const auto add = [&](double n, double weight) {
    const double value = weight * f(static_cast<std::size_t>(n));
    weights += weight;
    values += value;
    return value;
  };
  double weight = 1;
  const double first = f(0);
  for (double n = mode; n >= 0; --n) {
    const double value = add(n, weight);
    if (weight < kNothing * weights && std::max(value, weight * first) <= kNothing * values) break;
    weight *= n / ((r + n - 1) * z);
  }
  weight = (r + mode) / (mode + 1) * z;
  for (double n = mode + 1; weight > kLeastWeight; ++n) {
    const double value = add(n, weight);
    const double ratio = (r + n) / (n + 1) * z;
    if (ratio < 1 && weight < kNothing * weights * (1 - ratio) && value < kNothing * values * (1 - ratio)) break;
    if (n > mode + 60 * kMostSteps) break;
    weight *= ratio;
  }
  return values / weights;
}

}  // namespace

PhaseSum SumOfPhases(double r, double since, int k) {
  const double scale = std::max(1.0, (r + k) * since);
  double term = 1, sum = 1;
  for (int j = 1; j < k; ++j) {
    term *= (r + j - 1) * since / scale / j;
    sum = sum / scale + term;
  }
  return {scale, sum};
}

RenewalsAhead::Slot& RenewalsAhead::SlotOf(double x, const RegularBuyer& of) {
  Slot& slot = slots_[static_cast<std::size_t>(static_cast<std::uint64_t>(x) % kSlots)];
  if (slot.a != of.a || slot.b != of.b) slot = {of.a, of.b, {1}, {0}};
  return slot;
}

void RenewalsAhead::Grow(Slot& slot, std::size_t size) {
  while (slot.survival.size() <= size) {
    const double n = static_cast<double>(slot.survival.size() - 1);
    slot.purchases.push_back(slot.purchases.back() + slot.survival.back());
    slot.survival.push_back(slot.survival.back() * (slot.b + n) / (slot.a + slot.b + n));
  }
}

std::vector<double> RenewalsAhead::PhaseWeights(const RegularBuyer& of) const {
  const PhaseSum all = SumOfPhases(of.r, of.since, k_);
  std::vector<double> weights{1};   // over scale^j, then over scale^(k-1)
  for (int j = 1; j < k_; ++j) weights.push_back(weights.back() * ((of.r + j - 1) * of.since / all.scale / j));
  double below = 1 / all.sum;
  for (int j = k_ - 1; j >= 0; --j, below /= all.scale) weights[static_cast<std::size_t>(j)] *= below;
  return weights;
}

std::vector<double> RenewalsAhead::LogPhaseWeights(const RegularBuyer& of) const {
  const PhaseSum all = SumOfPhases(of.r, of.since, k_);
  std::vector<double> weights{-Log(all.sum) - (k_ - 1) * Log(all.scale)};
  for (int j = 1; j < k_; ++j) weights.push_back(weights.back() + Log((of.r + j - 1) * of.since / j));
  return weights;
}

double RenewalsAhead::ExpectedBySum(double t, Slot& slot, const RegularBuyer& of) const {
  const std::vector<double> phases = PhaseWeights(of);
  double expected = 0;
  for (std::size_t j = 0; j < phases.size(); ++j) {
    expected += phases[j] * MeanOverPhases(of.r + static_cast<double>(j), t / of.alpha, [&](std::size_t n) {
      const std::size_t purchases = (n + j) / static_cast<std::size_t>(k_);
      Grow(slot, purchases);
      return slot.purchases[purchases];
    });
  }
  return expected;
}

// Purchases per unit of time at t: the n-th comes with density (r/alpha) P(N = nk - j - 1), N negative binomial with r + 1, for one active after n - 1.
double RenewalsAhead::DensityBySum(double t, Slot& slot, const RegularBuyer& of) const {
  const std::vector<double> phases = PhaseWeights(of);
  double density = 0;
  for (std::size_t j = 0; j < phases.size(); ++j) {
    const double r = of.r + static_cast<double>(j);
    density += phases[j] * r / of.alpha * MeanOverPhases(r + 1, t / of.alpha, [&](std::size_t n) {
      const std::size_t whole = n + j + 1, purchases = whole / static_cast<std::size_t>(k_);
      Grow(slot, purchases);
      return whole % static_cast<std::size_t>(k_) == 0 ? slot.survival[purchases - 1] : 0;
    });
  }
  return density;
}

double RenewalsAhead::Expected(double start, double t, double x, const RegularBuyer& of) {
  if (t <= 0) return 0;
  Slot& slot = SlotOf(x, of);
  const std::vector<double> phases = PhaseWeights(of);
  if (!SumServes(start + t, of, k_)) return ExpectedByRoots(start, t, phases, of);
  const double until_end = ExpectedBySum(start + t, slot, of);
  if (start <= 0 || until_end == 0) return until_end;
  const double within = until_end - ExpectedBySum(start, slot, of);
  if (within * kMostLoss > until_end) return within;
  // Little of what comes until the end comes within: its density is smooth there, the more so the later.
  const double panels = std::ceil(stats::LogOnePlus(t / (of.alpha + start)) * std::max(4.0, stats::Sqrt(of.r)));
  if (panels > 40 || panels * k_ * Spread(of.r + k_, (start + t) / of.alpha) > kMostTerms) return ExpectedByRoots(start, t, phases, of);
  double sum = 0;
  for (double i = 0; i < panels; ++i) {
    const double from = start + t * (i / panels), to = start + t * ((i + 1) / panels);
    sum += boost::math::quadrature::gauss<double, 15>::integrate([&](double at) { return DensityBySum(at, slot, of); }, from, to);
  }
  return sum;
}

double RenewalsAhead::LogStaysActive(double t, double x, const RegularBuyer& of) {
  if (t <= 0) return 0;
  Slot& slot = SlotOf(x, of);
  const std::vector<double> phases = PhaseWeights(of);
  double stays = 0;
  for (std::size_t j = 0; j < phases.size() && SumServes(t, of, k_); ++j) {
    stays += phases[j] * MeanOverPhases(of.r + static_cast<double>(j), t / of.alpha, [&](std::size_t n) {
      const std::size_t purchases = (n + j) / static_cast<std::size_t>(k_);
      Grow(slot, purchases);
      return slot.survival[purchases];
    });
  }
  if (!SumServes(t, of, k_)) stays = StaysActiveByRoots(t, phases, of);
  return stays > kLeastStay ? std::min(0.0, Log(stays)) : LogStaysActiveByRoots(t, LogPhaseWeights(of), of);
}

// n purchases and active after each: between nk and (n+1)k - 1 phases, those of the running gap included; or stopped at the n-th: nk phases or more.
double RenewalsAhead::LogCount(double n, double t, const RegularBuyer& of) const {
  constexpr double kNever = -std::numeric_limits<double>::infinity();
  if (t <= 0) return n == 0 ? 0 : kNever;
  const std::vector<double> log_weights = LogPhaseWeights(of);
  const double w = t / of.alpha, z = t / (of.alpha + t), log_z = stats::LogShare(t, of.alpha);
  const double log_goes_on = LogRising(of.b, n) - LogRising(of.a + of.b, n);
  const double log_stops = n == 0 ? kNever : Log(of.a) + LogRising(of.b, n - 1) - LogRising(of.a + of.b, n);
  double chance = kNever;
  for (int j = 0; j < k_; ++j) {
    const double r = of.r + j, least = n * k_ - j, from = std::max(least, 0.0);
    const double log_first = log_goes_on + LogRising(r, from) - LogRising(1, from) + from * log_z - r * LogOnePlus(w);
    stats::ScaledSum sum;
    for (int i = 0; i < k_ + std::min(least, 0.0); ++i) sum.Next((r + from + i) / (from + i + 1) * z);   // counted, as 1 more than 2^53 is the same number
    const double exactly = log_first + sum.LogSum();
    const double either = n == 0 ? exactly : stats::LogAdd(exactly, log_stops + stats::LogIncompleteBeta(least, r, t, of.alpha));
    chance = stats::LogAdd(chance, log_weights[static_cast<std::size_t>(j)] + either);
  }
  return std::min(0.0, chance);
}

}  // namespace rapport

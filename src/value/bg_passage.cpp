#include "value/bg_passage.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

#include "rapport/stats/beta_mean.hpp"
#include "rapport/stats/log_chance.hpp"
#include "rapport/stats/log_one_plus.hpp"
#include "rapport/stats/special.hpp"

namespace rapport {
namespace {

using stats::BetaMeanOfPassage;
using stats::Exp;
using stats::Log;
using stats::LogOnePlus;
using stats::LogRising;

// A series is given up where quadrature is as quick or where its terms cancel so far that digits are lost.
constexpr int kMostTerms = 2500;
constexpr double kMostLoss = 100;
constexpr double kMostLossOfWindow = 20;   // on top of it
constexpr double kLeastScale = 1e-250;
constexpr double kNothing = 1e-16;
constexpr int kBlock = 8;

// The sum of c[k] z^k over k < 8 blocks: eight sums in z^8 that run side by side, put together at the end.
double Polynomial(const double* c, int blocks, double z) {
  const double z2 = z * z, z4 = z2 * z2, z8 = z4 * z4;
  double s[kBlock];
  const double* block = c + static_cast<std::ptrdiff_t>(blocks - 1) * kBlock;
  for (int i = 0; i < kBlock; ++i) s[i] = block[i];
  while (block != c) {
    block -= kBlock;
    for (int i = 0; i < kBlock; ++i) s[i] = s[i] * z8 + block[i];
  }
  return ((s[0] + s[1] * z) + (s[2] + s[3] * z) * z2) + ((s[4] + s[5] * z) + (s[6] + s[7] * z) * z2) * z4;
}

double PolynomialOfSizes(const double* c, int blocks, double z) {
  double sum = 0;
  for (int k = blocks * kBlock; k-- > 0;) sum = sum * z + std::abs(c[k]);
  return sum;
}

}  // namespace

// Eq. 10 of Fader, Hardie, Lee (2005) is ((a+b-1)/(a-1)) (1 - (1-z)^r 2F1(r, b; a+b-1; z)), z = t/(alpha+t). Euler's transformation turns
// (1-z)^r 2F1(r, b; c; z) into (1-z)^(a-1) 2F1(c-r, a-1; c; z), c = a+b-1; the factor (a-1)/c then leaves every term but the first, and the poles at
// a = 1 and c = 0 with it. With d = c - r
//   E = -c Expm1((a-1) ln(1-z)) / (a-1) - (1-z)^(a-1) sum_{k>=1} (d)_k (a)_{k-1} / ((c+1)_{k-1} k!) z^k.
void PassageSeries::Start(double r, double a, double b) {
  a_ = a;
  sum_ = a + b;
  c_ = (a - 1) + b;
  d_ = c_ - r;
  next_ = d_;
  scale_of_rest_ = std::abs(c_) + std::abs(d_);   // times z no more than the larger of E's two parts
  one_sign_ = d_ >= -1;
  exhausted_ = false;
  last_ = 0;
  coefficients_.clear();
  limits_.clear();
}

// Beyond N terms the sum is at most the next one times 1 / (1 - q z), q the ratio of coefficients or 1. That is nothing beside E as long as
// |next| z^N / (1 - q z) is nothing beside |c| + |d|: a bound on z which grows with N.
void PassageSeries::Grow() {
  for (int i = 0; i < kBlock; ++i) {
    const double k = static_cast<double>(coefficients_.size() + 1);
    coefficients_.push_back(next_);
    next_ *= Ratio(k);
  }
  const double terms = static_cast<double>(coefficients_.size()), size = std::abs(next_);
  exhausted_ = coefficients_.size() >= kMostTerms || !(size < 1e280);
  double limit = 1;
  if (size > 0) {
    const double q = std::max(1.0, std::abs(Ratio(terms + 1))), room = Log(kNothing * scale_of_rest_ / size);
    const double most = std::min(Exp(room / terms), (1 - 1 / terms) / q);
    limit = std::min(most, Exp((room + Log(1 - q * most)) / terms));
  }
  limits_.push_back(limits_.empty() ? limit : std::max(limit, limits_.back()));
}

int PassageSeries::BlocksFor(double z) {
  while (limits_.empty() || limits_.back() < z) {
    if (exhausted_) return -1;
    Grow();
  }
  std::size_t i = static_cast<std::size_t>(last_);   // where the one before came to rest is near
  while (limits_[i] < z) ++i;
  while (i > 0 && limits_[i - 1] >= z) --i;
  last_ = static_cast<int>(i);
  return last_ + 1;
}

double PassageSeries::At(double t, double alpha) {
  const double w = t / alpha, z = t / (alpha + t);
  const double log_left = -LogOnePlus(w), power = (a_ - 1) * log_left;   // ln(1 - z), and of it to the power a - 1
  const double scale = Exp(power);
  if ((1 + w) * 40 > kMostTerms || scale < kLeastScale) return -1;
  const int blocks = BlocksFor(z);
  if (blocks < 0) return -1;
  const double first = std::abs(power) > 0.04 ? -c_ * ((scale - 1) / (a_ - 1)) : -c_ * stats::Expm1Over(a_ - 1, log_left);
  const double rest = scale * z * Polynomial(coefficients_.data(), blocks, z);
  const double sizes = one_sign_ ? std::abs(rest) : scale * z * PolynomialOfSizes(coefficients_.data(), blocks, z);
  const double expected = first - rest;
  return expected * kMostLoss > std::abs(first) + sizes ? expected : -1;
}

double ExpectedPassage::operator()(double x, const ActiveBuyer& of) {
  if (t_ <= 0) return 0;
  Slot& slot = slots_[static_cast<std::size_t>(static_cast<std::uint64_t>(x) % kSlots)];
  if (slot.r != of.r || slot.a != of.a || slot.b != of.b) {
    slot.r = of.r, slot.a = of.a, slot.b = of.b;
    slot.series.Start(of.r, of.a, of.b);
    slot.pieces = {};
  }
  if (!alike_ || of.r > kMostPieced) return Directly(slot, of);
  return slot.pieces.At(of.alpha, [&](double alpha) { return Directly(slot, {of.r, alpha, of.a, of.b}); });
}

double ExpectedPassage::Directly(Slot& slot, const ActiveBuyer& of) const {
  const double until_end = slot.series.At(start_ + t_, of.alpha);
  if (until_end >= 0) {
    if (start_ <= 0) return until_end;
    const double before = slot.series.At(start_, of.alpha);
    if (before >= 0 && (until_end - before) * kMostLossOfWindow > until_end) return until_end - before;
  }
  return BetaMeanOfPassage(of.a, of.b, of.r, start_ / of.alpha, t_ / of.alpha);
}

// E[(1 + p w)^(-r)], w = t/alpha, which is 2F1(r, a; a+b; -w), by Pfaff's transformation (1+w)^(-a) 2F1(a+b-r, a; a+b; w/(1+w)).
double LogStaysActive(double t, const ActiveBuyer& of) {
  if (t <= 0) return 0;
  const double w = t / of.alpha, z = t / (of.alpha + t);
  const double log_scale = -of.a * LogOnePlus(w);
  if ((1 + w) * 40 < kMostTerms && Exp(log_scale) > kLeastScale) {
    const stats::Series f = stats::Hypergeometric(of.a + of.b - of.r, of.a, of.a + of.b, z, kMostTerms);
    if (f.complete && f.sum * kMostLoss > f.largest) return std::min(0.0, Log(f.sum) + log_scale);
  }
  return stats::LogBetaMeanOfDecay(of.a, of.b, of.r, w);
}

// Eq. 8.
double LogCountWhileActive(double n, double t, const ActiveBuyer& of) {
  if (t <= 0) return n == 0 ? 0 : -std::numeric_limits<double>::infinity();
  const double none = -of.r * LogOnePlus(t / of.alpha);
  if (n == 0) return none;
  // n purchases and active after each; or active after n - 1 of them, stopped at the n-th, which came within t.
  const double log_goes_on = LogRising(of.b, n) - LogRising(of.a + of.b, n) + LogRising(of.r, n) - LogRising(1, n) + none + n * stats::LogShare(t, of.alpha);
  const double log_stops = Log(of.a) + LogRising(of.b, n - 1) - LogRising(of.a + of.b, n);
  return std::min(0.0, stats::LogAdd(log_goes_on, log_stops + stats::LogIncompleteBeta(n, of.r, t, of.alpha)));
}

}  // namespace rapport

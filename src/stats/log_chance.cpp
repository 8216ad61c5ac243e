#include "rapport/stats/log_chance.hpp"

#include <algorithm>
#include <cmath>

#include "rapport/stats/beta_mean.hpp"
#include "rapport/stats/special.hpp"

namespace rapport::stats {
namespace {

constexpr double kLogNothing = -39.2;   // ln 1e-17
constexpr double kNothing = 1e-17;

// ln(rest + share e^d), share + rest = 1.
double LogMixed(double share, double rest, double d) {
  if (d > 600) return Log(share) + d;
  const double moved = share * Expm1(d);
  return moved > -0.5 ? Log1p(moved) : Log(rest + share * Exp(d));
}

// The logarithm of what is integrated, at a distance d from the logit at which the density of the logit is highest, relative to that density.
class Tilted {
 public:
  using Function = std::function<double(double, double)>;
  Tilted(double a, double b, const Function& f) : a_(a), b_(b), p_(a / (a + b)), q_(b / (a + b)), middle_(Log(a) - Log(b)), f_(f) {}

  double operator()(double d) const {
    const double weight = -a_ * LogMixed(q_, p_, -d) - b_ * LogMixed(p_, q_, d);
    return f_ ? weight + f_(LogP(d), LogQ(d)) : weight;
  }
  double LogP(double d) const { return -SoftPlus(-(middle_ + d)); }
  double LogQ(double d) const { return -SoftPlus(middle_ + d); }
  // Where it is highest. Where two places are alike, the left one is taken: a right end falls, if only by b.
  double Peak() const {
    constexpr double kGolden = 0.6180339887498949, kFarthest = 900;
    double low = -kFarthest - middle_, high = kFarthest - middle_;
    double left = high - kGolden * (high - low), right = low + kGolden * (high - low), at_left = (*this)(left), at_right = (*this)(right);
    for (int i = 0; i < 64; ++i) {
      if (at_left >= at_right) {
        high = right, right = left, at_right = at_left;
        at_left = (*this)(left = high - kGolden * (high - low));
      } else {
        low = left, left = right, at_left = at_right;
        at_right = (*this)(right = low + kGolden * (high - low));
      }
    }
    return (low + high) / 2;
  }

 private:
  double a_, b_, p_, q_, middle_;
  const Function& f_;
};

// Terms from the peak in one direction, relative to e^top. `end`: by what power of e^d they fall at the end, where `flat` holds.
template <class Flat>
double SumTowards(const Tilted& of, double peak, double step, double top, double end, const Flat& flat) {
  constexpr int kMost = 2'000'000;
  const double rest = 1 / Expm1(end * std::abs(step));   // of a geometric sum, in units of its last term
  double sum = 0, before = 1;
  for (int k = 1; k < kMost; ++k) {
    const double d = peak + k * step, term = Exp(of(d) - top);
    sum += term;
    if (flat(d)) return sum + term * rest;
    const double ratio = term / before;
    if (term == 0 || (ratio < 1 && term * std::max(rest, 1 / (1 - ratio)) < kNothing * (1 + sum))) break;
    before = term;
  }
  return sum;
}

// ln of the integral over the logit.
double LogIntegral(double a, double b, double flat_p, double flat_q, const Tilted::Function& f) {
  const Tilted of(a, b, f);
  const double peak = of.Peak(), top = of(peak);
  double step = 0.25;
  while (step > 1e-12 && 2 * top - of(peak + step) - of(peak - step) > 0.2) step /= 2;   // 0.45 standard deviations
  const double left = SumTowards(of, peak, -step, top, a, [&](double d) { return of.LogP(d) < std::min(flat_p, kLogNothing - Log(std::max(b, 1.0))); });
  const double right = SumTowards(of, peak, step, top, b, [&](double d) { return of.LogQ(d) < std::min(flat_q, kLogNothing - Log(std::max(a, 1.0))); });
  return top + Log(step * (1 + left + right));
}

}  // namespace

double LogShare(double t, double alpha) {
  const double odds = alpha / t;
  return std::isfinite(odds) ? -Log1p(odds) : Log(t) - Log(alpha);
}

double LogIncompleteBeta(double a, double b, double t, double alpha) {
  const double x = t / (t + alpha);
  if (const double plain = IncompleteBeta(a, b, x); plain > kLeastChance) return Log(plain);
  constexpr double kTiny = 1e-300;
  constexpr int kMost = 1'000'000;
  const auto held = [&](double v) { return std::abs(v) < kTiny ? kTiny : v; };
  double c = 1, d = 1 / held(1 - (a + b) * x / (a + 1)), fraction = d;
  for (int m = 1; m < kMost; ++m) {
    const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)), odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / held(1 + even * d);
    c = held(1 + even / c);
    fraction *= d * c;
    d = 1 / held(1 + odd * d);
    c = held(1 + odd / c);
    fraction *= d * c;
    if (std::abs(d * c - 1) < 1e-16) break;
  }
  return a * LogShare(t, alpha) - b * Log1p(t / alpha) - LogBeta(a, b) - Log(a) + Log(fraction);
}

double LogBetaMean(double a, double b, double flat_p, double flat_q, const std::function<double(double, double)>& f) {
  return std::min(0.0, LogIntegral(a, b, flat_p, flat_q, f) - LogIntegral(a, b, 0, 0, nullptr));
}

double LogBetaMeanOfDecay(double a, double b, double r, double w) {
  if (const double mean = BetaMeanOfDecay(a, b, r, w); mean > kLeastChance) return Log(mean);
  const double log_w = Log(w);
  return LogBetaMean(a, b, kLogNothing - Log(r) - log_w, kLogNothing - Log(std::max(r, 1.0)), [=](double log_p, double) { return -r * SoftPlus(log_p + log_w); });
}

}  // namespace rapport::stats

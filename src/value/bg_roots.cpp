#include "value/bg_roots.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>

#include "rapport/stats/beta_mean.hpp"
#include "rapport/stats/log_chance.hpp"
#include "rapport/stats/log_one_plus.hpp"
#include "rapport/stats/special.hpp"
#include "stats/scaled_sum.hpp"

namespace rapport {
namespace {

using Complex = std::complex<double>;
using stats::Exp;
using stats::LogOnePlus;

constexpr int kPowers = 60;   // beyond which q^n is nothing for q < 1/2
constexpr double kPi = 3.14159265358979323846;

// (1 + c w)^(-r), the real part of c not below 0.
Complex Decay(Complex c, double w, double r) {
  const double x = c.real() * w, y = c.imag() * w;
  const double log_size = x < 1e100 && std::abs(y) < 1e100 ? LogOnePlus(x * (2 + x) + y * y) / 2 : stats::Log(std::abs(c)) + stats::Log(w);
  const double size = stats::Sqrt((1 + x) * (1 + x) + y * y), angle = stats::Asin(std::clamp(size < 1e150 ? y / size : c.imag() / std::abs(c), -1.0, 1.0));
  const double left = Exp(-r * log_size);
  return left == 0 ? Complex(0) : Complex(left * stats::Cos(r * angle), -left * stats::Sin(r * angle));
}

// Of one chance p to stop: the k-th roots x of q = 1 - p, and c = 1 - x. Conjugate pairs are named once and count twice.
struct Root {
  Complex x, c;
  double times;
};
std::vector<Root> RootsOf(double p, int k) {
  const double log_x = stats::Log1p(-p) / k, size = Exp(log_x), gone = -stats::Expm1(log_x);
  std::vector<Root> roots{{size, gone, 1}};
  for (int l = 1; 2 * l <= k; ++l) {
    const double angle = 2 * kPi * l / k, half = stats::Sin(angle / 2);
    const Complex turn(2 * l == k ? -1 : stats::Cos(angle), 2 * l == k ? 0 : stats::Sin(angle));
    roots.push_back({size * turn, Complex(gone + size * 2 * half * half, -size * turn.imag()), 2 * l == k ? 1.0 : 2.0});
  }
  return roots;
}

// The chance of at least n purchases within w for n = 1.., were nobody to stop; of phase j.
std::array<double, kPowers> AtLeast(int j, int k, double w, const RegularBuyer& of) {
  std::array<double, kPowers> chances;
  for (int n = 1; n <= kPowers; ++n) chances[static_cast<std::size_t>(n - 1)] = stats::IncompleteBeta(n * k - j, of.r + j, w > 1e300 ? 1 : w / (1 + w));
  return chances;
}

// The chance of exactly n, n = 0...
std::array<double, kPowers> Exactly(int j, int k, double w, const RegularBuyer& of) {
  std::array<double, kPowers> chances;
  const double r = of.r + j;
  double term = Exp(-r * LogOnePlus(w));   // of the number of phases, from 0 on
  const double z = w / (1 + w);
  int phases = 0;
  for (int n = 0; n < kPowers; ++n) {
    double& chance = chances[static_cast<std::size_t>(n)] = 0;
    for (; phases < (n + 1) * k - j; ++phases) {
      chance += term;
      term *= (r + phases) / (phases + 1) * z;
    }
  }
  return chances;
}

double Polynomial(const std::array<double, kPowers>& c, double q) {
  double sum = 0;
  for (std::size_t n = kPowers; n-- > 0;) sum = sum * q + c[n];
  return sum;
}

}  // namespace

// The n-th purchase, in phases: number nk - j. Those with chances q^(n-1), as a function of time s in units of 1/lambda, come at the rate
//   (1/k) sum over x of x^(j+1) / q e^(-c s):
// the roots pick every k-th term out of an exponential series. Over lambda ~ Gamma(r + j, alpha), e^(-c s) becomes (1 + c w)^(-r-j).
double ExpectedByRoots(double start, double t, std::span<const double> weights, const RegularBuyer& of) {
  const int k = static_cast<int>(weights.size());
  const double from = start / of.alpha, to = (start + t) / of.alpha;
  std::vector<std::array<double, kPowers>> early;
  for (int j = 0; j < k; ++j) {
    early.push_back(AtLeast(j, k, to, of));
    if (start <= 0) continue;
    const std::array<double, kPowers> before = AtLeast(j, k, from, of);
    for (std::size_t n = 0; n < kPowers; ++n) early.back()[n] = std::max(0.0, early.back()[n] - before[n]);
  }
  const stats::MeanNodes nodes = stats::BetaNodes(of.a, of.b, 1e-15 / (1 + (of.r + k) * to / k));
  double mean = 0;
  for (std::size_t i = 0; i < nodes.at.size(); ++i) {
    const double p = nodes.at[i], q = 1 - p;
    double purchases = 0;
    if (q < 0.5) {
      for (std::size_t j = 0; j < weights.size(); ++j) purchases += weights[j] * Polynomial(early[j], q);
    } else {
      for (const Root& root : RootsOf(p, k)) {
        Complex before = start > 0 ? Decay(root.c, from, of.r) : 1.0, after = Decay(root.c, to, of.r), power = root.x / (q * k) / root.c;
        const double small = root.c.real() * (to - from) / (1 + root.c.real() * from);
        for (std::size_t j = 0; j < weights.size(); ++j) {
          // Near p = 0 the first root's difference is of two numbers near 1.
          const bool near = root.c.imag() == 0 && small < 0.1;
          const Complex passed = near ? before * -stats::Expm1(-(of.r + static_cast<double>(j)) * LogOnePlus(small)) : before - after;
          purchases += root.times * weights[j] * (power * passed).real();
          before /= start > 0 ? 1.0 + root.c * from : Complex(1);
          after /= 1.0 + root.c * to;
          power *= root.x;
        }
      }
    }
    mean += nodes.weight[i] * std::max(0.0, purchases);
  }
  return mean;
}

// By the same device the chance to be active is (1/k) sum over x and i < k of x^(j-i) e^(-c s).
double StaysActiveByRoots(double t, std::span<const double> weights, const RegularBuyer& of) {
  const int k = static_cast<int>(weights.size());
  const double w = t / of.alpha;
  std::vector<std::array<double, kPowers>> early;
  for (int j = 0; j < k; ++j) early.push_back(Exactly(j, k, w, of));
  const stats::MeanNodes nodes = stats::BetaNodesFarDown(of.a, of.b, (of.r + k) * w);
  double mean = 0;
  for (std::size_t i = 0; i < nodes.at.size(); ++i) {
    const double p = nodes.at[i], q = 1 - p;
    double active = 0;
    if (q < 0.5) {
      for (std::size_t j = 0; j < weights.size(); ++j) active += weights[j] * Polynomial(early[j], q);
    } else {
      for (const Root& root : RootsOf(p, k)) {
        Complex left = Decay(root.c, w, of.r), power = 0, term = 1.0 / static_cast<double>(k);
        for (int back = 0; back < k; ++back, term /= root.x) power += term;   // of phase 0: x^0 + ... + x^(1-k)
        for (const double weight : weights) {
          active += root.times * weight * (power * left).real();
          left /= 1.0 + root.c * w;
          power *= root.x;
        }
      }
    }
    mean += nodes.weight[i] * std::clamp(active, 0.0, 1.0);
  }
  return mean;
}

namespace {

// ln of the chance to be active of phase j at one chance p to stop, ln(1 - p) = log_q: the sum over phases n that end within w, negative binomial, of q to
// the power of the purchases these make.
double LogActiveBySum(int j, int k, double w, double log_q, const RegularBuyer& of) {
  constexpr int kMost = 1'000'000;
  constexpr double kNothing = 1e-17;
  const double r = of.r + j, z = w / (1 + w), q = Exp(log_q);
  stats::ScaledSum sum;
  for (int n = 0; n < kMost; ++n) {
    const double each = (r + n) / (n + 1) * z;
    const bool purchase = (n + 1 + j) % k == 0;
    sum.Next(purchase ? each * q : each);
    if (!purchase) continue;
    const double per_purchase = Exp(k * stats::Log(each) + log_q), highest = std::max(1.0, Exp((k - 1) * stats::Log(each)));
    if (per_purchase < 1 && sum.Term() * k * highest <= kNothing * (1 - per_purchase) * sum.Sum()) break;
  }
  return sum.LogSum() - r * LogOnePlus(w);
}

// The same by roots, relative to the real one: with x that and u = w x / (1 + w (1 - x)), 1 + c w is 1 + u (1 - e^(i angle)) times what it is there.
double LogActiveByRoots(int j, int k, double w, double log_x, const RegularBuyer& of) {
  const double r = of.r + j, x = Exp(log_x), gone = -stats::Expm1(log_x), u = w * x / (1 + w * gone);
  double sum = 0;
  for (int l = 0; 2 * l <= k; ++l) {
    const double angle = 2 * kPi * l / k, half = stats::Sin(angle / 2), apart = 2 * half * half;   // 1 - cos
    const double log_size = stats::Log1p(2 * u * (1 + u) * apart) / 2, turned = stats::Sin(angle) * u / Exp(log_size);
    if (r * log_size > 50) continue;
    Complex power = 0;
    for (int i = 0; i < k; ++i) power += Exp((j - i) * log_x) * Complex(stats::Cos((j - i) * angle), stats::Sin((j - i) * angle));
    const double phase = r * stats::Asin(std::clamp(turned, -1.0, 1.0));
    sum += (l == 0 || 2 * l == k ? 1 : 2) * Exp(-r * log_size) * (power * Complex(stats::Cos(phase), stats::Sin(phase))).real();
  }
  return stats::Log(std::max(sum, 0.0) / k) - r * LogOnePlus(w * gone);
}

}  // namespace

double LogStaysActiveByRoots(double t, std::span<const double> log_weights, const RegularBuyer& of) {
  constexpr double kLogNothing = -39.2, kLongSum = 3000;
  const int k = static_cast<int>(log_weights.size());
  const double w = t / of.alpha, flat_p = kLogNothing - stats::Log((of.r + k) * w), flat_q = kLogNothing - k * stats::Log(of.r + 2 * k);
  return stats::LogBetaMean(of.a, of.b, flat_p, flat_q, [&](double, double log_q) {
    const double log_x = log_q / k, mean = of.r * w * Exp(log_x) / (1 - w * stats::Expm1(log_x));   // of phases that end while active
    const bool few = mean + 20 * stats::Sqrt(mean * (1 + mean / of.r)) < kLongSum;
    double log_active = -INFINITY;
    for (int j = 0; j < k; ++j) {
      const double one = few ? LogActiveBySum(j, k, w, log_q, of) : LogActiveByRoots(j, k, w, log_x, of);
      log_active = stats::LogAdd(log_active, log_weights[static_cast<std::size_t>(j)] + one);
    }
    return std::min(log_active, 0.0);
  });
}

}  // namespace rapport

#include "value/bg_roots.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>

#include "rapport/stats/beta_mean.hpp"
#include "rapport/stats/log_one_plus.hpp"
#include "rapport/stats/special.hpp"

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

}  // namespace rapport

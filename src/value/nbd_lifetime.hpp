// Floor 3, inside. What the models share in which customers buy by an NBD until a lifetime ends that nobody sees.
//
// While a customer, purchases come at a rate lambda ~ Gamma(r, alpha); P(still a customer at t) = S(t), f = -S'. With n = r + x
//   L = Gamma(r+x)/Gamma(r) alpha^r (alpha+T)^(-n) S(T) (1 + A),   A = integral over t_x < tau < T of ((alpha+T)/(alpha+tau))^n f(tau)/S(T)
// (Schmittlein, Morrison, Colombo 1987, with the time of the end not yet integrated out). A are the odds that the customer has stopped, so
// P(alive) = 1/(1 + A). A and its derivatives come from one quadrature: those of the integrand are the integrand times moments.
#ifndef RAPPORT_SRC_VALUE_NBD_LIFETIME_HPP_
#define RAPPORT_SRC_VALUE_NBD_LIFETIME_HPP_

#include <algorithm>
#include <array>
#include <cstddef>

#include "rapport/stats/special.hpp"
#include "value/history_rows.hpp"

namespace rapport {

// One row's ln L, its gradient and the upper triangle of its Hessian (row by row), by the logarithms of P parameters.
template <std::size_t P>
struct RowTerms {
  static constexpr std::size_t kSecond = P * (P + 1) / 2;
  double value = 0;
  std::array<double, P> gradient{};
  std::array<double, kSecond> hessian{};
  // Place of (i, j), i <= j, in `hessian`.
  static constexpr std::size_t At(std::size_t i, std::size_t j) { return i * (2 * P - i + 1) / 2 + (j - i); }
};

// The part that depends on the count alone, by ln r: equal for all rows of one x.
struct CountTerms {
  double x = -1, value = 0, slope = 0, curvature = 0;
};
CountTerms CountTermsOf(double x, double r);

// The parameters of buying are the first two of every model here.
inline constexpr std::size_t kLogR = 0, kLogAlpha = 1;

// Adds ln of Gamma(r+x)/Gamma(r) alpha^r (alpha+T)^(-r-x).
template <std::size_t P>
void AddPurchases(const CountTerms& count, double age, double r, double alpha, RowTerms<P>& to) {
  const double n = r + count.x, grown = stats::Log1p(age / alpha), end = alpha + age;
  const double passed = age / end, left = alpha / end;
  to.value += count.value - r * grown - (count.x == 0 ? 0 : count.x * stats::Log(end));
  to.gradient[kLogR] += count.slope - r * grown;
  to.gradient[kLogAlpha] += r * passed - count.x * left;
  to.hessian[RowTerms<P>::At(kLogR, kLogR)] += count.curvature - r * grown;
  to.hessian[RowTerms<P>::At(kLogR, kLogAlpha)] += r * passed;
  to.hessian[RowTerms<P>::At(kLogAlpha, kLogAlpha)] -= n * left * passed;
}

// ln A with the moments that its derivatives are made of: under the integrand as a density of tau, phi its logarithm (of f/S(T) and the power).
template <std::size_t P>
struct LogOdds {
  double value = 0;
  std::array<double, P> mean{};                           // of the derivatives of phi: the gradient of ln A
  std::array<double, RowTerms<P>::kSecond> curvature{};   // of their derivatives, plus their covariances: the Hessian of ln A
};

// Adds ln(1 + A).
template <std::size_t P>
void AddStopped(const LogOdds<P>& odds, RowTerms<P>& to) {
  const double stopped = stats::Logistic(odds.value), alive = stats::Logistic(-odds.value);
  to.value += stats::SoftPlus(odds.value);
  std::size_t next = 0;
  for (std::size_t i = 0; i < P; ++i) {
    to.gradient[i] += stopped * odds.mean[i];
    for (std::size_t j = i; j < P; ++j, ++next) to.hessian[next] += stopped * (odds.curvature[next] + alive * odds.mean[i] * odds.mean[j]);
  }
}

// ln of the NBD's chance of k purchases within t at rates Gamma(n, alpha), without the power of t / (alpha + t): Gamma(n+k) / (Gamma(n) k!).
inline double LogWays(double n, double k) { return stats::LogRising(n, k) - stats::LogRising(1, k); }
// ln of the chance itself, t > 0.
double LogNbdChance(double n, double alpha, double k, double t);

// What covariates do to a parameter of time: alpha_i = alpha e^-shift, held where no formula leaves the range of doubles.
inline double Shifted(double parameter, double shift) {
  return shift == 0 ? parameter : std::clamp(parameter * stats::Exp(std::clamp(-shift, -300.0, 300.0)), 1e-100, 1e100);
}

// Purchases at `rate` until the end of the lifetime or of the age: how many (at most kMostDrawn) and when the last one was.
template <class Draws>
void DrawPurchases(double rate, double until, Draws& draws, double& frequency, double& recency) {
  frequency = recency = 0;
  while (frequency < kMostDrawn) {
    const double next = recency + draws.Exponential() / rate;
    if (!(next <= until)) break;
    recency = next;
    frequency += 1;
  }
}

}  // namespace rapport

#endif  // RAPPORT_SRC_VALUE_NBD_LIFETIME_HPP_

#include "rapport/stats/special.hpp"

#include <boost/math/policies/policy.hpp>
#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <algorithm>
#include <cmath>
#include <limits>

namespace rapport::stats {
namespace {

using namespace boost::math::policies;
// No throwing, and no long double: results must not depend on its width.
using Policy = policy<domain_error<ignore_error>, pole_error<ignore_error>, overflow_error<ignore_error>,
                      evaluation_error<ignore_error>, promote_double<false>>;

// Stirling's remainder ln Γ(x) - ((x - 1/2) ln x - x + ln(2π)/2) for x >= 10 (Abramowitz and Stegun 1964, 6.1.41).
double StirlingRemainder(double x) {
  const double y = 1 / (x * x);
  return (1.0 / 12 - y * (1.0 / 360 - y * (1.0 / 1260 - y * (1.0 / 1680 - y * (1.0 / 1188 - y * 691.0 / 360360))))) / x;
}

}  // namespace

double Exp(double x) { return std::exp(x); }
double Expm1(double x) { return std::expm1(x); }
double Log(double x) { return std::log(x); }
double Log1p(double x) { return std::log1p(x); }
double LogGamma(double x) { return boost::math::lgamma(x, Policy()); }
double Digamma(double x) { return boost::math::digamma(x, Policy()); }
double LogBeta(double a, double b) { return a >= b ? LogGamma(b) - LogRising(a, b) : LogGamma(a) - LogRising(b, a); }

double LogRising(double x, double n) {
  if (n == std::floor(n) && n <= 16) {
    double product = 1;
    for (int i = 0; i < static_cast<int>(n); ++i) product *= x + i;
    return std::log(product);
  }
  if (x + n < 20) return LogGamma(x + n) - LogGamma(x);
  // Both ends are brought to where Stirling's series holds to the last digit.
  double below = 1;
  const double end = x + n;
  for (; x < 10; x += 1) below *= x;
  const double rest = end - x;
  return (x - 0.5) * std::log1p(rest / x) + rest * (std::log(end) - 1) + StirlingRemainder(end) - StirlingRemainder(x) +
         std::log(below);
}

double LogAdd(double a, double b) {
  const double high = std::max(a, b), low = std::min(a, b);
  if (low == -std::numeric_limits<double>::infinity()) return high;
  return high + std::log1p(std::exp(low - high));
}

double Expm1Over(double c, double y) {
  const double cy = c * y;
  if (std::abs(cy) < 1e-5) return y * (1 + cy / 2 * (1 + cy / 3 * (1 + cy / 4)));
  return std::expm1(cy) / c;
}

double IncompleteBeta(double a, double b, double x) { return boost::math::ibeta(a, b, x, Policy()); }

double Hypergeometric(double a, double b, double c, double z, double* log_scale) {
  constexpr double kHuge = 0x1p900;
  constexpr int kMostTerms = 20'000'000;
  *log_scale = 0;
  double term = 1, sum = 1, lost = 0;
  for (int k = 0; k < kMostTerms; ++k) {
    term *= (a + k) * (b + k) / ((c + k) * (1.0 + k)) * z;
    if (term == 0) break;
    const double next = sum + term;
    lost += std::abs(sum) >= std::abs(term) ? (sum - next) + term : (term - next) + sum;
    sum = next;
    if (std::abs(sum) > kHuge) {
      sum /= kHuge;
      term /= kHuge;
      lost /= kHuge;
      *log_scale += 900 * 0.69314718055994530942;
    }
    // The terms that follow shrink at least by z a step once the ratio has settled.
    const double ratio = std::abs((a + k + 1) * (b + k + 1) / ((c + k + 1) * (2.0 + k))) * z;
    if (ratio < 1 && std::abs(term) * std::max(ratio, z) < 1e-17 * std::abs(sum) * (1 - std::max(ratio, z))) break;
  }
  return sum + lost;
}

void BlockedSum::Add(double term) {
  block_ += term;
  if (++in_block_ < kBlock) return;
  const double next = blocks_ + block_;
  lost_ += std::abs(blocks_) >= std::abs(block_) ? (blocks_ - next) + block_ : (block_ - next) + blocks_;
  blocks_ = next;
  block_ = 0;
  in_block_ = 0;
}

double BlockedSum::Total() const { return blocks_ + block_ + lost_; }

}  // namespace rapport::stats

#include "rapport/stats/special.hpp"

#include <boost/math/policies/policy.hpp>
#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/erf.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <boost/math/special_functions/trigamma.hpp>
#include <algorithm>
#include <cmath>
#include <limits>

namespace rapport::stats {
namespace {

using namespace boost::math::policies;
// No throwing, and no long double: results must not depend on its width.
using Policy = policy<domain_error<ignore_error>, pole_error<ignore_error>, overflow_error<ignore_error>, evaluation_error<ignore_error>,
                      rounding_error<ignore_error>, indeterminate_result_error<ignore_error>, promote_double<false>>;

// Below this a rising factorial is multiplied out: no logarithm loses digits to another.
constexpr double kFewFactors = 16;
// Up to this, products of kFewFactors factors stay within doubles.
constexpr double kLargeFactor = 1e15;

// Stirling's remainder ln Γ(x) - ((x - 1/2) ln x - x + ln(2π)/2) for x >= 10 (Abramowitz and Stegun 1964, 6.1.41).
double StirlingRemainder(double x) {
  const double y = 1 / (x * x);
  return (1.0 / 12 - y * (1.0 / 360 - y * (1.0 / 1260 - y * (1.0 / 1680 - y * (1.0 / 1188 - y * 691.0 / 360360))))) / x;
}

// From here on the series of digamma and trigamma hold to the last digit (Abramowitz and Stegun 1964, 6.3.18 and 6.4.12); their differences are then taken
// term by term, as those of the functions would keep no digits where x is far above n.
constexpr double kSeriesHolds = 20;

// Digamma less ln x - 1/(2x), and trigamma less 1/x + 1/(2x^2).
double DigammaRemainder(double x) {
  const double y = 1 / x / x;
  return -y * (1.0 / 12 - y * (1.0 / 120 - y * (1.0 / 252 - y * (1.0 / 240 - y / 132))));
}
double TrigammaRemainder(double x) {
  const double y = 1 / x / x;
  return y / x * (1.0 / 6 - y * (1.0 / 30 - y * (1.0 / 42 - y * (1.0 / 30 - y * 5 / 66))));
}

// Adds terms with Neumaier's correction and keeps what Series reports.
class Terms {
 public:
  explicit Terms(double first) : sum_(first), largest_(std::abs(first)) {}
  void Add(double term) {
    const double next = sum_ + term;
    const double size = std::abs(term);
    lost_ += std::abs(sum_) >= size ? (sum_ - next) + term : (term - next) + sum_;
    sum_ = next;
    largest_ = std::max(largest_, size);
  }
  double size() const { return std::abs(sum_); }
  Series Done(bool complete) const { return {sum_ + lost_, largest_, complete}; }

 private:
  double sum_, largest_, lost_ = 0;
};

// Whether all terms after `term` are below 1e-17 of `whole`, when each is at most `ratio` or, later, z of the one before.
bool RestIsNothing(double term, double ratio, double z, double whole) {
  const double shrink = std::max(std::abs(ratio), z);
  return shrink < 1 && std::abs(term) * shrink <= 1e-17 * whole * (1 - shrink);
}

}  // namespace

double Exp(double x) { return std::exp(x); }
double Exp2(double x) { return std::exp2(x); }
double Expm1(double x) { return std::expm1(x); }
double Log(double x) { return std::log(x); }
double Log2(double x) { return std::log2(x); }
double Log1p(double x) { return std::log1p(x); }
double Sqrt(double x) { return std::sqrt(x); }
double Sin(double x) { return std::sin(x); }
double Cos(double x) { return std::cos(x); }
double Asin(double x) { return std::asin(x); }
double LogGamma(double x) { return boost::math::lgamma(x, Policy()); }
double Digamma(double x) { return boost::math::digamma(x, Policy()); }
double Trigamma(double x) { return boost::math::trigamma(x, Policy()); }
double LogBeta(double a, double b) { return a >= b ? LogGamma(b) - LogRising(a, b) : LogGamma(a) - LogRising(b, a); }

double LogRising(double x, double n) {
  if (n == std::floor(n) && n <= kFewFactors && x < kLargeFactor) {
    double product = 1;
    for (int i = 0; i < static_cast<int>(n); ++i) product *= x + i;
    return Log(product);
  }
  if (x + n < 20) return LogGamma(x + n) - LogGamma(x);
  // Both ends are brought to where Stirling's series holds to the last digit.
  double below = 1, rest = n;
  const double end = x + n;
  for (; x < 10; x += 1, rest -= 1) below *= x;
  return (x - 0.5) * Log1p(rest / x) + rest * (Log(end) - 1) + StirlingRemainder(end) - StirlingRemainder(x) + Log(below);
}

double LogRisingSlope(double x, double n) {
  if (n > kFewFactors && x >= kSeriesHolds) return Log1p(n / x) + n / x / (x + n) / 2 + DigammaRemainder(x + n) - DigammaRemainder(x);
  if (n > kFewFactors) return Digamma(x + n) - Digamma(x);
  double sum = 0;
  for (int i = static_cast<int>(n) - 1; i >= 0; --i) sum += 1 / (x + i);
  return sum;
}

double LogRisingCurvature(double x, double n) {
  if (n > kFewFactors && x >= kSeriesHolds) {
    const double end = x + n;
    return -n / x / end * (1 + (1 / x + 1 / end) / 2) + TrigammaRemainder(end) - TrigammaRemainder(x);
  }
  if (n > kFewFactors) return Trigamma(x + n) - Trigamma(x);
  double sum = 0;
  for (int i = static_cast<int>(n) - 1; i >= 0; --i) sum -= 1 / ((x + i) * (x + i));
  return sum;
}

double Logistic(double x) {
  const double e = Exp(-std::abs(x));
  return x >= 0 ? 1 / (1 + e) : e / (1 + e);
}

double SoftPlus(double x) { return std::max(x, 0.0) + Log1p(Exp(-std::abs(x))); }

double LogAdd(double a, double b) {
  const double high = std::max(a, b), low = std::min(a, b);
  if (low == -std::numeric_limits<double>::infinity()) return high;
  return high + Log1p(Exp(low - high));
}

double Expm1Over(double c, double y) {
  const double cy = c * y;
  if (std::abs(cy) < 1e-5) return y * (1 + cy / 2 * (1 + cy / 3 * (1 + cy / 4)));
  return Expm1(cy) / c;
}

double IncompleteBeta(double a, double b, double x) { return boost::math::ibeta(a, b, x, Policy()); }
double IncompleteBetaInverse(double a, double b, double p) { return boost::math::ibeta_inv(a, b, p, Policy()); }
double NormalCdf(double x) { return boost::math::erfc(-x / Sqrt(2.0), Policy()) / 2; }
double NormalQuantile(double p) { return -Sqrt(2.0) * boost::math::erfc_inv(2 * p, Policy()); }

Series Hypergeometric(double a, double b, double c, double z, int most_terms) {
  double term = 1;
  Terms terms(term);
  double ratio = a * b / c * z;
  for (int k = 1; k < most_terms; ++k) {
    term *= ratio;
    terms.Add(term);
    ratio = (a + k) * (b + k) / ((c + k) * (1.0 + k)) * z;
    if (term == 0 || RestIsNothing(term, ratio, z, terms.size())) return terms.Done(true);
  }
  return terms.Done(false);
}

}  // namespace rapport::stats

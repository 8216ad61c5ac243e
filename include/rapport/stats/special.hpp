// Floor 1. The one place through which formulas reach transcendental functions.
//
// Other compilers and libms differ in the last bits of exp, log, sin and lgamma; everything that a model computes goes through here, so there is
// one place to look and one to change. Results do not depend on long double. Errors are relative and a few ulp where nothing else is said.
#ifndef RAPPORT_STATS_SPECIAL_HPP_
#define RAPPORT_STATS_SPECIAL_HPP_

namespace rapport::stats {

double Exp(double x);
double Exp2(double x);                // exact at whole x
double Expm1(double x);
double Log(double x);
double Log2(double x);
double Log1p(double x);
double Sqrt(double x);
double Sin(double x);                 // radians
double Cos(double x);
double Asin(double x);                // -1 <= x <= 1
double LogGamma(double x);             // x > 0
double Digamma(double x);              // x > 0
double Trigamma(double x);             // x > 0
double LogBeta(double a, double b);    // a, b > 0
// ln Γ(x + n) - ln Γ(x) for x > 0, n >= 0 without the cancellation of two large values.
double LogRising(double x, double n);
// Its first two derivatives by x for a whole n >= 0: sums of 1 / (x + i) and of -1 / (x + i)^2 over i < n.
double LogRisingSlope(double x, double n);
double LogRisingCurvature(double x, double n);
// 1 / (1 + e^-x) and ln(1 + e^x), at every x without overflow.
double Logistic(double x);
double SoftPlus(double x);
// ln(e^a + e^b); -infinity is a zero.
double LogAdd(double a, double b);
// Expm1(c y) / c, its limit y at c = 0.
double Expm1Over(double c, double y);
// The regularised incomplete beta function I_x(a, b); a, b > 0, 0 <= x <= 1.
double IncompleteBeta(double a, double b, double x);
// The x at which it is p: the quantile of Beta(a, b); 0 <= p <= 1.
double IncompleteBetaInverse(double a, double b, double p);
// The standard normal distribution and its quantile, 0 < p < 1.
double NormalCdf(double x);
double NormalQuantile(double p);

// A sum of a series. `largest` is the largest of its terms by size: largest / |sum| is the factor by which rounding errors grew.
// `complete` is false where the sum was given up after `most_terms`.
struct Series {
  double sum = 0;
  double largest = 0;
  bool complete = false;
};

// Gauss' 2F1(a, b; c; z) by its series, until what follows is below 1e-17 of the sum; c > 0, 0 <= z < 1. O(1 / (1 - z)) terms.
// Euler's and Pfaff's transformations (Abramowitz and Stegun 1964, 15.3.3 to 15.3.5) bring other arguments here.
Series Hypergeometric(double a, double b, double c, double z, int most_terms);

}  // namespace rapport::stats

#endif  // RAPPORT_STATS_SPECIAL_HPP_

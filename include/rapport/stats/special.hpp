// Floor 1. The one place through which formulas reach transcendental functions.
//
// Other compilers and libms differ in the last bits of exp, log and lgamma; everything that a model computes goes through here, so there is
// one place to look and one to change. Results do not depend on long double. Errors are relative and stated where larger than a few ulp.
#ifndef RAPPORT_STATS_SPECIAL_HPP_
#define RAPPORT_STATS_SPECIAL_HPP_

namespace rapport::stats {

double Exp(double x);
double Expm1(double x);
double Log(double x);
double Log1p(double x);
double LogGamma(double x);             // x > 0
double Digamma(double x);              // x > 0
double LogBeta(double a, double b);    // a, b > 0
// ln Γ(x + n) - ln Γ(x) for x > 0, n >= 0 without the cancellation of two large values.
double LogRising(double x, double n);
// ln(e^a + e^b); -infinity is a zero.
double LogAdd(double a, double b);
// Expm1(c y) / c, its limit y at c = 0.
double Expm1Over(double c, double y);
// The regularised incomplete beta function I_x(a, b); a, b > 0, 0 <= x <= 1.
double IncompleteBeta(double a, double b, double x);
// Gauss' 2F1(a, b; c; z) for 0 <= z < 1 by its series, summed until terms fall below 1e-17 of the sum; c > 0. A factor that grows beyond doubles is kept in `log_scale`:
// the function is result * e^log_scale. O(1 / (1 - z)) terms.
double Hypergeometric(double a, double b, double c, double z, double* log_scale);

// Adds in fixed blocks, so that a sum does not depend on how its terms were grouped by the caller, and keeps the rounding error of a pairwise sum.
class BlockedSum {
 public:
  void Add(double term);
  double Total() const;

 private:
  static constexpr int kBlock = 128;
  double block_ = 0;
  int in_block_ = 0;
  double blocks_ = 0;
  double lost_ = 0;   // Neumaier's correction of the sum of blocks
};

}  // namespace rapport::stats

#endif  // RAPPORT_STATS_SPECIAL_HPP_

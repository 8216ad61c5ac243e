// Floor 1. Logarithms of chances that are too small for a double: of what is below 1e-308 the logarithm is an ordinary number, and is computed without it.
#ifndef RAPPORT_STATS_LOG_CHANCE_HPP_
#define RAPPORT_STATS_LOG_CHANCE_HPP_

#include <functional>

namespace rapport::stats {

// Below this a chance is computed by its logarithm; above, all its digits are there.
inline constexpr double kLeastChance = 1e-280;

// ln(t / (t + alpha)) for t, alpha > 0, also where alpha / t is beyond a double.
double LogShare(double t, double alpha);

// ln of I_x(a, b), the regularised incomplete beta function at x = t / (t + alpha), a and b > 0. Far below the mean by its continued fraction (W. J. Lentz 1976;
// NIST DLMF 8.17.22), O(sqrt(a)) at worst.
double LogIncompleteBeta(double a, double b, double t, double alpha);

// ln E[e^f] over p ~ Beta(a, b), a and b from 1e-50 to 1e60. `f` reads ln p and ln(1 - p), falls with p, is as good as constant where ln p < flat_p and where
// ln(1 - p) < flat_q, and e^f times the density of the logit of p has one peak. By the trapezoidal rule on the logit around that peak, relative to its height; ends
// on which nothing changes are geometric sums. A few hundred calls of f; beside |ln E| the error is a few 1e-14.
double LogBetaMean(double a, double b, double flat_p, double flat_q, const std::function<double(double log_p, double log_q)>& f);

// ln E[(1 + p w)^(-r)], r as a and b, w from 0 to 1e80.
double LogBetaMeanOfDecay(double a, double b, double r, double w);

}  // namespace rapport::stats

#endif  // RAPPORT_STATS_LOG_CHANCE_HPP_

// Floor 1. Means over a Beta distribution, for where no series converges or its terms cancel.
//
// By the trapezoidal rule on the logit of p: the integrand is positive, smooth and falls off exponentially, so the rule converges
// exponentially (Trefethen and Weideman 2014); the ends, where p or 1 - p is below the last digit, are geometric sums in closed form.
// a, b and r are from 1e-50 to 1e60, w, from and width from 0 to 1e80. The relative error is a few 1e-14 and grows with the square root of the
// smaller of a and b; where both are above 1e10 the distribution is taken for a point. About 200 terms, at most 1e5 where a and r w are above 1e5
// and b is small.
#ifndef RAPPORT_STATS_BETA_MEAN_HPP_
#define RAPPORT_STATS_BETA_MEAN_HPP_

namespace rapport::stats {

// E[(1 + p w)^(-r)] over p ~ Beta(a, b), w >= 0: from 0 to 1.
double BetaMeanOfDecay(double a, double b, double r, double w);
// E[((1 + p from)^(-r) - (1 + p (from + width))^(-r)) / p] over p ~ Beta(a, b), from and width >= 0. At p = 0 the function is
// r width. Never negative.
double BetaMeanOfPassage(double a, double b, double r, double from, double width);

}  // namespace rapport::stats

#endif  // RAPPORT_STATS_BETA_MEAN_HPP_

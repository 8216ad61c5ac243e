// Floor 1. Means over a Beta distribution, for where no series converges or its terms cancel.
//
// By the trapezoidal rule on the logit of p: the integrand is positive, smooth and falls off exponentially, so the rule converges
// exponentially (Trefethen and Weideman 2014); the ends, where p or 1 - p is below the last digit, are geometric sums in closed form.
// a, b and r are from 1e-50 to 1e60, w, from and width from 0 to 1e80. The relative error is a few 1e-14 and grows with the square root of the
// smaller of a and b; where both are above 1e10 the distribution is taken for a point. About 200 terms, at most 1e5 where a and r w are above 1e5
// and b is small.
#ifndef RAPPORT_STATS_BETA_MEAN_HPP_
#define RAPPORT_STATS_BETA_MEAN_HPP_

#include <vector>

namespace rapport::stats {

// E[(1 + p w)^(-r)] over p ~ Beta(a, b), w >= 0: from 0 to 1.
double BetaMeanOfDecay(double a, double b, double r, double w);
// E[((1 + p from)^(-r) - (1 + p (from + width))^(-r)) / p] over p ~ Beta(a, b), from and width >= 0. At p = 0 the function is
// r width. Never negative.
double BetaMeanOfPassage(double a, double b, double r, double from, double width);

// Where to ask a function, and with what weights, for its mean over a distribution; the weights add up to 1.
struct MeanNodes {
  std::vector<double> at, weight;
};
// Over p ~ Beta(a, b), for functions that fall with p no faster than 1/p, do not change beneath `flat_below`, and have no pole but at p < 0. To about
// 1e-13 in 20 to 150 nodes of ordinary a, b and flat_below.
MeanNodes BetaNodes(double a, double b, double flat_below);
// The same for functions that fall with p as (1 + p pull / r)^(-r) does, however far: nodes as far down as there is any weight.
MeanNodes BetaNodesFarDown(double a, double b, double pull);
// Over y ~ Gamma(shape, 1), shape >= 1, for functions that grow no faster than y^power, fall no faster than 1/y, do not change beneath
// `flat_below`, and have no pole but at y < 0. About 70 nodes at most.
MeanNodes GammaNodes(double shape, double power, double flat_below);

}  // namespace rapport::stats

#endif  // RAPPORT_STATS_BETA_MEAN_HPP_

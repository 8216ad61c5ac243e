// Floor 3, inside. A lifetime that ends at a rate mu ~ Gamma(s, beta): S(t) = (beta/(beta+t))^s, the Pareto distribution of the second kind.
#ifndef RAPPORT_SRC_VALUE_PARETO_LIFETIME_HPP_
#define RAPPORT_SRC_VALUE_PARETO_LIFETIME_HPP_

#include "value/nbd_lifetime.hpp"

namespace rapport {

// Parameters in the order of the model's: r, alpha, s, beta.
struct ParetoParams {
  double r, alpha, s, beta;
};

// ln of the odds that a customer with this history has stopped; -infinity where T = t_x.
double ParetoLogOdds(const ParetoParams& p, double x, double t_x, double age);
// ln L with derivatives by the logarithms of r, alpha, s, beta.
RowTerms<4> ParetoTerms(const CountTerms& count, double t_x, double age, const ParetoParams& p);

// For one who is a customer now, at rates Gamma(n, alpha) and Gamma(s, beta).
struct ParetoNow {
  double n, alpha, s, beta;
};
// ln of the chance of k purchases within t > 0.
double ParetoLogCount(const ParetoNow& now, double k, double t);
// The integral of e^(-rate t) S(t) over t > 0: beta e^y E_s(y), y = rate beta (Fader, Hardie, Lee 2005, RFM and CLV).
double ParetoDiscounted(double s, double beta, double rate);

}  // namespace rapport

#endif  // RAPPORT_SRC_VALUE_PARETO_LIFETIME_HPP_

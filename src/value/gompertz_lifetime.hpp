// Floor 3, inside. A lifetime whose risk grows with time: F(t | eta) = 1 - exp(-eta (e^(bt) - 1)), eta ~ Gamma(s, beta), hence
// S(t) = (beta/(beta + e^(bt) - 1))^s, the Gamma/Gompertz distribution (Bemmaor and Glady 2012, eq. 4). With b towards 0 and beta/b held it is Pareto.
#ifndef RAPPORT_SRC_VALUE_GOMPERTZ_LIFETIME_HPP_
#define RAPPORT_SRC_VALUE_GOMPERTZ_LIFETIME_HPP_

#include "value/nbd_lifetime.hpp"

namespace rapport {

// Parameters in the order of the model's: r, alpha, b, s, beta.
struct GompertzParams {
  double r, alpha, b, s, beta;
};

// ln of the odds that a customer with this history has stopped; -infinity where T = t_x.
double GompertzLogOdds(const GompertzParams& p, double x, double t_x, double age);
// ln L with derivatives by the logarithms of r, alpha, b, s, beta.
RowTerms<5> GompertzTerms(const CountTerms& count, double t_x, double age, const GompertzParams& p);
// -ln S(t).
double GompertzLogLost(const GompertzParams& p, double t);

// For one who is a customer at T, of the rate of buying Gamma(n, alpha), which is not that of the parameters.
struct GompertzNow {
  double n, alpha;
  GompertzParams p;
  double age;
};
// ln of the chance to stay until t.
double GompertzLogStays(const GompertzNow& now, double t);
// The integral of S(T + tau)/S(T) e^(-rate tau) over 0 < tau < t.
double GompertzStay(const GompertzNow& now, double t, double rate);
// ln of the chance of k purchases within t > 0.
double GompertzLogCount(const GompertzNow& now, double k, double t);

}  // namespace rapport

#endif  // RAPPORT_SRC_VALUE_GOMPERTZ_LIFETIME_HPP_

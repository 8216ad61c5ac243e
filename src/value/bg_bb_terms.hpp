// Floor 3, inside. Sums and products of the BG/BB over opportunities.
#ifndef RAPPORT_SRC_VALUE_BG_BB_TERMS_HPP_
#define RAPPORT_SRC_VALUE_BG_BB_TERMS_HPP_

#include "absl/status/status.h"
#include "rapport/value/bg_bb.hpp"
#include "rapport/value/histories.hpp"

namespace rapport {

inline constexpr std::string_view kOpportunities = "opportunities";   // what callers call the age
inline constexpr std::string_view kCountOfOpportunities = "a whole number of opportunities, at most 100000";
bool IsCountOfOpportunities(double n);   // n >= 0
// Whole numbers within their bounds; `CheckRows` has passed.
absl::Status CheckOpportunities(const Histories& rows);

// ln of the product over i < m of (b + i) / (b + c + i); b > 0, c >= 0, m >= 0 whole.
double LogRisingRatio(double b, double c, double m);

// ln of the chance of these x purchases by opportunity t_x and of stopping right after opportunity i = t_x (the term i = t_x of eq. 4; the sum runs to n - 1).
double LogStoppedAfterLast(const BgBb::Params& p, double x, double t_x);
// ln of the chance of x purchases, in their order, and of not stopping until n.
double LogNeverStopped(const BgBb::Params& p, double x, double n);
// ln of the odds that a customer with n > t_x has stopped.
double LogOddsStopped(const BgBb::Params& p, double x, double t_x, double n);

// The sum over j = 1 .. h of (d)_j / (gamma + d)_j: opportunities to come, of h, at which a customer is there who has seen delta + n = d.
double OpportunitiesAlive(double gamma, double d, double h);

}  // namespace rapport

#endif  // RAPPORT_SRC_VALUE_BG_BB_TERMS_HPP_

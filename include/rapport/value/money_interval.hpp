// Floor 3. How far money expected of customers may be off because parameters were estimated: what a purchase is worth, and a lifetime value.
//
//   auto value = ExpectedValueInterval(*spend, frequency, monetary, {.level = 0.9});
//   auto worth = LifetimeValueInterval(*model, rows, *spend, monetary, {.periods = 12, .discount_rate = 0.01, .period = 365.25 / 12 / 7});
//
// Methods, options, tokens and cost are those of prediction_interval.hpp; amounts have their interval on the logarithm. A lifetime value is a product of purchases
// and of what one is worth. Each comes of a model of its own, fitted apart, and as Gamma-Gamma assumes that spending has nothing to do with buying, what one fit
// is off by is taken to be independent of the other: variances of logarithms add up, and the bootstrap draws and fits both models anew, each by itself.
#ifndef RAPPORT_VALUE_MONEY_INTERVAL_HPP_
#define RAPPORT_VALUE_MONEY_INTERVAL_HPP_

#include <span>

#include "absl/status/statusor.h"
#include "rapport/value/gamma_gamma.hpp"
#include "rapport/value/lifetime_value.hpp"
#include "rapport/value/prediction_interval.hpp"

namespace rapport {

// Of GammaGamma::ExpectedValue. `fitted_on`: the frequencies of the customers of the fit, of whom the bootstrap draws the means anew. Where a refit of the
// bootstrap has no mean for a row (p x + q at 1 or below) that counts as the largest double; the delta method has no answer so near to that: `value.no_mean`.
absl::StatusOr<Interval> ExpectedValueInterval(const GammaGamma& spend, std::span<const double> frequency, std::span<const double> monetary,
                                               const IntervalOptions& options = {}, std::span<const double> fitted_on = {});

// Of LifetimeValue, where a purchase is worth what `spend` expects of rows.frequency and `monetary`. `fitted_on`: the customers of both fits; purchases are drawn at
// their ages, means of so many purchases as each of them made. Messages say "model" or "spend" before what is wrong with one of the two.
absl::StatusOr<Interval> LifetimeValueInterval(const PurchaseModel& model, const Histories& rows, const GammaGamma& spend, std::span<const double> monetary,
                                               const LifetimeValueTerms& terms, const IntervalOptions& options = {}, const Histories& fitted_on = {});
// The same where a purchase is known to be worth that: only the purchases are in doubt.
absl::StatusOr<Interval> LifetimeValueInterval(const PurchaseModel& model, const Histories& rows, std::span<const double> value_per_purchase,
                                               const LifetimeValueTerms& terms, const IntervalOptions& options = {}, const Histories& fitted_on = {});

}  // namespace rapport

#endif  // RAPPORT_VALUE_MONEY_INTERVAL_HPP_

// Floor 3. What the purchases to come are worth today, customer by customer, over so many periods.
//
//   spend->ExpectedValue(frequency, monetary, value);                                        // gamma_gamma.hpp, or any margin of one's own
//   LifetimeValue(*model, rows, value, {.periods = 12, .discount_rate = 0.01, .period = 365.25 / 12 / 7}, out);   // a year by month, weekly data
//
// The sum over periods i = 1 .. n of value * (purchases expected in period i) / (1 + discount_rate)^i: each period's purchases count as if paid
// at its end. That is the rule of the package lifetimes, whose month of weekly data is 4.345 weeks. ExpectedResidual of a model discounts from the
// day of the purchase, without end.
#ifndef RAPPORT_VALUE_LIFETIME_VALUE_HPP_
#define RAPPORT_VALUE_LIFETIME_VALUE_HPP_

#include <span>

#include "absl/status/status.h"
#include "rapport/value/purchase_model.hpp"

namespace rapport {

struct LifetimeValueTerms {
  int periods = 12;           // 1 to 10000
  double discount_rate = 0;   // a period, 0 to 1e6: 0.01 is one percent
  double period = 1;          // the length of one, in the model's unit of time, above 0
};

// out[i] in the unit of `value_per_purchase` (0 to 1e20, one a row). Never negative. Errors: `value.invalid_input` names row or term, found and expected;
// then `out` is as it was. One prediction of all rows a period; PredictOptions::log is not offered here and refused.
absl::Status LifetimeValue(const PurchaseModel& model, const Histories& rows, std::span<const double> value_per_purchase,
                           const LifetimeValueTerms& terms, std::span<double> out, const PredictOptions& options = {});
// The same period by period: out[i * periods + k] is what row i brings in period k + 1, discounted; they add up to LifetimeValue.
absl::Status LifetimeValueByPeriod(const PurchaseModel& model, const Histories& rows, std::span<const double> value_per_purchase,
                                   const LifetimeValueTerms& terms, std::span<double> out, const PredictOptions& options = {});

}  // namespace rapport

#endif  // RAPPORT_VALUE_LIFETIME_VALUE_HPP_

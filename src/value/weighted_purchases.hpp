// Floor 3, inside. Expected purchases until several times at once.
#ifndef RAPPORT_SRC_VALUE_WEIGHTED_PURCHASES_HPP_
#define RAPPORT_SRC_VALUE_WEIGHTED_PURCHASES_HPP_

#include <span>

#include "absl/status/status.h"
#include "rapport/value/lifetime_value.hpp"
#include "rapport/value/purchase_model.hpp"

namespace rapport {

// out[i] = the sum over k of weights[k] * E of purchases of row i in (T, T + ends[k]]; weights are 0 or more. As so many calls of ExpectedPurchases, with one
// chance to be a customer at T for all of them.
absl::Status WeightedPurchases(const PurchaseModel& model, std::span<const double> ends, std::span<const double> weights, const Histories& rows,
                               std::span<double> out, const PredictOptions& options);
// The same by the terms of a lifetime value, which are in range: what it multiplies the value of a purchase with.
absl::Status DiscountedPurchases(const PurchaseModel& model, const Histories& rows, const LifetimeValueTerms& terms, std::span<double> out,
                                 const PredictOptions& options);

}  // namespace rapport

#endif  // RAPPORT_SRC_VALUE_WEIGHTED_PURCHASES_HPP_

// Floor 3, inside. A model of when customers buy as a factor of an interval: whatever is asked of it.
#ifndef RAPPORT_SRC_VALUE_PURCHASE_FACTOR_HPP_
#define RAPPORT_SRC_VALUE_PURCHASE_FACTOR_HPP_

#include <cstddef>
#include <functional>
#include <span>

#include "absl/status/status.h"
#include "rapport/value/purchase_model.hpp"
#include "value/interval_factors.hpp"

namespace rapport {

// What such a model is asked, of rows from `begin` on.
using PurchaseAsk = std::function<absl::Status(const PurchaseModel& model, std::size_t begin, std::span<double> out, const PredictOptions& options)>;

// Rows from `begin` to before `end`.
Histories PartOf(const Histories& rows, std::size_t begin, std::size_t end);

// `model` and `fitted_on` outlive the factor.
IntervalFactor PurchaseFactor(const PurchaseModel& model, const PurchaseAsk& ask, const Histories& fitted_on);

}  // namespace rapport

#endif  // RAPPORT_SRC_VALUE_PURCHASE_FACTOR_HPP_

// Floor 3. Models of when customers buy, by name: for faces, and for what was recorded.
//
//   auto model = FitPurchaseModel("pareto_nbd", {frequency, recency, age});
//   auto same = ReadPurchaseModel((*model)->ToJson());
#ifndef RAPPORT_VALUE_MODELS_HPP_
#define RAPPORT_VALUE_MODELS_HPP_

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "rapport/core/json.hpp"
#include "rapport/value/purchase_model.hpp"

namespace rapport {

// The names there are, in a fixed order: "bg_nbd", ...
std::span<const std::string_view> PurchaseModelNames();
// `value.unknown_model` names what there is; otherwise as the model's own Fit.
absl::StatusOr<std::shared_ptr<const PurchaseModel>> FitPurchaseModel(std::string_view name, const Histories& rows, std::span<const double> weights = {});
// What ToJson wrote, of whichever model.
absl::StatusOr<std::shared_ptr<const PurchaseModel>> ReadPurchaseModel(const Json& json);

}  // namespace rapport

#endif  // RAPPORT_VALUE_MODELS_HPP_

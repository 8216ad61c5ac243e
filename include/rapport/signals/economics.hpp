// Floor 4. What a customer is worth, joined from what the models of value/ say: purchases to expect, what they bring, what care saves.
#ifndef RAPPORT_SIGNALS_ECONOMICS_HPP_
#define RAPPORT_SIGNALS_ECONOMICS_HPP_

#include <optional>

#include "absl/status/statusor.h"
#include "rapport/signals/registry.hpp"
#include "rapport/value/care_worth.hpp"
#include "rapport/value/recurring_base.hpp"

namespace rapport {

// A contact of ours for care or service that reached them: what the model care_worth counts as care.
bool IsOurCare(const Touch& touch);

// The terms of the book, else the default; those that cannot be read are as if they were not there: they were checked when they were appended.
EconomicsTerms EconomicsOf(const BookContext& book);

// The models of the context for value/recurring_base.hpp; valid while the context is.
BaseModels BaseModelsOf(const SignalContext& context);

// What care of the account is worth; null where no model was fitted, and as CareOf.
absl::StatusOr<std::optional<CustomerCare>> CareOf(const SignalInput& input);

}  // namespace rapport

#endif  // RAPPORT_SIGNALS_ECONOMICS_HPP_

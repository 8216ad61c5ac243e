// Floor 8, inside. A brief as the engine gives it and as a page shows it: one document.
#ifndef RAPPORT_SRC_ENGINE_SAID_BRIEF_HPP_
#define RAPPORT_SRC_ENGINE_SAID_BRIEF_HPP_

#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "rapport/core/json.hpp"
#include "rapport/plan/brief.hpp"

namespace rapport {

// SheetJson plus `text`. `customers`: who may be the business of these reps; nullopt: anybody.
absl::StatusOr<Json> SayBrief(const Book& book, const BriefScope& scope, Instant as_of, const std::optional<std::vector<CustomerId>>& customers,
                              Language language, const Texts& texts);

}  // namespace rapport

#endif  // RAPPORT_SRC_ENGINE_SAID_BRIEF_HPP_

// Floor 1, inside. How what was recorded of a follow-up is named (docs/adr/0027): of all that the engine writes it alone may be taken back.
#ifndef RAPPORT_SRC_LEDGER_OUTCOME_ID_HPP_
#define RAPPORT_SRC_LEDGER_OUTCOME_ID_HPP_

#include <string>
#include <string_view>

#include "rapport/core/ids.hpp"
#include "rapport/ledger/event.hpp"

namespace rapport {

inline constexpr std::string_view kOutcomePart = "/outcome/";

// What the ids of its events begin with.
inline std::string OutcomePrefixOf(const FollowUpId& followup) { return followup.text() + std::string(kOutcomePart); }

// An id of the engine's begins with a follow-up and goes on with what was said of it. O(1 path part).
inline bool IsOutcome(std::string_view source, std::string_view id) {
  const std::size_t part = id.find('/');
  return source == kEngineSource && part != 0 && part != std::string_view::npos && id.substr(part).starts_with(kOutcomePart);
}

}  // namespace rapport

#endif  // RAPPORT_SRC_LEDGER_OUTCOME_ID_HPP_

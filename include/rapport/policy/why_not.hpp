// Floor 5. Why a rule asks nothing of anybody for a customer now, and what would have to be otherwise.
#ifndef RAPPORT_POLICY_WHY_NOT_HPP_
#define RAPPORT_POLICY_WHY_NOT_HPP_

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "rapport/policy/decide.hpp"
#include "rapport/policy/flip.hpp"

namespace rapport {

enum class WhyNotReason {
  kDue,            // it does: the decision is due
  kOpen,           // it has: the follow-up is open
  kHeld,           // it would, and is held back
  kConditions,     // its conditions do not hold
  kNotYet,         // its moment is known and lies ahead
  kNotCrossed,     // a rule by signal: the number is not reached
  kNoOccasion,     // nothing on record sets it off
  kWaiting,        // its cadence runs, and the next step has its day
  kLapsed,         // its moment passed, and it is too late now
  kAnswered,       // its follow-up was issued and is closed
  kLeft,           // what would have ended it happened since
  kResting,        // not again so soon, or not again at all
  kDropped,        // a cap held when it fell due, and the rule gives up then
  kBeforeGoLive,
};
std::string_view NameOf(WhyNotReason reason);   // "due", "open", "held", "conditions", "not_yet", "not_crossed", ...

struct WhyNot {
  WhyNotReason reason = WhyNotReason::kNoOccasion;
  std::optional<Decision> decision;   // kDue, kOpen, kHeld
  FollowUpId followup;                // of it, or of the one that was answered; empty where there is none
  std::optional<Instant> when;        // kNotYet, kWaiting: due; kLapsed: expired; kAnswered: closed; kResting: until; kHeld: until
  Json conditions;                    // as a derivation stores them, the signal's own threshold included; null where none were asked
  Sentence because;
};

// Of the rule's occasions the one nearest to a follow-up is told: a decision, else the newest that fell due, else the next to come.
// `decisions`: those of the account at input.as_of, throttles applied (DecideBook). `policy.unknown_rule` names those there are.
// Thread-safe; costs about as much as deciding the account.
absl::StatusOr<WhyNot> WhyNotOf(const Account& account, const DecideInput& input, std::string_view rule, std::span<const Decision> decisions);

// {"customer", "rule", "as_of", "why", "followup_id", "when", "conditions", "flip", "sentences": [...]}; absent members are null.
absl::StatusOr<Json> WhyNotToJson(const Account& account, const WhyNot& why, const DecideInput& input, std::string_view rule, Language language,
                                  const Texts& texts);

}  // namespace rapport

#endif  // RAPPORT_POLICY_WHY_NOT_HPP_

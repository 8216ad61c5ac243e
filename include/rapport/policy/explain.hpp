// Floor 5. A derivation in words: why this follow-up, or why not yet. Read from what was stored, never computed again.
#ifndef RAPPORT_POLICY_EXPLAIN_HPP_
#define RAPPORT_POLICY_EXPLAIN_HPP_

#include "absl/status/statusor.h"
#include "rapport/core/json.hpp"
#include "rapport/core/sentence.hpp"
#include "rapport/policy/decide.hpp"

namespace rapport {

// {"followup_id", "customer", "rule", "policy", "state", "headline", "objective", "sentences": [...], "derivation": {...}}
// `sentences` begins with the headline, then one a condition ("no contact since the delivery: 0 times (asked: exactly 0)"), the trigger,
// the permission answer, and the count of events it rests on.
absl::StatusOr<Json> ExplainIssued(const Account& account, const FollowUpRecord& record, const Json& derivation, Language language, const Texts& texts);
absl::StatusOr<Json> ExplainDecision(const Account& account, const Decision& decision, Language language, const Texts& texts);
// Held: what held it back and until when, in one sentence of at most 110 Latin or 55 full-width characters:
// "would not take our call on 9 Feb (refused contact); 60 quiet days, then a weekend: Mon 13 Apr 09:00".
absl::StatusOr<std::string> HoldSentence(const Decision& decision, const Zone& zone, Language language, const Texts& texts);

}  // namespace rapport

#endif  // RAPPORT_POLICY_EXPLAIN_HPP_

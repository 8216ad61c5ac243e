// Floor 8, inside. A follow-up as a reader asks for it: one that was issued, or one that is due or held at a moment and not issued yet.
#ifndef RAPPORT_SRC_ENGINE_ASKED_FOLLOWUP_HPP_
#define RAPPORT_SRC_ENGINE_ASKED_FOLLOWUP_HPP_

#include <memory>
#include <optional>

#include "engine/engine_impl.hpp"
#include "rapport/plan/card.hpp"
#include "rapport/plan/outcome.hpp"

namespace rapport {

struct AskedFollowUp {
  std::unique_ptr<Reading> reading;
  std::shared_ptr<const Account> account;
  std::optional<FollowUpRecord> record;   // of one that was issued
  std::optional<Decision> decision;       // of one that was not
  const Zone& ZoneOfCustomer() const;     // of the person to be met, else the customer's
};

// A follow-up that is due or held then and not issued. `followup.unknown`. Decides the whole book: an id says nothing of whose it is, and what a day
// allows of a rule is shared out among all.
absl::StatusOr<Decision> DecisionOf(const Reading& reading, const FollowUpId& followup);

// The outcome of an issued one, with what the policy that issued it says of its step.
absl::StatusOr<OutcomeSubject> OutcomeSubjectIn(const Reading& reading, const Account& account, const FollowUpRecord& record);

}  // namespace rapport

#endif  // RAPPORT_SRC_ENGINE_ASKED_FOLLOWUP_HPP_

// Floor 6. The outcome: at most six questions after a contact, and the events that their answers are (docs/outcome.md, docs/adr/0027).
//
//   care, service, admin   reached · goal · worry · fact · promise · next
//   sell                   reached · goal · worry · refusal · fact · next (a promise or a date)
//   of a worry             as care; `worry` asks whether it is cured, and by what
//
// An answer is a member of one JSON object, under the question's key. A question without an answer (absent, null, "" or false) was answered with
// nothing; `reached` always needs one, and where somebody was reached `goal`, and of a worry whether it is cured.
//   reached   a disposition, one of the options                        touch
//   goal      true | false                                             touch.objective_met, followup.done.objective_met
//   worry     true | text | {"text", "topic", "product"}               worry.raised
//             of a worry: true | false | text | {"cured", "remedy", "text"}   worry.resolved; not cured: worry.acknowledged
//   refusal   a reason | {"reason", "text", "come_back"}               refusal
//   fact      text (a trait) | {"facet", "value", "source"}            fact.learned
//   promise   text | {"what", "due", "by", "quantity", "unit"}         promise.made; by: "ours" (unless said) | "customer"
//   next      day | local moment | RFC 3339 | {"at", "minutes", "about"}   reached: appointment.made; else followup.snoozed
//             where we sell also what `promise` takes, as an object
// Two members are told to others, on cards of other customers and in briefs: `remedy` of what cured a worry and `topic` of one that was named. They are
// a few words that name nobody, and stand only where they were given under these names. A text is private: the customer's alone.
// Beside the questions: minutes (1 to 1440), note (text), start (RFC 3339, not after `at`: when the contact began, where it is noted later).
//
// Reached: followup.done. Not reached: the attempt is a touch and the follow-up stays open, put off to `next`; without one a step of a cadence whose
// policy says what follows that disposition is done, so that the policy goes on, and anything else waits where it is.
//
// Everything is a function of the follow-up as it was issued, the answers, the moment and who answers, never of what was recorded before: the same
// answers make the same events. Invalid answers: `outcome.invalid_answer` names question, found, expected; of several the first in order of the form.
#ifndef RAPPORT_PLAN_OUTCOME_HPP_
#define RAPPORT_PLAN_OUTCOME_HPP_

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "rapport/book/account.hpp"
#include "rapport/core/json.hpp"
#include "rapport/core/sentence.hpp"
#include "rapport/core/zones.hpp"
#include "rapport/ledger/event.hpp"
#include "rapport/policy/decide.hpp"

namespace rapport {

// What an outcome is of.
struct OutcomeSubject {
  FollowUpId followup;
  CustomerId customer;               // as the event that issued it names him
  std::optional<ContactId> contact;
  std::optional<RepId> rep;
  Channel channel = Channel::kCall;
  Purpose purpose = Purpose::kCare;
  Sentence objective;
  Instant not_before;
  std::optional<WorryId> worry;      // that it is about
  std::optional<ProductId> product;  // of that worry
  std::set<std::string> branches;    // dispositions that the policy's step says something of
  const Zone* zone = nullptr;        // the customer's
};
// Of one that was issued: `account` holds it. `message.*` where its objective cannot be read.
absl::StatusOr<OutcomeSubject> OutcomeSubjectOf(const Account& account, const FollowUpRecord& record, const Zone& zone);
OutcomeSubject OutcomeSubjectOf(const Account& account, const Decision& decision, const Zone& zone);

// {"followup_id", "questions": [{"key", "text", "type", "options": [{"value", "text"}], "only_if": {"reached": ["reached"]}, "required"}]}
// `type`: "choice", "yes_no", "worry", "cure", "fact", "promise", "date", "promise_or_date"; `options` and `only_if` where there are any. `required` holds
// where the question is asked at all. `message.*`.
absl::StatusOr<Json> OutcomeForm(const OutcomeSubject& subject, Language language, const Texts& texts);

// The events that the answers are, of source "rapport", known at `at`, with the ids <recording>/<kind>; the touch comes first. O(answers).
absl::StatusOr<std::vector<Event>> OutcomeEvents(const OutcomeSubject& subject, const Json& answers, Instant at, const RepId& by, const std::string& recording);

}  // namespace rapport

#endif  // RAPPORT_PLAN_OUTCOME_HPP_

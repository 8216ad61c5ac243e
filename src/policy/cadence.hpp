// Floor 5, inside. Cadences: where an enrolment stands, from what came of its steps.
//
// Nothing of it is stored but that it began, which step runs, and that it was left: the rest follows from the follow-ups of its steps
// and the touches that answered them. So a tick that comes late, twice, or after a crash finds the same.
#ifndef RAPPORT_SRC_POLICY_CADENCE_HPP_
#define RAPPORT_SRC_POLICY_CADENCE_HPP_

#include <optional>
#include <string>
#include <vector>

#include "policy/admission.hpp"

namespace rapport {

// One enrolment, recorded or about to begin.
struct Run {
  const Policy* policy = nullptr;
  const Rule* rule = nullptr;
  const EnrolmentRecord* record = nullptr;   // null: it begins now
  std::string enrolment;
  Occasion entry;                            // of the trigger
  std::vector<std::string> left_out;         // steps before the one it begins with; of a recorded one as was recorded
  const Step& first() const { return rule->BeginsAfter(left_out); }
};

struct Progress {
  // Where it ended; empty: it runs.
  std::string exit;
  Sentence because;
  // The step that runs: waiting for its moment, open, or held.
  const Step* step = nullptr;
  const FollowUpRecord* record = nullptr;    // where it was issued
  Occasion occasion;                         // of the step
  Instant expires;
  ConditionTrace trace;                      // of the step's own conditions
  bool is_waiting = false;                   // due later than as_of
};

// What ended an account's interest since `since`, by the rule's exits; the earliest.
struct ExitEvent {
  Exit exit = Exit::kReply;
  EventKey event;
  Instant at;
};
std::optional<ExitEvent> ExitSince(AccountView& view, const Rule& rule, Instant since, const ContactId& contact);
Sentence ExitSentence(const ExitEvent& event, const Zone& zone);

// Was the customer brought by another one? Asked when a cadence begins, and never again of the same enrolment.
bool WasReferred(const SignalInput& input);
// "n" and 31 hexadecimal digits: the hash of (rule, customer, contact and root as the entry names them).
std::string EnrolmentIdOf(const AccountView& view, const Rule& rule, const Occasion& entry);
Run BeginRun(const AccountView& view, const Rule& rule, Occasion entry);
// Of a recorded enrolment; `problem` says why there is none: "policy" (its version or rule is gone), "settled" (its root is).
std::optional<Run> RunOf(const AccountView& view, const EnrolmentRecord& record, std::string& problem);
Progress ProgressOf(AccountView& view, const Run& run);
CadenceChange ChangeOf(const AccountView& view, const Run& run, CadenceChange::Kind kind);

// May the rule begin (again) for this account by this occasion? Looks at earlier enrolments and follow-ups of the rule. `rests_until`, where
// wanted, becomes the end of its rest.
bool MayEnter(const AccountView& view, const Rule& rule, const Occasion& occasion, std::optional<Instant>* rests_until = nullptr);
// Until when an auto-reply asks to be left alone, with its event; none.
std::optional<RuleHold> PausedBy(const AccountView& view, const ContactId& contact);

}  // namespace rapport

#endif  // RAPPORT_SRC_POLICY_CADENCE_HPP_

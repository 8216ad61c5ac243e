// The words for what ends an open follow-up.
#include "policy/admission.hpp"
#include "policy/names.hpp"
#include "policy/wording.hpp"

namespace rapport {
namespace {

Closing Withdrawn(const AccountView& view, const FollowUpRecord& record, std::string cause, Sentence because) {
  return {record.issued.followup, view.account().NamedIn(record.issued_by), false, record.issued.revision, std::move(cause), std::move(because)};
}

// The leaf that decided that a tree does not hold (or, inside a `not`, that it does).
const ConditionTrace* Deciding(const ConditionTrace& trace, bool wanted) {
  if (trace.kind == Condition::Kind::kLeaf) return &trace;
  if (trace.kind == Condition::Kind::kNot) return Deciding(trace.children.front(), !wanted);
  for (const ConditionTrace& child : trace.children) {
    if (child.holds == wanted) return Deciding(child, wanted);
  }
  return nullptr;
}

}  // namespace

Closing WithdrawnResolved(const AccountView& view, const FollowUpRecord& record, const Rule& rule) {
  if (const auto* trigger = std::get_if<EventTrigger>(&rule.trigger)) {
    const bool worry = trigger->event == kOnWorry;
    const bool promise = trigger->event == kOnPromise;
    const bool order = trigger->event == kOnPlaced || trigger->event == kOnDelivered;
    return Withdrawn(view, record, "resolved",
                     {worry ? "withdrawn.worry" : promise ? "withdrawn.promise" : order ? "withdrawn.order" : "withdrawn.resolved", {}});
  }
  if (std::holds_alternative<RecurrenceTrigger>(rule.trigger)) return Withdrawn(view, record, "resolved", {"withdrawn.resolved", {}});
  const SignalColumn& signal = *std::get<SignalTrigger>(rule.trigger).signal;
  const Cell now = signal.Of(view.signal_input()).value;
  return Withdrawn(view, record, "conditions", {"withdrawn.conditions", {{"signal", PhraseOf(signal.name)}, {"actual", SayCell(now)}}});
}

Closing WithdrawnByConditions(AccountView& view, const Candidate& candidate) {
  Sentence because{"withdrawn.resolved", {}};
  const ConditionTrace trace = Evaluate(candidate.enrolment.empty() ? candidate.rule->when : candidate.step->when, view.signals());
  if (const ConditionTrace* leaf = Deciding(trace, false)) {
    because = {"withdrawn.conditions", {{"signal", PhraseOf(leaf->signal)}, {"actual", SayCell(leaf->actual)}}};
  }
  return Withdrawn(view, *candidate.record, "conditions", std::move(because));
}

Closing WithdrawnByPermission(const AccountView& view, const FollowUpRecord& record, const PermissionAnswer& answer) {
  if (answer.holds.empty()) return Withdrawn(view, record, "permission", {"withdrawn.too_late", {}});
  const HoldReason reason = answer.holds.front().reason;
  const std::string word(reason == HoldReason::kOutsideHours ? "closed_day" : NameOf(reason));
  return Withdrawn(view, record, "permission", {"withdrawn.permission", {{"reason", MessageRef{"hold.then." + word}}}});
}

Closing WithdrawnByPolicy(const AccountView& view, const FollowUpRecord& record) {
  return Withdrawn(view, record, "policy", {"withdrawn.policy", {{"rule", record.issued.rule}}});
}

Closing WithdrawnBecause(const AccountView& view, const FollowUpRecord& record, std::string cause, Sentence because) {
  return Withdrawn(view, record, std::move(cause), std::move(because));
}

Closing Expired(const AccountView& view, const FollowUpRecord& record) {
  return {record.issued.followup, view.account().NamedIn(record.issued_by), true, record.issued.revision, "", {"withdrawn.expired", {}}};
}

}  // namespace rapport

#include "rapport/policy/decide.hpp"

#include <algorithm>

#include "policy/admission.hpp"
#include "policy/derivation.hpp"
#include "policy/throttles.hpp"
#include "policy/wording.hpp"
#include "rapport/core/status.hpp"
#include "rapport/policy/letters.hpp"

namespace rapport {
namespace {

// A sentence as it was stored, without what merely counts days.
Json WithoutClock(Json sentence) {
  Json::Object* members = sentence.if_object();
  if (members == nullptr) return sentence;
  const auto arguments = members->find("args");
  if (arguments == members->end() || arguments->second.if_object() == nullptr) return sentence;
  std::erase_if(*arguments->second.if_object(), [](const auto& member) { return IsClockCounted(member.first); });
  return sentence;
}

// Hours and holidays pass by themselves: that it is night or Sunday now is no news to a rep.
bool OnlyTheClockHolds(const std::vector<HoldReason>& chain) {
  return std::all_of(chain.begin(), chain.end(), [](HoldReason reason) {
    return reason == HoldReason::kOutsideHours || reason == HoldReason::kHoliday || reason == HoldReason::kRepAway;
  });
}

bool MovedToAnotherDay(const FollowUpIssued& issued, const Decision& decision, const Zone& zone) {
  const Day was = zone.LocalDay(issued.not_before);
  const Day is = zone.LocalDay(decision.not_before);
  if (is == was) return false;
  if (is < was || decision.due > issued.not_before) return true;
  return !OnlyTheClockHolds(decision.hold_chain);
}

bool HasChanged(const FollowUpIssued& issued, const Decision& decision, const Zone& zone) {
  return issued.rep != decision.rep || issued.contact != decision.contact || issued.channel != decision.channel ||
         issued.minutes != decision.minutes || MovedToAnotherDay(issued, decision, zone) ||
         WithoutClock(issued.headline) != WithoutClock(decision.headline.ToJson()) ||
         WithoutClock(issued.objective) != WithoutClock(decision.objective.ToJson());
}

void TellWork(const Candidate& candidate, Decision& decision) {
  const Rule& rule = *candidate.rule;
  decision.followup = candidate.id;
  decision.rule = rule.name;
  decision.step = candidate.occasion.step;
  decision.policy = candidate.policy->id();
  const Action& action = candidate.step->action;
  decision.channel = action.channel;
  decision.purpose = rule.purpose;
  decision.headline = HeadlineOf(action, candidate.occasion);
  decision.objective = ObjectiveOf(action, candidate.occasion);
  decision.due = candidate.occasion.due;
  decision.expires = candidate.expires;
  decision.minutes = action.minutes;
  decision.priority = rule.priority;
  decision.mandatory = rule.mandatory;
  decision.message_class = rule.message_class;
  decision.needs_approval = rule.needs_approval;
  decision.enrolment = candidate.enrolment;
  decision.root = candidate.occasion.root;
  const std::optional<Holdout>& holdout = candidate.policy->holdout();
  if (holdout.has_value() && !rule.mandatory) decision.propensity = 1 - holdout->share;
}

Decision DecisionOf(AccountView& view, const Admission& admission) {
  Decision decision;
  TellWork(admission.candidate, decision);
  decision.customer = view.account().id;
  decision.named = view.account().NamedIn(decision.root);
  decision.contact = admission.contact;
  decision.rep = admission.assigned.rep;
  decision.status = admission.status;
  decision.not_before = admission.answer.first_allowed.value_or(decision.due);
  if (admission.status == DecisionStatus::kHeld) {
    decision.holds = admission.answer.holds;
    // What waits for something of no known day has no day itself.
    const std::optional<RuleHold>& rule_hold = admission.candidate.hold;
    if (!rule_hold.has_value() || rule_hold->until.has_value()) decision.held_until = admission.answer.first_allowed;
  }
  decision.hold_chain = admission.chain;
  decision.rule_hold = admission.candidate.hold;
  if (view.input().derive) {
    Valuation valuation = ValueOf(admission.candidate.rule->value, view);
    decision.value = valuation.value;
    decision.derivation = DerivationOf(view, admission, valuation.trace);
  }
  decision.zone_rules = std::string(view.book().zones.version());
  if (const FollowUpRecord* record = admission.candidate.record) {
    decision.open = IsOpen(record->state);
    decision.revision = record->issued.revision + 1;
    decision.changed = decision.open && !decision.rule_hold.has_value() && HasChanged(record->issued, decision, *admission.zone);
  }
  return decision;
}

const Admission* FindIn(const std::vector<Admission>& admissions, const FollowUpId& followup) {
  for (const Admission& admission : admissions) {
    if (admission.candidate.id == followup) return &admission;
  }
  return nullptr;
}

void Refuse(HandOverAnswer& answer, std::string token, Sentence reason) {
  answer.tokens.push_back(std::move(token));
  answer.reasons.push_back(std::move(reason));
}

}  // namespace

AccountDecisions DecideAccount(const Account& account, const DecideInput& input) {
  AccountView view(account, input);
  Admissions admissions = AdmitAll(view);
  AccountDecisions result;
  result.customer = account.id;
  result.decisions.reserve(admissions.admitted.size());
  for (const Admission& admission : admissions.admitted) result.decisions.push_back(DecisionOf(view, admission));
  result.closings = std::move(admissions.closings);
  result.cadences = std::move(admissions.cadences);
  result.backlog = std::move(admissions.backlog);
  result.look_again = admissions.look_again;
  return result;
}

std::vector<AccountDecisions> DecideBook(const Book& book, const DecideInput& input, std::span<const CustomerId> customers) {
  std::vector<AccountDecisions> all;
  IssuedMoments counted;
  book.Visit(customers, [&](const Account& account) {
    all.push_back(DecideAccount(account, input));
    if (input.issued == nullptr) CountIssued(account, counted);
  });
  ApplyThrottles(input.issued == nullptr ? counted : *input.issued, input, all);
  return all;
}

std::vector<AccountDecisions> DecideActive(const AccountSource& accounts, const DecideInput& input, std::span<const CustomerId> customers,
                                           const std::function<void(const CustomerId&, std::optional<Instant>)>& look_again, IssuedMoments* issued) {
  std::vector<AccountDecisions> active;
  accounts(customers, [&](const Account& account) {
    if (issued != nullptr) CountIssued(account, *issued);
    AccountDecisions one = DecideAccount(account, input);
    const bool says_nothing = one.decisions.empty() && one.closings.empty() && one.cadences.empty() && one.backlog.empty();
    if (!says_nothing) active.push_back(std::move(one));
    else look_again(account.id, one.look_again);
  });
  ApplyThrottles(issued != nullptr ? *issued : *input.issued, input, active);
  for (const AccountDecisions& one : active) look_again(one.customer, one.look_again);
  return active;
}

namespace {

void RefuseLetter(const Account& account, const FollowUpRecord& record, const SignalContext& context, Instant at, HandOverAnswer& answer) {
  switch (WaitsFor(account, record, context, at)) {
    case LetterWait::kNothing: return;
    case LetterWait::kEnough: return Refuse(answer, "enough_letters", {"letter.enough", {{"n", LettersBeside(account, record, context, at)}}});
    case LetterWait::kOwner: return Refuse(answer, "approval", {"hold.approval", {}});
    case LetterWait::kLine: return Refuse(answer, "no_personal_line", {"hold.no_personal_line", {}});
    case LetterWait::kSender: return Refuse(answer, "no_sender", {"hold.no_sender", {}});
  }
}

}  // namespace

HandOverAnswer CheckHandOver(const Account& account, const FollowUpId& followup, const DecideInput& input, Instant at) {
  HandOverAnswer answer;
  const auto record = account.followups.find(followup);
  if (record == account.followups.end()) {
    Refuse(answer, "unknown_followup", {"withdrawn.unknown", {}});
    return answer;
  }
  if (!IsOpen(record->second.state)) {
    Refuse(answer, "closed", {"withdrawn.closed", {}});
    return answer;
  }
  DecideInput now = input;
  now.as_of = at;
  AccountView view(account, now);
  const Admissions admissions = AdmitAll(view);
  for (const Closing& closing : admissions.closings) {
    if (closing.followup != followup || closing.cause == "permission") continue;
    Refuse(answer, closing.expired ? "expired" : "conditions", closing.because);
    return answer;
  }
  const Admission* own = FindIn(admissions.admitted, followup);
  const bool too_late = own == nullptr;
  if (too_late) own = FindIn(admissions.forbidden, followup);
  RAPPORT_INVARIANT(own != nullptr, "an open follow-up is admitted, forbidden or closed");
  if (own->candidate.hold.has_value()) Refuse(answer, own->candidate.hold->by, own->candidate.hold->sentence);
  const FollowUpRecord& asked = record->second;
  if (IsLetter(asked.issued.channel)) RefuseLetter(account, asked, *input.context, at, answer);
  else if (asked.issued.needs_approval == true && asked.approved != true) Refuse(answer, "approval", {"hold.approval", {}});
  for (const Hold& hold : own->answer.holds) Refuse(answer, std::string(NameOf(hold.reason)), hold.sentence);
  if (own->checked_at > at && !own->candidate.hold.has_value()) Refuse(answer, "conditions", {"withdrawn.too_early", {{"day", own->candidate.occasion.day}}});
  if (too_late && answer.tokens.empty()) Refuse(answer, "expired", {"withdrawn.too_late", {}});
  answer.allowed = answer.tokens.empty();
  return answer;
}

}  // namespace rapport

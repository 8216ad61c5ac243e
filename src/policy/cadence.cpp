#include "policy/cadence.hpp"

#include <algorithm>
#include <map>

#include "absl/strings/str_cat.h"
#include "policy/names.hpp"
#include "rapport/core/hash.hpp"
#include "rapport/core/status.hpp"
#include "rapport/relationship/touches.hpp"

namespace rapport {
namespace {

// A cadence that comes back to its steps for ever would be a loop: `most` of each step bounds it, this bounds what a reader believes.
constexpr int kMostTurns = 400;

// What came of a step.
struct Outcome {
  std::vector<std::string> words;   // a disposition, then "met", "done", ...
  Instant at;
};

const TouchRecord* AnswerTo(const Account& account, const FollowUpId& followup) {
  const auto& touches = account.touches;
  const auto last = std::find_if(touches.rbegin(), touches.rend(), [&](const TouchRecord& t) { return t.touch.followup == followup; });
  return last == touches.rend() ? nullptr : &*last;
}

Outcome OutcomeOf(const Account& account, const FollowUpRecord& record) {
  switch (record.state) {
    case FollowUpState::kExpired: return {{"timeout"}, std::min(record.state_at, record.issued.expires)};
    case FollowUpState::kSkipped: return {{"skipped"}, record.state_at};
    case FollowUpState::kWithdrawn: return {{"passed_over"}, record.state_at};
    default: break;
  }
  Outcome outcome{{}, record.state_at};
  const TouchRecord* answer = AnswerTo(account, record.issued.followup);
  if (answer != nullptr) {
    outcome.words.emplace_back(NameOf(answer->touch.disposition.value_or(Disposition::kReached)));
    if (answer->touch.objective_met.has_value()) outcome.words.emplace_back(*answer->touch.objective_met ? "met" : "not_met");
  }
  outcome.words.emplace_back("done");
  return outcome;
}

// Where the rule goes from a step; nullptr: it is at its end.
struct Turn {
  const Step* step = nullptr;
  Offset after;
};

Turn NextTurn(const Rule& rule, const Step& step, const Outcome& outcome) {
  for (const Branch& branch : step.branches) {
    const bool matches = std::any_of(branch.on.begin(), branch.on.end(), [&](const std::string& word) {
      return std::find(outcome.words.begin(), outcome.words.end(), word) != outcome.words.end();
    });
    if (!matches) continue;
    const Step* to = branch.to == kEnd ? nullptr : rule.FindStep(branch.to);
    return {to, branch.after.has_value() ? *branch.after : to != nullptr ? to->after : Offset()};
  }
  const Step* next = &step + 1;
  if (next == rule.steps.data() + rule.steps.size()) return {};
  return {next, next->after};
}

std::string StepId(const Step& step, std::int64_t time, const Occasion& entry) {
  std::string id = time == 1 ? step.name : absl::StrCat(step.name, "/", time);
  return entry.step == kOnlyStep ? id : absl::StrCat(id, "@", entry.step);
}

// Walks an enrolment from its beginning to where it stands.
class Walk {
 public:
  Walk(AccountView& view, const Run& run) : view_(view), run_(run) {
    live_ = run.record == nullptr || run.record->step.empty();
  }
  Progress Go();

 private:
  void Enter(const Step& step, const DueMoment& due);
  // What came of the step, or nothing where it still runs.
  std::optional<Outcome> Settle();

  AccountView& view_;
  const Run& run_;
  bool live_;   // from here on nothing is recorded: conditions are asked now
  std::map<const Step*, std::int64_t> taken_;
  Progress at_;
};

void Walk::Enter(const Step& step, const DueMoment& due) {
  at_.step = &step;
  at_.occasion = run_.entry;
  at_.occasion.step = StepId(step, ++taken_[&step], run_.entry);
  at_.occasion.day = due.day;
  at_.occasion.due = due.at;
  at_.expires = ExpiryOf(step.expires, at_.occasion, view_.zone());
  at_.trace = ConditionTrace();
  at_.trace.holds = true;
  at_.is_waiting = false;
  live_ = live_ || (run_.record != nullptr && run_.record->step == at_.occasion.step);
  const auto record = view_.account().followups.find(view_.IdOf(*run_.rule, at_.occasion));
  at_.record = record == view_.account().followups.end() ? nullptr : &record->second;
}

std::optional<Outcome> Walk::Settle() {
  const Instant as_of = view_.input().as_of;
  const Instant due = at_.occasion.due;
  const bool called_for_again = at_.record != nullptr && at_.record->state == FollowUpState::kWithdrawn && live_ && as_of <= at_.expires &&
                                at_.record->approved.value_or(true);
  // Not at the very moment: the same tick twice records once.
  at_.is_waiting = called_for_again && at_.record->state_at >= as_of;
  if (at_.is_waiting) return std::nullopt;
  if (at_.record != nullptr && !called_for_again) {
    at_.trace = view_.Ask(at_.step->when);
    if (!IsOpen(at_.record->state)) return OutcomeOf(view_.account(), *at_.record);
    // What lapses in this tick has its answer already: the run goes on with it, not one tick later.
    if (as_of > ExpiryWithSnooze(view_, *at_.record, at_.expires)) return Outcome{{"timeout"}, at_.record->issued.expires};
    return std::nullopt;
  }
  if (!live_) return Outcome{{"passed_over"}, due};
  at_.is_waiting = due > as_of;
  if (at_.is_waiting) return std::nullopt;
  at_.trace = view_.Ask(at_.step->when);
  if (!at_.trace.holds) return Outcome{{"passed_over"}, due};
  if (as_of > at_.expires) return Outcome{{"timeout"}, at_.expires};
  return std::nullopt;
}

Progress Walk::Go() {
  const SignalInput& input = view_.signal_input();
  const Step& first = run_.first();
  Enter(first, Shifted({run_.entry.day, run_.entry.due}, first.after, input));
  for (int turn = 0; turn < kMostTurns; ++turn) {
    const std::optional<Outcome> outcome = Settle();
    if (!outcome.has_value()) return std::move(at_);
    const Turn next = NextTurn(*run_.rule, *at_.step, *outcome);
    if (next.step == nullptr || taken_[next.step] >= next.step->most) break;
    Enter(*next.step, Shifted({input.zone->LocalDay(outcome->at), outcome->at}, next.after, input));
  }
  at_.exit = "finished";
  at_.because = {"cadence.left.finished", {}};
  return std::move(at_);
}

bool SamePerson(const ContactId& a, const ContactId& b) { return a.empty() || b.empty() || a == b; }

// Keeps the earliest of several exits.
struct Earliest {
  Instant since;
  Instant until;
  std::optional<ExitEvent> found;
  void See(Exit exit, const EventKey& event, Instant at) {
    if (at <= since || at > until || (found.has_value() && found->at <= at)) return;
    found = ExitEvent{exit, event, at};
  }
};

void SeeTouches(const Account& account, const Rule& rule, const ContactId& contact, Earliest& earliest) {
  for (const TouchRecord& record : account.touches) {
    const Touch& touch = record.touch;
    const ContactId who = touch.contact.value_or(ContactId());
    if (touch.disposition == Disposition::kRefusedContact && rule.exits.contains(Exit::kRefusal)) earliest.See(Exit::kRefusal, record.key, record.at);
    const bool answers = IsAnswer(touch);
    if (answers && SamePerson(who, contact) && rule.exits.contains(Exit::kReply)) earliest.See(Exit::kReply, record.key, record.at);
    if (answers && !SamePerson(who, contact) && rule.exits.contains(Exit::kColleague)) earliest.See(Exit::kColleague, record.key, record.at);
    // A meeting that is a step of ours is no exit.
    if (IsMeeting(touch) && !touch.followup.has_value() && rule.exits.contains(Exit::kMeeting)) earliest.See(Exit::kMeeting, record.key, record.at);
  }
}

// A signal that an event moves on has another cause from then on: what waited for the one before is withdrawn, and nobody was contacted
// after whom the customer would have to rest. What the owner did not want, or somebody was contacted for, was no mere change of cause.
bool IsRearmed(const Account& account, const Rule& rule, const FollowUpRecord& record) {
  return rule.rest_days.has_value() && std::holds_alternative<SignalTrigger>(rule.trigger) && record.state == FollowUpState::kWithdrawn &&
         record.approved != false && AnswerTo(account, record.issued.followup) == nullptr;
}

// While something of the rule is open, another value of the host's begins nothing anew.
bool WaitsForHost(const Rule& rule, const FollowUpRecord& record) {
  const auto* trigger = std::get_if<SignalTrigger>(&rule.trigger);
  return trigger != nullptr && !trigger->signal->host.empty() && IsOpen(record.state) && record.issued.rule == rule.name;
}

Instant RestEnds(const AccountView& view, const Rule& rule, Instant began) {
  return view.zone().StartOf(view.zone().LocalDay(began) + *rule.rest_days);
}

}  // namespace

std::optional<ExitEvent> ExitSince(AccountView& view, const Rule& rule, Instant since, const ContactId& contact) {
  if (rule.exits.empty()) return std::nullopt;
  const Account& account = view.account();
  Earliest earliest{since, view.input().as_of, std::nullopt};
  SeeTouches(account, rule, contact, earliest);
  if (rule.exits.contains(Exit::kPurchase)) {
    for (const PurchaseRecord& purchase : account.purchases) earliest.See(Exit::kPurchase, purchase.key, purchase.placed);
  }
  if (rule.exits.contains(Exit::kRefusal)) {
    for (const RefusalRecord& refusal : account.refusals) earliest.See(Exit::kRefusal, refusal.key, refusal.at);
  }
  if (rule.exits.contains(Exit::kComplaint)) {
    for (const WorryRecord& worry : account.worries) earliest.See(Exit::kComplaint, worry.key, worry.raised);
    for (const CaseRecord& record : account.relations.cases) {
      if (record.kind != CaseKind::kService) earliest.See(Exit::kComplaint, record.key, record.opened);
    }
  }
  if (!earliest.found.has_value() && rule.exits.contains(Exit::kGoal)) {
    if (Holds(rule.goal, view.signals())) return ExitEvent{Exit::kGoal, {}, view.input().as_of};
  }
  return earliest.found;
}

Sentence ExitSentence(const ExitEvent& event, const Zone& zone) {
  const std::string key = "cadence.left." + std::string(NameOf(event.exit));
  if (event.exit == Exit::kGoal) return {key, {}};
  return {key, {{"on", zone.LocalDay(event.at)}}};
}

std::string EnrolmentIdOf(const AccountView& view, const Rule& rule, const Occasion& entry) {
  const CustomerId& customer = view.account().NamedIn(entry.root);
  const Digest digest = HashParts({"rapport.enrolment", rule.name, entry.step, customer.text(), entry.contact.text(), entry.root.source, entry.root.id});
  return "n" + ToHex(digest, 16).substr(0, 31);
}

bool WasReferred(const SignalInput& input) {
  return SignalNamed("account.origin").Of(input).value == Cell(std::string(NameOf(Origin::kReferral)));
}

Run BeginRun(const AccountView& view, const Rule& rule, Occasion entry) {
  Run run{view.input().policy, &rule, nullptr, EnrolmentIdOf(view, rule, entry), std::move(entry), {}};
  if (!rule.referred_starts_at.empty() && WasReferred(view.signal_input())) run.left_out = rule.LeftOutWhenReferred();
  return run;
}

std::optional<Run> RunOf(const AccountView& view, const EnrolmentRecord& record, std::string& problem) {
  Run run;
  run.record = &record;
  run.enrolment = record.entered.enrolment;
  run.left_out = record.entered.skipped.value_or(std::vector<std::string>());
  run.policy = view.PolicyOf(record.entered.policy);
  run.rule = run.policy != nullptr ? run.policy->Find(record.entered.cadence, view.team()) : nullptr;
  problem = "policy";
  if (run.rule == nullptr || !run.rule->is_cadence) return std::nullopt;
  problem = "settled";
  const EventKey root{record.entered.root_source, record.entered.root_id};
  // Of dates that repeat, the one that had come when it began.
  SignalInput then = view.signal_input();
  if (std::holds_alternative<RecurrenceTrigger>(run.rule->trigger)) {
    then.as_of = record.entered_at;
    then.today = view.zone().LocalDay(record.entered_at);
  }
  std::vector<Occasion> entries = OccasionsByRoot(*run.rule, then, root);
  const auto entry = std::find_if(entries.begin(), entries.end(), [&](const Occasion& one) { return EnrolmentIdOf(view, *run.rule, one) == run.enrolment; });
  if (entry == entries.end() || entry->settled) return std::nullopt;
  if (!std::holds_alternative<EventTrigger>(run.rule->trigger)) {
    // A signal has moved on since: the cadence keeps the moment at which it began.
    entry->due = entry->since = record.entered_at;
    entry->day = view.zone().LocalDay(record.entered_at);
  }
  run.entry = std::move(*entry);
  return run;
}

Progress ProgressOf(AccountView& view, const Run& run) {
  if (const std::optional<ExitEvent> exit = ExitSince(view, *run.rule, run.entry.since, run.entry.contact)) {
    Progress left;
    left.exit = std::string(NameOf(exit->exit));
    left.because = ExitSentence(*exit, view.zone());
    return left;
  }
  return Walk(view, run).Go();
}

CadenceChange ChangeOf(const AccountView& view, const Run& run, CadenceChange::Kind kind) {
  CadenceChange change;
  change.kind = kind;
  change.enrolment = run.enrolment;
  change.cadence = run.rule->name;
  change.policy = run.policy->id();
  change.root = run.entry.root;
  change.contact = run.entry.contact;
  change.customer = view.account().NamedIn(run.entry.root);
  if (kind == CadenceChange::Kind::kEntered) change.skipped = run.left_out;
  return change;
}

bool MayEnter(const AccountView& view, const Rule& rule, const Occasion& occasion, std::optional<Instant>* rests_until) {
  const Account& account = view.account();
  const auto waits = [&](const auto& one) { return WaitsForHost(rule, one.second) && one.first != view.IdOf(rule, occasion); };
  if (!rule.is_cadence && std::any_of(account.followups.begin(), account.followups.end(), waits)) return false;
  if (rule.re_entry == ReEntry::kAlways) return true;
  std::optional<Instant> last;
  bool running = false;
  const auto see = [&](Instant began, bool runs) {
    last = std::max(last.value_or(began), began);
    running = running || runs;
  };
  if (rule.is_cadence) {
    for (const auto& [id, record] : account.relations.enrolments) {
      if (record.entered.cadence == rule.name) see(record.entered_at, !record.left_at.has_value());
    }
  } else {
    const FollowUpId own = view.IdOf(rule, occasion);
    for (const auto& [id, record] : account.followups) {
      if (record.issued.rule != rule.name || id == own || IsRearmed(account, rule, record)) continue;
      see(record.issued_at, IsOpen(record.state));
    }
  }
  if (!last.has_value()) return true;
  if (rule.re_entry == ReEntry::kNever || running) return false;
  if (rule.rest_days.has_value() && rests_until != nullptr) *rests_until = RestEnds(view, rule, *last);
  if (rule.rest_days.has_value()) return RestEnds(view, rule, *last) <= view.input().as_of;
  if (rule.re_entry == ReEntry::kWhenFinished) return true;
  return std::any_of(account.purchases.begin(), account.purchases.end(), [&](const PurchaseRecord& p) { return p.placed > *last; });
}

std::optional<RuleHold> PausedBy(const AccountView& view, const ContactId& contact) {
  const TouchRecord* said = nullptr;
  for (const TouchRecord& record : view.account().touches) {
    const Touch& touch = record.touch;
    if (touch.disposition != Disposition::kAutoReply || !touch.back_on.has_value()) continue;
    if (SamePerson(touch.contact.value_or(ContactId()), contact)) said = &record;
  }
  if (said == nullptr) return std::nullopt;
  // Not on the very day: who comes back finds a full desk.
  const Day from = ShiftDay(*said->touch.back_on, {OffsetUnit::kWorkingDays, 1, std::nullopt}, view.signal_input());
  const Instant until = view.zone().StartOf(from);
  if (until <= view.input().as_of) return std::nullopt;
  return RuleHold{"paused", {said->key}, until, {"hold.paused", {{"back", *said->touch.back_on}}}};
}

}  // namespace rapport

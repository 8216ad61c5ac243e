#include "policy/admission.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "policy/assignee.hpp"
#include "policy/cadence.hpp"
#include "policy/evidence.hpp"
#include "policy/names.hpp"
#include "policy/quiet_rules.hpp"
#include "rapport/core/hash.hpp"
#include "rapport/permission/forbidden.hpp"

namespace rapport {
namespace {

// A rule whose occasions vanish because a matter is settled, not because time or a signal moved.
bool WaitsForEvent(const Rule& rule) { return std::holds_alternative<EventTrigger>(rule.trigger); }

// A value of the host's that is beyond is beyond by the newest observation, and every one of them is another event: while it stays there, what is open
// stays by the one it was issued for, with the day it had.
std::optional<Occasion> StillBeyond(const AccountView& view, const Rule& rule, const FollowUpIssued& issued) {
  const auto* trigger = std::get_if<SignalTrigger>(&rule.trigger);
  if (trigger == nullptr || trigger->signal->host.empty()) return std::nullopt;
  std::vector<Occasion> now = OccasionsOf(rule, view.signal_input(), {.until = view.input().as_of});
  if (now.empty()) return std::nullopt;
  Occasion kept = std::move(OccasionsByRoot(rule, view.signal_input(), {issued.root_source, issued.root_id}).front());
  for (const EventKey& key : now.front().evidence) AddOnce(key, kept.evidence);
  kept.step = issued.step;
  kept.due = kept.since = issued.due;
  kept.day = view.zone().LocalDay(issued.due);
  return kept;
}

// The occasion an open follow-up was issued for, if it still is one; its due may have moved, also into the future.
std::optional<Occasion> OccasionOf(const AccountView& view, const Rule& rule, const FollowUpIssued& issued) {
  const EventKey root{issued.root_source, issued.root_id};
  if (std::optional<Occasion> kept = StillBeyond(view, rule, issued)) return kept;
  for (Occasion& occasion : OccasionsOf(rule, view.signal_input(), {.root = &root})) {
    if (view.IdOf(rule, occasion) == issued.followup) return std::move(occasion);
  }
  return std::nullopt;
}

// The exclusive groups that are taken, each by the one that runs.
class Groups {
 public:
  void Take(const Rule& rule, const std::string& by) {
    if (!rule.exclusive.empty()) taken_.emplace(rule.exclusive, by);
  }
  bool IsTaken(const Rule& rule, const std::string& by) const {
    const auto found = taken_.find(rule.exclusive);
    return !rule.exclusive.empty() && found != taken_.end() && found->second != by;
  }

 private:
  std::map<std::string, std::string> taken_;
};

const std::string& HolderOf(const Candidate& candidate) { return candidate.enrolment.empty() ? candidate.id.text() : candidate.enrolment; }

// From 0 to 1, the same for a customer and a salt for ever.
double ShareOf(const AccountView& view, const Holdout& holdout) {
  const Digest digest = HashParts({"rapport.holdout", holdout.salt, std::to_string(view.input().seed), view.account().id.text()});
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < 8; ++i) bits = bits << 8 | digest[i];
  return static_cast<double>(bits >> 11) * 0x1p-53;
}

// What the policy itself holds back of what would be new.
std::optional<RuleHold> HeldByRule(const AccountView& view, const Candidate& candidate, const Groups& groups) {
  const Rule& rule = *candidate.rule;
  if (IsHeldOut(view, *candidate.policy, rule)) return RuleHold{"holdout", {}, std::nullopt, {"hold.holdout", {}}};
  if (groups.IsTaken(rule, HolderOf(candidate))) return RuleHold{"exclusive", {}, std::nullopt, {"hold.exclusive", {}}};
  return std::nullopt;
}

// What puts off work that is known already, or a step of what runs. A snooze outlasts a withdrawal.
std::optional<RuleHold> PutOff(const AccountView& view, const Candidate& candidate) {
  if (candidate.record != nullptr && candidate.record->snoozed_until.has_value() && *candidate.record->snoozed_until > view.input().as_of) {
    const Instant until = *candidate.record->snoozed_until;
    return RuleHold{"snoozed", {}, until, {"hold.snoozed", {{"until", view.zone().LocalDay(until)}}}};
  }
  if (candidate.enrolment.empty()) return std::nullopt;
  return PausedBy(view, candidate.occasion.contact);
}

bool ByUrgency(const Candidate& a, const Candidate& b) {
  return std::make_tuple(-a.rule->priority, a.occasion.due, a.id) < std::make_tuple(-b.rule->priority, b.occasion.due, b.id);
}

// Collects what may be admitted, and what ends without being asked.
class Gathering {
 public:
  Gathering(AccountView& view, Admissions& result) : view_(view), result_(result) {}
  void Gather();
  // Begins the cadences that may begin, once it is known which groups what is open has taken.
  void EnterAll();
  bool IsIdle() const { return open.empty() && fresh.empty() && entries_.empty(); }
  std::vector<Candidate> open;
  std::vector<Candidate> fresh;
  Groups groups;

 private:
  void LookAgain(const FollowUpRecord& record);
  void LookAgainAtSingle(const FollowUpRecord& record, const Policy& policy, const Rule& rule);
  void FollowRuns();
  void Follow(const Run& run);
  void Ask(const Rule& rule, std::size_t place);
  bool FindNew(const Rule& rule);
  void Foresee(const Rule& rule, const std::vector<Occasion>& occasions);
  void Foresee(const Run& run, const Progress& progress);
  void ForeseeCall(const Rule& rule, const Verdict& verdict, Instant last);

  AccountView& view_;
  Admissions& result_;
  // Cadences that may begin: the entry of each as a candidate.
  std::vector<Candidate> entries_;
};

void Gathering::LookAgainAtSingle(const FollowUpRecord& record, const Policy& policy, const Rule& rule) {
  std::optional<Occasion> occasion = OccasionOf(view_, rule, record.issued);
  const Instant as_of = view_.input().as_of;
  if (!occasion.has_value()) {
    const bool late = !WaitsForEvent(rule) && as_of > record.issued.expires;
    result_.closings.push_back(late ? Expired(view_, record) : WithdrawnResolved(view_, record, rule));
    return;
  }
  if (const std::optional<ExitEvent> exit = ExitSince(view_, rule, occasion->since, occasion->contact)) {
    result_.closings.push_back(WithdrawnBecause(view_, record, "exit", ExitSentence(*exit, view_.zone())));
    return;
  }
  Candidate candidate{&policy, &rule, &rule.steps.front(), &record, record.issued.followup, *std::move(occasion), {}, {}, {}, {}};
  candidate.expires = ExpiryWithSnooze(view_, record, ExpiryOf(rule.expires(), candidate.occasion, view_.zone()));
  if (as_of > candidate.expires) {
    result_.closings.push_back(Expired(view_, record));
    return;
  }
  candidate.trace = view_.Ask(rule.when);
  if (candidate.trace.holds) open.push_back(std::move(candidate));
  else result_.closings.push_back(WithdrawnByConditions(view_, candidate));
}

void Gathering::LookAgain(const FollowUpRecord& record) {
  if (record.approved == false) {
    result_.closings.push_back(WithdrawnBecause(view_, record, "approval", {"withdrawn.approval", {}}));
    return;
  }
  const Policy* policy = view_.PolicyOf(record.issued.policy);
  const Rule* rule = policy != nullptr ? policy->Find(record.issued.rule, view_.team()) : nullptr;
  if (rule == nullptr) {
    result_.closings.push_back(WithdrawnByPolicy(view_, record));
    return;
  }
  if (!rule->is_cadence) return LookAgainAtSingle(record, *policy, *rule);
  // A step of a cadence: its enrolment is followed below; one whose enrolment has been left has no business being open.
  const auto run = view_.account().relations.enrolments.find(record.issued.enrolment.value_or(std::string()));
  const bool runs = run != view_.account().relations.enrolments.end() && !run->second.left_at.has_value();
  if (!runs) result_.closings.push_back(WithdrawnBecause(view_, record, "exit", {"withdrawn.resolved", {}}));
}

// One step of a run: what is open of it is looked at again, what is due is new.
void Gathering::Follow(const Run& run) {
  Progress progress = ProgressOf(view_, run);
  const Instant as_of = view_.input().as_of;
  const bool left = !progress.exit.empty();
  for (const auto& [id, record] : view_.account().followups) {
    if (!IsOpen(record.state) || record.issued.enrolment != run.enrolment || record.approved == false) continue;
    if (!left && progress.record == &record) continue;
    const bool late = !left && as_of > ExpiryWithSnooze(view_, record, record.issued.expires);
    result_.closings.push_back(late ? Expired(view_, record) : WithdrawnBecause(view_, record, "exit", left ? progress.because : Sentence{"withdrawn.resolved", {}}));
  }
  if (run.record == nullptr) result_.cadences.push_back(ChangeOf(view_, run, CadenceChange::Kind::kEntered));
  if (!left) groups.Take(*run.rule, run.enrolment);
  if (left) {
    CadenceChange change = ChangeOf(view_, run, CadenceChange::Kind::kLeft);
    change.exit = progress.exit;
    change.because = std::move(progress.because);
    result_.cadences.push_back(std::move(change));
    return;
  }
  const std::string& running = run.record != nullptr ? run.record->step : std::string();
  const bool is_first = running.empty() && progress.step == &run.first() && progress.occasion.step.find('/') == std::string::npos;
  if (!is_first && running != progress.occasion.step) {
    CadenceChange change = ChangeOf(view_, run, CadenceChange::Kind::kAdvanced);
    change.step = progress.occasion.step;
    if (run.record != nullptr) change.advance = run.record->advances + 1;
    result_.cadences.push_back(std::move(change));
  }
  if (view_.input().foresee) Foresee(run, progress);
  if (progress.is_waiting) return;
  Candidate candidate{run.policy, run.rule, progress.step, progress.record, view_.IdOf(*run.rule, progress.occasion), std::move(progress.occasion),
                      progress.expires, std::move(progress.trace), run.enrolment, {}, run.left_out};
  if (!candidate.IsOpen()) {
    fresh.push_back(std::move(candidate));
    return;
  }
  if (candidate.record->approved == false) return;
  candidate.expires = ExpiryWithSnooze(view_, *candidate.record, candidate.expires);
  if (as_of > candidate.expires) result_.closings.push_back(Expired(view_, *candidate.record));
  else if (!candidate.trace.holds) result_.closings.push_back(WithdrawnByConditions(view_, candidate));
  else open.push_back(std::move(candidate));
}

void Gathering::FollowRuns() {
  for (const auto& [id, record] : view_.account().relations.enrolments) {
    if (record.left_at.has_value()) continue;
    std::string problem;
    if (const std::optional<Run> run = RunOf(view_, record, problem)) {
      Follow(*run);
      continue;
    }
    CadenceChange change;
    change.kind = CadenceChange::Kind::kLeft;
    change.customer = view_.account().NamedIn(record.key);
    change.enrolment = id;
    change.cadence = record.entered.cadence;
    change.policy = record.entered.policy;
    change.exit = problem;
    change.because = {"cadence.left." + problem, {}};
    for (const auto& [followup, own] : view_.account().followups) {
      if (IsOpen(own.state) && own.issued.enrolment == id) result_.closings.push_back(WithdrawnBecause(view_, own, "exit", change.because));
    }
    result_.cadences.push_back(std::move(change));
  }
}

// What is owed stays owed, however long before the book went live it fell due: open promises and open worries.
bool IsOwed(const Rule& rule) {
  const auto* trigger = std::get_if<EventTrigger>(&rule.trigger);
  return trigger != nullptr && (trigger->event == kOnPromise || trigger->event == kOnWorry);
}

// A follow-up that was closed is not issued again; one that was withdrawn is, where it is called for again, but not against its owner, and
// not at the very moment: the same tick twice records once.
bool IsClosedForGood(const FollowUpRecord& record, Instant as_of) {
  return record.state != FollowUpState::kWithdrawn || record.approved == false || record.state_at >= as_of;
}

bool IsBeforeGoLive(const AccountView& view, const Rule& rule, const Occasion& occasion) {
  const std::optional<Day>& go_live = view.book().go_live;
  return go_live.has_value() && occasion.due < view.zone().StartOf(*go_live) && !IsOwed(rule);
}

// With what a snooze of it put off. An id is a hash: made only where something is snoozed at all.
Instant ExpiryIn(const AccountView& view, const Rule& rule, const Occasion& occasion) {
  const Instant expires = ExpiryOf(rule.expires(), occasion, view.zone());
  const auto& followups = view.account().followups;
  if (std::none_of(followups.begin(), followups.end(), [](const auto& one) { return one.second.snoozed_until.has_value(); })) return expires;
  const auto known = followups.find(view.IdOf(rule, occasion));
  return known == followups.end() ? expires : ExpiryWithSnooze(view, known->second, expires);
}

// What fell due before has lapsed: no day is longer than 25 hours, and a snooze may put anything off.
Instant EarliestDue(const AccountView& view, const Rule& rule) {
  constexpr std::int64_t kMicrosPerHour = 3'600'000'000;
  const Offset& expires = rule.expires();
  const auto& followups = view.account().followups;
  if (std::any_of(followups.begin(), followups.end(), [](const auto& one) { return one.second.snoozed_until.has_value(); })) return Instant::Min();
  const std::int64_t hours = expires.unit == OffsetUnit::kHours ? expires.count : (expires.count + 2) * 25;
  return view.input().as_of.PlusMicros(-hours * kMicrosPerHour);
}

Instant LastExpiry(const AccountView& view, const Rule& rule, const std::vector<Occasion>& occasions) {
  Instant last = Instant::Min();
  for (const Occasion& occasion : occasions) {
    if (occasion.due <= view.input().as_of) last = std::max(last, ExpiryIn(view, rule, occasion));
  }
  return last;
}

// A run goes on when its step falls due, or when a goal is reached that moves with the clock.
void Gathering::Foresee(const Run& run, const Progress& progress) {
  if (progress.is_waiting) result_.LookAgainAt(std::max(progress.occasion.due, view_.input().as_of.PlusMicros(1)));
  if (!run.rule->exits.contains(Exit::kGoal)) return;
  if (const std::optional<Instant> next = NextTurnOf(run.rule->goal, true, view_, Instant::Max())) result_.LookAgainAt(*next);
}

// The first occasion to come for which the conditions will hold. Events have all of theirs here; of what repeats only the next one is
// known, and whatever becomes of it there is one after it.
void Gathering::Foresee(const Rule& rule, const std::vector<Occasion>& occasions) {
  if (OutlookOf(rule.when, view_.signals()) == Outlook::kNo) return;
  if (std::holds_alternative<EventTrigger>(rule.trigger)) {
    for (const Occasion& occasion : occasions) {
      if (occasion.due <= view_.input().as_of) continue;
      if (result_.look_again.has_value() && occasion.due >= *result_.look_again) return;
      if (const std::optional<Instant> next = NextMomentOf(rule, occasion, ExpiryIn(view_, rule, occasion), view_)) result_.LookAgainAt(*next);
    }
    return;
  }
  if (const std::optional<Instant> next = NextTurnOfChecks(rule, view_)) result_.LookAgainAt(*next);
  const std::optional<Occasion> occasion = NextOccasion(rule, view_.signal_input());
  if (!occasion.has_value()) return;
  const std::optional<Instant> next = NextMomentOf(rule, *occasion, ExpiryIn(view_, rule, *occasion), view_);
  result_.LookAgainAt(next.value_or(occasion->due));
}

// Where an occasion that has not lapsed is not called for: when it may be. `last`: when all of the rule that are due now have lapsed.
void Gathering::ForeseeCall(const Rule& rule, const Verdict& verdict, Instant last) {
  const Instant as_of = view_.input().as_of;
  const bool only_now = verdict.bar == Bar::kAnswered && verdict.known->state == FollowUpState::kWithdrawn && verdict.known->state_at >= as_of;
  if (only_now) result_.LookAgainAt(as_of.PlusMicros(1));   // it may be called for again, but not at this very moment
  if (verdict.bar == Bar::kResting && verdict.rests_until.has_value()) result_.LookAgainAt(*verdict.rests_until);
  std::optional<Instant> next;
  if (verdict.bar == Bar::kConditions) next = NextTurnOf(rule.when, true, view_, last);
  if (verdict.bar == Bar::kLeft && rule.exits.contains(Exit::kGoal)) next = NextTurnOf(rule.goal, false, view_, last);
  if (next.has_value()) result_.LookAgainAt(*next);
}

// A rule that had nothing to begin, of which nothing has become known and whose moment has not come, has nothing again.
void Gathering::Ask(const Rule& rule, std::size_t place) {
  QuietRules* quiet = view_.input().quiet;
  if (quiet == nullptr) {
    FindNew(rule);
    return;
  }
  // Of its own, whatever the others wait for.
  const std::optional<Instant> of_others = std::exchange(result_.look_again, std::nullopt);
  if (quiet->IsQuiet(place, view_.input().as_of)) result_.look_again = quiet->WakesAt(place);
  else if (FindNew(rule)) quiet->Wake(place);
  else quiet->FallQuiet(place, result_.look_again);
  if (of_others.has_value()) result_.LookAgainAt(*of_others);
}

// True where there is something to begin, or would have been before the book went live.
bool Gathering::FindNew(const Rule& rule) {
  const DecideInput& input = view_.input();
  bool found = false;
  std::optional<ConditionTrace> trace;
  std::vector<Occasion> occasions = OccasionsOf(rule, view_.signal_input(), {EarliestDue(view_, rule), input.foresee ? Instant::Max() : input.as_of});
  if (input.foresee) Foresee(rule, occasions);
  const Instant last = input.foresee ? LastExpiry(view_, rule, occasions) : Instant::Max();
  const auto holds = [&]() {
    if (!trace.has_value()) trace = view_.Ask(rule.when);
    return trace->holds;
  };
  for (Occasion& occasion : occasions) {
    if (occasion.due > input.as_of) break;
    Verdict verdict = VerdictOn(view_, rule, occasion, holds);
    if (input.foresee) ForeseeCall(rule, verdict, last);
    if (verdict.bar == Bar::kConditions) return found;
    if (verdict.bar == Bar::kBeforeGoLive) ++result_.backlog[rule.name];
    found = found || verdict.bar == Bar::kNone || verdict.bar == Bar::kBeforeGoLive;
    if (verdict.bar != Bar::kNone) continue;
    Candidate candidate{input.policy, &rule, &rule.steps.front(), verdict.known, std::move(verdict.id), std::move(occasion), verdict.expires, *trace, {}, {}};
    if (rule.is_cadence) candidate.enrolment = EnrolmentIdOf(view_, rule, candidate.occasion);
    (rule.is_cadence ? entries_ : fresh).push_back(std::move(candidate));
  }
  return found;
}

// In order of urgency; one that is held back has not begun.
void Gathering::EnterAll() {
  std::sort(entries_.begin(), entries_.end(), ByUrgency);
  for (Candidate& entry : entries_) {
    entry.hold = HeldByRule(view_, entry, groups);
    if (!entry.hold.has_value()) {
      Follow(BeginRun(view_, *entry.rule, std::move(entry.occasion)));
      continue;
    }
    const Run run = BeginRun(view_, *entry.rule, entry.occasion);
    entry.step = &run.first();
    entry.left_out = run.left_out;
    const DueMoment due = Shifted({entry.occasion.day, entry.occasion.due}, entry.step->after, view_.signal_input());
    entry.occasion.day = due.day;
    entry.occasion.due = due.at;
    entry.occasion.step = entry.step->name;
    entry.id = view_.IdOf(*entry.rule, entry.occasion);
    entry.expires = ExpiryOf(entry.step->expires, entry.occasion, view_.zone());
    fresh.push_back(std::move(entry));
  }
}

void Gathering::Gather() {
  for (const auto& [id, record] : view_.account().followups) {
    if (IsOpen(record.state)) LookAgain(record);
  }
  FollowRuns();
  const std::vector<Rule>& rules = view_.rules();
  for (std::size_t place = 0; place < rules.size(); ++place) Ask(rules[place], place);
}

// The first order of admission is the order for ever: a tick repeated at the same moment gives each its answer again.
bool ByPlace(const Candidate& a, const Candidate& b) {
  if (a.record->issued_at != b.record->issued_at) return a.record->issued_at < b.record->issued_at;
  return ByUrgency(a, b);
}

// The reason that lasts longest comes first: it is what a person is told.
void LongestFirst(std::vector<Hold>& holds) {
  const auto longest = std::max_element(holds.begin(), holds.end(), [](const Hold& a, const Hold& b) {
    return b.until.has_value() ? a.until.has_value() && *a.until < *b.until : a.until.has_value();
  });
  if (longest != holds.end()) std::rotate(holds.begin(), longest, longest + 1);
}

Admission Admit(AccountView& view, Candidate&& candidate, const std::vector<Attempt>& attempts, Admissions& result) {
  const Instant as_of = view.input().as_of;
  Admission admission;
  if (!candidate.hold.has_value()) candidate.hold = PutOff(view, candidate);
  admission.checked_at = std::max(candidate.occasion.due, as_of);
  if (candidate.hold.has_value() && candidate.hold->until.has_value()) admission.checked_at = std::max(admission.checked_at, *candidate.hold->until);
  const Asked asked = AskFor(view, *candidate.rule, *candidate.step, candidate.occasion, attempts);
  admission.contact = asked.contact;
  admission.assigned = asked.assigned;
  admission.zone = asked.zone;
  admission.answer = CheckPermission(asked.input, admission.checked_at);
  const std::optional<Instant>& first = admission.answer.first_allowed;
  const bool now = admission.answer.allowed && admission.checked_at == as_of;
  const bool today = first.has_value() && asked.zone->LocalDay(*first) <= asked.zone->LocalDay(as_of);
  admission.status = now || today ? DecisionStatus::kDue : DecisionStatus::kHeld;
  if (candidate.hold.has_value()) admission.status = DecisionStatus::kHeld;
  if (!admission.answer.allowed) admission.chain = HoldChain(asked.input, admission.checked_at);
  LongestFirst(admission.answer.holds);
  admission.candidate = std::move(candidate);
  if (view.input().foresee) {
    if (const std::optional<Instant> next = NextChangeOf(admission, asked.input, view)) result.LookAgainAt(*next);
  }
  return admission;
}

// Given up for good: a cap held when it fell due. It is no decision any more, and is not asked again.
bool IsDropped(AccountView& view, const Candidate& candidate, const std::vector<Attempt>& attempts) {
  return IsOverCap(AskFor(view, *candidate.rule, *candidate.step, candidate.occasion, attempts).input, candidate.occasion.due);
}

void Reserve(const Admission& admission, Instant as_of, std::vector<Attempt>& attempts) {
  Attempt attempt;
  attempt.at = admission.answer.first_allowed.value_or(std::max(admission.candidate.occasion.due, as_of));
  attempt.channel = admission.candidate.step->action.channel;
  attempt.purpose = admission.candidate.rule->purpose;
  attempt.contact = admission.contact.value_or(ContactId());
  attempt.reservation = true;
  attempt.message_class = admission.candidate.rule->message_class;
  if (admission.candidate.IsOpen()) attempt.event = admission.candidate.record->issued_by;
  const auto place = std::upper_bound(attempts.begin(), attempts.end(), attempt,
                                      [](const Attempt& a, const Attempt& b) { return a.at < b.at; });
  attempts.insert(place, std::move(attempt));
}

// The first allowed minute, if there is one, comes after the follow-up has lapsed. What is allowed right now is never late.
bool IsTooLate(const Admission& admission) {
  const std::optional<Instant>& first = admission.answer.first_allowed;
  return !admission.answer.allowed && (!first.has_value() || *first > admission.candidate.expires);
}

// Held until the one whose work it is comes back: nobody is there meanwhile, so it keeps no other rep out.
bool WaitsForItsRep(const Admission& admission) {
  const std::vector<HoldReason>& chain = admission.chain;
  return admission.status == DecisionStatus::kHeld && std::find(chain.begin(), chain.end(), HoldReason::kRepAway) != chain.end();
}

}  // namespace

bool IsHeldOut(const AccountView& view, const Policy& policy, const Rule& rule) {
  const std::optional<Holdout>& holdout = policy.holdout();
  return holdout.has_value() && !rule.mandatory && ShareOf(view, *holdout) < holdout->share;
}

Instant ExpiryWithSnooze(const AccountView& view, const FollowUpRecord& record, Instant expires) {
  if (!record.snoozed_until.has_value()) return expires;
  const Zone& zone = view.zone();
  return std::max(expires, zone.StartOf(zone.LocalDay(*record.snoozed_until) + 1).PlusMicros(-1));
}

Verdict VerdictOn(AccountView& view, const Rule& rule, const Occasion& occasion, const std::function<bool()>& holds) {
  const Instant as_of = view.input().as_of;
  Verdict verdict;
  verdict.expires = ExpiryIn(view, rule, occasion);
  verdict.bar = Bar::kLapsed;
  if (as_of > verdict.expires) return verdict;
  verdict.id = view.IdOf(rule, occasion);
  const auto known = view.account().followups.find(verdict.id);
  if (known != view.account().followups.end()) verdict.known = &known->second;
  const auto bar = [&]() {
    if (verdict.known != nullptr && IsClosedForGood(*verdict.known, as_of)) return Bar::kAnswered;
    if (rule.is_cadence && view.account().relations.enrolments.contains(EnrolmentIdOf(view, rule, occasion))) return Bar::kEnrolled;
    if (!holds()) return Bar::kConditions;
    if (ExitSince(view, rule, occasion.since, occasion.contact).has_value()) return Bar::kLeft;
    if (!MayEnter(view, rule, occasion, &verdict.rests_until)) return Bar::kResting;
    return IsBeforeGoLive(view, rule, occasion) ? Bar::kBeforeGoLive : Bar::kNone;
  };
  verdict.bar = bar();
  return verdict;
}

std::vector<Attempt> TouchesOf(const Account& account, Instant as_of) {
  std::vector<Attempt> attempts = AttemptsOf(account, as_of, FollowUpId());
  std::erase_if(attempts, [](const Attempt& attempt) { return attempt.reservation; });
  return attempts;
}

Asked AskFor(const AccountView& view, const Rule& rule, const Step& step, const Occasion& occasion, const std::vector<Attempt>& attempts) {
  const Account& account = view.account();
  Asked asked;
  const ContactRecord* record = nullptr;
  if (!occasion.contact.empty()) {
    asked.contact = occasion.contact;
    record = account.FindContact(occasion.contact);
  } else if ((record = account.PrimaryContact()) != nullptr) {
    asked.contact = record->id;
  }
  asked.zone = &view.book().ZoneOf(record != nullptr ? record->zone : std::nullopt, account.profile.zone);
  asked.input.profile = &view.profile();
  asked.input.zone = asked.zone;
  asked.input.contact = asked.contact.value_or(ContactId());
  asked.input.channel = step.action.channel;
  asked.input.purpose = rule.purpose;
  asked.input.attempts = attempts;
  asked.input.consents = account.consents;
  asked.input.do_not_contact = account.do_not_contact;
  asked.input.holidays = view.book().HolidaysOf(*asked.zone);
  asked.input.message_class = rule.message_class;
  asked.assigned = AssignedTo(view, rule, step, occasion, std::max(occasion.due, view.input().as_of));
  asked.input.rep = view.HoursOf(asked.assigned.rep);
  return asked;
}

Admissions AdmitAll(AccountView& view) {
  Admissions result;
  Gathering gathering(view, result);
  gathering.Gather();
  if (gathering.IsIdle()) return result;

  std::sort(gathering.open.begin(), gathering.open.end(), ByPlace);
  std::vector<Attempt> attempts = TouchesOf(view.account(), view.input().as_of);
  for (Candidate& candidate : gathering.open) {
    Admission admission = Admit(view, std::move(candidate), attempts, result);
    // A contact that is forbidden now, however soon it may be allowed again, ends what was issued.
    if (IsForbidden(admission.answer) || IsTooLate(admission)) {
      result.closings.push_back(WithdrawnByPermission(view, *admission.candidate.record, admission.answer));
      result.forbidden.push_back(std::move(admission));
      continue;
    }
    if (!WaitsForItsRep(admission)) gathering.groups.Take(*admission.candidate.rule, HolderOf(admission.candidate));
    Reserve(admission, view.input().as_of, attempts);
    result.admitted.push_back(std::move(admission));
  }
  gathering.EnterAll();
  std::sort(gathering.fresh.begin(), gathering.fresh.end(), ByUrgency);
  for (Candidate& candidate : gathering.fresh) {
    if (!candidate.hold.has_value()) candidate.hold = HeldByRule(view, candidate, gathering.groups);
    if (candidate.rule->drop_over_cap && IsDropped(view, candidate, attempts)) continue;
    Admission admission = Admit(view, std::move(candidate), attempts, result);
    if (IsTooLate(admission)) admission.status = DecisionStatus::kHeld;
    // What waits for its hour is under way too; what has no hour left keeps nobody out.
    const bool comes = !admission.candidate.hold.has_value() && !IsForbidden(admission.answer) && !IsTooLate(admission) && !WaitsForItsRep(admission);
    if (comes) gathering.groups.Take(*admission.candidate.rule, HolderOf(admission.candidate));
    if (admission.status == DecisionStatus::kDue) Reserve(admission, view.input().as_of, attempts);
    result.admitted.push_back(std::move(admission));
  }
  return result;
}

}  // namespace rapport

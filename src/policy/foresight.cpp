// What time alone will change of an account's decisions, and when first: so that nobody looks at an account in vain.
//
// Never too late, and seldom too early: a moment found here may turn out to change nothing, but nothing changes before the earliest
// of them (tests/policy/foresight_test.cpp ticks both ways).
#include <algorithm>
#include <cmath>

#include "policy/admission.hpp"
#include "policy/assignee.hpp"

namespace rapport {
namespace {

Instant NextMidnight(const AccountView& view) { return view.zone().StartOf(view.signal_input().today + 1); }

std::optional<Instant> Earlier(std::optional<Instant> a, std::optional<Instant> b) {
  if (!a.has_value() || !b.has_value()) return a.has_value() ? a : b;
  return std::min(*a, *b);
}

std::optional<Instant> NextStepOf(const SignalColumn& column, AccountView& view) {
  if (column.next_step == nullptr) return std::nullopt;
  const std::optional<Day> day = column.next_step(view.signal_input());
  return day.has_value() ? std::optional(view.zone().StartOf(*day)) : std::nullopt;
}

// A column that moves with the day changes its answer when it reaches the number, or leaves it behind.
std::optional<Instant> NextFlipOfLeaf(const Condition& leaf, AccountView& view) {
  const SignalColumn& column = *leaf.signal;
  if (column.motion == Motion::kConstant) return std::nullopt;
  std::optional<Instant> next = NextStepOf(column, view);
  if (column.motion == Motion::kPolled) return column.next_step == nullptr ? NextMidnight(view) : next;
  const bool falls = column.slope_per_day < 0 || column.motion == Motion::kMonotone;
  for (const Cell& expected : leaf.expected) {
    const std::optional<double> number = NumberOf(expected);
    if (!number.has_value()) return NextMidnight(view);
    const double far = falls ? -HUGE_VAL : HUGE_VAL;
    const double whole = falls ? std::ceil(*number) - 1 : std::floor(*number) + 1;
    const double beyond = column.type == ColumnType::kInteger ? whole : std::nextafter(*number, far);
    for (const double threshold : {*number, beyond}) {
      const SignalInput& input = view.signal_input();
      const std::optional<Day> day = falls ? NextCrossingBelow(column, input, threshold) : NextCrossing(column, input, threshold);
      if (day.has_value()) next = Earlier(next, view.zone().StartOf(*day));
    }
  }
  return next;
}

// A consent runs out, a wish not to be contacted ends; and where contacts are capped, reservations of others move on with the days.
std::optional<Instant> NextChangeOfPermission(const AccountView& view) {
  const Account& account = view.account();
  if (!view.profile().caps.empty()) return NextMidnight(view);
  std::optional<Instant> next;
  const auto see = [&](const std::optional<Day>& last) {
    if (last.has_value() && *last >= view.signal_input().today) next = Earlier(next, view.zone().StartOf(*last + 1));
  };
  for (const ConsentRecord& record : account.consents) see(record.consent.expires);
  for (const DoNotContactRecord& record : account.do_not_contact) see(record.rule.until);
  return next;
}

// A condition whose leaves turn and turn without its outcome is looked at again after so many.
constexpr int kMostFlips = 8;

Outlook Opposite(Outlook outlook) {
  if (outlook == Outlook::kPerhaps) return outlook;
  return outlook == Outlook::kYes ? Outlook::kNo : Outlook::kYes;
}

}  // namespace

Outlook OutlookOf(const Condition& condition, SignalCache& signals) {
  if (condition.kind == Condition::Kind::kLeaf) {
    if (condition.signal->motion != Motion::kConstant) return Outlook::kPerhaps;
    return Holds(condition, signals) ? Outlook::kYes : Outlook::kNo;
  }
  if (condition.kind == Condition::Kind::kNot) return Opposite(OutlookOf(condition.children.front(), signals));
  const bool all = condition.kind == Condition::Kind::kAll;
  Outlook outlook = all ? Outlook::kYes : Outlook::kNo;
  for (const Condition& child : condition.children) {
    const Outlook one = OutlookOf(child, signals);
    outlook = all ? std::min(outlook, one) : std::max(outlook, one);
  }
  return outlook;
}

std::optional<Instant> NextFlipOf(const Condition& condition, AccountView& view) {
  if (condition.kind == Condition::Kind::kLeaf) return NextFlipOfLeaf(condition, view);
  std::optional<Instant> next;
  for (const Condition& child : condition.children) next = Earlier(next, NextFlipOf(child, view));
  return next;
}

std::optional<Instant> NextTurnOf(const Condition& condition, bool wanted, AccountView& view, Instant until) {
  if (OutlookOf(condition, view.signals()) == (wanted ? Outlook::kNo : Outlook::kYes)) return std::nullopt;
  std::optional<Instant> next = NextFlipOf(condition, view);
  DecideInput then = view.input();
  then.derive = false;
  for (int step = 0; step < kMostFlips && next.has_value() && *next <= until; ++step) {
    then.as_of = *next;
    AccountView later(view.account(), then);
    if (Holds(condition, later.signals()) == wanted) return next;
    next = NextFlipOf(condition, later);
  }
  return next.has_value() && *next <= until ? next : std::nullopt;
}

std::optional<Instant> NextMomentOf(const Rule& rule, const Occasion& occasion, Instant expires, AccountView& view) {
  if (OutlookOf(rule.when, view.signals()) == Outlook::kNo) return std::nullopt;
  DecideInput then = view.input();
  then.derive = false;
  then.as_of = occasion.due;
  AccountView later(view.account(), then);
  if (Holds(rule.when, later.signals())) return occasion.due;
  return NextTurnOf(rule.when, true, later, expires);
}

std::optional<Instant> NextTurnOfChecks(const Rule& rule, const AccountView& view) {
  const auto* trigger = std::get_if<SignalTrigger>(&rule.trigger);
  if (trigger == nullptr || !trigger->checks.has_value()) return std::nullopt;
  const SignalCheck check = CheckOf(*trigger);
  const bool beyond = CheckedRowOf(*trigger->signal, view.signal_input(), check).has_value();
  const std::optional<CheckAhead> ahead = NextChecked(*trigger->signal, view.signal_input(), check, !beyond);
  return ahead.has_value() ? std::optional(view.zone().StartOf(ahead->day)) : std::nullopt;
}

std::optional<Instant> NextChangeOf(const Admission& admission, const PermissionInput& asked, AccountView& view) {
  const Candidate& candidate = admission.candidate;
  const Instant as_of = view.input().as_of;
  std::optional<Instant> next;
  // What is due is open from now on.
  const bool open = candidate.IsOpen() || admission.status == DecisionStatus::kDue;
  // An open one lapses; of a cadence also what was never issued does, and the next step has its turn.
  if (open || !candidate.enrolment.empty()) next = candidate.expires.PlusMicros(1);
  // What the policy holds until something else ends comes when that is looked at.
  const bool waits = candidate.hold.has_value() && !candidate.hold->until.has_value();
  if (admission.status == DecisionStatus::kHeld && !waits) {
    if (candidate.hold.has_value()) next = Earlier(next, candidate.hold->until);
    if (admission.answer.first_allowed.has_value()) {
      const Instant day = admission.zone->StartOf(admission.zone->LocalDay(*admission.answer.first_allowed));
      next = Earlier(next, day > as_of ? day : *admission.answer.first_allowed);
    }
  }
  next = Earlier(next, NextTurnOfChecks(*candidate.rule, view));
  next = Earlier(next, NextReassignment(view, *candidate.rule, candidate.occasion));
  if (!open) return next;
  next = Earlier(next, NextTurnOf(candidate.enrolment.empty() ? candidate.rule->when : candidate.step->when, false, view, candidate.expires));
  if (candidate.rule->exits.contains(Exit::kGoal)) next = Earlier(next, NextTurnOf(candidate.rule->goal, true, view, candidate.expires));
  next = Earlier(next, NextChangeOfPermission(view));
  // From when on no allowed moment is left before it lapses: asked last, and only as far as it would come first.
  const std::optional<Instant> last = LastChance(asked, admission.checked_at, candidate.expires, *next);
  if (last.has_value()) next = Earlier(next, last->PlusMicros(1));
  return next;
}

}  // namespace rapport

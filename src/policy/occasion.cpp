#include "rapport/policy/occasion.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "policy/event_moments.hpp"
#include "policy/event_occasions.hpp"
#include "policy/names.hpp"
#include "policy/signal_words.hpp"
#include "rapport/core/hash.hpp"
#include "rapport/core/recurrence.hpp"
#include "rapport/core/working_calendar.hpp"
#include "rapport/signals/promise_chance.hpp"
#include "rapport/signals/rows_since.hpp"

namespace rapport {
namespace {

constexpr std::int64_t kMicrosPerHour = 3'600'000'000;
constexpr std::int64_t kMinutesPerHour = 60;
constexpr std::int64_t kDaysPerWeek = 7;
// From two weeks on a rhythm is told in weeks.
constexpr double kRhythmInWeeksFrom = 14;
constexpr std::string_view kSilence = "purchase.silence_ratio";
constexpr std::string_view kKeeping = "promise.probability_kept";

const EventTrigger* EventOf(const Rule& rule) { return std::get_if<EventTrigger>(&rule.trigger); }

bool EarlierDue(const Occasion& a, const Occasion& b) { return a.due != b.due ? a.due < b.due : a.root < b.root; }

std::vector<Occasion> OfEvents(const EventTrigger& trigger, const SignalInput& input, const OccasionScope& scope) {
  std::vector<Occasion> found = EventOccasions(trigger, input, scope);
  std::sort(found.begin(), found.end(), EarlierDue);
  return found;
}

// --- signals ---------------------------------------------------------------------------------------------------
template <class Records, class Fill>
bool NamedBy(const Records& records, const EventKey& root, Fill fill) {
  const auto found = std::find_if(records.begin(), records.end(), [&](const auto& r) { return r.key == root; });
  if (found == records.end()) return false;
  fill(*found);
  return true;
}

// Whom the event that armed a signal names.
void NameParties(const Account& account, Occasion& out) {
  const auto take = [&](const std::optional<ContactId>& contact, const std::optional<RepId>& rep) {
    out.contact = contact.value_or(ContactId());
    out.rep = rep.value_or(RepId());
  };
  const auto of_record = [&](const auto& record) { take(record.contact, record.rep); };
  static_cast<void>(
      NamedBy(account.purchases, out.root, of_record) ||
      NamedBy(account.touches, out.root, [&](const TouchRecord& r) { take(r.touch.contact, r.touch.rep); }) ||
      NamedBy(account.refusals, out.root, [&](const RefusalRecord& r) { take(r.refusal.contact, r.refusal.rep); }) ||
      NamedBy(account.worries, out.root, of_record) || NamedBy(account.promises, out.root, of_record));
}

std::optional<double> NumberFrom(const SignalColumn& column, SignalInput input) {
  input.explain = false;
  return NumberOf(column.Of(input).value);
}

void TellSilence(const SignalInput& input, Occasion& out) {
  const std::optional<double> rhythm = NumberFrom(SignalNamed("purchase.rhythm_days"), input);
  const std::optional<double> silent = NumberFrom(SignalNamed("purchase.days_since"), input);
  if (!rhythm.has_value() || !silent.has_value()) return;
  const auto silent_days = static_cast<std::int64_t>(*silent);
  out.arguments["rhythm_days"] = static_cast<std::int64_t>(std::llround(*rhythm));
  out.arguments["rhythm_weeks"] = static_cast<std::int64_t>(std::llround(*rhythm / kDaysPerWeek));
  out.arguments["silent_days"] = silent_days;
  out.arguments["silent_weeks"] = silent_days / kDaysPerWeek;
  out.variants = {*rhythm >= kRhythmInWeeksFrom ? "weeks" : "days"};
}

SignalInput OnDay(Day day, SignalInput input) {
  input.today = day;
  input.as_of = input.zone->StartOf(day);
  return input;
}

bool IsBeyond(const SignalTrigger& trigger, const SignalInput& input) {
  const std::optional<double> value = NumberFrom(*trigger.signal, input);
  return value.has_value() && (trigger.below ? *value <= trigger.threshold : *value >= trigger.threshold);
}

// As the day ended, or as far as it has come.
SignalInput AtEndOf(Day day, const SignalInput& input) {
  if (day >= input.today) return input;
  SignalInput then = OnDay(day, input);
  then.as_of = input.zone->StartOf(day + 1).PlusMicros(-1);
  return then;
}

// When a signal that jumps was found beyond on the day it crossed: as the day began, where time alone brought it there, so that a contact later that
// day is no other cause; else right after the first event of the day that had brought it there, whatever hour it is asked at.
SignalInput WhenItCrossed(const SignalTrigger& trigger, Day day, const SignalInput& input) {
  SignalInput then = OnDay(day, input);
  if (IsBeyond(trigger, then)) return then;
  const SignalInput end = AtEndOf(day, input);
  for (const Instant at : MomentsOf(*input.account, then.as_of, end.as_of)) {
    then.as_of = at;
    if (IsBeyond(trigger, then)) return then;
  }
  return end;
}

// Of a constant that jumps: from what armed it on it only grows, so the first day at whose end it was beyond.
Day GrownBeyondOn(const SignalTrigger& trigger, Day armed, const SignalInput& input) {
  Day beyond = input.today;
  while (armed < beyond) {
    const Day middle = armed + (beyond - armed) / 2;
    if (IsBeyond(trigger, AtEndOf(middle, input))) beyond = middle;
    else armed = middle + 1;
  }
  return beyond;
}

// What will break the promise, and the day that would hold. Which of it is told was settled when it was `found`, the numbers are those of `now`.
void TellPromiseAtRisk(const SignalInput& found, const SignalInput& now, Occasion& out) {
  const auto& promises = now.account->promises;
  const auto promise = std::find_if(promises.begin(), promises.end(), [&](const PromiseRecord& one) { return one.key == out.root; });
  if (promise == promises.end()) return;
  out.arguments["what"] = EventText{promise->key, "what"};
  const std::optional<PromiseChance> then = ChanceOf(found, *promise);
  const std::optional<PromiseChance> chance = ChanceOf(now, *promise);
  if (!then.has_value() || !chance.has_value()) return;
  out.arguments["due"] = *promise->due;
  out.arguments["holds"] = TimesInTen(chance->chance);
  if (!then->Fits()) {
    out.arguments["work_hours"] = RoundedHours(*chance->asked.work_minutes);
    out.arguments["free_hours"] = *chance->free_minutes / kMinutesPerHour;
    out.variants.push_back("load");
  }
  const PromiseKeeping& keeping = *now.context->keeping;
  const auto day_by = [&](const PromiseChance& one) { return keeping.DayFor(one.asked, kDayToAgreeHolds, *promise->due + 1, one.calendar); };
  const std::optional<Day> found_day = day_by(*then);
  if (!found_day.has_value()) return;
  const Day day = day_by(*chance).value_or(*found_day);   // none is near enough any more: the one that was
  out.arguments["agree_on"] = day;
  out.arguments["in_ten"] = TimesInTen(keeping.ChanceOf(chance->asked, day, chance->calendar));
  out.variants.push_back("day");
}

// `row`: of those under the same root, from 1; `time` of the repeats within it, likewise.
std::string StepOf(const SignalTrigger& trigger, std::int64_t row, std::int64_t time) {
  if (!trigger.repeat_days.has_value()) return std::to_string(row);
  return row == 1 ? std::to_string(time) : absl::StrCat(row, ".", time);
}

// Of a row that is there, which it is under its root.
std::int64_t RowOf(const SignalTrigger& trigger, const SignalInput& found) {
  return std::max<std::int64_t>(1, RowsSinceMoved(*trigger.signal, found, trigger.threshold, trigger.below));
}

// Its cause makes its identity, so it is asked for whether anybody is to be told or not.
Occasion SignalOccasion(const SignalTrigger& trigger, const SignalInput& input, Day day, std::string step) {
  SignalInput explained = input;
  explained.explain = true;
  const SignalValue value = trigger.signal->Of(explained);
  Occasion occasion;
  occasion.root = value.armed_by;
  occasion.step = std::move(step);
  occasion.evidence = value.evidence;
  occasion.day = day;
  occasion.due = occasion.since = input.zone->StartOf(day);
  NameParties(*input.account, occasion);
  if (const auto now = NumberFrom(*trigger.signal, input)) {
    occasion.arguments["days"] = static_cast<std::int64_t>(std::floor(std::clamp(*now, -1e15, 1e15)));
  }
  if (trigger.signal->name == kSilence) TellSilence(input, occasion);
  return occasion;
}

std::optional<Day> CrossedOn(const SignalTrigger& trigger, const SignalInput& input) {
  if (trigger.checks.has_value()) {
    const std::optional<CheckedRow> row = CheckedRowOf(*trigger.signal, input, CheckOf(trigger));
    return row.has_value() ? std::optional(row->first) : std::nullopt;
  }
  const std::optional<Day> day =
      trigger.below ? CrossedBelowOn(*trigger.signal, input, trigger.threshold) : CrossedAboveOn(*trigger.signal, input, trigger.threshold);
  const bool grows = trigger.signal->motion == Motion::kConstant && trigger.signal->jumps && !trigger.below;
  return day.has_value() && grows ? std::optional(GrownBeyondOn(trigger, *day, input)) : day;
}

std::optional<Day> NextCrossingOf(const SignalTrigger& trigger, const SignalInput& input) {
  if (trigger.checks.has_value()) {
    const std::optional<CheckAhead> ahead = NextChecked(*trigger.signal, input, CheckOf(trigger), true);
    return ahead.has_value() && ahead->found ? std::optional(ahead->day) : std::nullopt;
  }
  return trigger.below ? NextCrossingBelow(*trigger.signal, input, trigger.threshold) : NextCrossing(*trigger.signal, input, trigger.threshold);
}

std::optional<Occasion> CrossedBy(const SignalTrigger& trigger, const SignalInput& input) {
  const std::optional<Day> crossed = CrossedOn(trigger, input);
  if (!crossed.has_value()) return std::nullopt;
  const std::int64_t times = trigger.repeat_days.has_value() ? (input.today - *crossed) / *trigger.repeat_days : 0;
  const Day day = *crossed + times * trigger.repeat_days.value_or(0);
  // Time alone may change what a polled signal is made from: its cause is the one it had when it was found beyond. What has moved another one since,
  // and did not bring it back, is no new cause.
  const SignalInput found = trigger.checks.has_value() ? OnDay(*crossed, input) : trigger.signal->jumps ? WhenItCrossed(trigger, *crossed, input) : input;
  Occasion occasion = SignalOccasion(trigger, found, day, StepOf(trigger, RowOf(trigger, found), times + 1));
  if (trigger.signal->name == kKeeping) TellPromiseAtRisk(OnDay(*crossed, input), input, occasion);
  // A signal that no event moved has no cause, and what has no cause has no identity.
  if (occasion.root.empty()) return std::nullopt;
  return occasion;
}

std::optional<Occasion> NextOfSignal(const SignalTrigger& trigger, const SignalInput& input) {
  const std::optional<Day> crossed = CrossedOn(trigger, input);
  if (crossed.has_value()) {
    if (!trigger.repeat_days.has_value()) return std::nullopt;
    const std::int64_t times = (input.today - *crossed) / *trigger.repeat_days + 1;
    const SignalInput found = trigger.signal->jumps ? WhenItCrossed(trigger, *crossed, input) : input;
    return SignalOccasion(trigger, found, *crossed + times * *trigger.repeat_days, StepOf(trigger, RowOf(trigger, found), times + 1));
  }
  const std::optional<Day> next = NextCrossingOf(trigger, input);
  if (!next.has_value()) return std::nullopt;
  const std::int64_t earlier = RowsSinceMoved(*trigger.signal, input, trigger.threshold, trigger.below);
  return SignalOccasion(trigger, trigger.checks.has_value() ? OnDay(*next, input) : input, *next, StepOf(trigger, earlier + 1, 1));
}

// --- recurrences -------------------------------------------------------------------------------------------------
struct Enroller {
  EventKey key;
  Instant at;
};

std::optional<Enroller> EnrollerOf(const Rule& rule, const RecurrenceTrigger& trigger, const SignalInput& input) {
  const Account& account = *input.account;
  if (trigger.from == kFromCustomer) {
    const ToldEvent* first = account.BegunBy(rule.name);
    return first == nullptr ? std::nullopt : std::optional(Enroller{first->key, first->at});
  }
  const PurchaseRecord* first = account.FirstPurchase(rule.name);
  return first == nullptr ? std::nullopt : std::optional(Enroller{first->key, first->placed});
}

Occasion OnDate(const RecurrenceTrigger& trigger, const Enroller& from, Day date, const SignalInput& input) {
  Occasion occasion;
  occasion.root = from.key;
  occasion.step = FormatDay(date);
  occasion.evidence = {from.key};
  occasion.arguments["since"] = input.zone->LocalDay(from.at);
  const DueMoment due = Shifted({date, input.zone->StartOf(date)}, trigger.offset, input);
  occasion.day = due.day;
  occasion.due = occasion.since = due.at;
  return occasion;
}

// The last date that is past, and the next one.
std::vector<Occasion> OfRecurrence(const Rule& of, const RecurrenceTrigger& trigger, const SignalInput& input, Instant until) {
  const std::optional<Enroller> from = EnrollerOf(of, trigger, input);
  if (!from.has_value() || from->at > input.as_of) return {};
  const Day first = input.zone->LocalDay(from->at);
  const absl::StatusOr<Recurrence> rule = Recurrence::Parse(trigger.rrule, LocalSecond(first));
  RAPPORT_INVARIANT(rule.ok(), "a recurrence was checked when the policy was read");
  std::vector<Occasion> found;
  // A year back is as far as anything may still be open; the offset may lie before its date.
  Day look_from = std::max(first, input.today - 400);
  for (std::optional<LocalSecond> date = rule->OnOrAfter(LocalSecond(look_from)); date.has_value(); date = rule->OnOrAfter(LocalSecond(Day(*date) + 1))) {
    Occasion occasion = OnDate(trigger, *from, Day(*date), input);
    if (occasion.due > until) break;
    const bool future = occasion.due > input.as_of;
    if (!future) found.clear();
    found.push_back(std::move(occasion));
    if (future) break;
  }
  return found;
}

WorkingWeek MondayToFriday() {
  WorkingWeek week;
  for (int weekday = 0; weekday < 5; ++weekday) week.weekly[static_cast<std::size_t>(weekday)] = {{540, 1020}};
  return week;
}

// The calendar of the account's owner less his absences, in his zone; a week that is never open is no week.
WorkingCalendar CalendarOfOwner(const SignalInput& input) {
  const BookContext& book = *input.context->book;
  const RepRecord* owner = book.FindRep(input.account->owner);
  if (owner == nullptr) return WorkingCalendar(input.zone, MondayToFriday());
  WorkingWeek week = owner->week;
  const Zone& zone = book.ZoneOf(owner->zone, std::nullopt);
  if (std::all_of(week.weekly.begin(), week.weekly.end(), [](const auto& ranges) { return ranges.empty(); })) return WorkingCalendar(&zone, MondayToFriday());
  for (const Day day : owner->absences) {
    week.open.erase(day);
    week.closed.insert(day);
  }
  return WorkingCalendar(&zone, std::move(week));
}

Day WorkingDaysFrom(Day day, std::int64_t count, const SignalInput& input) {
  const auto n = static_cast<int>(count);
  const absl::StatusOr<Day> shifted = CalendarOfOwner(input).AddDays(day, n);
  if (shifted.ok()) return *shifted;
  const absl::StatusOr<Day> usual = WorkingCalendar(input.zone, MondayToFriday()).AddDays(day, n);
  RAPPORT_INVARIANT(usual.ok(), "Monday to Friday has working days");
  return *usual;
}

}  // namespace

SignalCheck CheckOf(const SignalTrigger& trigger) {
  RAPPORT_INVARIANT(trigger.checks.has_value(), "a polled signal is checked on dates");
  return {trigger.threshold, trigger.below, &trigger.checks->dates};
}

std::vector<std::string> ArgumentNamesOf(const Trigger& trigger) {
  if (const auto* event = std::get_if<EventTrigger>(&trigger)) return EventArguments(event->event);
  const auto* signal = std::get_if<SignalTrigger>(&trigger);
  if (signal == nullptr || signal->signal == nullptr) return {"since"};
  if (signal->signal->name == kKeeping) return {"agree_on", "days", "due", "free_hours", "holds", "in_ten", "what", "work_hours"};
  if (signal->signal->name == kSilence) return {"days", "rhythm_days", "rhythm_weeks", "silent_days", "silent_weeks"};
  std::vector<std::string> names = SignalArguments(signal->signal->name);
  names.emplace_back("days");
  std::sort(names.begin(), names.end());
  return names;
}

bool IsClockCounted(std::string_view argument) {
  constexpr std::array<std::string_view, 11> kCounted{"agree_on", "buyers", "cured", "days", "days_early", "delivered_days", "free_hours", "holds", "in_ten", "silent_days", "silent_weeks"};
  return std::find(kCounted.begin(), kCounted.end(), argument) != kCounted.end();
}

std::vector<Occasion> OccasionsOf(const Rule& rule, const SignalInput& input, const OccasionScope& scope) {
  if (const EventTrigger* trigger = EventOf(rule)) return OfEvents(*trigger, input, scope);
  std::vector<Occasion> found;
  if (const auto* recurrence = std::get_if<RecurrenceTrigger>(&rule.trigger)) {
    found = OfRecurrence(rule, *recurrence, input, scope.until);
  } else if (std::optional<Occasion> occasion = CrossedBy(std::get<SignalTrigger>(rule.trigger), input)) {
    TellSignal(rule, input, *occasion);
    found.push_back(*std::move(occasion));
  }
  std::erase_if(found, [&](const Occasion& occasion) {
    return occasion.due < scope.from || occasion.due > scope.until || (scope.root != nullptr && occasion.root != *scope.root);
  });
  return found;
}

std::vector<Occasion> OccasionsByRoot(const Rule& rule, const SignalInput& input, const EventKey& root) {
  if (EventOf(rule) != nullptr) return OccasionsOf(rule, input, {.settled = true, .root = &root});
  if (std::holds_alternative<RecurrenceTrigger>(rule.trigger)) return OccasionsOf(rule, input, {.until = input.as_of, .root = &root});
  const auto* signal = std::get_if<SignalTrigger>(&rule.trigger);
  Occasion occasion = signal != nullptr ? SignalOccasion(*signal, input, input.today, StepOf(*signal, 1, 1)) : Occasion();
  if (occasion.root != root) occasion.evidence = {root};
  occasion.root = root;
  NameParties(*input.account, occasion);
  TellSignal(rule, input, occasion);
  return {std::move(occasion)};
}

std::optional<Occasion> NextOccasion(const Rule& rule, const SignalInput& input) {
  if (const auto* signal = std::get_if<SignalTrigger>(&rule.trigger)) return NextOfSignal(*signal, input);
  for (Occasion& occasion : OccasionsOf(rule, input, {.from = input.as_of.PlusMicros(1)})) {
    if (occasion.due > input.as_of) return std::move(occasion);
  }
  return std::nullopt;
}

FollowUpId FollowUpIdOf(std::string_view rule, std::string_view step, const CustomerId& customer,
                        const ContactId& contact, const EventKey& root) {
  const Digest digest = HashParts({"rapport.followup", rule, step, customer.text(), contact.text(), root.source, root.id});
  return FollowUpId::Trusted("f" + ToHex(digest, 16).substr(0, 31));
}

Day ShiftDay(Day day, const Offset& offset, const SignalInput& input) {
  return offset.unit == OffsetUnit::kWorkingDays ? WorkingDaysFrom(day, offset.count, input) : day + offset.count;
}

DueMoment Shifted(const DueMoment& from, const Offset& offset, const SignalInput& input) {
  DueMoment due = from;
  if (offset.unit == OffsetUnit::kHours) {
    due.at = from.at.PlusMicros(offset.count * kMicrosPerHour);
    due.day = input.zone->LocalDay(due.at);
    return due;
  }
  if (offset.unit == OffsetUnit::kBusinessHours) {
    const absl::StatusOr<Instant> at = CalendarOfOwner(input).Add(from.at, offset.count * kMinutesPerHour);
    due.at = at.ok() ? *at : from.at.PlusMicros(offset.count * kMicrosPerHour);
    due.day = input.zone->LocalDay(due.at);
    return due;
  }
  due.day = ShiftDay(from.day, offset, input);
  due.at = input.zone->StartOf(due.day);
  if (!offset.at_minute.has_value()) return due;
  due.at = input.zone->At(LocalSecond(due.day) + *offset.at_minute * 60);
  if (due.day == from.day) due.at = std::max(due.at, from.at);   // the same evening, or at once where it was later
  return due;
}

Instant ExpiryOf(const Offset& expires, const Occasion& occasion, const Zone& zone) {
  if (expires.unit == OffsetUnit::kHours) return occasion.due.PlusMicros(expires.count * kMicrosPerHour);
  return zone.StartOf(occasion.day + expires.count + 1).PlusMicros(-1);
}

}  // namespace rapport

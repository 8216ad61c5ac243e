#include "rapport/policy/occasion.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "policy/names.hpp"
#include "policy/purchase_dates.hpp"
#include "rapport/core/hash.hpp"
#include "rapport/core/working_calendar.hpp"

namespace rapport {
namespace {

constexpr std::int64_t kMicrosPerHour = 3'600'000'000;
constexpr std::int64_t kDaysPerWeek = 7;
// From two weeks on a rhythm is told in weeks.
constexpr double kRhythmInWeeksFrom = 14;
constexpr std::string_view kSilence = "purchase.silence_ratio";

const EventTrigger* EventOf(const Rule& rule) { return std::get_if<EventTrigger>(&rule.trigger); }

std::int64_t DaysUntilToday(Day from, const SignalInput& input) {
  return std::max<std::int64_t>(0, static_cast<std::int64_t>(input.today - from));
}

// The anchor: a moment of its own, or a day that begins at 00:00.
struct AnchorMoment {
  Day day;
  Instant at;
};

AnchorMoment AtInstant(Instant at, const SignalInput& input) { return {input.zone->LocalDay(at), at}; }
AnchorMoment AtDay(Day day, const SignalInput& input) { return {day, input.zone->StartOf(day)}; }

void SetDue(Occasion& occasion, const AnchorMoment& anchor, const Offset& offset, const SignalInput& input) {
  if (offset.unit == OffsetUnit::kHours) {
    occasion.due = anchor.at.PlusMicros(offset.count * kMicrosPerHour);
    occasion.day = input.zone->LocalDay(occasion.due);
    return;
  }
  occasion.day = ShiftDay(anchor.day, offset, input);
  occasion.due = input.zone->StartOf(occasion.day);
}

// --- purchases -----------------------------------------------------------------------------------------------
std::optional<AnchorMoment> PurchaseAnchor(const EventTrigger& trigger, const PurchaseRecord& purchase,
                                           const SignalInput& input) {
  const BookContext& book = *input.context->book;
  const bool delivered = WasDelivered(purchase, input.as_of);
  if (trigger.anchor == Anchor::kReturnWindowEnds) {
    if (!delivered) return std::nullopt;
    const std::optional<Day> ends = ReturnWindowEnd(purchase, book, *input.zone);
    return ends.has_value() ? std::optional(AtDay(*ends, input)) : std::nullopt;
  }
  if (trigger.event == kOnDelivered || (trigger.anchor == Anchor::kDelivery && delivered)) {
    return AtInstant(*purchase.delivered, input);
  }
  if (trigger.anchor == Anchor::kOccurred) return AtInstant(purchase.placed, input);
  const std::optional<Day> expected = ExpectedDelivery(purchase, book, *input.zone, trigger.assume_lead_days);
  return expected.has_value() ? std::optional(AtDay(*expected, input)) : std::nullopt;
}

void TellPurchase(const EventTrigger& trigger, const PurchaseRecord& purchase, const SignalInput& input, Occasion& out) {
  const BookContext& book = *input.context->book;
  out.arguments["placed"] = input.zone->LocalDay(purchase.placed);
  if (const std::optional<Money> at_risk = KeptAmount(purchase)) out.arguments["at_risk"] = *at_risk;
  if (WasDelivered(purchase, input.as_of)) {
    const Day day = input.zone->LocalDay(*purchase.delivered);
    out.arguments["delivered"] = day;
    out.arguments["delivered_days"] = DaysUntilToday(day, input);
    if (const auto ends = ReturnWindowEnd(purchase, book, *input.zone)) out.arguments["return_ends"] = *ends;
    if (trigger.anchor == Anchor::kReturnWindowEnds && !out.arguments.contains("at_risk")) out.variant = "no_amount";
    return;
  }
  out.variant = "expected";
  if (const auto day = ExpectedDelivery(purchase, book, *input.zone, trigger.assume_lead_days)) {
    out.arguments["delivered"] = *day;
  }
}

void OfPurchases(const EventTrigger& trigger, const SignalInput& input, Instant until, std::vector<Occasion>& found) {
  for (const PurchaseRecord& purchase : input.account->purchases) {
    if (purchase.placed > input.as_of || WasReturnedWhole(purchase, input.as_of)) continue;
    if (trigger.event == kOnDelivered && !WasDelivered(purchase, input.as_of)) continue;
    const std::optional<AnchorMoment> anchor = PurchaseAnchor(trigger, purchase, input);
    if (!anchor.has_value()) continue;
    Occasion occasion;
    SetDue(occasion, *anchor, trigger.offset, input);
    if (occasion.due > until) continue;
    const bool by_placing = trigger.event == kOnPlaced;
    occasion.root = by_placing ? purchase.key : purchase.delivered_by;
    if (by_placing) occasion.contact = purchase.contact.value_or(ContactId());
    occasion.rep = purchase.rep.value_or(RepId());
    occasion.evidence.push_back(purchase.key);
    if (WasDelivered(purchase, input.as_of)) occasion.evidence.push_back(purchase.delivered_by);
    TellPurchase(trigger, purchase, input, occasion);
    found.push_back(std::move(occasion));
  }
}

// --- worries, promises, refusals, touches ----------------------------------------------------------------------
void OfWorries(const EventTrigger& trigger, const SignalInput& input, std::vector<Occasion>& found) {
  for (const WorryRecord& worry : input.account->worries) {
    if (worry.raised > input.as_of || (worry.resolved.has_value() && *worry.resolved <= input.as_of)) continue;
    Occasion occasion;
    occasion.root = worry.key;
    occasion.contact = worry.contact.value_or(ContactId());
    occasion.rep = worry.rep.value_or(RepId());
    occasion.evidence = {worry.key};
    occasion.arguments["since"] = input.zone->LocalDay(worry.raised);
    occasion.arguments["text"] = EventText{worry.key, "text"};
    SetDue(occasion, AtInstant(worry.raised, input), trigger.offset, input);
    found.push_back(std::move(occasion));
  }
}

SentenceArgument Quantity(double quantity) {
  if (quantity == std::trunc(quantity) && std::fabs(quantity) < 1e15) return static_cast<std::int64_t>(quantity);
  return quantity;
}

void TellPromise(const PromiseRecord& promise, const SignalInput& input, Occasion& out) {
  out.arguments["since"] = input.zone->LocalDay(promise.made);
  out.arguments["what"] = EventText{promise.key, "what"};
  if (promise.due.has_value()) out.arguments["due"] = *promise.due;
  if (promise.quantity.has_value()) out.arguments["quantity"] = Quantity(*promise.quantity);
  if (promise.unit.has_value()) out.arguments["unit"] = *promise.unit;
  if (!promise.due.has_value()) out.variant = "undated";
  else if (promise.quantity.has_value()) out.variant = promise.unit.has_value() ? "quantity" : "count";
}

void OfPromises(const EventTrigger& trigger, const SignalInput& input, std::vector<Occasion>& found) {
  for (const PromiseRecord& promise : input.account->promises) {
    if (promise.made > input.as_of || promise.fulfilled || promise.by != PromiseBy::kOurs) continue;
    if (trigger.anchor == Anchor::kDue && !promise.due.has_value()) continue;
    Occasion occasion;
    occasion.root = promise.key;
    occasion.contact = promise.contact.value_or(ContactId());
    occasion.rep = promise.rep.value_or(RepId());
    occasion.evidence = {promise.key};
    TellPromise(promise, input, occasion);
    SetDue(occasion, trigger.anchor == Anchor::kDue ? AtDay(*promise.due, input) : AtInstant(promise.made, input),
           trigger.offset, input);
    found.push_back(std::move(occasion));
  }
}

void OfRefusals(const EventTrigger& trigger, const SignalInput& input, std::vector<Occasion>& found) {
  for (const RefusalRecord& record : input.account->refusals) {
    const std::optional<Day>& come_back = record.refusal.come_back;
    if (record.at > input.as_of || (trigger.anchor == Anchor::kComeBack && !come_back.has_value())) continue;
    Occasion occasion;
    occasion.root = record.key;
    occasion.contact = record.refusal.contact.value_or(ContactId());
    occasion.rep = record.refusal.rep.value_or(RepId());
    occasion.evidence = {record.key};
    occasion.arguments["since"] = input.zone->LocalDay(record.at);
    occasion.arguments["text"] = EventText{record.key, "text"};
    if (come_back.has_value()) occasion.arguments["come_back"] = *come_back;
    SetDue(occasion, trigger.anchor == Anchor::kComeBack ? AtDay(*come_back, input) : AtInstant(record.at, input),
           trigger.offset, input);
    found.push_back(std::move(occasion));
  }
}

void OfTouches(const EventTrigger& trigger, const SignalInput& input, std::vector<Occasion>& found) {
  for (const TouchRecord& record : input.account->touches) {
    if (record.at > input.as_of) continue;
    Occasion occasion;
    occasion.root = record.key;
    occasion.contact = record.touch.contact.value_or(ContactId());
    occasion.rep = record.touch.rep.value_or(RepId());
    occasion.evidence = {record.key};
    occasion.arguments["since"] = input.zone->LocalDay(record.at);
    SetDue(occasion, AtInstant(record.at, input), trigger.offset, input);
    found.push_back(std::move(occasion));
  }
}

std::vector<Occasion> OfEvents(const EventTrigger& trigger, const SignalInput& input, Instant until) {
  std::vector<Occasion> found;
  if (trigger.event == kOnPlaced || trigger.event == kOnDelivered) OfPurchases(trigger, input, until, found);
  else if (trigger.event == kOnWorry) OfWorries(trigger, input, found);
  else if (trigger.event == kOnPromise) OfPromises(trigger, input, found);
  else if (trigger.event == kOnRefusal) OfRefusals(trigger, input, found);
  else if (trigger.event == kOnTouch) OfTouches(trigger, input, found);
  std::erase_if(found, [&](const Occasion& occasion) { return occasion.due > until; });
  std::sort(found.begin(), found.end(), [](const Occasion& a, const Occasion& b) {
    return a.due != b.due ? a.due < b.due : a.root < b.root;
  });
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
  const Cell value = column.compute(input).value;
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
  if (const auto* number = std::get_if<double>(&value)) return *number;
  return std::nullopt;
}

void TellSilence(const SignalInput& input, Occasion& out) {
  const absl::StatusOr<const SignalColumn*> rhythm_column = FindSignal("purchase.rhythm_days");
  const absl::StatusOr<const SignalColumn*> silent_column = FindSignal("purchase.days_since");
  RAPPORT_INVARIANT(rhythm_column.ok() && silent_column.ok(), "silence is told by rhythm and days since");
  const std::optional<double> rhythm = NumberFrom(**rhythm_column, input);
  const std::optional<double> silent = NumberFrom(**silent_column, input);
  if (!rhythm.has_value() || !silent.has_value()) return;
  const auto silent_days = static_cast<std::int64_t>(*silent);
  out.arguments["rhythm_days"] = static_cast<std::int64_t>(std::llround(*rhythm));
  out.arguments["rhythm_weeks"] = static_cast<std::int64_t>(std::llround(*rhythm / kDaysPerWeek));
  out.arguments["silent_days"] = silent_days;
  out.arguments["silent_weeks"] = silent_days / kDaysPerWeek;
  out.variant = *rhythm >= kRhythmInWeeksFrom ? "weeks" : "days";
}

Occasion SignalOccasion(const SignalTrigger& trigger, const SignalInput& input, Day day, std::int64_t step) {
  const SignalValue value = trigger.signal->compute(input);
  Occasion occasion;
  occasion.root = value.armed_by;
  occasion.step = std::to_string(step);
  occasion.evidence = value.evidence;
  occasion.day = day;
  occasion.due = input.zone->StartOf(day);
  NameParties(*input.account, occasion);
  if (const auto now = NumberFrom(*trigger.signal, input)) {
    occasion.arguments["days"] = static_cast<std::int64_t>(std::floor(std::clamp(*now, -1e15, 1e15)));
  }
  if (trigger.signal->name == kSilence) TellSilence(input, occasion);
  return occasion;
}

std::optional<Occasion> CrossedBy(const SignalTrigger& trigger, const SignalInput& input) {
  const std::optional<Day> crossed = CrossedAboveOn(*trigger.signal, input, trigger.crosses_above);
  if (!crossed.has_value()) return std::nullopt;
  const std::int64_t times = trigger.repeat_days.has_value() ? (input.today - *crossed) / *trigger.repeat_days : 0;
  const Day day = *crossed + times * trigger.repeat_days.value_or(0);
  Occasion occasion = SignalOccasion(trigger, input, day, times + 1);
  // A signal that no event moved has no cause, and what has no cause has no identity.
  if (occasion.root.empty()) return std::nullopt;
  return occasion;
}

std::optional<Occasion> NextOfSignal(const SignalTrigger& trigger, const SignalInput& input) {
  const std::optional<Day> crossed = CrossedAboveOn(*trigger.signal, input, trigger.crosses_above);
  if (crossed.has_value()) {
    if (!trigger.repeat_days.has_value()) return std::nullopt;
    const std::int64_t times = (input.today - *crossed) / *trigger.repeat_days + 1;
    return SignalOccasion(trigger, input, *crossed + times * *trigger.repeat_days, times + 1);
  }
  const std::optional<Day> next = NextCrossing(*trigger.signal, input, trigger.crosses_above);
  return next.has_value() ? std::optional(SignalOccasion(trigger, input, *next, 1)) : std::nullopt;
}

WorkingWeek MondayToFriday() {
  WorkingWeek week;
  for (int weekday = 0; weekday < 5; ++weekday) week.weekly[static_cast<std::size_t>(weekday)] = {{540, 1020}};
  return week;
}

}  // namespace

std::vector<std::string> ArgumentNamesOf(const Trigger& trigger) {
  if (const auto* signal = std::get_if<SignalTrigger>(&trigger)) {
    if (signal->signal->name != kSilence) return {"days"};
    return {"days", "rhythm_days", "rhythm_weeks", "silent_days", "silent_weeks"};
  }
  const std::string& event = std::get<EventTrigger>(trigger).event;
  if (event == kOnPlaced || event == kOnDelivered) return {"at_risk", "delivered", "delivered_days", "placed", "return_ends"};
  if (event == kOnWorry) return {"since", "text"};
  if (event == kOnPromise) return {"due", "quantity", "since", "unit", "what"};
  if (event == kOnRefusal) return {"come_back", "since", "text"};
  return {"since"};
}

bool IsClockCounted(std::string_view argument) {
  constexpr std::array<std::string_view, 4> kCounted{"days", "delivered_days", "silent_days", "silent_weeks"};
  return std::find(kCounted.begin(), kCounted.end(), argument) != kCounted.end();
}

std::vector<Occasion> OccasionsOf(const Rule& rule, const SignalInput& input, Instant until) {
  if (const EventTrigger* trigger = EventOf(rule)) return OfEvents(*trigger, input, until);
  std::optional<Occasion> occasion = CrossedBy(std::get<SignalTrigger>(rule.trigger), input);
  if (!occasion.has_value() || occasion->due > until) return {};
  return {*std::move(occasion)};
}

std::optional<Occasion> NextOccasion(const Rule& rule, const SignalInput& input) {
  const EventTrigger* trigger = EventOf(rule);
  if (trigger == nullptr) return NextOfSignal(std::get<SignalTrigger>(rule.trigger), input);
  for (Occasion& occasion : OfEvents(*trigger, input, Instant::Max())) {
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
  if (offset.unit != OffsetUnit::kWorkingDays) return day + offset.count;
  const auto n = static_cast<int>(offset.count);
  const auto& reps = input.context->book->reps;
  const auto owner = input.account->owner.has_value() ? reps.find(*input.account->owner) : reps.end();
  if (owner != reps.end()) {
    const absl::StatusOr<Day> shifted = WorkingCalendar(input.zone, owner->second.week).AddDays(day, n);
    if (shifted.ok()) return *shifted;
  }
  const absl::StatusOr<Day> shifted = WorkingCalendar(input.zone, MondayToFriday()).AddDays(day, n);
  RAPPORT_INVARIANT(shifted.ok(), "Monday to Friday has working days");
  return *shifted;
}

Instant ExpiryOf(const Rule& rule, const Occasion& occasion, const Zone& zone) {
  if (rule.expires.unit == OffsetUnit::kHours) return occasion.due.PlusMicros(rule.expires.count * kMicrosPerHour);
  return zone.StartOf(occasion.day + rule.expires.count + 1).PlusMicros(-1);
}

}  // namespace rapport

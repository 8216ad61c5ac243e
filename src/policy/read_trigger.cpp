// Triggers and offsets of a policy document.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "policy/names.hpp"
#include "policy/policy_reading.hpp"
#include "rapport/core/recurrence.hpp"
#include "rapport/core/status.hpp"

namespace rapport {
namespace {

constexpr std::int64_t kMostDays = 3660;
constexpr std::int64_t kHoursADay = 24;

const TriggerEvent* EventNamed(std::string_view name) {
  for (const TriggerEvent& event : kTriggerEvents) {
    if (event.name == name) return &event;
  }
  return nullptr;
}

std::string EventList() {
  std::string list;
  for (const TriggerEvent& event : kTriggerEvents) list += (list.empty() ? "" : ", ") + std::string(event.name);
  return list;
}

Anchor ReadAnchor(DocumentFields& in, const TriggerEvent& event) {
  const std::optional<std::string> name = in.MaybeText("anchor");
  if (!name.has_value()) return event.anchors.front();
  std::string list;
  for (std::size_t i = 0; i < event.anchor_count; ++i) {
    if (NameOf(event.anchors[i]) == *name) return event.anchors[i];
    list += (list.empty() ? "" : ", ") + std::string(NameOf(event.anchors[i]));
  }
  in.Problem("anchor", "invalid_value", Quoted(*name), "one of " + list);
  return event.anchors.front();
}

template <class E>
bool IsWordOf(std::string_view word) { return FromName<E>(word).has_value(); }

bool IsFieldWord(std::string_view field, std::string_view word) {
  if (field == "channel") return IsWordOf<Channel>(word);
  if (field == "direction") return IsWordOf<Direction>(word);
  if (field == "purpose") return IsWordOf<Purpose>(word);
  if (field == "disposition") return IsWordOf<Disposition>(word);
  if (field == "reason") return IsWordOf<RefusalReason>(word);
  if (field == "by") return IsWordOf<PromiseBy>(word);
  return field == "kind" && IsWordOf<CaseKind>(word);
}

std::vector<EventFilter> ReadWhere(const Json& json, const std::string& pointer, const TriggerEvent& event, std::vector<PolicyProblem>& problems) {
  DocumentFields in(json, pointer, problems);
  std::vector<EventFilter> filters;
  for (const std::string_view field : event.fields) {
    if (field.empty()) continue;
    const Json::Array* words = in.MaybeList(field);
    if (words == nullptr) continue;
    if (words->empty()) in.Problem(field, "invalid_value", "[]", "at least one word");
    EventFilter filter{std::string(field), {}};
    for (std::size_t i = 0; i < words->size(); ++i) {
      const std::string* word = (*words)[i].if_string();
      if (word != nullptr && IsFieldWord(field, *word)) filter.words.push_back(*word);
      else AddProblem(problems, "invalid_value", PointerTo(in.PointerOf(field), i), Shown((*words)[i]), absl::StrCat("a ", std::string(field), " of the events"));
    }
    filters.push_back(std::move(filter));
  }
  in.Finish();
  return filters;
}

// Again, a fixed number of days apart.
std::optional<std::int64_t> ReadRepeat(DocumentFields& in) {
  const Json* repeat = in.Maybe("repeat");
  if (repeat == nullptr) return std::nullopt;
  DocumentFields inner(*repeat, in.PointerOf("repeat"), in.problems());
  const std::optional<std::int64_t> days = inner.Any("days") != nullptr ? inner.MaybeWhole("days", 1, kMostDays) : std::nullopt;
  inner.Finish();
  return days;
}

void ReadTimeOfDay(DocumentFields& in, const OffsetForm& form, Offset& offset) {
  if (!form.at) return;
  const std::optional<std::string> text = in.MaybeText("at");
  if (!text.has_value()) return;
  const absl::StatusOr<int> minute = ParseMinuteOfDay(*text);
  const bool days = offset.unit == OffsetUnit::kDays || offset.unit == OffsetUnit::kWorkingDays;
  if (!minute.ok() || *minute >= 24 * 60) in.Problem("at", "invalid_value", Quoted(*text), "a time of day such as \"18:00\"");
  else if (!days) in.Problem("at", "invalid_value", Quoted(*text), "only beside days or working_days");
  else offset.at_minute = *minute;
}

// The first part says how often; the others refine it. `key`: the member that says it.
std::optional<Recurrence> ReadDates(DocumentFields& in, std::string_view key, const std::string& rrule, LocalSecond start) {
  constexpr std::array<std::string_view, 4> kFrequencies{"FREQ=DAILY", "FREQ=WEEKLY", "FREQ=MONTHLY", "FREQ=YEARLY"};
  const std::string first = rrule.substr(0, rrule.find(';'));
  if (rrule.empty()) return std::nullopt;   // told already
  if (std::find(kFrequencies.begin(), kFrequencies.end(), first) == kFrequencies.end()) {
    in.Problem(key, "invalid_value", Quoted(rrule), "a rule that begins with FREQ=DAILY, WEEKLY, MONTHLY or YEARLY");
    return std::nullopt;
  }
  absl::StatusOr<Recurrence> rule = Recurrence::Parse(rrule, start);
  if (rule.ok()) return *std::move(rule);
  in.Problem(key, "invalid_value", Quoted(rrule), std::string(ToStd(rule.status().message())));
  return std::nullopt;
}

// Dates that ended would leave the signal for ever as it was found last.
std::optional<Checks> ReadChecks(DocumentFields& in) {
  const std::string rrule = in.MaybeText("check").value_or(std::string());
  const std::optional<Recurrence> dates = ReadDates(in, "check", rrule, LocalSecond(1900, 1, 1));
  if (!dates.has_value()) return std::nullopt;
  if (rrule.find(";COUNT=") != std::string::npos || rrule.find(";UNTIL=") != std::string::npos) {
    in.Problem("check", "invalid_value", Quoted(rrule), "a rule without COUNT and UNTIL");
  } else if (!dates->OnOrAfter(LocalSecond(2026, 1, 1)).has_value()) {
    in.Problem("check", "invalid_value", Quoted(rrule), "a rule that has dates");
  }
  return Checks{rrule, *dates};
}

}  // namespace

Offset ReadOffset(const Json& json, const std::string& pointer, const OffsetForm& form, std::vector<PolicyProblem>& problems) {
  DocumentFields in(json, pointer, problems);
  Offset offset;
  int units = 0;
  for (const auto& [unit, name] : kOffsetUnitNames) {
    if (!form.working && (unit == OffsetUnit::kWorkingDays || unit == OffsetUnit::kBusinessHours)) continue;
    const bool hours = unit == OffsetUnit::kHours || unit == OffsetUnit::kBusinessHours;
    const std::int64_t most = hours ? kMostDays * kHoursADay : kMostDays;
    // Open hours are counted forward only.
    const std::int64_t least = unit == OffsetUnit::kBusinessHours ? 0 : form.least < 0 ? -most : form.least;
    if (in.Maybe(name) == nullptr) continue;
    ++units;
    offset = {unit, in.MaybeWhole(name, least, most).value_or(0), std::nullopt};
  }
  ReadTimeOfDay(in, form, offset);
  in.Finish();
  const std::string expected = form.working ? "one of days, working_days, hours, business_hours" : "one of days, hours";
  if (units == 0 && json.if_object() != nullptr) AddProblem(problems, "missing_key", pointer, "no unit", expected);
  if (units > 1) AddProblem(problems, "invalid_value", pointer, "several units", "one unit");
  return offset;
}

Trigger PolicyReading::ReadEvent(const Json& json, const std::string& pointer) {
  DocumentFields in(json, pointer, problems);
  EventTrigger trigger;
  trigger.event = in.Text("event");
  const TriggerEvent* event = EventNamed(trigger.event);
  if (event == nullptr) {
    if (!trigger.event.empty()) in.Problem("event", "unknown_event", Quoted(trigger.event), "one of " + EventList());
    return trigger;
  }
  trigger.anchor = ReadAnchor(in, *event);
  if (const Json* offset = in.Maybe("offset")) trigger.offset = ReadOffset(*offset, in.PointerOf("offset"), {-1, true, true}, problems);
  trigger.assume_lead_days = in.MaybeWhole("assume_lead_days", 0, kMostDays);
  if (trigger.assume_lead_days.has_value() && (trigger.event != kOnPlaced || trigger.anchor != Anchor::kDelivery)) {
    in.Problem("assume_lead_days", "invalid_value", Shown(*in.Maybe("assume_lead_days")), "no such days but with purchase.placed and anchor delivery");
  }
  if (const Json* where = in.Maybe("where")) trigger.where = ReadWhere(*where, in.PointerOf("where"), *event, problems);
  in.Finish();
  return trigger;
}

Trigger PolicyReading::ReadCrossing(const Json& json, const std::string& pointer) {
  DocumentFields in(json, pointer, problems);
  SignalTrigger trigger;
  trigger.signal = Signal(in, "signal");
  const bool above = in.Maybe("crosses_above") != nullptr;
  trigger.below = in.Maybe("crosses_below") != nullptr;
  if (above == trigger.below) {
    AddProblem(problems, above ? "invalid_value" : "missing_key", pointer, above ? "both" : "neither", "one of crosses_above, crosses_below");
  } else {
    trigger.threshold = in.Number(above ? "crosses_above" : "crosses_below");
  }
  trigger.repeat_days = ReadRepeat(in);
  const bool has_check = in.Maybe("check") != nullptr;
  if (has_check) trigger.checks = ReadChecks(in);
  in.Finish();
  if (trigger.signal == nullptr) return trigger;
  const std::string name = Quoted(trigger.signal->name);
  const bool polled = trigger.signal->motion == Motion::kPolled;
  // One that time lowers may be looked at on dates as well: policies were written before its day of crossing was known.
  const bool checkable = polled || trigger.signal->motion == Motion::kMonotone;
  if (polled && !has_check) {
    in.Problem("signal", "polled_trigger", name + ", which is polled: it has no day of crossing", "a \"check\" beside it, or another signal");
  } else if (has_check && !checkable) {
    in.Problem("check", "invalid_value", Shown(*in.Maybe("check")) + " for " + name + ", whose day of crossing is known", "no check");
  }
  if (trigger.signal->type != ColumnType::kInteger && trigger.signal->type != ColumnType::kNumber) {
    in.Problem("signal", "invalid_value", name + ", which is not a number", "a signal that is one");
  }
  return trigger;
}

// {"silence": "contact", "days": 90} and its like are signals that cross a threshold.
Trigger PolicyReading::ReadSilence(const Json& json, const std::string& pointer) {
  DocumentFields in(json, pointer, problems);
  SignalTrigger trigger;
  const std::string of = in.Text("silence");
  const std::optional<double> rhythm = in.MaybeNumber("rhythm", 1, 1000);
  const bool by_rhythm = in.Maybe("rhythm") != nullptr;
  std::string signal = of == "contact" ? "touch.days_since" : of == "care" ? "touch.days_since_care" : "purchase.days_since";
  if (of != "contact" && of != "care" && of != "purchase") {
    if (!of.empty()) in.Problem("silence", "invalid_value", Quoted(of), "one of contact, care, purchase");
  } else if (by_rhythm && of != "purchase") {
    in.Problem("rhythm", "invalid_value", Shown(*in.Maybe("rhythm")), "no rhythm but with the silence \"purchase\"");
  }
  if (by_rhythm) {
    signal = "purchase.silence_ratio";
    trigger.threshold = rhythm.value_or(1);
  } else {
    trigger.threshold = static_cast<double>(in.Whole("days", 1, kMostDays));
  }
  trigger.signal = SignalNamed(signal, in.PointerOf("silence"));
  trigger.repeat_days = ReadRepeat(in);
  in.Finish();
  return trigger;
}

Trigger PolicyReading::ReadRecurrence(const Json& json, const std::string& pointer) {
  DocumentFields in(json, pointer, problems);
  RecurrenceTrigger trigger;
  trigger.rrule = in.Text("recurrence");
  ReadDates(in, "recurrence", trigger.rrule, LocalSecond(2026, 1, 1));
  trigger.from = in.MaybeText("from").value_or(std::string(kFromCustomer));
  if (trigger.from != kFromCustomer && trigger.from != kOnPlaced) {
    in.Problem("from", "invalid_value", Quoted(trigger.from), "one of customer, purchase.placed");
  }
  if (const Json* offset = in.Maybe("offset")) trigger.offset = ReadOffset(*offset, in.PointerOf("offset"), {-1, true, true}, problems);
  in.Finish();
  return trigger;
}

Trigger PolicyReading::ReadTrigger(const Json& json, const std::string& pointer) {
  const std::array<std::string_view, 4> kinds{"event", "signal", "silence", "recurrence"};
  std::string_view kind;
  int found = 0;
  for (const std::string_view name : kinds) {
    if (json.Find(name) == nullptr) continue;
    kind = name;
    ++found;
  }
  if (json.if_object() == nullptr) {
    AddProblem(problems, "wrong_type", pointer, Shown(json), "an object");
  } else if (found != 1) {
    AddProblem(problems, found == 0 ? "missing_key" : "invalid_value", pointer, found == 0 ? "none" : "several", "one of event, signal, silence, recurrence");
  }
  if (found != 1) return EventTrigger();
  if (kind == "event") return ReadEvent(json, pointer);
  if (kind == "signal") return ReadCrossing(json, pointer);
  return kind == "silence" ? ReadSilence(json, pointer) : ReadRecurrence(json, pointer);
}

}  // namespace rapport

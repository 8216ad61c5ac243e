#include "policy/describe_trigger.hpp"

#include <array>
#include <cmath>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "policy/names.hpp"
#include "rapport/core/status.hpp"

namespace rapport {
namespace {

// --- events ----------------------------------------------------------------------------------------------------
std::string WordKey(const std::string& field, const std::string& word) {
  if (field == "channel") return "channel." + word;
  if (field == "purpose") return "policy.purpose." + word;
  return "schema.word." + field + "." + word;
}

absl::Status TellFilter(const EventFilter& filter, Telling& out) {
  std::vector<std::string> words;
  for (const std::string& word : filter.words) {
    RAPPORT_ASSIGN_OR_RETURN(std::string said, out.Phrase(WordKey(filter.field, word)));
    words.push_back(std::move(said));
  }
  return out.AddWords(words, [&](bool first, std::string listed) {
    return out.Phrase(first ? "policy.where." + filter.field : "policy.describe.or_also", {{"words", std::move(listed)}});
  });
}

absl::Status TellEvent(const std::string& rule, const EventTrigger& trigger, Telling& out) {
  RAPPORT_ASSIGN_OR_RETURN(std::string moment, out.Moment(trigger));
  RAPPORT_RETURN_IF_ERROR(out.AddNamed("policy.describe.event", rule, {{"moment", std::move(moment)}}));
  if (trigger.assume_lead_days.has_value()) RAPPORT_RETURN_IF_ERROR(out.Add("policy.describe.assume", {{"n", *trigger.assume_lead_days}}));
  for (const EventFilter& filter : trigger.where) RAPPORT_RETURN_IF_ERROR(TellFilter(filter, out));
  return absl::OkStatus();
}

// --- signals ---------------------------------------------------------------------------------------------------
struct SilenceWords {
  std::string_view signal;
  std::string_view key;
};
constexpr std::array<SilenceWords, 4> kSilences{{
    {"touch.days_since", "policy.describe.silence.contact"},
    {"touch.days_since_care", "policy.describe.silence.care"},
    {"purchase.days_since", "policy.describe.silence.purchase"},
    {"purchase.silence_ratio", "policy.describe.silence.rhythm"},
}};

// A signal that counts days of silence is told as such, whichever way the document names it.
absl::Status TellCrossing(const std::string& rule, const SignalTrigger& trigger, Telling& out) {
  const SentenceArgument threshold = SayCell(Cell(trigger.threshold));
  const bool whole = trigger.threshold >= 1 && trigger.threshold == std::trunc(trigger.threshold) && trigger.threshold < 1e6;
  for (const SilenceWords& silence : kSilences) {
    const bool by_rhythm = silence.signal == "purchase.silence_ratio";
    if (trigger.below || silence.signal != trigger.signal->name || (!by_rhythm && !whole)) continue;
    if (by_rhythm) return out.AddNamed(std::string(silence.key), rule, {{"threshold", threshold}});
    return out.AddNamed(std::string(silence.key), rule, {{"n", static_cast<std::int64_t>(trigger.threshold)}});
  }
  return out.AddNamed(trigger.below ? "policy.describe.signal_below" : "policy.describe.signal", rule,
                      {{"signal", PhraseOf(trigger.signal->name)}, {"threshold", threshold}});
}

// --- recurrences -----------------------------------------------------------------------------------------------
using RuleParts = std::map<std::string, std::string>;

RuleParts PartsOf(const std::string& rrule) {
  RuleParts parts;
  for (const absl::string_view part : absl::StrSplit(rrule, ';')) {
    const std::pair<std::string, std::string> member = absl::StrSplit(part, absl::MaxSplits('=', 1));
    parts.emplace(member.first, member.second);
  }
  return parts;
}

std::optional<std::string> Every(const RuleParts& parts) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kUnits{{
      {"DAILY", "day"}, {"WEEKLY", "week"}, {"MONTHLY", "month"}, {"YEARLY", "year"}}};
  for (const auto& [frequency, unit] : kUnits) {
    if (parts.at("FREQ") == frequency) return std::string(unit);
  }
  return std::nullopt;
}

// Words of "MO,FR" or "1,15"; none where one of them says more than that.
absl::StatusOr<std::vector<std::string>> PlainWords(const std::string& list, std::string_view kind, const Telling& out) {
  std::vector<std::string> words;
  for (const absl::string_view item : absl::StrSplit(list, ',')) {
    std::int64_t number = 0;
    std::string word(ToStd(item));
    if (kind == "BYDAY") {
      const std::string weekday = "policy.weekday." + word;
      if (!Catalogue::Bundled().Has(weekday, out.speaker().language())) return std::vector<std::string>();
      RAPPORT_ASSIGN_OR_RETURN(word, out.Phrase(weekday));
    } else if (!absl::SimpleAtoi(item, &number) || number < 1) {
      return std::vector<std::string>();
    }
    words.push_back(std::move(word));
  }
  return words;
}

// False where the part cannot be said in words.
absl::StatusOr<bool> TellPart(const std::string& name, const std::string& value, Telling& out) {
  std::int64_t count = 0;
  if (name == "FREQ" || name == "INTERVAL") return true;
  if (name == "COUNT") {
    if (!absl::SimpleAtoi(value, &count) || count < 1) return false;
    RAPPORT_RETURN_IF_ERROR(out.Add("policy.recurs.count", {{"n", count}}));
    return true;
  }
  const bool by_weekday = name == "BYDAY", by_day = name == "BYMONTHDAY";
  if (!by_weekday && !by_day && name != "BYMONTH") return false;
  const std::string key = by_weekday ? "policy.recurs.weekdays" : by_day ? "policy.recurs.month_days" : "policy.recurs.months";
  RAPPORT_ASSIGN_OR_RETURN(const std::vector<std::string> words, PlainWords(value, name, out));
  if (words.empty()) return false;
  RAPPORT_ASSIGN_OR_RETURN(std::string listed, out.Listed(words, true));
  RAPPORT_RETURN_IF_ERROR(out.Add(key, {{"words", std::move(listed)}}));
  return true;
}

absl::StatusOr<std::string> PhraseEvery(const RuleParts& parts, const Telling& out) {
  const std::optional<std::string> unit = Every(parts);
  RAPPORT_INVARIANT(unit.has_value(), "a recurrence begins with how often");
  std::int64_t interval = 1;
  if (parts.contains("INTERVAL") && !absl::SimpleAtoi(parts.at("INTERVAL"), &interval)) interval = 1;
  const std::string key = "policy.every." + *unit;
  return interval > 1 ? out.Phrase(key + "s", {{"n", interval}}) : out.Phrase(key);
}

// What stands beside how often; the rule itself where that cannot be said in words.
absl::Status TellParts(const std::string& rrule, const RuleParts& parts, Telling& out) {
  bool all_said = true;
  for (const auto& [name, value] : parts) {
    RAPPORT_ASSIGN_OR_RETURN(const bool said, TellPart(name, value, out));
    all_said = all_said && said;
  }
  return all_said ? absl::OkStatus() : out.Add("policy.recurs.rule", {{"rrule", rrule}});
}

absl::Status TellRecurrence(const std::string& rule, const RecurrenceTrigger& trigger, Telling& out) {
  const RuleParts parts = PartsOf(trigger.rrule);
  RAPPORT_ASSIGN_OR_RETURN(std::string every, PhraseEvery(parts, out));
  const MessageRef from{"schema.word.from." + trigger.from};
  RAPPORT_RETURN_IF_ERROR(out.AddNamed("policy.describe.recurrence", rule, {{"every", std::move(every)}, {"from", from}}));
  RAPPORT_RETURN_IF_ERROR(TellParts(trigger.rrule, parts, out));
  if (trigger.offset == Offset()) return absl::OkStatus();
  RAPPORT_ASSIGN_OR_RETURN(std::string wait, out.Wait(trigger.offset));
  return out.Add("policy.recurs.offset", {{"wait", std::move(wait)}});
}

absl::Status TellChecks(const Checks& checks, Telling& out) {
  const RuleParts parts = PartsOf(checks.rrule);
  RAPPORT_ASSIGN_OR_RETURN(std::string every, PhraseEvery(parts, out));
  RAPPORT_RETURN_IF_ERROR(out.Add("policy.describe.check", {{"every", std::move(every)}}));
  return TellParts(checks.rrule, parts, out);
}

}  // namespace

absl::Status TellTrigger(const Rule& rule, Telling& out) {
  if (const auto* event = std::get_if<EventTrigger>(&rule.trigger)) return TellEvent(rule.name, *event, out);
  if (const auto* recurrence = std::get_if<RecurrenceTrigger>(&rule.trigger)) return TellRecurrence(rule.name, *recurrence, out);
  const auto& signal = std::get<SignalTrigger>(rule.trigger);
  RAPPORT_RETURN_IF_ERROR(TellCrossing(rule.name, signal, out));
  if (signal.checks.has_value()) RAPPORT_RETURN_IF_ERROR(TellChecks(*signal.checks, out));
  return signal.repeat_days.has_value() ? out.Add("policy.describe.repeat", {{"n", *signal.repeat_days}}) : absl::OkStatus();
}

}  // namespace rapport

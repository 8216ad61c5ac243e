// Rules, steps and their work in a policy document.
#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "policy/names.hpp"
#include "policy/policy_reading.hpp"
#include "rapport/core/status.hpp"
#include "rapport/policy/occasion.hpp"

namespace rapport {
namespace {

constexpr std::int64_t kMostMinutes = 1440;
constexpr std::int64_t kMostPriority = 1000;
constexpr std::int64_t kMostTaken = 20;
constexpr std::int64_t kMostNewADay = 100'000;
constexpr std::size_t kMostNameBytes = 60;
constexpr double kMostShare = 1e6;
constexpr OffsetForm kExpiry{0, false, false};
constexpr OffsetForm kAfter{0, true, true};

// A trigger that could not be read says nothing about what its occasions know.
bool IsKnown(const Trigger& trigger) {
  if (const auto* signal = std::get_if<SignalTrigger>(&trigger)) return signal->signal != nullptr;
  const auto* event = std::get_if<EventTrigger>(&trigger);
  return event == nullptr || std::any_of(kTriggerEvents.begin(), kTriggerEvents.end(), [&](const TriggerEvent& one) { return one.name == event->event; });
}

// Of the patterns of a headline, its variants included, one must say no more than occasions of the trigger know; the others are passed over when it
// is said.
void CheckHeadline(DocumentFields& in, const std::string& headline, const Trigger& trigger) {
  if (headline.empty()) return;
  const Catalogue& catalogue = Catalogue::Bundled();
  const std::string base = "headline." + headline;
  const std::vector<std::string> known = ArgumentNamesOf(trigger);
  std::optional<std::string> lacks;
  for (const std::string& key : catalogue.Keys(Language::kEnglish)) {
    if (key != base && key.rfind(base + ".", 0) != 0) continue;
    const absl::StatusOr<std::vector<std::string>> arguments = catalogue.ArgumentsOf(key, Language::kEnglish);
    RAPPORT_INVARIANT(arguments.ok(), "a key of the catalogue has arguments");
    const auto missing = std::find_if(arguments->begin(), arguments->end(), [&](const std::string& one) { return !std::binary_search(known.begin(), known.end(), one); });
    if (missing == arguments->end()) return;
    if (!lacks.has_value()) lacks = *missing;
  }
  if (!lacks.has_value()) return in.Problem("headline", "unknown_message", Quoted(headline), "a message " + Quoted(base));
  in.Problem("headline", "unknown_message", Quoted(headline) + ", which needs " + Quoted(*lacks), "one that this trigger gives the words for");
}

void CheckObjective(DocumentFields& in, const std::string& objective, Purpose purpose) {
  if (objective.empty()) return;
  const std::string key = "objective." + objective;
  const Catalogue& catalogue = Catalogue::Bundled();
  if (!catalogue.Has(key, Language::kEnglish)) {
    in.Problem("objective", "unknown_message", Quoted(objective), "a message " + Quoted(key));
    return;
  }
  const absl::StatusOr<std::vector<std::string>> arguments = catalogue.ArgumentsOf(key, Language::kEnglish);
  if (arguments.ok() && !arguments->empty()) {
    in.Problem("objective", "unknown_message", Quoted(objective) + ", which needs " + Quoted(arguments->front()), "one without arguments");
  }
  const bool sells = objective == "sell" || objective.rfind("sell.", 0) == 0;
  if (sells && purpose == Purpose::kCare) {
    in.Problem("objective", "care_rule_sells", "the selling objective " + Quoted(objective) + " in a rule with purpose care", "one that does not sell");
  }
}

bool IsDecimal(std::string_view text) {
  const std::size_t dot = text.find('.');
  const std::string_view whole = text.substr(0, dot);
  const std::string_view part = dot == std::string_view::npos ? "0" : text.substr(dot + 1);
  const auto digits = [](std::string_view s) {
    return !s.empty() && std::all_of(s.begin(), s.end(), [](char c) { return c >= '0' && c <= '9'; });
  };
  return text.size() <= 15 && digits(whole) && digits(part);
}

// A repetition must find the one before it gone.
void CheckRepeat(DocumentFields& in, const Rule& rule) {
  const auto* signal = std::get_if<SignalTrigger>(&rule.trigger);
  if (signal == nullptr || !signal->repeat_days.has_value()) return;
  const Offset& expires = rule.expires();
  const std::int64_t days = expires.unit == OffsetUnit::kHours ? (expires.count + 23) / 24 : expires.count;
  if (days < *signal->repeat_days) return;
  in.Problem("expires", "invalid_value", absl::StrCat(days, " days"), absl::StrCat("less than the ", *signal->repeat_days, " of trigger.repeat"));
}

bool IsOutcome(std::string_view word) {
  return FromName<Disposition>(word).has_value() || std::find(kOutcomes.begin(), kOutcomes.end(), word) != kOutcomes.end();
}

Branch ReadBranch(const Json& json, const std::string& pointer, std::vector<PolicyProblem>& problems) {
  DocumentFields in(json, pointer, problems);
  Branch branch;
  const Json::Array* on = in.List("on");
  if (on != nullptr && on->empty()) in.Problem("on", "invalid_value", "[]", "at least one outcome");
  for (std::size_t i = 0; on != nullptr && i < on->size(); ++i) {
    const std::string* word = (*on)[i].if_string();
    if (word != nullptr && IsOutcome(*word)) branch.on.push_back(*word);
    else AddProblem(problems, "invalid_value", PointerTo(in.PointerOf("on"), i), Shown((*on)[i]),
                    "a disposition, or one of met, not_met, done, skipped, timeout, passed_over");
  }
  branch.to = in.Text("to");
  if (const Json* after = in.Maybe("after")) branch.after = ReadOffset(*after, in.PointerOf("after"), kAfter, problems);
  in.Finish();
  return branch;
}

// Steps have names of their own, and branches lead to steps.
void CheckSteps(const Rule& rule, const std::string& pointer, std::vector<PolicyProblem>& problems) {
  std::set<std::string> names;
  for (std::size_t i = 0; i < rule.steps.size(); ++i) {
    const std::string& name = rule.steps[i].name;
    if (name.empty()) continue;
    const bool fresh = names.insert(name).second;
    const std::string at = PointerTo(PointerTo(pointer, i), "name");
    if (!fresh) AddProblem(problems, "duplicate_step", at, Quoted(name) + " a second time", "each name once");
    if (name != kEnd && name.find_first_of(kStepMarks) == std::string::npos) continue;
    AddProblem(problems, "invalid_value", at, Quoted(name), "another name than \"end\", without \"/\" and \"@\"");
  }
  for (std::size_t i = 0; i < rule.steps.size(); ++i) {
    for (std::size_t j = 0; j < rule.steps[i].branches.size(); ++j) {
      const std::string& to = rule.steps[i].branches[j].to;
      if (to.empty() || to == kEnd || names.contains(to)) continue;
      AddProblem(problems, "unknown_step", PointerTo(PointerTo(PointerTo(PointerTo(pointer, i), "branches"), j), "to"), Quoted(to), "a step of this rule, or \"end\"");
    }
  }
}

}  // namespace

std::string ReadName(DocumentFields& in) {
  const std::optional<std::string> name = in.Any("name") != nullptr ? in.MaybeText("name") : std::nullopt;
  if (!name.has_value()) return {};
  if (!CheckId(*name, "name").ok() || name->size() > kMostNameBytes) {
    in.Problem("name", "invalid_value", name->size() > kMostNameBytes ? absl::StrCat(name->size(), " bytes") : Quoted(*name),
               absl::StrCat("1 to ", kMostNameBytes, " bytes of text without control characters"));
  }
  return *name;
}

const SignalColumn* PolicyReading::SignalNamed(const std::string& name, const std::string& pointer, const Json* compared) {
  constexpr std::string_view kHost = "host.";
  if (name.size() > kHost.size() && name.starts_with(kHost)) {
    const bool text = compared != nullptr && compared->if_string() != nullptr;
    host_columns.push_back(HostSignal(name, text ? ColumnType::kText : ColumnType::kNumber));
    return host_columns.back().get();
  }
  const absl::StatusOr<const SignalColumn*> column = FindSignal(name);
  if (column.ok()) return *column;
  const std::string message(ToStd(column.status().message()));
  const std::size_t expected = message.rfind("expected ");
  AddProblem(problems, "unknown_signal", pointer, Quoted(name), expected == std::string::npos ? "a signal" : message.substr(expected + 9));
  return nullptr;
}

const SignalColumn* PolicyReading::Signal(DocumentFields& in, std::string_view key, const Json* compared) {
  const Json* member = in.Any(key);
  if (member == nullptr) return nullptr;
  const std::optional<std::string> name = in.MaybeText(key);
  return name.has_value() ? SignalNamed(*name, in.PointerOf(key), compared) : nullptr;
}

Action PolicyReading::ReadAction(const Json& json, const std::string& pointer, const Rule& rule) {
  DocumentFields in(json, pointer, problems);
  Action action;
  action.channel = in.Word<Channel>("channel", Channel::kCall);
  action.minutes = in.Whole("minutes", 1, kMostMinutes);
  action.headline = in.Text("headline");
  if (IsKnown(rule.trigger)) CheckHeadline(in, action.headline, rule.trigger);
  action.objective = in.Text("objective");
  CheckObjective(in, action.objective, rule.purpose);
  if (const std::optional<std::string> whose = in.MaybeText("assign_to")) {
    const auto found = std::find_if(kAssigneeNames.begin(), kAssigneeNames.end(), [&](const auto& entry) { return entry.second == *whose; });
    if (found != kAssigneeNames.end()) action.assignee = found->first;
    else in.Problem("assign_to", "invalid_value", Quoted(*whose), "one of owner, colleague, manager");
  }
  in.Finish();
  return action;
}

ValueRule PolicyReading::ReadValue(const Json& json, const std::string& pointer) {
  DocumentFields in(json, pointer, problems);
  ValueRule value;
  value.share = in.MaybeNumber("share", 0, kMostShare).value_or(1.0);
  const Json::Array* factors = in.MaybeList("of");
  for (std::size_t i = 0; factors != nullptr && i < factors->size(); ++i) {
    const std::string at = PointerTo(in.PointerOf("of"), i);
    const std::string* name = (*factors)[i].if_string();
    if (name == nullptr) {
      AddProblem(problems, "wrong_type", at, Shown((*factors)[i]), "a signal");
      continue;
    }
    const SignalColumn* factor = SignalNamed(*name, at);
    if (factor == nullptr) continue;
    if (factor->type == ColumnType::kInteger || factor->type == ColumnType::kNumber) value.of.push_back(factor);
    else AddProblem(problems, "invalid_value", at, Quoted(*name) + ", which is not a number", "a signal that is one");
  }
  value.otherwise = in.MaybeText("otherwise").value_or("0");
  if (!IsDecimal(value.otherwise)) in.Problem("otherwise", "invalid_value", Quoted(value.otherwise), "a decimal such as \"12.50\"");
  in.Finish();
  return value;
}

Step PolicyReading::ReadStep(const Json& json, const std::string& pointer, const Rule& rule) {
  DocumentFields in(json, pointer, problems);
  Step step;
  step.name = ReadName(in);
  if (const Json* after = in.Maybe("after")) step.after = ReadOffset(*after, in.PointerOf("after"), kAfter, problems);
  if (const Json* when = in.Maybe("when")) step.when = ReadCondition(*when, in.PointerOf("when"));
  if (const Json* action = in.Any("action")) step.action = ReadAction(*action, in.PointerOf("action"), rule);
  if (const Json* expires = in.Any("expires")) step.expires = ReadOffset(*expires, in.PointerOf("expires"), kExpiry, problems);
  step.most = in.MaybeWhole("most", 1, kMostTaken).value_or(1);
  const Json::Array* branches = in.MaybeList("branches");
  for (std::size_t i = 0; branches != nullptr && i < branches->size(); ++i) {
    step.branches.push_back(ReadBranch((*branches)[i], PointerTo(in.PointerOf("branches"), i), problems));
  }
  in.Finish();
  return step;
}

// One action, or steps.
void PolicyReading::ReadWork(DocumentFields& in, Rule& rule) {
  rule.is_cadence = in.Maybe("steps") != nullptr;
  if (!rule.is_cadence) {
    Step& only = rule.steps.emplace_back();
    only.name = std::string(kOnlyStep);
    if (const Json* action = in.Any("action")) only.action = ReadAction(*action, in.PointerOf("action"), rule);
    if (const Json* expires = in.Any("expires")) only.expires = ReadOffset(*expires, in.PointerOf("expires"), kExpiry, problems);
    CheckRepeat(in, rule);
    return;
  }
  const Json::Array* steps = in.MaybeList("steps");
  const auto* signal = std::get_if<SignalTrigger>(&rule.trigger);
  if (signal != nullptr && signal->repeat_days.has_value()) in.Problem("trigger", "invalid_value", "repeat", "steps or repeat: a cadence begins again by re-entry");
  for (std::size_t i = 0; steps != nullptr && i < steps->size(); ++i) {
    rule.steps.push_back(ReadStep((*steps)[i], PointerTo(in.PointerOf("steps"), i), rule));
  }
  if (steps != nullptr && steps->empty()) in.Problem("steps", "invalid_value", "[]", "at least one step");
  CheckSteps(rule, in.PointerOf("steps"), problems);
  if (const Json* referred = in.Maybe("referred")) ReadReferred(*referred, in.PointerOf("referred"), rule);
  if (rule.steps.empty()) rule.steps.emplace_back();
}

void PolicyReading::ReadReferred(const Json& json, const std::string& pointer, Rule& rule) {
  DocumentFields in(json, pointer, problems);
  rule.referred_starts_at = in.Text("starts_at");
  if (!rule.referred_starts_at.empty() && rule.FindStep(rule.referred_starts_at) == nullptr) {
    in.Problem("starts_at", "unknown_step", Quoted(rule.referred_starts_at), "a step of this rule");
  }
  in.Finish();
}

void PolicyReading::ReadExits(DocumentFields& in, Rule& rule) {
  const std::size_t before = problems.size();
  const Json::Array* exits = in.MaybeList("exits");
  for (std::size_t i = 0; exits != nullptr && i < exits->size(); ++i) {
    const std::string* word = (*exits)[i].if_string();
    const auto found = std::find_if(kExitNames.begin(), kExitNames.end(), [&](const auto& entry) { return word != nullptr && entry.second == *word; });
    if (found != kExitNames.end()) rule.exits.insert(found->first);
    else AddProblem(problems, "invalid_value", PointerTo(in.PointerOf("exits"), i), Shown((*exits)[i]),
                    "one of reply, purchase, refusal, complaint, meeting, goal, colleague");
  }
  const bool exits_are_known = problems.size() == before;
  const Json* goal = in.Maybe("goal");
  if (goal != nullptr) rule.goal = ReadCondition(*goal, in.PointerOf("goal"));
  if (exits_are_known && (goal != nullptr) != rule.exits.contains(Exit::kGoal)) {
    in.Problem("goal", goal != nullptr ? "invalid_value" : "missing_key", goal != nullptr ? "a goal without the exit \"goal\"" : "nothing",
               "a goal and the exit \"goal\" together");
  }
}

void PolicyReading::ReadEntry(DocumentFields& in, Rule& rule) {
  ReadExits(in, rule);
  rule.re_entry = rule.is_cadence ? ReEntry::kWhenFinished : ReEntry::kAlways;
  const Json* reentry = in.Maybe("reentry");
  if (reentry != nullptr && reentry->if_object() != nullptr) {
    DocumentFields inner(*reentry, in.PointerOf("reentry"), problems);
    rule.re_entry = ReEntry::kWhenFinished;
    rule.rest_days = inner.Whole("days", 1, 3660);
    inner.Finish();
  } else if (const std::optional<std::string> word = in.MaybeText("reentry")) {
    const auto found = std::find_if(kReEntryNames.begin(), kReEntryNames.end(), [&](const auto& entry) { return entry.second == *word; });
    if (found != kReEntryNames.end()) rule.re_entry = found->first;
    else in.Problem("reentry", "invalid_value", Quoted(*word), "one of never, when_finished, always, new_purchase");
  }
  rule.exclusive = in.MaybeText("exclusive").value_or(std::string());
  if (const Json* throttle = in.Maybe("throttle")) {
    DocumentFields inner(*throttle, in.PointerOf("throttle"), problems);
    rule.most_new_a_day = inner.Whole("new_a_day", 1, kMostNewADay);
    inner.Finish();
  }
  if (const std::optional<std::string> by = in.MaybeText("approval")) {
    rule.needs_approval = *by == "owner";
    if (!rule.needs_approval) in.Problem("approval", "invalid_value", Quoted(*by), "owner");
  }
}

Rule PolicyReading::ReadRule(const Json& json, const std::string& pointer) {
  DocumentFields in(json, pointer, problems);
  Rule rule;
  rule.name = ReadName(in);
  rule.note = in.MaybeText("note");
  const Json::Array* serves = in.MaybeList("serves");
  for (std::size_t i = 0; serves != nullptr && i < serves->size(); ++i) {
    if (const std::string* tag = (*serves)[i].if_string()) rule.serves.push_back(*tag);
    else AddProblem(problems, "wrong_type", PointerTo(in.PointerOf("serves"), i), Shown((*serves)[i]), "a text");
  }
  rule.purpose = in.Word<Purpose>("purpose", Purpose::kCare);
  rule.priority = in.Whole("priority", 0, kMostPriority);
  rule.mandatory = in.Flag("mandatory");
  rule.message_class = in.MaybeWord<MessageClass>("class").value_or(MessageClass::kDefault);
  if (const std::optional<std::string> over = in.MaybeText("over_cap")) {
    rule.drop_over_cap = *over == "drop";
    if (!rule.drop_over_cap && *over != "defer") in.Problem("over_cap", "invalid_value", Quoted(*over), "defer or drop");
  }
  if (const Json* trigger = in.Any("trigger")) rule.trigger = ReadTrigger(*trigger, in.PointerOf("trigger"));
  if (const Json* when = in.Maybe("when")) rule.when = ReadCondition(*when, in.PointerOf("when"));
  ReadWork(in, rule);
  ReadEntry(in, rule);
  if (const Json* value = in.Maybe("value")) rule.value = ReadValue(*value, in.PointerOf("value"));
  in.Finish();
  return rule;
}

}  // namespace rapport

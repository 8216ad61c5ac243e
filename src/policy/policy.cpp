// The policy document, read strictly.
#include "rapport/policy/policy.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "absl/strings/str_cat.h"
#include "core/bundled_texts.hpp"
#include "policy/names.hpp"
#include "rapport/core/hash.hpp"
#include "rapport/core/status.hpp"
#include "rapport/policy/occasion.hpp"

namespace rapport {
namespace {

constexpr std::string_view kToken = "policy";
constexpr std::int64_t kMostDays = 3660;
constexpr std::int64_t kMostHours = kMostDays * 24;
constexpr std::int64_t kMostMinutes = 1440;
constexpr std::int64_t kMostPriority = 1000;
constexpr std::size_t kMostNameBytes = 60;
constexpr int kMostDepth = 16;

template <class Names>
std::string Listed(const Names& names) {
  std::string list;
  for (const auto& [value, name] : names) list += (list.empty() ? "" : ", ") + std::string(name);
  return list;
}

std::string Quoted(std::string_view text) { return absl::StrCat("\"", std::string(text), "\""); }

absl::Status At(std::string_view path, std::string_view token, std::string_view message) {
  return Invalid(std::string(kToken) + "." + std::string(token), std::string(path) + ": " + std::string(message));
}

absl::Status OutOfRange(const JsonReader& in, std::string_view key, double found, double least, double most) {
  return in.Error(key, "invalid_value", absl::StrCat("found ", found, ", expected ", least, " to ", most));
}

absl::StatusOr<std::int64_t> IntegerWithin(JsonReader& in, std::string_view key, std::int64_t least, std::int64_t most) {
  RAPPORT_ASSIGN_OR_RETURN(const std::int64_t value, in.Integer(key));
  if (value < least || value > most) {
    return OutOfRange(in, key, static_cast<double>(value), static_cast<double>(least), static_cast<double>(most));
  }
  return value;
}

absl::StatusOr<Channel> ReadChannel(JsonReader& in) {
  RAPPORT_ASSIGN_OR_RETURN(const std::string name, in.String("channel"));
  if (const auto channel = FromName<Channel>(name)) return *channel;
  std::string list;
  for (const auto& word : WordList<Channel>::kWords) list += (list.empty() ? "" : ", ") + std::string(word.name);
  return in.Error("channel", "invalid_value", "found " + Quoted(name) + ", expected one of " + list);
}

absl::StatusOr<Purpose> ReadPurpose(JsonReader& in) {
  RAPPORT_ASSIGN_OR_RETURN(const std::string name, in.String("purpose"));
  if (const auto purpose = FromName<Purpose>(name)) return *purpose;
  return in.Error("purpose", "invalid_value", "found " + Quoted(name) + ", expected one of care, service, sell, admin");
}

// {"days": n} and its like: exactly one unit.
absl::StatusOr<Offset> ReadOffset(const Json& json, const std::string& path, std::int64_t least, bool working_days) {
  JsonReader in(json, path, std::string(kToken));
  std::optional<Offset> offset;
  for (const auto& [unit, name] : kOffsetUnitNames) {
    if (unit == OffsetUnit::kWorkingDays && !working_days) continue;
    RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::int64_t> count, in.OptionalInteger(name));
    if (!count.has_value()) continue;
    if (offset.has_value()) return At(path, "invalid_value", "found two units, expected one");
    const std::int64_t most = unit == OffsetUnit::kHours ? kMostHours : kMostDays;
    const std::int64_t from = least < 0 ? -most : least;
    if (*count < from || *count > most) {
      return OutOfRange(in, name, static_cast<double>(*count), static_cast<double>(from), static_cast<double>(most));
    }
    offset = Offset{unit, *count};
  }
  RAPPORT_RETURN_IF_ERROR(in.Finish());
  if (!offset.has_value()) {
    return At(path, "missing_key", working_days ? "expected one of days, working_days, hours" : "expected one of days, hours");
  }
  return *offset;
}

// The anchors an event has; the first is the default.
std::vector<Anchor> AnchorsOf(std::string_view event) {
  if (event == kOnPlaced) return {Anchor::kOccurred, Anchor::kDelivery, Anchor::kReturnWindowEnds};
  if (event == kOnDelivered) return {Anchor::kOccurred, Anchor::kDelivery, Anchor::kReturnWindowEnds};
  if (event == kOnWorry || event == kOnTouch) return {Anchor::kOccurred};
  if (event == kOnPromise) return {Anchor::kOccurred, Anchor::kDue};
  if (event == kOnRefusal) return {Anchor::kOccurred, Anchor::kComeBack};
  return {};
}

absl::StatusOr<Anchor> ReadAnchor(JsonReader& in, const std::vector<Anchor>& anchors) {
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::string> name, in.OptionalString("anchor"));
  if (!name.has_value()) return anchors.front();
  std::string list;
  for (const Anchor anchor : anchors) {
    if (NameOf(anchor) == *name) return anchor;
    list += (list.empty() ? "" : ", ") + std::string(NameOf(anchor));
  }
  return in.Error("anchor", "invalid_value", "found " + Quoted(*name) + ", expected one of " + list);
}

absl::StatusOr<Trigger> ReadEventTrigger(JsonReader& in) {
  EventTrigger trigger;
  RAPPORT_ASSIGN_OR_RETURN(trigger.event, in.String("event"));
  const std::vector<Anchor> anchors = AnchorsOf(trigger.event);
  if (anchors.empty()) {
    return in.Error("event", "unknown_event",
                    "found " + Quoted(trigger.event) +
                        ", expected one of purchase.placed, purchase.delivered, worry.raised, promise.made, refusal, touch");
  }
  RAPPORT_ASSIGN_OR_RETURN(trigger.anchor, ReadAnchor(in, anchors));
  if (const Json* offset = in.OptionalAny("offset")) {
    RAPPORT_ASSIGN_OR_RETURN(trigger.offset, ReadOffset(*offset, in.PathOf("offset"), -1, true));
  }
  RAPPORT_ASSIGN_OR_RETURN(trigger.assume_lead_days, in.OptionalInteger("assume_lead_days"));
  if (trigger.assume_lead_days.has_value()) {
    if (trigger.event != kOnPlaced || trigger.anchor != Anchor::kDelivery) {
      return in.Error("assume_lead_days", "invalid_value", "expected only with purchase.placed and anchor delivery");
    }
    if (*trigger.assume_lead_days < 0 || *trigger.assume_lead_days > kMostDays) {
      return OutOfRange(in, "assume_lead_days", static_cast<double>(*trigger.assume_lead_days), 0, kMostDays);
    }
  }
  RAPPORT_RETURN_IF_ERROR(in.Finish());
  return Trigger(std::move(trigger));
}

absl::StatusOr<const SignalColumn*> ReadSignal(JsonReader& in) {
  RAPPORT_ASSIGN_OR_RETURN(const std::string name, in.String("signal"));
  const absl::StatusOr<const SignalColumn*> column = FindSignal(name);
  if (!column.ok()) return in.Error("signal", "unknown_signal", ToStd(column.status().message()));
  return *column;
}

absl::StatusOr<Trigger> ReadSignalTrigger(JsonReader& in) {
  SignalTrigger trigger;
  RAPPORT_ASSIGN_OR_RETURN(trigger.signal, ReadSignal(in));
  const std::string name = Quoted(trigger.signal->name);
  if (trigger.signal->motion == Motion::kPolled) {
    return in.Error("signal", "polled_trigger", name + " is polled: it has no day of crossing; expected another signal");
  }
  if (trigger.signal->type != ColumnType::kInteger && trigger.signal->type != ColumnType::kNumber) {
    return in.Error("signal", "invalid_value", name + " is not a number and cannot cross one");
  }
  RAPPORT_ASSIGN_OR_RETURN(trigger.crosses_above, in.Number("crosses_above"));
  if (const Json* repeat = in.OptionalAny("repeat")) {
    JsonReader inner(*repeat, in.PathOf("repeat"), std::string(kToken));
    RAPPORT_ASSIGN_OR_RETURN(trigger.repeat_days, IntegerWithin(inner, "days", 1, kMostDays));
    RAPPORT_RETURN_IF_ERROR(inner.Finish());
  }
  RAPPORT_RETURN_IF_ERROR(in.Finish());
  return Trigger(std::move(trigger));
}

absl::StatusOr<Trigger> ReadTrigger(const Json& json, const std::string& path) {
  JsonReader in(json, path, std::string(kToken));
  const bool event = in.OptionalAny("event") != nullptr;
  const bool signal = in.OptionalAny("signal") != nullptr;
  if (json.if_object() != nullptr && event == signal) {
    return At(path, event ? "invalid_value" : "missing_key", "expected either event or signal");
  }
  JsonReader fresh(json, path, std::string(kToken));
  return event ? ReadEventTrigger(fresh) : ReadSignalTrigger(fresh);
}

// A value of the document as a cell of the signal's type.
absl::StatusOr<Cell> ReadCell(const Json& json, const SignalColumn& column, const std::string& path) {
  const auto wrong = [&] {
    return At(path, "wrong_type", absl::StrCat("found ", std::string(json.KindName()), ", expected a value of type ",
                                               std::string(ColumnTypeName(column.type)), " for ", std::string(column.name)));
  };
  if (column.type == ColumnType::kBool) return json.if_bool() != nullptr ? absl::StatusOr<Cell>(Cell(*json.if_bool())) : wrong();
  if (column.type == ColumnType::kInteger || column.type == ColumnType::kNumber) {
    if (json.if_number() == nullptr) return wrong();
    const std::optional<std::int64_t> whole = json.if_integer();
    return column.type == ColumnType::kInteger && whole.has_value() ? Cell(*whole) : Cell(*json.if_number());
  }
  if (json.if_string() == nullptr) return wrong();
  const std::string& text = *json.if_string();
  if (column.type == ColumnType::kText) return Cell(text);
  if (column.type == ColumnType::kDay) {
    const absl::StatusOr<Day> day = ParseDay(text);
    if (!day.ok()) return At(path, "invalid_value", "found " + Quoted(text) + ", expected a day such as 2026-03-02");
    return Cell(*day);
  }
  const absl::StatusOr<Stamp> stamp = ParseStamp(text);
  if (!stamp.ok()) return At(path, "invalid_value", "found " + Quoted(text) + ", expected an RFC 3339 time with an offset");
  return Cell(stamp->at);
}

bool IsOrdered(ColumnType type) { return type != ColumnType::kBool && type != ColumnType::kText; }

absl::StatusOr<Comparison> ReadComparison(JsonReader& in, const SignalColumn& column) {
  RAPPORT_ASSIGN_OR_RETURN(const std::string name, in.String("is"));
  const auto found = std::find_if(kComparisonNames.begin(), kComparisonNames.end(),
                                  [&](const auto& entry) { return entry.second == name; });
  if (found == kComparisonNames.end()) {
    return in.Error("is", "invalid_value", "found " + Quoted(name) + ", expected one of " + Listed(kComparisonNames));
  }
  if (name.front() == '<' || name.front() == '>') {
    if (!IsOrdered(column.type)) {
      return in.Error("is", "invalid_value",
                      absl::StrCat("found ", Quoted(name), " for a value of type ", std::string(ColumnTypeName(column.type)),
                                   ", expected one of =, !=, in, known, unknown"));
    }
  }
  return found->first;
}

absl::StatusOr<Condition> ReadLeaf(const Json& json, const std::string& path) {
  JsonReader in(json, path, std::string(kToken));
  Condition leaf;
  leaf.kind = Condition::Kind::kLeaf;
  RAPPORT_ASSIGN_OR_RETURN(leaf.signal, ReadSignal(in));
  RAPPORT_ASSIGN_OR_RETURN(leaf.is, ReadComparison(in, *leaf.signal));
  if (leaf.is == Comparison::kIn) {
    RAPPORT_ASSIGN_OR_RETURN(const Json::Array* values, in.Array("value"));
    if (values->empty()) return in.Error("value", "invalid_value", "found an empty list, expected at least one value");
    for (std::size_t i = 0; i < values->size(); ++i) {
      RAPPORT_ASSIGN_OR_RETURN(Cell cell, ReadCell((*values)[i], *leaf.signal, absl::StrCat(in.PathOf("value"), "[", i, "]")));
      leaf.expected.push_back(std::move(cell));
    }
  } else if (leaf.is != Comparison::kKnown && leaf.is != Comparison::kUnknown) {
    RAPPORT_ASSIGN_OR_RETURN(const Json* value, in.Any("value"));
    RAPPORT_ASSIGN_OR_RETURN(Cell cell, ReadCell(*value, *leaf.signal, in.PathOf("value")));
    leaf.expected.push_back(std::move(cell));
  }
  RAPPORT_RETURN_IF_ERROR(in.Finish());
  return leaf;
}

absl::StatusOr<Condition> ReadCondition(const Json& json, const std::string& path, int depth) {
  if (depth > kMostDepth) return At(path, "invalid_value", absl::StrCat("found more than ", kMostDepth, " conditions inside each other"));
  JsonReader in(json, path, std::string(kToken));
  const Json* all = in.OptionalAny("all");
  const Json* any = in.OptionalAny("any");
  const Json* not_ = in.OptionalAny("not");
  if (all == nullptr && any == nullptr && not_ == nullptr) return ReadLeaf(json, path);
  RAPPORT_RETURN_IF_ERROR(in.Finish());
  if ((all != nullptr) + (any != nullptr) + (not_ != nullptr) > 1) {
    return At(path, "invalid_value", "found several of all, any, not; expected one");
  }
  Condition condition;
  if (not_ != nullptr) {
    condition.kind = Condition::Kind::kNot;
    RAPPORT_ASSIGN_OR_RETURN(Condition child, ReadCondition(*not_, in.PathOf("not"), depth + 1));
    condition.children.push_back(std::move(child));
    return condition;
  }
  const std::string_view key = all != nullptr ? "all" : "any";
  condition.kind = all != nullptr ? Condition::Kind::kAll : Condition::Kind::kAny;
  RAPPORT_ASSIGN_OR_RETURN(const Json::Array* children, in.Array(key));
  for (std::size_t i = 0; i < children->size(); ++i) {
    RAPPORT_ASSIGN_OR_RETURN(Condition child, ReadCondition((*children)[i], absl::StrCat(in.PathOf(key), "[", i, "]"), depth + 1));
    condition.children.push_back(std::move(child));
  }
  return condition;
}

// All patterns of a headline, its variants included, say no more than occasions of the trigger know.
absl::Status CheckHeadline(const JsonReader& in, const std::string& headline, const Trigger& trigger) {
  const Catalogue& catalogue = Catalogue::Bundled();
  const std::string base = "headline." + headline;
  const std::vector<std::string> known = ArgumentNamesOf(trigger);
  bool found = false;
  for (const std::string& key : catalogue.Keys(Language::kEnglish)) {
    if (key != base && key.rfind(base + ".", 0) != 0) continue;
    found = true;
    RAPPORT_ASSIGN_OR_RETURN(const std::vector<std::string> arguments, catalogue.ArgumentsOf(key, Language::kEnglish));
    for (const std::string& argument : arguments) {
      if (std::binary_search(known.begin(), known.end(), argument)) continue;
      return in.Error("headline", "unknown_message",
                      "found " + Quoted(headline) + ", which needs " + Quoted(argument) + "; this trigger does not give it");
    }
  }
  if (found) return absl::OkStatus();
  return in.Error("headline", "unknown_message", "found " + Quoted(headline) + ", expected a message " + Quoted(base));
}

absl::Status CheckObjective(const JsonReader& in, const std::string& objective, Purpose purpose) {
  const std::string key = "objective." + objective;
  const Catalogue& catalogue = Catalogue::Bundled();
  if (!catalogue.Has(key, Language::kEnglish)) {
    return in.Error("objective", "unknown_message", "found " + Quoted(objective) + ", expected a message " + Quoted(key));
  }
  RAPPORT_ASSIGN_OR_RETURN(const std::vector<std::string> arguments, catalogue.ArgumentsOf(key, Language::kEnglish));
  if (!arguments.empty()) {
    return in.Error("objective", "unknown_message", "found " + Quoted(objective) + ", which needs " + Quoted(arguments.front()));
  }
  const bool sells = objective == "sell" || objective.rfind("sell.", 0) == 0;
  if (!sells || purpose != Purpose::kCare) return absl::OkStatus();
  return in.Error("objective", "care_rule_sells", "found the selling objective " + Quoted(objective) + " in a rule with purpose care");
}

absl::StatusOr<Action> ReadAction(const Json& json, const std::string& path, const Rule& rule) {
  JsonReader in(json, path, std::string(kToken));
  Action action;
  RAPPORT_ASSIGN_OR_RETURN(action.channel, ReadChannel(in));
  RAPPORT_ASSIGN_OR_RETURN(action.minutes, IntegerWithin(in, "minutes", 1, kMostMinutes));
  RAPPORT_ASSIGN_OR_RETURN(action.headline, in.String("headline"));
  RAPPORT_RETURN_IF_ERROR(CheckHeadline(in, action.headline, rule.trigger));
  RAPPORT_ASSIGN_OR_RETURN(action.objective, in.String("objective"));
  RAPPORT_RETURN_IF_ERROR(CheckObjective(in, action.objective, rule.purpose));
  RAPPORT_RETURN_IF_ERROR(in.Finish());
  return action;
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

absl::StatusOr<const SignalColumn*> ReadFactor(const Json& json, const std::string& path) {
  if (json.if_string() == nullptr) {
    return At(path, "wrong_type", absl::StrCat("found ", std::string(json.KindName()), ", expected a signal"));
  }
  const absl::StatusOr<const SignalColumn*> column = FindSignal(*json.if_string());
  if (!column.ok()) return At(path, "unknown_signal", ToStd(column.status().message()));
  if ((*column)->type != ColumnType::kInteger && (*column)->type != ColumnType::kNumber) {
    return At(path, "invalid_value", Quoted((*column)->name) + " is not a number");
  }
  return *column;
}

absl::StatusOr<ValueRule> ReadValue(const Json& json, const std::string& path) {
  JsonReader in(json, path, std::string(kToken));
  ValueRule value;
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<double> share, in.OptionalNumber("share"));
  value.share = share.value_or(1.0);
  if (value.share < 0 || value.share > 1e6) return OutOfRange(in, "share", value.share, 0, 1e6);
  if (in.OptionalAny("of") != nullptr) {
    RAPPORT_ASSIGN_OR_RETURN(const Json::Array* factors, in.Array("of"));
    for (std::size_t i = 0; i < factors->size(); ++i) {
      RAPPORT_ASSIGN_OR_RETURN(const SignalColumn* factor, ReadFactor((*factors)[i], absl::StrCat(in.PathOf("of"), "[", i, "]")));
      value.of.push_back(factor);
    }
  }
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::string> otherwise, in.OptionalString("otherwise"));
  value.otherwise = otherwise.value_or("0");
  if (!IsDecimal(value.otherwise)) {
    return in.Error("otherwise", "invalid_value", "found " + Quoted(value.otherwise) + ", expected a decimal such as \"12.50\"");
  }
  RAPPORT_RETURN_IF_ERROR(in.Finish());
  return value;
}

// A repetition must find the one before it gone.
absl::Status CheckRepeat(const JsonReader& in, const Rule& rule) {
  const auto* signal = std::get_if<SignalTrigger>(&rule.trigger);
  if (signal == nullptr || !signal->repeat_days.has_value()) return absl::OkStatus();
  const std::int64_t days = rule.expires.unit == OffsetUnit::kHours ? (rule.expires.count + 23) / 24 : rule.expires.count;
  if (days < *signal->repeat_days) return absl::OkStatus();
  return in.Error("expires", "invalid_value",
                  absl::StrCat("found ", days, " days, expected less than the ", *signal->repeat_days, " of trigger.repeat"));
}

absl::StatusOr<std::string> ReadName(JsonReader& in) {
  RAPPORT_ASSIGN_OR_RETURN(std::string name, in.String("name"));
  if (!CheckId(name, "name").ok() || name.size() > kMostNameBytes) {
    return in.Error("name", "invalid_value", absl::StrCat("found ", name.size(), " bytes, expected 1 to ", kMostNameBytes,
                                                          " bytes of text without control characters"));
  }
  return name;
}

absl::StatusOr<Rule> ReadRule(const Json& json, const std::string& path) {
  JsonReader in(json, path, std::string(kToken));
  Rule rule;
  RAPPORT_ASSIGN_OR_RETURN(rule.name, ReadName(in));
  RAPPORT_ASSIGN_OR_RETURN(rule.purpose, ReadPurpose(in));
  RAPPORT_ASSIGN_OR_RETURN(rule.priority, IntegerWithin(in, "priority", 0, kMostPriority));
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<bool> mandatory, in.OptionalBool("mandatory"));
  rule.mandatory = mandatory.value_or(false);
  RAPPORT_ASSIGN_OR_RETURN(const Json* trigger, in.Any("trigger"));
  RAPPORT_ASSIGN_OR_RETURN(rule.trigger, ReadTrigger(*trigger, in.PathOf("trigger")));
  if (const Json* when = in.OptionalAny("when")) {
    RAPPORT_ASSIGN_OR_RETURN(rule.when, ReadCondition(*when, in.PathOf("when"), 1));
  }
  RAPPORT_ASSIGN_OR_RETURN(const Json* action, in.Any("action"));
  RAPPORT_ASSIGN_OR_RETURN(rule.action, ReadAction(*action, in.PathOf("action"), rule));
  if (const Json* value = in.OptionalAny("value")) {
    RAPPORT_ASSIGN_OR_RETURN(rule.value, ReadValue(*value, in.PathOf("value")));
  }
  RAPPORT_ASSIGN_OR_RETURN(const Json* expires, in.Any("expires"));
  RAPPORT_ASSIGN_OR_RETURN(rule.expires, ReadOffset(*expires, in.PathOf("expires"), 0, false));
  RAPPORT_RETURN_IF_ERROR(CheckRepeat(in, rule));
  RAPPORT_RETURN_IF_ERROR(in.Finish());
  return rule;
}

}  // namespace

std::string_view NameOf(Anchor anchor) {
  for (const auto& [value, name] : kAnchorNames) {
    if (value == anchor) return name;
  }
  return {};
}

std::string_view NameOf(OffsetUnit unit) {
  for (const auto& [value, name] : kOffsetUnitNames) {
    if (value == unit) return name;
  }
  return {};
}

absl::StatusOr<Policy> Policy::Parse(const Json& document) {
  JsonReader in(document, "policy", std::string(kToken));
  RAPPORT_RETURN_IF_ERROR(IntegerWithin(in, "rapport_policy", 1, 1).status());
  Policy policy;
  RAPPORT_ASSIGN_OR_RETURN(policy.name_, ReadName(in));
  RAPPORT_ASSIGN_OR_RETURN(const Json::Array* rules, in.Array("rules"));
  RAPPORT_RETURN_IF_ERROR(in.Finish());
  std::set<std::string> names;
  for (std::size_t i = 0; i < rules->size(); ++i) {
    const std::string path = absl::StrCat("rules[", i, "]");
    RAPPORT_ASSIGN_OR_RETURN(Rule rule, ReadRule((*rules)[i], path));
    if (!names.insert(rule.name).second) {
      return At(path + ".name", "duplicate_rule", "found " + Quoted(rule.name) + " a second time, expected each name once");
    }
    policy.rules_.push_back(std::move(rule));
  }
  policy.document_ = document;
  policy.id_ = ToHex(HashBytes(document.Canonical()));
  return policy;
}

absl::StatusOr<Policy> Policy::ParseText(std::string_view text) {
  RAPPORT_ASSIGN_OR_RETURN(const Json document, Json::Parse(text));
  return Parse(document);
}

const Policy& Policy::Default() {
  static const Policy policy = [] {
    absl::StatusOr<Policy> parsed = ParseText(BundledText("policies/default.json"));
    RAPPORT_INVARIANT(parsed.ok(), "policies/default.json: " + std::string(parsed.status().message()));
    return *std::move(parsed);
  }();
  return policy;
}

const Rule* Policy::Find(std::string_view rule) const {
  const auto found = std::find_if(rules_.begin(), rules_.end(), [&](const Rule& r) { return r.name == rule; });
  return found == rules_.end() ? nullptr : &*found;
}

}  // namespace rapport

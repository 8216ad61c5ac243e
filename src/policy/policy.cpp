// The policy document, read strictly.
#include "rapport/policy/policy.hpp"

#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "core/bundled_texts.hpp"
#include "core/titled_schema.hpp"
#include "policy/names.hpp"
#include "policy/policy_reading.hpp"
#include "rapport/core/hash.hpp"
#include "rapport/core/status.hpp"

namespace rapport {
namespace {

template <class Names, class E>
std::string_view NameIn(const Names& names, E value) {
  for (const auto& [one, name] : names) {
    if (one == value) return name;
  }
  return {};
}

// Puts a team's numbers in the place of the document's. `steps` are found by their names. What is not a number there stays.
void Overlay(Json& base, const Json& patch, const std::string& pointer, std::vector<PolicyProblem>& problems) {
  const Json::Object* members = patch.if_object();
  Json::Array* list = base.if_array();
  Json::Object* object = base.if_object();
  if (members == nullptr || (list == nullptr && object == nullptr)) {
    if (base.if_number() != nullptr && patch.if_number() != nullptr) base = patch;
    else AddProblem(problems, "wrong_type", pointer, Shown(patch), "a number in the place of a number");
    return;
  }
  for (const auto& [key, value] : *members) {
    Json* own = nullptr;
    if (list != nullptr) {
      own = const_cast<Json*>(FindNamed(*list, key));   // of `base`, which is ours to change
    } else {
      const auto found = object->find(key);
      own = found == object->end() ? nullptr : &found->second;
    }
    if (own != nullptr) Overlay(*own, value, PointerTo(pointer, key), problems);
    else AddProblem(problems, "unknown_key", PointerTo(pointer, key), Quoted(key), "a number that the rule has");
  }
}

// "/steps/1/minutes" as a team writes it: "/steps/second/minutes".
std::string ByStepNames(const std::string& pointer, const Json& rule) {
  constexpr std::string_view kSteps = "/steps/";
  const Json* steps = rule.Find("steps");
  std::size_t index = 0;
  if (steps == nullptr || steps->if_array() == nullptr || pointer.rfind(kSteps, 0) != 0) return pointer;
  const std::size_t end = std::min(pointer.find('/', kSteps.size()), pointer.size());
  if (!absl::SimpleAtoi(ToAbsl(pointer.substr(kSteps.size(), end - kSteps.size())), &index) || index >= steps->if_array()->size()) return pointer;
  const Json* name = (*steps->if_array())[index].Find("name");
  if (name == nullptr || name->if_string() == nullptr) return pointer;
  return PointerTo("/steps", *name->if_string()) + pointer.substr(end);
}

absl::Status AsStatus(const std::vector<PolicyProblem>& problems) {
  std::string message;
  for (const PolicyProblem& problem : problems) absl::StrAppend(&message, message.empty() ? "" : "; ", problem.ToString());
  return Invalid(problems.front().token, message);
}

}  // namespace

const Json* FindNamed(const Json::Array& list, std::string_view name) {
  for (const Json& one : list) {
    const Json* own = one.Find("name");
    if (own != nullptr && own->if_string() != nullptr && *own->if_string() == name) return &one;
  }
  return nullptr;
}

std::string PolicyProblem::ToString() const {
  return absl::StrCat(pointer.empty() ? "the document" : pointer, ": found ", found, ", expected ", expected);
}

std::string_view NameOf(Anchor anchor) { return NameIn(kAnchorNames, anchor); }
std::string_view NameOf(OffsetUnit unit) { return NameIn(kOffsetUnitNames, unit); }
std::string_view NameOf(Exit exit) { return NameIn(kExitNames, exit); }
std::string_view NameOf(Assignee assignee) { return NameIn(kAssigneeNames, assignee); }
std::string_view NameOf(ReEntry entry) { return NameIn(kReEntryNames, entry); }

namespace {

void VisitSignals(const Condition& condition, const std::function<void(const SignalColumn&)>& visit) {
  if (condition.kind == Condition::Kind::kLeaf) return visit(*condition.signal);
  for (const Condition& child : condition.children) VisitSignals(child, visit);
}

}  // namespace

void VisitSignals(const Rule& rule, const std::function<void(const SignalColumn&)>& visit) {
  if (const auto* trigger = std::get_if<SignalTrigger>(&rule.trigger)) visit(*trigger->signal);
  VisitSignals(rule.when, visit);
  VisitSignals(rule.goal, visit);
  for (const Step& step : rule.steps) VisitSignals(step.when, visit);
  for (const SignalColumn* signal : rule.value.of) visit(*signal);
}

const Step* Rule::FindStep(std::string_view step) const {
  const auto found = std::find_if(steps.begin(), steps.end(), [&](const Step& one) { return one.name == step; });
  return found == steps.end() ? nullptr : &*found;
}

std::vector<std::string> Rule::LeftOutWhenReferred() const {
  std::vector<std::string> names;
  for (const Step& step : steps) {
    if (step.name == referred_starts_at) return names;
    names.push_back(step.name);
  }
  return {};   // nothing is named: nothing is left out
}

const Step& Rule::BeginsAfter(const std::vector<std::string>& left_out) const {
  const auto begins = std::find_if(steps.begin(), steps.end(), [&](const Step& one) { return std::find(left_out.begin(), left_out.end(), one.name) == left_out.end(); });
  return begins == steps.end() ? steps.front() : *begins;
}

// What the document's own rule has wrong is told there, and only there.
Rule PolicyReading::ReadTeamRule(const Json& rule, const std::string& base, const std::string& at) {
  PolicyReading own;
  Rule read = own.ReadRule(rule, "");
  for (PolicyProblem& problem : own.problems) {
    const bool told = std::any_of(problems.begin(), problems.end(), [&](const PolicyProblem& known) {
      return known.token == problem.token && known.pointer == base + problem.pointer;
    });
    if (told) continue;
    problem.pointer = at + ByStepNames(problem.pointer, rule);
    problems.push_back(std::move(problem));
  }
  host_columns.insert(host_columns.end(), own.host_columns.begin(), own.host_columns.end());
  return read;
}

void PolicyReading::ReadTeams(const Json& document, const Json& teams, Policy& policy) {
  const Json::Object* by_team = teams.if_object();
  if (by_team == nullptr) return AddProblem(problems, "wrong_type", "/teams", Shown(teams), "an object of teams");
  const Json::Array& rules = *document.Find("rules")->if_array();
  for (const auto& [team, patches] : *by_team) {
    const std::string at = PointerTo("/teams", team);
    const Json::Object* by_rule = patches.if_object();
    if (by_rule == nullptr) {
      AddProblem(problems, "wrong_type", at, Shown(patches), "an object of rules");
      continue;
    }
    std::vector<Rule>& read = policy.teams_[team];
    read = policy.rules_;
    for (const auto& [name, patch] : *by_rule) {
      const Json* rule = FindNamed(rules, name);
      if (rule == nullptr) {
        AddProblem(problems, "unknown_rule", PointerTo(at, name), Quoted(name), "a rule of this policy");
        continue;
      }
      const auto index = static_cast<std::size_t>(rule - rules.data());
      Json patched = *rule;
      Overlay(patched, patch, PointerTo(at, name), problems);
      read[index] = ReadTeamRule(patched, PointerTo("/rules", index), PointerTo(at, name));
    }
  }
}

void PolicyReading::ReadDocument(const Json& document, Policy& policy) {
  DocumentFields in(document, "", problems);
  in.Whole("rapport_policy", 1, 1);
  policy.name_ = ReadName(in);
  static_cast<void>(in.MaybeText("note"));
  const Json::Array* rules = in.List("rules");
  std::set<std::string> names;
  for (std::size_t i = 0; rules != nullptr && i < rules->size(); ++i) {
    Rule rule = ReadRule((*rules)[i], PointerTo("/rules", i));
    if (!rule.name.empty() && !names.insert(rule.name).second) {
      AddProblem(problems, "duplicate_rule", PointerTo(PointerTo("/rules", i), "name"), Quoted(rule.name) + " a second time", "each name once");
    }
    policy.rules_.push_back(std::move(rule));
  }
  if (const Json* holdout = in.Maybe("holdout")) {
    DocumentFields inner(*holdout, in.PointerOf("holdout"), problems);
    Holdout read;
    read.share = inner.Any("share") != nullptr ? inner.MaybeNumber("share", 0, 0.5).value_or(0) : 0;
    read.salt = inner.MaybeText("salt").value_or(std::string());
    inner.Finish();
    policy.holdout_ = read;
  }
  if (const Json* teams = in.Maybe("teams"); teams != nullptr && rules != nullptr) ReadTeams(document, *teams, policy);
  in.Finish();
  policy.host_columns_ = host_columns;
}

std::vector<PolicyProblem> Policy::Check(const Json& document) {
  PolicyReading reading;
  Policy policy;
  reading.ReadDocument(document, policy);
  return reading.problems;
}

std::vector<PolicyProblem> Policy::CheckText(std::string_view text) {
  const absl::StatusOr<Json> document = Json::Parse(text);
  if (document.ok()) return Check(*document);
  return {{TokenOf(document.status()), "", std::string(ToStd(document.status().message())), "a JSON document"}};
}

absl::StatusOr<Policy> Policy::Parse(const Json& document) {
  PolicyReading reading;
  Policy policy;
  reading.ReadDocument(document, policy);
  if (!reading.problems.empty()) return AsStatus(reading.problems);
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

const std::vector<Rule>& Policy::RulesFor(const std::optional<std::string>& team) const {
  if (!team.has_value()) return rules_;
  const auto own = teams_.find(*team);
  return own == teams_.end() ? rules_ : own->second;
}

const Rule* Policy::Find(std::string_view rule) const { return Find(rule, std::nullopt); }

const Rule* Policy::Find(std::string_view rule, const std::optional<std::string>& team) const {
  const std::vector<Rule>& rules = RulesFor(team);
  const auto found = std::find_if(rules.begin(), rules.end(), [&](const Rule& r) { return r.name == rule; });
  return found == rules.end() ? nullptr : &*found;
}

absl::StatusOr<Json> Policy::Schema(Language language) { return TitledSchema("policy", language); }

}  // namespace rapport

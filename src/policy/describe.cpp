#include "policy/describe.hpp"

#include "policy/names.hpp"
#include "policy/wording.hpp"
#include "rapport/core/status.hpp"

namespace rapport {
namespace {

class Describer {
 public:
  explicit Describer(Language language) : speaker_(language, NoTexts()) {}

  absl::Status Add(std::string key, std::map<std::string, SentenceArgument> arguments = {}) {
    RAPPORT_ASSIGN_OR_RETURN(std::string text, speaker_.Say(std::move(key), std::move(arguments)));
    sentences_.push_back(std::move(text));
    return absl::OkStatus();
  }
  absl::Status AddTrigger(const Rule& rule);
  absl::Status AddConditions(const Condition& when);
  absl::Status AddWork(const Rule& rule);
  std::vector<std::string> Take() { return std::move(sentences_); }

 private:
  absl::StatusOr<std::string> Leaf(const Condition& leaf) const;
  absl::StatusOr<std::string> Expression(const Condition& condition) const;
  Speaker speaker_;
  std::vector<std::string> sentences_;
};

absl::Status Describer::AddTrigger(const Rule& rule) {
  if (const auto* event = std::get_if<EventTrigger>(&rule.trigger)) {
    RAPPORT_ASSIGN_OR_RETURN(std::string moment, speaker_.Moment(event->event, NameOf(event->anchor), NameOf(event->offset.unit),
                                                                 event->offset.count));
    RAPPORT_RETURN_IF_ERROR(Add("policy.describe.event", {{"rule", rule.name}, {"moment", std::move(moment)}}));
    if (!event->assume_lead_days.has_value()) return absl::OkStatus();
    return Add("policy.describe.assume", {{"n", *event->assume_lead_days}});
  }
  if (const auto* recurrence = std::get_if<RecurrenceTrigger>(&rule.trigger)) {
    return Add("policy.describe.recurrence", {{"rule", rule.name}, {"rrule", recurrence->rrule}});
  }
  const auto& signal = std::get<SignalTrigger>(rule.trigger);
  RAPPORT_RETURN_IF_ERROR(Add("policy.describe.signal", {{"rule", rule.name},
                                                         {"signal", PhraseOf(signal.signal->name)},
                                                         {"threshold", SayCell(Cell(signal.threshold))}}));
  if (!signal.repeat_days.has_value()) return absl::OkStatus();
  return Add("policy.describe.repeat", {{"n", *signal.repeat_days}});
}

absl::StatusOr<std::string> Describer::Leaf(const Condition& leaf) const {
  std::vector<SentenceArgument> expected;
  for (const Cell& cell : leaf.expected) expected.push_back(SayCell(cell));
  RAPPORT_ASSIGN_OR_RETURN(std::string asked, speaker_.Asked(NameOf(leaf.is), expected));
  return speaker_.Say("policy.describe.leaf", {{"signal", PhraseOf(leaf.signal->name)}, {"asked", std::move(asked)}});
}

absl::StatusOr<std::string> Describer::Expression(const Condition& condition) const {
  if (condition.kind == Condition::Kind::kLeaf) return Leaf(condition);
  if (condition.kind == Condition::Kind::kNot) {
    RAPPORT_ASSIGN_OR_RETURN(std::string inner, Expression(condition.children.front()));
    return speaker_.Say("policy.describe.not", {{"inner", std::move(inner)}});
  }
  if (condition.children.empty()) return speaker_.Say(condition.kind == Condition::Kind::kAll ? "policy.always" : "policy.never");
  const std::string key = condition.kind == Condition::Kind::kAll ? "policy.describe.and" : "policy.describe.or";
  std::string text;
  for (const Condition& child : condition.children) {
    RAPPORT_ASSIGN_OR_RETURN(std::string inner, Expression(child));
    if (child.kind == Condition::Kind::kAll || child.kind == Condition::Kind::kAny) inner = "(" + inner + ")";
    if (text.empty()) {
      text = std::move(inner);
      continue;
    }
    RAPPORT_ASSIGN_OR_RETURN(text, speaker_.Say(key, {{"left", std::move(text)}, {"right", std::move(inner)}}));
  }
  return text;
}

// What must hold together is said one by one.
absl::Status Describer::AddConditions(const Condition& when) {
  if (when.kind == Condition::Kind::kAll) {
    for (const Condition& child : when.children) RAPPORT_RETURN_IF_ERROR(AddConditions(child));
    return absl::OkStatus();
  }
  RAPPORT_ASSIGN_OR_RETURN(std::string inner, Expression(when));
  return Add("policy.describe.if", {{"inner", std::move(inner)}});
}

absl::Status Describer::AddWork(const Rule& rule) {
  RAPPORT_RETURN_IF_ERROR(Add(rule.mandatory ? "policy.describe.must" : "policy.describe.may",
                              {{"channel", MessageRef{"channel." + std::string(NameOf(rule.action().channel))}},
                               {"purpose", MessageRef{"policy.purpose." + std::string(NameOf(rule.purpose))}},
                               {"minutes", rule.action().minutes},
                               {"priority", rule.priority}}));
  RAPPORT_RETURN_IF_ERROR(Add("policy.describe.expires." + std::string(NameOf(rule.expires().unit)), {{"n", rule.expires().count}}));
  return Add("policy.describe.goal", {{"objective", MessageRef{"objective." + rule.action().objective}}});
}

}  // namespace

absl::StatusOr<std::vector<std::string>> DescribeRule(const Rule& rule, Language language) {
  Describer describer(language);
  RAPPORT_RETURN_IF_ERROR(describer.AddTrigger(rule));
  RAPPORT_RETURN_IF_ERROR(describer.AddConditions(rule.when));
  RAPPORT_RETURN_IF_ERROR(describer.AddWork(rule));
  return describer.Take();
}

absl::StatusOr<std::string> Policy::Describe(Language language) const {
  RAPPORT_ASSIGN_OR_RETURN(const std::string separator, Catalogue::Bundled().Word("policy.separator", language));
  std::string text;
  for (const Rule& rule : rules_) {
    RAPPORT_ASSIGN_OR_RETURN(const std::vector<std::string> sentences, DescribeRule(rule, language));
    std::string line;
    for (const std::string& sentence : sentences) line += (line.empty() ? "" : separator) + sentence;
    text += line + "\n";
  }
  return text;
}

}  // namespace rapport

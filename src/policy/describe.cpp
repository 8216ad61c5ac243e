#include "policy/describe.hpp"

#include <cmath>

#include "policy/describe_trigger.hpp"
#include "policy/names.hpp"
#include "policy/telling.hpp"
#include "rapport/core/status.hpp"

namespace rapport {
namespace {

constexpr double kMillionths = 1e6;
constexpr double kPercent = 100;
constexpr std::size_t kMostFactorBytes = 1000;
constexpr std::string_view kStepIndent = "  ";

MessageRef WordOf(std::string_view list, std::string_view word) { return {"schema.word." + std::string(list) + "." + std::string(word)}; }

std::string Percent(double share) { return CanonicalNumber(std::nearbyint(share * kPercent * kMillionths) / kMillionths); }

std::string OutcomeKey(const std::string& outcome) {
  return (FromName<Disposition>(outcome).has_value() ? "schema.word.disposition." : "schema.word.outcome.") + outcome;
}

// --- work ------------------------------------------------------------------------------------------------------
absl::Status TellExpiryAndObjective(const Step& step, Telling& out) {
  const bool same_day = step.expires.unit == OffsetUnit::kDays && step.expires.count == 0;
  if (same_day) RAPPORT_RETURN_IF_ERROR(out.Add("policy.describe.expires.same_day"));
  else RAPPORT_RETURN_IF_ERROR(out.Add("policy.describe.expires." + std::string(NameOf(step.expires.unit)), {{"n", step.expires.count}}));
  if (step.action.assignee != Assignee::kOwner) RAPPORT_RETURN_IF_ERROR(out.Add("policy.describe.assign_to." + std::string(NameOf(step.action.assignee))));
  return out.Add("policy.describe.goal", {{"objective", MessageRef{"objective." + step.action.objective}}});
}

absl::Status TellWork(const Rule& rule, Telling& out) {
  const MessageRef purpose{"policy.purpose." + std::string(NameOf(rule.purpose))};
  if (rule.is_cadence) {
    RAPPORT_RETURN_IF_ERROR(out.Add(rule.mandatory ? "policy.describe.steps_must" : "policy.describe.steps",
                                    {{"n", static_cast<std::int64_t>(rule.steps.size())}, {"purpose", purpose}, {"priority", rule.priority}}));
    if (rule.referred_starts_at.empty()) return absl::OkStatus();
    return out.Add("policy.describe.referred", {{"step", rule.referred_starts_at}});
  }
  RAPPORT_RETURN_IF_ERROR(out.Add(rule.mandatory ? "policy.describe.must" : "policy.describe.may",
                                  {{"channel", MessageRef{"channel." + std::string(NameOf(rule.action().channel))}},
                                   {"purpose", purpose},
                                   {"minutes", rule.action().minutes},
                                   {"priority", rule.priority}}));
  return TellExpiryAndObjective(rule.steps.front(), out);
}

absl::Status TellValue(const ValueRule& value, Telling& out) {
  if (value.of.empty()) {
    if (value.otherwise == "0") return absl::OkStatus();
    return out.Add("policy.describe.value_fixed", {{"amount", value.otherwise}});
  }
  std::string factors;
  for (const SignalColumn* column : value.of) {
    if (factors.size() > kMostFactorBytes) break;   // a line is full long before
    const SentenceArgument phrase = PhraseOf(column->name);
    const auto* host = std::get_if<std::string>(&phrase);
    RAPPORT_ASSIGN_OR_RETURN(std::string factor, host != nullptr ? absl::StatusOr<std::string>(*host) : out.Phrase(std::get<MessageRef>(phrase).key));
    if (factors.empty()) {
      factors = std::move(factor);
    } else {
      RAPPORT_ASSIGN_OR_RETURN(factors, out.Phrase("policy.describe.factors", {{"left", std::move(factors)}, {"right", std::move(factor)}}));
    }
  }
  return out.Add("policy.describe.value", {{"percent", Percent(value.share)}, {"factors", std::move(factors)}, {"otherwise", value.otherwise}});
}

// --- what ends it, and what holds it ---------------------------------------------------------------------------
absl::Status TellExits(const Rule& rule, Telling& out) {
  std::vector<std::string> words;
  for (const Exit exit : rule.exits) {
    RAPPORT_ASSIGN_OR_RETURN(std::string word, out.Phrase(WordOf("exit", NameOf(exit)).key));
    words.push_back(std::move(word));
  }
  RAPPORT_RETURN_IF_ERROR(out.AddWords(words, [&](bool, std::string listed) {
    return out.Phrase("policy.describe.exits", {{"words", std::move(listed)}});
  }));
  return rule.exits.contains(Exit::kGoal) ? out.AddConditions("policy.describe.goal_is", rule.goal) : absl::OkStatus();
}

absl::Status TellLimits(const Rule& rule, Telling& out) {
  const bool plain_again = !rule.is_cadence && rule.re_entry == ReEntry::kAlways;
  if (rule.rest_days.has_value()) RAPPORT_RETURN_IF_ERROR(out.Add("policy.reentry.days", {{"n", *rule.rest_days}}));
  else if (!plain_again) RAPPORT_RETURN_IF_ERROR(out.Add("policy.reentry." + std::string(NameOf(rule.re_entry))));
  if (!rule.exclusive.empty()) RAPPORT_RETURN_IF_ERROR(out.Add("policy.describe.exclusive", {{"group", rule.exclusive}}));
  if (rule.most_new_a_day.has_value()) RAPPORT_RETURN_IF_ERROR(out.Add("policy.describe.throttle", {{"n", *rule.most_new_a_day}}));
  if (rule.needs_approval) RAPPORT_RETURN_IF_ERROR(out.Add("policy.describe.approval"));
  if (rule.message_class != MessageClass::kDefault) RAPPORT_RETURN_IF_ERROR(out.Add("policy.class." + std::string(NameOf(rule.message_class))));
  return rule.drop_over_cap ? out.Add("policy.describe.drop") : absl::OkStatus();
}

// --- steps -----------------------------------------------------------------------------------------------------
absl::Status TellBranch(const Branch& branch, Telling& out) {
  std::vector<std::string> words;
  for (const std::string& outcome : branch.on) {
    RAPPORT_ASSIGN_OR_RETURN(std::string word, out.Phrase(OutcomeKey(outcome)));
    words.push_back(std::move(word));
  }
  std::string wait;
  if (branch.after.has_value()) {
    RAPPORT_ASSIGN_OR_RETURN(wait, out.Wait(*branch.after));
  }
  return out.AddWords(words, [&](bool, std::string listed) -> absl::StatusOr<std::string> {
    if (branch.to == kEnd) return out.Phrase("policy.describe.branch_end", {{"words", std::move(listed)}});
    if (wait.empty()) return out.Phrase("policy.describe.branch", {{"words", std::move(listed)}, {"step", branch.to}});
    return out.Phrase("policy.describe.branch_after", {{"words", std::move(listed)}, {"step", branch.to}, {"wait", wait}});
  });
}

absl::Status TellStep(const Step& step, Telling& out) {
  RAPPORT_ASSIGN_OR_RETURN(std::string wait, out.Wait(step.after));
  RAPPORT_RETURN_IF_ERROR(out.Add("policy.describe.step", {{"step", step.name}, {"wait", std::move(wait)}}));
  RAPPORT_RETURN_IF_ERROR(out.AddConditions("policy.describe.step_if", step.when));
  RAPPORT_RETURN_IF_ERROR(out.Add("policy.describe.step_work", {{"channel", MessageRef{"channel." + std::string(NameOf(step.action.channel))}},
                                                                {"minutes", step.action.minutes}}));
  RAPPORT_RETURN_IF_ERROR(TellExpiryAndObjective(step, out));
  if (step.most > 1) RAPPORT_RETURN_IF_ERROR(out.Add("policy.describe.most", {{"n", step.most}}));
  for (const Branch& branch : step.branches) RAPPORT_RETURN_IF_ERROR(TellBranch(branch, out));
  return absl::OkStatus();
}

// --- teams -----------------------------------------------------------------------------------------------------
// Tells each number that a team has instead of the document's own.
class TeamNumbers {
 public:
  TeamNumbers(std::string team, std::string rule, Telling& out) : team_(std::move(team)), rule_(std::move(rule)), out_(out) {}

  absl::Status Tell(const Json& own, const Json& team, const std::string& place) const {
    const Json::Object* members = team.if_object();
    if (members == nullptr) {
      return out_.Add("policy.describe.team", {{"team", team_}, {"rule", rule_}, {"place", place}, {"now", SayJson(team)}, {"was", SayJson(own)}});
    }
    for (const auto& [key, value] : *members) {
      const Json* member = own.if_array() != nullptr ? FindNamed(*own.if_array(), key) : own.Find(key);
      RAPPORT_INVARIANT(member != nullptr, "a team's number stands in the place of one");
      RAPPORT_ASSIGN_OR_RETURN(std::string name, own.if_array() != nullptr ? absl::StatusOr<std::string>(key) : TitleOf(key, place.empty()));
      if (!place.empty()) {
        RAPPORT_ASSIGN_OR_RETURN(name, out_.Phrase("policy.list.more", {{"left", place}, {"right", std::move(name)}}));
      }
      RAPPORT_RETURN_IF_ERROR(Tell(*member, value, name));
    }
    return absl::OkStatus();
  }

 private:
  absl::StatusOr<std::string> TitleOf(const std::string& key, bool of_rule) const {
    const std::string of_rules_own = "schema.property.rule." + key;
    const bool own = of_rule && Catalogue::Bundled().Has(of_rules_own, out_.speaker().language());
    return out_.Phrase(own ? of_rules_own : "schema.property." + key);
  }

  std::string team_;
  std::string rule_;
  Telling& out_;
};

absl::Status TellTeams(const Json& document, Telling& out) {
  const Json* teams = document.Find("teams");
  if (teams == nullptr) return absl::OkStatus();
  for (const auto& [team, by_rule] : *teams->if_object()) {
    for (const auto& [rule, numbers] : *by_rule.if_object()) {
      const Json* own = FindNamed(*document.Find("rules")->if_array(), rule);
      RAPPORT_INVARIANT(own != nullptr, "a team's rule is one of the policy");
      RAPPORT_RETURN_IF_ERROR(TeamNumbers(team, rule, out).Tell(*own, numbers, ""));
    }
  }
  return absl::OkStatus();
}

// A sentence that is not the last gives its own stop up for the separator.
std::string Line(std::string_view indent, const std::vector<std::string>& sentences, const std::string& separator) {
  std::string line(indent);
  for (std::size_t i = 0; i < sentences.size(); ++i) {
    std::string_view sentence = sentences[i];
    for (const std::string_view stop : {".", "。"}) {
      if (i + 1 < sentences.size() && sentence.ends_with(stop)) sentence.remove_suffix(stop.size());
    }
    line += (i == 0 ? "" : separator) + std::string(sentence);
  }
  return line + "\n";
}

}  // namespace

absl::StatusOr<std::vector<std::string>> DescribeRule(const Rule& rule, Language language) {
  Telling out(language);
  RAPPORT_RETURN_IF_ERROR(TellTrigger(rule, out));
  RAPPORT_RETURN_IF_ERROR(out.AddConditions("policy.describe.if", rule.when));
  RAPPORT_RETURN_IF_ERROR(TellWork(rule, out));
  RAPPORT_RETURN_IF_ERROR(TellExits(rule, out));
  RAPPORT_RETURN_IF_ERROR(TellLimits(rule, out));
  RAPPORT_RETURN_IF_ERROR(TellValue(rule.value, out));
  return out.Take();
}

absl::StatusOr<std::vector<std::string>> DescribeStep(const Step& step, Language language) {
  Telling out(language);
  RAPPORT_RETURN_IF_ERROR(TellStep(step, out));
  return out.Take();
}

absl::StatusOr<std::string> Policy::Describe(Language language) const {
  RAPPORT_ASSIGN_OR_RETURN(const std::string separator, Catalogue::Bundled().Word("policy.separator", language));
  std::string text;
  for (const Rule& rule : rules_) {
    RAPPORT_ASSIGN_OR_RETURN(const std::vector<std::string> sentences, DescribeRule(rule, language));
    text += Line("", sentences, separator);
    if (!rule.is_cadence) continue;
    for (const Step& step : rule.steps) {
      RAPPORT_ASSIGN_OR_RETURN(const std::vector<std::string> told, DescribeStep(step, language));
      text += Line(kStepIndent, told, separator);
    }
  }
  if (holdout_.has_value()) {
    Telling out(language);
    RAPPORT_RETURN_IF_ERROR(out.Add("policy.describe.holdout", {{"percent", Percent(holdout_->share)}}));
    RAPPORT_RETURN_IF_ERROR(out.Add("policy.describe.holdout_must"));
    text += Line("", out.Take(), separator);
  }
  Telling teams(language);
  RAPPORT_RETURN_IF_ERROR(TellTeams(document_, teams));
  for (const std::string& sentence : teams.Take()) text += sentence + "\n";
  return text;
}

}  // namespace rapport

#include "rapport/policy/explain.hpp"

#include "absl/strings/str_cat.h"
#include "policy/admission.hpp"
#include "policy/assignee.hpp"
#include "policy/names.hpp"
#include "policy/wording.hpp"
#include "rapport/policy/flip.hpp"
#include "rapport/policy/why_not.hpp"
#include "rapport/core/status.hpp"

namespace rapport {
namespace {

absl::Status Unreadable(std::string_view what) {
  return Fail(absl::StatusCode::kDataLoss, "explain.invalid_derivation",
              absl::StrCat("derivation, member ", std::string(what), ": not as docs/policy.md says"));
}

std::string TextOf(const Json& object, std::string_view key) {
  const Json* member = object.Find(key);
  return member != nullptr && member->if_string() != nullptr ? *member->if_string() : std::string();
}

bool FlagOf(const Json& object, std::string_view key) {
  const Json* member = object.Find(key);
  return member != nullptr && member->if_bool() != nullptr && *member->if_bool();
}

const Json::Array& ListOf(const Json& object, std::string_view key) {
  static const Json::Array empty;
  const Json* member = object.Find(key);
  return member != nullptr && member->if_array() != nullptr ? *member->if_array() : empty;
}

absl::StatusOr<LocalTime> LocalTimeOf(const std::string& text) {
  LocalMinute minute;
  if (!absl::ParseCivilTime(text, &minute)) return Unreadable("first_allowed_local");
  return LocalTime{minute};
}

// Collects the sentences of one explanation, in order.
class Explanation {
 public:
  Explanation(Language language, const Texts& texts) : speaker_(language, texts) {}

  absl::Status Add(const Sentence& sentence) {
    RAPPORT_ASSIGN_OR_RETURN(std::string text, speaker_.Say(sentence));
    sentences_.emplace_back(std::move(text));
    return absl::OkStatus();
  }
  absl::Status Add(std::string key, std::map<std::string, SentenceArgument> arguments = {}) {
    return Add(Sentence{std::move(key), std::move(arguments)});
  }
  const Speaker& speaker() const { return speaker_; }
  Json::Array Take() { return std::move(sentences_); }

 private:
  Speaker speaker_;
  Json::Array sentences_;
};

absl::Status ExplainLeaf(const Json& leaf, Explanation& out) {
  const Json* actual = leaf.Find("actual");
  if (actual == nullptr) return Unreadable("conditions.actual");
  std::vector<SentenceArgument> expected;
  for (const Json& one : ListOf(leaf, "expected")) expected.push_back(SayJson(one));
  RAPPORT_ASSIGN_OR_RETURN(std::string asked, out.speaker().Asked(TextOf(leaf, "is"), expected));
  return out.Add(FlagOf(leaf, "holds") ? "explain.holds" : "explain.fails",
                 {{"signal", PhraseOf(TextOf(leaf, "signal"))}, {"actual", SayJson(*actual)}, {"asked", std::move(asked)}});
}

// Every leaf, also where the outcome was clear before it; a group inside another is announced.
absl::Status ExplainConditions(const Json& trace, bool outermost, Explanation& out) {
  for (const std::string key : {"all", "any", "not"}) {
    const Json* children = trace.Find(key);
    if (children == nullptr || children->if_array() == nullptr) continue;
    if (!outermost || key != "all") RAPPORT_RETURN_IF_ERROR(out.Add("explain." + key));
    for (const Json& child : *children->if_array()) RAPPORT_RETURN_IF_ERROR(ExplainConditions(child, false, out));
    return absl::OkStatus();
  }
  return ExplainLeaf(trace, out);
}

absl::Status ExplainTrigger(const Json& trigger, std::string_view step, Explanation& out) {
  RAPPORT_ASSIGN_OR_RETURN(const Day day, ParseDay(TextOf(trigger, "due_day")));
  if (const Json* signal = trigger.Find("signal")) {
    const Json* below = trigger.Find("crosses_below");
    const Json* threshold = below != nullptr ? below : trigger.Find("crosses_above");
    if (signal->if_string() == nullptr || threshold == nullptr) return Unreadable("trigger");
    if (below != nullptr) return out.Add("explain.crossed_below", {{"signal", PhraseOf(*signal->if_string())}, {"threshold", SayJson(*threshold)}, {"day", day}});
    return out.Add(step == kOnlyStep ? "explain.crossed" : "explain.crossed_again",
                   {{"signal", PhraseOf(*signal->if_string())}, {"threshold", SayJson(*threshold)}, {"day", day}});
  }
  if (trigger.Find("recurrence") != nullptr) return out.Add("explain.recurs", {{"day", day}});
  const Json* offset = trigger.Find("offset");
  if (offset == nullptr || offset->if_object() == nullptr || offset->if_object()->empty()) return Unreadable("trigger.offset");
  auto wait = offset->if_object()->begin();
  if (wait->first == "at" && std::next(wait) != offset->if_object()->end()) ++wait;   // the time of day stands beside the count
  const auto& [unit, count] = *wait;
  RAPPORT_ASSIGN_OR_RETURN(std::string moment, out.speaker().Moment(TextOf(trigger, "event"), TextOf(trigger, "anchor"), unit,
                                                                    count.if_integer().value_or(0)));
  return out.Add("explain.due", {{"moment", std::move(moment)}, {"day", day}});
}

// Whose work it is, where it is not simply the owner's.
absl::Status ExplainAssigned(const Json& assigned, Explanation& out) {
  const std::string because = TextOf(assigned, "because");
  const std::string whose = because == NameOf(Assigned::Because::kNobody) ? TextOf(assigned, "asked") : TextOf(assigned, "to");
  const absl::StatusOr<RepId> rep = RepId::Parse(TextOf(assigned, "rep"));
  const absl::StatusOr<RepId> owner = RepId::Parse(TextOf(assigned, "instead_of"));
  std::map<std::string, SentenceArgument> arguments;
  if (rep.ok()) arguments.emplace("rep", RepName{*rep});
  if (owner.ok()) arguments.emplace("owner", RepName{*owner});
  return out.Add("explain.assigned." + because + "." + whose, std::move(arguments));
}

absl::Status ExplainLeftOut(const Json& left_out, Explanation& out) {
  std::string steps;
  for (const Json& step : ListOf(left_out, "steps")) {
    if (step.if_string() == nullptr) return Unreadable("left_out.steps");
    steps += (steps.empty() ? "" : ", ") + *step.if_string();
  }
  std::map<std::string, SentenceArgument> arguments{{"step", TextOf(left_out, "begins_at")}, {"steps", std::move(steps)}};
  const absl::StatusOr<CustomerId> by = CustomerId::Parse(TextOf(left_out, "brought_by"));
  if (!by.ok()) return out.Add("explain.left_out", std::move(arguments));
  arguments.emplace("by", CustomerName{*by});
  return out.Add("explain.left_out.by", std::move(arguments));
}

absl::Status ExplainPermission(const Json& permission, Explanation& out) {
  for (const Json& hold : ListOf(permission, "holds")) {
    const Json* stored = hold.Find("sentence");
    if (stored == nullptr) return Unreadable("permission.holds.sentence");
    RAPPORT_ASSIGN_OR_RETURN(const Sentence sentence, Sentence::FromJson(*stored));
    RAPPORT_RETURN_IF_ERROR(out.Add(sentence));
  }
  const std::string first = TextOf(permission, "first_allowed_local");
  const std::string profile = TextOf(permission, "profile");
  if (first.empty()) return out.Add("explain.never_allowed", {{"profile", profile}});
  RAPPORT_ASSIGN_OR_RETURN(const LocalTime from, LocalTimeOf(first));
  return out.Add("explain.allowed", {{"from", from}, {"profile", profile}});
}

absl::Status ExplainValue(const Json& value, Explanation& out) {
  const absl::StatusOr<Currency> currency = Currency::Parse(TextOf(value, "currency"));
  if (!currency.ok()) return absl::OkStatus();   // a book without a reporting currency has no values
  RAPPORT_ASSIGN_OR_RETURN(const Money amount, Money::Parse(TextOf(value, "amount"), *currency));
  return out.Add("explain.value", {{"value", amount}});
}

struct Told {
  std::string followup;
  std::string customer;
  std::string rule;
  std::string step;
  std::string policy;
  std::string state;
  const Sentence& headline;
  const Sentence& objective;
  const Json& derivation;
};

absl::Status ExplainDerivation(const Json& derivation, std::string_view step, Explanation& out) {
  const Json* conditions = derivation.Find("conditions");
  const Json* trigger = derivation.Find("trigger");
  const Json* permission = derivation.Find("permission");
  const Json* value = derivation.Find("value");
  const Json* events = derivation.Find("events");
  if (conditions == nullptr) return Unreadable("conditions");
  if (trigger == nullptr) return Unreadable("trigger");
  if (permission == nullptr) return Unreadable("permission");
  if (value == nullptr) return Unreadable("value");
  if (events == nullptr || !events->if_integer().has_value()) return Unreadable("events");
  RAPPORT_RETURN_IF_ERROR(ExplainConditions(*conditions, true, out));
  RAPPORT_RETURN_IF_ERROR(ExplainTrigger(*trigger, step, out));
  if (const Json* left_out = derivation.Find("left_out")) RAPPORT_RETURN_IF_ERROR(ExplainLeftOut(*left_out, out));
  if (const Json* assigned = derivation.Find("assigned")) RAPPORT_RETURN_IF_ERROR(ExplainAssigned(*assigned, out));
  RAPPORT_RETURN_IF_ERROR(ExplainPermission(*permission, out));
  RAPPORT_RETURN_IF_ERROR(ExplainValue(*value, out));
  return out.Add("explain.events", {{"n", *events->if_integer()}, {"policy", TextOf(derivation, "policy_name")}});
}

// The conditions of a derivation; the number that a rule by signal waits for is one of them.
Json ConditionsOf(const Json& derivation) {
  const Json& conditions = *derivation.Find("conditions");
  const Json& trigger = *derivation.Find("trigger");
  const Json* signal = trigger.Find("signal");
  if (signal == nullptr) return conditions;
  const Json* below = trigger.Find("crosses_below");
  const Json& threshold = below != nullptr ? *below : *trigger.Find("crosses_above");
  const Json* actual = trigger.Find("actual");
  Json crossing = Json::Object{{"signal", *signal}, {"is", below != nullptr ? "<=" : ">="}, {"expected", Json::Array{threshold}},
                               {"actual", actual != nullptr ? *actual : threshold}, {"holds", true}};
  return Json::Object{{"all", Json::Array{conditions, std::move(crossing)}}};
}

absl::StatusOr<Json> Explain(const Told& told, Language language, const Texts& texts) {
  Explanation out(language, texts);
  RAPPORT_RETURN_IF_ERROR(out.Add(told.headline));
  RAPPORT_RETURN_IF_ERROR(ExplainDerivation(told.derivation, told.step, out));
  RAPPORT_ASSIGN_OR_RETURN(std::string headline, out.speaker().Say(told.headline));
  RAPPORT_ASSIGN_OR_RETURN(std::string objective, out.speaker().Say(told.objective));
  RAPPORT_ASSIGN_OR_RETURN(const Flips flips, FewestFlips(ConditionsOf(told.derivation), false));
  RAPPORT_ASSIGN_OR_RETURN(Json flip, FlipsToJson(flips, false, language));
  return Json(Json::Object{{"followup_id", told.followup},
                           {"customer", told.customer},
                           {"rule", told.rule},
                           {"step", told.step},
                           {"policy", told.policy},
                           {"state", told.state},
                           {"headline", std::move(headline)},
                           {"objective", std::move(objective)},
                           {"sentences", out.Take()},
                           {"flip", std::move(flip)},
                           {"derivation", told.derivation}});
}

}  // namespace

absl::StatusOr<Json> ExplainIssued(const Account& account, const FollowUpRecord& record, const Json& derivation, Language language, const Texts& texts) {
  RAPPORT_ASSIGN_OR_RETURN(const Sentence headline, Sentence::FromJson(record.issued.headline));
  RAPPORT_ASSIGN_OR_RETURN(const Sentence objective, Sentence::FromJson(record.issued.objective));
  return Explain({record.issued.followup.text(), account.id.text(), record.issued.rule, record.issued.step, record.issued.policy,
                  std::string(NameOf(record.state)), headline, objective, derivation},
                 language, texts);
}

absl::StatusOr<Json> ExplainDecision(const Account& account, const Decision& decision, Language language, const Texts& texts) {
  const std::string state = decision.status == DecisionStatus::kDue ? "due" : "held";
  return Explain({decision.followup.text(), account.id.text(), decision.rule, decision.step, decision.policy, state,
                  decision.headline, decision.objective, decision.derivation},
                 language, texts);
}

absl::StatusOr<std::string> HoldSentence(const Decision& decision, const Zone& zone, Language language, const Texts& texts) {
  const Speaker speaker(language, texts);
  std::optional<LocalTime> until;
  if (decision.held_until.has_value()) until = LocalTime{LocalMinute(zone.Local(*decision.held_until))};
  if (decision.rule_hold.has_value()) {
    RAPPORT_ASSIGN_OR_RETURN(std::string text, speaker.Say(decision.rule_hold->sentence));
    if (!decision.rule_hold->until.has_value() || !until.has_value()) return speaker.Say("held.open", {{"hold", std::move(text)}});
    return speaker.Say("held.until", {{"hold", std::move(text)}, {"until", *until}});
  }
  if (decision.holds.empty()) {
    if (!until.has_value()) return speaker.Say("held.no_date");
    return speaker.Say("held.not_due", {{"until", *until}});
  }
  const Hold& hold = decision.holds.front();
  RAPPORT_ASSIGN_OR_RETURN(std::string text, speaker.Say(hold.sentence));
  if (decision.hold_chain.size() > 1 && hold.until.has_value()) {
    const Day from = zone.LocalDay(*hold.until);
    const Day to = decision.held_until.has_value() ? zone.LocalDay(*decision.held_until) : from;
    RAPPORT_ASSIGN_OR_RETURN(std::string next, speaker.Say(ThenSentence(decision.hold_chain[1], from, to)));
    RAPPORT_ASSIGN_OR_RETURN(text, speaker.Say("held.then", {{"hold", std::move(text)}, {"next", std::move(next)}}));
  }
  if (!until.has_value()) return speaker.Say("held.open", {{"hold", std::move(text)}});
  return speaker.Say("held.until", {{"hold", std::move(text)}, {"until", *until}});
}

absl::StatusOr<Json> WhyNotToJson(const Account& account, const WhyNot& why, const DecideInput& input, std::string_view rule, Language language,
                                  const Texts& texts) {
  const AccountView view(account, input);
  Explanation out(language, texts);
  if (why.reason == WhyNotReason::kHeld) {
    RAPPORT_ASSIGN_OR_RETURN(std::string held, HoldSentence(*why.decision, view.zone(), language, texts));
    RAPPORT_RETURN_IF_ERROR(out.Add("why_not.held", {{"hold", std::move(held)}}));
  } else {
    RAPPORT_RETURN_IF_ERROR(out.Add(why.because));
  }
  Json flip = Json::Array();
  if (why.conditions.if_object() != nullptr) {
    RAPPORT_RETURN_IF_ERROR(ExplainConditions(why.conditions, true, out));
    RAPPORT_ASSIGN_OR_RETURN(const Flips flips, FewestFlips(why.conditions, true));
    RAPPORT_ASSIGN_OR_RETURN(flip, FlipsToJson(flips, true, language));
  }
  const std::string& id = why.followup.text();
  return Json(Json::Object{{"customer", account.id.text()},
                           {"rule", rule},
                           {"as_of", FormatInstant(input.as_of)},
                           {"why", NameOf(why.reason)},
                           {"followup_id", id.empty() ? Json() : Json(id)},
                           {"when", why.when.has_value() ? Json(FormatInstant(*why.when)) : Json()},
                           {"conditions", why.conditions},
                           {"flip", std::move(flip)},
                           {"sentences", out.Take()}});
}

}  // namespace rapport

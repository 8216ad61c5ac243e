#include "rapport/plan/card.hpp"

#include <algorithm>
#include <set>

#include "plan/card_parts.hpp"
#include "policy/wording.hpp"
#include "rapport/book/zone_of.hpp"
#include "rapport/core/status.hpp"

namespace rapport {
namespace {

constexpr std::string_view kObjective = "objective.";

// `family` + the objective's name, cut from its end piece by piece until the catalogue has it.
Sentence Nearest(const std::string& family, const Sentence& objective) {
  std::string name = objective.key.starts_with(kObjective) ? objective.key.substr(kObjective.size()) : objective.key;
  while (!name.empty()) {
    if (std::optional<Sentence> found = Sayable(family + name, objective.arguments)) return *found;
    const std::size_t dot = name.rfind('.');
    name.resize(dot == std::string::npos ? 0 : dot);
  }
  return {family + "general", {}};
}

// Every event that a part of a derivation names.
void CollectKeys(const Json& part, std::set<EventKey>& keys) {
  if (const Json::Array* list = part.if_array()) {
    for (const Json& one : *list) CollectKeys(one, keys);
    return;
  }
  const Json::Object* members = part.if_object();
  if (members == nullptr) return;
  const Json* source = part.Find("source");
  const Json* id = part.Find("id");
  if (source != nullptr && id != nullptr && source->if_string() != nullptr && id->if_string() != nullptr) {
    keys.insert({*source->if_string(), *id->if_string()});
    return;
  }
  for (const auto& [name, member] : *members) CollectKeys(member, keys);
}

// What the decision rests on; of its circumstances (`rests_on`) nothing: they are not why.
std::vector<EventKey> EventsBehind(const Json& derivation) {
  std::set<EventKey> keys;
  for (const char* part : {"trigger", "conditions", "permission", "value"}) {
    if (const Json* member = derivation.Find(part)) CollectKeys(*member, keys);
  }
  return {keys.begin(), keys.end()};
}

std::vector<EventKey> RootOf(const Json& derivation) {
  const Json* trigger = derivation.Find("trigger");
  const Json* root = trigger == nullptr ? nullptr : trigger->Find("root");
  std::set<EventKey> keys;
  if (root != nullptr) CollectKeys(*root, keys);
  return {keys.begin(), keys.end()};
}

Sentence TitleOf(const CardPage& page, std::optional<Instant> start) {
  const CardSubject& subject = page.subject;
  Sentence title{"card.title",
                 {{"customer", CustomerName{page.account().id}},
                  {"minutes", subject.minutes},
                  {"purpose", MessageRef{"card.purpose." + std::string(NameOf(subject.purpose))}}}};
  if (subject.contact.has_value()) {
    const ContactRecord* contact = page.Contact();
    title.arguments["contact"] = page.NameOfContact(*subject.contact);
    title.key += contact != nullptr && contact->role.has_value() ? ".role" : ".contact";
    if (contact != nullptr && contact->role.has_value()) title.arguments["role"] = *contact->role;
  }
  if (start.has_value()) {
    title.key += ".at";
    title.arguments["start"] = LocalTime{LocalMinute(ZoneOfRep(page.book(), subject.rep).Local(*start))};   // as in the plan
  }
  return title;
}

std::string AfterKey(const CardSubject& subject) {
  if (subject.purpose == Purpose::kSell) return "card.after.sell";
  return subject.objective.key.starts_with("objective.worry.") ? "card.after.worry" : "card.after.care";
}

SheetLine WhyLine(const CardSubject& subject, const std::vector<EventKey>& events) {
  const Json* counted = subject.derivation.Find("events");
  const auto found = static_cast<std::int64_t>(events.size());
  const std::int64_t n = counted == nullptr ? found : counted->if_integer().value_or(found);
  return Line({"card.why", {{"rule", subject.rule}, {"n", n}}}, events);
}

Json TextOrNull(const std::string& text) { return text.empty() ? Json() : Json(text); }

Json::Object FactsOf(const CardPage& page, std::optional<Instant> start, std::size_t events) {
  const CardSubject& subject = page.subject;
  return {{"followup_id", subject.followup.text()},
          {"customer", page.account().id.text()},
          {"contact", TextOrNull(subject.contact.value_or(ContactId()).text())},
          {"rep", TextOrNull(subject.rep.value_or(RepId()).text())},
          {"rule", subject.rule},
          {"step", subject.step},
          {"policy", subject.policy},
          {"state", subject.state},
          {"purpose", NameOf(subject.purpose)},
          {"channel", NameOf(subject.channel)},
          {"minutes", Json::Integer(subject.minutes)},
          {"start", start ? Json(FormatInstant(*start)) : Json()},
          {"goal", GoalOf(subject.objective).key},
          {"opening", OpeningLine(page).sentence.key},
          {"ask", TextOrNull(std::string(WorthAsking(page.account(), subject.contact, subject.purpose)))},
          {"events", Json::Integer(static_cast<std::int64_t>(events))}};
}

}  // namespace

CardSubject SubjectOf(const Decision& decision) {
  return {decision.followup, decision.contact, decision.rep, decision.rule, decision.step, decision.policy,
          decision.status == DecisionStatus::kDue ? "due" : "held", decision.channel, decision.purpose, decision.minutes, decision.objective,
          decision.derivation};
}

absl::StatusOr<CardSubject> SubjectOf(const FollowUpRecord& record, Json derivation) {
  const FollowUpIssued& issued = record.issued;
  RAPPORT_ASSIGN_OR_RETURN(Sentence objective, Sentence::FromJson(issued.objective));
  return CardSubject{issued.followup, issued.contact, issued.rep, issued.rule, issued.step, issued.policy, std::string(NameOf(record.state)),
                     issued.channel, issued.purpose, issued.minutes, std::move(objective), std::move(derivation)};
}

Sentence GoalOf(const Sentence& objective) { return Nearest("goal.", objective); }
Sentence OpeningOf(const Sentence& objective) { return Nearest("opening.", objective); }

Sheet MakeCard(const CardSubject& subject, const SignalInput& input, std::optional<Instant> start) {
  const CardPage page{subject, input};
  const std::vector<EventKey> behind = EventsBehind(subject.derivation);
  Sheet card{"card", TitleOf(page, start), {}, FactsOf(page, start, behind.size())};
  const auto add = [&](const char* key, SheetLines lines) {
    if (!lines.empty()) card.sections.push_back({key, std::move(lines)});
  };
  SheetLines open{OpeningLine(page)};
  if (open.front().events.empty()) open.front().events = RootOf(subject.derivation);
  if (subject.purpose != Purpose::kSell) open.push_back(Line({"card.listen", {}}, open.front().events));
  add("goal", {Line(GoalOf(subject.objective), RootOf(subject.derivation))});
  add("open", std::move(open));
  add("know", KnownOf(page));
  add("owe", OwedBy(page, PromiseBy::kOurs));
  add("they_owe", OwedBy(page, PromiseBy::kCustomer));
  add("worries", OpenWorriesOf(page));
  add("last", LastOf(page));
  add("worried", WorriesOfOthers(page));
  if (subject.purpose == Purpose::kSell) {
    add("said_no", SaidNo(page));
    add("market", MarketOf(page));
  }
  add("standing", StandingLines(page));
  add("after", {Line({AfterKey(subject), {}})});
  add("why", {WhyLine(subject, behind)});
  for (SheetSection& section : card.sections) {
    for (SheetLine& line : section.lines) line.followup = subject.followup;
  }
  return card;
}

}  // namespace rapport

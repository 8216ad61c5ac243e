// Who they are, what is known of them, what they need, and one thing that is not known.
#include <algorithm>

#include "absl/strings/str_replace.h"
#include "plan/card_parts.hpp"
#include "plan/facets.hpp"
#include "rapport/core/status.hpp"

namespace rapport {
namespace {

// So many of each: a card is read on the stairs.
constexpr std::size_t kMostFacts = 4;
constexpr std::size_t kMostNeeds = 2;

void AddWho(const CardPage& page, SheetLines& lines) {
  const Account& account = page.account();
  if (!account.first_event_at.has_value()) return;
  Sentence who{"card.who", {{"year", static_cast<std::int64_t>(page.LocalDay(*account.first_event_at).year())}}};
  std::vector<EventKey> events{account.first_event};
  const SignalColumn& large = SignalNamed("account.large");
  const SignalValue is_large = large.Of(page.input);
  if (account.profile.segment.has_value()) {
    who.key += ".segment";
    who.arguments["segment"] = *account.profile.segment;
    events.push_back(account.profile_event);
  }
  if (is_large.value == Cell(true)) {
    who.key += ".large";
    events.insert(events.end(), is_large.evidence.begin(), is_large.evidence.end());
  }
  std::sort(events.begin(), events.end());
  events.erase(std::unique(events.begin(), events.end()), events.end());
  lines.push_back(Line(std::move(who), std::move(events)));
}

void AddDecides(const CardPage& page, SheetLines& lines) {
  const ContactRecord* contact = page.Contact();
  if (contact == nullptr || !contact->decides.has_value()) return;
  lines.push_back(Line({"card.decides." + std::string(NameOf(*contact->decides)), {{"contact", page.NameOfContact(contact->id)}}}, contact->events));
}

// Of whom we meet first, then of the firm, then of the others there.
int Nearness(const CardPage& page, const FactRecord& fact) {
  if (!fact.contact.has_value()) return 1;
  return fact.contact == page.subject.contact ? 0 : 2;
}

SheetLine TellFact(const CardPage& page, const FactRecord& fact) {
  Sentence said{SpeaksForItself(PlainFacet(fact.facet)) ? "card.fact" : "card.facet",
                {{"value", EventText{fact.key, "value"}}, {"on", page.LocalDay(fact.at)}}};
  if (said.key == "card.facet") said.arguments["facet"] = absl::StrReplaceAll(fact.facet, {{"_", " "}});
  if (Nearness(page, fact) == 2) {
    said.key += ".of";
    said.arguments["contact"] = page.NameOfContact(*fact.contact);
  } else if (fact.learned_from == "customer") {
    said.key += ".told";
  } else if (fact.learned_from.has_value()) {
    said.key += ".from";
    said.arguments["source"] = *fact.learned_from;
  } else {
    said.key += ".noted";
  }
  return Line(std::move(said), {fact.key});
}

// Some are on no card, whoever recorded them; some only where we sell.
bool MayBeTold(const CardPage& page, const FactRecord& fact) {
  const std::string facet = PlainFacet(fact.facet);
  return fact.current && !IsNeverUsed(facet) && (page.subject.purpose == Purpose::kSell || !IsOfSelling(facet));
}

void AddFacts(const CardPage& page, SheetLines& lines) {
  std::vector<const FactRecord*> facts;
  for (const FactRecord& fact : page.account().relations.facts) {
    if (MayBeTold(page, fact)) facts.push_back(&fact);
  }
  // The newest of each first; of one moment in order of their events.
  std::reverse(facts.begin(), facts.end());
  std::stable_sort(facts.begin(), facts.end(), [&](const FactRecord* a, const FactRecord* b) { return Nearness(page, *a) < Nearness(page, *b); });
  if (facts.size() > kMostFacts) facts.resize(kMostFacts);
  for (const FactRecord* fact : facts) lines.push_back(TellFact(page, *fact));
}

void AddNeeds(const CardPage& page, SheetLines& lines) {
  std::size_t told = 0;
  const auto& needs = page.account().relations.needs;
  for (auto need = needs.rbegin(); need != needs.rend() && told < kMostNeeds; ++need) {
    if (need->met.has_value()) continue;
    ++told;
    // The words are those said last.
    const EventKey& said_by = need->said_again.empty() ? need->key : need->said_again.back();
    Sentence said{"card.need", {{"text", EventText{said_by, "text"}}}};
    if (need->by.has_value()) said.key += ".by", said.arguments["by"] = *need->by;
    else said.arguments["on"] = page.LocalDay(need->stated);
    std::vector<EventKey> events{need->key};
    events.insert(events.end(), need->said_again.begin(), need->said_again.end());
    lines.push_back(Line(std::move(said), std::move(events)));
  }
}

void AddUnknown(const CardPage& page, SheetLines& lines) {
  const std::string ask(WorthAsking(page.account(), page.subject.contact, page.subject.purpose));
  if (ask.empty()) return;
  Sentence said{"card.unknown." + ask, {}};
  const ContactRecord* contact = page.Contact();
  const bool not_he = contact != nullptr && contact->decides.has_value();
  if (ask == "decides" && not_he) said.key += ".beside";
  if (ask == "role" || (ask == "decides" && not_he)) said.arguments["contact"] = page.NameOfContact(contact->id);
  lines.push_back(Line(std::move(said)));
}

bool KnowsWhenNext(const Account& account) {
  const Relations& relations = account.relations;
  return std::any_of(relations.facts.begin(), relations.facts.end(), [](const FactRecord& fact) { return fact.current && PlainFacet(fact.facet) == "next_purchase"; }) ||
         std::any_of(relations.needs.begin(), relations.needs.end(), [](const NeedRecord& need) { return !need.met && need.by; }) ||
         std::any_of(relations.opportunities.begin(), relations.opportunities.end(),
                     [](const OpportunityRecord& deal) { return deal.state == OpportunityState::kOpen && deal.expected_close; });
}

}  // namespace

std::string_view WorthAsking(const Account& account, const std::optional<ContactId>& contact, Purpose purpose) {
  const bool is_person = account.profile.kind == CustomerKind::kPerson;
  const ContactRecord* whom = contact ? account.FindContact(*contact) : nullptr;
  if (!is_person && account.contacts.empty()) return "contact";
  const bool decider_known = std::any_of(account.contacts.begin(), account.contacts.end(),
                                         [](const ContactRecord& person) { return person.decides == DecisionRight::kYes; });
  if (!is_person && !decider_known) return "decides";
  if (purpose == Purpose::kSell && !KnowsWhenNext(account)) return "next_purchase";
  if (!is_person && whom != nullptr && !whom->role.has_value()) return "role";
  if (account.relations.expectations.empty()) return "expectation";
  const bool language_known = account.profile.language.has_value() || (whom != nullptr && whom->language.has_value());
  return language_known ? "" : "language";
}

SheetLines KnownOf(const CardPage& page) {
  SheetLines lines;
  AddFacts(page, lines);
  AddDecides(page, lines);
  AddNeeds(page, lines);
  AddUnknown(page, lines);
  AddWho(page, lines);
  return lines;
}

}  // namespace rapport

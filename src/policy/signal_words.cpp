#include "policy/signal_words.hpp"

#include <algorithm>
#include <set>

#include "policy/evidence.hpp"
#include "rapport/relationship/ties.hpp"
#include "rapport/relationship/touches.hpp"

namespace rapport {
namespace {

constexpr std::string_view kCare = "touch.days_since_care";
constexpr std::string_view kOwnerAway = "owner.days_away";
constexpr std::string_view kFall = "relationship.days_to_fall";
constexpr std::string_view kAlive = "value.probability_alive";
// From so many on, asking for orders is what we are heard to do.
constexpr std::int64_t kSellingRow = 2;

// Whether any step of the rule has words for it: what is not said is not looked for, and rests on nothing.
bool Says(const Rule& rule, std::string_view list, std::string Action::*name, std::string_view variant) {
  return std::any_of(rule.steps.begin(), rule.steps.end(), [&](const Step& step) {
    return Catalogue::Bundled().Has(std::string(list) + step.action.*name + std::string(variant), Language::kEnglish);
  });
}

// --- nobody cared ----------------------------------------------------------------------------------------------
// The last of ours since somebody cared that asked for orders, in a row, whether each was a call; and whether somebody was there meanwhile, for whatever.
void TellSelling(const SignalInput& now, Occasion& out) {
  std::int64_t sold = 0;
  bool only_calls = true;
  bool in_a_row = true;
  const EventKey* visit = nullptr;
  std::vector<EventKey> keys;
  const auto& touches = now.account->touches;
  for (auto record = touches.rbegin(); record != touches.rend(); ++record) {
    if (record->at > now.as_of || !IsContact(record->touch)) continue;
    if (IsCareContact(record->touch)) break;
    if (visit == nullptr && IsMeeting(record->touch)) visit = &record->key;
    if (!in_a_row || record->touch.direction != Direction::kOutbound) continue;
    keys.push_back(record->key);
    in_a_row = IsSale(record->touch);
    if (!in_a_row) continue;
    ++sold;
    only_calls = only_calls && record->touch.channel == Channel::kCall;
  }
  const bool told = sold >= kSellingRow;
  if (!told && in_a_row) keys.clear();   // nothing of it is told, and nothing keeps it from being told
  if (visit != nullptr) keys.insert(keys.begin(), *visit);
  if (told) out.arguments["sold"] = sold;
  if (told && visit == nullptr) out.variants.push_back(only_calls ? "sold_calls" : "sold");
  if (visit != nullptr) out.variants.push_back(told ? "sold_visited" : "visited");
  for (auto key = keys.rbegin(); key != keys.rend(); ++key) AddOnce(*key, out.evidence);
}

// What is to be decided: the newest open deal, else the newest need that is not met.
std::optional<EventText> Matter(const SignalInput& now, std::vector<EventKey>& evidence) {
  const Relations& relations = now.account->relations;
  std::optional<EventText> matter;
  for (const NeedRecord& need : relations.needs) {
    AddOnce(need.key, evidence);
    for (const EventKey& again : need.said_again) AddOnce(again, evidence);
    if (need.stated <= now.as_of && !need.met.has_value()) matter = EventText{need.key, "text"};
  }
  std::optional<EventText> deal;
  for (const OpportunityRecord& record : relations.opportunities) {
    AddOnce(record.key, evidence);
    if (!record.closed_by.empty()) AddOnce(record.closed_by, evidence);
    if (record.opened <= now.as_of && record.state == OpportunityState::kOpen) deal = EventText{record.key, "title"};
  }
  return deal.has_value() ? deal : matter;
}

// Where something is to be decided, and nobody we know decides.
void TellWhoDecides(const SignalInput& now, Occasion& out) {
  std::vector<EventKey> evidence;
  const std::optional<EventText> matter = Matter(now, evidence);
  const auto& contacts = now.account->contacts;
  for (const ContactRecord& contact : contacts) {
    for (std::size_t i = 0; matter.has_value() && i < contact.events.size(); ++i) AddOnce(contact.events[i], evidence);
  }
  for (const EventKey& key : evidence) AddOnce(key, out.evidence);
  const bool known = std::any_of(contacts.begin(), contacts.end(), [](const ContactRecord& contact) { return contact.decides == DecisionRight::kYes; });
  if (known || !matter.has_value()) return;
  out.arguments["matter"] = *matter;
  out.variants.push_back("who_decides");
}

// --- slipping ----------------------------------------------------------------------------------------------------
void TellFall(const SignalInput& now, Occasion& out) {
  const Cell falls_on = SignalNamed("relationship.falls_on").Of(now).value;
  const Cell rung = SignalNamed("relationship.rung").Of(now).value;
  if (const auto* day = std::get_if<Day>(&falls_on)) out.arguments["falls_on"] = *day;
  if (const auto* name = std::get_if<std::string>(&rung)) out.variants.push_back(*name);
}

// --- slipping away -------------------------------------------------------------------------------------------------
// On how many days they ordered, and last.
void TellOrders(const SignalInput& now, Occasion& out) {
  std::set<Day> days;
  for (const PurchaseRecord& purchase : now.account->purchases) {
    if (purchase.placed <= now.as_of) days.insert(now.zone->LocalDay(purchase.placed));
  }
  if (days.empty()) return;
  out.arguments["orders"] = static_cast<std::int64_t>(days.size());
  out.arguments["last"] = *days.rbegin();
}

// --- the owner is not there --------------------------------------------------------------------------------------
// Since he was found away, days have passed.
void TellOwner(const SignalColumn& away, const SignalInput& now, Occasion& out) {
  const std::optional<RepId>& owner = now.account->owner;
  if (!owner.has_value()) return;
  const Cell days = away.Of(now).value;
  if (const auto* count = std::get_if<std::int64_t>(&days)) out.arguments["days"] = *count;
  out.arguments["owner"] = RepName{*owner};
  if (!WorksHere(*now.context->book, *owner, now.today)) out.variants.push_back("left");
}

}  // namespace

void TellSignal(const Rule& rule, const SignalInput& now, Occasion& out) {
  const auto* trigger = std::get_if<SignalTrigger>(&rule.trigger);
  if (trigger == nullptr) return;
  if (trigger->signal->name == kOwnerAway) TellOwner(*trigger->signal, now, out);
  if (trigger->signal->name == kFall) TellFall(now, out);
  if (trigger->signal->name == kAlive) TellOrders(now, out);
  if (trigger->signal->name != kCare) return;
  if (Says(rule, "headline.", &Action::headline, ".sold")) TellSelling(now, out);
  if (Says(rule, "objective.", &Action::objective, ".who_decides")) TellWhoDecides(now, out);
}

std::vector<std::string> SignalArguments(std::string_view signal) {
  if (signal == kCare) return {"matter", "sold"};
  if (signal == kOwnerAway) return {"owner"};
  if (signal == kFall) return {"falls_on"};
  if (signal == kAlive) return {"last", "orders"};
  return {};
}

}  // namespace rapport

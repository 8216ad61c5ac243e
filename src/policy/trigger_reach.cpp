#include "policy/trigger_reach.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

#include "policy/names.hpp"
#include "policy/purchase_dates.hpp"
#include "rapport/relationship/touches.hpp"

namespace rapport {
namespace {

// What one event says in a field that `where` may choose by; none where it is silent, or has no such field.
struct Words {
  using Word = std::optional<std::string_view>;
  Word channel = std::nullopt, direction = std::nullopt, purpose = std::nullopt, disposition = std::nullopt;
  Word reason = std::nullopt, by = std::nullopt, kind = std::nullopt;

  const Word& Of(std::string_view field) const {
    if (field == "channel") return channel;
    if (field == "direction") return direction;
    if (field == "purpose") return purpose;
    if (field == "disposition") return disposition;
    if (field == "reason") return reason;
    return field == "by" ? by : kind;
  }
};

template <class E>
std::optional<std::string_view> WordOf(const std::optional<E>& value) {
  return value.has_value() ? std::optional(NameOf(*value)) : std::nullopt;
}

// Looks at each event of the trigger's type and keeps the best.
class Looker {
 public:
  Looker(const EventTrigger& trigger, const TriggerNeeds& needs, const SignalInput& input) : trigger_(trigger), needs_(needs), input_(input) {}

  TriggerReach Look();

 private:
  void LookAtPurchases();
  void LookAtContacts();
  void LookAtOpportunities();
  void LookAtTheRest();

  // `anchored`: the event has what the anchor reads.
  void See(const Words& words = {}, bool anchored = true) {
    if (best_.reach == Reach::kThere) return;
    TriggerReach seen{Reach::kThere, 0};
    for (std::size_t i = 0; i < trigger_.where.size(); ++i) {
      const EventFilter& filter = trigger_.where[i];
      const Words::Word& word = words.Of(filter.field);
      if (!word.has_value()) seen.lacks |= 1u << i;
      else if (std::find(filter.words.begin(), filter.words.end(), *word) == filter.words.end()) seen.reach = Reach::kElsewhere;
    }
    for (std::size_t i = needs_.words.size(); i < needs_.fields.size() && !anchored; ++i) seen.lacks |= 1u << i;
    if (seen.reach == Reach::kElsewhere) seen.lacks = 0;
    else if (seen.lacks != 0) seen.reach = Reach::kLacking;
    if (seen.reach > best_.reach) best_ = seen;
  }
  template <class Field>
  void SeeWithDay(const Field& day, const Words& words = {}) {
    See(words, trigger_.anchor == Anchor::kOccurred || day.has_value());
  }

  const EventTrigger& trigger_;
  const TriggerNeeds& needs_;
  const SignalInput& input_;
  TriggerReach best_;
};

// Whether the day of the anchor can be told, but for a delivery that may come.
bool HasAnchor(const PurchaseRecord& purchase, const EventTrigger& trigger, const SignalInput& input) {
  const BookContext& book = *input.context->book;
  if (trigger.anchor == Anchor::kReturnWindowEnds) return MostDays(purchase, book, &ProductRecord::return_days).has_value();
  if (trigger.anchor == Anchor::kOccurred || purchase.delivered.has_value()) return true;
  return ExpectedDelivery(purchase, book, *input.zone, trigger.assume_lead_days).has_value();
}

void Looker::LookAtPurchases() {
  const std::string& event = trigger_.event;
  for (const PurchaseRecord& purchase : input_.account->purchases) {
    if (event == kOnReturned ? !purchase.returned.has_value() : event == kOnDelivered && !purchase.delivered.has_value()) continue;
    See({}, HasAnchor(purchase, trigger_, input_));
    if (best_.reach == Reach::kThere) return;
  }
}

void Looker::LookAtContacts() {
  if (trigger_.event == kOnRefusal) {
    for (const RefusalRecord& record : input_.account->refusals) SeeWithDay(record.refusal.come_back, {.reason = WordOf(record.refusal.reason)});
    return;
  }
  for (const TouchRecord& record : input_.account->touches) {
    const Touch& touch = record.touch;
    if (IsOnlyRecord(touch)) continue;
    See({.channel = NameOf(touch.channel), .direction = NameOf(touch.direction), .purpose = WordOf(touch.purpose), .disposition = WordOf(touch.disposition)});
    if (best_.reach == Reach::kThere) return;
  }
}

void Looker::LookAtOpportunities() {
  for (const OpportunityRecord& record : input_.account->relations.opportunities) {
    if (trigger_.event == kOnOpportunity) SeeWithDay(record.expected_close);
    else if (trigger_.event == kOnWon && record.state == OpportunityState::kWon) See();
    else if (trigger_.event == kOnLost && record.state == OpportunityState::kLost) See({.reason = WordOf(record.reason)});
  }
}

void Looker::LookAtTheRest() {
  const Account& account = *input_.account;
  const Relations& relations = account.relations;
  const std::string& event = trigger_.event;
  if (event == kOnWorry) {
    if (!account.worries.empty()) See();
  } else if (event == kOnPromise) {
    for (const PromiseRecord& promise : account.promises) {
      // The customer's homework is another matter, unless it is asked for.
      if (trigger_.where.empty() && promise.by != PromiseBy::kOurs) continue;
      if (trigger_.anchor == Anchor::kReady) See({.by = NameOf(promise.by)}, promise.ready.has_value());
      else SeeWithDay(promise.due, {.by = NameOf(promise.by)});
    }
  } else if (event == kOnCase) {
    for (const CaseRecord& record : relations.cases) See({.kind = NameOf(record.kind)});
  } else if (event == kOnContract) {
    for (const ContractRecord& record : relations.contracts) SeeWithDay(record.ends);
  } else if (event == kOnNeed) {
    for (const NeedRecord& record : relations.needs) SeeWithDay(record.by);
  } else if (event == kOnFeedback) {
    if (!relations.feedback.empty()) See();
  } else if (event == kOnReferral && !relations.referrals.empty()) {
    See();
  }
}

TriggerReach Looker::Look() {
  const std::string& event = trigger_.event;
  if (event == kOnPlaced || event == kOnDelivered || event == kOnReturned) LookAtPurchases();
  else if (event == kOnTouch || event == kOnRefusal) LookAtContacts();
  else if (event == kOnOpportunity || event == kOnWon || event == kOnLost) LookAtOpportunities();
  else LookAtTheRest();
  return best_;
}

std::vector<std::string> FieldsOfAnchor(const EventTrigger& trigger) {
  if (trigger.anchor == Anchor::kOccurred) return {};
  if (trigger.anchor == Anchor::kReturnWindowEnds) return {"product.upserted return_days"};
  if (trigger.anchor == Anchor::kReady) return {"promise.progressed ready"};
  if (trigger.anchor != Anchor::kDelivery) return {trigger.event + " " + std::string(NameOf(trigger.anchor))};
  if (trigger.event == kOnDelivered || trigger.assume_lead_days.has_value()) return {};
  return {"product.upserted lead_days", "purchase.delivered", "purchase.placed expected_delivery"};
}

}  // namespace

TriggerNeeds NeedsOf(const Trigger& trigger) {
  TriggerNeeds needs;
  if (const auto* recurrence = std::get_if<RecurrenceTrigger>(&trigger)) {
    needs.event = recurrence->from == kFromCustomer ? "customer.upserted" : recurrence->from;
  } else if (const auto* event = std::get_if<EventTrigger>(&trigger)) {
    needs.event = event->event;
    for (const EventFilter& filter : event->where) needs.words.push_back(event->event + " " + filter.field);
    needs.fields = needs.words;
    for (std::string& field : FieldsOfAnchor(*event)) needs.fields.push_back(std::move(field));
    needs.delivery_of_any = event->event == kOnPlaced && event->anchor == Anchor::kReturnWindowEnds;
  }
  return needs;
}

TriggerReach ReachOf(const Trigger& trigger, const TriggerNeeds& needs, const SignalInput& input) {
  if (const auto* event = std::get_if<EventTrigger>(&trigger)) return Looker(*event, needs, input).Look();
  const auto* recurrence = std::get_if<RecurrenceTrigger>(&trigger);
  const bool there = recurrence != nullptr && (recurrence->from == kFromCustomer ? input.account->first_event_at.has_value() : !input.account->purchases.empty());
  return {there ? Reach::kThere : Reach::kNothing, 0};
}

}  // namespace rapport

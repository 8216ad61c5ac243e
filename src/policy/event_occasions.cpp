#include "policy/event_occasions.hpp"

#include <algorithm>
#include <cmath>

#include "policy/names.hpp"
#include "policy/purchase_dates.hpp"

namespace rapport {
namespace {

std::int64_t DaysUntilToday(Day from, const SignalInput& input) {
  return std::max<std::int64_t>(0, static_cast<std::int64_t>(input.today - from));
}

DueMoment AtInstant(Instant at, const SignalInput& input) { return {input.zone->LocalDay(at), at}; }
DueMoment AtDay(Day day, const SignalInput& input) { return {day, input.zone->StartOf(day)}; }

// Collects the occasions of one trigger.
class Finder {
 public:
  Finder(const EventTrigger& trigger, const SignalInput& input) : trigger_(trigger), input_(input) {}

  void Find();
  std::vector<Occasion> Take() { return std::move(found_); }

 private:
  void OfPurchases();
  void OfWorries();
  void OfPromises();
  void OfRefusals();
  void OfTouches();
  void OfCases();
  void OfContracts();
  void OfOpportunities();
  void OfTheRest();

  // True where the trigger chooses by no such field, or by one that has this word.
  template <class E>
  bool Chosen(std::string_view field, const std::optional<E>& value) const {
    for (const EventFilter& filter : trigger_.where) {
      if (filter.field != field) continue;
      const std::string_view word = value.has_value() ? NameOf(*value) : std::string_view();
      if (std::find(filter.words.begin(), filter.words.end(), word) == filter.words.end()) return false;
    }
    return true;
  }
  bool ChoosesBy(std::string_view field) const {
    return std::any_of(trigger_.where.begin(), trigger_.where.end(), [&](const EventFilter& filter) { return filter.field == field; });
  }
  bool HasHappened(Instant at) const { return at <= input_.as_of; }
  bool IsOver(const std::optional<Instant>& ended) const { return ended.has_value() && *ended <= input_.as_of; }

  Occasion Begin(const EventKey& root, Instant at, const std::optional<ContactId>& contact, const std::optional<RepId>& rep) const {
    Occasion occasion;
    occasion.root = root;
    occasion.since = at;
    occasion.contact = contact.value_or(ContactId());
    occasion.rep = rep.value_or(RepId());
    occasion.evidence = {root};
    occasion.arguments["since"] = input_.zone->LocalDay(at);
    return occasion;
  }
  void Add(Occasion occasion, const DueMoment& anchor) {
    const DueMoment due = Shifted(anchor, trigger_.offset, input_);
    occasion.day = due.day;
    occasion.due = due.at;
    found_.push_back(std::move(occasion));
  }
  // By the anchor of a day that the event may name, else by its own moment.
  void AddByDay(Occasion occasion, const std::optional<Day>& day) {
    if (trigger_.anchor == Anchor::kOccurred) return Add(std::move(occasion), AtInstant(occasion.since, input_));
    if (day.has_value()) Add(std::move(occasion), AtDay(*day, input_));
  }
  std::optional<DueMoment> PurchaseAnchor(const PurchaseRecord& purchase) const;
  void TellPurchase(const PurchaseRecord& purchase, Occasion& out) const;

  const EventTrigger& trigger_;
  const SignalInput& input_;
  std::vector<Occasion> found_;
};

// --- purchases -----------------------------------------------------------------------------------------------
std::optional<DueMoment> Finder::PurchaseAnchor(const PurchaseRecord& purchase) const {
  const BookContext& book = *input_.context->book;
  const bool delivered = WasDelivered(purchase, input_.as_of);
  if (trigger_.anchor == Anchor::kReturnWindowEnds) {
    if (!delivered) return std::nullopt;
    const std::optional<Day> ends = ReturnWindowEnd(purchase, book, *input_.zone);
    return ends.has_value() ? std::optional(AtDay(*ends, input_)) : std::nullopt;
  }
  if (trigger_.event == kOnDelivered || (trigger_.anchor == Anchor::kDelivery && delivered)) return AtInstant(*purchase.delivered, input_);
  if (trigger_.anchor == Anchor::kOccurred) return AtInstant(purchase.placed, input_);
  const std::optional<Day> expected = ExpectedDelivery(purchase, book, *input_.zone, trigger_.assume_lead_days);
  return expected.has_value() ? std::optional(AtDay(*expected, input_)) : std::nullopt;
}

void Finder::TellPurchase(const PurchaseRecord& purchase, Occasion& out) const {
  const BookContext& book = *input_.context->book;
  out.arguments.erase("since");
  out.arguments["placed"] = input_.zone->LocalDay(purchase.placed);
  if (const std::optional<Money> at_risk = KeptAmount(purchase)) out.arguments["at_risk"] = *at_risk;
  if (WasDelivered(purchase, input_.as_of)) {
    const Day day = input_.zone->LocalDay(*purchase.delivered);
    out.arguments["delivered"] = day;
    out.arguments["delivered_days"] = DaysUntilToday(day, input_);
    if (const auto ends = ReturnWindowEnd(purchase, book, *input_.zone)) out.arguments["return_ends"] = *ends;
    if (trigger_.anchor == Anchor::kReturnWindowEnds && !out.arguments.contains("at_risk")) out.variant = "no_amount";
    return;
  }
  out.variant = "expected";
  if (const auto day = ExpectedDelivery(purchase, book, *input_.zone, trigger_.assume_lead_days)) out.arguments["delivered"] = *day;
}

void Finder::OfPurchases() {
  const bool by_placing = trigger_.event == kOnPlaced;
  for (const PurchaseRecord& purchase : input_.account->purchases) {
    if (!HasHappened(purchase.placed) || (!by_placing && !WasDelivered(purchase, input_.as_of))) continue;
    const std::optional<DueMoment> anchor = PurchaseAnchor(purchase);
    if (!anchor.has_value()) continue;
    const EventKey& root = by_placing ? purchase.key : purchase.delivered_by;
    Occasion occasion = Begin(root, by_placing ? purchase.placed : *purchase.delivered, by_placing ? purchase.contact : std::nullopt, purchase.rep);
    occasion.evidence = {purchase.key};
    if (WasDelivered(purchase, input_.as_of)) occasion.evidence.push_back(purchase.delivered_by);
    occasion.settled = WasReturnedWhole(purchase, input_.as_of);
    TellPurchase(purchase, occasion);
    Add(std::move(occasion), *anchor);
  }
}

// --- worries, promises, refusals, touches ----------------------------------------------------------------------
void Finder::OfWorries() {
  for (const WorryRecord& worry : input_.account->worries) {
    if (!HasHappened(worry.raised)) continue;
    Occasion occasion = Begin(worry.key, worry.raised, worry.contact, worry.rep);
    occasion.settled = IsOver(worry.resolved);
    occasion.arguments["text"] = EventText{worry.key, "text"};
    Add(std::move(occasion), AtInstant(worry.raised, input_));
  }
}

SentenceArgument Quantity(double quantity) {
  if (quantity == std::trunc(quantity) && std::fabs(quantity) < 1e15) return static_cast<std::int64_t>(quantity);
  return quantity;
}

void TellPromise(const PromiseRecord& promise, Occasion& out) {
  out.arguments["what"] = EventText{promise.key, "what"};
  if (promise.due.has_value()) out.arguments["due"] = *promise.due;
  if (promise.quantity.has_value()) out.arguments["quantity"] = Quantity(*promise.quantity);
  if (promise.unit.has_value()) out.arguments["unit"] = *promise.unit;
  if (!promise.due.has_value()) out.variant = "undated";
  else if (promise.quantity.has_value()) out.variant = promise.unit.has_value() ? "quantity" : "count";
}

// Ours, unless the trigger asks for the customer's homework.
void Finder::OfPromises() {
  for (const PromiseRecord& promise : input_.account->promises) {
    if (!HasHappened(promise.made)) continue;
    if (ChoosesBy("by") ? !Chosen("by", std::optional(promise.by)) : promise.by != PromiseBy::kOurs) continue;
    Occasion occasion = Begin(promise.key, promise.made, promise.contact, promise.rep);
    occasion.settled = promise.fulfilled;
    TellPromise(promise, occasion);
    AddByDay(std::move(occasion), promise.due);
  }
}

void Finder::OfRefusals() {
  for (const RefusalRecord& record : input_.account->refusals) {
    if (!HasHappened(record.at) || !Chosen("reason", record.refusal.reason)) continue;
    Occasion occasion = Begin(record.key, record.at, record.refusal.contact, record.refusal.rep);
    occasion.arguments["text"] = EventText{record.key, "text"};
    if (record.refusal.come_back.has_value()) occasion.arguments["come_back"] = *record.refusal.come_back;
    AddByDay(std::move(occasion), record.refusal.come_back);
  }
}

void Finder::OfTouches() {
  for (const TouchRecord& record : input_.account->touches) {
    const Touch& touch = record.touch;
    if (!HasHappened(record.at)) continue;
    if (!Chosen("channel", std::optional(touch.channel)) || !Chosen("direction", std::optional(touch.direction))) continue;
    if (!Chosen("purpose", touch.purpose) || !Chosen("disposition", touch.disposition)) continue;
    Add(Begin(record.key, record.at, touch.contact, touch.rep), AtInstant(record.at, input_));
  }
}

// --- cases, contracts, opportunities -----------------------------------------------------------------------------
void Finder::OfCases() {
  for (const CaseRecord& record : input_.account->relations.cases) {
    if (!HasHappened(record.opened) || !Chosen("kind", std::optional(record.kind))) continue;
    Occasion occasion = Begin(record.key, record.opened, record.contact, record.rep);
    occasion.settled = IsOver(record.closed);
    occasion.arguments["text"] = EventText{record.key, "text"};
    Add(std::move(occasion), AtInstant(record.opened, input_));
  }
}

void Finder::OfContracts() {
  for (const ContractRecord& record : input_.account->relations.contracts) {
    if (!HasHappened(record.started)) continue;
    Occasion occasion = Begin(record.key, record.started, std::nullopt, record.rep);
    occasion.settled = IsOver(record.ended);
    if (record.ends.has_value()) occasion.arguments["ends"] = *record.ends;
    // A contract that was renewed ends anew: each term has work of its own.
    if (record.renewals > 0 && trigger_.anchor == Anchor::kEnds) occasion.step = std::to_string(record.renewals + 1);
    AddByDay(std::move(occasion), record.ends);
  }
}

void Finder::OfOpportunities() {
  const bool won = trigger_.event == kOnWon;
  const bool lost = trigger_.event == kOnLost;
  for (const OpportunityRecord& record : input_.account->relations.opportunities) {
    if (!HasHappened(record.opened)) continue;
    if (won || lost) {
      const OpportunityState state = won ? OpportunityState::kWon : OpportunityState::kLost;
      if (record.state != state || !IsOver(record.closed) || (lost && !Chosen("reason", record.reason))) continue;
      Occasion occasion = Begin(record.closed_by, *record.closed, record.contact, record.rep);
      occasion.evidence = {record.key, record.closed_by};
      Add(std::move(occasion), AtInstant(*record.closed, input_));
      continue;
    }
    Occasion occasion = Begin(record.key, record.opened, record.contact, record.rep);
    occasion.settled = IsOver(record.closed);
    if (record.expected_close.has_value()) occasion.arguments["expected_close"] = *record.expected_close;
    AddByDay(std::move(occasion), record.expected_close);
  }
}

// --- returns, feedback, referrals, needs -------------------------------------------------------------------------
void Finder::OfTheRest() {
  const Account& account = *input_.account;
  if (trigger_.event == kOnReturned) {
    for (const PurchaseRecord& purchase : account.purchases) {
      if (!IsOver(purchase.returned)) continue;
      Occasion occasion = Begin(purchase.returned_by, *purchase.returned, purchase.contact, purchase.rep);
      occasion.evidence = {purchase.key, purchase.returned_by};
      Add(std::move(occasion), AtInstant(*purchase.returned, input_));
    }
  } else if (trigger_.event == kOnFeedback) {
    for (const auto& said : account.relations.feedback) {
      if (HasHappened(said.at)) Add(Begin(said.key, said.at, said.data.contact, said.data.rep), AtInstant(said.at, input_));
    }
  } else if (trigger_.event == kOnReferral) {
    for (const auto& said : account.relations.referrals) {
      if (HasHappened(said.at)) Add(Begin(said.key, said.at, said.data.contact, said.data.rep), AtInstant(said.at, input_));
    }
  } else if (trigger_.event == kOnNeed) {
    for (const NeedRecord& need : account.relations.needs) {
      if (!HasHappened(need.stated)) continue;
      Occasion occasion = Begin(need.key, need.stated, need.contact, need.rep);
      occasion.settled = IsOver(need.met);
      occasion.arguments["text"] = EventText{need.key, "text"};
      if (need.by.has_value()) occasion.arguments["by"] = *need.by;
      AddByDay(std::move(occasion), need.by);
    }
  }
}

void Finder::Find() {
  const std::string& event = trigger_.event;
  if (event == kOnPlaced || event == kOnDelivered) OfPurchases();
  else if (event == kOnWorry) OfWorries();
  else if (event == kOnPromise) OfPromises();
  else if (event == kOnRefusal) OfRefusals();
  else if (event == kOnTouch) OfTouches();
  else if (event == kOnCase) OfCases();
  else if (event == kOnContract) OfContracts();
  else if (event == kOnOpportunity || event == kOnWon || event == kOnLost) OfOpportunities();
  else OfTheRest();
}

}  // namespace

std::vector<Occasion> EventOccasions(const EventTrigger& trigger, const SignalInput& input) {
  Finder finder(trigger, input);
  finder.Find();
  return finder.Take();
}

std::vector<std::string> EventArguments(std::string_view event) {
  if (event == kOnPlaced || event == kOnDelivered) return {"at_risk", "delivered", "delivered_days", "placed", "return_ends"};
  if (event == kOnWorry || event == kOnCase) return {"since", "text"};
  if (event == kOnPromise) return {"due", "quantity", "since", "unit", "what"};
  if (event == kOnRefusal) return {"come_back", "since", "text"};
  if (event == kOnContract) return {"ends", "since"};
  if (event == kOnOpportunity) return {"expected_close", "since"};
  if (event == kOnNeed) return {"by", "since", "text"};
  return {"since"};
}

}  // namespace rapport

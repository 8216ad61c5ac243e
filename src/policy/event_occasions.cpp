#include "policy/event_occasions.hpp"

#include <algorithm>
#include <cmath>

#include "policy/names.hpp"
#include "policy/purchase_dates.hpp"
#include "rapport/core/status.hpp"
#include "rapport/expectation/promise_outcome.hpp"
#include "rapport/relationship/touches.hpp"
#include "rapport/relationship/worry_knowledge.hpp"
#include "rapport/signals/feedback_score.hpp"

namespace rapport {
namespace {

std::int64_t DaysUntilToday(Day from, const SignalInput& input) {
  return std::max<std::int64_t>(0, static_cast<std::int64_t>(input.today - from));
}

void AddTo(std::vector<EventKey>& evidence, const std::vector<EventKey>& more) { evidence.insert(evidence.end(), more.begin(), more.end()); }

DueMoment AtInstant(Instant at, const SignalInput& input) { return {input.zone->LocalDay(at), at}; }
DueMoment AtDay(Day day, const SignalInput& input) { return {day, input.zone->StartOf(day)}; }

// Collects the occasions of one trigger.
class Finder {
 public:
  Finder(const EventTrigger& trigger, const SignalInput& input, const OccasionScope& scope) : trigger_(trigger), input_(input), scope_(scope) {}

  void Find();
  std::vector<Occasion> Take() { return std::move(found_); }

 private:
  void OfPurchases();
  void OfReturns();
  void OfWorries();
  void OfPromises();
  void OfRefusals();
  void OfTouches();
  void OfCases();
  void OfContracts();
  void OfOpportunities();
  void OfFeedback();
  void OfReferrals();
  void OfNeeds();

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

  // What happened at `at`, and what its occasion counts from; `anchor` is asked only of what is wanted. Null: it gives none. Good until the next one.
  template <class Anchor>
  Occasion* Open(const EventKey& root, Instant at, bool settled, Anchor anchor) {
    if ((settled && !scope_.settled) || (scope_.root != nullptr && *scope_.root != root)) return nullptr;
    const std::optional<DueMoment> from = anchor();
    if (!from.has_value()) return nullptr;
    const DueMoment due = Shifted(*from, trigger_.offset, input_);
    if (due.at < scope_.from || due.at > scope_.until) return nullptr;
    Occasion& occasion = found_.emplace_back();
    occasion.root = root;
    occasion.since = at;
    occasion.settled = settled;
    occasion.day = due.day;
    occasion.due = due.at;
    occasion.evidence = {root};
    occasion.arguments["since"] = input_.zone->LocalDay(at);
    return &occasion;
  }
  Occasion* OpenAt(const EventKey& root, Instant at, bool settled) {
    return Open(root, at, settled, [&] { return std::optional(AtInstant(at, input_)); });
  }
  // By the anchor of a day that the event may name, else by its own moment.
  Occasion* OpenByDay(const EventKey& root, Instant at, bool settled, const std::optional<Day>& day) {
    return Open(root, at, settled, [&]() -> std::optional<DueMoment> {
      if (trigger_.anchor == Anchor::kOccurred) return AtInstant(at, input_);
      return day.has_value() ? std::optional(AtDay(*day, input_)) : std::nullopt;
    });
  }
  static void Name(Occasion& occasion, const std::optional<ContactId>& contact, const std::optional<RepId>& rep) {
    occasion.contact = contact.value_or(ContactId());
    occasion.rep = rep.value_or(RepId());
  }
  std::optional<DueMoment> PurchaseAnchor(const PurchaseRecord& purchase) const;
  std::optional<DueMoment> ReadyAhead(const PromiseRecord& promise) const;
  void TellPurchase(const PurchaseRecord& purchase, Occasion& out) const;
  void TellOthers(const WorryRecord& worry, Occasion& out) const;

  const EventTrigger& trigger_;
  const SignalInput& input_;
  const OccasionScope& scope_;
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
  if (const std::optional<Money> at_risk = purchase.KeptAmount(); at_risk.has_value() && at_risk->minor() > 0) out.arguments["at_risk"] = *at_risk;
  if (WasDelivered(purchase, input_.as_of)) {
    const Day day = input_.zone->LocalDay(*purchase.delivered);
    out.arguments["delivered"] = day;
    out.arguments["delivered_days"] = DaysUntilToday(day, input_);
    if (const auto ends = ReturnWindowEnd(purchase, book, *input_.zone)) out.arguments["return_ends"] = *ends;
    if (trigger_.anchor == Anchor::kReturnWindowEnds && !out.arguments.contains("at_risk")) out.variants = {"no_amount"};
    return;
  }
  out.variants = {"expected"};
  if (const auto day = ExpectedDelivery(purchase, book, *input_.zone, trigger_.assume_lead_days)) out.arguments["delivered"] = *day;
}

void Finder::OfPurchases() {
  const bool by_placing = trigger_.event == kOnPlaced;
  for (const PurchaseRecord& purchase : input_.account->purchases) {
    const bool delivered = WasDelivered(purchase, input_.as_of);
    if (!HasHappened(purchase.placed) || (!by_placing && !delivered)) continue;
    Occasion* occasion = Open(by_placing ? purchase.key : purchase.delivered_by, by_placing ? purchase.placed : *purchase.delivered,
                              WasReturnedWhole(purchase, input_.as_of), [&] { return PurchaseAnchor(purchase); });
    if (occasion == nullptr) continue;
    Name(*occasion, by_placing ? purchase.contact : std::nullopt, purchase.rep);
    occasion->evidence = {purchase.key};
    if (delivered) occasion->evidence.push_back(purchase.delivered_by);
    AddTo(occasion->evidence, purchase.returns);   // of parts: the amount is less
    TellPurchase(purchase, *occasion);
  }
}

void Finder::OfReturns() {
  for (const PurchaseRecord& purchase : input_.account->purchases) {
    if (!IsOver(purchase.returned)) continue;
    Occasion* occasion = OpenAt(purchase.returned_by, *purchase.returned, false);
    if (occasion == nullptr) continue;
    Name(*occasion, purchase.contact, purchase.rep);
    occasion->evidence = {purchase.key, purchase.returned_by};
  }
}

// --- worries, promises, refusals, touches ----------------------------------------------------------------------
// What cured the same with others.
void Finder::TellOthers(const WorryRecord& worry, Occasion& out) const {
  const WorryKnowledge* worries = input_.context->worries.get();
  if (worries == nullptr) return;
  const WorryKnowledge::Known known = worries->Of(TopicOf(worry), input_.account->Ids());
  if (!known.IsWorthTelling()) return;
  out.arguments.merge(SayCured(known).arguments);
  out.variants = {"cured"};
  out.evidence.push_back(input_.context->worries_event);
}

void Finder::OfWorries() {
  for (const WorryRecord& worry : input_.account->worries) {
    if (!HasHappened(worry.raised)) continue;
    Occasion* occasion = OpenAt(worry.key, worry.raised, IsOver(worry.resolved));
    if (occasion == nullptr) continue;
    Name(*occasion, worry.contact, worry.rep);
    occasion->arguments["text"] = EventText{worry.key, "text"};
    TellOthers(worry, *occasion);
  }
}

SentenceArgument Quantity(double quantity) {
  if (quantity == std::trunc(quantity) && std::fabs(quantity) < 1e15) return static_cast<std::int64_t>(quantity);
  return quantity;
}

// What stands ready before its day, and by how much that is more than was promised.
void TellReady(const PromiseRecord& promise, const SignalInput& input, Occasion& out) {
  out.evidence.push_back(promise.all_ready_by);
  if (promise.ready_by != promise.all_ready_by) out.evidence.push_back(promise.ready_by);
  out.arguments["ready"] = Quantity(*promise.ready);
  out.arguments["days_early"] = std::max<std::int64_t>(0, *promise.due - input.today);
  const double more = *promise.ready + promise.delivered_quantity - promise.quantity.value_or(*promise.ready);
  if (more > 0) out.arguments["more"] = Quantity(more);
  out.variants.insert(out.variants.end(), {"more", "early"});
}

void TellPromise(const PromiseRecord& promise, Occasion& out) {
  out.arguments["what"] = EventText{promise.key, "what"};
  if (promise.due.has_value()) out.arguments["due"] = *promise.due;
  if (promise.quantity.has_value()) out.arguments["quantity"] = Quantity(*promise.quantity);
  if (promise.unit.has_value()) out.arguments["unit"] = *promise.unit;
  if (!promise.due.has_value()) out.variants = {"undated"};
  else if (promise.quantity.has_value()) out.variants = {promise.unit.has_value() ? "quantity" : "count"};
}

// When all of it stood ready, where that was before its day.
std::optional<DueMoment> Finder::ReadyAhead(const PromiseRecord& promise) const {
  if (!promise.all_ready_since.has_value() || !HasHappened(*promise.all_ready_since) || !promise.due.has_value()) return std::nullopt;
  const DueMoment ready = AtInstant(*promise.all_ready_since, input_);
  return ready.day < *promise.due ? std::optional(ready) : std::nullopt;
}

// Ours, unless the trigger asks for the customer's homework.
void Finder::OfPromises() {
  for (const PromiseRecord& promise : input_.account->promises) {
    if (!HasHappened(promise.made)) continue;
    if (ChoosesBy("by") ? !Chosen("by", std::optional(promise.by)) : promise.by != PromiseBy::kOurs) continue;
    const bool by_ready = trigger_.anchor == Anchor::kReady;
    Occasion* occasion = by_ready ? Open(promise.key, promise.made, promise.fulfilled, [&] { return ReadyAhead(promise); })
                                  : OpenByDay(promise.key, promise.made, promise.fulfilled, promise.due);
    if (occasion == nullptr) continue;
    Name(*occasion, promise.contact, promise.rep);
    for (const PromiseRevision& revision : promise.revisions) occasion->evidence.push_back(revision.key);
    TellPromise(promise, *occasion);
    if (by_ready && promise.ready.has_value()) TellReady(promise, input_, *occasion);
  }
}

void Finder::OfRefusals() {
  for (const RefusalRecord& record : input_.account->refusals) {
    if (!HasHappened(record.at) || !Chosen("reason", record.refusal.reason)) continue;
    Occasion* occasion = OpenByDay(record.key, record.at, false, record.refusal.come_back);
    if (occasion == nullptr) continue;
    Name(*occasion, record.refusal.contact, record.refusal.rep);
    occasion->arguments["text"] = EventText{record.key, "text"};
    if (record.refusal.come_back.has_value()) occasion->arguments["come_back"] = *record.refusal.come_back;
  }
}

void Finder::OfTouches() {
  for (const TouchRecord& record : input_.account->touches) {
    const Touch& touch = record.touch;
    if (IsOnlyRecord(touch)) continue;
    if (!HasHappened(record.at)) continue;
    if (!Chosen("channel", std::optional(touch.channel)) || !Chosen("direction", std::optional(touch.direction))) continue;
    if (!Chosen("purpose", touch.purpose) || !Chosen("disposition", touch.disposition)) continue;
    if (Occasion* occasion = OpenAt(record.key, record.at, false)) Name(*occasion, touch.contact, touch.rep);
  }
}

// --- cases, contracts, opportunities -----------------------------------------------------------------------------
void Finder::OfCases() {
  for (const CaseRecord& record : input_.account->relations.cases) {
    if (!HasHappened(record.opened) || !Chosen("kind", std::optional(record.kind))) continue;
    Occasion* occasion = OpenAt(record.key, record.opened, IsOver(record.closed));
    if (occasion == nullptr) continue;
    Name(*occasion, record.contact, record.rep);
    occasion->arguments["text"] = EventText{record.key, "text"};
  }
}

void Finder::OfContracts() {
  for (const ContractRecord& record : input_.account->relations.contracts) {
    if (!HasHappened(record.started)) continue;
    // A contract that was renewed ends anew: each term has work of its own, by the event that began it.
    const bool renewed = trigger_.anchor == Anchor::kEnds && !record.renewed_by.empty();
    const EventKey& root = renewed ? record.renewed_by.back() : record.key;
    Occasion* occasion = OpenByDay(root, renewed ? record.term_began : record.started, IsOver(record.ended), record.ends);
    if (occasion == nullptr) continue;
    Name(*occasion, std::nullopt, record.rep);
    occasion->evidence = {record.key};
    AddTo(occasion->evidence, record.renewed_by);
    if (record.ends.has_value()) occasion->arguments["ends"] = *record.ends;
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
      Occasion* occasion = OpenAt(record.closed_by, *record.closed, false);
      if (occasion == nullptr) continue;
      Name(*occasion, record.contact, record.rep);
      occasion->evidence = {record.key, record.closed_by};
      continue;
    }
    Occasion* occasion = OpenByDay(record.key, record.opened, IsOver(record.closed), record.expected_close);
    if (occasion == nullptr) continue;
    Name(*occasion, record.contact, record.rep);
    AddTo(occasion->evidence, record.changed_by);
    if (record.expected_close.has_value()) occasion->arguments["expected_close"] = *record.expected_close;
  }
}

// --- feedback, referrals, needs ----------------------------------------------------------------------------------
// The last delivery of a promise by then.
const PromiseDelivery* LastBy(const PromiseRecord& promise, Instant at) {
  const auto last = std::find_if(promise.deliveries.rbegin(), promise.deliveries.rend(), [&](const PromiseDelivery& one) { return one.at <= at; });
  return last == promise.deliveries.rend() ? nullptr : &*last;
}

// Which promise of ours they speak of, by its last delivery: of the order they name, else of whatever came last.
const PromiseRecord* SpokenOf(const Said<FeedbackGiven>& said, const Account& account, Occasion& out) {
  const PromiseRecord* spoken_of = nullptr;
  const PromiseDelivery* last = nullptr;
  for (const PromiseRecord& promise : account.promises) {
    const PromiseDelivery* delivery = LastBy(promise, said.at);
    if (promise.by != PromiseBy::kOurs || delivery == nullptr) continue;
    if (said.data.order.has_value() && promise.order != said.data.order) continue;
    AddTo(out.evidence, {promise.key});
    for (const PromiseRevision& revision : promise.revisions) AddTo(out.evidence, {revision.key});
    for (const PromiseDelivery& one : promise.deliveries) AddTo(out.evidence, {one.key});
    if (last != nullptr && delivery->at < last->at) continue;
    spoken_of = &promise;
    last = delivery;
  }
  return spoken_of;
}

// Where they name no order: did another one come on a later day?
bool CameSince(const PromiseRecord& promise, const Said<FeedbackGiven>& said, const SignalInput& input, Occasion& out) {
  const Day day = input.zone->LocalDay(LastBy(promise, said.at)->at);
  for (const PurchaseRecord& purchase : input.account->purchases) {
    if (!WasDelivered(purchase, said.at) || purchase.order == promise.order || input.zone->LocalDay(*purchase.delivered) <= day) continue;
    AddTo(out.evidence, {purchase.key, purchase.delivered_by});
    return true;
  }
  return false;
}

// How far ahead of its day came what they speak of: by the promise that was kept with it, else by the named order's own day.
void TellDaysEarly(const Said<FeedbackGiven>& said, const SignalInput& input, Occasion& out) {
  std::optional<std::int64_t> early;
  if (const PromiseRecord* promise = SpokenOf(said, *input.account, out)) {
    if (!said.data.order.has_value() && CameSince(*promise, said, input, out)) return;
    const std::vector<PromiseWord> words = JudgeWords(*promise, *input.zone, WeekOf(*input.context->book, promise->rep), said.at);
    if (!words.empty() && IsKept(words.back().judged.outcome)) early = words.back().judged.margin_days;
  } else if (const PurchaseRecord* order = said.data.order.has_value() ? input.account->FindPurchase(*said.data.order) : nullptr) {
    AddTo(out.evidence, {order->key});
    if (order->expected_delivery.has_value() && WasDelivered(*order, said.at)) {
      AddTo(out.evidence, {order->delivered_by});
      early = *order->expected_delivery - input.zone->LocalDay(*order->delivered);
    }
  }
  if (early.value_or(0) > 0) out.arguments["days_early"] = *early;
}

// What they wanted: of the needs stated by then the newest that is met, else the newest.
void TellNeed(const Said<FeedbackGiven>& said, const SignalInput& input, Occasion& out) {
  const NeedRecord* chosen = nullptr;
  bool is_met = false;
  for (const NeedRecord& need : input.account->relations.needs) {
    if (need.stated > said.at) continue;
    out.evidence.push_back(need.key);
    AddTo(out.evidence, need.said_again);
    const bool met = need.met.has_value() && *need.met <= said.at;
    if (is_met && !met) continue;
    chosen = &need;
    is_met = met;
  }
  if (chosen != nullptr) out.arguments["need"] = EventText{chosen->key, "text"};
}

void TellFeedback(const Said<FeedbackGiven>& said, const SignalInput& input, Occasion& out) {
  const Account& account = *input.account;
  if (const std::optional<double> score = FeedbackScore(said.data)) out.arguments["score"] = Quantity(std::nearbyint(*score * 10) / 10);
  const ContactRecord* primary = account.PrimaryContact();
  if (said.data.contact.has_value()) out.arguments["contact"] = ContactName{account.id, *said.data.contact};
  else if (primary != nullptr) out.arguments["contact"] = ContactName{account.id, primary->id};
  TellDaysEarly(said, input, out);
  TellNeed(said, input, out);
  out.variants = {"early", "score", "need", "named"};
}

void Finder::OfFeedback() {
  for (const Said<FeedbackGiven>& said : input_.account->relations.feedback) {
    if (!HasHappened(said.at)) continue;
    Occasion* occasion = OpenAt(said.key, said.at, false);
    if (occasion == nullptr) continue;
    Name(*occasion, said.data.contact, said.data.rep);
    TellFeedback(said, input_, *occasion);
  }
}

void Finder::OfReferrals() {
  for (const Said<ReferralMade>& said : input_.account->relations.referrals) {
    if (!HasHappened(said.at)) continue;
    Occasion* occasion = OpenAt(said.key, said.at, false);
    if (occasion == nullptr) continue;
    Name(*occasion, said.data.contact, said.data.rep);
    occasion->arguments["referred"] = CustomerName{said.data.referred};
    occasion->variants = {"named"};
  }
}

void Finder::OfNeeds() {
  for (const NeedRecord& need : input_.account->relations.needs) {
    if (!HasHappened(need.stated)) continue;
    Occasion* occasion = OpenByDay(need.key, need.stated, IsOver(need.met), need.by);
    if (occasion == nullptr) continue;
    Name(*occasion, need.contact, need.rep);
    AddTo(occasion->evidence, need.said_again);
    occasion->arguments["text"] = EventText{need.key, "text"};
    if (need.by.has_value()) occasion->arguments["by"] = *need.by;
  }
}

void Finder::Find() {
  const std::string& event = trigger_.event;
  if (event == kOnPlaced || event == kOnDelivered) OfPurchases();
  else if (event == kOnReturned) OfReturns();
  else if (event == kOnWorry) OfWorries();
  else if (event == kOnPromise) OfPromises();
  else if (event == kOnRefusal) OfRefusals();
  else if (event == kOnTouch) OfTouches();
  else if (event == kOnCase) OfCases();
  else if (event == kOnContract) OfContracts();
  else if (event == kOnOpportunity || event == kOnWon || event == kOnLost) OfOpportunities();
  else if (event == kOnFeedback) OfFeedback();
  else if (event == kOnReferral) OfReferrals();
  else if (event == kOnNeed) OfNeeds();
}

}  // namespace

std::vector<Occasion> EventOccasions(const EventTrigger& trigger, const SignalInput& input, const OccasionScope& scope) {
  Finder finder(trigger, input, scope);
  finder.Find();
  return finder.Take();
}

std::vector<std::string> EventArguments(std::string_view event) {
  if (event == kOnPlaced || event == kOnDelivered) return {"at_risk", "delivered", "delivered_days", "placed", "return_ends"};
  if (event == kOnWorry) return {"buyers", "cured", "remedy", "since", "text"};
  if (event == kOnCase) return {"since", "text"};
  if (event == kOnPromise) return {"days_early", "due", "more", "quantity", "ready", "since", "unit", "what"};
  if (event == kOnRefusal) return {"come_back", "since", "text"};
  if (event == kOnContract) return {"ends", "since"};
  if (event == kOnOpportunity) return {"expected_close", "since"};
  if (event == kOnNeed) return {"by", "since", "text"};
  if (event == kOnFeedback) return {"contact", "days_early", "need", "score", "since"};
  if (event == kOnReferral) return {"referred", "since"};
  return {"since"};
}

}  // namespace rapport

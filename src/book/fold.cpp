#include "rapport/book/fold.hpp"

#include <algorithm>

#include "book/fields.hpp"
#include "book/fold_promises.hpp"
#include "book/fold_relations.hpp"

namespace rapport {
namespace {

// Null where the currencies differ or the sum overflows: the codec refuses both within one event.
void AddTo(std::optional<Money>& sum, const std::optional<Money>& part) {
  if (!part.has_value()) return;
  if (!sum.has_value()) {
    sum = part;
    return;
  }
  const absl::StatusOr<Money> total = sum->Add(*part);
  if (total.ok()) sum = *total;
}

struct AccountFolder : RelationFolder {
  AccountFolder(Account& into, const Event& said, std::unique_ptr<PromiseFold>& of_promises)
      : RelationFolder{into.relations, said}, account(into), promises(of_promises) {}
  using RelationFolder::operator();
  Account& account;
  std::unique_ptr<PromiseFold>& promises;

  // --- parties
  void operator()(const CustomerUpserted& said) const {
    MergeFacts(account.profile, said);
    account.profile_event = event.key;
    account.profile_events.push_back(event.key);
    account.profile_at = event.occurred.at;
    if (said.owner.has_value()) TakeOwner(*said.owner);
  }

  void operator()(const OwnerAssigned& said) const { TakeOwner(said.owner); }

  void TakeOwner(const RepId& owner) const {
    account.owner = owner;
    account.owner_event = event.key;
  }

  void operator()(const ContactUpserted& said) const {
    auto& all = account.contacts;
    auto at = std::lower_bound(all.begin(), all.end(), said.contact,
                               [](const ContactRecord& record, const ContactId& id) { return record.id < id; });
    if (at == all.end() || at->id != said.contact) {
      at = all.insert(at, ContactRecord{});
      at->id = said.contact;
    }
    at->events.push_back(event.key);
    if (said.role.has_value()) at->role = said.role;
    if (said.decides.has_value()) at->decides = said.decides;
    if (said.zone.has_value()) at->zone = said.zone;
    if (said.language.has_value()) at->language = said.language;
    if (said.primary.has_value()) at->primary = *said.primary;
  }

  // --- trade
  void operator()(const PurchasePlaced& said) const {
    PurchaseRecord& purchase = account.purchases.emplace_back();
    purchase.key = event.key;
    purchase.order = NamedOrEvent(said.order, event);
    purchase.placed = event.occurred.at;
    purchase.told = event.recorded;
    purchase.rep = said.rep;
    purchase.contact = said.contact;
    purchase.expected_delivery = said.expected_delivery;
    purchase.lines = said.lines;
    for (const PurchaseLine& line : said.lines) {
      AddTo(purchase.amount, line.amount);
      AddTo(purchase.margin, line.margin);
    }
  }

  void operator()(const PurchaseDelivered& said) const {
    const auto deliver = [&](PurchaseRecord& purchase) {
      purchase.delivered = event.occurred.at;
      purchase.delivered_by = event.key;
    };
    for (PurchaseRecord& purchase : account.purchases) {
      if (said.order.has_value()) {
        if (purchase.order == *said.order) deliver(purchase);
      } else if (!purchase.delivered.has_value()) {
        deliver(purchase);
        return;
      }
    }
  }

  void operator()(const PurchaseReturned& said) const {
    const bool whole = !said.amount.has_value();
    auto& all = account.purchases;
    for (auto purchase = all.rbegin(); purchase != all.rend(); ++purchase) {
      if (said.order.has_value() && purchase->order != *said.order) continue;
      TakeBack(*purchase, said.amount);
      if (!whole || !said.order.has_value()) return;
    }
  }

  void operator()(const PurchaseCancelled& said) const {
    auto& all = account.purchases;
    const auto last = std::find_if(all.rbegin(), all.rend(),
                                   [&](const PurchaseRecord& purchase) { return !said.order || purchase.order == *said.order; });
    if (last == all.rend()) return;
    last->cancelled_by = event.key;
    account.cancelled_purchases.push_back(std::move(*last));
    all.erase(std::next(last).base());
  }

  void TakeBack(PurchaseRecord& purchase, const std::optional<Money>& amount) const {
    purchase.returned = event.occurred.at;
    purchase.returned_by = event.key;
    purchase.returns.push_back(event.key);
    AddTo(purchase.returned_amount, amount);
    const bool all_back = purchase.amount.has_value() && purchase.returned_amount.has_value() &&
                          purchase.amount->currency() == purchase.returned_amount->currency() &&
                          purchase.returned_amount->minor() >= purchase.amount->minor();
    if (!amount.has_value() || all_back) purchase.returned_whole = true;
  }

  // --- contact
  void operator()(const Touch& said) const {
    DropPrivate(account.touches.emplace_back(TouchRecord{event.key, event.occurred.at, said}).touch);
  }

  void operator()(const Refusal& said) const {
    DropPrivate(account.refusals.emplace_back(RefusalRecord{event.key, event.occurred.at, said}).refusal);
  }

  // An import never lifts an opt-out, and of a merged whole the strictest holds: only the person's own later word lifts his.
  void operator()(const ConsentChanged& said) const {
    if (said.state == ConsentState::kGranted && OptedOut(said)) return;
    DropPrivate(account.consents.emplace_back(ConsentRecord{event.key, event.occurred.at, said}).consent);
  }

  template <class T>
  static bool Meet(const std::optional<T>& a, const std::optional<T>& b) { return !a || !b || *a == *b; }

  template <class T>
  static bool Includes(const std::optional<T>& wide, const std::optional<T>& narrow) { return !wide || wide == narrow; }

  // True where a withdrawal of the same scope stands that this grant must not lift.
  bool OptedOut(const ConsentChanged& said) const {
    const auto& all = account.consents;
    for (auto no = all.begin(); no != all.end(); ++no) {
      const bool meets = no->consent.state == ConsentState::kWithdrawn && Meet(no->consent.contact, said.contact) &&
                         Meet(no->consent.channel, said.channel) && Meet(no->consent.purpose, said.purpose);
      if (!meets || (event.batch.empty() && account.NamedIn(no->key) == event.subject)) continue;
      const bool lifted = std::any_of(std::next(no), all.end(), [&](const ConsentRecord& yes) {
        return yes.consent.state == ConsentState::kGranted && Includes(yes.consent.contact, no->consent.contact) &&
               Includes(yes.consent.channel, no->consent.channel) && Includes(yes.consent.purpose, no->consent.purpose);
      });
      if (!lifted) return true;
    }
    return false;
  }

  // True where another of the merged whole stands by the very word that this would lift.
  bool AnotherForbids(const DoNotContactSet& lift) const {
    const auto& all = account.do_not_contact;
    const auto says = [&](const DoNotContactRecord& record, bool active) {
      return record.rule.active.value_or(true) == active && record.rule.channel == lift.channel && record.rule.contact == lift.contact;
    };
    for (auto no = all.begin(); no != all.end(); ++no) {
      if (!says(*no, true) || account.NamedIn(no->key) == event.subject) continue;
      if (std::none_of(std::next(no), all.end(), [&](const DoNotContactRecord& later) { return says(later, false); })) return true;
    }
    return false;
  }

  // Nothing lifts what an erasure forbids.
  void operator()(const DoNotContactSet& said) const {
    if (!said.active.value_or(true) && (account.erased || !event.batch.empty() || AnotherForbids(said))) return;
    DropPrivate(account.do_not_contact.emplace_back(DoNotContactRecord{event.key, event.occurred.at, said}).rule);
  }

  void operator()(const WorryRaised& said) const {
    WorryId id = NamedOrEvent(said.worry, event);
    const auto known = std::find_if(account.worries.begin(), account.worries.end(), [&](const WorryRecord& worry) {
      return worry.id == id && !worry.resolved.has_value();
    });
    if (known != account.worries.end()) return;
    WorryRecord& worry = account.worries.emplace_back();
    worry.key = event.key;
    worry.id = std::move(id);
    worry.raised = event.occurred.at;
    worry.product = said.product;
    worry.topic = said.topic;
    worry.contact = said.contact;
    worry.rep = said.rep;
  }

  void operator()(const WorryAcknowledged& said) const {
    for (WorryRecord& worry : account.worries) {
      if (worry.resolved.has_value() || (said.worry.has_value() && worry.id != *said.worry)) continue;
      if (!worry.acknowledged) worry.acknowledged = event.occurred.at;
      return;
    }
  }

  void operator()(const WorryResolved& said) const {
    for (WorryRecord& worry : account.worries) {
      if (worry.resolved.has_value() || (said.worry.has_value() && worry.id != *said.worry)) continue;
      worry.resolved = event.occurred.at;
      worry.resolved_by = event.key;
      worry.remedy = said.remedy;
      return;
    }
  }

  // --- promises
  void operator()(const PromiseMade& said) const { Promises().Make(event, said); }
  void operator()(const PromiseDelivered& said) const { Promises().Deliver(event, said); }
  void operator()(const PromiseRevised& said) const { Promises().Revise(event, said); }
  void operator()(const PromiseProgressed& said) const { Promises().Progress(event, said); }
  void operator()(const PromiseWithdrawn& said) const { Promises().Withdraw(event, said); }
  PromiseFold& Promises() const {
    if (promises == nullptr) promises = std::make_unique<PromiseFold>(account);
    return *promises;
  }

  // --- follow-ups
  void operator()(const FollowUpIssued& said) const {
    auto [at, is_new] = account.followups.try_emplace(said.followup);
    FollowUpRecord& record = at->second;
    if (!is_new && said.revision <= record.issued.revision) return;
    record.issued = said;
    record.issued_by = event.key;
    if (is_new) record.issued_at = event.occurred.at;
    if (is_new || record.state == FollowUpState::kWithdrawn) Enter(record, FollowUpState::kOpen);
    const auto early = account.early_words.find(said.followup);
    if (early == account.early_words.end()) return;
    if (is_new && early->second.at == event.occurred.at) {
      record.state = early->second.state;
      record.state_at = early->second.at;
      record.state_by = early->second.by;
    }
    account.early_words.erase(early);
  }

  void operator()(const FollowUpHandedOver& said) const {
    FollowUpRecord* record = Find(said.followup);
    if (record == nullptr) return Remember(said.followup, FollowUpState::kHandedOver);
    record->handed_over.push_back(event.occurred.at);
    if (record->state == FollowUpState::kOpen) Enter(*record, FollowUpState::kHandedOver);
  }

  void operator()(const FollowUpDone& said) const {
    FollowUpRecord* record = Find(said.followup);
    if (record == nullptr) return Remember(said.followup, FollowUpState::kDone);
    if (record->state != FollowUpState::kDone) Enter(*record, FollowUpState::kDone);
    record->objective_met = said.objective_met;
  }

  void operator()(const FollowUpSkipped& said) const { Close(said.followup, FollowUpState::kSkipped); }
  void operator()(const FollowUpWithdrawn& said) const { Close(said.followup, FollowUpState::kWithdrawn); }
  void operator()(const FollowUpExpired& said) const { Close(said.followup, FollowUpState::kExpired); }

  void Close(const FollowUpId& followup, FollowUpState state) const {
    FollowUpRecord* record = Find(followup);
    if (record == nullptr) return Remember(followup, state);
    if (IsOpen(record->state)) Enter(*record, state);
  }

  void Remember(const FollowUpId& followup, FollowUpState state) const {
    const auto [early, is_new] = account.early_words.try_emplace(followup, Account::EarlyWord{state, event.occurred.at, event.key});
    if (!is_new && (IsOpen(early->second.state) || state == FollowUpState::kDone)) early->second = {state, event.occurred.at, event.key};
  }

  FollowUpRecord* Find(const FollowUpId& followup) const {
    const auto at = account.followups.find(followup);
    return at != account.followups.end() ? &at->second : nullptr;
  }

  void Enter(FollowUpRecord& record, FollowUpState state) const {
    record.state = state;
    record.state_at = event.occurred.at;
    record.state_by = event.key;
  }

  void operator()(const FollowUpSnoozed& said) const {
    FollowUpRecord* record = Find(said.followup);
    if (record != nullptr && IsOpen(record->state)) record->snoozed_until = said.until;
  }
  void operator()(const ApprovalGiven& said) const { Answer(said.followup, said.rep, true, said.has_line.value_or(false)); }
  void operator()(const ApprovalWithheld& said) const { Answer(said.followup, said.rep, false, false); }
  void Answer(const FollowUpId& followup, const RepId& rep, bool approved, bool has_line) const {
    FollowUpRecord* record = Find(followup);
    if (record == nullptr) return;
    record->approved = approved;
    record->has_line = has_line;
    record->approved_by = event.key;
    record->approver = rep;
  }

  // --- keeping
  // Whoever asked to be forgotten is not contacted again.
  void operator()(const CustomerErased&) const {
    if (!account.erased) account.erased = event.occurred.at;
    account.do_not_contact.push_back({event.key, event.occurred.at, DoNotContactSet{}});
  }

  // Events about no customer, and types this version does not know, say nothing about an account.
  template <class T>
  void operator()(const T&) const {}
};

}  // namespace

AccountFold::AccountFold(Account& account) : account_(account) {}
AccountFold::~AccountFold() { Finish(); }

void AccountFold::Add(const Event& event) {
  if (account_.id.empty()) account_.id = event.subject;
  if (event.subject != account_.id) account_.named.emplace(event.key, event.subject);
  if (!account_.first_event_at.has_value()) {
    account_.first_event = event.key;
    account_.first_event_at = event.occurred.at;
  }
  const bool known_before = std::any_of(account_.first_told.begin(), account_.first_told.end(), [&](const ToldEvent& first) {
    return first.told <= event.recorded && account_.NamedIn(first.key) == event.subject;
  });
  if (!known_before) account_.first_told.push_back({event.key, event.occurred.at, event.recorded});
  account_.last_event_at = std::max(account_.last_event_at.value_or(event.occurred.at), event.occurred.at);
  std::visit(AccountFolder(account_, event, promises_), event.data);
}

void AccountFold::Finish() {
  if (promises_ != nullptr) promises_->Finish();
  promises_.reset();
}

void FoldInto(Account& account, const Event& event) { AccountFold(account).Add(event); }

}  // namespace rapport

// Floor 2. An account: everything that one customer's events say, folded.
//
// The account is the unit of work: its events in canonical order fold into this state, and nothing outside it is read
// (docs/adr/0007). Records keep the key of the event they came from, so that whatever is concluded from them can name
// its evidence. Vectors are in canonical order of their events.
#ifndef RAPPORT_BOOK_ACCOUNT_HPP_
#define RAPPORT_BOOK_ACCOUNT_HPP_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rapport/book/promise_record.hpp"
#include "rapport/book/relations.hpp"
#include "rapport/core/ids.hpp"
#include "rapport/core/money.hpp"
#include "rapport/core/time.hpp"
#include "rapport/ledger/event.hpp"

namespace rapport {

// An event: when it happened, and when it became known first.
struct ToldEvent {
  EventKey key;
  Instant at;
  Instant told;
};

struct ContactRecord {
  ContactId id;
  std::vector<EventKey> events;            // contact.upserted, in order: what is not said anew stays as it was said before
  std::optional<std::string> role;
  std::optional<DecisionRight> decides;
  std::optional<std::string> zone;
  std::optional<std::string> language;
  bool primary = false;
};

struct PurchaseRecord {
  EventKey key;
  OrderId order;
  Instant placed;
  std::optional<RepId> rep;
  std::optional<ContactId> contact;
  std::optional<Day> expected_delivery;
  std::vector<PurchaseLine> lines;
  std::optional<Money> amount;             // sum of the lines that have one; null if none has
  std::optional<Money> margin;             // likewise; a product's own margin is in the context, not here
  std::optional<Instant> delivered;        // the last delivery of the order
  EventKey delivered_by;
  std::optional<Instant> returned;         // the last return
  std::optional<Money> returned_amount;    // sum of the amounts that returns named; null if none did
  bool returned_whole = false;             // a return named no amount, or all of it is back
  EventKey returned_by;
  std::vector<EventKey> returns;           // all of them, in order; the last is returned_by
  EventKey cancelled_by;
  Instant told;                            // when the order became known first
  // What is left of the amount: less what was given back, never below nothing; nothing where it was returned whole. Null without an amount, and where
  // what was given back is in another currency, so that nobody can say.
  std::optional<Money> KeptAmount() const;
};

struct TouchRecord {
  EventKey key;
  Instant at;
  Touch touch;   // `note` is never set here
};

struct RefusalRecord {
  EventKey key;
  Instant at;
  Refusal refusal;  // `text` is never set here
};

struct WorryRecord {
  EventKey key;
  WorryId id;
  Instant raised;
  std::optional<ProductId> product;
  std::optional<std::string> topic;
  std::optional<ContactId> contact;
  std::optional<RepId> rep;
  std::optional<Instant> acknowledged;
  std::optional<Instant> resolved;
  EventKey resolved_by;
  std::optional<std::string> remedy;       // that resolved it
};

struct ConsentRecord {
  EventKey key;
  Instant at;
  ConsentChanged consent;   // `proof` is never set here
};

struct DoNotContactRecord {
  EventKey key;
  Instant at;
  DoNotContactSet rule;     // `reason` is never set here
};

enum class FollowUpState { kOpen, kHandedOver, kDone, kSkipped, kWithdrawn, kExpired };
inline bool IsOpen(FollowUpState s) { return s == FollowUpState::kOpen || s == FollowUpState::kHandedOver; }
std::string_view NameOf(FollowUpState state);  // "open", "handed_over", "done", "skipped", "withdrawn", "expired"

struct FollowUpRecord {
  FollowUpIssued issued;     // the newest revision; one that follows a withdrawal opens it again
  EventKey issued_by;
  Instant issued_at;         // of the first revision
  FollowUpState state = FollowUpState::kOpen;
  Instant state_at;
  EventKey state_by;
  std::vector<Instant> handed_over;   // each time it was given to a rep, in order
  std::optional<bool> objective_met;  // done: what the rep said of the goal
  std::optional<Instant> snoozed_until;
  std::optional<bool> approved;   // by the owner; null: not asked, or not answered
  bool has_line = false;          // the approval brought a personal line
  EventKey approved_by;           // where the line is read
  RepId approver;                 // who approved or withheld it; empty: nobody yet
};

struct Account {
  CustomerId id;
  EventKey profile_event;    // the last customer.upserted; empty where there was none
  std::vector<EventKey> profile_events;   // all of them, in order
  std::optional<Instant> profile_at;
  CustomerUpserted profile;  // newest value of each field; private fields are never set here
  std::optional<RepId> owner;
  EventKey owner_event;
  std::vector<ContactRecord> contacts;   // sorted by id
  std::vector<PurchaseRecord> purchases;             // placed and not cancelled
  std::vector<PurchaseRecord> cancelled_purchases;
  std::vector<TouchRecord> touches;
  std::vector<RefusalRecord> refusals;
  std::vector<WorryRecord> worries;
  std::vector<PromiseRecord> promises;               // those that were not withdrawn
  std::vector<PromiseRecord> withdrawn_promises;     // in order of their withdrawals
  // What was delivered of promises that were not made yet: it counts for nothing, and the promise takes it up to tell of it.
  std::map<PromiseId, std::vector<PromiseDelivery>> early_deliveries;
  std::vector<ConsentRecord> consents;
  std::vector<DoNotContactRecord> do_not_contact;
  std::map<FollowUpId, FollowUpRecord> followups;
  Relations relations;       // facts, needs, contracts, opportunities, cases and the rest
  std::optional<Instant> erased;                     // customer.erased: never contacted again
  // Of a merged whole: the customers that events named, where it is not `id`.
  std::map<EventKey, CustomerId> named;
  // What was told of a follow-up before its issue, at the same instant: canonical order settles such a tie by id. The issue takes it up.
  struct EarlyWord { FollowUpState state; Instant at; EventKey by; };
  std::map<FollowUpId, EarlyWord> early_words;
  EventKey first_event;
  std::optional<Instant> first_event_at;
  // In canonical order, each told before all those of its customer that stand before it: the first, whatever was known by then.
  std::vector<ToldEvent> first_told;
  std::optional<Instant> last_event_at;

  const ContactRecord* FindContact(const ContactId& contact) const;
  // The customer that the event named: the account's id but in a merged whole.
  const CustomerId& NamedIn(const EventKey& event) const;
  // Every id that events named, and `id`: sorted, each once. What was counted by customer before a merge stands under the merged ids.
  std::vector<CustomerId> Ids() const;
  // The contact to ask for: the first marked primary, else the only one, else none.
  const ContactRecord* PrimaryContact() const;
  const PurchaseRecord* FindPurchase(const OrderId& order) const;
  // What the account began with, for a rule (empty: for any): its first event of those that were known when the rule was first issued or
  // entered for it; of all, where it never was. What is filled in later begins nothing anew. Null: no events. O(follow-ups).
  const ToldEvent* BegunBy(std::string_view rule) const;
  // Its first order, likewise.
  const PurchaseRecord* FirstPurchase(std::string_view rule) const;
};

// True where consent to be scored is withdrawn: by the last consent.changed of the whole account that names purpose profiling, or none,
// and no channel. Then nothing is computed that ranks the person.
bool ProfilingWithdrawn(const Account& account);

}  // namespace rapport

#endif  // RAPPORT_BOOK_ACCOUNT_HPP_

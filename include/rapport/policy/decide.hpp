// Floor 5. Decide: who is to be followed up now, and who is held back and why. A pure function of (account, context, as_of).
//
// For each rule: its occasions, their conditions, then permission in order of (priority, due, id), each admitted follow-up
// counting as an attempt for those after it. A decision that may be carried out on the customer's local day of `as_of` is
// kDue (`not_before` is its first allowed minute); one that may not is kHeld, with every reason and the first allowed moment.
// What has expired, or was issued before and is closed, is no decision. What is open keeps its id and place.
#ifndef RAPPORT_POLICY_DECIDE_HPP_
#define RAPPORT_POLICY_DECIDE_HPP_

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "absl/status/statusor.h"
#include "rapport/book/book.hpp"
#include "rapport/core/table.hpp"
#include "rapport/permission/permission.hpp"
#include "rapport/policy/evaluate.hpp"
#include "rapport/policy/occasion.hpp"
#include "rapport/policy/policy.hpp"

namespace rapport {

enum class DecisionStatus { kDue, kHeld };

// What a policy itself holds back, beside permission. `by`: "holdout" (left alone to be compared with), "throttle" (its rep has enough new
// ones today), "exclusive" (another cadence of the group runs), "paused" (an auto-reply named a day of return), "snoozed".
struct RuleHold {
  std::string by;
  std::vector<EventKey> evidence;
  std::optional<Instant> until;   // none: not foreseeable
  Sentence sentence;
};

struct Decision {
  FollowUpId followup;
  CustomerId customer;
  CustomerId named;              // as the root event names him: the customer, or one merged into him
  std::optional<ContactId> contact;
  std::optional<RepId> rep;
  std::string rule;
  std::string step;
  std::string policy;            // id of the version that decided
  Channel channel = Channel::kCall;
  Purpose purpose = Purpose::kCare;
  Sentence headline;
  Sentence objective;
  Instant due;
  Instant not_before;            // first allowed minute; `due` where none is foreseeable
  Instant expires;
  std::int64_t minutes = 0;
  std::optional<Money> value;
  std::int64_t priority = 0;
  bool mandatory = false;
  DecisionStatus status = DecisionStatus::kDue;
  std::vector<Hold> holds;                // kHeld: every reason, at the later of due and as_of; the one that lasts longest first
  std::optional<Instant> held_until;      // first allowed moment; none: not foreseeable
  std::vector<HoldReason> hold_chain;     // what is met in turn until then
  std::optional<RuleHold> rule_hold;      // kHeld; said before what permission holds
  double propensity = 1.0;                // of being followed up at all: 1 less the holdout's share
  MessageClass message_class = MessageClass::kDefault;
  bool needs_approval = false;            // the owner's, before it is handed over
  std::string enrolment;                  // of a step of a cadence; empty else
  EventKey root;
  Json derivation;
  bool open = false;                      // issued already
  bool changed = false;                   // open, and something a rep sees is no longer what was issued
  std::int64_t revision = 1;              // that issuing this would be; of an open one the next
  std::string zone_rules;                 // version
};

// An open follow-up that must go, and why.
struct Closing {
  FollowUpId followup;
  CustomerId customer;
  bool expired = false;          // else withdrawn
  std::int64_t revision = 1;     // of the issue that it closes
  std::string cause;             // withdrawn: "conditions", "resolved", "permission", "policy", "exit", "approval"
  Sentence because;
};

// What a tick records of a cadence.
struct CadenceChange {
  enum class Kind { kEntered, kAdvanced, kLeft };
  Kind kind = Kind::kEntered;
  CustomerId customer;           // as named in the root event
  std::string enrolment;
  std::string cadence;           // the rule
  std::string policy;            // the version that is kept to the end
  std::string step;              // kAdvanced: the one that begins
  std::string exit;              // kLeft: an Exit, "settled", "finished", "policy"
  std::int64_t advance = 1;      // kAdvanced: the first of the enrolment, the second, ...; one whose answer is taken back goes to a step again
  Sentence because;
  EventKey root;
  ContactId contact;
  std::vector<std::string> skipped;   // kEntered: steps left out at the beginning
};

struct AccountDecisions {
  CustomerId customer;
  std::vector<Decision> decisions;   // in order of admission
  std::vector<Closing> closings;
  std::vector<CadenceChange> cadences;
  // The next moment at which, if nothing happens, a tick may have something to record; none: never. Only with DecideInput::foresee.
  std::optional<Instant> look_again;
  // What fell due before the book went live and is not issued: how many by rule.
  std::map<std::string, std::int64_t> backlog;
};

// When follow-ups were issued first, by (rule, rep, step of a cadence; empty of single work): a throttle counts what begins.
using IssuedMoments = std::map<std::tuple<std::string, std::string, std::string>, std::vector<Instant>>;

class QuietRules;

struct DecideInput {
  const SignalContext* context = nullptr;
  const Policy* policy = nullptr;             // in force for what is not issued yet
  const PermissionProfile* permission = nullptr;
  Instant as_of;
  std::uint64_t seed = 0;
  // Policies by id, for what was issued under an earlier version: people keep the version they entered.
  const std::map<std::string, Policy>* earlier = nullptr;
  // What was issued before, for throttles. Null: counted from the accounts decided.
  const IssuedMoments* issued = nullptr;
  // True: AccountDecisions::look_again is found as well. Costs about as much again as deciding.
  bool foresee = false;
  // False: no derivations and no values, for who only counts.
  bool derive = true;
  // With `foresee`: rules of the account that have nothing to begin are passed over, and what was found of the others is kept. Inside alone.
  QuietRules* quiet = nullptr;
};

// Throttles are not applied: they need all accounts of a rep.
AccountDecisions DecideAccount(const Account& account, const DecideInput& input);

// All accounts (or `customers`), sorted by (customer, then order of admission), with throttles: of the new follow-ups of a throttled rule,
// the first by (priority, due, id) are due, as many as its rep may get on that local day of the book; the others are held by "throttle".
std::vector<AccountDecisions> DecideBook(const Book& book, const DecideInput& input, std::span<const CustomerId> customers);

// As DecideBook, without the accounts of which nothing is to be said. Tells `look_again` when each account visited is to be looked at again, if ever
// (where input.foresee), and adds to `issued` what was issued before, where it is given.
// `accounts` brings them as Book::Visit does.
using AccountSource = std::function<void(std::span<const CustomerId>, const std::function<void(const Account&)>&)>;
std::vector<AccountDecisions> DecideActive(const AccountSource& accounts, const DecideInput& input, std::span<const CustomerId> customers,
                                           const std::function<void(const CustomerId&, std::optional<Instant>)>& look_again, IssuedMoments* issued);

// The columns of surface.md: followup_id, customer, contact, rep, rule, step, channel, purpose, objective, headline, due,
// not_before, expires, minutes, value, priority, status, held_by, held_until, propensity. Sentences in `language`.
absl::StatusOr<Table> DecisionTable(const std::vector<AccountDecisions>& decisions, Language language, const Texts& texts);

// What a tick would append for an account: issued (new, or a further revision where something a rep sees has changed), withdrawn,
// expired; in canonical order. Ids are made from causes, so the same tick twice gives the same events.
std::vector<Event> EventsOf(const AccountDecisions& decided, Instant as_of);

// At hand-over: the follow-up's conditions and permission once more, at the exact moment. Empty: allowed.
struct HandOverAnswer {
  bool allowed = false;
  std::vector<Sentence> reasons;
  std::vector<std::string> tokens;     // "conditions", "expired", "closed", "unknown_followup", "approval", "snoozed", or a HoldReason
};
HandOverAnswer CheckHandOver(const Account& account, const FollowUpId& followup, const DecideInput& input, Instant at);

}  // namespace rapport

#endif  // RAPPORT_POLICY_DECIDE_HPP_

// Floor 5. A policy: a strict JSON document that says who is to be followed up, when, how and about what.
//
//   {"rapport_policy": 1, "name": "default", "rules": [
//     {"name": "open-worry", "purpose": "care", "priority": 90, "mandatory": true,
//      "trigger": {"event": "worry.raised"},
//      "when": {"signal": "worry.open", "is": ">=", "value": 1},
//      "action": {"channel": "call", "minutes": 15, "headline": "worry", "objective": "worry.listen"},
//      "expires": {"days": 14}}]}
//
// A rule waits for a trigger (an event or one of its dates, a recurrence, a silence, a signal that crosses a threshold), asks its
// conditions (signals only), and makes one piece of work, or a cadence: steps, each after the one before it is settled, with branches
// on what came of it. Exits end a cadence, re-entry says when it may begin again. docs/policy.md is the manual; schemas/policy.schema.json
// the form. A rule with purpose care may not have an objective that sells (`policy.care_rule_sells`).
//
// Parse finds all errors of a document at once. A policy's numbers may differ by team (`teams`): RulesFor gives the rules as they
// stand for one.
#ifndef RAPPORT_POLICY_POLICY_HPP_
#define RAPPORT_POLICY_POLICY_HPP_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "rapport/core/json.hpp"
#include "rapport/core/recurrence.hpp"
#include "rapport/core/sentence.hpp"
#include "rapport/core/table.hpp"
#include "rapport/ledger/vocabulary.hpp"
#include "rapport/signals/registry.hpp"

namespace rapport {

// kBusinessHours: hours during which the owner's calendar is open.
enum class OffsetUnit { kDays, kWorkingDays, kHours, kBusinessHours };
struct Offset {
  OffsetUnit unit = OffsetUnit::kDays;
  std::int64_t count = 0;
  std::optional<int> at_minute;   // of the local day, with days: "18:00"; else the day's start
  friend bool operator==(const Offset&, const Offset&) = default;
};

enum class Anchor { kOccurred, kDelivery, kReturnWindowEnds, kDue, kComeBack, kEnds, kExpectedClose, kBy, kReady };

// Of an event's own words: the trigger fires for an event whose every named field has one of the words.
struct EventFilter {
  std::string field;                  // "channel", "direction", "purpose", "disposition", "reason", "by", "kind"
  std::vector<std::string> words;
};

struct EventTrigger {
  std::string event;
  Anchor anchor = Anchor::kOccurred;
  Offset offset;
  std::optional<std::int64_t> assume_lead_days;
  std::vector<EventFilter> where;     // all of them; by field
};

// The dates on which a polled signal is looked at: of an RFC 5545 rule without an end, counted from Monday, 1 January 1900, so that they
// are the same for all customers.
struct Checks {
  std::string rrule;
  Recurrence dates;
};

struct SignalTrigger {
  const SignalColumn* signal = nullptr;
  double threshold = 0;
  bool below = false;                        // crosses below: at or under the threshold
  std::optional<std::int64_t> repeat_days;   // again every so many days while it stays there; each time is a step
  std::optional<Checks> checks;              // of a polled signal, and of no other
  double crosses_above() const { return threshold; }
};

// Dates of an RFC 5545 rule, counted from the event that enrols the customer; each date is a step.
struct RecurrenceTrigger {
  std::string rrule;
  std::string from;        // "customer" (the account's first event) or "purchase.placed" (the first order)
  Offset offset;           // days with a time of day
};

using Trigger = std::variant<EventTrigger, SignalTrigger, RecurrenceTrigger>;

enum class Comparison { kEqual, kNotEqual, kLess, kLessOrEqual, kGreater, kGreaterOrEqual, kIn, kKnown, kUnknown };

struct Condition {
  enum class Kind { kAll, kAny, kNot, kLeaf };
  Kind kind = Kind::kAll;                    // kAll without children is true
  std::vector<Condition> children;           // kAll, kAny: any number; kNot: one
  const SignalColumn* signal = nullptr;      // kLeaf
  Comparison is = Comparison::kEqual;
  std::vector<Cell> expected;                // one; several for kIn; none for kKnown, kUnknown
};

// Product of signals times a share, in the reporting currency; `otherwise` where one of them is missing.
struct ValueRule {
  double share = 1.0;
  std::vector<const SignalColumn*> of;
  std::string otherwise = "0";               // decimal
};

// Whose work it is: the account's owner's; of the colleague whom the customer knows best beside him; of the owner's manager. Where there is no
// such colleague, or no manager is known, the owner's.
enum class Assignee { kOwner, kColleague, kManager };
std::string_view NameOf(Assignee assignee);   // "owner", "colleague", "manager"

struct Action {
  Channel channel = Channel::kCall;
  std::int64_t minutes = 10;
  std::string headline;    // message key "headline.<this>"; an occasion may choose a variant "headline.<this>.<variant>"
  Assignee assignee = Assignee::kOwner;
  std::string objective;   // message key "objective.<this>"; "sell" and all that begins with "sell." sells
};

// What came of a step: a disposition, "met", "not_met", "done", "skipped", "timeout" (nobody did it in time), "passed_over" (its own
// conditions did not hold).
struct Branch {
  std::vector<std::string> on;
  std::string to;                 // a step's name, or "end"
  std::optional<Offset> after;    // instead of that step's own
};

struct Step {
  std::string name;               // part of the follow-up's id
  Offset after;                   // the settling of the step before; the first: of the trigger's moment
  Condition when;                 // where it does not hold when the step's turn comes, the step is passed over
  Action action;
  Offset expires;                 // after due; days or hours
  std::int64_t most = 1;          // how often it may be taken in one enrolment
  std::vector<Branch> branches;   // the first that matches; none: the next step in order
};

// What ends a cadence, or settles a single piece of work, once it happened after the root event.
enum class Exit { kReply, kPurchase, kRefusal, kComplaint, kMeeting, kGoal, kColleague };
std::string_view NameOf(Exit exit);   // "reply", "purchase", "refusal", "complaint", "meeting", "goal", "colleague"

// May a rule begin again for the same customer, by another root? kRearmed: once a new purchase was placed since it began.
enum class ReEntry { kNever, kWhenFinished, kAlways, kRearmed };
std::string_view NameOf(ReEntry entry);   // "never", "when_finished", "always", "new_purchase"

struct Rule {
  std::string name;
  Purpose purpose = Purpose::kCare;
  std::int64_t priority = 0;   // higher first
  bool mandatory = false;
  MessageClass message_class = MessageClass::kDefault;
  bool drop_over_cap = false;  // a cap that holds when it falls due gives it up; else it waits
  Trigger trigger;
  Condition when;              // at entry; of a single piece of work as long as it is open
  std::vector<Step> steps;     // at least one; a single piece of work is one step named "1"
  bool is_cadence = false;
  std::string referred_starts_at;   // the step at which a customer begins whom another one brought; empty: as everybody
  std::set<Exit> exits;
  Condition goal;              // of Exit::kGoal
  ReEntry re_entry = ReEntry::kAlways;
  std::optional<std::int64_t> rest_days;   // and not before so many days after it began last: {"days": 180}
  std::string exclusive;       // a group of which an account has one at a time; empty: none
  std::optional<std::int64_t> most_new_a_day;   // throttle: new follow-ups a rep and local day
  bool needs_approval = false; // the owner approves before it is handed over
  ValueRule value;
  std::vector<std::string> serves;   // tags of practices
  std::optional<std::string> note;   // what it is for, and what it needs

  const Action& action() const { return steps.front().action; }
  const Offset& expires() const { return steps.front().expires; }
  const Step* FindStep(std::string_view step) const;
  // The names of the steps before referred_starts_at, in order: what a customer leaves out whom another one brought.
  std::vector<std::string> LeftOutWhenReferred() const;
  // The first step that is not left out.
  const Step& BeginsAfter(const std::vector<std::string>& left_out) const;
};

// Every signal that a rule reads, at its trigger, in its conditions and those of its steps, for its goal and its value; one may come twice.
void VisitSignals(const Rule& rule, const std::function<void(const SignalColumn&)>& visit);

// A share of customers who are left alone, so that one can tell whether following up helps. Stable by customer and salt.
struct Holdout {
  double share = 0;            // 0 to 0.5
  std::string salt;
};

// One error of a document.
struct PolicyProblem {
  std::string token;           // "policy.unknown_key"
  std::string pointer;         // RFC 6901: "/rules/3/action/minutes"
  std::string found;
  std::string expected;
  std::string ToString() const;   // "/rules/3/action/minutes: found 0, expected 1 to 1440"
};

class Policy {
 public:
  // Tokens `policy.*`: unknown_key, missing_key, wrong_type, unknown_signal, unknown_event, polled_trigger, duplicate_rule,
  // duplicate_step, unknown_step, care_rule_sells, unknown_message, unknown_rule, invalid_value. The error carries the token of the first
  // problem and names all of them, joined by "; ". Cost O(document).
  static absl::StatusOr<Policy> Parse(const Json& document);
  // Also `json.*` where the text is no JSON.
  static absl::StatusOr<Policy> ParseText(std::string_view text);
  // All errors of a document, in its order; empty if Parse takes it.
  static std::vector<PolicyProblem> Check(const Json& document);
  // The same of a text; one that is no JSON is one problem with the token `json.*` at the whole document.
  static std::vector<PolicyProblem> CheckText(std::string_view text);
  // policies/default.json, bundled at build time.
  static const Policy& Default();
  // schemas/policy.schema.json (JSON Schema 2020-12) with titles and descriptions in a language, for forms. Cost O(schema).
  static absl::StatusOr<Json> Schema(Language language);

  const std::string& id() const { return id_; }        // hex of the hash of the canonical document
  const std::string& name() const { return name_; }
  const std::vector<Rule>& rules() const { return rules_; }
  // The rules as they stand for a team: the same names in the same order, perhaps with other numbers.
  const std::vector<Rule>& RulesFor(const std::optional<std::string>& team) const;
  const Rule* Find(std::string_view rule) const;
  const Rule* Find(std::string_view rule, const std::optional<std::string>& team) const;
  const std::optional<Holdout>& holdout() const { return holdout_; }
  const Json& document() const { return document_; }
  // As sentences in the language's words, each at most 110 columns wide: a line for each rule, under a cadence an indented line for each
  // step, then the holdout and each number that a team has of its own.
  absl::StatusOr<std::string> Describe(Language language) const;

 private:
  friend class PolicyReading;
  std::string id_;
  std::string name_;
  std::vector<Rule> rules_;
  std::map<std::string, std::vector<Rule>> teams_;
  std::optional<Holdout> holdout_;
  std::vector<std::shared_ptr<const SignalColumn>> host_columns_;   // what its conditions point to
  Json document_;
};

}  // namespace rapport

#endif  // RAPPORT_POLICY_POLICY_HPP_

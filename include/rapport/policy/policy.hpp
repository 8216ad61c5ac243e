// Floor 5. A policy: a strict JSON document that says who is to be followed up, when, how and about what.
//
//   {"rapport_policy": 1, "name": "default", "rules": [
//     {"name": "open-worry", "purpose": "care", "priority": 90, "mandatory": true,
//      "trigger": {"event": "worry.raised", "offset": {"hours": 0}},
//      "when": {"all": [{"signal": "worry.open", "is": ">=", "value": 1}]},
//      "action": {"channel": "call", "minutes": 15, "headline": "worry", "objective": "worry.listen"},
//      "value": {"share": 0.1, "of": ["purchase.value_at_risk"], "otherwise": "0"},
//      "expires": {"days": 14}}]}
//
// Triggers. By event: `event` (purchase.placed, purchase.delivered, worry.raised, promise.made, refusal, touch),
// `anchor` (occurred; delivery: delivered, else placed plus lead time, else plus `assume_lead_days`; return_window_ends;
// due; come_back) and `offset` ({"days"|"working_days"|"hours": n}, n may be negative). By signal: `signal`,
// `crosses_above` and perhaps `repeat` ({"days": n}: again every n days while it stays there); only columns that are not
// polled. A day-based moment is the start of that local day of the customer; a day-based expiry the end of one.
// Conditions read signals only: all, any, not, or a leaf {signal, is, value} with is one of = != < <= > >= in known unknown. A
// comparison with a missing value is false. A rule with purpose care may not have an objective that sells
// (`policy.care_rule_sells`). Unknown keys, signals, events, channels are errors that name the path.
#ifndef RAPPORT_POLICY_POLICY_HPP_
#define RAPPORT_POLICY_POLICY_HPP_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "rapport/core/json.hpp"
#include "rapport/core/sentence.hpp"
#include "rapport/core/table.hpp"
#include "rapport/ledger/vocabulary.hpp"
#include "rapport/signals/registry.hpp"

namespace rapport {

enum class OffsetUnit { kDays, kWorkingDays, kHours };
struct Offset {
  OffsetUnit unit = OffsetUnit::kDays;
  std::int64_t count = 0;
};

enum class Anchor { kOccurred, kDelivery, kReturnWindowEnds, kDue, kComeBack };

struct EventTrigger {
  std::string event;
  Anchor anchor = Anchor::kOccurred;
  Offset offset;
  std::optional<std::int64_t> assume_lead_days;
};

struct SignalTrigger {
  const SignalColumn* signal = nullptr;
  double crosses_above = 0;
  std::optional<std::int64_t> repeat_days;   // again every so many days while it stays at or above; each time is a step
};

using Trigger = std::variant<EventTrigger, SignalTrigger>;

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

struct Action {
  Channel channel = Channel::kCall;
  std::int64_t minutes = 10;
  std::string headline;    // message key "headline.<this>"; an occasion may choose a variant "headline.<this>.<variant>"
  std::string objective;   // message key "objective.<this>"; "sell" and all that begins with "sell." sells
};

struct Rule {
  std::string name;
  Purpose purpose = Purpose::kCare;
  std::int64_t priority = 0;   // higher first
  bool mandatory = false;
  Trigger trigger;
  Condition when;
  Action action;
  ValueRule value;
  Offset expires;              // after due; days or hours
};

class Policy {
 public:
  // Tokens `policy.*`: unknown_key, missing_key, wrong_type, unknown_signal, unknown_event, polled_trigger, duplicate_rule,
  // care_rule_sells, unknown_message, invalid_value; each message names the path. Cost O(document).
  static absl::StatusOr<Policy> Parse(const Json& document);
  // Also `json.*` where the text is no JSON.
  static absl::StatusOr<Policy> ParseText(std::string_view text);
  // policies/default.json, bundled at build time.
  static const Policy& Default();

  const std::string& id() const { return id_; }        // hex of the hash of the canonical document
  const std::string& name() const { return name_; }
  const std::vector<Rule>& rules() const { return rules_; }
  const Rule* Find(std::string_view rule) const;
  const Json& document() const { return document_; }
  // As sentences, one rule a line, in the language's words; each sentence at most 110 columns wide.
  absl::StatusOr<std::string> Describe(Language language) const;

 private:
  std::string id_;
  std::string name_;
  std::vector<Rule> rules_;
  Json document_;
};

}  // namespace rapport

#endif  // RAPPORT_POLICY_POLICY_HPP_

// The words of the policy document, and how event keys stand in a derivation.
#ifndef RAPPORT_SRC_POLICY_NAMES_HPP_
#define RAPPORT_SRC_POLICY_NAMES_HPP_

#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "rapport/policy/policy.hpp"

namespace rapport {

inline constexpr std::array<std::pair<Comparison, std::string_view>, 9> kComparisonNames{{
    {Comparison::kEqual, "="},
    {Comparison::kNotEqual, "!="},
    {Comparison::kLess, "<"},
    {Comparison::kLessOrEqual, "<="},
    {Comparison::kGreater, ">"},
    {Comparison::kGreaterOrEqual, ">="},
    {Comparison::kIn, "in"},
    {Comparison::kKnown, "known"},
    {Comparison::kUnknown, "unknown"},
}};
std::string_view NameOf(Comparison is);

inline constexpr std::array<std::pair<Anchor, std::string_view>, 9> kAnchorNames{{
    {Anchor::kOccurred, "occurred"},
    {Anchor::kDelivery, "delivery"},
    {Anchor::kReturnWindowEnds, "return_window_ends"},
    {Anchor::kDue, "due"},
    {Anchor::kComeBack, "come_back"},
    {Anchor::kEnds, "ends"},
    {Anchor::kExpectedClose, "expected_close"},
    {Anchor::kBy, "by"},
    {Anchor::kReady, "ready"},
}};
std::string_view NameOf(Anchor anchor);

inline constexpr std::array<std::pair<OffsetUnit, std::string_view>, 4> kOffsetUnitNames{{
    {OffsetUnit::kDays, "days"},
    {OffsetUnit::kWorkingDays, "working_days"},
    {OffsetUnit::kHours, "hours"},
    {OffsetUnit::kBusinessHours, "business_hours"},
}};
std::string_view NameOf(OffsetUnit unit);

// Signs that no step's name holds: a follow-up's step is "evening", "evening/2" (taken a second time), "evening@2026-03-01" (of a later occasion).
inline constexpr std::string_view kStepMarks = "/@";
// The step of a cadence that a follow-up's step names: "evening/2@2026-03-01" is "evening".
inline std::string_view StepNameOf(std::string_view step) { return step.substr(0, step.find_first_of(kStepMarks)); }

// Events a rule may wait for, with the anchors they have (the first is the default) and the words they may be chosen by.
inline constexpr std::string_view kOnPlaced = "purchase.placed";
inline constexpr std::string_view kOnDelivered = "purchase.delivered";
inline constexpr std::string_view kOnReturned = "purchase.returned";
inline constexpr std::string_view kOnWorry = "worry.raised";
inline constexpr std::string_view kOnPromise = "promise.made";
inline constexpr std::string_view kOnRefusal = "refusal";
inline constexpr std::string_view kOnTouch = "touch";
inline constexpr std::string_view kOnFeedback = "feedback.given";
inline constexpr std::string_view kOnCase = "case.opened";
inline constexpr std::string_view kOnContract = "contract.started";
inline constexpr std::string_view kOnOpportunity = "opportunity.opened";
inline constexpr std::string_view kOnWon = "opportunity.won";
inline constexpr std::string_view kOnLost = "opportunity.lost";
inline constexpr std::string_view kOnReferral = "referral.made";
inline constexpr std::string_view kOnNeed = "need.stated";

struct TriggerEvent {
  std::string_view name;
  std::array<Anchor, 3> anchors;
  std::size_t anchor_count;
  std::array<std::string_view, 4> fields;   // of `where`; "" for none
};
inline constexpr std::array<TriggerEvent, 15> kTriggerEvents{{
    {kOnPlaced, {Anchor::kOccurred, Anchor::kDelivery, Anchor::kReturnWindowEnds}, 3, {}},
    {kOnDelivered, {Anchor::kOccurred, Anchor::kDelivery, Anchor::kReturnWindowEnds}, 3, {}},
    {kOnReturned, {Anchor::kOccurred}, 1, {}},
    {kOnWorry, {Anchor::kOccurred}, 1, {}},
    {kOnPromise, {Anchor::kOccurred, Anchor::kDue, Anchor::kReady}, 3, {"by"}},
    {kOnRefusal, {Anchor::kOccurred, Anchor::kComeBack}, 2, {"reason"}},
    {kOnTouch, {Anchor::kOccurred}, 1, {"channel", "direction", "purpose", "disposition"}},
    {kOnFeedback, {Anchor::kOccurred}, 1, {}},
    {kOnCase, {Anchor::kOccurred}, 1, {"kind"}},
    {kOnContract, {Anchor::kOccurred, Anchor::kEnds}, 2, {}},
    {kOnOpportunity, {Anchor::kOccurred, Anchor::kExpectedClose}, 2, {}},
    {kOnWon, {Anchor::kOccurred}, 1, {}},
    {kOnLost, {Anchor::kOccurred}, 1, {"reason"}},
    {kOnReferral, {Anchor::kOccurred}, 1, {}},
    {kOnNeed, {Anchor::kOccurred, Anchor::kBy}, 2, {}},
}};

inline constexpr std::array<std::pair<Exit, std::string_view>, 7> kExitNames{{
    {Exit::kReply, "reply"},
    {Exit::kPurchase, "purchase"},
    {Exit::kRefusal, "refusal"},
    {Exit::kComplaint, "complaint"},
    {Exit::kMeeting, "meeting"},
    {Exit::kGoal, "goal"},
    {Exit::kColleague, "colleague"},
}};
inline constexpr std::array<std::pair<ReEntry, std::string_view>, 4> kReEntryNames{{
    {ReEntry::kNever, "never"},
    {ReEntry::kWhenFinished, "when_finished"},
    {ReEntry::kAlways, "always"},
    {ReEntry::kRearmed, "new_purchase"},
}};
inline constexpr std::array<std::pair<Assignee, std::string_view>, 3> kAssigneeNames{{
    {Assignee::kOwner, "owner"},
    {Assignee::kColleague, "colleague"},
    {Assignee::kManager, "manager"},
}};
// What may come of a step, beside the dispositions of a touch.
inline constexpr std::array<std::string_view, 6> kOutcomes{"met", "not_met", "done", "skipped", "timeout", "passed_over"};
// Where a branch leads out of the cadence.
inline constexpr std::string_view kEnd = "end";
// The event that enrols a customer for a recurrence.
inline constexpr std::string_view kFromCustomer = "customer";

// The rule or step of that name in a list of the document; nullptr: none.
const Json* FindNamed(const Json::Array& list, std::string_view name);

Json KeyToJson(const EventKey& key);                       // {"source": ..., "id": ...}
Json KeysToJson(const std::vector<EventKey>& keys);

}  // namespace rapport

#endif  // RAPPORT_SRC_POLICY_NAMES_HPP_

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

inline constexpr std::array<std::pair<Anchor, std::string_view>, 5> kAnchorNames{{
    {Anchor::kOccurred, "occurred"},
    {Anchor::kDelivery, "delivery"},
    {Anchor::kReturnWindowEnds, "return_window_ends"},
    {Anchor::kDue, "due"},
    {Anchor::kComeBack, "come_back"},
}};
std::string_view NameOf(Anchor anchor);

inline constexpr std::array<std::pair<OffsetUnit, std::string_view>, 3> kOffsetUnitNames{{
    {OffsetUnit::kDays, "days"},
    {OffsetUnit::kWorkingDays, "working_days"},
    {OffsetUnit::kHours, "hours"},
}};
std::string_view NameOf(OffsetUnit unit);

// Events a rule may wait for.
inline constexpr std::string_view kOnPlaced = "purchase.placed";
inline constexpr std::string_view kOnDelivered = "purchase.delivered";
inline constexpr std::string_view kOnWorry = "worry.raised";
inline constexpr std::string_view kOnPromise = "promise.made";
inline constexpr std::string_view kOnRefusal = "refusal";
inline constexpr std::string_view kOnTouch = "touch";

Json KeyToJson(const EventKey& key);                       // {"source": ..., "id": ...}
Json KeysToJson(const std::vector<EventKey>& keys);

}  // namespace rapport

#endif  // RAPPORT_SRC_POLICY_NAMES_HPP_

// Floor 5, inside. The occasions that an account's events give.
#ifndef RAPPORT_SRC_POLICY_EVENT_OCCASIONS_HPP_
#define RAPPORT_SRC_POLICY_EVENT_OCCASIONS_HPP_

#include <string_view>
#include <vector>

#include "rapport/policy/occasion.hpp"

namespace rapport {

// Those of a trigger, in no order. O(records of the account).
std::vector<Occasion> EventOccasions(const EventTrigger& trigger, const SignalInput& input, const OccasionScope& scope);
// The names of the arguments they may give, sorted.
std::vector<std::string> EventArguments(std::string_view event);

}  // namespace rapport

#endif  // RAPPORT_SRC_POLICY_EVENT_OCCASIONS_HPP_

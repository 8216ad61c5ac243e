// Floor 5, inside. The occasions that an account's events give.
#ifndef RAPPORT_SRC_POLICY_EVENT_OCCASIONS_HPP_
#define RAPPORT_SRC_POLICY_EVENT_OCCASIONS_HPP_

#include <string_view>
#include <vector>

#include "rapport/policy/occasion.hpp"

namespace rapport {

// All of a trigger, settled ones marked, in no order. O(records of the account).
std::vector<Occasion> EventOccasions(const EventTrigger& trigger, const SignalInput& input);
// The names of the arguments they may give, sorted.
std::vector<std::string> EventArguments(std::string_view event);

}  // namespace rapport

#endif  // RAPPORT_SRC_POLICY_EVENT_OCCASIONS_HPP_

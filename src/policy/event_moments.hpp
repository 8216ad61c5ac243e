// Floor 5, inside. When something happened to a customer, to look at a day one event after another.
#ifndef RAPPORT_SRC_POLICY_EVENT_MOMENTS_HPP_
#define RAPPORT_SRC_POLICY_EVENT_MOMENTS_HPP_

#include <vector>

#include "rapport/book/account.hpp"

namespace rapport {

// The moments of what the account records in [from, until], each once, in order. O(records of the account).
std::vector<Instant> MomentsOf(const Account& account, Instant from, Instant until);

}  // namespace rapport

#endif  // RAPPORT_SRC_POLICY_EVENT_MOMENTS_HPP_

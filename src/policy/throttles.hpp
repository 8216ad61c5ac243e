// Floor 5, inside. The second pass, by rep: how much new work a rule may make a rep a day.
#ifndef RAPPORT_SRC_POLICY_THROTTLES_HPP_
#define RAPPORT_SRC_POLICY_THROTTLES_HPP_

#include <vector>

#include "rapport/policy/decide.hpp"

namespace rapport {

// Adds when the account's follow-ups were issued first.
void CountIssued(const Account& account, IssuedMoments& moments);
// One, as it was issued first, at that moment.
void CountIssued(const FollowUpIssued& first, Instant at, IssuedMoments& moments);
// Holds back what is new over a rule's `new_a_day` of its rep, of all accounts decided, in order of (priority, due, id). What a day is
// says the book's zone. A cadence that is held back has not begun.
void ApplyThrottles(const IssuedMoments& issued, const DecideInput& input, std::vector<AccountDecisions>& all);

}  // namespace rapport

#endif  // RAPPORT_SRC_POLICY_THROTTLES_HPP_

// Floor 6, inside. What must be done and has no room: who is told, or who takes it.
#ifndef RAPPORT_SRC_PLAN_TOLD_HPP_
#define RAPPORT_SRC_PLAN_TOLD_HPP_

#include "plan/day_work.hpp"

namespace rapport {

// Says it on every such line of `reps`, which are all reps' days. A colleague whom the account knows, who works that day and has the minutes free takes it, the
// warmest first, and each minute once; else whom we promised something is told, else the manager, else the customer.
void TellWhom(const WorkQuestion& asked, std::vector<RepDay>& reps);

}  // namespace rapport

#endif  // RAPPORT_SRC_PLAN_TOLD_HPP_

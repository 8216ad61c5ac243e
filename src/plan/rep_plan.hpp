// Floor 6, inside. One rep's day from what lies on the desk.
#ifndef RAPPORT_SRC_PLAN_REP_PLAN_HPP_
#define RAPPORT_SRC_PLAN_REP_PLAN_HPP_

#include "plan/taken.hpp"

namespace rapport {

// Fills `day`, whose rep and zone are set. `taken`: when customers are contacted already, by all appointments, on earlier days and by other reps.
// `plan.too_large`.
absl::Status PlanRep(const WorkQuestion& asked, const TakenTimes& taken, RepWork work, RepDay& day);

}  // namespace rapport

#endif  // RAPPORT_SRC_PLAN_REP_PLAN_HPP_

// Floor 6. A day plan as a rep reads it, and as a table.
#ifndef RAPPORT_PLAN_PLAN_PRINT_HPP_
#define RAPPORT_PLAN_PLAN_PRINT_HPP_

#include <string>

#include "absl/status/statusor.h"
#include "rapport/core/sentence.hpp"
#include "rapport/core/table.hpp"
#include "rapport/plan/plan_day.hpp"

namespace rapport {

// rep, position, start, minutes, customer, customer_name, contact, channel, purpose, objective, headline, value, mandatory, followup_id (null of an
// appointment without a follow-up), status, held_by, held_until, currency, day, travel_minutes, rolled (days on which it was put off), age_days, appointment
// (its id), told (who must be told, or has it now), hand_to (the rep whom `told` names), passed_from (whose it was), later (its start on a later day).
// status: "planned" lines first by day, rep and position; then of the plan's own day "no_room", "waits" (another line sees the customer that day),
// "passed_on" (the manager has it now) and "held".
absl::StatusOr<Table> PlanTable(const DayPlan& plan, Language language, const Texts& texts);

struct PlanTextOptions {
  int most_no_room = 3;          // lines told; the rest is a count
  int most_held_a_reason = 1;    // the largest value per minute of each reason
};
// Plain text, one block a rep, as shared by the office example; of several reps those with nothing to do are left out; the
// days after the first follow, each rep with something to do.
// "Mon 2 Mar 2026 · Sato Miki · 225 of 240 min planned (300 less 60 kept free) · 4 must, 4 chosen · 0 customers without a next date"
absl::StatusOr<std::string> PlanText(const DayPlan& plan, const Book& book, Language language, const Texts& texts,
                                     const PlanTextOptions& options = {});

}  // namespace rapport

#endif  // RAPPORT_PLAN_PLAN_PRINT_HPP_

// Floor 6. The day under capacity: what must be done, then the best money under the minutes that are left.
//
// PlanMinutes is the piece that stands alone: candidates with minutes and value in, those that fit out. What is mandatory
// is taken first, in the order given, as long as it fits; among the others the choice maximises the sum of value exactly (a
// knapsack over whole minutes, O(candidates x minutes)), never more than `minutes`. Ties go to fewer minutes, then to the id;
// minutes still free then take candidates without value, in the order given.
// PlanBook makes each rep's day from decisions: the working week, absences, a reserve kept free, first allowed minutes.
#ifndef RAPPORT_PLAN_PLAN_DAY_HPP_
#define RAPPORT_PLAN_PLAN_DAY_HPP_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "rapport/book/book.hpp"
#include "rapport/core/table.hpp"
#include "rapport/policy/decide.hpp"

namespace rapport {

struct PlanCandidate {
  std::string id;               // unique
  std::int64_t minutes = 0;     // > 0
  std::int64_t value = 0;       // minor units of one currency, >= 0
  bool mandatory = false;
};

struct PlannedCandidate {
  bool planned = false;
  std::optional<std::int64_t> position;   // from 1, among the planned: mandatory as given, then by value per minute
};

// One answer per candidate, in the order given. `plan.invalid_candidate` names the row: minutes < 1, value < 0, a second id.
absl::StatusOr<std::vector<PlannedCandidate>> PlanMinutes(std::span<const PlanCandidate> candidates, std::int64_t minutes);

// One line of a rep's day.
struct PlanLine {
  std::optional<std::int64_t> position;   // none: no room
  std::optional<Instant> start;
  const Decision* decision = nullptr;
};

struct RepDay {
  RepId rep;                      // empty: customers without an owner
  const Zone* zone = nullptr;
  bool works = true;
  std::int64_t minutes = 0;       // of the day, with the reserve
  std::int64_t reserve = 0;
  std::int64_t planned_minutes = 0;
  std::int64_t mandatory = 0;     // planned ones
  std::int64_t chosen = 0;
  std::int64_t without_next_date = 0;  // customers with neither a date nor a stated reason; 0 unless the policy forgets some
  std::vector<PlanLine> lines;    // by position
  std::vector<PlanLine> no_room;  // in order of mandatory, value per minute, id
  std::vector<const Decision*> held;   // by value per minute
};

struct DayPlan {
  Day day;
  Instant as_of;
  std::optional<Instant> known_at;           // nullopt: as_of
  std::string policy;
  std::vector<AccountDecisions> decisions;   // what the lines point into; move the plan, do not copy it
  std::vector<RepDay> reps;                  // sorted by rep

  DayPlan() = default;
  DayPlan(DayPlan&&) = default;
  DayPlan& operator=(DayPlan&&) = default;
};

// The plan of `day` for `reps` (empty: all), as known at input.as_of. A decision takes part on the day if its not_before falls on or before
// that day in the rep's zone. Starts lie in the rep's working ranges, at or after not_before, one after the other; what finds no
// place before the ranges end has no room. Permission is asked again at each start, so a start never leaves a send window. A rep who does not work that day has everything under no_room.
// `customers`: where given, nobody else can be the business of these reps (a host's index of its own); O(their accounts).
absl::StatusOr<DayPlan> PlanBook(const Book& book, const DecideInput& input, Day day, std::span<const RepId> reps,
                                 const std::optional<std::vector<CustomerId>>& customers = std::nullopt);

}  // namespace rapport

#endif  // RAPPORT_PLAN_PLAN_DAY_HPP_

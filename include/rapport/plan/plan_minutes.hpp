// Floor 6. Which candidates fill a number of minutes best: the piece of a plan that stands alone.
//
//   PlanMinutes({{.id = "a", .minutes = 60, .value = 900}, {.id = "b", .minutes = 20, .mandatory = true}}, 75);   // b, and not a
//
// What is mandatory goes first. If all of it fits, it is planned, and of the others those with the greatest sum of value; if not, the mandatory ones with
// the greatest sum of value, and nothing else: nothing optional is in while something mandatory is out. Ties go to more candidates, then to fewer minutes,
// then by value a minute, the shorter one and the id, so the order given does not matter. Never more than `minutes`.
//
// The choice is exact: a knapsack over whole minutes (Bellman 1957) of the candidates that an optimum can need, of each length the best that fit side by side. With
// goals it has a dimension for the visits and one for small customers. O(contenders x minutes), with goals times the visits that fit and the floor.
//
// Goals go before value, the first before the second, each as far as it can be reached beside what is mandatory:
//   visit_quota     at least so many visits are planned
//   revisit_share   of the visits planned at least this share are revisits, or every revisit that fits the minutes by itself is planned
//   small_floor     at least so many candidates of small customers are planned
#ifndef RAPPORT_PLAN_PLAN_MINUTES_HPP_
#define RAPPORT_PLAN_PLAN_MINUTES_HPP_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace rapport {

struct PlanCandidate {
  std::string id;               // unique
  std::int64_t minutes = 0;     // > 0, without travel
  std::int64_t value = 0;       // minor units of one currency, >= 0
  bool mandatory = false;
  bool visit = false;
  bool revisit = false;         // a visit where we were before
  bool small = false;           // of a small customer
};

// Of the greatest value, given up so that one candidate less moves fewer of the others (docs/adr/0026).
inline constexpr double kForSteadiness = 0.01;

struct PlanGoals {
  std::int64_t travel_minutes = 0;             // on top of each visit
  std::optional<std::int64_t> visit_quota;     // 0 or more
  std::optional<double> revisit_share;         // 0 to 1
  std::optional<std::int64_t> small_floor;     // 0 or more
  double tolerance = 0;                        // 0: exact; to 0.1: candidates by value a minute as they fit, where that is so near to the greatest sum
  std::int64_t visits = 0, revisits = 0, small = 0;   // there already, beside the candidates: they count towards all goals; 0 or more
};

struct PlannedCandidate {
  bool planned = false;
  std::optional<std::int64_t> position;   // from 1, among the planned: mandatory as given, then by value per minute
};

// One answer per candidate, in the order given. `plan.invalid_candidate` names row and column: minutes < 1, value < 0, a second id.
// `plan.invalid_goal` names the goal; `plan.too_large` where the tables would pass 256 million cells.
absl::StatusOr<std::vector<PlannedCandidate>> PlanMinutes(std::span<const PlanCandidate> candidates, std::int64_t minutes, const PlanGoals& goals = {});

// A row of a table. The words of `kind`, free text, say what it is: "visit"; "revisit", which is a visit too; "small". Other words say nothing.
struct PlanRow {
  std::string_view id;
  double minutes = 0;           // whole
  double value = 0;             // any unit, one for all
  bool mandatory = false;
  std::string_view kind;
};
// As PlanMinutes. Values are taken as they are where all are whole and below 2^53, else to about 12 digits of the greatest. `plan.invalid_candidate` also for what is not finite, or no
// whole minute.
absl::StatusOr<std::vector<PlannedCandidate>> PlanRows(std::span<const PlanRow> rows, std::int64_t minutes, const PlanGoals& goals = {});

}  // namespace rapport

#endif  // RAPPORT_PLAN_PLAN_MINUTES_HPP_

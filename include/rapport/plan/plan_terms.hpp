// Floor 6. How a book plans days: the document `plan` of book.configured. What it does not name is as here.
//
//   {"travel_minutes": 30,       before each visit; a rep's own (rep.upserted) goes first; 0 to 720
//    "reserve_share": 0.2,       of a rep's minutes, never planned; a rep's reserve_minutes goes first; 0 to 0.9
//    "revisit_share": 0.3,       of the visits of a day, as long as there are revisits; 0 to 1, null: none is asked for
//    "small_floor": 1,           lines a day for customers who are not large, where there is one; 0 to 100
//    "visit_quota": null,        visits a day, those done with an outcome counted; a rep's own goes first; 0 to 100
//    "rollovers": 3,             so often undone, and the work is the manager's; 1 to 100
//    "days_ahead": 1,            days that a plan shows, its own the first; 1 to 14
//    "visits_start_every": 15,   minutes: a visit begins on the full quarter hour; 1, 5, 10, 15, 20, 30 or 60
//    "appointment_minutes": 30}  of an appointment that says none; 5 to 720
//
// The numbers are conventions of offices, no estimates. `plan.invalid_terms` names field, found and expected.
#ifndef RAPPORT_PLAN_PLAN_TERMS_HPP_
#define RAPPORT_PLAN_PLAN_TERMS_HPP_

#include <cstdint>
#include <optional>

#include "absl/status/statusor.h"
#include "rapport/book/context.hpp"
#include "rapport/core/json.hpp"

namespace rapport {

inline constexpr std::int64_t kMostDaysAhead = 14;

struct PlanTerms {
  std::int64_t travel_minutes = 30;
  double reserve_share = kReserveShare;
  std::optional<double> revisit_share = 0.3;
  std::int64_t small_floor = 1;
  std::optional<std::int64_t> visit_quota;
  std::int64_t rollovers = 3;
  std::int64_t days_ahead = 1;
  std::int64_t visits_start_every = 15;
  std::int64_t appointment_minutes = 30;

  // Null: as above.
  static absl::StatusOr<PlanTerms> FromJson(const Json& document);

  std::int64_t TravelOf(const RepRecord& rep) const { return rep.travel_minutes.value_or(travel_minutes); }
  std::optional<std::int64_t> QuotaOf(const RepRecord& rep) const { return rep.visit_quota.has_value() ? rep.visit_quota : visit_quota; }
  std::int64_t ReserveOf(const RepRecord& rep) const { return rep.Reserve(reserve_share); }
};

}  // namespace rapport

#endif  // RAPPORT_PLAN_PLAN_TERMS_HPP_

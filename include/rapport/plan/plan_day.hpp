// Floor 6. The day under capacity: what must be done, then the best money under the minutes that are left.
//
// PlanMinutes (plan_minutes.hpp) is the piece that stands alone. PlanBook makes each rep's day from decisions and appointments (docs/plan.md):
//   minutes   the rep's, less a reserve that is never planned; a visit takes its travel on top (plan_terms.hpp, travel.hpp)
//   fixed     appointments stand at their time and come first; a follow-up that one names is done in it, and on no day before
//   who       the decision's rep; of what must be done while he is away whom they know best of those who are there, else his manager; after so many days
//             on which it was handed over and not done the manager, where it must be done
//   what      what must be done, by money at risk where that is more than the minutes; then the greatest sum of value to one in a hundred, with the goals of the
//             terms. One
//             account is seen by one line a day, and by further ones only where they must be
//   when      in the rep's working ranges, at or after not_before, before it expires, travel before it, inside the customer's proven best hours where there is
//             room. Permission is asked at each start, so a start never leaves a send window; appointments and lines of all reps and of earlier days count as
//             attempts, and no two of an account are at the same time
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
#include "rapport/plan/plan_minutes.hpp"
#include "rapport/plan/travel.hpp"
#include "rapport/policy/decide.hpp"

namespace rapport {

// One line of a rep's day.
struct PlanLine {
  std::optional<std::int64_t> position;   // none: not planned
  std::optional<Instant> start;
  const Decision* decision = nullptr;     // null: an appointment without a follow-up
  CustomerId customer;
  std::optional<ContactId> contact;
  Channel channel = Channel::kCall;
  Purpose purpose = Purpose::kCare;
  std::int64_t minutes = 0;               // without travel
  std::int64_t travel_minutes = 0;        // before it; of a line that is not planned what was reckoned with
  bool mandatory = false;                 // the decision's, or the manager's who has it now
  bool revisit = false;                   // a visit where we were before
  std::optional<AppointmentRecord> appointment;
  std::int64_t rolled = 0;                // days before the plan's on which it was handed over, and not done
  std::int64_t age_days = 0;              // since it was issued
  RepId passed_from;                      // whose it was; empty: the rep's own
  std::optional<Sentence> told;           // not planned: who must be told, or who has it now
  RepId hand_to;                          // the colleague whom `told` names
  std::optional<Instant> later;           // not planned: its start on a later day of the plan, or its appointment's
};

// What a line is about, and what it is for: the decision's, or those of an appointment.
Sentence HeadlineOf(const PlanLine& line);
Sentence ObjectiveOf(const PlanLine& line);

struct RepDay {
  RepId rep;                      // empty: customers without an owner
  const Zone* zone = nullptr;
  bool works = true;
  std::int64_t minutes = 0;       // of the day, with the reserve
  std::int64_t reserve = 0;
  std::int64_t done_minutes = 0;  // of that day by as_of: noted of the rep's touches, or of appointments that are over; of one customer the greater
  std::int64_t planned_minutes = 0;    // with travel; never above minutes - reserve - done_minutes but by appointments
  std::int64_t free_minutes = 0;  // that nothing takes: of these, and of what is left of the working hours
  std::int64_t travel_minutes = 0;     // of these
  std::int64_t mandatory = 0;     // planned ones
  std::int64_t chosen = 0;        // the other planned ones, appointments among them
  std::int64_t visits = 0, revisits = 0;          // planned ones
  std::optional<std::int64_t> visit_quota;
  std::int64_t visits_done = 0;   // on that day by as_of, with an outcome; counted where there is a quota
  std::int64_t without_next_date = 0;  // customers with neither a date nor a stated reason; 0 unless the policy forgets some
  std::vector<PlanLine> lines;    // by position, which is by start
  std::vector<PlanLine> no_room;  // in order of mandatory, value per minute, id
  std::vector<PlanLine> waits;    // of accounts that another line sees that day; of follow-ups with an appointment on another day, told and with its start
  std::vector<PlanLine> passed_on;     // undone so often that they are the manager's now
  std::vector<const Decision*> held;   // by value per minute
};

struct LaterDay {
  Day day;
  std::vector<RepDay> reps;       // as DayPlan::reps, without those who do not work; nothing is held in them
};

struct DayPlan {
  Day day;
  Instant as_of;
  std::optional<Instant> known_at;           // nullopt: as_of
  std::string policy;
  std::vector<AccountDecisions> decisions;   // what the lines point into; move the plan, do not copy it
  std::vector<RepDay> reps;                  // sorted by rep
  std::vector<LaterDay> later;               // the days after `day`, with what had no room before and with what is held until then

  DayPlan() = default;
  DayPlan(DayPlan&&) = default;
  DayPlan& operator=(DayPlan&&) = default;
};

struct PlanAsk {
  Day day;
  std::int64_t days = 0;                     // shown, `day` the first; 0: as the book's terms say; at most kMostDaysAhead
  std::vector<RepId> reps = {};              // empty: all
  const TravelMatrix* travel = nullptr;      // null: fixed minutes
};

// The plan of a day as known at input.as_of. A decision takes part on a day if its not_before falls on or before it in the rep's zone. What falls due after
// as_of is not in yet, on no day. A rep who does not work that day has everything under no_room. What must be done, can be done on such a day and has no room
// keeps everything optional out. `rep.unknown`, `plan.invalid_days`, `plan.invalid_terms`, `plan.too_large`.
// `customers`: where given, nobody else can be the business of these reps (a host's index of its own); O(their accounts) a day.
absl::StatusOr<DayPlan> PlanBook(const Book& book, const DecideInput& input, const PlanAsk& ask,
                                 const std::optional<std::vector<CustomerId>>& customers = std::nullopt);

}  // namespace rapport

#endif  // RAPPORT_PLAN_PLAN_DAY_HPP_

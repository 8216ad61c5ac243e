// Floor 6, inside. What lies on each rep's desk on a day: appointments, what may be done, what waits, what is the manager's now.
#ifndef RAPPORT_SRC_PLAN_DAY_WORK_HPP_
#define RAPPORT_SRC_PLAN_DAY_WORK_HPP_

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "rapport/plan/plan_day.hpp"
#include "rapport/plan/plan_terms.hpp"

namespace rapport {

struct RepWork {
  std::vector<PlanLine> fixed;       // appointments, by start
  std::vector<PlanLine> able;        // in order of urgency
  std::vector<PlanLine> waits;
  std::set<FollowUpId> spare;        // of `waits`: may be done where no other line of `able` sees the account after all
  std::vector<PlanLine> passed_on;
  std::vector<const Decision*> held;
  std::set<CustomerId> small;        // of `able` and `fixed`: customers who are not large
  std::int64_t visits_done = 0;
  std::int64_t minutes_done = 0;     // of that day by as_of: noted of what the rep did, or appointments that are over; of one customer the greater
};

struct WorkQuestion {
  const Book& book;
  const DecideInput& input;
  const PlanTerms& terms;
  Day first;                         // the plan's
  Day day;                           // the one asked about
  const std::set<FollowUpId>& done;  // planned on an earlier day
  const TravelMatrix* travel;        // null: fixed minutes
};

// The line of a decision, before anything is known of its day.
PlanLine LineOf(const Decision& decision);
// The line of an appointment; `decided`: of its account, null where there is nothing. A follow-up that is planned on an earlier day is not done again.
PlanLine AppointmentLine(const WorkQuestion& asked, const Account& account, const AccountDecisions* decided, const AppointmentRecord& appointment);
// Whether it ended by then.
bool IsOver(const PlanLine& appointment, Instant as_of);

// By rep; the empty id for customers without an owner. `customers` empty: all.
std::map<RepId, RepWork> GatherWork(const WorkQuestion& asked, const std::vector<AccountDecisions>& decisions, std::span<const CustomerId> customers);

// Of those that DecideBook gave, in their order; null where there is nothing. O(log decisions).
const AccountDecisions* DecidedOf(const std::vector<AccountDecisions>& decisions, const CustomerId& customer);

// What must be done comes by urgency, the rest by value a minute with travel; the id settles ties. Lines with a decision.
bool MoreUrgent(const PlanLine& a, const PlanLine& b);
// By value a minute with travel whatever must be done, and only then by urgency.
bool IsWorthMore(const PlanLine& a, const PlanLine& b);
std::int64_t ValueOf(const PlanLine& line);
// The rep's record; of one whom nobody told about an office week and 300 minutes.
RepRecord RecordOf(const BookContext& context, const RepId& rep);
// Whom of ours the account knows, the warmest first; only those who are met by `may`.
std::vector<RepId> WhoKnows(const Account& account, const WorkQuestion& asked, const std::function<bool(const RepId&)>& may);

}  // namespace rapport

#endif  // RAPPORT_SRC_PLAN_DAY_WORK_HPP_

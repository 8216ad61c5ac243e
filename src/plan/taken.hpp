// Floor 6, inside. When customers are contacted already: by appointments, and by lines that other reps, or earlier days, have.
#ifndef RAPPORT_SRC_PLAN_TAKEN_HPP_
#define RAPPORT_SRC_PLAN_TAKEN_HPP_

#include <map>
#include <vector>

#include "plan/day_work.hpp"

namespace rapport {

// Half-open.
struct Span {
  Instant from;
  Instant to;
};

// The attempt that a line stands for, and while it lasts. That of an open follow-up takes the place of what permission reserves for it.
struct TakenTime {
  Attempt attempt;
  Span span;
  FollowUpId followup;   // empty: an appointment without one
};
using TakenTimes = std::map<CustomerId, std::vector<TakenTime>>;

// Whom permission is asked about: the line's contact, else the account's primary one, as decisions do. Null: the account.
const ContactRecord* PersonOf(const Account& account, const PlanLine& line);
// `line` starts at line.start.
TakenTime TakenBy(const Account& account, const PlanLine& line);

// What is asked of permission for a line beside what is taken; `attempts` holds what the answer points into.
PermissionInput PermissionFor(const WorkQuestion& asked, const Account& account, const PlanLine& line, const std::vector<const TakenTime*>& taken,
                       std::vector<Attempt>& attempts);

// Why an appointment must not be kept, as a sentence; nullopt: it stands.
std::optional<Sentence> WhyNotKept(const WorkQuestion& asked, const Account& account, const PlanLine& appointment);

// Of every appointment that is to come, on whatever day, and may be kept.
TakenTimes TakenByAppointments(const WorkQuestion& asked, const std::vector<AccountDecisions>& decisions, std::span<const CustomerId> customers);

}  // namespace rapport

#endif  // RAPPORT_SRC_PLAN_TAKEN_HPP_

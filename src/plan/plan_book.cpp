#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "plan/day_work.hpp"
#include "plan/rep_plan.hpp"
#include "plan/told.hpp"
#include "rapport/book/zone_of.hpp"
#include "rapport/plan/plan_day.hpp"
#include "rapport/policy/agenda.hpp"

namespace rapport {
namespace {

// Nobody is not everybody.
bool IsNobody(const std::optional<std::vector<CustomerId>>& customers) { return customers.has_value() && customers->empty(); }

std::map<RepId, std::int64_t> WithoutNextDate(const Book& book, const DecideInput& input, const std::optional<std::vector<CustomerId>>& customers) {
  std::map<RepId, std::int64_t> counts;
  if (IsNobody(customers)) return counts;
  for (const AgendaLine& line : AgendaOf(book, input, customers.value_or(std::vector<CustomerId>()))) {
    if (line.next.has_value() || line.reason != "no_rule") continue;
    const std::shared_ptr<const Account> account = book.Find(line.customer);
    if (account != nullptr) counts[account->owner.value_or(RepId())] += 1;
  }
  return counts;
}

// A plan of several days, made day by day.
class BookPlanner {
 public:
  BookPlanner(const Book& book, const DecideInput& input, const PlanAsk& ask, const std::optional<std::vector<CustomerId>>& customers)
      : book_(book), input_(input), ask_(ask), customers_(customers) {}

  absl::StatusOr<DayPlan> Plan() {
    RAPPORT_ASSIGN_OR_RETURN(terms_, PlanTerms::FromJson(book_.context().plan));
    const std::int64_t days = ask_.days == 0 ? terms_.days_ahead : ask_.days;
    if (days < 1 || days > kMostDaysAhead) {
      return Invalid("plan.invalid_days", absl::StrCat("days: found ", days, ", expected 1 to ", kMostDaysAhead));
    }
    for (const RepId& rep : ask_.reps) {
      if (!rep.empty() && !book_.context().reps.contains(rep)) reps_to_find_.insert(rep);
    }
    plan_.day = ask_.day;
    plan_.as_of = input_.as_of;
    plan_.policy = input_.policy->id();
    if (!IsNobody(customers_)) plan_.decisions = DecideBook(book_, input_, customers_.value_or(std::vector<CustomerId>()));
    if (!IsNobody(customers_)) taken_ = TakenByAppointments(Question(ask_.day), plan_.decisions, customers_.value_or(std::vector<CustomerId>()));
    RAPPORT_ASSIGN_OR_RETURN(plan_.reps, DayOf(ask_.day));
    if (!reps_to_find_.empty()) {
      return NotFound("rep.unknown", absl::StrCat("rep: found \"", reps_to_find_.begin()->text(), "\", expected one the book knows"));
    }
    const std::map<RepId, std::int64_t> forgotten = WithoutNextDate(book_, input_, customers_);
    for (RepDay& day : plan_.reps) {
      if (const auto count = forgotten.find(day.rep); count != forgotten.end()) day.without_next_date = count->second;
    }
    for (std::int64_t k = 1; k < days; ++k) {
      RAPPORT_ASSIGN_OR_RETURN(LaterDay later, Later(ask_.day + k));
      plan_.later.push_back(std::move(later));
    }
    return std::move(plan_);
  }
  // What one rep does depends on when others contact the same customers.
  bool shares_accounts() const { return shares_accounts_; }

 private:
  WorkQuestion Question(Day day) const { return {book_, input_, terms_, ask_.day, day, done_, ask_.travel}; }
  bool IsAsked(const RepId& rep) const { return ask_.reps.empty() || std::find(ask_.reps.begin(), ask_.reps.end(), rep) != ask_.reps.end(); }

  absl::StatusOr<std::vector<RepDay>> DayOf(Day day) {
    const WorkQuestion asked = Question(day);
    std::map<RepId, RepWork> work;
    if (!IsNobody(customers_)) work = GatherWork(asked, plan_.decisions, customers_.value_or(std::vector<CustomerId>()));
    for (const auto& [id, rep] : book_.context().reps) work[id];
    shares_accounts_ = shares_accounts_ || SharesAccounts(work);
    std::vector<RepDay> days;
    for (auto& [id, desk] : work) {
      reps_to_find_.erase(id);
      if (!IsAsked(id)) continue;
      RepDay rep_day;
      rep_day.rep = id;
      rep_day.zone = &ZoneOfRep(book_.context(), id);
      RAPPORT_RETURN_IF_ERROR(PlanRep(asked, taken_, std::move(desk), rep_day));
      for (const PlanLine& line : rep_day.lines) {
        if (!line.appointment.has_value()) taken_[line.customer].push_back(TakenBy(*book_.Find(line.customer), line));
      }
      days.push_back(std::move(rep_day));
    }
    TellWhom(asked, days);
    for (const RepDay& rep_day : days) {
      for (const PlanLine& line : rep_day.lines) {
        if (line.decision != nullptr) done_.insert(line.decision->followup);
      }
    }
    return days;
  }
  // Whether a rep who is asked about has to do with an account that somebody else, who is not, has to do with as well.
  bool SharesAccounts(const std::map<RepId, RepWork>& work) const {
    if (ask_.reps.empty()) return false;
    std::set<CustomerId> ours, others;
    for (const auto& [id, desk] : work) {
      for (const PlanLine& line : desk.able) (IsAsked(id) ? ours : others).insert(line.customer);
    }
    return std::any_of(ours.begin(), ours.end(), [&](const CustomerId& customer) { return others.contains(customer); });
  }
  // What had no room on the plan's day learns when it has.
  absl::StatusOr<LaterDay> Later(Day day) {
    LaterDay later;
    later.day = day;
    RAPPORT_ASSIGN_OR_RETURN(later.reps, DayOf(day));
    std::map<FollowUpId, Instant> starts;
    for (const RepDay& rep_day : later.reps) {
      for (const PlanLine& line : rep_day.lines) {
        if (line.decision != nullptr) starts.emplace(line.decision->followup, *line.start);
      }
    }
    for (RepDay& rep_day : plan_.reps) {
      for (std::vector<PlanLine>* list : {&rep_day.no_room, &rep_day.waits}) {
        for (PlanLine& line : *list) {
          const auto start = line.decision == nullptr ? starts.end() : starts.find(line.decision->followup);
          if (start != starts.end()) line.later = start->second;
        }
      }
    }
    std::erase_if(later.reps, [](const RepDay& rep_day) { return !rep_day.works; });
    for (RepDay& rep_day : later.reps) {
      const auto first = std::find_if(plan_.reps.begin(), plan_.reps.end(), [&](const RepDay& one) { return one.rep == rep_day.rep; });
      if (first != plan_.reps.end()) rep_day.without_next_date = first->without_next_date;
    }
    return later;
  }

  const Book& book_;
  const DecideInput& input_;
  const PlanAsk& ask_;
  const std::optional<std::vector<CustomerId>>& customers_;
  PlanTerms terms_;
  std::set<RepId> reps_to_find_;   // asked for, and not found yet
  std::set<FollowUpId> done_;      // planned on one of the days so far
  TakenTimes taken_;               // by all appointments, and by lines of the days, and the reps of this day, so far
  bool shares_accounts_ = false;
  DayPlan plan_;
};

bool AsksColleagues(const DayPlan& plan) {
  return std::any_of(plan.reps.begin(), plan.reps.end(), [](const RepDay& day) {
    return std::any_of(day.no_room.begin(), day.no_room.end(), [](const PlanLine& line) { return line.mandatory && line.decision != nullptr; });
  });
}

}  // namespace

Sentence HeadlineOf(const PlanLine& line) {
  if (line.decision != nullptr) return line.decision->headline;
  RAPPORT_INVARIANT(line.appointment.has_value(), "a line is a decision or an appointment");
  return Sentence{"plan.appointment", {{"length", line.minutes}}};
}

Sentence ObjectiveOf(const PlanLine& line) { return line.decision != nullptr ? line.decision->objective : Sentence{"plan.appointment.keep", {}}; }

absl::StatusOr<DayPlan> PlanBook(const Book& book, const DecideInput& input, const PlanAsk& ask, const std::optional<std::vector<CustomerId>>& customers) {
  BookPlanner planner(book, input, ask, customers);
  RAPPORT_ASSIGN_OR_RETURN(DayPlan plan, planner.Plan());
  if (ask.reps.empty() || !(planner.shares_accounts() || AsksColleagues(plan))) return plan;
  // Who is free, and when others are with a customer, can only be said with everybody's day.
  PlanAsk all = ask;
  all.reps.clear();
  RAPPORT_ASSIGN_OR_RETURN(DayPlan whole, BookPlanner(book, input, all, std::nullopt).Plan());
  const auto is_other = [&](const RepDay& day) { return std::find(ask.reps.begin(), ask.reps.end(), day.rep) == ask.reps.end(); };
  std::erase_if(whole.reps, is_other);
  for (LaterDay& later : whole.later) std::erase_if(later.reps, is_other);
  return whole;
}

}  // namespace rapport

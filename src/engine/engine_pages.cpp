// A plan as it leaves the house: the page of a day, the calendar of a rep.
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/engine_impl.hpp"
#include "engine/said_brief.hpp"
#include "rapport/book/visit_only.hpp"
#include "rapport/plan/adherence.hpp"
#include "rapport/plan/card.hpp"
#include "rapport/plan/day_page.hpp"
#include "rapport/plan/plan_calendar.hpp"

namespace rapport {
namespace {

// Weeks of the chart of visits.
constexpr int kWeeksShown = 8;

// The card of each planned line that has a follow-up, as of the plan.
absl::StatusOr<std::vector<PageCard>> CardsOf(const Reading& reading, const DayPlan& plan, Language language, const Texts& texts) {
  std::vector<PageCard> cards;
  for (const RepDay& day : plan.reps) {
    for (const PlanLine& line : day.lines) {
      if (line.decision == nullptr) continue;
      const std::shared_ptr<const Account> account = reading.book().Find(line.customer);
      RAPPORT_INVARIANT(account != nullptr, "a decision names an account of its book");
      const SignalInput input = InputFor(*account, *reading.input().context, plan.as_of);
      RAPPORT_ASSIGN_OR_RETURN(Json said, SheetJson(MakeCard(SubjectOf(*line.decision), input, line.start), language, texts));
      cards.push_back({line.decision->followup, std::move(said)});
    }
  }
  return cards;
}

// Visits planned and done by the reps of a plan, week by week; none where none were planned.
std::vector<PageWeek> WeeksOf(const Book& book, const DayPlan& plan, const std::optional<std::vector<CustomerId>>& customers) {
  std::set<RepId> reps;
  for (const RepDay& day : plan.reps) reps.insert(day.rep);
  AdherenceTally tally(book.context(), reps, WeekSpan::Before(plan.day, kWeeksShown), plan.as_of);
  VisitOnly(book, customers, [&](const Account& account) { tally.Add(account); });
  const std::vector<WeekOfWork> together = tally.Together(reps);
  std::vector<PageWeek> weeks;
  for (std::size_t i = 0; i < together.size(); ++i) {
    const WorkCount visits = together[i].Of(Channel::kVisit);
    weeks.push_back({tally.span().Monday(static_cast<int>(i)), visits.planned, visits.done});
  }
  const auto planned = [](const PageWeek& week) { return week.planned > 0; };
  return std::any_of(weeks.begin(), weeks.end(), planned) ? weeks : std::vector<PageWeek>();
}

// Whose brief stands on the page: the team's, or the only rep's. Nobody's where the page is of several, of a team that nobody is in any more, or of a rep of
// whom nothing was told but that customers are his: a plan needs no more than that.
std::optional<BriefScope> BriefScopeFor(const PlanRequest& request, const BookContext& context) {
  if (!request.team.empty()) return BriefScopeOfTeam(context, request.team, request.day);
  return request.reps.size() == 1 ? BriefScopeOfRep(context, request.reps.front(), request.day) : std::nullopt;
}

}  // namespace

absl::StatusOr<std::string> Engine::DayPage(const PlanRequest& request, Language language) {
  return Guarded([&]() -> absl::StatusOr<std::string> {
    if (request.days < 0 || request.days > 1) {
      return Invalid("plan.invalid_days", absl::StrCat("days: found ", request.days, ", expected 1: a page shows one day"));
    }
    PlanRequest one_day = request;
    one_day.days = 1;
    RAPPORT_ASSIGN_OR_RETURN(const DayPlan plan, Plan(one_day));
    const ReadAt read{plan.as_of, plan.known_at, request.policy, request.seed};
    RAPPORT_ASSIGN_OR_RETURN(std::shared_ptr<const Book> book, impl_->BookFor(read));
    RAPPORT_ASSIGN_OR_RETURN(const std::unique_ptr<Reading> reading, impl_->Read(std::move(book), read));
    const NameBook names = impl_->NamesAt(read.known_at.value_or(read.as_of));
    std::vector<RepId> reps;
    for (const RepDay& day : plan.reps) reps.push_back(day.rep);
    DayPageParts parts;
    parts.team = request.team;
    RAPPORT_ASSIGN_OR_RETURN(parts.cards, CardsOf(*reading, plan, language, names));
    parts.weeks = WeeksOf(reading->book(), plan, impl_->CustomersOf(reps, read));
    if (const std::optional<BriefScope> scope = BriefScopeFor(request, reading->book().context())) {
      const std::vector<RepId> whose(scope->reps.begin(), scope->reps.end());
      RAPPORT_ASSIGN_OR_RETURN(parts.brief, SayBrief(reading->book(), *scope, plan.as_of, impl_->CustomersOf(whose, read), language, names));
    }
    return rapport::DayPage(plan, reading->book(), parts, language, names);
  });
}

absl::StatusOr<std::string> Engine::PlanCalendar(const PlanRequest& request, std::optional<Instant> since, Language language) {
  return Guarded([&]() -> absl::StatusOr<std::string> {
    RAPPORT_ASSIGN_OR_RETURN(const DayPlan plan, Plan(request));
    const Instant known = plan.known_at.value_or(plan.as_of);
    PlanCalendarOptions options;
    options.events_known = impl_->CountKnown(known);
    std::optional<DayPlan> before;
    if (since.has_value()) {
      PlanRequest asked = request;
      asked.as_of = since;
      asked.known_at = std::nullopt;
      RAPPORT_ASSIGN_OR_RETURN(before, Plan(asked));
      options.before = &*before;
    }
    return rapport::PlanCalendar(plan, language, impl_->NamesAt(known), options);
  });
}

}  // namespace rapport

// A plan as it leaves the house: the page of a day, the calendar of a rep.
#include "engine/engine_impl.hpp"
#include "rapport/plan/day_page.hpp"
#include "rapport/plan/plan_calendar.hpp"

namespace rapport {
namespace {

// Those of a team who work here on the day. `team.unknown`.
absl::StatusOr<std::vector<RepId>> RepsOfTeam(const BookContext& context, const std::string& team, Day day) {
  std::vector<RepId> reps;
  for (const auto& [id, rep] : context.reps) {
    if (rep.team == team && rep.WorksHere(day)) reps.push_back(id);
  }
  if (reps.empty()) return NotFound("team.unknown", absl::StrCat("team: found \"", team, "\", expected one that a rep of that day is in"));
  return reps;
}

// The card of each planned line.
absl::StatusOr<std::vector<PageCard>> CardsOf(Engine& /*engine*/, const DayPlan& /*plan*/, const ReadAt& /*at*/, Language /*language*/) {
  return std::vector<PageCard>();
}

// The brief of the team, or of the only rep.
absl::StatusOr<std::optional<Json>> BriefOf(Engine& /*engine*/, const DayPageRequest& /*request*/, const ReadAt& /*at*/) {
  return std::optional<Json>();
}

}  // namespace

absl::StatusOr<std::string> Engine::DayPage(const DayPageRequest& request) {
  return Guarded([&]() -> absl::StatusOr<std::string> {
    if (!request.team.empty() && !request.reps.empty()) return Invalid("page.team_and_reps", "reps: found some beside a team, expected one of the two");
    ReadAt read{request.as_of.value_or(Instant()), request.known_at, request.policy, request.seed};
    if (!request.as_of.has_value()) {
      RAPPORT_ASSIGN_OR_RETURN(const std::shared_ptr<const Book> all, impl_->BookAt(std::nullopt));
      read.as_of = all->context().ZoneOf(std::nullopt, std::nullopt).StartOf(request.day);
    }
    RAPPORT_ASSIGN_OR_RETURN(const std::shared_ptr<const Book> book, impl_->BookFor(read));
    std::vector<RepId> reps = request.reps;
    if (!request.team.empty()) {
      RAPPORT_ASSIGN_OR_RETURN(reps, RepsOfTeam(book->context(), request.team, request.day));
    }
    PlanRequest asked{.day = request.day, .reps = std::move(reps), .as_of = read.as_of, .known_at = read.known_at, .policy = read.policy, .seed = read.seed};
    RAPPORT_ASSIGN_OR_RETURN(const DayPlan plan, Plan(asked));
    DayPageParts parts;
    parts.team = request.team;
    parts.weeks = request.weeks;
    RAPPORT_ASSIGN_OR_RETURN(parts.cards, CardsOf(*this, plan, read, request.language));
    RAPPORT_ASSIGN_OR_RETURN(parts.brief, BriefOf(*this, request, read));
    return rapport::DayPage(plan, *book, parts, request.language, impl_->NamesAt(read.known_at.value_or(read.as_of)));
  });
}

absl::StatusOr<std::string> Engine::PlanCalendar(const PlanCalendarRequest& request) {
  return Guarded([&]() -> absl::StatusOr<std::string> {
    PlanRequest asked{.day = request.day, .reps = request.reps, .as_of = request.as_of, .known_at = request.known_at, .policy = request.policy, .seed = request.seed};
    RAPPORT_ASSIGN_OR_RETURN(const DayPlan plan, Plan(asked));
    const Instant known = plan.known_at.value_or(plan.as_of);
    PlanCalendarOptions options;
    options.events_known = impl_->CountKnown(known);
    std::optional<DayPlan> before;
    if (request.since.has_value()) {
      asked.as_of = request.since;
      asked.known_at = std::nullopt;
      RAPPORT_ASSIGN_OR_RETURN(before, Plan(asked));
      options.before = &*before;
    }
    return rapport::PlanCalendar(plan, request.language, impl_->NamesAt(known), options);
  });
}

}  // namespace rapport

// Floor 8. What a host asks for when a plan is to leave the house: as a page (plan/day_page.hpp) or as a calendar (plan/plan_calendar.hpp).
#ifndef RAPPORT_ENGINE_PAGES_HPP_
#define RAPPORT_ENGINE_PAGES_HPP_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "rapport/core/ids.hpp"
#include "rapport/core/sentence.hpp"
#include "rapport/core/time.hpp"
#include "rapport/plan/day_page.hpp"
#include "rapport/policy/policy.hpp"

namespace rapport {

struct DayPageRequest {
  Day day;
  std::string team = {};                   // its reps who work here that day, and its name in the title; or
  std::vector<RepId> reps = {};            // these; both empty: all. `page.team_and_reps` for both
  std::optional<Instant> as_of = std::nullopt;      // nullopt: the start of `day` in the book's zone
  std::optional<Instant> known_at = std::nullopt;   // nullopt: as_of
  const Policy* policy = nullptr;          // null: the adopted one, else the default
  std::uint64_t seed = 0;
  Language language = Language::kEnglish;
  std::vector<PageWeek> weeks = {};        // visits planned and done, oldest week first
};

struct PlanCalendarRequest {
  Day day;
  std::vector<RepId> reps = {};            // empty: all
  std::optional<Instant> as_of = std::nullopt;      // as above
  std::optional<Instant> known_at = std::nullopt;
  // The as_of of the calendar that the reader has of this day: what was planned then and is not now is in the new one as cancelled.
  std::optional<Instant> since = std::nullopt;
  const Policy* policy = nullptr;
  std::uint64_t seed = 0;
  Language language = Language::kEnglish;
};

}  // namespace rapport

#endif  // RAPPORT_ENGINE_PAGES_HPP_

// Floor 0. The next day on which somebody's week has hours: over a weekend nobody is missed.
//
//   const std::optional<Day> day = NextWorkingDay(week, today);   // today itself, where it has hours
//
// Absences are no part of a week. nullopt: it has no hours within 400 days. Pure; O(days looked at); nothing fails.
#ifndef RAPPORT_CORE_NEXT_WORKING_DAY_HPP_
#define RAPPORT_CORE_NEXT_WORKING_DAY_HPP_

#include <optional>

#include "rapport/core/working_calendar.hpp"

namespace rapport {

inline std::optional<Day> NextWorkingDay(const WorkingWeek& week, Day from) {
  constexpr int kMostIdleDays = 400;
  for (Day day = from; day < from + kMostIdleDays; ++day) {
    if (week.WorksOn(day)) return day;
  }
  return std::nullopt;
}

}  // namespace rapport

#endif  // RAPPORT_CORE_NEXT_WORKING_DAY_HPP_

// Floor 4. The chance that an open promise of an account will be kept, by the newest model promise_keeping known (expectation/keeping.hpp).
#ifndef RAPPORT_SIGNALS_PROMISE_CHANCE_HPP_
#define RAPPORT_SIGNALS_PROMISE_CHANCE_HPP_

#include <cmath>
#include <cstdint>
#include <optional>

#include "rapport/expectation/keeping.hpp"
#include "rapport/signals/registry.hpp"

namespace rapport {

// Below it a promise is at risk: a new day is to be agreed before this one passes.
inline constexpr double kPromiseAtRisk = 0.8;
// So often a day that is offered instead holds.
inline constexpr double kDayToAgreeHolds = 0.9;

struct PromiseChance {
  double chance = 0;
  AskedPromise asked;
  PromiseCalendar calendar;                    // of the rep who promised, else of the account's owner
  std::optional<std::int64_t> free_minutes;    // until its day
  // False where both are known, and the work is more than what is free.
  bool Fits() const { return !asked.work_minutes.has_value() || !free_minutes.has_value() || *free_minutes >= *asked.work_minutes; }
};

// None where no model was fitted, where neither lead times nor load say anything of it, and of what is not ours, is kept, has no day, or whose
// day has passed. O(days to it + waiting work of the rep).
std::optional<PromiseChance> ChanceOf(const SignalInput& input, const PromiseRecord& promise);

// The calendar of a rep for promised work; a week from Monday to Friday without minutes where nobody knows the rep.
PromiseCalendar PromiseCalendarOf(const BookContext& book, const RepId& rep, Day today);

// As people say it: so many times in ten, never more than is known; and work in whole hours.
inline std::int64_t TimesInTen(double chance) { return static_cast<std::int64_t>(std::floor(chance * 10 + 1e-9)); }
inline std::int64_t RoundedHours(std::int64_t minutes) { return (minutes + 30) / 60; }

// As WaitingWork and AskedPromise name it.
std::string NameOfPromise(const EventKey& key);

}  // namespace rapport

#endif  // RAPPORT_SIGNALS_PROMISE_CHANCE_HPP_

// Floor 0. Dates that come again: a subset of RFC 5545 recurrence rules in civil time.
//
//   auto rule = Recurrence::Parse("FREQ=MONTHLY;BYDAY=-1FR", LocalSecond(2026, 1, 1, 9, 0, 0));   // the last Friday, 09:00
//   rule->Between(start, end)                                     // civil times in [start, end)
//   rule->After(zone, at)                                         // the first instant later than `at`
//
// FREQ daily, weekly, monthly, yearly with INTERVAL, COUNT, UNTIL, BYDAY (with ordinals in months and years), BYMONTHDAY (from the end
// too), BYMONTH, BYYEARDAY, BYSETPOS and WKST; else `recurrence.unsupported` names the part. Days that a month does not have are passed over, as
// the RFC says. It counts on the wall clock, so nine in the morning stays nine when clocks change; a wall time that is skipped is taken
// after the gap, one that comes twice the first time (zones.hpp). A rule that never matches ends: no later than kMostYears after its start.
#ifndef RAPPORT_CORE_RECURRENCE_HPP_
#define RAPPORT_CORE_RECURRENCE_HPP_

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "rapport/core/time.hpp"
#include "rapport/core/zones.hpp"

namespace rapport {

class Recurrence {
 public:
  static constexpr int kMostYears = 400;

  // `recurrence.invalid` or `recurrence.unsupported` with the part and what was found. `start` gives the time of day; it is itself an
  // occurrence only where it matches.
  static absl::StatusOr<Recurrence> Parse(std::string_view rrule, LocalSecond start);

  // Occurrences in [from, until), in order. O(days from start to until), months at a time where the rule allows.
  std::vector<LocalSecond> Between(LocalSecond from, LocalSecond until) const;
  // The first occurrence at or after `from`; none: there is no more.
  std::optional<LocalSecond> OnOrAfter(LocalSecond from) const;
  // Through a zone: occurrences in [from, until), and the first one later than `at`. UNTIL in UTC is compared as an instant.
  std::vector<Instant> Between(const Zone& zone, Instant from, Instant until) const;
  std::optional<Instant> After(const Zone& zone, Instant at) const;

 private:
  enum class Frequency { kDaily, kWeekly, kMonthly, kYearly };
  struct WeekdayOf {
    int ordinal = 0;          // 0: every one; 1 the first, -1 the last
    absl::Weekday weekday = absl::Weekday::monday;
  };
  absl::Status Read(std::string_view name, std::string_view value);
  absl::Status Check() const;
  // The days of the n-th period after the start's, sorted, BYSETPOS taken.
  std::vector<Day> DaysOf(std::int64_t period) const;
  bool Matches(Day day, Day period_first, Day period_end) const;
  bool MatchesWeekday(Day day, Day month_or_year_first, Day end) const;
  Day PeriodStart(std::int64_t period) const;
  Day PeriodEnd(std::int64_t period) const;
  // Calls `visit` with each occurrence from the start on until it returns false.
  void Walk(LocalSecond from, const std::function<bool(LocalSecond)>& visit) const;

  LocalSecond start_;
  Frequency frequency_ = Frequency::kDaily;
  std::int64_t interval_ = 1;
  std::optional<std::int64_t> count_;
  std::optional<LocalSecond> until_;
  std::optional<Instant> until_instant_;
  std::vector<WeekdayOf> by_day_;
  std::vector<int> by_month_day_;
  std::vector<int> by_month_;
  std::vector<int> by_year_day_;
  std::vector<int> by_set_pos_;
  absl::Weekday week_start_ = absl::Weekday::monday;
};

}  // namespace rapport

#endif  // RAPPORT_CORE_RECURRENCE_HPP_

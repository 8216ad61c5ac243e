// Floor 0. A working calendar: which minutes of local wall time are open.
//
// Several ranges a weekday, half-open [from, to) in minutes of the local day; a closed date is closed all day; an
// open date has ranges of its own, whatever its weekday. Minutes are minutes of the wall: on a day that skips an
// hour the skipped minutes do not count, on a day that repeats one they count twice (elapsed time).
//
//   WorkingCalendar office = ...;   // Mon-Fri 09:00-12:00, 13:00-17:00
//   office.Add(friday_1630, 60)     -> Monday 09:30
#ifndef RAPPORT_CORE_WORKING_CALENDAR_HPP_
#define RAPPORT_CORE_WORKING_CALENDAR_HPP_

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "rapport/core/json.hpp"
#include "rapport/core/time.hpp"
#include "rapport/core/zones.hpp"

namespace rapport {

// [from, to) in minutes after local midnight, 0 <= from < to <= 1440.
struct MinuteRange {
  int from = 0;
  int to = 0;
  friend bool operator==(const MinuteRange&, const MinuteRange&) = default;
};

// The rule without a zone: a rep's or an office's week. A value type.
struct WorkingWeek {
  std::array<std::vector<MinuteRange>, 7> weekly;  // 0 = Monday; sorted, not overlapping
  std::set<Day> closed;
  std::map<Day, std::vector<MinuteRange>> open;

  // The open ranges of a local day: open dates first, then closed dates, then the weekday.
  const std::vector<MinuteRange>& RangesOn(Day day) const;
  bool WorksOn(Day day) const { return !RangesOn(day).empty(); }
  // Working days in (from, to]; from `to` back to `from`, with a minus, where it lies before. O(closed and open days in between).
  std::int64_t WorkingDays(Day from, Day to) const;
  // {"weekly": {"mon": [["09:00","12:00"], ...], ...}, "closed": ["2026-01-01"], "open": {"2026-01-10": [["10:00","12:00"]]}}
  // Strict: unknown keys, overlapping or empty ranges are `calendar.invalid`.
  static absl::StatusOr<WorkingWeek> FromJson(const Json& json);
  Json ToJson() const;
};

class WorkingCalendar {
 public:
  // Never open more than kHorizonDays ahead: searches end there with `calendar.never_open`.
  static constexpr int kHorizonDays = 3660;

  // `zone` must outlive the calendar.
  WorkingCalendar(const Zone* zone, WorkingWeek week) : zone_(zone), week_(std::move(week)) {}

  bool IsOpen(Instant at) const;
  // `at` itself if open, else the start of the next open range.
  absl::StatusOr<Instant> NextOpen(Instant at) const;
  // The instant at which `minutes` (>= 0) of open time have passed since `start`; Add(start, 0) is NextOpen(start).
  absl::StatusOr<Instant> Add(Instant start, std::int64_t minutes) const;
  // Open minutes in [start, end), whole minutes rounded down; 0 if end <= start.
  std::int64_t Between(Instant start, Instant end) const;
  // The n-th working day after `day` (n > 0), before it (n < 0), or `day` itself (n = 0, working or not).
  absl::StatusOr<Day> AddDays(Day day, int n) const;

  const Zone& zone() const { return *zone_; }
  const WorkingWeek& week() const { return week_; }

 private:
  const Zone* zone_;
  WorkingWeek week_;
};

}  // namespace rapport

#endif  // RAPPORT_CORE_WORKING_CALENDAR_HPP_

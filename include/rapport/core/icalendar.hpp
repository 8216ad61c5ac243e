// Floor 0. Holidays from an iCalendar file: the all-day events of it.
#ifndef RAPPORT_CORE_ICALENDAR_HPP_
#define RAPPORT_CORE_ICALENDAR_HPP_

#include <set>
#include <string_view>

#include "absl/status/statusor.h"
#include "rapport/core/time.hpp"

namespace rapport {

// The days of all-day VEVENTs (DTSTART as a date; DTEND, which is not included, or one day), with RRULE until `last` (RDATE and EXDATE as
// dates), cancelled ones left out. Events with a time of day are no holidays. Folded lines, LF or CRLF, a byte order mark.
// `calendar.invalid_ics` with the line. O(file + days).
absl::StatusOr<std::set<Day>> HolidaysFromIcs(std::string_view text, Day last);

}  // namespace rapport

#endif  // RAPPORT_CORE_ICALENDAR_HPP_

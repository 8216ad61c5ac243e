// Floor 6. A day plan as iCalendar (RFC 5545), for the calendar that a rep carries.
//
// One VEVENT a planned line, times in UTC, METHOD:PUBLISH. What has no room or is held is not in it. A calendar that reads the same file
// again, or the file of another hour or day, has to find the line it knows and to believe the newer word:
//   UID       the follow-up's id, of an appointment without one "appointment/" and its id, then "@rapport". The same work has the same UID whatever its time, day, rep or language.
//   SEQUENCE  minutes since 1970 of the moment that the plan was made at (as_of, or known_at if that is later), plus the number of events
//             known by then. A later moment knows no fewer events, so a plan made later or from more events has the higher number, whichever way
//             a line moved: to another hour, to an earlier day, to another rep. No state is kept and no clock is read. Plans made within one minute
//             from the same events have the same number, on whatever days; their DTSTAMP, to the second, tells them apart (RFC 5546, 2.1.4), and those
//             of one moment say the same but for what was asked (days, travel, policy).
//   STATUS    CONFIRMED; CANCELLED for a line that an earlier plan (`before`) had and this one has not.
// Texts are escaped and lines folded at 75 octets, never within a character; control characters are left out. METHOD:PUBLISH would ask for
// an ORGANIZER's address (RFC 5546, 3.2.1): none is known here, and calendars do without. Why no library writes it: docs/adr/0030.
#ifndef RAPPORT_PLAN_PLAN_CALENDAR_HPP_
#define RAPPORT_PLAN_PLAN_CALENDAR_HPP_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "rapport/core/sentence.hpp"
#include "rapport/plan/plan_day.hpp"

namespace rapport {

struct PlanCalendarOptions {
  std::int64_t events_known = 0;     // by the moment of the plan (BookBuilder::CountKnown)
  const DayPlan* before = nullptr;   // what the reader's calendar holds: its lines that are gone are cancelled
};

// "BEGIN:VCALENDAR\r\n...": reps in the plan's order, lines by position, then what is cancelled. SUMMARY is the channel and who, DESCRIPTION
// headline, objective, how often
// it was put off and whose it was and, of several reps, whose it is; CATEGORIES channel, purpose and "MUST" or "SET" (an appointment); PRIORITY 1 for both.
// The days after the first that the plan shows are in it too.
// A day without lines is a calendar without events. `message.*`. O(lines).
absl::StatusOr<std::string> PlanCalendar(const DayPlan& plan, Language language, const Texts& texts, const PlanCalendarOptions& options = {});

}  // namespace rapport

#endif  // RAPPORT_PLAN_PLAN_CALENDAR_HPP_

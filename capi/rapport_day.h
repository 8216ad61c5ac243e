/* Rapport's C API, the rep's day: plans that fit, cards, outcomes, briefs, letters, reports and the pages made of them. rapport.h includes it and says the
 * rules that hold for every function. */
#ifndef RAPPORT_DAY_H_
#define RAPPORT_DAY_H_

#include "rapport.h"

#ifdef __cplusplus
extern "C" {
#endif

/* --- pages ------------------------------------------------------------------------------------------------------- */
/* The day of a team or of some reps as one self-contained HTML page (UTF-8): brief, charts, each rep's plan, what has no room, what is held, cards. It
 * fetches nothing; in print each rep's plan is one A4 page (docs/pages.md). `team`: the name that reps carry, or none; `reps`: a JSON array of ids, or none;
 * neither: all reps. `options` may be NULL; as_of none: the start of the day in the book's zone. Errors: `page.team_and_reps`, `team.unknown`,
 * `rep.unknown` (NOT_FOUND). O(size of the plan). */
RAPPORT_API rapport_status rapport_engine_plan_page(rapport_engine* engine, const char* day, size_t day_size, const char* team, size_t team_size,
                                                    const char* reps, size_t reps_size, const rapport_read_options* options, rapport_buffer* out,
                                                    rapport_error* error);
/* The planned lines of a day as iCalendar (RFC 5545, UTF-8, CRLF): a VEVENT a line, UID the same for the same work, SEQUENCE higher in a plan made later or
 * from more events. `since`: the as_of of the calendar that the reader has of this day, or none; what was planned then and is not now is in the new one as
 * cancelled. `reps`, `options` as above. Errors: `rep.unknown` (NOT_FOUND). */
RAPPORT_API rapport_status rapport_engine_plan_calendar(rapport_engine* engine, const char* day, size_t day_size, const char* reps, size_t reps_size,
                                                        const char* since, size_t since_size, const rapport_read_options* options, rapport_buffer* out,
                                                        rapport_error* error);

#ifdef __cplusplus
}  /* extern "C" */
#endif

#endif  /* RAPPORT_DAY_H_ */

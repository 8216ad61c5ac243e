/* Rapport's C API, the rep's day: plans that fit, cards, outcomes, briefs, letters, reports and the pages made of them. rapport.h includes it and says the
 * rules that hold for every function. */
#ifndef RAPPORT_DAY_H_
#define RAPPORT_DAY_H_

#include "rapport.h"

#ifdef __cplusplus
extern "C" {
#endif

/* --- the brief, adherence, the report, letters --------------------------------------------------------------------- */
/* What became known since a team or a rep last worked (docs/brief.md). `team_or_rep`: a rep's id, else a team's name. `day`: an ISO date. `options` may
 * be NULL: as known at the start of `day` in the book's zone. [out] JSON: kind, title, sections [{key, title, lines [{text, events}]}], facts, text (the
 * whole as people read it). Errors: `brief.unknown` (NOT_FOUND), `time.invalid_day`. */
RAPPORT_API rapport_status rapport_engine_brief(rapport_engine* engine, const char* team_or_rep, size_t team_or_rep_size, const char* day, size_t day_size,
                                                const rapport_read_options* options, rapport_buffer* out, rapport_error* error);
/* Planned and done, a row a team or rep and whole week before options->as_of: team, rep, week (its Monday), planned, done, share, visits_planned, visits_done,
 * objectives, met, slope, sentence. `weeks`: 1 to 520. `reps`: a JSON array of ids; none: all. For managers only. Errors: `adherence.invalid_weeks`,
 * `rep.unknown` (NOT_FOUND). */
RAPPORT_API rapport_status rapport_engine_adherence(rapport_engine* engine, const rapport_read_options* options, int64_t weeks, const char* reps,
                                                    size_t reps_size, rapport_table** out, rapport_error* error);
/* How the office looks after its customers, the last 30 days beside the 30 before. [out] JSON as of rapport_engine_brief. */
RAPPORT_API rapport_status rapport_engine_report(rapport_engine* engine, const rapport_read_options* options, rapport_buffer* out, rapport_error* error);
/* Letters and newsletters that are open, and customers who had enough this year (docs/letters.md): followup_id, customer, customer_name, contact, sender,
 * sender_name, owner, state ("ready" | "waits_for_owner" | "waits_for_line" | "held" | "enough"), why, line (private), count_365, next. */
RAPPORT_API rapport_status rapport_engine_letters(rapport_engine* engine, const rapport_read_options* options, rapport_table** out, rapport_error* error);

#ifdef __cplusplus
}  /* extern "C" */
#endif

#endif  /* RAPPORT_DAY_H_ */

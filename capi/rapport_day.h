/* Rapport's C API, the rep's day: plans that fit, cards, outcomes, briefs, letters, reports and the pages made of them. rapport.h includes it and says the
 * rules that hold for every function. */
#ifndef RAPPORT_DAY_H_
#define RAPPORT_DAY_H_

#include "rapport.h"

#ifdef __cplusplus
extern "C" {
#endif

/* --- plans ------------------------------------------------------------------------------------------------------ */
/* The plan of a day and of days after it (docs/plan.md). `request`: JSON with day and, where wanted, days (1 to 14; none: as the book's plan says), reps (list of
 * ids), team, travel [{from, to, minutes}] (ids of customers, "" where the rep starts; none: fixed minutes). Columns: those of rapport_engine_plan, with days after the
 * first among the planned lines. `options` may be NULL. Errors: `plan.*`, `travel.*`, `rep.unknown` and `team.unknown` (NOT_FOUND). */
RAPPORT_API rapport_status rapport_engine_plan_days(rapport_engine* engine, const char* request, size_t request_size, const rapport_read_options* options,
                                                    rapport_table** out, rapport_error* error);
/* The same as a rep reads it: plain UTF-8 text, one block a rep and day. */
RAPPORT_API rapport_status rapport_engine_plan_days_text(rapport_engine* engine, const char* request, size_t request_size, const rapport_read_options* options,
                                                         rapport_buffer* out, rapport_error* error);
/* Which of n candidates fill `minutes` best, without a book. Row i: its id is id_bytes[id_offsets[i] .. id_offsets[i+1]), unique; minutes[i] is whole and above 0,
 * value[i] 0 or more; mandatory[i] is not 0 where it must be; its kind likewise in kind_bytes (kind_offsets NULL: none): the words "visit", "revisit", "small" in it count.
 * `options`: JSON with visit_quota, revisit_share, small_floor, travel_minutes; none: none of them. [out] positions[i]: from 1 among the planned, 0 where it is not.
 * Any thread may call it at any time. Errors: `plan.invalid_candidate` (row and column), `plan.invalid_goal`, `plan.too_large`. */
RAPPORT_API rapport_status rapport_plan_day(const int64_t* id_offsets, const char* id_bytes, const double* minutes, const double* value, const int32_t* mandatory,
                                            const int64_t* kind_offsets, const char* kind_bytes, int64_t n, int64_t room, const char* options, size_t options_size,
                                            int64_t* positions, rapport_error* error);

#ifdef __cplusplus
}  /* extern "C" */
#endif

#endif  /* RAPPORT_DAY_H_ */

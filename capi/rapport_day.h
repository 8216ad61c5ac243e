/* Rapport's C API, the rep's day: plans that fit, cards, outcomes, briefs, letters, reports and the pages made of them. rapport.h includes it and says the
 * rules that hold for every function. */
#ifndef RAPPORT_DAY_H_
#define RAPPORT_DAY_H_

#include "rapport.h"

#ifdef __cplusplus
extern "C" {
#endif

/* --- trust in reports: for managers only, off unless asked (docs/report_trust.md) --------------------------------- */
/* Which reports of visits and calls are unlike what the other reps write. Releases `reports`, whatever happens: a row a report with id, rep, start and, where
 * there are, customer, channel, minutes, recorded, latitude, longitude, accuracy_metres, note, disposition, outcome (did something come of it). `options`:
 * JSON with zone ("UTC"; whose full hours count), language ("en"), by ("report" | "rep"); none: these. [out] by report, in the order of the rows: id, rep,
 * score (0 to 1), flagged, reasons (comma separated), sentence. By rep: rep, reports, flagged_reports, score, flagged, reasons, sentence. Needs no book; any
 * thread. Errors: `trust.invalid_input` with row and field, `trust.duplicate_id`, `zone.unknown`, `language.unknown`, `arrow.*`. */
RAPPORT_API rapport_status rapport_score_reports(struct ArrowArrayStream* reports, const char* options, size_t options_size, rapport_table** out,
                                                 rapport_error* error);
/* The same of the book's own touches. `request`: JSON with start, end (days, both included), by ("report" | "rep"); none: all, by report. [out] the most odd
 * first: source, touch, customer, customer_name, rep, rep_name, channel, start, recorded, outcome, score, flagged, reasons, sentence; by rep as above with
 * rep_name. Errors: `trust.*`. */
RAPPORT_API rapport_status rapport_engine_report_trust(rapport_engine* engine, const char* request, size_t request_size,
                                                       const rapport_read_options* options, rapport_table** out, rapport_error* error);

#ifdef __cplusplus
}  /* extern "C" */
#endif

#endif  /* RAPPORT_DAY_H_ */

/* Rapport's C API, the part that needs no book: policies and their signals, permission of one person, calendars and recurrences, models of the
 * customer base, estimates of promises. rapport.h includes it and says the rules that hold for every function. Any thread may call these at any time. */
#ifndef RAPPORT_PURE_H_
#define RAPPORT_PURE_H_

#include "rapport.h"

#ifdef __cplusplus
extern "C" {
#endif

/* --- policies --------------------------------------------------------------------------------------------------- */
/* The signals there are: name, type, unit, motion, phrase and meaning (in the language), needs (event types and fields, comma separated). */
RAPPORT_API rapport_status rapport_signal_list(const char* language, size_t language_size, rapport_table** out, rapport_error* error);
/* The default policy's document. */
RAPPORT_API rapport_status rapport_policy_default(rapport_buffer* out, rapport_error* error);
/* Checks a document. [out] JSON: id, name, rules (names), signals (names of those that conditions at entry and triggers read). Errors: `policy.*`. */
RAPPORT_API rapport_status rapport_policy_parse(const char* text, size_t text_size, rapport_buffer* out, rapport_error* error);
/* All errors of a document. [out] a JSON list in the document's order, empty where rapport_policy_parse takes it; each error has token,
 * pointer (RFC 6901), found, expected. A text that is no JSON is one error with a token `json.*` and the empty pointer. */
RAPPORT_API rapport_status rapport_policy_check(const char* text, size_t text_size, rapport_buffer* out, rapport_error* error);
/* The form of a policy as JSON Schema 2020-12, with titles and descriptions in the language, for forms. Errors: `language.unknown`. */
RAPPORT_API rapport_status rapport_policy_schema(const char* language, size_t language_size, rapport_buffer* out, rapport_error* error);
/* The document as sentences: a line a rule, an indented line a step, then the holdout and the numbers of teams. */
RAPPORT_API rapport_status rapport_policy_describe(const char* text, size_t text_size, const char* language, size_t language_size,
                                                   rapport_buffer* out, rapport_error* error);

/* Which rules' conditions hold for which rows of a table of signals, a column a signal (docs/screen.md). Releases `signals`, whatever happens. `options`: JSON with
 * triggers (true: a signal trigger's threshold too), team; none: neither. [out] a stream with the batches of `signals`: `customer` as it came, where there is
 * such a column, and a boolean column without nulls a rule; `out` must not hold an unreleased stream. Columns that no rule names may have any type. Errors:
 * `policy.*`, `screen.missing_column`, `screen.wrong_type`, `screen.not_finite`, `screen.unknown_key`, `arrow.*`. */
RAPPORT_API rapport_status rapport_policy_screen(const char* policy, size_t policy_size, struct ArrowArrayStream* signals, const char* options,
                                                 size_t options_size, struct ArrowArrayStream* out, rapport_error* error);

/* --- permission ------------------------------------------------------------------------------------------------- */
/* `profile`: a bundled profile's name or a document. `request`: JSON with at, channel, zone and, where wanted, purpose, contact, touches [{at, channel, disposition,
 * direction, purpose, contact, class}], class, rep {zone, weekly, absences}, consents [{at, state, channel, purpose, contact, expires}], holidays [days], reserved [{at, channel}]. [out] JSON: allowed,
 * reasons (tokens), first_allowed. Errors: `permission.*`. */
RAPPORT_API rapport_status rapport_permission_check(const char* profile, size_t profile_size, const char* request, size_t request_size,
                                                    rapport_buffer* out, rapport_error* error);

/* The form of a profile as JSON Schema 2020-12, with titles and descriptions in the language, for forms. Errors: `language.unknown`. */
RAPPORT_API rapport_status rapport_permission_schema(const char* language, size_t language_size, rapport_buffer* out, rapport_error* error);

/* --- promises --------------------------------------------------------------------------------------------------- */
/* What became of a promise (docs/promises.md). `request`: JSON with zone, deliveries [{at, quantity}] and, where wanted, promised_quantity (more than 0; none: one
 * thing), due (day), as_of (none: after the last delivery), made (what was delivered before counts for nothing), week {weekly, closed, open} (the rep's; none:
 * Mon-Fri). A delivery without a quantity is all that was open. [out] JSON: outcome, margin_days, margin_working_days, margin_quantity, delivered_quantity,
 * fulfilled_on, deliveries_before_promise. Errors: `promise.*` and `time.*` with the field, `zone.unknown`, `calendar.invalid`. */
RAPPORT_API rapport_status rapport_judge_promise(const char* request, size_t request_size, rapport_buffer* out, rapport_error* error);

/* --- calendars and recurrences ---------------------------------------------------------------------------------- */
/* `calendar`: JSON {zone, week: {weekly, closed, open}}. `request`: {ask, items}: is_open [[at]], next_open [[at]], add [[start, minutes]], between [[start, end]]
 * (minutes), add_days [[day, n]]. [out] JSON list, an answer an item. Errors: `calendar.*`, `zone.unknown`. */
RAPPORT_API rapport_status rapport_calendar_ask(const char* calendar, size_t calendar_size, const char* request, size_t request_size,
                                                rapport_buffer* out, rapport_error* error);
/* The days of the all-day events of an iCalendar text, recurring ones until the day `last`. [out] JSON list. Errors: `calendar.invalid_ics` with the line. */
RAPPORT_API rapport_status rapport_calendar_holidays(const char* ics, size_t ics_size, const char* last, size_t last_size, rapport_buffer* out,
                                                     rapport_error* error);
/* `request`: JSON {rrule, start (local), zone, from, until}: occurrences in [from, until), or without `until` the first one after `from`; with `zone` these are
 * instants, else local times. [out] JSON list. Errors: `recurrence.invalid`, `recurrence.unsupported` with the part. */
RAPPORT_API rapport_status rapport_recurrence_ask(const char* request, size_t request_size, rapport_buffer* out, rapport_error* error);

/* --- customer-base analysis ------------------------------------------------------------------------------------- */
typedef struct rapport_summarize_options {
  uint32_t struct_size;
  int32_t has_calibration_end;
  int32_t calibration_end;       /* days since 1970-01-01 */
  int32_t has_observation_end;
  int32_t observation_end;
  int32_t refunds;               /* 0 exclude, 1 net, 2 error */
  const char* unit;              /* "day", "week" (none), "month", ... */
  size_t unit_size;
} rapport_summarize_options;
#define RAPPORT_SUMMARIZE_OPTIONS_INIT {sizeof(rapport_summarize_options), 0, 0, 0, 0, 0, NULL, 0}

/* Purchases to frequency, recency, age and monetary. n rows: the customer's id is customer_bytes[customer_offsets[i] .. customer_offsets[i+1]), days[i] counts
 * from 1970-01-01, amounts[i] is in major units (amounts NULL: no money). `options` may be NULL. */
RAPPORT_API rapport_status rapport_value_summarize(const int64_t* customer_offsets, const char* customer_bytes, const int32_t* days,
                                                   const double* amounts, int64_t n, const rapport_summarize_options* options,
                                                   rapport_table** out, rapport_error* error);
/* Summaries piece by piece: data larger than memory, or spread over machines. Any split of the purchases, any order, any tree of merges and any number of threads
 * give the same bits. A summary is used by one thread at a time; what `rapport_summary_table` and `_save` read may be shared while nothing is added. */
typedef struct rapport_summary rapport_summary;
/* [out] an empty summary; or, where `saved` has bytes, the one they were saved from, whose options hold then. Errors: `value.invalid_input`, `value.unknown_unit`,
 * `value.summary_bytes` (cut short, changed, of a later version). */
RAPPORT_API rapport_status rapport_summary_open(const rapport_summarize_options* options, const char* saved, size_t saved_size,
                                                rapport_summary** out, rapport_error* error);
/* Adds n purchases as rapport_value_summarize reads them; customer_offsets NULL: the customer of row i is customer_numbers[i], written in decimal. `threads`: at
 * most 256. Errors: `value.invalid_input` and `value.refund` with the row (from 0 over all that was added) and the field; then none of the n is in. */
RAPPORT_API rapport_status rapport_summary_add(rapport_summary* summary, const int64_t* customer_offsets, const char* customer_bytes,
                                               const int64_t* customer_numbers, const int32_t* days, const double* amounts, int64_t n, int64_t threads,
                                               rapport_error* error);
/* Adds what `other` holds, which stays as it is. Errors: `value.summary_mismatch` where the options differ. */
RAPPORT_API rapport_status rapport_summary_merge(rapport_summary* summary, const rapport_summary* other, rapport_error* error);
/* [out] all it holds, with version and checksum: the same bytes for the same purchases. */
RAPPORT_API rapport_status rapport_summary_save(const rapport_summary* summary, rapport_buffer* out, rapport_error* error);
/* [out] the table of rapport_value_summarize. [later] who came after the calibration: customer, first_day. [facts] JSON: purchases, customers, joined_later, unit,
 * calibration_end, observation_end. The last two may be NULL. Adding may go on. */
RAPPORT_API rapport_status rapport_summary_table(const rapport_summary* summary, int64_t threads, rapport_table** out, rapport_table** later,
                                                 rapport_buffer* facts, rapport_error* error);
RAPPORT_API void rapport_summary_free(rapport_summary* summary);

/* What purchases, or summaries, tell (docs/summaries.md). Releases `rows`, whatever happens. `request`: JSON with ask:
 *   "rfm": rows of purchases (customer, date and, where there is one, amount), or with of: "summaries" a table of summaries; bins, recency_weight,
 *     frequency_weight, monetary_weight, language. A row a customer: customer, recency_score, frequency_score, monetary_score, score, segment, segment_name.
 *   "cohorts": rows of purchases; period "month" (none), "quarter", "year", partial. A row a cohort and period.
 *   "tracking": rows of purchases; model (its JSON), unit, calibration_end, until, calibration_customers. A row a period.
 *   "calibration": summaries with a holdout; model, classes. A row a frequency. [facts] JSON: mae, rmse, bias, log_score, ...; {} for the others; may be NULL.
 * Of purchases also observation_end, refunds ("exclude", "net", "error"); of all threads. Errors: `value.*` with row and field, `arrow.*`. */
RAPPORT_API rapport_status rapport_value_analyse(struct ArrowArrayStream* rows, const char* request, size_t request_size, rapport_table** out,
                                                 rapport_buffer* facts, rapport_error* error);
/* Fits BG/NBD by maximum likelihood to n rows; weights NULL: one each. [out] JSON: params, standard_errors, covariance, log_likelihood, aic, bic, converged,
 * diagnosis. Errors: `value.invalid_input`, `value.too_few_customers`. */
RAPPORT_API rapport_status rapport_value_bg_nbd_fit(const double* frequency, const double* recency, const double* age,
                                                    const double* weights, int64_t n, rapport_buffer* out, rapport_error* error);
/* One number a row into out[0..n). `model`: the JSON of fit, or {"model":"bg_nbd","params":{...}}. `quantity` and its arguments: "probability_alive" (first: ahead),
 * "expected_purchases" (first: horizon, second: start), "purchase_probability" (first: n, second: horizon), "log_likelihood". */
RAPPORT_API rapport_status rapport_value_bg_nbd_predict(const char* model, size_t model_size, const char* quantity, size_t quantity_size,
                                                        double first, double second, const double* frequency, const double* recency,
                                                        const double* age, int64_t n, double* out, rapport_error* error);
/* Expected purchases of a new customer within `horizon`. */
RAPPORT_API rapport_status rapport_value_bg_nbd_expected_new(const char* model, size_t model_size, double horizon, double* out,
                                                             rapport_error* error);

/* --- promises --------------------------------------------------------------------------------------------------- */
/* What early and late do to satisfaction (docs/promise_estimates.md): logit P(satisfied) = const + late [d < 0] + days_early max(d, 0) + days_late max(-d, 0)
 * over n rows; d = days_early[i], positive early; satisfied 1 or 0; weights NULL: one each. `options`: JSON with monotone (true: late never helps, early never
 * hurts); none: false. [out] JSON: params, standard_errors (null where held), covariance, log_likelihood, rows, satisfied, converged, monotone, diagnosis,
 * late_to_early_ratio {ratio, low, high, level}. Errors: `expectation.invalid_input`, `expectation.too_few_rows`. */
RAPPORT_API rapport_status rapport_promise_response_fit(const double* days_early, const double* satisfied, const double* weights, int64_t n,
                                                        const char* options, size_t options_size, rapport_buffer* out, rapport_error* error);
/* The chance of satisfaction of each margin into out[0..n). `model`: the JSON of fit, or {"model":"promise_response","params":{...}}. */
RAPPORT_API rapport_status rapport_promise_response_predict(const char* model, size_t model_size, const double* days_early, int64_t n, double* out,
                                                            rapport_error* error);
/* How many days to promise. n leads, oldest first, of the groups group_bytes[group_offsets[i] .. group_offsets[i+1]) (empty: none; group_offsets NULL: no groups),
 * after those that `model` knows (none: a new one). [out] the model as JSON. Errors: `expectation.invalid_input`. */
RAPPORT_API rapport_status rapport_promise_advisor_fit(const char* model, size_t model_size, const double* lead_days, const int64_t* group_offsets,
                                                       const char* group_bytes, int64_t n, rapport_buffer* out, rapport_error* error);
/* The days within which a promise is kept with each of n chances, for a group (none: the whole). [out] JSON list of numbers, null where too few leads are known. */
RAPPORT_API rapport_status rapport_promise_advisor_days(const char* model, size_t model_size, const double* confidence, int64_t n, const char* group,
                                                        size_t group_size, rapport_buffer* out, rapport_error* error);
/* Who promises more than is kept. Releases `promises`, whatever happens: a row a settled promise with kept (boolean) and, where there are, rep, product, dimension
 * (texts), margin_days, margin_quantity (numbers). `options`: JSON with level (0.95), margin (0.05), certainty (0.85). [out] a row a rep, a product and a
 * dimension. Errors: `expectation.invalid_input` with the row, `arrow.*`. */
RAPPORT_API rapport_status rapport_kept_shares(struct ArrowArrayStream* promises, const char* options, size_t options_size, rapport_table** out,
                                               rapport_error* error);

#ifdef __cplusplus
}
#endif

#endif /* RAPPORT_PURE_H_ */

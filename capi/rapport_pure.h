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
 * give the same bits. A summary is used by one thread at a time; what `rapport_summary_table`, `_to_arrow` and `_save` read may be shared while nothing is
 * added. Where memory runs out in rapport_summary_add or _merge, some purchases may be in and others not: these and the other calls of that summary, but
 * for rapport_summary_free, then fail with `value.summary_incomplete`. */
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
/* The same as Arrow streams: [out] and [later], neither NULL, which the caller releases and which outlive the summary; an error fills neither. What was summed
 * up is handed over, not copied. `facts` may be NULL. */
RAPPORT_API rapport_status rapport_summary_to_arrow(const rapport_summary* summary, int64_t threads, struct ArrowArrayStream* out,
                                                    struct ArrowArrayStream* later, rapport_buffer* facts, rapport_error* error);
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
/* Columns of n customers that models read. One that is not needed may be NULL. Of bg_bb `age` counts opportunities. Covariates are numbers that hold for a customer
 * all the time: `transaction` move the rate of buying, `dropout` the chance to stop; names are a JSON list of texts, one a column. */
typedef struct rapport_value_columns {
  uint32_t struct_size;
  uint32_t reserved;
  int64_t n;
  const double* frequency;
  const double* recency;
  const double* age;
  const double* monetary;                /* the mean amount of repeat purchases */
  const double* weights;                 /* customers a row, of a fit; NULL: one each */
  const double* log_gaps;                /* sum of logs of the times between purchases: of bg_cnbd_k and mbg_cnbd_k where k is to be found */
  int64_t transaction_count;
  const double* const* transaction;
  const char* transaction_names;
  size_t transaction_names_size;
  int64_t dropout_count;
  const double* const* dropout;
  const char* dropout_names;
  size_t dropout_names_size;
} rapport_value_columns;
#define RAPPORT_VALUE_COLUMNS_INIT {sizeof(rapport_value_columns), 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL, 0, 0, NULL, NULL, 0}

/* Fits a model by maximum likelihood. `name`: nbd, bg_nbd, mbg_nbd, pareto_nbd, ggompertz_nbd, bg_cnbd_k, mbg_cnbd_k, bg_bb, or gamma_gamma (frequency and monetary).
 * `options`: JSON with k (of bg_cnbd_k and mbg_cnbd_k; none: the likeliest); none: no option. [out] JSON: model, params, standard_errors, covariance, log_likelihood,
 * aic, bic, customers, converged, diagnosis. Errors: `value.invalid_input` with row and field, `value.too_few_customers`, `value.covariates`, `value.unknown_model`. */
RAPPORT_API rapport_status rapport_value_fit(const char* name, size_t name_size, const rapport_value_columns* columns, const char* options,
                                             size_t options_size, rapport_buffer* out, rapport_error* error);
/* One number a customer into out[0..n). `model`: the JSON of fit, or {"model":"bg_nbd","params":{...}}. `question`: JSON with quantity: log_likelihood,
 * probability_alive (ahead: 0), expected_purchases (horizon, start: 0), purchase_probability (n, horizon), expected_residual (rate, continuous per unit of time), of
 * gamma_gamma expected_value and log_likelihood; and log (false: true gives logarithms), threads (1; the bits are the same). The quantity expected_purchases_new
 * (horizon) is one number, of a customer not yet met; then `columns` is NULL or has no rows. */
RAPPORT_API rapport_status rapport_value_predict(const char* model, size_t model_size, const char* question, size_t question_size,
                                                 const rapport_value_columns* columns, double* out, rapport_error* error);
/* A prediction with what lies around it, one a customer into each of three arrays. `question`: as above without log (of gamma_gamma expected_value alone), or lifetime_value
 * (spend: the model of a gamma_gamma, none: monetary is what a purchase is worth; periods, discount_rate, period as below); and level (0.95), method ("delta": from the
 * covariance of the fit; "bootstrap": customers drawn from the model at the ages of `fitted_on`, of a gamma_gamma at their frequencies, refitted), replicates (200), seed (0),
 * threads (1). The fits of a model and of spend are taken to be independent. `fitted_on`, which the bootstrap alone needs: the customers of the fit, else NULL. Errors:
 * `value.no_covariance` where a fit has none, `value.no_mean`, `value.too_few_replicates`. */
RAPPORT_API rapport_status rapport_value_interval(const char* model, size_t model_size, const char* question, size_t question_size,
                                                  const rapport_value_columns* columns, const rapport_value_columns* fitted_on, double* estimate,
                                                  double* low, double* high, rapport_error* error);
/* Discounted value of coming purchases. `spend`: the JSON of a gamma_gamma, which reads frequency and monetary; none: monetary is what a purchase is worth. `terms`: JSON
 * with periods (12), discount_rate (0, a period), period (1: the length of one in units of time), by_period (false), threads. Into out[0..n), with by_period into
 * out[0..n * periods), a customer's periods side by side. */
RAPPORT_API rapport_status rapport_value_lifetime_value(const char* model, size_t model_size, const char* spend, size_t spend_size, const char* terms,
                                                        size_t terms_size, const rapport_value_columns* columns, double* out, rapport_error* error);
/* Customers by chance, each of the age (and with the covariates) of its row, into two arrays of n. `request`: JSON with seed (0) and threads (1). */
RAPPORT_API rapport_status rapport_value_simulate(const char* model, size_t model_size, const char* request, size_t request_size,
                                                  const rapport_value_columns* columns, double* frequency, double* recency, rapport_error* error);

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

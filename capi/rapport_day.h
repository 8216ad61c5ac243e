/* Rapport's C API, the rep's day: plans that fit, cards, outcomes, briefs, letters, reports and the pages made of them. rapport.h includes it and says the
 * rules that hold for every function. */
#ifndef RAPPORT_DAY_H_
#define RAPPORT_DAY_H_

#include "rapport.h"

#ifdef __cplusplus
extern "C" {
#endif

/* --- plans ------------------------------------------------------------------------------------------------------ */
/* The plan of a day and of days after it (docs/plan.md): the whole of what rapport_engine_plan asks a part of. `request`: JSON with day and, where wanted, days (1 to 14; none: as the book's plan says), reps (list of
 * ids), team, travel [{from, to, minutes}] (ids of customers, "" where the rep starts; none: fixed minutes). Columns: those of rapport_engine_plan, with days after the
 * first among the planned lines. `options` may be NULL. Errors: `plan.*`, `travel.*`, `rep.unknown` and `team.unknown` (NOT_FOUND). */
RAPPORT_API rapport_status rapport_engine_plan_days(rapport_engine* engine, const char* request, size_t request_size, const rapport_read_options* options,
                                                    rapport_table** out, rapport_error* error);
/* The same as a rep reads it: plain UTF-8 text, one block a rep and day. */
RAPPORT_API rapport_status rapport_engine_plan_days_text(rapport_engine* engine, const char* request, size_t request_size, const rapport_read_options* options,
                                                         rapport_buffer* out, rapport_error* error);
/* Which of n candidates fill `minutes` best, without a book. Row i: its id is id_bytes[id_offsets[i] .. id_offsets[i+1]), unique; minutes[i] is whole and above 0,
 * value[i] 0 or more; mandatory[i] is not 0 where it must be; its kind likewise in kind_bytes (kind_offsets NULL: none): the words "visit", "revisit", "small" in it count.
 * `options`: JSON with visit_quota, revisit_share, small_floor, travel_minutes (none: none of them), tolerance (0, exact, to 0.1; none: 0.01). [out] positions[i]: from 1 among the planned, 0 where it is not.
 * Any thread may call it at any time. Errors: `plan.invalid_candidate` (row and column), `plan.invalid_goal`, `plan.too_large`. */
RAPPORT_API rapport_status rapport_plan_day(const int64_t* id_offsets, const char* id_bytes, const double* minutes, const double* value, const int32_t* mandatory,
                                            const int64_t* kind_offsets, const char* kind_bytes, int64_t n, int64_t room, const char* options, size_t options_size,
                                            int64_t* positions, rapport_error* error);

/* --- cards and outcomes ----------------------------------------------------------------------------------------- */
/* The card of a follow-up, what a rep reads before a contact (docs/card.md): [out] JSON with kind, title, sections of lines with the events they rest on,
 * facts, and text, the card as a rep reads it. The language is the options'. `options` NULL, or without as_of: of one that was issued, as of the latest
 * moment known; else also of one that is due or held then, which decides the whole book. Errors: `followup.unknown` (NOT_FOUND), `explain.not_loaded`. */
RAPPORT_API rapport_status rapport_engine_card(rapport_engine* engine, const char* followup, size_t followup_size, const rapport_read_options* options,
                                               rapport_buffer* out, rapport_error* error);
/* The same as plain UTF-8 text, a section a line. */
RAPPORT_API rapport_status rapport_engine_card_text(rapport_engine* engine, const char* followup, size_t followup_size, const rapport_read_options* options,
                                                    rapport_buffer* out, rapport_error* error);
/* The questions after a contact, at most six, fitted to the follow-up (docs/outcome.md): [out] JSON. `options` as of rapport_engine_card. */
RAPPORT_API rapport_status rapport_engine_outcome_form(rapport_engine* engine, const char* followup, size_t followup_size,
                                                       const rapport_read_options* options, rapport_buffer* out, rapport_error* error);
/* Turns answers, a JSON object by the keys of the questions, into events at once, all or none. `by`: the rep who answers; NULL: the follow-up's. [out] the
 * receipt as JSON; its `appended` is 0 where the same answers were recorded for `at` before. Errors: `outcome.invalid_answer` names question, found, expected;
 * `followup.unknown`, `followup.closed`, `outcome.recorded` (other answers for that moment), `ledger.behind_seal`. */
RAPPORT_API rapport_status rapport_engine_record(rapport_engine* engine, const char* followup, size_t followup_size, const char* answers, size_t answers_size,
                                                 const char* at, size_t at_size, const char* by, size_t by_size, rapport_buffer* out, rapport_error* error);
/* Takes the events of a receipt back, from `at` on (NULL: just after what is sealed); once undone, nothing more. [out] JSON: followup_id, recording, state,
 * appended. Error: `outcome.unknown_receipt` where the receipt is none of this book's. */
RAPPORT_API rapport_status rapport_engine_undo(rapport_engine* engine, const char* receipt, size_t receipt_size, const char* at, size_t at_size,
                                               rapport_buffer* out, rapport_error* error);

/* --- the brief, adherence, the report, letters --------------------------------------------------------------------- */
/* What became known since a team or a rep last worked (docs/brief.md). `team_or_rep`: a rep's id, else a team's name. `day`: an ISO date. `options` may
 * be NULL: as known at the start of `day`, in the rep's zone, of a team in the book's. [out] JSON: kind, title, sections [{key, title, lines [{text,
 * events}]}], facts, text (the whole as people read it). Errors: `brief.unknown` (NOT_FOUND), `time.invalid_day`. */
RAPPORT_API rapport_status rapport_engine_brief(rapport_engine* engine, const char* team_or_rep, size_t team_or_rep_size, const char* day, size_t day_size,
                                                const rapport_read_options* options, rapport_buffer* out, rapport_error* error);
/* Its text alone. */
RAPPORT_API rapport_status rapport_engine_brief_text(rapport_engine* engine, const char* team_or_rep, size_t team_or_rep_size, const char* day,
                                                     size_t day_size, const rapport_read_options* options, rapport_buffer* out, rapport_error* error);
/* Planned and done, a row a team or rep and whole week before options->as_of: team, rep, week (its Monday), planned, done, share, visits_planned, visits_done,
 * objectives, met, slope, sentence. `weeks`: 1 to 520. `reps`: a JSON array of ids; none: all. For managers only. Errors: `adherence.invalid_weeks`,
 * `rep.unknown` (NOT_FOUND). */
RAPPORT_API rapport_status rapport_engine_adherence(rapport_engine* engine, const rapport_read_options* options, int64_t weeks, const char* reps,
                                                    size_t reps_size, rapport_table** out, rapport_error* error);
/* How the office looks after its customers, the last 30 days beside the 30 before. [out] JSON as of rapport_engine_brief. */
RAPPORT_API rapport_status rapport_engine_report(rapport_engine* engine, const rapport_read_options* options, rapport_buffer* out, rapport_error* error);
/* Its text alone. */
RAPPORT_API rapport_status rapport_engine_report_text(rapport_engine* engine, const rapport_read_options* options, rapport_buffer* out, rapport_error* error);
/* Letters and newsletters that are open, and customers who had enough this year (docs/letters.md): followup_id, customer, customer_name, contact, sender,
 * sender_name, owner, state ("ready" | "waits_for_owner" | "waits_for_line" | "held" | "enough"), why, line (private), count_365, next. */
RAPPORT_API rapport_status rapport_engine_letters(rapport_engine* engine, const rapport_read_options* options, rapport_table** out, rapport_error* error);

/* --- pages ------------------------------------------------------------------------------------------------------- */
/* The day of a team or of some reps as one self-contained HTML page (UTF-8): brief, charts, each rep's plan, what has no room, what is held, cards. It
 * fetches nothing; in print each rep's plan is one A4 page (docs/pages.md). `request` and errors as of rapport_engine_plan_days, but that it shows one day: more than 1 of `days` is
 * `plan.invalid_days`, and what the book's plan says of days ahead does not count. O(size of the plan). */
RAPPORT_API rapport_status rapport_engine_plan_page(rapport_engine* engine, const char* request, size_t request_size, const rapport_read_options* options,
                                                    rapport_buffer* out, rapport_error* error);
/* The planned lines as iCalendar (RFC 5545, UTF-8, CRLF): a VEVENT a line, UID the same for the same work, SEQUENCE higher in a plan made later or from more
 * events. `request` as of rapport_engine_plan_days, and since: the as_of of the calendar that the reader has of this day; what was planned then and is not
 * now is in the new one as cancelled. Errors as there. */
RAPPORT_API rapport_status rapport_engine_plan_calendar(rapport_engine* engine, const char* request, size_t request_size, const rapport_read_options* options,
                                                        rapport_buffer* out, rapport_error* error);

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

/* --- money (docs/economics.md) ---------------------------------------------------------------------------------- */
/* What customers, reps and care are worth, in the reporting currency. `request`: JSON with ask:
 *   "origins"     since (a day; none: all): what came of new, repeat and referred customers, with the minutes it took. [out] origin, customers, orders, revenue,
 *                 margin, minutes, margin_per_minute, margin_per_order, times_new, minutes_without_order, minutes_assumed, orders_without_amount,
 *                 orders_without_margin, orders_without_minutes, currency, sentence
 *   "commission"  reps (ids; none: all): by rep and month. For managers, and for each rep of himself. [out] rep, rep_name, month (its first day), orders, earned,
 *                 taken_back, at_risk, kept, lost_orders, currency, sentence. `economics.no_commission`
 *   "recurring"   months (ahead, 1 to 120; none: 24): what comes by itself. [out] span ("month" | "year"), month (its first day), last, over, contracts,
 *                 renewal_at_risk, repeat_actual, repeat_expected, base, currency, sentence. `economics.invalid_months`
 *   "care"        of the customers of `options`: what care of each is worth, the most first. [out] customer, customer_name, worth, open_orders,
 *                 margin_at_risk, margin_uncared, loss_avoided, saved, referrals, referral_value, window_ends, currency, sentence. `economics.not_fitted`
 * `economics.invalid_request` names what else a request holds. `money.no_reporting_currency`, `money.no_rate`, `customer.unknown`. */
RAPPORT_API rapport_status rapport_engine_economics(rapport_engine* engine, const char* request, size_t request_size, const rapport_read_options* options,
                                                    rapport_table** out, rapport_error* error);

#ifdef __cplusplus
}  /* extern "C" */
#endif

#endif  /* RAPPORT_DAY_H_ */

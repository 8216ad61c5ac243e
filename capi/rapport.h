/* Rapport, the follow-up engine: the C API.
 *
 *   rapport_engine* engine = NULL;
 *   rapport_error error = RAPPORT_ERROR_INIT;
 *   if (rapport_engine_open("office.book", 11, NULL, &engine, &error) != RAPPORT_OK) puts(error.message);
 *   rapport_engine_append(engine, lines, strlen(lines), NULL, NULL, &error);
 *   rapport_table* plan = NULL;
 *   rapport_engine_plan(engine, "2026-03-02", 10, NULL, 0, NULL, &plan, &error);
 *   rapport_table_to_arrow(plan, &stream, &error);          // or rapport_table_to_ndjson
 *   rapport_table_free(plan);
 *   rapport_engine_close(engine);
 *
 * Rules that hold for every function.
 *  - It returns RAPPORT_OK or a canonical status code (the numbers of absl::StatusCode). The last argument, where given, is the caller's
 *    error object: a code, a stable token ("ledger.conflict") and one line for people. It may be NULL. A call that fails changes nothing and
 *    leaves its out parameters as they were.
 *  - Texts are UTF-8, passed as pointer and length, never NUL-terminated for the engine's sake. A pointer may be NULL if its length is 0: "none".
 *    Instants are RFC 3339 with an offset ("2026-03-02T09:00:00+09:00"), days ISO dates.
 *  - What the engine hands out is freed by its own function, which takes NULL: rapport_buffer_dispose, rapport_table_free, rapport_engine_close.
 *    Tables and buffers own their memory and outlive the engine. A released Arrow stream is the consumer's business.
 *  - Option structs begin with struct_size; set them with the _INIT macros. A field added later stands at the end; a smaller struct_size than the
 *    first version's is refused (INVALID_ARGUMENT `capi.struct_size`). A NULL pointer where one is needed is INVALID_ARGUMENT `capi.null`.
 *  - Threads: an engine is used by one thread at a time; different engines by different threads. Tables and buffers may be read by any number.
 *    Functions without an engine are pure. An engine is not used after fork (FAILED_PRECONDITION `store.forked`).
 *  - No exception, no signal, no abort crosses this border; nothing is written to stderr; nothing reads a clock, a locale or the environment.
 *  - Cost is linear in what is read or returned unless a function says otherwise.
 */
#ifndef RAPPORT_H_
#define RAPPORT_H_

#include <stddef.h>
#include <stdint.h>

#include "rapport_arrow.h"

#if defined(_WIN32)
#define RAPPORT_API
#else
#define RAPPORT_API __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* The number of this binary interface. It changes when a caller compiled against an older header could not go on. */
#define RAPPORT_ABI_VERSION 3u

/* --- status ---------------------------------------------------------------------------------------------------- */
typedef int32_t rapport_status;
#define RAPPORT_OK 0
#define RAPPORT_CANCELLED 1
#define RAPPORT_UNKNOWN 2
#define RAPPORT_INVALID_ARGUMENT 3
#define RAPPORT_DEADLINE_EXCEEDED 4
#define RAPPORT_NOT_FOUND 5
#define RAPPORT_ALREADY_EXISTS 6
#define RAPPORT_PERMISSION_DENIED 7
#define RAPPORT_RESOURCE_EXHAUSTED 8
#define RAPPORT_FAILED_PRECONDITION 9
#define RAPPORT_ABORTED 10
#define RAPPORT_OUT_OF_RANGE 11
#define RAPPORT_UNIMPLEMENTED 12
#define RAPPORT_INTERNAL 13
#define RAPPORT_UNAVAILABLE 14
#define RAPPORT_DATA_LOSS 15
#define RAPPORT_UNAUTHENTICATED 16

/* Caller-owned; no allocation. Both texts are NUL-terminated and cut at a character where too long. */
typedef struct rapport_error {
  uint32_t struct_size;
  rapport_status code;
  char token[64];
  char message[1024];
} rapport_error;
#define RAPPORT_ERROR_INIT {sizeof(rapport_error), 0, {0}, {0}}

/* --- memory handed out ------------------------------------------------------------------------------------------ */
/* `size` bytes at `data`, followed by a NUL that is not counted. Begin with RAPPORT_BUFFER_INIT; a function replaces what a buffer held. */
typedef struct rapport_buffer {
  char* data;
  size_t size;
} rapport_buffer;
#define RAPPORT_BUFFER_INIT {NULL, 0}
/* Frees the bytes and leaves RAPPORT_BUFFER_INIT. Accepts NULL, and a second call. */
RAPPORT_API void rapport_buffer_dispose(rapport_buffer* buffer);

typedef struct rapport_engine rapport_engine; /* a book and what can be asked of it */
typedef struct rapport_table rapport_table;   /* named columns, see rapport_table_to_arrow */

/* --- the library ------------------------------------------------------------------------------------------------ */
/* RAPPORT_ABI_VERSION of the library that is loaded; compare before anything else. */
RAPPORT_API uint32_t rapport_abi_version(void);
/* [out] JSON: name, version, compiler, zone_rules, event_semantics, book_schema. */
RAPPORT_API rapport_status rapport_build_info(rapport_buffer* out, rapport_error* error);

/* --- tables ----------------------------------------------------------------------------------------------------- */
/* A stream of one record batch. Types: bool, int64, float64, large_utf8, date32, timestamp[us, UTC]; every column is nullable. The table may be
 * freed before the stream. [out] `stream` must not hold an unreleased stream. */
RAPPORT_API rapport_status rapport_table_to_arrow(const rapport_table* table, struct ArrowArrayStream* out, rapport_error* error);
/* One canonical JSON object a row, a row a line; null members are written. */
RAPPORT_API rapport_status rapport_table_to_ndjson(const rapport_table* table, rapport_buffer* out, rapport_error* error);
/* RFC 4180 with a header; null is empty. */
RAPPORT_API rapport_status rapport_table_to_csv(const rapport_table* table, rapport_buffer* out, rapport_error* error);
/* Number of rows; 0 for NULL. */
RAPPORT_API int64_t rapport_table_rows(const rapport_table* table);
RAPPORT_API void rapport_table_free(rapport_table* table);

/* --- the engine ------------------------------------------------------------------------------------------------- */
typedef struct rapport_open_options {
  uint32_t struct_size;
  int32_t create;            /* 0: the file must exist (`store.not_found`); else it is created */
  int32_t busy_milliseconds; /* how long a writer waits for another one before `store.busy` */
  int32_t use_snapshot;      /* not 0: opens from, and keeps, the cache `<path>.snapshot` */
  const char* suppression_key; /* 16 to 64 bytes of the host's: an erased person who comes back is known by it; none: not */
  size_t suppression_key_size;
} rapport_open_options;
#define RAPPORT_OPEN_OPTIONS_INIT {sizeof(rapport_open_options), 1, 5000, 1, NULL, 0}

/* Opens the book in the file `path`; path_size 0 keeps it in memory. `options` may be NULL. Errors: `store.not_found`, `store.not_a_book`,
 * `store.newer_schema`, `store.io`, `store.busy`. Reads the whole book, or its snapshot and what came since: O(events), O(bytes). */
RAPPORT_API rapport_status rapport_engine_open(const char* path, size_t path_size, const rapport_open_options* options,
                                               rapport_engine** out, rapport_error* error);
/* A book whose events are elsewhere, from rapport_engine_snapshot_bytes: appends go on after them, rapport_engine_export with `after` gives the new ones.
 * Errors: `snapshot.invalid`. */
RAPPORT_API rapport_status rapport_engine_open_snapshot(const char* bytes, size_t size, const rapport_open_options* options,
                                                        rapport_engine** out, rapport_error* error);
RAPPORT_API void rapport_engine_close(rapport_engine* engine);

typedef struct rapport_append_options {
  uint32_t struct_size;
  int32_t keep_unknown;     /* 0: unknown types and fields are refused; else kept word for word */
  const char* received_at;  /* becomes recordedtime where an event claims none; none: its time */
  size_t received_at_size;
  int32_t correct;          /* 0: other content under a known identity is `ledger.conflict`; else it becomes event.corrected */
  int32_t own_events;       /* not 0: takes the engine's own events too: an export read back */
} rapport_append_options;
#define RAPPORT_APPEND_OPTIONS_INIT {sizeof(rapport_append_options), 0, NULL, 0, 0, 0}

typedef struct rapport_append_receipt {
  uint32_t struct_size;
  uint32_t reserved; /* zero */
  int64_t accepted;
  int64_t duplicates;
  int64_t corrected;
  int64_t last_sequence;
} rapport_append_receipt;
#define RAPPORT_APPEND_RECEIPT_INIT {sizeof(rapport_append_receipt), 0, 0, 0, 0, 0}

/* CloudEvents 1.0 JSON, one event a line. All or nothing. `options` and `receipt` may be NULL. Errors: `ledger.conflict` (ALREADY_EXISTS),
 * `event.*`, `json.*`, `money.*`, `time.*`, `store.full` (RESOURCE_EXHAUSTED). */
RAPPORT_API rapport_status rapport_engine_append(rapport_engine* engine, const char* ndjson, size_t ndjson_size,
                                                 const rapport_append_options* options, rapport_append_receipt* receipt,
                                                 rapport_error* error);

/* The same from an Arrow stream, which is released: a row an event. Columns named like CloudEvents members are these; `data` is JSON text or a struct, every other
 * column a field of data; a single column `event` is the event as JSON text. Errors: `arrow.unsupported_type`, `arrow.invalid`, `arrow.invalid_value`,
 * `arrow.stream` and those of append, with the row. */
RAPPORT_API rapport_status rapport_engine_append_arrow(rapport_engine* engine, struct ArrowArrayStream* stream,
                                                       const rapport_append_options* options, rapport_append_receipt* receipt,
                                                       rapport_error* error);

typedef struct rapport_import_options {
  uint32_t struct_size;
  int32_t dry_run;          /* not 0: read, check, count, append nothing */
  int64_t max_rejects;      /* more rejected rows refuse the file */
  int32_t keep_unknown;
  int32_t own_events;       /* not 0: takes the engine's own events too: an export read back */
} rapport_import_options;
#define RAPPORT_IMPORT_OPTIONS_INIT {sizeof(rapport_import_options), 0, 0, 0, 0}

/* A file of events: NDJSON, or delimited text with a mapping: a document (docs/import.md) or a shipped mapping's name. [out] JSON: batch (null where nothing was
 * new), rows, events, accepted, duplicates, corrected, last_sequence, rejected [{line, token, message}]. Errors: `import.*`, `mapping.*` and those of append. */
RAPPORT_API rapport_status rapport_engine_import(rapport_engine* engine, const char* path, size_t path_size, const char* mapping,
                                                 size_t mapping_size, const rapport_import_options* options, rapport_buffer* out,
                                                 rapport_error* error);
/* Takes all events of an import back: they stay stored and count no more, from `at` on (none: the latest moment known). [out] JSON: accepted, duplicates, corrected,
 * last_sequence. Errors: `batch.unknown`. */
RAPPORT_API rapport_status rapport_engine_retract_batch(rapport_engine* engine, const char* batch, size_t batch_size, const char* at,
                                                        size_t at_size, rapport_buffer* out, rapport_error* error);
/* Makes the book say what a table says, read through a mapping: new rows are appended, changed ones corrected and, with `mode` "full" (none), those of the same
 * source and types that are missing retracted; "delta" leaves them. The same table again appends nothing. Releases the stream. [out] JSON: accepted, duplicates,
 * corrected, retracted, last_sequence, batch. */
RAPPORT_API rapport_status rapport_engine_sync(rapport_engine* engine, struct ArrowArrayStream* table, const char* mapping, size_t mapping_size,
                                               const char* mode, size_t mode_size, const char* at, size_t at_size, rapport_buffer* out,
                                               rapport_error* error);
/* What a file seems to hold, with a mapping that would read it and five of its rows as events. Imports nothing. [out] JSON (docs/import.md). */
RAPPORT_API rapport_status rapport_import_inspect(const char* path, size_t path_size, rapport_buffer* out, rapport_error* error);
/* The document of a mapping that comes with the library; without a name the list of names. Errors: `mapping.unknown_name`. */
RAPPORT_API rapport_status rapport_import_mapping(const char* name, size_t name_size, rapport_buffer* out, rapport_error* error);

typedef struct rapport_export_options {
  uint32_t struct_size;
  uint32_t reserved;        /* zero */
  int64_t after;            /* only what was stored after this sequence: a cursor */
  const char* known_at;     /* only what was known by then */
  size_t known_at_size;
  const char* subject;      /* only this customer's */
  size_t subject_size;
} rapport_export_options;
#define RAPPORT_EXPORT_OPTIONS_INIT {sizeof(rapport_export_options), 0, 0, NULL, 0, NULL, 0}
/* The events stored, in order of sequence, as NDJSON with private fields. `options` may be NULL: all. */
RAPPORT_API rapport_status rapport_engine_export(rapport_engine* engine, const rapport_export_options* options, rapport_buffer* out,
                                                 rapport_error* error);
/* The events of one type as they were said: id, source, subject, time, recorded, batch and a column a field of data. Errors: `event.unknown_type`. */
RAPPORT_API rapport_status rapport_engine_event_table(rapport_engine* engine, const char* type, size_t type_size, const char* known_at,
                                                      size_t known_at_size, rapport_table** out, rapport_error* error);
/* All that is stored about a customer, text included, for the person who asks. [out] JSON: customer, ids, events. Errors: `customer.unknown`. */
RAPPORT_API rapport_status rapport_engine_subject(rapport_engine* engine, const char* customer, size_t customer_size, rapport_buffer* out,
                                                  rapport_error* error);
/* Deletes the text of all the customer's events for good and appends customer.erased; facts stay, nobody contacts the customer again. [out] JSON: events,
 * suppressed. Errors: `customer.unknown`, `erase.key`, `store.busy` where another process reads the pages. */
RAPPORT_API rapport_status rapport_engine_erase(rapport_engine* engine, const char* customer, size_t customer_size, const char* at,
                                                size_t at_size, rapport_buffer* out, rapport_error* error);
/* Deletes the text of events older at `at` than book.configured `retention` keeps their type. [out] the number of events. */
RAPPORT_API rapport_status rapport_engine_apply_retention(rapport_engine* engine, const char* at, size_t at_size, int64_t* out,
                                                          rapport_error* error);
/* The folded book without personal text, for rapport_engine_open_snapshot; the same bytes for the same events. */
RAPPORT_API rapport_status rapport_engine_snapshot_bytes(rapport_engine* engine, rapport_buffer* out, rapport_error* error);
/* Writes the cache `<path>.snapshot`. Errors: `store.no_file`. */
RAPPORT_API rapport_status rapport_engine_save_snapshot(rapport_engine* engine, rapport_error* error);
/* A copy of the book's file while others read and write. Errors: `store.exists`, `store.no_file`, `store.full`. */
RAPPORT_API rapport_status rapport_engine_backup(rapport_engine* engine, const char* path, size_t path_size, rapport_error* error);

/* Fits a model ("bg_nbd", "large_accounts", "promise_keeping", "repeat", "worries", "referrals") on what is known at as_of and appends model.fitted. `unit` of
 * bg_nbd: "day", "week" (none: week). [out] JSON: model, customers, fitted, appended. Errors: `value.*`, `expectation.*`, `ledger.behind_seal`
 * (FAILED_PRECONDITION). */
RAPPORT_API rapport_status rapport_engine_fit(rapport_engine* engine, const char* model, size_t model_size, const char* as_of,
                                              size_t as_of_size, const char* unit, size_t unit_size, rapport_buffer* out,
                                              rapport_error* error);
/* Fits each of them in a fixed order: model, customers, appended; where too little is known yet token and message instead, which is no error. */
RAPPORT_API rapport_status rapport_engine_fit_all(rapport_engine* engine, const char* as_of, size_t as_of_size, const char* unit, size_t unit_size,
                                                  rapport_table** out, rapport_error* error);
/* Puts a policy document in force from `at`. Errors: `policy.*`, `ledger.behind_seal`. */
RAPPORT_API rapport_status rapport_engine_adopt(rapport_engine* engine, const char* policy, size_t policy_size, const char* at,
                                                size_t at_size, rapport_error* error);

typedef struct rapport_read_options {
  uint32_t struct_size;
  uint32_t reserved;        /* zero */
  uint64_t seed;
  const char* as_of;        /* required, but for rapport_engine_plan: none is the first start of the day in the zones of the reps asked about */
  size_t as_of_size;
  const char* known_at;     /* none: as_of */
  size_t known_at_size;
  const char* policy;       /* a document; none: the adopted one, else the default */
  size_t policy_size;
  const char* customers;    /* a JSON array of ids; none: all */
  size_t customers_size;
  const char* language;     /* "en" (none), "ja", "ko", "zh" */
  size_t language_size;
} rapport_read_options;
#define RAPPORT_READ_OPTIONS_INIT {sizeof(rapport_read_options), 0, 0, NULL, 0, NULL, 0, NULL, 0, NULL, 0, NULL, 0}

/* Who is to be followed up, and who is held back and why. Columns: followup_id, customer, contact, rep, rule, step, channel, purpose, objective, headline,
 * due, not_before, expires, minutes, value, priority, status ("due" | "held"), held_by, held_until, propensity. Records nothing. */
RAPPORT_API rapport_status rapport_engine_decide(rapport_engine* engine, const rapport_read_options* options, rapport_table** out,
                                                 rapport_error* error);
/* Records what decide concludes, once, and adopts the policy first where it is another than the adopted one. [out] JSON: issued, changed, withdrawn,
 * expired (counts), backlog (fell due before go-live, by rule), cursor, events. The same tick again issues nothing. Errors: `ledger.behind_seal`. */
RAPPORT_API rapport_status rapport_engine_tick(rapport_engine* engine, const rapport_read_options* options, rapport_buffer* out,
                                               rapport_error* error);
/* Checks exits and permission at the moment the work is handed to a rep, and records it where allowed. [out] JSON: allowed, reasons (tokens), sentences.
 * Errors: `followup.unknown` (NOT_FOUND), `ledger.behind_seal`. */
RAPPORT_API rapport_status rapport_engine_hand_over(rapport_engine* engine, const char* followup, size_t followup_size, const char* at,
                                                    size_t at_size, const char* language, size_t language_size, rapport_buffer* out,
                                                    rapport_error* error);
/* What a rep or owner says of an issued follow-up. `word`: "snooze" (with `until`), "skip", "approve" or "withhold" (with `rep`, who rules); `reason` may be
 * NULL; of "approve" it is the personal line of a letter. [out] appended, may be NULL: 0 where it was said before. Errors: `followup.unknown`,
 * `followup.closed`, `followup.not_ahead`, `followup.no_approval`; of a letter `letter.no_personal_line`, `letter.not_owner`. */
RAPPORT_API rapport_status rapport_engine_answer(rapport_engine* engine, const char* followup, size_t followup_size, const char* word,
                                                 size_t word_size, const char* at, size_t at_size, const char* until, size_t until_size,
                                                 const char* rep, size_t rep_size, const char* reason, size_t reason_size, int64_t* appended, rapport_error* error);
/* What a policy (options->policy, else the adopted one) would have asked for from `start` to `end`, day by day, with what was known each day; nothing is
 * recorded. `against`: another policy document to be compared person by person, or NULL. `refit`: "month" fits models as the days go, NULL uses those of
 * history. Outputs that are NULL are not made: days, rules, people (tables, docs/backtest.md), summary (JSON with sentences). Errors:
 * `backtest.invalid_period`, `backtest.no_history`. */
RAPPORT_API rapport_status rapport_engine_backtest(rapport_engine* engine, const char* start, size_t start_size, const char* end, size_t end_size,
                                                   const char* against, size_t against_size, const char* refit, size_t refit_size,
                                                   const rapport_read_options* options, rapport_table** days, rapport_table** rules,
                                                   rapport_table** people, rapport_buffer* summary, rapport_error* error);
/* Why: [out] JSON with the derivation and its sentences. `options` NULL: of a follow-up that was issued; else also of one that is due or held then. */
RAPPORT_API rapport_status rapport_engine_explain(rapport_engine* engine, const char* followup, size_t followup_size, const char* language,
                                                  size_t language_size, const rapport_read_options* options, rapport_buffer* out,
                                                  rapport_error* error);
/* Why a rule asks nothing for a customer at options->as_of: [out] JSON with `why`, sentences in options->language, the conditions and the fewest
 * signals that would turn them (docs/explain.md). Errors: `customer.unknown`, `policy.unknown_rule` (NOT_FOUND). */
RAPPORT_API rapport_status rapport_engine_why_not(rapport_engine* engine, const char* customer, size_t customer_size, const char* rule,
                                                  size_t rule_size, const rapport_read_options* options, rapport_buffer* out,
                                                  rapport_error* error);
/* Every customer's next date, channel and rule, or the reason for none. Columns: customer, next, day, channel, rule, reason, because. */
RAPPORT_API rapport_status rapport_engine_agenda(rapport_engine* engine, const rapport_read_options* options, rapport_table** out,
                                                 rapport_error* error);
/* One row a customer, a column a signal, sorted by customer. `columns`: a JSON array of names; none: all. Errors: `signal.unknown`. */
RAPPORT_API rapport_status rapport_engine_signals(rapport_engine* engine, const rapport_read_options* options, const char* columns,
                                                  size_t columns_size, rapport_table** out, rapport_error* error);
/* What became of promises, ours and the customers': one row a word of a promise, sorted by customer, made_at, promise, word (docs/promises.md). Columns:
 * customer, promise, word, current, by, rep, contact, order, product, dimension, made_at, given_at, quantity, unit, due, announced_due, delivered_quantity,
 * ready, work_left, outcome, fulfilled_on, margin_days, margin_working_days, margin_quantity, deliveries, deliveries_before_promise,
 * deliveries_in_other_unit, deliveries_after_withdrawal; of what is open probability_kept and, where that is below 0.8, agree_on; sentence. Errors:
 * `customer.unknown` (NOT_FOUND). */
RAPPORT_API rapport_status rapport_engine_promises(rapport_engine* engine, const rapport_read_options* options, rapport_table** out,
                                                   rapport_error* error);
/* Who promises more than is kept: by, name, settled, kept, share, low, high, rest, probability_worse, over_promises, bias_days, bias_low, bias_high,
 * mean_margin_quantity (docs/promise_estimates.md). Of people: for managers only. */
RAPPORT_API rapport_status rapport_engine_kept_shares(rapport_engine* engine, const rapport_read_options* options, rapport_table** out, rapport_error* error);
/* Who of ours knows a customer, the warmest first: rep, rep_name, owner, works_here, sender (whose name a letter bears), touches, first_at, last_at,
 * last_channel, contacts, warmth, sentence (docs/relationships.md). Of people: for managers where it ranks them. Errors: `customer.unknown` (NOT_FOUND). */
RAPPORT_API rapport_status rapport_engine_who_knows(rapport_engine* engine, const char* customer, size_t customer_size,
                                                    const rapport_read_options* options, rapport_table** out, rapport_error* error);
/* How customers stand with us, one row each: customer, customer_name, trust, rung, falls_on, days_to_fall, health, band, trend, both_sides_share, last_at,
 * last_care_at, ideal_days, latest_days, due ("fine" | "due" | "overdue" or null), best_window, people, sender, reasons_for, reasons_against, sentence. Errors:
 * `customer.unknown` (NOT_FOUND). */
RAPPORT_API rapport_status rapport_engine_relationships(rapport_engine* engine, const rapport_read_options* options, rapport_table** out,
                                                        rapport_error* error);
/* What buyers of a product worry about and what cured it, of the model "worries": product, topic, buyers, customers, raised, open, resolved, median_days,
 * best_remedy, tried, cured, heard_first, complained_first, sentence. Errors: `relationship.not_fitted` (FAILED_PRECONDITION). */
RAPPORT_API rapport_status rapport_engine_worries(rapport_engine* engine, const rapport_read_options* options, rapport_table** out,
                                                  rapport_error* error);
/* Who brought whom, of the model "referrals": customer, brought_by, depth, brought_directly, brought, value, refused (why a referral does not count),
 * referred (by it). Errors: `relationship.not_fitted` (FAILED_PRECONDITION), `customer.unknown` (NOT_FOUND). */
RAPPORT_API rapport_status rapport_engine_referrals(rapport_engine* engine, const rapport_read_options* options, rapport_table** out,
                                                    rapport_error* error);
/* The three wealths of closed deals: customer, opportunity, opened, closed, won, value, currency, income, experience, lesson, rung_before, rung_after,
 * relationship, verdict ("full" | "bare_pass" | "success" | "failure"), sentence. Errors: `customer.unknown` (NOT_FOUND). */
RAPPORT_API rapport_status rapport_engine_deals(rapport_engine* engine, const rapport_read_options* options, rapport_table** out,
                                                rapport_error* error);
/* The day, and the quantity, to promise. `request`: JSON with rep, as_of and, where wanted, product, quantity, confidence (0.9), work_minutes, known_at. [out]
 * JSON: day, days, chance (absent where no day holds so often), quantity, lead_times, confidence, sentence. Errors: `expectation.not_fitted`, `advise.*`. */
RAPPORT_API rapport_status rapport_engine_advise_promise(rapport_engine* engine, const char* request, size_t request_size, const char* language,
                                                         size_t language_size, rapport_buffer* out, rapport_error* error);
/* Take an order, take it with another promise, or leave it. `request`: as above, with due and, where wanted, customer, segment, margin, patience_days (60). [out]
 * JSON: verdict ("accept" | "other_promise" | "decline"), due, chance, day, day_chance, reasons [{reason, sentence}], sentence, quantity, work_minutes,
 * free_minutes, segment {kept, settled}. Errors: as above. */
RAPPORT_API rapport_status rapport_engine_accept_order(rapport_engine* engine, const char* request, size_t request_size, const char* language,
                                                       size_t language_size, rapport_buffer* out, rapport_error* error);
/* Which rules of a policy can work on what the book records, and what would wake the others (docs/coverage.md). Columns: rule, state ("live" | "partial" |
 * "asleep"), customers (for how many the trigger could happen), needs (event types and fields, comma separated, or null), sentence. `options` may be NULL;
 * as_of none: everything stored, known_at then none too (`capi.missing_as_of`). Errors: `policy.*`, `signal.invalid_model`. */
RAPPORT_API rapport_status rapport_engine_coverage(rapport_engine* engine, const rapport_read_options* options, rapport_table** out,
                                                   rapport_error* error);
/* The plan of a day, by day and reps alone; rapport_engine_plan_days (rapport_day.h) is the whole of it, with further days, a team and ways to travel.
 * `reps`: a JSON array of ids; none: all. Columns: rep, position, start, minutes, customer, customer_name, contact, channel, purpose,
 * objective, headline, value, mandatory, followup_id, status ("planned" | "no_room" | "waits" | "passed_on" | "held"), held_by, held_until, currency, day,
 * travel_minutes, rolled, age_days, appointment, told, hand_to, passed_from, later (rapport/plan/plan_print.hpp). `options` may be NULL. */
RAPPORT_API rapport_status rapport_engine_plan(rapport_engine* engine, const char* day, size_t day_size, const char* reps,
                                               size_t reps_size, const rapport_read_options* options, rapport_table** out,
                                               rapport_error* error);
/* The same as a rep reads it: plain UTF-8 text, one block a rep. */
RAPPORT_API rapport_status rapport_engine_plan_text(rapport_engine* engine, const char* day, size_t day_size, const char* reps,
                                                    size_t reps_size, const rapport_read_options* options, rapport_buffer* out,
                                                    rapport_error* error);
/* One customer as a JSON document. known_at none: everything stored. Errors: `customer.unknown` (NOT_FOUND). */
RAPPORT_API rapport_status rapport_engine_customer(rapport_engine* engine, const char* customer, size_t customer_size,
                                                   const char* known_at, size_t known_at_size, rapport_buffer* out, rapport_error* error);
/* May this person be contacted then, and when first? `contact` may be none, `purpose` none is "care". One row a reason: allowed, reason, until, sentence,
 * first_allowed; one row without a reason where allowed. */
RAPPORT_API rapport_status rapport_engine_permit(rapport_engine* engine, const char* customer, size_t customer_size, const char* channel,
                                                 size_t channel_size, const char* at, size_t at_size, const char* purpose,
                                                 size_t purpose_size, const char* contact, size_t contact_size, const char* language,
                                                 size_t language_size, rapport_table** out, rapport_error* error);
/* Many at once. `requests`: a JSON array of {"customer", "channel", "at", "purpose" ("care"), "contact", "class"}. Columns: customer, contact, channel, purpose, at,
 * allowed, reasons (comma separated), first_allowed. Errors: `capi.invalid_request`, `capi.unknown_word`. */
RAPPORT_API rapport_status rapport_engine_permit_all(rapport_engine* engine, const char* requests, size_t requests_size, rapport_table** out, rapport_error* error);
/* Reads everything again and checks digests, the integrity chain and the store. Error: `store.corrupt` (DATA_LOSS). */
RAPPORT_API rapport_status rapport_engine_check(rapport_engine* engine, rapport_error* error);

/* --- made-up books ---------------------------------------------------------------------------------------------- */
/* Events of a made-up book of business as NDJSON, and the truth they were made from. `options`: JSON with seed, customers, first_customer, years, reps, start,
 * zone, late_share, promised_orders, only_purchases; none: 1,000 customers, 2 years. `truth` may be NULL. Errors: `simulate.*`. */
RAPPORT_API rapport_status rapport_simulate(const char* options, size_t options_size, rapport_buffer* events, rapport_buffer* truth,
                                            rapport_error* error);

#ifdef __cplusplus
}
#endif

#include "rapport_day.h"   /* the rep's day: plans, cards, outcomes, briefs, letters, reports, pages */
#include "rapport_pure.h"  /* what needs no book: policies, signals, permission, calendars, models */

#endif /* RAPPORT_H_ */

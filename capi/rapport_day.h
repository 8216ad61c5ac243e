/* Rapport's C API, the rep's day: plans that fit, cards, outcomes, briefs, letters, reports and the pages made of them. rapport.h includes it and says the
 * rules that hold for every function. */
#ifndef RAPPORT_DAY_H_
#define RAPPORT_DAY_H_

#include "rapport.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The card of a follow-up, what a rep reads before a contact (docs/card.md): [out] JSON with kind, title, sections of lines with the events they rest on,
 * facts, and text, the card as a rep reads it. The language is the options'. `options` NULL, or without as_of: of one that was issued, as of the latest
 * moment known; else also of one that is due or held then. Errors: `followup.unknown` (NOT_FOUND), `explain.not_loaded`. */
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

#ifdef __cplusplus
}  /* extern "C" */
#endif

#endif  /* RAPPORT_DAY_H_ */

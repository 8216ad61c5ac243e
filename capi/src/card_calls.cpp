// Cards, outcome forms, and outcomes recorded and taken back, across the border.
#include "border.hpp"

using namespace rapport;        // NOLINT: this file is the border of that namespace
using namespace rapport::capi;  // NOLINT

namespace {

struct AskedCard {
  FollowUpId followup;
  Read read;
  std::optional<ReadAt> at;   // none: as of the latest moment known
};

absl::Status ReadAsked(const char* followup, size_t size, const rapport_read_options* options, AskedCard& out) {
  RAPPORT_RETURN_IF_ERROR(CheckText(followup, size, "followup"));
  RAPPORT_ASSIGN_OR_RETURN(out.followup, FollowUpId::Parse(View(followup, size)));
  RAPPORT_RETURN_IF_ERROR(ReadOptions(options, false, out.read));
  if (out.read.has_as_of) out.at = out.read.at;
  const bool half = !out.read.has_as_of && (out.read.at.known_at.has_value() || out.read.policy.has_value());
  return half ? Invalid("capi.missing_as_of", "as_of: found none beside known_at or policy, expected an instant") : absl::OkStatus();
}

}  // namespace

extern "C" {

rapport_status rapport_engine_card(rapport_engine* engine, const char* followup, size_t followup_size, const rapport_read_options* options, rapport_buffer* out,
                                   rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({engine, followup, out}));
    AskedCard asked;
    RAPPORT_RETURN_IF_ERROR(ReadAsked(followup, followup_size, options, asked));
    RAPPORT_ASSIGN_OR_RETURN(const Json card, engine->engine.Card(asked.followup, asked.at, asked.read.language));
    return Give(card.Canonical(), out);
  });
}

rapport_status rapport_engine_card_text(rapport_engine* engine, const char* followup, size_t followup_size, const rapport_read_options* options,
                                        rapport_buffer* out, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({engine, followup, out}));
    AskedCard asked;
    RAPPORT_RETURN_IF_ERROR(ReadAsked(followup, followup_size, options, asked));
    RAPPORT_ASSIGN_OR_RETURN(const std::string text, engine->engine.CardText(asked.followup, asked.at, asked.read.language));
    return Give(text, out);
  });
}

rapport_status rapport_engine_outcome_form(rapport_engine* engine, const char* followup, size_t followup_size, const rapport_read_options* options,
                                           rapport_buffer* out, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({engine, followup, out}));
    AskedCard asked;
    RAPPORT_RETURN_IF_ERROR(ReadAsked(followup, followup_size, options, asked));
    RAPPORT_ASSIGN_OR_RETURN(const Json form, engine->engine.OutcomeForm(asked.followup, asked.at, asked.read.language));
    return Give(form.Canonical(), out);
  });
}

rapport_status rapport_engine_record(rapport_engine* engine, const char* followup, size_t followup_size, const char* answers, size_t answers_size,
                                     const char* at, size_t at_size, const char* by, size_t by_size, rapport_buffer* out, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({engine, followup, answers, at, out}));
    RAPPORT_RETURN_IF_ERROR(CheckText(by, by_size, "by"));
    RAPPORT_ASSIGN_OR_RETURN(const FollowUpId id, FollowUpId::Parse(View(followup, followup_size)));
    RAPPORT_ASSIGN_OR_RETURN(const Json said, Json::Parse(View(answers, answers_size)));
    RAPPORT_ASSIGN_OR_RETURN(const Instant moment, ReadInstant(at, at_size, "at"));
    RepId rep;
    if (by_size > 0) {
      RAPPORT_ASSIGN_OR_RETURN(rep, RepId::Parse(View(by, by_size)));
    }
    RAPPORT_ASSIGN_OR_RETURN(const Json receipt, engine->engine.Record(id, said, moment, rep));
    return Give(receipt.Canonical(), out);
  });
}

rapport_status rapport_engine_undo(rapport_engine* engine, const char* receipt, size_t receipt_size, const char* at, size_t at_size, rapport_buffer* out,
                                   rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({engine, receipt, out}));
    RAPPORT_ASSIGN_OR_RETURN(const Json given, Json::Parse(View(receipt, receipt_size)));
    RAPPORT_ASSIGN_OR_RETURN(const std::optional<Instant> moment, ReadOptionalInstant(at, at_size, "at"));
    RAPPORT_ASSIGN_OR_RETURN(const Json undone, engine->engine.Undo(given, moment));
    return Give(undone.Canonical(), out);
  });
}

}  // extern "C"

// The brief, adherence, the report and letters across the border.
#include <limits>

#include "border.hpp"

using namespace rapport;        // NOLINT: this file is the border of that namespace
using namespace rapport::capi;  // NOLINT

namespace {

absl::StatusOr<Json> BriefOf(rapport_engine* engine, std::string_view team_or_rep, std::string_view day, const rapport_read_options* options) {
  Read read;
  RAPPORT_RETURN_IF_ERROR(ReadOptions(options, false, read));
  RAPPORT_ASSIGN_OR_RETURN(const Day morning, ParseDay(day));
  return engine->engine.Brief(team_or_rep, morning, read.has_as_of ? std::optional(read.at) : std::nullopt, read.language);
}

absl::StatusOr<Json> ReportOf(rapport_engine* engine, const rapport_read_options* options) {
  Read read;
  RAPPORT_RETURN_IF_ERROR(ReadOptions(options, true, read));
  return engine->engine.Report(read.at, read.language);
}

const std::string& TextOf(const Json& sheet) { return *sheet.Find("text")->if_string(); }

}  // namespace

extern "C" {

rapport_status rapport_engine_brief(rapport_engine* engine, const char* team_or_rep, size_t team_or_rep_size, const char* day, size_t day_size,
                                    const rapport_read_options* options, rapport_buffer* out, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({engine, team_or_rep, day, out}));
    RAPPORT_ASSIGN_OR_RETURN(const Json brief, BriefOf(engine, View(team_or_rep, team_or_rep_size), View(day, day_size), options));
    return Give(brief.Canonical(), out);
  });
}

rapport_status rapport_engine_brief_text(rapport_engine* engine, const char* team_or_rep, size_t team_or_rep_size, const char* day, size_t day_size,
                                         const rapport_read_options* options, rapport_buffer* out, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({engine, team_or_rep, day, out}));
    RAPPORT_ASSIGN_OR_RETURN(const Json brief, BriefOf(engine, View(team_or_rep, team_or_rep_size), View(day, day_size), options));
    return Give(TextOf(brief), out);
  });
}

rapport_status rapport_engine_adherence(rapport_engine* engine, const rapport_read_options* options, int64_t weeks, const char* reps, size_t reps_size,
                                        rapport_table** out, rapport_error* error) {
  return GiveTable(engine, options, out, error, [&](Engine& asked, const Read& read) -> absl::StatusOr<Table> {
    RAPPORT_ASSIGN_OR_RETURN(const std::vector<RepId> ids, ReadReps(reps, reps_size));
    // What does not fit is refused as what is too large.
    const int most = std::numeric_limits<int>::max();
    return asked.Adherence(read.at, weeks < 0 ? 0 : weeks > most ? most : static_cast<int>(weeks), ids, read.language);
  });
}

rapport_status rapport_engine_report(rapport_engine* engine, const rapport_read_options* options, rapport_buffer* out, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({engine, out}));
    RAPPORT_ASSIGN_OR_RETURN(const Json report, ReportOf(engine, options));
    return Give(report.Canonical(), out);
  });
}

rapport_status rapport_engine_report_text(rapport_engine* engine, const rapport_read_options* options, rapport_buffer* out, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({engine, out}));
    RAPPORT_ASSIGN_OR_RETURN(const Json report, ReportOf(engine, options));
    return Give(TextOf(report), out);
  });
}

rapport_status rapport_engine_letters(rapport_engine* engine, const rapport_read_options* options, rapport_table** out, rapport_error* error) {
  return GiveTable(engine, options, out, error, [](Engine& asked, const Read& read) { return asked.Letters(read.at, read.language); });
}

}  // extern "C"

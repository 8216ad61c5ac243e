// Trust in reports: of a table, and of a book.
#include <algorithm>
#include <array>
#include <deque>

#include "arrow_import.hpp"
#include "border.hpp"
#include "rapport/plan/report_trust.hpp"
#include "rapport_day.h"
#include "rapport_pure.h"

using namespace rapport;        // NOLINT: this file is the border of that namespace
using namespace rapport::capi;  // NOLINT

namespace {

// Reports from a stream, by place of their columns; texts are kept here.
class ReportRows {
 public:
  absl::Status Columns(const std::vector<std::string>& columns) {
    places_.fill(-1);
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const auto named = std::find(kNames.begin(), kNames.end(), columns[i]);
      if (named == kNames.end()) {
        std::string expected;
        for (const std::string_view name : kNames) expected += (expected.empty() ? "" : ", ") + std::string(name);
        return Invalid("trust.invalid_input", "column \"" + columns[i] + "\": expected " + expected);
      }
      places_[static_cast<std::size_t>(named - kNames.begin())] = static_cast<int>(i);
    }
    for (const Name needed : {kId, kRep, kStart}) {
      if (places_[needed] < 0) return Invalid("trust.invalid_input", "column \"" + std::string(kNames[needed]) + "\": found none, expected one");
    }
    return absl::OkStatus();
  }

  absl::Status Row(std::vector<Json>&& row) {
    WorkReport report;
    const std::pair<Name, std::string_view*> texts[] = {{kId, &report.id}, {kRep, &report.rep}, {kCustomer, &report.customer}, {kChannel, &report.channel},
                                                        {kNote, &report.note}, {kDisposition, &report.disposition}};
    for (const auto& [name, into] : texts) RAPPORT_RETURN_IF_ERROR(Text(row, name, *into));
    std::optional<Instant> start;
    RAPPORT_RETURN_IF_ERROR(Moment(row, kStart, start));
    if (!start.has_value()) return Wrong(kStart, Json(), "an instant");
    report.start = *start;
    RAPPORT_RETURN_IF_ERROR(Moment(row, kRecorded, report.recorded));
    const std::pair<Name, std::optional<double>*> numbers[] = {{kMinutes, &report.minutes}, {kLatitude, &report.latitude}, {kLongitude, &report.longitude},
                                                               {kAccuracy, &report.accuracy_metres}};
    for (const auto& [name, into] : numbers) RAPPORT_RETURN_IF_ERROR(Number(row, name, *into));
    RAPPORT_RETURN_IF_ERROR(YesOrNo(row, kOutcome, report.outcome));
    reports_.push_back(report);
    return absl::OkStatus();
  }

  const std::vector<WorkReport>& reports() const { return reports_; }

 private:
  enum Name : std::size_t {
    kId, kRep, kCustomer, kChannel, kStart, kMinutes, kRecorded, kLatitude, kLongitude, kAccuracy, kNote, kDisposition, kOutcome, kColumns
  };
  static constexpr std::array<std::string_view, kColumns> kNames = {"id", "rep", "customer", "channel", "start", "minutes", "recorded", "latitude",
                                                                    "longitude", "accuracy_metres", "note", "disposition", "outcome"};

  absl::Status Wrong(Name name, const Json& found, std::string_view expected) const {
    const std::string shown = found.if_string() != nullptr ? "\"" + *found.if_string() + "\"" : std::string(found.KindName());
    return Invalid("trust.invalid_input", "row " + std::to_string(reports_.size() + 1) + ", field " + std::string(kNames[name]) + ": found " + shown +
                                              ", expected " + std::string(expected));
  }
  // Null where the column or the value is missing.
  const Json* Find(const std::vector<Json>& row, Name name) const {
    const int place = places_[name];
    if (place < 0 || row[static_cast<std::size_t>(place)].is_null()) return nullptr;
    return &row[static_cast<std::size_t>(place)];
  }
  // Customers and reps are often numbers.
  absl::Status Text(const std::vector<Json>& row, Name name, std::string_view& into) {
    const Json* cell = Find(row, name);
    if (cell == nullptr) return absl::OkStatus();
    if (cell->if_string() != nullptr) {
      into = texts_.emplace_back(*cell->if_string());
    } else if (const std::optional<std::int64_t> whole = cell->if_integer()) {
      into = texts_.emplace_back(std::to_string(*whole));
    } else {
      return Wrong(name, *cell, "a text or a whole number");
    }
    return absl::OkStatus();
  }
  absl::Status Moment(const std::vector<Json>& row, Name name, std::optional<Instant>& into) const {
    const Json* cell = Find(row, name);
    if (cell == nullptr) return absl::OkStatus();
    const absl::StatusOr<Stamp> stamp = cell->if_string() != nullptr ? ParseStamp(*cell->if_string()) : absl::StatusOr<Stamp>(absl::InvalidArgumentError(""));
    if (!stamp.ok()) return Wrong(name, *cell, "an instant with an offset, such as 2026-03-02T10:15:00+09:00");
    into = stamp->at;
    return absl::OkStatus();
  }
  absl::Status Number(const std::vector<Json>& row, Name name, std::optional<double>& into) const {
    const Json* cell = Find(row, name);
    if (cell == nullptr) return absl::OkStatus();
    if (cell->if_number() == nullptr) return Wrong(name, *cell, "a number");
    into = *cell->if_number();
    return absl::OkStatus();
  }
  absl::Status YesOrNo(const std::vector<Json>& row, Name name, std::optional<bool>& into) const {
    const Json* cell = Find(row, name);
    if (cell == nullptr) return absl::OkStatus();
    if (cell->if_bool() != nullptr) {
      into = *cell->if_bool();
    } else if (cell->if_number() != nullptr && (*cell->if_number() == 0 || *cell->if_number() == 1)) {
      into = *cell->if_number() == 1;
    } else {
      return Wrong(name, *cell, "true or false");
    }
    return absl::OkStatus();
  }

  std::array<int, kColumns> places_{};
  std::vector<WorkReport> reports_;
  std::deque<std::string> texts_;
};

struct ScoreOptions {
  const Zone* zone = nullptr;
  Language language = Language::kEnglish;
  bool by_rep = false;
};

absl::StatusOr<ScoreOptions> ReadScoreOptions(const char* text, size_t size) {
  RAPPORT_RETURN_IF_ERROR(CheckText(text, size, "options"));
  Json json{Json::Object()};
  if (size != 0) {
    RAPPORT_ASSIGN_OR_RETURN(json, Json::Parse(View(text, size)));
  }
  JsonReader in(json, "options", "trust");
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::string> zone, in.OptionalString("zone"));
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::string> language, in.OptionalString("language"));
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::string> by, in.OptionalString("by"));
  RAPPORT_RETURN_IF_ERROR(in.Finish());
  ScoreOptions options;
  RAPPORT_ASSIGN_OR_RETURN(options.zone, ZoneRules::Bundled().Find(zone.value_or("UTC")));
  RAPPORT_ASSIGN_OR_RETURN(options.language, ParseLanguage(language.value_or("en")));
  if (by.has_value() && *by != "report" && *by != "rep") return in.Error("by", "unknown_key", "found \"" + *by + "\", expected report or rep");
  options.by_rep = by == "rep";
  return options;
}

}  // namespace

extern "C" {

rapport_status rapport_score_reports(struct ArrowArrayStream* reports, const char* options, size_t options_size, rapport_table** out, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    ReportRows rows;
    const absl::Status read = ReadArrowStream(
        reports, [&](const std::vector<std::string>& columns) { return rows.Columns(columns); }, [&](std::vector<Json>&& row) { return rows.Row(std::move(row)); });
    RAPPORT_RETURN_IF_ERROR(read);
    RAPPORT_RETURN_IF_ERROR(NotNull({out}));
    RAPPORT_ASSIGN_OR_RETURN(const ScoreOptions how, ReadScoreOptions(options, options_size));
    RAPPORT_ASSIGN_OR_RETURN(const ReportScores scores, ScoreReports(rows.reports(), *how.zone));
    absl::StatusOr<Table> table =
        how.by_rep ? RepScoreTable(scores, how.language) : ReportScoreTable(rows.reports(), scores, *how.zone, how.language);
    RAPPORT_RETURN_IF_ERROR(table.status());
    return Give(*std::move(table), out);
  });
}

rapport_status rapport_engine_report_trust(rapport_engine* engine, const char* request, size_t request_size, const rapport_read_options* options,
                                           rapport_table** out, rapport_error* error) {
  return GiveTable(engine, options, out, error, [&](Engine& asked, const Read& read) -> absl::StatusOr<Table> {
    RAPPORT_RETURN_IF_ERROR(CheckText(request, request_size, "request"));
    TrustQuestion question;
    if (request_size != 0) {
      RAPPORT_ASSIGN_OR_RETURN(const Json json, Json::Parse(View(request, request_size)));
      RAPPORT_ASSIGN_OR_RETURN(question, TrustQuestion::FromJson(json));
    }
    return asked.ReportTrust(question, read.at, read.language);
  });
}

}  // extern "C"

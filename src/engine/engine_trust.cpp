// Trust in the reports of a book: asked for by managers, computed when asked.
#include <algorithm>
#include <numeric>

#include "engine/cell_of.hpp"
#include "engine/engine_impl.hpp"
#include "engine/report_past.hpp"

namespace rapport {
namespace {

absl::StatusOr<std::optional<Day>> ReadDay(JsonReader& in, std::string_view key) {
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::string> text, in.OptionalString(key));
  if (!text.has_value()) return std::optional<Day>();
  const absl::StatusOr<Day> day = ParseDay(*text);
  if (!day.ok()) return in.Error(key, "invalid_period", "found \"" + *text + "\", expected a day such as 2026-03-02");
  return std::optional<Day>(*day);
}

absl::StatusOr<Table> ReportRows(const std::vector<BookReport>& reports, const ReportScores& scores, const Zone& zone, const Texts& texts, Language language) {
  Table table({{"source", ColumnType::kText}, {"touch", ColumnType::kText}, {"customer", ColumnType::kText}, {"customer_name", ColumnType::kText},
               {"rep", ColumnType::kText}, {"rep_name", ColumnType::kText}, {"channel", ColumnType::kText}, {"start", ColumnType::kInstant},
               {"recorded", ColumnType::kInstant}, {"outcome", ColumnType::kBool}, {"score", ColumnType::kNumber}, {"flagged", ColumnType::kBool},
               {"reasons", ColumnType::kText}, {"sentence", ColumnType::kText}});
  std::vector<std::size_t> order(reports.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return scores.reports[a].score > scores.reports[b].score; });
  for (const std::size_t i : order) {
    const BookReport& one = reports[i];
    const ReportScore& score = scores.reports[i];
    RAPPORT_ASSIGN_OR_RETURN(std::string sentence, SayReport(score, zone, language));
    table.AppendRow({one.key.source, one.key.id, one.customer.text(), texts.Customer(one.customer, language), one.rep.text(), texts.Rep(one.rep, language),
                     std::string(NameOf(one.channel)), one.start, CellOf(one.recorded), CellOf(one.outcome), score.score, score.flagged, ReasonsOf(score),
                     sentence.empty() ? Cell() : Cell(std::move(sentence))});
  }
  return table;
}

absl::StatusOr<Table> RepRows(const ReportScores& scores, const Texts& texts, Language language) {
  Table table({{"rep", ColumnType::kText}, {"rep_name", ColumnType::kText}, {"reports", ColumnType::kInteger}, {"flagged_reports", ColumnType::kInteger},
               {"score", ColumnType::kNumber}, {"flagged", ColumnType::kBool}, {"reasons", ColumnType::kText}, {"sentence", ColumnType::kText}});
  for (const RepScore& one : scores.reps) {
    RAPPORT_ASSIGN_OR_RETURN(std::string sentence, SayRep(one, language));
    table.AppendRow({std::string(one.rep), texts.Rep(RepId::Trusted(std::string(one.rep)), language), one.reports, one.flagged_reports, one.score, one.flagged,
                     ReasonsOf(one), sentence.empty() ? Cell() : Cell(std::move(sentence))});
  }
  return table;
}

}  // namespace

absl::StatusOr<TrustQuestion> TrustQuestion::FromJson(const Json& json) {
  JsonReader in(json, "request", "trust");
  TrustQuestion question;
  RAPPORT_ASSIGN_OR_RETURN(question.start, ReadDay(in, "start"));
  RAPPORT_ASSIGN_OR_RETURN(question.end, ReadDay(in, "end"));
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::string> by, in.OptionalString("by"));
  if (by.has_value() && *by != "report" && *by != "rep") return in.Error("by", "unknown_key", "found \"" + *by + "\", expected report or rep");
  if (by == "rep") question.by = TrustBy::kRep;
  RAPPORT_RETURN_IF_ERROR(in.Finish());
  if (question.start && question.end && *question.end < *question.start) {
    return in.Error("end", "invalid_period", "found " + FormatDay(*question.end) + ", expected a day not before " + FormatDay(*question.start));
  }
  return question;
}

absl::StatusOr<Table> Engine::ReportTrust(const TrustQuestion& question, const ReadAt& at, Language language) {
  return Guarded([&]() -> absl::StatusOr<Table> {
    RAPPORT_ASSIGN_OR_RETURN(const std::shared_ptr<const Book> book, impl_->BookFor(at));
    const Instant known = at.known_at.value_or(at.as_of);
    std::vector<BookReport> reports = ReportsOf(*book, question);
    RAPPORT_RETURN_IF_ERROR(ReadEntries(impl_->ledger(), known, reports));
    const Zone& zone = book->context().ZoneOf(std::nullopt, std::nullopt);
    RAPPORT_ASSIGN_OR_RETURN(const ReportScores scores, ScoreReports(WorkReportsOf(reports), zone));
    const NameBook names = impl_->NamesAt(known);
    return question.by == TrustBy::kRep ? RepRows(scores, names, language) : ReportRows(reports, scores, zone, names, language);
  });
}

}  // namespace rapport

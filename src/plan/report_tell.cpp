// What trust in reports says to a manager.
#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "policy/wording.hpp"
#include "rapport/core/status.hpp"
#include "rapport/plan/report_trust.hpp"

namespace rapport {
namespace {

std::int64_t Whole(double number) { return std::llround(number); }

Sentence TellTravel(const TrustFinding& one) {
  if (one.kilometres <= 0) return {"trust.travel.same_time", {{"minutes", Whole(-one.minutes)}}};
  if (one.minutes < 0) return {"trust.travel.overlap", {{"km", Whole(one.kilometres)}, {"minutes", Whole(-one.minutes)}}};
  return {"trust.travel", {{"km", Whole(one.kilometres)}, {"minutes", Whole(one.minutes)}}};
}

Sentence TellFinding(const TrustFinding& one, const Zone& zone) {
  switch (one.sign) {
    case TrustSign::kTravel: return TellTravel(one);
    case TrustSign::kBatch:
      return {"trust.batch", {{"count", one.count}, {"minutes", std::max<std::int64_t>(1, Whole(one.minutes))}, {"at", LocalTime{LocalMinute(zone.Local(*one.at))}}}};
    case TrustSign::kCopied: return {"trust.copied", {{"count", one.count}}};
    case TrustSign::kRound: return {"trust.round", {}};
    case TrustSign::kEven: return {"trust.even", {{"count", one.count}, {"minutes", Whole(one.minutes)}}};
    case TrustSign::kNoOutcome: return {"trust.no_outcome", {{"count", one.count}, {"of", one.of}}};
  }
  return {};
}

template <class Findings, class Sign>
std::string Names(const Findings& findings, Sign sign) {
  std::string names;
  for (const auto& one : findings) names += (names.empty() ? "" : ",") + std::string(NameOf(sign(one)));
  return names;
}

Cell TextCell(std::string text) { return text.empty() ? Cell() : Cell(std::move(text)); }

}  // namespace

std::vector<Sentence> TellFindings(const ReportScore& score, const Zone& zone) {
  std::vector<Sentence> sentences;
  for (const TrustFinding& one : score.findings) sentences.push_back(TellFinding(one, zone));
  return sentences;
}

absl::StatusOr<std::string> SayReport(const ReportScore& score, const Zone& zone, Language language) {
  const Catalogue& catalogue = Catalogue::Bundled();
  std::string reasons, said;
  for (const Sentence& sentence : TellFindings(score, zone)) {
    RAPPORT_ASSIGN_OR_RETURN(const std::string reason, catalogue.Say(sentence, language, NoTexts()));
    RAPPORT_ASSIGN_OR_RETURN(const std::string separator, catalogue.Word("trust.and", language));
    const std::string more = reasons.empty() ? reason : reasons + separator + reason;
    RAPPORT_ASSIGN_OR_RETURN(std::string line, catalogue.Say({score.flagged ? "trust.ask" : "trust.no_ask", {{"reasons", more}}}, language, NoTexts()));
    if (!reasons.empty() && DisplayWidth(line) > kSentenceWidth) break;
    reasons = more, said = std::move(line);
  }
  return said;
}

absl::StatusOr<std::string> SayRep(const RepScore& score, Language language) {
  if (!score.flagged || score.findings.empty()) return std::string();
  const MessageRef sign{"trust.sign." + std::string(NameOf(score.findings.front().first))};
  return Speaker(language, NoTexts()).Say("trust.rep", {{"flagged", score.flagged_reports}, {"reports", score.reports}, {"sign", sign}});
}

std::string ReasonsOf(const ReportScore& score) { return Names(score.findings, [](const TrustFinding& one) { return one.sign; }); }
std::string ReasonsOf(const RepScore& score) { return Names(score.findings, [](const auto& one) { return one.first; }); }

absl::StatusOr<Table> ReportScoreTable(std::span<const WorkReport> reports, const ReportScores& scores, const Zone& zone, Language language) {
  Table table({{"id", ColumnType::kText}, {"rep", ColumnType::kText}, {"score", ColumnType::kNumber}, {"flagged", ColumnType::kBool},
               {"reasons", ColumnType::kText}, {"sentence", ColumnType::kText}});
  for (std::size_t i = 0; i < reports.size(); ++i) {
    const ReportScore& one = scores.reports[i];
    RAPPORT_ASSIGN_OR_RETURN(std::string sentence, SayReport(one, zone, language));
    table.AppendRow({std::string(reports[i].id), std::string(reports[i].rep), one.score, one.flagged, ReasonsOf(one), TextCell(std::move(sentence))});
  }
  return table;
}

absl::StatusOr<Table> RepScoreTable(const ReportScores& scores, Language language) {
  Table table({{"rep", ColumnType::kText}, {"reports", ColumnType::kInteger}, {"flagged_reports", ColumnType::kInteger}, {"score", ColumnType::kNumber},
               {"flagged", ColumnType::kBool}, {"reasons", ColumnType::kText}, {"sentence", ColumnType::kText}});
  for (const RepScore& one : scores.reps) {
    RAPPORT_ASSIGN_OR_RETURN(std::string sentence, SayRep(one, language));
    table.AppendRow({std::string(one.rep), one.reports, one.flagged_reports, one.score, one.flagged, ReasonsOf(one), TextCell(std::move(sentence))});
  }
  return table;
}

}  // namespace rapport

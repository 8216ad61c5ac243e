// Floor 6. Trust in reports: which visits and calls are worth asking about, from the records alone (docs/report_trust.md).
//
// Quotas make people invent visits. `ScoreReports` looks at reports of all reps together and asks of each: does it look unlike what the others write?
// Six signs, each a number per report that is 0 where nothing is odd:
//
//   travel      it and another visit of the same rep cannot both be: too far apart for the time between them, or at the same time elsewhere
//   batch       one of many reports entered within minutes, long after they are said to have happened
//   copied      the same words, or nearly, as reports of other customers; what other reps write too does not count, short phrases never do
//   round       begins and lasts by the round hour or half hour, more than others' reports do
//   even        one of a day of visits with the same time between all of them
//   no_outcome  one of many in a row, or of all the rep's, that led to nothing, where others' reports do
//
// A sign that nobody records (no places, no notes) says nothing. Signs are weighed against the other reps' reports (stats/two_groups.hpp), so that what
// is usual in a book counts for nothing, and what a rep does all the time counts little where others have such habits too.
//
// False alarms are bounded three times: a rank among others' reports bounds the odds of each sign; only journeys that cannot be reach a flag by themselves;
// habits (batch, copied, round, even) and results (no_outcome) are capped below it, however strong, and flag only together. A rep is flagged where at
// least three reports, and one in forty, say so, and no report of another rep ever is. So nobody is flagged for being odd in one way. Measured:
// docs/report_trust.md.
//
// A flag says "worth asking about", not more. Scores of people are for managers only. Pure; any thread; O(n log n); never NaN.
#ifndef RAPPORT_PLAN_REPORT_TRUST_HPP_
#define RAPPORT_PLAN_REPORT_TRUST_HPP_

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "rapport/core/sentence.hpp"
#include "rapport/core/table.hpp"
#include "rapport/core/time.hpp"
#include "rapport/core/zones.hpp"

namespace rapport {

// One report of a visit, a meeting or a call that the rep made. Texts are borrowed.
struct WorkReport {
  std::string_view id;
  std::string_view rep;
  std::string_view customer = {};                          // "" where it is not known: then it is of nobody else's customer
  std::string_view channel = {};                           // "call" is not at a place; everything else is a visit
  Instant start;
  std::optional<double> minutes = std::nullopt;            // 0 to 10,080
  std::optional<Instant> recorded = std::nullopt;
  std::optional<double> latitude = std::nullopt, longitude = std::nullopt;   // degrees, both or none
  std::optional<double> accuracy_metres = std::nullopt;    // 0 or more
  std::string_view note = {};
  std::string_view disposition = {};                       // "reached", "absent": others' reports are compared with the same answer
  std::optional<bool> outcome = std::nullopt;              // something came of it
};

enum class TrustSign { kTravel, kBatch, kCopied, kRound, kEven, kNoOutcome };
inline constexpr std::size_t kTrustSigns = 6;
std::string_view NameOf(TrustSign sign);   // "travel", "batch", "copied", "round", "even", "no_outcome"

// What a sign saw: the numbers of its sentence.
struct TrustFinding {
  TrustSign sign = TrustSign::kTravel;
  double weight = 0;            // what it added to the logarithmic odds
  double kilometres = 0;        // travel: 0 where places are not known
  double minutes = 0;           // travel: between the two, negative where they overlap; batch: from first to last entry; even: from one start to the next
  std::int64_t count = 0;       // batch: reports entered; copied: others with the words; even: visits; no_outcome: reports without
  std::int64_t of = 0;          // no_outcome: of so many in a row
  std::optional<Instant> at = std::nullopt;   // batch: the first entry
  bool possible = false;        // travel: a fast train or an aeroplane could
  double part = 1;              // travel: how much of it this report bears; little where it is the other one that cannot be
};

struct ReportScore {
  double score = 0;             // 0 to 1: the larger, the more unlike what others write; 0.5 and more where flagged, and only there
  bool flagged = false;
  std::vector<TrustFinding> findings;   // the strongest first
};

struct RepScore {
  std::string_view rep;
  std::int64_t reports = 0, flagged_reports = 0;
  double score = 0;             // what so many of the rep's reports reach as it takes to flag one
  bool flagged = false;         // some report is
  std::vector<std::pair<TrustSign, std::int64_t>> findings;   // reports that show a sign, the most first
};

struct ReportScores {
  std::vector<ReportScore> reports;   // in the order of the rows
  std::vector<RepScore> reps;         // by rep
};

// Errors, with row and field: `trust.invalid_input`; `trust.duplicate_id`. `zone` settles which minute is a full hour.
absl::StatusOr<ReportScores> ScoreReports(std::span<const WorkReport> reports, const Zone& zone);

// A sentence a finding, the strongest first: "two visits 40 km apart within 12 minutes".
std::vector<Sentence> TellFindings(const ReportScore& score, const Zone& zone);
// "Worth asking about: ...", or "Not enough to ask about: ..." where it is not flagged, with as many findings as one line of 110 columns holds; "" of a
// report without findings.
absl::StatusOr<std::string> SayReport(const ReportScore& score, const Zone& zone, Language language);
// "14 of 60 reports are worth asking about, most often for: ..."; "" where none is.
absl::StatusOr<std::string> SayRep(const RepScore& score, Language language);
// Names of signs, comma separated, the strongest first.
std::string ReasonsOf(const ReportScore& score);
std::string ReasonsOf(const RepScore& score);

// Columns id, rep, score, flagged, reasons, sentence: in the order of the rows.
absl::StatusOr<Table> ReportScoreTable(std::span<const WorkReport> reports, const ReportScores& scores, const Zone& zone, Language language);
// Columns rep, reports, flagged_reports, score, flagged, reasons, sentence: by rep.
absl::StatusOr<Table> RepScoreTable(const ReportScores& scores, Language language);

}  // namespace rapport

#endif  // RAPPORT_PLAN_REPORT_TRUST_HPP_

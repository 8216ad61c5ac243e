#include "rapport/plan/report_trust.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "plan/report_signs.hpp"
#include "rapport/core/status.hpp"
#include "rapport/stats/special.hpp"

namespace rapport {
namespace {

using namespace report_signs;   // NOLINT: this file weighs what they find

constexpr std::array<std::string_view, kTrustSigns> kNames = {"travel", "batch", "copied", "round", "even", "no_outcome"};
constexpr double kMostMinutes = 10'080, kMostMetres = 1e8;

constexpr double kPriorRep = 0.05;          // of reps show a sign for other reasons than habit
constexpr double kBase = -4.6;              // logarithmic odds of a report without any sign
constexpr double kFurtherHabit = 0.3;        // what another habit adds of its weight, less and less towards the most
constexpr double kSpeaks = 0.7;             // a sign is told from this weight on
constexpr double kBelowEven = 0.02;         // logarithmic odds: how far below even a report stays unless it is flagged
constexpr std::size_t kFewestFlagged = 3;   // reports of a rep that must say so before one is flagged, and their least share
constexpr double kLeastShareFlagged = 0.025;
constexpr double kInventedLeadsTo = 0.1;   // an invented report that something is said to have come of

// How a sign is weighed. `kappa`: the calibrator's; `most`: the odds one report can bring; `floor`: how alike a rep's reports are taken to be where little
// is known; `quiet`: reports of nobody, without the sign, that stand beside the others' where these are few; `cap`: what the sign adds at most, so that
// habits alone stay below a flag.
struct Weighing {
  double kappa, most, floor, quiet, cap;
};
constexpr double kMostPossible = 2.5;       // a fast journey that can be
constexpr double kMostHabit = 4.0, kMostResult = 3.6, kNoLimit = 100;
constexpr std::array<Weighing, kTrustSigns> kWeighing = {{
    {0.1, 300, 0.004, 300, kNoLimit},     // travel
    {0.1, 100, 0.05, 0, kMostHabit},      // batch
    {0.1, 100, 0.02, 300, kMostHabit},    // copied
    {0.1, 100, 0.1, 0, kMostHabit},       // round
    {0.1, 100, 0.05, 0, kMostHabit},      // even
    {0.1, 100, 0.3, 0, kMostResult},      // no_outcome
}};

absl::Status WrongField(std::size_t row, const std::string& field, const std::string& found, const std::string& expected) {
  return Invalid("trust.invalid_input", absl::StrCat("row ", row + 1, ", field ", field, ": found ", found, ", expected ", expected));
}

absl::Status CheckNumber(std::size_t row, const std::string& field, const std::optional<double>& value, double least, double most) {
  if (!value.has_value() || (*value >= least && *value <= most)) return absl::OkStatus();
  return WrongField(row, field, absl::StrCat(*value), absl::StrCat("a number from ", least, " to ", most));
}

absl::Status Check(std::span<const WorkReport> reports) {
  std::vector<std::pair<std::string_view, std::size_t>> ids;
  for (std::size_t i = 0; i < reports.size(); ++i) {
    const WorkReport& one = reports[i];
    if (one.id.empty()) return WrongField(i, "id", "nothing", "a text");
    if (one.rep.empty()) return WrongField(i, "rep", "nothing", "a text");
    RAPPORT_RETURN_IF_ERROR(CheckNumber(i, "minutes", one.minutes, 0, kMostMinutes));
    RAPPORT_RETURN_IF_ERROR(CheckNumber(i, "latitude", one.latitude, -90, 90));
    RAPPORT_RETURN_IF_ERROR(CheckNumber(i, "longitude", one.longitude, -180, 180));
    RAPPORT_RETURN_IF_ERROR(CheckNumber(i, "accuracy_metres", one.accuracy_metres, 0, kMostMetres));
    if (one.latitude.has_value() != one.longitude.has_value()) return WrongField(i, "longitude", "one of latitude and longitude", "both or none");
    ids.emplace_back(one.id, i);
  }
  std::sort(ids.begin(), ids.end());
  const auto same = std::adjacent_find(ids.begin(), ids.end(), [](const auto& a, const auto& b) { return a.first == b.first; });
  if (same == ids.end()) return absl::OkStatus();
  return Invalid("trust.duplicate_id", absl::StrCat("row ", std::next(same)->second + 1, ", field id: found \"", std::string(same->first), "\" again, expected each id once"));
}

// Approaches `cap` and never passes it, and keeps the order of what is above.
double Capped(double weight, double cap) { return weight <= 0 ? 0 : cap * -stats::Expm1(-weight / cap); }

using Weights = std::array<double, kTrustSigns>;

// What each sign adds to the logarithmic odds of each report: as it stands among the others' reports, for the order of scores, and as it stands among what
// these are worth where a rep's are alike, for flags.
class Scales {
 public:
  explicit Scales(const Ordered& reports) : reports_(reports), order_(reports.size(), Weights{}), flag_(reports.size(), Weights{}) {}

  void Put(const Sign& sign, std::size_t which) {
    const Weighing& how = kWeighing[which];
    const std::vector<double> among_reports = OddsOf(sign, how, 0);
    std::vector<double> said(among_reports.size());
    std::transform(among_reports.begin(), among_reports.end(), said.begin(), [](double one) { return stats::Log1p(one); });
    const double likeness = stats::LikenessOf(said, reports_.reps, {.floor = how.floor});
    const std::vector<double> among_reps = OddsOf(sign, how, likeness);
    const double usual = stats::ShareOf({}, likeness, kPriorRep).share;
    for (const stats::OwnedRows& rep : reports_.reps) {
      const double share = stats::ShareOf(std::span(among_reps).subspan(rep.first, rep.rows), likeness, kPriorRep).share;
      const double lift = stats::Log(share / usual);
      for (std::size_t i = rep.first; i < rep.first + rep.rows; ++i) {
        if (sign.statistic[i] <= 0) continue;
        const double cap = sign.findings[i].possible ? kMostPossible : how.cap;
        const double part = sign.findings[i].part;
        order_[i][which] = (1 + part) / 2 * Capped(stats::Log(among_reports[i]) + std::max(lift, 0.0), cap);
        flag_[i][which] = part * Capped(stats::Log(among_reps[i]) + lift, cap);
      }
    }
  }

  const Weights& Order(std::size_t i) const { return order_[i]; }
  const Weights& Flag(std::size_t i) const { return flag_[i]; }

 private:
  std::vector<double> OddsOf(const Sign& sign, const Weighing& how, double likeness) const {
    std::vector<double> odds = stats::RankAmongOthers(sign.statistic, reports_.reps, how.quiet, likeness);
    for (double& one : odds) one = stats::OddsOf(one, how.kappa, how.most);
    return odds;
  }

  const Ordered& reports_;
  std::vector<Weights> order_, flag_;
};

double At(const Weights& weights, TrustSign sign) { return weights[static_cast<std::size_t>(sign)]; }

// How a rep works speaks of one thing, writing from memory: the strongest sign counts, the others a little.
double Habits(const Weights& weights) {
  double most = 0, sum = 0;
  for (const TrustSign sign : {TrustSign::kBatch, TrustSign::kCopied, TrustSign::kRound, TrustSign::kEven}) {
    most = std::max(most, At(weights, sign));
    sum += At(weights, sign);
  }
  return most + kFurtherHabit * (kMostHabit - most) / kMostHabit * (sum - most);
}

// What a rep says came of a report speaks against its being invented, but not against a journey that cannot be.
double Total(const Weights& weights, const WorkReport& report, double usual) {
  const double travel = At(weights, TrustSign::kTravel), said = travel + Habits(weights) + At(weights, TrustSign::kNoOutcome);
  if (!report.outcome.has_value() || usual <= 0) return kBase + said;
  const double outcome = *report.outcome ? stats::Log(kInventedLeadsTo / usual) : stats::Log((1 - kInventedLeadsTo) / (1 - usual));
  const double heard = said > 0 ? 1 - 0.9 * travel / said : 1;
  return kBase + said + heard * std::clamp(said, 0.3, 1.0) * std::clamp(outcome, -2.0, 0.5);
}

std::vector<TrustFinding> FindingsOf(const Weights& weights, const std::vector<Sign>& signs, std::size_t row) {
  std::vector<TrustFinding> findings;
  for (std::size_t k = 0; k < kTrustSigns; ++k) {
    if (weights[k] < kSpeaks) continue;
    findings.push_back(signs[k].findings[row]);
    findings.back().weight = weights[k];
  }
  std::stable_sort(findings.begin(), findings.end(), [](const TrustFinding& a, const TrustFinding& b) { return a.weight > b.weight; });
  return findings;
}

// Keeps the order and stays below even odds.
double Unflagged(double log_odds) { return log_odds <= -1 ? log_odds : -1 + Capped(log_odds + 1, 1 - kBelowEven); }

// Logarithmic odds of each report.
struct LogOdds {
  std::vector<double> order, flag;
};

// The reports of a rep that must say so before one is flagged.
std::size_t FewestToFlag(std::size_t rows) {
  return std::max(kFewestFlagged, static_cast<std::size_t>(std::ceil(kLeastShareFlagged * static_cast<double>(rows))));
}

RepScore ScoreOf(const Ordered& reports, const stats::OwnedRows& rep, const LogOdds& odds, std::vector<ReportScore>& scores) {
  RepScore score;
  score.rep = reports[rep.first].rep;
  score.reports = static_cast<std::int64_t>(rep.rows);
  const auto flags = std::span(odds.flag).subspan(rep.first, rep.rows);
  const auto likely = std::count_if(flags.begin(), flags.end(), [](double one) { return one >= 0; });
  score.flagged = static_cast<std::size_t>(likely) >= FewestToFlag(rep.rows);
  std::array<std::int64_t, kTrustSigns> signs{};
  std::vector<double> own;
  for (std::size_t i = rep.first; i < rep.first + rep.rows; ++i) {
    ReportScore& one = scores[reports.given[i]];
    one.flagged = score.flagged && odds.flag[i] >= 0;
    one.score = stats::Logistic(one.flagged ? std::max(odds.flag[i], odds.order[i]) : Unflagged(odds.order[i]));
    own.push_back(one.score);
    score.flagged_reports += one.flagged ? 1 : 0;
    for (const TrustFinding& finding : one.findings) ++signs[static_cast<std::size_t>(finding.sign)];
  }
  std::sort(own.begin(), own.end(), std::greater<>());
  score.score = own[std::min(own.size(), FewestToFlag(rep.rows)) - 1];
  for (std::size_t k = 0; k < kTrustSigns; ++k) {
    if (signs[k] > 0) score.findings.emplace_back(static_cast<TrustSign>(k), signs[k]);
  }
  std::stable_sort(score.findings.begin(), score.findings.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  return score;
}

}  // namespace

std::string_view NameOf(TrustSign sign) { return kNames[static_cast<std::size_t>(sign)]; }

report_signs::Ordered report_signs::InOrder(std::span<const WorkReport> reports) {
  Ordered ordered;
  ordered.given.resize(reports.size());
  std::iota(ordered.given.begin(), ordered.given.end(), std::size_t{0});
  std::sort(ordered.given.begin(), ordered.given.end(), [&](std::size_t a, std::size_t b) {
    return std::tie(reports[a].rep, reports[a].start, reports[a].id) < std::tie(reports[b].rep, reports[b].start, reports[b].id);
  });
  for (const std::size_t i : ordered.given) {
    if (ordered.rows.empty() || ordered.rows.back()->rep != reports[i].rep) ordered.reps.push_back({ordered.rows.size(), 0});
    ordered.rows.push_back(&reports[i]);
    ++ordered.reps.back().rows;
  }
  return ordered;
}

absl::StatusOr<ReportScores> ScoreReports(std::span<const WorkReport> reports, const Zone& zone) {
  RAPPORT_RETURN_IF_ERROR(Check(reports));
  const Ordered ordered = InOrder(reports);
  std::vector<double> usual;
  std::vector<Sign> signs;
  signs.push_back(TravelSign(ordered));
  signs.push_back(BatchSign(ordered));
  signs.push_back(CopiedSign(ordered));
  signs.push_back(RoundSign(ordered, zone));
  signs.push_back(EvenSign(ordered));
  signs.push_back(NoOutcomeSign(ordered, usual));
  Scales scales(ordered);
  for (std::size_t k = 0; k < kTrustSigns; ++k) scales.Put(signs[k], k);
  ReportScores scores;
  scores.reports.resize(reports.size());
  LogOdds odds{std::vector<double>(reports.size()), std::vector<double>(reports.size())};
  for (std::size_t i = 0; i < reports.size(); ++i) {
    odds.order[i] = Total(scales.Order(i), ordered[i], usual[i]);
    odds.flag[i] = Total(scales.Flag(i), ordered[i], usual[i]);
    scores.reports[ordered.given[i]].findings = FindingsOf(scales.Order(i), signs, i);
  }
  for (const stats::OwnedRows& rep : ordered.reps) scores.reps.push_back(ScoreOf(ordered, rep, odds, scores.reports));
  return scores;
}

}  // namespace rapport

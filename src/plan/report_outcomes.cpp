// Reports that never lead to anything.
#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "plan/report_signs.hpp"
#include "rapport/stats/special.hpp"

namespace rapport::report_signs {
namespace {

constexpr double kMedianOfSquare = 0.4549364;      // of a squared standard normal
constexpr double kLeastLikeness = 0.005;

struct Tally {
  double said = 0, led = 0;
};
using Cells = std::map<std::pair<std::string_view, std::string_view>, Tally>;

std::pair<std::string_view, std::string_view> CellOf(const WorkReport& report) { return {report.channel, report.disposition}; }

Cells Count(const Ordered& reports, std::size_t first, std::size_t rows) {
  Cells cells;
  for (std::size_t i = first; i < first + rows; ++i) {
    if (!reports[i].outcome.has_value()) continue;
    Tally& tally = cells[CellOf(reports[i])];
    ++tally.said;
    tally.led += *reports[i].outcome ? 1 : 0;
  }
  return cells;
}

// Running sums over a rep's reports that say whether something came of them.
struct Run {
  std::vector<std::size_t> rows;
  std::vector<double> expected{0}, variance{0}, found{0};
  void Add(std::size_t row, double usual, bool led) {
    rows.push_back(row);
    expected.push_back(expected.back() + usual);
    variance.push_back(variance.back() + usual * (1 - usual));
    found.push_back(found.back() + (led ? 1 : 0));
  }
  double Deficit(std::size_t from, std::size_t to, double likeness) const {
    const double v = (variance[to] - variance[from]) * (1 + (static_cast<double>(to - from) - 1) * likeness);
    return v > 0 ? ((expected[to] - expected[from]) - (found[to] - found[from])) / stats::Sqrt(v) : 0;
  }
};

// How alike a rep's outcomes are beyond chance, by the median over reps of the squared deficit: half the reps may be anything.
double LikenessOfOutcomes(const std::vector<Run>& runs) {
  std::vector<double> excess;
  for (const Run& run : runs) {
    if (run.rows.size() < 2) continue;
    const double z = run.Deficit(0, run.rows.size(), 0);
    excess.push_back((z * z / kMedianOfSquare - 1) / (static_cast<double>(run.rows.size()) - 1));
  }
  if (excess.empty()) return kLeastLikeness;
  std::nth_element(excess.begin(), excess.begin() + static_cast<std::ptrdiff_t>(excess.size() / 2), excess.end());
  return std::clamp(excess[excess.size() / 2], kLeastLikeness, 0.5);
}

// A stretch without is odd by half its squared deficit, less what looking at so many stretches of its length costs (scan statistic, Glaz, Naus and
// Wallenstein 2001; the cost is Bonferroni's).
void JudgeStretches(const Ordered& reports, const Run& run, std::size_t length, double likeness, Sign& sign) {
  const std::size_t n = run.rows.size(), step = std::max<std::size_t>(1, length / 4);
  const double cost = stats::Log(static_cast<double>(n) / static_cast<double>(length));
  for (std::size_t start = 0; start < n - length + step; start += step) {
    const std::size_t from = std::min(start, n - length);
    const double z = run.Deficit(from, from + length, likeness);
    const double oddness = z > 0 ? z * z / 2 - cost : 0;
    if (oddness <= 0) continue;
    const auto without = static_cast<std::int64_t>(static_cast<double>(length) - (run.found[from + length] - run.found[from]));
    for (std::size_t i = from; i < from + length; ++i) {
      const std::size_t row = run.rows[i];
      if (*reports[row].outcome || oddness <= sign.statistic[row]) continue;
      sign.statistic[row] = oddness;
      sign.findings[row].count = without;
      sign.findings[row].of = static_cast<std::int64_t>(length);
    }
  }
}

}  // namespace

Sign NoOutcomeSign(const Ordered& reports, std::vector<double>& usual) {
  Sign sign(reports.size(), TrustSign::kNoOutcome);
  usual.assign(reports.size(), 0);
  const Cells all = Count(reports, 0, reports.size());
  std::vector<Run> runs(reports.reps.size());
  for (std::size_t r = 0; r < reports.reps.size(); ++r) {
    const stats::OwnedRows& rep = reports.reps[r];
    const Cells own = Count(reports, rep.first, rep.rows);
    for (std::size_t i = rep.first; i < rep.first + rep.rows; ++i) {
      if (!reports[i].outcome.has_value()) continue;
      const Tally& of_all = all.at(CellOf(reports[i]));
      const Tally& of_rep = own.at(CellOf(reports[i]));
      if (of_all.said == of_rep.said) continue;   // nobody else's to compare with
      usual[i] = (of_all.led - of_rep.led + 0.5) / (of_all.said - of_rep.said + 1);
      runs[r].Add(i, usual[i], *reports[i].outcome);
    }
  }
  const double likeness = LikenessOfOutcomes(runs);
  for (const Run& run : runs) {
    for (std::size_t length = 8; length < run.rows.size(); length *= 2) JudgeStretches(reports, run, length, likeness, sign);
    if (run.rows.size() >= 8) JudgeStretches(reports, run, run.rows.size(), likeness, sign);
  }
  return sign;
}

}  // namespace rapport::report_signs

// When reports were entered, and what minutes they name.
#include <algorithm>
#include <array>
#include <cmath>

#include "plan/report_signs.hpp"
#include "rapport/stats/special.hpp"

namespace rapport::report_signs {
namespace {

// --- batch
constexpr double kSameSitting = 5;          // minutes from one entry to the next
constexpr double kLongAfter = 90;           // minutes after the visit
constexpr std::int64_t kFewest = 3;         // entries of a batch
constexpr double kFastest = 0.05;           // minutes an entry; what is synchronised at once counts as this

double LagOf(const WorkReport& report) { return MinutesBetween(report.start, *report.recorded) - report.minutes.value_or(0); }

// How odd a sitting is: many entries, soon after each other, long after, over several days. What a phone sends at once, when it finds a network, is fast
// too: pace counts least.
double SittingOddness(std::int64_t late, double pace, double lag, double days) {
  return stats::Log(static_cast<double>(late)) + 0.3 * stats::Log(kSameSitting / std::max(pace, kFastest)) + 0.7 * stats::Log1p(lag / 60) + stats::Log1p(days);
}

void JudgeSitting(const Ordered& reports, std::span<const std::size_t> sitting, Sign& sign) {
  std::vector<double> lags;
  Instant first = Instant::Max(), last = Instant::Min();
  for (const std::size_t row : sitting) {
    if (LagOf(reports[row]) < kLongAfter) continue;
    lags.push_back(LagOf(reports[row]));
    first = std::min(first, reports[row].start), last = std::max(last, reports[row].start);
  }
  const auto late = static_cast<std::int64_t>(lags.size());
  if (late < kFewest) return;
  const auto middle = lags.begin() + static_cast<std::ptrdiff_t>(lags.size() / 2);
  std::nth_element(lags.begin(), middle, lags.end());
  const double minutes = MinutesBetween(*reports[sitting.front()].recorded, *reports[sitting.back()].recorded);
  const double pace = minutes / static_cast<double>(sitting.size() - 1), days = MinutesBetween(first, last) / (24 * 60);
  const double oddness = std::max(0.0, SittingOddness(late, pace, *middle, days));
  for (const std::size_t row : sitting) {
    if (LagOf(reports[row]) < kLongAfter) continue;
    sign.statistic[row] = oddness;
    TrustFinding& finding = sign.findings[row];
    finding.count = late;
    finding.minutes = minutes;
    finding.at = *reports[sitting.front()].recorded;
  }
}

// --- round
constexpr std::size_t kGrids = 5;           // not on five minutes, on 5, 15, 30, 60
using GridCounts = std::array<double, kGrids>;

std::size_t GridOf(std::int64_t micros) {
  constexpr std::array<std::int64_t, kGrids - 1> kMinutes = {60, 30, 15, 5};
  for (std::size_t i = 0; i < kMinutes.size(); ++i) {
    if (micros % (kMinutes[i] * 60'000'000) == 0) return kGrids - 1 - i;
  }
  return 0;
}

// Starts and lengths by their grid, of visits and of calls; `both`: by the coarser of what start and length are on.
enum RoundColumn : std::size_t { kStart, kLength, kBoth, kRoundColumns };

struct Roundness {
  std::array<std::size_t, kRoundColumns> on{};
  bool has_length = false;
  std::size_t column = 0;   // 0 of a visit, kRoundColumns of a call
};

struct RoundCounts {
  std::array<GridCounts, 2 * kRoundColumns> of{};
  void Add(const Roundness& one) {
    for (std::size_t c = 0; c < kRoundColumns; ++c) {
      if (c != kLength || one.has_length) ++of[one.column + c][one.on[c]];
    }
  }
  double AtLeast(std::size_t column, std::size_t grid) const {
    double sum = 0;
    for (std::size_t i = grid; i < kGrids; ++i) sum += of[column][i];
    return sum;
  }
};

// -log of the share of others' that are at least as round.
double Surprise(const RoundCounts& all, const RoundCounts& own, std::size_t column, std::size_t grid) {
  return -stats::Log((1 + all.AtLeast(column, grid) - own.AtLeast(column, grid)) / (1 + all.AtLeast(column, 0) - own.AtLeast(column, 0)));
}

// How many more of a rep's times are on this grid than others' are, of those on the next finer one: half of what is written by the quarter is on the half
// hour whoever writes it. The logarithmic likelihood ratio of two shares (Wilks 1938), 0 where it is no more.
double Excess(const RoundCounts& all, const RoundCounts& own, std::size_t column, std::size_t grid) {
  const double finer = own.AtLeast(column, grid - 1), on = own.AtLeast(column, grid);
  const double usual = (all.AtLeast(column, grid) - on + 0.5) / (all.AtLeast(column, grid - 1) - finer + 1);
  if (on <= usual * finer) return 0;
  const double share = on / finer;
  return on * stats::Log(share / usual) + (on < finer ? (finer - on) * stats::Log((1 - share) / (1 - usual)) : 0);
}

// By rep, for one column and grid: -log of the share of other reps whose excess is at least as large. Who writes by the quarter has one too, as have
// other reps; who writes by the minute and then, for some reports, by the half hour is rare.
std::vector<double> RareExcess(const RoundCounts& all, const std::vector<RoundCounts>& reps, std::size_t column, std::size_t grid) {
  std::vector<double> excess(reps.size());
  std::vector<stats::OwnedRows> each(reps.size());
  for (std::size_t r = 0; r < reps.size(); ++r) excess[r] = Excess(all, reps[r], column, grid), each[r] = {r, 1};
  std::vector<double> rare = stats::RankAmongOthers(excess, each);
  for (double& one : rare) one = -stats::Log(one);
  return rare;
}

using RareTable = std::array<std::array<std::vector<double>, kGrids>, 2 * kRoundColumns>;

double MostRare(const RareTable& rare, std::size_t rep, const Roundness& one) {
  double most = 0;
  for (const std::size_t c : {kStart, kBoth}) {
    for (std::size_t grid = 2; grid <= one.on[c]; ++grid) most = std::max(most, rare[one.column + c][grid][rep]);
  }
  return most;
}

// --- even
constexpr double kNextDay = 5 * 60;         // a longer gap ends the day's row
constexpr std::size_t kWindow = 5;          // starts looked at together, beside the whole day
constexpr double kLeastSpread = 0.01;
constexpr double kUsualSpread = 0.5;
constexpr double kMostFree = 6;

// How odd it is that gaps are so equal: of k free gaps with a smooth density, the chance that their spread is below c falls as c^(k - 1).
double EvenOddness(const Ordered& reports, std::size_t first, std::size_t rows) {
  const auto gaps = static_cast<double>(rows - 1);
  const double mean = MinutesBetween(reports[first].start, reports[first + rows - 1].start) / gaps;
  if (mean < 5) return 0;
  double squares = 0;
  for (std::size_t i = first; i + 1 < first + rows; ++i) {
    const double off = MinutesBetween(reports[i].start, reports[i + 1].start) - mean;
    squares += off * off;
  }
  const double spread = stats::Sqrt(squares / gaps) / mean;
  return std::min(gaps - 1, kMostFree) * std::max(0.0, stats::Log(kUsualSpread / std::max(spread, kLeastSpread)));
}

void TellEven(const Ordered& reports, std::size_t first, std::size_t rows, Sign& sign) {
  const double oddness = EvenOddness(reports, first, rows);
  for (std::size_t i = first; i < first + rows; ++i) {
    if (oddness <= sign.statistic[i]) continue;
    sign.statistic[i] = oddness;
    sign.findings[i].count = static_cast<std::int64_t>(rows);
    sign.findings[i].minutes = MinutesBetween(reports[first].start, reports[first + rows - 1].start) / static_cast<double>(rows - 1);
  }
}

}  // namespace

Sign BatchSign(const Ordered& reports) {
  Sign sign(reports.size(), TrustSign::kBatch);
  std::vector<std::size_t> entered;
  for (const stats::OwnedRows& rep : reports.reps) {
    entered.clear();
    for (std::size_t i = rep.first; i < rep.first + rep.rows; ++i) {
      if (reports[i].recorded.has_value()) entered.push_back(i);
    }
    std::stable_sort(entered.begin(), entered.end(), [&](std::size_t a, std::size_t b) { return *reports[a].recorded < *reports[b].recorded; });
    for (std::size_t from = 0, to = 0; from < entered.size(); from = to) {
      for (to = from + 1; to < entered.size() && MinutesBetween(*reports[entered[to - 1]].recorded, *reports[entered[to]].recorded) <= kSameSitting;) ++to;
      if (to - from >= static_cast<std::size_t>(kFewest)) JudgeSitting(reports, std::span(entered).subspan(from, to - from), sign);
    }
  }
  return sign;
}

Sign RoundSign(const Ordered& reports, const Zone& zone) {
  Sign sign(reports.size(), TrustSign::kRound);
  std::vector<Roundness> times(reports.size());
  RoundCounts all;
  for (std::size_t i = 0; i < reports.size(); ++i) {
    const WorkReport& one = reports[i];
    const std::size_t start = GridOf(one.start.micros() + std::int64_t{1'000'000} * zone.OffsetSeconds(one.start));
    const bool has_length = one.minutes.value_or(0) > 0;
    const std::size_t length = has_length ? GridOf(std::llround(*one.minutes * 60e6)) : 0;
    times[i] = {{start, length, has_length ? std::min(start, length) : start}, has_length, IsCall(one) ? std::size_t{kRoundColumns} : 0};
    all.Add(times[i]);
  }
  std::vector<RoundCounts> reps(reports.reps.size());
  for (std::size_t r = 0; r < reps.size(); ++r) {
    for (std::size_t i = 0; i < reports.reps[r].rows; ++i) reps[r].Add(times[reports.reps[r].first + i]);
  }
  RareTable rare;
  for (const std::size_t c : {kStart, kBoth}) {
    for (std::size_t grid = 2; grid < kGrids; ++grid) {
      for (const std::size_t kind : {std::size_t{0}, std::size_t{kRoundColumns}}) rare[kind + c][grid] = RareExcess(all, reps, kind + c, grid);
    }
  }
  for (std::size_t r = 0; r < reps.size(); ++r) {
    for (std::size_t i = reports.reps[r].first; i < reports.reps[r].first + reports.reps[r].rows; ++i) {
      const Roundness& one = times[i];
      if (one.on[kStart] == 0) continue;
      const double length = one.has_length ? Surprise(all, reps[r], one.column + kLength, one.on[kLength]) : 0;
      sign.statistic[i] = Surprise(all, reps[r], one.column + kStart, one.on[kStart]) + length + MostRare(rare, r, one);
    }
  }
  return sign;
}

Sign EvenSign(const Ordered& reports) {
  Sign sign(reports.size(), TrustSign::kEven);
  for (const stats::OwnedRows& rep : reports.reps) {
    const std::size_t end = rep.first + rep.rows;
    for (std::size_t from = rep.first, to = from; from < end; from = to) {
      for (to = from + 1; to < end && MinutesBetween(reports[to - 1].start, reports[to].start) <= kNextDay;) ++to;
      if (to - from < kWindow - 1) continue;
      TellEven(reports, from, to - from, sign);
      for (std::size_t first = from; first + kWindow <= to; ++first) TellEven(reports, first, kWindow, sign);
    }
  }
  return sign;
}

}  // namespace rapport::report_signs

// How regular customers buy: the number of phases by likelihood.
#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "rapport/core/status.hpp"
#include "rapport/stats/special.hpp"
#include "stats/blocked_sum.hpp"
#include "value/bg_fit.hpp"
#include "value/history_rows.hpp"

namespace rapport {
namespace {

using stats::Log;

constexpr int kMostTried = 12;

// The rows that count, the sum of log_gaps by weight, and the largest k for which the data have a density.
struct Regularity {
  std::vector<HistoryRow> rows;   // in the user's unit
  double customers_gaps = 0;
  int most = kMostTried;
  std::size_t together = 0;   // where `most` is 1: the first row whose purchases are all at the moment of the first
};

absl::Status CheckGaps(const Histories& rows, std::span<const double> log_gaps) {
  if (log_gaps.empty()) return absl::OkStatus();
  RAPPORT_RETURN_IF_ERROR(CheckSize("log_gaps", log_gaps.size(), rows.size()));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double x = rows.frequency[i];
    if (!(std::abs(log_gaps[i]) <= kLargestTime)) return BadRow(i, "log_gaps", log_gaps[i], "a sum of logarithms of gaps above 0");
    if (x == 0) {
      if (log_gaps[i] != 0) return BadRow(i, "log_gaps", log_gaps[i], "0 where the frequency is 0");
      continue;
    }
    const double most = rows.recency[i] > 0 ? x * Log(rows.recency[i] / x) : -kLargestTime;   // of equal gaps
    if (log_gaps[i] > most + 1e-6 * (x + std::abs(most))) return BadRow(i, "log_gaps", log_gaps[i], "no more than equal gaps would make it");
  }
  return absl::OkStatus();
}

absl::StatusOr<Regularity> RegularityOf(const Histories& rows, std::span<const double> weights, std::span<const double> log_gaps, std::optional<int> k) {
  Regularity of{FoldHistories(rows, weights, 1)};
  std::vector<double> gaps;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double weight = weights.empty() ? 1 : weights[i];
    if (weight == 0) continue;
    if (!log_gaps.empty()) gaps.push_back(weight * log_gaps[i]);
    if (!log_gaps.empty() || rows.frequency[i] == 0 || rows.recency[i] > 0) continue;
    if (of.most > 1) of.together = i;
    of.most = 1;
    if (k.value_or(1) > 1) return BadRow(i, "recency", rows.recency[i], "above 0 where the frequency is, of regular buyers");
  }
  std::sort(gaps.begin(), gaps.end());   // no bit shows the order of customers
  stats::BlockedSums<1> sum;
  for (const double gap : gaps) sum.Add({gap});
  of.customers_gaps = sum.Totals()[0];
  return of;
}

// ln of what the timing of purchases adds for k beside k = 1, given the rates: with all gaps g, of each lambda^k g^(k-1) / (k-1)!; with t_x alone, the
// density of k x phases over that of x.
double TimingOf(const Regularity& of, int k, bool gaps_known) {
  if (k == 1) return 0;
  stats::BlockedSums<1> sum;
  const double each = stats::LogGamma(k);
  for (const HistoryRow& row : of.rows) {
    if (row.x == 0) continue;
    sum.Add({row.weight * (gaps_known ? -row.x * each : (k - 1) * row.x * Log(row.t_x) - stats::LogRising(row.x, (k - 1) * row.x))});
  }
  return sum.Totals()[0] + (gaps_known ? (k - 1) * of.customers_gaps : 0);
}

// Where k was not free to rise there is no interior optimum; what else is in doubt remains said.
void SayOfPhases(std::string more, std::string& diagnosis) {
  diagnosis = diagnosis == kInterior ? std::move(more) : absl::StrCat(diagnosis, " ", more);
}

}  // namespace

absl::Status CheckPhases(int k) { return PhasesOf(k).status(); }

absl::StatusOr<int> PhasesOf(double k) {
  if (k >= 1 && k <= kMostPhases && k == std::floor(k)) return static_cast<int>(k);
  return Invalid("value.invalid_parameter", absl::StrCat("k: found ", k, ", expected a whole number from 1 to ", kMostPhases));
}

absl::StatusOr<BgRegularFit> FitRegularBg(const Histories& rows, std::span<const double> weights, std::span<const double> log_gaps, std::optional<int> k,
                                          bool stops_at_first) {
  RAPPORT_RETURN_IF_ERROR(CheckBgRows(rows, weights));
  if (!rows.transaction.names.empty() || !rows.dropout.names.empty()) {
    return Invalid("value.covariates", "found covariates, expected none: models of regular buyers take none");
  }
  if (k) RAPPORT_RETURN_IF_ERROR(CheckPhases(*k));
  RAPPORT_RETURN_IF_ERROR(CheckGaps(rows, log_gaps));
  RAPPORT_ASSIGN_OR_RETURN(const Regularity of, RegularityOf(rows, weights, log_gaps, k));
  BgRegularFit best;
  // One more phase than is taken shows whether the likelihood still rises.
  const int most = k.value_or(of.most), last = k || most == 1 ? most : most + 1;
  for (int tried = k.value_or(1); tried <= last; ++tried) {
    RAPPORT_ASSIGN_OR_RETURN(FittedModel fit, FitBg(rows, weights, {tried, stops_at_first}));
    fit.report.log_likelihood += TimingOf(of, tried, !log_gaps.empty());
    fit.report.parameters = k ? 4 : 5;   // a k that was given is none that was found
    if (best.k > 0 && !(fit.report.log_likelihood > best.fit.report.log_likelihood)) break;
    if (tried > most) {
      SayOfPhases(absl::StrCat("On the boundary: customers buy more regularly than with ", most, " phases, the most that are tried."),
                  best.fit.report.diagnosis);
      break;
    }
    best = {std::move(fit), tried};
  }
  if (!k && most == 1) {
    SayOfPhases(absl::StrCat("k was held at 1: row ", of.together, " has purchases, all at the moment of the first."), best.fit.report.diagnosis);
  }
  return best;
}

}  // namespace rapport

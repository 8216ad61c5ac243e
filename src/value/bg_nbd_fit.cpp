#include <algorithm>
#include <string_view>

#include "rapport/core/status.hpp"
#include "rapport/stats/special.hpp"
#include "rapport/value/bg_nbd.hpp"
#include "value/bg_nbd_likelihood.hpp"
#include "value/history_rows.hpp"
#include "value/likelihood_fit.hpp"

namespace rapport {
namespace {

using stats::Log;

// Rates from narrow to wide, few and many who stop, at the purchases seen.
Starts StartsFor(std::span<const HistoryRow> rows) {
  const HistorySums sums = SumsOf(rows);
  const double age = sums.ages / sums.customers, rate = sums.purchases / sums.ages;
  Starts starts;
  for (const double r : {0.25, 1.0, 4.0}) {
    for (const double stop : {0.1, 0.3}) starts.push_back({Log(r), Log(std::max(r / rate / 2, age * 1e-3)), Log(stop * 3), Log((1 - stop) * 3)});
  }
  return starts;
}

// Where a flat search came to rest says which boundary it ran to.
std::string_view BoundaryOf(std::span<const double> params) {
  const double a = params[2], b = params[3];
  if (b > kFarParameter * a) return "On the boundary: these customers show no stopping, so a and b are not determined one by one.";
  if (a > kFarParameter * b) return "On the boundary: these customers all stop at their first repeat purchase, so a and b are not determined one by one.";
  if (a > kFarParameter) return "On the boundary: these customers all stop with one chance, so a and b are determined only by their ratio.";
  if (a < 1 / kFarParameter) return "On the boundary: these customers stop at their first repeat purchase or never, so a and b are determined only by their ratio.";
  if (const std::string_view rate = RateBoundary(params[0]); !rate.empty()) return rate;
  return kOnRidge;
}

}  // namespace

absl::StatusOr<BgNbd> BgNbd::Fit(const Histories& columns, std::span<const double> weights) {
  RAPPORT_RETURN_IF_ERROR(CheckRows(columns, columns.size()));
  RAPPORT_RETURN_IF_ERROR(CheckWeights(weights, columns.size()));
  const double unit = UnitOf(columns.age);
  const std::vector<HistoryRow> rows = FoldHistories(columns, weights, unit);
  const HistorySums sums = SumsOf(rows);
  RAPPORT_RETURN_IF_ERROR(CheckRepeats(sums, columns.size()));
  const Starts starts = NearerStarts(rows, [](std::span<const HistoryRow> some) { return BgNbdLikelihood(some); }, StartsFor(rows));
  LikelihoodFit fit = FitLikelihood(BgNbdLikelihood(rows), starts, {{1, unit, 1, 1}, -sums.purchases * Log(unit), sums.customers, BoundaryOf});
  BgNbd model({fit.params[0], fit.params[1], fit.params[2], fit.params[3]});
  model.report_ = std::move(fit.report);
  return model;
}

}  // namespace rapport

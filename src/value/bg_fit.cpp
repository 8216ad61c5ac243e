#include "value/bg_fit.hpp"

#include <algorithm>
#include <string_view>

#include "rapport/core/status.hpp"
#include "rapport/stats/special.hpp"
#include "value/covariate_rows.hpp"
#include "value/history_rows.hpp"

namespace rapport {
namespace {

using stats::Log;

// Rates from narrow to wide, few and many who stop, at the purchases seen.
Starts StartsFor(const HistorySums& sums, int k) {
  const double age = sums.ages / sums.customers, rate = k * sums.purchases / sums.ages;   // of phases
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
  if (a < 1 / kFarParameter) {
    return "On the boundary: these customers stop at their first repeat purchase or never, so a and b are determined only by their ratio.";
  }
  if (const std::string_view rate = RateBoundary(params[0]); !rate.empty()) return rate;
  return kOnRidge;
}

}  // namespace

absl::Status CheckBgRows(const Histories& rows, std::span<const double> weights) {
  RAPPORT_RETURN_IF_ERROR(CheckRows(rows, rows.size()));
  RAPPORT_RETURN_IF_ERROR(CheckWeights(weights, rows.size()));
  double purchases = 0, ages = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!weights.empty() && weights[i] == 0) continue;
    purchases = std::max(purchases, rows.frequency[i]);
    ages = std::max(ages, rows.age[i]);
  }
  return CheckRepeats({0, purchases, ages}, weights, rows.size());
}

absl::StatusOr<FittedModel> FitBg(const Histories& columns, std::span<const double> weights, const BgForm& form) {
  const double unit = UnitOf(columns.age, weights);
  RAPPORT_ASSIGN_OR_RETURN(const CovariateRows rows, FoldCovariates(columns, weights, unit, kBgMoved));
  const HistorySums sums = SumsOf(rows.rows);
  const ObjectiveOfRows alike = [&form](std::span<const HistoryRow> some) { return BgLikelihood(some, form); };
  return FitMoved(rows, alike, BgCovariateLikelihood(rows, form), StartsFor(sums, form.k),
                  {{1, unit, 1, 1}, -form.k * sums.purchases * Log(unit), sums.customers, BoundaryOf});
}

}  // namespace rapport

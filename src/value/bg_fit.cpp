#include "value/bg_fit.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>
#include <utility>

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
  if (a < 1 / kFarParameter) return "On the boundary: these customers stop at their first repeat purchase or never, so a and b are determined only by their ratio.";
  if (const std::string_view rate = RateBoundary(params[0]); !rate.empty()) return rate;
  return kOnRidge;
}

// Each column over its largest value, so that the search sees numbers of one size; returns what they were divided by.
std::vector<double> ScaleColumns(CovariateRows& rows) {
  const std::size_t width = rows.width();
  std::vector<double> scales(width, 0);
  for (std::size_t i = 0; i < rows.values.size(); ++i) scales[i % width] = std::max(scales[i % width], std::abs(rows.values[i]));
  for (double& scale : scales) scale = scale > 0 ? scale : 1;
  for (std::size_t i = 0; i < rows.values.size(); ++i) rows.values[i] /= scales[i % width];
  return scales;
}

// Effects of the columns as they came, and their errors.
void Unscale(std::span<const double> scales, LikelihoodFit& fit) {
  for (std::size_t i = 0; i < scales.size(); ++i) {
    fit.params[4 + i] /= scales[i];
    if (fit.report.standard_errors.empty()) continue;
    fit.report.standard_errors[4 + i] /= scales[i];
    for (std::size_t j = 0; j < fit.params.size(); ++j) {
      fit.report.covariance[4 + i][j] /= scales[i];
      fit.report.covariance[j][4 + i] /= scales[i];
    }
  }
}

BgFit FitWithCovariates(CovariateRows rows, Starts starts, const FitTask& plain, const BgForm& form) {
  const std::string collinear = CollinearColumns(rows);
  std::vector<double> scales = ScaleColumns(rows);
  scales.insert(scales.end(), scales.begin() + static_cast<std::ptrdiff_t>(rows.transaction.size()), scales.end());   // on a, then on b
  FitTask task = plain;
  task.scale.resize(4 + scales.size(), 0);
  for (std::vector<double>& start : starts) start.resize(task.scale.size(), 0);
  BgFit found{FitLikelihood(BgCovariateLikelihood(rows, form), starts, task), {}};
  Unscale(scales, found.fit);
  if (!collinear.empty()) {
    found.fit.report.standard_errors.clear();
    found.fit.report.covariance.clear();
    found.fit.report.diagnosis = collinear;
  }
  std::size_t next = 4;
  for (const std::string& name : rows.transaction) found.effects.push_back({"transaction." + name, found.fit.params[next++]});
  for (const char* process : {"dropout_a.", "dropout_b."}) {
    for (const std::string& name : rows.dropout) found.effects.push_back({process + name, found.fit.params[next++]});
  }
  return found;
}

}  // namespace

absl::Status CheckBgRows(const Histories& rows, std::span<const double> weights) {
  RAPPORT_RETURN_IF_ERROR(CheckRows(rows, rows.size()));
  RAPPORT_RETURN_IF_ERROR(CheckNames(rows.transaction, "covariates_transaction"));
  RAPPORT_RETURN_IF_ERROR(CheckNames(rows.dropout, "covariates_dropout"));
  RAPPORT_RETURN_IF_ERROR(CheckWeights(weights, rows.size()));
  double purchases = 0, ages = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!weights.empty() && weights[i] == 0) continue;
    purchases = std::max(purchases, rows.frequency[i]);
    ages = std::max(ages, rows.age[i]);
  }
  return CheckRepeats({0, purchases, ages}, rows.size());
}

BgFit FitBg(const Histories& columns, std::span<const double> weights, const BgForm& form) {
  const double unit = UnitOf(columns.age);
  const std::vector<HistoryRow> rows = FoldHistories(columns, weights, unit);
  const HistorySums sums = SumsOf(rows);
  const FitTask task{{1, unit, 1, 1}, -form.k * sums.purchases * Log(unit), sums.customers, BoundaryOf};
  const Starts starts = NearerStarts(rows, [&](std::span<const HistoryRow> some) { return BgLikelihood(some, form); }, StartsFor(sums, form.k));
  if (columns.transaction.names.empty() && columns.dropout.names.empty()) return {FitLikelihood(BgLikelihood(rows, form), starts, task), {}};
  const stats::Minimum without = stats::Minimize(stats::CurvedObjective(BgLikelihood(rows, form)), starts);
  Starts with = starts;
  if (without.converged && !without.flat) with = {without.point};
  return FitWithCovariates(FoldCovariates(columns, weights, unit), std::move(with), task, form);
}

}  // namespace rapport

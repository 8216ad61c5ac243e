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

// How columns were made numbers around 0 of at most 1, so that the search meets no direction far longer than others: (column - mean) / scale.
struct ColumnScale {
  double mean = 0, scale = 1;
};

std::vector<ColumnScale> ScaleColumns(CovariateRows& rows) {
  const std::size_t width = rows.width();
  std::vector<ColumnScale> scales(width);
  for (std::size_t c = 0; c < width; ++c) {
    double sum = 0, customers = 0, largest = 0, farthest = 0;
    for (std::size_t i = 0; i < rows.rows.size(); ++i) {
      sum += rows.rows[i].weight * rows.Of(i)[c];
      customers += rows.rows[i].weight;
      largest = std::max(largest, std::abs(rows.Of(i)[c]));
    }
    const double mean = sum / customers;
    for (std::size_t i = 0; i < rows.rows.size(); ++i) farthest = std::max(farthest, std::abs(rows.Of(i)[c] - mean));
    const bool constant = farthest <= 1e-12 * largest;
    scales[c] = {mean, constant ? 1 : farthest};
    for (std::size_t i = c; i < rows.values.size(); i += width) rows.values[i] = constant ? 0 : (rows.values[i] - mean) / farthest;
  }
  return scales;
}

// Back to columns as they came: effect i moves the logarithm of parameter `moves[i]` by `signs[i]` times itself times the column.
void Unscale(std::span<const ColumnScale> scales, std::span<const std::size_t> moves, std::span<const double> signs, LikelihoodFit& fit) {
  const std::size_t size = fit.params.size();
  const std::vector<double> centred = fit.params;
  std::vector<double> shift(4, 0);
  for (std::size_t i = 0; i < scales.size(); ++i) {
    fit.params[4 + i] = centred[4 + i] / scales[i].scale;
    shift[moves[i]] -= signs[i] * fit.params[4 + i] * scales[i].mean;
  }
  for (std::size_t i = 0; i < 4; ++i) {
    fit.params[i] = std::clamp(centred[i] * stats::Exp(std::clamp(shift[i], -300.0, 300.0)), kSmallestParameter, kLargestParameter);
  }
  if (fit.report.covariance.empty()) return;
  stats::Matrix slopes(size, std::vector<double>(size, 0));   // of what is reported by what was searched
  for (std::size_t i = 0; i < 4; ++i) slopes[i][i] = fit.params[i] / centred[i];
  for (std::size_t i = 0; i < scales.size(); ++i) {
    slopes[4 + i][4 + i] = 1 / scales[i].scale;
    slopes[moves[i]][4 + i] = -signs[i] * fit.params[moves[i]] * scales[i].mean / scales[i].scale;
  }
  stats::Matrix half(size, std::vector<double>(size, 0)), whole = half;
  for (std::size_t i = 0; i < size; ++i) {
    for (std::size_t j = 0; j < size; ++j) {
      for (std::size_t k = 0; k < size; ++k) half[i][j] += slopes[i][k] * fit.report.covariance[k][j];
    }
  }
  for (std::size_t i = 0; i < size; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      for (std::size_t k = 0; k < size; ++k) whole[i][j] += half[i][k] * slopes[j][k];
      whole[j][i] = whole[i][j];
    }
    fit.report.standard_errors[i] = stats::Sqrt(whole[i][i]);
  }
  fit.report.covariance = std::move(whole);
}

BgFit FitWithCovariates(CovariateRows rows, Starts starts, const FitTask& plain, const BgForm& form) {
  const std::string collinear = CollinearColumns(rows);
  std::vector<ColumnScale> scales = ScaleColumns(rows);
  const std::size_t buying = rows.transaction.size(), stopping = rows.dropout.size();
  scales.insert(scales.end(), scales.begin() + static_cast<std::ptrdiff_t>(buying), scales.end());   // on a, then on b
  std::vector<std::size_t> moves(buying, 1);
  moves.insert(moves.end(), stopping, 2);
  moves.insert(moves.end(), stopping, 3);
  std::vector<double> signs(buying, -1);
  signs.resize(scales.size(), 1);
  FitTask task = plain;
  task.scale.resize(4 + scales.size(), 0);
  for (std::vector<double>& start : starts) start.resize(task.scale.size(), 0);
  BgFit found{FitLikelihood(BgCovariateLikelihood(rows, form), starts, task), {}};
  Unscale(scales, moves, signs, found.fit);
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

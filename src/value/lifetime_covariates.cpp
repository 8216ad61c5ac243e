#include "value/lifetime_covariates.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "absl/strings/str_cat.h"
#include "rapport/core/status.hpp"
#include "rapport/stats/special.hpp"

namespace rapport {
namespace {

// A power of two near half the range of the rows that count: dividing by it rounds nothing.
void Scale(std::span<const double> values, std::span<const double> weights, LifetimeCovariates::Column& column) {
  double low = INFINITY, high = -INFINITY;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!weights.empty() && weights[i] == 0) continue;
    low = std::min(low, values[i]);
    high = std::max(high, values[i]);
  }
  int exponent = 0;
  if (high > low) (void)std::frexp((high - low) / 2, &exponent);
  column.middle = high >= low ? low + (high - low) / 2 : 0;
  column.unit = std::ldexp(1.0, exponent);
}

struct Source {
  LifetimeCovariates::Column column;
  std::span<const double> values;
};

absl::StatusOr<std::vector<Source>> SourcesOf(const Histories& rows, std::span<const double> weights, std::span<const std::string_view> processes) {
  std::vector<Source> sources;
  const Covariates* const given[] = {&rows.transaction, &rows.dropout};
  for (std::size_t process = 0; process < 2; ++process) {
    const Covariates& covariates = *given[process];
    if (process >= processes.size() && !covariates.names.empty()) {
      return Invalid("value.covariates", "covariates_dropout: found columns, expected none: in this model nobody stops");
    }
    const std::size_t first = sources.size();
    for (std::size_t j = 0; j < covariates.names.size(); ++j) {
      Source source{{absl::StrCat(std::string(processes[process]), ".", covariates.names[j]), process, 0, 1}, covariates.columns[j]};
      Scale(source.values, weights, source.column);
      sources.push_back(std::move(source));
    }
    std::sort(sources.begin() + static_cast<std::ptrdiff_t>(first), sources.end(),
              [](const Source& p, const Source& q) { return p.column.name < q.column.name; });
    for (std::size_t j = first + 1; j < sources.size(); ++j) {
      if (sources[j].column.name != sources[j - 1].column.name) continue;
      return Invalid("value.covariates", absl::StrCat("covariates: found ", sources[j].column.name, " twice, expected each name once"));
    }
  }
  return sources;
}

}  // namespace

absl::StatusOr<LifetimeCovariates> FoldLifetimeCovariates(const Histories& rows, std::span<const double> weights, double unit,
                                             std::span<const std::string_view> processes) {
  RAPPORT_ASSIGN_OR_RETURN(const std::vector<Source> sources, SourcesOf(rows, weights, processes));
  LifetimeCovariates folded;
  for (const Source& source : sources) folded.columns.push_back(source.column);
  if (sources.empty()) {
    folded.rows = FoldHistories(rows, weights, unit);
    return folded;
  }
  const auto weight = [&](std::size_t i) { return weights.empty() ? 1 : weights[i]; };
  // -1, 0 or 1 by frequency, recency, age, columns.
  const auto compare = [&](std::size_t i, std::size_t j) {
    const auto sign = [](double p, double q) { return p < q ? -1 : (p > q ? 1 : 0); };
    int order = sign(rows.frequency[i], rows.frequency[j]);
    if (order == 0) order = sign(rows.recency[i], rows.recency[j]);
    if (order == 0) order = sign(rows.age[i], rows.age[j]);
    for (std::size_t k = 0; k < sources.size() && order == 0; ++k) order = sign(sources[k].values[i], sources[k].values[j]);
    return order;
  };
  std::vector<std::size_t> places(rows.size());
  std::iota(places.begin(), places.end(), std::size_t{0});
  std::erase_if(places, [&](std::size_t i) { return !(weight(i) > 0); });
  std::sort(places.begin(), places.end(), [&](std::size_t i, std::size_t j) {
    const int order = compare(i, j);
    return order != 0 ? order < 0 : weight(i) < weight(j);
  });
  for (std::size_t at = 0; at < places.size(); ++at) {
    const std::size_t i = places[at];
    if (at > 0 && compare(places[at - 1], i) == 0) {
      folded.rows.back().weight += weight(i);
      continue;
    }
    folded.rows.push_back({rows.frequency[i], rows.recency[i] / unit, rows.age[i] / unit, weight(i)});
    for (const Source& source : sources) folded.values.push_back((source.values[i] - source.column.middle) / source.column.unit);
  }
  return folded;
}

absl::StatusOr<std::vector<stats::NamedNumber>> CarryBack(const LifetimeCovariates& from, std::span<const std::size_t> moved, std::vector<double>& params,
                                                          stats::FitReport& report) {
  const std::size_t size = params.size(), effects = from.columns.size(), base = size - effects;
  std::vector<stats::NamedNumber> found;
  std::vector<double> shift(base, 0);
  for (std::size_t j = 0; j < effects; ++j) {
    const LifetimeCovariates::Column& column = from.columns[j];
    found.push_back({column.name, params[base + j] / column.unit});
    shift[moved[column.process]] += found.back().value * column.middle;
  }
  // d carried / d found: alpha = alpha_middle e^shift.
  stats::Matrix jacobian(size, std::vector<double>(size, 0));
  for (std::size_t i = 0; i < base; ++i) {
    const double grown = stats::Exp(shift[i]), carried = params[i] * grown;
    if (!(carried >= kSmallestParameter && carried <= kLargestParameter)) {
      return FailedPrecondition("value.covariates", absl::StrCat("covariates: found columns so far from 0 that a parameter would be ", carried,
                                                                 ", expected columns counted from a number within their range"));
    }
    jacobian[i][i] = grown;
    params[i] = carried;
  }
  for (std::size_t j = 0; j < effects; ++j) {
    const LifetimeCovariates::Column& column = from.columns[j];
    const std::size_t of = moved[column.process];
    jacobian[base + j][base + j] = 1 / column.unit;
    jacobian[of][base + j] = params[of] * column.middle / column.unit;
  }
  params.resize(base);
  if (report.covariance.empty()) return found;
  const stats::Matrix before = report.covariance;
  for (std::size_t i = 0; i < size; ++i) {
    for (std::size_t j = i; j < size; ++j) {
      double sum = 0;
      for (std::size_t k = 0; k < size; ++k) {
        for (std::size_t l = 0; l < size; ++l) sum += jacobian[i][k] * before[k][l] * jacobian[j][l];
      }
      report.covariance[i][j] = report.covariance[j][i] = sum;
    }
    report.standard_errors[i] = stats::Sqrt(report.covariance[i][i]);
  }
  return found;
}

}  // namespace rapport

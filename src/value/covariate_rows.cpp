#include "value/covariate_rows.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "absl/strings/str_cat.h"
#include "rapport/core/status.hpp"
#include "rapport/stats/special.hpp"

namespace rapport {
namespace {

// A range that is no more than this of the numbers themselves is rounding.
constexpr double kRounding = 1e-12;

const char* NameOf(CovariateGroup group) { return group == CovariateGroup::kTransaction ? "transaction" : "dropout"; }

struct Source {
  CovariateRows::Column column;
  std::span<const double> values;
};

// The middle of the rows that count, and a power of two near half their range: dividing by it rounds nothing.
Source Scaled(const std::string& name, CovariateGroup group, std::span<const double> values, std::span<const double> weights) {
  double low = INFINITY, high = -INFINITY;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!weights.empty() && weights[i] == 0) continue;
    low = std::min(low, values[i]);
    high = std::max(high, values[i]);
  }
  if (!(high - low > kRounding * std::max(std::abs(low), std::abs(high)))) return {{name, group, high >= low ? low : 0, 1, true}, values};
  int exponent = 0;
  (void)std::frexp((high - low) / 2, &exponent);
  return {{name, group, low + (high - low) / 2, std::ldexp(1.0, exponent), false}, values};
}

absl::StatusOr<std::vector<Source>> SourcesOf(const Histories& rows, std::span<const double> weights, std::span<const MovedParameter> moved) {
  std::vector<Source> sources;
  for (const CovariateGroup group : {CovariateGroup::kTransaction, CovariateGroup::kDropout}) {
    const Covariates& given = group == CovariateGroup::kTransaction ? rows.transaction : rows.dropout;
    if (given.names.empty()) continue;
    if (std::none_of(moved.begin(), moved.end(), [&](const MovedParameter& by) { return by.group == group; })) {
      return Invalid("value.covariates", "covariates_dropout: found columns, expected none: in this model nobody stops");
    }
    if (std::find(given.names.begin(), given.names.end(), "") != given.names.end()) {
      return Invalid("value.covariates", absl::StrCat("covariates_", NameOf(group), ": found a column named \"\", expected a name"));
    }
    const std::size_t first = sources.size();
    for (std::size_t j = 0; j < given.names.size(); ++j) sources.push_back(Scaled(given.names[j], group, given.columns[j], weights));
    std::sort(sources.begin() + static_cast<std::ptrdiff_t>(first), sources.end(),
              [](const Source& p, const Source& q) { return p.column.name < q.column.name; });
    for (std::size_t j = first + 1; j < sources.size(); ++j) {
      if (sources[j].column.name != sources[j - 1].column.name) continue;
      return Invalid("value.covariates", absl::StrCat("covariates: found ", NameOf(group), ".", sources[j].column.name, " twice, expected each name once"));
    }
  }
  return sources;
}

// Rows that count, sorted by frequency, recency, age, columns, then weight.
class RowOrder {
 public:
  RowOrder(const Histories& rows, std::span<const double> weights, std::span<const Source> sources) : rows_(rows), weights_(weights), sources_(sources) {}
  double Weight(std::size_t i) const { return weights_.empty() ? 1 : weights_[i]; }
  // -1, 0 or 1, weights aside.
  int Compare(std::size_t i, std::size_t j) const {
    const auto sign = [](double p, double q) { return p < q ? -1 : (p > q ? 1 : 0); };
    int order = sign(rows_.frequency[i], rows_.frequency[j]);
    if (order == 0) order = sign(rows_.recency[i], rows_.recency[j]);
    if (order == 0) order = sign(rows_.age[i], rows_.age[j]);
    for (std::size_t k = 0; k < sources_.size() && order == 0; ++k) order = sign(sources_[k].values[i], sources_[k].values[j]);
    return order;
  }
  std::vector<std::size_t> Sorted() const {
    std::vector<std::size_t> places(rows_.size());
    std::iota(places.begin(), places.end(), std::size_t{0});
    std::erase_if(places, [&](std::size_t i) { return !(Weight(i) > 0); });
    std::sort(places.begin(), places.end(), [&](std::size_t i, std::size_t j) {
      const int order = Compare(i, j);
      return order != 0 ? order < 0 : Weight(i) < Weight(j);
    });
    return places;
  }

 private:
  const Histories& rows_;
  std::span<const double> weights_;
  std::span<const Source> sources_;
};

// Over its length. False where that is no more than `smallest`.
bool Normalize(std::vector<double>& column, double smallest) {
  const double length = stats::Sqrt(std::inner_product(column.begin(), column.end(), column.begin(), 0.0));
  if (!(length > smallest)) return false;
  for (double& v : column) v /= length;
  return true;
}

std::vector<double> Centred(const CovariateRows& rows, std::size_t c) {
  std::vector<double> column;
  for (std::size_t i = 0; i < rows.rows.size(); ++i) column.push_back(rows.Of(i)[c]);
  const double mean = std::accumulate(column.begin(), column.end(), 0.0) / static_cast<double>(column.size());
  for (double& v : column) v -= mean;
  return column;
}

// The first column of a group of which the columns before leave nothing; columns.size() if there is none.
std::size_t FirstDependent(const CovariateRows& rows, CovariateGroup group) {
  constexpr double kNothing = 1e-8;
  std::vector<std::vector<double>> basis;
  for (std::size_t c = 0; c < rows.columns.size(); ++c) {
    if (rows.columns[c].group != group) continue;
    std::vector<double> column = Centred(rows, c);
    if (rows.columns[c].constant || !Normalize(column, 0)) return c;
    for (int pass = 0; pass < 2; ++pass) {   // twice is enough (Giraud, Langou, Rozloznik 2005)
      for (const std::vector<double>& other : basis) {
        const double share = std::inner_product(column.begin(), column.end(), other.begin(), 0.0);
        for (std::size_t i = 0; i < column.size(); ++i) column[i] -= share * other[i];
      }
    }
    if (!Normalize(column, kNothing)) return c;
    basis.push_back(std::move(column));
  }
  return rows.columns.size();
}

// What a parameter's logarithm has to take up so that columns count from 0 again.
std::vector<double> ShiftsBack(const CovariateRows& from, std::span<const double> params) {
  const std::size_t base = params.size() - from.effects.size();
  std::vector<double> shifts(base, 0);
  for (std::size_t j = 0; j < from.effects.size(); ++j) {
    const CovariateRows::Effect& effect = from.effects[j];
    const CovariateRows::Column& column = from.columns[effect.column];
    shifts[effect.parameter] -= effect.sign * params[base + j] / column.unit * column.middle;
  }
  return shifts;
}

// The first parameter that carrying back would bring beyond what CheckParameter takes, as it would be; else 0.
double LeavesRange(const CovariateRows& from, std::span<const double> params) {
  const std::vector<double> shifts = ShiftsBack(from, params);
  for (std::size_t i = 0; i < shifts.size(); ++i) {
    const double carried = params[i] * stats::Exp(std::clamp(shifts[i], -300.0, 300.0));
    if (!(carried >= kSmallestParameter && carried <= kLargestParameter)) return carried;
  }
  return 0;
}

// `jacobian` is d carried / d found: alpha = alpha_middle e^shift.
void CarryErrors(const stats::Matrix& jacobian, stats::FitReport& report) {
  const std::size_t size = jacobian.size();
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
}

// Parameters and effects of scaled columns become those of unscaled ones; covariance and standard errors with them.
FittedModel CarryBack(const CovariateRows& from, LikelihoodFit fit) {
  const std::size_t size = fit.params.size(), base = size - from.effects.size();
  FittedModel model{std::move(fit.params), {}, std::move(fit.report)};
  const std::vector<double> shifts = ShiftsBack(from, model.params);
  stats::Matrix jacobian(size, std::vector<double>(size, 0));
  for (std::size_t i = 0; i < base; ++i) {
    jacobian[i][i] = stats::Exp(shifts[i]);
    model.params[i] *= jacobian[i][i];
  }
  for (std::size_t j = 0; j < from.effects.size(); ++j) {
    const CovariateRows::Effect& effect = from.effects[j];
    const CovariateRows::Column& column = from.columns[effect.column];
    model.effects.push_back({effect.name, model.params[base + j] / column.unit});
    jacobian[base + j][base + j] = 1 / column.unit;
    jacobian[effect.parameter][base + j] = -effect.sign * model.params[effect.parameter] * column.middle / column.unit;
  }
  model.params.resize(base);
  if (!model.report.covariance.empty()) CarryErrors(jacobian, model.report);
  return model;
}

// Effects that run off, as where a column tells buyers from others: nearer to 0, until parameters are in their range. The likelihood is of those.
void HoldInRange(const CovariateRows& rows, const stats::CurvedObjective& objective, const FitTask& task, LikelihoodFit& fit) {
  const std::size_t size = fit.params.size(), base = size - rows.effects.size();
  while (LeavesRange(rows, fit.params) != 0) {
    for (std::size_t j = base; j < size; ++j) fit.params[j] *= 0.75;
  }
  std::vector<double> point = fit.params, gradient(size, 0);
  for (std::size_t i = 0; i < base; ++i) point[i] = stats::Log(fit.params[i] / task.scale[i]);
  stats::Matrix hessian(size, std::vector<double>(size, 0));
  fit.report.log_likelihood = std::ldexp(task.log_likelihood_shift - objective(point, gradient, hessian), -task.weights_raised);
  fit.report.converged = false;
  fit.report.diagnosis = "The effects of covariates run off as far as the search goes: they are not determined.";
}

}  // namespace

absl::StatusOr<CovariateRows> FoldCovariates(const Histories& rows, std::span<const double> weights, double unit, std::span<const MovedParameter> moved) {
  RAPPORT_ASSIGN_OR_RETURN(const std::vector<Source> sources, SourcesOf(rows, weights, moved));
  CovariateRows folded;
  if (sources.empty()) {
    folded.rows = FoldHistories(rows, weights, unit);
    folded.weights_raised = RaiseWeights(folded.rows);
    return folded;
  }
  for (const Source& source : sources) folded.columns.push_back(source.column);
  for (const MovedParameter& by : moved) {
    for (std::size_t c = 0; c < folded.columns.size(); ++c) {
      const CovariateRows::Column& column = folded.columns[c];
      if (column.group == by.group) folded.effects.push_back({absl::StrCat(std::string(by.process), ".", column.name), c, by.parameter, by.sign});
    }
  }
  const RowOrder order(rows, weights, sources);
  const std::vector<std::size_t> places = order.Sorted();
  for (std::size_t at = 0; at < places.size(); ++at) {
    const std::size_t i = places[at];
    if (at > 0 && order.Compare(places[at - 1], i) == 0) {
      folded.rows.back().weight += order.Weight(i);
      continue;
    }
    folded.rows.push_back({rows.frequency[i], rows.recency[i] / unit, rows.age[i] / unit, order.Weight(i)});
    for (const auto& [column, values] : sources) folded.values.push_back(column.constant ? 0 : (values[i] - column.middle) / column.unit);
  }
  folded.weights_raised = RaiseWeights(folded.rows);
  return folded;
}

std::string CollinearColumns(const CovariateRows& rows) {
  for (const CovariateGroup group : {CovariateGroup::kTransaction, CovariateGroup::kDropout}) {
    const std::size_t found = FirstDependent(rows, group);
    if (found == rows.columns.size()) continue;
    return absl::StrCat("Covariate \"", rows.columns[found].name, "\" of ", NameOf(group),
                        " is a constant or a sum of others, so their effects are not determined one by one.");
  }
  return {};
}

MovedSums::MovedSums(const CovariateRows& rows, std::span<const double> point)
    : rows_(rows), point_(point), base_(point.size() - rows.effects.size()), through_(point.size()), times_(point.size(), 1),
      sums_(1 + point.size() + point.size() * (point.size() + 1) / 2) {
  std::iota(through_.begin(), through_.end(), std::size_t{0});
  for (std::size_t j = 0; j < rows.effects.size(); ++j) through_[base_ + j] = rows.effects[j].parameter;
}

bool MovedSums::LogsOf(std::size_t row, std::span<double> logs) {
  const std::span<const double> values = rows_.Of(row);
  std::copy_n(point_.begin(), base_, logs.begin());
  for (std::size_t i = base_; i < point_.size(); ++i) {
    const CovariateRows::Effect& effect = rows_.effects[i - base_];
    times_[i] = effect.sign * values[effect.column];
    logs[through_[i]] += point_[i] * times_[i];
  }
  return std::all_of(logs.begin(), logs.end(), [](double v) { return std::abs(v) <= kFarthestLog; });
}

void MovedSums::Add(double weight, double value, std::span<const double> gradient, std::span<const double> hessian) {
  const std::size_t size = point_.size();
  double* to = sums_.terms();
  *to++ += weight * value;
  for (std::size_t i = 0; i < size; ++i) *to++ += weight * times_[i] * gradient[through_[i]];
  for (std::size_t i = 0; i < size; ++i) {
    for (std::size_t j = i; j < size; ++j) {
      const std::size_t p = std::min(through_[i], through_[j]), q = std::max(through_[i], through_[j]);
      *to++ += weight * times_[i] * times_[j] * hessian[p * (2 * base_ - p + 1) / 2 + (q - p)];
    }
  }
  sums_.EndRow();
}

double MovedSums::Minus(std::span<double> gradient, stats::Matrix& hessian) {
  const std::size_t size = point_.size();
  const std::vector<double> totals = sums_.Totals();
  std::size_t next = 1 + size;
  for (std::size_t i = 0; i < size; ++i) {
    gradient[i] = -totals[1 + i];
    for (std::size_t j = i; j < size; ++j) hessian[i][j] = hessian[j][i] = -totals[next++];
  }
  return -totals[0];
}

absl::StatusOr<FittedModel> FitMoved(const CovariateRows& rows, const ObjectiveOfRows& alike, const stats::CurvedObjective& moved, const Starts& starts,
                                     FitTask task) {
  task.weights_raised = rows.weights_raised;
  Starts from = NearerStarts(rows.rows, alike, starts);
  if (rows.effects.empty()) {
    LikelihoodFit fit = FitLikelihood(alike(rows.rows), from, task);
    return FittedModel{std::move(fit.params), {}, std::move(fit.report)};
  }
  stats::MinimizeOptions options;
  options.farthest = kFarthestLog;
  const stats::Minimum without = stats::Minimize(alike(rows.rows), from, options);
  if (without.converged && !without.flat) from = {without.point};
  for (std::vector<double>& start : from) start.resize(start.size() + rows.effects.size(), 0);
  task.scale.resize(task.scale.size() + rows.effects.size(), 0);
  LikelihoodFit fit = FitLikelihood(moved, from, task);
  const std::string collinear = CollinearColumns(rows);
  if (const double carried = LeavesRange(rows, fit.params); carried != 0) {
    if (collinear.empty() && fit.report.converged && !fit.report.covariance.empty()) {
      return FailedPrecondition("value.covariates", absl::StrCat("covariates: found columns so far from 0 that a parameter would be ", carried,
                                                                 ", expected columns counted from a number within their range"));
    }
    HoldInRange(rows, moved, task, fit);
    fit.report.standard_errors.clear();
    fit.report.covariance.clear();
  }
  if (!collinear.empty()) {
    fit.report.standard_errors.clear();
    fit.report.covariance.clear();
    fit.report.diagnosis = collinear;
  }
  return CarryBack(rows, std::move(fit));
}

}  // namespace rapport

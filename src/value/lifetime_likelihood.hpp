// Floor 3, inside. The likelihood of an NBD with a lifetime over many customers, and the fit, for models that say what one row adds.
//
// A model's rule has kParams, the number of its parameters; kMoved, which of them each process moves; Terms(count, row, parameters), one row's RowTerms.
#ifndef RAPPORT_SRC_VALUE_LIFETIME_LIKELIHOOD_HPP_
#define RAPPORT_SRC_VALUE_LIFETIME_LIKELIHOOD_HPP_

#include <array>
#include <cmath>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "rapport/core/status.hpp"
#include "rapport/stats/optimize.hpp"
#include "stats/blocked_sum.hpp"
#include "value/lifetime_covariates.hpp"
#include "value/likelihood_fit.hpp"
#include "value/nbd_lifetime.hpp"

namespace rapport {

// Minus the log-likelihood by the logarithms of parameters, then by effects of scaled columns. Infinite where a logarithm is beyond +-60, before or after
// the columns moved it.
template <class Rule>
class LifetimeLikelihood {
 public:
  static constexpr std::size_t kParams = Rule::kParams;

  explicit LifetimeLikelihood(std::span<const HistoryRow> rows) : rows_(rows) {}   // kept by reference
  explicit LifetimeLikelihood(const LifetimeCovariates& rows) : rows_(rows.rows), covariates_(rows.columns.empty() ? nullptr : &rows) {}

  double operator()(std::span<const double> point, std::span<double> gradient, stats::Matrix& hessian) const {
    for (const double v : point.first(kParams)) {
      if (!(std::abs(v) <= 60)) return std::numeric_limits<double>::infinity();
    }
    return covariates_ == nullptr ? Alike(point, gradient, hessian) : Moved(point, gradient, hessian);
  }

 private:
  using Terms = RowTerms<kParams>;
  static constexpr std::size_t kSums = 1 + kParams + Terms::kSecond;

  static std::array<double, kParams> Natural(std::span<const double> point) {
    std::array<double, kParams> natural;
    for (std::size_t i = 0; i < kParams; ++i) natural[i] = stats::Exp(point[i]);
    return natural;
  }

  // The sums are over rows of terms[0], the gradient, the upper triangle of the Hessian.
  template <class Sums>
  static double Minus(const Sums& sums, std::span<double> gradient, stats::Matrix& hessian) {
    const std::size_t size = gradient.size();
    std::size_t next = 1 + size;
    for (std::size_t i = 0; i < size; ++i) {
      gradient[i] = -sums[1 + i];
      for (std::size_t j = i; j < size; ++j) hessian[i][j] = hessian[j][i] = -sums[next++];
    }
    return -sums[0];
  }

  // Without covariates.
  double Alike(std::span<const double> point, std::span<double> gradient, stats::Matrix& hessian) const {
    const std::array<double, kParams> natural = Natural(point);
    stats::BlockedSums<kSums> sums;
    CountTerms count;
    for (const HistoryRow& row : rows_) {
      if (row.x != count.x) count = CountTermsOf(row.x, natural[kLogR]);
      const Terms terms = Rule::Terms(count, row, natural);
      std::array<double, kSums> weighted;
      weighted[0] = row.weight * terms.value;
      for (std::size_t i = 0; i < kParams; ++i) weighted[1 + i] = row.weight * terms.gradient[i];
      for (std::size_t i = 0; i < Terms::kSecond; ++i) weighted[1 + kParams + i] = row.weight * terms.hessian[i];
      sums.Add(weighted);
    }
    return Minus(sums.Totals(), gradient, hessian);
  }

  // With them: ln of a moved parameter is its own minus the sum of effects times columns, so an effect's derivative is -column times the parameter's.
  double Moved(std::span<const double> point, std::span<double> gradient, stats::Matrix& hessian) const {
    const std::vector<LifetimeCovariates::Column>& columns = covariates_->columns;
    const std::size_t size = kParams + columns.size();
    const std::array<double, kParams> common = Natural(point);
    std::vector<std::size_t> of(size);          // the parameter through which each coordinate acts
    std::vector<double> by(size, 1);            // and how much of it
    for (std::size_t i = 0; i < size; ++i) of[i] = i < kParams ? i : Rule::kMoved[columns[i - kParams].process];
    stats::BlockedSumVector sums(1 + size + size * (size + 1) / 2);
    CountTerms count;
    for (std::size_t at = 0; at < rows_.size(); ++at) {
      const HistoryRow& row = rows_[at];
      std::array<double, kParams> shift{}, natural = common;
      for (std::size_t j = 0; j < columns.size(); ++j) {
        const double value = covariates_->values[at * columns.size() + j];
        by[kParams + j] = -value;
        shift[of[kParams + j]] += point[kParams + j] * value;
      }
      for (std::size_t i = 0; i < kParams; ++i) {
        if (!(std::abs(point[i] - shift[i]) <= 60)) return std::numeric_limits<double>::infinity();
        if (shift[i] != 0) natural[i] = stats::Exp(point[i] - shift[i]);
      }
      if (row.x != count.x) count = CountTermsOf(row.x, natural[kLogR]);
      AddMoved(Rule::Terms(count, row, natural), row.weight, of, by, sums.terms());
      sums.EndRow();
    }
    return Minus(sums.Totals(), gradient, hessian);
  }

  static void AddMoved(const Terms& terms, double weight, const std::vector<std::size_t>& of, const std::vector<double>& by, double* to) {
    const std::size_t size = of.size();
    *to++ += weight * terms.value;
    for (std::size_t i = 0; i < size; ++i) *to++ += weight * by[i] * terms.gradient[of[i]];
    for (std::size_t i = 0; i < size; ++i) {
      for (std::size_t j = i; j < size; ++j) {
        const std::size_t p = std::min(of[i], of[j]), q = std::max(of[i], of[j]);
        *to++ += weight * by[i] * by[j] * terms.hessian[Terms::At(p, q)];
      }
    }
  }

  std::span<const HistoryRow> rows_;
  const LifetimeCovariates* covariates_ = nullptr;
};

struct FittedModel {
  std::vector<double> params;
  std::vector<stats::NamedNumber> effects;
  stats::FitReport report;
};

// `task` says the scales of the parameters alone. Rows without covariates lead near the optimum, from where effects start at 0.
template <class Rule>
absl::StatusOr<FittedModel> FitLifetime(const LifetimeCovariates& rows, const Starts& starts, FitTask task) {
  const ObjectiveOfRows objective = [](std::span<const HistoryRow> some) { return LifetimeLikelihood<Rule>(some); };
  Starts from = NearerStarts(rows.rows, objective, starts);
  if (!rows.columns.empty()) {
    const stats::Minimum alike = stats::Minimize(LifetimeLikelihood<Rule>(std::span<const HistoryRow>(rows.rows)), from);
    if (alike.converged && !alike.flat) from = {alike.point};
    for (std::vector<double>& start : from) start.resize(start.size() + rows.columns.size(), 0);
    task.scale.resize(task.scale.size() + rows.columns.size(), 0);
  }
  LikelihoodFit fit = FitLikelihood(LifetimeLikelihood<Rule>(rows), from, task);
  FittedModel model;
  model.params = std::move(fit.params);
  model.report = std::move(fit.report);
  RAPPORT_ASSIGN_OR_RETURN(model.effects, CarryBack(rows, Rule::kMoved, model.params, model.report));
  return model;
}

}  // namespace rapport

#endif  // RAPPORT_SRC_VALUE_LIFETIME_LIKELIHOOD_HPP_

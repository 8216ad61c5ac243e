// Floor 3, inside. The likelihood of an NBD with a lifetime over many customers, and the fit, for models that say what one row adds.
//
// A model's rule has kParams, the number of its parameters, and Terms(count, row, parameters), one row's RowTerms.
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
#include "value/covariate_rows.hpp"
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
  explicit LifetimeLikelihood(const CovariateRows& rows) : rows_(rows.rows), covariates_(rows.effects.empty() ? nullptr : &rows) {}

  double operator()(std::span<const double> point, std::span<double> gradient, stats::Matrix& hessian) const {
    for (const double v : point.first(kParams)) {
      if (!(std::abs(v) <= kFarthestLog)) return std::numeric_limits<double>::infinity();
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

  // The sums are over rows of the value, the gradient, the upper triangle of the Hessian.
  static double Minus(const std::array<double, kSums>& sums, std::span<double> gradient, stats::Matrix& hessian) {
    std::size_t next = 1 + kParams;
    for (std::size_t i = 0; i < kParams; ++i) {
      gradient[i] = -sums[1 + i];
      for (std::size_t j = i; j < kParams; ++j) hessian[i][j] = hessian[j][i] = -sums[next++];
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

  // With them: what a row says of the logarithms that its columns made.
  double Moved(std::span<const double> point, std::span<double> gradient, stats::Matrix& hessian) const {
    MovedSums sums(*covariates_, point);
    std::array<double, kParams> logs;
    CountTerms count;
    for (std::size_t at = 0; at < rows_.size(); ++at) {
      const HistoryRow& row = rows_[at];
      if (!sums.LogsOf(at, logs)) return std::numeric_limits<double>::infinity();
      const std::array<double, kParams> natural = Natural(logs);
      if (row.x != count.x) count = CountTermsOf(row.x, natural[kLogR]);
      const Terms terms = Rule::Terms(count, row, natural);
      sums.Add(row.weight, terms.value, terms.gradient, terms.hessian);
    }
    return sums.Minus(gradient, hessian);
  }

  std::span<const HistoryRow> rows_;
  const CovariateRows* covariates_ = nullptr;
};

// `task` says the scales of the parameters alone.
template <class Rule>
absl::StatusOr<FittedModel> FitLifetime(const CovariateRows& rows, const Starts& starts, FitTask task) {
  const ObjectiveOfRows alike = [](std::span<const HistoryRow> some) { return LifetimeLikelihood<Rule>(some); };
  return FitMoved(rows, alike, LifetimeLikelihood<Rule>(rows), starts, std::move(task));
}

}  // namespace rapport

#endif  // RAPPORT_SRC_VALUE_LIFETIME_LIKELIHOOD_HPP_

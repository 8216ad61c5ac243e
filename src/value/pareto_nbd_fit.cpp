#include <algorithm>
#include <string_view>

#include "rapport/core/status.hpp"
#include "rapport/stats/special.hpp"
#include "rapport/value/pareto_nbd.hpp"
#include "value/lifetime_likelihood.hpp"
#include "value/lifetime_boundary.hpp"
#include "value/pareto_lifetime.hpp"

namespace rapport {
namespace {

using stats::Log;

constexpr MovedParameter kMoved[] = {{"transaction", CovariateGroup::kTransaction, 1, -1}, {"dropout", CovariateGroup::kDropout, 3, -1}};

struct Rule {
  static constexpr std::size_t kParams = 4;
  static RowTerms<4> Terms(const CountTerms& count, const HistoryRow& row, const std::array<double, 4>& p) {
    return ParetoTerms(count, row.t_x, row.age, {p[0], p[1], p[2], p[3]});
  }
};

// Rates from narrow to wide, customers who stop soon and who stay, at the purchases seen.
Starts StartsFor(const HistorySums& sums) {
  const double age = sums.ages / sums.customers, rate = sums.purchases / sums.ages;
  Starts starts;
  for (const double r : {0.5, 2.0}) {
    for (const double s : {0.5, 2.0}) {
      for (const double stay : {0.5, 5.0}) {   // mean lifetimes, in ages, at rates about s / beta
        starts.push_back({Log(r), Log(std::max(r / rate / 2, age * 1e-3)), Log(s), Log(s * stay * age)});
      }
    }
  }
  return starts;
}

}  // namespace

absl::StatusOr<ParetoNbd> ParetoNbd::Fit(const Histories& columns, std::span<const double> weights) {
  RAPPORT_RETURN_IF_ERROR(CheckRows(columns, columns.size()));
  RAPPORT_RETURN_IF_ERROR(CheckWeights(weights, columns.size()));
  const double unit = UnitOf(columns.age, weights);
  RAPPORT_ASSIGN_OR_RETURN(const CovariateRows rows, FoldCovariates(columns, weights, unit, kMoved));
  const HistorySums sums = SumsOf(rows.rows);
  RAPPORT_RETURN_IF_ERROR(CheckRepeats(sums, weights, columns.size()));
  const auto boundary = [unit](std::span<const double> p) { return LifetimeBoundary(p[0], p[2], p[3] / unit); };
  RAPPORT_ASSIGN_OR_RETURN(FittedModel fit, FitLifetime<Rule>(rows, StartsFor(sums), {{1, unit, 1, unit}, -sums.purchases * Log(unit), sums.customers,
                                                                                     boundary}));
  ParetoNbd model({fit.params[0], fit.params[1], fit.params[2], fit.params[3]});
  model.effects_ = std::move(fit.effects);
  model.report_ = std::move(fit.report);
  return model;
}

}  // namespace rapport

// Floor 3, inside. Rows of customers with the columns that move their parameters, ready for a fit of a model with a lifetime, and the effects found carried back.
#ifndef RAPPORT_SRC_VALUE_LIFETIME_COVARIATES_HPP_
#define RAPPORT_SRC_VALUE_LIFETIME_COVARIATES_HPP_

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "rapport/stats/fit_report.hpp"
#include "value/history_rows.hpp"

namespace rapport {

struct LifetimeCovariates {
  // The search sees (value - middle) / unit, within about -1 to 1 whatever the caller counts in; a column of one value is 0 throughout, to the bit.
  struct Column {
    std::string name;            // "transaction.distance"
    std::size_t process;
    double middle, unit;
  };
  std::vector<Column> columns;   // by process, then by name
  std::vector<HistoryRow> rows;  // as FoldHistories: sorted, and those equal in everything made one
  std::vector<double> values;    // columns.size() numbers a row
};

// One process reads `transaction`, a second one `dropout`. `value.covariates` where a name comes twice, or a process has columns that the model does not.
absl::StatusOr<LifetimeCovariates> FoldLifetimeCovariates(const Histories& rows, std::span<const double> weights, double unit,
                                             std::span<const std::string_view> processes);

// Parameters `moved[process]` times e^-(effects * scaled columns), followed by the effects, as the search found them, become those of unscaled columns;
// covariance and standard errors with them. Returns the effects, which `params` then no longer holds. `value.covariates` where a parameter would leave
// its range because a column is far from 0.
absl::StatusOr<std::vector<stats::NamedNumber>> CarryBack(const LifetimeCovariates& from, std::span<const std::size_t> moved, std::vector<double>& params,
                                                          stats::FitReport& report);

}  // namespace rapport

#endif  // RAPPORT_SRC_VALUE_LIFETIME_COVARIATES_HPP_

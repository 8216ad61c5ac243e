// Floor 3, inside. Rows of customers with the columns that move their parameters: folded and scaled for a search, and what it found carried back.
//
// Every model with covariates reads them here. An effect moves the logarithm of one parameter by its sign times itself times its column; one column may
// have several effects, as those of the BG/NBD's dropout do (Fader and Hardie 2007).
#ifndef RAPPORT_SRC_VALUE_COVARIATE_ROWS_HPP_
#define RAPPORT_SRC_VALUE_COVARIATE_ROWS_HPP_

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "rapport/stats/fit_report.hpp"
#include "stats/blocked_sum.hpp"
#include "value/history_rows.hpp"
#include "value/likelihood_fit.hpp"

namespace rapport {

enum class CovariateGroup { kTransaction, kDropout };

// What a model does with a group's columns: effects "<process>.<column>" move the parameter in place `parameter`.
struct MovedParameter {
  std::string_view process;
  CovariateGroup group;
  std::size_t parameter;
  double sign;
};

struct CovariateRows {
  // The search sees (value - middle) / unit, within about -1 to 1 whatever the caller counts in; a column of one value is 0 throughout, to the bit.
  struct Column {
    std::string name;
    CovariateGroup group;
    double middle, unit;
    bool constant;
  };
  struct Effect {
    std::string name;                // "dropout_a.trial"
    std::size_t column, parameter;
    double sign;
  };
  std::vector<Column> columns;       // by group, then by name
  std::vector<Effect> effects;       // by process, then by name
  std::vector<HistoryRow> rows;      // as FoldHistories: sorted, and those equal in everything made one
  int weights_raised = 0;            // as RaiseWeights says
  std::vector<double> values;        // columns.size() scaled numbers a row
  std::span<const double> Of(std::size_t row) const { return std::span(values).subspan(row * columns.size(), columns.size()); }
};

// Rows equal in x, t_x, age and every column become one, whose weight is their sum: no bit shows the order of customers, nor that of columns. Times are
// divided by `unit`; rows of weight 0 are left out, and small weights raised. `value.covariates` where a group has one name twice or an empty one, or columns that nothing in `moved` reads.
absl::StatusOr<CovariateRows> FoldCovariates(const Histories& rows, std::span<const double> weights, double unit, std::span<const MovedParameter> moved);

// One sentence where the columns of a group, beside a constant, are linearly dependent over the rows: then no effect is determined by itself. Else empty.
std::string CollinearColumns(const CovariateRows& rows);

// Sums over rows of ln L and its derivatives by what the search moves, the logarithms of `base` parameters and then the effects, from what each row says of
// the logarithms that its columns made of them.
class MovedSums {
 public:
  // Both kept by reference.
  MovedSums(const CovariateRows& rows, std::span<const double> point);
  // The row's own logarithms; false where one is beyond kFarthestLog, which no search is to pass.
  bool LogsOf(std::size_t row, std::span<double> logs);
  // Of the row that LogsOf was last asked for: ln L, its gradient and the upper triangle of its Hessian, row by row, by those logarithms.
  void Add(double weight, double value, std::span<const double> gradient, std::span<const double> hessian);
  // Minus the sums.
  double Minus(std::span<double> gradient, stats::Matrix& hessian);

 private:
  const CovariateRows& rows_;
  std::span<const double> point_;
  std::size_t base_;
  std::vector<std::size_t> through_;   // the parameter through which each coordinate acts,
  std::vector<double> times_;          // and how much of it
  stats::BlockedSumVector sums_;
};

struct FittedModel {
  std::vector<double> params;
  std::vector<stats::NamedNumber> effects;
  stats::FitReport report;   // of params, then effects
};
// Maximum likelihood, of unscaled columns. `alike` is the objective without columns, `moved` with them; `starts` and `task` are those of the parameters
// alone. Rows without columns lead near the optimum, from where effects start at 0. No errors are made up where columns are collinear. `value.covariates`
// where a parameter would leave its range because a column is far from 0.
absl::StatusOr<FittedModel> FitMoved(const CovariateRows& rows, const ObjectiveOfRows& alike, const stats::CurvedObjective& moved, const Starts& starts,
                                     FitTask task);

}  // namespace rapport

#endif  // RAPPORT_SRC_VALUE_COVARIATE_ROWS_HPP_

// Floor 3, inside. Customers with covariates, equal ones folded into one, for models that fit effects of covariates.
#ifndef RAPPORT_SRC_VALUE_COVARIATE_ROWS_HPP_
#define RAPPORT_SRC_VALUE_COVARIATE_ROWS_HPP_

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "rapport/value/histories.hpp"
#include "value/history_rows.hpp"

namespace rapport {

struct CovariateRows {
  // Names sorted within each group; columns follow them.
  std::vector<std::string> transaction, dropout;
  std::vector<HistoryRow> rows;   // by x, t_x, age, then covariates
  std::vector<double> values;     // row-major: of each row its transaction covariates, then its dropout covariates
  std::size_t width() const { return transaction.size() + dropout.size(); }
  std::span<const double> Of(std::size_t row) const { return std::span(values).subspan(row * width(), width()); }
};

// `value.covariates` where a group has one name twice.
absl::Status CheckNames(const Covariates& covariates, std::string_view what);
// Rows equal in x, t_x, age and every covariate become one, whose weight is their sum: no bit shows the order of customers, nor the order of columns. Times
// are divided by `unit`. Rows of weight 0 are left out.
CovariateRows FoldCovariates(const Histories& rows, std::span<const double> weights, double unit);

// One sentence where the columns of a group, beside a constant, are linearly dependent over the rows: then no effect is determined by itself. Else empty.
std::string CollinearColumns(const CovariateRows& rows);

}  // namespace rapport

#endif  // RAPPORT_SRC_VALUE_COVARIATE_ROWS_HPP_

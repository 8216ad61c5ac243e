// Floor 3, inside. Rows of customers: what every call checks about them, and equal ones folded into one.
#ifndef RAPPORT_SRC_VALUE_HISTORY_ROWS_HPP_
#define RAPPORT_SRC_VALUE_HISTORY_ROWS_HPP_

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "rapport/stats/fit_report.hpp"
#include "rapport/value/histories.hpp"

namespace rapport {

// Bounds far beyond any customer, within which no formula leaves the range of doubles.
inline constexpr double kLargestTime = 1e20;
inline constexpr double kMostDrawn = 1e6;   // purchases of one simulated customer
inline constexpr double kLargestCount = 9007199254740992.0;   // 2^53
inline constexpr double kSmallestParameter = 1e-50;
inline constexpr double kLargestParameter = 1e50;

// `value.invalid_input`: "row 3, field recency: found 5, expected a time from 0 to the age".
absl::Status BadRow(std::size_t row, std::string_view field, double found, std::string_view expected);
// `value.invalid_input`: "field age: found 3 rows, expected 4".
absl::Status CheckSize(std::string_view field, std::size_t found, std::size_t size);
// OK if all spans have `size` rows and each row has a whole frequency >= 0 and 0 <= recency <= age, with recency 0 where frequency is 0.
// Errors call the age by `age_name`.
absl::Status CheckRows(const Histories& rows, std::size_t size, std::string_view age_name = "age");
// Weights are absent, or one a row from 0 to 1e20.
absl::Status CheckWeights(std::span<const double> weights, std::size_t size);
// A horizon, a start, a time ahead: from 0 to 1e20.
absl::Status CheckTime(double time, std::string_view name);
// `value.invalid_parameter` names the one that is not a number from 1e-50 to 1e50.
absl::Status CheckParameters(std::span<const stats::NamedNumber> params);

// Customers who share frequency, recency and age.
struct HistoryRow {
  double x, t_x, age, weight;
};

// A power of two near the longest age of the rows that count: dividing by it rounds nothing, and the search sees numbers of one size whatever unit the
// caller counts in.
double UnitOf(std::span<const double> age, std::span<const double> weights);
// Sorted by x, t_x, age, and equal rows made one, whose weight is their sum: no bit shows the order of customers, nor, where weights are whole
// numbers, how equal ones were counted. Rows of weight 0 are left out; times are divided by `unit`.
std::vector<HistoryRow> FoldHistories(const Histories& rows, std::span<const double> weights, double unit);

// Weights that add up to less than 1 are multiplied by the power of two that brings their sum into [1, 2), which rounds nothing: what a search takes for
// little must not depend on the size of weights. Returns its exponent, 0 where the sum is 1 or more.
int RaiseWeights(std::span<HistoryRow> rows);

struct HistorySums {
  double customers = 0, purchases = 0, ages = 0;
};
HistorySums SumsOf(std::span<const HistoryRow> rows);
// `value.too_few_customers` where nobody bought again, or nobody was seen for any time; it names the column that is 0 in all of the `rows` rows that count.
absl::Status CheckRepeats(const HistorySums& sums, std::span<const double> weights, std::size_t rows);

}  // namespace rapport

#endif  // RAPPORT_SRC_VALUE_HISTORY_ROWS_HPP_

#include "value/history_rows.hpp"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "rapport/core/status.hpp"
#include "stats/blocked_sum.hpp"

namespace rapport {
namespace {

absl::Status CheckCovariates(const Covariates& covariates, std::string_view what, std::size_t size) {
  if (covariates.names.size() != covariates.columns.size()) {
    return Invalid("value.invalid_input", absl::StrCat(std::string(what), ": found ", covariates.names.size(), " names for ", covariates.columns.size(),
                                                       " columns, expected one each"));
  }
  for (std::size_t j = 0; j < covariates.columns.size(); ++j) {
    const std::span<const double> column = covariates.columns[j];
    if (column.size() != size) {
      return Invalid("value.invalid_input", absl::StrCat(std::string(what), " ", covariates.names[j], ": found ", column.size(), " rows, expected ", size));
    }
    for (std::size_t i = 0; i < size; ++i) {
      if (!(std::abs(column[i]) <= 1e6)) return BadRow(i, covariates.names[j], column[i], "a number of at most 1e6 by size");
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status BadRow(std::size_t row, std::string_view field, double found, std::string_view expected) {
  return Invalid("value.invalid_input", absl::StrCat("row ", row, ", field ", std::string(field), ": found ", found, ", expected ", std::string(expected)));
}

absl::Status CheckRows(const Histories& rows, std::size_t size) {
  if (rows.frequency.size() != size || rows.recency.size() != size || rows.age.size() != size) {
    return Invalid("value.invalid_input", absl::StrCat("found ", rows.frequency.size(), " frequencies, ", rows.recency.size(), " recencies and ",
                                                       rows.age.size(), " ages for ", size, " rows, expected one each"));
  }
  for (std::size_t i = 0; i < size; ++i) {
    const double x = rows.frequency[i], t_x = rows.recency[i], age = rows.age[i];
    if (!(x >= 0 && x <= kLargestCount) || x != std::floor(x)) return BadRow(i, "frequency", x, "a whole number of 0 or more");
    if (!(age >= 0 && age <= kLargestTime)) return BadRow(i, "age", age, "a time from 0 to 1e20");
    if (!(t_x >= 0 && t_x <= age)) return BadRow(i, "recency", t_x, "a time from 0 to the age");
    if (x == 0 && t_x != 0) return BadRow(i, "recency", t_x, "0 where the frequency is 0");
  }
  RAPPORT_RETURN_IF_ERROR(CheckCovariates(rows.transaction, "covariates_transaction", size));
  return CheckCovariates(rows.dropout, "covariates_dropout", size);
}

absl::Status CheckWeights(std::span<const double> weights, std::size_t size) {
  if (weights.empty()) return absl::OkStatus();
  if (weights.size() != size) {
    return Invalid("value.invalid_input", absl::StrCat("weights: found ", weights.size(), " rows, expected ", size));
  }
  for (std::size_t i = 0; i < size; ++i) {
    if (!(weights[i] >= 0 && weights[i] <= kLargestTime)) return BadRow(i, "weights", weights[i], "a weight from 0 to 1e20");
  }
  return absl::OkStatus();
}

absl::Status CheckTime(double time, std::string_view name) {
  if (time >= 0 && time <= kLargestTime) return absl::OkStatus();
  return Invalid("value.invalid_input", absl::StrCat(std::string(name), ": found ", time, ", expected a time from 0 to 1e20"));
}

absl::Status CheckParameter(double value, std::string_view name) {
  if (value >= kSmallestParameter && value <= kLargestParameter) return absl::OkStatus();
  return Invalid("value.invalid_parameter", absl::StrCat(std::string(name), ": found ", value, ", expected a number from 1e-50 to 1e50"));
}

double UnitOf(std::span<const double> age) {
  int exponent = 0;
  (void)std::frexp(age.empty() ? 0 : *std::max_element(age.begin(), age.end()), &exponent);
  return std::ldexp(1.0, exponent);
}

std::vector<HistoryRow> FoldHistories(const Histories& columns, std::span<const double> weights, double unit) {
  std::vector<HistoryRow> rows;
  rows.reserve(columns.size());
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const double weight = weights.empty() ? 1 : weights[i];
    if (weight > 0) rows.push_back({columns.frequency[i], columns.recency[i] / unit, columns.age[i] / unit, weight});
  }
  std::sort(rows.begin(), rows.end(), [](const HistoryRow& p, const HistoryRow& q) {
    if (p.x != q.x) return p.x < q.x;
    if (p.t_x != q.t_x) return p.t_x < q.t_x;
    return p.age != q.age ? p.age < q.age : p.weight < q.weight;
  });
  std::size_t size = 0;
  for (const HistoryRow& row : rows) {
    HistoryRow* const open = size > 0 ? &rows[size - 1] : nullptr;
    if (open != nullptr && open->x == row.x && open->t_x == row.t_x && open->age == row.age) open->weight += row.weight;
    else rows[size++] = row;
  }
  rows.resize(size);
  return rows;
}

HistorySums SumsOf(std::span<const HistoryRow> rows) {
  stats::BlockedSums<3> sums;
  for (const HistoryRow& row : rows) sums.Add({row.weight, row.weight * row.x, row.weight * row.age});
  const auto [customers, purchases, ages] = sums.Totals();
  return {customers, purchases, ages};
}

absl::Status CheckRepeats(const HistorySums& sums, std::size_t rows) {
  if (sums.purchases > 0 && sums.ages > 0) return absl::OkStatus();
  return FailedPrecondition("value.too_few_customers",
                            absl::StrCat("found ", rows, " customers, none observed to buy again, expected at least one who did"));
}

}  // namespace rapport

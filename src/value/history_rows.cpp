#include "value/history_rows.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <utility>

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

bool Before(const HistoryRow& p, const HistoryRow& q) {
  if (p.x != q.x) return p.x < q.x;
  if (p.t_x != q.t_x) return p.t_x < q.t_x;
  return p.age != q.age ? p.age < q.age : p.weight < q.weight;
}

// Rows dealt into boxes that follow each other in the order of Before: by frequency, then by recency or, where nobody bought again, by age. Times are
// at most 1. Boxes hold about two rows each unless many rows are alike.
class Boxes {
 public:
  explicit Boxes(std::span<const HistoryRow> rows) {
    std::array<std::size_t, kClasses> counts{};
    for (const HistoryRow& row : rows) ++counts[ClassOf(row)];
    for (std::size_t c = 0; c < kClasses; ++c) {
      shares_[c] = c + 1 < kClasses ? static_cast<double>(std::max<std::size_t>(counts[c] / 2, 1)) : 1;   // frequencies of the last class differ
      first_[c + 1] = first_[c] + static_cast<std::size_t>(shares_[c]);
    }
  }
  std::size_t size() const { return first_.back(); }
  std::size_t Of(const HistoryRow& row) const {
    const std::size_t c = ClassOf(row);
    const double place = (row.x == 0 ? row.age : row.t_x) * shares_[c];
    return first_[c] + static_cast<std::size_t>(std::min(place, shares_[c] - 1));
  }

 private:
  static constexpr std::size_t kClasses = 256;
  static std::size_t ClassOf(const HistoryRow& row) { return static_cast<std::size_t>(std::min(row.x, kClasses - 1.0)); }
  std::array<double, kClasses> shares_{};
  std::array<std::size_t, kClasses + 1> first_{};
};

// As std::sort by Before would, in time that grows with the number of rows alone.
void SortRows(std::vector<HistoryRow>& rows) {
  if (rows.size() < 512) return std::sort(rows.begin(), rows.end(), Before);
  const Boxes boxes(rows);
  std::vector<std::uint32_t> ends(boxes.size() + 1, 0), box(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) ++ends[box[i] = static_cast<std::uint32_t>(boxes.Of(rows[i]))];
  std::uint32_t before = 0;
  for (std::uint32_t& end : ends) before += std::exchange(end, before);
  std::vector<HistoryRow> dealt(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) dealt[ends[box[i]]++] = rows[i];
  for (std::size_t i = 0, begin = 0; i < boxes.size(); begin = ends[i++]) {
    if (ends[i] - begin > 1) std::sort(dealt.begin() + static_cast<std::ptrdiff_t>(begin), dealt.begin() + ends[i], Before);
  }
  rows = std::move(dealt);
}

constexpr std::size_t kChecked = 1024;   // rows looked over at once

// Without a branch for each row.
bool AllGood(const Histories& rows, std::size_t begin, std::size_t end) {
  constexpr double kRound = 4503599627370496.0;   // 2^52: what is added to it and taken away again comes back rounded
  int bad = 0;
  for (std::size_t i = begin; i < end; ++i) {
    const double x = rows.frequency[i], t_x = rows.recency[i], age = rows.age[i];
    const bool whole = (x >= 0) & ((x >= kRound / 2) | ((x + kRound) - kRound == x)) & (x <= kLargestCount);
    bad |= !(whole & (age >= 0) & (age <= kLargestTime) & (t_x >= 0) & (t_x <= age) & ((x != 0) | (t_x == 0)));
  }
  return bad == 0;
}

absl::Status FirstBad(const Histories& rows, std::size_t begin, std::size_t end, std::string_view age_name) {
  for (std::size_t i = begin; i < end; ++i) {
    const double x = rows.frequency[i], t_x = rows.recency[i], age = rows.age[i];
    if (!(x >= 0 && x <= kLargestCount) || x != static_cast<double>(static_cast<std::int64_t>(x))) return BadRow(i, "frequency", x, "a whole number of 0 or more");
    if (!(age >= 0 && age <= kLargestTime)) return BadRow(i, age_name, age, "a time from 0 to 1e20");
    if (!(t_x >= 0 && t_x <= age)) return BadRow(i, "recency", t_x, absl::StrCat("a time from 0 to the ", std::string(age_name)));
    if (x == 0 && t_x != 0) return BadRow(i, "recency", t_x, "0 where the frequency is 0");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status BadRow(std::size_t row, std::string_view field, double found, std::string_view expected) {
  return Invalid("value.invalid_input", absl::StrCat("row ", row, ", field ", std::string(field), ": found ", found, ", expected ", std::string(expected)));
}

absl::Status CheckSize(std::string_view field, std::size_t found, std::size_t size) {
  if (found == size) return absl::OkStatus();
  return Invalid("value.invalid_input", absl::StrCat("field ", std::string(field), ": found ", found, " rows, expected ", size));
}

absl::Status CheckRows(const Histories& rows, std::size_t size, std::string_view age_name) {
  RAPPORT_RETURN_IF_ERROR(CheckSize("frequency", rows.frequency.size(), size));
  RAPPORT_RETURN_IF_ERROR(CheckSize("recency", rows.recency.size(), size));
  RAPPORT_RETURN_IF_ERROR(CheckSize(age_name, rows.age.size(), size));
  for (std::size_t begin = 0; begin < size; begin += kChecked) {
    const std::size_t end = std::min(size, begin + kChecked);
    if (!AllGood(rows, begin, end)) RAPPORT_RETURN_IF_ERROR(FirstBad(rows, begin, end, age_name));
  }
  RAPPORT_RETURN_IF_ERROR(CheckCovariates(rows.transaction, "covariates_transaction", size));
  return CheckCovariates(rows.dropout, "covariates_dropout", size);
}

absl::Status CheckWeights(std::span<const double> weights, std::size_t size) {
  if (weights.empty()) return absl::OkStatus();
  RAPPORT_RETURN_IF_ERROR(CheckSize("weights", weights.size(), size));
  for (std::size_t i = 0; i < size; ++i) {
    if (!(weights[i] >= 0 && weights[i] <= kLargestTime)) return BadRow(i, "weights", weights[i], "a weight from 0 to 1e20");
  }
  return absl::OkStatus();
}

absl::Status CheckTime(double time, std::string_view name) {
  if (time >= 0 && time <= kLargestTime) return absl::OkStatus();
  return Invalid("value.invalid_input", absl::StrCat(std::string(name), ": found ", time, ", expected a time from 0 to 1e20"));
}

absl::Status CheckParameters(std::span<const stats::NamedNumber> params) {
  for (const stats::NamedNumber& param : params) {
    if (param.value >= kSmallestParameter && param.value <= kLargestParameter) continue;
    return Invalid("value.invalid_parameter", absl::StrCat(param.name, ": found ", param.value, ", expected a number from 1e-50 to 1e50"));
  }
  return absl::OkStatus();
}

double UnitOf(std::span<const double> age, std::span<const double> weights) {
  double longest = 0;
  for (std::size_t i = 0; i < age.size(); ++i) {
    if (weights.empty() || weights[i] > 0) longest = std::max(longest, age[i]);
  }
  int exponent = 0;
  (void)std::frexp(longest, &exponent);
  return std::ldexp(1.0, exponent);
}

std::vector<HistoryRow> FoldHistories(const Histories& columns, std::span<const double> weights, double unit) {
  std::vector<HistoryRow> rows;
  rows.reserve(columns.size());
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const double weight = weights.empty() ? 1 : weights[i];
    if (weight > 0) rows.push_back({columns.frequency[i], columns.recency[i] / unit, columns.age[i] / unit, weight});
  }
  SortRows(rows);
  std::size_t size = 0;
  for (const HistoryRow& row : rows) {
    HistoryRow* const open = size > 0 ? &rows[size - 1] : nullptr;
    if (open != nullptr && open->x == row.x && open->t_x == row.t_x && open->age == row.age) open->weight += row.weight;
    else rows[size++] = row;
  }
  rows.resize(size);
  return rows;
}

int RaiseWeights(std::span<HistoryRow> rows) {
  stats::BlockedSums<1> sum;
  for (const HistoryRow& row : rows) sum.Add({row.weight});
  const double total = sum.Totals()[0];
  if (!(total > 0 && total < 1)) return 0;
  const int raised = -std::ilogb(total);
  for (HistoryRow& row : rows) row.weight = std::ldexp(row.weight, raised);
  return raised;
}

HistorySums SumsOf(std::span<const HistoryRow> rows) {
  stats::BlockedSums<3> sums;
  for (const HistoryRow& row : rows) sums.Add({row.weight, row.weight * row.x, row.weight * row.age});
  const auto [customers, purchases, ages] = sums.Totals();
  return {customers, purchases, ages};
}

absl::Status CheckRepeats(const HistorySums& sums, std::span<const double> weights, std::size_t rows) {
  if (sums.purchases > 0 && sums.ages > 0) return absl::OkStatus();
  const auto count = weights.empty() ? rows : rows - static_cast<std::size_t>(std::count(weights.begin(), weights.end(), 0.0));
  constexpr std::string_view kToken = "value.too_few_customers", kExpected = "expected at least one repeat purchase observed over some time";
  if (rows == 0) return FailedPrecondition(kToken, absl::StrCat("found 0 rows, ", std::string(kExpected)));
  if (count == 0) return FailedPrecondition(kToken, absl::StrCat("field weights: found 0 in all ", rows, " rows, expected one above 0"));
  return FailedPrecondition(kToken, absl::StrCat("field ", sums.purchases > 0 ? "age" : "frequency", ": found 0 in all ", count, " rows that count, ",
                                                 std::string(kExpected)));
}

}  // namespace rapport

#include "rapport/value/summarize.hpp"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "rapport/core/status.hpp"
#include "rapport/value/summary_builder.hpp"

namespace rapport {
namespace {

CustomerSummary RowOf(const SummaryColumns& rows, std::size_t i) {
  CustomerSummary row;
  row.customer = rows.customer(i);
  row.frequency = rows.frequency[i];
  row.recency = rows.recency[i];
  row.age = rows.age[i];
  row.monetary = rows.monetary[i];
  if (!rows.frequency_holdout.empty()) {
    row.frequency_holdout = rows.frequency_holdout[i];
    row.monetary_holdout = rows.monetary_holdout[i];
  }
  row.duration_holdout = rows.duration_holdout;
  return row;
}

// Days outside what a builder takes are told as such, not as others.
std::int32_t DayNumber(Day day) { return static_cast<std::int32_t>(std::clamp<std::int64_t>(day - Day(1970, 1, 1), -1'000'000'000, 1'000'000'000)); }

// The share of its month that has passed when a day begins.
double ShareOfMonth(Day day) {
  const auto length = static_cast<double>(Day(day.year(), day.month() + 1, 1) - Day(day.year(), day.month(), 1));
  return (day.day() - 1) / length;
}

double MonthsBetween(Day from, Day to) {
  const auto whole = static_cast<double>((to.year() - from.year()) * 12 + (to.month() - from.month()));
  return whole + (ShareOfMonth(to) - ShareOfMonth(from));
}

}  // namespace

absl::StatusOr<TimeUnit> ParseTimeUnit(std::string_view name) {
  static constexpr std::string_view kNames[] = {"day", "week", "month", "quarter", "year"};
  for (int i = 0; i < 5; ++i) {
    if (kNames[i] == name) return static_cast<TimeUnit>(i);
  }
  return Invalid("value.unknown_unit", absl::StrCat("unit: found \"", std::string(name), "\", expected day, week, month, quarter or year"));
}

double UnitsBetween(Day from, Day to, TimeUnit unit) {
  switch (unit) {
    case TimeUnit::kDay: return static_cast<double>(to - from);
    case TimeUnit::kWeek: return static_cast<double>(to - from) / 7;
    case TimeUnit::kMonth: return MonthsBetween(from, to);
    case TimeUnit::kQuarter: return MonthsBetween(from, to) / 3;
    case TimeUnit::kYear: return MonthsBetween(from, to) / 12;
  }
  return 0;
}

absl::StatusOr<std::vector<CustomerSummary>> Summarize(std::span<const Purchase> purchases, const SummarizeOptions& options) {
  RAPPORT_ASSIGN_OR_RETURN(SummaryBuilder builder, SummaryBuilder::Open(options));
  std::string bytes;
  std::vector<std::int64_t> offsets{0};
  std::vector<std::int32_t> days;
  std::vector<double> amounts;
  std::vector<std::uint8_t> has_amount;
  for (const Purchase& purchase : purchases) {
    bytes += purchase.customer;
    offsets.push_back(static_cast<std::int64_t>(bytes.size()));
    days.push_back(DayNumber(purchase.date));
    amounts.push_back(purchase.amount.value_or(0));
    has_amount.push_back(purchase.amount.has_value() ? 1 : 0);
  }
  RAPPORT_RETURN_IF_ERROR(builder.Add({.customer_offsets = offsets, .customer_bytes = bytes.data(), .days = days, .amounts = amounts, .has_amount = has_amount}));
  const SummaryColumns rows = builder.Finish();
  std::vector<CustomerSummary> summaries(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) summaries[i] = RowOf(rows, i);
  return summaries;
}

Table SummaryTable(const std::vector<CustomerSummary>& rows, bool holdout) {
  SummaryColumns columns;
  for (const CustomerSummary& row : rows) {
    columns.customer_bytes += row.customer;
    columns.customer_offsets.push_back(static_cast<std::int64_t>(columns.customer_bytes.size()));
    columns.frequency.push_back(row.frequency);
    columns.recency.push_back(row.recency);
    columns.age.push_back(row.age);
    columns.monetary.push_back(row.monetary);
    columns.frequency_holdout.push_back(row.frequency_holdout);
    columns.monetary_holdout.push_back(row.monetary_holdout);
    columns.duration_holdout = row.duration_holdout;
  }
  return SummaryTable(columns, holdout);
}

}  // namespace rapport

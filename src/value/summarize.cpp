#include "rapport/value/summarize.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "absl/strings/str_cat.h"
#include "rapport/core/status.hpp"

namespace rapport {
namespace {

// A day on which a customer bought, with what was spent.
struct BuyingDay {
  Day day;
  double amount = 0;
  bool has_amount = false;
};

absl::Status CheckPurchases(std::span<const Purchase> purchases, const SummarizeOptions& options) {
  for (std::size_t row = 0; row < purchases.size(); ++row) {
    const Purchase& p = purchases[row];
    if (p.amount && !std::isfinite(*p.amount)) {
      return Invalid("value.invalid_input", absl::StrCat("row ", row, ", field amount: found a number that is not finite, expected an amount"));
    }
    if (p.amount && *p.amount < 0 && options.refunds == Refunds::kError) {
      return Invalid("value.refund", absl::StrCat("row ", row, ", field amount: found ", *p.amount, ", expected no refund"));
    }
  }
  if (options.calibration_end && options.observation_end && *options.observation_end < *options.calibration_end) {
    return Invalid("value.invalid_input", absl::StrCat("observation_end: found ", FormatDay(*options.observation_end), ", expected ",
                                                       FormatDay(*options.calibration_end), " (calibration_end) or later"));
  }
  return absl::OkStatus();
}

// The buying days of one customer, from rows sorted by day.
std::vector<BuyingDay> DaysOf(std::span<const Purchase> purchases, std::span<const std::size_t> rows, Day end, Refunds refunds) {
  std::vector<BuyingDay> days;
  for (const std::size_t row : rows) {
    const Purchase& p = purchases[row];
    if (p.date > end || (p.amount && *p.amount < 0 && refunds == Refunds::kExclude)) continue;
    if (days.empty() || days.back().day != p.date) days.push_back({p.date, 0, false});
    days.back().amount += p.amount.value_or(0);
    days.back().has_amount |= p.amount.has_value();
  }
  if (refunds == Refunds::kNet) {
    std::erase_if(days, [](const BuyingDay& d) { return d.has_amount && d.amount < 0; });
  }
  return days;
}

struct Spend {
  double sum = 0;
  std::int64_t days = 0;
  void Add(const BuyingDay& day) {
    if (!day.has_amount) return;
    sum += day.amount;
    ++days;
  }
  std::optional<double> Mean() const { return days > 0 ? std::optional<double>(sum / static_cast<double>(days)) : std::nullopt; }
};

std::optional<CustomerSummary> SummaryOf(const std::vector<BuyingDay>& days, Day calibration_end, Day observation_end, TimeUnit unit) {
  if (days.empty() || days.front().day > calibration_end) return std::nullopt;
  CustomerSummary summary;
  const Day first = days.front().day;
  Day last = first;
  Spend calibration, holdout;
  for (std::size_t i = 1; i < days.size(); ++i) {
    if (days[i].day > calibration_end) {
      ++summary.frequency_holdout;
      holdout.Add(days[i]);
      continue;
    }
    ++summary.frequency;
    last = days[i].day;
    calibration.Add(days[i]);
  }
  summary.recency = UnitsBetween(first, last, unit);
  summary.age = UnitsBetween(first, calibration_end, unit);
  summary.monetary = calibration.Mean();
  summary.monetary_holdout = holdout.Mean();
  summary.duration_holdout = UnitsBetween(calibration_end, observation_end, unit);
  return summary;
}

// The part of its month that lies before a day.
double MonthFraction(Day day) {
  const Day first(day.year(), day.month(), 1);
  return static_cast<double>(day - first) / static_cast<double>(Day(day.year(), day.month() + 1, 1) - first);
}

double MonthsBetween(Day from, Day to) {
  const auto whole = static_cast<double>((to.year() - from.year()) * 12 + (to.month() - from.month()));
  return whole + (MonthFraction(to) - MonthFraction(from));
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
  RAPPORT_RETURN_IF_ERROR(CheckPurchases(purchases, options));
  std::vector<CustomerSummary> summaries;
  if (purchases.empty()) return summaries;
  std::vector<std::size_t> rows(purchases.size());
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  // Amounts of one day are added from the smallest, so that the order of rows does not show in the last bit.
  std::sort(rows.begin(), rows.end(), [&](std::size_t a, std::size_t b) {
    const Purchase &p = purchases[a], &q = purchases[b];
    if (const int order = p.customer.compare(q.customer); order != 0) return order < 0;
    return p.date != q.date ? p.date < q.date : p.amount < q.amount;
  });
  Day last = purchases.front().date;
  for (const Purchase& p : purchases) last = std::max(last, p.date);
  const Day observation_end = options.observation_end.value_or(options.calibration_end ? std::max(last, *options.calibration_end) : last);
  const Day calibration_end = options.calibration_end.value_or(observation_end);
  for (std::size_t from = 0; from < rows.size();) {
    std::size_t to = from + 1;
    while (to < rows.size() && purchases[rows[to]].customer == purchases[rows[from]].customer) ++to;
    const std::vector<BuyingDay> days = DaysOf(purchases, std::span(rows).subspan(from, to - from), observation_end, options.refunds);
    if (std::optional<CustomerSummary> summary = SummaryOf(days, calibration_end, observation_end, options.unit)) {
      summary->customer = purchases[rows[from]].customer;
      summaries.push_back(*std::move(summary));
    }
    from = to;
  }
  return summaries;
}

Table SummaryTable(const std::vector<CustomerSummary>& rows, bool holdout) {
  using enum ColumnType;
  std::vector<std::pair<std::string, ColumnType>> columns = {
      {"customer", kText}, {"frequency", kInteger}, {"recency", kNumber}, {"age", kNumber}, {"monetary", kNumber}};
  if (holdout) columns.insert(columns.end(), {{"frequency_holdout", kInteger}, {"monetary_holdout", kNumber}, {"duration_holdout", kNumber}});
  Table table(std::move(columns));
  const auto cell = [](const std::optional<double>& number) { return number ? Cell(*number) : Cell(); };
  for (const CustomerSummary& row : rows) {
    std::vector<Cell> cells = {row.customer, row.frequency, row.recency, row.age, cell(row.monetary)};
    if (holdout) cells.insert(cells.end(), {row.frequency_holdout, cell(row.monetary_holdout), row.duration_holdout});
    table.AppendRow(cells);
  }
  return table;
}

}  // namespace rapport

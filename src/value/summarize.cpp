#include "rapport/value/summarize.hpp"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "rapport/core/status.hpp"

namespace rapport {
namespace {

// A day on which a customer bought, with what was spent.
struct BuyingDay {
  Day day;
  double amount = 0;
  bool has_amount = false, has_refund = false;
};

absl::Status BadPurchase(std::size_t row, std::string_view token, std::string_view found_and_expected) {
  return Invalid(token, absl::StrCat("row ", row, ", field ", std::string(found_and_expected)));
}

absl::Status CheckPurchases(std::span<const Purchase> purchases, const SummarizeOptions& options) {
  for (std::size_t row = 0; row < purchases.size(); ++row) {
    const Purchase& p = purchases[row];
    if (p.customer.empty()) return BadPurchase(row, "value.invalid_input", "customer: found no text, expected an id");
    if (p.amount && !std::isfinite(*p.amount)) {
      return BadPurchase(row, "value.invalid_input", "amount: found a number that is not finite, expected an amount");
    }
    if (p.amount && *p.amount < 0 && options.refunds == Refunds::kError) {
      return BadPurchase(row, "value.refund", absl::StrCat("amount: found ", *p.amount, ", expected no refund"));
    }
  }
  if (options.calibration_end && options.observation_end && *options.observation_end < *options.calibration_end) {
    return Invalid("value.invalid_input", absl::StrCat("observation_end: found ", FormatDay(*options.observation_end), ", expected ",
                                                       FormatDay(*options.calibration_end), " (calibration_end) or later"));
  }
  return absl::OkStatus();
}

// A purchase where sorting finds it: most comparisons are decided by the first bytes of the id, without a look at the purchase itself.
struct Entry {
  std::uint64_t first_bytes;
  std::int64_t day;
  std::size_t length;
  const Purchase* purchase;
};

Entry EntryOf(const Purchase& purchase) {
  Entry entry{0, purchase.date - Day(1970, 1, 1), purchase.customer.size(), &purchase};
  for (std::size_t i = 0; i < 8; ++i) {
    const unsigned char byte = i < purchase.customer.size() ? static_cast<unsigned char>(purchase.customer[i]) : 0;
    entry.first_bytes = entry.first_bytes << 8 | byte;
  }
  return entry;
}

int CompareCustomers(const Entry& p, const Entry& q) {
  if (p.first_bytes != q.first_bytes) return p.first_bytes < q.first_bytes ? -1 : 1;
  if (p.length == q.length && p.length <= 8) return 0;
  return p.purchase->customer.compare(q.purchase->customer);
}

// By customer, day and amount. Amounts of one day are added in their order, so that the order of rows does not show in the last bit.
std::vector<Entry> Sorted(std::span<const Purchase> purchases) {
  std::vector<Entry> entries;
  entries.reserve(purchases.size());
  for (const Purchase& purchase : purchases) entries.push_back(EntryOf(purchase));
  std::sort(entries.begin(), entries.end(), [](const Entry& p, const Entry& q) {
    if (const int order = CompareCustomers(p, q); order != 0) return order < 0;
    return p.day != q.day ? p.day < q.day : p.purchase->amount < q.purchase->amount;
  });
  return entries;
}

// The buying days of one customer until `end`, in order.
void DaysOf(std::span<const Entry> entries, Day end, Refunds refunds, std::vector<BuyingDay>& days) {
  days.clear();
  for (const Entry& entry : entries) {
    const Purchase& p = *entry.purchase;
    const bool refund = p.amount && *p.amount < 0;
    if (p.date > end || (refund && refunds == Refunds::kExclude)) continue;
    if (days.empty() || days.back().day != p.date) days.push_back({p.date});
    days.back().amount += p.amount.value_or(0);
    days.back().has_amount |= p.amount.has_value();
    days.back().has_refund |= refund;
  }
  std::erase_if(days, [](const BuyingDay& d) { return d.has_refund && d.amount <= 0; });
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
  RAPPORT_RETURN_IF_ERROR(CheckPurchases(purchases, options));
  std::vector<CustomerSummary> summaries;
  if (purchases.empty()) return summaries;
  Day last = purchases.front().date;
  for (const Purchase& p : purchases) last = std::max(last, p.date);
  const Day observation_end = options.observation_end.value_or(options.calibration_end ? std::max(last, *options.calibration_end) : last);
  const Day calibration_end = options.calibration_end.value_or(observation_end);
  const std::vector<Entry> entries = Sorted(purchases);
  std::vector<BuyingDay> days;
  for (std::size_t from = 0, to = 0; from < entries.size(); from = to) {
    for (to = from + 1; to < entries.size() && CompareCustomers(entries[to], entries[from]) == 0;) ++to;
    DaysOf(std::span(entries).subspan(from, to - from), observation_end, options.refunds, days);
    if (std::optional<CustomerSummary> summary = SummaryOf(days, calibration_end, observation_end, options.unit)) {
      summary->customer = entries[from].purchase->customer;
      summaries.push_back(*std::move(summary));
    }
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

// Floor 3. From purchases to frequency, recency, age and money: the table that customer-base models read.
//
//   frequency  days with a purchase after the first one (several purchases on a day are one)
//   recency    from the first to the last of them, in units
//   age        from the first purchase to the end of observation, in units
//   monetary   the mean amount of the repeat days; missing where frequency is 0
//
// Fader, Hardie, Lee (2005) and the lifetimes package use these definitions. Times are exact to the day and never rounded to whole units: a
// week is 7 days; a month is a civil month with the day as a fraction of its month (from 16 April to 1 May is half a month), a quarter three of
// those, a year twelve. So times add up: from a to b and from b to c is from a to c.
#ifndef RAPPORT_VALUE_SUMMARIZE_HPP_
#define RAPPORT_VALUE_SUMMARIZE_HPP_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "rapport/core/table.hpp"
#include "rapport/core/time.hpp"

namespace rapport {

enum class TimeUnit { kDay, kWeek, kMonth, kQuarter, kYear };
// "day", "week", "month", "quarter", "year"; else `value.unknown_unit`.
absl::StatusOr<TimeUnit> ParseTimeUnit(std::string_view name);
// From one day to another in units; negative if `to` is earlier.
double UnitsBetween(Day from, Day to, TimeUnit unit);

struct Purchase {
  std::string customer;
  Day date;
  std::optional<double> amount;   // major units; negative: a refund
};

// kExclude drops refunds; kNet adds them to their day, and a day on which they take everything back, or more, is no purchase; kError refuses
// them (`value.refund`). A refund never counts as a purchase.
enum class Refunds { kExclude, kNet, kError };

struct SummarizeOptions {
  TimeUnit unit = TimeUnit::kWeek;
  std::optional<Day> calibration_end = std::nullopt;   // then also the holdout columns; customers who came later are left out
  // nullopt: the last day of any row, also of a refund that is excluded or, if that is later, calibration_end. Later purchases are left out.
  std::optional<Day> observation_end = std::nullopt;
  Refunds refunds = Refunds::kExclude;
};

struct CustomerSummary {
  std::string customer;
  std::int64_t frequency = 0;
  double recency = 0;
  double age = 0;
  std::optional<double> monetary;
  std::int64_t frequency_holdout = 0;
  std::optional<double> monetary_holdout;
  double duration_holdout = 0;
};

// Sorted by customer, compared as bytes; no bit shows the order of purchases. A customer with no purchase until the end of calibration has no
// row. A use of SummaryBuilder (summary_builder.hpp), which takes columns, chunks and threads. O(n + customers log customers). `value.invalid_input`
// names row, field, found and expected: an empty customer, a date outside the years 1 to 9999, an amount that is not finite or above 1e18 by size; an
// observation that ends before the calibration.
absl::StatusOr<std::vector<CustomerSummary>> Summarize(std::span<const Purchase> purchases, const SummarizeOptions& options = {});

// customer, frequency, recency, age, monetary, and with `holdout` frequency_holdout, monetary_holdout, duration_holdout.
Table SummaryTable(const std::vector<CustomerSummary>& rows, bool holdout);

}  // namespace rapport

#endif  // RAPPORT_VALUE_SUMMARIZE_HPP_

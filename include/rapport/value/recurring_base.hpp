// Floor 3. What comes by itself: the base of revenue by month, behind and ahead (FU5).
//
// Revenue without repeat is one-off. The base of a month is what contracts that run bring in it, and what repeat orders bring: those that came, as far as
// they were kept, in months that are over; those to expect in months ahead, by the fitted model of when customers buy, times what they spend (who has
// no spend of his own, see ExpectedSpend: the mean repeat order of the book), times the share of repeat revenue that was kept so far. In the month of `as_of` both.
//
// A contract's value is of a year: a whole month is a twelfth of it, a part its share of the month's days. A renewal begins after the term before it, or
// on its own day where that is later, and changes nothing of that term. Renewal is not assumed: what a contract would
// bring after its last day is `renewal_at_risk`, beside the base. A year's row sums twelve months. Days and months are those of the book's zone for
// contracts and months, of the customer's for purchases; money is in the reporting currency at the rate of the order, or of the contract's start.
#ifndef RAPPORT_VALUE_RECURRING_BASE_HPP_
#define RAPPORT_VALUE_RECURRING_BASE_HPP_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "rapport/book/book.hpp"
#include "rapport/value/buying.hpp"

namespace rapport {

struct BaseRow {
  bool is_year = false;
  Day first, last;                          // of the month, or of the year's twelve
  bool is_over = false;                     // before the month of as_of
  double contracts = 0;
  double renewal_at_risk = 0;
  double repeat_actual = 0;                 // up to as_of
  std::optional<double> repeat_expected;    // after it; null in months that are over, and where no model was fitted
  // Null in months that are not over where no model was fitted: nothing known is not nothing to expect.
  std::optional<double> Base() const {
    if (!is_over && !repeat_expected.has_value()) return std::nullopt;
    return contracts + repeat_actual + repeat_expected.value_or(0);
  }
};

struct RecurringBase {
  // The twelve months before that of as_of, their year; that of as_of and the `months` - 1 after it, a year after each twelve of them.
  std::vector<BaseRow> rows;
  std::int64_t customers = 0;      // with a purchase
  std::int64_t repeat_buyers = 0;  // on more than one day
};

struct BaseModels {
  const PurchaseModel* purchases = nullptr;   // null: no repeat is expected
  TimeUnit unit = TimeUnit::kWeek;
  const GammaGamma* spend = nullptr;          // null: what the customer's own days after the first brought
};

inline constexpr int kMostBaseMonths = 120;

// `months` from 1 to 120: `economics.invalid_months`. `money.no_reporting_currency`, `money.no_rate`. Customers who do not want to be scored are
// expected nothing of. O(events + customers x months).
absl::StatusOr<RecurringBase> RecurringBaseOf(const Book& book, Instant as_of, int months, const BaseModels& models);

}  // namespace rapport

#endif  // RAPPORT_VALUE_RECURRING_BASE_HPP_

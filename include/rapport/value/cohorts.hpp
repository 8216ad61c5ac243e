// Floor 3. Cohorts: who came in the same month, quarter or year, and what became of them.
#ifndef RAPPORT_VALUE_COHORTS_HPP_
#define RAPPORT_VALUE_COHORTS_HPP_

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "rapport/core/table.hpp"
#include "rapport/value/summary_builder.hpp"

namespace rapport {

enum class CohortPeriod { kMonth, kQuarter, kYear };
// "month", "quarter", "year"; else `value.unknown_period`.
absl::StatusOr<CohortPeriod> ParseCohortPeriod(std::string_view name);

struct CohortOptions {
  CohortPeriod period = CohortPeriod::kMonth;
  bool partial = false;   // also count a period that has not ended with the observation, as far as it went
};

// A cohort in the period_index-th period after the one in which it came (0: that one). What is not observed to its end is missing, not 0.
struct CohortCell {
  Day cohort;                                  // the first day of the period in which they came
  std::int64_t period_index = 0;
  std::int64_t customers = 0;                  // who came
  std::optional<std::int64_t> active = std::nullopt;          // who of them bought in this period
  std::optional<double> retention = std::nullopt;             // active / customers
  std::optional<std::int64_t> purchases = std::nullopt;       // days on which one of them bought
  std::optional<double> revenue = std::nullopt;               // what they spent; missing too where no purchase has an amount
};

// By cohort, then period_index from 0 to that of the oldest cohort in the last period, for each cohort: a rectangle. Cohorts in which nobody came are left
// out. `purchases` was opened with Keep::kDays, its refunds are treated as its options say; what it observed ends where observation_end() says. A
// cohort of a period that has not ended is there, with its customers until then. O(buying days + customers log customers + cells).
std::vector<CohortCell> Cohorts(const SummaryBuilder& purchases, const CohortOptions& options = {});
// cohort, period_index, customers, active, retention, purchases, revenue.
Table CohortTable(const std::vector<CohortCell>& cells);

}  // namespace rapport

#endif  // RAPPORT_VALUE_COHORTS_HPP_

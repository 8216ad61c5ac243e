#include "rapport/value/cohorts.hpp"

#include <algorithm>
#include <map>

#include "absl/strings/str_cat.h"
#include "rapport/core/status.hpp"
#include "value/exact_sum.hpp"

namespace rapport {
namespace {

int MonthsOf(CohortPeriod period) { return period == CohortPeriod::kMonth ? 1 : period == CohortPeriod::kQuarter ? 3 : 12; }

// Periods counted through; January of year 0 begins one of each length.
std::int64_t PeriodOf(Day day, int months) { return (day.year() * 12 + day.month() - 1) / months; }
Day FirstDayOf(std::int64_t period, int months) { return Day(0, static_cast<int>(1 + period * months), 1); }

struct Counts {
  std::int64_t active = 0, purchases = 0;
  Wide revenue = 0;
};

struct Cohort {
  std::int64_t customers = 0;
  std::vector<Counts> periods;
};

}  // namespace

absl::StatusOr<CohortPeriod> ParseCohortPeriod(std::string_view name) {
  if (name == "month") return CohortPeriod::kMonth;
  if (name == "quarter") return CohortPeriod::kQuarter;
  if (name == "year") return CohortPeriod::kYear;
  return Invalid("value.unknown_period", absl::StrCat("period: found \"", std::string(name), "\", expected month, quarter or year"));
}

std::vector<CohortCell> Cohorts(const SummaryBuilder& purchases, const CohortOptions& options) {
  const int months = MonthsOf(options.period);
  std::map<std::int64_t, Cohort> cohorts;
  bool has_amounts = false;
  purchases.ForEachCustomer([&](std::string_view, std::span<const BuyingDay> days) {
    const std::int64_t came = PeriodOf(days.front().day, months);
    Cohort& cohort = cohorts[came];
    ++cohort.customers;
    std::int64_t last = -1;
    for (const BuyingDay& day : days) {
      const std::int64_t index = PeriodOf(day.day, months) - came;
      if (cohort.periods.size() <= static_cast<std::size_t>(index)) cohort.periods.resize(static_cast<std::size_t>(index) + 1);
      Counts& counts = cohort.periods[static_cast<std::size_t>(index)];
      ++counts.purchases;
      if (index != last) ++counts.active;
      last = index;
      if (!day.amount) continue;
      has_amounts = true;
      counts.revenue += ToUnits(*day.amount);
    }
  });
  std::vector<CohortCell> cells;
  if (cohorts.empty()) return cells;
  const Day end = *purchases.observation_end();
  const std::int64_t last_period = PeriodOf(end, months), longest = last_period - cohorts.begin()->first;
  const std::int64_t whole = options.partial || FirstDayOf(last_period + 1, months) - 1 == end ? last_period : last_period - 1;
  for (auto& [came, cohort] : cohorts) {
    for (std::int64_t index = 0; index <= longest; ++index) {
      CohortCell cell{.cohort = FirstDayOf(came, months), .period_index = index, .customers = cohort.customers};
      if (came + index <= whole) {
        const bool any = static_cast<std::size_t>(index) < cohort.periods.size();
        const Counts counts = any ? cohort.periods[static_cast<std::size_t>(index)] : Counts();
        cell.active = counts.active;
        cell.retention = static_cast<double>(counts.active) / static_cast<double>(cohort.customers);
        cell.purchases = counts.purchases;
        if (has_amounts) cell.revenue = FromUnits(counts.revenue);
      }
      cells.push_back(cell);
    }
  }
  return cells;
}

Table CohortTable(const std::vector<CohortCell>& cells) {
  using enum ColumnType;
  Table table({{"cohort", kDay}, {"period_index", kInteger}, {"customers", kInteger}, {"active", kInteger}, {"retention", kNumber},
               {"purchases", kInteger}, {"revenue", kNumber}});
  const auto of = [](const auto& value) { return value ? Cell(*value) : Cell(); };
  for (const CohortCell& cell : cells) {
    table.AppendRow({cell.cohort, cell.period_index, cell.customers, of(cell.active), of(cell.retention), of(cell.purchases), of(cell.revenue)});
  }
  return table;
}

}  // namespace rapport

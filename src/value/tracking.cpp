#include "rapport/value/tracking.hpp"

#include <algorithm>
#include <map>

#include "absl/strings/str_cat.h"
#include "rapport/core/status.hpp"

namespace rapport {
namespace {

constexpr std::size_t kMostPeriods = 100'000;

// The last day of the period in which `from` is.
Day EndOf(Day from, TimeUnit unit) {
  switch (unit) {
    case TimeUnit::kDay: return from;
    case TimeUnit::kWeek: return from + 6;
    case TimeUnit::kMonth: return Day(from.year(), from.month() + 1, 1) - 1;
    case TimeUnit::kQuarter: return Day(from.year(), (from.month() - 1) / 3 * 3 + 4, 1) - 1;
    case TimeUnit::kYear: return Day(from.year() + 1, 1, 1) - 1;
  }
  return from;
}

// How many came, and how many bought again, each day.
struct Happened {
  std::map<Day, std::int64_t> came, again;
};

Happened Count(const SummaryBuilder& purchases, const TrackingOptions& options) {
  Happened happened;
  purchases.ForEachCustomer([&](std::string_view, std::span<const BuyingDay> days) {
    if (options.calibration_customers && options.calibration_end && days.front().day > *options.calibration_end) return;
    ++happened.came[days.front().day];
    for (const BuyingDay& day : days.subspan(1)) ++happened.again[day.day];
  });
  return happened;
}

// What a model expects of one customer, remembered by the length of time.
class ExpectedOfOne {
 public:
  explicit ExpectedOfOne(const PurchaseModel& model) : model_(model) {}
  absl::StatusOr<double> Within(double horizon) {
    const auto known = known_.find(horizon);
    if (known != known_.end()) return known->second;
    RAPPORT_ASSIGN_OR_RETURN(const double expected, model_.ExpectedPurchasesNew(horizon));
    known_.emplace(horizon, expected);
    return expected;
  }

 private:
  const PurchaseModel& model_;
  std::map<double, double> known_;
};

absl::StatusOr<std::vector<TrackingPeriod>> Periods(Day first, Day until, const TrackingOptions& options) {
  std::vector<TrackingPeriod> periods;
  for (Day from = first; from <= until; from = periods.back().until + 1) {
    if (periods.size() == kMostPeriods) return Invalid("value.invalid_input", absl::StrCat("until: found more than ", kMostPeriods, " periods, expected fewer"));
    TrackingPeriod period{.period = static_cast<std::int64_t>(periods.size()) + 1, .from = from, .until = std::min(EndOf(from, options.unit), until)};
    period.holdout = options.calibration_end && period.until > *options.calibration_end;
    periods.push_back(period);
  }
  return periods;
}

void SetActual(std::vector<TrackingPeriod>& periods, const Happened& happened, Day observation_end) {
  std::int64_t cumulative = 0;
  auto next = happened.again.begin();
  for (TrackingPeriod& period : periods) {
    std::int64_t actual = 0;
    for (; next != happened.again.end() && next->first <= period.until; ++next) actual += next->second;
    cumulative += actual;
    if (period.until > observation_end) continue;
    period.actual = actual;
    period.actual_cumulative = cumulative;
  }
}

}  // namespace

absl::StatusOr<std::vector<TrackingPeriod>> Track(const PurchaseModel& model, const SummaryBuilder& purchases, const TrackingOptions& options) {
  const Happened happened = Count(purchases, options);
  if (happened.came.empty()) return std::vector<TrackingPeriod>();
  const Day observation_end = *purchases.observation_end();
  RAPPORT_ASSIGN_OR_RETURN(std::vector<TrackingPeriod> periods, Periods(happened.came.begin()->first, options.until.value_or(observation_end), options));
  SetActual(periods, happened, observation_end);
  ExpectedOfOne expected(model);
  double before = 0;
  for (TrackingPeriod& period : periods) {
    double sum = 0;
    for (const auto& [day, customers] : happened.came) {
      if (day >= period.until) break;
      RAPPORT_ASSIGN_OR_RETURN(const double of_one, expected.Within(UnitsBetween(day, period.until, options.unit)));
      sum += static_cast<double>(customers) * of_one;
    }
    period.expected_cumulative = sum;
    period.expected = std::max(0.0, sum - before);
    before = sum;
  }
  return periods;
}

Table TrackingTable(const std::vector<TrackingPeriod>& periods) {
  using enum ColumnType;
  Table table({{"period", kInteger}, {"from", kDay}, {"until", kDay}, {"holdout", kBool}, {"actual", kInteger}, {"actual_cumulative", kInteger},
               {"expected", kNumber}, {"expected_cumulative", kNumber}});
  const auto of = [](const std::optional<std::int64_t>& count) { return count ? Cell(*count) : Cell(); };
  for (const TrackingPeriod& period : periods) {
    table.AppendRow({period.period, period.from, period.until, period.holdout, of(period.actual), of(period.actual_cumulative), period.expected,
                     period.expected_cumulative});
  }
  return table;
}

}  // namespace rapport

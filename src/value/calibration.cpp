#include "rapport/value/calibration.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "absl/strings/str_cat.h"
#include "rapport/core/status.hpp"
#include "rapport/stats/special.hpp"
#include "value/exact_sum.hpp"
#include "value/history_rows.hpp"

namespace rapport {
namespace {

constexpr double kMostAfter = 1e6;   // its square times many customers stays within an exact sum

absl::Status Check(const Histories& customers, std::span<const double> after, int classes) {
  if (classes < 1 || classes > 1000) return Invalid("value.invalid_input", absl::StrCat("classes: found ", classes, ", expected 1 to 1000"));
  if (after.size() != customers.size()) {
    return Invalid("value.invalid_input", absl::StrCat("field frequency_holdout: found ", after.size(), " rows, expected ", customers.size()));
  }
  for (std::size_t row = 0; row < after.size(); ++row) {
    if (!(after[row] >= 0 && after[row] <= kMostAfter && after[row] == std::floor(after[row]))) {
      return BadRow(row, "frequency_holdout", after[row], "a whole number from 0 to 1e6");
    }
  }
  return absl::OkStatus();
}

// ln P(exactly as many as came), summed: the model is asked once for each number that came.
absl::StatusOr<double> LogScore(const PurchaseModel& model, const Histories& customers, std::span<const double> after, double duration,
                                const PredictOptions& options) {
  std::map<double, std::vector<std::size_t>> rows_of;
  for (std::size_t i = 0; i < after.size(); ++i) rows_of[after[i]].push_back(i);
  PredictOptions in_logs = options;
  in_logs.log = true;
  Wide sum = 0;
  for (const auto& [count, rows] : rows_of) {
    std::vector<double> frequency, recency, age, out(rows.size());
    for (const std::size_t row : rows) {
      frequency.push_back(customers.frequency[row]);
      recency.push_back(customers.recency[row]);
      age.push_back(customers.age[row]);
    }
    RAPPORT_RETURN_IF_ERROR(model.PurchaseProbability(static_cast<std::int64_t>(count), duration, {frequency, recency, age}, out, in_logs));
    for (const double log : out) sum += ToUnits(std::max(log, -1e9));   // a chance of 0 is held there
  }
  return FromUnits(sum) / static_cast<double>(after.size());
}

}  // namespace

absl::StatusOr<CalibrationReport> Calibrate(const PurchaseModel& model, const Histories& customers, std::span<const double> after, double duration,
                                            int classes, const PredictOptions& options) {
  RAPPORT_RETURN_IF_ERROR(Check(customers, after, classes));
  std::vector<double> predicted(after.size());
  PredictOptions plain = options;
  plain.log = false;
  RAPPORT_RETURN_IF_ERROR(model.ExpectedPurchases(duration, customers, 0, predicted, plain));
  struct Sums {
    std::int64_t customers = 0;
    Wide actual = 0, predicted = 0;
  };
  std::map<std::int64_t, Sums> by_class;
  Sums all;
  Wide absolute = 0, squared = 0;
  for (std::size_t i = 0; i < after.size(); ++i) {
    const double guess = std::min(predicted[i], kMostAfter), off = guess - after[i];
    for (Sums* sums : {&all, &by_class[static_cast<std::int64_t>(std::min<double>(customers.frequency[i], classes - 1))]}) {
      ++sums->customers;
      sums->actual += ToUnits(after[i]);
      sums->predicted += ToUnits(guess);
    }
    absolute += ToUnits(std::abs(off));
    squared += ToUnits(off * off);
  }
  CalibrationReport report;
  for (const auto& [frequency, sums] : by_class) {
    report.classes.push_back({frequency, frequency == classes - 1, sums.customers, FromUnits(sums.actual), FromUnits(sums.predicted)});
  }
  CalibrationMetrics& metrics = report.metrics;
  metrics = {.customers = all.customers, .actual = FromUnits(all.actual), .predicted = FromUnits(all.predicted)};
  if (after.empty()) return report;
  const auto n = static_cast<double>(after.size());
  metrics.mae = FromUnits(absolute) / n;
  metrics.rmse = stats::Sqrt(FromUnits(squared) / n);
  metrics.bias = FromUnits(all.predicted - all.actual) / n;
  RAPPORT_ASSIGN_OR_RETURN(metrics.log_score, LogScore(model, customers, after, duration, options));
  return report;
}

Table CalibrationTable(const CalibrationReport& report) {
  using enum ColumnType;
  Table table({{"frequency", kInteger}, {"or_more", kBool}, {"customers", kInteger}, {"actual", kNumber}, {"predicted", kNumber},
               {"actual_mean", kNumber}, {"predicted_mean", kNumber}});
  for (const CalibrationClass& one : report.classes) {
    const auto n = static_cast<double>(one.customers);
    table.AppendRow({one.frequency, one.or_more, one.customers, one.actual, one.predicted, one.actual / n, one.predicted / n});
  }
  return table;
}

Json CalibrationJson(const CalibrationMetrics& metrics) {
  return Json::Object{{"customers", Json::Integer(metrics.customers)}, {"actual", metrics.actual}, {"predicted", metrics.predicted},
                      {"mae", metrics.mae}, {"rmse", metrics.rmse}, {"bias", metrics.bias}, {"log_score", metrics.log_score}};
}

}  // namespace rapport

// Floor 3. A model against what came after its calibration, by how often customers had bought before.
#ifndef RAPPORT_VALUE_CALIBRATION_HPP_
#define RAPPORT_VALUE_CALIBRATION_HPP_

#include <cstdint>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "rapport/core/json.hpp"
#include "rapport/core/table.hpp"
#include "rapport/value/purchase_model.hpp"

namespace rapport {

// Customers who bought `frequency` times again until the end of calibration; in the last class that often or more.
struct CalibrationClass {
  std::int64_t frequency = 0;
  bool or_more = false;
  std::int64_t customers = 0;
  double actual = 0, predicted = 0;   // purchases after the calibration, all of these customers together
};

// Over customers, each one's prediction beside what came.
struct CalibrationMetrics {
  std::int64_t customers = 0;
  double actual = 0, predicted = 0;
  double mae = 0, rmse = 0;
  double bias = 0;        // the mean of predicted - actual
  double log_score = 0;   // the mean of ln P(exactly as many as came); nearer 0 is better
};

struct CalibrationReport {
  std::vector<CalibrationClass> classes;   // those with customers, by frequency
  CalibrationMetrics metrics;
};

// `after[i]` purchases came of customer i in `duration` units after the calibration. `value.invalid_input` names row and field. Sums do not depend
// on the order of customers. `classes` from 1 to 1000: the last one is classes - 1 or more.
absl::StatusOr<CalibrationReport> Calibrate(const PurchaseModel& model, const Histories& customers, std::span<const double> after, double duration,
                                            int classes = 8, const PredictOptions& options = {});
// frequency, or_more, customers, actual, predicted, actual_mean, predicted_mean.
Table CalibrationTable(const CalibrationReport& report);
// customers, actual, predicted, mae, rmse, bias, log_score.
Json CalibrationJson(const CalibrationMetrics& metrics);

}  // namespace rapport

#endif  // RAPPORT_VALUE_CALIBRATION_HPP_

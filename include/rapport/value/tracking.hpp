// Floor 3. Repeat purchases period by period, as they came and as a model expects them: whether a model keeps up with what happens.
#ifndef RAPPORT_VALUE_TRACKING_HPP_
#define RAPPORT_VALUE_TRACKING_HPP_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "rapport/core/table.hpp"
#include "rapport/value/purchase_model.hpp"
#include "rapport/value/summary_builder.hpp"

namespace rapport {

struct TrackingOptions {
  TimeUnit unit = TimeUnit::kWeek;                       // of the model's times, and of the periods
  std::optional<Day> calibration_end = std::nullopt;     // marks the periods after it
  std::optional<Day> until = std::nullopt;               // how far the table goes; nullopt: to the end of observation. At most 100,000 periods
  bool calibration_customers = false;                    // only who came until calibration_end, the customers that the model was fitted on
};

// Days from `from` to `until`, both in it. Weeks and days count from the first purchase of all; months, quarters and years are civil ones.
struct TrackingPeriod {
  std::int64_t period = 0;                               // from 1
  Day from, until;                                       // the last one ends with the table
  bool holdout = false;                                  // ends after calibration_end
  std::optional<std::int64_t> actual = std::nullopt, actual_cumulative = std::nullopt; 
                                                         // days on which somebody bought again; missing after the end of observation
  double expected = 0, expected_cumulative = 0;
};

// Expected: the sum of ExpectedPurchasesNew over all who came, from the day on which each came (Fader, Hardie, Lee 2005, section 4). `unit` must be that of the
// model. `value.invalid_input` where there are too many periods. O(customers log customers + periods x days on which somebody came), but the model is asked once for each
// length of time.
absl::StatusOr<std::vector<TrackingPeriod>> Track(const PurchaseModel& model, const SummaryBuilder& purchases, const TrackingOptions& options = {});
// period, from, until, holdout, actual, actual_cumulative, expected, expected_cumulative.
Table TrackingTable(const std::vector<TrackingPeriod>& periods);

}  // namespace rapport

#endif  // RAPPORT_VALUE_TRACKING_HPP_

#include "rapport/value/prediction_interval.hpp"

#include "rapport/core/status.hpp"

namespace rapport {

absl::StatusOr<Interval> PredictionInterval(const PurchaseModel& model, const ModelQuestion& question, const Histories& rows,
                                            const IntervalOptions& options, const Histories&) {
  Interval interval;
  interval.estimate.resize(rows.size());
  RAPPORT_RETURN_IF_ERROR(Answer(model, question, rows, interval.estimate, {.threads = options.threads}));
  return Invalid("value.no_covariance", "intervals are to come");
}

}  // namespace rapport

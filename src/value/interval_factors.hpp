// Floor 3, inside. Intervals of whatever is a product of what fitted models answer, each about its own part and each fitted by itself: one factor of a question to
// one model; two of a lifetime value, purchases and what one is worth. What is known of one factor says nothing about how far off another is.
#ifndef RAPPORT_SRC_VALUE_INTERVAL_FACTORS_HPP_
#define RAPPORT_SRC_VALUE_INTERVAL_FACTORS_HPP_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "rapport/core/json.hpp"
#include "rapport/core/status.hpp"
#include "rapport/stats/fit_report.hpp"
#include "rapport/value/prediction_interval.hpp"

namespace rapport {

// Answers of one model for rows from `begin` on, as many as `out` has room for; any number of threads may ask.
using Answering = std::function<absl::Status(std::size_t begin, std::span<double> out, const PredictOptions& options)>;

struct IntervalFactor {
  std::string name;   // before errors, where there is more than one factor; else empty
  std::vector<stats::NamedNumber> parameters, effects;
  std::optional<stats::FitReport> report;
  Json written;       // what `read` reads
  Answering answers;
  std::function<absl::StatusOr<Answering>(const Json& edited)> read;
  std::size_t fitted_on = 0;   // rows that `refit` draws anew
  // Of the model fitted to customers drawn from this one by that seed; null where the search did not end at an optimum.
  std::function<absl::StatusOr<Answering>(std::uint64_t seed)> refit;

  absl::Status Named(const absl::Status& status) const { return name.empty() ? status : WithContext(status, name); }
};

// Where an interval is symmetric: a log-likelihood as it is, chances on the logit, amounts and counts on the logarithm. Only amounts have more factors than one.
enum class IntervalScale { kPlain, kChance, kAmount };

// `value.invalid_input` for an option out of range.
absl::Status CheckIntervalOptions(const IntervalOptions& options);
// `estimate`: what the models say, a number a row. Errors and cost are those of PredictionInterval; `value.invalid_input` where the bootstrap is wanted of a factor
// that was fitted on no rows.
absl::StatusOr<Interval> IntervalOf(std::vector<double> estimate, IntervalScale scale, std::span<const IntervalFactor> factors, const IntervalOptions& options);

}  // namespace rapport

#endif  // RAPPORT_SRC_VALUE_INTERVAL_FACTORS_HPP_

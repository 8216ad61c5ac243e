// One question to one model; the methods are in interval_factors.cpp.
#include "rapport/value/prediction_interval.hpp"

#include <utility>

#include "rapport/core/status.hpp"
#include "value/interval_factors.hpp"
#include "value/purchase_factor.hpp"

namespace rapport {
namespace {

using Kind = ModelQuestion::Kind;

IntervalScale ScaleOf(Kind kind) {
  if (kind == Kind::kLogLikelihood) return IntervalScale::kPlain;
  return kind == Kind::kProbabilityAlive || kind == Kind::kPurchaseProbability ? IntervalScale::kChance : IntervalScale::kAmount;
}

}  // namespace

absl::StatusOr<Interval> PredictionInterval(const PurchaseModel& model, const ModelQuestion& question, const Histories& rows,
                                            const IntervalOptions& options, const Histories& fitted_on) {
  RAPPORT_RETURN_IF_ERROR(CheckIntervalOptions(options));
  std::vector<double> estimate(AnswersTo(question, rows));
  RAPPORT_RETURN_IF_ERROR(Answer(model, question, rows, estimate, {.threads = options.threads}));
  const bool of_rows = question.kind != Kind::kExpectedPurchasesNew;
  const PurchaseAsk ask = [&](const PurchaseModel& asked, std::size_t begin, std::span<double> out, const PredictOptions& how) {
    return Answer(asked, question, of_rows ? PartOf(rows, begin, begin + out.size()) : rows, out, how);
  };
  const IntervalFactor factor = PurchaseFactor(model, ask, fitted_on);
  return IntervalOf(std::move(estimate), ScaleOf(question.kind), {&factor, 1}, options);
}

}  // namespace rapport

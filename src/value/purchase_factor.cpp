#include "value/purchase_factor.hpp"

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "rapport/core/status.hpp"
#include "rapport/value/models.hpp"

namespace rapport {
namespace {

using SharedModel = std::shared_ptr<const PurchaseModel>;

// `ask` of a model that the answer keeps.
Answering Kept(SharedModel model, const PurchaseAsk& ask) {
  return [model = std::move(model), ask](std::size_t begin, std::span<double> out, const PredictOptions& options) { return ask(*model, begin, out, options); };
}

// The model fitted to customers of the ages and covariates of `fitted_on`, drawn from `model`; null where the search did not end at an optimum.
absl::StatusOr<SharedModel> Refit(const PurchaseModel& model, const Histories& fitted_on, std::uint64_t seed) {
  std::vector<double> frequency(fitted_on.size()), recency(fitted_on.size());
  RAPPORT_RETURN_IF_ERROR(model.Simulate(seed, fitted_on, frequency, recency));
  Histories drawn = fitted_on;
  drawn.frequency = frequency;
  drawn.recency = recency;
  RAPPORT_ASSIGN_OR_RETURN(SharedModel fit, FitPurchaseModel(model.name(), drawn));
  return fit->report()->converged ? fit : nullptr;
}

}  // namespace

Histories PartOf(const Histories& rows, std::size_t begin, std::size_t end) {
  Histories part = rows;
  const auto cut = [&](std::span<const double>& column) { column = column.subspan(begin, end - begin); };
  cut(part.frequency), cut(part.recency), cut(part.age);
  for (auto& column : part.transaction.columns) cut(column);
  for (auto& column : part.dropout.columns) cut(column);
  return part;
}

IntervalFactor PurchaseFactor(const PurchaseModel& model, const PurchaseAsk& ask, const Histories& fitted_on) {
  IntervalFactor factor;
  factor.parameters = model.parameters();
  factor.effects = model.effects();
  factor.report = model.report();
  factor.written = model.ToJson();
  factor.answers = [&model, ask](std::size_t begin, std::span<double> out, const PredictOptions& how) { return ask(model, begin, out, how); };
  factor.read = [ask](const Json& edited) -> absl::StatusOr<Answering> {
    RAPPORT_ASSIGN_OR_RETURN(SharedModel read, ReadPurchaseModel(edited));
    return Kept(std::move(read), ask);
  };
  factor.fitted_on = fitted_on.size();
  factor.refit = [&model, &fitted_on, ask](std::uint64_t seed) -> absl::StatusOr<Answering> {
    RAPPORT_ASSIGN_OR_RETURN(SharedModel fit, Refit(model, fitted_on, seed));
    return fit == nullptr ? Answering() : Kept(std::move(fit), ask);
  };
  return factor;
}

}  // namespace rapport

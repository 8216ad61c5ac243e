#include "rapport/value/money_interval.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

#include "rapport/core/status.hpp"
#include "rapport/stats/special.hpp"
#include "value/interval_factors.hpp"
#include "value/purchase_factor.hpp"
#include "value/weighted_purchases.hpp"

namespace rapport {
namespace {

// Rows of whom is asked what a purchase is worth.
struct SpendRows {
  std::span<const double> frequency, monetary;
  SpendRows Part(std::size_t begin, std::size_t size) const { return {frequency.subspan(begin, size), monetary.subspan(begin, size)}; }
};

Answering Worth(GammaGamma spend, const SpendRows& rows) {
  return [spend = std::move(spend), rows](std::size_t begin, std::span<double> out, const PredictOptions& options) {
    const SpendRows part = rows.Part(begin, out.size());
    return spend.ExpectedValue(part.frequency, part.monetary, out, options);
  };
}

// The same row by row, where one without a mean has the largest double: of the rows asked about, another fit may bound the spending of some alone.
Answering WorthOrNoBound(GammaGamma spend, const SpendRows& rows) {
  return [spend = std::move(spend), rows](std::size_t begin, std::span<double> out, const PredictOptions& options) -> absl::Status {
    const auto& [p, q, gamma] = spend.params();
    for (std::size_t i = 0; i < out.size(); ++i) {
      const SpendRows row = rows.Part(begin + i, 1);
      if (p * row.frequency[0] + (q - 1) > 0) RAPPORT_RETURN_IF_ERROR(spend.ExpectedValue(row.frequency, row.monetary, out.subspan(i, 1), options));
      else out[i] = std::numeric_limits<double>::max();
    }
    return absl::OkStatus();
  };
}

IntervalFactor SpendFactor(const GammaGamma& spend, const SpendRows& rows, std::span<const double> fitted_on) {
  IntervalFactor factor;
  factor.parameters = spend.parameters();
  factor.report = spend.report();
  factor.written = spend.ToJson();
  factor.answers = Worth(spend, rows);
  factor.read = [rows](const Json& edited) -> absl::StatusOr<Answering> {
    RAPPORT_ASSIGN_OR_RETURN(GammaGamma read, GammaGamma::FromJson(edited));
    return Worth(std::move(read), rows);
  };
  factor.fitted_on = fitted_on.size();
  factor.refit = [&spend, rows, fitted_on](std::uint64_t seed) -> absl::StatusOr<Answering> {
    std::vector<double> monetary(fitted_on.size());
    RAPPORT_RETURN_IF_ERROR(spend.Simulate(seed, fitted_on, monetary));
    RAPPORT_ASSIGN_OR_RETURN(GammaGamma fit, GammaGamma::Fit(fitted_on, monetary));
    return fit.report()->converged ? WorthOrNoBound(std::move(fit), rows) : Answering();
  };
  return factor;
}

// What a purchase is known to be worth, times the purchases.
PurchaseAsk Discounted(const Histories& rows, const LifetimeValueTerms& terms, std::span<const double> worth) {
  return [&rows, terms, worth](const PurchaseModel& model, std::size_t begin, std::span<double> out, const PredictOptions& options) -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(DiscountedPurchases(model, PartOf(rows, begin, begin + out.size()), terms, out, options));
    for (std::size_t i = 0; i < (worth.empty() ? 0 : out.size()); ++i) {
      if (options.log) out[i] += stats::Log(worth[begin + i]);
      else out[i] *= worth[begin + i];
    }
    return absl::OkStatus();
  };
}

}  // namespace

absl::StatusOr<Interval> ExpectedValueInterval(const GammaGamma& spend, std::span<const double> frequency, std::span<const double> monetary,
                                               const IntervalOptions& options, std::span<const double> fitted_on) {
  RAPPORT_RETURN_IF_ERROR(CheckIntervalOptions(options));
  std::vector<double> estimate(frequency.size());
  RAPPORT_RETURN_IF_ERROR(spend.ExpectedValue(frequency, monetary, estimate));
  const IntervalFactor factor = SpendFactor(spend, {frequency, monetary}, fitted_on);
  return IntervalOf(std::move(estimate), IntervalScale::kAmount, {&factor, 1}, options);
}

absl::StatusOr<Interval> LifetimeValueInterval(const PurchaseModel& model, const Histories& rows, const GammaGamma& spend, std::span<const double> monetary,
                                               const LifetimeValueTerms& terms, const IntervalOptions& options, const Histories& fitted_on) {
  RAPPORT_RETURN_IF_ERROR(CheckIntervalOptions(options));
  std::vector<double> estimate(rows.size()), worth(rows.size());
  RAPPORT_RETURN_IF_ERROR(spend.ExpectedValue(rows.frequency, monetary, worth));
  RAPPORT_RETURN_IF_ERROR(LifetimeValue(model, rows, worth, terms, estimate, {.threads = options.threads}));
  IntervalFactor purchases = PurchaseFactor(model, Discounted(rows, terms, {}), fitted_on);
  IntervalFactor each = SpendFactor(spend, {rows.frequency, monetary}, fitted_on.frequency);
  purchases.name = "model";
  each.name = "spend";
  const std::array factors{std::move(purchases), std::move(each)};
  return IntervalOf(std::move(estimate), IntervalScale::kAmount, factors, options);
}

absl::StatusOr<Interval> LifetimeValueInterval(const PurchaseModel& model, const Histories& rows, std::span<const double> value_per_purchase,
                                               const LifetimeValueTerms& terms, const IntervalOptions& options, const Histories& fitted_on) {
  RAPPORT_RETURN_IF_ERROR(CheckIntervalOptions(options));
  std::vector<double> estimate(rows.size());
  RAPPORT_RETURN_IF_ERROR(LifetimeValue(model, rows, value_per_purchase, terms, estimate, {.threads = options.threads}));
  const IntervalFactor purchases = PurchaseFactor(model, Discounted(rows, terms, value_per_purchase), fitted_on);
  return IntervalOf(std::move(estimate), IntervalScale::kAmount, {&purchases, 1}, options);
}

}  // namespace rapport

#include "rapport/value/lifetime_value.hpp"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "rapport/core/status.hpp"
#include "rapport/stats/special.hpp"
#include "value/history_rows.hpp"
#include "value/weighted_purchases.hpp"

namespace rapport {
namespace {

constexpr int kMostPeriods = 10'000;

absl::Status BadTerm(std::string_view term, double found, std::string_view expected) {
  return Invalid("value.invalid_input", absl::StrCat(std::string(term), ": found ", found, ", expected ", std::string(expected)));
}

absl::Status CheckTerms(const LifetimeValueTerms& terms, const PredictOptions& options) {
  if (!(terms.periods >= 1 && terms.periods <= kMostPeriods)) return BadTerm("periods", terms.periods, "1 to 10000");
  if (!(terms.discount_rate >= 0 && terms.discount_rate <= 1e6)) return BadTerm("discount_rate", terms.discount_rate, "a rate a period, 0 or more");
  if (!(terms.period > 0 && terms.period * terms.periods <= kLargestTime)) {
    return BadTerm("period", terms.period, "a time above 0, all periods together at most 1e20");
  }
  if (options.log) return Invalid("value.invalid_input", "log: found true, expected false, as lifetime values are given as amounts");
  return absl::OkStatus();
}

absl::Status CheckValues(std::span<const double> values, std::size_t size) {
  if (values.size() != size) {
    return Invalid("value.invalid_input", absl::StrCat("value_per_purchase: found ", values.size(), " rows, expected ", size));
  }
  for (std::size_t i = 0; i < size; ++i) {
    if (!(values[i] >= 0 && values[i] <= kLargestTime)) return BadRow(i, "value_per_purchase", values[i], "an amount from 0 to 1e20");
  }
  return absl::OkStatus();
}

// What one unit of money at the end of period i is worth today.
double Discount(const LifetimeValueTerms& terms, int i) { return stats::Exp(-i * stats::Log1p(terms.discount_rate)); }

}  // namespace

// With E(i) the purchases until the end of period i and d(i) their discount, sum (E(i) - E(i-1)) d(i) is E(n) d(n) + sum E(i) (d(i) - d(i+1)): one prediction a
// period from T on, and nothing that cancels.
absl::Status DiscountedPurchases(const PurchaseModel& model, const Histories& rows, const LifetimeValueTerms& terms, std::span<double> out,
                                 const PredictOptions& options) {
  std::vector<double> ends, shares;
  for (int i = 1; i <= terms.periods; ++i) {
    ends.push_back(i * terms.period);
    shares.push_back(i == terms.periods ? Discount(terms, i) : Discount(terms, i + 1) * terms.discount_rate);
  }
  return WeightedPurchases(model, ends, shares, rows, out, options);
}

absl::Status LifetimeValue(const PurchaseModel& model, const Histories& rows, std::span<const double> value_per_purchase,
                           const LifetimeValueTerms& terms, std::span<double> out, const PredictOptions& options) {
  RAPPORT_RETURN_IF_ERROR(CheckTerms(terms, options));
  RAPPORT_RETURN_IF_ERROR(CheckValues(value_per_purchase, out.size()));
  RAPPORT_RETURN_IF_ERROR(DiscountedPurchases(model, rows, terms, out, options));
  for (std::size_t row = 0; row < out.size(); ++row) out[row] *= value_per_purchase[row];
  return absl::OkStatus();
}

absl::Status LifetimeValueByPeriod(const PurchaseModel& model, const Histories& rows, std::span<const double> value_per_purchase,
                                   const LifetimeValueTerms& terms, std::span<double> out, const PredictOptions& options) {
  RAPPORT_RETURN_IF_ERROR(CheckTerms(terms, options));
  const auto periods = static_cast<std::size_t>(terms.periods);
  if (out.size() != rows.size() * periods) {
    return Invalid("value.invalid_input", absl::StrCat("out: found ", out.size(), " numbers, expected ", rows.size(), " rows of ", periods));
  }
  RAPPORT_RETURN_IF_ERROR(CheckValues(value_per_purchase, rows.size()));
  std::vector<double> expected(rows.size());
  for (int i = terms.periods; i >= 1; --i) {   // the latest first: where a model refuses one, it refuses that one, and nothing is written
    RAPPORT_RETURN_IF_ERROR(model.ExpectedPurchases(terms.period, rows, (i - 1) * terms.period, expected, options));
    const double discount = Discount(terms, i);
    for (std::size_t row = 0; row < rows.size(); ++row) {
      out[row * periods + static_cast<std::size_t>(i - 1)] = value_per_purchase[row] * discount * expected[row];
    }
  }
  return absl::OkStatus();
}

}  // namespace rapport

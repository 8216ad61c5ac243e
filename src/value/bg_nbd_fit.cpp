#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "rapport/core/status.hpp"
#include "rapport/stats/special.hpp"
#include "rapport/value/bg_nbd.hpp"
#include "stats/blocked_sum.hpp"
#include "value/bg_nbd_likelihood.hpp"
#include "value/bg_nbd_rows.hpp"

namespace rapport {
namespace {

using stats::Exp;
using stats::Log;

using Starts = std::vector<std::vector<double>>;

absl::Status BadRow(std::size_t row, std::string_view field, double found, std::string_view expected) {
  return Invalid("value.invalid_input", absl::StrCat("row ", row, ", field ", std::string(field), ": found ", found, ", expected ", std::string(expected)));
}

absl::Status CheckWeights(std::span<const double> weights, std::size_t size) {
  if (weights.empty()) return absl::OkStatus();
  if (weights.size() != size) {
    return Invalid("value.invalid_input", absl::StrCat("weights: found ", weights.size(), " rows, expected ", size));
  }
  for (std::size_t i = 0; i < size; ++i) {
    if (!(weights[i] >= 0 && weights[i] <= kLargestTime)) return BadRow(i, "weights", weights[i], "a weight from 0 to 1e20");
  }
  return absl::OkStatus();
}

// A power of two near the longest age: dividing by it rounds nothing, and the search sees numbers of one size whatever unit the caller counts in.
double UnitOf(std::span<const double> age) {
  int exponent = 0;
  (void)std::frexp(age.empty() ? 0 : *std::max_element(age.begin(), age.end()), &exponent);
  return std::ldexp(1.0, exponent);
}

std::vector<BgNbdRow> RowsOf(std::span<const double> frequency, std::span<const double> recency, std::span<const double> age,
                             std::span<const double> weights, double unit) {
  std::vector<BgNbdRow> rows;
  rows.reserve(frequency.size());
  for (std::size_t i = 0; i < frequency.size(); ++i) {
    const double weight = weights.empty() ? 1 : weights[i];
    if (weight > 0) rows.push_back({frequency[i], recency[i] / unit, age[i] / unit, weight});
  }
  return FoldRows(std::move(rows));
}

struct Sums {
  double customers = 0, purchases = 0, ages = 0;
};

Sums SumsOf(const std::vector<BgNbdRow>& rows) {
  stats::BlockedSums<3> sums;
  for (const BgNbdRow& row : rows) sums.Add({row.weight, row.weight * row.x, row.weight * row.age});
  const auto [customers, purchases, ages] = sums.Totals();
  return {customers, purchases, ages};
}

// Rates from narrow to wide, few and many who stop, at the purchases seen.
Starts StartsFor(const std::vector<BgNbdRow>& rows) {
  const Sums sums = SumsOf(rows);
  const double age = sums.ages / sums.customers, rate = sums.purchases / sums.ages;
  Starts starts;
  for (const double r : {0.25, 1.0, 4.0}) {
    for (const double stop : {0.1, 0.3}) starts.push_back({Log(r), Log(std::max(r / rate / 2, age * 1e-3)), Log(stop * 3), Log((1 - stop) * 3)});
  }
  return starts;
}

// Of many rows every so-many-th leads near the optimum, so that few steps over all of them are left. They are sorted: each frequency keeps its share.
Starts NearerStarts(const std::vector<BgNbdRow>& rows) {
  constexpr std::size_t kEnough = 16384;
  Starts starts = StartsFor(rows);
  if (rows.size() < 4 * kEnough) return starts;
  const std::size_t stride = rows.size() / kEnough;
  std::vector<BgNbdRow> some;
  for (std::size_t i = stride / 2; i < rows.size(); i += stride) some.push_back(rows[i]);
  stats::MinimizeOptions rough;
  rough.step_tolerance = 1e-3;
  const stats::Minimum near = stats::Minimize(BgNbdLikelihood(some), starts, rough);
  if (near.converged && !near.flat) starts = {near.point};
  return starts;
}

// Where a flat search came to rest says which boundary it ran to.
std::string_view BoundaryOf(const BgNbd::Params& p) {
  constexpr double kFar = 1e4;
  if (p.b > kFar * p.a) return "On the boundary: these customers show no stopping, so a and b are not determined one by one.";
  if (p.a > kFar * p.b) return "On the boundary: these customers all stop at their first repeat purchase, so a and b are not determined one by one.";
  if (p.a > kFar) return "On the boundary: these customers all stop with one chance, so a and b are determined only by their ratio.";
  if (p.a < 1 / kFar) return "On the boundary: these customers stop at their first repeat purchase or never, so a and b are determined only by their ratio.";
  if (p.r > kFar) return "On the boundary: these customers all buy at one rate, so r and alpha are determined only by their ratio.";
  return "On a ridge: other parameters fit these customers as well.";
}

std::string_view DiagnosisOf(const BgNbd::Params& p, const BgNbd::FitReport& report, bool flat) {
  if (flat) return BoundaryOf(p);
  if (!report.converged) return "The search stopped before it was certain of the optimum.";
  if (!report.standard_errors) return "The observed information is singular: the parameters are not determined one by one.";
  return "An interior optimum.";
}

// The inverse of the observed information, carried from log-parameters to parameters; at the optimum the gradient has no part in it.
void AddErrors(const stats::Minimum& minimum, const BgNbd::Params& p, BgNbd::FitReport& report) {
  const stats::Matrix inverse = stats::InvertPositiveDefinite(minimum.hessian);
  if (inverse.empty()) return;
  const double natural[] = {p.r, p.alpha, p.a, p.b};   // d parameter / d log-parameter
  std::array<std::array<double, 4>, 4> covariance{};
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t j = 0; j < 4; ++j) covariance[i][j] = (inverse[i][j] + inverse[j][i]) / 2 * natural[i] * natural[j];
  }
  const auto error = [&](std::size_t i) { return stats::Sqrt(covariance[i][i]); };
  report.covariance = covariance;
  report.standard_errors = BgNbd::Params{error(0), error(1), error(2), error(3)};
}

}  // namespace

absl::Status CheckRows(std::span<const double> frequency, std::span<const double> recency, std::span<const double> age, std::size_t size) {
  if (frequency.size() != size || recency.size() != size || age.size() != size) {
    return Invalid("value.invalid_input", absl::StrCat("found ", frequency.size(), " frequencies, ", recency.size(), " recencies and ", age.size(),
                                                       " ages for ", size, " rows, expected one each"));
  }
  for (std::size_t i = 0; i < size; ++i) {
    if (!(frequency[i] >= 0 && frequency[i] <= kLargestCount) || frequency[i] != std::floor(frequency[i])) {
      return BadRow(i, "frequency", frequency[i], "a whole number of 0 or more");
    }
    if (!(age[i] >= 0 && age[i] <= kLargestTime)) return BadRow(i, "age", age[i], "a time from 0 to 1e20");
    if (!(recency[i] >= 0 && recency[i] <= age[i])) return BadRow(i, "recency", recency[i], "a time from 0 to the age");
    if (frequency[i] == 0 && recency[i] != 0) return BadRow(i, "recency", recency[i], "0 where the frequency is 0");
  }
  return absl::OkStatus();
}

absl::StatusOr<BgNbd> BgNbd::Fit(std::span<const double> frequency, std::span<const double> recency, std::span<const double> age,
                                 std::span<const double> weights) {
  RAPPORT_RETURN_IF_ERROR(CheckRows(frequency, recency, age, frequency.size()));
  RAPPORT_RETURN_IF_ERROR(CheckWeights(weights, frequency.size()));
  const double unit = UnitOf(age);
  const std::vector<BgNbdRow> rows = RowsOf(frequency, recency, age, weights, unit);
  const Sums sums = SumsOf(rows);
  if (!(sums.purchases > 0 && sums.ages > 0)) {
    return FailedPrecondition("value.too_few_customers",
                              absl::StrCat("found ", frequency.size(), " customers, none observed to buy again, expected at least one who did"));
  }
  const stats::Minimum minimum = stats::Minimize(BgNbdLikelihood(rows), NearerStarts(rows));
  const auto natural = [&](std::size_t i, double scale) { return std::clamp(Exp(minimum.point[i]) * scale, kSmallestParameter, kLargestParameter); };
  BgNbd model({natural(0, 1), natural(1, unit), natural(2, 1), natural(3, 1)});
  FitReport report;
  report.log_likelihood = -minimum.value - sums.purchases * Log(unit);
  report.converged = minimum.converged;
  report.customers = sums.customers;
  if (!minimum.flat) AddErrors(minimum, model.params_, report);
  report.diagnosis = DiagnosisOf(model.params_, report, minimum.flat);
  model.report_ = std::move(report);
  return model;
}

}  // namespace rapport

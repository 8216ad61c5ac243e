#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "rapport/core/status.hpp"
#include "rapport/stats/optimize.hpp"
#include "rapport/stats/special.hpp"
#include "rapport/value/bg_nbd.hpp"
#include "value/bg_nbd_rows.hpp"

namespace rapport {
namespace {

using stats::BlockedSum;
using stats::Digamma;
using stats::Exp;
using stats::Log;
using stats::Log1p;
using stats::LogRising;

absl::Status BadRow(std::size_t row, std::string_view field, double found, std::string_view expected) {
  return Invalid("value.invalid_input", absl::StrCat("row ", row, ", field ", std::string(field), ": found ", found, ", expected ", std::string(expected)));
}

// Customers who share a row; sorted, so that neither their order nor their number shows in a bit.
struct WeightedRow {
  double x, t_x, age, weight;
};

std::vector<WeightedRow> FoldRows(std::span<const double> frequency, std::span<const double> recency, std::span<const double> age,
                                  std::span<const double> weights) {
  std::vector<WeightedRow> rows;
  rows.reserve(frequency.size());
  for (std::size_t i = 0; i < frequency.size(); ++i) {
    const double weight = weights.empty() ? 1 : weights[i];
    if (weight > 0) rows.push_back({frequency[i], recency[i], age[i], weight});
  }
  const auto key = [](const WeightedRow& row) { return std::tie(row.x, row.t_x, row.age); };
  std::sort(rows.begin(), rows.end(), [&](const WeightedRow& p, const WeightedRow& q) {
    return key(p) != key(q) ? key(p) < key(q) : p.weight < q.weight;
  });
  std::vector<WeightedRow> folded;
  for (const WeightedRow& row : rows) {
    if (!folded.empty() && key(folded.back()) == key(row)) folded.back().weight += row.weight;
    else folded.push_back(row);
  }
  return folded;
}

// What depends on the count alone, computed once an evaluation for each distinct x.
struct CountTerms {
  double log_rising_r, log_rising_b, log_rising_ab, digamma_r, digamma_b, digamma_ab;
};

// Negative log-likelihood over log-parameters, with its gradient.
class Likelihood {
 public:
  explicit Likelihood(const std::vector<WeightedRow>& rows) : rows_(rows) {}

  double operator()(std::span<const double> log_params, std::span<double> gradient) const {
    for (const double v : log_params) {
      if (!(std::abs(v) < 40)) return std::numeric_limits<double>::infinity();
    }
    const double r = Exp(log_params[0]), alpha = Exp(log_params[1]), a = Exp(log_params[2]), b = Exp(log_params[3]);
    BlockedSum value, d_r, d_alpha, d_a, d_b;
    double last_x = -1;
    CountTerms terms{};
    for (const WeightedRow& row : rows_) {
      if (row.x != last_x) {
        terms = TermsOf(row.x, r, a, b);
        last_x = row.x;
      }
      const double count = r + row.x, at_end = alpha + row.age, at_last = alpha + row.t_x;
      double log_l = terms.log_rising_r - r * Log1p(row.age / alpha) - row.x * Log(at_end) + terms.log_rising_b - terms.log_rising_ab;
      double stopped = 0, span = 0;
      if (row.x > 0) {
        span = Log1p((row.age - row.t_x) / at_last);
        const double odds = Log(a / (b + row.x - 1)) + count * span;
        stopped = odds > 0 ? 1 / (1 + Exp(-odds)) : Exp(odds) / (1 + Exp(odds));
        log_l += odds > 0 ? odds + Log1p(Exp(-odds)) : Log1p(Exp(odds));
      }
      value.Add(row.weight * log_l);
      d_r.Add(row.weight * (terms.digamma_r - Log1p(row.age / alpha) + stopped * span));
      d_alpha.Add(row.weight * (r / alpha - count / at_end + stopped * count * (1 / at_end - 1 / at_last)));
      d_a.Add(row.weight * (-terms.digamma_ab + stopped / a));
      d_b.Add(row.weight * (terms.digamma_b - terms.digamma_ab - (row.x > 0 ? stopped / (b + row.x - 1) : 0)));
    }
    gradient[0] = -r * d_r.Total();
    gradient[1] = -alpha * d_alpha.Total();
    gradient[2] = -a * d_a.Total();
    gradient[3] = -b * d_b.Total();
    return -value.Total();
  }

 private:
  static CountTerms TermsOf(double x, double r, double a, double b) {
    return {LogRising(r, x), LogRising(b, x), LogRising(a + b, x),
            Digamma(r + x) - Digamma(r), Digamma(b + x) - Digamma(b), Digamma(a + b + x) - Digamma(a + b)};
  }
  const std::vector<WeightedRow>& rows_;
};

std::vector<std::vector<double>> StartsFor(const std::vector<WeightedRow>& rows) {
  double weight = 0, counts = 0, ages = 0;
  for (const WeightedRow& row : rows) {
    weight += row.weight;
    counts += row.weight * row.x;
    ages += row.weight * row.age;
  }
  const double age = std::max(ages / weight, 1e-12), rate = std::max(counts / ages, 1e-12);
  std::vector<std::vector<double>> starts;
  for (const double r : {0.25, 1.0, 4.0}) {
    for (const double stop : {0.1, 0.3}) starts.push_back({Log(r), Log(std::max(r / rate / 2, age * 1e-3)), Log(stop * 3), Log((1 - stop) * 3)});
  }
  return starts;
}

std::string DiagnosisOf(const BgNbd::Params& p, const BgNbd::FitReport& report) {
  if (p.a < 1e-6 || p.b / p.a > 1e6) return "On the boundary: these customers show no stopping, so a and b are not determined.";
  if (p.r > 1e5) return "On the boundary: these customers all buy at one rate, so r and alpha are determined only by their ratio.";
  if (p.a > 1e5) return "On the boundary: all these customers stop with one chance, so a and b are determined only by their ratio.";
  if (!report.standard_errors) return "The observed information is singular: the parameters are not determined one by one.";
  return report.converged ? "An interior optimum." : "The search stopped before it was certain of the optimum.";
}

void AddErrors(const stats::Minimum& minimum, const BgNbd::Params& p, BgNbd::FitReport& report) {
  const stats::Matrix inverse = stats::InvertPositiveDefinite(minimum.hessian);
  if (inverse.empty()) return;
  const double natural[] = {p.r, p.alpha, p.a, p.b};   // d parameter / d log-parameter
  std::array<std::array<double, 4>, 4> covariance{};
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t j = 0; j < 4; ++j) covariance[i][j] = inverse[i][j] * natural[i] * natural[j];
  }
  report.covariance = covariance;
  report.standard_errors = BgNbd::Params{std::sqrt(covariance[0][0]), std::sqrt(covariance[1][1]), std::sqrt(covariance[2][2]),
                                         std::sqrt(covariance[3][3])};
}

absl::Status CheckWeights(std::span<const double> weights, std::size_t size) {
  if (weights.empty()) return absl::OkStatus();
  if (weights.size() != size) {
    return Invalid("value.invalid_input", absl::StrCat("weights: found ", weights.size(), " rows, expected ", size));
  }
  for (std::size_t i = 0; i < size; ++i) {
    if (!(weights[i] >= 0) || !std::isfinite(weights[i])) return BadRow(i, "weights", weights[i], "a finite weight of 0 or more");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckRows(std::span<const double> frequency, std::span<const double> recency, std::span<const double> age, std::size_t size) {
  if (frequency.size() != size || recency.size() != size || age.size() != size) {
    return Invalid("value.invalid_input", absl::StrCat("found ", frequency.size(), " frequencies, ", recency.size(), " recencies and ", age.size(),
                                                       " ages for ", size, " rows, expected one each"));
  }
  for (std::size_t i = 0; i < size; ++i) {
    if (!(frequency[i] >= 0) || frequency[i] != std::floor(frequency[i]) || !std::isfinite(frequency[i])) {
      return BadRow(i, "frequency", frequency[i], "a whole number of 0 or more");
    }
    if (!(age[i] >= 0) || !std::isfinite(age[i])) return BadRow(i, "age", age[i], "a finite time of 0 or more");
    if (!(recency[i] >= 0) || !(recency[i] <= age[i])) return BadRow(i, "recency", recency[i], "a time from 0 to the age");
    if (frequency[i] == 0 && recency[i] != 0) return BadRow(i, "recency", recency[i], "0 where the frequency is 0");
  }
  return absl::OkStatus();
}

absl::StatusOr<BgNbd> BgNbd::Fit(std::span<const double> frequency, std::span<const double> recency, std::span<const double> age,
                                 std::span<const double> weights) {
  RAPPORT_RETURN_IF_ERROR(CheckRows(frequency, recency, age, frequency.size()));
  RAPPORT_RETURN_IF_ERROR(CheckWeights(weights, frequency.size()));
  const std::vector<WeightedRow> rows = FoldRows(frequency, recency, age, weights);
  if (rows.empty() || rows.back().x == 0) {
    return FailedPrecondition("value.too_few_customers",
                              absl::StrCat("found ", rows.size(), " distinct rows without a repeat purchase, expected at least one customer who bought again"));
  }
  const Likelihood likelihood(rows);
  const stats::Minimum minimum = stats::Minimize(likelihood, StartsFor(rows));
  BgNbd model({Exp(minimum.point[0]), Exp(minimum.point[1]), Exp(minimum.point[2]), Exp(minimum.point[3])});
  FitReport report;
  report.log_likelihood = -minimum.value;
  report.converged = minimum.converged;
  for (const WeightedRow& row : rows) report.customers += row.weight;
  AddErrors(minimum, model.params_, report);
  report.diagnosis = DiagnosisOf(model.params_, report);
  model.report_ = std::move(report);
  return model;
}

}  // namespace rapport

// Predictions and the model as a value; the fit is in gamma_gamma_fit.cpp.
#include "rapport/value/gamma_gamma.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "absl/strings/str_cat.h"
#include "rapport/core/status.hpp"
#include "rapport/stats/draws.hpp"
#include "rapport/stats/special.hpp"
#include "stats/blocked_sum.hpp"
#include "value/history_rows.hpp"
#include "value/model_json.hpp"
#include "value/spend_rows.hpp"

namespace rapport {
namespace {

using stats::Log1p;

constexpr std::string_view kNames[] = {"p", "q", "gamma"};
constexpr std::uint64_t kOwnDraws = 0x7370656e64;   // apart from those by which the same seed makes purchases of the same rows

}  // namespace

absl::Status CheckSpend(std::span<const double> frequency, std::span<const double> monetary, std::size_t size) {
  RAPPORT_RETURN_IF_ERROR(CheckSize("frequency", frequency.size(), size));
  RAPPORT_RETURN_IF_ERROR(CheckSize("monetary", monetary.size(), size));
  for (std::size_t i = 0; i < size; ++i) {
    const double x = frequency[i], mean = monetary[i];
    if (!(x >= 0 && x <= kLargestCount) || x != std::floor(x)) return BadRow(i, "frequency", x, "a whole number of 0 or more");
    if (x == 0) continue;
    if (mean <= 0) {
      return BadRow(i, "monetary", mean, "a mean above 0: refunds \"exclude\" leaves refunds out, \"net\" takes a day that brought nothing for no purchase");
    }
    if (!(mean >= kLeastMean && mean <= kLargestTime)) return BadRow(i, "monetary", mean, "an amount from 1e-50 to 1e20");
  }
  return absl::OkStatus();
}

absl::StatusOr<GammaGamma> GammaGamma::Make(const Params& params) {
  GammaGamma model(params);
  RAPPORT_RETURN_IF_ERROR(CheckParameters(model.parameters()));
  return model;
}

std::vector<stats::NamedNumber> GammaGamma::parameters() const { return {{"p", params_.p}, {"q", params_.q}, {"gamma", params_.gamma}}; }

Json GammaGamma::ToJson() const { return stats::FitJson(name(), parameters(), report_); }

absl::StatusOr<GammaGamma> GammaGamma::FromJson(const Json& json) {
  RAPPORT_ASSIGN_OR_RETURN(ModelJson read, ReadModelJson(json, "gamma_gamma", kNames));
  RAPPORT_ASSIGN_OR_RETURN(GammaGamma model, Make({read.params[0], read.params[1], read.params[2]}));
  model.report_ = std::move(read.report);
  return model;
}

absl::Status GammaGamma::ExpectedValue(std::span<const double> frequency, std::span<const double> monetary, std::span<double> out,
                                       const PredictOptions& options) const {
  RAPPORT_RETURN_IF_ERROR(CheckSpend(frequency, monetary, out.size()));
  const auto [p, q, gamma] = params_;
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (p * frequency[i] + (q - 1) > 0) continue;
    return FailedPrecondition("value.no_mean", absl::StrCat("row ", i, ": found q = ", q, " and frequency ", frequency[i],
                                                            ", expected p * frequency + q above 1: below that, mean spending has no bound"));
  }
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double x = frequency[i], spent = x > 0 ? x * monetary[i] : 0;
    const double mean = p / (p * x + (q - 1)) * (gamma + spent);
    out[i] = options.log ? stats::Log(mean) : mean;
  }
  return absl::OkStatus();
}

absl::Status GammaGamma::LogLikelihoodOf(std::span<const double> frequency, std::span<const double> monetary, std::span<double> out,
                                         const PredictOptions&) const {
  RAPPORT_RETURN_IF_ERROR(CheckSpend(frequency, monetary, out.size()));
  const auto [p, q, gamma] = params_;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double x = frequency[i], spent = x * monetary[i];
    if (x == 0) {
      out[i] = 0;
      continue;
    }
    out[i] = -stats::LogBeta(p * x, q) - q * Log1p(spent / gamma) - p * x * Log1p(gamma / spent) - stats::Log(monetary[i]);
  }
  return absl::OkStatus();
}

absl::Status GammaGamma::Simulate(std::uint64_t seed, std::span<const double> frequency, std::span<double> monetary) const {
  const std::vector<double> one(frequency.size(), 1);   // of what is to be drawn nothing is known
  RAPPORT_RETURN_IF_ERROR(CheckSpend(frequency, one, monetary.size()));
  const auto [p, q, gamma] = params_;
  for (std::size_t i = 0; i < monetary.size(); ++i) {
    const double x = frequency[i];
    stats::Draws draws(seed ^ kOwnDraws, i);
    const double spread = std::max(draws.Gamma(q), std::numeric_limits<double>::min());   // of tiny shapes it may be 0
    monetary[i] = x == 0 ? 0 : std::clamp(draws.Gamma(p * x) / x * (gamma / spread), kLeastMean, kLargestTime);
  }
  return absl::OkStatus();
}

absl::StatusOr<double> SpendCorrelation(std::span<const double> frequency, std::span<const double> monetary, std::span<const double> weights) {
  RAPPORT_RETURN_IF_ERROR(CheckSpend(frequency, monetary, frequency.size()));
  RAPPORT_RETURN_IF_ERROR(CheckWeights(weights, frequency.size()));
  const auto weight = [&](std::size_t i) { return frequency[i] == 0 ? 0.0 : weights.empty() ? 1.0 : weights[i]; };
  stats::BlockedSums<3> sums;
  for (std::size_t i = 0; i < frequency.size(); ++i) {
    if (weight(i) > 0) sums.Add({weight(i), weight(i) * frequency[i], weight(i) * monetary[i]});
  }
  const auto [total, counts, amounts] = sums.Totals();
  stats::BlockedSums<3> squares;
  for (std::size_t i = 0; i < frequency.size(); ++i) {
    if (!(weight(i) > 0)) continue;
    const double x = frequency[i] / (counts / total) - 1, m = monetary[i] / (amounts / total) - 1;   // of any unit alike
    squares.Add({weight(i) * x * x, weight(i) * m * m, weight(i) * x * m});
  }
  const auto [xx, mm, xm] = squares.Totals();
  constexpr double kRounding = 1e-28;   // what is left where all are the same
  if (!(xx > kRounding * total && mm > kRounding * total)) {
    return FailedPrecondition("value.no_correlation", "frequency and monetary: found one of them the same for all who bought again, expected both to vary");
  }
  return std::clamp(xm / stats::Sqrt(xx) / stats::Sqrt(mm), -1.0, 1.0);
}

}  // namespace rapport

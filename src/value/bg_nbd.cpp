// Predictions and the model as a value; the fit is in bg_nbd_fit.cpp.
#include "rapport/value/bg_nbd.hpp"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "rapport/core/status.hpp"
#include "rapport/stats/special.hpp"
#include "value/bg_nbd_rows.hpp"

namespace rapport {
namespace {

using stats::Exp;
using stats::Expm1Over;
using stats::Hypergeometric;
using stats::IncompleteBeta;
using stats::Log;
using stats::Log1p;
using stats::LogAdd;
using stats::LogBeta;
using stats::LogRising;

// Expected purchases within t of a customer who is active now, whose rate is Gamma(r, alpha) and whose chance to stop is Beta(a, b).
// Eq. 10 is ((a+b-1)/(a-1)) (1 - (1-z)^r 2F1(r, b; a+b-1; z)), z = t/(alpha+t). Euler's transformation turns
// (1-z)^r 2F1(r, b; c; z) into (1-z)^(a-1) 2F1(c-r, a-1; c; z); the factor a-1 then leaves every term, and the pole at a = 1 with it:
//   E = -c Expm1((a-1) ln(1-z)) / (a-1) - (1-z)^(a-1) sum_{k>=1} (c-r)_k (a)_{k-1} / ((c+1)_{k-1} k!) z^k,   c = a+b-1.
double ExpectedWhileActive(double t, double r, double alpha, double a, double b) {
  if (t <= 0) return 0;
  const double c = a + b - 1;
  const double z = t / (alpha + t);
  const double log_left = -Log1p(t / alpha);   // ln(1 - z)
  const double first = -c * Expm1Over(a - 1, log_left);
  // The sum without its first factor (c-r) z is 3F2-like; term by term from k = 1.
  constexpr int kMostTerms = 50'000'000;
  double term = (c - r) * z, sum = term, lost = 0;
  for (int k = 1; k < kMostTerms && term != 0; ++k) {
    const double ratio = (c - r + k) * (a + k - 1) / ((c + k) * (k + 1.0)) * z;
    term *= ratio;
    const double next = sum + term;
    lost += std::abs(sum) >= std::abs(term) ? (sum - next) + term : (term - next) + sum;
    sum = next;
    const double shrink = std::max(std::abs(ratio), z);
    if (shrink < 1 && std::abs(term) * shrink < 1e-17 * (std::abs(sum) + std::abs(first)) * (1 - shrink)) break;
  }
  return std::max(0.0, first - Exp((a - 1) * log_left) * (sum + lost));
}

// ln of the odds that a customer with a repeat purchase has stopped; the chance to be active is 1 / (1 + e^this).
double LogOddsStopped(const BgNbd::Params& p, double x, double t_x, double age) {
  return Log(p.a) - Log(p.b + x - 1) + (p.r + x) * Log1p((age - t_x) / (p.alpha + t_x));
}

double AliveNow(const BgNbd::Params& p, double x, double t_x, double age) {
  return x == 0 ? 1.0 : 1 / (1 + Exp(LogOddsStopped(p, x, t_x, age)));
}

// E[e^(-lambda p s)] of an active customer: 2F1(r, a; a+b; -w) with w = s/alpha, by Pfaff's transformation (1+w)^(-a) 2F1(a+b-r, a; a+b; w/(1+w)).
double StaysFor(double s, double r, double alpha, double a, double b) {
  if (s <= 0) return 1;
  const double w = s / alpha;
  double scale = 0;
  const double f = Hypergeometric(a + b - r, a, a + b, w / (1 + w), &scale);
  return std::clamp(f * Exp(scale - a * Log1p(w)), 0.0, 1.0);
}

// P(n purchases within t) of an active customer (Fader, Hardie, Lee 2005, eq. 8 with the moment of the last purchase integrated out).
double CountWhileActive(std::int64_t n, double t, double r, double alpha, double a, double b) {
  if (t <= 0) return n == 0 ? 1 : 0;
  const auto count = static_cast<double>(n);
  const double z = t / (alpha + t);
  const double log_count = LogRising(r, count) - LogRising(1, count) - r * Log1p(t / alpha) + count * Log(z);
  const double goes_on = Exp(LogRising(b, count) - LogRising(a + b, count) + log_count);
  if (n == 0) return goes_on;
  const double log_stops = Log(a) + LogRising(b, count - 1) - LogRising(a + b, count);
  return std::min(1.0, goes_on + Exp(log_stops) * IncompleteBeta(count, r, z));
}

absl::Status CheckHorizon(double horizon, std::string_view name) {
  if (std::isfinite(horizon) && horizon >= 0) return absl::OkStatus();
  return Invalid("value.invalid_input", absl::StrCat(std::string(name), ": found ", horizon, ", expected a length of time of 0 or more"));
}

absl::StatusOr<double> PositiveNumber(JsonReader& in, std::string_view key) {
  RAPPORT_ASSIGN_OR_RETURN(const double value, in.Number(key));
  if (value > 0) return value;
  return in.Error(key, "invalid_parameter", absl::StrCat("found ", value, ", expected a number above 0"));
}

Json ParamsJson(const BgNbd::Params& p) { return Json::Object{{"r", p.r}, {"alpha", p.alpha}, {"a", p.a}, {"b", p.b}}; }

absl::StatusOr<BgNbd::Params> ReadParams(const Json& json, const std::string& path) {
  JsonReader in(json, path, "value");
  BgNbd::Params p;
  RAPPORT_ASSIGN_OR_RETURN(p.r, PositiveNumber(in, "r"));
  RAPPORT_ASSIGN_OR_RETURN(p.alpha, PositiveNumber(in, "alpha"));
  RAPPORT_ASSIGN_OR_RETURN(p.a, PositiveNumber(in, "a"));
  RAPPORT_ASSIGN_OR_RETURN(p.b, PositiveNumber(in, "b"));
  RAPPORT_RETURN_IF_ERROR(in.Finish());
  return p;
}

absl::Status ReadCovariance(const Json& json, BgNbd::FitReport& report) {
  const Json::Array* rows = json.if_array();
  std::array<std::array<double, 4>, 4> covariance{};
  for (std::size_t i = 0; i < 4; ++i) {
    const Json::Array* row = rows != nullptr && rows->size() == 4 ? (*rows)[i].if_array() : nullptr;
    for (std::size_t j = 0; j < 4; ++j) {
      const double* number = row != nullptr && row->size() == 4 ? (*row)[j].if_number() : nullptr;
      if (number == nullptr) return Invalid("value.wrong_type", "model.covariance: expected four rows of four numbers");
      covariance[i][j] = *number;
    }
  }
  report.covariance = covariance;
  return absl::OkStatus();
}

}  // namespace

double BgNbd::FitReport::Bic() const { return 4 * Log(customers) - 2 * log_likelihood; }

absl::StatusOr<BgNbd> BgNbd::Make(const Params& params) {
  const std::pair<std::string_view, double> named[] = {{"r", params.r}, {"alpha", params.alpha}, {"a", params.a}, {"b", params.b}};
  for (const auto& [name, value] : named) {
    if (value > 0 && std::isfinite(value)) continue;
    return Invalid("value.invalid_parameter", absl::StrCat(std::string(name), ": found ", value, ", expected a finite number above 0"));
  }
  return BgNbd(params);
}

absl::Status BgNbd::LogLikelihoodOf(std::span<const double> frequency, std::span<const double> recency, std::span<const double> age,
                                    std::span<double> out) const {
  RAPPORT_RETURN_IF_ERROR(CheckRows(frequency, recency, age, out.size()));
  const Params& p = params_;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double x = frequency[i];
    out[i] = LogRising(p.r, x) - p.r * Log1p(age[i] / p.alpha) - x * Log(p.alpha + age[i]) + LogRising(p.b, x) - LogRising(p.a + p.b, x);
    if (x > 0) out[i] += LogAdd(0, LogOddsStopped(p, x, recency[i], age[i]));
  }
  return absl::OkStatus();
}

absl::Status BgNbd::ProbabilityAlive(std::span<const double> frequency, std::span<const double> recency, std::span<const double> age,
                                     double ahead, std::span<double> out) const {
  RAPPORT_RETURN_IF_ERROR(CheckRows(frequency, recency, age, out.size()));
  RAPPORT_RETURN_IF_ERROR(CheckHorizon(ahead, "ahead"));
  const Params& p = params_;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double x = frequency[i];
    out[i] = AliveNow(p, x, recency[i], age[i]) * StaysFor(ahead, p.r + x, p.alpha + age[i], p.a, p.b + x);
  }
  return absl::OkStatus();
}

absl::Status BgNbd::ExpectedPurchases(double horizon, std::span<const double> frequency, std::span<const double> recency,
                                      std::span<const double> age, double start, std::span<double> out) const {
  RAPPORT_RETURN_IF_ERROR(CheckRows(frequency, recency, age, out.size()));
  RAPPORT_RETURN_IF_ERROR(CheckHorizon(horizon, "horizon"));
  RAPPORT_RETURN_IF_ERROR(CheckHorizon(start, "start"));
  const Params& p = params_;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double x = frequency[i], r = p.r + x, alpha = p.alpha + age[i], b = p.b + x;
    const double until_end = ExpectedWhileActive(start + horizon, r, alpha, p.a, b);
    const double before = start > 0 ? ExpectedWhileActive(start, r, alpha, p.a, b) : 0;
    out[i] = AliveNow(p, x, recency[i], age[i]) * std::max(0.0, until_end - before);
  }
  return absl::OkStatus();
}

absl::Status BgNbd::PurchaseProbability(std::int64_t n, double horizon, std::span<const double> frequency, std::span<const double> recency,
                                        std::span<const double> age, std::span<double> out) const {
  RAPPORT_RETURN_IF_ERROR(CheckRows(frequency, recency, age, out.size()));
  RAPPORT_RETURN_IF_ERROR(CheckHorizon(horizon, "horizon"));
  if (n < 0) return Invalid("value.invalid_input", absl::StrCat("n: found ", n, ", expected 0 or more"));
  const Params& p = params_;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double x = frequency[i];
    const double alive = AliveNow(p, x, recency[i], age[i]);
    out[i] = alive * CountWhileActive(n, horizon, p.r + x, p.alpha + age[i], p.a, p.b + x) + (n == 0 ? 1 - alive : 0);
  }
  return absl::OkStatus();
}

absl::StatusOr<double> BgNbd::ExpectedPurchasesNew(double horizon) const {
  RAPPORT_RETURN_IF_ERROR(CheckHorizon(horizon, "horizon"));
  return ExpectedWhileActive(horizon, params_.r, params_.alpha, params_.a, params_.b);
}

Json BgNbd::ToJson() const {
  Json::Object json{{"model", "bg_nbd"}, {"params", ParamsJson(params_)}};
  if (!report_) return json;
  if (report_->standard_errors) json.emplace("standard_errors", ParamsJson(*report_->standard_errors));
  if (report_->covariance) {
    Json::Array rows;
    for (const auto& row : *report_->covariance) rows.push_back(Json::Array(row.begin(), row.end()));
    json.emplace("covariance", std::move(rows));
  }
  json.emplace("log_likelihood", report_->log_likelihood);
  json.emplace("aic", report_->Aic());
  json.emplace("bic", report_->Bic());
  json.emplace("customers", report_->customers);
  json.emplace("converged", report_->converged);
  json.emplace("diagnosis", report_->diagnosis);
  return json;
}

absl::StatusOr<BgNbd> BgNbd::FromJson(const Json& json) {
  JsonReader in(json, "model", "value");
  RAPPORT_ASSIGN_OR_RETURN(const std::string name, in.String("model"));
  if (name != "bg_nbd") return in.Error("model", "unknown_model", absl::StrCat("found \"", name, "\", expected bg_nbd"));
  RAPPORT_ASSIGN_OR_RETURN(const Json* params_json, in.Any("params"));
  RAPPORT_ASSIGN_OR_RETURN(const Params params, ReadParams(*params_json, "model.params"));
  RAPPORT_ASSIGN_OR_RETURN(BgNbd model, Make(params));
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<double> log_likelihood, in.OptionalNumber("log_likelihood"));
  if (!log_likelihood) {
    RAPPORT_RETURN_IF_ERROR(in.Finish());
    return model;
  }
  FitReport report;
  report.log_likelihood = *log_likelihood;
  if (const Json* errors = in.OptionalAny("standard_errors")) {
    RAPPORT_ASSIGN_OR_RETURN(report.standard_errors, ReadParams(*errors, "model.standard_errors"));
  }
  if (const Json* covariance = in.OptionalAny("covariance")) RAPPORT_RETURN_IF_ERROR(ReadCovariance(*covariance, report));
  RAPPORT_ASSIGN_OR_RETURN(report.customers, in.Number("customers"));
  RAPPORT_ASSIGN_OR_RETURN(report.converged, in.Bool("converged"));
  RAPPORT_ASSIGN_OR_RETURN(report.diagnosis, in.String("diagnosis"));
  in.OptionalAny("aic"), in.OptionalAny("bic");   // derived
  RAPPORT_RETURN_IF_ERROR(in.Finish());
  model.report_ = std::move(report);
  return model;
}

}  // namespace rapport

// Predictions and the model as a value; the fit is in bg_nbd_fit.cpp.
#include "rapport/value/bg_nbd.hpp"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "rapport/core/status.hpp"
#include "rapport/stats/beta_mean.hpp"
#include "rapport/stats/special.hpp"
#include "value/bg_nbd_rows.hpp"

namespace rapport {
namespace {

using stats::BetaMeanOfDecay;
using stats::BetaMeanOfPassage;
using stats::Exp;
using stats::Expm1Over;
using stats::IncompleteBeta;
using stats::Log;
using stats::Log1p;
using stats::LogAdd;
using stats::LogRising;
using stats::Series;

// A series is given up where quadrature is as quick or where its terms cancel so far that digits are lost.
constexpr int kMostTerms = 2500;
constexpr double kMostLoss = 100;
constexpr double kLeastScale = 1e-250;

// What is known about one customer: the rate is Gamma(r, alpha) and the chance to stop Beta(a, b), if the customer is active.
struct Active {
  double r, alpha, a, b;
};

Active AfterHistory(const BgNbd::Params& p, double x, double age) { return {p.r + x, p.alpha + age, p.a, p.b + x}; }

// Expected purchases within t, or -1 where the series does not serve.
// Eq. 10 is ((a+b-1)/(a-1)) (1 - (1-z)^r 2F1(r, b; a+b-1; z)), z = t/(alpha+t). Euler's transformation turns (1-z)^r 2F1(r, b; c; z) into
// (1-z)^(a-1) 2F1(c-r, a-1; c; z), c = a+b-1; the factor (a-1)/c then leaves every term but the first, and the poles at a = 1 and c = 0 with it:
//   E = -c Expm1((a-1) ln(1-z)) / (a-1) - (1-z)^(a-1) sum_{k>=1} (c-r)_k (a)_{k-1} / ((c+1)_{k-1} k!) z^k.
double PassageBySeries(double t, const Active& of) {
  const double c = (of.a - 1) + of.b;
  const double z = t / (of.alpha + t);
  const double log_left = -Log1p(t / of.alpha);   // ln(1 - z)
  const double first = -c * Expm1Over(of.a - 1, log_left);
  const double scale = Exp((of.a - 1) * log_left);
  if ((1 - z) * kMostTerms < 40 || scale < kLeastScale) return -1;
  const Series rest = stats::HypergeometricRest(c - of.r, of.a, of.a + of.b, z, std::abs(first) / scale, kMostTerms);
  const double expected = first - scale * rest.sum;
  return rest.complete && expected * kMostLoss > std::abs(first) + scale * rest.largest ? expected : -1;
}

// Expected purchases from `start` to `start + t` of a customer active at 0.
double ExpectedWhileActive(double start, double t, const Active& of) {
  if (t <= 0) return 0;
  if (start <= 0) {
    const double expected = PassageBySeries(t, of);
    if (expected >= 0) return expected;
  } else {
    const double until_end = PassageBySeries(start + t, of), before = PassageBySeries(start, of);
    if (before >= 0 && (until_end - before) * kMostLoss > until_end) return until_end - before;
  }
  return BetaMeanOfPassage(of.a, of.b, of.r, start / of.alpha, t / of.alpha);
}

// The chance that a customer active at 0 is active at t: E[(1 + p w)^(-r)], w = t/alpha, which is 2F1(r, a; a+b; -w), by Pfaff's
// transformation (1+w)^(-a) 2F1(a+b-r, a; a+b; w/(1+w)).
double StaysFor(double t, const Active& of) {
  if (t <= 0) return 1;
  const double w = t / of.alpha, z = t / (of.alpha + t);
  const double scale = Exp(-of.a * Log1p(w));
  if ((1 - z) * kMostTerms > 40 && scale > kLeastScale) {
    const Series f = stats::Hypergeometric(of.a + of.b - of.r, of.a, of.a + of.b, z, kMostTerms);
    if (f.complete && f.sum * kMostLoss > f.largest) return std::min(1.0, f.sum * scale);
  }
  return std::min(1.0, BetaMeanOfDecay(of.a, of.b, of.r, w));
}

// P(n purchases within t) of a customer active at 0 (eq. 8).
double CountWhileActive(double n, double t, const Active& of) {
  if (t <= 0) return n == 0 ? 1 : 0;
  const double none = -of.r * Log1p(t / of.alpha);
  if (n == 0) return Exp(none);
  const double z = t / (of.alpha + t);
  // n purchases and active after each; or active after n - 1 of them, stopped at the n-th, which came within t.
  const double log_goes_on = LogRising(of.b, n) - LogRising(of.a + of.b, n) + LogRising(of.r, n) - LogRising(1, n) + none - n * Log1p(of.alpha / t);
  const double log_stops = Log(of.a) + LogRising(of.b, n - 1) - LogRising(of.a + of.b, n);
  return std::min(1.0, Exp(log_goes_on) + Exp(log_stops) * IncompleteBeta(n, of.r, z));
}

// ln of the odds that a customer with a repeat purchase has stopped.
double LogOddsStopped(const BgNbd::Params& p, double x, double t_x, double age) {
  return Log(p.a) - Log((x - 1) + p.b) + (p.r + x) * Log1p((age - t_x) / (p.alpha + t_x));
}

// ln of the chance to be active at T: 0 or less, finite also where the chance is below the smallest double.
double LogAlive(const BgNbd::Params& p, double x, double t_x, double age) {
  return x == 0 ? 0.0 : -LogAdd(0, LogOddsStopped(p, x, t_x, age));
}

// chance x number, which may be representable where the chance is not.
double TimesChance(double log_chance, double number) {
  return log_chance > -600 ? Exp(log_chance) * number : number > 0 ? Exp(log_chance + Log(number)) : 0;
}

absl::Status CheckSpan(double time, std::string_view name) {
  if (time >= 0 && time <= kLargestTime) return absl::OkStatus();
  return Invalid("value.invalid_input", absl::StrCat(std::string(name), ": found ", time, ", expected a time from 0 to 1e20"));
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
    if (value >= kSmallestParameter && value <= kLargestParameter) continue;
    return Invalid("value.invalid_parameter", absl::StrCat(std::string(name), ": found ", value, ", expected a number from 1e-50 to 1e50"));
  }
  return BgNbd(params);
}

absl::Status BgNbd::LogLikelihoodOf(std::span<const double> frequency, std::span<const double> recency, std::span<const double> age,
                                    std::span<double> out) const {
  RAPPORT_RETURN_IF_ERROR(CheckRows(frequency, recency, age, out.size()));
  const Params& p = params_;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double x = frequency[i];
    const double rates = LogRising(p.r, x) - p.r * Log1p(age[i] / p.alpha) - x * Log(p.alpha + age[i]);
    out[i] = rates + LogRising(p.b, x) - LogRising(p.a + p.b, x) - LogAlive(p, x, recency[i], age[i]);
  }
  return absl::OkStatus();
}

absl::Status BgNbd::ProbabilityAlive(std::span<const double> frequency, std::span<const double> recency, std::span<const double> age,
                                     double ahead, std::span<double> out) const {
  RAPPORT_RETURN_IF_ERROR(CheckRows(frequency, recency, age, out.size()));
  RAPPORT_RETURN_IF_ERROR(CheckSpan(ahead, "ahead"));
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double stays = StaysFor(ahead, AfterHistory(params_, frequency[i], age[i]));
    out[i] = TimesChance(LogAlive(params_, frequency[i], recency[i], age[i]), stays);
  }
  return absl::OkStatus();
}

absl::Status BgNbd::ExpectedPurchases(double horizon, std::span<const double> frequency, std::span<const double> recency,
                                      std::span<const double> age, double start, std::span<double> out) const {
  RAPPORT_RETURN_IF_ERROR(CheckRows(frequency, recency, age, out.size()));
  RAPPORT_RETURN_IF_ERROR(CheckSpan(horizon, "horizon"));
  RAPPORT_RETURN_IF_ERROR(CheckSpan(start, "start"));
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double expected = ExpectedWhileActive(start, horizon, AfterHistory(params_, frequency[i], age[i]));
    out[i] = TimesChance(LogAlive(params_, frequency[i], recency[i], age[i]), expected);
  }
  return absl::OkStatus();
}

absl::Status BgNbd::PurchaseProbability(std::int64_t n, double horizon, std::span<const double> frequency, std::span<const double> recency,
                                        std::span<const double> age, std::span<double> out) const {
  RAPPORT_RETURN_IF_ERROR(CheckRows(frequency, recency, age, out.size()));
  RAPPORT_RETURN_IF_ERROR(CheckSpan(horizon, "horizon"));
  const auto count = static_cast<double>(n);
  if (!(count >= 0 && count <= kLargestCount)) return Invalid("value.invalid_input", absl::StrCat("n: found ", n, ", expected a count of 0 or more"));
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double log_alive = LogAlive(params_, frequency[i], recency[i], age[i]);
    out[i] = TimesChance(log_alive, CountWhileActive(count, horizon, AfterHistory(params_, frequency[i], age[i])));
    if (n == 0) out[i] -= stats::Expm1(log_alive);   // or stopped before T
  }
  return absl::OkStatus();
}

absl::StatusOr<double> BgNbd::ExpectedPurchasesNew(double horizon) const {
  RAPPORT_RETURN_IF_ERROR(CheckSpan(horizon, "horizon"));
  return ExpectedWhileActive(0, horizon, AfterHistory(params_, 0, 0));
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

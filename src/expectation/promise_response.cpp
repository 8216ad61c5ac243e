#include "rapport/expectation/promise_response.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "rapport/core/status.hpp"
#include "rapport/stats/logistic.hpp"
#include "rapport/stats/special.hpp"

namespace rapport {
namespace {

constexpr double kLargest = 1e6;
constexpr std::array<const char*, 4> kNames = {"const", "late", "days_early", "days_late"};

absl::Status BadRow(std::size_t row, std::string_view field, double found, std::string_view expected) {
  return Invalid("expectation.invalid_input",
                 absl::StrCat("row ", row, ", field ", ToAbsl(field), ": found ", found, ", expected ", ToAbsl(expected)));
}

absl::Status CheckSize(std::string_view field, std::size_t found, std::size_t expected) {
  if (found == expected) return absl::OkStatus();
  return Invalid("expectation.invalid_input", absl::StrCat("field ", ToAbsl(field), ": found ", found, " rows, expected ", expected));
}

absl::Status CheckDays(std::span<const double> days_early) {
  for (std::size_t i = 0; i < days_early.size(); ++i) {
    if (!(std::abs(days_early[i]) <= kLargest)) return BadRow(i, "days_early", days_early[i], "a number of days, at most 1e6 by size");
  }
  return absl::OkStatus();
}

absl::Status CheckRows(std::span<const double> days_early, std::span<const double> satisfied, std::span<const double> weights) {
  RAPPORT_RETURN_IF_ERROR(CheckSize("satisfied", satisfied.size(), days_early.size()));
  if (!weights.empty()) RAPPORT_RETURN_IF_ERROR(CheckSize("weights", weights.size(), days_early.size()));
  RAPPORT_RETURN_IF_ERROR(CheckDays(days_early));
  bool any = false;
  for (std::size_t i = 0; i < days_early.size(); ++i) {
    if (!(satisfied[i] >= 0 && satisfied[i] <= 1)) return BadRow(i, "satisfied", satisfied[i], "1, 0 or a share in between");
    const double weight = weights.empty() ? 1 : weights[i];
    if (!(weight >= 0 && weight <= 1e20)) return BadRow(i, "weights", weight, "a weight from 0 to 1e20");
    any = any || weight > 0;
  }
  if (any) return absl::OkStatus();
  return FailedPrecondition("expectation.too_few_rows", absl::StrCat("found ", days_early.size(), " rows, none with a weight, expected at least one"));
}

// The three columns of the curve.
struct Columns {
  std::vector<double> late, days_early, days_late;
  explicit Columns(std::span<const double> days) {
    for (const double d : days) {
      late.push_back(d < 0 ? 1 : 0);
      days_early.push_back(std::max(d, 0.0));
      days_late.push_back(std::max(-d, 0.0));
    }
  }
};

// What the rows do not tell, in words of promises.
std::string DiagnosisOf(const stats::LogisticFit& fit) {
  if (fit.end != stats::LogisticEnd::kSingular) return fit.diagnosis;
  const auto has = [&fit](std::string_view name) { return std::find(fit.named.begin(), fit.named.end(), name) != fit.named.end(); };
  std::vector<std::string> said;
  if (has("late")) {
    said.emplace_back("late and on-time promises do not both occur, so the jump and the slope of late days are not known");
  } else if (has("days_late")) {
    said.emplace_back("all late promises were late by the same days, so the slope of late days is not known apart from the jump");
  }
  if (has("days_early")) said.emplace_back("no two margins on the early side differ, so the slope of early days is not known");
  return absl::StrCat("What is not known is held at 0: ", absl::StrJoin(said, "; "), ".");
}

Json ParamsJson(const PromiseResponse::Params& p) {
  return Json::Object{{"const", p.constant}, {"late", p.late}, {"days_early", p.days_early}, {"days_late", p.days_late}};
}

absl::StatusOr<PromiseResponse::Params> ReadParams(const Json& json, std::string path) {
  JsonReader in(json, std::move(path), "expectation");
  PromiseResponse::Params p;
  RAPPORT_ASSIGN_OR_RETURN(p.constant, in.Number("const"));
  RAPPORT_ASSIGN_OR_RETURN(p.late, in.Number("late"));
  RAPPORT_ASSIGN_OR_RETURN(p.days_early, in.Number("days_early"));
  RAPPORT_ASSIGN_OR_RETURN(p.days_late, in.Number("days_late"));
  RAPPORT_RETURN_IF_ERROR(in.Finish());
  return p;
}

Json OptionalJson(const std::optional<double>& value) { return value ? Json(*value) : Json(); }

absl::Status ReadErrors(const Json& json, PromiseResponse::Errors& errors) {
  JsonReader in(json, "model.standard_errors", "expectation");
  for (std::size_t j = 0; j < errors.size(); ++j) {
    RAPPORT_ASSIGN_OR_RETURN(const Json* value, in.Any(kNames[j]));
    if (value->is_null()) continue;
    if (value->if_number() == nullptr) return in.Error(kNames[j], "wrong_type", absl::StrCat("found ", ToAbsl(value->KindName()), ", expected a number or null"));
    errors[j] = *value->if_number();
  }
  return in.Finish();
}

absl::StatusOr<PromiseResponse::Covariance> ReadCovariance(const Json& json) {
  const auto wrong = [] { return Invalid("expectation.wrong_type", "model.covariance: expected 4 rows of 4 numbers, in the order const, late, days_early, days_late"); };
  PromiseResponse::Covariance covariance{};
  const Json::Array* rows = json.if_array();
  if (rows == nullptr || rows->size() != 4) return wrong();
  for (std::size_t i = 0; i < 4; ++i) {
    const Json::Array* row = (*rows)[i].if_array();
    if (row == nullptr || row->size() != 4) return wrong();
    for (std::size_t j = 0; j < 4; ++j) {
      if ((*row)[j].if_number() == nullptr) return wrong();
      covariance[i][j] = *(*row)[j].if_number();
    }
  }
  return covariance;
}

}  // namespace

absl::StatusOr<PromiseResponse> PromiseResponse::Make(const Params& params) {
  const std::array<double, 4> values = {params.constant, params.late, params.days_early, params.days_late};
  for (std::size_t j = 0; j < 4; ++j) {
    if (std::abs(values[j]) <= kLargest) continue;
    return Invalid("expectation.invalid_parameter", absl::StrCat(kNames[j], ": found ", values[j], ", expected a number of at most 1e6 by size"));
  }
  return PromiseResponse(params);
}

absl::StatusOr<PromiseResponse> PromiseResponse::Fit(std::span<const double> days_early, std::span<const double> satisfied,
                                                     std::span<const double> weights, const Options& options) {
  RAPPORT_RETURN_IF_ERROR(CheckRows(days_early, satisfied, weights));
  const Columns columns(days_early);
  using stats::LogisticBound;
  const LogisticBound falls = options.monotone ? LogisticBound::kNotPositive : LogisticBound::kNone;
  const LogisticBound rises = options.monotone ? LogisticBound::kNotNegative : LogisticBound::kNone;
  const stats::LogisticColumn named[] = {{kNames[1], columns.late, falls}, {kNames[2], columns.days_early, rises}, {kNames[3], columns.days_late, falls}};
  RAPPORT_ASSIGN_OR_RETURN(const stats::LogisticFit fit, stats::FitLogistic(named, satisfied, weights));
  PromiseResponse model({fit.coefficients[0], fit.coefficients[1], fit.coefficients[2], fit.coefficients[3]});
  FitReport report;
  report.log_likelihood = fit.log_likelihood;
  report.rows = fit.rows;
  report.satisfied = fit.successes;
  report.converged = fit.converged();
  report.monotone = options.monotone;
  report.diagnosis = DiagnosisOf(fit);
  if (!fit.covariance.empty()) {
    report.covariance.emplace();
    for (std::size_t i = 0; i < 4; ++i) {
      if (fit.holds[i] == stats::LogisticHold::kFree) report.standard_errors[i] = fit.standard_errors[i];
      for (std::size_t j = 0; j < 4; ++j) (*report.covariance)[i][j] = fit.covariance[i][j];
    }
  }
  model.report_ = std::move(report);
  return model;
}

absl::Status PromiseResponse::Predict(std::span<const double> days_early, std::span<double> out) const {
  RAPPORT_RETURN_IF_ERROR(CheckSize("days_early", days_early.size(), out.size()));
  RAPPORT_RETURN_IF_ERROR(CheckDays(days_early));
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double d = days_early[i];
    out[i] = stats::Logistic(params_.constant + (d < 0 ? params_.late - d * params_.days_late : d * params_.days_early));
  }
  return absl::OkStatus();
}

absl::StatusOr<PromiseResponse::Ratio> PromiseResponse::LateToEarlyRatio(double level) const {
  if (!(level > 0 && level < 1)) {
    return Invalid("expectation.invalid_input", absl::StrCat("level: found ", level, ", expected a number between 0 and 1"));
  }
  Ratio ratio;
  ratio.level = level;
  const double early = params_.days_early, late = params_.days_late;
  if (early == 0) return ratio;
  ratio.ratio = -late / early + 0.0;   // never -0
  if (!report_ || !report_->covariance || !report_->standard_errors[2] || !report_->standard_errors[3]) return ratio;
  // a q^2 + 2 b q + c <= 0 holds for the ratios q that the data do not refuse.
  const Covariance& v = *report_->covariance;
  const double z = stats::NormalQuantile((1 + level) / 2), z2 = z * z;
  const double a = early * early - z2 * v[2][2], b = late * early - z2 * v[2][3], c = late * late - z2 * v[3][3];
  const double within = b * b - a * c;
  if (a > 0) {
    const double half = stats::Sqrt(std::max(within, 0.0));
    ratio.low = (-b - half) / a + 0.0;
    ratio.high = (-b + half) / a + 0.0;
  } else if (a < 0 && within > 0) {
    const double upper_part = (-b - stats::Sqrt(within)) / a;   // the larger root: a is negative
    if (upper_part > 0 && c > 0) ratio.low = upper_part;
  }
  return ratio;
}

Json PromiseResponse::ToJson() const {
  Json::Object json{{"model", "promise_response"}, {"params", ParamsJson(params_)}};
  if (!report_) return json;
  Json::Object errors;
  for (std::size_t j = 0; j < 4; ++j) errors.emplace(kNames[j], OptionalJson(report_->standard_errors[j]));
  json.emplace("standard_errors", std::move(errors));
  if (report_->covariance) {
    Json::Array rows;
    for (const auto& row : *report_->covariance) rows.push_back(Json::Array(row.begin(), row.end()));
    json.emplace("covariance", std::move(rows));
  }
  json.emplace("log_likelihood", report_->log_likelihood);
  json.emplace("rows", report_->rows);
  json.emplace("satisfied", report_->satisfied);
  json.emplace("converged", report_->converged);
  json.emplace("monotone", report_->monotone);
  json.emplace("diagnosis", report_->diagnosis);
  if (const auto ratio = LateToEarlyRatio(); ratio.ok()) {
    json.emplace("late_to_early_ratio", Json::Object{{"ratio", OptionalJson(ratio->ratio)}, {"low", OptionalJson(ratio->low)},
                                                     {"high", OptionalJson(ratio->high)}, {"level", ratio->level}});
  }
  return json;
}

absl::StatusOr<PromiseResponse> PromiseResponse::FromJson(const Json& json) {
  JsonReader in(json, "model", "expectation");
  RAPPORT_ASSIGN_OR_RETURN(const std::string name, in.String("model"));
  if (name != "promise_response") return in.Error("model", "unknown_model", absl::StrCat("found \"", name, "\", expected promise_response"));
  RAPPORT_ASSIGN_OR_RETURN(const Json* params_json, in.Any("params"));
  RAPPORT_ASSIGN_OR_RETURN(const Params params, ReadParams(*params_json, "model.params"));
  RAPPORT_ASSIGN_OR_RETURN(PromiseResponse model, Make(params));
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<double> log_likelihood, in.OptionalNumber("log_likelihood"));
  if (!log_likelihood) {
    RAPPORT_RETURN_IF_ERROR(in.Finish());
    return model;
  }
  FitReport report;
  report.log_likelihood = *log_likelihood;
  RAPPORT_ASSIGN_OR_RETURN(const Json* errors, in.Any("standard_errors"));
  RAPPORT_RETURN_IF_ERROR(ReadErrors(*errors, report.standard_errors));
  if (const Json* covariance = in.OptionalAny("covariance")) {
    RAPPORT_ASSIGN_OR_RETURN(report.covariance, ReadCovariance(*covariance));
  }
  RAPPORT_ASSIGN_OR_RETURN(report.rows, in.Number("rows"));
  RAPPORT_ASSIGN_OR_RETURN(report.satisfied, in.Number("satisfied"));
  RAPPORT_ASSIGN_OR_RETURN(report.converged, in.Bool("converged"));
  RAPPORT_ASSIGN_OR_RETURN(report.monotone, in.Bool("monotone"));
  RAPPORT_ASSIGN_OR_RETURN(report.diagnosis, in.String("diagnosis"));
  in.OptionalAny("late_to_early_ratio");   // derived
  RAPPORT_RETURN_IF_ERROR(in.Finish());
  model.report_ = std::move(report);
  return model;
}

}  // namespace rapport

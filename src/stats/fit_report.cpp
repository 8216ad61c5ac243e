#include "rapport/stats/fit_report.hpp"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "rapport/core/status.hpp"
#include "rapport/stats/special.hpp"

namespace rapport::stats {
namespace {

// Of the first parameters, as many as there are values.
Json NumbersJson(std::span<const NamedNumber> params, std::span<const double> values) {
  Json::Object json;
  for (std::size_t i = 0; i < std::min(params.size(), values.size()); ++i) json.emplace(params[i].name, values[i]);
  return json;
}

absl::StatusOr<std::vector<double>> ReadNumbers(const Json& json, const std::string& path, std::span<const std::string> names) {
  JsonReader in(json, path, "value");
  std::vector<double> values;
  for (const std::string& name : names) {
    RAPPORT_ASSIGN_OR_RETURN(const double value, in.Number(name));
    values.push_back(value);
  }
  RAPPORT_RETURN_IF_ERROR(in.Finish());
  return values;
}

// Of all parameters, or of all but the last where that has no error: a whole number.
absl::StatusOr<std::vector<double>> ReadErrors(const Json& json, const std::string& path, std::span<const std::string> names) {
  const bool last = json.if_object() != nullptr && !names.empty() && json.Find(names.back()) != nullptr;
  return ReadNumbers(json, path, last || names.empty() ? names : names.first(names.size() - 1));
}

absl::StatusOr<Matrix> ReadMatrix(const JsonReader& in, const Json& json, std::size_t size) {
  const Json::Array* rows = json.if_array();
  Matrix matrix(size, std::vector<double>(size, 0));
  for (std::size_t i = 0; i < size; ++i) {
    const Json::Array* row = rows != nullptr && rows->size() == size ? (*rows)[i].if_array() : nullptr;
    for (std::size_t j = 0; j < size; ++j) {
      const double* number = row != nullptr && row->size() == size ? (*row)[j].if_number() : nullptr;
      if (number == nullptr) return in.Error("covariance", "wrong_type", absl::StrCat("expected ", size, " rows of ", size, " numbers"));
      matrix[i][j] = *number;
    }
  }
  return matrix;
}

// How many parameters a fit counted: the last one not where the caller gave it, which lowers AIC by 2.
std::size_t CountedBy(const FitReport& of_all, const Json* aic) {
  const double* const told = aic == nullptr ? nullptr : aic->if_number();
  const bool fewer = told != nullptr && of_all.parameters > 0 && *told < of_all.Aic() - 1;
  return fewer ? of_all.parameters - 1 : of_all.parameters;
}

}  // namespace

double FitReport::Aic() const { return 2 * static_cast<double>(parameters) - 2 * log_likelihood; }
double FitReport::Bic() const { return static_cast<double>(parameters) * Log(customers) - 2 * log_likelihood; }

void AddErrors(const Matrix& hessian, std::span<const double> slopes, FitReport& report) {
  const Matrix inverse = InvertPositiveDefinite(hessian);
  if (inverse.empty()) return;
  const std::size_t size = inverse.size();
  report.covariance.assign(size, std::vector<double>(size, 0));
  report.standard_errors.clear();
  for (std::size_t i = 0; i < size; ++i) {
    for (std::size_t j = 0; j < size; ++j) report.covariance[i][j] = (inverse[i][j] + inverse[j][i]) / 2 * slopes[i] * slopes[j];
    report.standard_errors.push_back(Sqrt(report.covariance[i][i]));
  }
}

Json::Object FitJson(std::string_view model, std::span<const NamedNumber> params, const std::optional<FitReport>& report) {
  std::vector<double> values;
  for (const NamedNumber& param : params) values.push_back(param.value);
  Json::Object json{{"model", std::string(model)}, {"params", NumbersJson(params, values)}};
  if (!report) return json;
  if (!report->standard_errors.empty()) json.emplace("standard_errors", NumbersJson(params, report->standard_errors));
  if (!report->covariance.empty()) {
    Json::Array rows;
    for (const std::vector<double>& row : report->covariance) rows.push_back(Json::Array(row.begin(), row.end()));
    json.emplace("covariance", std::move(rows));
  }
  json.emplace("log_likelihood", report->log_likelihood);
  json.emplace("aic", report->Aic());
  json.emplace("bic", report->Bic());
  json.emplace("customers", report->customers);
  json.emplace("converged", report->converged);
  json.emplace("diagnosis", report->diagnosis);
  return json;
}

absl::StatusOr<ReadFit> FitFromJson(JsonReader& in, std::string_view model, std::span<const std::string> names) {
  ReadFit read;
  RAPPORT_ASSIGN_OR_RETURN(const std::string name, in.String("model"));
  if (name != model) return in.Error("model", "unknown_model", absl::StrCat("found \"", name, "\", expected ", std::string(model)));
  RAPPORT_ASSIGN_OR_RETURN(const Json* params, in.Any("params"));
  RAPPORT_ASSIGN_OR_RETURN(read.params, ReadNumbers(*params, in.PathOf("params"), names));
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<double> log_likelihood, in.OptionalNumber("log_likelihood"));
  if (!log_likelihood) return read;
  FitReport report;
  report.parameters = names.size();
  report.log_likelihood = *log_likelihood;
  if (const Json* errors = in.OptionalAny("standard_errors")) {
    RAPPORT_ASSIGN_OR_RETURN(report.standard_errors, ReadErrors(*errors, in.PathOf("standard_errors"), names));
  }
  if (const Json* covariance = in.OptionalAny("covariance")) {
    RAPPORT_ASSIGN_OR_RETURN(report.covariance, ReadMatrix(in, *covariance, report.standard_errors.size()));
  }
  RAPPORT_ASSIGN_OR_RETURN(report.customers, in.Number("customers"));
  RAPPORT_ASSIGN_OR_RETURN(report.converged, in.Bool("converged"));
  RAPPORT_ASSIGN_OR_RETURN(report.diagnosis, in.String("diagnosis"));
  report.parameters = CountedBy(report, in.OptionalAny("aic"));
  in.OptionalAny("bic");   // derived
  read.report = std::move(report);
  return read;
}

}  // namespace rapport::stats

// Models of the customer base on plain columns.
#include <algorithm>
#include <memory>
#include <span>

#include "border.hpp"
#include "rapport/value/bg_cnbd_k.hpp"
#include "rapport/value/gamma_gamma.hpp"
#include "rapport/value/lifetime_value.hpp"
#include "rapport/value/mbg_cnbd_k.hpp"
#include "rapport/value/model_question.hpp"
#include "rapport/value/models.hpp"
#include "rapport/value/money_interval.hpp"
#include "rapport/value/prediction_interval.hpp"
#include "rapport_pure.h"

using namespace rapport;        // NOLINT: this file is the border of that namespace
using namespace rapport::capi;  // NOLINT

namespace {

constexpr size_t kColumnsV1 = offsetof(rapport_value_columns, dropout_names_size) + sizeof(size_t);
constexpr char kSpend[] = "gamma_gamma";
constexpr char kPrefix[] = "value";

// Columns of the caller, as spans; one that is NULL is empty.
struct Columns {
  size_t size = 0;
  Histories rows;
  std::span<const double> monetary, weights, log_gaps;
};

absl::Status ReadCovariates(const char* names, size_t names_size, const double* const* columns, int64_t count, size_t size, Covariates& out) {
  RAPPORT_ASSIGN_OR_RETURN(out.names, ReadTexts(names, names_size, "covariate names"));
  if (count < 0 || static_cast<size_t>(count) != out.names.size()) {
    return Invalid("value.covariates", "covariates: found " + std::to_string(out.names.size()) + " names, expected " + std::to_string(count));
  }
  if (count > 0) RAPPORT_RETURN_IF_ERROR(NotNull({columns}));
  for (size_t i = 0; i < out.names.size(); ++i) {
    RAPPORT_RETURN_IF_ERROR(NotNull({columns[i]}));
    out.columns.emplace_back(columns[i], size);
  }
  return absl::OkStatus();
}

absl::StatusOr<Columns> ReadColumns(const rapport_value_columns* given) {
  RAPPORT_RETURN_IF_ERROR(NotNull({given}));
  RAPPORT_RETURN_IF_ERROR(CheckStruct(given, kColumnsV1, "rapport_value_columns"));
  if (given->n < 0) return Invalid("capi.invalid_count", "n: found " + std::to_string(given->n) + ", expected 0 or more");
  Columns read;
  read.size = static_cast<size_t>(given->n);
  const auto span = [&](const double* column) { return column == nullptr ? std::span<const double>() : std::span(column, read.size); };
  read.rows.frequency = span(given->frequency);
  read.rows.recency = span(given->recency);
  read.rows.age = span(given->age);
  read.monetary = span(given->monetary);
  read.weights = span(given->weights);
  read.log_gaps = span(given->log_gaps);
  RAPPORT_RETURN_IF_ERROR(ReadCovariates(given->transaction_names, given->transaction_names_size, given->transaction, given->transaction_count, read.size,
                                         read.rows.transaction));
  RAPPORT_RETURN_IF_ERROR(
      ReadCovariates(given->dropout_names, given->dropout_names_size, given->dropout, given->dropout_count, read.size, read.rows.dropout));
  return read;
}

absl::StatusOr<Json> ReadJson(const char* text, size_t size, std::string_view name) {
  RAPPORT_RETURN_IF_ERROR(CheckText(text, size, name));
  if (size == 0) return Json(Json::Object());
  absl::StatusOr<Json> json = Json::Parse(View(text, size));
  if (!json.ok()) return WithContext(json.status(), std::string(name));
  if (json->if_object() == nullptr) return Invalid("value.wrong_type", std::string(name) + ": found " + std::string(json->KindName()) + ", expected an object");
  return json;
}

// The member of an object, taken out of it: what is left is read by its own type.
Json Take(Json& object, std::string_view key) {
  Json::Object& members = *object.if_object();
  const auto found = members.find(key);
  if (found == members.end()) return Json();
  Json taken = std::move(found->second);
  members.erase(found);
  return taken;
}

absl::Status TakePredictOptions(Json& question, PredictOptions& options) {
  Json::Object both{{"log", Take(question, "log")}, {"threads", Take(question, "threads")}};
  std::erase_if(both, [](const auto& member) { return member.second.is_null(); });
  const Json taken(std::move(both));
  JsonReader in(taken, "question", kPrefix);
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<bool> log, in.OptionalBool("log"));
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::int64_t> threads, in.OptionalInteger("threads"));
  options.log = log.value_or(false);
  if (threads.value_or(1) < 1 || threads.value_or(1) > 1024) return in.Error("threads", "invalid_value", "found " + std::to_string(*threads) + ", expected 1 to 1024");
  options.threads = static_cast<int>(threads.value_or(1));
  return absl::OkStatus();
}

bool IsSpend(const Json& model) {
  const Json* name = model.Find("model");
  return name != nullptr && name->if_string() != nullptr && *name->if_string() == kSpend;
}

template <class Model>
absl::StatusOr<Json> Fitted(absl::StatusOr<Model> model) {
  if (!model.ok()) return model.status();
  return model->ToJson();
}

absl::StatusOr<Json> FitByName(std::string_view name, const Columns& columns, const Json& options) {
  JsonReader in(options, "options", kPrefix);
  const bool regular = name == "bg_cnbd_k" || name == "mbg_cnbd_k";
  std::optional<std::int64_t> k;
  if (regular) {
    RAPPORT_ASSIGN_OR_RETURN(k, in.OptionalInteger("k"));
  }
  RAPPORT_RETURN_IF_ERROR(in.Finish());
  std::optional<int> phases;
  if (k.has_value()) phases = static_cast<int>(std::clamp<std::int64_t>(*k, -1, 1'000'000));
  if (name == "bg_cnbd_k") return Fitted(BgCnbdK::Fit(columns.rows, columns.weights, columns.log_gaps, phases));
  if (name == "mbg_cnbd_k") return Fitted(MbgCnbdK::Fit(columns.rows, columns.weights, columns.log_gaps, phases));
  if (name == kSpend) return Fitted(GammaGamma::Fit(columns.rows.frequency, columns.monetary, columns.weights));
  RAPPORT_ASSIGN_OR_RETURN(const auto model, FitPurchaseModel(name, columns.rows, columns.weights));
  return model->ToJson();
}

// What a model of spending answers.
absl::StatusOr<std::vector<double>> AnswerOfSpend(const Json& model, const Json& question, const rapport_value_columns* given, const PredictOptions& options) {
  RAPPORT_ASSIGN_OR_RETURN(const Columns columns, ReadColumns(given));
  RAPPORT_ASSIGN_OR_RETURN(const GammaGamma spend, GammaGamma::FromJson(model));
  JsonReader in(question, "question", kPrefix);
  RAPPORT_ASSIGN_OR_RETURN(const std::string quantity, in.String("quantity"));
  RAPPORT_RETURN_IF_ERROR(in.Finish());
  const bool likelihood = quantity == "log_likelihood";
  if (!likelihood && quantity != "expected_value") {
    return in.Error("quantity", "unknown_quantity", "found \"" + quantity + "\", expected expected_value or log_likelihood");
  }
  std::vector<double> answers(columns.size);
  RAPPORT_RETURN_IF_ERROR(likelihood ? spend.LogLikelihoodOf(columns.rows.frequency, columns.monetary, answers, options)
                                     : spend.ExpectedValue(columns.rows.frequency, columns.monetary, answers, options));
  return answers;
}

absl::StatusOr<IntervalOptions> TakeIntervalOptions(Json& question) {
  Json::Object own;
  for (const char* key : {"level", "method", "replicates", "seed", "threads"}) {
    if (Json taken = Take(question, key); !taken.is_null()) own.emplace(key, std::move(taken));
  }
  const Json json(std::move(own));
  JsonReader in(json, "question", kPrefix);
  IntervalOptions options;
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<double> level, in.OptionalNumber("level"));
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::string> method, in.OptionalString("method"));
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::int64_t> replicates, in.OptionalInteger("replicates"));
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::int64_t> seed, in.OptionalInteger("seed"));
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::int64_t> threads, in.OptionalInteger("threads"));
  options.level = level.value_or(options.level);
  if (method.has_value() && *method != "delta" && *method != "bootstrap") {
    return in.Error("method", "unknown_word", "found \"" + *method + "\", expected delta or bootstrap");
  }
  options.method = method == "bootstrap" ? IntervalMethod::kBootstrap : IntervalMethod::kDelta;
  options.replicates = static_cast<int>(std::clamp<std::int64_t>(replicates.value_or(options.replicates), -1, 1'000'000'000));
  options.seed = static_cast<std::uint64_t>(seed.value_or(0));
  options.threads = static_cast<int>(std::clamp<std::int64_t>(threads.value_or(1), 1, 1024));
  return options;
}

// What is asked of a model of when customers buy, and of whom: a question about somebody new needs no columns.
struct PurchaseAsked {
  ModelQuestion question;
  Columns columns;
};

absl::StatusOr<PurchaseAsked> ReadPurchaseAsked(const Json& question, const rapport_value_columns* columns) {
  PurchaseAsked asked;
  RAPPORT_ASSIGN_OR_RETURN(asked.question, ModelQuestion::FromJson(question));
  if (asked.question.kind != ModelQuestion::Kind::kExpectedPurchasesNew || columns != nullptr) {
    RAPPORT_ASSIGN_OR_RETURN(asked.columns, ReadColumns(columns));
  }
  return asked;
}

absl::StatusOr<std::vector<double>> AnswerOfPurchases(const Json& model, const Json& question, const rapport_value_columns* columns,
                                                      const PredictOptions& options) {
  RAPPORT_ASSIGN_OR_RETURN(const auto read, ReadPurchaseModel(model));
  RAPPORT_ASSIGN_OR_RETURN(const PurchaseAsked asked, ReadPurchaseAsked(question, columns));
  std::vector<double> answers(AnswersTo(asked.question, asked.columns.rows));
  RAPPORT_RETURN_IF_ERROR(Answer(*read, asked.question, asked.columns.rows, answers, options));
  return answers;
}

struct Terms {
  LifetimeValueTerms value;
  bool by_period = false;
  PredictOptions predict;
};

absl::StatusOr<LifetimeValueTerms> ReadLifetimeTerms(JsonReader& in) {
  LifetimeValueTerms terms;
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::int64_t> periods, in.OptionalInteger("periods"));
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<double> rate, in.OptionalNumber("discount_rate"));
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<double> period, in.OptionalNumber("period"));
  terms.periods = static_cast<int>(std::clamp<std::int64_t>(periods.value_or(terms.periods), -1, 1'000'000'000));
  terms.discount_rate = rate.value_or(terms.discount_rate);
  terms.period = period.value_or(terms.period);
  return terms;
}

absl::StatusOr<Terms> ReadTerms(const char* text, size_t size) {
  RAPPORT_ASSIGN_OR_RETURN(Json json, ReadJson(text, size, "terms"));
  Terms terms;
  RAPPORT_RETURN_IF_ERROR(TakePredictOptions(json, terms.predict));
  JsonReader in(json, "terms", kPrefix);
  RAPPORT_ASSIGN_OR_RETURN(terms.value, ReadLifetimeTerms(in));
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<bool> by_period, in.OptionalBool("by_period"));
  RAPPORT_RETURN_IF_ERROR(in.Finish());
  terms.by_period = by_period.value_or(false);
  return terms;
}

// What one purchase of each customer is worth: as a model of spending expects, or as the caller says.
absl::StatusOr<std::vector<double>> Values(const char* spend, size_t spend_size, const Columns& columns) {
  if (spend_size == 0) return std::vector<double>(columns.monetary.begin(), columns.monetary.end());
  RAPPORT_ASSIGN_OR_RETURN(const Json json, ReadJson(spend, spend_size, "spend"));
  RAPPORT_ASSIGN_OR_RETURN(const GammaGamma model, GammaGamma::FromJson(json));
  std::vector<double> values(columns.size);
  RAPPORT_RETURN_IF_ERROR(model.ExpectedValue(columns.rows.frequency, columns.monetary, values));
  return values;
}

// What intervals are of: columns asked about, and the customers of the fit, none where they are NULL.
struct IntervalAsked {
  const rapport_value_columns* columns;
  const rapport_value_columns* fitted_on;
  IntervalOptions options;

  absl::StatusOr<Columns> FittedOn() const { return fitted_on == nullptr ? Columns() : ReadColumns(fitted_on); }
};

absl::StatusOr<Interval> IntervalOfSpend(const Json& model, const Json& question, const IntervalAsked& asked) {
  RAPPORT_ASSIGN_OR_RETURN(const GammaGamma spend, GammaGamma::FromJson(model));
  JsonReader in(question, "question", kPrefix);
  RAPPORT_ASSIGN_OR_RETURN(const std::string quantity, in.String("quantity"));
  RAPPORT_RETURN_IF_ERROR(in.Finish());
  if (quantity != "expected_value") return in.Error("quantity", "unknown_quantity", "found \"" + quantity + "\", expected expected_value");
  RAPPORT_ASSIGN_OR_RETURN(const Columns rows, ReadColumns(asked.columns));
  RAPPORT_ASSIGN_OR_RETURN(const Columns base, asked.FittedOn());
  return ExpectedValueInterval(spend, rows.rows.frequency, rows.monetary, asked.options, base.rows.frequency);
}

absl::StatusOr<Interval> IntervalOfLifetimeValue(const Json& model, Json question, const IntervalAsked& asked) {
  RAPPORT_ASSIGN_OR_RETURN(const auto read, ReadPurchaseModel(model));
  const Json spend_json = Take(question, "spend");
  JsonReader in(question, "question", kPrefix);
  RAPPORT_RETURN_IF_ERROR(in.String("quantity").status());
  RAPPORT_ASSIGN_OR_RETURN(const LifetimeValueTerms terms, ReadLifetimeTerms(in));
  RAPPORT_RETURN_IF_ERROR(in.Finish());
  RAPPORT_ASSIGN_OR_RETURN(const Columns rows, ReadColumns(asked.columns));
  RAPPORT_ASSIGN_OR_RETURN(const Columns base, asked.FittedOn());
  if (spend_json.is_null()) return LifetimeValueInterval(*read, rows.rows, rows.monetary, terms, asked.options, base.rows);
  RAPPORT_ASSIGN_OR_RETURN(const GammaGamma spend, GammaGamma::FromJson(spend_json));
  return LifetimeValueInterval(*read, rows.rows, spend, rows.monetary, terms, asked.options, base.rows);
}

absl::StatusOr<Interval> IntervalOfPurchases(const Json& model, const Json& question, const IntervalAsked& asked) {
  RAPPORT_ASSIGN_OR_RETURN(const auto read, ReadPurchaseModel(model));
  RAPPORT_ASSIGN_OR_RETURN(const PurchaseAsked about, ReadPurchaseAsked(question, asked.columns));
  RAPPORT_ASSIGN_OR_RETURN(const Columns base, asked.FittedOn());
  return PredictionInterval(*read, about.question, about.columns.rows, asked.options, base.rows);
}

// Answers are complete before anything is given out.
void GiveNumbers(const std::vector<double>& from, double* out) { std::copy(from.begin(), from.end(), out); }

}  // namespace

extern "C" {

rapport_status rapport_value_fit(const char* name, size_t name_size, const rapport_value_columns* columns, const char* options, size_t options_size,
                                 rapport_buffer* out, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({name, out}));
    RAPPORT_ASSIGN_OR_RETURN(const Columns read, ReadColumns(columns));
    RAPPORT_ASSIGN_OR_RETURN(const Json json, ReadJson(options, options_size, "options"));
    RAPPORT_ASSIGN_OR_RETURN(const Json model, FitByName(View(name, name_size), read, json));
    return Give(model.Canonical(), out);
  });
}

rapport_status rapport_value_predict(const char* model, size_t model_size, const char* question, size_t question_size,
                                     const rapport_value_columns* columns, double* out, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({model, question, out}));
    RAPPORT_ASSIGN_OR_RETURN(const Json json, ReadJson(model, model_size, "model"));
    RAPPORT_ASSIGN_OR_RETURN(Json asked, ReadJson(question, question_size, "question"));
    PredictOptions predict;
    RAPPORT_RETURN_IF_ERROR(TakePredictOptions(asked, predict));
    RAPPORT_ASSIGN_OR_RETURN(const std::vector<double> answers,
                             IsSpend(json) ? AnswerOfSpend(json, asked, columns, predict) : AnswerOfPurchases(json, asked, columns, predict));
    GiveNumbers(answers, out);
    return absl::OkStatus();
  });
}

rapport_status rapport_value_interval(const char* model, size_t model_size, const char* question, size_t question_size,
                                      const rapport_value_columns* columns, const rapport_value_columns* fitted_on, double* estimate, double* low,
                                      double* high, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({model, question, estimate, low, high}));
    RAPPORT_ASSIGN_OR_RETURN(const Json json, ReadJson(model, model_size, "model"));
    RAPPORT_ASSIGN_OR_RETURN(Json about, ReadJson(question, question_size, "question"));
    IntervalAsked asked{columns, fitted_on, {}};
    RAPPORT_ASSIGN_OR_RETURN(asked.options, TakeIntervalOptions(about));
    const Json* quantity = about.Find("quantity");
    const bool of_value = quantity != nullptr && *quantity == Json("lifetime_value");
    RAPPORT_ASSIGN_OR_RETURN(const Interval interval, IsSpend(json) ? IntervalOfSpend(json, about, asked)
                                                      : of_value    ? IntervalOfLifetimeValue(json, about, asked)
                                                                    : IntervalOfPurchases(json, about, asked));
    GiveNumbers(interval.estimate, estimate);
    GiveNumbers(interval.low, low);
    GiveNumbers(interval.high, high);
    return absl::OkStatus();
  });
}

rapport_status rapport_value_lifetime_value(const char* model, size_t model_size, const char* spend, size_t spend_size, const char* terms,
                                            size_t terms_size, const rapport_value_columns* columns, double* out, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({model, out}));
    RAPPORT_ASSIGN_OR_RETURN(const Json json, ReadJson(model, model_size, "model"));
    RAPPORT_ASSIGN_OR_RETURN(const auto read, ReadPurchaseModel(json));
    RAPPORT_ASSIGN_OR_RETURN(const Terms agreed, ReadTerms(terms, terms_size));
    RAPPORT_ASSIGN_OR_RETURN(const Columns rows, ReadColumns(columns));
    RAPPORT_ASSIGN_OR_RETURN(const std::vector<double> values, Values(spend, spend_size, rows));
    const auto periods = static_cast<size_t>(std::max(agreed.value.periods, 0));
    std::vector<double> answers(agreed.by_period ? rows.size * periods : rows.size);
    RAPPORT_RETURN_IF_ERROR(agreed.by_period ? LifetimeValueByPeriod(*read, rows.rows, values, agreed.value, answers, agreed.predict)
                                             : LifetimeValue(*read, rows.rows, values, agreed.value, answers, agreed.predict));
    GiveNumbers(answers, out);
    return absl::OkStatus();
  });
}

rapport_status rapport_value_simulate(const char* model, size_t model_size, const char* request, size_t request_size,
                                      const rapport_value_columns* columns, double* frequency, double* recency, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({model, frequency, recency}));
    RAPPORT_ASSIGN_OR_RETURN(const Json json, ReadJson(model, model_size, "model"));
    RAPPORT_ASSIGN_OR_RETURN(const auto read, ReadPurchaseModel(json));
    RAPPORT_ASSIGN_OR_RETURN(Json asked, ReadJson(request, request_size, "request"));
    PredictOptions threads;
    RAPPORT_RETURN_IF_ERROR(TakePredictOptions(asked, threads));
    JsonReader in(asked, "request", kPrefix);
    RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::int64_t> seed, in.OptionalInteger("seed"));
    RAPPORT_RETURN_IF_ERROR(in.Finish());
    RAPPORT_ASSIGN_OR_RETURN(const Columns rows, ReadColumns(columns));
    std::vector<double> bought(rows.size), last(rows.size);
    RAPPORT_RETURN_IF_ERROR(read->Simulate(static_cast<std::uint64_t>(seed.value_or(0)), rows.rows, bought, last, threads.threads));
    GiveNumbers(bought, frequency);
    GiveNumbers(last, recency);
    return absl::OkStatus();
  });
}

}  // extern "C"

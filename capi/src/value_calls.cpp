// Customer-base analysis on plain columns.
#include <cmath>
#include <span>

#include "border.hpp"
#include "rapport/value/bg_nbd.hpp"

using namespace rapport;        // NOLINT: this file is the border of that namespace
using namespace rapport::capi;  // NOLINT

namespace {

absl::Status CheckCount(int64_t n) {
  if (n >= 0) return absl::OkStatus();
  return Invalid("capi.invalid_count", "n: found " + std::to_string(n) + ", expected 0 or more");
}

absl::StatusOr<BgNbd> ReadModel(const char* model, size_t model_size) {
  RAPPORT_RETURN_IF_ERROR(CheckText(model, model_size, "model"));
  RAPPORT_ASSIGN_OR_RETURN(const Json json, Json::Parse(View(model, model_size)));
  return BgNbd::FromJson(json);
}

absl::Status Predict(const BgNbd& model, std::string_view quantity, double first, double second, std::span<const double> frequency,
                     std::span<const double> recency, std::span<const double> age, std::span<double> out) {
  if (quantity == "probability_alive") return model.ProbabilityAlive(first, {frequency, recency, age}, out);
  if (quantity == "expected_purchases") return model.ExpectedPurchases(first, {frequency, recency, age}, second, out);
  if (quantity == "log_likelihood") return model.LogLikelihoodOf({frequency, recency, age}, out);
  if (quantity != "purchase_probability") {
    return Invalid("capi.unknown_word", "quantity: found \"" + std::string(quantity) +
                                            "\", expected probability_alive, expected_purchases, purchase_probability or log_likelihood");
  }
  if (!(std::abs(first) < 1e9) || first != std::trunc(first)) {
    return Invalid("value.invalid_input", "n: found " + std::to_string(first) + ", expected a whole number below 1e9");
  }
  return model.PurchaseProbability(static_cast<int64_t>(first), second, {frequency, recency, age}, out);
}

}  // namespace

extern "C" {

rapport_status rapport_value_bg_nbd_fit(const double* frequency, const double* recency, const double* age, const double* weights, int64_t n,
                                        rapport_buffer* out, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(CheckCount(n));
    RAPPORT_RETURN_IF_ERROR(NotNull({frequency, recency, age, out}));
    const auto size = static_cast<size_t>(n);
    RAPPORT_ASSIGN_OR_RETURN(const BgNbd model, BgNbd::Fit({{frequency, size}, {recency, size}, {age, size}},
                                                           weights == nullptr ? std::span<const double>() : std::span(weights, size)));
    return Give(model.ToJson().Canonical(), out);
  });
}

rapport_status rapport_value_bg_nbd_predict(const char* model, size_t model_size, const char* quantity, size_t quantity_size, double first,
                                            double second, const double* frequency, const double* recency, const double* age, int64_t n,
                                            double* out, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(CheckCount(n));
    RAPPORT_RETURN_IF_ERROR(NotNull({model, quantity, frequency, recency, age, out}));
    RAPPORT_ASSIGN_OR_RETURN(const BgNbd read, ReadModel(model, model_size));
    const auto size = static_cast<size_t>(n);
    std::vector<double> predicted(size);   // complete before anything is given out
    RAPPORT_RETURN_IF_ERROR(Predict(read, View(quantity, quantity_size), first, second, {frequency, size}, {recency, size}, {age, size}, predicted));
    std::copy(predicted.begin(), predicted.end(), out);
    return absl::OkStatus();
  });
}

rapport_status rapport_value_bg_nbd_expected_new(const char* model, size_t model_size, double horizon, double* out, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({model, out}));
    RAPPORT_ASSIGN_OR_RETURN(const BgNbd read, ReadModel(model, model_size));
    RAPPORT_ASSIGN_OR_RETURN(*out, read.ExpectedPurchasesNew(horizon));
    return absl::OkStatus();
  });
}

}  // extern "C"

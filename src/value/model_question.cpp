#include "rapport/value/model_question.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "absl/strings/str_cat.h"
#include "rapport/core/status.hpp"
#include "rapport/stats/special.hpp"

namespace rapport {
namespace {

using Kind = ModelQuestion::Kind;

constexpr std::array<std::string_view, 6> kQuantities{"log_likelihood",       "probability_alive", "expected_purchases",
                                                      "purchase_probability", "expected_residual", "expected_purchases_new"};

absl::Status ReadOptional(JsonReader& in, std::string_view key, double& into) {
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<double> number, in.OptionalNumber(key));
  into = number.value_or(into);
  return absl::OkStatus();
}

absl::Status ReadMembers(JsonReader& in, ModelQuestion& question) {
  switch (question.kind) {
    case Kind::kLogLikelihood: return absl::OkStatus();
    case Kind::kProbabilityAlive: return ReadOptional(in, "ahead", question.ahead);
    case Kind::kExpectedPurchases: {
      RAPPORT_ASSIGN_OR_RETURN(question.horizon, in.Number("horizon"));
      return ReadOptional(in, "start", question.start);
    }
    case Kind::kPurchaseProbability: {
      RAPPORT_ASSIGN_OR_RETURN(question.n, in.Integer("n"));
      RAPPORT_ASSIGN_OR_RETURN(question.horizon, in.Number("horizon"));
      return absl::OkStatus();
    }
    case Kind::kExpectedResidual: {
      RAPPORT_ASSIGN_OR_RETURN(question.rate, in.Number("rate"));
      return absl::OkStatus();
    }
    case Kind::kExpectedPurchasesNew: {
      RAPPORT_ASSIGN_OR_RETURN(question.horizon, in.Number("horizon"));
      return absl::OkStatus();
    }
  }
  return Invalid("value.unknown_quantity", "question: expected one of the kinds there are");
}

absl::Status AnswerOfNew(const PurchaseModel& model, double horizon, const Histories& rows, std::span<double> out, const PredictOptions& options) {
  if (rows.size() != 0) return Invalid("value.invalid_input", absl::StrCat("frequency: found ", rows.size(), " rows, expected none, as nothing is known of somebody new"));
  if (out.size() != 1) return Invalid("value.invalid_input", absl::StrCat("out: found ", out.size(), " numbers, expected 1"));
  RAPPORT_ASSIGN_OR_RETURN(const double expected, model.ExpectedPurchasesNew(horizon));
  out[0] = options.log ? stats::Log(expected) : expected;
  return absl::OkStatus();
}

}  // namespace

std::span<const std::string_view> ModelQuantityNames() { return kQuantities; }

absl::StatusOr<ModelQuestion> ModelQuestion::FromJson(const Json& json) {
  JsonReader in(json, "question", "value");
  RAPPORT_ASSIGN_OR_RETURN(const std::string quantity, in.String("quantity"));
  const auto found = std::find(kQuantities.begin(), kQuantities.end(), quantity);
  if (found == kQuantities.end()) {
    std::string known;
    for (const std::string_view name : kQuantities) known += (known.empty() ? "" : ", ") + std::string(name);
    return in.Error("quantity", "unknown_quantity", absl::StrCat("found \"", quantity, "\", expected one of ", known));
  }
  ModelQuestion question;
  question.kind = static_cast<Kind>(found - kQuantities.begin());
  RAPPORT_RETURN_IF_ERROR(ReadMembers(in, question));
  RAPPORT_RETURN_IF_ERROR(in.Finish());
  return question;
}

std::size_t AnswersTo(const ModelQuestion& question, const Histories& rows) {
  return question.kind == Kind::kExpectedPurchasesNew ? 1 : rows.size();
}

absl::Status Answer(const PurchaseModel& model, const ModelQuestion& question, const Histories& rows, std::span<double> out,
                    const PredictOptions& options) {
  switch (question.kind) {
    case Kind::kLogLikelihood: return model.LogLikelihoodOf(rows, out, options);
    case Kind::kProbabilityAlive: return model.ProbabilityAlive(question.ahead, rows, out, options);
    case Kind::kExpectedPurchases: return model.ExpectedPurchases(question.horizon, rows, question.start, out, options);
    case Kind::kPurchaseProbability: return model.PurchaseProbability(question.n, question.horizon, rows, out, options);
    case Kind::kExpectedResidual: return model.ExpectedResidual(question.rate, rows, out, options);
    case Kind::kExpectedPurchasesNew: return AnswerOfNew(model, question.horizon, rows, out, options);
  }
  return Invalid("value.unknown_quantity", "question: expected one of the kinds there are");
}

}  // namespace rapport

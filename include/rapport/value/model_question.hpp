// Floor 3. One question to a model of when customers buy, as a value: what intervals are made of, and what faces read from JSON.
//
//   auto question = ModelQuestion::FromJson(*Json::Parse(R"({"quantity":"expected_purchases","horizon":39})"));
//   Answer(*model, *question, rows, out);
#ifndef RAPPORT_VALUE_MODEL_QUESTION_HPP_
#define RAPPORT_VALUE_MODEL_QUESTION_HPP_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "absl/status/statusor.h"
#include "rapport/core/json.hpp"
#include "rapport/value/purchase_model.hpp"

namespace rapport {

// Each kind reads the members behind it; purchase_model.hpp says what they mean and which values they may have.
struct ModelQuestion {
  enum class Kind {
    kLogLikelihood,         // "log_likelihood"
    kProbabilityAlive,      // "probability_alive": ahead = 0
    kExpectedPurchases,     // "expected_purchases": horizon, start = 0
    kPurchaseProbability,   // "purchase_probability": n, horizon
    kExpectedResidual,      // "expected_residual": rate
    kExpectedPurchasesNew   // "expected_purchases_new": horizon; one answer, of a customer not yet met
  } kind = Kind::kExpectedPurchases;
  double ahead = 0, horizon = 0, start = 0, rate = 0;
  std::int64_t n = 0;

  // An object with "quantity" and the members of that kind; those with a value above may be left out. `value.unknown_quantity` names what there is;
  // `value.missing_key`, `value.wrong_type` and `value.unknown_key` name the member.
  static absl::StatusOr<ModelQuestion> FromJson(const Json& json);
  friend bool operator==(const ModelQuestion&, const ModelQuestion&) = default;
};

// "log_likelihood", ..., in the order of Kind.
std::span<const std::string_view> ModelQuantityNames();

// How many answers there are: one a row, and one where the question is about somebody new.
std::size_t AnswersTo(const ModelQuestion& question, const Histories& rows);

// out[i] is the answer for row i; errors and cost are those of the model's own function. A question about somebody new is asked of no rows: `value.invalid_input`
// where there are some.
absl::Status Answer(const PurchaseModel& model, const ModelQuestion& question, const Histories& rows, std::span<double> out,
                    const PredictOptions& options = {});

}  // namespace rapport

#endif  // RAPPORT_VALUE_MODEL_QUESTION_HPP_

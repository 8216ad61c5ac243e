// Floor 8. What may be promised, and which orders are taken: questions to the newest promise_keeping known (expectation/keeping.hpp).
//
//   engine.Fit("promise_keeping", as_of);
//   engine.AdvisePromise({.rep = sato, .product = softener, .quantity = 2, .as_of = as_of}, Language::kEnglish);
//     {"day": "2026-03-12", "days": 10, "chance": 0.93, "quantity": 2, "lead_times": 41, "sentence": "Promise Thu 12 Mar: ..."}
//   engine.AcceptOrder({.rep = sato, .product = softener, .due = friday, .work_minutes = 660, .as_of = as_of}, Language::kEnglish);
//     {"verdict": "other_promise", "chance": 0.6, "day": ..., "reasons": [{"reason": "load", "sentence": "11 h work, 8 h free ..."}], ...}
#ifndef RAPPORT_ENGINE_PROMISE_ADVICE_HPP_
#define RAPPORT_ENGINE_PROMISE_ADVICE_HPP_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "rapport/core/ids.hpp"
#include "rapport/core/json.hpp"
#include "rapport/core/time.hpp"

namespace rapport {

struct PromiseQuestion {
  RepId rep;                                   // who would promise
  ProductId product = {};                      // empty: whatever it is
  std::optional<double> quantity = std::nullopt;
  double confidence = 0.9;                     // above 0, below 1
  std::optional<std::int64_t> work_minutes = std::nullopt;   // that it would take
  Instant as_of;
  std::optional<Instant> known_at = std::nullopt;            // nullopt: as_of
  // {"rep", "product"?, "quantity"?, "confidence"?, "work_minutes"?, "as_of", "known_at"?}; `advise.*` names the member.
  static absl::StatusOr<PromiseQuestion> FromJson(const Json& json);
};

struct OrderQuestion {
  PromiseQuestion promise;                     // its confidence is what the house wants of a day
  Day due;                                     // asked for
  CustomerId customer = {};                    // who asks; of his segment promises are counted
  std::string segment = {};                    // where the customer is not known yet
  std::optional<double> margin = std::nullopt; // of the whole order; none: nothing is asked of it
  std::int64_t patience_days = 60;             // how much later than asked another day may be offered
  // The members of PromiseQuestion, and "due", "customer"?, "segment"?, "margin"?, "patience_days"?.
  static absl::StatusOr<OrderQuestion> FromJson(const Json& json);
};

}  // namespace rapport

#endif  // RAPPORT_ENGINE_PROMISE_ADVICE_HPP_

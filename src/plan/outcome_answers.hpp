// Floor 6, inside. The answers of an outcome, read strictly: what they say before it is events.
#ifndef RAPPORT_SRC_PLAN_OUTCOME_ANSWERS_HPP_
#define RAPPORT_SRC_PLAN_OUTCOME_ANSWERS_HPP_

#include <cstdint>
#include <optional>
#include <string>

#include "rapport/plan/outcome.hpp"

namespace rapport {

struct NextContact {
  Instant at;
  std::optional<std::int64_t> minutes;
  std::optional<std::string> about;
  Day day;                             // in the customer's zone
};

struct OutcomeAnswers {
  Disposition reached = Disposition::kReached;
  std::optional<bool> goal;
  std::optional<WorryRaised> worry;
  std::optional<WorryResolved> cured;
  bool not_cured = false;
  std::optional<Refusal> refusal;
  std::optional<FactLearned> fact;
  std::optional<PromiseMade> promise;
  std::optional<NextContact> next;
  std::optional<std::int64_t> minutes;
  std::optional<std::string> note;
  std::optional<Instant> start;
};

// `outcome.invalid_answer`.
absl::StatusOr<OutcomeAnswers> ReadAnswers(const OutcomeSubject& subject, const Json& answers, Instant at);

}  // namespace rapport

#endif  // RAPPORT_SRC_PLAN_OUTCOME_ANSWERS_HPP_

// Floor 6, inside. The knapsack behind a day: which optional items to take, with goals that count.
//
// Without goals it is one table over minutes. With goals there are three in a row: revisits by their count; new visits by theirs; then, for each count
// of revisits, what new visits are allowed beside it, on which everything else is laid. So counts add up instead of multiplying.
#ifndef RAPPORT_SRC_PLAN_CHOICE_HPP_
#define RAPPORT_SRC_PLAN_CHOICE_HPP_

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "absl/status/statusor.h"

namespace rapport {

__extension__ typedef __int128 Wide;

struct ChoiceItem {
  enum class Kind { kOther, kNewVisit, kRevisit };
  std::size_t row = 0;           // of the caller's
  std::int64_t length = 0;       // > 0
  Wide value = 0;                // >= 0
  Kind kind = Kind::kOther;
  bool small = false;
};

// What is planned already counts towards the goals.
struct ChoiceGoals {
  std::optional<std::int64_t> quota;
  std::optional<double> share;
  std::int64_t floor = 0;        // of small ones, beyond those planned already
  std::int64_t visits = 0;       // planned already
  std::int64_t revisits = 0;     // of these
  double tolerance = 0;          // of the greatest value: what may be given up for a choice that changes less when an item falls away
};

// How many of `visits` are missing as revisits for the share, of which `there` could be planned.
std::int64_t RevisitsMissing(std::optional<double> share, std::int64_t visits, std::int64_t revisits, std::int64_t there);

// Rows of the best choice within `room`, in no order. `items` in order of preference: of equal choices the one with the earlier items.
// With a tolerance the items that fit one after the other, where they reach the goals and their value is that near to the greatest. `plan.too_large`.
absl::StatusOr<std::vector<std::size_t>> BestChoice(std::span<const ChoiceItem> items, std::int64_t room, const ChoiceGoals& goals);

}  // namespace rapport

#endif  // RAPPORT_SRC_PLAN_CHOICE_HPP_

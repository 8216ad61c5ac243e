// Floor 5. The fewest signals that would turn an outcome, had they other values: "would not be due with contacts since the delivery: at
// least 1".
//
// Searched in signal space, not leaf by leaf: a signal that stands in several conditions has one value for all of them. A stored trace is
// all that is needed; nothing is computed again.
//
//   RAPPORT_ASSIGN_OR_RETURN(const Flips flips, FewestFlips(*derivation.Find("conditions"), /*wanted=*/false));
//   for (const FlipSet& set : flips.sets) ...     // each alone is enough; all are equally small
#ifndef RAPPORT_POLICY_FLIP_HPP_
#define RAPPORT_POLICY_FLIP_HPP_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "rapport/core/json.hpp"
#include "rapport/core/sentence.hpp"

namespace rapport {

// One comparison that the value would have to pass: is = "=", "!=", "<", "<=", ">", ">=", "in", "known", "unknown".
struct NeededComparison {
  std::string is;
  Json::Array values;                      // empty for known and unknown, one for all others but "in"
};

struct SignalChange {
  std::string signal;
  Json actual;                             // null: not known
  std::vector<NeededComparison> needed;    // all of them; every value that passes turns the outcome
};

using FlipSet = std::vector<SignalChange>; // all of them at once, sorted by signal

struct Flips {
  std::vector<FlipSet> sets;               // of the smallest size, in order of their signals; none: nothing turns it
  bool complete = true;                    // false: the search ended at its bound, `sets` may lack some or all
};

inline constexpr int kMostFlipSets = 16;
inline constexpr int kMostFlipTrials = 200'000;

// `conditions` as a derivation stores them (docs/policy.md); `wanted` is the outcome to reach. Where they have it already: no sets.
// Exact up to kMostFlipTrials evaluations of the tree and kMostFlipSets sets. A signal is taken to be negative only where it may be one
// (those that fall with time), and not known only where no value would do. `explain.invalid_derivation`.
absl::StatusOr<Flips> FewestFlips(const Json& conditions, bool wanted);

// [{"change": [{"signal", "actual", "needed": [{"is", "value" | "values"}]}], "sentence"}]
absl::StatusOr<Json> FlipsToJson(const Flips& flips, bool wanted, Language language);

}  // namespace rapport

#endif  // RAPPORT_POLICY_FLIP_HPP_

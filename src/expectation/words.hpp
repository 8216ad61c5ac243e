// Floor 3, inside. The words of a promise that are settled: those that count as kept or as broken.
#ifndef RAPPORT_SRC_EXPECTATION_WORDS_HPP_
#define RAPPORT_SRC_EXPECTATION_WORDS_HPP_

#include <optional>
#include <vector>

#include "rapport/book/account.hpp"
#include "rapport/core/zones.hpp"
#include "rapport/expectation/promise_outcome.hpp"

namespace rapport {

struct SettledWord {
  PromiseOutcome outcome = PromiseOutcome::kKept;
  bool broken = false;
  std::optional<Day> due;
  Instant settled;           // the local day on which it was known how it ended began
  double margin_days = 0;    // positive early; 0 without a day
  double margin_share = 0;   // delivered over promised, less 1; of one thing 0, or -1 where it is overdue
};

// Those by `as_of`, in order.
std::vector<SettledWord> SettledWordsOf(const PromiseRecord& promise, const Zone& zone, Instant as_of);

}  // namespace rapport

#endif  // RAPPORT_SRC_EXPECTATION_WORDS_HPP_

// Floor 4. What a signal is made from: the event types and fields without which it says nothing; and the list of all signals in the
// words of a language.
//
// Coverage (policy/coverage.hpp) reads this: a condition on a signal whose event the book never had cannot come true, whoever asks.
#ifndef RAPPORT_SIGNALS_NEEDS_HPP_
#define RAPPORT_SIGNALS_NEEDS_HPP_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "rapport/core/sentence.hpp"
#include "rapport/signals/registry.hpp"

namespace rapport {

// What the signal is where a need is not given.
//   kMissing  null
//   kZero     zero, or null for another reason: it counts or sums what there is, so that others of the book have it is enough
//   kElse     made from something else
enum class Without { kMissing, kZero, kElse };

struct SignalNeed {
  std::string what;   // an event type, perhaps with a field of it: "worry.raised", "product.upserted return_days"
  Without without = Without::kMissing;
  // Whether the account has what it names. O(records of the account).
  bool (*given)(const SignalInput& input, const SignalColumn& column);
};

// All of them are needed together; sorted by `what`. At least one for every signal of the registry and for the host's own columns.
std::vector<SignalNeed> NeedsOf(const SignalColumn& column);

// name, type, unit, motion, phrase (as sentences say it) and meaning in the language, needs (comma separated); sorted by name. The host's own columns are not listed: they
// are the book's. `message.missing_key` for a signal without words. Cost O(signals).
absl::StatusOr<Table> SignalList(Language language);

}  // namespace rapport

#endif  // RAPPORT_SIGNALS_NEEDS_HPP_

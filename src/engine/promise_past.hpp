// Floor 8, inside. The promises of a whole book as the model promise_keeping is made from them.
#ifndef RAPPORT_SRC_ENGINE_PROMISE_PAST_HPP_
#define RAPPORT_SRC_ENGINE_PROMISE_PAST_HPP_

#include "absl/status/statusor.h"
#include "rapport/book/book.hpp"
#include "rapport/ledger/event.hpp"

namespace rapport {

// From every word of ours that is settled by then, and from the work that waits. `customers` of the result are accounts with a promise of ours.
absl::StatusOr<ModelFitted> FitPromiseKeeping(const Book& book, Instant as_of);

}  // namespace rapport

#endif  // RAPPORT_SRC_ENGINE_PROMISE_PAST_HPP_

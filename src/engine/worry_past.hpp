// Floor 8, inside. The worries of a whole book as the model `worries` is made from them.
#ifndef RAPPORT_SRC_ENGINE_WORRY_PAST_HPP_
#define RAPPORT_SRC_ENGINE_WORRY_PAST_HPP_

#include "absl/status/statusor.h"
#include "rapport/book/book.hpp"
#include "rapport/ledger/event.hpp"

namespace rapport {

// From every account, as of then. `customers` of the result are those who raised a worry.
absl::StatusOr<ModelFitted> FitWorries(const Book& book, Instant as_of);

}  // namespace rapport

#endif  // RAPPORT_SRC_ENGINE_WORRY_PAST_HPP_

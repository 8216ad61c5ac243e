// Floor 1, inside. What no promise can say.
#ifndef RAPPORT_SRC_LEDGER_PROMISE_CHECK_HPP_
#define RAPPORT_SRC_LEDGER_PROMISE_CHECK_HPP_

#include "absl/status/status.h"
#include "rapport/ledger/event.hpp"

namespace rapport {

// `event.invalid_field` where work, or what stands ready, is less than nothing; OK for every other type. A due day before the promise was
// made is not refused: books hold such words, and what was accepted once is recognised for ever. It is judged as it stands (docs/promises.md).
absl::Status CheckPromise(const Payload& data);

}  // namespace rapport

#endif  // RAPPORT_SRC_LEDGER_PROMISE_CHECK_HPP_

// Floor 1, inside. Numbers that no event can say.
#ifndef RAPPORT_SRC_LEDGER_NUMBER_CHECK_HPP_
#define RAPPORT_SRC_LEDGER_NUMBER_CHECK_HPP_

#include "absl/status/status.h"
#include "rapport/ledger/event.hpp"

namespace rapport {

// `event.invalid_field` where work, or what stands ready, is less than nothing, or days between contacts less than one. A due day before the promise was
// made is not refused: books hold such words, and what was accepted once is recognised for ever. It is judged as it stands (docs/promises.md).
absl::Status CheckNumbers(const Payload& data);

}  // namespace rapport

#endif  // RAPPORT_SRC_LEDGER_NUMBER_CHECK_HPP_

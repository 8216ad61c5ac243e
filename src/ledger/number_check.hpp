// Floor 1, inside. Numbers that no event can say.
#ifndef RAPPORT_SRC_LEDGER_NUMBER_CHECK_HPP_
#define RAPPORT_SRC_LEDGER_NUMBER_CHECK_HPP_

#include "absl/status/status.h"
#include "rapport/ledger/event.hpp"

namespace rapport {

// `event.invalid_field` where work, or what stands ready, is less than nothing, days between contacts less than one, or minutes of a day (or of the way to a
// visit) not between nothing and what a day has: one such number would stop or empty every plan; where an older version took one in, the fold brings it
// within bounds. A due day before the promise was made is not refused: books hold such words. It is judged as it stands
// (docs/promises.md).
absl::Status CheckNumbers(const Payload& data);

}  // namespace rapport

#endif  // RAPPORT_SRC_LEDGER_NUMBER_CHECK_HPP_

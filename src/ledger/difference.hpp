// Floor 1, inside. What two events of one identity disagree about.
#ifndef RAPPORT_SRC_LEDGER_DIFFERENCE_HPP_
#define RAPPORT_SRC_LEDGER_DIFFERENCE_HPP_

#include "absl/status/status.h"
#include "rapport/ledger/event.hpp"

namespace rapport {

// The refusal `ledger.conflict`, naming the event and the first field in which it differs from the one that counts.
// `there`: where that one is, such as "as stored". The content of private fields is not shown.
absl::Status Conflict(const Event& found, const Event& counts, std::string_view there);

}  // namespace rapport

#endif  // RAPPORT_SRC_LEDGER_DIFFERENCE_HPP_

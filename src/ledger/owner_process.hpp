// Floor 1, inside. The process a store belongs to: a handle carried over a fork is refused, not used.
#ifndef RAPPORT_SRC_LEDGER_OWNER_PROCESS_HPP_
#define RAPPORT_SRC_LEDGER_OWNER_PROCESS_HPP_

#include <unistd.h>

#include <string>

#include "absl/status/status.h"
#include "rapport/core/status.hpp"

namespace rapport {

class OwnerProcess {
 public:
  bool IsHere() const { return getpid() == process_; }
  // OK, or `store.forked`. `what` names the store.
  absl::Status Check(const std::string& what) const {
    if (IsHere()) return absl::OkStatus();
    return FailedPrecondition("store.forked", what + ": found a handle of process " + std::to_string(process_) +
                                                  ", expected one opened in this process: open it again after a fork");
  }

 private:
  pid_t process_ = getpid();
};

}  // namespace rapport

#endif  // RAPPORT_SRC_LEDGER_OWNER_PROCESS_HPP_

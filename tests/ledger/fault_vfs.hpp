// A SQLite VFS that fails on demand: the k-th write or sync from when it is armed, once or from then on.
#ifndef RAPPORT_TESTS_LEDGER_FAULT_VFS_HPP_
#define RAPPORT_TESTS_LEDGER_FAULT_VFS_HPP_

#include <sqlite3.h>

namespace rapport::samples {

enum class FaultCall { kWrite, kSync };

struct Fault {
  FaultCall call = FaultCall::kWrite;
  int at = 0;            // counted from 1; 0: never
  int code = SQLITE_OK;  // what the call returns
  bool stays = false;    // all later calls of the kind fail too
};

// While it lives, it is the default VFS around the one that was; one at a time.
class FaultVfs {
 public:
  FaultVfs();
  ~FaultVfs();
  FaultVfs(const FaultVfs&) = delete;
  FaultVfs& operator=(const FaultVfs&) = delete;
  void Arm(const Fault& fault);
  void Disarm();
  // Since it was armed.
  bool tripped() const;
};

}  // namespace rapport::samples

#endif  // RAPPORT_TESTS_LEDGER_FAULT_VFS_HPP_

// A SQLite VFS that fails on demand: the k-th call of a kind from when it is armed, once or from then on; and one that keeps what a
// power cut would leave at every sync. fault_vfs_test.cpp has both.
#ifndef RAPPORT_TESTS_LEDGER_FAULT_VFS_HPP_
#define RAPPORT_TESTS_LEDGER_FAULT_VFS_HPP_

#include <sqlite3.h>

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace rapport::samples {

enum class FaultCall { kWrite, kSync, kRead, kTruncate, kOpen, kDelete, kLock };

struct Fault {
  FaultCall call = FaultCall::kWrite;
  int at = 0;            // counted from 1; 0: never
  int code = SQLITE_OK;  // what the call returns
  bool stays = false;    // all later calls of the kind fail too
};

// What a power cut at a sync leaves: the bytes of each file, and what `label` said then.
struct PowerCut {
  std::map<std::string, std::string> files;   // by the name without its folder
  std::int64_t label = 0;
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

  // From now on every sync adds cuts: just before it with nothing, and with some, of what was not synced; and just after it. `label` is
  // asked at each. Files that are there already count as synced when they are opened.
  void RecordCuts(std::function<std::int64_t()> label, std::uint64_t seed);
  std::vector<PowerCut> TakeCuts();
};

}  // namespace rapport::samples

#endif  // RAPPORT_TESTS_LEDGER_FAULT_VFS_HPP_

// A full disk, a failing disk, a killed process: the book is as it was, or holds the whole append.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include "ledger/book_files.hpp"
#include "ledger/fault_vfs.hpp"
#include "ledger/payload_samples.hpp"
#include "rapport/ledger/ledger.hpp"

namespace rapport {
namespace samples {
namespace {

Fault armed;
int calls = 0;
bool has_tripped = false;
sqlite3_vfs* inner = nullptr;

bool Trips(FaultCall call) {
  if (armed.at == 0 || call != armed.call) return false;
  ++calls;
  const bool trips = calls == armed.at || (armed.stays && calls > armed.at);
  has_tripped = has_tripped || trips;
  return trips;
}

struct FaultFile {
  sqlite3_file base;
  sqlite3_file* real;
};
sqlite3_file* Real(sqlite3_file* file) { return reinterpret_cast<FaultFile*>(file)->real; }

// Passes a call on to the file inside.
template <auto kMethod, class... Args>
int Pass(sqlite3_file* file, Args... args) {
  sqlite3_file* real = Real(file);
  return (real->pMethods->*kMethod)(real, args...);
}
using Methods = sqlite3_io_methods;

int Write(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 at) {
  return Trips(FaultCall::kWrite) ? armed.code : Pass<&Methods::xWrite>(file, bytes, count, at);
}
int Sync(sqlite3_file* file, int flags) {
  return Trips(FaultCall::kSync) ? armed.code : Pass<&Methods::xSync>(file, flags);
}
void ShmBarrier(sqlite3_file* file) { Real(file)->pMethods->xShmBarrier(Real(file)); }
int Close(sqlite3_file* file) {
  const int code = Pass<&Methods::xClose>(file);
  sqlite3_free(Real(file));
  return code;
}

const sqlite3_io_methods kMethods = {
    2,
    Close,
    Pass<&Methods::xRead, void*, int, sqlite3_int64>,
    Write,
    Pass<&Methods::xTruncate, sqlite3_int64>,
    Sync,
    Pass<&Methods::xFileSize, sqlite3_int64*>,
    Pass<&Methods::xLock, int>,
    Pass<&Methods::xUnlock, int>,
    Pass<&Methods::xCheckReservedLock, int*>,
    Pass<&Methods::xFileControl, int, void*>,
    Pass<&Methods::xSectorSize>,
    Pass<&Methods::xDeviceCharacteristics>,
    Pass<&Methods::xShmMap, int, int, int, void volatile**>,
    Pass<&Methods::xShmLock, int, int, int>,
    ShmBarrier,
    Pass<&Methods::xShmUnmap, int>,
    nullptr,
    nullptr,
};

int Open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  auto* outer = reinterpret_cast<FaultFile*>(file);
  outer->base.pMethods = nullptr;
  outer->real = static_cast<sqlite3_file*>(sqlite3_malloc(inner->szOsFile));
  const int code = inner->xOpen(inner, name, outer->real, flags, out_flags);
  if (outer->real->pMethods == nullptr) sqlite3_free(outer->real);
  else outer->base.pMethods = &kMethods;
  return code;
}

sqlite3_vfs outer_vfs;

}  // namespace

FaultVfs::FaultVfs() {
  inner = sqlite3_vfs_find(nullptr);
  outer_vfs = *inner;  // all that is not about an open file works on names, with the inner one's own state
  outer_vfs.zName = "rapport-fault";
  outer_vfs.szOsFile = sizeof(FaultFile);
  outer_vfs.pNext = nullptr;
  outer_vfs.xOpen = Open;
  EXPECT_EQ(sqlite3_vfs_register(&outer_vfs, 1), SQLITE_OK);
  Disarm();
}
FaultVfs::~FaultVfs() {
  sqlite3_vfs_unregister(&outer_vfs);
  sqlite3_vfs_register(inner, 1);
}
void FaultVfs::Arm(const Fault& fault) {
  armed = fault;
  calls = 0;
  has_tripped = false;
}
void FaultVfs::Disarm() { armed = Fault(); }
bool FaultVfs::tripped() const { return has_tripped; }

}  // namespace samples

namespace {

using samples::LastingEvents;
using samples::Fault;
using samples::FaultCall;
using samples::TextOf;

struct Case {
  std::string name;
  Fault fault;
  std::string token;
};

std::vector<std::string> Content(Ledger& ledger) {
  std::vector<std::string> texts;
  EXPECT_TRUE(ledger.Scan(0, [&](Event&& event) {
    texts.push_back(TextOf(event));
    return absl::OkStatus();
  }).ok());
  return texts;
}

Ledger Opened(const std::string& path) { return Ledger(OpenSqliteStore(path).value()); }

class SqliteFaults : public ::testing::TestWithParam<Case> {
 protected:
  samples::Folder folder_;
  samples::FaultVfs vfs_;
  const std::vector<Event> first_ = LastingEvents(25, 1);
  const std::vector<Event> both_ = LastingEvents(75, 1);  // the first again, and fifty more
};

// For each k: the k-th write or sync of an append fails.
TEST_P(SqliteFaults, AnAppendIsAllOrNothing) {
  Ledger whole{OpenMemoryStore()};
  ASSERT_TRUE(whole.Append(first_).ok());
  const std::vector<std::string> old_content = Content(whole);
  ASSERT_TRUE(whole.Append(both_).ok());
  const std::vector<std::string> new_content = Content(whole);
  int k = 1;
  for (bool succeeded = false; !succeeded; ++k) {
    ASSERT_LT(k, 1000);
    const std::string path = folder_.File("append-" + std::to_string(k) + ".db");
    {
      Ledger ledger = Opened(path);
      ASSERT_TRUE(ledger.Append(first_).ok());
      Fault fault = GetParam().fault;
      fault.at = k;
      vfs_.Arm(fault);
      const absl::Status status = ledger.Append(both_).status();
      succeeded = status.ok();
      EXPECT_EQ(vfs_.tripped(), !succeeded);
      if (!succeeded) {
        EXPECT_EQ(TokenOf(status), GetParam().token) << status;
        EXPECT_NE(std::string(status.message()).find(path), std::string::npos) << status;
        EXPECT_EQ(Content(ledger), old_content) << "while it still fails";
        vfs_.Disarm();
        EXPECT_TRUE(ledger.Check().ok()) << ledger.Check();
        if (k % 2 == 0) {
          EXPECT_TRUE(ledger.Append(both_).ok()) << "the handle goes on once there is room";
          EXPECT_EQ(Content(ledger), new_content);
        }
      }
      vfs_.Disarm();
    }
    Ledger again = Opened(path);
    const std::vector<std::string> content = Content(again);
    EXPECT_TRUE(content == new_content || (!succeeded && content == old_content)) << "k = " << k;
    EXPECT_TRUE(again.Check().ok()) << again.Check();
    EXPECT_EQ(samples::RunSql(path, "PRAGMA integrity_check"), "ok");
  }
  EXPECT_GT(k, 2) << "nothing was made to fail";
}

TEST_P(SqliteFaults, ABookThatCouldNotBeMadeCanBeMadeLater) {
  int k = 1;
  for (bool succeeded = false; !succeeded; ++k) {
    ASSERT_LT(k, 1000);
    const std::string path = folder_.File("create-" + std::to_string(k) + ".db");
    Fault fault = GetParam().fault;
    fault.at = k;
    vfs_.Arm(fault);
    const absl::Status status = OpenSqliteStore(path).status();
    succeeded = status.ok() && !vfs_.tripped();
    vfs_.Disarm();
    if (!status.ok()) {
      EXPECT_EQ(TokenOf(status), GetParam().token) << status;
    }
    Ledger ledger = Opened(path);
    EXPECT_EQ(ledger.LastSequence().value(), 0);
    EXPECT_TRUE(ledger.Append(first_).ok());
    EXPECT_TRUE(ledger.Check().ok());
  }
  EXPECT_GT(k, 2);
}

INSTANTIATE_TEST_SUITE_P(
    Faults, SqliteFaults,
    ::testing::Values(Case{"FullOnce", {FaultCall::kWrite, 0, SQLITE_FULL, false}, "store.full"},
                      Case{"FullForGood", {FaultCall::kWrite, 0, SQLITE_FULL, true}, "store.full"},
                      Case{"WriteFails", {FaultCall::kWrite, 0, SQLITE_IOERR_WRITE, false}, "store.io"},
                      Case{"SyncFails", {FaultCall::kSync, 0, SQLITE_IOERR_FSYNC, false}, "store.io"},
                      Case{"SyncFailsForGood", {FaultCall::kSync, 0, SQLITE_IOERR_FSYNC, true}, "store.io"},
                      Case{"BecameReadOnly", {FaultCall::kWrite, 0, SQLITE_READONLY, true}, "store.read_only"},
                      Case{"NotPermitted", {FaultCall::kWrite, 0, SQLITE_PERM, false}, "store.read_only"}),
    [](const auto& info) { return info.param.name; });

// A process that dies anywhere in an append leaves the old book.
TEST(Sqlite_Killed, LeavesTheOldBook) {
  const samples::Folder folder;
  const std::string path = folder.File("book.db");
  const std::vector<Event> first = LastingEvents(25, 1);
  ASSERT_TRUE(Opened(path).Append(first).ok());
  for (const int after_put : {0, 1}) {
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      const std::unique_ptr<Store> store = OpenSqliteStore(path).value();
      std::vector<Event> more = LastingEvents(2000, 2);
      for (std::size_t i = 0; i < more.size(); ++i) {
        more[i].key.source = "killed";
        more[i].sequence = static_cast<std::int64_t>(first.size() + i) + 1;
      }
      (void)store->Transaction([&]() -> absl::Status {
        if (after_put == 0) _exit(9);
        if (!store->Put(more).ok()) _exit(1);
        _exit(9);
      });
      _exit(2);
    }
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFEXITED(status));
    ASSERT_EQ(WEXITSTATUS(status), 9);
    Ledger ledger = Opened(path);
    EXPECT_EQ(ledger.LastSequence().value(), static_cast<std::int64_t>(first.size()));
    EXPECT_TRUE(ledger.Check().ok()) << ledger.Check();
    EXPECT_EQ(ledger.Append(first)->duplicates, static_cast<std::int64_t>(first.size()));
  }
}

// Several processes that open a book that is not there yet: one makes it, all have it.
TEST(Sqlite_Race, ANewBookIsMadeOnce) {
  const samples::Folder folder;
  for (int round = 0; round < 20; ++round) {
    const std::string path = folder.File(std::to_string(round) + ".db");
    pid_t children[4];
    for (int i = 0; i < 4; ++i) {
      children[i] = fork();
      ASSERT_GE(children[i], 0);
      if (children[i] != 0) continue;
      absl::StatusOr<std::unique_ptr<Store>> store = OpenSqliteStore(path);
      if (!store.ok()) _exit(1);
      std::vector<Event> events = LastingEvents(3, 1);
      for (Event& event : events) event.key.source = "process-" + std::to_string(i);
      _exit(Ledger(*std::move(store)).Append(events).ok() ? 0 : 2);
    }
    for (const pid_t child : children) {
      int status = 0;
      ASSERT_EQ(waitpid(child, &status, 0), child);
      EXPECT_EQ(WEXITSTATUS(status), 0);
    }
    Ledger ledger = Opened(path);
    EXPECT_EQ(ledger.LastSequence().value(), 12);
    EXPECT_TRUE(ledger.Check().ok()) << ledger.Check();
  }
}

}  // namespace
}  // namespace rapport

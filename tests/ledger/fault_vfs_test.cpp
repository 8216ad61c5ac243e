#include "ledger/fault_vfs.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <optional>

#include "ledger/book_files.hpp"
#include "ledger/payload_samples.hpp"

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

// --- what a power cut leaves ------------------------------------------------------------------------------------
struct Change {
  std::optional<std::int64_t> cut_to;   // a truncation; else bytes
  std::int64_t at = 0;
  std::string bytes;
};
struct Disk {
  std::string synced;
  std::vector<Change> since;
};
std::map<std::string, Disk> disks;
std::function<std::int64_t()> label_now;   // none: nothing is recorded
std::vector<PowerCut> cuts;
Draw chance(0);

void Apply(const Change& change, std::string& bytes) {
  if (change.cut_to) {
    bytes.resize(static_cast<std::size_t>(*change.cut_to));
    return;
  }
  const std::size_t end = static_cast<std::size_t>(change.at) + change.bytes.size();
  if (bytes.size() < end) bytes.resize(end);
  std::copy(change.bytes.begin(), change.bytes.end(), bytes.begin() + static_cast<std::ptrdiff_t>(change.at));
}

void Cut(bool with_some) {
  PowerCut cut;
  cut.label = label_now();
  for (const auto& [path, disk] : disks) {
    std::string bytes = disk.synced;
    for (const Change& change : disk.since) {
      if (with_some && chance.Coin()) Apply(change, bytes);
    }
    cut.files.emplace(std::filesystem::path(path).filename().string(), std::move(bytes));
  }
  cuts.push_back(std::move(cut));
}

void SyncDisk(const std::string& path) {
  Cut(false);
  Cut(true);
  Disk& disk = disks[path];
  for (const Change& change : disk.since) Apply(change, disk.synced);
  disk.since.clear();
  Cut(false);
}

// --- the VFS ----------------------------------------------------------------------------------------------------
struct FaultFile {
  sqlite3_file base;
  sqlite3_file* real;
  const std::string* path;   // in `disks`; nullptr: nothing is recorded
};
FaultFile* Outer(sqlite3_file* file) { return reinterpret_cast<FaultFile*>(file); }
sqlite3_file* Real(sqlite3_file* file) { return Outer(file)->real; }

// Passes a call on to the file inside.
template <auto kMethod, class... Args>
int Pass(sqlite3_file* file, Args... args) {
  sqlite3_file* real = Real(file);
  return (real->pMethods->*kMethod)(real, args...);
}
using Methods = sqlite3_io_methods;

int Read(sqlite3_file* file, void* bytes, int count, sqlite3_int64 at) {
  return Trips(FaultCall::kRead) ? armed.code : Pass<&Methods::xRead>(file, bytes, count, at);
}
int Write(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 at) {
  if (Trips(FaultCall::kWrite)) return armed.code;
  if (const std::string* path = Outer(file)->path; path != nullptr && label_now) {
    disks[*path].since.push_back({std::nullopt, at, std::string(static_cast<const char*>(bytes), static_cast<std::size_t>(count))});
  }
  return Pass<&Methods::xWrite>(file, bytes, count, at);
}
int Truncate(sqlite3_file* file, sqlite3_int64 size) {
  if (Trips(FaultCall::kTruncate)) return armed.code;
  if (const std::string* path = Outer(file)->path; path != nullptr && label_now) disks[*path].since.push_back({size, 0, ""});
  return Pass<&Methods::xTruncate>(file, size);
}
int Sync(sqlite3_file* file, int flags) {
  if (Trips(FaultCall::kSync)) return armed.code;
  if (const std::string* path = Outer(file)->path; path != nullptr && label_now) SyncDisk(*path);
  return Pass<&Methods::xSync>(file, flags);
}
int Lock(sqlite3_file* file, int level) { return Trips(FaultCall::kLock) ? armed.code : Pass<&Methods::xLock>(file, level); }
// A lock that is given back never fails.
int ShmLock(sqlite3_file* file, int offset, int count, int flags) {
  if ((flags & SQLITE_SHM_LOCK) != 0 && Trips(FaultCall::kLock)) return armed.code;
  return Pass<&Methods::xShmLock>(file, offset, count, flags);
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
    Read,
    Write,
    Truncate,
    Sync,
    Pass<&Methods::xFileSize, sqlite3_int64*>,
    Lock,
    Pass<&Methods::xUnlock, int>,
    Pass<&Methods::xCheckReservedLock, int*>,
    Pass<&Methods::xFileControl, int, void*>,
    Pass<&Methods::xSectorSize>,
    Pass<&Methods::xDeviceCharacteristics>,
    Pass<&Methods::xShmMap, int, int, int, void volatile**>,
    ShmLock,
    ShmBarrier,
    Pass<&Methods::xShmUnmap, int>,
    nullptr,
    nullptr,
};

int Open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  FaultFile* outer = Outer(file);
  outer->base.pMethods = nullptr;
  outer->path = nullptr;
  if (Trips(FaultCall::kOpen)) return armed.code;
  outer->real = static_cast<sqlite3_file*>(sqlite3_malloc(inner->szOsFile));
  const int code = inner->xOpen(inner, name, outer->real, flags, out_flags);
  if (outer->real->pMethods == nullptr) {
    sqlite3_free(outer->real);
    return code;
  }
  outer->base.pMethods = &kMethods;
  if (name != nullptr && label_now) {
    const auto [at, added] = disks.try_emplace(name);
    outer->path = &at->first;
    if (added) at->second.synced = TextOfFile(name);
  }
  return code;
}

int Delete(sqlite3_vfs*, const char* name, int sync_folder) {
  if (Trips(FaultCall::kDelete)) return armed.code;
  if (label_now) {
    Cut(false);
    // The node stays for files that are still open; a name that is gone has no bytes.
    if (const auto found = disks.find(name); found != disks.end()) found->second = Disk();
    Cut(false);
  }
  return inner->xDelete(inner, name, sync_folder);
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
  outer_vfs.xDelete = Delete;
  EXPECT_EQ(sqlite3_vfs_register(&outer_vfs, 1), SQLITE_OK);
  Disarm();
}
FaultVfs::~FaultVfs() {
  label_now = nullptr;
  disks.clear();
  cuts.clear();
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
void FaultVfs::RecordCuts(std::function<std::int64_t()> label, std::uint64_t seed) {
  label_now = std::move(label);
  chance = Draw(seed);
}
std::vector<PowerCut> FaultVfs::TakeCuts() {
  label_now = nullptr;
  disks.clear();
  return std::exchange(cuts, {});
}

}  // namespace samples

namespace {

// The VFS itself: a store that never syncs loses everything, one that does loses nothing.
TEST(Fault_Vfs, APowerCutTakesWhatWasNotSynced) {
  const samples::Folder folder;
  samples::FaultVfs vfs;
  std::int64_t committed = 0;
  vfs.RecordCuts([&] { return committed; }, 1);
  const std::string path = folder.File("plain.db");
  samples::RunSql(path, "PRAGMA synchronous = OFF; PRAGMA journal_mode = WAL; CREATE TABLE t (x); INSERT INTO t VALUES (1)");
  for (const samples::PowerCut& cut : vfs.TakeCuts()) {
    for (const auto& [file, bytes] : cut.files) EXPECT_TRUE(bytes.empty()) << file << ": nothing was synced";
  }
  vfs.RecordCuts([&] { return committed; }, 1);
  samples::RunSql(path, "PRAGMA synchronous = FULL; INSERT INTO t VALUES (2)");
  EXPECT_GE(vfs.TakeCuts().size(), 3u);
}

TEST(Fault_Vfs, TripsAtTheCallAskedFor) {
  const samples::Folder folder;
  samples::FaultVfs vfs;
  vfs.Arm({samples::FaultCall::kOpen, 1, SQLITE_CANTOPEN, false});
  EXPECT_FALSE(OpenSqliteStore(folder.File("a.db")).ok());
  EXPECT_TRUE(vfs.tripped());
  EXPECT_TRUE(OpenSqliteStore(folder.File("a.db")).ok()) << "once";
}

}  // namespace
}  // namespace rapport

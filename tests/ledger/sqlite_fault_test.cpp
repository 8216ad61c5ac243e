// A full disk, a failing disk, a killed process: the book is as it was, or holds the whole append.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include "ledger/book_files.hpp"
#include "ledger/fault_vfs.hpp"
#include "ledger/payload_samples.hpp"
#include "rapport/ledger/ledger.hpp"

namespace rapport {
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

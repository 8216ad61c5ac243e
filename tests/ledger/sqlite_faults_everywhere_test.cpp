// Every operation on a book's file, with every kind of call to the operating system failing in turn, and with the power cut at every
// sync: what was acknowledged is there, what was not is there whole or not at all, and the book is sound.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "ledger/book_files.hpp"
#include "ledger/fault_vfs.hpp"
#include "ledger/payload_samples.hpp"
#include "rapport/ledger/ledger.hpp"

namespace rapport {
namespace {

using samples::Fault;
using samples::FaultCall;
using samples::LastingEvents;
using samples::TextOf;

using Content = std::vector<std::string>;

Content ContentOf(Ledger& ledger) {
  Content texts;
  const absl::Status status = ledger.Scan(0, [&](Event&& event) {
    texts.push_back(TextOf(event));
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
  return texts;
}

absl::StatusOr<Ledger> Open(const std::string& path) {
  SqliteOptions impatient;
  impatient.busy_milliseconds = 0;
  absl::StatusOr<std::unique_ptr<Store>> store = OpenSqliteStore(path, impatient);
  if (!store.ok()) return store.status();
  return Ledger(*std::move(store));
}

Event TouchOf(const std::string& id, const std::string& note) {
  Event event;
  event.key = {"shop", id};
  event.subject = CustomerId::Trusted("c-1");
  event.occurred = {ParseStamp("2026-03-02T12:00:00Z")->at, 0};
  event.recorded = event.claimed = event.occurred.at;
  Touch touch;
  touch.note = note;
  event.data = touch;
  return event;
}

Event ErasedAt(const std::string& id) {
  Event event = TouchOf(id, "");
  event.data = CustomerErased{};
  return event;
}

// What is done to a book that is there; Status of the doing.
struct Operation {
  std::string name;
  std::function<absl::Status(const std::string& path, samples::FaultVfs& vfs, const Fault& fault)> run;
  bool old_version = false;
};

absl::Status Appending(const std::string& path, samples::FaultVfs& vfs, const Fault& fault, std::vector<Event> events, OnConflict on_conflict) {
  absl::StatusOr<Ledger> ledger = Open(path);
  EXPECT_TRUE(ledger.ok()) << ledger.status();
  AppendOptions options;
  options.on_conflict = on_conflict;
  vfs.Arm(fault);
  const absl::Status status = ledger->Append(std::move(events), options).status();
  if (!status.ok() && fault.at % 2 == 0) {
    vfs.Disarm();
    EXPECT_TRUE(ledger->Check().ok()) << "with the handle that saw the failure";
  }
  return status;   // what is armed still fails the close, and the checkpoint in it
}

std::vector<Operation> Operations() {
  const auto append = [](const std::string& path, samples::FaultVfs& vfs, const Fault& fault) {
    return Appending(path, vfs, fault, LastingEvents(60, 7), OnConflict::kError);
  };
  const auto correct = [](const std::string& path, samples::FaultVfs& vfs, const Fault& fault) {
    return Appending(path, vfs, fault, {TouchOf("o-1", "other words"), TouchOf("o-2", "more")}, OnConflict::kCorrect);
  };
  const auto erase = [](const std::string& path, samples::FaultVfs& vfs, const Fault& fault) {
    return Appending(path, vfs, fault, {ErasedAt("gone")}, OnConflict::kError);
  };
  const auto backup = [](const std::string& path, samples::FaultVfs& vfs, const Fault& fault) {
    absl::StatusOr<Ledger> ledger = Open(path);
    EXPECT_TRUE(ledger.ok()) << ledger.status();
    vfs.Arm(fault);
    return ledger->store().Backup(path + ".copy");
  };
  const auto open = [](const std::string& path, samples::FaultVfs& vfs, const Fault& fault) {
    vfs.Arm(fault);
    return Open(path).status();
  };
  return {{"Append", append}, {"Correction", correct}, {"Erasure", erase}, {"Backup", backup}, {"Migration", open, true}, {"Opening", open}};
}

struct Kind {
  std::string name;
  FaultCall call;
  int code;
};
const Kind kKinds[] = {{"Read", FaultCall::kRead, SQLITE_IOERR_READ},           {"Write", FaultCall::kWrite, SQLITE_IOERR_WRITE},
                       {"Full", FaultCall::kWrite, SQLITE_FULL},                {"Sync", FaultCall::kSync, SQLITE_IOERR_FSYNC},
                       {"Truncate", FaultCall::kTruncate, SQLITE_IOERR_TRUNCATE}, {"Open", FaultCall::kOpen, SQLITE_CANTOPEN},
                       {"Delete", FaultCall::kDelete, SQLITE_IOERR_DELETE},     {"Lock", FaultCall::kLock, SQLITE_IOERR_LOCK}};

// A book to begin with, as one file, made once for all rounds.
const std::string& BookBytes(bool old_version) {
  static const std::string now = [] {
    const samples::Folder folder;
    const std::string path = folder.File("book.db");
    {
      Ledger ledger = *Open(path);
      EXPECT_TRUE(ledger.Append({TouchOf("o-1", "her words"), TouchOf("o-2", "more")}).ok());
      EXPECT_TRUE(ledger.Append(LastingEvents(30, 7)).ok());
    }
    return samples::TextOfFile(path);
  }();
  static const std::string old = samples::TextOfFile(RAPPORT_SOURCE_DIR "/tests/fixtures/ledger/book_v1.db");
  return old_version ? old : now;
}

bool IsOneOf(const std::string& token) {
  static const std::set<std::string> kTokens{"store.io", "store.full", "store.busy", "store.read_only", "store.not_found", "store.memory"};
  return kTokens.contains(token);
}

using Everywhere = ::testing::TestWithParam<std::tuple<Operation, Kind, bool>>;

class Sqlite_Everywhere : public Everywhere {
 protected:
  // A run with nothing failing: what is there before, and after.
  void SetUp() override {
    const auto& [operation, kind, stays] = GetParam();
    const std::string path = folder_.File("whole.db");
    samples::WriteFile(path, BookBytes(operation.old_version));
    {
      Ledger ledger = *Open(path);
      before_ = ContentOf(ledger);
    }
    ASSERT_TRUE(operation.run(path, vfs_, {}).ok());
    Ledger ledger = *Open(path);
    after_ = ContentOf(ledger);
  }

  void CheckBook(const std::string& path, bool acknowledged, int at) {
    absl::StatusOr<Ledger> ledger = Open(path);
    ASSERT_TRUE(ledger.ok()) << ledger.status();
    const Content content = ContentOf(*ledger);
    EXPECT_TRUE(content == after_ || (!acknowledged && content == before_)) << "call " << at << (acknowledged ? ", acknowledged" : "");
    EXPECT_TRUE(ledger->Check().ok()) << ledger->Check();
  }

  samples::Folder folder_;
  samples::FaultVfs vfs_;
  Content before_, after_;
};

TEST_P(Sqlite_Everywhere, FailsCleanly) {
  const auto& [operation, kind, stays] = GetParam();
  bool tripped = true;
  for (int at = 1; tripped; at += samples::kSlow > 1 && at > 5 ? samples::kSlow : 1) {
    ASSERT_LT(at, 3000);
    const std::string path = folder_.File(std::to_string(at) + ".db");
    samples::WriteFile(path, BookBytes(operation.old_version));
    const absl::Status status = operation.run(path, vfs_, {kind.call, at, kind.code, stays});
    tripped = vfs_.tripped();
    vfs_.Disarm();
    if (!status.ok()) {
      EXPECT_TRUE(IsOneOf(TokenOf(status))) << status;
      EXPECT_THAT(std::string(status.message()), ::testing::HasSubstr(path));
    }
    CheckBook(path, status.ok(), at);
    if (operation.name == "Backup" && status.ok()) CheckBook(path + ".copy", true, at);
    if (HasFailure()) return;
    std::filesystem::remove(path);
  }
}

std::string NameOfCase(const ::testing::TestParamInfo<Everywhere::ParamType>& info) {
  const auto& [operation, kind, stays] = info.param;
  return operation.name + kind.name + (stays ? "ForGood" : "Once");
}

INSTANTIATE_TEST_SUITE_P(Calls, Sqlite_Everywhere,
                         ::testing::Combine(::testing::ValuesIn(Operations()), ::testing::ValuesIn(kKinds), ::testing::Bool()), NameOfCase);
// Not for good: SQLite itself tries for ten seconds.
const Kind kBusy{"Busy", FaultCall::kLock, SQLITE_BUSY};
INSTANTIATE_TEST_SUITE_P(Waits, Sqlite_Everywhere,
                         ::testing::Combine(::testing::ValuesIn(Operations()), ::testing::Values(kBusy), ::testing::Values(false)), NameOfCase);

// --- the power is cut ------------------------------------------------------------------------------------------
class Sqlite_PowerCut : public ::testing::Test {
 protected:
  // The book as the cut left it. Where it was acknowledged, all of the content at that label is there; of what came next, all or nothing.
  void CheckCut(const samples::PowerCut& cut, const std::vector<Content>& contents, const std::string& name) {
    const samples::Folder folder;
    for (const auto& [file, bytes] : cut.files) {
      if (!bytes.empty()) samples::WriteFile(folder.File(file), bytes);
    }
    absl::StatusOr<Ledger> ledger = Open(folder.File(name));
    ASSERT_TRUE(ledger.ok()) << ledger.status();
    const Content content = ContentOf(*ledger);
    const auto label = static_cast<std::size_t>(cut.label);
    EXPECT_TRUE(content == contents[label] || (label + 1 < contents.size() && content == contents[label + 1])) << "after step " << label;
    EXPECT_TRUE(ledger->Check().ok()) << ledger->Check();
  }

  samples::Folder folder_;
  samples::FaultVfs vfs_;
};

std::vector<std::function<absl::Status(Ledger&)>> Steps() {
  std::vector<std::function<absl::Status(Ledger&)>> steps;
  for (std::size_t n = 1; n <= 4; ++n) {
    steps.push_back([n](Ledger& ledger) { return ledger.Append(LastingEvents(15 * n, 3)).status(); });
    steps.push_back([n](Ledger& ledger) { return ledger.Append({TouchOf("o-" + std::to_string(n), "her words")}).status(); });
    steps.push_back([n](Ledger& ledger) {
      AppendOptions options;
      options.on_conflict = OnConflict::kCorrect;
      return ledger.Append({TouchOf("o-" + std::to_string(n), "other words")}, options).status();
    });
    if (n % 2 == 0) steps.push_back([n](Ledger& ledger) { return ledger.Append({ErasedAt("gone-" + std::to_string(n))}).status(); });
  }
  return steps;
}

TEST_F(Sqlite_PowerCut, LeavesAllThatWasAcknowledged) {
  std::int64_t done = 0;
  std::vector<Content> contents(1);
  {
    // The label is of what was acknowledged; the content at each is that of the same steps in memory.
    Ledger memory{OpenMemoryStore()};
    for (const auto& step : Steps()) {
      ASSERT_TRUE(step(memory).ok());
      contents.push_back(ContentOf(memory));
    }
  }
  vfs_.RecordCuts([&] { return done; }, 11);
  {
    absl::StatusOr<Ledger> ledger = Open(folder_.File("book.db"));
    ASSERT_TRUE(ledger.ok()) << ledger.status();
    for (const auto& step : Steps()) {
      ASSERT_TRUE(step(*ledger).ok());
      ++done;
    }
  }
  const std::vector<samples::PowerCut> cuts = vfs_.TakeCuts();
  EXPECT_GE(cuts.size(), 3 * Steps().size()) << "a sync a step at least";
  for (std::size_t i = 0; i < cuts.size(); i += samples::kSlow > 1 ? 3 : 1) {
    CheckCut(cuts[i], contents, "book.db");
    if (HasFailure()) FAIL() << "cut " << i;
  }
}

TEST_F(Sqlite_PowerCut, InAMigrationLeavesTheOldBookOrTheNew) {
  const std::string path = folder_.File("book.db");
  samples::WriteFile(path, BookBytes(true));
  vfs_.RecordCuts([] { return 0; }, 12);
  Content content;
  {
    absl::StatusOr<Ledger> ledger = Open(path);
    ASSERT_TRUE(ledger.ok()) << ledger.status();
    content = ContentOf(*ledger);
  }
  const std::vector<samples::PowerCut> cuts = vfs_.TakeCuts();
  EXPECT_GE(cuts.size(), 3u);
  for (const samples::PowerCut& cut : cuts) CheckCut(cut, {content}, "book.db");
}

TEST_F(Sqlite_PowerCut, LeavesABackupThatWasAcknowledged) {
  const std::string path = folder_.File("book.db");
  samples::WriteFile(path, BookBytes(false));
  std::int64_t done = 0;
  Content content;
  vfs_.RecordCuts([&] { return done; }, 13);
  {
    absl::StatusOr<Ledger> ledger = Open(path);
    ASSERT_TRUE(ledger.ok()) << ledger.status();
    content = ContentOf(*ledger);
    ASSERT_TRUE(ledger->store().Backup(folder_.File("copy.db")).ok());
    done = 1;
    ASSERT_TRUE(ledger->Append({TouchOf("o-9", "after it")}).ok());
  }
  int with_copy = 0;
  for (const samples::PowerCut& cut : vfs_.TakeCuts()) {
    if (cut.label == 0) continue;
    CheckCut(cut, {content, content}, "copy.db");
    ++with_copy;
  }
  EXPECT_GE(with_copy, 3);
}

}  // namespace
}  // namespace rapport

// A book and several processes: killed at any moment, read by others and by the sqlite3 command, out of room.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <thread>

#include "ledger/book_files.hpp"
#include "ledger/payload_samples.hpp"
#include "rapport/ledger/ledger.hpp"

namespace rapport {
namespace {

using samples::RunSql;
using ::testing::HasSubstr;

Ledger Opened(const std::string& path) { return Ledger(OpenSqliteStore(path).value()); }

// Events "<first>/0", "/1", ... of a source.
std::vector<Event> Batch(const std::string& source, const std::string& name, std::size_t size) {
  std::vector<Event> events = samples::LastingEvents(size, std::hash<std::string>()(source + name));
  for (std::size_t i = 0; i < size; ++i) events[i].key = {source, name + "/" + std::to_string(i)};
  return events;
}

// Runs `work` in a child; its result is the exit code.
pid_t Child(const std::function<int()>& work) {
  const pid_t child = fork();
  EXPECT_GE(child, 0);
  if (child == 0) _exit(work());
  return child;
}

int ExitOf(pid_t child) {
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

// --- killed ----------------------------------------------------------------------------------------------------
std::size_t SizeOf(int number) { return 1 + static_cast<std::size_t>(number * 7 % 40); }

// Appends batch after batch until it is killed, and says each acknowledged sequence.
int AppendForEver(const std::string& path, const std::string& source, int out) {
  absl::StatusOr<std::unique_ptr<Store>> store = OpenSqliteStore(path);
  if (!store.ok()) return 1;
  Ledger ledger(*std::move(store));
  for (int number = 0;; ++number) {
    const auto receipt = ledger.Append(Batch(source, std::to_string(number), SizeOf(number)));
    if (!receipt.ok()) return 2;
    const std::int64_t last = receipt->last_sequence;
    if (write(out, &last, sizeof last) != static_cast<ssize_t>(sizeof last)) return 3;
  }
}

// What the pipe holds: the acknowledged sequences, one a batch.
std::vector<std::int64_t> Acknowledged(int in) {
  std::vector<std::int64_t> all;
  for (std::int64_t last = 0; read(in, &last, sizeof last) == static_cast<ssize_t>(sizeof last);) all.push_back(last);
  return all;
}

class Sqlite_KilledAtRandom : public ::testing::Test {
 protected:
  // One child, killed `microseconds` after it was started or after its first acknowledgement.
  void Round(int round, std::int64_t microseconds) {
    std::array<int, 2> ends{};
    ASSERT_EQ(pipe(ends.data()), 0);
    const std::string source = "round-" + std::to_string(round);
    const pid_t child = Child([&] { return AppendForEver(path_, source, ends[1]); });
    close(ends[1]);
    std::this_thread::sleep_for(std::chrono::microseconds(microseconds));
    ASSERT_EQ(kill(child, SIGKILL), 0);
    ASSERT_EQ(ExitOf(child), -SIGKILL);
    const std::vector<std::int64_t> acknowledged = Acknowledged(ends[0]);
    close(ends[0]);
    Compare(source, acknowledged);
  }

  void Compare(const std::string& source, const std::vector<std::int64_t>& acknowledged) {
    Ledger ledger = Opened(path_);
    std::size_t stored = 0;
    const std::int64_t last = ledger.LastSequence().value();
    for (int number = 0; known_ < last; ++number) {
      std::vector<Event> batch = Batch(source, std::to_string(number), SizeOf(number));
      std::sort(batch.begin(), batch.end(), CanonicalLess);
      std::size_t at = 0;
      const absl::Status status = ledger.Scan(known_, [&](Event&& event) {
        if (at == batch.size()) return absl::CancelledError("the batch is whole");
        EXPECT_EQ(samples::TextOf(event), samples::TextOf(batch[at]));
        ++at;
        return absl::OkStatus();
      });
      ASSERT_TRUE(status.ok() || absl::IsCancelled(status)) << status;
      ASSERT_EQ(at, batch.size()) << "an append is whole";
      known_ += static_cast<std::int64_t>(at);
      EXPECT_TRUE(stored >= acknowledged.size() || known_ == acknowledged[stored]);
      ++stored;
    }
    EXPECT_GE(stored, acknowledged.size());
    EXPECT_LE(stored, acknowledged.size() + 1) << "what was not acknowledged is the last alone";
    batches_ += static_cast<int>(stored);
  }

  samples::Folder folder_;
  std::string path_ = folder_.File("book.db");
  std::int64_t known_ = 0;   // compared already
  int batches_ = 0;
};

TEST_F(Sqlite_KilledAtRandom, KeepsWhatWasAcknowledged) {
  samples::Draw draw(static_cast<std::uint64_t>(std::chrono::system_clock::now().time_since_epoch().count()));
  const int rounds = 200 / samples::kSlow;
  for (int round = 0; round < rounds; ++round) {
    ASSERT_NO_FATAL_FAILURE(Round(round, static_cast<std::int64_t>(draw.Below(round % 4 == 0 ? 8'000 : 50'000 * samples::kSlow))));
    if (HasFailure()) FAIL() << "round " << round;
    ASSERT_TRUE(round % 20 != 0 || Opened(path_).Check().ok());
  }
  EXPECT_TRUE(Opened(path_).Check().ok());
  EXPECT_GT(batches_, rounds / 4);
}

// --- read by others --------------------------------------------------------------------------------------------
std::string OutputOf(const std::string& command) {
  std::string text;
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return text;
  std::array<char, 4096> part{};
  for (std::size_t got = 0; (got = fread(part.data(), 1, part.size(), pipe)) > 0;) text.append(part.data(), got);
  pclose(pipe);
  return text;
}

std::vector<Event> Orders(const std::string& name, std::size_t size) {
  std::vector<Event> events = Batch("shop", name, size);
  for (Event& event : events) {
    event.subject = CustomerId::Trusted("c-1");
    PurchasePlaced purchase;
    purchase.order = OrderId::Trusted("order-" + event.key.id);
    purchase.lines.resize(1);
    purchase.lines[0].amount = Money(1980, Currency::Parse("EUR").value());
    event.data = purchase;
    event.extra.clear();
  }
  return events;
}

TEST(Sqlite_Others, TheCommandReadsTheViewsWhileAWriterAppends) {
  if (OutputOf("sqlite3 --version 2>&1").find('.') == std::string::npos) GTEST_SKIP() << "there is no command sqlite3";
  const samples::Folder folder;
  const std::string path = folder.File("book.db");
  ASSERT_TRUE(Opened(path).Append(Orders("first", 10)).ok());
  const pid_t writer = Child([&] {
    Ledger ledger = Opened(path);
    for (int i = 0; i < 60; ++i) {
      if (!ledger.Append(Orders(std::to_string(i), 10)).ok()) return 1;
    }
    return 0;
  });
  int last = 0;
  for (int i = 0; i < 10; ++i) {
    const std::string counted = OutputOf("sqlite3 -cmd '.timeout 10000' '" + path + "' 'SELECT count(*), count(DISTINCT data_order), min(data_lines), min(data_currency) FROM purchase_placed' 2>&1");
    int rows = 0, orders = 0;
    ASSERT_EQ(std::sscanf(counted.c_str(), "%d|%d|[{\"amount\":\"19.80\"}]|EUR", &rows, &orders), 2) << counted;
    EXPECT_EQ(rows % 10, 0) << "whole appends";
    EXPECT_EQ(rows, orders);
    EXPECT_GE(rows, last);
    last = rows;
  }
  EXPECT_EQ(ExitOf(writer), 0);
  EXPECT_EQ(OutputOf("sqlite3 -cmd '.timeout 10000' '" + path + "' 'SELECT count(*) FROM purchase_placed'"), "610\n");
  EXPECT_EQ(OutputOf("sqlite3 -cmd '.timeout 10000' '" + path + "' 'SELECT data_order, subject FROM purchase_placed WHERE sequence = 1'").substr(0, 12), "order-first/");
}

TEST(Sqlite_Others, ASecondWriterWaitsOrIsTold) {
  const samples::Folder folder;
  const std::string path = folder.File("book.db");
  ASSERT_TRUE(Opened(path).Append(Orders("first", 1)).ok());
  std::array<int, 2> ends{};
  ASSERT_EQ(pipe(ends.data()), 0);
  const pid_t slow = Child([&] {
    const std::unique_ptr<Store> store = OpenSqliteStore(path).value();
    const absl::Status status = store->Transaction([&] {
      if (write(ends[1], "!", 1) != 1) return absl::InternalError("pipe");
      usleep(400'000);
      return store->SetSeal(Instant::FromMicros(1));
    });
    return status.ok() ? 0 : 1;
  });
  char byte = 0;
  ASSERT_EQ(read(ends[0], &byte, 1), 1);
  SqliteOptions impatient;
  impatient.busy_milliseconds = 20;
  EXPECT_EQ(TokenOf(Ledger(OpenSqliteStore(path, impatient).value()).Append(Orders("second", 1)).status()), "store.busy");
  EXPECT_TRUE(Opened(path).Append(Orders("second", 1)).ok()) << "the patient one waits";
  EXPECT_EQ(ExitOf(slow), 0);
  EXPECT_EQ(Opened(path).LastSequence().value(), 2);
  close(ends[0]);
  close(ends[1]);
}

TEST(Sqlite_Others, TwoWritersLoseNothing) {
  const samples::Folder folder;
  const std::string path = folder.File("book.db");
  { const Ledger made = Opened(path); }
  std::vector<pid_t> writers;
  for (int w = 0; w < 2; ++w) {
    writers.push_back(Child([&] {
      SqliteOptions patient;
      patient.busy_milliseconds = 60'000;
      Ledger ledger(OpenSqliteStore(path, patient).value());
      for (int i = 0; i < 40; ++i) {
        if (!ledger.Append(Batch("writer-" + std::to_string(w), std::to_string(i), 5)).ok()) return 1;
      }
      return 0;
    }));
  }
  for (const pid_t writer : writers) EXPECT_EQ(ExitOf(writer), 0);
  EXPECT_EQ(Opened(path).LastSequence().value(), 2 * 40 * 5);
  EXPECT_TRUE(Opened(path).Check().ok());
}

TEST(Sqlite_Others, ManyReadersSeeWholeAppends) {
  const samples::Folder folder;
  const std::string path = folder.File("book.db");
  ASSERT_TRUE(Opened(path).Append(Batch("shop", "first", 10)).ok());
  std::vector<pid_t> readers;
  for (int r = 0; r < 4; ++r) {
    readers.push_back(Child([&] {
      Ledger ledger = Opened(path);
      for (int i = 0; i < 15; ++i) {
        std::int64_t seen = 0;
        if (!ledger.Scan(0, [&](Event&&) { return ++seen, absl::OkStatus(); }).ok()) return 1;
        if (seen % 10 != 0) return 2;
        if (!ledger.Check().ok()) return 3;
      }
      return 0;
    }));
  }
  Ledger writer = Opened(path);
  for (int i = 0; i < 60; ++i) EXPECT_TRUE(writer.Append(Batch("shop", std::to_string(i), 10)).ok());
  for (const pid_t reader : readers) EXPECT_EQ(ExitOf(reader), 0);
}

// --- no room ---------------------------------------------------------------------------------------------------
// Appends until there is no room; 0 if that is said as it should be, and the book is as it was.
int FillUp(const std::string& path) {
  Ledger ledger = Opened(path);
  for (int i = 0; i < 5'000; ++i) {
    const std::int64_t before = ledger.LastSequence().value();
    const absl::Status status = ledger.Append(Batch("shop", std::to_string(i), 50)).status();
    if (status.ok()) continue;
    if (TokenOf(status) != "store.full" || status.code() != absl::StatusCode::kResourceExhausted) {
      std::fprintf(stderr, "%s\n", std::string(status.message()).c_str());
      return 2;
    }
    if (ledger.LastSequence().value() != before) return 3;
    const absl::Status sound = ledger.Check();
    if (!sound.ok()) std::fprintf(stderr, "%s\n", std::string(sound.message()).c_str());
    return sound.ok() ? 0 : 4;
  }
  return 5;
}

void CheckAfterwards(const std::string& path) {
  Ledger ledger = Opened(path);
  EXPECT_TRUE(ledger.Check().ok()) << ledger.Check();
  EXPECT_EQ(ledger.LastSequence().value() % 50, 0);
  EXPECT_TRUE(ledger.Append(Batch("shop", "there is room again", 50)).ok());
}

TEST(Sqlite_NoRoom, AtTheLargestSizeOfAFileNothingIsStored) {
  const samples::Folder folder;
  const std::string path = folder.File("book.db");
  const pid_t child = Child([&] {
    signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{600'000, 600'000};
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0) return 9;
    return FillUp(path);
  });
  EXPECT_EQ(ExitOf(child), 0);
  CheckAfterwards(path);
}

TEST(Sqlite_NoRoom, OnAFullDiskNothingIsStored) {
  const samples::Folder folder;
  const pid_t child = Child([&] {
    if (unshare(CLONE_NEWNS) != 0 && unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return 77;
    mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr);
    const std::string disk = folder.File("disk");
    std::filesystem::create_directory(disk);
    if (mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=1500k") != 0) return 77;
    const int filled = FillUp(disk + "/book.db");
    if (filled != 0) return filled;
    // Closed and opened again on the full disk, it reads.
    return Opened(disk + "/book.db").Check().ok() ? 0 : 6;
  });
  const int code = ExitOf(child);
  if (code == 77) GTEST_SKIP() << "no disk may be mounted here";
  EXPECT_EQ(code, 0);
}

}  // namespace
}  // namespace rapport

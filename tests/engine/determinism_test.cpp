// One build, one answer: shuffled input, batches, stores, and a tick that is repeated or killed.
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "engine/office.hpp"
#include "rapport/core/hash.hpp"

namespace rapport {
namespace {

class BookFile {
 public:
  explicit BookFile(const std::string& name) : path_(testing::TempDir() + "/rapport_" + std::to_string(getpid()) + "_" + name + ".book") { Remove(); }
  ~BookFile() { Remove(); }
  const std::string& path() const { return path_; }

 private:
  void Remove() const {
    for (const char* tail : {"", "-wal", "-shm"}) std::remove((path_ + tail).c_str());
  }
  std::string path_;
};

std::string Joined(const std::vector<std::string>& lines, std::size_t from, std::size_t to) {
  std::string text;
  for (std::size_t i = from; i < to && i < lines.size(); ++i) text += lines[i] + "\n";
  return text;
}

std::vector<std::string> Shuffled(std::vector<std::string> lines, std::uint64_t seed) {
  std::sort(lines.begin(), lines.end(), [&](const std::string& a, const std::string& b) {
    return std::pair(Chance(seed, "shuffle", {a}), a) < std::pair(Chance(seed, "shuffle", {b}), b);
  });
  return lines;
}

std::string InMemoryAnswer(const std::vector<std::string>& lines, std::size_t batch) {
  auto engine = Engine::InMemory();
  EXPECT_TRUE(engine.ok());
  for (std::size_t at = 0; at < lines.size(); at += batch) {
    const auto receipt = engine->AppendLines(Joined(lines, at, at + batch));
    EXPECT_TRUE(receipt.ok()) << receipt.status();
  }
  return Everything(*engine);
}

TEST(Determinism, ShuffledInputAndBatchesGiveTheSameBytes) {
  const std::vector<std::string> lines = OfficeLines();
  const std::string expected = InMemoryAnswer(lines, lines.size());
  ASSERT_FALSE(expected.empty());
  for (std::uint64_t seed = 1; seed <= 3; ++seed) EXPECT_EQ(InMemoryAnswer(Shuffled(lines, seed), 37 * seed), expected);
}

TEST(Determinism, SqliteAndMemoryGiveTheSameBytes) {
  const std::vector<std::string> lines = OfficeLines();
  const BookFile file("stores");
  {
    auto engine = Engine::Open(file.path());
    ASSERT_TRUE(engine.ok()) << engine.status();
    ASSERT_TRUE(engine->AppendLines(Joined(Shuffled(lines, 9), 0, lines.size())).ok());
  }
  auto reopened = Engine::Open(file.path());
  ASSERT_TRUE(reopened.ok()) << reopened.status();
  EXPECT_EQ(Everything(*reopened), InMemoryAnswer(lines, lines.size()));
  EXPECT_TRUE(reopened->Check().ok());
}

TEST(Tick, TwiceIssuesOnce) {
  auto engine = Engine::InMemory();
  ASSERT_TRUE(engine.ok());
  ASSERT_TRUE(engine->AppendLines(ReadText(OfficePath())).ok());
  const auto first = engine->Tick(ReadAt{MondayMorning()});
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_GT(first->issued, 3);
  const auto second = engine->Tick(ReadAt{MondayMorning()});
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(second->events.size(), 0u);
  EXPECT_EQ(second->issued + second->changed + second->withdrawn + second->expired, 0);
}

TEST(Tick, TwoEnginesOnOneFileIssueOnce) {
  const BookFile file("two");
  auto one = Engine::Open(file.path());
  ASSERT_TRUE(one.ok()) << one.status();
  ASSERT_TRUE(one->AppendLines(ReadText(OfficePath())).ok());
  auto two = Engine::Open(file.path());
  ASSERT_TRUE(two.ok()) << two.status();
  const auto first = one->Tick(ReadAt{MondayMorning()});
  const auto second = two->Tick(ReadAt{MondayMorning()});
  ASSERT_TRUE(first.ok()) << first.status();
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_GT(first->issued, 0);
  EXPECT_EQ(second->issued, 0);
}

// Killed at any moment, a tick has left all of its events or none; run again, the book is the one of a single quiet run.
TEST(Tick, KilledAndRunAgainIssuesOnce) {
  auto quiet = Engine::InMemory();
  ASSERT_TRUE(quiet.ok());
  ASSERT_TRUE(quiet->AppendLines(ReadText(OfficePath())).ok());
  ASSERT_TRUE(quiet->Tick(ReadAt{MondayMorning()}).ok());
  const std::string expected = *quiet->ExportLines();
  for (int microseconds : {0, 500, 2'000, 5'000, 10'000, 20'000, 40'000, 80'000}) {
    const BookFile file("killed");
    {
      auto engine = Engine::Open(file.path());
      ASSERT_TRUE(engine.ok());
      ASSERT_TRUE(engine->AppendLines(ReadText(OfficePath())).ok());
    }
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      auto engine = Engine::Open(file.path());
      if (engine.ok()) (void)engine->Tick(ReadAt{MondayMorning()});
      _exit(0);
    }
    usleep(static_cast<useconds_t>(microseconds));
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    auto engine = Engine::Open(file.path());
    ASSERT_TRUE(engine.ok()) << engine.status();
    ASSERT_TRUE(engine->Tick(ReadAt{MondayMorning()}).ok());
    EXPECT_EQ(*engine->ExportLines(), expected) << "killed after " << microseconds << " microseconds";
    EXPECT_TRUE(engine->Check().ok());
  }
}

TEST(Knowledge, ALateFactDoesNotMoveAnEarlierAnswer) {
  auto engine = Engine::InMemory();
  ASSERT_TRUE(engine.ok());
  ASSERT_TRUE(engine->AppendLines(ReadText(OfficePath())).ok());
  ASSERT_TRUE(engine->Tick(ReadAt{MondayMorning()}).ok());
  const std::string before = Everything(*engine);
  // Said to have been known on Friday, appended after Monday's tick.
  ASSERT_TRUE(engine->AppendLines(R"({"specversion":"1.0","id":"late-1","source":"test","type":"worry.raised","subject":"c-sakura-laundry",)"
                                  R"("time":"2026-02-27T10:00:00+09:00","recordedtime":"2026-02-27T10:00:00+09:00","data":{}})").ok());
  EXPECT_EQ(Everything(*engine), before);
  const auto later = engine->Decide(ReadAt{At("2026-03-02T12:00:00+09:00")});
  ASSERT_TRUE(later.ok());
  bool heard = false;
  for (const AccountDecisions& one : *later) {
    for (const Decision& d : one.decisions) heard |= d.root.id == "late-1";
  }
  EXPECT_TRUE(heard) << "from the next moment on it counts";
}

}  // namespace
}  // namespace rapport

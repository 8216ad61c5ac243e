// What is particular to books in files: how they are opened and recognised, seen from other processes, and checked.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "ledger/book_files.hpp"
#include "ledger/payload_samples.hpp"
#include "rapport/ledger/ledger.hpp"

namespace rapport {
namespace {

using samples::LastingEvents;
using samples::RunSql;
using samples::TextOf;
using samples::TextOfFile;
using samples::WriteFile;
using ::testing::HasSubstr;

const std::filesystem::path kFixtures = std::filesystem::path(RAPPORT_SOURCE_DIR) / "tests/fixtures/ledger";

Ledger Opened(const std::string& path) { return Ledger(OpenSqliteStore(path).value()); }

Event TouchWith(std::string id, std::string note) {
  Event event;
  event.key = {"shop", std::move(id)};
  event.subject = CustomerId::Trusted("c-1");
  event.occurred = {ParseStamp("2026-03-02T12:00:00.5Z")->at, 0};
  event.recorded = event.claimed = event.occurred.at;
  Touch touch;
  touch.minutes = 54321;
  touch.note = std::move(note);
  event.data = touch;
  return event;
}

class SqliteFile : public ::testing::Test {
 protected:
  std::string token(const std::string& path, bool create = true) {
    SqliteOptions options;
    options.create = create;
    const absl::Status status = OpenSqliteStore(path, options).status();
    if (!path.empty()) {
      EXPECT_THAT(std::string(status.message()), HasSubstr(path));
    }
    return TokenOf(status);
  }
  // A book with a touch that has private text, and more.
  std::string Book(const std::string& name) {
    const std::string path = folder_.File(name);
    Ledger ledger = Opened(path);
    EXPECT_TRUE(ledger.Append({TouchWith("o-1", "her secret")}).ok());
    EXPECT_TRUE(ledger.Append(LastingEvents(30, 1)).ok());
    return path;
  }
  std::string CheckToken(const std::string& path, const std::string& expected_part) {
    const absl::Status status = Opened(path).Check();
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << status;
    EXPECT_THAT(std::string(status.message()), ::testing::AllOf(HasSubstr(path), HasSubstr(expected_part)));
    return TokenOf(status);
  }
  samples::Folder folder_;
};

TEST_F(SqliteFile, SaysWhyAPathCannotBeOpened) {
  EXPECT_EQ(token(folder_.File("absent.db"), false), "store.not_found");
  EXPECT_FALSE(std::filesystem::exists(folder_.File("absent.db")));
  EXPECT_EQ(token(folder_.File("no/folder.db")), "store.not_found");
  EXPECT_EQ(token(""), "store.not_found");
  EXPECT_EQ(token(folder_.File("")), "store.io") << "a folder is no file";
  WriteFile(folder_.File("rows.csv"), "customer,date\n1,2026-01-01\n" + std::string(5000, 'x'));
  EXPECT_EQ(token(folder_.File("rows.csv")), "store.not_a_book");
  RunSql(folder_.File("other.db"), "CREATE TABLE t (x)");
  EXPECT_EQ(token(folder_.File("other.db")), "store.not_a_book");
  RunSql(folder_.File("marked.db"), "PRAGMA application_id = 77");
  EXPECT_EQ(token(folder_.File("marked.db")), "store.not_a_book");
  WriteFile(folder_.File("empty.db"), "");
  EXPECT_EQ(token(folder_.File("empty.db"), false), "store.not_a_book");
  EXPECT_TRUE(OpenSqliteStore(folder_.File("empty.db")).ok()) << "an empty file becomes a book where that is allowed";
  RunSql(Book("newer.db"), "PRAGMA user_version = 6");
  EXPECT_EQ(token(folder_.File("newer.db")), "store.newer_schema");
  RunSql(Book("older.db"), "PRAGMA user_version = 0");
  EXPECT_EQ(token(folder_.File("older.db")), "store.corrupt");
}

TEST_F(SqliteFile, IsAnOrdinaryDatabase) {
  const std::string path = Book("book.db");
  EXPECT_EQ(RunSql(path, "PRAGMA application_id"), std::to_string(0x52415050));
  EXPECT_EQ(RunSql(path, "PRAGMA user_version"), "5");
  EXPECT_EQ(RunSql(path, "PRAGMA journal_mode"), "wal");
  EXPECT_EQ(RunSql(path, "SELECT count(*) FROM pragma_table_list WHERE strict = 1"), "4");
  EXPECT_EQ(RunSql(path, "SELECT count(*) FROM event"), "31");
  EXPECT_EQ(RunSql(path, "SELECT facts ->> 'minutes' FROM event WHERE source = 'shop' AND id = 'o-1'"), "54321");
  EXPECT_EQ(RunSql(path, "SELECT count(*) FROM event WHERE facts LIKE '%secret%'"), "0");
  EXPECT_EQ(RunSql(path, "SELECT min(length(salt)) FROM private"), "16");
  EXPECT_EQ(RunSql(path, "SELECT count(DISTINCT salt) = count(*) FROM private"), "1");
  EXPECT_THAT(RunSql(path, "EXPLAIN QUERY PLAN SELECT * FROM event WHERE subject = 'c-1'"), HasSubstr("USING INDEX event_by_subject"));
}

TEST_F(SqliteFile, AViewShowsIsoTimes) {
  const std::string path = folder_.File("book.db");
  std::vector<Event> events;
  for (const char* time : {"2026-03-02T10:15:00.000001+09:00", "1969-12-31T23:59:59.25Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z"}) {
    events.push_back(TouchWith(time, "x"));
    events.back().occurred = ParseStamp(time).value();
    events.back().recorded = events.back().claimed = events.back().occurred.at;
  }
  ASSERT_TRUE(Opened(path).Append(events).ok());
  const auto at = [&](int sequence) {
    return RunSql(path, "SELECT occurred_at FROM event_view WHERE sequence = " + std::to_string(sequence));
  };
  EXPECT_EQ(at(1), "0001-01-01T00:00:00.000000Z");
  EXPECT_EQ(at(2), "1969-12-31T23:59:59.250000Z");
  EXPECT_EQ(at(3), "2026-03-02T01:15:00.000001Z");
  EXPECT_EQ(at(4), "9999-12-31T23:59:59.999999Z");
}

TEST_F(SqliteFile, OddPathsAreNamesOfFiles) {
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::current_path(folder_.File(""));
  for (const std::string name : {":memory:", "file:x?mode=memory", "小田.db"}) {
    EXPECT_TRUE(OpenSqliteStore(name).ok());
    EXPECT_TRUE(std::filesystem::exists(std::filesystem::path("./" + name))) << name;
  }
  std::filesystem::current_path(before);
}

TEST_F(SqliteFile, OthersSeeWholeAppendsOnly) {
  const std::string path = Book("book.db");
  const std::unique_ptr<Store> writer = OpenSqliteStore(path).value();
  Ledger reader = Opened(path);
  std::vector<Event> more{TouchWith("o-2", "a"), TouchWith("o-3", "b")};
  more[0].sequence = 32;
  more[1].sequence = 33;
  const absl::Status status = writer->Transaction([&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(writer->Put(more));
    EXPECT_EQ(writer->LastSequence().value(), 33);
    EXPECT_EQ(reader.LastSequence().value(), 31);
    EXPECT_TRUE(reader.Check().ok());
    return absl::OkStatus();
  });
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(reader.LastSequence().value(), 33);
}

TEST_F(SqliteFile, ASecondWriterIsToldToWait) {
  const std::string path = Book("book.db");
  const std::unique_ptr<Store> writer = OpenSqliteStore(path).value();
  SqliteOptions impatient;
  impatient.busy_milliseconds = 1;
  Ledger second(OpenSqliteStore(path, impatient).value());
  const absl::Status status = writer->Transaction([&]() -> absl::Status {
    const absl::Status busy = second.Append({TouchWith("o-2", "a")}).status();
    EXPECT_EQ(busy.code(), absl::StatusCode::kUnavailable);
    EXPECT_EQ(TokenOf(busy), "store.busy");
    EXPECT_THAT(std::string(busy.message()), HasSubstr(path));
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok());
  EXPECT_TRUE(second.Append({TouchWith("o-2", "a")}).ok());
}

TEST_F(SqliteFile, TwoBooksOfTheSameEventsDifferInSaltOnly) {
  const std::string a = Book("a.db"), b = Book("b.db");
  EXPECT_NE(RunSql(a, "SELECT hex(salt) FROM private"), RunSql(b, "SELECT hex(salt) FROM private"));
  EXPECT_EQ(RunSql(a, "SELECT group_concat(hex(digest) || text) FROM event LEFT JOIN private USING (sequence)"),
            RunSql(b, "SELECT group_concat(hex(digest) || text) FROM event LEFT JOIN private USING (sequence)"));
}

TEST_F(SqliteFile, CheckFindsAFlippedByteInFacts) {
  const std::string path = Book("book.db");
  std::string bytes = TextOfFile(path);
  const std::size_t at = bytes.find("54321");
  ASSERT_NE(at, std::string::npos);
  bytes[at + 2] = '4';
  WriteFile(path, bytes);
  EXPECT_EQ(CheckToken(path, "event 1: its facts do not match their digest"), "store.corrupt");
}

TEST_F(SqliteFile, CheckFindsWhateverIsChanged) {
  const std::pair<std::string, std::string> kChanges[] = {
      {"UPDATE event SET facts = '{\"channel\":\"fax\"}' WHERE sequence = 1", "event 1: "},
      {"UPDATE event SET facts = '{' WHERE sequence = 1", "event 1: "},
      {"UPDATE event SET subject = 'c-2' WHERE sequence = 1", "event 1: its facts do not match"},
      {"UPDATE event SET occurred_at = occurred_at + 1 WHERE sequence = 1", "event 1: its facts do not match"},
      {"UPDATE event SET recorded_at = recorded_at + 1 WHERE sequence = 5", "append call 2: its events do not match their link"},
      {"UPDATE event SET claimed_at = claimed_at - 1 WHERE sequence = 1", "append call 1: its events do not match"},
      {"UPDATE event SET occurred_offset = 60 WHERE sequence = 1", "append call 1: its events do not match"},
      {"UPDATE event SET id = 'other' WHERE sequence = 1", "append call 1: its events do not match"},
      {"UPDATE event SET private_digest = zeroblob(32) WHERE sequence = 1", "event 1: its private part does not match"},
      {"UPDATE private SET text = '{\"note\":\"kind words\"}' WHERE sequence = 1", "event 1: its private part does not match"},
      {"UPDATE private SET salt = zeroblob(16) WHERE sequence = 1", "event 1: its private part does not match"},
      {"UPDATE chain SET link = zeroblob(32) WHERE append_call = 1", "append call 1"},
      {"DELETE FROM chain WHERE append_call = 2", "append call 2: its link is missing"},
      {"DELETE FROM private; DELETE FROM event WHERE sequence = 31", "append call 2"},
      {"DELETE FROM private; DELETE FROM event WHERE append_call = 2", "append call 2: its events are missing"},
      {"DELETE FROM private; DELETE FROM event WHERE sequence = 3", "event 3: missing"},
      {"PRAGMA foreign_keys = OFF; INSERT INTO private VALUES (99, zeroblob(16), '{}')", "event 99: a private part without its event"},
  };
  int number = 0;
  for (const auto& [change, found] : kChanges) {
    const std::string path = Book("changed-" + std::to_string(++number) + ".db");
    EXPECT_TRUE(Opened(path).Check().ok());
    RunSql(path, change);
    EXPECT_EQ(CheckToken(path, found), "store.corrupt") << change;
  }
}

TEST_F(SqliteFile, ADamagedPageIsReportedNotRead) {
  const std::string path = Book("book.db");
  std::string bytes = TextOfFile(path);
  for (std::size_t i = 4096; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * 7);
  WriteFile(path, bytes);
  absl::StatusOr<std::unique_ptr<Store>> store = OpenSqliteStore(path);
  const absl::Status status = store.ok() ? (*store)->Check() : store.status();
  EXPECT_EQ(TokenOf(status), "store.corrupt") << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr(path));
}

// Erasure takes the private row; what remains is valid, and a repetition of the event brings nothing back.
TEST_F(SqliteFile, AnErasedPrivatePartBreaksNothing) {
  const std::string path = Book("book.db");
  RunSql(path, "DELETE FROM private WHERE sequence = 1");
  Ledger ledger = Opened(path);
  EXPECT_TRUE(ledger.Check().ok()) << ledger.Check();
  const auto receipt = ledger.Append({TouchWith("o-1", "her secret")});
  ASSERT_TRUE(receipt.ok()) << receipt.status();
  EXPECT_EQ(receipt->duplicates, 1);
  EXPECT_TRUE(ledger.Scan(0, [](Event&& event) {
    EXPECT_TRUE(event.key.id != "o-1" || EncodePrivate(event).if_object()->empty());
    return absl::OkStatus();
  }).ok());
}

TEST_F(SqliteFile, ManyAppendsMakeAChain) {
  const std::string path = folder_.File("book.db");
  {
    Ledger ledger = Opened(path);
    for (int i = 0; i < 50; ++i) ASSERT_TRUE(ledger.Append({TouchWith("o-" + std::to_string(i), "x")}).ok());
    ASSERT_TRUE(ledger.Append({TouchWith("o-1", "x")}).ok());
    EXPECT_TRUE(ledger.Check().ok());
  }
  EXPECT_EQ(RunSql(path, "SELECT count(*) FROM chain"), "50") << "a call that adds nothing has no link";
  EXPECT_EQ(RunSql(path, "SELECT count(DISTINCT link) FROM chain"), "50");
}

// tests/fixtures/ledger/README.md: a book that a released schema version wrote is read for ever.
class SqliteVersion : public SqliteFile {
 protected:
  std::string CopyOf(int version) {
    const std::string path = folder_.File("book.db");
    std::filesystem::copy_file(kFixtures / ("book_v" + std::to_string(version) + ".db"), path);
    return path;
  }
  static std::vector<std::string> LinesOf(int version) {
    std::vector<std::string> lines;
    std::ifstream file(kFixtures / ("book_v" + std::to_string(version) + ".ndjson"));
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    return lines;
  }
  static std::vector<std::string> ContentOf(Ledger& ledger) {
    std::vector<std::string> found;
    EXPECT_TRUE(ledger.Scan(0, [&](Event&& event) {
      found.push_back(TextOf(event));
      return absl::OkStatus();
    }).ok());
    return found;
  }
  // Delivered again, each event is recognised by its digest; but for what no day holds, which those versions took in and today's refuses.
  static std::int64_t Recognised(Ledger& ledger, const std::vector<std::string>& lines) {
    std::vector<Event> again;
    std::int64_t refused = 0;
    DecodeOptions options;
    options.on_unknown = OnUnknown::kKeep;
    for (const std::string& line : lines) {
      if (line.find("\"source\":\"rapport\"") != std::string::npos) continue;
      const auto decoded = DecodeLines(line, options);
      if (decoded.ok()) {
        again.push_back(decoded->front());
        continue;
      }
      EXPECT_THAT(line, HasSubstr("_minutes\":9007199254740992")) << decoded.status();
      ++refused;
    }
    return ledger.Append(again)->duplicates + refused;
  }
};

TEST_F(SqliteVersion, OneIsRead) {
  const std::vector<std::string> expected = LinesOf(1);
  ASSERT_EQ(expected.size(), 77u);
  Ledger ledger = Opened(CopyOf(1));
  EXPECT_TRUE(ledger.Check().ok()) << ledger.Check();
  EXPECT_EQ(ledger.Seal().value(), Instant::FromMicros(1'730'000'000'000'000));
  EXPECT_EQ(ContentOf(ledger), expected);
  EXPECT_EQ(Recognised(ledger, expected), 76);
}

TEST_F(SqliteVersion, TwoIsRead) {
  const std::vector<std::string> expected = LinesOf(2);
  ASSERT_GT(expected.size(), 150u);
  const std::string path = CopyOf(2);
  EXPECT_EQ(RunSql(path, "PRAGMA user_version"), "2");
  Ledger ledger = Opened(path);
  EXPECT_TRUE(ledger.Check().ok()) << ledger.Check();
  EXPECT_EQ(ledger.Seal().value(), Instant::FromMicros(1'730'000'000'000'000));
  EXPECT_EQ(ContentOf(ledger), expected);
  EXPECT_EQ(Recognised(ledger, expected), static_cast<std::int64_t>(expected.size()) - 1);
  // Types of later versions are not in it; those of this one are.
  std::string text;
  for (const std::string& line : expected) text += line;
  for (const std::string_view type : {"touch", "purchase.placed", "followup.issued", "event.corrected", "cadence.entered", "rate.set"}) {
    EXPECT_THAT(text, HasSubstr("\"type\":\"" + std::string(type) + "\""));
  }
}

TEST_F(SqliteVersion, ThreeToFiveAreRead) {
  for (const int version : {3, 4, 5}) {
    SCOPED_TRACE(version);
    const std::vector<std::string> expected = LinesOf(version);
    ASSERT_GT(expected.size(), 150u);
    const std::string path = CopyOf(version);
    EXPECT_EQ(RunSql(path, "PRAGMA user_version"), std::to_string(version));
    {
      Ledger ledger = Opened(path);
      EXPECT_TRUE(ledger.Check().ok()) << ledger.Check();
      EXPECT_EQ(ContentOf(ledger), expected);
      EXPECT_EQ(Recognised(ledger, expected), static_cast<std::int64_t>(expected.size()) - 1);
    }
    EXPECT_NE(RunSql(path, "SELECT count(data_kind) FROM touch"), "") << "its views show the newest fields";
    std::filesystem::remove(path);
  }
}

// A book of version 2 has, once opened, the views of a new one, and says the same.
TEST_F(SqliteVersion, TwoBecomesTheNewest) {
  const std::string path = CopyOf(2);
  EXPECT_EQ(RunSql(path, "SELECT count(*) FROM sqlite_schema WHERE name = 'promise_progressed'"), "0");
  { const Ledger opened = Opened(path); }
  const std::string all = "SELECT group_concat(type || ' ' || name || coalesce(sql, ''), ';') FROM (SELECT * FROM sqlite_schema ORDER BY type, name)";
  EXPECT_EQ(RunSql(path, all), RunSql(Book("fresh.db"), all));
  EXPECT_EQ(RunSql(path, "PRAGMA user_version"), "5");
  EXPECT_EQ(RunSql(path, "SELECT count(*) FROM promise_progressed"), "0");
  EXPECT_EQ(RunSql(path, "SELECT count(data_product) FROM promise_made"), "0");
  EXPECT_EQ(RunSql(path, "SELECT count(data_kind) FROM touch"), "0");
  Ledger ledger = Opened(path);
  EXPECT_EQ(ContentOf(ledger), LinesOf(2));
  EXPECT_TRUE(ledger.Check().ok()) << ledger.Check();
}

// A book of version 1 has, once opened, all that a new one has, and says the same.
TEST_F(SqliteVersion, OneBecomesThree) {
  const std::string path = CopyOf(1);
  EXPECT_EQ(RunSql(path, "PRAGMA user_version"), "1");
  EXPECT_EQ(RunSql(path, "SELECT count(*) FROM pragma_table_info('event') WHERE name = 'batch'"), "0");
  const std::string digests = RunSql(path, "SELECT group_concat(hex(digest)) FROM event");
  const std::string links = RunSql(path, "SELECT group_concat(hex(link)) FROM chain");
  { const Ledger opened = Opened(path); }
  const std::string fresh = Book("fresh.db");
  const std::string names = "SELECT group_concat(type || ' ' || name, ', ') FROM (SELECT * FROM sqlite_schema ORDER BY type, name)";
  const std::string views = "SELECT group_concat(sql, ';') FROM (SELECT * FROM sqlite_schema WHERE type = 'view' ORDER BY name)";
  const std::string columns = "SELECT group_concat(name || ' ' || type, ', ') FROM pragma_table_info('event')";
  for (const std::string& sql : {names, views, columns, std::string("PRAGMA user_version")}) EXPECT_EQ(RunSql(path, sql), RunSql(fresh, sql));
  EXPECT_EQ(RunSql(path, "SELECT group_concat(hex(digest)) FROM event"), digests);
  EXPECT_EQ(RunSql(path, "SELECT group_concat(hex(link)) FROM chain"), links);
  EXPECT_EQ(RunSql(path, "SELECT count(*) = (SELECT count(*) FROM event WHERE type = 'touch') FROM touch"), "1");
  EXPECT_THAT(RunSql(path, "EXPLAIN QUERY PLAN SELECT * FROM event WHERE subject IS NULL ORDER BY sequence"), HasSubstr("event_without_subject"));
  Ledger ledger = Opened(path);
  EXPECT_EQ(ContentOf(ledger), LinesOf(1));
  Event later = TouchWith("later", "x");
  later.batch = BatchId::Trusted("import-1");
  EXPECT_TRUE(ledger.Append({later}).ok());
  EXPECT_EQ(RunSql(path, "SELECT batch FROM event WHERE id = 'later'"), "import-1");
  EXPECT_TRUE(ledger.Check().ok()) << ledger.Check();
}

}  // namespace
}  // namespace rapport

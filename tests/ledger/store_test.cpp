// What both stores do besides appending and scanning: by customer, by prefix, links, erasure, backup; and what an append may be told.
#include "rapport/ledger/store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ledger/book_files.hpp"
#include "ledger/payload_samples.hpp"
#include "rapport/ledger/ledger.hpp"

namespace rapport {
namespace {

using samples::TextOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

enum class Kind { kMemory, kSqlite };

const Instant kNoon = ParseStamp("2026-03-02T12:00:00Z")->at;

Event TouchBy(const std::string& customer, std::string id, std::int64_t minute, const std::string& note = "") {
  Event event;
  event.key = {"shop", std::move(id)};
  event.subject = CustomerId::Trusted(customer);
  event.occurred = {kNoon.PlusMinutes(minute), 0};
  event.recorded = event.claimed = event.occurred.at;
  Touch touch;
  if (!note.empty()) touch.note = note;
  event.data = touch;
  return event;
}

Event RateAt(std::string id, std::int64_t minute) {
  Event event = TouchBy("", std::move(id), minute);
  event.subject = CustomerId();
  event.data = RateSet{"USD", "EUR", "0.92"};
  return event;
}

class StoreSuite : public ::testing::TestWithParam<Kind> {
 protected:
  Ledger NewLedger() {
    if (GetParam() == Kind::kMemory) return Ledger(OpenMemoryStore());
    path_ = folder_.File("book.db");
    return Ledger(OpenSqliteStore(path_).value());
  }
  static std::vector<std::string> IdsOf(const std::vector<Event>& events) {
    std::vector<std::string> ids;
    for (const Event& event : events) ids.push_back(event.key.id);
    return ids;
  }
  static std::vector<Event> Of(Ledger& ledger, const std::string& customer) {
    std::vector<Event> events;
    EXPECT_TRUE(ledger.store().ScanSubject(customer.empty() ? CustomerId() : CustomerId::Trusted(customer), [&](Event&& event) {
      events.push_back(std::move(event));
      return absl::OkStatus();
    }).ok());
    return events;
  }
  static std::vector<Event> All(Ledger& ledger) {
    std::vector<Event> events;
    EXPECT_TRUE(ledger.Scan(0, [&](Event&& event) {
      events.push_back(std::move(event));
      return absl::OkStatus();
    }).ok());
    return events;
  }
  static std::string Words(const Event& event) { return EncodePrivate(event).Canonical(); }
  samples::Folder folder_;
  std::string path_;
};

TEST_P(StoreSuite, ScansTheEventsOfOneCustomerAndOfNone) {
  Ledger ledger = NewLedger();
  ASSERT_TRUE(ledger.Append({TouchBy("c-1", "a", 1), TouchBy("c-2", "b", 2), RateAt("r", 3), TouchBy("c-1", "c", 4, "words")}).ok());
  ASSERT_TRUE(ledger.Append({TouchBy("c-1", "late", 0), RateAt("r-2", 9)}).ok());
  EXPECT_THAT(IdsOf(Of(ledger, "c-1")), ElementsAre("a", "c", "late")) << "in order of sequence";
  EXPECT_EQ(Of(ledger, "c-1")[1].sequence, 4);
  EXPECT_THAT(Words(Of(ledger, "c-1")[1]), HasSubstr("words"));
  EXPECT_THAT(IdsOf(Of(ledger, "c-2")), ElementsAre("b"));
  EXPECT_THAT(IdsOf(Of(ledger, "")), ElementsAre("r", "r-2"));
  EXPECT_THAT(Of(ledger, "c"), IsEmpty()) << "no prefix of an id is meant";
  const absl::Status stopped = ledger.store().ScanSubject(CustomerId::Trusted("c-1"), [](Event&&) { return Invalid("test.enough", "enough"); });
  EXPECT_EQ(TokenOf(stopped), "test.enough");
}

TEST_P(StoreSuite, FindsIdsByTheirBeginning) {
  Ledger ledger = NewLedger();
  Event other = TouchBy("c-1", "again/1/x", 5);
  other.key.source = "other";
  ASSERT_TRUE(ledger.Append({TouchBy("c-1", "again/2/b", 1), TouchBy("c-2", "again/1/z", 2), TouchBy("c-1", "again/1/a", 3), TouchBy("c-1", "again0", 4),
                             TouchBy("c-1", "agai", 6), TouchBy("c-1", "小田", 7), other}).ok());
  const auto with = [&](const std::string& prefix) { return IdsOf(ledger.store().WithPrefix("shop", prefix).value()); };
  EXPECT_THAT(with("again/1/"), ElementsAre("again/1/a", "again/1/z")) << "in order of id";
  EXPECT_THAT(with("again/"), ElementsAre("again/1/a", "again/1/z", "again/2/b"));
  EXPECT_THAT(with("b"), IsEmpty());
  EXPECT_THAT(with(""), ElementsAre("agai", "again/1/a", "again/1/z", "again/2/b", "again0", "小田"));
  EXPECT_THAT(ledger.store().WithPrefix("nobody", "").value(), IsEmpty());
}

TEST_P(StoreSuite, HasALinkWhereAnAppendEnded) {
  Ledger ledger = NewLedger();
  ASSERT_TRUE(ledger.Append({TouchBy("c-1", "a", 1), TouchBy("c-1", "b", 2)}).ok());
  const std::optional<Digest> first = ledger.store().LinkAt(2).value();
  ASSERT_TRUE(ledger.Append({TouchBy("c-1", "c", 3)}).ok());
  EXPECT_TRUE(first.has_value());
  EXPECT_EQ(ledger.store().LinkAt(2).value(), first) << "what was before stays";
  EXPECT_TRUE(ledger.store().LinkAt(3).value().has_value());
  EXPECT_NE(ledger.store().LinkAt(3).value(), first);
  EXPECT_FALSE(ledger.store().LinkAt(1).value().has_value()) << "amid a call";
  EXPECT_FALSE(ledger.store().LinkAt(4).value().has_value());
}

TEST_P(StoreSuite, ErasesTextForGood) {
  Ledger ledger = NewLedger();
  ASSERT_TRUE(ledger.Append({TouchBy("c-1", "a", 1, "her unmistakable secret"), TouchBy("c-1", "b", 2, "kept words")}).ok());
  const std::optional<Digest> link = ledger.store().LinkAt(2).value();
  Store& store = ledger.store();
  ASSERT_TRUE(store.Transaction([&] { return store.ErasePrivate({1}); }).ok());
  ASSERT_TRUE(store.Scrub().ok());
  EXPECT_EQ(Words(All(ledger)[0]), "{}");
  EXPECT_THAT(Words(All(ledger)[1]), HasSubstr("kept words"));
  EXPECT_TRUE(store.Find({"shop", "a"}).value()->erased);
  EXPECT_TRUE(store.Find({"shop", "a"}).value()->private_json.empty());
  EXPECT_FALSE(store.Find({"shop", "b"}).value()->erased);
  EXPECT_EQ(store.LinkAt(2).value(), link);
  EXPECT_TRUE(store.Check().ok()) << store.Check();
  EXPECT_EQ(ledger.Append({TouchBy("c-1", "a", 1, "her unmistakable secret")})->duplicates, 1) << "it brings nothing back";
  EXPECT_EQ(Words(All(ledger)[0]), "{}");
  for (const std::string end : {"", "-wal"}) {
    if (path_.empty()) continue;
    EXPECT_THAT(samples::TextOfFile(path_ + end), Not(HasSubstr("unmistakable"))) << end;
  }
}

TEST_P(StoreSuite, AnErasureThatIsTakenBackErasesNothing) {
  Ledger ledger = NewLedger();
  ASSERT_TRUE(ledger.Append({TouchBy("c-1", "a", 1, "words")}).ok());
  Store& store = ledger.store();
  EXPECT_FALSE(store.Transaction([&] {
    EXPECT_TRUE(store.ErasePrivate({1}).ok());
    return Invalid("test.no", "no");
  }).ok());
  EXPECT_THAT(Words(All(ledger)[0]), HasSubstr("words"));
  EXPECT_FALSE(store.Find({"shop", "a"}).value()->erased);
}

TEST_P(StoreSuite, BacksUpWhatIsCommitted) {
  Ledger ledger = NewLedger();
  ASSERT_TRUE(ledger.Append(samples::LastingEvents(70, 5)).ok());
  const std::string copy = folder_.File("copy.db");
  if (GetParam() == Kind::kMemory) {
    EXPECT_EQ(TokenOf(ledger.store().Backup(copy)), "store.no_file");
    return;
  }
  ASSERT_TRUE(ledger.store().Backup(copy).ok());
  EXPECT_EQ(TokenOf(ledger.store().Backup(copy)), "store.exists");
  EXPECT_FALSE(ledger.store().Backup(folder_.File("no/folder/copy.db")).ok());
  ASSERT_TRUE(ledger.Append({TouchBy("c-1", "after", 1)}).ok());
  Ledger copied(OpenSqliteStore(copy).value());
  EXPECT_TRUE(copied.Check().ok()) << copied.Check();
  std::vector<Event> events = All(ledger);
  events.pop_back();
  const std::vector<Event> read = All(copied);
  ASSERT_EQ(read.size(), events.size());
  for (std::size_t i = 0; i < events.size(); ++i) EXPECT_EQ(TextOf(read[i]), TextOf(events[i]));
  EXPECT_EQ(copied.store().LinkAt(70).value(), ledger.store().LinkAt(70).value());
}

TEST_P(StoreSuite, OtherContentBecomesACorrection) {
  Ledger ledger = NewLedger();
  ASSERT_TRUE(ledger.Append({TouchBy("c-1", "a", 1, "first words")}).ok());
  Event again = TouchBy("c-1", "a", 1, "second words");
  again.recorded = again.claimed = kNoon.PlusMinutes(60);
  AppendOptions correct;
  correct.on_conflict = OnConflict::kCorrect;
  const auto receipt = ledger.Append({again, TouchBy("c-1", "b", 2)}, correct);
  ASSERT_TRUE(receipt.ok()) << receipt.status();
  EXPECT_EQ(receipt->corrected, 1);
  EXPECT_EQ(receipt->accepted, 1);
  EXPECT_EQ(ledger.Append({again}, correct)->duplicates, 1) << "said before";
  const std::vector<Event> stored = All(ledger);
  ASSERT_EQ(stored.size(), 3u);
  EXPECT_THAT(Words(stored[0]), HasSubstr("first words")) << "what was stored stays";
  int corrections = 0;
  for (const Event& event : stored) {
    const auto* corrected = event.As<EventCorrected>();
    if (corrected == nullptr) continue;
    ++corrections;
    EXPECT_EQ(corrected->target_id, "a");
    EXPECT_EQ(event.key.source, kEngineSource);
    EXPECT_EQ(event.claimed, again.claimed);
    EXPECT_THAT(corrected->text->Canonical(), HasSubstr("second words"));
  }
  EXPECT_EQ(corrections, 1);
  Event other = again;
  other.subject = CustomerId::Trusted("c-2");
  EXPECT_EQ(TokenOf(ledger.Append({other}, correct).status()), "ledger.conflict") << "a correction changes no subject";
  EXPECT_EQ(ledger.LastSequence().value(), 3);
  EXPECT_TRUE(ledger.Check().ok()) << ledger.Check();
}

TEST_P(StoreSuite, ATableThatIsReplacedCountsFromNowOn) {
  Ledger ledger = NewLedger();
  AppendOptions replace;
  replace.on_conflict = OnConflict::kReplace;
  ASSERT_TRUE(ledger.Append({TouchBy("c-1", "a", 1, "one")}, replace).ok());
  EXPECT_EQ(ledger.Append({TouchBy("c-1", "a", 1, "two")}, replace)->corrected, 1);
  EXPECT_EQ(ledger.Append({TouchBy("c-1", "a", 1, "two")}, replace)->duplicates, 1);
  EXPECT_EQ(ledger.Append({TouchBy("c-1", "a", 1, "one")}, replace)->corrected, 1) << "back to what it was";
  const std::vector<Event> stored = All(ledger);
  ASSERT_EQ(stored.size(), 3u);
  EXPECT_LT(stored[0].claimed, stored[1].claimed);
  EXPECT_LT(stored[1].claimed, stored[2].claimed);
  EXPECT_THAT(stored[2].As<EventCorrected>()->text->Canonical(), HasSubstr("one"));
  EXPECT_TRUE(ledger.Check().ok()) << ledger.Check();
}

TEST_P(StoreSuite, ACompanionComesOnlyWithOthers) {
  Ledger ledger = NewLedger();
  AppendOptions options;
  options.companion = RateAt("companion", 30);
  EXPECT_EQ(ledger.Append({}, options)->last_sequence, 0) << "not alone";
  const auto receipt = ledger.Append({TouchBy("c-1", "a", 1)}, options);
  ASSERT_TRUE(receipt.ok()) << receipt.status();
  EXPECT_EQ(receipt->accepted, 1) << "it is not counted";
  EXPECT_EQ(receipt->last_sequence, 2);
  EXPECT_EQ(ledger.Append({TouchBy("c-1", "a", 1)}, options)->last_sequence, 2) << "repetitions bring none";
  EXPECT_EQ(ledger.Append({TouchBy("c-1", "b", 2)}, options)->last_sequence, 3) << "once";
  EXPECT_THAT(IdsOf(All(ledger)), ElementsAre("a", "companion", "b"));
  EXPECT_TRUE(ledger.store().LinkAt(2).value().has_value()) << "in the same call";
  EXPECT_FALSE(ledger.store().LinkAt(1).value().has_value());
}

INSTANTIATE_TEST_SUITE_P(Stores, StoreSuite, ::testing::Values(Kind::kMemory, Kind::kSqlite),
                         [](const auto& info) { return info.param == Kind::kMemory ? "Memory" : "Sqlite"; });

}  // namespace
}  // namespace rapport

// One suite for both stores: what the ledger promises does not depend on where it keeps its events.
#include "rapport/ledger/ledger.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <sys/wait.h>

#include <algorithm>

#include "ledger/book_files.hpp"
#include "ledger/payload_samples.hpp"

namespace rapport {
namespace {

using samples::LastingEvents;
using samples::TextOf;
using ::testing::HasSubstr;

enum class Kind { kMemory, kSqlite };

const Instant kNoon = ParseStamp("2026-03-02T12:00:00Z")->at;

Event TouchAt(std::string id, Instant at, std::string note = "") {
  Event event;
  event.key = {"shop", std::move(id)};
  event.subject = CustomerId::Trusted("c-1");
  event.occurred = {at, 540};
  event.recorded = event.claimed = at;
  Touch touch;
  if (!note.empty()) touch.note = note;
  event.data = touch;
  return event;
}

Event OwnAt(std::string id, Instant at) {
  Event event = TouchAt(id, at);
  event.key.source = std::string(kEngineSource);
  event.data = FollowUpExpired{FollowUpId::Trusted(id)};
  return event;
}

class LedgerSuite : public ::testing::TestWithParam<Kind> {
 protected:
  std::unique_ptr<Store> NewStore() {
    if (GetParam() == Kind::kMemory) return OpenMemoryStore();
    return OpenSqliteStore(folder_.File("book-" + std::to_string(++books_) + ".db")).value();
  }
  Ledger NewLedger() { return Ledger(NewStore()); }

  static std::vector<Event> All(Ledger& ledger, std::int64_t after = 0) {
    std::vector<Event> events;
    const absl::Status status = ledger.Scan(after, [&](Event&& event) {
      events.push_back(std::move(event));
      return absl::OkStatus();
    });
    EXPECT_TRUE(status.ok()) << status;
    return events;
  }
  // The content in canonical order, without the order of storing.
  static std::vector<std::string> Content(Ledger& ledger) {
    std::vector<Event> events = All(ledger);
    std::sort(events.begin(), events.end(), CanonicalLess);
    std::vector<std::string> texts;
    for (const Event& event : events) texts.push_back(TextOf(event));
    return texts;
  }

 private:
  samples::Folder folder_;
  int books_ = 0;
};

TEST_P(LedgerSuite, IsEmptyAtFirst) {
  Ledger ledger = NewLedger();
  EXPECT_EQ(ledger.LastSequence().value(), 0);
  EXPECT_EQ(ledger.Seal().value(), std::nullopt);
  EXPECT_TRUE(All(ledger).empty());
  EXPECT_TRUE(ledger.Check().ok());
  const auto receipt = ledger.Append({});
  ASSERT_TRUE(receipt.ok());
  EXPECT_EQ(receipt->accepted, 0);
  EXPECT_EQ(receipt->last_sequence, 0);
}

TEST_P(LedgerSuite, GivesBackWhatItTookInCanonicalOrder) {
  Ledger ledger = NewLedger();
  std::vector<Event> events = LastingEvents(4 * samples::kTypes, 1);
  Event kept = events[0];
  kept.key.id = "kept";
  kept.extra.emplace("colour", Json::Array{"red", 5});
  events.push_back(kept);
  kept.key.id = "unknown";
  kept.extra = {{"$attributes", Json::Object{{"traceparent", "00"}}}};
  kept.data = Unrecognised{"weather.seen", Json::Object{{"sky", "blue"}}};
  events.push_back(kept);
  const auto receipt = ledger.Append(events);
  ASSERT_TRUE(receipt.ok()) << receipt.status();
  EXPECT_EQ(receipt->accepted, static_cast<std::int64_t>(events.size()));
  EXPECT_EQ(receipt->last_sequence, receipt->accepted);
  std::sort(events.begin(), events.end(), CanonicalLess);
  const std::vector<Event> stored = All(ledger);
  ASSERT_EQ(stored.size(), events.size());
  for (std::size_t i = 0; i < events.size(); ++i) {
    EXPECT_EQ(stored[i].sequence, static_cast<std::int64_t>(i) + 1);
    EXPECT_EQ(TextOf(stored[i]), TextOf(events[i]));
    EXPECT_EQ(stored[i].data.index(), events[i].data.index());
    EXPECT_EQ(stored[i].occurred, events[i].occurred);
    EXPECT_EQ(stored[i].extra, events[i].extra);
  }
  EXPECT_EQ(All(ledger, 5).size(), events.size() - 5);
  EXPECT_EQ(All(ledger, 5).front().sequence, 6);
  EXPECT_TRUE(All(ledger, receipt->last_sequence).empty());
  EXPECT_TRUE(ledger.Check().ok()) << ledger.Check();
}

TEST_P(LedgerSuite, AScanStopsWhereItsVisitorFails) {
  Ledger ledger = NewLedger();
  ASSERT_TRUE(ledger.Append(LastingEvents(10, 2)).ok());
  int seen = 0;
  const absl::Status status = ledger.Scan(0, [&](Event&&) { return ++seen == 3 ? Invalid("test.enough", "enough") : absl::OkStatus(); });
  EXPECT_EQ(TokenOf(status), "test.enough");
  EXPECT_EQ(seen, 3);
  EXPECT_EQ(All(ledger).size(), 10u);
}

TEST_P(LedgerSuite, CountsARepetitionOnce) {
  Ledger ledger = NewLedger();
  const Event event = TouchAt("o-1", kNoon, "rang twice");
  Event later = event;  // a second delivery comes later
  later.recorded = later.claimed = kNoon.PlusMinutes(60);
  auto receipt = ledger.Append({later, event, event});
  ASSERT_TRUE(receipt.ok()) << receipt.status();
  EXPECT_EQ(receipt->accepted, 1);
  EXPECT_EQ(receipt->duplicates, 2);
  EXPECT_EQ(All(ledger).front().claimed, kNoon) << "the earliest claim, whatever came first";
  receipt = ledger.Append({TouchAt("o-2", kNoon), later});
  ASSERT_TRUE(receipt.ok()) << receipt.status();
  EXPECT_EQ(receipt->accepted, 1);
  EXPECT_EQ(receipt->duplicates, 1);
  EXPECT_EQ(receipt->last_sequence, 2);
}

TEST_P(LedgerSuite, RefusesAnotherContentAndNamesTheField) {
  Ledger ledger = NewLedger();
  ASSERT_TRUE(ledger.Append({TouchAt("o-1", kNoon, "her secret")}).ok());
  const auto conflict = [&](auto change) {
    Event other = TouchAt("o-1", kNoon, "her secret");
    change(other);
    const auto receipt = ledger.Append({TouchAt("o-0", kNoon), other});
    EXPECT_EQ(receipt.status().code(), absl::StatusCode::kAlreadyExists);
    EXPECT_EQ(TokenOf(receipt.status()), "ledger.conflict");
    EXPECT_EQ(ledger.LastSequence().value(), 1) << "nothing of the call may stay";
    return std::string(receipt.status().message());
  };
  EXPECT_THAT(conflict([](Event& e) { std::get<Touch>(e.data).channel = Channel::kMail; }),
              HasSubstr("source \"shop\", event \"o-1\", field channel: found \"mail\", expected \"call\" as stored"));
  EXPECT_THAT(conflict([](Event& e) { std::get<Touch>(e.data).minutes = 5; }), HasSubstr("field minutes: found 5, expected none"));
  EXPECT_THAT(conflict([](Event& e) { e.subject = CustomerId::Trusted("c-2"); }), HasSubstr("field subject: found \"c-2\", expected \"c-1\""));
  EXPECT_THAT(conflict([](Event& e) { e.data = Refusal{}; }), HasSubstr("field type: found \"refusal\", expected \"touch\""));
  EXPECT_THAT(conflict([](Event& e) { e.occurred.at = e.occurred.at.PlusMicros(-1); }), HasSubstr("field time: found 2026-03-02T11:59:59.999999Z"));
  const auto text_of = [&](std::optional<std::string> note) {
    return conflict([&](Event& e) { std::get<Touch>(e.data).note = note; });
  };
  EXPECT_THAT(text_of("other words"), HasSubstr("field note: found other text"));
  EXPECT_THAT(text_of(std::nullopt), HasSubstr("field note"));
  EXPECT_THAT(text_of("other words"), ::testing::Not(::testing::AnyOf(HasSubstr("secret"), HasSubstr("other words"))));
}

TEST_P(LedgerSuite, RefusesTwoContentsInOneCall) {
  Ledger ledger = NewLedger();
  PurchasePlaced purchase;
  purchase.lines.resize(2);
  purchase.lines[1].amount = Money(1000, Currency::Parse("EUR").value());
  Event one = TouchAt("o-1", kNoon), other = one;
  one.data = purchase;
  purchase.lines[1].amount = Money(1200, Currency::Parse("EUR").value());
  other.data = purchase;
  const auto receipt = ledger.Append({one, other});
  EXPECT_EQ(TokenOf(receipt.status()), "ledger.conflict");
  EXPECT_THAT(std::string(receipt.status().message()), HasSubstr("field lines[1].amount: found \"12.00\", expected \"10.00\" as earlier in the call"));
  EXPECT_EQ(ledger.LastSequence().value(), 0);
}

TEST_P(LedgerSuite, IsAllOrNothingOnABadEvent) {
  Ledger ledger = NewLedger();
  std::vector<Event> events = LastingEvents(20, 3);
  events[13].subject = CustomerId();
  events[13].data = Touch();
  const auto receipt = ledger.Append(events);
  EXPECT_EQ(TokenOf(receipt.status()), "event.missing_field");
  EXPECT_THAT(std::string(receipt.status().message()), HasSubstr("event \"e-13\", field subject"));
  EXPECT_EQ(ledger.LastSequence().value(), 0);
  EXPECT_EQ(TokenOf(ledger.Append({OwnAt("x", kNoon)}).status()), "event.reserved_source");
}

TEST_P(LedgerSuite, SealsWhatTheEngineAnswered) {
  Ledger ledger = NewLedger();
  const auto own = ledger.AppendOwn({OwnAt("f-1", kNoon)}, {kNoon, std::nullopt});
  ASSERT_TRUE(own.ok()) << own.status();
  EXPECT_EQ(ledger.Seal().value(), kNoon);
  ASSERT_TRUE(ledger.Append({TouchAt("at", kNoon), TouchAt("before", kNoon.PlusMinutes(-5)), TouchAt("after", kNoon.PlusMicros(1)),
                             TouchAt("later", kNoon.PlusMinutes(1))}).ok());
  for (const Event& event : All(ledger)) {
    if (event.key.source == kEngineSource) {
      EXPECT_EQ(event.recorded, kNoon) << "its own conclusion stands at the seal";
      EXPECT_EQ(event.claimed, kNoon);
      continue;
    }
    EXPECT_EQ(event.claimed, event.occurred.at);
    EXPECT_EQ(event.recorded, std::max(event.claimed, kNoon.PlusMicros(1))) << event.key.id;
  }
  EXPECT_EQ(TokenOf(ledger.AppendOwn({}, {kNoon.PlusMinutes(-60), std::nullopt}).status()), "ledger.behind_seal");
  EXPECT_EQ(ledger.Seal().value(), kNoon) << "a seal never moves back";
  ASSERT_TRUE(ledger.AppendOwn({}, {kNoon.PlusMinutes(60), std::nullopt}).ok());
  EXPECT_EQ(ledger.Seal().value(), kNoon.PlusMinutes(60));
  EXPECT_EQ(TokenOf(ledger.AppendOwn({}, {Instant::Max(), std::nullopt}).status()), "ledger.invalid_seal");
  EXPECT_TRUE(ledger.Check().ok());
}

TEST_P(LedgerSuite, AnOwnWriteThatRunsTwiceWritesOnce) {
  Ledger ledger = NewLedger();
  const EngineWrite write{kNoon, std::nullopt};
  EXPECT_EQ(ledger.AppendOwn({OwnAt("f-1", kNoon)}, write)->accepted, 1);
  EXPECT_EQ(ledger.AppendOwn({OwnAt("f-1", kNoon)}, write)->duplicates, 1);
  EXPECT_EQ(ledger.LastSequence().value(), 1);
}

TEST_P(LedgerSuite, RefusesADecisionOnABookThatMoved) {
  Ledger ledger = NewLedger();
  ASSERT_TRUE(ledger.Append({TouchAt("o-1", kNoon)}).ok());
  const std::int64_t seen = ledger.LastSequence().value();
  ASSERT_TRUE(ledger.Append({TouchAt("o-2", kNoon)}).ok());
  const auto moved = ledger.AppendOwn({OwnAt("f-1", kNoon)}, {kNoon, seen});
  EXPECT_EQ(moved.status().code(), absl::StatusCode::kAborted);
  EXPECT_EQ(TokenOf(moved.status()), "ledger.moved");
  EXPECT_EQ(ledger.Seal().value(), std::nullopt);
  EXPECT_EQ(ledger.LastSequence().value(), 2);
  EXPECT_TRUE(ledger.AppendOwn({OwnAt("f-1", kNoon)}, {kNoon, seen + 1}).ok());
}

// An answer for a moment the engine sealed is a function of the events recorded by then: they never change again.
TEST_P(LedgerSuite, NoLaterAppendChangesWhatWasKnownAtASeal) {
  ASSERT_TRUE(rc::check([&](std::uint64_t seed) {
    samples::Draw draw(seed);
    Ledger ledger = NewLedger();
    std::vector<std::pair<Instant, std::vector<std::string>>> answers;
    const auto known_at = [&](Instant moment) {
      std::vector<std::string> texts;
      for (const Event& event : All(ledger)) {
        if (event.recorded <= moment) texts.push_back(TextOf(event));
      }
      return texts;
    };
    Instant now = kNoon;
    for (int step = 0; step < 8; ++step) {
      now = now.PlusMinutes(static_cast<std::int64_t>(draw.Below(3)));
      std::vector<Event> events;
      for (std::uint64_t n = draw.Below(4); n > 0; --n) {
        events.push_back(TouchAt(std::to_string(step) + "/" + std::to_string(n), now.PlusMinutes(5 - static_cast<std::int64_t>(draw.Below(10)))));
      }
      RC_ASSERT(ledger.Append(events).ok());
      if (draw.Coin()) {
        RC_ASSERT(ledger.AppendOwn({OwnAt("f-" + std::to_string(step), now)}, {now, std::nullopt}).ok());
        answers.emplace_back(now, known_at(now));
      }
      for (std::size_t i = 0; i < answers.size(); ++i) {
        // A later own write at the same moment adds to what is known at it; the last answer of a moment stays.
        const bool last_of_moment = i + 1 == answers.size() || answers[i + 1].first != answers[i].first;
        if (last_of_moment) RC_ASSERT(known_at(answers[i].first) == answers[i].second);
      }
    }
  }));
}

TEST_P(LedgerSuite, ArrivalOrderBetweenTwoSealsLeavesNoTrace) {
  ASSERT_TRUE(rc::check([&](std::uint64_t seed) {
    samples::Draw draw(seed);
    const std::vector<Event> events = LastingEvents(30, seed);
    const auto content_of = [&](bool shuffled) {
      Ledger ledger = NewLedger();
      const Instant seal = Instant::FromMicros(1'720'000'000'000'000);
      RC_ASSERT(ledger.AppendOwn({OwnAt("f-1", seal)}, {seal, std::nullopt}).ok());
      std::vector<Event> order = events;
      for (std::size_t i = order.size(); shuffled && i > 1; --i) std::swap(order[i - 1], order[draw.Below(i)]);
      for (std::size_t at = 0; at < order.size();) {
        const std::size_t size = shuffled ? 1 + draw.Below(7) : order.size();
        const std::size_t end = std::min(order.size(), at + size);
        RC_ASSERT(ledger.Append({order.begin() + static_cast<std::ptrdiff_t>(at), order.begin() + static_cast<std::ptrdiff_t>(end)}).ok());
        if (draw.Coin()) at = end;  // else: delivered again with the next
        else at = std::max(at + 1, end - std::min<std::size_t>(end, 1));
      }
      RC_ASSERT(ledger.AppendOwn({}, {seal.PlusMinutes(1), std::nullopt}).ok());
      return Content(ledger);
    };
    RC_ASSERT(content_of(true) == content_of(false));
  }));
}

TEST_P(LedgerSuite, BothStoresGiveTheSameBytes) {
  Ledger memory{OpenMemoryStore()}, other = NewLedger();
  for (Ledger* ledger : {&memory, &other}) {
    ASSERT_TRUE(ledger->Append(LastingEvents(60, 9)).ok());
    ASSERT_TRUE(ledger->AppendOwn({}, {Instant::FromMicros(1'730'000'000'000'000), std::nullopt}).ok());
    std::vector<Event> more = LastingEvents(90, 9);
    ASSERT_TRUE(ledger->Append(more).ok());
  }
  const std::vector<Event> a = All(memory), b = All(other);
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(a[i].sequence, b[i].sequence);
    EXPECT_EQ(TextOf(a[i]), TextOf(b[i]));
  }
}

TEST_P(LedgerSuite, AStoreTakesBackWhatDoesNotEndWell) {
  const std::unique_ptr<Store> store = NewStore();
  std::vector<Event> events = LastingEvents(3, 4);
  for (std::size_t i = 0; i < 3; ++i) events[i].sequence = static_cast<std::int64_t>(i) + 1;
  const auto put = [&](absl::Status end) {
    return store->Transaction([&] {
      EXPECT_TRUE(store->Put(events).ok());
      EXPECT_TRUE(store->SetSeal(kNoon).ok());
      return end;
    });
  };
  EXPECT_EQ(TokenOf(put(Invalid("test.no", "no"))), "test.no");
  EXPECT_EQ(store->LastSequence().value(), 0);
  EXPECT_EQ(store->Seal().value(), std::nullopt);
  EXPECT_FALSE(store->Find(events[0].key).value().has_value());
  EXPECT_THROW((void)store->Transaction([&]() -> absl::Status {
    EXPECT_TRUE(store->Put(events).ok());
    RAPPORT_INVARIANT(events.empty(), "a broken promise");
    return absl::OkStatus();
  }), InvariantBroken);
  EXPECT_EQ(store->LastSequence().value(), 0);
  EXPECT_THROW((void)store->Put(events), InvariantBroken) << "outside Transaction";
  EXPECT_TRUE(put(absl::OkStatus()).ok());
  EXPECT_EQ(store->LastSequence().value(), 3);
  const auto found = store->Find(events[1].key).value();
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->sequence, 2);
  EXPECT_EQ(found->facts, FactsDigest(events[1]));
  EXPECT_FALSE(found->erased);
  EXPECT_TRUE(store->Check().ok()) << store->Check();
}

TEST_P(LedgerSuite, IsRefusedInAForkedProcess) {
  Ledger ledger = NewLedger();
  ASSERT_TRUE(ledger.Append({TouchAt("o-1", kNoon)}).ok());
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    int wrong = 0;
    const auto forked = [&](const absl::Status& status) {
      wrong += TokenOf(status) == "store.forked" && status.code() == absl::StatusCode::kFailedPrecondition ? 0 : 1;
    };
    forked(ledger.Append({TouchAt("o-2", kNoon)}).status());
    forked(ledger.LastSequence().status());
    forked(ledger.Seal().status());
    forked(ledger.Check());
    forked(ledger.Scan(0, [](Event&&) { return absl::OkStatus(); }));
    { const Ledger gone = std::move(ledger); }
    _exit(wrong);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
  EXPECT_TRUE(ledger.Append({TouchAt("o-2", kNoon)}).ok()) << "the child did no harm";
  EXPECT_TRUE(ledger.Check().ok());
}

INSTANTIATE_TEST_SUITE_P(Stores, LedgerSuite, ::testing::Values(Kind::kMemory, Kind::kSqlite),
                         [](const auto& info) { return info.param == Kind::kMemory ? "Memory" : "Sqlite"; });

}  // namespace
}  // namespace rapport

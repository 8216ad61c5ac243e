// Corrections, retractions, batches and merges: the events stay, what counts changes, and only from when it became known.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "ledger/payload_samples.hpp"
#include "made_events.hpp"
#include "rapport/ledger/codec.hpp"
#include "told.hpp"

namespace rapport::made {
namespace {

Event Corrects(const Event& target, const Event& now, std::string id, std::string_view known) {
  EventCorrected data;
  data.target_source = target.key.source;
  data.target_id = target.key.id;
  data.target_type = std::string(target.type());
  data.time = now.occurred.at;
  data.facts = EncodeFacts(now);
  Event event = KnownAt(Happened(target.subject.text(), std::move(id), known, data), known);
  return event;
}

Event Retracts(const Event& target, std::string id, std::string_view known) {
  EventRetracted data;
  data.target_source = target.key.source;
  data.target_id = target.key.id;
  return KnownAt(Happened(target.subject.text(), std::move(id), known, data), known);
}

Event InBatch(Event event, std::string batch) {
  event.batch = BatchId::Trusted(std::move(batch));
  return event;
}

Event BatchTaken(std::string batch, std::string id, std::string_view known) {
  return KnownAt(Happened("", std::move(id), known, BatchRetracted{BatchId::Trusted(std::move(batch)), {}}), known);
}

std::shared_ptr<const Book> Known(const std::vector<Event>& events, std::string_view known) {
  BookBuilder builder(ZoneRules::Bundled());
  for (const Event& event : events) builder.Add(event);
  return builder.AsKnown(At(known));
}

std::optional<Money> FirstAmount(const Book& book, std::string id = "c") {
  const auto account = book.Find(Customer(std::move(id)));
  if (account == nullptr || account->purchases.empty()) return std::nullopt;
  return account->purchases.front().amount;
}

Event Bought(std::string id, std::string_view at, std::string_view amount, std::string customer = "c") {
  return Happened(std::move(customer), std::move(id), at, Placed({Line(std::nullopt, Euro(amount))}));
}

TEST(Book_Corrected, CountsFromWhenItBecameKnown) {
  const Event bought = Bought("1", "2026-01-05T00:00:00Z", "10");
  const std::vector<Event> events{bought, Corrects(bought, Bought("1", "2026-01-04T00:00:00Z", "12"), "x", "2026-02-01T00:00:00Z")};
  EXPECT_EQ(FirstAmount(*Known(events, "2026-01-31T00:00:00Z")), Euro("10"));
  const auto after = Known(events, "2026-02-01T00:00:00Z");
  EXPECT_EQ(FirstAmount(*after), Euro("12"));
  EXPECT_EQ(after->Find(Customer("c"))->purchases.front().placed, At("2026-01-04T00:00:00Z"));
  EXPECT_EQ(after->Find(Customer("c"))->purchases.front().key, bought.key) << "it is the same event still";
}

TEST(Book_Corrected, TheWordClaimedLastCountsWhateverCameFirst) {
  const Event bought = Bought("1", "2026-01-05T00:00:00Z", "10");
  const Event second = Corrects(bought, Bought("1", "2026-01-05T00:00:00Z", "12"), "x", "2026-02-01T00:00:00Z");
  const Event third = Corrects(bought, Bought("1", "2026-01-05T00:00:00Z", "13"), "y", "2026-03-01T00:00:00Z");
  EXPECT_EQ(FirstAmount(*Known({bought, second, third}, "2026-04-01T00:00:00Z")), Euro("13"));
  EXPECT_EQ(FirstAmount(*Known({third, second, bought}, "2026-04-01T00:00:00Z")), Euro("13"));
}

TEST(Book_Retracted, NeverCountedOnceKnown) {
  const Event bought = Bought("1", "2026-01-05T00:00:00Z", "10");
  const std::vector<Event> events{bought, Retracts(bought, "x", "2026-02-01T00:00:00Z"),
                                  Corrects(bought, Bought("1", "2026-01-05T00:00:00Z", "11"), "y", "2026-03-01T00:00:00Z")};
  EXPECT_TRUE(FirstAmount(*Known(events, "2026-01-31T00:00:00Z")));
  EXPECT_FALSE(FirstAmount(*Known(events, "2026-02-01T00:00:00Z")));
  EXPECT_EQ(FirstAmount(*Known(events, "2026-03-01T00:00:00Z")), Euro("11")) << "said anew, it counts again";
}

TEST(Book_Batch, LeavesAsAWhole) {
  const Event own = Bought("1", "2026-01-05T00:00:00Z", "10");
  const std::vector<Event> events{own, InBatch(Bought("2", "2026-01-01T00:00:00Z", "20"), "b-1"),
                                  InBatch(Happened("d", "3", "2026-01-01T00:00:00Z", Placed({Line({}, In("USD", "5"))})), "b-1"),
                                  BatchTaken("b-1", "t", "2026-02-01T00:00:00Z")};
  EXPECT_EQ(FirstAmount(*Known(events, "2026-01-31T00:00:00Z")), Euro("20"));
  const auto after = Known(events, "2026-02-01T00:00:00Z");
  EXPECT_EQ(FirstAmount(*after), Euro("10"));
  EXPECT_EQ(after->Find(Customer("d")), nullptr);
  EXPECT_EQ(after->context().currencies_seen, std::set<std::string>{"EUR"}) << "nor does its currency";
}

TEST(Book_Import, NeverLiftsAnOptOut) {
  ConsentChanged no{ConsentState::kWithdrawn, Channel::kCall, {}, {}, {}, {}};
  ConsentChanged yes{ConsentState::kGranted, Channel::kCall, {}, {}, {}, {}};
  const Event out = Happened("c", "1", "2026-01-01T00:00:00Z", no);
  const auto last_state = [](const std::vector<Event>& events) {
    return Known(events, "2026-12-01T00:00:00Z")->Find(Customer("c"))->consents.back().consent.state;
  };
  EXPECT_EQ(last_state({out, Happened("c", "2", "2026-02-01T00:00:00Z", yes)}), ConsentState::kGranted) << "the person said so";
  EXPECT_EQ(last_state({out, InBatch(Happened("c", "2", "2026-02-01T00:00:00Z", yes), "b")}), ConsentState::kWithdrawn);
  EXPECT_EQ(last_state({out, InBatch(Corrects(out, Happened("c", "1", "2026-01-01T00:00:00Z", yes), "x", "2026-02-01T00:00:00Z"), "b")}),
            ConsentState::kWithdrawn);
  EXPECT_EQ(last_state({out, InBatch(Retracts(out, "x", "2026-02-01T00:00:00Z"), "b")}), ConsentState::kWithdrawn);
  const Event rule = Happened("c", "3", "2026-01-01T00:00:00Z", DoNotContactSet{});
  DoNotContactSet lifted;
  lifted.active = false;
  const auto rules = Known({rule, InBatch(Happened("c", "4", "2026-02-01T00:00:00Z", lifted), "b")}, "2026-12-01T00:00:00Z");
  EXPECT_EQ(rules->Find(Customer("c"))->do_not_contact.size(), 1u);
}

TEST(Book_Import, ChangesNeitherScopeNorTimeOfAnOptOut) {
  const Event rule = Happened("c", "1", "2026-01-01T00:00:00Z", DoNotContactSet{});
  DoNotContactSet narrow;
  narrow.channel = Channel::kMail;
  const Event narrowed = InBatch(Corrects(rule, Happened("c", "1", "2026-01-01T00:00:00Z", narrow), "x", "2026-02-01T00:00:00Z"), "b");
  EXPECT_FALSE(Known({rule, narrowed}, "2026-03-01T00:00:00Z")->Find(Customer("c"))->do_not_contact.front().rule.channel);
  // Nor does it take back what a person's correction made an opt-out.
  ConsentChanged no{ConsentState::kWithdrawn, {}, {}, {}, {}, {}}, yes{ConsentState::kGranted, {}, {}, {}, {}, {}};
  const Event said = Happened("c", "2", "2026-01-01T00:00:00Z", yes);
  const Event person = Corrects(said, Happened("c", "2", "2026-01-01T00:00:00Z", no), "p", "2026-02-01T00:00:00Z");
  const Event table = InBatch(Corrects(said, Happened("c", "2", "2026-01-01T00:00:00Z", yes), "t", "2026-03-01T00:00:00Z"), "b");
  EXPECT_EQ(Known({said, person, table}, "2026-04-01T00:00:00Z")->Find(Customer("c"))->consents.back().consent.state, ConsentState::kWithdrawn);
}

TEST(Book_Retracted, LeavesNoAccountBehind) {
  const Event bought = Bought("1", "2026-01-05T00:00:00Z", "10");
  EXPECT_EQ(Known({bought, Retracts(bought, "x", "2026-02-01T00:00:00Z")}, "2026-03-01T00:00:00Z")->Find(Customer("c")), nullptr);
}

Event Merged(std::string into, std::string merged, std::string id, std::string_view at) {
  return Happened(std::move(into), std::move(id), at, CustomerMerged{Customer(std::move(merged)), {}});
}
Event Undone(std::string into, std::string merged, std::string id, std::string_view at) {
  return Happened(std::move(into), std::move(id), at, MergeUndone{Customer(std::move(merged)), {}});
}

TEST(Book_Merged, IsOneAccountUnderTheSurvivorsId) {
  const std::vector<Event> events{Bought("1", "2026-01-01T00:00:00Z", "1", "a"), Bought("2", "2026-01-02T00:00:00Z", "2", "b"),
                                  Bought("3", "2026-01-03T00:00:00Z", "3", "c"), Merged("b", "a", "m1", "2026-02-01T00:00:00Z"),
                                  Merged("b", "c", "m2", "2026-03-01T00:00:00Z")};
  EXPECT_EQ(Known(events, "2026-01-31T00:00:00Z")->accounts().size(), 3u);
  const auto book = Known(events, "2026-03-01T00:00:00Z");
  ASSERT_EQ(book->accounts().size(), 1u);
  EXPECT_EQ(book->Find(Customer("a"))->id, Customer("b"));
  EXPECT_EQ(book->Find(Customer("c"))->purchases.size(), 3u);
  EXPECT_EQ(book->Find(Customer("b"))->NamedIn({"test", "1"}), Customer("a"));
  EXPECT_EQ(book->Find(Customer("b"))->NamedIn({"test", "2"}), Customer("b"));
}

TEST(Book_Merged, OneMembersGrantDoesNotLiftAnothersWithdrawal) {
  ConsentChanged no{ConsentState::kWithdrawn, {}, {}, {}, {}, {}}, yes{ConsentState::kGranted, {}, {}, {}, {}, {}};
  const std::vector<Event> events{Happened("a", "1", "2026-01-01T00:00:00Z", no), Happened("b", "2", "2026-01-02T00:00:00Z", yes),
                                  Merged("a", "b", "m", "2026-02-01T00:00:00Z")};
  EXPECT_EQ(Known(events, "2026-03-01T00:00:00Z")->Find(Customer("a"))->consents.back().consent.state, ConsentState::kWithdrawn);
}

TEST(Book_Merged, UndoEqualsTheFoldWithoutBoth) {
  EXPECT_TRUE(rc::check([] {
    std::vector<Event> events;
    const auto ids = {"a", "b", "c", "d"};
    const int count = *rc::gen::inRange(0, 12);
    for (int i = 0; i < count; ++i) {
      events.push_back(Bought(std::to_string(i), "2026-01-01T00:00:00Z", "1", *rc::gen::elementOf(std::vector<std::string>(ids.begin(), ids.end()))));
    }
    const std::string into = *rc::gen::elementOf(std::vector<std::string>{"a", "b"}), merged = *rc::gen::elementOf(std::vector<std::string>{"c", "d"});
    if (*rc::gen::inRange(0, 2) == 1) events.push_back(Merged("a", "b", "other", "2026-01-15T00:00:00Z"));
    BookBuilder without(ZoneRules::Bundled()), with(ZoneRules::Bundled());
    for (const Event& event : events) without.Add(event);
    events.push_back(Merged(into, merged, "m", "2026-02-01T00:00:00Z"));
    events.push_back(Undone(into, merged, "u", "2026-02-02T00:00:00Z"));
    for (const Event& event : events) with.Add(event);
    // The two events are there still, so what counts is compared: the purchases under each id.
    for (const std::string id : {"a", "b", "c", "d"}) {
      const auto one = without.AsKnown(std::nullopt)->Find(Customer(id)), other = with.AsKnown(std::nullopt)->Find(Customer(id));
      const std::size_t bought_one = one == nullptr ? 0 : one->purchases.size(), bought_other = other == nullptr ? 0 : other->purchases.size();
      RC_ASSERT(bought_one == bought_other);
      if (one != nullptr) RC_ASSERT(one->id == other->id);
    }
  }));
}

// Every type, every field: packing and folding in any order, in steps, from a snapshot, gives the same book.
std::vector<Event> EveryType(std::uint64_t seed, std::size_t count) {
  std::vector<Event> events = samples::AnyEvents(count, seed);
  for (std::size_t i = 0; i < events.size(); ++i) events[i].sequence = static_cast<std::int64_t>(i) + 1;
  return events;
}

TEST(Book_Property, EveryTypeFoldsTheSameInStepsAndFromScratch) {
  EXPECT_TRUE(rc::check([] {
    const auto seed = *rc::gen::arbitrary<std::uint32_t>();
    std::vector<Event> events = EveryType(seed, 200);
    BookBuilder scratch(ZoneRules::Bundled()), steps(ZoneRules::Bundled());
    for (const Event& event : events) scratch.Add(event);
    samples::Draw draw(seed);
    for (std::size_t i = events.size(); i > 1; --i) std::swap(events[i - 1], events[draw.Below(i)]);
    for (const Event& event : events) {
      steps.Add(event);
      if (draw.Below(20) == 0) (void)Told(*steps.AsKnown(std::nullopt));
      if (draw.Below(60) == 0) steps = *BookBuilder::FromSnapshot(steps.Snapshot({}), ZoneRules::Bundled());
    }
    RC_ASSERT(Told(*scratch.AsKnown(std::nullopt)) == Told(*steps.AsKnown(std::nullopt)));
    RC_ASSERT(scratch.Snapshot({}) == steps.Snapshot({}));
    const Instant known = events[draw.Below(events.size())].recorded;
    RC_ASSERT(Told(*scratch.AsKnown(known, known)) == Told(*steps.AsKnown(known, known)));
  }));
}

TEST(Book_Property, APackedEventSaysWhatItSaid) {
  for (const Event& event : samples::AnyEvents(4 * samples::kTypes, 7, samples::Fill::kAll)) {
    if (event.subject.empty() || event.As<EventCorrected>() != nullptr) continue;
    BookBuilder builder(ZoneRules::Bundled());
    builder.Add(event);
    const std::vector<Event> again = builder.AsKnown(std::nullopt)->EventsOf(event.subject);
    ASSERT_EQ(again.size(), 1u) << event.type();
    Json facts = EncodeFacts(event);
    facts.if_object()->erase("derivation");
    Json kept = EncodeFacts(again.front());
    kept.if_object()->erase("derivation");
    EXPECT_EQ(kept.Canonical(), facts.Canonical()) << event.type();
    EXPECT_TRUE(EncodePrivate(again.front()).if_object()->empty()) << event.type();
    EXPECT_EQ(again.front().recorded, event.recorded);
    EXPECT_EQ(again.front().claimed, event.claimed);
  }
}

TEST(Book_Snapshot, IsRefusedWhereABitChanged) {
  BookBuilder builder(ZoneRules::Bundled());
  for (const Event& event : EveryType(3, 150)) builder.Add(event);
  const std::string blob = builder.Snapshot(Digest{1, 2, 3});
  Digest link{};
  ASSERT_TRUE(BookBuilder::FromSnapshot(blob, ZoneRules::Bundled(), &link).ok());
  EXPECT_EQ(link, (Digest{1, 2, 3}));
  EXPECT_EQ(BookBuilder::HeadOf(blob)->last_sequence, 150);
  for (std::size_t at = 0; at < blob.size(); at += 37) {
    std::string changed = blob;
    changed[at] = static_cast<char>(changed[at] ^ 0x10);
    EXPECT_EQ(TokenOf(BookBuilder::FromSnapshot(changed, ZoneRules::Bundled()).status()), "snapshot.invalid") << at;
  }
  for (std::size_t size : {std::size_t{0}, std::size_t{7}, std::size_t{100}, blob.size() - 1}) {
    EXPECT_FALSE(BookBuilder::FromSnapshot(blob.substr(0, size), ZoneRules::Bundled()).ok()) << size;
  }
}

TEST(Book_Fold, OfOneInstantWhatOpensComesFirst) {
  PurchaseCancelled cancelled;
  cancelled.order = OrderId::Trusted("o");
  const std::vector<Event> events{Happened("c", "a-cancelled", "2026-01-05T00:00:00Z", cancelled),
                                  Happened("c", "o-placed", "2026-01-05T00:00:00Z", Placed({Line(std::nullopt, Euro("1"))}, "o"))};
  const auto account = Known(events, "2026-02-01T00:00:00Z")->Find(Customer("c"));
  EXPECT_TRUE(account->purchases.empty());
  EXPECT_EQ(account->cancelled_purchases.size(), 1u);
}

TEST(Book_Memory, IsWithinTheDesignsBytes) {
  BookBuilder builder(ZoneRules::Bundled());
  const int customers = 20'000, each = 10;
  std::size_t text = 0;
  for (int c = 0; c < customers; ++c) {
    for (int i = 0; i < each; ++i) {
      Event event = Happened("c-" + std::to_string(c), std::to_string(c) + "/" + std::to_string(i), At("2026-01-01T00:00:00Z").PlusMinutes(i * 1440 + c),
                             Placed({Line("p-1", Euro("12.50"), std::nullopt, 2.0)}));
      text += event.key.source.size() + event.key.id.size() + (i == 0 ? event.subject.text().size() : 0);
      builder.Add(event);
    }
  }
  (void)builder.AsKnown(std::nullopt);
  const std::size_t beside_text = builder.ResidentBytes() - text;
  EXPECT_LE(beside_text, static_cast<std::size_t>(customers) * 256 + static_cast<std::size_t>(customers) * each * 48);
}

}  // namespace
}  // namespace rapport::made

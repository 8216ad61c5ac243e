#include "rapport/book/book.hpp"

#include <algorithm>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "book/made_events.hpp"
#include "book/told.hpp"

namespace rapport {
namespace {

using namespace made;  // NOLINT

TEST(Book_AsKnown, LeavesOutWhatWasNotKnownYet) {
  BookBuilder builder(ZoneRules::Bundled());
  builder.Add(Happened("c-1", "1", "2026-03-01T00:00:00Z", Bought("1")));
  builder.Add(KnownAt(Happened("c-1", "2", "2026-03-01T12:00:00Z", Bought("2")), "2026-03-10T00:00:00Z"));
  builder.Add(KnownAt(Happened("c-2", "3", "2026-03-01T12:00:00Z", Bought("3")), "2026-03-10T00:00:00Z"));
  const auto then = builder.AsKnown(At("2026-03-09T23:59:59Z"));
  const auto at_the_instant = builder.AsKnown(At("2026-03-10T00:00:00Z"));
  const auto all = builder.AsKnown(std::nullopt);
  EXPECT_EQ(then->accounts().size(), 1u);
  EXPECT_EQ(then->Find(Customer("c-1"))->purchases.size(), 1u);
  EXPECT_EQ(then->Find(Customer("c-2")), nullptr);
  EXPECT_EQ(at_the_instant->Find(Customer("c-1"))->purchases.size(), 2u);
  EXPECT_EQ(all->accounts().size(), 2u);
  EXPECT_EQ(builder.event_count(), 3u);
}

TEST(Book_AsKnown, AsOfLeavesOutWhatHadNotHappened) {
  BookBuilder builder(ZoneRules::Bundled());
  builder.Add(Happened("c", "1", "2026-03-01T00:00:00Z", Worried()));
  builder.Add(Happened("c", "2", "2026-03-05T00:00:00Z", Resolved()));
  builder.Add(Happened("d", "3", "2026-03-01T00:00:00Z", Worried()));
  const auto then = builder.AsKnown(std::nullopt, At("2026-03-04T00:00:00Z"));
  const auto now = builder.AsKnown(std::nullopt);
  EXPECT_FALSE(then->Find(Customer("c"))->worries[0].resolved.has_value());
  EXPECT_TRUE(now->Find(Customer("c"))->worries[0].resolved.has_value());
  EXPECT_EQ(Told(*then->Find(Customer("d"))), Told(*now->Find(Customer("d")))) ;
}

TEST(Book_AsKnown, ALateEventGivesAnEarlierOneItsMeaning) {
  BookBuilder builder(ZoneRules::Bundled());
  builder.Add(Happened("c", "d", "2026-03-05T00:00:00Z", Delivered("o")));
  builder.Add(Happened("other", "x", "2026-03-05T00:00:00Z", Called()));
  const auto before = builder.AsKnown(std::nullopt);
  EXPECT_TRUE(before->Find(Customer("c"))->purchases.empty());
  builder.Add(KnownAt(Happened("c", "p", "2026-03-01T00:00:00Z", Placed({}, "o")), "2026-03-06T00:00:00Z"));
  const auto after = builder.AsKnown(std::nullopt);
  EXPECT_EQ(after->Find(Customer("c"))->purchases[0].delivered_by.id, "d");
  EXPECT_EQ(Told(*before->Find(Customer("other"))), Told(*after->Find(Customer("other"))));
  EXPECT_TRUE(before->Find(Customer("c"))->purchases.empty()) << "a book never changes";
  EXPECT_EQ(builder.AsKnown(std::nullopt), after) << "nothing new: the same book";
}

TEST(Book_Builder, DropsPrivateFieldsOnTheWayIn) {
  BookBuilder builder(ZoneRules::Bundled());
  CustomerUpserted customer;
  customer.name = "Ms Oda";
  Event event = Happened("c", "1", "2026-03-01T00:00:00Z", customer);
  event.extra["nickname"] = "Oda";
  event.sequence = 7;
  builder.Add(std::move(event));
  Unrecognised unknown;
  unknown.type = "note.taken";
  unknown.content = "free text";
  builder.Add(Happened("c", "2", "2026-02-01T00:00:00Z", unknown));
  const auto events = builder.AsKnown(std::nullopt)->EventsOf(Customer("c"));
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0].key.id, "2") << "canonical order before any fold";
  EXPECT_TRUE(events[0].As<Unrecognised>()->content.is_null());
  EXPECT_FALSE(events[1].As<CustomerUpserted>()->name.has_value());
  EXPECT_TRUE(events[1].extra.empty());
  EXPECT_EQ(builder.last_sequence(), 7);
  EXPECT_TRUE(builder.AsKnown(std::nullopt)->EventsOf(Customer("nobody")).empty());
  EXPECT_EQ(builder.AsKnown(At("2026-02-02T00:00:00Z"))->EventsOf(Customer("c")).size(), 1u);
}

TEST(Book_Builder, AnEmptyBookHasAContext) {
  BookBuilder builder(ZoneRules::Bundled());
  const auto book = builder.AsKnown(std::nullopt);
  EXPECT_TRUE(book->accounts().empty());
  EXPECT_EQ(book->context().zone, "UTC");
  EXPECT_TRUE(builder.AsKnown(At("2026-01-01T00:00:00Z"))->accounts().empty());
}

TEST(Book_Builder, EventsAboutNoCustomerMakeNoAccount) {
  const auto book = BookOf({Happened("", "1", "2026-01-01T00:00:00Z", Product("p", 20))});
  EXPECT_TRUE(book->accounts().empty());
  EXPECT_EQ(book->context().products.size(), 1u);
}

Payload AnyPayload() {
  const auto name = [] { return *rc::gen::element<std::string>("a", "b", "c"); };
  const auto maybe = [&]() -> std::optional<std::string> {
    return *rc::gen::inRange(0, 2) == 0 ? std::nullopt : std::optional(name());
  };
  switch (*rc::gen::inRange(0, 14)) {
    case 0: return Placed({Line("p", Euro("10"))}, maybe());
    case 1: return Delivered(maybe());
    case 2: return Returned(*rc::gen::inRange(0, 2) == 0 ? std::nullopt : std::optional(Euro("4")), maybe());
    case 3: return Called();
    case 4: return Worried(maybe());
    case 5: return Resolved(maybe());
    case 6: return Promised("2026-01-20", *rc::gen::inRange(1, 5), maybe());
    case 7: return Kept(*rc::gen::inRange(1, 5), maybe());
    case 8: return InZone(name());
    case 9: return Issued(name(), *rc::gen::inRange(1, 4));
    case 10: return About<FollowUpWithdrawn>(name());
    case 11: return About<FollowUpDone>(name());
    case 12: return Placed({Line("p", In("JPY", "10"))});
    default: return Refusal{};
  }
}

// Few instants, so that many events share one and the order by knowledge and key decides.
std::vector<Event> AnyEvents() {
  std::vector<Event> events;
  const int count = *rc::gen::inRange(0, 40);
  for (int i = 0; i < count; ++i) {
    const bool crossing = *rc::gen::inRange(0, 8) == 0;
    const std::string subject = crossing ? "" : *rc::gen::element<std::string>("c-1", "c-2", "c-3");
    const Payload data = crossing ? Payload(Product(*rc::gen::element<std::string>("p", "q"), *rc::gen::inRange(1, 30)))
                                  : AnyPayload();
    Event event = Happened(subject, "e-" + std::to_string(i), Instant::FromMicros(*rc::gen::inRange(0, 6)), data);
    event.recorded = event.occurred.at.PlusMicros(*rc::gen::inRange(0, 5));
    event.claimed = *rc::gen::inRange(0, 3) == 0 ? event.occurred.at : event.recorded;
    events.push_back(std::move(event));
  }
  return events;
}

std::vector<Event> Shuffled(std::vector<Event> events) {
  for (std::size_t i = events.size(); i > 1; --i) {
    std::swap(events[i - 1], events[*rc::gen::inRange<std::size_t>(0, i)]);
  }
  return events;
}

TEST(Book_Property, IncrementalEqualsFromScratchInAnyOrderOfArrival) {
  EXPECT_TRUE(rc::check([] {
    const std::vector<Event> events = AnyEvents();
    const std::string from_scratch = Told(*BookOf(events));
    BookBuilder builder(ZoneRules::Bundled());
    for (Event& event : Shuffled(events)) {
      builder.Add(std::move(event));
      if (*rc::gen::inRange(0, 4) == 0) builder.AsKnown(std::nullopt);
    }
    RC_ASSERT(Told(*builder.AsKnown(std::nullopt)) == from_scratch);
  }));
}

TEST(Book_Property, AsKnownEqualsTheBookOfTheEventsKnownByThen) {
  EXPECT_TRUE(rc::check([] {
    const std::vector<Event> events = AnyEvents();
    const Instant known_at = Instant::FromMicros(*rc::gen::inRange(-1, 12));
    const std::optional<Instant> as_of =
        *rc::gen::inRange(0, 2) == 0 ? std::nullopt : std::optional(Instant::FromMicros(*rc::gen::inRange(-1, 7)));
    BookBuilder builder(ZoneRules::Bundled());
    for (Event& event : Shuffled(events)) {
      builder.Add(std::move(event));
      if (*rc::gen::inRange(0, 8) == 0) builder.AsKnown(known_at, as_of);
    }
    std::vector<Event> known = events;
    std::erase_if(known, [&](const Event& e) { return e.recorded > known_at || (as_of && e.occurred.at > *as_of); });
    RC_ASSERT(Told(*builder.AsKnown(known_at, as_of)) == Told(*BookOf(known)));
  }));
}

TEST(Book_Property, AnAccountAsOfAMomentIsThatOfTheBookOfThen) {
  EXPECT_TRUE(rc::check([] {
    const std::vector<Event> events = AnyEvents();
    const Instant known_at = Instant::FromMicros(*rc::gen::inRange(-1, 12)), as_of = Instant::FromMicros(*rc::gen::inRange(-1, 7));
    const Instant moment = Instant::FromMicros(*rc::gen::inRange<std::int64_t>(-1, 7));
    BookBuilder builder(ZoneRules::Bundled());
    for (const Event& event : events) builder.Add(event);
    const auto book = builder.AsKnown(known_at, as_of), then = builder.AsKnown(known_at, std::min(moment, as_of));
    for (const Event& event : events) {
      const auto found = book->FindAsOf(event.subject, moment), expected = then->Find(event.subject);
      RC_ASSERT((found == nullptr) == (expected == nullptr));
      if (found != nullptr) RC_ASSERT(Told(*found) == Told(*expected));
    }
  }));
}

TEST(Book_Property, EventsOfAreInCanonicalOrder) {
  EXPECT_TRUE(rc::check([] {
    BookBuilder builder(ZoneRules::Bundled());
    for (Event& event : AnyEvents()) builder.Add(std::move(event));
    const auto events = builder.AsKnown(std::nullopt)->EventsOf(Customer("c-1"));
    RC_ASSERT(std::is_sorted(events.begin(), events.end(),
                             CanonicalLess));
  }));
}

}  // namespace
}  // namespace rapport

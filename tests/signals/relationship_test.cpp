// Touches, intervals and standing of a customer as signals: what counts, what they rest on, what a book's terms change.
#include "rapport/signals/relationship.hpp"

#include <cmath>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "rapport/core/status.hpp"
#include "relationship/contacts.hpp"
#include "signals/signals_for_test.hpp"

namespace rapport {
namespace {

using namespace made;  // NOLINT
using Ids = std::vector<std::string>;

Event Configured(std::string_view relationship) {
  BookConfigured book;
  book.relationship = *Json::Parse(relationship);
  return Happened("", "terms", "2025-12-01T00:00:00Z", book);
}

std::vector<Event> Visits(int count, std::string_view first, int every_days, Touch touch = By(Channel::kVisit)) {
  std::vector<Event> events;
  for (int i = 0; i < count; ++i) events.push_back(Happened("c", "v" + std::to_string(i + 1), At(first).PlusMinutes(1440LL * i * every_days), touch));
  return events;
}

TEST(Signals_Relationship, SixCareVisitsInThreeWeeksAndHowLongTheyLast) {
  const std::vector<Event> visits = Visits(6, "2026-01-01T09:00:00Z", 4);
  const Asked asked(visits, "2026-01-21T12:00:00Z");
  EXPECT_EQ(asked.ValueOf("touch.care_days"), Whole(6));
  EXPECT_EQ(asked.ValueOf("relationship.rung"), Cell(std::string("trust")));
  const Cell falls = asked.ValueOf("relationship.falls_on");
  const Day falls_on = std::get<Day>(falls);
  EXPECT_EQ(asked.ValueOf("relationship.days_to_fall"), Whole(falls_on - Day(2026, 1, 21)));
  EXPECT_EQ(Asked(visits, FormatDay(falls_on - 1) + "T00:00:00Z").ValueOf("relationship.rung"), Cell(std::string("trust")));
  EXPECT_EQ(Asked(visits, FormatDay(falls_on) + "T00:00:00Z").ValueOf("relationship.rung"), Cell(std::string("recognised")));
  EXPECT_NE(Asked(visits, FormatDay(falls_on) + "T00:00:00Z").ValueOf("relationship.falls_on"), falls) << "then the next rung is at stake";
  EXPECT_EQ(asked.ArmedBy("relationship.trust"), "v6");
  EXPECT_EQ(asked.EvidenceOf("relationship.trust").size(), 6u);
  const Asked bought([&] {
    std::vector<Event> events = visits;
    for (const char* id : {"o1", "o2", "o3", "o4"}) events.push_back(Happened("c", id, "2026-01-20T00:00:00Z", Bought("1")));
    return events;
  }(), "2026-01-21T12:00:00Z");
  EXPECT_EQ(bought.ValueOf("relationship.rung"), Cell(std::string("standing")));
}

TEST(Signals_Relationship, AnyoneNeverContactedHasNoRungAndNoDate) {
  const Asked asked({Happened("c", "o", "2026-01-01T00:00:00Z", Bought("1"))}, "2026-03-01T00:00:00Z");
  EXPECT_EQ(asked.ValueOf("relationship.trust"), Cell(0.0));
  EXPECT_EQ(asked.ValueOf("relationship.rung"), Cell(std::string("none")));
  EXPECT_EQ(asked.ValueOf("relationship.falls_on"), Null());
  EXPECT_EQ(asked.ValueOf("relationship.days_to_fall"), Null());
  EXPECT_EQ(asked.ValueOf("relationship.health"), Null()) << "nothing is known";
  EXPECT_EQ(asked.ValueOf("relationship.trend"), Null());
  EXPECT_EQ(asked.ValueOf("relationship.sender"), Null());
  EXPECT_EQ(asked.ValueOf("relationship.people"), Whole(0));
}

// What was said to many, copied, edited, answered by a machine, or noted late.
TEST(Signals_Relationship, WhatIsNoContactMovesNothing) {
  std::vector<Event> events = Visits(3, "2026-01-01T09:00:00Z", 10);
  const Asked before(events, "2026-03-01T00:00:00Z");
  const Touch seeming[] = {Of(By(Channel::kMail), TouchKind::kMass), Of(By(Channel::kVisit), TouchKind::kCopy), Of(By(Channel::kCall), TouchKind::kEdit),
                           By(Channel::kNewsletter), By(Channel::kMail, Purpose::kCare, Disposition::kAutoReply, Direction::kInbound),
                           By(Channel::kCall, Purpose::kCare, Disposition::kWrongNumber)};
  int number = 0;
  for (const Touch& touch : seeming) events.push_back(Happened("c", "n" + std::to_string(++number), "2026-02-20T00:00:00Z", touch));
  const Asked after(events, "2026-03-01T00:00:00Z");
  for (const SignalColumn& column : AllSignals()) {
    if (!column.name.starts_with("touch.") && !column.name.starts_with("relationship.") && !column.name.starts_with("reach.absent")) continue;
    EXPECT_EQ(before.ValueOf(column.name), after.ValueOf(column.name)) << column.name;
    EXPECT_EQ(before.ArmedBy(column.name), after.ArmedBy(column.name)) << column.name;
  }
}

TEST(Signals_Relationship, WhatIsNotedLateOrCorrectedKeepsItsMoment) {
  std::vector<Event> events = Visits(2, "2026-02-01T09:00:00Z", 10);
  events.push_back(KnownAt(Happened("c", "late", "2026-01-05T09:00:00Z", By(Channel::kVisit)), "2026-02-25T09:00:00Z"));
  EventCorrected corrected;
  corrected.target_source = "test";
  corrected.target_id = "v1";
  corrected.target_type = "touch";
  corrected.facts = *Json::Parse(R"({"channel":"visit","direction":"outbound","minutes":30})");
  events.push_back(Happened("c", "correction", "2026-02-26T09:00:00Z", corrected));
  const Asked asked(events, "2026-03-01T00:00:00Z");
  EXPECT_EQ(asked.ValueOf("touch.count"), Whole(3));
  EXPECT_EQ(asked.ValueOf("touch.last_at"), Cell(At("2026-02-11T09:00:00Z"))) << "neither noting nor correcting is contact";
  EXPECT_EQ(asked.ValueOf("touch.last_care_at"), Cell(At("2026-02-11T09:00:00Z")));
  EXPECT_EQ(asked.ValueOf("touch.days_since"), Whole(18));
  EXPECT_EQ(asked.ArmedBy("relationship.trust"), "v2");
}

TEST(Signals_Relationship, SellingNeitherRaisesTrustNorBeginsTheInterval) {
  std::vector<Event> events = Visits(3, "2026-01-01T09:00:00Z", 5);
  const Asked before(events, "2026-03-01T00:00:00Z");
  for (int i = 0; i < 3; ++i) events.push_back(Happened("c", "s" + std::to_string(i), "2026-02-20T09:00:00Z", By(Channel::kCall, Purpose::kSell)));
  const Asked after(events, "2026-03-01T00:00:00Z");
  for (const char* name : {"relationship.trust", "relationship.rung", "relationship.falls_on", "relationship.health", "relationship.trend", "touch.days_since_care",
                           "touch.care_days", "touch.both_sides_share"}) {
    EXPECT_EQ(before.ValueOf(name), after.ValueOf(name)) << name;
  }
  EXPECT_EQ(before.ValueOf("touch.sold_since_care"), Whole(0));
  EXPECT_EQ(after.ValueOf("touch.sold_since_care"), Whole(3));
  EXPECT_EQ(after.EvidenceOf("touch.sold_since_care"), (Ids{"s0", "s1", "s2", "v3"}));
}

TEST(Signals_Relationship, IntervalsOfTheMostSpecific) {
  CustomerUpserted customer;
  customer.grade = "A";
  std::vector<Event> events = {Happened("c", "p", "2026-01-01T00:00:00Z", customer), Happened("c", "v", "2026-01-10T09:00:00Z", By(Channel::kVisit))};
  EXPECT_EQ(Asked(events, "2026-03-01T00:00:00Z").ValueOf("touch.ideal_days"), Null()) << "nobody set any";
  EXPECT_EQ(Asked(events, "2026-03-01T00:00:00Z").ValueOf("touch.due_days"), Null());
  events.push_back(Configured(R"({"rapport_relationship":1,"intervals":{"grades":{"A":{"ideal_days":30,"latest_days":60}}}})"));
  const Asked graded(events, "2026-03-01T00:00:00Z");
  EXPECT_EQ(graded.ValueOf("touch.ideal_days"), Whole(30));
  EXPECT_EQ(graded.EvidenceOf("touch.ideal_days"), (Ids{"p", "terms"}));
  EXPECT_EQ(graded.ValueOf("touch.due_days"), Whole(50 - 30));
  EXPECT_EQ(graded.ValueOf("touch.overdue_days"), Whole(50 - 60));
  EXPECT_EQ(graded.ArmedBy("touch.overdue_days"), "v");
  customer.contact_latest_days = 20;
  events.push_back(Happened("c", "own", "2026-01-02T00:00:00Z", customer));
  const Asked own(events, "2026-03-01T00:00:00Z");
  EXPECT_EQ(own.ValueOf("touch.ideal_days"), Whole(30));
  EXPECT_EQ(own.ValueOf("touch.latest_days"), Whole(20));
  EXPECT_EQ(CrossedAboveOn(Asked::Column("touch.overdue_days"), own.input(), 1), Day(2026, 1, 31));
}

TEST(Signals_Relationship, TermsOfTheBookCountAndAreCited) {
  std::vector<Event> events = Visits(2, "2026-01-01T09:00:00Z", 1);
  events.push_back(Configured(R"({"rapport_relationship":1,"half_life_days":10,"rungs":{"recognised":{"needs":[]}}})"));
  const Asked asked(events, "2026-01-12T09:00:00Z");
  EXPECT_NEAR(std::get<double>(asked.ValueOf("relationship.trust")), 2 * std::exp2(-10 / 10.0) * std::exp2(-0.125 / 10), 0.05);
  EXPECT_EQ(asked.EvidenceOf("relationship.trust"), (Ids{"v2", "v1", "terms"}));
}

TEST(Signals_Relationship, KeptPromisesAreCountedOnceTheyAreKept) {
  const std::vector<Event> events = {Happened("c", "m1", "2026-01-01T00:00:00Z", Promised("2026-01-20", 10, "a")), Happened("c", "k1", "2026-01-20T10:00:00Z", Kept(10, "a")),
                                     Happened("c", "m2", "2026-01-01T00:00:00Z", Promised("2026-01-20", 10, "b")), Happened("c", "k2", "2026-01-21T10:00:00Z", Kept(10, "b")),
                                     Happened("c", "m3", "2026-01-01T00:00:00Z", Promised("2026-05-20", 10, "d")), Happened("c", "k3", "2026-01-21T10:00:00Z", Kept(9, "d"))};
  const Asked asked(events, "2026-03-01T00:00:00Z");
  EXPECT_EQ(asked.ValueOf("promise.kept"), Whole(1)) << "in full and in time";
  EXPECT_EQ(asked.ArmedBy("promise.kept"), "k1");
}

TEST(Signals_Relationship, WhoIsKnownAndWhoLeft) {
  RepUpserted left;
  left.rep = RepId::Trusted("sato");
  left.left = Day(2026, 3, 5);
  const std::vector<Event> events = {Happened("", "left", "2026-01-01T00:00:00Z", left), Happened("c", "a", "2026-01-10T09:00:00Z", From(By(Channel::kVisit), "sato")),
                                     Happened("c", "b", "2026-01-11T09:00:00Z", From(By(Channel::kCall), "kato"))};
  const Asked asked(events, "2026-03-01T00:00:00Z");
  EXPECT_EQ(asked.ValueOf("relationship.people"), Whole(2));
  EXPECT_EQ(asked.ValueOf("relationship.sender"), Cell(std::string("sato")));
  EXPECT_EQ(Asked::Column("relationship.sender").next_step(asked.input()), Day(2026, 3, 5));
  const Asked later(events, "2026-03-05T00:00:00Z");
  EXPECT_EQ(later.ValueOf("relationship.people"), Whole(1));
  EXPECT_EQ(later.ValueOf("relationship.sender"), Cell(std::string("kato")));
  EXPECT_EQ(Asked::Column("relationship.sender").next_step(later.input()), std::nullopt);
}

TEST(Signals_Relationship, NobodyIsRankedWhoDoesNotWantToBe) {
  std::vector<Event> events = Visits(3, "2026-01-01T09:00:00Z", 5);
  ConsentChanged consent;
  consent.purpose = ConsentPurpose::kProfiling;
  consent.state = ConsentState::kWithdrawn;
  events.push_back(Happened("c", "no", "2026-02-01T00:00:00Z", consent));
  const Asked asked(events, "2026-03-01T00:00:00Z");
  EXPECT_EQ(StandingOf(asked.input()), std::nullopt);
  for (const char* name : {"relationship.trust", "relationship.rung", "relationship.falls_on", "relationship.health", "relationship.band", "relationship.trend"}) {
    EXPECT_EQ(asked.ValueOf(name), Null()) << name;
    EXPECT_EQ(asked.EvidenceOf(name), Ids{"no"}) << name;
  }
}

TEST(Signals_Relationship, StandingIsWhatTheSignalsSay) {
  std::vector<Event> events = Visits(6, "2026-01-01T09:00:00Z", 4);
  events.push_back(Happened("c", "w", "2026-01-25T00:00:00Z", Worried()));
  const Asked asked(events, "2026-03-01T00:00:00Z");
  const std::optional<Standing> standing = StandingOf(asked.input());
  ASSERT_TRUE(standing.has_value());
  EXPECT_EQ(asked.ValueOf("relationship.rung"), Cell(std::string(NameOf(standing->rung))));
  EXPECT_EQ(asked.ValueOf("relationship.falls_on"), Cell(*standing->falls_on));
  EXPECT_EQ(asked.ValueOf("relationship.health"), Cell(RoundSignal(*standing->health.value)));
  EXPECT_EQ(asked.ValueOf("relationship.band"), Cell(std::string(NameOf(*standing->health.band))));
  EXPECT_EQ(asked.ValueOf("relationship.trust"), Cell(RoundSignal(standing->trust)));
  ASSERT_FALSE(standing->health.reasons_against.empty());
  EXPECT_EQ(standing->health.reasons_against.front().sentence.key, "health.worries.against");
  EXPECT_EQ(asked.EvidenceOf("relationship.health").front(), "w");
}

Event FittedBgNbd() {
  ModelFitted fitted;
  fitted.model = "bg_nbd";
  fitted.unit = "week";
  fitted.fitted = *Json::Parse(R"({"model":"bg_nbd","params":{"r":0.8,"alpha":11.4,"a":1.8,"b":7.1}})");
  return Happened("", "model", "2025-12-31T00:00:00Z", fitted);
}

// By the model who bought once still buys for certain, after however many years.
TEST(Signals_Relationship, WhoBoughtOnOneDayAloneHasNoRhythm) {
  std::vector<Event> events{FittedBgNbd(), Happened("c", "o1", "2026-01-01T09:00:00Z", Bought("1")), Happened("c", "o2", "2026-01-01T11:00:00Z", Bought("1"))};
  const Asked once(events, "2028-01-01T00:00:00Z");
  EXPECT_EQ(once.ValueOf("value.probability_alive"), Cell(1.0));
  EXPECT_EQ(once.ValueOf("relationship.health"), Null());
  events.push_back(Happened("c", "o3", "2026-02-01T09:00:00Z", Bought("1")));
  const Asked again(events, "2028-01-01T00:00:00Z");
  EXPECT_LT(std::get<double>(again.ValueOf("relationship.health")), 35);
  EXPECT_EQ(again.ValueOf("relationship.band"), Cell(std::string("poor")));
}

TEST(Signals_Relationship, WhatWasSettledDoesNotHideTheSilence) {
  std::vector<Event> events = Visits(1, "2026-01-02T09:00:00Z", 1);
  for (int i = 1; i <= 4; ++i) events.push_back(Happened("c", "o" + std::to_string(i), At("2026-01-01T09:00:00Z").PlusMinutes(1440LL * 30 * i), Bought("1")));
  for (int i = 1; i <= 12; ++i) {
    const std::string id = "w" + std::to_string(i);
    events.push_back(Happened("c", id, At("2026-06-01T09:00:00Z").PlusMinutes(i), Worried(id)));
    events.push_back(Happened("c", "r" + id, At("2026-06-02T09:00:00Z").PlusMinutes(i), Resolved(id)));
  }
  CaseOpened claim;
  claim.case_id = CaseId::Trusted("k");
  claim.kind = CaseKind::kClaim;
  events.push_back(Happened("c", "claim", "2026-06-03T09:00:00Z", claim));
  events.push_back(Happened("c", "sold", "2026-06-20T09:00:00Z", By(Channel::kCall, Purpose::kSell)));
  const Asked asked(events, "2026-07-15T00:00:00Z");
  const Ids evidence = asked.EvidenceOf("relationship.health");
  EXPECT_EQ(evidence.front(), "o4") << "the silence takes most away";
  for (const char* id : {"claim", "v1", "rw12"}) EXPECT_NE(std::find(evidence.begin(), evidence.end(), id), evidence.end()) << id;
  EXPECT_EQ(asked.ArmedBy("relationship.health"), "claim") << "selling moves no part of it";
}

TEST(Signals_Relationship, NeitherSellingNorWhatComesLaterArmsHealth) {
  EXPECT_TRUE(rc::check([] {
    std::vector<Event> events{Happened("c", "o", "2026-01-01T00:00:00Z", Bought("1"))};
    int number = 0;
    for (const auto& [at, touch] : AnyTouches(300)) events.push_back(Happened("c", "t" + std::to_string(++number), at, touch));
    const std::shared_ptr<const Book> book = BookOf(events);
    const SignalContext context = *SignalContext::From(book->context());
    const std::shared_ptr<const Account> account = book->Find(Customer("c"));
    const EventKey armed = Asked::Column("relationship.health").Of(InputFor(*account, context, AnyMomentWithin(300))).armed_by;
    const auto touch = std::find_if(account->touches.begin(), account->touches.end(), [&](const TouchRecord& record) { return record.key == armed; });
    if (touch != account->touches.end()) RC_ASSERT(IsCare(PurposeOf(touch->touch)) && ReachOf(touch->touch) != TouchReach::kNone);
  }));
}

// A past day asked with the account of today, and with the account as it was folded by then.
TEST(Signals_Relationship, TheLadderOfAPastDayIsThatOfTheAccountByThen) {
  EXPECT_TRUE(rc::check([] {
    std::vector<Event> events{Happened("c", "p", "2026-01-01T00:00:00Z", InZone(*rc::gen::element<std::string>("UTC", "America/New_York")))};
    int number = 0;
    for (const auto& [at, touch] : AnyTouches(200)) events.push_back(Happened("c", "t" + std::to_string(++number), at, touch));
    for (int i = 0; i < 6; ++i) events.push_back(Happened("c", "v" + std::to_string(i), AnyMomentWithin(200), By(Channel::kVisit)));
    for (int i = *rc::gen::inRange(0, 6); i > 0; --i) events.push_back(Happened("c", "o" + std::to_string(i), AnyMomentWithin(200), Bought("1")));
    for (int i = *rc::gen::inRange(0, 3); i > 0; --i) {
      const std::string id = "m" + std::to_string(i);
      events.push_back(Happened("c", id, "2026-01-01T00:00:00Z", Promised("2026-12-20", 10, id)));
      events.push_back(Happened("c", "k" + id, AnyMomentWithin(200), Kept(10, id)));
    }
    const Instant then = AnyMomentWithin(200);
    const std::shared_ptr<const Book> whole = BookOf(events);
    std::vector<Event> earlier = events;
    std::erase_if(earlier, [&](const Event& event) { return event.occurred.at > then; });
    const std::shared_ptr<const Book> part = BookOf(earlier);
    const SignalContext context = *SignalContext::From(whole->context()), context_then = *SignalContext::From(part->context());
    const std::shared_ptr<const Account> account = whole->Find(Customer("c")), account_then = part->Find(Customer("c"));
    const SignalInput asked = InputFor(*account, context, then), expected = InputFor(*account_then, context_then, then);
    for (const char* name : {"relationship.trust", "relationship.rung", "relationship.falls_on", "relationship.days_to_fall"}) {
      RC_LOG() << name << "\n";
      const SignalValue found = Asked::Column(name).Of(asked), wanted = Asked::Column(name).Of(expected);
      RC_ASSERT(found.value == wanted.value);
      RC_ASSERT(found.armed_by == wanted.armed_by);
    }
  }));
}

TEST(Signals_Relationship, WhatANeedWasWaitingForArmsTheRung) {
  std::vector<Event> events = Visits(6, "2026-01-01T09:00:00Z", 4);
  for (const char* id : {"o1", "o2", "o3", "o4"}) events.push_back(Happened("c", id, "2026-02-01T00:00:00Z", Bought("1")));
  const Asked asked(events, "2026-02-02T00:00:00Z");
  EXPECT_EQ(asked.ValueOf("relationship.rung"), Cell(std::string("standing")));
  EXPECT_EQ(asked.ArmedBy("relationship.rung"), "o4");
  EXPECT_EQ(asked.ArmedBy("relationship.days_to_fall"), "o4");
  EXPECT_EQ(asked.ArmedBy("relationship.trust"), "v6");
}

TEST(Signals_Relationship, AnIntervalOfTheBookIsSetByTheBook) {
  CustomerUpserted customer;
  std::vector<Event> events = {Happened("c", "p", "2026-01-01T00:00:00Z", customer),
                               Configured(R"({"rapport_relationship":1,"intervals":{"book":{"ideal_days":30,"latest_days":60}}})")};
  EXPECT_EQ(Asked(events, "2026-03-01T00:00:00Z").ArmedBy("touch.ideal_days"), "terms");
  customer.contact_ideal_days = 20;
  events.push_back(Happened("c", "own", "2026-01-02T00:00:00Z", customer));
  EXPECT_EQ(Asked(events, "2026-03-01T00:00:00Z").ArmedBy("touch.ideal_days"), "own");
  EXPECT_EQ(Asked(events, "2026-03-01T00:00:00Z").ArmedBy("touch.latest_days"), "terms");
}

TEST(Signals_Relationship, ATableSaysWhatEachSignalSaysAlone) {
  EXPECT_TRUE(rc::check([] {
    std::vector<Event> events{Happened("c", "p", "2026-01-01T00:00:00Z", InZone(*rc::gen::element<std::string>("UTC", "America/New_York")))};
    int number = 0;
    for (const auto& [at, touch] : AnyTouches(300)) events.push_back(Happened("c", "t" + std::to_string(++number), at, touch));
    const std::shared_ptr<const Book> book = BookOf(events);
    const SignalContext context = *SignalContext::From(book->context());
    const Instant as_of = At("2026-11-15T00:00:00Z");
    const std::shared_ptr<const Account> account = book->Find(Customer("c"));
    const SignalInput input = InputFor(*account, context, as_of);
    const Table table = *SignalTable(*book, as_of, {}, {});
    for (const SignalColumn& column : AllSignals()) {
      RC_LOG() << column.name << "\n";
      RC_ASSERT(table.Find(column.name)->at(0) == column.Of(input).value);
    }
  }));
}

// A merged whole is trusted as much as both of its parts together.
TEST(Signals_Relationship, MergedAccountsAddUp) {
  EXPECT_TRUE(rc::check([] {
    std::vector<Event> apart{Happened("c", "pc", "2026-01-01T00:00:00Z", InZone("UTC")), Happened("d", "pd", "2026-01-01T00:00:00Z", InZone("UTC"))};
    int number = 0;
    for (const char* of : {"c", "d"}) {
      for (const auto& [at, touch] : AnyTouches(200)) apart.push_back(Happened(of, std::string("t") + std::to_string(++number), at, touch));
    }
    const std::string_view as_of = "2026-08-01T00:00:00Z";
    const auto trust = [&](const std::vector<Event>& events, std::string of) {
      return std::get<double>(Asked(events, as_of, std::move(of)).ValueOf("relationship.trust"));
    };
    const double both = trust(apart, "c") + trust(apart, "d");
    CustomerMerged merged;
    merged.merged = Customer("d");
    std::vector<Event> together = apart;
    together.push_back(Happened("c", "merge", "2026-07-31T00:00:00Z", merged));
    const double whole = trust(together, "c");
    RC_ASSERT(std::fabs(whole - both) <= 1e-10 * both);
  }));
}

TEST(Signals_Relationship, TermsNameSignalsThatEventsAloneMove) {
  const auto refused = [](std::string_view signal) {
    const absl::StatusOr<RelationshipTerms> terms = ReadRelationshipTerms(
        *Json::Parse(R"({"rapport_relationship":1,"rungs":{"trust":{"needs":[{"signal":")" + std::string(signal) + R"(","at_least":1}]}}})"));
    EXPECT_EQ(TokenOf(terms.status()), terms.ok() ? "" : "relationship.invalid_terms");
    return !terms.ok();
  };
  EXPECT_FALSE(refused("promise.kept"));
  EXPECT_FALSE(refused("purchase.revenue"));
  EXPECT_TRUE(refused("purchase.kount"));
  EXPECT_TRUE(refused("touch.days_since")) << "it moves with the clock";
  EXPECT_TRUE(refused("promise.kept_share")) << "it is polled";
  EXPECT_TRUE(refused("touch.last_at")) << "it is no number";
  EXPECT_TRUE(refused("relationship.trust"));
}

}  // namespace
}  // namespace rapport

// Promises, worries, refusals, touches, accounts and follow-ups.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "signals/signals_for_test.hpp"

namespace rapport {
namespace {

using namespace made;  // NOLINT
using Ids = std::vector<std::string>;

TEST(Signals_Promise, OpenDueAndOverdueAreOursOnly) {
  PromiseMade homework = Promised("2026-01-15");
  homework.by = PromiseBy::kCustomer;
  std::vector<Event> events = {Happened("c", "h", "2026-01-01T00:00:00Z", homework),
                               Happened("c", "a", "2026-01-02T00:00:00Z", Promised("2026-03-04", 10, "a")),
                               Happened("c", "b", "2026-01-03T00:00:00Z", Promised("2026-03-01", 1, "b")),
                               Happened("c", "n", "2026-01-04T00:00:00Z", Promised(std::nullopt, 1, "n"))};
  const Asked asked(events, "2026-03-02T12:00:00Z");
  EXPECT_EQ(asked.ValueOf("promise.open"), Whole(3));
  EXPECT_EQ(asked.EvidenceOf("promise.open"), (Ids{"a", "b", "n"}));
  EXPECT_EQ(asked.ValueOf("promise.due_next"), Cell(Day(2026, 3, 1)));
  EXPECT_EQ(asked.ValueOf("promise.days_to_due"), Whole(-1));
  EXPECT_EQ(asked.ValueOf("promise.overdue"), Whole(1));
  EXPECT_EQ(asked.ArmedBy("promise.days_to_due"), "b");
  events.push_back(Happened("c", "k", "2026-03-01T10:00:00Z", Kept(std::nullopt, "b")));
  const Asked kept(events, "2026-03-02T12:00:00Z");
  EXPECT_EQ(kept.ValueOf("promise.open"), Whole(2));
  EXPECT_EQ(kept.ArmedBy("promise.open"), "k");
  EXPECT_EQ(kept.ValueOf("promise.days_to_due"), Whole(2));
  EXPECT_EQ(kept.ValueOf("promise.overdue"), Whole(0));
}

TEST(Signals_Promise, IsOverdueOnlyAfterItsLastLocalDay) {
  const std::vector<Event> events = {Happened("c", "z", "2026-01-01T00:00:00Z", InZone("Asia/Seoul")),
                                     Happened("c", "p", "2026-01-02T00:00:00Z", Promised("2026-03-04"))};
  EXPECT_EQ(Asked(events, "2026-03-04T23:59:59+09:00").ValueOf("promise.overdue"), Whole(0));
  EXPECT_EQ(Asked(events, "2026-03-05T00:00:00+09:00").ValueOf("promise.overdue"), Whole(1));
}

TEST(Signals_Worry, OldestOpenArmsItsAge) {
  const Asked asked({Happened("c", "w-1", "2026-02-20T23:30:00Z", Worried()),
                     Happened("c", "w-2", "2026-02-26T10:00:00Z", Worried()),
                     Happened("c", "w-3", "2026-02-28T10:00:00Z", Worried()),
                     Happened("c", "s", "2026-03-01T10:00:00Z", Resolved())},
                    "2026-03-02T08:00:00Z");
  EXPECT_EQ(asked.ValueOf("worry.open"), Whole(2));
  EXPECT_EQ(asked.EvidenceOf("worry.open"), (Ids{"w-2", "w-3", "s"}));
  EXPECT_EQ(asked.ArmedBy("worry.open"), "s");
  EXPECT_EQ(asked.ValueOf("worry.oldest_days"), Whole(4));
  EXPECT_EQ(asked.ArmedBy("worry.oldest_days"), "w-2");
}

TEST(Signals_Worry, NoneOpenHasNoAge) {
  const Asked asked({Happened("c", "w", "2026-02-20T00:00:00Z", Worried()),
                     Happened("c", "s", "2026-03-01T10:00:00Z", Resolved())},
                    "2026-03-02T08:00:00Z");
  EXPECT_EQ(asked.ValueOf("worry.open"), Whole(0));
  EXPECT_EQ(asked.ValueOf("worry.oldest_days"), Null());
}

TEST(Signals_Refusal, CountsAndNamesTheLastReason) {
  Refusal comparing;
  comparing.reason = RefusalReason::kComparing;
  std::vector<Event> events = {Happened("c", "1", "2026-01-01T00:00:00Z", Refusal{}),
                               Happened("c", "2", "2026-01-02T00:00:00Z", comparing)};
  EXPECT_EQ(Asked(events, "2026-03-01T00:00:00Z").ValueOf("refusal.count"), Whole(2));
  EXPECT_EQ(Asked(events, "2026-03-01T00:00:00Z").ValueOf("refusal.last_reason"), Cell(std::string("comparing")));
  events.push_back(Happened("c", "3", "2026-01-03T00:00:00Z", Refusal{}));
  EXPECT_EQ(Asked(events, "2026-03-01T00:00:00Z").ValueOf("refusal.last_reason"), Null());
}

TEST(Signals_Touch, OnlyWhatReachedCountsAndSellingIsNoCare) {
  const std::vector<Event> events = {
      Happened("c", "care", "2026-01-01T00:00:00Z", Called(Purpose::kCare)),
      Happened("c", "service", "2026-01-11T00:00:00Z", Called(Purpose::kService, std::nullopt)),
      Happened("c", "unsaid", "2026-01-21T00:00:00Z", Called(std::nullopt, Disposition::kReached, Direction::kInbound)),
      Happened("c", "sell", "2026-01-31T00:00:00Z", Called(Purpose::kSell)),
      Happened("c", "absent", "2026-02-10T00:00:00Z", Called(Purpose::kCare, Disposition::kAbsent)),
      Happened("c", "no", "2026-02-20T00:00:00Z", Called(Purpose::kCare, Disposition::kRefusedContact))};
  const Asked asked(events, "2026-03-02T00:00:00Z");
  EXPECT_EQ(asked.ValueOf("touch.count"), Whole(4));
  EXPECT_EQ(asked.EvidenceOf("touch.count"), (Ids{"care", "service", "unsaid", "sell"}));
  EXPECT_EQ(asked.ValueOf("touch.last_at"), Cell(At("2026-01-31T00:00:00Z")));
  EXPECT_EQ(asked.ValueOf("touch.days_since"), Whole(30));
  EXPECT_EQ(asked.ValueOf("touch.last_care_at"), Cell(At("2026-01-21T00:00:00Z")));
  EXPECT_EQ(asked.ValueOf("touch.days_since_care"), Whole(40));
  EXPECT_EQ(asked.ArmedBy("touch.days_since_care"), "unsaid");
  EXPECT_EQ(asked.ValueOf("touch.refused_contact_at"), Cell(At("2026-02-20T00:00:00Z")));
}

TEST(Signals_Touch, AnAccountNeverCaredForIsArmedByItsFirstEvent) {
  const Asked asked({Happened("c", "profile", "2026-01-01T00:00:00Z", CustomerUpserted{}),
                     Happened("c", "sell", "2026-02-01T00:00:00Z", Called(Purpose::kSell))},
                    "2026-03-02T00:00:00Z");
  EXPECT_EQ(asked.ValueOf("touch.days_since_care"), Whole(60));
  EXPECT_EQ(asked.ArmedBy("touch.days_since_care"), "profile");
  EXPECT_EQ(asked.ValueOf("touch.last_care_at"), Null());
  EXPECT_EQ(asked.ValueOf("account.age_days"), Whole(60));
  EXPECT_EQ(asked.ArmedBy("account.age_days"), "profile");
}

TEST(Signals_Touch, SinceDeliveryCountsWhatReachedAfterIt) {
  std::vector<Event> events = {Happened("c", "o", "2026-01-01T00:00:00Z", Bought("1")),
                               Happened("c", "t-1", "2026-01-02T00:00:00Z", Called())};
  EXPECT_EQ(Asked(events, "2026-03-02T00:00:00Z").ValueOf("touch.since_delivery"), Null());
  events.push_back(Happened("c", "d", "2026-01-05T00:00:00Z", Delivered()));
  EXPECT_EQ(Asked(events, "2026-03-02T00:00:00Z").ValueOf("touch.since_delivery"), Whole(0));
  EXPECT_EQ(Asked(events, "2026-03-02T00:00:00Z").ArmedBy("touch.since_delivery"), "d");
  events.push_back(Happened("c", "t-2", "2026-01-06T00:00:00Z", Called(Purpose::kCare, Disposition::kBusy)));
  events.push_back(Happened("c", "t-3", "2026-01-07T00:00:00Z", Called(Purpose::kSell)));
  EXPECT_EQ(Asked(events, "2026-03-02T00:00:00Z").ValueOf("touch.since_delivery"), Whole(1));
  EXPECT_EQ(Asked(events, "2026-03-02T00:00:00Z").ArmedBy("touch.since_delivery"), "t-3");
  for (const char* signal : {"touch.since_delivery", "purchase.last_delivered_at"}) {   // without the order it was no delivery
    EXPECT_THAT(Asked(events, "2026-03-02T00:00:00Z").EvidenceOf(signal), testing::IsSupersetOf({"d", "o"})) << signal;
  }
}

TEST(Signals_Account, LargeAndVolumeComeFromTheProfile) {
  CustomerUpserted profile;
  profile.large = true;
  profile.expected_volume = Euro("120000.00");
  const Event told = Happened("c", "p", "2026-01-01T00:00:00Z", profile);
  const Asked asked({told}, "2026-03-02T00:00:00Z");
  EXPECT_EQ(asked.ValueOf("account.large"), Cell(true));
  EXPECT_EQ(asked.ValueOf("account.expected_volume"), Cell(120000.0));
  EXPECT_EQ(asked.ArmedBy("account.large"), "p");
  BookConfigured configured;
  configured.reporting_currency = "JPY";
  EXPECT_EQ(Asked({told, Happened("", "b", "2026-01-01T00:00:00Z", configured)}, "2026-03-02T00:00:00Z")
                .ValueOf("account.expected_volume"), Null());
  const Asked unsaid({Happened("c", "p", "2026-01-01T00:00:00Z", CustomerUpserted{})}, "2026-03-02T00:00:00Z");
  EXPECT_EQ(unsaid.ValueOf("account.large"), Null());
  EXPECT_EQ(unsaid.ValueOf("account.expected_volume"), Null());
}

TEST(Signals_FollowUp, OpenOnesCountUntilTheyAreClosed) {
  const Asked asked({Happened("c", "1", "2026-01-01T00:00:00Z", Issued("f", 1)),
                     Happened("c", "2", "2026-01-02T00:00:00Z", Issued("g", 1)),
                     Happened("c", "3", "2026-01-03T00:00:00Z", Issued("h", 1)),
                     Happened("c", "4", "2026-01-04T00:00:00Z", About<FollowUpHandedOver>("h")),
                     Happened("c", "5", "2026-01-05T00:00:00Z", About<FollowUpDone>("g"))},
                    "2026-03-02T00:00:00Z");
  EXPECT_EQ(asked.ValueOf("followup.open"), Whole(2));
  EXPECT_EQ(asked.EvidenceOf("followup.open"), (Ids{"1", "3"}));
  EXPECT_EQ(asked.ArmedBy("followup.open"), "5");
}

TEST(Signals_KnownAt, AnswerByWhatWasKnownThen) {
  BookBuilder builder(ZoneRules::Bundled());
  builder.Add(Happened("c", "1", "2026-02-01T00:00:00Z", Bought("1")));
  builder.Add(KnownAt(Happened("c", "2", "2026-02-20T00:00:00Z", Bought("1")), "2026-03-05T00:00:00Z"));
  const auto days_since = [](const Book& book) {
    const SignalContext context = *SignalContext::From(book.context());
    return Asked::Column("purchase.days_since")
        .compute(InputFor(*book.Find(Customer("c")), context, At("2026-03-02T00:00:00Z"))).value;
  };
  EXPECT_EQ(days_since(*builder.AsKnown(At("2026-03-02T00:00:00Z"))), Whole(29));
  EXPECT_EQ(days_since(*builder.AsKnown(std::nullopt)), Whole(10));
}

}  // namespace
}  // namespace rapport

// Signals made with others' experience, and the hours to call.
#include <gtest/gtest.h>

#include "rapport/core/status.hpp"
#include "rapport/relationship/referral_tree.hpp"
#include "rapport/relationship/worry_knowledge.hpp"
#include "signals/signals_for_test.hpp"

namespace rapport {
namespace {

using namespace made;  // NOLINT
using Ids = std::vector<std::string>;

const WorryTopic kSmell{ProductId::Trusted("filter"), "smell"};
constexpr auto kNow = "2026-03-01T00:00:00Z";

Event Worried(std::string id, std::string_view at, std::optional<std::string> topic = "smell") {
  WorryRaised worry;
  worry.worry = WorryId::Trusted(id);
  if (topic.has_value()) worry.product = kSmell.product;
  worry.topic = std::move(topic);
  return Happened("c", std::move(id), at, worry);
}
Event Resolved(std::string id, std::string_view at, const std::string& worry) {
  WorryResolved resolved;
  resolved.worry = WorryId::Trusted(worry);
  return Happened("c", std::move(id), at, resolved);
}
// Three had it, the customer among them; a flush cured two.
Event Worries() {
  const Instant at = At("2026-01-01T00:00:00Z");
  std::vector<CustomerWorries> customers;
  for (const char* name : {"c", "d", "e"}) {
    customers.push_back({Customer(name), {{kSmell, at, std::nullopt, 0, ""}}, {}, {}});
    if (name[0] == 'c') continue;
    customers.back().worries[0].resolved = at;
    customers.back().worries[0].remedy = "a flush";
  }
  return Happened("", "worries", "2026-02-01T00:00:00Z", ModelFitted{std::string(kWorryKnowledge), WorryKnowledge::Of(customers, at).ToJson(), {}, {}});
}
Event Referrals(const std::vector<Referral>& said, const std::map<CustomerId, double>& revenue) {
  return Happened("", "referrals", "2026-02-01T00:00:00Z", ModelFitted{std::string(kReferralTree), ReferralTree::Of(said, revenue, Eur()).ToJson(), {}, {}});
}
Event Brought(std::string id, std::string_view at, const std::string& whom) { return Happened("c", std::move(id), at, ReferralMade{Customer(whom), {}, {}}); }

TEST(Signals_Worries, OthersWithTheSameAsTheOldestOpenOne) {
  const Asked asked({Worries(), Worried("old", "2026-01-05T00:00:00Z", "noise"), Resolved("done", "2026-01-06T00:00:00Z", "old"), Worried("w", "2026-01-10T00:00:00Z"),
                     Worried("later", "2026-01-20T00:00:00Z", "noise")}, kNow);
  EXPECT_EQ(asked.ValueOf("worry.heard"), Whole(2)) << "without himself";
  EXPECT_EQ(asked.EvidenceOf("worry.heard"), (Ids{"w", "worries", "done"})) << "without the closing another one would be the oldest";
  EXPECT_EQ(asked.ArmedBy("worry.heard"), "w");
  EXPECT_EQ(asked.ValueOf("worry.remedy"), Cell(std::string("a flush")));
}

TEST(Signals_Worries, WhatComesLaterDoesNotCount) {
  const std::vector<Event> events{Worries(), Worried("w", "2026-01-10T00:00:00Z"), Resolved("done", "2026-02-20T00:00:00Z", "w")};
  EXPECT_EQ(Asked(events, kNow).ValueOf("worry.heard"), Null());
  EXPECT_EQ(Asked(events, "2026-02-10T00:00:00Z").ValueOf("worry.heard"), Whole(2));
  EXPECT_EQ(Asked(events, "2026-01-01T00:00:00Z").ValueOf("worry.heard"), Null()) << "not raised yet";
}

TEST(Signals_Worries, AWorryAboutNothingAndABookWithoutAFitSayNothing) {
  EXPECT_EQ(Asked({Worries(), Worried("w", "2026-01-10T00:00:00Z", std::nullopt)}, kNow).ValueOf("worry.heard"), Null());
  EXPECT_EQ(Asked({Worried("w", "2026-01-10T00:00:00Z")}, kNow).ValueOf("worry.heard"), Null());
  EXPECT_EQ(Asked({Worries(), Worried("w", "2026-01-10T00:00:00Z", "noise")}, kNow).ValueOf("worry.heard"), Whole(0));
}

TEST(Signals_Referrals, AreTheTreesAndCiteItBesideTheCustomersOwn) {
  const std::vector<Referral> said{{Customer("x"), Customer("c"), {}, {"test", "0"}}, {Customer("c"), Customer("d"), {}, {"test", "1"}}, {Customer("d"), Customer("e"), {}, {"test", "2"}}};
  const Asked asked({Referrals(said, {{Customer("d"), 10}, {Customer("e"), 5}, {Customer("c"), 99}}), Happened("c", "o", "2026-01-01T00:00:00Z", Bought("99")),
                     Brought("g", "2026-01-02T00:00:00Z", "d")}, kNow);
  EXPECT_EQ(asked.ValueOf("referral.value"), Cell(12.5));
  EXPECT_EQ(asked.EvidenceOf("referral.value"), (Ids{"g", "referrals"}));
  EXPECT_EQ(asked.ArmedBy("referral.value"), "g") << "a fit anew arms nothing again";
  EXPECT_EQ(asked.ValueOf("referral.brought"), Whole(1));
  EXPECT_EQ(asked.ValueOf("referral.brought_by"), Cell(std::string("x")));
  EXPECT_EQ(asked.EvidenceOf("referral.brought_by"), Ids{"referrals"});
  EXPECT_EQ(asked.ValueOf("account.origin"), Cell(std::string("referral")));
  EXPECT_EQ(asked.EvidenceOf("account.origin"), Ids{"referrals"});
}

TEST(Signals_Referrals, OfWhoWasMergedAfterTheFitAreThoseOfAllHisIds) {
  const auto by = [](const char* id, const char* from, const char* to) { return Referral{Customer(from), Customer(to), {}, {"test", id}}; };
  const std::vector<Event> events{Referrals({by("0", "x", "b"), by("1", "b", "d"), by("2", "c", "e"), by("3", "c", "b2")}, {{Customer("d"), 10}, {Customer("e"), 5}}),
                                  Happened("c", "o", "2026-01-01T00:00:00Z", Bought("99")), Happened("b", "u", "2026-01-02T00:00:00Z", Called()),
                                  Happened("b2", "v", "2026-01-02T00:00:00Z", Called()), Happened("c", "m", "2026-02-02T00:00:00Z", CustomerMerged{Customer("b"), {}}),
                                  Happened("c", "m2", "2026-02-02T00:00:00Z", CustomerMerged{Customer("b2"), {}})};
  const Asked asked(events, kNow);
  EXPECT_EQ(asked.ValueOf("referral.value"), Cell(15.0));
  EXPECT_EQ(asked.ValueOf("referral.brought"), Whole(2)) << "without himself";
  EXPECT_EQ(asked.ValueOf("referral.brought_by"), Cell(std::string("x")));
}

TEST(Signals_Referrals, OneMadeAfterTheFitMovesNothing) {
  const std::vector<Referral> said{{Customer("c"), Customer("d"), {}, {"test", "1"}}};
  const Asked asked({Referrals(said, {}), Brought("g", "2026-01-02T00:00:00Z", "d"), Brought("new", "2026-02-02T00:00:00Z", "e")}, kNow);
  EXPECT_EQ(asked.ValueOf("referral.brought"), Whole(1));
  EXPECT_EQ(asked.EvidenceOf("referral.brought"), (Ids{"g", "referrals"}));
  EXPECT_EQ(asked.ArmedBy("referral.brought"), "g");
}

TEST(Signals_Worries, WhoWasMergedAfterTheFitIsNoOther) {
  const Asked asked({Worries(), Worried("w", "2026-01-10T00:00:00Z"), Happened("d", "t", "2026-01-02T00:00:00Z", Called()),
                     Happened("c", "m", "2026-02-02T00:00:00Z", CustomerMerged{Customer("d"), {}})}, kNow);
  EXPECT_EQ(asked.ValueOf("worry.heard"), Whole(1));
}

TEST(Signals_Referrals, OfManyTheTreeIsStillCited) {
  std::vector<Event> events;
  std::vector<Referral> said;
  for (int i = 10; i < 30; ++i) {
    events.push_back(Brought("g" + std::to_string(i), "2026-01-" + std::to_string(i) + "T00:00:00Z", "d" + std::to_string(i)));
    said.push_back({Customer("c"), Customer("d" + std::to_string(i)), Instant::FromMicros(i), events.back().key});
  }
  events.push_back(Referrals(said, {}));
  const Asked asked(std::move(events), kNow);
  const Ids evidence = asked.EvidenceOf("referral.brought");
  ASSERT_EQ(evidence.size(), SignalValue::kMaxEvidence);
  EXPECT_EQ(evidence.back(), "referrals");
  EXPECT_EQ(evidence[evidence.size() - 2], "g29");
}

TEST(Signals_Origin, IsTheHostsWordFirst) {
  CustomerUpserted customer;
  customer.origin = Origin::kRepeat;
  const std::vector<Referral> said{{Customer("x"), Customer("c"), {}, {"test", "0"}}};
  const Asked asked({Happened("c", "p", "2026-01-01T00:00:00Z", customer), Referrals(said, {})}, kNow);
  EXPECT_EQ(asked.ValueOf("account.origin"), Cell(std::string("repeat")));
  EXPECT_EQ(asked.EvidenceOf("account.origin"), Ids{"p"});
  EXPECT_EQ(Asked({Happened("c", "t", "2026-01-01T00:00:00Z", Called())}, kNow).ValueOf("account.origin"), Null());
}

TEST(Signals_BestWindow, IsOfTheCustomersZoneAndCitesTheAttempts) {
  CustomerUpserted customer;
  customer.zone = "Asia/Tokyo";
  std::vector<Event> events{Happened("c", "p", "2025-12-01T00:00:00Z", customer)};
  for (int i = 10; i < 17; ++i) {
    const std::string day = "2026-01-" + std::to_string(i);
    events.push_back(Happened("c", "in" + std::to_string(i), day + "T00:30:00Z", Called()));   // 09:30 there
    events.push_back(Happened("c", "out" + std::to_string(i), day + "T07:30:00Z", Called(Purpose::kCare, Disposition::kAbsent)));
  }
  events.push_back(Happened("c", "mail", "2026-02-01T00:00:00Z", [] { Touch mail = Called(); mail.channel = Channel::kMail; return mail; }()));
  const Asked asked(std::move(events), kNow);
  EXPECT_EQ(asked.ValueOf("reach.best_window"), Cell(std::string("08:00-10:00")));
  EXPECT_EQ(asked.EvidenceOf("reach.best_window").size(), SignalValue::kMaxEvidence);
  EXPECT_EQ(asked.ArmedBy("reach.best_window"), "out16") << "the mail is no attempt";
}

TEST(Signals_Network, AModelThatCannotBeReadIsNamed) {
  for (const std::string_view model : {kWorryKnowledge, kReferralTree}) {
    const auto book = BookOf({Happened("", "broken", "2026-01-01T00:00:00Z", ModelFitted{std::string(model), Json(Json::Object{{"model", model}}), {}, {}})});
    const auto context = SignalContext::From(book->context());
    EXPECT_EQ(TokenOf(context.status()), "signal.invalid_model") << model;
    EXPECT_NE(std::string(context.status().message()).find("model.fitted broken"), std::string::npos) << context.status();
  }
}

}  // namespace
}  // namespace rapport

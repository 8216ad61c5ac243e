#include "rapport/value/care_worth.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "rapport/core/status.hpp"
#include "rapport/stats/draws.hpp"
#include "value/economics_world.hpp"

namespace rapport {
namespace {

using namespace made;  // NOLINT

bool Care(const Touch& touch) {
  return touch.direction == Direction::kOutbound && touch.purpose == Purpose::kCare && touch.disposition == Disposition::kReached;
}

// Planted: who is called on day 3 is lost with one chance, others with another; losses from day 4 on.
CareFacts Planted(double with, double without, std::uint64_t seed, int orders = 4000) {
  stats::Draws draws(seed, 0);
  CareFacts facts;
  for (int i = 0; i < orders; ++i) {
    CareOrder order{"p-" + std::to_string(i % 5), std::nullopt, std::nullopt};
    const bool cared = draws.Uniform() < 0.5;
    if (cared) order.cared_on = 3;
    if (draws.Uniform() < (cared ? with : without)) order.lost_on = 4 + static_cast<std::int64_t>(draws.Uniform() * 20);
    facts.orders.push_back(order);
  }
  return facts;
}

TEST(CareWorth, FindsWhatCareAvoids) {
  const CareWorth model = *CareWorth::Fit(Planted(0.05, 0.2, 7));
  EXPECT_EQ(model.landmark_days(), 3);
  EXPECT_EQ(model.orders(), 4000);
  const CareWorth::Difference told = *model.Told();
  EXPECT_NEAR(told.avoided, 0.15, 0.02);
  EXPECT_LT(told.low, 0.15);
  EXPECT_GT(told.high, 0.15);
  EXPECT_GT(told.low, 0.1);
  for (int i = 0; i < 5; ++i) EXPECT_NEAR(model.AvoidedOf("p-" + std::to_string(i)), 0.15, 0.05);
  EXPECT_NEAR(model.AvoidedOf("never sold"), 0.15, 0.04);
}

TEST(CareWorth, ADifferenceTheOtherWayIsToldAndNotUsed) {
  const CareWorth model = *CareWorth::Fit(Planted(0.2, 0.05, 8));
  EXPECT_LT(model.Told()->avoided, -0.1);
  EXPECT_LT(model.Told()->high, 0);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(model.AvoidedOf("p-" + std::to_string(i)), 0);
}

// Its interval holds what was planted about 19 times in 20.
TEST(CareWorth, TheIntervalHolds) {
  int held = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    const CareWorth::Difference told = *CareWorth::Fit(Planted(0.1, 0.2, seed, 120))->Told();
    held += told.low <= 0.1 && 0.1 <= told.high ? 1 : 0;
  }
  EXPECT_GE(held, 366);   // 380 less three standard deviations
}

// Care that does nothing looks as if it did where orders lost early, before anybody called, are counted against not calling.
TEST(CareWorth, WhatWasLostBeforeAnybodyCouldCallSaysNothing) {
  stats::Draws draws(3, 0);
  CareFacts facts;
  double called = 0, called_lost = 0, others = 0, others_lost = 0;
  for (int i = 0; i < 20'000; ++i) {
    const auto lost_on = static_cast<std::int64_t>(draws.Exponential() * 60);
    const bool calls = draws.Uniform() < 0.7;
    CareOrder order{"p", lost_on <= 30 ? std::optional(lost_on) : std::nullopt, std::nullopt};
    if (calls && lost_on > 10) order.cared_on = 10;
    const bool lost = order.lost_on.has_value();
    (order.cared_on.has_value() ? called : others) += 1;
    (order.cared_on.has_value() ? called_lost : others_lost) += lost ? 1 : 0;
    facts.orders.push_back(order);
  }
  EXPECT_GT(others_lost / others - called_lost / called, 0.1);   // what one would think
  const CareWorth::Difference told = *CareWorth::Fit(facts)->Told();
  EXPECT_LT(std::abs(told.avoided), 0.03);
}

TEST(CareWorth, ReferralsAreWhatThoseCaredForBringBeyondOthers) {
  CareFacts facts;
  for (int i = 0; i < 100; ++i) {
    facts.cared.push_back({i % 4 == 0 ? 2.0 : 0.0, 1.0});
    facts.uncared.push_back({i % 10 == 0 ? 1.0 : 0.0, 1.0});
  }
  facts.referred_customers = 4;
  facts.referred_margin = 1000;
  const CareWorth model = *CareWorth::Fit(facts);
  EXPECT_DOUBLE_EQ(model.cared().PerYear(), 0.5);
  EXPECT_DOUBLE_EQ(model.uncared().PerYear(), 0.1);
  EXPECT_DOUBLE_EQ(model.ShareOfCare(), 0.8);
  EXPECT_DOUBLE_EQ(*model.ReferredMargin(), 250);
  // Moments: the spread 100 x (0.25 x 1.5^2 + 0.75 x 0.5^2) = 75, less 99 x 0.5, over 100 - 1.
  const double k = 0.5 / ((75 - 49.5) / 99);
  EXPECT_NEAR(model.cared().credibility_years, k, 1e-12);
  EXPECT_NEAR(model.cared().Of({3, 1}), (3 + k * 0.5) / (1 + k), 1e-12);
  EXPECT_TRUE(std::isinf(model.uncared().credibility_years));
  EXPECT_DOUBLE_EQ(model.uncared().Of({3, 1}), 0.1);
}

TEST(CareWorth, IsReadBackAsItWasWritten) {
  CareFacts facts = Planted(0.1, 0.2, 5, 300);
  facts.cared = {{2, 1.5}, {0, 1}, {5, 2}};
  facts.uncared = {{0, 1.5}, {1, 1}};
  facts.currency = Eur();
  const CareWorth model = *CareWorth::Fit(facts);
  const Json written = model.ToJson();
  const auto read = CareWorth::FromJson(*Json::Parse(written.Canonical()));
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->ToJson().Canonical(), written.Canonical());
  EXPECT_EQ(read->AvoidedOf("p-1"), model.AvoidedOf("p-1"));
  std::reverse(facts.orders.begin(), facts.orders.end());
  EXPECT_EQ(CareWorth::Fit(facts)->ToJson().Canonical(), written.Canonical());   // no order shows
  for (const char* broken : {R"({"model":"care"})", R"({"model":"care_worth"})", "[]"}) EXPECT_FALSE(CareWorth::FromJson(*Json::Parse(broken)).ok());
}

TEST(CareWorth, NothingSeenIsNothingLearned) {
  EXPECT_EQ(TokenOf(CareWorth::Fit({}).status()), "value.too_few_orders");
  CareFacts facts = Planted(0.1, 0.1, 4, 50);
  for (CareOrder& order : facts.orders) order.cared_on.reset();
  const CareWorth model = *CareWorth::Fit(facts);
  EXPECT_FALSE(model.Told().has_value());
  EXPECT_EQ(model.AvoidedOf("p-1"), 0);
  EXPECT_FALSE(model.ReferredMargin().has_value());
}

TEST(CareWorth, FactsOfABook) {
  Trade trade;
  trade.Add("", "2025-01-01T00:00:00Z", Product("p", 14, Euro("10")));
  const auto sold = [&](const std::string& c, std::string_view at) { trade.Add(c, at, Placed({Line("p", Euro("100"))}, c + "-1")); };
  sold("cared", "2026-01-01T10:00:00Z");
  sold("lost", "2026-01-01T10:00:00Z");
  sold("late", "2026-01-01T10:00:00Z");
  sold("running", "2026-05-20T10:00:00Z");
  for (const char* c : {"cared", "lost", "late"}) trade.Add(c, "2026-01-05T10:00:00Z", Delivered(std::string(c) + "-1"));
  trade.Call("cared", "2026-01-08T10:00:00Z");
  trade.Add("lost", "2026-01-10T10:00:00Z", Returned());
  trade.Call("lost", "2026-01-11T10:00:00Z");                  // too late
  trade.Add("late", "2026-01-25T10:00:00Z", Returned());       // after its window
  trade.Add("cared", "2026-03-01T10:00:00Z", ReferralMade{CustomerId::Trusted("running"), {}, {}});
  const CareFacts facts = *CareFactsOf(*trade.AsBook(), EconomicsTerms(), Care, At("2026-06-01T00:00:00Z"));
  ASSERT_EQ(facts.orders.size(), 3u);
  EXPECT_EQ(facts.orders[0].cared_on, 3);
  EXPECT_FALSE(facts.orders[0].lost_on.has_value());
  EXPECT_FALSE(facts.orders[1].lost_on.has_value());           // "late": sorted by customer
  EXPECT_EQ(facts.orders[2].lost_on, 5);
  EXPECT_FALSE(facts.orders[2].cared_on.has_value());
  EXPECT_EQ(facts.orders[2].product, "p");
  EXPECT_EQ(facts.referred_customers, 1);
  EXPECT_DOUBLE_EQ(facts.referred_margin, 10);
  EXPECT_DOUBLE_EQ(facts.cared[0].referrals, 1);
  EXPECT_NEAR(facts.uncared[0].years, 7.0 / 365, 1e-12);
}

TEST(CareWorth, OfOneCustomer) {
  Trade trade;
  trade.Add("", "2025-01-01T00:00:00Z", Product("p-1", 14, Euro("40")));
  trade.Add("c", "2026-01-01T10:00:00Z", Placed({Line("p-1", Euro("100"), std::nullopt, 2)}, "o")).Add("c", "2026-01-05T10:00:00Z", Delivered("o"));
  CareFacts facts = Planted(0.05, 0.2, 7);
  facts.currency = Eur();
  facts.cared = {{1, 2}, {0, 2}};
  facts.referred_customers = 2;
  facts.referred_margin = 60;
  const CareWorth model = *CareWorth::Fit(facts);
  const auto of = [&](std::string_view at) {
    const auto book = trade.AsBook();
    return **CareOf(model, *book->Find(Customer("c")), book->context(), EconomicsTerms(), ZoneRules::Bundled().Utc(), At(at), Care);
  };
  const CustomerCare open = of("2026-01-10T00:00:00Z");
  EXPECT_DOUBLE_EQ(open.at_risk, 80);
  // The window ends on day 14, the landmark is day 3: of 11 days in which losses were seen 10 are left.
  EXPECT_DOUBLE_EQ(open.saved, 80 * model.AvoidedOf("p-1") * (10.0 / 11));
  EXPECT_DOUBLE_EQ(open.avoided, model.AvoidedOf("p-1") * (10.0 / 11));
  EXPECT_DOUBLE_EQ(of("2026-01-06T00:00:00Z").saved, 80 * model.AvoidedOf("p-1"));
  EXPECT_DOUBLE_EQ(of("2026-01-19T23:00:00Z").saved, 80 * model.AvoidedOf("p-1") / 11);
  EXPECT_EQ(open.closes, Day(2026, 1, 19));
  EXPECT_DOUBLE_EQ(open.referrals, 0.25);
  EXPECT_DOUBLE_EQ(open.referral_value, 0.25 * 30);
  EXPECT_DOUBLE_EQ(of("2026-01-19T23:00:00Z").at_risk, 80);
  EXPECT_DOUBLE_EQ(of("2026-01-20T00:00:00Z").at_risk, 0);   // the window is over: the referrals remain
  EXPECT_DOUBLE_EQ(of("2026-01-20T00:00:00Z").Worth(), 7.5);
  trade.Call("c", "2026-01-08T10:00:00Z");
  EXPECT_DOUBLE_EQ(of("2026-01-10T00:00:00Z").at_risk, 80);
  EXPECT_DOUBLE_EQ(of("2026-01-10T00:00:00Z").saved, 0);     // looked after
  trade.Add("c", "2026-01-09T10:00:00Z", Returned());
  EXPECT_EQ(of("2026-01-10T00:00:00Z").open_orders, 0);
}

TEST(CareWorth, AMissingRateIsSaidAndNotCountedAsNothing) {
  Trade trade;
  trade.Add("c", "2026-01-01T10:00:00Z", Placed({Line(std::nullopt, In("JPY", "1000"), In("JPY", "500"))}, "o"));
  CareFacts facts = Planted(0.05, 0.2, 7);
  facts.currency = Eur();
  const CareWorth model = *CareWorth::Fit(facts);
  const auto of = [&](std::string_view at) {
    const auto book = trade.AsBook();
    return CareOf(model, *book->Find(Customer("c")), book->context(), EconomicsTerms(), ZoneRules::Bundled().Utc(), At(at), Care);
  };
  EXPECT_EQ(TokenOf(of("2026-01-10T00:00:00Z").status()), "money.no_rate");
  EXPECT_NE(of("2026-01-10T00:00:00Z").status().message().find("customer c"), std::string::npos);
  EXPECT_TRUE(of("2026-06-10T00:00:00Z").ok()) << "nothing of it can be lost any more";
}

}  // namespace
}  // namespace rapport

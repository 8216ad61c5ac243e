// What headlines and objectives tell: our selling to large accounts, who decides, how early it came, whom they brought, who is away.
#include <set>

#include <gtest/gtest.h>

#include "policy/world.hpp"

namespace rapport::policy_test {
namespace {

Touch Asking(Channel channel = Channel::kCall) {
  Touch touch = Reached(Purpose::kSell);
  touch.channel = channel;
  return touch;
}

// A large account that was cared for on 20 January; 2 March is the 41st day since.
World Large() {
  World world;
  world.Use(Policy::Default());
  world.Add("c", "u", "2026-01-05T01:00:00Z", Profile("Asia/Tokyo", true)).Add("c", "care", "2026-01-20T01:00:00Z", Reached());
  return world;
}
struct Words {
  std::string headline;
  std::string objective;
  std::set<std::string> rests_on;   // of the trigger
};
Words SaidOf(const World& world, std::string_view rule, std::string_view as_of = "2026-03-02T01:00:00Z", const Texts& texts = TestTexts()) {
  const auto decision = world.Find(as_of, rule);
  if (!decision.has_value()) return {"(none)", "", {}};
  Words words{Say(decision->headline, Language::kEnglish, texts), Say(decision->objective, Language::kEnglish, texts), {}};
  for (const Json& key : *decision->derivation.Find("trigger")->Find("evidence")->if_array()) words.rests_on.insert(*key.Find("id")->if_string());
  return words;
}

TEST(Policy_Words, OfALargeAccountOurLastCallsAreTold) {
  World world = Large();
  world.Add("c", "s1", "2026-01-28T01:00:00Z", Asking());
  EXPECT_EQ(SaidOf(world, "large-account-not-seen").headline, "large, nobody there for 41 days") << "once is no habit";
  world.Add("c", "s2", "2026-02-10T01:00:00Z", Asking()).Add("c", "s3", "2026-02-20T01:00:00Z", Asking());
  const Words words = SaidOf(world, "large-account-not-seen");
  EXPECT_EQ(words.headline, "large, nobody there for 41 days; our last 3 calls asked for orders");
  EXPECT_EQ(words.objective, "Learn what they plan next; nothing to sell.");
  EXPECT_EQ(words.rests_on, (std::set<std::string>{"care", "s1", "s2", "s3"}));
  world.Add("c", "s4", "2026-02-25T01:00:00Z", Asking(Channel::kVisit));
  EXPECT_EQ(SaidOf(world, "large-account-not-seen").headline, "large, nobody cared for them in 41 days; our last 4 contacts asked for orders");
}

TEST(Policy_Words, AnyOtherContactOfOursEndsTheRowOfThoseThatAskedForOrders) {
  World world = Large();
  world.Add("c", "s1", "2026-02-10T01:00:00Z", Asking()).Add("c", "s2", "2026-02-20T01:00:00Z", Asking());
  Touch office = Asking();
  office.purpose = Purpose::kAdmin;
  world.Add("c", "office", "2026-02-25T01:00:00Z", office);
  const Words words = SaidOf(world, "large-account-not-seen");
  EXPECT_EQ(words.headline, "large, nobody there for 41 days");
  EXPECT_EQ(words.rests_on, (std::set<std::string>{"care", "office"})) << "without it the row would be told";
}

TEST(Policy_Words, WhereSomebodyWasThereForWhateverNobodyCaredForThem) {
  World world = Large();
  Touch office = Asking(Channel::kVisit);
  office.purpose = Purpose::kAdmin;
  world.Add("c", "office", "2026-02-25T01:00:00Z", office);
  EXPECT_EQ(SaidOf(world, "large-account-not-seen").headline, "large, nobody cared for them in 41 days");
  EXPECT_TRUE(SaidOf(world, "large-account-not-seen").rests_on.contains("office"));
}

TEST(Policy_Words, WhatWasSoldBeforeTheLastCareIsForgotten) {
  World world = Large();
  world.Add("c", "s1", "2026-01-10T01:00:00Z", Asking()).Add("c", "s2", "2026-01-12T01:00:00Z", Asking());
  EXPECT_EQ(SaidOf(world, "large-account-not-seen").headline, "large, nobody there for 41 days");
}

TEST(Policy_Words, WhoDecidesIsAskedWhereNobodyWeKnowDoes) {
  TestTexts texts;
  texts.texts = {{"deal.title", "the refit"}, {"need.text", "softer towels"}};
  World world = Large();
  ContactUpserted baba;
  baba.contact = ContactId::Trusted("baba");
  baba.decides = DecisionRight::kShared;
  world.Add("c", "baba", "2026-01-06T01:00:00Z", baba);
  NeedStated need;
  world.Add("c", "need", "2026-01-20T02:00:00Z", need);
  EXPECT_EQ(SaidOf(world, "large-account-not-seen", "2026-03-02T01:00:00Z", texts).objective, "Learn who decides softer towels.");
  world.Add("c", "deal", "2026-01-20T03:00:00Z", OpportunityOpened{});
  const Words words = SaidOf(world, "large-account-not-seen", "2026-03-02T01:00:00Z", texts);
  EXPECT_EQ(words.objective, "Learn who decides the refit.");
  EXPECT_EQ(words.rests_on, (std::set<std::string>{"baba", "care", "deal", "need"}));
  World closed = world;
  closed.Add("c", "lost", "2026-02-20T03:00:00Z", OpportunityLost{});
  EXPECT_EQ(SaidOf(closed, "large-account-not-seen", "2026-03-02T01:00:00Z", texts).objective, "Learn who decides softer towels.");
  EXPECT_TRUE(SaidOf(closed, "large-account-not-seen").rests_on.contains("lost")) << "without it the deal would be open";
  baba.decides = DecisionRight::kYes;
  world.Add("c", "baba-decides", "2026-02-01T01:00:00Z", baba);
  EXPECT_EQ(SaidOf(world, "large-account-not-seen", "2026-03-02T01:00:00Z", texts).objective, "Learn what they plan next; nothing to sell.");
}

TEST(Policy_Words, WhatARuleHasNoWordsForItDoesNotRestOn) {
  World world;
  world.Use(Policy::Default()).Add("c", "u", "2025-12-01T01:00:00Z", Profile("Asia/Tokyo"));
  world.Add("c", "deal", "2025-12-02T01:00:00Z", OpportunityOpened{}).Add("c", "s1", "2025-12-03T01:00:00Z", Asking()).Add("c", "s2", "2025-12-04T01:00:00Z", Asking());
  const Words words = SaidOf(world, "keep-in-sight");
  EXPECT_EQ(words.headline, "nobody in touch for 91 days");
  EXPECT_EQ(words.rests_on, (std::set<std::string>{"u"}));
}

// A softener promised by 26 February, delivered on the 24th.
World Early() {
  World world;
  world.Use(Policy::Default()).Add("c", "u", "2026-01-05T01:00:00Z", Profile("Asia/Tokyo"));
  PromiseMade promise;
  promise.promise = PromiseId::Trusted("p");
  promise.due = OnDay("2026-02-26");
  PromiseDelivered delivered;
  delivered.promise = promise.promise;
  world.Add("c", "p", "2026-02-13T01:00:00Z", promise).Add("c", "d", "2026-02-24T01:00:00Z", delivered);
  return world;
}
FeedbackGiven Nine() {
  FeedbackGiven feedback;
  feedback.nps = 9;
  feedback.contact = ContactId::Trusted("abe");
  return feedback;
}
// Nine of ten on the 27th.
World Content() {
  World world = Early();
  world.Add("c", "f", "2026-02-27T01:00:00Z", Nine());
  return world;
}

TEST(Policy_Words, ThanksSayHowEarlyItCameAndTheScore) {
  World world = Content();
  const Words words = SaidOf(world, "thanks-and-referral");
  EXPECT_EQ(words.headline, "theirs came 2 days early, they gave 9 of 10");
  EXPECT_EQ(words.objective, "Thank abe; ask who else could use it.");
  EXPECT_TRUE(words.rests_on.contains("p"));
  EXPECT_TRUE(words.rests_on.contains("d"));
}

TEST(Policy_Words, ThanksNameWhatTheyWanted) {
  TestTexts texts;
  texts.texts = {{"n.text", "hard water"}, {"m.text", "a second tap"}};
  World world = Content();
  NeedStated need, met;
  need.need = met.need = NeedId::Trusted("n");
  met.met = true;
  world.Add("c", "n", "2026-02-13T00:30:00Z", need).Add("c", "n-met", "2026-02-24T02:00:00Z", met);
  EXPECT_EQ(SaidOf(world, "thanks-and-referral", "2026-03-02T01:00:00Z", texts).objective, "Thank abe; ask who else has hard water.");
  NeedStated other;
  other.need = NeedId::Trusted("m");
  world.Add("c", "m", "2026-02-25T00:30:00Z", other);
  EXPECT_EQ(SaidOf(world, "thanks-and-referral", "2026-03-02T01:00:00Z", texts).objective, "Thank abe; ask who else has hard water.") << "that one was met";
  const Words words = SaidOf(world, "thanks-and-referral");
  for (const char* id : {"n", "n-met", "m"}) EXPECT_TRUE(words.rests_on.contains(id)) << id;
}

TEST(Policy_Words, WhatCameLateIsNotToldAsEarly) {
  World world;
  world.Use(Policy::Default()).Add("c", "u", "2026-01-05T01:00:00Z", Profile("Asia/Tokyo"));
  FeedbackGiven feedback;
  feedback.csat = 5;
  world.Add("c", "f", "2026-02-27T01:00:00Z", feedback);
  EXPECT_EQ(SaidOf(world, "thanks-and-referral").headline, "they gave 10 of 10 on Fri 27 Feb");
  EXPECT_EQ(SaidOf(world, "thanks-and-referral").objective, "Thank them; ask who else could use it.") << "nobody is named";
}

// The promise below came two days early; the order they speak of came five days late, or had no promise.
TEST(Policy_Words, AnotherPromiseSaysNothingOfTheOrderTheyName) {
  World world = Early();
  PurchasePlaced order = Order(std::nullopt, 1000);
  order.order = OrderId::Trusted("o2");
  order.expected_delivery = OnDay("2026-02-18");
  PurchaseDelivered came;
  came.order = order.order;
  FeedbackGiven feedback = Nine();
  feedback.order = order.order;
  world.Add("c", "o2", "2026-02-10T01:00:00Z", order).Add("c", "o2-came", "2026-02-23T01:00:00Z", came).Add("c", "f2", "2026-02-28T01:00:00Z", feedback);
  EXPECT_EQ(SaidOf(world, "thanks-and-referral").headline, "they gave 9 of 10 on Sat 28 Feb");
}

TEST(Policy_Words, WhereNoOrderIsNamedWhatCameLastIsMeant) {
  World world = Content();
  PurchasePlaced order = Order(std::nullopt, 1000);
  order.order = OrderId::Trusted("o2");
  PurchaseDelivered came;
  came.order = order.order;
  world.Add("c", "o2", "2026-02-10T01:00:00Z", order).Add("c", "o2-came", "2026-02-26T01:00:00Z", came);
  EXPECT_EQ(SaidOf(world, "thanks-and-referral").headline, "they gave 9 of 10 on Fri 27 Feb");
}

TEST(Policy_Words, WithoutAPromiseTheOrderTheySpeakOfTells) {
  World world;
  world.Use(Policy::Default()).Add("c", "u", "2026-01-05T01:00:00Z", Profile("Asia/Tokyo"));
  PurchasePlaced order = Order(std::nullopt, 1000);
  order.order = OrderId::Trusted("o");
  order.expected_delivery = OnDay("2026-02-26");
  PurchaseDelivered delivered;
  delivered.order = order.order;
  FeedbackGiven feedback;
  feedback.nps = 10;
  feedback.order = order.order;
  world.Add("c", "o", "2026-02-13T01:00:00Z", order).Add("c", "d", "2026-02-25T01:00:00Z", delivered).Add("c", "f", "2026-02-27T01:00:00Z", feedback);
  const Words words = SaidOf(world, "thanks-and-referral");
  EXPECT_EQ(words.headline, "theirs came 1 day early, they gave 10 of 10");
  EXPECT_EQ(words.rests_on, (std::set<std::string>{"d", "f", "o"}));
}

TEST(Policy_Words, WhoBroughtSomebodyIsThankedByName) {
  World world;
  world.Use(Policy::Default()).Add("c", "u", "2026-01-05T01:00:00Z", Profile("Asia/Tokyo"));
  ReferralMade referral;
  referral.referred = CustomerId::Trusted("ohori");
  world.Add("c", "r", "2026-02-20T01:00:00Z", referral);
  const Words words = SaidOf(world, "thank-referrer");
  EXPECT_EQ(words.headline, "brought us ohori on Fri 20 Feb");
  EXPECT_EQ(words.objective, "Thank them for ohori, and say what became of it; ask for nothing.");
}

TEST(Policy_Words, WhoIsAwayIsToldByName) {
  World world;
  world.Use(Policy::Default());
  CustomerUpserted profile = Profile("Asia/Tokyo", true);
  profile.owner = RepId::Trusted("sato");
  RepUpserted sato;
  sato.rep = RepId::Trusted("sato");
  sato.left = OnDay("2026-02-16");
  world.Add("c", "u", "2026-01-25T01:00:00Z", profile).Add("", "sato", "2026-02-01T01:00:00Z", sato);
  EXPECT_EQ(SaidOf(world, "owner-away").headline, "sato left 11 working days ago");
  sato.left = std::nullopt;
  sato.absences.emplace();
  for (Day day = OnDay("2026-02-16"); day <= OnDay("2026-03-06"); ++day) sato.absences->push_back(day);
  World away;
  away.Use(Policy::Default()).Add("c", "u", "2026-01-25T01:00:00Z", profile).Add("", "sato", "2026-02-01T01:00:00Z", sato);
  EXPECT_EQ(SaidOf(away, "owner-away").headline, "sato has been away for 11 working days");
}

}  // namespace
}  // namespace rapport::policy_test

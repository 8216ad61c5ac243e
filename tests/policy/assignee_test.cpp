// Whose work a follow-up is: what a rule asks for, an owner who has left, one who is away; and that it is said why.
#include <gtest/gtest.h>

#include "policy/world.hpp"

namespace rapport::policy_test {
namespace {

constexpr Language kLanguages[] = {Language::kEnglish, Language::kJapanese, Language::kKorean, Language::kChinese};

// A worry is heard by whoever the rule says.
Policy Heard(const std::string& by, bool mandatory = false) {
  return MustParse(R"({"rapport_policy": 1, "name": "p", "rules": [{"name": "heard", "purpose": "care", "priority": 9, "mandatory": )" +
                   std::string(mandatory ? "true" : "false") + R"(, "trigger": {"event": "worry.raised", "offset": {"hours": 0}},
      "action": {"channel": "call", "minutes": 5, "headline": "worry", "objective": "worry.listen", "assign_to": ")" + by + R"("}, "expires": {"days": 30}}]})");
}

RepUpserted Rep(std::string id, std::optional<std::string> manager = std::nullopt) {
  RepUpserted rep;
  rep.rep = RepId::Trusted(std::move(id));
  if (manager.has_value()) rep.manager = RepId::Trusted(*manager);
  return rep;
}
Touch By(const std::string& rep) {
  Touch touch = Reached();
  touch.rep = RepId::Trusted(rep);
  return touch;
}

// Sato's customer, with Okada above him; a worry on Monday, 2 March 2026, ten in the morning in Tokyo.
World Worried(Policy policy) {
  World world;
  world.Use(std::move(policy));
  CustomerUpserted profile = Profile("Asia/Tokyo");
  profile.owner = RepId::Trusted("sato");
  world.Add("", "rep-sato", "2026-01-01T00:00:00Z", Rep("sato", "okada")).Add("", "rep-okada", "2026-01-01T00:00:01Z", Rep("okada"));
  world.Add("c", "u", "2026-01-02T00:00:00Z", profile).Add("c", "w", "2026-03-02T01:00:00Z", WorryRaised{});
  return world;
}
World Known(World world) {
  world.Add("c", "t-kim", "2026-01-10T02:00:00Z", By("kim")).Add("c", "t-lee", "2026-01-20T02:00:00Z", By("lee")).Add("c", "t-sato", "2026-01-30T02:00:00Z", By("sato"));
  return world;
}

std::string RepOf(const World& world, std::string_view as_of = "2026-03-02T02:00:00Z") {
  const auto decision = world.Find(as_of, "heard");
  return decision.has_value() && decision->rep.has_value() ? decision->rep->text() : "nobody";
}
Json AssignedIn(const World& world, std::string_view as_of = "2026-03-02T02:00:00Z") {
  const auto decision = world.Find(as_of, "heard");
  const Json* assigned = decision.has_value() ? decision->derivation.Find("assigned") : nullptr;
  return assigned == nullptr ? Json() : *assigned;
}

TEST(Policy_Assignee, IsTheOwnerWhereNothingSpeaksAgainstIt) {
  const World world = Known(Worried(Heard("owner")));
  EXPECT_EQ(RepOf(world), "sato");
  EXPECT_EQ(AssignedIn(world), Json()) << "rests_on says whose the customer is";
}

TEST(Policy_Assignee, AColleagueIsWhomTheyKnowBestBesideTheOwner) {
  const World world = Known(Worried(Heard("colleague")));
  EXPECT_EQ(RepOf(world), "lee");
  EXPECT_EQ(AssignedIn(world), (Json::Object{{"asked", "colleague"}, {"to", "colleague"}, {"because", "rule"}, {"rep", "lee"}}));
  const Json rests_on = *world.Find("2026-03-02T02:00:00Z", "heard")->derivation.Find("rests_on");
  EXPECT_EQ(rests_on.Find("assignee")->Canonical(), R"([{"id":"t-kim","source":"test"},{"id":"t-lee","source":"test"},{"id":"t-sato","source":"test"}])");
}

TEST(Policy_Assignee, AMassMailOrACopyMakesNobodyKnown) {
  World world = Worried(Heard("colleague"));
  Touch mass = By("kim"), copy = By("lee"), absent = By("park");
  mass.kind = TouchKind::kMass;
  copy.kind = TouchKind::kCopy;
  absent.disposition = Disposition::kAbsent;
  world.Add("c", "m", "2026-01-10T02:00:00Z", mass).Add("c", "n", "2026-01-20T02:00:00Z", copy).Add("c", "o", "2026-01-21T02:00:00Z", absent);
  EXPECT_EQ(RepOf(world), "sato");
  EXPECT_EQ(AssignedIn(world), (Json::Object{{"asked", "colleague"}, {"to", "owner"}, {"because", "nobody"}, {"rep", "sato"}}));
}

TEST(Policy_Assignee, TheManagerIsTheOwners) {
  const World world = Known(Worried(Heard("manager")));
  EXPECT_EQ(RepOf(world), "okada");
  EXPECT_EQ(AssignedIn(world), (Json::Object{{"asked", "manager"}, {"to", "manager"}, {"because", "rule"}, {"rep", "okada"}}));
  World without;
  without.Use(Heard("manager"));
  CustomerUpserted profile = Profile("Asia/Tokyo");
  profile.owner = RepId::Trusted("sato");
  without.Add("c", "u", "2026-01-02T00:00:00Z", profile).Add("c", "w", "2026-03-02T01:00:00Z", WorryRaised{});
  EXPECT_EQ(RepOf(without), "sato") << "no manager is known";
}

// Selling makes an acquaintance, and no warmth.
TEST(Policy_Assignee, WhoOnlySoldIsKnownLessThanWhoCared) {
  World world = Known(Worried(Heard("colleague")));
  Touch sold = By("park");
  sold.purpose = Purpose::kSell;
  world.Add("c", "t-park", "2026-02-20T02:00:00Z", sold);
  EXPECT_EQ(RepOf(world), "lee");
}

TEST(Policy_Assignee, WhoNoLongerWorksHereIsAskedForNothing) {
  World world = Known(Worried(Heard("colleague")));
  RepUpserted lee = Rep("lee");
  lee.left = OnDay("2026-03-02");
  world.Add("", "rep-lee", "2026-02-01T00:00:00Z", lee);
  EXPECT_EQ(RepOf(world), "kim");
}

RepUpserted AwayOn(const std::string& id, std::vector<Day> days) {
  RepUpserted rep = Rep(id);
  rep.absences = std::move(days);
  return rep;
}

// What may be any colleague's waits for none of them.
TEST(Policy_Assignee, AColleagueWhoIsAwayIsPassedOver) {
  World world = Known(Worried(Heard("colleague")));
  world.Add("", "rep-lee", "2026-02-01T00:00:00Z", AwayOn("lee", {OnDay("2026-03-02")}));
  EXPECT_EQ(RepOf(world), "kim");
  EXPECT_EQ(RepOf(world, "2026-03-03T02:00:00Z"), "lee") << "there again";
  const auto view = world.Seen("2026-03-02T02:00:00Z");
  DecideInput input = view->input;
  input.foresee = true;
  const std::optional<Instant> look_again = DecideAccount(view->account(), input).look_again;
  ASSERT_TRUE(look_again.has_value());
  EXPECT_LE(*look_again, At("2026-03-02T15:00:00Z"));
}

TEST(Policy_Assignee, WithoutAColleagueTheWorkOfAnOwnerWhoIsAwayIsTheManagers) {
  World world = Worried(Heard("colleague"));
  RepUpserted away = Rep("sato", "okada");
  away.absences = {OnDay("2026-03-02")};
  world.Add("", "away", "2026-02-20T00:00:00Z", away);
  EXPECT_EQ(RepOf(world), "okada");
  EXPECT_EQ(AssignedIn(world), (Json::Object{{"asked", "colleague"}, {"to", "manager"}, {"because", "away"}, {"rep", "okada"}, {"instead_of", "sato"}}));
  EXPECT_EQ(RepOf(world, "2026-03-03T02:00:00Z"), "sato") << "he is back";
}

TEST(Policy_Assignee, WhomTheyKnowOfOldIsCitedBesideTheNewest) {
  World world = Worried(Heard("colleague"));
  world.Add("c", "t-old", "2026-01-05T02:00:00Z", By("kim"));
  for (int i = 0; i < 15; ++i) world.Add("c", "t-" + std::to_string(10 + i), "2026-02-" + std::to_string(10 + i / 2) + "T0" + std::to_string(i % 2 + 1) + ":00:00Z", By("sato"));
  EXPECT_EQ(RepOf(world), "kim");
  const Json rests_on = *world.Find("2026-03-02T02:00:00Z", "heard")->derivation.Find("rests_on");
  const Json::Array& cited = *rests_on.Find("assignee")->if_array();
  EXPECT_EQ(cited.size(), 12u);
  EXPECT_EQ(*cited.front().Find("id"), Json("t-old"));
}

TEST(Policy_Assignee, AnOwnerWhoLeftLeavesHisWorkToTheColleagueElseTheManager) {
  RepUpserted left = Rep("sato");
  left.left = OnDay("2026-03-03");
  World known = Known(Worried(Heard("owner")));
  known.Add("", "left", "2026-02-20T00:00:00Z", left);
  EXPECT_EQ(RepOf(known), "sato") << "his last day";
  EXPECT_EQ(RepOf(known, "2026-03-02T15:00:00Z"), "lee");
  EXPECT_EQ(AssignedIn(known, "2026-03-02T15:00:00Z"),
            (Json::Object{{"asked", "owner"}, {"to", "colleague"}, {"because", "left"}, {"rep", "lee"}, {"instead_of", "sato"}}));
  World strange = Worried(Heard("owner"));
  strange.Add("", "left", "2026-02-20T00:00:00Z", left);
  EXPECT_EQ(RepOf(strange, "2026-03-02T15:00:00Z"), "okada");
  RepUpserted gone = Rep("okada");
  gone.left = OnDay("2026-01-31");
  strange.Add("", "gone", "2026-02-20T00:00:00Z", gone);
  EXPECT_EQ(RepOf(strange, "2026-03-02T15:00:00Z"), "sato") << "there is nobody else";
  EXPECT_EQ(AssignedIn(strange, "2026-03-02T15:00:00Z"),
            (Json::Object{{"asked", "owner"}, {"to", "owner"}, {"because", "left"}, {"rep", "sato"}, {"instead_of", "sato"}}));
}

TEST(Policy_Assignee, WhatIsOpenGoesOverOnTheDayOnWhichTheOwnerHasLeft) {
  World world = Known(Worried(Heard("owner")));
  RepUpserted left = Rep("sato");
  left.left = OnDay("2026-03-05");
  world.Add("", "left", "2026-02-20T00:00:00Z", left);
  const auto first = world.Tick("2026-03-02T02:00:00Z");
  ASSERT_EQ(All<FollowUpIssued>(first).size(), 1u);
  const auto view = world.Seen("2026-03-02T02:00:00Z");
  DecideInput input = view->input;
  input.foresee = true;
  EXPECT_EQ(DecideAccount(view->account(), input).look_again, At("2026-03-04T15:00:00Z"));
  EXPECT_TRUE(world.Tick("2026-03-04T02:00:00Z").empty());
  const auto second = world.Tick("2026-03-04T15:00:00Z");
  ASSERT_EQ(All<FollowUpIssued>(second).size(), 1u);
  EXPECT_EQ(All<FollowUpIssued>(second)[0]->revision, 2);
  EXPECT_EQ(All<FollowUpIssued>(second)[0]->rep, RepId::Trusted("lee"));
}

World Away(bool mandatory) {
  World world = Known(Worried(Heard("owner", mandatory)));
  RepUpserted away = Rep("sato");
  away.absences = {OnDay("2026-03-02"), OnDay("2026-03-03"), OnDay("2026-03-06"), OnDay("2026-03-09")};
  world.Add("", "away", "2026-02-20T00:00:00Z", away);
  return world;
}

TEST(Policy_Assignee, WhatMustBeDoneWaitsForNobodyWhoIsAway) {
  const World must = Away(true);
  EXPECT_EQ(RepOf(must), "lee");
  EXPECT_EQ(AssignedIn(must), (Json::Object{{"asked", "owner"}, {"to", "colleague"}, {"because", "away"}, {"rep", "lee"}, {"instead_of", "sato"}}));
  EXPECT_EQ(must.Find("2026-03-02T02:00:00Z", "heard")->status, DecisionStatus::kDue);
  EXPECT_EQ(RepOf(must, "2026-03-04T02:00:00Z"), "sato") << "he is back";
}

TEST(Policy_Assignee, OverAWeekendNobodyChangesHands) {
  const World must = Away(true);
  EXPECT_EQ(RepOf(must, "2026-03-05T02:00:00Z"), "sato");
  for (const char* day : {"2026-03-06T02:00:00Z", "2026-03-07T02:00:00Z", "2026-03-08T02:00:00Z", "2026-03-09T02:00:00Z"}) EXPECT_EQ(RepOf(must, day), "lee") << day;
  EXPECT_EQ(RepOf(must, "2026-03-10T02:00:00Z"), "sato");
}

TEST(Policy_Assignee, WhatMayWaitWaitsForTheOwner) {
  const World may = Away(false);
  EXPECT_EQ(RepOf(may), "sato");
  const auto decision = may.Find("2026-03-02T02:00:00Z", "heard");
  EXPECT_EQ(decision->status, DecisionStatus::kHeld);
  ASSERT_FALSE(decision->holds.empty());
  EXPECT_EQ(decision->holds.front().reason, HoldReason::kRepAway);
}

TEST(Policy_Assignee, TheHoursAreThoseOfWhoDoesIt) {
  World world = Known(Worried(Heard("colleague")));
  RepUpserted lee = Rep("lee");
  const auto week = Json::Parse(R"({"weekly": {"wed": [["09:00", "12:00"]]}})");
  lee.calendar = *week;
  world.Add("", "rep-lee", "2026-02-01T00:00:00Z", lee);
  const auto decision = world.Find("2026-03-02T02:00:00Z", "heard");
  ASSERT_TRUE(decision.has_value());
  EXPECT_EQ(decision->status, DecisionStatus::kHeld);
  EXPECT_EQ(decision->held_until, At("2026-03-04T00:00:00Z"));
}

TEST(Policy_Assignee, ExplanationsSayWhoseWorkItIsAndWhy) {
  RepUpserted left = Rep("sato");
  left.left = OnDay("2026-02-20");
  World gone = Known(Worried(Heard("owner")));
  gone.Add("", "left", "2026-02-10T00:00:00Z", left);
  World strange = Worried(Heard("owner"));
  strange.Add("", "left", "2026-02-10T00:00:00Z", left);
  const std::pair<World, const char*> told[] = {
      {Known(Worried(Heard("colleague"))), "work of lee, whom they know best beside the owner"},
      {Worried(Heard("colleague")), "they know no colleague; it stays with the owner"},
      {Worried(Heard("manager")), "work of okada, the owner's manager"},
      {gone, "sato has left; work of lee, whom they know best"},
      {strange, "sato has left, and no colleague they know is there; work of okada, the manager"},
      {Away(true), "sato is away and it cannot wait; work of lee, whom they know best"},
  };
  for (const auto& [world, sentence] : told) {
    const auto view = world.Seen("2026-03-02T02:00:00Z");
    const AccountDecisions decided = DecideAccount(view->account(), view->input);
    ASSERT_EQ(decided.decisions.size(), 1u) << sentence;
    for (const Language language : kLanguages) {
      const auto explained = ExplainDecision(view->account(), decided.decisions[0], language, TestTexts());
      ASSERT_TRUE(explained.ok()) << explained.status();
      std::vector<std::string> said;
      for (const Json& one : *explained->Find("sentences")->if_array()) {
        said.push_back(*one.if_string());
        EXPECT_LE(DisplayWidth(said.back()), 110) << said.back();
      }
      if (language == Language::kEnglish) { EXPECT_NE(std::find(said.begin(), said.end(), sentence), said.end()) << sentence; }
    }
  }
}

}  // namespace
}  // namespace rapport::policy_test

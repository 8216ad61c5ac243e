// Whom another customer brought begins a cadence later; what he began with is kept, whatever is said of him afterwards.
#include <gtest/gtest.h>

#include "policy/world.hpp"

namespace rapport::policy_test {
namespace {

constexpr Language kLanguages[] = {Language::kEnglish, Language::kJapanese, Language::kKorean, Language::kChinese};

constexpr char kProspect[] = R"({"rapport_policy": 1, "name": "prospects", "rules": [
  {"name": "prospect", "purpose": "sell", "priority": 30, "trigger": {"event": "opportunity.opened"}, "referred": {"starts_at": "visit"},
   "steps": [
     {"name": "letter", "after": {"days": 1}, "expires": {"days": 5}, "action": {"channel": "letter", "minutes": 5, "headline": "general", "objective": "thank"}},
     {"name": "call", "after": {"days": 7}, "expires": {"days": 5}, "action": {"channel": "call", "minutes": 10, "headline": "general", "objective": "thank"}},
     {"name": "visit", "after": {"days": 2}, "expires": {"days": 9}, "action": {"channel": "visit", "minutes": 30, "headline": "general", "objective": "sell.offer"},
      "branches": [{"on": ["timeout"], "to": "call"}]}]}]})";

CustomerUpserted Brought(std::optional<Origin> origin) {
  CustomerUpserted profile = Profile("Asia/Tokyo");
  profile.origin = origin;
  return profile;
}
World Prospect(std::optional<Origin> origin) {
  World world;
  world.Use(MustParse(kProspect)).Add("c", "u", "2026-03-01T00:00:00Z", Brought(origin)).Add("c", "o", "2026-03-01T01:00:00Z", OpportunityOpened{});
  return world;
}
const CadenceEntered* Entered(const std::vector<Event>& events) {
  const auto entered = All<CadenceEntered>(events);
  return entered.size() == 1 ? entered.front() : nullptr;
}

TEST(Policy_Referred, BeginsAtItsStepAndRecordsWhatIsLeftOut) {
  World world = Prospect(Origin::kReferral);
  const auto first = world.Tick("2026-03-01T02:00:00Z");
  ASSERT_NE(Entered(first), nullptr);
  EXPECT_EQ(Entered(first)->skipped, (std::vector<std::string>{"letter", "call"}));
  EXPECT_TRUE(All<CadenceAdvanced>(first).empty()) << "it is at its beginning";
  EXPECT_TRUE(All<FollowUpIssued>(first).empty());
  EXPECT_TRUE(world.Tick("2026-03-02T02:00:00Z").empty()) << "the step's own wait counts from the beginning";
  const auto second = world.Tick("2026-03-03T02:00:00Z");
  const auto issued = All<FollowUpIssued>(second);
  ASSERT_EQ(issued.size(), 1u);
  EXPECT_EQ(issued[0]->step, "visit");
  EXPECT_EQ(*issued[0]->derivation.Find("left_out"), Json(Json::Object{{"begins_at", "visit"}, {"steps", Json::Array{"letter", "call"}}}));
}

TEST(Policy_Referred, AllOthersBeginAtTheBeginning) {
  for (const auto& origin : {std::optional<Origin>(), std::optional(Origin::kNew), std::optional(Origin::kRepeat)}) {
    World world = Prospect(origin);
    const auto first = world.Tick("2026-03-01T02:00:00Z");
    ASSERT_NE(Entered(first), nullptr);
    EXPECT_EQ(Entered(first)->skipped, std::nullopt);
    const auto second = world.Tick("2026-03-02T02:00:00Z");
    ASSERT_EQ(All<FollowUpIssued>(second).size(), 1u);
    EXPECT_EQ(All<FollowUpIssued>(second)[0]->step, "letter");
    EXPECT_EQ(All<FollowUpIssued>(second)[0]->derivation.Find("left_out"), nullptr);
  }
}

TEST(Policy_Referred, WhatWasEnteredStaysWhatIsSaidLater) {
  World brought = Prospect(Origin::kReferral);
  brought.Tick("2026-03-01T02:00:00Z");
  brought.Add("c", "u2", "2026-03-01T03:00:00Z", Brought(Origin::kNew));
  const auto second = brought.Tick("2026-03-03T02:00:00Z");
  ASSERT_EQ(All<FollowUpIssued>(second).size(), 1u);
  EXPECT_EQ(All<FollowUpIssued>(second)[0]->step, "visit");
  World other = Prospect(Origin::kNew);
  other.Tick("2026-03-01T02:00:00Z");
  other.Add("c", "u2", "2026-03-01T03:00:00Z", Brought(Origin::kReferral));
  const auto letter = other.Tick("2026-03-02T02:00:00Z");
  ASSERT_EQ(All<FollowUpIssued>(letter).size(), 1u);
  EXPECT_EQ(All<FollowUpIssued>(letter)[0]->step, "letter");
}

// Leaving a step out says where one begins, not where one may go.
TEST(Policy_Referred, ABranchMayLeadBackToWhatWasLeftOut) {
  World world = Prospect(Origin::kReferral);
  world.Tick("2026-03-01T02:00:00Z");
  world.Tick("2026-03-03T02:00:00Z");
  world.Tick("2026-03-13T02:00:00Z");   // nobody went
  const auto third = world.Tick("2026-03-20T02:00:00Z");
  ASSERT_EQ(All<FollowUpIssued>(third).size(), 1u);
  EXPECT_EQ(All<FollowUpIssued>(third)[0]->step, "call");
}

TEST(Policy_Referred, ExplanationsSayWhereItBeganAndWhatWasLeftOut) {
  World world = Prospect(Origin::kReferral);
  world.Tick("2026-03-01T02:00:00Z");
  const auto view = world.Seen("2026-03-03T02:00:00Z");
  const AccountDecisions decided = DecideAccount(view->account(), view->input);
  ASSERT_EQ(decided.decisions.size(), 1u);
  for (const Language language : kLanguages) {
    const auto explained = ExplainDecision(view->account(), decided.decisions[0], language, TestTexts());
    ASSERT_TRUE(explained.ok()) << explained.status();
    std::string all;
    for (const Json& one : *explained->Find("sentences")->if_array()) all += *one.if_string() + "\n";
    EXPECT_NE(all.find("visit"), std::string::npos) << all;
    EXPECT_NE(all.find("letter, call"), std::string::npos) << all;
    const bool told = all.find("brought by another customer: begins at visit; left out: letter, call") != std::string::npos;
    EXPECT_TRUE(told || language != Language::kEnglish) << all;
  }
}

TEST(Policy_Referred, TheWholeIsToldInThePolicysWords) {
  const auto text = MustParse(kProspect).Describe(Language::kEnglish);
  ASSERT_TRUE(text.ok());
  EXPECT_NE(text->find("whom another customer brought begins at visit"), std::string::npos) << *text;
}

}  // namespace
}  // namespace rapport::policy_test

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
  const auto entering = std::find_if(first.begin(), first.end(), [](const Event& event) { return std::holds_alternative<CadenceEntered>(event.data); });
  const std::string entered_by = entering->key.id;
  EXPECT_EQ(Entered(first)->skipped, (std::vector<std::string>{"letter", "call"}));
  EXPECT_TRUE(All<CadenceAdvanced>(first).empty()) << "it is at its beginning";
  EXPECT_TRUE(All<FollowUpIssued>(first).empty());
  EXPECT_TRUE(world.Tick("2026-03-02T02:00:00Z").empty()) << "the step's own wait counts from the beginning";
  const auto second = world.Tick("2026-03-03T02:00:00Z");
  const auto issued = All<FollowUpIssued>(second);
  ASSERT_EQ(issued.size(), 1u);
  EXPECT_EQ(issued[0]->step, "visit");
  const Json left_out = *issued[0]->derivation.Find("left_out");
  EXPECT_EQ(*left_out.Find("begins_at"), Json("visit"));
  EXPECT_EQ(*left_out.Find("steps"), Json(Json::Array{"letter", "call"}));
  const Json::Array& evidence = *left_out.Find("evidence")->if_array();
  ASSERT_EQ(evidence.size(), 1u) << "what was recorded when it began, whatever is known of it since";
  EXPECT_EQ(*evidence.front().Find("id"), Json(entered_by));
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

TEST(Policy_Referred, AThrottleCountsTheStepWithWhichEachBegan) {
  std::string slow = kProspect;
  slow.insert(slow.find("\"referred\""), "\"throttle\": {\"new_a_day\": 1}, ");
  World world;
  world.Use(MustParse(slow));
  for (const char* customer : {"c", "d"}) {
    world.Add(customer, std::string("u-") + customer, "2026-03-01T00:00:00Z", Brought(Origin::kReferral));
    world.Add(customer, std::string("o-") + customer, "2026-03-01T01:00:00Z", OpportunityOpened{});
  }
  world.Tick("2026-03-01T02:00:00Z");
  EXPECT_EQ(All<FollowUpIssued>(world.Tick("2026-03-03T02:00:00Z")).size(), 1u);
  EXPECT_TRUE(All<FollowUpIssued>(world.Tick("2026-03-03T03:00:00Z")).empty());
  EXPECT_EQ(All<FollowUpIssued>(world.Tick("2026-03-04T02:00:00Z")).size(), 1u);
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

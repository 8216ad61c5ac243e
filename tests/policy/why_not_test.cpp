// Why a rule asks nothing, for each reason there is, and what would have to be otherwise.
#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

#include <set>

#include "policy/random_world.hpp"
#include "policy/world.hpp"
#include "rapport/policy/why_not.hpp"

namespace rapport::policy_test {
namespace {

struct Told {
  std::string why;
  std::string when;                     // local day; empty: none
  std::vector<std::string> sentences;
  std::vector<std::string> flips;
};

Told Ask(const World& world, std::string_view as_of, const std::string& rule, Language language = Language::kEnglish) {
  const auto view = world.Seen(as_of);
  std::vector<Decision> decisions;
  for (AccountDecisions& one : DecideBook(*view->book, view->input, {})) {
    if (one.customer == view->account().id) decisions = std::move(one.decisions);
  }
  Told told;
  const auto why = WhyNotOf(view->account(), view->input, rule, decisions);
  EXPECT_TRUE(why.ok()) << why.status();
  if (!why.ok()) return told;
  const auto json = WhyNotToJson(view->account(), *why, view->input, rule, language, TestTexts());
  EXPECT_TRUE(json.ok()) << json.status();
  if (!json.ok()) return told;
  told.why = *json->Find("why")->if_string();
  if (why->when.has_value()) told.when = FormatDay(view->zone().LocalDay(*why->when));
  for (const Json& one : *json->Find("sentences")->if_array()) told.sentences.push_back(*one.if_string());
  for (const Json& one : *json->Find("flip")->if_array()) told.flips.push_back(*one.Find("sentence")->if_string());
  return told;
}

Policy OneRule(const std::string& more) {
  return MustParse(R"({"rapport_policy": 1, "name": "one", "rules": [{"name": "r", "purpose": "care", "priority": 1,
      "action": {"channel": "call", "minutes": 5, "headline": "general", "objective": "worry.listen"}, "expires": {"days": 9}, )" + more + "}]}");
}

TEST(Policy_WhyNot, ARuleThatIsNotThereIsAnError) {
  World world;
  world.Add("c", "o", "2026-02-01T01:00:00Z", Order(std::nullopt, 100));
  const auto view = world.Seen("2026-03-02T00:00:00Z");
  const auto why = WhyNotOf(view->account(), view->input, "silense", {});
  ASSERT_FALSE(why.ok());
  EXPECT_EQ(TokenOf(why.status()), "policy.unknown_rule");
  EXPECT_NE(why.status().message().find("long-silence"), std::string::npos);
}

TEST(Policy_WhyNot, NothingOnRecordSetsItOff) {
  World world;
  world.Add("c", "o", "2026-02-27T01:00:00Z", Order(std::nullopt, 100));
  const Told told = Ask(world, "2026-03-02T00:00:00Z", "open-worry");
  EXPECT_EQ(told.why, "no_occasion");
  EXPECT_EQ(told.sentences, std::vector<std::string>{"nothing on record sets it off"});
}

TEST(Policy_WhyNot, DueOpenHeld) {
  World world;
  world.Use(OfficeProfile()).Add("c", "w", "2026-03-02T01:00:00Z", WorryRaised{});
  EXPECT_EQ(Ask(world, "2026-03-02T02:00:00Z", "open-worry").why, "due");
  const Told night = Ask(world, "2026-03-02T12:00:00Z", "open-worry");
  EXPECT_EQ(night.why, "held");
  EXPECT_EQ(night.when, "2026-03-03");
  EXPECT_EQ(night.sentences.front(), "held: outside the hours for a call: Tue 3 Mar 09:00");
  world.Tick("2026-03-02T02:00:00Z");
  EXPECT_EQ(Ask(world, "2026-03-02T03:00:00Z", "open-worry").why, "open");
}

TEST(Policy_WhyNot, ConditionsFailAndTheFewestThatWouldTurnThem) {
  World world;
  world.Use(OneRule(R"("trigger": {"event": "worry.raised"}, "when": {"all": [{"signal": "worry.open", "is": ">", "value": 1},
      {"signal": "case.open", "is": "=", "value": 0}]})"));
  world.Add("c", "w", "2026-03-02T01:00:00Z", WorryRaised{});
  const Told told = Ask(world, "2026-03-02T02:00:00Z", "r");
  EXPECT_EQ(told.why, "conditions");
  EXPECT_EQ(told.sentences, (std::vector<std::string>{"not all of its conditions hold", "open worries: 1 (asked: more than 1; not so)",
                                                      "open cases: 0 (asked: exactly 0)"}));
  EXPECT_EQ(told.flips, std::vector<std::string>{"would be due with open worries: at least 2"});
}

TEST(Policy_WhyNot, ItsMomentLiesAhead) {
  World world;
  PromiseMade promise;
  promise.due = Day(2026, 3, 20);
  world.Add("c", "p", "2026-03-02T01:00:00Z", promise);
  const Told told = Ask(world, "2026-03-02T02:00:00Z", "promise-due");
  EXPECT_EQ(told.why, "not_yet");
  EXPECT_EQ(told.sentences.front(), "not before Wed 18 Mar");
}

TEST(Policy_WhyNot, TheNumberIsNotReached) {
  World world;
  world.Add("c", "o", "2026-02-27T01:00:00Z", Order(std::nullopt, 100));
  const Told told = Ask(world, "2026-03-02T00:00:00Z", "long-silence");
  EXPECT_EQ(told.why, "not_crossed");
  EXPECT_EQ(told.sentences.front(), "not reached yet: silence against their own rhythm is not known");
  EXPECT_EQ(told.flips, std::vector<std::string>{"would be due with silence against their own rhythm: at least 2"});
}

TEST(Policy_WhyNot, LapsedAnsweredBeforeGoLive) {
  World world;
  world.Use(OneRule(R"("trigger": {"event": "worry.raised"})")).Add("c", "w", "2026-02-02T01:00:00Z", WorryRaised{});
  EXPECT_EQ(Ask(world, "2026-03-02T00:00:00Z", "r").why, "lapsed");
  EXPECT_EQ(Ask(world, "2026-03-02T00:00:00Z", "r").when, "2026-02-11");
  const std::vector<Event> made = world.Tick("2026-02-03T00:00:00Z");
  ASSERT_EQ(made.size(), 1u);
  world.Add("c", "d", "2026-02-04T00:00:00Z", FollowUpDone{made[0].As<FollowUpIssued>()->followup, std::nullopt, true});
  const Told told = Ask(world, "2026-02-05T00:00:00Z", "r");
  EXPECT_EQ(told.why, "answered");
  EXPECT_EQ(told.sentences.front(), "its follow-up was closed on Wed 4 Feb");

  World fresh;
  BookConfigured configured;
  configured.zone = "Asia/Tokyo";
  configured.go_live = Day(2026, 3, 1);
  fresh.Use(OneRule(R"("trigger": {"event": "purchase.placed", "offset": {"days": 1}})"));
  fresh.Add("", "live", "2026-01-01T00:00:00Z", configured).Add("c", "o", "2026-02-26T01:00:00Z", Order(std::nullopt, 100));
  EXPECT_EQ(Ask(fresh, "2026-03-02T00:00:00Z", "r").why, "before_go_live");
}

TEST(Policy_WhyNot, LeftAndResting) {
  World world;
  world.Use(OneRule(R"("trigger": {"event": "refusal"}, "exits": ["purchase"], "reentry": {"days": 30})"));
  world.Add("c", "n", "2026-03-01T01:00:00Z", Refusal{}).Add("c", "o", "2026-03-02T01:00:00Z", Order(std::nullopt, 100));
  const Told left = Ask(world, "2026-03-03T00:00:00Z", "r");
  EXPECT_EQ(left.why, "left");
  EXPECT_EQ(left.when, "2026-03-02");

  World again;
  again.Use(OneRule(R"("trigger": {"event": "refusal"}, "reentry": {"days": 30})"));
  again.Add("c", "n", "2026-03-01T01:00:00Z", Refusal{});
  const std::vector<Event> made = again.Tick("2026-03-01T02:00:00Z");
  ASSERT_EQ(made.size(), 1u);
  again.Add("c", "d", "2026-03-02T00:00:00Z", FollowUpDone{made[0].As<FollowUpIssued>()->followup, std::nullopt, true});
  again.Add("c", "n2", "2026-03-05T01:00:00Z", Refusal{});
  const Told resting = Ask(again, "2026-03-06T00:00:00Z", "r");
  EXPECT_EQ(resting.why, "resting");
  EXPECT_EQ(resting.sentences.front(), "not again before Tue 31 Mar");
}

TEST(Policy_WhyNot, ACadenceThatWaits) {
  World world;
  world.Use(MustParse(R"({"rapport_policy": 1, "name": "one", "rules": [{"name": "r", "purpose": "care", "priority": 1, "trigger": {"event": "refusal"},
      "steps": [{"name": "first", "after": {"days": 5}, "expires": {"days": 9},
                 "action": {"channel": "call", "minutes": 5, "headline": "general", "objective": "worry.listen"}}]}]})"));
  world.Add("c", "n", "2026-03-01T01:00:00Z", Refusal{});
  world.Tick("2026-03-01T02:00:00Z");
  const Told told = Ask(world, "2026-03-02T00:00:00Z", "r");
  EXPECT_EQ(told.why, "waiting");
  EXPECT_EQ(told.when, "2026-03-06");
}

TEST(Policy_WhyNot, GivenUpOverTheCap) {
  World world;
  world.Use(OneADay()).Use(OneRule(R"("trigger": {"event": "worry.raised"}, "over_cap": "drop")"));
  world.Add("c", "t", "2026-03-02T00:30:00Z", Reached()).Add("c", "w", "2026-03-02T01:00:00Z", WorryRaised{});
  EXPECT_EQ(Ask(world, "2026-03-02T02:00:00Z", "r").why, "dropped");
}

// Whatever the history: an answer that agrees with what is decided, in four languages.
RC_GTEST_PROP(Policy_WhyNotProperty, AgreesWithWhatIsDecided, ()) {
  World world = RandomWorld();
  if (*rc::gen::arbitrary<bool>()) world.Use(Policy::Default());
  if (*rc::gen::arbitrary<bool>()) world.Tick(kStart.PlusMicros(*rc::gen::inRange(0, 24 * kDays) * kHour));
  const Instant as_of = kStart.PlusMicros(*rc::gen::inRange(0, 48 * kDays) * kHour);
  const auto view = world.Seen(as_of);
  for (const AccountDecisions& decided : DecideBook(*view->book, view->input, {})) {
    const auto account = view->book->Find(decided.customer);
    for (const Rule& rule : view->input.policy->rules()) {
      const auto why = WhyNotOf(*account, view->input, rule.name, decided.decisions);
      RC_ASSERT(why.ok());
      std::set<DecisionStatus> statuses;
      for (const Decision& decision : decided.decisions) {
        if (decision.rule == rule.name) statuses.insert(decision.status);
      }
      const bool due = why->reason == WhyNotReason::kDue || why->reason == WhyNotReason::kOpen;
      RC_ASSERT(due == statuses.contains(DecisionStatus::kDue));
      RC_ASSERT((why->reason == WhyNotReason::kHeld) == (!due && !statuses.empty()));
      for (const Language language : {Language::kEnglish, Language::kJapanese, Language::kKorean, Language::kChinese}) {
        const auto json = WhyNotToJson(*account, *why, view->input, rule.name, language, TestTexts());
        RC_ASSERT(json.ok());
        RC_ASSERT(!json->Find("sentences")->if_array()->empty());
      }
    }
  }
}

}  // namespace
}  // namespace rapport::policy_test

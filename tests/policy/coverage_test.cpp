// Which rules of a policy can work on what a book records. Soundness is a property: what a rule asks for, it asks for awake.
#include "rapport/policy/coverage.hpp"

#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

#include <algorithm>

#include "policy/random_world.hpp"
#include "policy/world.hpp"

namespace rapport::policy_test {
namespace {

constexpr std::array<Language, 4> kLanguages{Language::kEnglish, Language::kJapanese, Language::kKorean, Language::kChinese};
constexpr const char* kWorry = R"("trigger": {"event": "worry.raised", "offset": {"days": 1}})";

Policy OneRule(const std::string& more) {
  return MustParse(R"({"rapport_policy": 1, "name": "one", "rules": [{"name": "r", "purpose": "care", "priority": 1,
      "action": {"channel": "call", "minutes": 5, "headline": "general", "objective": "worry.listen"}, "expires": {"days": 9}, )" + more + "}]}");
}

std::vector<RuleCoverage> Cover(const World& world, const Policy& policy, std::string_view as_of = "2026-03-02T00:00:00Z") {
  const auto view = world.Seen(as_of);
  return CoverageOf(policy, *view->book, view->context, At(as_of), {});
}
RuleCoverage One(const World& world, const std::string& more) { return Cover(world, OneRule(more)).front(); }

World Worried() {
  World world;
  world.Add("a", "w", "2026-02-01T01:00:00Z", WorryRaised());
  world.Add("b", "o", "2026-02-01T01:00:00Z", Order(std::nullopt, 100));
  return world;
}
using Names = std::vector<std::string>;

TEST(Policy_Coverage, AnEventThatNobodyHadIsWhatWouldWakeTheRule) {
  World world;
  world.Add("b", "o", "2026-02-01T01:00:00Z", Order(std::nullopt, 100));
  const RuleCoverage asleep = One(world, kWorry);
  EXPECT_EQ(asleep.state, RuleState::kAsleep);
  EXPECT_EQ(asleep.needs, Names{"worry.raised"});
  const RuleCoverage live = One(Worried(), kWorry);
  EXPECT_EQ(live.state, RuleState::kLive);
  EXPECT_EQ(live.customers, 1);
  EXPECT_TRUE(live.needs.empty());
}

TEST(Policy_Coverage, ABookOfNobodySleepsWhole) {
  for (const RuleCoverage& rule : Cover(World(), Policy::Default())) {
    EXPECT_EQ(rule.state, RuleState::kAsleep) << rule.rule;
    EXPECT_FALSE(rule.needs.empty()) << rule.rule;
    EXPECT_EQ(rule.concerned, 0) << rule.rule;
  }
}

TEST(Policy_Coverage, TheFieldThatTheAnchorReadsIsNamed) {
  World world;
  PromiseMade without_day, with_day;
  with_day.due = OnDay("2026-04-01");
  world.Add("a", "p", "2026-02-01T01:00:00Z", without_day);
  const std::string due = R"("trigger": {"event": "promise.made", "anchor": "due", "offset": {"days": -1}})";
  EXPECT_EQ(One(world, due).state, RuleState::kAsleep);
  EXPECT_EQ(One(world, due).needs, Names{"promise.made due"});
  world.Add("b", "q", "2026-02-01T01:00:00Z", with_day);
  const RuleCoverage some = One(world, due);
  EXPECT_EQ(some.state, RuleState::kPartial);
  EXPECT_EQ(some.needs, Names{"promise.made due"});
  EXPECT_EQ(some.concerned, 2);
  EXPECT_EQ(some.customers, 1);
}

TEST(Policy_Coverage, WordsThatAnEventIsChosenByCount) {
  World world;
  world.Add("a", "t", "2026-02-01T01:00:00Z", Reached(Purpose::kCare));
  const std::string sold = R"("trigger": {"event": "touch", "where": {"purpose": ["sell"]}, "offset": {"days": 1}})";
  EXPECT_EQ(One(world, sold).state, RuleState::kAsleep);
  EXPECT_EQ(One(world, sold).needs, Names{"touch purpose"});
  world.Add("a", "u", "2026-02-02T01:00:00Z", Reached(Purpose::kSell));
  EXPECT_EQ(One(world, sold).state, RuleState::kLive);
}

std::string WorryRule(const std::string& rest) {
  return R"({"rapport_policy": 1, "name": "one", "rules": [{"name": "r", "purpose": "care", "priority": 1, "trigger": {"event": "worry.raised"}, )" + rest + "}]}";
}
std::string DoneBy(const std::string& whom) {
  return WorryRule(R"("expires": {"days": 9}, "action": {"channel": "call", "minutes": 5, "headline": "general", "objective": "thank", "assign_to": ")" + whom + R"("})");
}

TEST(Policy_Coverage, WorkOfSomebodyElseNeedsToKnowWho) {
  World world = Worried();
  const auto cover = [&](const std::string& policy) { return Cover(world, MustParse(policy)).front(); };
  EXPECT_EQ(cover(DoneBy("owner")).state, RuleState::kLive);
  EXPECT_EQ(cover(DoneBy("manager")).state, RuleState::kPartial) << "it goes to the owner";
  EXPECT_EQ(cover(DoneBy("manager")).needs, Names{"rep.upserted manager"});
  EXPECT_EQ(cover(DoneBy("colleague")).needs, Names{"touch"});
  Touch touch = Reached();
  world.Add("b", "t", "2026-02-02T01:00:00Z", touch);
  EXPECT_EQ(cover(DoneBy("colleague")).needs, Names{"touch rep"});
  touch.rep = RepId::Trusted("kim");
  RepUpserted rep;
  rep.rep = RepId::Trusted("kim");
  rep.manager = RepId::Trusted("lee");
  world.Add("b", "u", "2026-02-03T01:00:00Z", touch).Add("", "kim", "2026-02-03T01:00:00Z", rep);
  EXPECT_EQ(cover(DoneBy("colleague")).state, RuleState::kLive);
  EXPECT_EQ(cover(DoneBy("manager")).state, RuleState::kLive);
}

TEST(Policy_Coverage, WhoBeginsLaterIsKnownByHisOrigin) {
  const std::string step = R"(", "expires": {"days": 2}, "action": {"channel": "call", "minutes": 5, "headline": "general", "objective": "thank"}})";
  const Policy policy = MustParse(WorryRule(R"("referred": {"starts_at": "b"}, "steps": [{"name": "a)" + step + R"(, {"name": "b)" + step + "]"));
  World world = Worried();
  EXPECT_EQ(Cover(world, policy).front().needs, Names{"customer.upserted origin"});
  CustomerUpserted brought;
  brought.origin = Origin::kReferral;
  world.Add("b", "u", "2026-02-03T01:00:00Z", brought);
  EXPECT_EQ(Cover(world, policy).front().state, RuleState::kLive);
}

TEST(Policy_Coverage, AConditionThatCannotHoldPutsTheRuleToSleep) {
  const RuleCoverage asleep = One(Worried(), std::string(kWorry) + R"(, "when": {"signal": "account.large", "is": "=", "value": true})");
  EXPECT_EQ(asleep.state, RuleState::kAsleep);
  EXPECT_EQ(asleep.customers, 1) << "the trigger could happen";
  EXPECT_EQ(asleep.working, 0);
  EXPECT_EQ(asleep.needs, Names{"customer.upserted large"});
}

TEST(Policy_Coverage, AConditionThatCannotFailMakesTheRulePartial) {
  const RuleCoverage one = One(Worried(), std::string(kWorry) + R"(, "when": {"not": {"signal": "account.large", "is": "=", "value": true}})");
  EXPECT_EQ(one.state, RuleState::kPartial);
  EXPECT_EQ(one.needs, Names{"customer.upserted large"});
  EXPECT_EQ(one.working, 1);
}

TEST(Policy_Coverage, ACountOfZeroIsKnownWhereOthersHaveWhatItCounts) {
  const std::string quiet = R"("trigger": {"event": "purchase.placed", "offset": {"days": 1}}, "when": {"signal": "worry.open", "is": "=", "value": 0})";
  EXPECT_EQ(One(Worried(), quiet).state, RuleState::kLive);
  World silent;
  silent.Add("b", "o", "2026-02-01T01:00:00Z", Order(std::nullopt, 100));
  const RuleCoverage blind = One(silent, quiet);
  EXPECT_EQ(blind.state, RuleState::kPartial);
  EXPECT_EQ(blind.needs, Names{"worry.raised"});
}

TEST(Policy_Coverage, AnyNeedsOneAllNeedsEach) {
  const std::string large = R"({"signal": "account.large", "is": "=", "value": true})", open = R"({"signal": "worry.open", "is": ">", "value": 0})";
  EXPECT_EQ(One(Worried(), std::string(kWorry) + R"(, "when": {"any": [)" + large + ", " + open + "]}").state, RuleState::kPartial);
  EXPECT_EQ(One(Worried(), std::string(kWorry) + R"(, "when": {"all": [)" + large + ", " + open + "]}").state, RuleState::kAsleep);
}

TEST(Policy_Coverage, OnlyTheCustomersAskedForAreCounted) {
  const World world = Worried();
  const auto view = world.Seen("2026-03-02T00:00:00Z");
  const CustomerId buyer = CustomerId::Trusted("b");
  const auto found = CoverageOf(OneRule(kWorry), *view->book, view->context, At("2026-03-02T00:00:00Z"), std::span(&buyer, 1));
  EXPECT_EQ(found.front().state, RuleState::kAsleep);
}

TEST(Policy_Coverage, IsSaidInFourLanguagesOnALine) {
  World world = Worried();
  world.Add("a", "p", "2026-02-01T01:00:00Z", PromiseMade());
  for (const World& one : {World(), world}) {
    const std::vector<RuleCoverage> coverage = Cover(one, Policy::Default());
    for (const Language language : kLanguages) {
      const absl::StatusOr<Table> table = CoverageTable(coverage, language);
      ASSERT_TRUE(table.ok()) << table.status();
      ASSERT_EQ(table->rows(), coverage.size());
      for (std::size_t i = 0; i < table->rows(); ++i) {
        const std::string sentence = std::get<std::string>(table->Find("sentence")->at(i));
        EXPECT_LE(DisplayWidth(sentence), 110) << sentence;
        EXPECT_EQ(table->Find("needs")->at(i) == Cell(), coverage[i].needs.empty());
      }
    }
  }
}

// Whatever a policy asks for, of whomever and whenever, the rule behind it is not called asleep, and somebody works for it.
RC_GTEST_PROP(Policy_CoverageProperty, ARuleThatDecidesIsNotAsleep, ()) {
  World world;
  world.Add("", "softener", "2020-01-01T00:00:00Z", Softener());
  world.Use(*rc::gen::element(SevenRules(), Policy::Default()));
  const int count = *rc::gen::inRange(1, 14);
  for (int i = 0; i < count; ++i) world.Add(RandomEvent(i));
  for (int day = 5; day < kDays + 30; day += 5) {
    const Instant as_of = kStart.PlusMicros(day * 24 * kHour);
    const auto view = world.Seen(as_of);
    const std::vector<RuleCoverage> coverage = CoverageOf(*view->input.policy, *view->book, view->context, as_of, {});
    for (const AccountDecisions& decided : DecideBook(*view->book, view->input, {})) {
      for (const Decision& decision : decided.decisions) {
        const auto rule = std::find_if(coverage.begin(), coverage.end(), [&](const RuleCoverage& one) { return one.rule == decision.rule; });
        RC_ASSERT(rule != coverage.end());
        RC_ASSERT(rule->state != RuleState::kAsleep);
        RC_ASSERT(rule->working > 0);
      }
    }
    for (const RuleCoverage& rule : coverage) RC_ASSERT((rule.working > 0) == (rule.state != RuleState::kAsleep));
  }
}

}  // namespace
}  // namespace rapport::policy_test

#include <gtest/gtest.h>

#include "policy/world.hpp"

namespace rapport::policy_test {
namespace {

// One customer: one purchase of JPY 500 five days ago, no contact, large not said.
class Policy_Evaluate : public testing::Test {
 protected:
  Policy_Evaluate() {
    world_.Add("c", "o1", "2026-03-01T01:00:00Z", Order(std::nullopt, 500));
    view_ = world_.Seen("2026-03-06T01:00:00Z");
  }
  Condition Read(const std::string& when) {
    const Policy policy = MustParse(R"({"rapport_policy": 1, "name": "p", "rules": [{"name": "a", "purpose": "care", "priority": 1,
        "trigger": {"event": "touch"}, "when": )" + when + R"(,
        "action": {"channel": "call", "minutes": 5, "headline": "after-contact", "objective": "thank"}, "expires": {"days": 1}}]})");
    return policy.rules().front().when;
  }
  ConditionTrace Trace(const std::string& when) {
    SignalCache signals(InputFor(view_->account(), view_->context, view_->input.as_of));
    return Evaluate(Read(when), signals);
  }
  bool Holds(const std::string& leaf) { return Trace("{" + leaf + "}").holds; }
  World world_;
  std::unique_ptr<World::View> view_;
};

TEST_F(Policy_Evaluate, ComparesNumbersOfBothKinds) {
  EXPECT_TRUE(Holds(R"("signal": "purchase.days_since", "is": "=", "value": 5)"));
  EXPECT_TRUE(Holds(R"("signal": "purchase.days_since", "is": ">", "value": 4.5)"));
  EXPECT_FALSE(Holds(R"("signal": "purchase.days_since", "is": "<", "value": 5)"));
  EXPECT_TRUE(Holds(R"("signal": "purchase.days_since", "is": "<=", "value": 5)"));
  EXPECT_TRUE(Holds(R"("signal": "purchase.revenue", "is": ">=", "value": 500)"));
  EXPECT_TRUE(Holds(R"("signal": "purchase.revenue", "is": "!=", "value": 501)"));
  EXPECT_TRUE(Holds(R"("signal": "purchase.count", "is": "in", "value": [3, 1])"));
}

TEST_F(Policy_Evaluate, ComparesMoments) {
  EXPECT_TRUE(Holds(R"("signal": "purchase.last_at", "is": "=", "value": "2026-03-01T10:00:00+09:00")"));
  EXPECT_TRUE(Holds(R"("signal": "purchase.last_at", "is": "<", "value": "2026-03-02T00:00:00Z")"));
}

TEST_F(Policy_Evaluate, AMissingValueComparesToNothing) {
  for (const char* is : {"=", "!="}) {
    EXPECT_FALSE(Holds("\"signal\": \"account.large\", \"is\": \"" + std::string(is) + "\", \"value\": true")) << is;
  }
  EXPECT_FALSE(Holds(R"("signal": "touch.days_since", "is": "<", "value": 5)"));
  EXPECT_FALSE(Holds(R"("signal": "touch.days_since", "is": ">=", "value": 5)"));
  EXPECT_FALSE(Holds(R"("signal": "account.large", "is": "in", "value": [true, false])"));
  EXPECT_TRUE(Holds(R"("signal": "account.large", "is": "unknown")"));
  EXPECT_FALSE(Holds(R"("signal": "account.large", "is": "known")"));
  EXPECT_TRUE(Holds(R"("not": {"signal": "touch.days_since", "is": "<", "value": 14})"));
}

TEST_F(Policy_Evaluate, GroupsAndTheEmptyOnes) {
  EXPECT_TRUE(Holds(R"("all": [])"));
  EXPECT_FALSE(Holds(R"("any": [])"));
  EXPECT_TRUE(Holds(R"("any": [{"signal": "worry.open", "is": ">", "value": 0}, {"signal": "purchase.count", "is": "=", "value": 1}])"));
  EXPECT_FALSE(Holds(R"("all": [{"signal": "worry.open", "is": ">", "value": 0}, {"signal": "purchase.count", "is": "=", "value": 1}])"));
}

TEST_F(Policy_Evaluate, EveryLeafIsInTheTrace) {
  const ConditionTrace trace = Trace(
      R"({"all": [{"signal": "worry.open", "is": ">", "value": 0}, {"any": [{"signal": "purchase.count", "is": "=", "value": 1},
          {"signal": "purchase.revenue", "is": ">", "value": 1}]}]})");
  EXPECT_FALSE(trace.holds);
  ASSERT_EQ(trace.children.size(), 2u);
  ASSERT_EQ(trace.children[1].children.size(), 2u) << "also what was clear already";
  EXPECT_EQ(trace.children[1].children[1].actual, Cell(500.0));
  EXPECT_EQ(trace.children[1].children[0].evidence, (std::vector<EventKey>{{"test", "o1"}}));
  const Json json = trace.ToJson();
  EXPECT_EQ(json.Canonical(),
            R"({"all":[{"actual":0,"evidence":[],"expected":[0],"holds":false,"is":">","signal":"worry.open"},)"
            R"({"any":[{"actual":1,"evidence":[{"id":"o1","source":"test"}],"expected":[1],"holds":true,"is":"=","signal":"purchase.count"},)"
            R"({"actual":500,"evidence":[{"id":"o1","source":"test"}],"expected":[1],"holds":true,"is":">","signal":"purchase.revenue"}],)"
            R"("holds":true}],"holds":false})");
}

}  // namespace
}  // namespace rapport::policy_test

// The fewest signals that turn an outcome: what is proposed does turn it, and nothing smaller would.
#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "rapport/policy/flip.hpp"

namespace rapport {
namespace {

// A second, plain evaluation of stored conditions, under other values for some signals.
using Values = std::map<std::string, Json>;

bool Passes(const std::string& is, const Json& value, const Json::Array& expected) {
  const bool known = value.if_number() != nullptr || value.if_string() != nullptr || value.if_bool() != nullptr;
  if (is == "known") return known;
  if (is == "unknown") return !known;
  if (!known) return false;
  if (is == "in") return std::find(expected.begin(), expected.end(), value) != expected.end();
  if (is == "=") return value == expected[0];
  if (is == "!=") return value != expected[0];
  const double a = *value.if_number();
  const double b = *expected[0].if_number();
  if (is == "<") return a < b;
  if (is == "<=") return a <= b;
  return is == ">" ? a > b : a >= b;
}

bool Holds(const Json& node, const Values& values) {
  const auto holds = [&](const Json& child) { return Holds(child, values); };
  if (const Json* all = node.Find("all")) return std::all_of(all->if_array()->begin(), all->if_array()->end(), holds);
  if (const Json* any = node.Find("any")) return std::any_of(any->if_array()->begin(), any->if_array()->end(), holds);
  if (const Json* no = node.Find("not")) return !holds(no->if_array()->front());
  const auto other = values.find(*node.Find("signal")->if_string());
  return Passes(*node.Find("is")->if_string(), other != values.end() ? other->second : *node.Find("actual"), *node.Find("expected")->if_array());
}

Json Leaf(const std::string& signal, const std::string& is, Json::Array expected, const Json& actual) {
  return Json::Object{{"signal", signal}, {"is", is}, {"expected", std::move(expected)}, {"actual", actual}};
}

std::string Told(const Json& conditions, bool wanted) {
  const auto flips = FewestFlips(conditions, wanted);
  EXPECT_TRUE(flips.ok()) << flips.status();
  EXPECT_TRUE(flips->complete);
  const auto json = FlipsToJson(*flips, wanted, Language::kEnglish);
  EXPECT_TRUE(json.ok()) << json.status();
  std::string text;
  for (const Json& one : *json->if_array()) text += *one.Find("sentence")->if_string() + "\n";
  return text;
}

TEST(Policy_Flip, SaysWhatWouldTurnIt) {
  const Json quiet = Leaf("touch.since_delivery", "=", {Json(0)}, Json(0));
  EXPECT_EQ(Told(quiet, false), "would not be due with contacts since the delivery: at least 1\n");
  EXPECT_EQ(Told(quiet, true), "") << "it is so already";
  EXPECT_EQ(Told(Leaf("touch.since_delivery", "=", {Json(0)}, Json(3)), true), "would be due with contacts since the delivery: exactly 0\n");
  EXPECT_EQ(Told(Leaf("purchase.silence_ratio", ">=", {Json(2)}, Json(2.5)), false), "would not be due with silence against their own rhythm: less than 2\n");
  EXPECT_EQ(Told(Leaf("account.large", "=", {Json(true)}, Json(true)), false), "would not be due with large account: exactly no\n");
  EXPECT_EQ(Told(Leaf("feedback.last", ">=", {Json(9)}, Json()), true), "would be due with last feedback, 0 to 10: at least 9\n");
  EXPECT_EQ(Told(Leaf("touch.since_delivery", "unknown", {}, Json()), false), "would not be due with contacts since the delivery: known\n");
}

TEST(Policy_Flip, EachOfSeveralAloneOrAllTogether) {
  const Json both = Json::Object{{"all", Json::Array{Leaf("worry.open", "=", {Json(0)}, Json(0)), Leaf("case.open", "=", {Json(0)}, Json(0))}}};
  EXPECT_EQ(Told(both, false), "would not be due with open cases: at least 1\nwould not be due with open worries: at least 1\n");
  const Json neither = Json::Object{{"all", Json::Array{Leaf("worry.open", "=", {Json(0)}, Json(1)), Leaf("case.open", "=", {Json(0)}, Json(2))}}};
  EXPECT_EQ(Told(neither, true), "would be due with open cases: exactly 0 and open worries: exactly 0\n");
}

TEST(Policy_Flip, OneSignalHasOneValueForAllThatAsk) {
  // More than 3 and less than 7, told as one range; a second leaf of the same signal is no second change.
  const Json range = Json::Object{{"all", Json::Array{Leaf("worry.open", ">", {Json(3)}, Json(9)), Leaf("worry.open", "<", {Json(7)}, Json(9))}}};
  EXPECT_EQ(Told(range, true), "would be due with open worries: at least 4 and at most 6\n");
  const Json never = Json::Object{{"all", Json::Array{Leaf("worry.open", ">", {Json(3)}, Json(9)), Leaf("worry.open", "<", {Json(4)}, Json(9))}}};
  EXPECT_EQ(Told(never, true), "") << "no whole number lies between";
}

TEST(Policy_Flip, WordsAreToldAsWords) {
  const Json word = Leaf("refusal.last_reason", "in", {Json("money"), Json("time")}, Json("money"));
  EXPECT_EQ(Told(word, false), "would not be due with reason of the last refusal: other than money and other than time\n");
  EXPECT_EQ(Told(Leaf("refusal.last_reason", "in", {Json("money"), Json("time")}, Json("trust")), true),
            "would be due with reason of the last refusal: one of money, time\n");
}

TEST(Policy_Flip, ATraceThatIsNoneIsRefused) {
  for (const Json& broken : {Json(3), Json(Json::Object{{"signal", "worry.open"}}), Json(Json::Object{{"not", Json::Array{}}}),
                             Json(Json::Object{{"all", Json::Array{Json("x")}}})}) {
    const auto flips = FewestFlips(broken, true);
    ASSERT_FALSE(flips.ok()) << broken.Canonical();
    EXPECT_EQ(TokenOf(flips.status()), "explain.invalid_derivation");
  }
}

// --- against brute force

const std::array<std::string, 4> kSignals{"worry.open", "purchase.silence_ratio", "account.large", "refusal.last_reason"};

Json::Array ValuesOf(const std::string& signal) {
  if (signal == "account.large") return {Json(), Json(false), Json(true)};
  if (signal == "refusal.last_reason") return {Json(), Json("money"), Json("time"), Json("other-word")};
  if (signal == "worry.open") return {Json(), Json(0), Json(1), Json(2), Json(3), Json(4), Json(50)};
  return {Json(), Json(0), Json(0.5), Json(1), Json(1.5), Json(2), Json(2.5), Json(3), Json(3.5), Json(100)};
}

Json RandomLeaf(const Values& actual) {
  const std::string signal = *rc::gen::elementOf(kSignals);
  const Json& value = actual.at(signal);
  if (*rc::gen::inRange(0, 8) == 0) return Leaf(signal, *rc::gen::element<std::string>("known", "unknown"), {}, value);
  if (signal == "account.large") return Leaf(signal, "=", {Json(*rc::gen::arbitrary<bool>())}, value);
  if (signal == "refusal.last_reason") {
    if (*rc::gen::arbitrary<bool>()) return Leaf(signal, "in", {Json("money"), Json("time")}, value);
    return Leaf(signal, *rc::gen::element<std::string>("=", "!="), {Json("money")}, value);
  }
  const int number = *rc::gen::inRange(0, 4);
  return Leaf(signal, *rc::gen::element<std::string>("=", "!=", "<", "<=", ">", ">="), {Json(number)}, value);
}

Json RandomTree(const Values& actual, int depth) {
  const int kind = depth == 0 ? 0 : *rc::gen::inRange(0, 4);
  if (kind == 0) return RandomLeaf(actual);
  if (kind == 1) return Json::Object{{"not", Json::Array{RandomTree(actual, depth - 1)}}};
  Json::Array children;
  const int count = *rc::gen::inRange(0, 4);
  for (int i = 0; i < count; ++i) children.push_back(RandomTree(actual, depth - 1));
  return Json::Object{{kind == 2 ? "all" : "any", std::move(children)}};
}

// How few signals must change: all choices of values, tried one by one. 0: none would do.
std::size_t FewestByTrying(const Json& conditions, const Values& actual, bool wanted) {
  std::size_t fewest = 0;
  std::function<void(std::size_t, Values, std::size_t)> go = [&](std::size_t i, Values values, std::size_t changed) {
    if (i == kSignals.size()) {
      if (Holds(conditions, values) == wanted && (fewest == 0 || changed < fewest)) fewest = changed;
      return;
    }
    go(i + 1, values, changed);
    for (const Json& value : ValuesOf(kSignals[i])) {
      if (value == actual.at(kSignals[i])) continue;
      values[kSignals[i]] = value;
      go(i + 1, values, changed + 1);
    }
  };
  go(0, actual, 0);
  return fewest;
}

bool PassesAll(const Json& value, const std::vector<NeededComparison>& needed) {
  return std::all_of(needed.begin(), needed.end(), [&](const NeededComparison& one) { return Passes(one.is, value, one.values); });
}

// Every value among those tried that passes what is needed turns the outcome.
void CheckSet(const Json& conditions, const FlipSet& set, const Values& actual, bool wanted) {
  std::vector<Values> worlds{actual};
  for (const SignalChange& change : set) {
    RC_ASSERT(change.actual == actual.at(change.signal));
    RC_ASSERT(!PassesAll(change.actual, change.needed));
    std::vector<Values> more;
    for (const Values& world : worlds) {
      for (const Json& value : ValuesOf(change.signal)) {
        if (!PassesAll(value, change.needed)) continue;
        more.push_back(world);
        more.back()[change.signal] = value;
      }
    }
    worlds = std::move(more);
  }
  RC_ASSERT(!worlds.empty());
  for (const Values& world : worlds) RC_ASSERT(Holds(conditions, world) == wanted);
}

RC_GTEST_PROP(Policy_FlipProperty, FindsTheFewestAndTheyTurnIt, ()) {
  Values actual;
  for (const std::string& signal : kSignals) actual[signal] = *rc::gen::elementOf(ValuesOf(signal));
  const Json conditions = RandomTree(actual, 3);
  const bool wanted = !Holds(conditions, {});
  const auto flips = FewestFlips(conditions, wanted);
  RC_ASSERT(flips.ok());
  const std::size_t fewest = FewestByTrying(conditions, actual, wanted);
  RC_ASSERT(flips->sets.empty() == (fewest == 0));
  std::set<std::vector<std::string>> seen;
  for (const FlipSet& set : flips->sets) {
    RC_ASSERT(set.size() == fewest);
    CheckSet(conditions, set, actual, wanted);
    std::vector<std::string> signals;
    for (const SignalChange& change : set) signals.push_back(change.signal);
    RC_ASSERT(seen.insert(signals).second);
  }
}

}  // namespace
}  // namespace rapport

#include <fstream>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "policy/describe.hpp"
#include "policy/names.hpp"
#include "policy/world.hpp"
#include "rapport/core/hash.hpp"

namespace rapport::policy_test {
namespace {

// A valid rule; each test breaks one thing of it.
std::string Document(std::string_view from = "", std::string_view to = "") {
  std::string text = R"({"rapport_policy": 1, "name": "p", "rules": [
    {"name": "a", "purpose": "care", "priority": 5, "mandatory": true,
     "trigger": {"event": "worry.raised", "offset": {"hours": 2}},
     "when": {"all": [{"signal": "worry.open", "is": ">=", "value": 1},
                      {"not": {"signal": "account.large", "is": "=", "value": true}},
                      {"any": [{"signal": "touch.last_at", "is": "unknown"},
                               {"signal": "refusal.last_reason", "is": "in", "value": ["money", "comparing"]}]}]},
     "action": {"channel": "call", "minutes": 15, "headline": "worry", "objective": "worry.listen"},
     "value": {"share": 0.1, "of": ["purchase.revenue"], "otherwise": "1.5"},
     "expires": {"days": 14}}]})";
  if (from.empty()) return text;
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(Policy_Parse, ReadsEveryPartOfARule) {
  const absl::StatusOr<Policy> policy = Policy::ParseText(Document());
  ASSERT_TRUE(policy.ok()) << policy.status();
  EXPECT_EQ(policy->name(), "p");
  ASSERT_EQ(policy->rules().size(), 1u);
  const Rule& rule = policy->rules().front();
  EXPECT_EQ(policy->Find("a"), &rule);
  EXPECT_EQ(policy->Find("b"), nullptr);
  EXPECT_EQ(rule.purpose, Purpose::kCare);
  EXPECT_EQ(rule.priority, 5);
  EXPECT_TRUE(rule.mandatory);
  const auto& trigger = std::get<EventTrigger>(rule.trigger);
  EXPECT_EQ(trigger.event, "worry.raised");
  EXPECT_EQ(trigger.anchor, Anchor::kOccurred);
  EXPECT_EQ(trigger.offset.unit, OffsetUnit::kHours);
  EXPECT_EQ(trigger.offset.count, 2);
  ASSERT_EQ(rule.when.children.size(), 3u);
  EXPECT_EQ(rule.when.children[0].expected, (std::vector<Cell>{std::int64_t{1}}));
  EXPECT_EQ(rule.when.children[1].kind, Condition::Kind::kNot);
  EXPECT_EQ(rule.when.children[2].children[1].expected.size(), 2u);
  EXPECT_EQ(rule.action().minutes, 15);
  EXPECT_EQ(rule.value.share, 0.1);
  EXPECT_EQ(rule.value.otherwise, "1.5");
  EXPECT_EQ(rule.expires().count, 14);
}

TEST(Policy_Parse, IdIsTheHashOfTheCanonicalDocument) {
  const Policy policy = MustParse(Document());
  EXPECT_EQ(policy.id(), ToHex(HashBytes(policy.document().Canonical())));
  EXPECT_EQ(policy.id(), MustParse(policy.document().Pretty()).id()) << "white space and order of members do not count";
  EXPECT_NE(policy.id(), MustParse(Document("\"priority\": 5", "\"priority\": 6")).id());
}

struct Broken {
  std::string from, to, token, path;
};

class Policy_ParseError : public testing::TestWithParam<Broken> {};

TEST_P(Policy_ParseError, HasATokenAndNamesThePath) {
  const Broken& broken = GetParam();
  const absl::StatusOr<Policy> policy = Policy::ParseText(Document(broken.from, broken.to));
  ASSERT_FALSE(policy.ok()) << broken.from << " -> " << broken.to;
  EXPECT_EQ(TokenOf(policy.status()), broken.token) << policy.status();
  EXPECT_NE(policy.status().message().find(ToAbsl(broken.path)), std::string::npos) << policy.status();
  EXPECT_EQ(policy.status().message().find('\n'), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(
    Documents, Policy_ParseError,
    testing::Values(
        Broken{"\"mandatory\"", "\"mandatry\"", "policy.unknown_key", "mandatry"},
        Broken{"\"name\": \"p\"", "\"name\": \"p\", \"remark\": 1", "policy.unknown_key", "/remark"},
        Broken{"\"minutes\": 15", "\"minutes\": 15, \"length\": 3", "policy.unknown_key", "/rules/0/action"},
        Broken{"\"is\": \">=\", \"value\": 1", "\"is\": \">=\", \"value\": 1, \"unit\": 1", "policy.unknown_key", "/rules/0/when/all/0"},
        Broken{"\"is\": \"unknown\"", "\"is\": \"unknown\", \"value\": 1", "policy.unknown_key", "/rules/0/when/all/2/any/0"},
        Broken{"\"rapport_policy\": 1, ", "", "policy.missing_key", "rapport_policy"},
        Broken{"\"priority\": 5, ", "", "policy.missing_key", "/rules/0"},
        Broken{"\"event\": \"worry.raised\", ", "", "policy.missing_key", "/rules/0/trigger"},
        Broken{"{\"days\": 14}", "{}", "policy.missing_key", "/rules/0/expires"},
        Broken{"\"priority\": 5", "\"priority\": \"high\"", "policy.wrong_type", "/rules/0/priority"},
        Broken{"\"value\": 1}", "\"value\": \"one\"}", "policy.wrong_type", "/rules/0/when/all/0/value"},
        Broken{"[\"purchase.revenue\"]", "[3]", "policy.wrong_type", "/rules/0/value/of/0"},
        Broken{"\"worry.open\"", "\"worry.opn\"", "policy.unknown_signal", "/rules/0/when/all/0/signal"},
        Broken{"[\"purchase.revenue\"]", "[\"purchase.revenu\"]", "policy.unknown_signal", "/rules/0/value/of/0"},
        Broken{"\"worry.raised\"", "\"worry.rised\"", "policy.unknown_event", "/rules/0/trigger/event"},
        Broken{"{\"event\": \"worry.raised\", \"offset\": {\"hours\": 2}}", "{\"signal\": \"promise.overdue\", \"crosses_above\": 1}",
               "policy.polled_trigger", "/rules/0/trigger/signal"},
        Broken{"{\"event\": \"worry.raised\", \"offset\": {\"hours\": 2}}", "{\"signal\": \"account.large\", \"crosses_above\": 1}",
               "policy.invalid_value", "/rules/0/trigger/signal"},
        Broken{"{\"event\": \"worry.raised\", ", "{\"event\": \"worry.raised\", \"signal\": \"worry.open\", ", "policy.invalid_value",
               "/rules/0/trigger"},
        Broken{"{\"event\": \"worry.raised\", ", "{\"event\": \"worry.raised\", \"anchor\": \"due\", ", "policy.invalid_value",
               "/rules/0/trigger/anchor"},
        Broken{"{\"event\": \"worry.raised\", ", "{\"event\": \"worry.raised\", \"assume_lead_days\": 3, ", "policy.invalid_value",
               "/rules/0/trigger/assume_lead_days"},
        Broken{"{\"hours\": 2}", "{\"hours\": 2, \"days\": 1}", "policy.invalid_value", "/rules/0/trigger/offset"},
        Broken{"{\"hours\": 2}", "{\"days\": 99999}", "policy.invalid_value", "/rules/0/trigger/offset/days"},
        Broken{"{\"days\": 14}", "{\"days\": -1}", "policy.invalid_value", "/rules/0/expires/days"},
        Broken{"{\"days\": 14}", "{\"working_days\": 1}", "policy.unknown_key", "/rules/0/expires"},
        Broken{"\"worry.listen\"", "\"sell.offer\"", "policy.care_rule_sells", "/rules/0/action/objective"},
        Broken{"\"worry.listen\"", "\"whistle\"", "policy.unknown_message", "/rules/0/action/objective"},
        Broken{"\"headline\": \"worry\"", "\"headline\": \"wory\"", "policy.unknown_message", "/rules/0/action/headline"},
        Broken{"\"headline\": \"worry\"", "\"headline\": \"silence\"", "policy.unknown_message", "/rules/0/action/headline"},
        Broken{"\"channel\": \"call\"", "\"channel\": \"pigeon\"", "policy.invalid_value", "/rules/0/action/channel"},
        Broken{"\"purpose\": \"care\"", "\"purpose\": \"love\"", "policy.invalid_value", "/rules/0/purpose"},
        Broken{"\"minutes\": 15", "\"minutes\": 0", "policy.invalid_value", "/rules/0/action/minutes"},
        Broken{"\"priority\": 5", "\"priority\": 1001", "policy.invalid_value", "/rules/0/priority"},
        Broken{"\"rapport_policy\": 1", "\"rapport_policy\": 2", "policy.invalid_value", "rapport_policy"},
        Broken{"\"otherwise\": \"1.5\"", "\"otherwise\": \"1,5\"", "policy.invalid_value", "/rules/0/value/otherwise"},
        Broken{"\"share\": 0.1", "\"share\": -1", "policy.invalid_value", "/rules/0/value/share"},
        Broken{"\"is\": \">=\"", "\"is\": \"=>\"", "policy.invalid_value", "/rules/0/when/all/0/is"},
        Broken{"\"account.large\", \"is\": \"=\"", "\"account.large\", \"is\": \"<\"", "policy.invalid_value", "/rules/0/when/all/1/not/is"},
        Broken{"[\"money\", \"comparing\"]", "[]", "policy.invalid_value", "/rules/0/when/all/2/any/1/value"},
        Broken{"\"name\": \"a\"", "\"name\": \"\"", "policy.invalid_value", "/rules/0/name"}));

TEST(Policy_Parse, TwoRulesOfOneNameAreRefused) {
  std::string text = Document();
  const std::size_t from = text.find("{\"name\": \"a\"");
  const std::string rule = text.substr(from, text.rfind("]}") - from);
  text.insert(text.rfind("]}"), "," + rule);
  const auto policy = Policy::ParseText(text);
  ASSERT_FALSE(policy.ok());
  EXPECT_EQ(TokenOf(policy.status()), "policy.duplicate_rule");
  EXPECT_NE(policy.status().message().find("/rules/1/name"), std::string::npos);
}

TEST(Policy_Parse, ARepetitionMustFindTheOneBeforeItGone) {
  const auto with = [](int repeat) {
    return Document("{\"event\": \"worry.raised\", \"offset\": {\"hours\": 2}}",
                    "{\"signal\": \"touch.days_since\", \"crosses_above\": 40, \"repeat\": {\"days\": " + std::to_string(repeat) + "}}");
  };
  const auto as_keep_in_sight = [](std::string text) {
    return text.replace(text.find("\"headline\": \"worry\""), 19, "\"headline\": \"keep-in-sight\"");
  };
  EXPECT_TRUE(Policy::ParseText(as_keep_in_sight(with(15))).ok());
  const auto overlapping = Policy::ParseText(as_keep_in_sight(with(14)));
  ASSERT_FALSE(overlapping.ok());
  EXPECT_NE(overlapping.status().message().find("/rules/0/expires"), std::string::npos);
}

TEST(Policy_Parse, ConditionsInsideEachOtherHaveALimit) {
  std::string inner = R"({"signal": "worry.open", "is": "known"})";
  for (int i = 0; i < 40; ++i) inner = "{\"not\": " + inner + "}";
  const auto policy = Policy::ParseText(Document(R"({"signal": "worry.open", "is": ">=", "value": 1})", inner));
  ASSERT_FALSE(policy.ok());
  EXPECT_EQ(TokenOf(policy.status()), "policy.invalid_value");
}

TEST(Policy_Parse, WhatIsNoJsonOrNoObjectIsRefused) {
  EXPECT_FALSE(Policy::ParseText("").ok());
  EXPECT_FALSE(Policy::ParseText("[]").ok());
  EXPECT_EQ(TokenOf(Policy::ParseText(Document("\"name\": \"p\"", "\"name\": \"p\", \"name\": \"q\"")).status()), "json.duplicate_key");
}

TEST(Policy_Default, EveryRuleSaysWhomItServesAndCareNeverSells) {
  const Policy& policy = Policy::Default();
  EXPECT_GE(policy.rules().size(), 14u);
  for (const Rule& rule : policy.rules()) {
    EXPECT_FALSE(rule.serves.empty()) << rule.name;
    EXPECT_TRUE(rule.note.has_value()) << rule.name;
    for (const Step& step : rule.steps) {
      const bool sells = step.action.objective.rfind("sell", 0) == 0;
      EXPECT_TRUE(!sells || rule.purpose == Purpose::kSell) << rule.name;
    }
  }
  EXPECT_TRUE(policy.Find("open-worry")->mandatory);
  EXPECT_FALSE(policy.Find("long-silence")->mandatory);
  EXPECT_LE(policy.Find("check-in-after-delivery")->action().minutes, 5);
}

std::string FileText(const std::string& path) {
  std::ifstream file(std::string(RAPPORT_SOURCE_DIR) + "/" + path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(Policy_Default, IsTheFileInPolicies) {
  const auto json = Json::Parse(FileText("policies/default.json"));
  ASSERT_TRUE(json.ok());
  EXPECT_EQ(Policy::Default().document(), *json);
}

// Every member name of `json` that is a key of the document, not a name of something.
void CollectKeys(const Json& json, std::set<std::string>& keys) {
  if (const auto* object = json.if_object()) {
    for (const auto& [key, value] : *object) {
      keys.insert(key);
      CollectKeys(value, keys);
    }
  }
  if (const auto* array = json.if_array()) {
    for (const Json& value : *array) CollectKeys(value, keys);
  }
}

void CollectProperties(const Json& schema, std::set<std::string>& keys) {
  if (const auto* object = schema.if_object()) {
    for (const auto& [key, value] : *object) {
      if (key == "properties" && value.if_object() != nullptr) {
        for (const auto& [name, inner] : *value.if_object()) keys.insert(name);
      }
      CollectProperties(value, keys);
    }
  }
  if (const auto* array = schema.if_array()) {
    for (const Json& value : *array) CollectProperties(value, keys);
  }
}

TEST(Policy_Schema, KnowsEveryKeyOfTheDefaultPolicyAndAllWords) {
  const std::string text = FileText("schemas/policy.schema.json");
  const auto schema = Json::Parse(text);
  ASSERT_TRUE(schema.ok()) << schema.status();
  std::set<std::string> known, used;
  CollectProperties(*schema, known);
  CollectKeys(Policy::Default().document(), used);
  for (const std::string& key : used) EXPECT_TRUE(known.contains(key)) << key;
  for (const auto& [value, name] : kComparisonNames) EXPECT_NE(text.find("\"" + std::string(name) + "\""), std::string::npos) << name;
  for (const auto& [value, name] : kAnchorNames) EXPECT_NE(text.find("\"" + std::string(name) + "\""), std::string::npos) << name;
  for (const auto& [value, name] : kOffsetUnitNames) EXPECT_NE(text.find("\"" + std::string(name) + "\""), std::string::npos) << name;
  for (const auto& word : WordList<Channel>::kWords) EXPECT_NE(text.find("\"" + std::string(word.name) + "\""), std::string::npos);
}

// The JSON code blocks of docs/policy.md that are whole policies must be ones.
TEST(Policy_Docs, ExamplesAreValid) {
  const std::string text = FileText("docs/policy.md");
  ASSERT_FALSE(text.empty());
  int policies = 0;
  for (std::size_t at = text.find("```json\n"); at != std::string::npos; at = text.find("```json\n", at + 1)) {
    const std::size_t from = at + 8;
    const std::string block = text.substr(from, text.find("```", from) - from);
    const auto json = Json::Parse(block);
    ASSERT_TRUE(json.ok()) << json.status() << block;
    if (json->Find("rapport_policy") == nullptr) continue;
    const auto policy = Policy::Parse(*json);
    EXPECT_TRUE(policy.ok()) << policy.status();
    ++policies;
  }
  EXPECT_GE(policies, 2);
  for (const SignalColumn& column : AllSignals()) {
    EXPECT_TRUE(Catalogue::Bundled().Has("signal." + std::string(column.name), Language::kEnglish)) << column.name;
  }
}

TEST(Policy_Describe, EverySentenceFitsALineInFourLanguages) {
  for (const Language language : {Language::kEnglish, Language::kJapanese, Language::kKorean, Language::kChinese}) {
    for (const Rule& rule : Policy::Default().rules()) {
      const auto sentences = DescribeRule(rule, language);
      ASSERT_TRUE(sentences.ok()) << sentences.status();
      EXPECT_GE(sentences->size(), 4u);
      for (const std::string& sentence : *sentences) {
        EXPECT_LE(DisplayWidth(sentence), 110) << sentence;
        EXPECT_EQ(sentence.find("…"), std::string::npos) << sentence;
      }
    }
    const auto whole = Policy::Default().Describe(language);
    ASSERT_TRUE(whole.ok());
    std::int64_t lines = 0;   // one a rule, and one a step of a cadence
    for (const Rule& rule : Policy::Default().rules()) lines += rule.is_cadence ? 1 + std::ssize(rule.steps) : 1;
    EXPECT_EQ(std::count(whole->begin(), whole->end(), '\n'), lines);
  }
}

TEST(Policy_Describe, SaysARuleInWords) {
  const auto sentences = DescribeRule(*Policy::Default().Find("check-in-after-delivery"), Language::kEnglish);
  ASSERT_TRUE(sentences.ok());
  EXPECT_EQ(*sentences,
            (std::vector<std::string>{"check-in-after-delivery: 7 days after the delivery",
                                      "with no delivery day known, 3 days after the order count as one",
                                      "if contacts since the delivery: exactly 0 or contacts since the delivery: not known",
                                      "if not (days left to return: at most 7)",
                                      "call, 5 min, care, priority 60", "lapses after 7 days",
                                      "goal: Ask how it works; nothing to sell.",
                                      "worth 2% of revenue so far (1 where not known)"}));
}

}  // namespace
}  // namespace rapport::policy_test

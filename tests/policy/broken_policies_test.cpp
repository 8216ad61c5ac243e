// broken_policies.json: each line breaks one thing of a valid document and says what is told about it; `form` marks what the published
// form cannot tell (tests/python checks that). Then documents with many errors, all of which are told, in order.
#include <set>

#include <gtest/gtest.h>

#include "policy/documents.hpp"
#include "rapport/policy/policy.hpp"

namespace rapport::policy_test {
namespace {

const Json& File() {
  static const Json file = FileJson("tests/policy/broken_policies.json");
  return file;
}

std::string TextOf(const Json& json, std::string_view key) {
  const Json* member = json.Find(key);
  return member != nullptr && member->if_string() != nullptr ? *member->if_string() : "";
}

Json Broken(const Json& base_of, const Json::Array& edits) {
  Json document = *File().Find("bases")->Find(TextOf(base_of, "in"));
  for (const Json& edit : edits) Edit(document, TextOf(edit, "at"), edit.Find("put"));
  return document;
}

void ExpectProblem(const PolicyProblem& problem, const Json& told, const std::string& about) {
  EXPECT_EQ(problem.token, TextOf(told, "token")) << about;
  EXPECT_EQ(problem.pointer, TextOf(told, "pointer")) << about;
  EXPECT_EQ(problem.found, TextOf(told, "found")) << about;
  EXPECT_EQ(problem.expected, TextOf(told, "expected")) << about;
}

TEST(Policy_Broken, BasesAreValid) {
  ASSERT_NE(File().Find("bases"), nullptr);
  for (const auto& [name, document] : *File().Find("bases")->if_object()) {
    const auto policy = Policy::Parse(document);
    EXPECT_TRUE(policy.ok()) << name << ": " << policy.status();
    EXPECT_TRUE(Policy::Check(document).empty()) << name;
  }
}

TEST(Policy_Broken, EachErrorHasItsTokenPointerFoundAndExpected) {
  const Json::Array& cases = *File().Find("broken")->if_array();
  EXPECT_GE(cases.size(), 300u);
  for (const Json& one : cases) {
    const Json document = Broken(one, {one});
    const std::vector<PolicyProblem> problems = Policy::Check(document);
    const std::string about = one.Canonical();
    ASSERT_FALSE(problems.empty()) << about;
    ExpectProblem(problems.front(), one, about);
    std::vector<std::string> more, told;
    for (std::size_t i = 1; i < problems.size(); ++i) more.push_back(problems[i].token + " " + problems[i].pointer);
    if (const Json* list = one.Find("more")) {
      for (const Json& entry : *list->if_array()) told.push_back(*entry.if_string());
    }
    EXPECT_EQ(more, told) << about;
    const auto policy = Policy::Parse(document);
    ASSERT_FALSE(policy.ok()) << about;
    EXPECT_EQ(TokenOf(policy.status()), problems.front().token);
    EXPECT_EQ(policy.status().message().find('\n'), std::string::npos) << policy.status();
    for (const PolicyProblem& problem : problems) EXPECT_NE(ToStd(policy.status().message()).find(problem.ToString()), std::string::npos) << about;
  }
}

TEST(Policy_Broken, AllErrorsOfADocumentAreToldInOrder) {
  const Json::Array& cases = *File().Find("many")->if_array();
  EXPECT_GE(cases.size(), 6u);
  for (const Json& one : cases) {
    const std::vector<PolicyProblem> problems = Policy::Check(Broken(one, *one.Find("edits")->if_array()));
    const Json::Array& told = *one.Find("problems")->if_array();
    ASSERT_EQ(problems.size(), told.size()) << TextOf(one, "about");
    EXPECT_GE(problems.size(), 2u);
    for (std::size_t i = 0; i < told.size(); ++i) ExpectProblem(problems[i], told[i], TextOf(one, "about"));
  }
}

void CollectProperties(const Json& schema, std::set<std::string>& keys) {
  const Json::Object* object = schema.if_object();
  if (object == nullptr) return;
  for (const auto& [key, value] : *object) {
    if (key == "properties") {
      for (const auto& [name, inner] : *value.if_object()) keys.insert(name);
    }
    CollectProperties(value, keys);
  }
}

TEST(Policy_Broken, EveryKeyOfTheFormAndEveryTokenIsBroken) {
  std::set<std::string> keys, tokens, pointed;
  CollectProperties(*Policy::Schema(Language::kEnglish), keys);
  for (const Json& one : *File().Find("broken")->if_array()) {
    tokens.insert(TextOf(one, "token"));
    std::stringstream pointer(TextOf(one, "pointer"));
    for (std::string part; std::getline(pointer, part, '/');) pointed.insert(part);
  }
  EXPECT_GE(keys.size(), 65u);
  for (const std::string& key : keys) EXPECT_TRUE(pointed.contains(key)) << key;
  for (const char* token : {"unknown_key", "missing_key", "wrong_type", "unknown_signal", "unknown_event", "polled_trigger", "duplicate_rule",
                            "duplicate_step", "unknown_step", "care_rule_sells", "unknown_message", "unknown_rule", "invalid_value"}) {
    EXPECT_TRUE(tokens.contains("policy." + std::string(token))) << token;
  }
  EXPECT_EQ(tokens.size(), 13u);
}

TEST(Policy_Broken, ATextThatIsNoJsonIsOneProblem) {
  const std::vector<PolicyProblem> problems = Policy::CheckText("{\"rapport_policy\": 1,");
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_TRUE(problems.front().token.starts_with("json.")) << problems.front().token;
  EXPECT_EQ(problems.front().pointer, "");
  EXPECT_EQ(problems.front().expected, "a JSON document");
  EXPECT_TRUE(Policy::CheckText(Policy::Default().document().Canonical()).empty());
}

}  // namespace
}  // namespace rapport::policy_test

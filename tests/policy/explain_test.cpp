#include <gtest/gtest.h>

#include "policy/world.hpp"

namespace rapport::policy_test {
namespace {

constexpr Language kLanguages[] = {Language::kEnglish, Language::kJapanese, Language::kKorean, Language::kChinese};

World Window() {
  World world;
  world.Add("", "p", "2026-01-01T00:00:00Z", Softener())
      .Add("c", "o1", "2026-02-18T01:00:00Z", Order("softener", 412000))
      .Add("c", "d1", "2026-02-23T01:00:00Z", PurchaseDelivered{});
  return world;
}

std::vector<std::string> Sentences(const Json& explained) {
  std::vector<std::string> sentences;
  for (const Json& one : *explained.Find("sentences")->if_array()) sentences.push_back(*one.if_string());
  return sentences;
}

TEST(Policy_Explain, SaysEverythingItRestsOn) {
  World world = Window();
  world.Use(OfficeProfile());
  world.Tick("2026-03-01T15:00:00Z");
  const auto view = world.Seen("2026-03-02T15:00:00Z");
  const FollowUpRecord* record = nullptr;
  for (const auto& [id, one] : view->account().followups) {
    if (one.issued.rule == "return-window-closing") record = &one;
  }
  ASSERT_NE(record, nullptr);
  const auto explained = ExplainIssued(view->account(), *record, world.DerivationOf(record->issued_by), Language::kEnglish, TestTexts());
  ASSERT_TRUE(explained.ok()) << explained.status();
  EXPECT_EQ(Sentences(*explained),
            (std::vector<std::string>{"delivered 7 days ago, not a word; return ends 9 Mar (JPY 412,000)",
                                      "contacts since the delivery: 0 (asked: exactly 0)", "7 days before the last day to return: Mon 2 Mar",
                                      "outside the hours for a call", "contact is allowed from Mon 2 Mar 09:00 (profile office)",
                                      "worth JPY 41,200", "rests on 2 events and the policy seven-rules"}))
      << "as it was said when it was issued, not as it would be said today";
  EXPECT_EQ(*explained->Find("state"), Json("open"));
  EXPECT_EQ(*explained->Find("rule"), Json("return-window-closing"));
  EXPECT_EQ(*explained->Find("objective"), Json("Ask only \"any problem?\""));
  EXPECT_EQ(*explained->Find("derivation"), world.DerivationOf(record->issued_by));
}

TEST(Policy_Explain, EveryLeafWithExpectedAndActualInEveryLanguage) {
  World world;
  world.Use(MustParse(R"({"rapport_policy": 1, "name": "p", "rules": [{"name": "a", "purpose": "care", "priority": 1,
      "trigger": {"event": "worry.raised"},
      "when": {"any": [{"signal": "worry.open", "is": ">", "value": 77}, {"not": {"signal": "purchase.count", "is": "in", "value": [31, 32]}},
                       {"all": [{"signal": "account.large", "is": "=", "value": true}, {"signal": "purchase.revenue", "is": "<=", "value": 0.5}]},
                       {"signal": "refusal.last_reason", "is": "=", "value": "money"}, {"signal": "touch.last_at", "is": "known"}]},
      "action": {"channel": "call", "minutes": 5, "headline": "worry", "objective": "worry.listen"}, "expires": {"days": 9}}]})"));
  world.Add("c", "o1", "2026-02-01T01:00:00Z", Order(std::nullopt, 4321)).Add("c", "w1", "2026-03-01T01:00:00Z", WorryRaised{});
  const auto view = world.Seen("2026-03-02T00:00:00Z");
  const AccountDecisions decided = DecideAccount(view->account(), view->input);
  ASSERT_EQ(decided.decisions.size(), 1u);
  for (const Language language : kLanguages) {
    const auto explained = ExplainDecision(view->account(), decided.decisions[0], language, TestTexts());
    ASSERT_TRUE(explained.ok()) << explained.status();
    std::string all;
    for (const std::string& sentence : Sentences(*explained)) {
      EXPECT_LE(DisplayWidth(sentence), 110) << sentence;
      all += sentence + "\n";
    }
    for (const char* leaf : {"worry.open", "purchase.count", "account.large", "purchase.revenue", "refusal.last_reason", "touch.last_at"}) {
      EXPECT_NE(all.find(*Catalogue::Bundled().Word("signal." + std::string(leaf), language)), std::string::npos) << leaf << "\n" << all;
    }
    for (const char* value : {"77", "31, 32", "1", "0.5", "4321", "money"}) EXPECT_NE(all.find(value), std::string::npos) << value << "\n" << all;
  }
  EXPECT_EQ(*ExplainDecision(view->account(), decided.decisions[0], Language::kEnglish, TestTexts())->Find("state"), Json("due"));
}

TEST(Policy_Explain, ADerivationThatIsNotOneIsAnError) {
  const World world = Window();
  const auto view = world.Seen("2026-03-02T00:00:00Z");
  AccountDecisions decided = DecideAccount(view->account(), view->input);
  ASSERT_FALSE(decided.decisions.empty());
  decided.decisions[0].derivation = Json::Object{{"conditions", Json::Object{}}};
  const auto explained = ExplainDecision(view->account(), decided.decisions[0], Language::kEnglish, TestTexts());
  ASSERT_FALSE(explained.ok());
  EXPECT_EQ(TokenOf(explained.status()), "explain.invalid_derivation");
}

TEST(Policy_Derivation, NamesItsInputsAndSurvivesCanonicalJson) {
  const World world = Window();
  const auto decision = world.Find("2026-03-02T00:00:00Z", "return-window-closing");
  ASSERT_TRUE(decision);
  const Json& d = decision->derivation;
  for (const char* member : {"rule", "step", "policy", "policy_name", "as_of", "zone", "zone_rules", "seed", "trigger", "conditions",
                             "permission", "value", "events"}) {
    EXPECT_NE(d.Find(member), nullptr) << member;
  }
  EXPECT_EQ(*d.Find("trigger")->Find("root"), (Json(Json::Object{{"source", "test"}, {"id", "o1"}})));
  EXPECT_EQ(*d.Find("trigger")->Find("due_day"), Json("2026-03-02"));
  EXPECT_EQ(*d.Find("value")->Find("amount"), Json("41200"));
  const auto again = Json::Parse(d.Canonical());
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(*again, d);
}

// --- messages ----------------------------------------------------------------------------------------------------

bool IsOurs(std::string_view key) {
  for (const char* prefix : {"headline.", "objective.", "explain.", "withdrawn.", "agenda.", "policy.", "signal.", "held."}) {
    if (key.starts_with(prefix)) return true;
  }
  return false;
}

// What each argument may be in practice, on the long side.
SentenceArgument Realistic(const std::string& name, Language language) {
  const auto word = [&](const std::string& key) { return *Catalogue::Bundled().Word(key, language); };
  const bool wide = language != Language::kEnglish;
  static const std::map<std::string, SentenceArgument> kNumbers{
      {"days", 365}, {"delivered_days", 14}, {"silent_days", 128}, {"silent_weeks", 52}, {"rhythm_days", 13}, {"rhythm_weeks", 26},
      {"quantity", 1200}, {"minutes", 480}, {"priority", 1000}, {"n", 365}, {"days_early", 14}, {"more", 120}, {"missing", 120}, {"ready", 1320},
      {"holds", 7}, {"in_ten", 9}, {"asked_in_ten", 7}, {"work_hours", 120}, {"free_hours", 88}, {"kept", 120}, {"settled", 365}, {"threshold", 180}, {"actual", 12345.67}, {"value", 12345.67}};
  if (const auto found = kNumbers.find(name); found != kNumbers.end()) return found->second;
  if (name == "at_risk") return Yen(12'345'678);
  if (name == "from" || name == "until") return LocalTime{LocalMinute(2026, 12, 23, 10, 30)};
  if (name == "text" || name == "what") return std::string(wide ? "フィルター交換のあとの臭い" : "smell after the filter change");
  if (name == "unit") return std::string(wide ? "フィルター" : "filters");
  if (name == "hold") return std::string("would not take our call on 9 Feb (refused contact); 60 quiet days");
  if (name == "next") return word("hold.then.weekend");
  if (name == "asked") return *Catalogue::Bundled().Say({"policy.is.at_least", {{"value", 12345.67}}}, language, TestTexts());
  if (name == "moment") {
    return *Catalogue::Bundled().Say({"policy.moment.working_days.before", {{"n", 10}, {"anchor", word("policy.anchor.promise.made.due")}}},
                                     language, TestTexts());
  }
  if (name == "signal") return word("signal.promise.days_to_due");
  if (name == "rule") return std::string("check-in-after-delivery");
  if (name == "policy" || name == "profile") return std::string("fr-d223-9");
  if (name == "anchor") return word("policy.anchor.purchase.placed.return_window_ends");
  if (name == "channel") return std::string(wide ? "ニュースレター" : "newsletter");
  if (name == "purpose") return word("policy.purpose.service");
  if (name == "objective") return word("objective.large-account");
  if (name == "reason") return word("hold.then.do_not_contact");
  if (name == "inner" || name == "left" || name == "right") return word("signal.touch.since_delivery") + ": 0";
  return OnDay("2026-12-23");
}

TEST(Policy_Messages, EverySentenceFitsALineInFourLanguages) {
  const Catalogue& catalogue = Catalogue::Bundled();
  int looked_at = 0;
  for (const Language language : kLanguages) {
    for (const std::string& key : catalogue.Keys(language)) {
      if (!IsOurs(key)) continue;
      Sentence sentence{key, {}};
      const std::vector<std::string> names = *catalogue.ArgumentsOf(key, language);
      for (const std::string& name : names) {
        sentence.arguments[name] = key == "explain.value" ? SentenceArgument(Yen(12'345'678)) : Realistic(name, language);
      }
      const auto said = catalogue.Say(sentence, language, TestTexts());
      ASSERT_TRUE(said.ok()) << key << ": " << said.status();
      EXPECT_LE(DisplayWidth(*said), 110) << key << ": " << *said;
      EXPECT_FALSE(key.starts_with("headline.") && said->ends_with(".")) << key << ": a headline ends without a stop";
      ++looked_at;
    }
  }
  EXPECT_GT(looked_at, 4 * 120);
}

TEST(Policy_Messages, SameKeysAndArgumentsInFourLanguages) {
  const Catalogue& catalogue = Catalogue::Bundled();
  for (const std::string& key : catalogue.Keys(Language::kEnglish)) {
    if (!IsOurs(key)) continue;
    for (const Language language : kLanguages) {
      ASSERT_TRUE(catalogue.Has(key, language)) << key;
      EXPECT_EQ(*catalogue.ArgumentsOf(key, language), *catalogue.ArgumentsOf(key, Language::kEnglish)) << key;
    }
  }
}

}  // namespace
}  // namespace rapport::policy_test

// What a policy says in words, and the titles of its form.
#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "policy/describe.hpp"
#include "policy/documents.hpp"
#include "policy/names.hpp"
#include "policy/world.hpp"

namespace rapport::policy_test {
namespace {

constexpr Language kAll[] = {Language::kEnglish, Language::kJapanese, Language::kKorean, Language::kChinese};

const Json::Array& ValidDocuments() {
  static const Json file = FileJson("tests/policy/valid_policies.json");
  RAPPORT_INVARIANT(file.if_array() != nullptr, "valid_policies.json is a list");
  return *file.if_array();
}

Policy Named(std::string_view about) {
  for (const Json& one : ValidDocuments()) {
    if (*one.Find("about")->if_string() == about) return *Policy::Parse(*one.Find("policy"));
  }
  ADD_FAILURE() << "no document about " << about;
  return Policy::Default();
}

std::string Said(const Policy& policy, Language language = Language::kEnglish) { return *policy.Describe(language); }

bool Says(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

TEST(Policy_Describe, ValidDocumentsAreTakenAndEverySentenceFitsALine) {
  EXPECT_GE(ValidDocuments().size(), 9u);
  for (const Json& one : ValidDocuments()) {
    const std::string about = *one.Find("about")->if_string();
    const auto policy = Policy::Parse(*one.Find("policy"));
    ASSERT_TRUE(policy.ok()) << about << ": " << policy.status();
    for (const Language language : kAll) {
      const auto whole = policy->Describe(language);
      ASSERT_TRUE(whole.ok()) << about << ": " << whole.status();
      EXPECT_EQ(Says(*whole, "…"), about == "more than a line can hold" && language == Language::kEnglish) << about << "\n" << *whole;
      for (const Rule& rule : policy->rules()) {
        std::vector<std::string> sentences = *DescribeRule(rule, language);
        for (const Step& step : rule.steps) {
          const std::vector<std::string> told = *DescribeStep(step, language);
          sentences.insert(sentences.end(), told.begin(), told.end());
        }
        for (const std::string& sentence : sentences) EXPECT_LE(DisplayWidth(sentence), 110) << sentence;
      }
    }
  }
}

TEST(Policy_Describe, SaysEventsWithTimesAndWords) {
  const std::string text = Said(Named("a rule by an event, all its members"));
  EXPECT_TRUE(text.starts_with("same-evening: on the day of the refusal at 18:00; only where the reason was comparing offers, money or uncertainty; "
                               "if open worries: exactly 0; ")) << text;
  for (const char* part : {"lapses after 4 hours; ", "goal: Thank them; ask for nothing; ends with an order, a refusal or the goal reached; ",
                           "the goal is reached once days since the last purchase: at most 3; ", "begins again only after a new order; ",
                           "one at a time of the group after an offer; ", "at most 5 new ones a colleague and day; ", "waits for the owner's approval; ",
                           "given up where a cap holds it back; ", "worth 7% of purchases expected in a year times mean amount of a purchase (12.50 where not known)\n"}) {
    EXPECT_TRUE(Says(text, part)) << part << "\n" << text;
  }
}

TEST(Policy_Describe, SaysStepsWithWaitsAndBranchesALineEach) {
  const std::string text = Said(Named("a cadence, all its members"));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 4);
  EXPECT_TRUE(Says(text, "; 3 steps, selling, priority 45; ends with a reply, an order, a refusal, a complaint, a meeting or a colleague's answer; "
                         "begins again only once it is over; ")) << text;
  EXPECT_TRUE(Says(text, "counts towards the caps, but does not wait for them\n")) << text;
  EXPECT_TRUE(Says(text, "\n  first: at once; call, 10 min; lapses after 2 days; goal: Thank them; ask for nothing; at most 3 times in one run; "
                         "after nobody there or busy: on to first, 4 working hours later; after wrong number or wants no contact: it ends; "
                         "after objective met: on to visit\n")) << text;
  EXPECT_TRUE(Says(text, "\n  second: 2 working days later at 09:00; only if days since the last contact: more than 1; mail, 5 min; ")) << text;
  EXPECT_TRUE(Says(text, "\n  visit: 48 hours later; visit, 30 min; ")) << text;
}

TEST(Policy_Describe, SaysWhoseWorkItIsAndWhoBeginsLater) {
  const std::string text = Said(Named("whose work it is, and who begins later"));
  EXPECT_TRUE(Says(text, "single: ")) << text;
  EXPECT_TRUE(Says(text, "2 steps, selling, priority 10; whom another customer brought begins at visit; ")) << text;
  EXPECT_TRUE(Says(text, "lapses after 3 days; done by the colleague whom they know best beside the owner; goal: Thank them; ask for nothing.\n")) << text;
  EXPECT_TRUE(Says(text, "lapses after 9 days; done by the owner's manager; goal: Make the offer they asked for.\n")) << text;
}

TEST(Policy_Describe, SaysSilencesCrossingsAndCalendars) {
  const std::string silences = Said(Named("silences"));
  EXPECT_TRUE(Says(silences, "contact: no contact for 90 days; again every 90 days while it stays there; ")) << silences;
  EXPECT_TRUE(Says(silences, "care: nobody cared for them in 1 day; ")) << silences;
  EXPECT_TRUE(Says(silences, "rhythm: no order for 2.5 times their own rhythm; ")) << silences;
  const std::string signals = Said(Named("signals that cross above and below"));
  EXPECT_TRUE(Says(signals, "below: once volume expected in a year: 1500.5 or less; ")) << signals;
  EXPECT_TRUE(Says(signals, "lapses at the end of the day; goal: Say hello, and ask how things are; never a second time for the same customer; ")) << signals;
  EXPECT_TRUE(Says(signals, "checked: once chance that they are still a customer: 0.4 or less; looked at every week; on Monday, Thursday; ")) << signals;
  EXPECT_TRUE(Says(signals, "checked-again: once promises of ours overdue: 2 or more; looked at every 3 days; again every 9 days while it stays there; ")) << signals;
  const std::string calendar = Said(Named("recurrences"));
  EXPECT_TRUE(Says(calendar, "quarterly: every 3 months, counted from the first order; each time the same day at 10:00; ")) << calendar;
  EXPECT_TRUE(Says(calendar, "new-year: every year, counted from the customer's first event; in month 12; on day 1, 15 of the month; 6 times in all; ")) << calendar;
  EXPECT_TRUE(Says(calendar, "weekly: every week, counted from the customer's first event; on Monday, Thursday; each time 1 working day earlier; ")) << calendar;
  EXPECT_TRUE(Says(calendar, "first-monday: every 2 days, counted from the customer's first event; exactly by FREQ=DAILY;INTERVAL=2;UNTIL=20271231; ")) << calendar;
}

TEST(Policy_Describe, SaysTheHoldoutAndTheNumbersOfTeams) {
  const std::string text = Said(Named("holdout and teams"));
  EXPECT_TRUE(Says(text, "\n10% of customers are left alone, to see whether following up helps; what must be done is done for all\n")) << text;
  EXPECT_TRUE(Says(text, "\nteam east: two-steps, Steps, second, Wait, Days: 4 instead of 2\n")) << text;
  EXPECT_TRUE(Says(text, "\nteam east: visit, Worth, Share: 0.02 instead of 0.05\n")) << text;
  EXPECT_TRUE(text.ends_with("\nteam west: visit, Priority: 55 instead of 50\n")) << text;
}

TEST(Policy_Describe, TellsWhatIsWiderThanALineInParts) {
  const std::string text = Said(Named("more than a line can hold"));
  EXPECT_TRUE(Says(text, "if at least one of the next 4; days since somebody last cared: at least 40; all of the next 3; ")) << text;
  EXPECT_TRUE(Says(text, "not the next; at least one of the next 3; ")) << text;
  EXPECT_TRUE(Says(text, "reason of the last refusal: one of instinct, product_knowledge, distrust, uncertainty, comparing or money; or instinct, ")) << text;
  EXPECT_TRUE(Says(text, "asked to call back or wrong number; or an automatic reply or wants no contact; ")) << text;
}

TEST(Policy_Describe, EveryEventAndAnchorHasWords) {
  for (const TriggerEvent& event : kTriggerEvents) {
    for (std::size_t i = 0; i < event.anchor_count; ++i) {
      const std::string key = "policy.anchor." + std::string(event.name) + "." + std::string(NameOf(event.anchors[i]));
      for (const Language language : kAll) EXPECT_TRUE(Catalogue::Bundled().Has(key, language)) << key;
    }
  }
}

// --- titles of the form ------------------------------------------------------------------------------------------
// Everything but titles and descriptions; those it counts.
Json Bare(const Json& schema, int& titles) {
  if (const Json::Array* list = schema.if_array()) {
    Json::Array out;
    for (const Json& one : *list) out.push_back(Bare(one, titles));
    return out;
  }
  const Json::Object* members = schema.if_object();
  if (members == nullptr) return schema;
  Json::Object out;
  for (const auto& [key, value] : *members) {
    const bool is_word = (key == "title" || key == "description") && value.if_string() != nullptr;
    if (is_word) ++titles;
    else out.emplace(key, Bare(value, titles));
  }
  return out;
}

TEST(Policy_SchemaTitles, InEnglishAreThoseOfThePublishedFile) {
  const auto schema = Policy::Schema(Language::kEnglish);
  ASSERT_TRUE(schema.ok()) << schema.status();
  EXPECT_EQ(*schema, FileJson("schemas/policy.schema.json"));
}

TEST(Policy_SchemaTitles, ExistInFourLanguagesAndChangeNothingElse) {
  int in_english = 0;
  const Json bare = Bare(*Policy::Schema(Language::kEnglish), in_english);
  EXPECT_GT(in_english, 250);
  for (const Language language : kAll) {
    int titles = 0;
    const auto schema = Policy::Schema(language);
    ASSERT_TRUE(schema.ok()) << schema.status();
    EXPECT_EQ(Bare(*schema, titles), bare);
    EXPECT_EQ(titles, in_english);
  }
  EXPECT_EQ(*Policy::Schema(Language::kJapanese)->Find("properties")->Find("rules")->Find("title"), Json("規則"));
}

TEST(Policy_SchemaTitles, EveryPropertyAndEveryWordHasOne) {
  const Json schema = *Policy::Schema(Language::kKorean);
  for (const auto& [name, form] : *schema.Find("$defs")->if_object()) {
    EXPECT_NE(form.Find("title"), nullptr) << name;
    if (const Json* own = form.Find("properties")) {
      for (const auto& [key, property] : *own->if_object()) EXPECT_NE(property.Find("title"), nullptr) << name << "." << key;
    }
    if (const Json* choice = form.Find("oneOf")) {
      for (const Json& word : *choice->if_array()) {
        const bool is_form = word.Find("const") == nullptr;
        EXPECT_TRUE(is_form || word.Find("title") != nullptr) << name;
      }
    }
  }
}

TEST(Policy_SchemaTitles, NoneIsWiderThanALineOrUnused) {
  std::set<std::string> keys;
  for (const Language language : kAll) {
    for (const std::string& key : Catalogue::Bundled().Keys(language)) {
      if (!key.starts_with("schema.")) continue;
      keys.insert(key);
      EXPECT_TRUE(Catalogue::Bundled().ArgumentsOf(key, language)->empty()) << key;
      EXPECT_LE(DisplayWidth(*Catalogue::Bundled().Word(key, language)), 110) << key;
      EXPECT_TRUE(Catalogue::Bundled().Has(key, Language::kEnglish)) << key;
    }
  }
  const std::string text = Policy::Schema(Language::kEnglish)->Canonical() + PermissionProfile::Schema(Language::kEnglish)->Canonical();
  for (const std::string& key : keys) {
    const std::string said = Json(*Catalogue::Bundled().Word(key, Language::kEnglish)).Canonical();
    EXPECT_NE(text.find(said), std::string::npos) << key;
  }
}

}  // namespace
}  // namespace rapport::policy_test

// The card of Hotel Kaien as golden files, and cards of all that is due on Monday.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "engine/office.hpp"

namespace rapport {
namespace {

Instant Eight() { return At("2026-03-02T08:00:00+09:00"); }

absl::StatusOr<Engine> FittedOffice() {
  absl::StatusOr<Engine> engine = Engine::InMemory();
  EXPECT_TRUE(engine.ok());
  EXPECT_TRUE(engine->AppendLines(ReadText(OfficePath())).ok());
  EXPECT_TRUE(engine->FitAll(MondayMorning()).ok());
  return engine;
}

// The follow-up of a customer that Monday asks for; empty where there is none.
FollowUpId DueFor(Engine& engine, const char* customer) {
  const CustomerId id = CustomerId::Trusted(customer);
  const auto decided = engine.Decide(ReadAt{MondayMorning()}, std::span(&id, 1));
  EXPECT_TRUE(decided.ok()) << decided.status();
  for (const AccountDecisions& one : *decided) {
    for (const Decision& d : one.decisions) {
      if (d.status == DecisionStatus::kDue) return d.followup;
    }
  }
  return {};
}

class OfficeCard : public testing::TestWithParam<Language> {};

TEST_P(OfficeCard, IsTheGoldenFile) {
  auto engine = FittedOffice();
  ASSERT_TRUE(engine->Tick(ReadAt{MondayMorning()}).ok());
  const FollowUpId hotel = DueFor(*engine, "c-hotel-kaien");
  const auto text = engine->CardText(hotel, ReadAt{Eight()}, GetParam());
  ASSERT_TRUE(text.ok()) << text.status();
  EXPECT_EQ(*text, ReadText(std::string(RAPPORT_SOURCE_DIR) + "/examples/office/card." + std::string(LanguageCode(GetParam())) + ".txt"));
}

INSTANTIATE_TEST_SUITE_P(Languages, OfficeCard,
                         testing::Values(Language::kEnglish, Language::kJapanese, Language::kKorean, Language::kChinese),
                         [](const auto& info) { return std::string(LanguageCode(info.param)); });

// What the office's card is written for.
TEST(OfficeCard, SaysWhatARepWouldWantToKnow) {
  const std::string text = ReadText(std::string(RAPPORT_SOURCE_DIR) + "/examples/office/card.en.txt");
  for (const char* piece : {"Hotel Kaien · Mr Baba (facilities) · 60 min · purpose care: nothing to sell today",
                            "Goal, judged tonight yes/no: \"we know who decides the refit, and by when\"",
                            "Open with: \"How have the 2 softeners run since 9 Dec?\" Then listen.",
                            "fishes (told us 14 Nov).", "wants short mails (Mr Kato, 3 Jun).", "We owe: \"water report for both softeners\" by Fri 6 Mar.",
                            "\"noise at night near room 201\" solved in 9 days (20 Jan)", "Other buyers worried: salt refill, 4 of 19; a reminder solved 4 of 4.",
                            "if nobody comes.", "knows Mr Baba too.", "After, 60 s: reached? goal? worry? new fact? promise? next date?"}) {
    EXPECT_NE(text.find(piece), std::string::npos) << piece << "\nin\n" << text;
  }
}

// Pages and header show the office's card: its hour is the plan's everywhere.
TEST(OfficeCard, IsTheOneThatPlanPageAndHeaderShow) {
  const auto read = [](const std::string& name) { return ReadText(std::string(RAPPORT_SOURCE_DIR) + "/" + name); };
  const std::string card = read("examples/office/card.en.txt"), plan = read("examples/office/monday.en.txt");
  const std::string first = card.substr(0, card.find('\n'));
  ASSERT_TRUE(first.starts_with("CARD ")) << first;
  EXPECT_NE(plan.find(" " + first.substr(5, 5) + " visit 60+30m   Hotel Kaien"), std::string::npos) << first;
  for (const char* name : {"docs/card.md", "include/rapport/plan/card.hpp"}) EXPECT_NE(read(name).find(first), std::string::npos) << name;
}

TEST(Card, OfOneThatIsNotIssuedYetIsTheSame) {
  auto engine = FittedOffice();
  const FollowUpId hotel = DueFor(*engine, "c-hotel-kaien");
  const auto before = engine->Card(hotel, ReadAt{MondayMorning()}, Language::kEnglish);
  ASSERT_TRUE(before.ok()) << before.status();
  EXPECT_EQ(*before->Find("facts")->Find("state")->if_string(), "due");
  ASSERT_TRUE(engine->Tick(ReadAt{MondayMorning()}).ok());
  const auto after = engine->Card(hotel, ReadAt{MondayMorning()}, Language::kEnglish);
  ASSERT_TRUE(after.ok()) << after.status();
  EXPECT_EQ(*after->Find("facts")->Find("state")->if_string(), "open");
  EXPECT_EQ(before->Find("text")->Canonical(), after->Find("text")->Canonical());
  EXPECT_EQ(TokenOf(engine->Card(FollowUpId::Trusted("nobody"), ReadAt{MondayMorning()}, Language::kEnglish).status()), "followup.unknown");
  EXPECT_EQ(TokenOf(engine->CardText(FollowUpId::Trusted("nobody"), std::nullopt, Language::kEnglish).status()), "followup.unknown");
}

TEST(Card, OfAllThatMondayAsksForSaysWhyAndNeverArguesWhereItCares) {
  auto engine = FittedOffice();
  ASSERT_TRUE(engine->Tick(ReadAt{MondayMorning()}).ok());
  const auto decided = engine->Decide(ReadAt{Eight()});
  ASSERT_TRUE(decided.ok());
  int cards = 0;
  for (const AccountDecisions& one : *decided) {
    for (const Decision& d : one.decisions) {
      const auto card = engine->Card(d.followup, ReadAt{Eight()}, Language::kEnglish);
      ASSERT_TRUE(card.ok()) << card.status();
      std::set<std::string> sections;
      for (const Json& section : *card->Find("sections")->if_array()) {
        sections.insert(*section.Find("key")->if_string());
        if (*section.Find("key")->if_string() != "why") continue;
        const Json& why = section.Find("lines")->if_array()->front();
        EXPECT_EQ(static_cast<std::int64_t>(why.Find("events")->if_array()->size()), *d.derivation.Find("events")->if_integer()) << d.rule;
      }
      EXPECT_TRUE(sections.contains("goal") && sections.contains("open") && sections.contains("after") && sections.contains("why")) << d.rule;
      EXPECT_TRUE(d.purpose == Purpose::kSell || (!sections.contains("market") && !sections.contains("said_no"))) << d.rule;
      ++cards;
    }
  }
  EXPECT_GT(cards, 10);
}

TEST(Card, EveryEventItCitesIsStored) {
  auto engine = FittedOffice();
  const auto book = engine->Snapshot();
  ASSERT_TRUE(book.ok());
  const FollowUpId hotel = DueFor(*engine, "c-hotel-kaien");
  const auto card = engine->Card(hotel, ReadAt{Eight()}, Language::kEnglish);
  ASSERT_TRUE(card.ok()) << card.status();
  const std::string lines = *engine->ExportLines();
  std::size_t cited = 0;
  for (const Json& section : *card->Find("sections")->if_array()) {
    for (const Json& line : *section.Find("lines")->if_array()) {
      for (const Json& event : *line.Find("events")->if_array()) {
        EXPECT_NE(lines.find("\"id\":\"" + *event.Find("id")->if_string() + "\""), std::string::npos) << event.Canonical();
        ++cited;
      }
    }
  }
  EXPECT_GT(cited, 15u);
}

}  // namespace
}  // namespace rapport

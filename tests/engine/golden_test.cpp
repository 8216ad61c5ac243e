// The office's Monday and a day of CDNOW as golden files, and every sentence within its limit in four languages.
#include <cstdlib>

#include "engine/office.hpp"

namespace rapport {
namespace {

std::string GoldenPath(const std::string& name) { return std::string(RAPPORT_SOURCE_DIR) + "/examples/office/" + name; }

class OfficeMonday : public testing::TestWithParam<Language> {};

TEST_P(OfficeMonday, IsTheGoldenFile) {
  auto engine = Engine::InMemory();
  ASSERT_TRUE(engine.ok());
  ASSERT_TRUE(engine->AppendLines(ReadText(OfficePath())).ok());
  ASSERT_TRUE(engine->FitAll(MondayMorning()).ok());
  const auto plan = engine->Plan({.day = kMonday});
  ASSERT_TRUE(plan.ok()) << plan.status();
  const auto text = engine->PlanText(*plan, GetParam());
  ASSERT_TRUE(text.ok()) << text.status();
  EXPECT_EQ(*text, ReadText(GoldenPath("monday." + std::string(LanguageCode(GetParam())) + ".txt")));
}

INSTANTIATE_TEST_SUITE_P(Languages, OfficeMonday,
                         testing::Values(Language::kEnglish, Language::kJapanese, Language::kKorean, Language::kChinese),
                         [](const auto& info) { return std::string(LanguageCode(info.param)); });

// What stands after Monday: the days on which what has no room, or is held until then, is done.
TEST(OfficeWeek, OfMsSatoIsTheGoldenFile) {
  auto engine = Engine::InMemory();
  ASSERT_TRUE(engine.ok());
  ASSERT_TRUE(engine->AppendLines(ReadText(OfficePath())).ok());
  ASSERT_TRUE(engine->FitAll(MondayMorning()).ok());
  const auto plan = engine->Plan({.day = kMonday, .reps = {RepId::Trusted("r-sato")}, .days = 3});
  ASSERT_TRUE(plan.ok()) << plan.status();
  const auto text = engine->PlanText(*plan, Language::kEnglish);
  ASSERT_TRUE(text.ok()) << text.status();
  EXPECT_EQ(*text, ReadText(GoldenPath("week.en.txt")));
  const std::string monday = ReadText(GoldenPath("monday.en.txt"));
  const std::size_t own = monday.find("Mon 2 Mar 2026 · Sato Miki");
  ASSERT_NE(own, std::string::npos);
  EXPECT_TRUE(text->starts_with(monday.substr(own, monday.find("\n\n", own) - own))) << "the days after take nothing from Monday\n" << *text;
}

// Lines 1 to 5, 7, 8 and the held customer of the Monday that the office is written for.
TEST(OfficeMonday, SaysWhatARepWouldSay) {
  const std::string text = ReadText(GoldenPath("monday.en.txt"));
  for (const char* line : {"180 of 240 min planned (300 less 60 kept free)", "1 09:00 MUST 20m call  Hakata Dental, Dr Mori: promised 10 filters by Wed 4 Mar; 11 are ready. Offer delivery today: \"2 days early, 1 more\".",
                           "3 09:35 MUST 10m call  Kurume Print, Mr Ito: Fri 6 Mar will not hold (11 h work, 8 h free). Agree Thu 12 Mar; it holds 9 times in 10.",
                           "2 09:20 MUST 15m call  Cafe Nagi, Ms Oda: worried since Thu 26 Feb, \"smell after filter change\".",
                           "4 09:45 MUST  5m call  Ohori Clinic, Ms Hara: delivered 7 days ago, not a word; return ends 9 Mar (JPY 412,000). Ask only \"any problem?\"",
                           "10:30 visit 60+30m   Hotel Kaien, Mr Baba: large, nobody there for 41 days; our last 3 calls asked for orders. Learn who decides the refit.",
                           "16:00 call  15m      Yamato Inn, Ms Abe: theirs came 2 days early, they gave 9 of 10. Thank Ms Abe; ask who else has hard water.",
                           "16:15 call  10m      Sakura Laundry, Mr Ono: ordered every 6 weeks, silent for 14. Ask how it runs; no offer.",
                           "Ms Ueno would not take our call on 9 Feb (refused contact); 60 quiet days, then a weekend: Mon 13 Apr 09:00.",
                           "0 customers without a next date"}) {
    EXPECT_NE(text.find(line), std::string::npos) << line << "\nin\n" << text;
  }
}

TEST(Sentences, KeepTheirWidthInEveryLanguage) {
  auto engine = Engine::InMemory();
  ASSERT_TRUE(engine.ok());
  ASSERT_TRUE(engine->AppendLines(ReadText(OfficePath())).ok());
  for (const Language language : {Language::kEnglish, Language::kJapanese, Language::kKorean, Language::kChinese}) {
    const auto plan = engine->Plan({.day = kMonday});
    ASSERT_TRUE(plan.ok());
    const auto table = engine->PlanTable(*plan, language);
    ASSERT_TRUE(table.ok()) << table.status();
    ASSERT_GT(table->rows(), 5u);
    for (std::size_t row = 0; row < table->rows(); ++row) {
      for (const char* column : {"headline", "objective"}) {
        const auto text = std::get<std::string>(table->Find(column)->at(row));
        EXPECT_LE(DisplayWidth(text), 110) << text;
      }
    }
  }
}

TEST(Plan, EveryDecisionOfMondayExplainsItself) {
  auto engine = Engine::InMemory();
  ASSERT_TRUE(engine.ok());
  ASSERT_TRUE(engine->AppendLines(ReadText(OfficePath())).ok());
  const ReadAt at{MondayMorning()};
  const auto decided = engine->Decide(at);
  ASSERT_TRUE(decided.ok());
  int explained = 0;
  for (const AccountDecisions& one : *decided) {
    for (const Decision& d : one.decisions) {
      const auto why = engine->Explain(d.followup, Language::kEnglish, at);
      ASSERT_TRUE(why.ok()) << why.status();
      const Json::Array* sentences = why->Find("sentences")->if_array();
      ASSERT_NE(sentences, nullptr);
      EXPECT_GE(sentences->size(), 2u);
      for (const Json& sentence : *sentences) EXPECT_LE(DisplayWidth(*sentence.if_string()), 110) << *sentence.if_string();
      ++explained;
    }
  }
  EXPECT_GT(explained, 5);
}

// Found in review: ids sort a hand-over before the issue at the same instant; it was lost, and the next one conflicted with it.
TEST(HandOver, AtTheInstantOfTheTickStands) {
  auto engine = Engine::InMemory();
  ASSERT_TRUE(engine.ok());
  ASSERT_TRUE(engine->AppendLines(ReadText(OfficePath())).ok());
  const Instant ten = At("2026-03-02T10:00:00+09:00");
  ASSERT_TRUE(engine->Tick(ReadAt{ten}).ok());
  const auto book = engine->Snapshot();
  const FollowUpId id = (*book)->Find(CustomerId::Trusted("c-cafe-nagi"))->followups.begin()->first;
  const auto first = engine->HandOver(id, ten);
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_TRUE(first->allowed);
  const auto after = engine->Snapshot();
  EXPECT_EQ((*after)->Find(CustomerId::Trusted("c-cafe-nagi"))->followups.at(id).state, FollowUpState::kHandedOver);
  EXPECT_TRUE(engine->HandOver(id, At("2026-03-02T10:01:00+09:00")).ok());
}

TEST(HandOver, ChecksOnceMoreAndRecordsOnce) {
  auto engine = Engine::InMemory();
  ASSERT_TRUE(engine.ok());
  ASSERT_TRUE(engine->AppendLines(ReadText(OfficePath())).ok());
  ASSERT_TRUE(engine->Tick(ReadAt{MondayMorning()}).ok());
  const auto book = engine->Snapshot();
  ASSERT_TRUE(book.ok());
  const std::shared_ptr<const Account> nagi = (*book)->Find(CustomerId::Trusted("c-cafe-nagi"));
  ASSERT_NE(nagi, nullptr);
  ASSERT_EQ(nagi->followups.size(), 1u);
  const FollowUpId id = nagi->followups.begin()->first;
  const auto night = engine->HandOver(id, At("2026-03-02T05:00:00+09:00"));
  ASSERT_TRUE(night.ok()) << night.status();
  EXPECT_FALSE(night->allowed);
  EXPECT_EQ(night->tokens, (std::vector<std::string>{"outside_hours", "rep_away"}));
  const auto day = engine->HandOver(id, At("2026-03-02T09:20:00+09:00"));
  ASSERT_TRUE(day.ok()) << day.status();
  EXPECT_TRUE(day->allowed);
  const auto again = engine->HandOver(id, At("2026-03-02T09:21:00+09:00"));
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_TRUE(again->allowed);
  EXPECT_EQ(TokenOf(engine->HandOver(FollowUpId::Trusted("nobody"), At("2026-03-02T09:30:00+09:00")).status()), "followup.unknown");
  // Solved in the meantime: the reason is gone.
  ASSERT_TRUE(engine->AppendLines(R"({"specversion":"1.0","id":"solved","source":"test","type":"worry.resolved","subject":"c-cafe-nagi",)"
                                  R"("time":"2026-03-02T09:40:00+09:00","data":{}})").ok());
  const auto solved = engine->HandOver(id, At("2026-03-02T09:45:00+09:00"));
  ASSERT_TRUE(solved.ok()) << solved.status();
  EXPECT_FALSE(solved->allowed);
}

}  // namespace
}  // namespace rapport

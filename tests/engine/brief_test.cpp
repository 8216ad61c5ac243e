// The office's brief and report as golden files, and what the engine adds to them: whose accounts are read, and when things were known.
#include "engine/office.hpp"

namespace rapport {
namespace {

std::string GoldenText(const std::string& name) { return ReadText(std::string(RAPPORT_SOURCE_DIR) + "/examples/office/" + name); }

// On Monday morning, with everything fitted.
Engine Office() {
  auto engine = Engine::InMemory();
  EXPECT_TRUE(engine.ok());
  EXPECT_TRUE(engine->AppendLines(ReadText(OfficePath())).ok());
  EXPECT_TRUE(engine->FitAll(MondayMorning()).ok());
  return *std::move(engine);
}
std::string TextOf(const absl::StatusOr<Json>& document) {
  EXPECT_TRUE(document.ok()) << document.status();
  return document.ok() ? *document->Find("text")->if_string() : std::string();
}
std::vector<std::string> KeysOf(const Json& document) {
  std::vector<std::string> keys;
  for (const Json& section : *document.Find("sections")->if_array()) keys.push_back(*section.Find("key")->if_string());
  return keys;
}

class OfficeBrief : public testing::TestWithParam<Language> {};

TEST_P(OfficeBrief, IsTheGoldenFile) {
  Engine engine = Office();
  const std::string name = "brief." + std::string(LanguageCode(GetParam())) + ".txt";
  EXPECT_EQ(TextOf(engine.Brief("Fukuoka", kMonday, std::nullopt, GetParam())), GoldenText(name));
}

TEST_P(OfficeBrief, EverySentenceKeepsItsWidth) {
  Engine engine = Office();
  for (const auto& document : {engine.Brief("Fukuoka", kMonday, std::nullopt, GetParam()), engine.Brief("r-sato", kMonday, std::nullopt, GetParam()),
                               engine.Report(ReadAt{MondayMorning()}, GetParam())}) {
    ASSERT_TRUE(document.ok()) << document.status();
    int lines = 0;
    for (const Json& section : *document->Find("sections")->if_array()) {
      for (const Json& line : *section.Find("lines")->if_array()) {
        EXPECT_LE(DisplayWidth(*line.Find("text")->if_string()), 110) << *line.Find("text")->if_string();
        ++lines;
      }
    }
    EXPECT_GE(lines, 3);
  }
}

INSTANTIATE_TEST_SUITE_P(Languages, OfficeBrief, testing::Values(Language::kEnglish, Language::kJapanese, Language::kKorean, Language::kChinese),
                         [](const auto& info) { return std::string(LanguageCode(info.param)); });

TEST(OfficeReport, IsTheGoldenFile) {
  Engine engine = Office();
  EXPECT_EQ(TextOf(engine.Report(ReadAt{MondayMorning()})), GoldenText("report.en.txt"));
}

// The brief that the office is written for, but for the lines that come with prospects and lessons.
TEST(OfficeBrief, SaysWhatAnOfficeWouldSay) {
  const std::string text = GoldenText("brief.en.txt");
  for (const char* line : {"BRIEF Fukuoka team, Mon 2 Mar (since Fri 27 Feb 00:00)", "Ebisu Dining 2 units, 1 day late; call today, say when.", "At risk: Kurume Print, Fri 6 Mar.",
                           "Heard twice: smell after filter change (", "Cured 3 of 3: a 5-min flush. Put it in the hand-over talk?", "Good: Yamato Inn 9 of 10 after early delivery.",
                           "Slack: visits planned/done 8/4 last week, 8/7 the week before."}) {
    EXPECT_NE(text.find(line), std::string::npos) << line << "\nin\n" << text;
  }
}

TEST(Brief, EveryLineButWhatNobodyKnowsNamesItsEvents) {
  Engine engine = Office();
  const auto brief = engine.Brief("Fukuoka", kMonday);
  ASSERT_TRUE(brief.ok());
  for (const Json& section : *brief->Find("sections")->if_array()) {
    for (const Json& line : *section.Find("lines")->if_array()) EXPECT_FALSE(line.Find("events")->if_array()->empty()) << *line.Find("text")->if_string();
  }
}

TEST(Brief, OfARepIsOfHisOwnCustomers) {
  Engine engine = Office();
  const auto park = engine.Brief("r-park", kMonday);
  ASSERT_TRUE(park.ok()) << park.status();
  const std::string text = *park->Find("text")->if_string();
  EXPECT_NE(text.find("Ebisu Dining"), std::string::npos) << text;
  EXPECT_EQ(text.find("Yamato Inn"), std::string::npos) << text;
  const auto okada = engine.Brief("r-okada", kMonday);
  ASSERT_TRUE(okada.ok());
  EXPECT_EQ(KeysOf(*okada), std::vector<std::string>{"quiet"}) << "a manager without customers of her own";
}

TEST(Brief, TheIndexChangesNothing) {
  Engine engine = Office();
  const std::string cold = TextOf(engine.Brief("Fukuoka", kMonday));
  ASSERT_TRUE(engine.Plan({.day = kMonday, .reps = {RepId::Trusted("r-sato")}}).ok());   // makes the index of reps
  EXPECT_EQ(TextOf(engine.Brief("Fukuoka", kMonday)), cold);
}

// A later event, stored before anybody asks, makes the index too late for Monday: everybody is read, and told is the same.
TEST(Brief, OfARepIsTheSameColdAndWarm) {
  const std::string later = R"({"specversion":"1.0","id":"later","source":"t","type":"feedback.given","subject":"c-sakura-laundry","time":"2026-03-20T08:00:00+09:00","data":{"nps":10,"rep":"r-park"}})";
  for (const char* whose : {"Fukuoka", "r-park", "r-sato", "r-lee", "r-okada"}) {
    Engine warm = Office();
    const std::string before = TextOf(warm.Brief(whose, kMonday));    // makes the index as of Sunday
    ASSERT_TRUE(warm.AppendLines(later).ok());
    Engine cold = Office();
    ASSERT_TRUE(cold.AppendLines(later).ok());
    EXPECT_EQ(TextOf(cold.Brief(whose, kMonday)), before) << whose;
    EXPECT_EQ(TextOf(warm.Brief(whose, kMonday)), before) << whose;
  }
}

// A book of Tokyo, a rep of Los Angeles: his Monday begins seventeen hours later, and what came in his Sunday is known in it.
TEST(Brief, BeginsWithTheDayOfItsOwnZone) {
  auto engine = Engine::InMemory();
  ASSERT_TRUE(engine.ok());
  const auto line = [](const std::string& id, const std::string& type, const std::string& subject, const std::string& time, const std::string& data) {
    return R"({"specversion":"1.0","id":")" + id + R"(","source":"t","type":")" + type + (subject.empty() ? "" : R"(","subject":")" + subject) + R"(","time":")" + time +
           R"(","data":)" + data + "}\n";
  };
  ASSERT_TRUE(engine->AppendLines(line("book", "book.configured", "", "2026-01-01T00:00:00Z", R"({"zone":"Asia/Tokyo"})") +
                                  line("ann", "rep.upserted", "", "2026-01-01T00:00:00Z", R"({"rep":"ann","zone":"America/Los_Angeles","team":"West"})") +
                                  line("c", "customer.upserted", "c", "2026-01-02T00:00:00Z", R"({"kind":"organisation","owner":"ann","name":"Bay Cafe"})") +
                                  line("said", "feedback.given", "c", "2026-03-01T14:00:00-08:00", R"({"nps":10})")).ok());
  const auto brief = engine->Brief("ann", kMonday);
  ASSERT_TRUE(brief.ok()) << brief.status();
  EXPECT_NE(TextOf(brief).find("Bay Cafe 10 of 10."), std::string::npos) << TextOf(brief);
  EXPECT_EQ(TextOf(engine->Brief("ann", kMonday, ReadAt{At("2026-03-02T00:00:00-08:00")})), TextOf(brief));
  EXPECT_EQ(TextOf(engine->Brief("West", kMonday)).find("Bay Cafe"), std::string::npos) << "a team's day is the book's";
}

TEST(Brief, IsOfItsMoment) {
  Engine engine = Office();
  const std::string morning = TextOf(engine.Brief("Fukuoka", kMonday));
  const std::string line = R"({"specversion":"1.0","id":"late","source":"t","type":"feedback.given","subject":"c-sakura-laundry","time":"2026-03-02T08:00:00+09:00","data":{"nps":10}})";
  ASSERT_TRUE(engine.AppendLines(line).ok());
  EXPECT_EQ(TextOf(engine.Brief("Fukuoka", kMonday)), morning);
  const std::string noon = TextOf(engine.Brief("Fukuoka", kMonday, ReadAt{At("2026-03-02T12:00:00+09:00")}));
  EXPECT_NE(noon.find("Sakura Laundry 10 of 10."), std::string::npos) << noon;
}

TEST(Brief, RefusesWhomNobodyKnows) {
  Engine engine = Office();
  EXPECT_EQ(TokenOf(engine.Brief("Osaka", kMonday).status()), "brief.unknown");
  EXPECT_EQ(TokenOf(engine.Adherence(ReadAt{MondayMorning()}, 0).status()), "adherence.invalid_weeks");
  EXPECT_EQ(TokenOf(engine.Adherence(ReadAt{MondayMorning()}, 521).status()), "adherence.invalid_weeks");
  const std::vector<RepId> nobody{RepId::Trusted("r-nobody")};
  EXPECT_EQ(TokenOf(engine.Adherence(ReadAt{MondayMorning()}, 8, nobody).status()), "rep.unknown");
}

TEST(Adherence, OfOneRepIsHisRowsOfAll) {
  Engine engine = Office();
  const auto all = engine.Adherence(ReadAt{MondayMorning()}, 4);
  const std::vector<RepId> park{RepId::Trusted("r-park")};
  const auto one = engine.Adherence(ReadAt{MondayMorning()}, 4, park);
  ASSERT_TRUE(all.ok()) << all.status();
  ASSERT_TRUE(one.ok()) << one.status();
  const auto rows_of = [](const Table& table) {
    std::vector<std::string> rows;
    for (std::size_t row = 0; row < table.rows(); ++row) {
      if (table.Find("rep")->at(row) == Cell(std::string("r-park"))) rows.push_back(table.RowToJson(row).Canonical());
    }
    return rows;
  };
  EXPECT_EQ(rows_of(*one), rows_of(*all));
  EXPECT_EQ(rows_of(*one).size(), 4u);
}

}  // namespace
}  // namespace rapport

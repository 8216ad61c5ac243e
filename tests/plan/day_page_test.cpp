// The page of a day: what it holds, that nothing people write gets out of its place, and that it stays within its size.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <regex>
#include <set>

#include "absl/strings/escaping.h"
#include "plan/made_plan.hpp"
#include "plan/page_files.hpp"
#include "plan/page_model.hpp"
#include "rapport/core/sha256.hpp"
#include "rapport/plan/day_page.hpp"
#include "rapport/plan/plan_print.hpp"

namespace rapport {
namespace {

using made::At;
using made::NamedTexts;
using made::Piece;
using testing::HasSubstr;
using testing::Not;

std::string Page(const DayPlan& plan, const DayPageParts& parts = {}, const Texts& texts = NamedTexts(), Language language = Language::kEnglish) {
  const auto page = DayPage(plan, *made::BookOf(plan), parts, language, texts);
  EXPECT_TRUE(page.ok()) << page.status();
  return page.value_or("");
}

// The page without what the build puts into it.
std::string Written(std::string page) {
  for (const std::string_view part : {PageLibrary(), PageScript(), PageStyle()}) {
    if (const std::size_t at = page.find(part); at != std::string::npos && !part.empty()) page.erase(at, part.size());
  }
  return page;
}

std::size_t Count(const std::string& text, std::string_view what) {
  std::size_t count = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + what.size())) ++count;
  return count;
}

Json Sheet(std::string kind, std::string title, std::string line) {
  const Json events = Json::Array{Json::Object{{"source", "crm"}, {"id", "e-1"}}, Json::Object{{"source", "crm"}, {"id", "e-2"}}};
  const Json said = Json::Object{{"text", std::move(line)}, {"events", events}};
  return Json::Object{{"kind", std::move(kind)},
                      {"title", std::move(title)},
                      {"sections", Json::Array{Json::Object{{"key", "know"}, {"title", "Know"}, {"lines", Json::Array{said, said}}}}},
                      {"facts", Json::Object{}},
                      {"text", "as plain text"}};
}

DayPlan TwoReps() {
  DayPlan plan = made::Monday();
  made::AddRep(plan, "r-lee", {{"c-1", "09:00", true, "p-1"}, {"c-2", "10:30"}, {"c-3", ""}, {.customer = "c-4", .held = true}});
  made::AddRep(plan, "r-sato", {{"c-5", "09:00"}});
  return plan;
}

DayPageParts AllParts() {
  DayPageParts parts;
  parts.team = "Fukuoka";
  parts.brief = Sheet("brief", "BRIEF Fukuoka", "Broken: Park, Ebisu 2 units");
  parts.cards.push_back({made::WorkFor("c-2"), Sheet("card", "CARD 10:30", "fishes")});
  parts.cards.push_back({made::WorkFor("nobody"), Sheet("card", "CARD of nobody", "lost")});
  parts.weeks = {{Day(2026, 2, 16), 8, 7}, {Day(2026, 2, 23), 8, 4}};
  return parts;
}

TEST(DayPage, HoldsPlanBriefCardsHoldBacksAndCharts) {
  const std::string page = Written(Page(TwoReps(), AllParts()));
  EXPECT_THAT(page, testing::StartsWith("<!DOCTYPE html>\n<html lang=\"en\">"));
  for (const char* part : {"<title>Fukuoka · Mon 2 Mar 2026</title>", "<h2 id=\"rep-1-name\">r-lee</h2>", "<time datetime=\"2026-03-02T09:00:00+09:00\">09:00</time>",
                           "<h3>c-1, p-1</h3>", "<strong>MUST</strong>", "60 of 240 min planned (300 less 60 kept free)", "No room today <small>1</small>", "<b>c-3</b>",
                           "Held back <small>1</small>", "<b>c-4</b> asked not to be contacted", "BRIEF Fukuoka", "Broken: Park, Ebisu 2 units", "crm/e-1, crm/e-2", "2 events",
                           "CARD 10:30", "<a class=\"to-card\" href=\"#card-1\" aria-label=\"Card: c-2\">Card</a>", "Minutes of each rep", "Visits planned and done, by week",
                           "<th scope=\"row\">16 Feb</th><td>8</td><td>7</td>", "Held back, by reason", "As known on Sun 1 Mar 15:00"}) {
    EXPECT_THAT(page, HasSubstr(part));
  }
  EXPECT_THAT(page, Not(HasSubstr("CARD of nobody"))) << "a card without a line";
  EXPECT_THAT(page, Not(HasSubstr("{{"))) << "a form that was not filled";
}

TEST(DayPage, SpeaksFourLanguagesAndNamesThem) {
  const std::map<Language, std::pair<std::string, std::string>> expected{{Language::kEnglish, {"en", "Plan of the day"}},
                                                                         {Language::kJapanese, {"ja", "一日の計画"}},
                                                                         {Language::kKorean, {"ko", "하루 계획"}},
                                                                         {Language::kChinese, {"zh-Hans", "当日计划"}}};
  for (const auto& [language, words] : expected) {
    const std::string page = Page(TwoReps(), {}, NamedTexts(), language);
    EXPECT_THAT(page, HasSubstr("<html lang=\"" + words.first + "\">"));
    EXPECT_THAT(page, HasSubstr(words.second));
  }
}

TEST(DayPage, TheSameInputGivesTheSameBytes) { EXPECT_EQ(Page(TwoReps(), AllParts()), Page(TwoReps(), AllParts())); }

TEST(DayPage, EachIdStandsOnceAndEachLinkLeadsToOne) {
  const std::string page = Written(Page(TwoReps(), AllParts()));
  std::set<std::string> ids;
  const std::regex id("\\bid=\"([^\"]*)\""), link("href=\"([^\"]*)\"");
  for (std::sregex_iterator at(page.begin(), page.end(), id), end; at != end; ++at) EXPECT_TRUE(ids.insert((*at)[1]).second) << (*at)[1];
  std::size_t links = 0;
  for (std::sregex_iterator at(page.begin(), page.end(), link), end; at != end; ++at, ++links) {
    const std::string to = (*at)[1];
    EXPECT_EQ(to.front(), '#') << "a page that needs nothing beside it points nowhere else";
    EXPECT_TRUE(ids.contains(to.substr(1))) << to;
  }
  EXPECT_GT(links, 5u);
}

TEST(DayPage, ForbidsTheNetworkAndRunsItsOwnScriptsAlone) {
  const std::string page = Page(TwoReps(), AllParts());
  EXPECT_THAT(page, HasSubstr("content=\"default-src 'none'; style-src 'sha256-"));
  std::size_t at = 0, scripts = 0;
  while ((at = page.find("<script>", at)) != std::string::npos) {
    at += 8;
    const std::string content = page.substr(at, page.find("</script>", at) - at);
    const Digest digest = Sha256(content);
    EXPECT_THAT(page, HasSubstr("'sha256-" + absl::Base64Escape(std::string(digest.begin(), digest.end())) + "'"));
    ++scripts;
  }
  EXPECT_EQ(scripts, PageLibrary().empty() ? 0u : 2u);
  for (const char* word : {"http://", "https://", "url(", "@import", " src=", "style=\"", "onclick"}) EXPECT_THAT(Written(page), Not(HasSubstr(word)));
  EXPECT_THAT(std::string(PageStyle()), Not(HasSubstr("url(")));
  EXPECT_THAT(std::string(PageStyle()), Not(HasSubstr("@import")));
}

TEST(DayPage, Sha256IsThatOfTheStandard) {
  EXPECT_EQ(ToHex(Sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");   // FIPS 180-2, B.1
}

TEST(DayPage, WithoutChartsThereIsNoScript) {
  const std::string page = Page(made::MondayOf({{"c-1", "09:00"}}));
  EXPECT_EQ(Count(page, "<script>"), 0u);
  EXPECT_THAT(page, Not(HasSubstr("<canvas")));
}

TEST(DayPage, ARepWhoHasNothingToDoIsLeftOutOfSeveral) {
  DayPlan plan = TwoReps();
  made::AddRep(plan, "r-idle", {});
  EXPECT_THAT(Page(plan), Not(HasSubstr("r-idle")));
  EXPECT_THAT(Page(plan), HasSubstr("<title>2 reps · Mon 2 Mar 2026</title>"));
  const DayPlan alone = made::MondayOf({});
  EXPECT_THAT(Page(alone), HasSubstr("Nothing is planned."));
  EXPECT_THAT(Page(alone), HasSubstr("<title>r-sato · Mon 2 Mar 2026</title>"));
}

// A rep whose only work the manager has now, and one whose only work waits for another line of the same customer.
DayPlan PassedOnAndWaiting() {
  DayPlan plan = TwoReps();
  made::AddRep(plan, "r-kim", {{"c-6", ""}});
  RepDay& kim = plan.reps.back();
  kim.passed_on.swap(kim.no_room);
  kim.passed_on[0].told = Sentence{"plan.told.manager_has", {{"n", std::int64_t{3}}, {"manager", RepName{RepId::Trusted("r-boss")}}}};
  made::AddRep(plan, "r-park", {{"c-7", ""}});
  plan.reps.back().waits.swap(plan.reps.back().no_room);
  return plan;
}

TEST(DayPage, WhoseWorkWasPassedOnOrWaitsIsThere) {
  const std::string page = Written(Page(PassedOnAndWaiting()));
  for (const char* part : {"r-kim</h2>", "With the manager now <small>1</small>", "<b>c-6</b> c-6 (6 weeks) · Put off on 3 days: r-boss has it now.", "r-park</h2>",
                           "Another day: they hear from us today anyway <small>1</small>", "<b>c-7</b> c-7 (6 weeks)</li>"}) {
    EXPECT_THAT(page, HasSubstr(part));
  }
  EXPECT_THAT(page, HasSubstr("<title>4 reps · Mon 2 Mar 2026</title>"));
}

TEST(DayPage, ALineSaysHowOftenItWasPutOffAndWhoseItWas) {
  DayPlan plan = made::MondayOf({{"c-1", "09:00"}, {"c-2", "10:00"}, {"c-3", ""}});
  EXPECT_THAT(Written(Page(plan)), Not(HasSubstr("<span></span>"))) << "nothing to say of most lines";
  PlanLine& line = plan.reps[0].lines[0];
  line.rolled = 3;
  line.age_days = 5;
  line.passed_from = RepId::Trusted("r-lee");
  plan.reps[0].no_room[0].later = At("2026-03-03T09:00:00+09:00");
  const std::string page = Written(Page(plan));
  EXPECT_THAT(page, HasSubstr("<em>c-1, how it runs</em> <span>Put off on 3 days, 5 days old. From r-lee.</span></p>"));
  EXPECT_THAT(page, HasSubstr("<em>c-2, how it runs</em></p>"));
  EXPECT_THAT(page, HasSubstr("<b>c-3</b> c-3 (6 weeks) · Next room: Tue 3 Mar 09:00."));
}

TEST(DayPage, SaysHowManyVisitsAreWanted) {
  DayPlan plan = made::MondayOf({{"c-1", "09:00"}});
  EXPECT_THAT(Page(plan), Not(HasSubstr("wanted.")));
  plan.reps[0].visit_quota = 5;
  plan.reps[0].visits = 3;
  plan.reps[0].visits_done = 1;
  EXPECT_THAT(Page(plan), HasSubstr("<p class=\"sum\">Visits: 3 planned and 1 done with an outcome, 5 wanted.</p>"));
  plan.reps[0].works = false;
  EXPECT_THAT(Page(plan), Not(HasSubstr("wanted."))) << "of nobody on a day off";
}

TEST(DayPage, LeavesOutWhomTheTextLeavesOut) {
  DayPlan plan = PassedOnAndWaiting();
  made::AddRep(plan, "r-idle", {});
  const auto text = PlanText(plan, *made::BookOf(plan), Language::kEnglish, NamedTexts());
  ASSERT_TRUE(text.ok()) << text.status();
  const std::string page = Written(Page(plan));
  for (const RepDay& day : plan.reps) {
    EXPECT_EQ(page.find(day.rep.text() + "</h2>") != std::string::npos, text->find(day.rep.text() + " · ") != std::string::npos) << day.rep.text();
  }
  EXPECT_EQ(page.find("r-idle"), std::string::npos);
}

TEST(DayPage, WhatPeopleWroteIsTextAndNothingElse) {
  NamedTexts texts;
  const std::string evil = "</script><script>alert(1)</script>\"'><img src=x onerror=alert(1)>&amp;\xE2\x80\xA8";
  for (const char* id : {"c-1", "c-2", "c-3", "c-4", "p-1", "r-lee", "r-sato"}) texts.names[id] = evil;
  DayPageParts parts = AllParts();
  parts.team = evil;
  parts.brief = Sheet("brief", evil, evil);
  parts.cards[0].sheet = Sheet("card", evil, evil);
  const std::string page = Written(Page(TwoReps(), parts, texts));
  EXPECT_THAT(page, Not(HasSubstr("<img")));
  EXPECT_THAT(page, Not(HasSubstr("<script>alert")));
  EXPECT_THAT(page, Not(HasSubstr("onerror=alert(1)>")));
  EXPECT_THAT(page, HasSubstr("&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot;&apos;&gt;&lt;img src=x onerror=alert(1)&gt;&amp;amp;"));
  const std::size_t from = page.find("id=\"chart-numbers\">") + 19;
  const auto numbers = Json::Parse(page.substr(from, page.find("</script>", from) - from));
  ASSERT_TRUE(numbers.ok()) << numbers.status();
  EXPECT_EQ(numbers->Find("minutes")->Find("labels")->if_array()->at(0), Json(evil)) << "the numbers come back as they were";
}

RC_GTEST_PROP(DayPage, NoNameChangesItsShape, ()) {
  const auto nasty = rc::gen::container<std::string>(rc::gen::elementOf(std::string("<>\"'&/{}=!-#^ a")));
  NamedTexts plain, odd;
  for (const char* id : {"c-1", "c-2", "c-3", "c-4", "p-1", "r-lee", "r-sato"}) {
    plain.names[id] = "x";
    odd.names[id] = *nasty;
  }
  const std::string one = Written(Page(TwoReps(), AllParts(), plain)), other = Written(Page(TwoReps(), AllParts(), odd));
  RC_ASSERT(Count(one, "<") == Count(other, "<"));
  RC_ASSERT(Count(one, ">") == Count(other, ">"));
  RC_ASSERT(Count(one, "\"") <= Count(other, "\""));   // more only within the numbers' script, where a backslash stands before it
}

TEST(DayPage, ASheetOfAnotherShapeIsRefusedWithItsMember) {
  const DayPlan plan = TwoReps();
  DayPageParts parts;
  parts.brief = Json::Object{{"title", "x"}, {"sections", Json::Array{Json::Object{{"title", "y"}, {"lines", Json::Array{Json::Object{{"text", 3}}}}}}}};
  const auto page = DayPage(plan, *made::BookOf(plan), parts, Language::kEnglish, NamedTexts());
  ASSERT_FALSE(page.ok());
  EXPECT_EQ(TokenOf(page.status()), "page.wrong_type");
  EXPECT_THAT(std::string(page.status().message()), HasSubstr("brief.sections[0].lines[0].text"));
  parts.brief = Json::Object{{"title", "x"}};
  const auto without = DayPage(plan, *made::BookOf(plan), parts, Language::kEnglish, NamedTexts());
  EXPECT_EQ(TokenOf(without.status()), "page.missing_key");
}

TEST(DayPage, TwentyRepsWithFourHundredVisitsAndCardsStayBelowTwoMegabytes) {
  DayPlan plan = made::Monday();
  DayPageParts parts = AllParts();
  parts.cards.clear();
  for (int rep = 0; rep < 20; ++rep) {
    std::vector<Piece> pieces;
    for (int i = 0; i < 20; ++i) {
      const std::string customer = "c-" + std::to_string(rep) + "-" + std::to_string(i);
      pieces.push_back({customer, FormatMinuteOfDay(540 + 20 * i), i < 5, "p-" + customer});
      Json::Array sections;
      for (int section = 0; section < 9; ++section) {
        const Json line = Json::Object{{"text", std::string(80, 'a')}, {"events", Json::Array{Json::Object{{"source", "crm"}, {"id", "e-" + std::to_string(100 * i + section)}}}}};
        sections.push_back(Json::Object{{"key", "k"}, {"title", "Other buyers worried"}, {"lines", Json::Array{line, line}}});
      }
      parts.cards.push_back({made::WorkFor(customer), Json::Object{{"kind", "card"}, {"title", "CARD 09:00 " + customer}, {"sections", sections}, {"facts", Json::Object{}}}});
    }
    for (int i = 0; i < 200; ++i) pieces.push_back({.customer = "h-" + std::to_string(rep) + "-" + std::to_string(i), .start = "", .held = i % 2 == 0});
    made::AddRep(plan, "r-" + std::to_string(rep), pieces);
  }
  const std::string page = Page(plan, parts);
  EXPECT_LT(page.size(), 2'000'000u);
  EXPECT_EQ(Count(page, "<article "), 400u);
  EXPECT_EQ(Count(page, "<b>h-"), 20u * 2 * 24) << "of what has no room and what is held so many by name";
  EXPECT_EQ(Count(page, "Held back <small>100</small>"), 20u) << "and the others counted";
}

int ScaleOf(std::size_t lines, std::int64_t width) {
  SheetWidths sheet;
  sheet.lines.assign(lines, {20, width});
  sheet.lists = {{60, 60, 60}, {60, 60, 60}};
  const std::vector<std::string_view> order{"", "compact", "dense", "tiny", "bare"};
  return static_cast<int>(std::find(order.begin(), order.end(), PrintScale(sheet)) - order.begin());
}

TEST(PrintScale, MoreOnTheSheetStandsCloser) {
  EXPECT_EQ(ScaleOf(5, 90), 0);
  EXPECT_EQ(ScaleOf(48, 220), 4);
  for (std::size_t lines = 1; lines < 60; ++lines) {
    EXPECT_LE(ScaleOf(lines, 100), ScaleOf(lines + 1, 100)) << lines;
    EXPECT_LE(ScaleOf(lines, 100), ScaleOf(lines, 220)) << lines;
  }
}

}  // namespace
}  // namespace rapport

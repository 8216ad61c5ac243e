// Pages of days and cards as the engine makes them: whose brief stands on one, and that they ask for one day alone.
#include <gmock/gmock.h>

#include "engine/office.hpp"

namespace rapport {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string Line(const std::string& id, const std::string& type, const std::string& subject, const std::string& time, const std::string& data) {
  const std::string whose = subject.empty() ? "" : R"("subject":")" + subject + R"(",)";
  return R"({"specversion":"1.0","id":")" + id + R"(","source":"test","type":")" + type + R"(",)" + whose + R"("time":")" + time +
         R"(:00+09:00","data":)" + data + "}\n";
}

// A customer of a rep who worries since Friday: a call that must be made.
std::string Worried(const std::string& customer, const std::string& rep) {
  return Line("c-" + customer, "customer.upserted", customer, "2026-01-06T09:00",
              R"({"kind":"organisation","name":"Cafe )" + customer + R"(","owner":")" + rep + R"(","zone":"Asia/Tokyo"})") +
         Line("w-" + customer, "worry.raised", customer, "2026-02-27T15:00", R"({"worry":"w-)" + customer + R"(","text":"it smells"})");
}

std::string Rep(const std::string& rep, const std::string& more) {
  return Line("r-" + rep, "rep.upserted", "", "2026-01-05T09:00", R"({"rep":")" + rep + R"(",)" + more + "}");
}

Engine Told(const std::string& lines, const std::string& plan = "{}") {
  auto engine = Engine::InMemory();
  EXPECT_TRUE(engine.ok());
  const auto told = engine->AppendLines(Line("book", "book.configured", "", "2026-01-05T09:00", R"({"zone":"Asia/Tokyo","plan":)" + plan + "}") + lines);
  EXPECT_TRUE(told.ok()) << told.status();
  return *std::move(engine);
}

std::string PageOf(Engine& engine, const PlanRequest& request) {
  const auto page = engine.DayPage(request);
  EXPECT_TRUE(page.ok()) << page.status();
  return page.value_or("");
}

TEST(PageOfTheEngine, HoldsTheBriefOfTheTeamOrOfTheOnlyRep) {
  Engine engine = Told(Rep("kim", R"("team":"East")") + Rep("lee", R"("team":"East")") + Worried("a", "kim") + Worried("b", "lee"));
  EXPECT_THAT(PageOf(engine, {.day = kMonday, .team = "East"}), HasSubstr("BRIEF East team,"));
  const std::string own = PageOf(engine, {.day = kMonday, .reps = {RepId::Trusted("kim")}});
  EXPECT_THAT(own, HasSubstr("id=\"brief\""));
  EXPECT_THAT(own, Not(HasSubstr("BRIEF East team,")));
  EXPECT_THAT(PageOf(engine, {.day = kMonday}), Not(HasSubstr("id=\"brief\""))) << "of several reps of no team";
}

// Found in review: such pages ended in an error where the plan did not.
TEST(PageOfTheEngine, StandsWithoutABriefWhereNobodyHasOne) {
  Engine engine = Told(Worried("a", "never-told-of") + Rep("gone", R"("team":"East","left":"2026-02-01")") + Worried("b", "gone"));
  const std::string page = PageOf(engine, {.day = kMonday, .reps = {RepId::Trusted("never-told-of")}});
  EXPECT_THAT(page, HasSubstr("Cafe a"));
  EXPECT_THAT(page, Not(HasSubstr("id=\"brief\"")));
  EXPECT_EQ(TokenOf(engine.DayPage({.day = kMonday, .team = "East"}).status()), "team.unknown") << "all of whom left";
  EXPECT_EQ(TokenOf(engine.DayPage({.day = kMonday, .reps = {RepId::Trusted("nobody")}}).status()), "rep.unknown") << "what the plan refuses is refused";
}

TEST(PageOfTheEngine, OfATeamThatIsCalledAsARepIsTheTeams) {
  Engine engine = Told(Rep("kim", R"("team":"East")") + Rep("lee", R"("team":"kim")") + Worried("a", "kim") + Worried("b", "lee"));
  const std::string page = PageOf(engine, {.day = kMonday, .team = "kim"});
  EXPECT_THAT(page, HasSubstr("BRIEF kim team,"));
  EXPECT_THAT(page, HasSubstr("Cafe b"));
  EXPECT_THAT(page, Not(HasSubstr("Cafe a")));
}

// A day that is too short for two calls, in a book whose plans show a week.
Engine Short() {
  return Told(Rep("kim", R"("minutes":20,"reserve_minutes":0)") + Worried("a", "kim") + Worried("b", "kim"), R"({"days_ahead":7})");
}

TEST(PageOfTheEngine, ShowsOneDayWhateverTheBookShows) {
  Engine engine = Short();
  const auto plan = engine.Plan({.day = kMonday});
  ASSERT_TRUE(plan.ok()) << plan.status();
  ASSERT_EQ(plan->later.size(), 6u);
  EXPECT_THAT(*engine.PlanText(*plan, Language::kEnglish), HasSubstr("Next room:"));
  const std::string page = PageOf(engine, {.day = kMonday});
  EXPECT_THAT(page, HasSubstr("No room today <small>1</small>"));
  EXPECT_THAT(page, Not(HasSubstr("Next room:"))) << "the days after are not planned for it";
  EXPECT_EQ(page, PageOf(engine, {.day = kMonday, .days = 1}));
  for (const std::int64_t days : {-1, 2, 14, 15}) EXPECT_EQ(TokenOf(engine.DayPage({.day = kMonday, .days = days}).status()), "plan.invalid_days") << days;
}

TEST(CalendarOfTheEngine, ShowsTheDaysThatThePlanShows) {
  Engine engine = Short();
  const auto events = [&](std::int64_t days) {
    const auto text = engine.PlanCalendar({.day = kMonday, .days = days});
    EXPECT_TRUE(text.ok()) << text.status();
    std::size_t count = 0;
    for (std::size_t at = text->find("BEGIN:VEVENT"); at != std::string::npos; at = text->find("BEGIN:VEVENT", at + 1)) ++count;
    return count;
  };
  EXPECT_EQ(events(1), 1u);
  EXPECT_EQ(events(0), 2u) << "as the book says";
}

}  // namespace
}  // namespace rapport

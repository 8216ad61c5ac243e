// What a report counts, period beside period, and what it leaves out.
#include "rapport/plan/report.hpp"

#include <gtest/gtest.h>

#include "plan/told_days.hpp"

namespace rapport {
namespace {

using namespace plan_test;  // NOLINT
using Lines = std::vector<std::string>;

// As of Monday 2 March 2026: the period is 1 February to 2 March, the one before 2 to 31 January.
struct Reported {
  std::unique_ptr<policy_test::World::View> view;
  Sheet sheet;
  explicit Reported(const ToldDays& days, const std::string& at = "2026-03-02T08:00") : view(days.Seen(at)), sheet(MakeReport(*view->book, view->input)) {}
  Lines Of(std::string_view key) const { return LinesOf(sheet, key); }
  double Fact(const std::string& name, std::optional<std::size_t> period = std::nullopt) const { return NumberIn(sheet.facts, name, period); }
};

TEST(Report, OfAnEmptyBookHasOnlyItsTitle) {
  policy_test::World world;
  const auto view = world.Seen("2026-03-01T23:00:00Z");
  const Sheet sheet = MakeReport(*view->book, view->input);
  EXPECT_EQ(policy_test::Say(sheet.title), "REPORT 1 Feb to 2 Mar 2026, beside the 30 days before");
  EXPECT_TRUE(sheet.sections.empty());
}

TEST(Report, OpenAndResolvedWorries) {
  ToldDays days;
  days.Tell("2026-02-25T10:00", "worry.raised", "a", R"({"worry": "1", "product": "filter"})");
  for (const auto& [raised, resolved, id] : {std::tuple{"2026-02-02T10:00", "2026-02-03T10:00", "2"}, {"2026-02-02T10:00", "2026-02-06T10:00", "3"},
                                             {"2026-01-20T10:00", "2026-01-31T23:00", "4"}, {"2025-12-01T10:00", "2026-01-01T10:00", "5"}}) {
    const std::string worry = R"({"worry": ")" + std::string(id) + R"("})";
    days.Tell(raised, "worry.raised", "b", worry);
    days.Tell(resolved, "worry.resolved", "b", worry);
  }
  const Reported report(days);
  EXPECT_EQ(report.Of("worries"), (Lines{"1 open, the oldest since Wed 25 Feb.", "2 resolved, half of them within 1 day; earlier 1 within 11."}));
  EXPECT_EQ(report.Fact("open_worries"), 1);
  EXPECT_EQ(report.Fact("resolved_worries", 0), 2);
  EXPECT_EQ(report.Fact("resolved_worries", 1), 1) << "1 January is 60 days back";
  EXPECT_EQ(report.sheet.Find("worries")->lines[1].events.size(), 2u);
}

TEST(Report, ThePeriodBeginsThirtyDaysBack) {
  ToldDays days;
  days.Tell("2026-02-01T00:00", "referral.made", "a", R"({"referred": "x"})");
  days.Tell("2026-01-31T23:59", "referral.made", "b", R"({"referred": "y"})");
  days.Tell("2026-01-02T00:00", "referral.made", "d", R"({"referred": "z"})");
  days.Tell("2026-01-01T23:59", "referral.made", "e", R"({"referred": "w"})");
  const Reported report(days);
  EXPECT_EQ(report.Of("referrals"), Lines{"1 brought by customers; earlier 2."});
}

TEST(Report, HeardBeforeTheComplaint) {
  ToldDays days;
  days.Tell("2026-02-02T10:00", "worry.raised", "a", R"({"product": "filter"})");
  days.Tell("2026-02-05T10:00", "case.opened", "a", R"({"kind": "claim", "product": "filter"})");
  days.Tell("2026-02-05T10:00", "case.opened", "b", R"({"kind": "claim", "product": "filter"})");
  const Reported report(days);
  EXPECT_EQ(report.Of("heard"), Lines{"1 of 2 who worried or complained were heard by us first."});
  ASSERT_EQ(report.sheet.Find("heard")->lines[0].events.size(), 1u);
  EXPECT_TRUE(report.sheet.Find("heard")->lines[0].events[0].id.starts_with("worry.raised/"));
}

TEST(Report, OrdersPinnedDownAndPromisesKept) {
  ToldDays days;
  days.Tell("2026-02-10T10:00", "promise.made", "a", R"({"promise": "p", "order": "o", "quantity": 2, "unit": "filters", "due": "2026-02-20"})");
  days.Tell("2026-02-10T11:00", "purchase.placed", "a", R"({"order": "o", "lines": [{"product": "filter", "quantity": 2}]})");
  days.Tell("2026-02-18T10:00", "promise.delivered", "a", R"({"promise": "p"})");
  days.Tell("2026-02-11T11:00", "purchase.placed", "b", R"({"order": "o2", "lines": [{"product": "filter", "quantity": 2}]})");
  days.Tell("2026-01-11T11:00", "promise.made", "b", R"({"promise": "q", "due": "2026-01-20"})");
  days.Tell("2026-02-11T11:00", "promise.made", "d", R"({"promise": "r", "due": "2026-02-20"})");
  const Reported report(days);
  EXPECT_EQ(report.Of("coverage"), Lines{"1 of 2 orders with what, how much and by when agreed before."});
  EXPECT_EQ(report.Of("kept"), Lines{"1 of 2 kept, 1 of them earlier or more than promised; earlier 0 of 1."});
}

// --- returns
struct Delivered {
  ToldDays days;
  Delivered() {
    days.Tell("2026-02-01T10:00", "purchase.placed", "a", R"({"order": "o", "currency": "JPY", "lines": [{"product": "filter", "quantity": 2, "amount": "17600"}]})");
    days.Tell("2026-02-03T10:00", "purchase.delivered", "a", R"({"order": "o"})");   // to be given back by 17 February
    days.Tell("2026-02-05T10:00", "worry.raised", "a", R"({"worry": "w", "product": "filter"})");
  }
  void Solved(const std::string& at) { days.Tell(at, "worry.resolved", "a", R"({"worry": "w"})"); }
  void Cared(const std::string& at) { days.Tell(at, "touch", "a", R"({"channel": "call", "direction": "outbound", "purpose": "service", "disposition": "reached"})"); }
};

TEST(Report, KeptAfterAWorryWasSolvedInTheWindow) {
  Delivered one;
  one.Cared("2026-02-06T10:00");
  one.Solved("2026-02-17T20:00");
  EXPECT_EQ(Reported(one.days).Of("returns"), (Lines{"1 order kept after a worry was solved within the return window, JPY 17,600.", "What would have come back otherwise nobody knows."}));
  EXPECT_EQ(Reported(one.days, "2026-02-17T23:00").Of("returns"), Lines{}) << "it may still come back";
}

TEST(Report, NothingIsClaimedWithoutCareInTimeOrOfWhatCameBack) {
  Delivered nobody_came;
  nobody_came.Solved("2026-02-10T10:00");
  EXPECT_EQ(Reported(nobody_came.days).Of("returns"), Lines{});
  Delivered too_late;
  too_late.Cared("2026-02-06T10:00");
  too_late.Solved("2026-02-18T10:00");
  EXPECT_EQ(Reported(too_late.days).Of("returns"), Lines{});
  Delivered came_back;
  came_back.Cared("2026-02-06T10:00");
  came_back.Solved("2026-02-10T10:00");
  came_back.days.Tell("2026-02-12T10:00", "purchase.returned", "a", R"({"order": "o"})");
  EXPECT_EQ(Reported(came_back.days).Of("returns"), Lines{});
}

TEST(Report, AnotherProductsWorryIsNotOfTheOrder) {
  ToldDays days;
  days.Tell("2026-02-01T10:00", "purchase.placed", "a", R"({"order": "o", "lines": [{"product": "filter", "quantity": 2}]})");
  days.Tell("2026-02-03T10:00", "purchase.delivered", "a", R"({"order": "o"})");
  days.Tell("2026-02-05T10:00", "worry.raised", "a", R"({"worry": "w", "product": "pump"})");
  days.Tell("2026-02-06T10:00", "touch", "a", R"({"channel": "call", "direction": "outbound", "disposition": "reached"})");
  days.Tell("2026-02-07T10:00", "worry.resolved", "a", R"({"worry": "w"})");
  EXPECT_EQ(Reported(days).Of("returns"), Lines{});
  days.Tell("2026-02-05T10:00", "worry.raised", "a", R"({"worry": "v"})");
  days.Tell("2026-02-07T10:00", "worry.resolved", "a", R"({"worry": "v"})");
  EXPECT_EQ(Reported(days).Of("returns")[0], "1 order kept after a worry was solved within the return window.") << "without an amount no money is told";
}

// --- contacts and work
TEST(Report, RevisitsReferToEarlierVisits) {
  ToldDays days;
  days.Visit("2026-01-05", "a", "kim", "reached");
  days.Visit("2026-02-05", "a", "kim", "reached");
  days.Visit("2026-02-05", "b", "kim", "reached", "T11:00");
  days.Visit("2026-02-06", "d", "kim", "absent");
  const Reported report(days);
  EXPECT_EQ(report.Of("revisits"), Lines{"1 of 2 visits to customers visited before; earlier 0 of 1."});
  EXPECT_EQ(report.Of("plan"), Lines{"3 of 3 planned done in 4 weeks; in those before 1 of 1."});
}

TEST(Report, CustomersWithoutADate) {
  ToldDays days;
  days.world().Use(Policy::Default());
  EXPECT_EQ(Reported(days).Of("undated"), Lines{"Every customer has a next date, or a reason for none."});
  days.world().Use(policy_test::MustParse(R"({"rapport_policy": 1, "name": "worries", "rules": [{"name": "w", "purpose": "care", "priority": 1,
      "trigger": {"event": "worry.raised"}, "action": {"channel": "call", "minutes": 5, "headline": "worry", "objective": "worry.listen"}, "expires": {"days": 3}}]})"));
  const Reported report(days);
  EXPECT_EQ(report.Of("undated"), Lines{"a, b and 2 more have no next date and no reason for none."});
  EXPECT_EQ(report.Fact("without_date"), 4);
}

TEST(Report, HeldBackByReasonAndRulesThatNeverFired) {
  ToldDays days;
  days.world().Use(policy_test::MustParse(R"({"rapport_policy": 1, "name": "two", "rules": [
      {"name": "heard", "purpose": "care", "priority": 1, "trigger": {"event": "worry.raised"}, "expires": {"days": 30},
       "action": {"channel": "call", "minutes": 5, "headline": "worry", "objective": "worry.listen"}},
      {"name": "help", "purpose": "service", "priority": 1, "trigger": {"event": "case.opened"}, "expires": {"days": 3},
       "action": {"channel": "call", "minutes": 5, "headline": "case", "objective": "case.help"}}]})"));
  days.Tell("2026-02-25T10:00", "worry.raised", "a", R"({})");
  days.Tell("2026-02-25T10:00", "worry.raised", "b", R"({})");
  EXPECT_EQ(Reported(days).Of("rules"), Lines{}) << "nothing was ever issued: nobody knows what would have been";
  days.world().Tick("2026-02-26T00:00:00Z");
  days.Tell("2026-02-27T10:00", "do_not_contact.set", "d", R"({})");
  days.Tell("2026-02-27T11:00", "worry.raised", "d", R"({})");
  const Reported report(days);
  EXPECT_EQ(report.Of("held"), Lines{"a wish not to be contacted: 1."});
  EXPECT_EQ(report.Of("rules"), Lines{"help never fired; not recorded: case.opened."});
}

// a got three letters, b two; d is known and got none; nobody knows e. A letter of more than a year ago counts for nothing.
TEST(Report, WhoGotTooFewLetters) {
  ToldDays days;
  for (const char* customer : {"a", "b", "d"}) {
    days.Tell("2026-01-10T10:00", "touch", customer, R"({"channel": "call", "direction": "outbound", "rep": "kim", "disposition": "reached"})");
  }
  const Reported none(days);
  EXPECT_EQ(none.Of("letters"), Lines{}) << "an office that writes none is not told so";
  EXPECT_EQ(none.Fact("known_customers"), 3);
  EXPECT_EQ(none.Fact("few_letters"), 3);
  const auto write = [&](const std::string& day, const std::string& customer) {
    days.Tell(day + "T10:00", "touch", customer, R"({"channel": "letter", "direction": "outbound", "rep": "kim"})");
  };
  for (const char* day : {"2025-06-10", "2025-09-10", "2025-12-10"}) write(day, "a");
  for (const char* day : {"2025-03-02", "2025-09-10", "2025-12-10"}) write(day, "b");   // the first is 365 days back
  const Reported report(days);
  EXPECT_EQ(report.Of("letters"), Lines{"2 of 3 whom we know got fewer than 3 letters in a year."});
  EXPECT_EQ(report.sheet.Find("letters")->lines[0].events.size(), 2u);
  EXPECT_EQ(report.Fact("few_letters"), 2);
}

TEST(Report, EverySentenceFitsInEveryLanguage) {
  ToldDays days;
  days.Tell("2026-02-25T10:00", "worry.raised", "a", R"({"worry": "1"})");
  days.Visit("2026-02-05", "b", "kim", "reached", "T11:00");
  days.Tell("2026-02-06T10:00", "touch", "b", R"({"channel": "letter", "direction": "outbound", "rep": "kim"})");
  const Reported report(days);
  EXPECT_NE(report.sheet.Find("letters"), nullptr);
  for (const Language language : {Language::kEnglish, Language::kJapanese, Language::kKorean, Language::kChinese}) {
    for (const SheetSection& section : report.sheet.sections) {
      for (const SheetLine& line : section.lines) {
        const std::string said = policy_test::Say(line.sentence, language);
        EXPECT_LE(DisplayWidth(said), 110) << said;
      }
    }
    EXPECT_TRUE(SheetText(report.sheet, language, policy_test::TestTexts()).ok());
  }
}

}  // namespace
}  // namespace rapport

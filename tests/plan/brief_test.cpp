// What a brief tells of a morning, and what it leaves out.
#include "rapport/plan/brief.hpp"

#include <gtest/gtest.h>

#include "plan/told_days.hpp"

namespace rapport {
namespace {

using namespace plan_test;  // NOLINT

const Day kMonday(2026, 3, 2);

Sheet BriefOf(const ToldDays& days, const std::string& whose = "East", Day day = kMonday, const std::optional<std::vector<CustomerId>>& customers = std::nullopt) {
  const auto view = days.Seen(FormatDay(day) + "T00:00");
  const auto scope = BriefScopeOf(view->book->context(), whose, day);
  EXPECT_TRUE(scope.ok()) << scope.status();
  return MakeBrief(*view->book, view->context, *scope, view->input.as_of, customers);
}
std::vector<std::string> Section(const ToldDays& days, std::string_view key, const std::string& whose = "East") { return LinesOf(BriefOf(days, whose), key); }
using Lines = std::vector<std::string>;

TEST(BriefScope, IsSinceTheLastWorkingDay) {
  ToldDays days;
  const auto view = days.Seen("2026-03-02T00:00");
  const auto monday = BriefScopeOf(view->book->context(), "East", kMonday);
  ASSERT_TRUE(monday.ok());
  EXPECT_EQ(monday->since_day, Day(2026, 2, 27));
  EXPECT_EQ(monday->since, At("2026-02-27T00:00:00+09:00"));
  EXPECT_EQ(monday->reps.size(), 2u);
  EXPECT_EQ(BriefScopeOf(view->book->context(), "East", Day(2026, 3, 4))->since_day, Day(2026, 3, 3));
  EXPECT_EQ(BriefScopeOf(view->book->context(), "kim", kMonday)->team, "");
}

TEST(BriefScope, AbsencesHolidaysAndWhoLeft) {
  ToldDays days;
  days.Tell("2026-02-01T09:00", "rep.upserted", "", R"({"rep": "kim", "absences": ["2026-02-26", "2026-02-27"]})");
  days.Tell("2026-02-01T09:00", "rep.upserted", "", R"({"rep": "lee", "left": "2026-02-27"})");
  const auto view = days.Seen("2026-03-02T00:00");
  const auto team = BriefScopeOf(view->book->context(), "East", kMonday);
  ASSERT_TRUE(team.ok());
  EXPECT_EQ(team->reps, std::set<RepId>{RepId::Trusted("kim")}) << "who left is of the team no more";
  EXPECT_EQ(team->since_day, Day(2026, 2, 25));
}

TEST(BriefScope, ATeamThatIsCalledAsARepIsATeamWhereATeamIsMeant) {
  ToldDays days;
  days.Tell("2026-02-01T09:00", "rep.upserted", "", R"({"rep": "lee", "team": "kim"})");
  const auto view = days.Seen("2026-03-02T00:00");
  const BookContext& context = view->book->context();
  const RepId kim = RepId::Trusted("kim"), lee = RepId::Trusted("lee");
  ASSERT_TRUE(BriefScopeOfTeam(context, "kim", kMonday).has_value());
  EXPECT_EQ(BriefScopeOfTeam(context, "kim", kMonday)->team, "kim");
  EXPECT_EQ(BriefScopeOfTeam(context, "kim", kMonday)->reps, std::set<RepId>{lee});
  ASSERT_TRUE(BriefScopeOfRep(context, kim, kMonday).has_value());
  EXPECT_EQ(BriefScopeOfRep(context, kim, kMonday)->reps, std::set<RepId>{kim});
  EXPECT_EQ(BriefScopeOfRep(context, kim, kMonday)->team, "");
  EXPECT_EQ(BriefScopeOf(context, "kim", kMonday)->reps, std::set<RepId>{kim}) << "asked without saying which, the rep";
  EXPECT_FALSE(BriefScopeOfTeam(context, "lee", kMonday).has_value());
  EXPECT_FALSE(BriefScopeOfRep(context, RepId::Trusted("East"), kMonday).has_value());
}

TEST(BriefScope, OfATeamThatEverybodyLeftIsNone) {
  ToldDays days;
  for (const std::string rep : {"kim", "lee"}) days.Tell("2026-02-01T09:00", "rep.upserted", "", R"({"rep": ")" + rep + R"(", "left": "2026-02-27"})");
  const auto view = days.Seen("2026-03-02T00:00");
  EXPECT_FALSE(BriefScopeOfTeam(view->book->context(), "East", kMonday).has_value());
  EXPECT_TRUE(BriefScopeOfTeam(view->book->context(), "East", Day(2026, 2, 26)).has_value());
}

TEST(BriefScope, NamesWhatThereIs) {
  ToldDays days;
  const auto view = days.Seen("2026-03-02T00:00");
  const auto nobody = BriefScopeOf(view->book->context(), "West", kMonday);
  EXPECT_EQ(TokenOf(nobody.status()), "brief.unknown");
  EXPECT_NE(std::string(ToStd(nobody.status().message())).find("\"East\""), std::string::npos) << nobody.status();
}

TEST(Brief, TellsNothingOfAQuietMorning) {
  ToldDays days;
  const Sheet sheet = BriefOf(days);
  EXPECT_EQ(policy_test::Say(sheet.title), "BRIEF East team, Mon 2 Mar (since Fri 27 Feb 00:00)");
  ASSERT_EQ(sheet.sections.size(), 1u);
  EXPECT_EQ(LinesOf(sheet, "quiet"), Lines{"Nothing broken, nothing heard twice, nothing else to tell."});
}

TEST(Brief, WhatBrokeSinceThenIsStillOwed) {
  ToldDays days;
  const std::string made = days.Tell("2026-02-18T10:00", "promise.made", "a", R"({"promise": "p", "quantity": 2, "unit": "units", "due": "2026-02-27", "rep": "kim"})");
  const Sheet sheet = BriefOf(days);
  EXPECT_EQ(LinesOf(sheet, "broken"), Lines{"kim, a 2 units, 1 day late; call today, say when."});
  ASSERT_EQ(sheet.Find("broken")->lines[0].events.size(), 1u);
  EXPECT_EQ(sheet.Find("broken")->lines[0].events[0].id, made);
  EXPECT_EQ(NumberIn(sheet.facts, "broken"), 1);
  EXPECT_EQ(Section(days, "broken", "lee"), Lines{}) << "it is not hers";
}

TEST(Brief, PartOfItAndThingsWithoutAQuantity) {
  ToldDays days;
  days.Tell("2026-02-18T10:00", "promise.made", "a", R"({"promise": "p", "quantity": 4, "unit": "units", "due": "2026-02-27", "rep": "kim"})");
  days.Tell("2026-02-26T10:00", "promise.delivered", "a", R"({"promise": "p", "quantity": 1})");
  days.Tell("2026-02-18T10:00", "promise.made", "e", R"({"promise": "q", "due": "2026-02-27"})");
  EXPECT_EQ(Section(days, "broken"), (Lines{"kim, a 3 of 4 units missing, 1 day late; call today, say when.", "lee, e \"(gone)\", 1 day late; call today, say when."}));
}

TEST(Brief, WhatCameLateIsToldOnce) {
  ToldDays days;
  days.Tell("2026-02-18T10:00", "promise.made", "a", R"({"promise": "p", "quantity": 2, "unit": "units", "due": "2026-02-25", "rep": "kim"})");
  days.Tell("2026-02-27T10:00", "promise.delivered", "a", R"({"promise": "p"})");
  EXPECT_EQ(Section(days, "broken"), Lines{"kim, a: came 2 days late; ask what it cost them."});
  EXPECT_EQ(LinesOf(BriefOf(days, "East", Day(2026, 3, 3)), "broken"), Lines{});
}

TEST(Brief, OlderBrokenPromisesAreCounted) {
  ToldDays days;
  days.Tell("2026-01-18T10:00", "promise.made", "a", R"({"promise": "p", "due": "2026-02-02"})");
  days.Tell("2026-01-18T10:00", "promise.made", "b", R"({"promise": "q", "due": "2026-02-03"})");
  const Sheet sheet = BriefOf(days);
  EXPECT_EQ(LinesOf(sheet, "broken"), Lines{"2 more from before are still owed."});
  EXPECT_EQ(NumberIn(sheet.facts, "broken"), 0);
  EXPECT_EQ(NumberIn(sheet.facts, "still_owed"), 2);
}

TEST(Brief, WhatWasToldLateIsNews) {
  ToldDays days;
  days.Tell("2026-01-18T10:00", "promise.made", "a", R"({"promise": "p", "due": "2026-02-02", "quantity": 1, "unit": "unit"})", "2026-02-27T18:00");
  ASSERT_EQ(Section(days, "broken").size(), 1u);
  EXPECT_EQ(Section(days, "broken")[0], "kim, a 1 unit, 20 days late; call today, say when.");
}

TEST(Brief, KeptWithdrawnAndTheirHomeworkAreNotBroken) {
  ToldDays days;
  days.Tell("2026-02-18T10:00", "promise.made", "a", R"({"promise": "kept", "due": "2026-02-27"})");
  days.Tell("2026-02-27T10:00", "promise.delivered", "a", R"({"promise": "kept"})");
  days.Tell("2026-02-18T10:00", "promise.made", "a", R"({"promise": "back", "due": "2026-02-27"})");
  days.Tell("2026-02-26T10:00", "promise.withdrawn", "a", R"({"promise": "back"})");
  days.Tell("2026-02-18T10:00", "promise.made", "b", R"({"promise": "theirs", "due": "2026-02-27", "by": "customer"})");
  days.Tell("2026-02-18T10:00", "promise.made", "b", R"({"promise": "moved", "due": "2026-02-27"})");
  days.Tell("2026-02-26T10:00", "promise.revised", "b", R"({"promise": "moved", "due": "2026-03-20", "agreed": true})");
  EXPECT_EQ(Section(days, "broken"), Lines{});
}

// --- words that were given anew
TEST(Brief, AWordGivenAnewIsJudgedByItsOwnDay) {
  ToldDays days;
  days.Tell("2026-01-18T10:00", "promise.made", "a", R"({"promise": "p", "due": "2026-02-02", "rep": "kim"})");
  days.Tell("2026-02-05T10:00", "promise.revised", "a", R"({"promise": "p", "due": "2026-03-04", "agreed": true})");
  days.Tell("2026-02-27T10:00", "promise.delivered", "a", R"({"promise": "p"})");
  EXPECT_EQ(Section(days, "broken"), Lines{}) << "that it broke on 2 February was known, and it came before the new day";
  EXPECT_EQ(Section(days, "good"), Lines{"a 5 days early."});
}

TEST(Brief, RevisedAfterItsDayIsToldAsThat) {
  ToldDays days;
  const std::string made = days.Tell("2026-02-18T10:00", "promise.made", "a", R"({"promise": "p", "due": "2026-02-26", "rep": "kim"})");
  const std::string revised = days.Tell("2026-02-27T10:00", "promise.revised", "a", R"({"promise": "p", "due": "2026-03-12", "agreed": true})");
  const Sheet sheet = BriefOf(days);
  EXPECT_EQ(LinesOf(sheet, "broken"), Lines{"kim, a: missed 26 Feb, agreed anew for Thu 12 Mar."});
  ASSERT_EQ(sheet.Find("broken")->lines[0].events.size(), 2u);
  EXPECT_EQ(sheet.Find("broken")->lines[0].events[0].id, made);
  EXPECT_EQ(sheet.Find("broken")->lines[0].events[1].id, revised);
  EXPECT_EQ(LinesOf(BriefOf(days, "East", Day(2026, 3, 3)), "broken"), Lines{}) << "told once";
  // It comes within the new word: nothing of it is late.
  days.Tell("2026-03-10T10:00", "promise.delivered", "a", R"({"promise": "p"})");
  EXPECT_EQ(LinesOf(BriefOf(days, "East", Day(2026, 3, 11)), "broken"), Lines{});
}

TEST(Brief, RevisedBeforeItsDayIsNotBroken) {
  ToldDays days;
  days.Tell("2026-02-18T10:00", "promise.made", "a", R"({"promise": "p", "due": "2026-02-27", "rep": "kim"})");
  days.Tell("2026-02-27T10:00", "promise.revised", "a", R"({"promise": "p", "due": "2026-03-12", "agreed": true})");
  EXPECT_EQ(Section(days, "broken"), Lines{});
}

TEST(Brief, GivenAnewAndNothingCame) {
  ToldDays days;
  days.Tell("2026-01-18T10:00", "promise.made", "a", R"({"promise": "p", "due": "2026-02-02", "quantity": 2, "unit": "units", "rep": "kim"})");
  days.Tell("2026-02-05T10:00", "promise.revised", "a", R"({"promise": "p", "due": "2026-02-27", "agreed": true})");
  const Sheet sheet = BriefOf(days);
  EXPECT_EQ(LinesOf(sheet, "broken"), Lines{"kim, a 2 units, 1 day late; call today, say when."}) << "of the word that holds, once";
  EXPECT_EQ(sheet.Find("broken")->lines[0].events.size(), 2u);
}

// --- no more than can be read out, and no years in a night
TEST(Brief, EightAreReadOutAndTheRestCounted) {
  ToldDays days;
  for (int i = 10; i < 20; ++i) {
    const std::string id = std::to_string(i);
    days.Tell("2026-02-10T10:00", "promise.made", "a", R"({"promise": "p)" + id + R"(", "due": "2026-02-)" + (i == 10 ? "26" : "27") + R"(", "quantity": )" + id + R"(, "unit": "units", "rep": "kim"})",
              "2026-02-27T10:00");
    days.Tell("2026-02-27T12:00", "feedback.given", "b", R"({"nps": 10})");
  }
  const Sheet sheet = BriefOf(days);
  const Lines broken = LinesOf(sheet, "broken");
  ASSERT_EQ(broken.size(), 9u);
  EXPECT_EQ(broken[0], "kim, a 10 units, 2 days late; call today, say when.") << "the latest first";
  EXPECT_NE(broken[1].find("1 day late"), std::string::npos) << broken[1];
  EXPECT_EQ(broken[8], "2 more of these.");
  EXPECT_EQ(sheet.Find("broken")->lines[8].events.size(), 2u);
  EXPECT_EQ(NumberIn(sheet.facts, "broken"), 10);
  EXPECT_EQ(LinesOf(sheet, "good").size(), 9u);
  EXPECT_EQ(NumberIn(sheet.facts, "good"), 10);
}

TEST(Brief, YearsThatAreToldInANightAreNoNews) {
  ToldDays days;
  const std::string sunday = "2026-03-01T20:00";
  days.Tell("2024-05-02T10:00", "feedback.given", "a", R"({"nps": 10})", sunday);
  days.Tell("2024-05-02T11:00", "referral.made", "a", R"({"referred": "z"})", sunday);
  days.Tell("2024-05-02T10:00", "promise.made", "a", R"({"promise": "early", "due": "2024-06-03"})", sunday);
  days.Tell("2024-05-20T10:00", "promise.delivered", "a", R"({"promise": "early"})", sunday);
  days.Tell("2024-05-02T10:00", "promise.made", "a", R"({"promise": "late", "due": "2024-06-03"})", sunday);
  days.Tell("2024-06-20T10:00", "promise.delivered", "a", R"({"promise": "late"})", sunday);
  days.Tell("2024-05-02T10:00", "touch", "a", R"({"channel": "call", "direction": "outbound", "rep": "kim", "disposition": "reached", "objective_met": true})", sunday);
  EXPECT_NE(BriefOf(days).Find("quiet"), nullptr);
  days.Tell("2026-02-12T23:59", "feedback.given", "a", R"({"nps": 10})", sunday);   // the fifteenth day before
  EXPECT_EQ(Section(days, "good"), Lines{});
  days.Tell("2026-02-13T00:00", "feedback.given", "b", R"({"nps": 9})", sunday);
  EXPECT_EQ(Section(days, "good"), Lines{"b 9 of 10."});
}

// --- heard twice
void Worry(ToldDays& days, const std::string& at, const std::string& customer, const std::string& topic = "smell") {
  days.Tell(at, "worry.raised", customer, R"({"worry": "w-)" + customer + topic + R"(", "product": "filter", "topic": ")" + topic + R"("})");
}
void Solve(ToldDays& days, const std::string& at, const std::string& customer, const std::string& remedy) {
  days.Tell(at, "worry.resolved", customer, R"({"worry": "w-)" + customer + R"(smell", "remedy": ")" + remedy + R"("})");
}

TEST(Brief, HeardTwiceWithWhatCuredIt) {
  ToldDays days;
  Worry(days, "2026-02-25T10:00", "a");
  Solve(days, "2026-02-27T10:00", "a", "a 5-min flush");
  Worry(days, "2026-02-26T10:00", "e");
  const Sheet sheet = BriefOf(days);
  EXPECT_EQ(LinesOf(sheet, "heard"), (Lines{"smell (a, e).", "Cured 1 of 1: a 5-min flush. Put it in the hand-over talk?"}));
  EXPECT_EQ(sheet.Find("heard")->lines[0].events.size(), 2u);
  const Json::Array& topics = *sheet.facts.at("topics").if_array();
  ASSERT_EQ(topics.size(), 1u);
  EXPECT_EQ(*topics[0].Find("cured")->if_number(), 1);
}

TEST(Brief, OnceIsNotTwice) {
  ToldDays days;
  Worry(days, "2026-02-25T10:00", "a");
  days.Tell("2026-02-26T10:00", "worry.raised", "a", R"({"worry": "again", "product": "filter", "topic": "smell"})");
  Worry(days, "2026-02-26T11:00", "e", "noise");
  EXPECT_EQ(Section(days, "heard"), Lines{});
}

TEST(Brief, WhatIsSettledBeforeOrLongAgoIsNoNews) {
  ToldDays settled;
  for (const char* customer : {"a", "b"}) {
    Worry(settled, "2026-02-23T10:00", customer);
    Solve(settled, "2026-02-24T10:00", customer, "a flush");
  }
  EXPECT_EQ(Section(settled, "heard"), Lines{});
  ToldDays old;
  Worry(old, "2026-02-16T23:00", "a");   // the fifteenth day back
  Worry(old, "2026-02-27T10:00", "b");
  EXPECT_EQ(Section(old, "heard"), Lines{});
}

TEST(Brief, OfManyTopicsThreeAreReadOut) {
  ToldDays days;
  for (const char* topic : {"hum", "leak", "rust", "smell"}) {
    for (const char* customer : {"a", "b"}) Worry(days, "2026-02-27T10:00", customer, topic);
  }
  days.Tell("2026-02-27T11:00", "worry.raised", "d", R"({"worry": "x", "product": "filter", "topic": "smell"})");
  const Sheet sheet = BriefOf(days);
  EXPECT_EQ(LinesOf(sheet, "heard"), (Lines{"smell (a, b, d).", "hum (a, b).", "leak (a, b)."}));
  EXPECT_EQ(sheet.facts.at("topics").if_array()->size(), 4u);
}

// A colleague of another team: his customers are read where nobody says whose they are, and are no business of this team.
TEST(Brief, WhatOthersHearIsTheirs) {
  ToldDays days;
  days.Tell("2025-06-02T09:00", "rep.upserted", "", R"({"rep": "moon", "team": "West", "zone": "Asia/Tokyo"})");
  days.Tell("2025-06-02T10:00", "customer.upserted", "w", R"({"kind": "organisation", "owner": "moon"})");
  Worry(days, "2026-02-27T10:00", "w");
  Worry(days, "2026-02-27T10:00", "a");
  days.Tell("2026-02-27T10:00", "feedback.given", "w", R"({"nps": 10})");
  days.Tell("2026-02-27T11:00", "referral.made", "w", R"({"referred": "z"})");
  EXPECT_EQ(Section(days, "heard"), Lines{});
  EXPECT_EQ(Section(days, "good"), Lines{});
  EXPECT_EQ(Section(days, "good", "West"), (Lines{"w 10 of 10.", "w brought z."}));
}

TEST(Brief, FourCustomersAreTwoAndTwoMore) {
  ToldDays days;
  for (const char* customer : {"a", "b", "d", "e"}) Worry(days, "2026-02-27T10:00", customer);
  EXPECT_EQ(Section(days, "heard"), Lines{"smell (a, b and 2 more)."});
}

TEST(Brief, WithoutATopicTheProductIsNamed) {
  ToldDays days;
  for (const char* customer : {"a", "b"}) days.Tell("2026-02-27T10:00", "worry.raised", customer, R"({"product": "filter"})");
  for (const char* customer : {"a", "b"}) days.Tell("2026-02-27T10:00", "worry.raised", customer, R"({})");
  EXPECT_EQ(Section(days, "heard"), Lines{"Filter (a, b)."}) << "a worry about nothing is like no other";
}

// --- good
TEST(Brief, AScoreAfterAnEarlyDelivery) {
  ToldDays days;
  days.Tell("2026-02-13T10:00", "purchase.placed", "a", R"({"order": "o", "lines": [{"product": "filter", "quantity": 1}]})");
  days.Tell("2026-02-13T10:00", "promise.made", "a", R"({"promise": "p", "order": "o", "quantity": 1, "unit": "filter", "due": "2026-03-01"})");
  days.Tell("2026-02-27T09:00", "promise.delivered", "a", R"({"promise": "p"})");
  days.Tell("2026-02-27T10:00", "feedback.given", "a", R"({"nps": 9, "order": "o"})");
  days.Tell("2026-02-27T10:00", "feedback.given", "b", R"({"csat": 5})");
  days.Tell("2026-02-27T10:00", "feedback.given", "d", R"({"nps": 8})");
  EXPECT_EQ(Section(days, "good"), (Lines{"a 9 of 10 after early delivery.", "b 5 of 5."})) << "what came early is told once";
}

TEST(Brief, EarlyDeliveriesAndReferrals) {
  ToldDays days;
  days.Tell("2026-02-13T10:00", "promise.made", "a", R"({"promise": "p", "due": "2026-03-01"})");
  days.Tell("2026-02-27T09:00", "promise.delivered", "a", R"({"promise": "p"})");
  days.Tell("2026-02-27T11:00", "referral.made", "b", R"({"referred": "z"})");
  EXPECT_EQ(Section(days, "good"), (Lines{"a 2 days early.", "b brought z."}));
}

TEST(Brief, AnEarlyDeliveryToldLateIsNews) {
  ToldDays days;
  days.Tell("2026-02-13T10:00", "promise.made", "a", R"({"promise": "p", "due": "2026-03-01"})");
  days.Tell("2026-02-25T09:00", "promise.delivered", "a", R"({"promise": "p"})", "2026-02-27T18:00");
  EXPECT_EQ(Section(days, "good"), Lines{"a 4 days early."});
  EXPECT_EQ(LinesOf(BriefOf(days, "East", Day(2026, 3, 3)), "good"), Lines{}) << "known since Friday";
}

TEST(Brief, OldFeedbackIsNoNews) {
  ToldDays days;
  days.Tell("2026-02-26T23:59", "feedback.given", "a", R"({"nps": 10})");
  EXPECT_EQ(Section(days, "good"), Lines{});
  days.Tell("2026-02-27T00:00", "feedback.given", "b", R"({"nps": 10})");
  EXPECT_EQ(Section(days, "good"), Lines{"b 10 of 10."});
}

// --- slack and goals
TEST(Brief, VisitsOfTwoWeeksAndGoals) {
  ToldDays days;
  days.Visit("2026-02-17", "a", "kim", "reached");
  days.Visit("2026-02-24", "a", "kim", "reached");
  days.Visit("2026-02-25", "e", "lee");
  days.Tell("2026-02-27T15:00", "touch", "b", R"({"channel": "call", "direction": "outbound", "rep": "kim", "disposition": "reached", "objective_met": true})");
  days.Tell("2026-02-27T16:00", "touch", "e", R"({"channel": "call", "direction": "outbound", "rep": "lee", "disposition": "reached", "objective_met": false})");
  EXPECT_EQ(Section(days, "slack"), Lines{"visits planned/done 2/1 last week, 1/1 the week before."});
  EXPECT_EQ(Section(days, "slack", "lee"), Lines{"visits planned/done 1/0 last week, 0/0 the week before."});
  EXPECT_EQ(Section(days, "goals"), (Lines{"1 of 2 met.", "Not met: e."}));
  EXPECT_EQ(Section(days, "goals", "kim"), Lines{"1 of 1 met."});
}

TEST(Brief, AFallingShareIsTold) {
  ToldDays days;
  for (int week = 8; week >= 1; --week) {
    for (int visit = 0; visit < 5; ++visit) {
      const std::string day = FormatDay(kMonday - 7 * week + visit);
      days.Visit(day, "a", "kim", visit < (week > 4 ? 5 : week > 2 ? 2 : 0) ? "reached" : "");
    }
  }
  const Lines slack = Section(days, "slack");
  ASSERT_EQ(slack.size(), 2u);
  EXPECT_NE(slack[1].find("more than chance"), std::string::npos) << slack[1];
}

// --- what it reads, and how it is written
TEST(Brief, OthersCustomersAreNotItsBusiness) {
  ToldDays days;
  days.Tell("2026-02-18T10:00", "promise.made", "e", R"({"promise": "p", "due": "2026-02-27"})");
  const std::vector<CustomerId> kims{CustomerId::Trusted("a"), CustomerId::Trusted("b")};
  EXPECT_EQ(LinesOf(BriefOf(days, "kim"), "broken"), Lines{});
  EXPECT_EQ(LinesOf(BriefOf(days, "East", kMonday, kims), "broken"), Lines{}) << "who is not among them is not read";
}

// Everybody is read, as where the index of reps does not serve: a rep's brief tells of his own.
TEST(Brief, OfARepWhoeverIsRead) {
  ToldDays days;
  for (const char* customer : {"a", "e"}) {
    Worry(days, "2026-02-27T10:00", customer);
    days.Tell("2026-02-27T11:00", "feedback.given", customer, R"({"nps": 10})");
    days.Tell("2026-02-27T12:00", "referral.made", customer, R"({"referred": "z"})");
  }
  days.Tell("2025-06-02T09:00", "rep.upserted", "", R"({"rep": "lee", "manager": "kim"})");
  EXPECT_EQ(Section(days, "good", "kim"), (Lines{"a 10 of 10.", "a brought z."})) << "a manager's own brief is of his own customers";
  EXPECT_EQ(Section(days, "heard", "kim"), Lines{});
  EXPECT_EQ(Section(days, "good", "lee"), (Lines{"e 10 of 10.", "e brought z."}));
  EXPECT_EQ(Section(days, "heard"), Lines{"smell (a, e)."});
  const std::vector<CustomerId> lees{CustomerId::Trusted("e")};
  EXPECT_EQ(LinesOf(BriefOf(days, "lee", kMonday, lees), "good"), Section(days, "good", "lee"));
}

TEST(Brief, WhatHappensLaterIsNotThere) {
  ToldDays days;
  days.Tell("2026-03-02T09:00", "feedback.given", "a", R"({"nps": 10})");
  EXPECT_NE(BriefOf(days).Find("quiet"), nullptr);
}

TEST(Brief, RowsStandAsPeopleReadThem) {
  ToldDays days;
  days.Tell("2026-02-18T10:00", "promise.made", "a", R"({"promise": "p", "quantity": 2, "unit": "units", "due": "2026-02-27", "rep": "kim"})");
  days.Tell("2026-02-27T10:00", "feedback.given", "b", R"({"nps": 9})");
  days.Visit("2026-02-24", "a", "kim", "reached");
  const Sheet sheet = BriefOf(days);
  const auto text = BriefText(sheet, Language::kEnglish, policy_test::TestTexts());
  ASSERT_TRUE(text.ok()) << text.status();
  EXPECT_EQ(*text,
            "BRIEF East team, Mon 2 Mar (since Fri 27 Feb 00:00)\n"
            "Broken: kim, a 2 units, 1 day late; call today, say when.\n"
            "Good: b 9 of 10. Slack: visits planned/done 1/1 last week, 0/0 the week before.\n");
  for (const Language language : {Language::kJapanese, Language::kKorean, Language::kChinese}) {
    EXPECT_TRUE(BriefText(sheet, language, policy_test::TestTexts()).ok()) << LanguageCode(language);
  }
}

}  // namespace
}  // namespace rapport

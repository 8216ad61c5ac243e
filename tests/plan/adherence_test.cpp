// What counts as planned and done, week by week, and when a falling share is told.
#include "rapport/plan/adherence.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <random>

#include "plan/told_days.hpp"

namespace rapport {
namespace {

using namespace plan_test;  // NOLINT

const RepId kKim = RepId::Trusted("kim"), kLee = RepId::Trusted("lee");
// Monday 2 March 2026: the last whole week is that of 23 February.
AdherenceTally TallyOf(const ToldDays& days, int weeks = 2, std::set<RepId> reps = {}, const std::string& at = "2026-03-02T08:00") {
  // The context must outlive the tally.
  static std::vector<std::unique_ptr<policy_test::World::View>> kept;
  kept.push_back(days.Seen(at));
  const auto& seen = *kept.back();
  AdherenceTally tally(seen.book->context(), std::move(reps), WeekSpan::Before(Day(2026, 3, 2), weeks), ToldDays::InTokyo(at));
  seen.book->Visit({}, [&](const Account& account) { tally.Add(account); });
  return tally;
}
WorkCount VisitsOf(const AdherenceTally& tally, const RepId& rep, std::size_t week) {
  const auto found = tally.reps().find(rep);
  return found == tally.reps().end() ? WorkCount() : found->second[week].Of(Channel::kVisit);
}

TEST(Adherence, AVisitIsDoneByATouchWithAnOutcomeOnItsDay) {
  ToldDays days;
  days.Visit("2026-02-24", "a", "kim", "reached");
  days.Visit("2026-02-25", "b", "kim", "absent");
  days.Visit("2026-02-26", "d", "kim");
  days.Tell("2026-02-26T11:00", "touch", "d", R"({"channel": "visit", "direction": "outbound", "rep": "kim"})");   // without an outcome
  days.Visit("2026-02-27", "e", "lee");
  days.Tell("2026-02-28T11:00", "touch", "e", R"({"channel": "visit", "direction": "outbound", "rep": "lee", "disposition": "reached"})");   // the next day
  const AdherenceTally tally = TallyOf(days);
  EXPECT_EQ(VisitsOf(tally, kKim, 1), (WorkCount{3, 2}));
  EXPECT_EQ(VisitsOf(tally, kLee, 1), (WorkCount{1, 0}));
  EXPECT_EQ(tally.Together({})[1].Of(Channel::kVisit), (WorkCount{4, 2}));
  EXPECT_EQ(tally.Together({})[0].all, WorkCount());
}

// Monday morning in Tokyo is Sunday afternoon in Los Angeles: his week is not over, and what he has not done yet is no slip.
TEST(Adherence, AWeekThatStillRunsWhereTheRepIsIsLeftOut) {
  ToldDays days;
  days.Tell("2025-06-03T09:00", "rep.upserted", "", R"({"rep": "kim", "zone": "America/Los_Angeles"})");
  days.Visit("2026-02-18", "a", "kim");
  days.Visit("2026-02-25", "b", "kim");
  days.Visit("2026-02-25", "e", "lee");
  const AdherenceTally morning = TallyOf(days), afternoon = TallyOf(days, 2, {}, "2026-03-02T17:00");   // in Los Angeles midnight
  EXPECT_EQ(VisitsOf(morning, kKim, 0), (WorkCount{1, 0}));
  EXPECT_EQ(VisitsOf(morning, kKim, 1), WorkCount());
  EXPECT_EQ(VisitsOf(morning, kLee, 1), (WorkCount{1, 0}));
  EXPECT_EQ(VisitsOf(afternoon, kKim, 1), (WorkCount{1, 0}));
}

// Noted on the Monday after, in the week that follows.
TEST(Adherence, WhatIsNotedLaterIsDoneWhenItBegan) {
  ToldDays days;
  days.Visit("2026-02-20", "a", "kim");
  days.Tell("2026-02-23T09:00", "touch", "a",
            R"({"channel": "visit", "direction": "outbound", "rep": "kim", "disposition": "reached", "objective_met": true, "start": "2026-02-20T10:05:00+09:00"})");
  const AdherenceTally tally = TallyOf(days);
  EXPECT_EQ(VisitsOf(tally, kKim, 0), (WorkCount{1, 1}));
  EXPECT_EQ(VisitsOf(tally, kKim, 1), WorkCount());
  EXPECT_EQ(tally.Together({})[0].met, 1);
  EXPECT_EQ(tally.Together({})[1].met, 0);
}

TEST(Adherence, AMeetingDoesForAVisitAndACallDoesNot) {
  ToldDays days;
  days.Visit("2026-02-24", "a", "kim");
  days.Tell("2026-02-24T15:00", "touch", "a", R"({"channel": "meeting", "direction": "outbound", "rep": "kim", "disposition": "reached"})");
  days.Visit("2026-02-25", "b", "kim");
  days.Tell("2026-02-25T15:00", "touch", "b", R"({"channel": "call", "direction": "outbound", "rep": "kim", "disposition": "reached"})");
  EXPECT_EQ(VisitsOf(TallyOf(days), kKim, 1), (WorkCount{2, 1}));
}

TEST(Adherence, ATouchDoesForOneAppointment) {
  ToldDays days;
  days.Visit("2026-02-24", "a", "kim", "reached");
  days.Visit("2026-02-24", "a", "kim", {}, "T16:00");
  EXPECT_EQ(VisitsOf(TallyOf(days), kKim, 1), (WorkCount{2, 1}));
}

TEST(Adherence, AColleaguesVisitIsNotHis) {
  ToldDays days;
  days.Visit("2026-02-24", "a", "kim");
  days.Tell("2026-02-24T10:00", "touch", "a", R"({"channel": "visit", "direction": "outbound", "rep": "lee", "disposition": "reached"})");
  EXPECT_EQ(VisitsOf(TallyOf(days), kKim, 1), (WorkCount{1, 0}));
}

TEST(Adherence, WithoutARepItIsTheOwners) {
  ToldDays days;
  days.Tell("2026-02-20T09:00", "appointment.made", "e", R"({"start": "2026-02-24T10:00:00+09:00", "channel": "visit"})");
  days.Tell("2026-02-24T10:00", "touch", "e", R"({"channel": "visit", "direction": "outbound", "disposition": "reached"})");
  EXPECT_EQ(VisitsOf(TallyOf(days), kLee, 1), (WorkCount{1, 1}));
}

TEST(Adherence, CalledOffBeforeIsNotPlannedAndAfterIsNotDone) {
  ToldDays days;
  const std::string id = R"({"appointment": "x", "start": "2026-02-24T10:00:00+09:00", "channel": "visit", "rep": "kim"})";
  days.Tell("2026-02-20T09:00", "appointment.made", "a", id);
  days.Tell("2026-02-23T09:00", "appointment.cancelled", "a", R"({"appointment": "x"})");
  days.Tell("2026-02-20T09:00", "appointment.made", "b", id);
  days.Tell("2026-02-24T18:00", "appointment.cancelled", "b", R"({"appointment": "x"})");
  EXPECT_EQ(VisitsOf(TallyOf(days), kKim, 1), (WorkCount{1, 0}));
}

TEST(Adherence, AMovedAppointmentCountsInItsNewWeek) {
  ToldDays days;
  days.Tell("2026-02-10T09:00", "appointment.made", "a", R"({"appointment": "x", "start": "2026-02-17T10:00:00+09:00", "channel": "visit", "rep": "kim"})");
  days.Tell("2026-02-16T09:00", "appointment.made", "a", R"({"appointment": "x", "start": "2026-02-24T10:00:00+09:00", "channel": "visit", "rep": "kim"})");
  const AdherenceTally tally = TallyOf(days);
  EXPECT_EQ(VisitsOf(tally, kKim, 0), WorkCount());
  EXPECT_EQ(VisitsOf(tally, kKim, 1), (WorkCount{1, 0}));
}

TEST(Adherence, TheWeekThatRunsIsLeftOut) {
  ToldDays days;
  days.Visit("2026-03-02", "a", "kim");
  days.Visit("2026-02-15", "b", "kim", "reached");   // a Sunday: the week before the two asked for
  EXPECT_TRUE(TallyOf(days, 2, {}, "2026-03-06T20:00").reps().empty());
  EXPECT_EQ(VisitsOf(TallyOf(days, 3), kKim, 0), (WorkCount{1, 1}));
}

TEST(Adherence, OnlyWhoIsAskedFor) {
  ToldDays days;
  days.Visit("2026-02-24", "a", "kim", "reached");
  days.Visit("2026-02-24", "e", "lee", "reached");
  const AdherenceTally tally = TallyOf(days, 2, {kLee});
  EXPECT_FALSE(tally.reps().contains(kKim));
  EXPECT_EQ(VisitsOf(tally, kLee, 1), (WorkCount{1, 1}));
}

// --- follow-ups
FollowUpIssued Issue(const std::string& id, Channel channel, const std::string& rep = "kim") {
  FollowUpIssued issued;
  issued.followup = FollowUpId::Trusted(id);
  issued.rep = RepId::Trusted(rep);
  issued.rule = "r", issued.step = "s", issued.policy = "p", issued.root_source = "test", issued.root_id = "x", issued.zone_rules = "z";
  issued.channel = channel;
  issued.headline = Sentence{"headline.general", {}}.ToJson();
  issued.objective = Sentence{"objective.thank", {}}.ToJson();
  issued.derivation = Json::Object{};
  return issued;
}
struct FollowedUp {
  ToldDays days;
  FollowUpId id = FollowUpId::Trusted("0123456789abcdef0123456789abcdef");
  explicit FollowedUp(Channel channel) { Say("2026-02-20T09:00", "issued", Issue(id.text(), channel)); }
  void Say(const std::string& at, const std::string& name, Payload data) { days.world().Add("a", name, FormatInstant(ToldDays::InTokyo(at)), std::move(data)); }
  void HandOver(const std::string& at) { Say(at, "handed" + at, FollowUpHandedOver{id, kKim}); }
  WorkCount All(std::size_t week) const {
    const AdherenceTally tally = TallyOf(days);
    return tally.Together({})[week].all;
  }
};

TEST(Adherence, AFollowUpCountsOnceInEachWeekOfItsHandOvers) {
  FollowedUp one(Channel::kCall);
  one.HandOver("2026-02-20T09:30");
  one.HandOver("2026-02-23T09:30");
  one.HandOver("2026-02-24T09:30");
  one.Say("2026-02-25T10:00", "done", FollowUpDone{one.id, kKim, true});
  EXPECT_EQ(one.All(0), (WorkCount{1, 0}));
  EXPECT_EQ(one.All(1), (WorkCount{1, 1}));
}

TEST(Adherence, AVisitThatIsOnlySaidToBeDoneCountsWithAJudgedGoal) {
  for (const std::optional<bool> goal : {std::optional<bool>(), std::optional(false)}) {
    FollowedUp one(Channel::kVisit);
    one.HandOver("2026-02-24T09:30");
    one.Say("2026-02-25T10:00", "done", FollowUpDone{one.id, kKim, goal});
    EXPECT_EQ(one.All(1), (WorkCount{1, goal.has_value() ? 1 : 0}));
  }
}

TEST(Adherence, WithdrawnInItsWeekIsNobodysFailure) {
  FollowedUp one(Channel::kCall);
  one.HandOver("2026-02-24T09:30");
  FollowUpWithdrawn withdrawn;
  withdrawn.followup = one.id;
  one.Say("2026-02-25T10:00", "gone", withdrawn);
  EXPECT_EQ(one.All(1), WorkCount());
}

TEST(Adherence, AnAppointmentForAFollowUpIsCountedOnce) {
  FollowedUp one(Channel::kVisit);
  one.HandOver("2026-02-24T09:30");
  one.days.Tell("2026-02-24T09:40", "appointment.made", "a", R"({"start": "2026-02-26T10:00:00+09:00", "channel": "visit", "rep": "kim", "followup": ")" + one.id.text() + R"("})");
  one.days.Tell("2026-02-26T10:00", "touch", "a",
                R"({"channel": "visit", "direction": "outbound", "rep": "kim", "disposition": "reached", "objective_met": true, "followup": ")" + one.id.text() + R"("})");
  EXPECT_EQ(one.All(1), (WorkCount{1, 1}));
  const std::vector<WeekOfWork> weeks = TallyOf(one.days).Together({});
  EXPECT_EQ(weeks[1].objectives, 1) << "the touch judged it, the follow-up does not judge it again";
  EXPECT_EQ(weeks[1].met, 1);
}

TEST(Adherence, AFollowUpIsAnsweredInTheWeekInWhichTheVisitBegan) {
  FollowedUp one(Channel::kVisit);
  one.HandOver("2026-02-20T09:30");
  one.days.Tell("2026-02-23T09:00", "touch", "a", R"({"channel": "visit", "direction": "outbound", "rep": "kim", "disposition": "reached",
                                                     "start": "2026-02-20T15:00:00+09:00", "followup": ")" + one.id.text() + R"("})");
  EXPECT_EQ(one.All(0), (WorkCount{1, 1}));
}

// As a card's answers are written down: the touch, the next date and the end of the follow-up at one moment.
TEST(Adherence, ANextDateAgreedInTheSameWeekTakesNoWorkAway) {
  FollowedUp one(Channel::kVisit);
  one.HandOver("2026-02-23T09:30");
  one.days.Tell("2026-02-23T18:00", "touch", "a",
                R"({"channel": "visit", "direction": "outbound", "rep": "kim", "disposition": "reached", "followup": ")" + one.id.text() + R"("})");
  one.days.Tell("2026-02-23T18:00", "appointment.made", "a", R"({"start": "2026-02-26T10:00:00+09:00", "channel": "visit", "rep": "kim", "followup": ")" + one.id.text() + R"("})");
  one.Say("2026-02-23T18:00", "done", FollowUpDone{one.id, kKim, true});
  EXPECT_EQ(one.All(1), (WorkCount{2, 1}));
}

// --- the slope
TEST(AdherenceTrend, NeedsWeeksAndWork) {
  const std::vector<WorkCount> three{{8, 7}, {8, 5}, {8, 2}};
  EXPECT_FALSE(TrendOf(three).has_value());
  const std::vector<WorkCount> little{{2, 2}, {3, 2}, {3, 1}, {3, 0}};
  EXPECT_FALSE(TrendOf(little).has_value());
  const std::vector<WorkCount> all_done{{8, 8}, {8, 8}, {8, 8}, {8, 8}};
  EXPECT_FALSE(TrendOf(all_done).has_value());
}

// By hand: n = 10 in each of four weeks, 9, 7, 5, 3 done. p = 0.6, sum n (x - 1.5)^2 = 50, slope = -0.2; on the line, so Pearson's statistic is 0.
TEST(AdherenceTrend, IsTheWeightedLineAndTheTrendTest) {
  const std::vector<WorkCount> weeks{{10, 9}, {10, 7}, {10, 5}, {10, 3}};
  const std::optional<WorkTrend> trend = TrendOf(weeks);
  ASSERT_TRUE(trend.has_value());
  EXPECT_NEAR(trend->slope, -0.2, 1e-12);
  EXPECT_NEAR(trend->z, -0.2 / std::sqrt(0.24 / 50), 1e-9);
  EXPECT_TRUE(trend->Falls());
  EXPECT_EQ(trend->from_percent, 90);
  EXPECT_EQ(trend->to_percent, 30);
  EXPECT_EQ(policy_test::Say(TellSlipping(*trend)), "Of what was planned, done fell from 90 to 30 in 100 over 4 weeks, more than chance. What is in the way?");
}

TEST(AdherenceTrend, AWeekWithoutWorkMovesNothing) {
  const std::vector<WorkCount> weeks{{0, 0}, {10, 9}, {10, 7}, {0, 0}, {10, 5}, {10, 3}};
  const std::optional<WorkTrend> trend = TrendOf(weeks);
  ASSERT_TRUE(trend.has_value());
  EXPECT_EQ(trend->weeks, 4);
  EXPECT_LT(trend->slope, 0);
}

RC_GTEST_PROP(AdherenceTrend, TurnsWithTheWeeks, (std::vector<std::uint8_t> draws)) {
  std::vector<WorkCount> weeks;
  for (const std::uint8_t draw : draws) weeks.push_back({draw % 16, (draw / 16) % (draw % 16 + 1)});
  const std::optional<WorkTrend> forward = TrendOf(weeks);
  std::reverse(weeks.begin(), weeks.end());
  const std::optional<WorkTrend> backward = TrendOf(weeks);
  RC_ASSERT(forward.has_value() == backward.has_value());
  if (!forward.has_value()) return;
  RC_ASSERT(std::isfinite(forward->z));
  RC_ASSERT(std::fabs(forward->slope + backward->slope) < 1e-9);
  RC_ASSERT(std::fabs(forward->z + backward->z) < 1e-6);
}

// Eight weeks of ten at an even share: told about once in forty times. A fall from 0.9 to 0.4 is found in five of six, to 0.2 nearly always.
TEST(AdherenceTrend, AccusesNobodyByChance) {
  std::mt19937_64 chance(20260302);   // NOLINT: the same weeks every time
  const auto told = [&](double first, double last) {
    int falls = 0;
    for (int run = 0; run < 4000; ++run) {
      std::vector<WorkCount> weeks;
      for (int week = 0; week < 8; ++week) {
        std::binomial_distribution<std::int64_t> done(10, first + (last - first) * week / 7);
        weeks.push_back({10, done(chance)});
      }
      const std::optional<WorkTrend> trend = TrendOf(weeks);
      falls += trend.has_value() && trend->Falls() ? 1 : 0;
    }
    return falls / 4000.0;
  };
  EXPECT_LE(told(0.7, 0.7), 0.03);
  EXPECT_GE(told(0.9, 0.4), 0.82);
  EXPECT_GE(told(0.9, 0.2), 0.97);
}

// --- the table
TEST(Adherence, TheTableHasTeamsAndTheirPeople) {
  ToldDays days;
  days.Visit("2026-02-24", "a", "kim", "reached");
  days.Visit("2026-02-17", "e", "lee");
  const auto view = days.Seen("2026-03-02T08:00");
  AdherenceTally tally(view->book->context(), {}, WeekSpan::Before(Day(2026, 3, 2), 2), view->input.as_of);
  view->book->Visit({}, [&](const Account& account) { tally.Add(account); });
  const auto table = AdherenceTable(tally, view->book->context(), Language::kEnglish);
  ASSERT_TRUE(table.ok()) << table.status();
  ASSERT_EQ(table->rows(), 6u);
  EXPECT_EQ(table->Find("rep")->at(0), Cell());
  EXPECT_EQ(table->Find("team")->at(0), Cell(std::string("East")));
  EXPECT_EQ(table->Find("week")->at(0), Cell(Day(2026, 2, 16)));
  EXPECT_EQ(table->Find("visits_planned")->at(0), Cell(std::int64_t{1}));
  EXPECT_EQ(table->Find("visits_done")->at(0), Cell(std::int64_t{0}));
  EXPECT_EQ(table->Find("share")->at(1), Cell(1.0));
  EXPECT_EQ(table->Find("rep")->at(2), Cell(std::string("kim")));
  EXPECT_EQ(table->Find("share")->at(2), Cell()) << "nothing was planned for her that week";
}

}  // namespace
}  // namespace rapport

// What a plan must never do: go around permission, ask twice, be in two places, leave work to nobody, pass over what would fit.
#include <gtest/gtest.h>

#include <algorithm>

#include "plan/day_clock.hpp"
#include "plan/plan_world.hpp"
#include "rapport/plan/plan_print.hpp"

namespace rapport::plan_test {
namespace {

std::string SaidOf(const PlanLine& line) { return line.told.has_value() ? line.told->key : "nothing"; }

std::string TextOf(const Office::Planned& planned) {
  const auto text = PlanText(planned.plan, *planned.view->book, Language::kEnglish, policy_test::TestTexts());
  EXPECT_TRUE(text.ok()) << text.status();
  return text.value_or("");
}

FollowUpId FirstOf(const Office& office) { return office.Plan().of("ann").lines.at(0).decision->followup; }

AppointmentMade For(const FollowUpId& followup, std::string_view start) {
  AppointmentMade made;
  made.start = At(start);
  made.followup = followup;
  return made;
}

TEST(PlanRules, AnAppointmentWithoutAContactAsksForThePrimaryOne) {
  Office office;
  ContactUpserted primary;
  primary.contact = ContactId::Trusted("kimura");
  primary.primary = true;
  DoNotContactSet quiet;
  quiet.contact = primary.contact;
  office.Customer("met", 100).Add("met", primary).Appointment("met", "2026-03-02T05:00:00Z");
  EXPECT_EQ(Told(office.Plan().of("ann").lines), "14:00 met");
  office.Add("met", quiet, "2026-02-28T00:00:00Z");
  const auto planned = office.Plan();
  EXPECT_TRUE(planned.of("ann").lines.empty());
  ASSERT_EQ(planned.of("ann").no_room.size(), 1u);
  EXPECT_EQ(SaidOf(planned.of("ann").no_room[0]), "plan.told.cancel");
}

TEST(PlanRules, AnAppointmentIsNotKeptOnceConsentRanOut) {
  Office office;
  ConsentChanged granted;
  granted.expires = Day(2026, 2, 15);
  office.Customer("met", 100).Call("met").Add("met", granted, "2026-01-05T00:00:00Z");
  office.Appointment("met", "2026-03-02T05:00:00Z");
  const auto planned = office.Plan();
  EXPECT_TRUE(planned.of("ann").lines.empty());
  ASSERT_EQ(planned.of("ann").no_room.size(), 1u);
  EXPECT_EQ(SaidOf(planned.of("ann").no_room[0]), "plan.told.consent_expired");
  EXPECT_NE(TextOf(planned).find("Not to be kept: met"), std::string::npos) << TextOf(planned);
}

TEST(PlanRules, AnAppointmentIsNotKeptWhereUnknownConsentForbids) {
  Office office;
  office.world().Use(policy_test::ProfileOf(R"({"rapport_permission": 1, "name": "strict", "unknown_consent": {"care": "forbid"}})"));
  office.Customer("met", 100).Appointment("met", "2026-03-02T05:00:00Z");
  const auto planned = office.Plan();
  ASSERT_EQ(planned.of("ann").no_room.size(), 1u);
  EXPECT_EQ(SaidOf(planned.of("ann").no_room[0]), "plan.told.consent_unknown");
}

TEST(PlanRules, AFollowUpWaitsForItsAppointmentOfAnotherDay) {
  Office office;
  office.Customer("met", 100).Call("met");
  const FollowUpId call = FirstOf(office);
  office.Add("met", For(call, "2026-03-04T05:00:00Z"), "2026-02-27T00:00:00Z");
  const auto today = office.Plan();
  EXPECT_TRUE(today.of("ann").lines.empty()) << "nobody calls about the visit that is agreed";
  ASSERT_EQ(today.of("ann").waits.size(), 1u);
  EXPECT_EQ(SaidOf(today.of("ann").waits[0]), "plan.told.appointment");
  EXPECT_EQ(today.of("ann").waits[0].later, At("2026-03-04T05:00:00Z"));
  EXPECT_NE(TextOf(today).find("Agreed already: met"), std::string::npos) << TextOf(today);
  EXPECT_EQ(TextOf(today).find("Another day:"), std::string::npos);
  const auto planned = office.Plan({.day = kMonday, .days = 3});
  EXPECT_TRUE(planned.of("ann").lines.empty());
  ASSERT_EQ(planned.plan.later.size(), 2u);
  EXPECT_EQ(Told(planned.plan.later[0].reps[0].lines), "");
  ASSERT_EQ(Told(planned.plan.later[1].reps[0].lines), "14:00 met");
  EXPECT_EQ(planned.plan.later[1].reps[0].lines[0].decision->followup, call);
}

TEST(PlanRules, TwoAppointmentsForOneFollowUpDoItOnce) {
  Office office;
  office.Customer("met", 100).Call("met");
  const FollowUpId call = FirstOf(office);
  for (const auto& [id, start] : {std::pair("first", "2026-03-02T05:00:00Z"), {"second", "2026-03-03T05:00:00Z"}}) {
    AppointmentMade made = For(call, start);
    made.appointment = AppointmentId::Trusted(id);
    office.Add("met", made, "2026-02-27T00:00:00Z");
  }
  const auto planned = office.Plan({.day = kMonday, .days = 2});
  ASSERT_EQ(Told(planned.of("ann").lines), "14:00 met");
  EXPECT_NE(planned.of("ann").lines[0].decision, nullptr);
  ASSERT_EQ(Told(planned.plan.later[0].reps[0].lines), "14:00 met");
  EXPECT_EQ(planned.plan.later[0].reps[0].lines[0].decision, nullptr);
}

TEST(PlanRules, MinutesThatAreDoneComeOffTheDay) {
  Office office;
  for (int i = 0; i < 40; ++i) office.Customer("c" + std::to_string(i), 100).Call("c" + std::to_string(i));
  office.Customer("met", 100).Appointment("met", "2026-03-02T00:30:00Z").Customer("talked", 100);
  const auto at_one = [&] { return office.Plan({.day = kMonday}, "2026-03-02T04:00:00Z"); };
  EXPECT_EQ(at_one().of("ann").done_minutes, 45) << "the appointment is over";
  EXPECT_EQ(at_one().of("ann").planned_minutes, 190);
  Touch done = policy_test::Reached();
  done.rep = RepId::Trusted("ann");
  office.Add("talked", done, "2026-03-02T00:05:00Z");
  EXPECT_EQ(at_one().of("ann").done_minutes, 45) << "nobody noted how long";
  done.minutes = 95;
  office.Add("talked", done, "2026-03-02T02:00:00Z");
  done.minutes = 60;
  office.Add("met", done, "2026-03-02T00:30:00Z");
  const auto planned = at_one();
  EXPECT_EQ(planned.of("ann").done_minutes, 155) << "of who was met the greater of both";
  EXPECT_EQ(planned.of("ann").planned_minutes, 80);
  EXPECT_NE(TextOf(planned).find("Done by now: 155 min."), std::string::npos) << TextOf(planned);
}

TEST(PlanRules, NobodyIsFreeLongerThanTheHoursLast) {
  Office office;
  office.Rep("kim", [](RepUpserted&) {}).Customer("b", 10).Must("b").Met("b", "kim", Channel::kCall, "2026-01-10T02:00:00Z");
  const auto said_at = [&](std::string_view as_of) {
    const auto planned = office.Plan({.day = kMonday}, as_of);
    const auto& out = planned.of("ann").no_room;
    return out.empty() ? std::string("planned") : SaidOf(out[0]);
  };
  EXPECT_EQ(said_at(kMorning), "planned");
  EXPECT_EQ(said_at("2026-03-02T07:50:00Z"), "plan.told.manager") << "ten minutes before five nobody has fifteen";
  EXPECT_EQ(office.Plan({.day = kMonday}, "2026-03-02T07:50:00Z").of("kim").free_minutes, 10);
}

TEST(PlanRules, NobodyOfAnAccountIsWithTwoOfUsAtOnce) {
  Office office;
  office.Rep("kim", [](RepUpserted&) {}).Customer("c", 100).Must("c");
  AppointmentMade made;
  made.start = At("2026-03-02T00:00:00Z");
  made.minutes = 60;
  made.channel = Channel::kCall;
  made.rep = RepId::Trusted("kim");
  office.Add("c", made, "2026-02-27T00:00:00Z");
  EXPECT_EQ(Told(office.Plan().of("kim").lines), "09:00 c");
  EXPECT_EQ(Told(office.Plan().of("ann").lines), "10:00 c");
  office.world().Use(policy_test::OneADay());
  const auto planned = office.Plan({.day = kMonday, .days = 2});
  EXPECT_EQ(Told(planned.of("ann").lines), "") << "the appointment is the one contact of the day";
  ASSERT_EQ(planned.plan.later[0].reps[0].rep.text(), "ann");
  EXPECT_EQ(Told(planned.plan.later[0].reps[0].lines), "09:00 c");
}

TEST(PlanRules, CapsCountWhatIsPlannedOnEarlierDays) {
  Office office;
  office.world().Use(policy_test::ProfileOf(R"({"rapport_permission": 1, "name": "three", "caps": [{"attempts": 1, "days": 3, "count": "calendar"}]})"));
  office.Rep("ann", [](RepUpserted& rep) {
    rep.minutes = 15;
    rep.reserve_minutes = 0;
  });
  office.Customer("a", 4000).Must("a").Customer("c", 10).Must("c").Call("c");
  const auto planned = office.Plan({.day = kMonday, .days = 5});
  EXPECT_EQ(Told(planned.of("ann").lines), "09:00 a");
  const auto on = [&](std::size_t later) {
    for (const RepDay& day : planned.plan.later.at(later).reps) {
      if (day.rep.text() == "ann") return Told(day.lines);
    }
    return std::string("away");
  };
  EXPECT_EQ(on(0), "09:00 c");
  EXPECT_EQ(on(2), "") << "as decided it might be Thursday, three days after Monday; Tuesday's holds it";
  EXPECT_EQ(on(3), "09:00 c");
}

TEST(PlanRules, AnOpenFollowUpWithAnAppointmentCountsOnce) {
  Office office;
  office.world().Use(policy_test::ProfileOf(R"({"rapport_permission": 1, "name": "two", "caps": [{"attempts": 2, "days": 1, "count": "calendar"}]})"));
  office.Customer("c", 100).Call("c");
  ASSERT_FALSE(office.world().Tick("2026-02-27T00:30:00Z").empty());
  office.Add("c", For(FirstOf(office), "2026-03-02T05:00:00Z"), "2026-02-27T01:00:00Z").Must("c");
  EXPECT_EQ(Told(office.Plan().of("ann").lines), "09:00 c, 14:00 c");
}

TEST(PlanRules, WhatIsTheManagersStaysWhereItIsWhileHeIsAway) {
  Office office;
  office.Customer("c", 100).Call("c");
  const std::vector<Event> issued = office.world().Tick("2026-02-27T00:30:00Z");
  ASSERT_FALSE(issued.empty());
  for (const char* at : {"2026-02-27T00:40:00Z", "2026-03-02T00:00:00Z", "2026-03-03T00:00:00Z"}) {
    FollowUpHandedOver given;
    given.followup = issued.back().As<FollowUpIssued>()->followup;
    office.Add("c", given, at);
  }
  office.Rep("max", [](RepUpserted& rep) { rep.absences = {{Day(2026, 3, 4)}}; });
  const auto planned = office.Plan({.day = Day(2026, 3, 4)}, "2026-03-03T15:00:00Z");
  ASSERT_EQ(Told(planned.of("ann").lines), "09:00 c");
  EXPECT_TRUE(planned.of("ann").lines[0].mandatory);
  EXPECT_TRUE(planned.of("ann").passed_on.empty()) << "nobody has it who is not there";
  EXPECT_TRUE(planned.of("max").lines.empty());
}

TEST(PlanRules, ALineThatTheDayHasNoMinutesForLeavesTheAccountToOneThatFits) {
  Office office;
  office.world().Use(policy_test::MustParse(R"({"rapport_policy": 1, "name": "p", "rules": [
      {"name": "call", "purpose": "care", "priority": 9, "trigger": {"event": "need.stated", "offset": {"hours": 0}},
       "action": {"channel": "call", "minutes": 10, "headline": "general", "objective": "thank"}, "value": {"share": 0.001, "of": ["purchase.revenue"], "otherwise": "1"}, "expires": {"days": 60}},
      {"name": "visit", "purpose": "care", "priority": 9, "trigger": {"event": "feedback.given", "offset": {"hours": 0}},
       "action": {"channel": "visit", "minutes": 60, "headline": "general", "objective": "thank"}, "value": {"share": 1, "of": ["purchase.revenue"], "otherwise": "1"}, "expires": {"days": 60}}]})"));
  office.Customer("c", 90000).Visit("c").Call("c");
  EXPECT_EQ(Told(office.Plan().of("ann").lines), "09:30 c") << "with room the visit is worth more a minute";
  office.Rep("ann", [](RepUpserted& rep) {
    rep.minutes = 80;
    rep.reserve_minutes = 0;
  });
  EXPECT_EQ(Told(office.Plan().of("ann").lines), "09:00 c") << "the call, for the visit and its way take ninety";
}

TEST(PlanRules, AnAccountWhoseLineFindsNoPlaceIsSeenByTheOneThatWaits) {
  Office office;
  office.world().Use(policy_test::ProfileOf(
      R"({"rapport_permission": 1, "name": "early", "windows": {"call": {"mon": [["09:00","09:10"]]}, "visit": {"mon": [["09:00","17:00"]]}}})"));
  office.Customer("c", 100).Call("c").Visit("c").Customer("d", 10).Appointment("d", "2026-03-02T00:00:00Z", 30, Channel::kCall);
  const auto planned = office.Plan();
  EXPECT_EQ(Told(planned.of("ann").lines), "09:00 d, 10:00 c") << "the call's ten minutes are gone, the visit has the whole day";
  EXPECT_EQ(planned.of("ann").lines.back().channel, Channel::kVisit);
  EXPECT_EQ(Told(planned.of("ann").no_room), "c");
  EXPECT_TRUE(planned.of("ann").waits.empty());
}

TEST(PlanRules, UrgencyIsMoneyAMinuteWithTheWay) {
  Decision visit, call;
  visit.value = call.value = policy_test::Yen(100);
  PlanLine a, b;
  a.decision = &visit;
  a.minutes = 60;
  b.decision = &call;
  b.minutes = 70;
  EXPECT_TRUE(MoreUrgent(a, b));
  a.travel_minutes = 30;
  EXPECT_TRUE(MoreUrgent(b, a) && !MoreUrgent(a, b));
}

TEST(PlanRules, GoalsCountAppointments) {
  Office office;
  for (const auto& [id, start] : {std::pair("r1", "2026-03-02T00:30:00Z"), {"r2", "2026-03-02T02:00:00Z"}, {"r3", "2026-03-02T03:30:00Z"}}) {
    office.Customer(id, 10).Met(id, "ann", Channel::kVisit, "2026-02-10T02:00:00Z").Appointment(id, start);
  }
  office.Customer("new", 90000).Visit("new").Customer("old", 10).Met("old", "ann", Channel::kVisit, "2026-02-10T02:00:00Z").Visit("old");
  office.Rep("ann", [](RepUpserted& rep) {
    rep.minutes = 3 * 75 + 90;
    rep.reserve_minutes = 0;
  });
  EXPECT_EQ(Told(office.Plan().of("ann").lines), "09:30 r1, 11:00 r2, 12:30 r3, 13:45 new") << "three of four are revisits already";
}

TEST(PlanRules, WhereThereIsNoRevisitNewVisitsFillTheDay) {
  Office office;
  office.world().Use(policy_test::ProfileOf(
      R"({"rapport_permission": 1, "name": "early", "windows": {"call": {"mon": [["09:00","09:10"]]}, "visit": {"mon": [["09:00","17:00"]]}}})"));
  // Both calls are chosen, only one of them gets into the ten minutes: the visit fills the room that the other leaves.
  office.Customer("dear", 90000).Call("dear").Customer("late", 80000).Call("late").Customer("n", 10).Visit("n");
  office.Rep("ann", [](RepUpserted& rep) {
    rep.minutes = 105;
    rep.reserve_minutes = 0;
  });
  const auto planned = office.Plan();
  EXPECT_EQ(Told(planned.of("ann").lines), "09:00 dear, 09:45 n");
  EXPECT_EQ(Told(planned.of("ann").no_room), "late");
}

TEST(PlanRules, AMustVisitFarFromTheStartIsReachedFromANearOne) {
  Office office;
  office.world().Use(policy_test::MustParse(R"({"rapport_policy": 1, "name": "p", "rules": [
      {"name": "must", "purpose": "care", "priority": 9, "mandatory": true, "trigger": {"event": "feedback.given", "offset": {"hours": 0}},
       "action": {"channel": "visit", "minutes": 60, "headline": "general", "objective": "thank"}, "value": {"share": 1, "of": ["purchase.revenue"], "otherwise": "1"}, "expires": {"days": 60}},
      {"name": "call", "purpose": "care", "priority": 9, "trigger": {"event": "need.stated", "offset": {"hours": 0}},
       "action": {"channel": "call", "minutes": 10, "headline": "general", "objective": "thank"}, "value": {"share": 1, "of": ["purchase.revenue"], "otherwise": "1"}, "expires": {"days": 60}}]})"));
  office.Terms(R"({"visits_start_every": 1})").Customer("near", 10).Visit("near").Customer("far", 10).Visit("far").Customer("c", 900).Call("c");
  TravelMatrix ways;
  for (const auto& [from, to, minutes] : {std::tuple("", "near", 10), {"", "far", 400}, {"near", "far", 10}}) ASSERT_TRUE(ways.Add(from, to, minutes).ok());
  const auto planned = office.Plan({.day = kMonday, .travel = &ways});
  EXPECT_EQ(Told(planned.of("ann").lines), "09:10 near, 10:20 far, 11:20 c");
  EXPECT_TRUE(planned.of("ann").no_room.empty());
}

TEST(PlanRules, FromAPlaceToItselfIsNoWay) {
  EXPECT_EQ((Ways{nullptr, 30}.Between("a", "a")), 0);
  EXPECT_EQ((Ways{nullptr, 30}.Between("", "a")), 30);
}

}  // namespace
}  // namespace rapport::plan_test

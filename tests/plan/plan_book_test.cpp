// A rep's day: what goes in, where it starts, what is said of the rest.
#include <gtest/gtest.h>

#include <algorithm>

#include "plan/plan_world.hpp"
#include "rapport/plan/plan_print.hpp"
#include "rapport/plan/plan_terms.hpp"

namespace rapport::plan_test {
namespace {

std::string SaidOf(const PlanLine& line) { return line.told.has_value() ? line.told->key : "nothing"; }

TEST(PlanBook, WhatMustBeDoneComesFirstThenVisitsWithTheirTravel) {
  Office office;
  office.Customer("care", 900).Call("care").Customer("seen", 50000).Visit("seen").Customer("worried", 10).Must("worried");
  const auto planned = office.Plan();
  const RepDay& day = planned.of("ann");
  EXPECT_EQ(Told(day.lines), "09:00 worried, 09:45 seen, 10:45 care") << "the visit begins on a quarter hour, after thirty minutes on the way";
  EXPECT_EQ(day.planned_minutes, 15 + 10 + 60 + 30);
  EXPECT_EQ(day.travel_minutes, 30);
  EXPECT_EQ(day.lines[1].travel_minutes, 30);
  EXPECT_EQ(day.mandatory, 1);
  EXPECT_EQ(day.chosen, 2);
  EXPECT_EQ(day.visits, 1);
}

TEST(PlanBook, AShortCallFillsTheWayToNowhere) {
  Office office;
  office.Terms(R"({"visits_start_every": 60})").Customer("seen", 50000).Visit("seen").Customer("care", 900).Call("care");
  EXPECT_EQ(Told(office.Plan().of("ann").lines), "09:00 care, 10:00 seen");
}

TEST(PlanBook, TravelIsTheRepsOwnElseTheBooks) {
  Office office;
  office.Terms(R"({"travel_minutes": 45})").Customer("seen", 5000).Visit("seen");
  EXPECT_EQ(office.Plan().of("ann").lines[0].travel_minutes, 45);
  office.Rep("ann", [](RepUpserted& rep) { rep.travel_minutes = 0; });
  EXPECT_EQ(Told(office.Plan().of("ann").lines), "09:00 seen");
}

TEST(PlanBook, KeepsTheReserveFree) {
  Office office;
  for (int i = 0; i < 40; ++i) office.Customer("c" + std::to_string(i), 100).Call("c" + std::to_string(i));
  const auto usual = office.Plan();
  EXPECT_EQ(usual.of("ann").reserve, 60);
  EXPECT_EQ(usual.of("ann").planned_minutes, 240);
  office.Terms(R"({"reserve_share": 0.5})");
  EXPECT_EQ(office.Plan().of("ann").planned_minutes, 150);
  office.Rep("ann", [](RepUpserted& rep) { rep.reserve_minutes = 280; });
  EXPECT_EQ(office.Plan().of("ann").planned_minutes, 20) << "a rep's own goes first";
}

TEST(PlanBook, ChoosesAmongWhatMustBeDoneByMoneyAtRisk) {
  Office office;
  office.Rep("ann", [](RepUpserted& rep) {
    rep.minutes = 50;
    rep.reserve_minutes = 0;
    rep.manager = RepId::Trusted("max");
  });
  for (const auto& [id, yen] : {std::pair("a", 10), {"b", 4000}, {"c", 3000}, {"d", 2000}}) office.Customer(id, yen).Must(id);
  office.Customer("small", 90000).Call("small");
  const auto planned = office.Plan();
  const RepDay& day = planned.of("ann");
  EXPECT_EQ(Told(day.lines), "09:00 b, 09:15 c, 09:30 d");
  ASSERT_EQ(day.no_room.size(), 2u);
  EXPECT_EQ(day.no_room[0].customer.text(), "a");
  EXPECT_EQ(SaidOf(day.no_room[0]), "plan.told.manager");
  EXPECT_EQ(day.no_room[1].customer.text(), "small") << "five minutes are free, and nothing optional goes in while something that must be done is out";
  EXPECT_EQ(SaidOf(day.no_room[1]), "nothing");
}

Office TooMuch() {
  Office office;
  office.Rep("ann", [](RepUpserted& rep) {
    rep.minutes = 15;
    rep.reserve_minutes = 0;
    rep.manager = RepId::Trusted("max");
  });
  return std::move(office.Customer("a", 4000).Must("a").Customer("b", 10));
}

TEST(PlanBook, HandsOverToTheColleagueWhomTheyKnowAndWhoIsFree) {
  Office office = TooMuch();
  office.Must("b").Rep("kim", [](RepUpserted&) {}).Rep("lee", [](RepUpserted& rep) { rep.absences = {{kMonday}}; });
  office.Met("b", "kim", Channel::kCall, "2026-01-10T02:00:00Z").Met("b", "lee", Channel::kCall, "2026-02-10T02:00:00Z");
  const auto planned = office.Plan();
  const PlanLine& out = planned.of("ann").no_room.at(0);
  EXPECT_EQ(SaidOf(out), "plan.told.hand_over") << "the warmer one is away";
  EXPECT_EQ(out.hand_to.text(), "kim");
  const auto alone = office.Plan({.day = kMonday, .reps = {RepId::Trusted("ann")}});
  ASSERT_EQ(alone.plan.reps.size(), 1u);
  EXPECT_EQ(alone.of("ann").no_room.at(0).hand_to.text(), "kim") << "who asks for one rep hears the same";
}

TEST(PlanBook, TellsWhomWePromised) {
  Office office = TooMuch();
  office.world().Use(policy_test::MustParse(R"({"rapport_policy": 1, "name": "p", "rules": [
      {"name": "must", "purpose": "care", "priority": 9, "mandatory": true, "trigger": {"event": "worry.raised", "offset": {"hours": 0}},
       "action": {"channel": "call", "minutes": 15, "headline": "general", "objective": "thank"}, "value": {"share": 1, "of": ["purchase.revenue"], "otherwise": "1"}, "expires": {"days": 60}},
      {"name": "promised", "purpose": "care", "priority": 9, "mandatory": true, "trigger": {"event": "promise.made", "offset": {"hours": 0}},
       "action": {"channel": "call", "minutes": 15, "headline": "general", "objective": "thank"}, "expires": {"days": 60}}]})"));
  office.Add("b", PromiseMade{}, "2026-02-27T00:00:00Z");
  EXPECT_EQ(SaidOf(office.Plan().of("ann").no_room.at(0)), "plan.told.customer");
}

TEST(PlanBook, AnAppointmentStandsAndComesFirst) {
  Office office;
  office.Customer("met", 100).Appointment("met", "2026-03-02T00:30:00Z").Customer("care", 900).Call("care").Customer("worried", 5).Must("worried");
  office.Customer("off", 100).Appointment("off", "2026-03-02T04:00:00Z").Customer("seen", 80000).Visit("seen");
  AppointmentCancelled cancelled;
  cancelled.appointment = AppointmentId::Trusted("a-off");
  office.Add("off", cancelled, "2026-02-27T00:00:00Z");
  const auto planned = office.Plan();
  const RepDay& day = planned.of("ann");
  EXPECT_EQ(Told(day.lines), "09:30 met, 10:15 worried, 11:00 seen, 12:00 care") << "the way to it takes 09:00 to 09:30; the second one is cancelled";
  ASSERT_TRUE(day.lines[0].appointment.has_value());
  EXPECT_EQ(day.lines[0].decision, nullptr);
  EXPECT_EQ(day.lines[0].travel_minutes, 30);
  EXPECT_EQ(day.planned_minutes, 45 + 30 + 15 + 10 + 60 + 30);
  EXPECT_EQ(policy_test::Say(HeadlineOf(day.lines[0])), "an appointment of 45 min");
}

TEST(PlanBook, AFollowUpIsDoneInTheAppointmentThatNamesIt) {
  Office office;
  office.Customer("met", 100).Call("met");
  const FollowUpId call = office.Plan().of("ann").lines.at(0).decision->followup;
  AppointmentMade made;
  made.start = At("2026-03-02T05:00:00Z");
  made.followup = call;
  office.Add("met", made, "2026-02-27T00:00:00Z");
  const auto planned = office.Plan();
  const RepDay& day = planned.of("ann");
  ASSERT_EQ(Told(day.lines), "14:00 met");
  EXPECT_EQ(day.lines[0].decision->followup, call);
  EXPECT_EQ(day.lines[0].minutes, 10) << "as long as the follow-up";
  EXPECT_TRUE(day.no_room.empty() && day.waits.empty());
}

TEST(PlanBook, AnAppointmentWithSomebodyWhoWantsNoContactIsNotKept) {
  Office office;
  office.Customer("met", 100).Appointment("met", "2026-03-02T05:00:00Z").Add("met", DoNotContactSet{}, "2026-02-28T00:00:00Z");
  const auto planned = office.Plan();
  EXPECT_TRUE(planned.of("ann").lines.empty());
  ASSERT_EQ(planned.of("ann").no_room.size(), 1u);
  EXPECT_EQ(SaidOf(planned.of("ann").no_room[0]), "plan.told.cancel");
}

TEST(PlanBook, StartsInTheProvenBestHours) {
  Office office;
  office.Customer("noon", 100).Call("noon").Customer("any", 50).Call("any");
  for (int day = 1; day <= 12; ++day) {   // reached at 14:00, never at 09:00
    const std::string date = std::string("2026-02-") + (day < 10 ? "0" : "") + std::to_string(day);
    office.Met("noon", "ann", Channel::kCall, date + "T05:00:00Z");
    Touch absent = policy_test::Reached();
    absent.disposition = Disposition::kAbsent;
    absent.rep = RepId::Trusted("ann");
    office.Add("noon", absent, date + "T00:00:00Z");
  }
  const auto planned = office.Plan();
  ASSERT_EQ(planned.of("ann").lines.size(), 2u);
  EXPECT_EQ(Told(planned.of("ann").lines).substr(0, 9), "09:00 any");
  EXPECT_EQ(Told({planned.of("ann").lines[1]}).substr(0, 2), "13") << Told(planned.of("ann").lines);
}

TEST(PlanBook, OneAccountIsSeenOnceADayButForWhatMustBe) {
  Office office;
  office.Customer("c", 100).Call("c").Visit("c").Customer("d", 100).Call("d").Must("d").Visit("d");
  const auto planned = office.Plan();
  EXPECT_EQ(Told(planned.of("ann").lines), "09:00 d, 09:15 c") << "of c the better money a minute";
  EXPECT_EQ(Told(planned.of("ann").waits), "d, c, d") << "by money a minute";
}

TEST(PlanBook, WhatMustBeDoneWhileTheOwnerIsAwayGoesToWhomTheyKnow) {
  Office office;
  office.Rep("kim", [](RepUpserted&) {}).Customer("c", 100).Must("c").Met("c", "kim", Channel::kCall, "2026-01-10T02:00:00Z").Customer("d", 100).Call("d");
  office.Rep("ann", [](RepUpserted& rep) { rep.absences = {{kMonday, kMonday + 1}}; });
  const auto planned = office.Plan({.day = kMonday, .days = 3});
  EXPECT_EQ(Told(planned.of("kim").lines), "09:00 c");
  EXPECT_EQ(Told(planned.of("ann").lines), "");
  EXPECT_EQ(planned.of("ann").held.size(), 1u) << "what can wait waits for her";
  ASSERT_EQ(planned.plan.later.size(), 2u);
  ASSERT_EQ(planned.plan.later[1].reps[0].rep.text(), "ann");
  EXPECT_EQ(Told(planned.plan.later[1].reps[0].lines), "09:00 d") << "until Wednesday";
}

TEST(PlanBook, UndoneWorkRollsOverAndThenIsTheManagers) {
  Office office;
  office.Customer("c", 100).Call("c");
  const std::vector<Event> issued = office.world().Tick("2026-02-26T23:00:00Z").empty() ? office.world().Tick("2026-02-27T00:30:00Z") : std::vector<Event>();
  ASSERT_FALSE(issued.empty());
  const FollowUpId id = issued.back().As<FollowUpIssued>()->followup;
  const auto hand_over = [&](std::string_view at) {
    FollowUpHandedOver given;
    given.followup = id;
    office.Add("c", given, at);
  };
  hand_over("2026-02-27T00:40:00Z");
  hand_over("2026-02-27T04:00:00Z");
  const auto once = office.Plan();
  ASSERT_EQ(Told(once.of("ann").lines), "09:00 c");
  EXPECT_EQ(once.of("ann").lines[0].rolled, 1) << "twice on one day is once";
  EXPECT_EQ(once.of("ann").lines[0].age_days, 3);
  const auto later = [&](const char* day, const char* as_of) { return office.Plan({.day = *ParseDay(day)}, as_of); };
  hand_over("2026-03-02T00:00:00Z");
  hand_over("2026-03-03T00:00:00Z");
  const auto thrice = later("2026-03-04", "2026-03-03T15:00:00Z");
  EXPECT_TRUE(thrice.of("ann").lines.empty());
  ASSERT_EQ(thrice.of("ann").passed_on.size(), 1u);
  EXPECT_EQ(SaidOf(thrice.of("ann").passed_on[0]), "plan.told.manager_has");
  ASSERT_EQ(Told(thrice.of("max").lines), "09:00 c");
  EXPECT_TRUE(thrice.of("max").lines[0].mandatory);
  EXPECT_EQ(thrice.of("max").lines[0].passed_from.text(), "ann");
  office.Rep("ann", [](RepUpserted& rep) { rep.manager = RepId::Trusted("nobody"); });
  EXPECT_EQ(Told(later("2026-03-04", "2026-03-03T15:00:00Z").of("ann").lines), "09:00 c") << "where there is no manager it stays";
}

TEST(PlanBook, WhatHasNoRoomIsPutOnLaterDays) {
  Office office;
  office.Rep("ann", [](RepUpserted& rep) {
    rep.minutes = 20;
    rep.reserve_minutes = 0;
  });
  for (int i = 0; i < 5; ++i) office.Customer("c" + std::to_string(i), 500 - i).Call("c" + std::to_string(i));
  const auto planned = office.Plan({.day = kMonday, .days = 3});
  EXPECT_EQ(Told(planned.of("ann").lines), "09:00 c0, 09:10 c1");
  ASSERT_EQ(planned.plan.later.size(), 2u);
  EXPECT_EQ(Told(planned.plan.later[0].reps[0].lines), "09:00 c2, 09:10 c3");
  EXPECT_EQ(Told(planned.plan.later[1].reps[0].lines), "09:00 c4");
  const auto text = PlanText(planned.plan, *planned.view->book, Language::kEnglish, policy_test::TestTexts());
  ASSERT_TRUE(text.ok()) << text.status();
  EXPECT_NE(text->find("No room: 3 calls, first Tue 3 Mar 09:00."), std::string::npos) << *text;
  EXPECT_NE(text->find("Wed 4 Mar 2026"), std::string::npos) << *text;
  const auto table = PlanTable(planned.plan, Language::kEnglish, policy_test::TestTexts());
  ASSERT_TRUE(table.ok()) << table.status();
  EXPECT_EQ(table->rows(), 8u) << "five planned over three days, three without room on the first";
  EXPECT_EQ(PlanBook(*planned.view->book, planned.view->input, {.day = kMonday, .days = 15}).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(PlanBook, TheMatrixChoosesAndOrdersVisits) {
  Office office;
  office.Rep("ann", [](RepUpserted& rep) {
    rep.minutes = 300;
    rep.reserve_minutes = 0;
  });
  TravelMatrix ways;
  const std::vector<std::string> line = {"", "near", "mid", "far"};   // along one road, ten minutes apart
  for (std::size_t i = 0; i < line.size(); ++i) {
    for (std::size_t k = i + 1; k < line.size(); ++k) ASSERT_TRUE(ways.Add(line[i], line[k], static_cast<std::int64_t>(10 * (k - i))).ok());
  }
  for (const auto& [id, yen] : {std::pair("far", 9000), {"mid", 100}, {"near", 5000}}) office.Customer(id, yen).Visit(id);
  office.Terms(R"({"visits_start_every": 1, "revisit_share": null})");
  const auto planned = office.Plan({.day = kMonday, .travel = &ways});
  EXPECT_EQ(Told(planned.of("ann").lines), "09:10 near, 10:20 mid, 11:30 far");
  EXPECT_EQ(planned.of("ann").planned_minutes, 3 * 60 + 30);
}

TEST(PlanBook, AQuotaCountsWhatWasDoneWithAnOutcome) {
  Office office;
  office.Terms(R"({"visit_quota": 2, "revisit_share": null, "small_floor": 0})").Rep("ann", [](RepUpserted& rep) {
    rep.minutes = 100;
    rep.reserve_minutes = 0;
  });
  office.Customer("dear", 90000).Call("dear").Customer("v1", 10).Visit("v1").Customer("done", 10);
  for (int i = 0; i < 9; ++i) office.Customer("c" + std::to_string(i), 5000).Call("c" + std::to_string(i));
  EXPECT_EQ(office.Plan().of("ann").visits, 1) << "one is all there is";
  Touch planned_only = policy_test::Reached();
  planned_only.channel = Channel::kVisit;
  planned_only.rep = RepId::Trusted("ann");
  Touch done = planned_only;
  planned_only.disposition.reset();
  office.Add("done", planned_only, "2026-03-02T00:10:00Z");
  const auto without = office.Plan({.day = kMonday}, "2026-03-02T01:00:00Z");
  EXPECT_EQ(without.of("ann").visits_done, 0);
  EXPECT_EQ(without.of("ann").visits, 1);
  office.Add("done", done, "2026-03-02T00:20:00Z").Add("done", done, "2026-03-02T00:30:00Z");
  const auto with = office.Plan({.day = kMonday}, "2026-03-02T01:00:00Z");
  EXPECT_EQ(with.of("ann").visits_done, 2);
  EXPECT_EQ(with.of("ann").visits, 0) << "met, so money decides";
}

TEST(PlanBook, AsksPermissionAtEachStart) {
  Office office;
  office.world().Use(policy_test::ProfileOf(R"({"rapport_permission": 1, "name": "late", "windows": {"call": {"mon": [["13:00","14:00"]]}}})"));
  office.Customer("a", 100).Call("a").Customer("b", 100).Must("b");
  EXPECT_EQ(Told(office.Plan().of("ann").lines), "13:00 b, 13:15 a");
  office.Rep("ann", [](RepUpserted& rep) { rep.calendar = *Json::Parse(R"({"weekly": {"mon": [["09:00","12:00"]]}})"); });
  const auto planned = office.Plan();
  EXPECT_EQ(Told(planned.of("ann").lines), "");
  EXPECT_EQ(planned.of("ann").held.size(), 2u) << "while the windows are open she is not there";
}

TEST(PlanBook, AnUnknownRepIsNamed) {
  const Office office;
  const auto planned = office.Plan();
  const auto unknown = PlanBook(*planned.view->book, planned.view->input, {.day = kMonday, .reps = {RepId::Trusted("who")}});
  EXPECT_EQ(TokenOf(unknown.status()), "rep.unknown");
}

TEST(PlanTerms, AreReadStrictly) {
  EXPECT_EQ(PlanTerms::FromJson(Json())->travel_minutes, 30);
  EXPECT_FALSE(PlanTerms::FromJson(*Json::Parse(R"({"revisit_share": null})"))->revisit_share.has_value());
  EXPECT_EQ(PlanTerms::FromJson(*Json::Parse(R"({"visit_quota": 4, "rollovers": 5})"))->rollovers, 5);
  for (const auto& [text, said] : {std::pair(R"([])", "field plan: found [], expected an object"),
                                   {R"({"travel_minutes": -1})", "field travel_minutes: found -1, expected a whole number from 0 to 720"},
                                   {R"({"travel_minutes": 1.5})", "field travel_minutes: found 1.5, expected a whole number from 0 to 720"},
                                   {R"({"reserve_share": 1})", "field reserve_share: found 1, expected a number from 0 to 0.9"},
                                   {R"({"visits_start_every": 7})", "field visits_start_every: found 7, expected minutes that divide the hour"},
                                   {R"({"days_ahead": 15})", "field days_ahead: found 15, expected a whole number from 1 to 14"}}) {
    const auto terms = PlanTerms::FromJson(*Json::Parse(text));
    EXPECT_EQ(TokenOf(terms.status()), "plan.invalid_terms") << text;
    EXPECT_EQ(terms.status().message(), said);
  }
  const auto unknown = PlanTerms::FromJson(*Json::Parse(R"({"travel": 3})"));
  EXPECT_EQ(unknown.status().message().substr(0, 48), "field travel: found an unknown member, expected ");
}

TEST(Travel, NamesTheRow) {
  const auto negative = TravelMatrix::FromJson(*Json::Parse(R"([{"from": "a", "to": "b", "minutes": 5}, {"from": "a", "to": "c", "minutes": -5}])"));
  EXPECT_EQ(negative.status().message(), "travel[1]: field minutes: found -5, expected 0 to 1440");
  EXPECT_FALSE(TravelMatrix::FromJson(*Json::Parse(R"([{"from": "a", "minutes": 5}])")).ok());
  EXPECT_FALSE(TravelMatrix::FromJson(*Json::Parse(R"([{"from": "a", "to": "b", "minutes": 5}, {"from": "a", "to": "b", "minutes": 6}])")).ok());
  const auto ways = TravelMatrix::FromJson(*Json::Parse(R"([{"from": "a", "to": "b", "minutes": 5}])"));
  ASSERT_TRUE(ways.ok());
  EXPECT_EQ(ways->Between("b", "a"), 5) << "the way back is as long";
  EXPECT_EQ(ways->Between("a", "a"), 0);
  EXPECT_EQ(ways->Between("a", "c"), std::nullopt);
}

}  // namespace
}  // namespace rapport::plan_test

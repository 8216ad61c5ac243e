// What holds of any rep's day, over random offices; and that one candidate less changes little.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <set>

#include "plan/plan_world.hpp"
#include "plan/route.hpp"
#include "rapport/core/hash.hpp"
#include "rapport/plan/plan_terms.hpp"

namespace rapport::plan_test {
namespace {

// Permission with a lunch, a cap and a late opening for visits.
PermissionProfile Picky() {
  return policy_test::ProfileOf(R"({"rapport_permission": 1, "name": "picky", "caps": [{"attempts": 2, "days": 3, "count": "calendar"}],
      "windows": {"call": {"mon": [["09:00","12:00"],["13:00","18:00"]], "tue": [["10:00","18:00"]]}, "visit": {"mon": [["10:00","17:00"]], "tue": [["10:00","16:00"]]}}})");
}

std::string Name(int i) { return "c" + std::to_string(i); }

Office RandomOffice(TravelMatrix& ways) {
  Office office;
  if (*rc::gen::arbitrary<bool>()) office.world().Use(Picky());
  office.Rep("ann", [](RepUpserted& rep) {
    rep.manager = RepId::Trusted("max");
    rep.minutes = *rc::gen::inRange(0, 420);
    rep.reserve_minutes = *rc::gen::inRange(0, 80);
    if (*rc::gen::arbitrary<bool>()) rep.calendar = *Json::Parse(R"({"weekly": {"mon": [["09:00","12:00"],["13:30","17:30"]], "tue": [["10:00","15:00"]]}})");
  });
  office.Terms(R"({"visits_start_every": )" + std::to_string(*rc::gen::element(1, 15, 30)) + "}");
  const int customers = *rc::gen::inRange(1, 14);
  for (int i = 0; i < customers; ++i) {
    office.Customer(Name(i), *rc::gen::inRange(0, 5000), *rc::gen::element<std::string>("ann", "ann", "ann", "max"));
    const int kinds = *rc::gen::inRange(0, 8);
    if ((kinds & 1) != 0) office.Call(Name(i));
    if ((kinds & 2) != 0) office.Visit(Name(i));
    if ((kinds & 4) != 0 && *rc::gen::arbitrary<bool>()) office.Must(Name(i));
    if (*rc::gen::inRange(0, 6) == 0) office.Met(Name(i), "ann", *rc::gen::element(Channel::kVisit, Channel::kCall), "2026-02-10T02:00:00Z");
    if (*rc::gen::inRange(0, 9) == 0) {
      office.Appointment(Name(i), "2026-03-02T0" + std::to_string(*rc::gen::inRange(0, 8)) + ":00:00Z", 30, *rc::gen::element(Channel::kVisit, Channel::kCall));
    }
  }
  if (*rc::gen::arbitrary<bool>()) {
    for (int i = -1; i < customers; ++i) {
      for (int k = i + 1; k < customers; ++k) (void)ways.Add(i < 0 ? "" : Name(i), Name(k), *rc::gen::inRange(0, 60));
    }
  }
  return office;
}

// What all lines of an account but one stand for, of all reps and days.
std::vector<Attempt> BesidesOf(const Office::Planned& planned, const PlanLine& line) {
  const auto account = planned.view->book->Find(line.customer);
  std::vector<Attempt> attempts = AttemptsOf(*account, planned.view->input.as_of, line.decision->followup);
  const auto add = [&](const std::vector<RepDay>& reps) {
    for (const RepDay& day : reps) {
      for (const PlanLine& other : day.lines) {
        if (&other == &line || other.customer != line.customer) continue;
        Attempt attempt;
        attempt.at = *other.start;
        attempt.channel = other.channel;
        attempt.purpose = other.purpose;
        attempt.reservation = true;
        attempts.push_back(attempt);
        RC_ASSERT(other.start->PlusMinutes(other.minutes) <= *line.start || line.start->PlusMinutes(line.minutes) <= *other.start);
      }
    }
  };
  add(planned.plan.reps);
  for (const LaterDay& later : planned.plan.later) add(later.reps);
  return attempts;
}

// Of lines that are not appointments: inside the hours, not over each other, permission at their start.
void CheckTimes(const Office::Planned& planned, const RepDay& day, Day civil, const TravelMatrix& ways, std::int64_t usual) {
  const RepRecord* rep = planned.view->book->context().FindRep(day.rep);
  Instant free = Instant::Min();
  std::string here;
  std::int64_t minutes = 0;
  for (const PlanLine& line : day.lines) {
    const Instant begin = line.start->PlusMinutes(-line.travel_minutes), end = line.start->PlusMinutes(line.minutes);
    if (line.channel == Channel::kVisit) {
      RC_ASSERT(line.travel_minutes == (here == line.customer.text() ? 0 : ways.empty() ? usual : ways.Between(here, line.customer.text()).value_or(usual)));
      here = line.customer.text();
    }
    minutes += line.minutes + line.travel_minutes;
    if (line.appointment.has_value()) {
      free = std::max(free, end);
      continue;
    }
    RC_ASSERT(begin >= free);
    free = end;
    bool inside = false;
    for (const MinuteRange& range : rep->week.RangesOn(civil)) {
      inside = inside || (begin >= day.zone->At(LocalSecond(civil) + range.from * 60) && end <= day.zone->At(LocalSecond(civil) + range.to * 60));
    }
    RC_ASSERT(inside);
    RC_ASSERT(*line.start <= line.decision->expires);
    const std::vector<Attempt> attempts = BesidesOf(planned, line);
    PermissionInput asked;
    asked.profile = planned.view->input.permission;
    asked.zone = &planned.view->zone(line.customer.text());
    asked.channel = line.channel;
    asked.purpose = line.purpose;
    asked.attempts = attempts;
    RC_ASSERT(CheckPermission(asked, *line.start).allowed);
  }
  RC_ASSERT(minutes == day.planned_minutes);
}

TEST(PlanBook_Property, ADayHoldsWhatItPromises) {
  EXPECT_TRUE(rc::check([] {
    TravelMatrix ways;
    const Office office = RandomOffice(ways);
    const auto planned = office.Plan({.day = kMonday, .days = 2, .travel = &ways}, kMorning);
    std::set<FollowUpId> seen;
    for (const RepDay& day : planned.plan.reps) {
      if (day.rep.empty()) continue;
      CheckTimes(planned, day, kMonday, ways, 30);
      std::int64_t fixed = 0;
      std::map<CustomerId, int> optional;
      for (const PlanLine& line : day.lines) {
        if (line.appointment.has_value()) fixed += line.minutes + line.travel_minutes;
        if (!line.mandatory) RC_ASSERT(++optional[line.customer] == 1);
        if (line.decision != nullptr) RC_ASSERT(seen.insert(line.decision->followup).second);
      }
      RC_ASSERT(day.planned_minutes <= std::max(fixed, day.minutes - day.reserve));
      for (const PlanLine& line : day.no_room) {
        if (line.decision != nullptr) RC_ASSERT(seen.insert(line.decision->followup).second);
        if (!line.mandatory || line.decision == nullptr) continue;
        RC_ASSERT(line.told.has_value());
      }
    }
    for (const LaterDay& later : planned.plan.later) {
      for (const RepDay& day : later.reps) {
        if (!day.rep.empty()) CheckTimes(planned, day, later.day, ways, 30);
        for (const PlanLine& line : day.lines) {
          if (line.decision != nullptr) RC_ASSERT(!line.position.has_value() || line.start >= day.zone->StartOf(later.day));
        }
      }
    }
  }));
}

// Everybody may be called all day: what is out is out for want of minutes.
TEST(PlanBook_Property, NothingOptionalIsInWhileSomethingThatMustBeDoneIsOut) {
  EXPECT_TRUE(rc::check([] {
    Office office;
    office.Rep("ann", [](RepUpserted& rep) {
      rep.minutes = *rc::gen::inRange(0, 120);
      rep.reserve_minutes = 0;
    });
    const int customers = *rc::gen::inRange(1, 12);
    for (int i = 0; i < customers; ++i) {
      office.Customer(Name(i), *rc::gen::inRange(0, 5000));
      if (*rc::gen::arbitrary<bool>()) office.Must(Name(i));
      else office.Call(Name(i));
    }
    const auto planned = office.Plan();
    const RepDay& day = planned.of("ann");
    const auto must = [](const PlanLine& line) { return line.mandatory; };
    if (std::any_of(day.no_room.begin(), day.no_room.end(), must)) RC_ASSERT(std::all_of(day.lines.begin(), day.lines.end(), must));
  }));
}

std::set<std::string> PlannedIds(const std::vector<PlanCandidate>& candidates, std::int64_t minutes, double tolerance) {
  PlanGoals goals;
  goals.tolerance = tolerance;
  const auto planned = PlanMinutes(candidates, minutes, goals);
  EXPECT_TRUE(planned.ok()) << planned.status();
  std::set<std::string> ids;
  for (std::size_t i = 0; planned.ok() && i < candidates.size(); ++i) {
    if ((*planned)[i].planned) ids.insert(candidates[i].id);
  }
  return ids;
}

std::int64_t ValueOfAll(const std::vector<PlanCandidate>& candidates, const std::set<std::string>& ids) {
  std::int64_t sum = 0;
  for (const PlanCandidate& c : candidates) sum += ids.contains(c.id) ? c.value : 0;
  return sum;
}

std::vector<PlanCandidate> RandomDay(int seed, int count, std::int64_t minutes_apart) {
  std::vector<PlanCandidate> candidates;
  for (int i = 0; i < count; ++i) {
    const auto draw = [&](std::string_view what) { return Chance(static_cast<std::uint64_t>(seed), what, {std::to_string(i)}); };
    const double u = draw("value");
    const auto steps = static_cast<double>(60 / minutes_apart);
    candidates.push_back({Name(i), 5 + minutes_apart * static_cast<std::int64_t>(draw("minutes") * steps), 100 + static_cast<std::int64_t>(40000 * u * u * u), false});
  }
  return candidates;
}

// As a rep's day chooses: lines that differ after a planned one fell away, itself among them; minutes as rules give them, and odd ones.
TEST(PlanMinutes_Stability, OneCandidateLessChangesThreeLinesInTheMedian) {
  for (const std::int64_t minutes_apart : {5, 1}) {
    for (const int count : {20, 60, 300}) {
      std::vector<std::size_t> changes;
      for (int seed = 0; seed < 30; ++seed) {
        const std::vector<PlanCandidate> candidates = RandomDay(seed, count, minutes_apart);
        const std::set<std::string> before = PlannedIds(candidates, 240, 0.01);
        EXPECT_GE(static_cast<double>(ValueOfAll(candidates, before)), 0.99 * static_cast<double>(ValueOfAll(candidates, PlannedIds(candidates, 240, 0))));
        for (const std::string& gone : before) {
          std::vector<PlanCandidate> fewer = candidates;
          std::erase_if(fewer, [&](const PlanCandidate& c) { return c.id == gone; });
          const std::set<std::string> after = PlannedIds(fewer, 240, 0.01);
          std::vector<std::string> differing;
          std::set_symmetric_difference(before.begin(), before.end(), after.begin(), after.end(), std::back_inserter(differing));
          changes.push_back(differing.size());
        }
      }
      std::sort(changes.begin(), changes.end());
      EXPECT_LE(changes[changes.size() / 2], 3u) << count << " candidates, minutes " << minutes_apart << " apart";
    }
  }
}

TEST(PlanBook_Stability, OneCustomerLessChangesThreeLinesInTheMedian) {
  std::vector<std::size_t> changes;
  const auto lines_of = [](int left_out) {
    Office office;
    for (int i = 0; i < 30; ++i) {
      if (i == left_out) continue;
      office.Customer(Name(i), 100 + 7919 * i % 4001);
      if (i % 4 == 0) office.Visit(Name(i));
      else office.Call(Name(i));
    }
    const auto planned = office.Plan();
    std::set<std::string> lines;
    for (const PlanLine& line : planned.of("ann").lines) lines.insert(line.customer.text());
    return lines;
  };
  const std::set<std::string> before = lines_of(-1);
  for (const std::string& customer : before) {
    const std::set<std::string> after = lines_of(std::atoi(customer.c_str() + 1));
    std::vector<std::string> differing;
    std::set_symmetric_difference(before.begin(), before.end(), after.begin(), after.end(), std::back_inserter(differing));
    changes.push_back(differing.size());
  }
  std::sort(changes.begin(), changes.end());
  EXPECT_LE(changes[changes.size() / 2], 3u);
}

TEST(ShortestRoute, IsTheShortestOfAllOrders) {
  EXPECT_TRUE(rc::check([] {
    const int stops = *rc::gen::inRange(0, 7);
    std::map<std::pair<int, int>, std::int64_t> minutes;
    for (int a = -1; a < stops; ++a) {
      for (int b = 0; b < stops; ++b) minutes[{a, b}] = *rc::gen::inRange(0, 50);
    }
    const auto way = [&](int a, int b) { return minutes.at({a, b}); };
    const std::vector<std::size_t> route = ShortestRoute(static_cast<std::size_t>(stops), way);
    std::vector<std::size_t> order;
    for (int i = 0; i < stops; ++i) order.push_back(static_cast<std::size_t>(i));
    RC_ASSERT(std::is_permutation(route.begin(), route.end(), order.begin(), order.end()));
    do {
      RC_ASSERT(LengthOf(route, way) <= LengthOf(order, way));
    } while (std::next_permutation(order.begin(), order.end()));
  }));
}

TEST(ShortestRoute, VisitsEachOfManyOnce) {
  const auto way = [](int a, int b) { return std::int64_t{(a * 7 + b * 13 + 5) % 41}; };
  const std::vector<std::size_t> route = ShortestRoute(25, way);
  EXPECT_EQ(std::set<std::size_t>(route.begin(), route.end()).size(), 25u);
}

}  // namespace
}  // namespace rapport::plan_test

// How long the owner has been away: his working days, whoever told of them, and when time alone moves the count.
#include <gtest/gtest.h>

#include "signals/signals_for_test.hpp"

namespace rapport {
namespace {

using namespace made;  // NOLINT
using Ids = std::vector<std::string>;

Event Rep(std::string id, std::string_view at, std::vector<Day> absences, std::optional<Day> left = std::nullopt) {
  RepUpserted rep;
  rep.rep = RepId::Trusted("kim");
  if (!absences.empty()) rep.absences = std::move(absences);
  rep.left = left;
  return Happened("", std::move(id), at, rep);
}
Event Owned(std::string id = "u") {
  CustomerUpserted customer;
  customer.owner = RepId::Trusted("kim");
  return Happened("c", std::move(id), "2026-01-01T00:00:00Z", customer);
}
std::vector<Day> DaysOf(Day from, Day to) {
  std::vector<Day> days;
  for (Day day = from; day <= to; ++day) days.push_back(day);
  return days;
}
Cell AwayOn(const std::vector<Event>& events, std::string_view at) { return Asked(events, at).ValueOf("owner.days_away"); }

TEST(Signals_Owner, CountsWorkingDaysInARow) {
  // Two weeks from Monday, 2 March 2026.
  const std::vector<Event> events = {Owned(), Rep("r", "2026-02-01T00:00:00Z", DaysOf(Day(2026, 3, 2), Day(2026, 3, 13)))};
  EXPECT_EQ(AwayOn(events, "2026-03-01T12:00:00Z"), Whole(0));
  EXPECT_EQ(AwayOn(events, "2026-03-02T12:00:00Z"), Whole(1));
  EXPECT_EQ(AwayOn(events, "2026-03-06T12:00:00Z"), Whole(5));
  EXPECT_EQ(AwayOn(events, "2026-03-08T12:00:00Z"), Whole(5)) << "over a weekend nobody works, and nobody is missed";
  EXPECT_EQ(AwayOn(events, "2026-03-09T12:00:00Z"), Whole(6));
  EXPECT_EQ(AwayOn(events, "2026-03-13T12:00:00Z"), Whole(10));
  EXPECT_EQ(AwayOn(events, "2026-03-15T12:00:00Z"), Whole(10));
  EXPECT_EQ(AwayOn(events, "2026-03-16T12:00:00Z"), Whole(0));
}

TEST(Signals_Owner, AnOwnerWhoLeftStaysAway) {
  const std::vector<Event> events = {Owned(), Rep("r", "2026-02-01T00:00:00Z", DaysOf(Day(2026, 3, 2), Day(2026, 3, 6)), Day(2026, 3, 9))};
  EXPECT_EQ(AwayOn(events, "2026-03-09T12:00:00Z"), Whole(6)) << "his last holiday counts along";
  EXPECT_EQ(AwayOn(events, "2026-03-13T12:00:00Z"), Whole(10));
  EXPECT_EQ(AwayOn(events, "2027-03-15T12:00:00Z"), Whole(5 + 266));
}

TEST(Signals_Owner, HasAManagerWhoWorksHere) {
  const auto kim = [](std::optional<std::string> manager) {
    RepUpserted rep;
    rep.rep = RepId::Trusted("kim");
    if (manager.has_value()) rep.manager = RepId::Trusted(*manager);
    return Happened("", "kim", "2026-02-01T00:00:00Z", rep);
  };
  const auto has = [](const std::vector<Event>& events, std::string_view at) { return Asked(events, at).ValueOf("owner.has_manager"); };
  EXPECT_EQ(has({Owned(), kim(std::nullopt)}, "2026-03-02T12:00:00Z"), Null()) << "nobody told of one";
  EXPECT_EQ(has({Owned(), kim("kim")}, "2026-03-02T12:00:00Z"), Cell(false)) << "nobody is his own";
  EXPECT_EQ(has({Owned(), kim("okada")}, "2026-03-02T12:00:00Z"), Cell(true));
  RepUpserted okada;
  okada.rep = RepId::Trusted("okada");
  okada.left = Day(2026, 3, 9);
  const std::vector<Event> left = {Owned(), kim("okada"), Happened("", "okada", "2026-02-02T00:00:00Z", okada)};
  EXPECT_EQ(has(left, "2026-03-08T12:00:00Z"), Cell(true));
  EXPECT_EQ(has(left, "2026-03-09T12:00:00Z"), Cell(false));
  EXPECT_EQ(Asked::Column("owner.has_manager").next_step(Asked(left, "2026-03-02T12:00:00Z").input()), Day(2026, 3, 9));
  EXPECT_EQ(Asked(left, "2026-03-02T12:00:00Z").EvidenceOf("owner.has_manager"), (Ids{"kim", "okada", "u"}));
}

TEST(Signals_Owner, NobodyIsAwayWhereNobodyIsThere) {
  const std::vector<Event> nobodys = {Happened("c", "u", "2026-01-01T00:00:00Z", CustomerUpserted()), Rep("r", "2026-02-01T00:00:00Z", {Day(2026, 3, 2)})};
  EXPECT_EQ(AwayOn(nobodys, "2026-03-02T12:00:00Z"), Null());
  EXPECT_EQ(AwayOn({Owned()}, "2026-03-02T12:00:00Z"), Null()) << "nothing is known of the owner";
}

TEST(Signals_Owner, IsArmedByTheEventThatToldItFirst) {
  std::vector<Event> events = {Owned(), Rep("first", "2026-02-01T00:00:00Z", DaysOf(Day(2026, 3, 2), Day(2026, 3, 13)))};
  EXPECT_EQ(Asked(events, "2026-03-13T12:00:00Z").ArmedBy("owner.days_away"), "first");
  events.push_back(Rep("again", "2026-03-10T00:00:00Z", DaysOf(Day(2026, 3, 2), Day(2026, 3, 20))));
  const Asked asked(events, "2026-03-13T12:00:00Z");
  EXPECT_EQ(asked.ArmedBy("owner.days_away"), "first") << "a calendar told again moves nothing";
  EXPECT_EQ(asked.EvidenceOf("owner.days_away"), (Ids{"first", "again", "u"}));
  events.push_back(Rep("later", "2026-04-01T00:00:00Z", DaysOf(Day(2026, 5, 4), Day(2026, 5, 8))));
  EXPECT_EQ(Asked(events, "2026-05-04T12:00:00Z").ArmedBy("owner.days_away"), "later");
  events.push_back(Rep("gone", "2026-06-01T00:00:00Z", {}, Day(2026, 6, 15)));
  EXPECT_EQ(Asked(events, "2026-06-16T12:00:00Z").ArmedBy("owner.days_away"), "gone");
}

TEST(Signals_Owner, SaysWhenTimeAloneMovesIt) {
  const std::vector<Event> events = {Owned(), Rep("r", "2026-02-01T00:00:00Z", DaysOf(Day(2026, 3, 6), Day(2026, 3, 9)))};
  const auto next = [&](std::string_view at) { return Asked::Column("owner.days_away").next_step(Asked(events, at).input()); };
  EXPECT_EQ(next("2026-03-01T12:00:00Z"), Day(2026, 3, 6));
  EXPECT_EQ(next("2026-03-06T12:00:00Z"), Day(2026, 3, 9));
  EXPECT_EQ(next("2026-03-09T12:00:00Z"), Day(2026, 3, 10));
  EXPECT_EQ(next("2026-03-10T12:00:00Z"), std::nullopt);
}

TEST(Signals_Owner, ItsCrossingIsFoundAhead) {
  const std::vector<Event> events = {Owned(), Rep("r", "2026-02-01T00:00:00Z", DaysOf(Day(2026, 3, 2), Day(2026, 3, 27)))};
  const Recurrence daily = *Recurrence::Parse("FREQ=DAILY", LocalSecond(1900, 1, 1));
  const SignalCheck check{10, false, &daily};
  const Asked asked(events, "2026-02-02T12:00:00Z");
  const auto ahead = NextChecked(Asked::Column("owner.days_away"), asked.input(), check, true);
  ASSERT_TRUE(ahead.has_value());
  EXPECT_TRUE(ahead->found);
  EXPECT_EQ(ahead->day, Day(2026, 3, 13));
  const Asked away(events, "2026-03-18T12:00:00Z");
  const auto row = CheckedRowOf(Asked::Column("owner.days_away"), away.input(), check);
  ASSERT_TRUE(row.has_value());
  EXPECT_EQ(row->first, Day(2026, 3, 13));
  EXPECT_EQ(NextChecked(Asked::Column("owner.days_away"), away.input(), check, false)->day, Day(2026, 3, 30));
}

// A year ahead: no more looks than days on which it moves.
TEST(Signals_Owner, AnAbsenceFarAheadIsFound) {
  const std::vector<Event> events = {Owned(), Rep("r", "2026-02-01T00:00:00Z", DaysOf(Day(2027, 3, 1), Day(2027, 3, 31)))};
  const Recurrence daily = *Recurrence::Parse("FREQ=DAILY", LocalSecond(1900, 1, 1));
  const auto ahead = NextChecked(Asked::Column("owner.days_away"), Asked(events, "2026-02-02T12:00:00Z").input(), {10, false, &daily}, true);
  ASSERT_TRUE(ahead.has_value() && ahead->found);
  EXPECT_EQ(ahead->day, Day(2027, 3, 12));
}

}  // namespace
}  // namespace rapport

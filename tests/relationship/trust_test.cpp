// The closed forms of trust against sums from scratch and against going through the days.
#include "rapport/relationship/trust.hpp"

#include <cmath>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "relationship/contacts.hpp"

namespace rapport {
namespace {

using namespace made;  // NOLINT

struct Contact {
  Instant at;
  double weight;
};

double FromScratch(const std::vector<Contact>& contacts, double half_life, Instant at) {
  long double sum = 0;
  for (const Contact& contact : contacts) sum += contact.weight * std::exp2l(-static_cast<long double>(DaysBetween(contact.at, at)) / half_life);
  return static_cast<double>(sum);
}

std::vector<Contact> AnyContacts(int least = 0) {
  std::vector<Contact> contacts;
  const int count = *rc::gen::inRange(least, 20);
  for (int i = 0; i < count; ++i) contacts.push_back({AnyMomentWithin(300), *rc::gen::inRange(1, 100) / 20.0});
  return contacts;
}

void AddAll(const std::vector<Contact>& contacts, DecayingSum& sum) {
  for (const Contact& contact : contacts) sum.Add(contact.at, contact.weight);
}

TEST(Relationship_Trust, HalvesWithEachHalfLife) {
  DecayingSum sum(75);
  sum.Add(At("2026-01-01T00:00:00Z"), 1);
  EXPECT_EQ(sum.At(At("2026-01-01T00:00:00Z")), 1);
  EXPECT_DOUBLE_EQ(sum.At(At("2026-03-17T00:00:00Z")), 0.5);
  EXPECT_DOUBLE_EQ(sum.At(At("2026-05-31T00:00:00Z")), 0.25);
  EXPECT_EQ(DecayingSum(75).At(At("2026-05-31T00:00:00Z")), 0);
}

TEST(Relationship_Trust, FallsOnTheDayAfterItMeetsTheLevel) {
  DecayingSum sum(75);
  sum.Add(At("2026-01-01T00:00:00Z"), 1);
  // At 0:00 of 17 March it is the level, and the day after below.
  EXPECT_EQ(sum.FirstDayBelow(0.5, ZoneRules::Bundled().Utc(), Day(2026, 1, 1)), Day(2026, 3, 18));
  EXPECT_EQ(sum.FirstDayBelow(0.51, ZoneRules::Bundled().Utc(), Day(2026, 1, 1)), Day(2026, 3, 15));
  EXPECT_EQ(sum.FirstDayBelow(2, ZoneRules::Bundled().Utc(), Day(2026, 1, 1)), Day(2026, 1, 2)) << "below already: with tomorrow";
}

TEST(Relationship_Trust, IsTheSameFromScratchInAnyOrderAndMerged) {
  EXPECT_TRUE(rc::check([] {
    const double half_life = *rc::gen::element(1.0, 7.5, 75.0, 400.0);
    std::vector<Contact> contacts = AnyContacts(1);
    const Instant at = At("2026-01-01T00:00:00Z").PlusMinutes(1440 * *rc::gen::inRange(300, 400));
    const double expected = FromScratch(contacts, half_life, at);
    const auto is_close = [&](double value) { return std::fabs(value - expected) <= 1e-13 * expected + 1e-290; };
    DecayingSum sum(half_life);
    AddAll(contacts, sum);
    RC_ASSERT(is_close(sum.At(at)));
    const auto cut = contacts.begin() + *rc::gen::inRange<int>(0, static_cast<int>(contacts.size()));
    DecayingSum one(half_life), other(half_life);
    AddAll({contacts.begin(), cut}, one);
    AddAll({cut, contacts.end()}, other);
    one.Merge(other);
    RC_ASSERT(is_close(one.At(at)));
    std::reverse(contacts.begin(), contacts.end());
    DecayingSum backwards(half_life);
    AddAll(contacts, backwards);
    RC_ASSERT(is_close(backwards.At(at)));
  }));
}

TEST(Relationship_Trust, TheDayItFallsIsWhatGoingThroughTheDaysFinds) {
  EXPECT_TRUE(rc::check([] {
    const Zone& zone = AnyZone();
    const double half_life = *rc::gen::element(5.0, 30.0, 75.0);
    const std::vector<Contact> contacts = AnyContacts(1);
    DecayingSum sum(half_life);
    AddAll(contacts, sum);
    const Day today = zone.LocalDay(At("2026-01-01T00:00:00Z").PlusMinutes(1440 * 300));
    const double level = *rc::gen::element(0.05, 0.5, 0.75, 1.5, 3.0, 20.0);
    Day day = today + 1;
    while (FromScratch(contacts, half_life, zone.StartOf(day)) >= level * (1 - kTrustTolerance)) ++day;
    RC_ASSERT(sum.FirstDayBelow(level, zone, today) == day);
    const Instant falls = sum.FallsBelow(level);
    RC_ASSERT(sum.At(falls.PlusMicros(1)) < level || falls == Instant::Max());
  }));
}

}  // namespace
}  // namespace rapport

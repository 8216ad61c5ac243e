// Rungs and the day they are lost; what touches add up to, against going through the days.
#include "rapport/relationship/ladder.hpp"

#include <cmath>
#include <map>
#include <set>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "rapport/core/json.hpp"
#include "relationship/contacts.hpp"

namespace rapport {
namespace {

using namespace made;  // NOLINT

using Numbers = std::map<std::string, double, std::less<>>;

Rung RungBy(double trust, const Numbers& numbers) {
  return RungOf(RelationshipTerms::Default(), trust, [&](std::string_view name) -> std::optional<double> {
    const auto found = numbers.find(name);
    return found == numbers.end() ? std::nullopt : std::optional(found->second);
  });
}

TEST(Relationship_Ladder, ARungNeedsTrustWhatItAsksForAndAllBelow) {
  EXPECT_EQ(RungBy(0, {}), Rung::kNone);
  EXPECT_EQ(RungBy(100, {}), Rung::kNone) << "trust alone is no rung";
  EXPECT_EQ(RungBy(0.74, {{"touch.care_days", 9}}), Rung::kNone);
  EXPECT_EQ(RungBy(0.75, {{"touch.care_days", 2}}), Rung::kRecognised);
  EXPECT_EQ(RungBy(0.75 * (1 - 1e-13), {{"touch.care_days", 2}}), Rung::kRecognised) << "what shows as the level has it";
  EXPECT_EQ(RungBy(9, {{"touch.care_days", 4}}), Rung::kTrust);
  EXPECT_EQ(RungBy(9, {{"touch.care_days", 4}, {"purchase.count", 1}}), Rung::kTrust) << "one purchase is not yet reliance";
  EXPECT_EQ(RungBy(9, {{"touch.care_days", 4}, {"purchase.count", 1}, {"promise.kept", 2}}), Rung::kReliance);
  EXPECT_EQ(RungBy(9, {{"touch.care_days", 4}, {"purchase.count", 3}}), Rung::kReliance) << "where no promises are recorded";
  EXPECT_EQ(RungBy(9, {{"touch.care_days", 6}, {"purchase.count", 4}}), Rung::kStanding);
  EXPECT_EQ(RungBy(9, {{"touch.care_days", 1}, {"purchase.count", 99}, {"promise.kept", 99}}), Rung::kNone) << "all rungs below";
}

TEST(Relationship_Ladder, AsksForNoMoreThanTrustMayReach) {
  int asked = 0;
  RungOf(RelationshipTerms::Default(), 0.5, [&](std::string_view) -> std::optional<double> {
    ++asked;
    return 1e9;
  });
  EXPECT_EQ(asked, 0);
}

TEST(Relationship_Ladder, FallsOnIsNullOnlyAtNone) {
  DecayingSum sum(75);
  sum.Add(At("2026-01-01T00:00:00Z"), 1.5);
  const Zone& utc = ZoneRules::Bundled().Utc();
  EXPECT_EQ(FallsOn(RelationshipTerms::Default(), Rung::kNone, sum, utc, Day(2026, 1, 1)), std::nullopt);
  EXPECT_EQ(FallsOn(RelationshipTerms::Default(), Rung::kRecognised, sum, utc, Day(2026, 1, 1)), Day(2026, 3, 18));
}

// --- what touches add up to
TEST(Relationship_TouchSums, SellingMassCopiesEditsAndAutoRepliesNeverRaiseTrust) {
  EXPECT_TRUE(rc::check([] {
    std::vector<std::pair<Instant, Touch>> touches = AnyTouches(300);
    for (auto& [at, touch] : touches) {
      switch (*rc::gen::inRange(0, 6)) {
        case 0: touch.purpose = Purpose::kSell; break;
        case 1: touch.purpose = Purpose::kAdmin; break;
        case 2: touch.kind = TouchKind::kMass; break;
        case 3: touch.kind = TouchKind::kCopy; break;
        case 4: touch.kind = TouchKind::kEdit; break;
        default: touch.disposition = Disposition::kAutoReply;
      }
    }
    const Account account = AccountWith(std::move(touches));
    const TouchSums sums = TouchSumsOf(account, RelationshipTerms::Default(), AnyZone(), At("2026-12-01T00:00:00Z"));
    RC_ASSERT(sums.trust == 0);
    RC_ASSERT(sums.care_days == 0);
    RC_ASSERT(sums.last_care == nullptr);
    RC_ASSERT(sums.last_counted == nullptr);
    RC_ASSERT(!sums.trend.has_value() && !sums.both_sides_share.has_value());
  }));
}

double TrustByHand(const Account& account, const RelationshipTerms& terms, const Zone& zone, Instant as_of) {
  const Instant today = zone.StartOf(zone.LocalDay(as_of));
  double sum = 0;
  for (const TouchRecord& record : account.touches) {
    if (record.at > as_of) continue;
    sum += terms.WeightOf(record.touch, ReachOf(record.touch)) * std::exp2(-std::max(0.0, DaysBetween(record.at, today)) / terms.half_life_days());
  }
  return sum;
}

TEST(Relationship_TouchSums, EqualWhatIsAddedByHandOnEveryDay) {
  EXPECT_TRUE(rc::check([] {
    const Account account = AccountWith(AnyTouches(300));
    const Zone& zone = AnyZone();
    const RelationshipTerms& terms = RelationshipTerms::Default();
    const Instant as_of = AnyMomentWithin(300);
    const TouchSums sums = TouchSumsOf(account, terms, zone, as_of);
    const double expected = TrustByHand(account, terms, zone, as_of);
    RC_ASSERT(std::fabs(sums.trust - expected) <= 1e-12 * expected);
    std::set<Day> care;
    for (const TouchRecord& record : account.touches) {
      if (record.at <= as_of && IsCareContact(record.touch) && ReachOf(record.touch) == TouchReach::kReached) care.insert(zone.LocalDay(record.at));
    }
    RC_ASSERT(sums.care_days == static_cast<std::int64_t>(care.size()));
    if (sums.both_sides_share.has_value()) RC_ASSERT(*sums.both_sides_share >= 0 && *sums.both_sides_share <= 1);
    if (sums.trend.has_value()) RC_ASSERT(*sums.trend >= -1 && *sums.trend <= 0.6 + 1e-9);
  }));
}

// What is yet to come counts for nothing, and however short the half life no sum is lost in the infinite.
TEST(Relationship_TouchSums, NothingIsNaNAndWhatIsYetToComeCountsForNothing) {
  EXPECT_TRUE(rc::check([] {
    const RelationshipTerms fast = *RelationshipTerms::FromJson(*Json::Parse(R"({"rapport_relationship":1,"half_life_days":1})"));
    std::vector<std::pair<Instant, Touch>> touches = AnyTouches(6000);
    const Instant as_of = *rc::gen::arbitrary<bool>() ? At("2025-12-01T00:00:00Z") : AnyMomentWithin(6000);
    const Zone& zone = AnyZone();
    const TouchSums sums = TouchSumsOf(AccountWith(touches), fast, zone, as_of);
    std::erase_if(touches, [&](const auto& touch) { return touch.first > as_of; });
    const TouchSums by_then = TouchSumsOf(AccountWith(touches), fast, zone, as_of);
    RC_ASSERT(std::isfinite(sums.trust) && sums.trust == by_then.trust);
    RC_ASSERT(sums.contacts == by_then.contacts && sums.care_days == by_then.care_days);
    RC_ASSERT(sums.both_sides_share == by_then.both_sides_share && sums.trend == by_then.trend);
    if (sums.both_sides_share.has_value()) RC_ASSERT(std::isfinite(*sums.both_sides_share));
    if (sums.trend.has_value()) RC_ASSERT(*sums.trend >= -1 && *sums.trend <= 0.6 + 1e-9);
  }));
}

// If nobody makes contact: the rung of each day asked alone, until it is lower.
TEST(Relationship_TouchSums, FallsOnIsWhatGoingThroughTheDaysFinds) {
  EXPECT_TRUE(rc::check([] {
    const Zone& zone = AnyZone();
    const Instant as_of = AnyMomentWithin(300);
    std::vector<std::pair<Instant, Touch>> touches = AnyTouches(300);
    std::erase_if(touches, [&](const auto& touch) { return touch.first > as_of; });
    const Account account = AccountWith(std::move(touches));
    const RelationshipTerms& terms = RelationshipTerms::Default();
    const Numbers numbers{{"touch.care_days", *rc::gen::inRange(0, 8)}, {"purchase.count", *rc::gen::inRange(0, 6)}, {"promise.kept", *rc::gen::inRange(0, 3)}};
    const TouchSums sums = TouchSumsOf(account, terms, zone, as_of);
    const Rung now = RungBy(sums.trust, numbers);
    const Day today = zone.LocalDay(as_of);
    const std::optional<Day> falls_on = FallsOn(terms, now, sums.sum, zone, today);
    RC_ASSERT(falls_on.has_value() == (now != Rung::kNone));
    if (!falls_on.has_value()) return;
    Day day = today + 1;
    while (RungBy(TouchSumsOf(account, terms, zone, zone.StartOf(day)).trust, numbers) >= now) ++day;
    RC_ASSERT(*falls_on == day);
  }));
}

TEST(Relationship_TouchSums, SixCareVisitsWithinThreeWeeksAreRecognised) {
  EXPECT_TRUE(rc::check([] {
    std::vector<std::pair<Instant, Touch>> visits;
    for (int i = 0; i < 6; ++i) visits.emplace_back(At("2026-03-01T09:00:00Z").PlusMinutes(1440 * *rc::gen::inRange(4 * i, 4 * i + 2)), By(Channel::kVisit));
    const Account account = AccountWith(visits);
    const TouchSums sums = TouchSumsOf(account, RelationshipTerms::Default(), AnyZone(), At("2026-03-22T09:00:00Z"));
    RC_ASSERT(RungBy(sums.trust, {{"touch.care_days", sums.care_days}}) >= Rung::kRecognised);
  }));
}

// What terms.hpp and docs/relationships.md say in words.
TEST(Relationship_Ladder, OursInWords) {
  const RelationshipTerms& ours = RelationshipTerms::Default();
  const Zone& utc = ZoneRules::Bundled().Utc();
  const auto visits = [](int count, int every) {
    std::vector<std::pair<Instant, Touch>> touches;
    for (int i = 0; i < count; ++i) touches.emplace_back(At("2020-01-01T00:00:00Z").PlusMinutes(1440LL * i * every), By(Channel::kVisit));
    return AccountWith(std::move(touches));
  };
  const auto days_above = [&](const Account& account, Rung rung) {
    const Instant last = account.touches.back().at;
    return DaysBetween(last, TouchSumsOf(account, ours, utc, last).sum.FallsBelow(ours.Of(rung).trust));
  };
  EXPECT_NEAR(days_above(visits(2, 7), Rung::kRecognised), 100, 3);
  const Account six = visits(6, 4);
  EXPECT_NEAR(TouchSumsOf(six, ours, utc, six.touches.back().at).trust, 5.5, 0.1);
  EXPECT_NEAR(days_above(six, Rung::kRecognised), 215, 3);
  EXPECT_NEAR(days_above(six, Rung::kTrust), 140, 3);
  EXPECT_NEAR(days_above(six, Rung::kReliance), 96, 3);
  EXPECT_NEAR(days_above(six, Rung::kStanding), 65, 3);
  EXPECT_GE(days_above(visits(60, 90), Rung::kRecognised), 90);
  EXPECT_LT(days_above(visits(60, 92), Rung::kRecognised), 92) << "a quarter is too long, by a hair";
  EXPECT_GE(days_above(visits(60, 42), Rung::kTrust), 42);
  EXPECT_GE(days_above(visits(60, 31), Rung::kStanding), 31);
}

// The same contacts from one side or both, and a last month that is fuller or emptier than the year before.
TEST(Relationship_TouchSums, ShareAndTrendSayWhatHappened) {
  const Zone& utc = ZoneRules::Bundled().Utc();
  const auto monthly = [](int from, int to, int every) {
    std::vector<std::pair<Instant, Touch>> touches;
    for (int day = from; day < to; day += every) touches.emplace_back(At("2024-01-01T09:00:00Z").PlusMinutes(1440LL * day), By(Channel::kVisit));
    return touches;
  };
  const Instant now = At("2026-01-01T10:00:00Z");   // day 731
  const auto trend = [&](std::vector<std::pair<Instant, Touch>> touches) {
    return *TouchSumsOf(AccountWith(std::move(touches)), RelationshipTerms::Default(), utc, now).trend;
  };
  EXPECT_NEAR(trend(monthly(1, 731, 15)), 0, 0.08) << "as ever";
  EXPECT_LT(trend(monthly(1, 500, 15)), -0.4) << "it ended";
  EXPECT_NEAR(trend(monthly(640, 731, 5)), 0, 0.1) << "of what is new there is no long run yet";
  std::vector<std::pair<Instant, Touch>> denser = monthly(1, 640, 60);
  for (const auto& touch : monthly(640, 731, 5)) denser.push_back(touch);
  EXPECT_GT(trend(denser), 0.2) << "denser than ever";
  std::vector<std::pair<Instant, Touch>> both{{At("2025-12-01T09:00:00Z"), By(Channel::kVisit)},
                                              {At("2025-12-01T10:00:00Z"), By(Channel::kVisit, std::nullopt, std::nullopt, Direction::kInbound)}};
  EXPECT_NEAR(*TouchSumsOf(AccountWith(both), RelationshipTerms::Default(), utc, now).both_sides_share, 0.5, 1e-3);
}

}  // namespace
}  // namespace rapport

// Expectation and delivery, dimension by dimension, and what they come to.
#include "rapport/expectation/balance.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "book/made_events.hpp"
#include "rapport/core/status.hpp"

namespace rapport {
namespace {

using namespace made;  // NOLINT

ExpectationStated Expects(std::string dimension, std::optional<double> level, std::optional<bool> inferred = std::nullopt) {
  ExpectationStated said;
  said.dimension = std::move(dimension);
  said.level = level;
  said.inferred = inferred;
  return said;
}
FeedbackGiven Scored(std::string_view json) {
  FeedbackGiven said;
  said.dimensions = *Json::Parse(json);
  return said;
}
FeedbackGiven Nps(std::int64_t score) {
  FeedbackGiven said;
  said.nps = score;
  return said;
}
PromiseMade PromisedIn(std::optional<std::string> dimension, std::string_view due, std::string id, std::optional<double> quantity = std::nullopt) {
  PromiseMade made = Promised(due, quantity, std::move(id));
  made.dimension = std::move(dimension);
  return made;
}

Balance Weighed(std::vector<Event> events, std::string_view as_of = "2026-03-01T00:00:00Z", const PerDimension<double>& weights = BalanceWeights().Of({}, {}),
                const PerDimension<std::optional<double>>& typical = {}) {
  const std::shared_ptr<const Book> book = BookOf(std::move(events));
  const std::shared_ptr<const Account> account = book->Find(Customer("c"));
  EXPECT_NE(account, nullptr);
  return BalanceOf(*account, book->context().ZoneOf({}, account->profile.zone), At(as_of), weights, typical);
}
PerDimension<double> Weights(std::string_view json) { return *BalanceWeights::Read(*Json::Parse(json), "w"); }

TEST(Expectation_Dimensions, AreTenInTwoFamiliesInAFixedOrder) {
  std::string all;
  for (std::size_t i = 0; i < kDimensionCount; ++i) {
    const auto dimension = static_cast<Dimension>(i);
    EXPECT_EQ(DimensionNamed(NameOf(dimension)), dimension);
    all += std::string(NameOf(dimension)) + "/" + std::string(NameOf(FamilyOf(dimension))) + " ";
  }
  EXPECT_EQ(all, "outcome/service ease_of_use/service brand_uplift/service assurance/service after_care/service speed_of_response/sales_work "
                 "courtesy/sales_work drive/sales_work track_record/sales_work relationship/sales_work ");
  EXPECT_EQ(DimensionNamed("Courtesy"), std::nullopt);
  EXPECT_EQ(DimensionNamed(""), std::nullopt);
}

TEST(Expectation_Balance, OfTheNewestStatedLevelGoesBeforeWhatWasInferred) {
  const Balance balance = Weighed({Happened("c", "1", "2026-01-01T00:00:00Z", Expects("courtesy", 9)), Happened("c", "2", "2026-01-02T00:00:00Z", Expects("courtesy", 8)),
                                   Happened("c", "3", "2026-01-03T00:00:00Z", Expects("courtesy", 2, true)), Happened("c", "4", "2026-01-04T00:00:00Z", Expects("drive", 6, true)),
                                   Happened("c", "5", "2026-01-05T00:00:00Z", Expects("drive", 5, true)), Happened("c", "6", "2026-01-06T00:00:00Z", Expects("outcome", std::nullopt))});
  EXPECT_EQ(balance[Dimension::kCourtesy].expectation, 8);
  EXPECT_EQ(balance[Dimension::kCourtesy].expected_from, ExpectedFrom::kStated);
  EXPECT_EQ(balance[Dimension::kDrive].expectation, 5);
  EXPECT_EQ(balance[Dimension::kDrive].expected_from, ExpectedFrom::kInferred);
  EXPECT_EQ(balance[Dimension::kOutcome].expectation, 7);
  EXPECT_EQ(balance[Dimension::kOutcome].expected_from, ExpectedFrom::kNeutral);
  EXPECT_EQ(balance.gap, std::nullopt) << "nothing says what was delivered";
}

TEST(Expectation_Balance, TakesWhatIsTypicalWhereNobodySaid) {
  PerDimension<std::optional<double>> typical;
  typical[Dimension::kOutcome] = 8.5;
  const Balance balance = Weighed({Happened("c", "1", "2026-01-01T00:00:00Z", Scored(R"({"outcome": 8})"))}, "2026-03-01T00:00:00Z", BalanceWeights().Of({}, {}), typical);
  EXPECT_EQ(balance[Dimension::kOutcome].expected_from, ExpectedFrom::kTypical);
  EXPECT_EQ(balance[Dimension::kOutcome].gap, -0.5);
  EXPECT_EQ(balance.missed, std::nullopt) << "half a point is no miss";
}

TEST(Expectation_Balance, HearsTheNewestWordMost) {
  const Balance one = Weighed({Happened("c", "1", "2026-01-01T00:00:00Z", Expects("courtesy", 7)), Happened("c", "2", "2026-01-02T00:00:00Z", Scored(R"({"courtesy": 9})"))});
  EXPECT_EQ(one[Dimension::kCourtesy].gap, 2);
  EXPECT_EQ(one.gap, 2) << "the weights of the known ones are made to sum to 1";
  const Balance two = Weighed({Happened("c", "2", "2026-01-02T00:00:00Z", Scored(R"({"courtesy": 9})")), Happened("c", "3", "2026-01-03T00:00:00Z", Scored(R"({"courtesy": 3})"))});
  EXPECT_DOUBLE_EQ(*two[Dimension::kCourtesy].delivery, 5) << "two thirds and one third";
  EXPECT_EQ(two[Dimension::kCourtesy].evidence.size(), 2u);
}

TEST(Expectation_Balance, AnOverallScoreStandsForWhatNobodySpokeOf) {
  const Balance all = Weighed({Happened("c", "1", "2026-01-01T00:00:00Z", Nps(9))});
  EXPECT_DOUBLE_EQ(*all.gap, 2);
  EXPECT_EQ(all.overall_delivery, 9);
  const Balance part = Weighed({Happened("c", "1", "2026-01-01T00:00:00Z", Nps(9)), Happened("c", "2", "2026-01-02T00:00:00Z", Scored(R"({"outcome": 3})"))}, "2026-03-01T00:00:00Z",
                               Weights(R"({"outcome": 1, "drive": 3})"));
  EXPECT_DOUBLE_EQ(*part.gap, 0.25 * -4 + 0.75 * 2);
  FeedbackGiven satisfied;
  satisfied.csat = 3;
  EXPECT_DOUBLE_EQ(*Weighed({Happened("c", "1", "2026-01-01T00:00:00Z", satisfied)}).overall_delivery, 5);
}

TEST(Expectation_Balance, PromisesSpeakOfTheirDimension) {
  const auto of = [](std::string_view delivered, std::optional<double> quantity) {
    std::vector<Event> events{Happened("c", "e", "2026-01-01T00:00:00Z", Expects("after_care", 6)),
                              Happened("c", "p", "2026-01-02T00:00:00Z", PromisedIn("after_care", "2026-01-11", "v", 10))};
    if (!delivered.empty()) events.push_back(Happened("c", "d", delivered, Kept(quantity, "v")));
    return Weighed(std::move(events))[Dimension::kAfterCare];
  };
  EXPECT_DOUBLE_EQ(*of("2026-01-11T09:00:00Z", 10).gap, 0) << "as promised is as expected";
  EXPECT_DOUBLE_EQ(*of("2026-01-10T09:00:00Z", 11).gap, 1 + 0.025 + 0.5) << "eleven of ten, a day early";
  EXPECT_DOUBLE_EQ(*of("2026-01-11T09:00:00Z", 9).gap, -3.5) << "one short of ten";
  EXPECT_DOUBLE_EQ(*of("2026-01-12T09:00:00Z", 10).gap, -3.25) << "a day late";
  EXPECT_DOUBLE_EQ(*of("", std::nullopt).gap, -6) << "eight below six is held at 0";
  EXPECT_EQ(of("2026-01-12T09:00:00Z", 10).evidence.size(), 3u);
}

TEST(Expectation_Balance, PointsJumpAtThePromise) {
  EXPECT_EQ(PointsOf(PromiseOutcome::kKept, 0, 0), 0);
  EXPECT_EQ(PointsOf(PromiseOutcome::kExceeded, 1, 0), 1.025);
  EXPECT_EQ(PointsOf(PromiseOutcome::kExceeded, 400, 9), 3);
  EXPECT_EQ(PointsOf(PromiseOutcome::kLate, -1, 0), -3.25);
  EXPECT_EQ(PointsOf(PromiseOutcome::kLate, -400, 0), -8);
  EXPECT_EQ(PointsOf(PromiseOutcome::kShortAndLate, -2, -0.2), -4.5);
  EXPECT_EQ(PointsOf(PromiseOutcome::kOverdue, 0, -1), -8);
  for (const PromiseOutcome open : {PromiseOutcome::kPending, PromiseOutcome::kDueSoon, PromiseOutcome::kRenegotiated, PromiseOutcome::kWithdrawn}) {
    EXPECT_EQ(PointsOf(open, 0, 0), std::nullopt);
  }
}

TEST(Expectation_Balance, CourtesyNeverLiftsTheWholeAboveZeroWhileTheOutcomeIsShort) {
  const auto weighed = [](std::string_view scores) {
    return Weighed({Happened("c", "1", "2026-01-01T00:00:00Z", Scored(scores))}, "2026-03-01T00:00:00Z", Weights(R"({"outcome": 1, "courtesy": 4, "relationship": 1})"));
  };
  const Balance held = weighed(R"({"outcome": 6, "courtesy": 10})");
  EXPECT_EQ(*held.gap, 0);
  EXPECT_TRUE(held.courtesy_held);
  EXPECT_DOUBLE_EQ(held[Dimension::kCourtesy].counted, 0.2) << "what it takes to fill the lack";
  EXPECT_GT(*weighed(R"({"outcome": 7, "courtesy": 10})").gap, 0) << "the outcome is not short";
  const Balance below = weighed(R"({"outcome": 0, "courtesy": 8})");
  EXPECT_DOUBLE_EQ(*below.gap, (-7 + 4) / 5.0);
  EXPECT_FALSE(below.courtesy_held);
  EXPECT_GT(*weighed(R"({"outcome": 6, "relationship": 10})").gap, 0) << "any other dimension may outweigh it";
  const Balance both = weighed(R"({"outcome": 6, "relationship": 10, "courtesy": 10})");
  EXPECT_DOUBLE_EQ(*both.gap, 2.0 / 6);
  EXPECT_EQ(both[Dimension::kCourtesy].counted, 0);
}

TEST(Expectation_Balance, ShowsWhatCarriedWhoBoughtAgainDespiteAMiss) {
  std::vector<Event> events{Happened("c", "b", "2025-12-01T00:00:00Z", Bought("1")), Happened("c", "p", "2026-01-02T00:00:00Z", PromisedIn({}, "2026-01-11", "v")),
                            Happened("c", "f", "2026-01-20T00:00:00Z", Scored(R"({"relationship": 10, "speed_of_response": 9, "courtesy": 6})"))};
  const Balance away = Weighed(events);
  ASSERT_TRUE(away.missed.has_value());
  EXPECT_EQ(away.missed->day, Day(2026, 1, 12)) << "the day after the promised one";
  EXPECT_TRUE(away.carried_by.empty()) << "not bought since";
  events.push_back(Happened("c", "b2", "2026-02-01T00:00:00Z", Bought("1")));
  const Balance stayed = Weighed(events);
  EXPECT_EQ(stayed.bought_since->id, "b2");
  EXPECT_EQ(stayed.carried_by, (std::vector<Dimension>{Dimension::kRelationship, Dimension::kSpeedOfResponse}));
  EXPECT_TRUE(Weighed(events, "2026-01-11T23:59:00Z").missed == std::nullopt) << "its day is whole";
}

TEST(Expectation_Balance, AScoreAPointBelowIsAMissedOutcome) {
  const Balance balance = Weighed({Happened("c", "1", "2026-01-01T00:00:00Z", Expects("outcome", 8)), Happened("c", "2", "2026-01-05T10:00:00Z", Scored(R"({"outcome": 7})"))});
  ASSERT_TRUE(balance.missed.has_value());
  EXPECT_EQ(balance.missed->day, Day(2026, 1, 5));
}

TEST(Expectation_Balance, WhatIsNoneOfTheTenOrOffTheScaleCountsForNothing) {
  const Balance balance = Weighed({Happened("c", "1", "2026-01-01T00:00:00Z", Expects("price", 8)), Happened("c", "2", "2026-01-02T00:00:00Z", Expects("drive", 11)),
                                   Happened("c", "3", "2026-01-03T00:00:00Z", Scored(R"({"curtesy": 1, "drive": -1, "outcome": "9", "courtesy": null})")),
                                   Happened("c", "4", "2026-01-04T00:00:00Z", PromisedIn("speed", "2026-01-05", "v")), Happened("c", "5", "2026-01-05T00:00:00Z", Nps(471))});
  EXPECT_EQ(balance.ignored, (std::set<std::string>{"curtesy", "price", "speed"}));
  EXPECT_EQ(balance.gap, std::nullopt);
  EXPECT_EQ(balance[Dimension::kDrive].expected_from, ExpectedFrom::kNeutral);
  EXPECT_EQ(balance.missed, std::nullopt);
}

TEST(Expectation_Balance, TheCustomersHomeworkAndWithdrawnPromisesAreNoWords) {
  PromiseMade theirs = PromisedIn("outcome", "2026-01-05", "h");
  theirs.by = PromiseBy::kCustomer;
  PromiseWithdrawn back;
  back.promise = PromiseId::Trusted("w");
  const Balance balance = Weighed({Happened("c", "1", "2026-01-01T00:00:00Z", theirs), Happened("c", "2", "2026-01-02T00:00:00Z", PromisedIn("outcome", "2026-01-09", "w")),
                                   Happened("c", "3", "2026-01-03T00:00:00Z", back)});
  EXPECT_EQ(balance.gap, std::nullopt);
  EXPECT_EQ(balance[Dimension::kOutcome].besides.size(), 1u);
}

TEST(Expectation_Weights, SumToOneAndGoByCustomerSegmentBook) {
  double sum = 0;
  for (const double weight : BalanceWeights().Of({}, {})) sum += weight;
  EXPECT_DOUBLE_EQ(sum, 1);
  const auto weights = BalanceWeights::FromJson(*Json::Parse(R"({"default": {"outcome": 3, "drive": 1}, "segments": {"clinic": {"assurance": 0.2}}})"));
  ASSERT_TRUE(weights.ok()) << weights.status();
  EXPECT_EQ(weights->Of({}, {})[Dimension::kOutcome], 0.75);
  EXPECT_EQ(weights->Of("bakery", {})[Dimension::kDrive], 0.25);
  EXPECT_EQ(weights->Of("clinic", {})[Dimension::kAssurance], 1);
  EXPECT_EQ(weights->Of("clinic", *Json::Parse(R"({"courtesy": 1})"))[Dimension::kCourtesy], 1);
  EXPECT_EQ(weights->Of("clinic", *Json::Parse(R"({"curtesy": 1})"))[Dimension::kAssurance], 1) << "what cannot be read is as if it were not there";
}

TEST(Expectation_Weights, WhatIsWrongIsNamed) {
  for (const char* broken : {R"([])", R"({"defaults": {}})", R"({"default": {"curtesy": 1}})", R"({"default": {"courtesy": -1}})", R"({"default": {"courtesy": "1"}})",
                             R"({"default": {"courtesy": 0}})", R"({"default": {}})", R"({"segments": []})", R"({"segments": {"a": 1}})", R"({"default": {"courtesy": 1e300}})"}) {
    const auto read = BalanceWeights::FromJson(*Json::Parse(broken));
    EXPECT_EQ(TokenOf(read.status()), "expectation.invalid_weights") << broken;
    EXPECT_NE(read.status().message().find("expectation_weights"), std::string::npos) << broken;
  }
}

TEST(Expectation_Typical, AreMeansDrawnTowardsSeven) {
  const std::shared_ptr<const Book> book =
      BookOf({Happened("a", "1", "2026-01-01T00:00:00Z", Expects("drive", 1)), Happened("a", "2", "2026-01-02T00:00:00Z", Expects("drive", 9)),
              Happened("b", "3", "2026-01-01T00:00:00Z", Expects("drive", 10)), Happened("b", "4", "2026-01-01T00:00:00Z", Expects("courtesy", 1, true))});
  TypicalExpectations seen;
  for (const auto& [id, account] : book->accounts()) seen.See(*account, At("2026-03-01T00:00:00Z"));
  EXPECT_DOUBLE_EQ(*seen.Means()[Dimension::kDrive], (9 + 10 + 5 * 7) / 7.0);
  EXPECT_EQ(seen.Means()[Dimension::kCourtesy], std::nullopt) << "inferred, not said";
}

// --- whatever happens
std::vector<Event> AnyWords() {
  static const std::vector<std::string> kSome = {"outcome", "courtesy", "drive", "after_care", "price"};
  std::vector<Event> events{Happened("c", "z", "2026-01-01T00:00:00Z", InZone("Asia/Tokyo"))};
  const int count = *rc::gen::inRange(0, 16);
  for (int i = 0; i < count; ++i) {
    const Instant at = At("2026-01-01T00:00:00Z").PlusMinutes(*rc::gen::inRange(0, 60 * 24 * 60));
    const std::string dimension = *rc::gen::elementOf(kSome);
    const std::string promise = "v" + std::to_string(*rc::gen::inRange(0, 3));
    const double level = *rc::gen::inRange(-2, 24) / 2.0;
    PromiseMade made = PromisedIn(dimension, FormatDay(Day(2026, 1, 1) + *rc::gen::inRange(0, 60)), promise, *rc::gen::element<std::optional<double>>(std::nullopt, 10.0));
    const Payload all[] = {Expects(dimension, level), Expects(dimension, level, true), Scored("{\"" + dimension + "\":" + std::to_string(level) + "}"),
                           Nps(*rc::gen::inRange(0, 12)), made, Kept(*rc::gen::element<std::optional<double>>(std::nullopt, 5.0, 11.0), promise), Bought("1")};
    events.push_back(Happened("c", "e" + std::to_string(i), at, all[*rc::gen::inRange(0, 7)]));
  }
  return events;
}

RC_GTEST_PROP(Expectation_Property, IsFiniteOnItsScaleAndKeepsItsRules, ()) {
  const Balance balance = Weighed(AnyWords());
  double sum = 0;
  for (const DimensionBalance& one : balance.dimensions) {
    RC_ASSERT(one.expectation >= 0 && one.expectation <= 10);
    RC_ASSERT(!one.delivery.has_value() || (*one.delivery >= 0 && *one.delivery <= 10));
    RC_ASSERT(one.gap.has_value() == one.delivery.has_value());
    RC_ASSERT(std::isfinite(one.counted));
    sum += one.counted;
  }
  if (balance.gap.has_value()) RC_ASSERT(*balance.gap >= -10 && *balance.gap <= 10);
  if (balance.gap.has_value()) RC_ASSERT(std::fabs(sum + balance.overall_counted - *balance.gap) < 1e-12);
  if (balance.courtesy_held) RC_ASSERT(*balance.gap <= 0 || balance[Dimension::kOutcome].gap.value_or(0) < 0);
  for (const Dimension dimension : balance.carried_by) RC_ASSERT(balance[dimension].counted > 0);
}

// What is not among the evidence changes no dimension.
RC_GTEST_PROP(Expectation_Property, ADimensionRestsOnItsEvidence, ()) {
  const std::vector<Event> events = AnyWords();
  const Balance whole = Weighed(events);
  for (std::size_t left_out = 1; left_out < events.size(); ++left_out) {
    std::vector<Event> rest = events;
    rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(left_out));
    const Balance without = Weighed(rest);
    for (std::size_t i = 0; i < kDimensionCount; ++i) {
      const DimensionBalance& one = whole.dimensions[i];
      const auto cites = [&](const std::vector<EventKey>& keys) { return std::find(keys.begin(), keys.end(), events[left_out].key) != keys.end(); };
      if (cites(one.evidence) || cites(one.besides)) continue;
      const bool same = without.dimensions[i].gap == one.gap;
      // A promise made again under an open name, and what speaks of it, mean something else without the first.
      if (!same && (events[left_out].As<PromiseMade>() != nullptr || events[left_out].As<PromiseDelivered>() != nullptr)) RC_DISCARD("a name used twice");
      RC_ASSERT(same);
    }
  }
}

}  // namespace
}  // namespace rapport

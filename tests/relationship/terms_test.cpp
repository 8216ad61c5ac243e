// The document: ours, another laid over it, and what is refused.
#include "rapport/relationship/terms.hpp"

#include <gtest/gtest.h>

#include "rapport/core/status.hpp"
#include "relationship/contacts.hpp"

namespace rapport {
namespace {

using namespace made;  // NOLINT

Json Parsed(std::string_view text) {
  absl::StatusOr<Json> json = Json::Parse(text);
  EXPECT_TRUE(json.ok()) << json.status();
  return json.ok() ? *json : Json();
}

TEST(Relationship_Terms, AnotherIsLaidOverOursMemberByMember) {
  const RelationshipTerms terms = *RelationshipTerms::FromJson(Parsed(
      R"({"rapport_relationship":1,"half_life_days":30,"weights":{"channels":{"call":0.9}},"rungs":{"standing":{"trust":10}},"health":{"bands":{"good":85}}})"));
  const RelationshipTerms& ours = RelationshipTerms::Default();
  EXPECT_EQ(terms.half_life_days(), 30);
  EXPECT_EQ(terms.WeightOf(By(Channel::kCall), TouchReach::kReached), 0.9);
  EXPECT_EQ(terms.WeightOf(By(Channel::kVisit), TouchReach::kReached), ours.WeightOf(By(Channel::kVisit), TouchReach::kReached));
  EXPECT_EQ(terms.Of(Rung::kStanding).trust, 10);
  EXPECT_EQ(terms.Of(Rung::kStanding).needs.size(), ours.Of(Rung::kStanding).needs.size());
  EXPECT_EQ(terms.health().good, 85);
  EXPECT_EQ(terms.health().fair, ours.health().fair);
  EXPECT_EQ(RelationshipTerms::FromJson(Json())->half_life_days(), ours.half_life_days());
}

TEST(Relationship_Terms, WeightsAreByChannelReachAndSide) {
  const RelationshipTerms& ours = RelationshipTerms::Default();
  const auto weight = [&](const Touch& touch) { return ours.WeightOf(touch, ReachOf(touch)); };
  EXPECT_EQ(weight(By(Channel::kVisit)), 1);
  EXPECT_EQ(weight(By(Channel::kMail, Purpose::kCare, std::nullopt)), 0.1) << "sent without a word of an answer";
  EXPECT_EQ(weight(By(Channel::kMail, Purpose::kCare, std::nullopt, Direction::kInbound)), 0.5);
  EXPECT_EQ(weight(By(Channel::kVisit, Purpose::kSell)), 0);
  EXPECT_EQ(weight(By(Channel::kVisit, Purpose::kAdmin)), 0);
  EXPECT_EQ(weight(By(Channel::kVisit, Purpose::kCare, Disposition::kAbsent)), 0);
  EXPECT_EQ(weight(By(Channel::kVisit, Purpose::kCare, Disposition::kRefusedContact)), 0);
  EXPECT_EQ(weight(Of(By(Channel::kVisit), TouchKind::kEdit)), 0);
}

TEST(Relationship_Terms, TheMostSpecificIntervalWinsEachByItself) {
  const RelationshipTerms terms = *RelationshipTerms::FromJson(Parsed(R"({"rapport_relationship":1,"intervals":{
      "book":{"ideal_days":90,"latest_days":180},"segments":{"clinic":{"ideal_days":60}},"grades":{"A":{"ideal_days":30}},
      "tags":{"vip":{"ideal_days":14},"press":{"ideal_days":21,"latest_days":40}}}})"));
  CustomerUpserted customer;
  const auto expect = [&](std::optional<std::int64_t> ideal, std::optional<std::int64_t> latest, std::string_view why) {
    EXPECT_EQ(terms.IntervalOf(customer).ideal_days, ideal) << why;
    EXPECT_EQ(terms.IntervalOf(customer).latest_days, latest) << why;
  };
  expect(90, 180, "the book");
  customer.segment = "clinic";
  expect(60, 180, "the segment says one of the two");
  customer.grade = "A";
  expect(30, 180, "the grade");
  customer.tags = std::vector<std::string>{"press", "unknown", "vip"};
  expect(14, 40, "of several tags the shortest");
  customer.contact_latest_days = 10;
  expect(14, 10, "their own");
  EXPECT_EQ(RelationshipTerms::Default().IntervalOf(CustomerUpserted()).ideal_days, std::nullopt) << "nobody set any";
}

TEST(Relationship_Terms, NamesEachSignalOnceSorted) {
  EXPECT_EQ(RelationshipTerms::Default().SignalNames(), (std::vector<std::string>{"promise.kept", "purchase.count", "touch.care_days"}));
}

TEST(Relationship_Terms, WhatIsWrongIsNamedWithFieldFoundAndExpected) {
  const std::pair<const char*, const char*> wrong[] = {
      {R"([])", "field relationship: found [], expected an object"},
      {R"({})", "field rapport_relationship: found nothing, expected 1"},
      {R"({"rapport_relationship":2})", "field rapport_relationship: found 2, expected a number from 1 to 1"},
      {R"({"rapport_relationship":1,"half_live":3})", "field half_live: found an unknown member, expected one of rapport_relationship, half_life_days"},
      {R"({"rapport_relationship":1,"half_life_days":0})", "field half_life_days: found 0, expected a number from 1 to 3660"},
      {R"({"rapport_relationship":1,"trust_purposes":["sell"]})", "field trust_purposes: found \"sell\", expected care or service"},
      {R"({"rapport_relationship":1,"weights":{"channels":{"fax":1}}})", "field weights.channels.fax: found an unknown member, expected one of visit, call"},
      {R"({"rapport_relationship":1,"weights":{"reach":{"sent":"much"}}})", "field weights.reach.sent: found \"much\", expected a number from 0 to 1000"},
      {R"({"rapport_relationship":1,"rungs":{"recognised":{"trust":0}}})", "field rungs.recognised.trust: found 0, expected more than 0"},
      {R"({"rapport_relationship":1,"rungs":{"trust":{"trust":0.75}}})", "field rungs.trust.trust: found 0.75, expected more than 0.75"},
      {R"({"rapport_relationship":1,"rungs":{"friend":{}}})", "field rungs.friend: found an unknown member, expected one of recognised"},
      {R"({"rapport_relationship":1,"rungs":{"trust":{"needs":[{"any":[]}]}}})", "field rungs.trust.needs[0].any: found [], expected a list of at least one"},
      {R"({"rapport_relationship":1,"rungs":{"trust":{"needs":[{"signal":"x"}]}}})", "field rungs.trust.needs[0].at_least: found null, expected a number"},
      {R"({"rapport_relationship":1,"rungs":{"trust":{"needs":[{"any":[{"any":[]}]}]}}})", "field rungs.trust.needs[0].any[0].any: found an unknown member"},
      {R"({"rapport_relationship":1,"intervals":{"grades":{"A":{"ideal_days":0}}}})", "field intervals.grades.A.ideal_days: found 0, expected a whole number from 1 to 3660"},
      {R"({"rapport_relationship":1,"intervals":{"book":{"ideal_days":9,"latest_days":8}}})", "field intervals.book.latest_days: found 8, expected no less than"},
      {R"({"rapport_relationship":1,"health":{"usual":{"ideal_days":null}}})", "field health.usual: found"},
      {R"({"rapport_relationship":1,"health":{"weights":{"rhythm":-1}}})", "field health.weights.rhythm: found -1, expected a number from 0 to 10"},
      {R"({"rapport_relationship":1,"health":{"bands":{"fair":90}}})", "field health.bands.fair: found 90, expected no more than good, 80"}};
  for (const auto& [document, message] : wrong) {
    const absl::StatusOr<RelationshipTerms> terms = RelationshipTerms::FromJson(Parsed(document));
    ASSERT_FALSE(terms.ok()) << document;
    EXPECT_EQ(TokenOf(terms.status()), "relationship.invalid_terms") << document;
    EXPECT_NE(std::string(terms.status().message()).find(message), std::string::npos) << document << "\n" << terms.status().message();
  }
}

}  // namespace
}  // namespace rapport

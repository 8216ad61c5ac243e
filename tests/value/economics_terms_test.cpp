#include <gtest/gtest.h>

#include "rapport/core/status.hpp"
#include "rapport/value/economics_terms.hpp"
#include "value/economics_world.hpp"

namespace rapport {
namespace {

using namespace made;  // NOLINT

TEST(Economics_Terms, DefaultsPayNobody) {
  const EconomicsTerms terms = *EconomicsTerms::FromJson(Json());
  EXPECT_FALSE(terms.PaysCommission());
  EXPECT_EQ(terms.CommissionOf(RepId::Trusted("r-1")).clawback_days, 60);
  EXPECT_EQ(terms.window_days(), 60);
  EXPECT_EQ(terms.referral_days(), 365);
  EXPECT_EQ(terms.discount_rate(), 0);
  EXPECT_FALSE(terms.margin_share().has_value());
  EXPECT_EQ(terms.MinutesOf(Channel::kVisit), 60);
  EXPECT_EQ(terms.MinutesOf(Channel::kCall), 10);
  EXPECT_EQ(terms.MinutesOf(Channel::kNewsletter), 0);
}

TEST(Economics_Terms, ARepHasWhatIsNotSaidOtherwise) {
  const EconomicsTerms terms = Terms(R"({"commission": {"share": "0.05", "of": "margin", "clawback_days": 30, "reps": {"r-1": {"share": "0.0625"}, "r-2": {"of": "revenue", "clawback_days": 0}}}})");
  EXPECT_TRUE(terms.PaysCommission());
  EXPECT_EQ(*terms.CommissionOf(RepId::Trusted("r-9")).share, "0.05");
  EXPECT_EQ(*terms.CommissionOf(RepId::Trusted("r-1")).share, "0.0625");
  EXPECT_EQ(terms.CommissionOf(RepId::Trusted("r-1")).clawback_days, 30);
  EXPECT_EQ(terms.CommissionOf(RepId::Trusted("r-2")).of, CommissionTerms::Of::kRevenue);
  EXPECT_EQ(terms.CommissionOf(RepId::Trusted("r-2")).clawback_days, 0);
  EXPECT_EQ(terms.CommissionOf(RepId::Trusted("r-1")).On(Euro("100.40"))->ToDecimal(), "6.28");   // 6.275 rounds to even
  EXPECT_EQ(terms.CommissionOf(RepId::Trusted("r-1")).On(Euro("-5"))->minor(), 0);
}

TEST(Economics_Terms, AShareForOneRepAloneIsEnough) {
  EXPECT_TRUE(Terms(R"({"commission": {"reps": {"r-1": {"share": "1"}}}})").PaysCommission());
  EXPECT_FALSE(Terms(R"({"commission": {"share": "0.00"}})").PaysCommission());
}

struct Bad {
  const char* json;
  const char* says;
};

TEST(Economics_Terms, RefusesWhatItDoesNotKnowAndNamesIt) {
  const Bad all[] = {
      {R"([])", "field economics: found [], expected an object"},
      {R"({"comission": {}})", "field economics.comission: found an unknown member, expected one of care, clv, commission, minutes"},
      {R"({"commission": {"share": 0.05}})", "field economics.commission.share: found 0.05"},
      {R"({"commission": {"share": "1.1"}})", "field economics.commission.share: found \"1.1\""},
      {R"({"commission": {"share": "-0.1"}})", "economics.commission.share"},
      {R"({"commission": {"share": "0."}})", "economics.commission.share"},
      {R"({"commission": {"of": "profit"}})", "field economics.commission.of: found \"profit\", expected \"revenue\" or \"margin\""},
      {R"({"commission": {"clawback_days": 1.5}})", "field economics.commission.clawback_days: found 1.5, expected a whole number from 0 to 3650"},
      {R"({"commission": {"reps": {"r-1": {"shares": "0.1"}}}})", "field economics.commission.reps.r-1.shares: found an unknown member"},
      {R"({"commission": {"reps": {"r-1": 3}}})", "field economics.commission.reps.r-1: found 3, expected an object"},
      {R"({"commission": {"reps": [1]}})", "field economics.commission.reps: found [1]"},
      {R"({"care": {"window_days": 0}})", "field economics.care.window_days: found 0"},
      {R"({"care": 5})", "field economics.care: found 5, expected an object"},
      {R"({"clv": {"discount_rate": -0.1}})", "field economics.clv.discount_rate"},
      {R"({"clv": {"margin_share": 1.01}})", "field economics.clv.margin_share: found 1.01, expected a number from 0 to 1"},
      {R"({"minutes": {"phone": 3}})", "field economics.minutes.phone: found an unknown member"},
      {R"({"minutes": {"call": "3"}})", "field economics.minutes.call: found \"3\""},
  };
  for (const Bad& bad : all) {
    const auto terms = EconomicsTerms::FromJson(*Json::Parse(bad.json));
    ASSERT_FALSE(terms.ok()) << bad.json;
    EXPECT_EQ(TokenOf(terms.status()), "economics.invalid_terms") << bad.json;
    EXPECT_NE(terms.status().message().find(bad.says), std::string::npos) << terms.status();
  }
}

}  // namespace
}  // namespace rapport

#include "rapport/stats/beta_binomial.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "rapport/core/status.hpp"

namespace rapport::stats {
namespace {

using ::testing::HasSubstr;

const std::vector<GroupCount> kTen{{1, 3}, {4, 5}, {9, 10}, {3, 9}, {18, 30}, {27, 30}, {5, 5}, {0, 2}, {12, 20}, {7, 8}};

BetaBinomial Fit(const std::vector<GroupCount>& groups) {
  auto model = BetaBinomial::Fit(groups);
  EXPECT_TRUE(model.ok()) << model.status();
  return *std::move(model);
}

// scipy 1.17: Nelder-Mead over the same likelihood, and its beta distribution.
TEST(BetaBinomial_Fit, ReachesAnIndependentProgram) {
  const BetaBinomial model = Fit(kTen);
  ASSERT_TRUE(model.prior().has_value());
  EXPECT_NEAR(model.prior()->alpha, 3.98237754, 1e-6);
  EXPECT_NEAR(model.prior()->beta, 1.86300747, 1e-6);
  EXPECT_NEAR(model.log_likelihood(), -70.84875454631331, 1e-9);
  EXPECT_EQ(model.groups(), 10);
  EXPECT_EQ(model.diagnosis(), "An interior optimum.");
  const ShareBelief fifth = model.Of({18, 30});
  EXPECT_NEAR(fifth.Quantile(0.025), 0.45107616, 1e-6);
  EXPECT_NEAR(fifth.Quantile(0.975), 0.76345858, 1e-6);
  EXPECT_NEAR(fifth.Below(0.7), 0.85840558, 1e-6);
  EXPECT_GT(fifth.Mean(), 0.6);
  EXPECT_LT(fifth.Mean(), model.mean()) << "between its own share and that of all";
}

TEST(BetaBinomial_Fit, TellsTheBoundaryPlainly) {
  const BetaBinomial alike = Fit({{8, 10}, {8, 10}, {16, 20}, {9, 10}});
  EXPECT_FALSE(alike.prior().has_value());
  EXPECT_NEAR(alike.mean(), 41.0 / 50, 1e-15);
  EXPECT_THAT(alike.diagnosis(), HasSubstr("differ no more than chance"));
  EXPECT_NEAR(alike.Of({9, 10}).Mean(), 41.5 / 51, 1e-15) << "the common share's";
  EXPECT_GT(alike.Of({9, 10}).Quantile(0.975) - alike.Of({9, 10}).Quantile(0.025), 0.1) << "never a point";
  EXPECT_THAT(Fit({{5, 5}, {9, 9}}).diagnosis(), HasSubstr("everything was kept"));
  EXPECT_THAT(Fit({{0, 5}, {0, 9}}).diagnosis(), HasSubstr("nothing was kept"));
  EXPECT_THAT(Fit({{3, 5}}).diagnosis(), HasSubstr("One group alone"));
  const BetaBinomial opposite = Fit({{5, 5}, {0, 5}, {5, 5}, {0, 5}});
  EXPECT_THAT(opposite.diagnosis(), HasSubstr("all or nothing"));
  EXPECT_GT(opposite.Of({1, 1}).Mean(), 0.99);
  EXPECT_NEAR(opposite.mean(), 0.5, 1e-6);
}

TEST(BetaBinomial_Fit, NamesGroupAndField) {
  EXPECT_EQ(BetaBinomial::Fit(std::vector<GroupCount>{{1, 2}, {3, 2}}).status().message(), "group 1, field kept: found 3, expected a whole number from 0 to settled");
  EXPECT_EQ(TokenOf(BetaBinomial::Fit(std::vector<GroupCount>{{0, 0.5}}).status()), "stats.invalid_input");
  EXPECT_EQ(TokenOf(BetaBinomial::Fit(std::vector<GroupCount>{{0, 0}}).status()), "stats.too_few_rows");
  EXPECT_EQ(TokenOf(BetaBinomial::Make(0, 1).status()), "stats.invalid_input");
}

TEST(BetaBinomial_Property, OrderAndEmptyGroupsShowNowhere) {
  EXPECT_TRUE(rc::check([] {
    std::vector<GroupCount> groups{{1, 4}, {3, 4}};
    for (const int settled : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 40))) {
      groups.push_back({static_cast<double>(*rc::gen::inRange(0, settled + 1)), static_cast<double>(settled)});
    }
    const BetaBinomial model = Fit(groups);
    std::reverse(groups.begin(), groups.end());
    groups.push_back({0, 0});
    const BetaBinomial again = Fit(groups);
    RC_ASSERT(model.mean() == again.mean());
    RC_ASSERT(model.log_likelihood() == again.log_likelihood());
    for (const GroupCount& group : groups) {
      const ShareBelief share = model.Of(group);
      RC_ASSERT(share.Quantile(0.025) <= share.Mean() && share.Mean() <= share.Quantile(0.975));
      RC_ASSERT(std::abs(share.Below(share.Quantile(0.3)) - 0.3) < 1e-9);
    }
  }));
}

TEST(ShareBelief, ComparesTwo) {
  const ShareBelief a{19, 13}, b{28, 4};
  EXPECT_NEAR(a.BelowOther(a), 0.5, 1e-3);
  EXPECT_NEAR(a.BelowOther(b) + b.BelowOther(a), 1, 2e-3);
  EXPECT_GT(a.BelowOther(b), 0.98);
  EXPECT_GT(a.BelowOther(b), a.BelowOther(b, 0.05));
  // P(X < Y) for whole parameters, summed exactly: X ~ Beta(2, 3), Y ~ Beta(3, 2).
  EXPECT_NEAR((ShareBelief{2, 3}.BelowOther(ShareBelief{3, 2})), 0.757143, 1e-3);
}

}  // namespace
}  // namespace rapport::stats

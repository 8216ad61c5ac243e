#include "rapport/stats/two_groups.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <numeric>

namespace rapport::stats {
namespace {

std::vector<OwnedRows> Owners(std::size_t owners, std::size_t rows) {
  std::vector<OwnedRows> all;
  for (std::size_t i = 0; i < owners; ++i) all.push_back({i * rows, rows});
  return all;
}

TEST(TwoGroups, RanksAreAmongTheOthersOnly) {
  const std::vector<double> statistic{5, 4, 3, 2, 1, 0};
  const std::vector<double> p = RankAmongOthers(statistic, Owners(3, 2));
  EXPECT_DOUBLE_EQ(p[0], 1.0 / 5) << "nobody else's is as large";
  EXPECT_DOUBLE_EQ(p[1], 1.0 / 5) << "the owner's own larger one does not count";
  EXPECT_DOUBLE_EQ(p[2], 3.0 / 5);
  EXPECT_DOUBLE_EQ(p[3], 3.0 / 5);
  EXPECT_DOUBLE_EQ(p[4], 1.0);
  EXPECT_DOUBLE_EQ(p[5], 1.0) << "0 is nothing odd";
}

TEST(TwoGroups, OneOwnerHasNobodyToCompareWith) {
  const std::vector<double> statistic{5, 4};
  EXPECT_EQ(RankAmongOthers(statistic, Owners(1, 2)), (std::vector<double>{1, 1}));
  EXPECT_DOUBLE_EQ(RankAmongOthers(statistic, Owners(1, 2), 99)[0], 0.01) << "but with rows of nobody";
}

TEST(TwoGroups, TheWorstOfTwentyIsTheWorstOfTwenty) {
  std::vector<double> statistic(2000);
  for (std::size_t i = 0; i < statistic.size(); ++i) statistic[i] = static_cast<double>(1 + i / 100);
  const auto owners = Owners(20, 100);
  EXPECT_NEAR(RankAmongOthers(statistic, owners).back(), 1.0 / 1901, 1e-9);
  EXPECT_NEAR(RankAmongOthers(statistic, owners, 0, 1).back(), 1.0 / 20, 1e-9) << "rows wholly alike: owners count, not rows";
}

TEST(TwoGroups, OddsHaveMeanOneUnderHonesty) {
  for (const double kappa : {0.1, 0.3, 0.5}) {
    double sum = 0, weight = 0;
    for (double t = 0; t < 60 / kappa; t += 1e-3) {   // p = e^-t
      sum += OddsOf(std::exp(-t), kappa, 1e300) * std::exp(-t);
      weight += std::exp(-t);
    }
    EXPECT_NEAR(sum / weight, 1, 2e-3) << kappa;
  }
  EXPECT_EQ(OddsOf(1e-9, 0.1, 50), 50);
}

TEST(TwoGroups, LikenessTellsHabitsFromChance) {
  std::vector<double> chance(1000), habit(1000);
  for (std::size_t i = 0; i < 1000; ++i) chance[i] = static_cast<double>((i * 7919) % 101), habit[i] = static_cast<double>((i / 100) % 2) * 10 + static_cast<double>((i * 7919) % 3);
  const auto owners = Owners(10, 100);
  EXPECT_LT(LikenessOf(chance, owners, {.left_out = 0}), 0.05);
  EXPECT_GT(LikenessOf(habit, owners, {.left_out = 0}), 0.9);
  EXPECT_EQ(LikenessOf(chance, owners, {.floor = 0.3}), 0.3);
  EXPECT_EQ(LikenessOf({}, {}, {}), 0.01);
}

TEST(TwoGroups, OneStandingOutDoesNotMakeEverybodyAlike) {
  std::vector<double> values(2000);
  for (std::size_t i = 0; i < 2000; ++i) values[i] = static_cast<double>((i * 7919) % 11) + (i < 100 ? 50 : 0);
  const auto owners = Owners(20, 100);
  EXPECT_GT(LikenessOf(values, owners, {.left_out = 0}), 0.5);
  EXPECT_LT(LikenessOf(values, owners, {.left_out = 0.02}), 0.05);
}

TEST(TwoGroups, SharesAreFoundWhereOddsSaySo) {
  std::vector<double> odds(100, 0.2);
  EXPECT_LT(ShareOf(odds, 0, 0.05).any, 0.05);
  for (std::size_t i = 0; i < 40; ++i) odds[i] = 50;
  const OwnerShare found = ShareOf(odds, 0, 0.05);
  EXPECT_GT(found.any, 0.999);
  EXPECT_NEAR(found.share, 0.4, 0.1);
  EXPECT_LT(ShareOf(odds, 1, 0.05).any, found.any) << "rows that are all alike are one";
  EXPECT_DOUBLE_EQ(ShareOf({}, 0.1, 0.05).any, 0.05);
}

RC_GTEST_PROP(TwoGroupsProperty, RanksAreChancesAndFallWithTheStatistic, ()) {
  const auto statistic = *rc::gen::container<std::vector<double>>(12, rc::gen::map(rc::gen::inRange(0, 8), [](int n) { return static_cast<double>(n); }));
  const double likeness = static_cast<double>(*rc::gen::inRange(0, 11)) / 10;
  const std::vector<double> p = RankAmongOthers(statistic, Owners(4, 3), *rc::gen::inRange(0, 5), likeness);
  for (std::size_t i = 0; i < p.size(); ++i) {
    RC_ASSERT(p[i] > 0 && p[i] <= 1);
    for (std::size_t j = 0; j < p.size(); ++j) RC_ASSERT(i / 3 != j / 3 || statistic[i] < statistic[j] || p[i] <= p[j]);
  }
}

}  // namespace
}  // namespace rapport::stats

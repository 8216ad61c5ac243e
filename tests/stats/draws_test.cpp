#include "rapport/stats/draws.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace rapport::stats {
namespace {

struct Moments {
  double mean, variance;
};
template <class Draw>
Moments MomentsOf(Draw draw) {
  double sum = 0, squares = 0;
  constexpr int kDraws = 200000;
  for (int i = 0; i < kDraws; ++i) {
    const double x = draw();
    sum += x;
    squares += x * x;
  }
  return {sum / kDraws, squares / kDraws - sum / kDraws * sum / kDraws};
}

TEST(Draws, HaveTheMomentsOfTheirDistributions) {
  Draws draws(7, 1);
  for (const double shape : {0.25, 1.0, 6.0}) {
    const Moments gamma = MomentsOf([&] { return draws.Gamma(shape); });
    EXPECT_NEAR(gamma.mean, shape, 5 * std::sqrt(shape / 200000));
    EXPECT_NEAR(gamma.variance / shape, 1, 0.05) << shape;
  }
  const Moments beta = MomentsOf([&] { return draws.Beta(0.8, 2.4); });
  EXPECT_NEAR(beta.mean, 0.25, 0.002);
  EXPECT_NEAR(beta.variance, 0.25 * 0.75 / 4.2, 0.001);
  EXPECT_NEAR(MomentsOf([&] { return draws.Exponential(); }).variance, 1, 0.03);
  EXPECT_NEAR(MomentsOf([&] { return draws.Normal(); }).variance, 1, 0.02);
}

TEST(Draws, AreAFunctionOfSeedAndStream) {
  Draws one(7, 1), same(7, 1), other_stream(7, 2), other_seed(8, 1);
  const std::uint64_t bits = one.Bits();
  EXPECT_EQ(bits, same.Bits());
  EXPECT_NE(bits, other_stream.Bits());
  EXPECT_NE(bits, other_seed.Bits());
}

}  // namespace
}  // namespace rapport::stats

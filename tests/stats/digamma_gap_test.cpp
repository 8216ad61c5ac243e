#include "rapport/stats/digamma_gap.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace rapport::stats {
namespace {

TEST(DigammaGap, AgreesWithManyDigits) {
  struct Truth {
    double z, h, digamma, trigamma;
  };
  constexpr Truth kTruths[] = {
      {0.01, 0.3, 97.1771711259196272, -9990.0929985475736},
      {1e-10, 5, 10000000002.083333, -9.99999999999999927e+19},
      {0.7, 1e-9, 2.83404915347711466e-9, -6.43499286125134928e-9},
      {3, 2000, 6.67936735423472044, -0.394434691078329481},
      {15.9, 0.2, 0.0128989353388491211, -0.000831636556641552426},
      {16, 1e-12, 6.44937834032372815e-14, -4.15801012395869409e-15},
      {250, 3.5, 0.0139305551448209462, -0.0000554466424947271313},
      {1e12, 2, 1.999999999999e-12, -1.999999999998e-24},
      {1e20, 1e-3, 1.00000000000000002e-23, -1.00000000000000002e-43},
      {1e-40, 1e30, 1.00000000000000007e+40, -1.00000000000000014e+80},
      {40, 1e15, 30.8624490208758816, -0.0253151038412900282},
  };
  for (const Truth& t : kTruths) {
    EXPECT_NEAR(DigammaGap(t.z, t.h) / t.digamma, 1, 3e-15) << t.z << " " << t.h;
    EXPECT_NEAR(TrigammaGap(t.z, t.h) / t.trigamma, 1, 3e-15) << t.z << " " << t.h;
  }
  EXPECT_EQ(DigammaGap(3, 0), 0);
  EXPECT_EQ(TrigammaGap(3, 0), 0);
}

}  // namespace
}  // namespace rapport::stats

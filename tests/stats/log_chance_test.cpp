#include "rapport/stats/log_chance.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "rapport/stats/beta_mean.hpp"
#include "rapport/stats/special.hpp"

namespace rapport::stats {
namespace {

double RelativeError(double found, double expected) { return std::abs(found - expected) / std::abs(expected); }

TEST(LogChance_IncompleteBeta, IsThatOfTheFunctionAndGoesOn) {
  for (const double a : {0.5, 3.0, 40.0}) {
    for (const double b : {0.5, 7.0, 200.0}) {
      EXPECT_LT(RelativeError(std::exp(LogIncompleteBeta(a, b, 2, 5)), IncompleteBeta(a, b, 2 / 7.0)), 1e-12) << a << ' ' << b;
      const double x = 1e-60, tiny = a * std::log(x) - LogBeta(a, b) - std::log(a);   // of x towards 0: x^a / (a B(a, b))
      EXPECT_LT(RelativeError(LogIncompleteBeta(a, b, x, 1), tiny), 1e-13) << a << ' ' << b;
    }
  }
}

TEST(LogChance_Share, GoesOnWhereQuotientsEnd) {
  EXPECT_LT(RelativeError(LogShare(1, 3), std::log(0.25)), 1e-15);
  EXPECT_LT(RelativeError(LogShare(1e-300, 1e100), -400 * std::log(10.0)), 1e-15);
}

// Where the mean is an ordinary number, the general way meets it; b and a far from 1 on either side, with ends that fall slowly.
TEST(LogChance_BetaMean, IsThatOfTheMean) {
  for (const double a : {0.01, 0.8, 30.0, 4000.0}) {
    for (const double b : {0.01, 2.4, 500.0}) {
      for (const double r : {0.5, 20.0, 3000.0}) {
        for (const double w : {0.01, 3.0, 1e6}) {
          const double mean = BetaMeanOfDecay(a, b, r, w), log_w = Log(w), nothing = std::log(1e-17);
          if (!(mean > 1e-250)) continue;
          const double log = LogBetaMean(a, b, nothing - Log(r) - log_w, nothing - Log(r + 1), [=](double log_p, double) { return -r * SoftPlus(log_p + log_w); });
          EXPECT_NEAR(log, Log(mean), 1e-11 * (1 - Log(mean))) << a << ' ' << b << ' ' << r << ' ' << w;
        }
      }
    }
  }
}

// With b = 1 the density is a p^(a-1); where w is so large that all that matters is far below p = 1, the mean is a B(a, r - a) w^-a.
TEST(LogChance_BetaMean, GoesOnBelowTheSmallestDouble) {
  EXPECT_EQ(BetaMeanOfDecay(1e4, 1, 1e4, 1e9), 0);
  const double a = 50, r = 1e4, w = 1e30;
  EXPECT_LT(RelativeError(LogBetaMeanOfDecay(a, 1, r, w), std::log(a) + LogBeta(a, r - a) - a * std::log(w)), 1e-13);
}

}  // namespace
}  // namespace rapport::stats

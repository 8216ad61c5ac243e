#include "rapport/stats/special.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace rapport::stats {
namespace {

double Error(double found, double expected) { return std::abs(found - expected) / std::abs(expected); }

// Expected figures: mpmath at 40 digits.
TEST(Special, AgreesWithFortyDigits) {
  EXPECT_LT(Error(LogGamma(0.25), 1.2880225246980774574), 1e-15);
  EXPECT_LT(Error(Digamma(0.25), -4.2274535333762654081), 1e-15);
  EXPECT_LT(Error(Trigamma(0.25), 17.197329154507110739), 1e-14);
  EXPECT_LT(Error(LogBeta(0.3, 2000), -1.1844202412950085098), 1e-14);
  EXPECT_LT(Error(LogBeta(2000, 0.3), LogBeta(0.3, 2000)), 1e-15);
  EXPECT_LT(Error(IncompleteBeta(3, 0.25, 0.9), 0.23996055267241885659), 1e-13);
}

// sin(pi / 6) = 1 / 2, cos(pi / 3) = 1 / 2, asin(1) = pi / 2.
TEST(Special, AnglesAreInRadians) {
  constexpr double kPi = 3.14159265358979323846;
  EXPECT_NEAR(Sin(kPi / 6), 0.5, 1e-15);
  EXPECT_NEAR(Cos(kPi / 3), 0.5, 1e-15);
  EXPECT_DOUBLE_EQ(Asin(1), kPi / 2);
}

TEST(Special, RisingFactorialsKeepTheirDigits) {
  EXPECT_EQ(LogRising(0.3, 0), 0);
  EXPECT_LT(Error(LogRising(1e8, 3), 55.262042261857096166), 1e-15) << "the difference of two numbers near 1.7e9";
  EXPECT_LT(Error(LogRising(1e8, 1000), 18420.68573893572388), 1e-15);
  EXPECT_LT(Error(LogRising(0.2426, 20000), 178066.80104565766795), 1e-14);
  EXPECT_LT(Error(LogRising(7.5, 12.25), 31.064498053849031604), 1e-14);
  EXPECT_TRUE(std::isfinite(LogRising(1e50, 9e15)) && std::isfinite(LogRising(1e-50, 9e15)));
}

TEST(Special, SlopesOfRisingFactorialsAreSums) {
  for (const double n : {0.0, 1.0, 7.0, 16.0, 17.0, 300.0}) {
    double slope = 0, curvature = 0;
    for (int i = 0; i < static_cast<int>(n); ++i) {
      slope += 1 / (0.3 + i);
      curvature -= 1 / ((0.3 + i) * (0.3 + i));
    }
    EXPECT_NEAR(LogRisingSlope(0.3, n), slope, 1e-13 * (1 + slope)) << n;
    EXPECT_NEAR(LogRisingCurvature(0.3, n), curvature, 1e-13 * (1 - curvature)) << n;
  }
  for (const double x : {19.9, 20.5, 300.0, 1e8, 1e14}) {
    for (const double n : {17.0, 1000.0}) {
      double slope = 0, curvature = 0;
      for (double i = n - 1; i >= 0; --i) {
        slope += 1 / (x + i);
        curvature -= 1 / ((x + i) * (x + i));
      }
      EXPECT_LT(Error(LogRisingSlope(x, n), slope), 2e-14) << x << ' ' << n << ": no cancellation";
      EXPECT_LT(Error(LogRisingCurvature(x, n), curvature), 2e-14) << x << ' ' << n;
    }
  }
}

TEST(Special, LimitsAreLimits) {
  EXPECT_EQ(Expm1Over(0, -2.5), -2.5);
  EXPECT_LT(Error(Expm1Over(1e-9, -2.5), -2.5 * (1 - 1.25e-9)), 1e-15);
  EXPECT_LT(Error(Expm1Over(0.4e-5, 2.5), std::expm1(1e-5) / 0.4e-5), 1e-14) << "where the series ends";
  EXPECT_EQ(LogAdd(-std::numeric_limits<double>::infinity(), 3), 3);
  EXPECT_LT(Error(LogAdd(1000, 1000), 1000 + std::log(2.0)), 1e-15);
  EXPECT_LT(Error(LogAdd(0, 800), 800), 1e-15);
}

TEST(Special, SumsSeriesAndSaysWhatTheyCost) {
  const Series plain = Hypergeometric(0.5, 0.7, 1.3, 0.6, 1000);
  EXPECT_TRUE(plain.complete);
  EXPECT_LT(Error(plain.sum, 1.2568707218151269657), 1e-14);
  EXPECT_EQ(plain.largest, 1);
  const Series cancelling = Hypergeometric(-40.5, 30, 1.5, 0.9, 5000);   // alternating terms
  EXPECT_GT(cancelling.largest, 1e10 * std::abs(cancelling.sum));
  EXPECT_FALSE(Hypergeometric(1, 1, 1, 0.999999, 1000).complete);
}

}  // namespace
}  // namespace rapport::stats

#include "rapport/stats/optimize.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace rapport::stats {
namespace {

// Rosenbrock's valley, the search's oldest trap; minimum at (1, 1).
double Valley(std::span<const double> p, std::span<double> gradient) {
  const double x = p[0], y = p[1];
  gradient[0] = -400 * x * (y - x * x) - 2 * (1 - x);
  gradient[1] = 200 * (y - x * x);
  return 100 * (y - x * x) * (y - x * x) + (1 - x) * (1 - x);
}

TEST(Minimize, FindsTheEndOfAValley) {
  const std::vector<std::vector<double>> starts = {{-1.2, 1}, {9, 9}};
  const Minimum found = Minimize(Objective(Valley), starts);
  EXPECT_TRUE(found.converged);
  EXPECT_FALSE(found.flat);
  EXPECT_NEAR(found.point[0], 1, 1e-9);
  EXPECT_NEAR(found.point[1], 1, 1e-9);
  EXPECT_NEAR(found.hessian[0][0], 802, 1e-3);
  EXPECT_NEAR(found.hessian[0][1], -400, 1e-3);
}

TEST(Minimize, ConvergesQuadraticallyWithAnAnalyticHessian) {
  // Minus the log-likelihood of a rate e^v after 7 events in 3 units of time.
  const CurvedObjective rate = [](std::span<const double> p, std::span<double> gradient, Matrix& hessian) {
    hessian[0][0] = 3 * std::exp(p[0]);
    gradient[0] = hessian[0][0] - 7;
    return hessian[0][0] - 7 * p[0];
  };
  const std::vector<std::vector<double>> starts = {{-5}};
  const Minimum found = Minimize(rate, starts);
  EXPECT_TRUE(found.converged);
  EXPECT_NEAR(found.point[0], std::log(7.0 / 3), 1e-14);
  EXPECT_LT(found.evaluations, 20);
  EXPECT_NEAR(InvertPositiveDefinite(found.hessian)[0][0], 1.0 / 7, 1e-14);
}

TEST(Minimize, SaysThatNothingIsToBeFoundOnTheWayToInfinity) {
  const Objective falling = [](std::span<const double> p, std::span<double> gradient) {
    gradient[0] = 2 * p[0];
    gradient[1] = -std::exp(-p[1]);
    return p[0] * p[0] + std::exp(-p[1]);
  };
  const std::vector<std::vector<double>> starts = {{3, 0}};
  const Minimum found = Minimize(falling, starts);
  EXPECT_TRUE(found.converged);
  EXPECT_TRUE(found.flat);
  EXPECT_NEAR(found.point[0], 0, 1e-6);
  EXPECT_GT(found.point[1], 10);
}

TEST(Minimize, StaysInsideTheDomain) {
  const Objective bounded = [](std::span<const double> p, std::span<double> gradient) {
    gradient[0] = 1 - 1e-3 / p[0];
    return p[0] > 0 ? p[0] - 1e-3 * std::log(p[0]) : std::numeric_limits<double>::infinity();
  };
  const std::vector<std::vector<double>> starts = {{5}};
  const Minimum found = Minimize(bounded, starts);
  EXPECT_TRUE(found.converged);
  EXPECT_NEAR(found.point[0], 1e-3, 1e-6);
}

TEST(Minimize, GoesOnAlongABound) {
  // Falls towards infinity in the first coordinate, the slower the further out; the second one's minimum depends on the first.
  const Objective falling = [](std::span<const double> p, std::span<double> gradient) {
    const double apart = p[1] - p[0] / 10;
    gradient[0] = -1 / ((1 + p[0]) * (1 + p[0])) - apart / 5;
    gradient[1] = 2 * apart;
    return 1 / (1 + p[0]) + apart * apart;
  };
  const std::vector<std::vector<double>> starts = {{1, -3}};
  MinimizeOptions options;
  options.farthest = 60;
  const Minimum found = Minimize(falling, starts, options);
  EXPECT_TRUE(found.converged);
  EXPECT_TRUE(found.flat);
  EXPECT_EQ(found.point[0], 60);
  EXPECT_NEAR(found.point[1], 6, 1e-6);
  options.bounded = 0;
  EXPECT_GT(Minimize(falling, starts, options).point[0], 60);
}

TEST(InvertPositiveDefinite, InvertsOrSaysNothing) {
  const Matrix inverse = InvertPositiveDefinite({{4, 2}, {2, 3}});
  ASSERT_EQ(inverse.size(), 2u);
  EXPECT_DOUBLE_EQ(inverse[0][0], 3.0 / 8);
  EXPECT_DOUBLE_EQ(inverse[0][1], -2.0 / 8);
  EXPECT_DOUBLE_EQ(inverse[1][1], 4.0 / 8);
  EXPECT_TRUE(InvertPositiveDefinite({{1, 2}, {2, 1}}).empty());
  EXPECT_TRUE(InvertPositiveDefinite({{1, 1}, {1, 1}}).empty()) << "singular to the last digit";
}

}  // namespace
}  // namespace rapport::stats

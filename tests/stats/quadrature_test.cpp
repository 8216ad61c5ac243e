#include "rapport/stats/quadrature.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cmath>

namespace rapport::stats {
namespace {

TEST(Quadrature, RulesIntegratePolynomialsExactly) {
  for (int n = 1; n <= kMostNodes; ++n) {
    const GaussRule rule = GaussLegendre(n);
    ASSERT_EQ(rule.nodes.size(), static_cast<std::size_t>(n));
    for (int power = 0; power < 2 * n; ++power) {
      double sum = 0;
      for (std::size_t i = 0; i < rule.nodes.size(); ++i) sum += rule.weights[i] * std::pow(rule.nodes[i], power);
      EXPECT_NEAR(sum, power % 2 == 0 ? 2.0 / (power + 1) : 0, 2e-15) << n << " nodes, power " << power;
    }
    // The next even power is not integrated: the rule is no better than it should be.
    double beyond = 0;
    for (std::size_t i = 0; i < rule.nodes.size(); ++i) beyond += rule.weights[i] * std::pow(rule.nodes[i], 2 * n);
    if (n < 20) {
      EXPECT_GT(2.0 / (2 * n + 1) - beyond, 1e-13);
    }
  }
}

TEST(Quadrature, NodesLieInOrderAndMirror) {
  for (int n = 1; n <= kMostNodes; ++n) {
    const GaussRule rule = GaussLegendre(n);
    const std::size_t last = rule.nodes.size() - 1;
    for (std::size_t i = 0; i <= last; ++i) {
      EXPECT_NEAR(rule.nodes[i], -rule.nodes[last - i], 2e-16);
      EXPECT_NEAR(rule.weights[i], rule.weights[last - i], 1e-15);
      if (i > 0) {
        EXPECT_LT(rule.nodes[i - 1], rule.nodes[i]);
      }
    }
  }
}

// The integral of e^h over [low, high] in panels.
template <class Value, class Slope>
double Integrated(double low, double high, double strip, const Value& value, const Slope& slope, int* most = nullptr) {
  double sum = 0;
  ForPanels(low, high, slope(low), slope(high), strip, slope, [&](double middle, double half, int nodes) {
    const GaussRule rule = GaussLegendre(nodes);
    for (std::size_t i = 0; i < rule.nodes.size(); ++i) sum += half * rule.weights[i] * std::exp(value(middle + half * rule.nodes[i]));
    if (most != nullptr) *most += nodes;
  });
  return sum;
}

TEST(Quadrature, PanelsIntegrateExponentialsOfAnySlope) {
  EXPECT_TRUE(rc::check([] {
    const double slope = std::exp(*rc::gen::inRange(-500, 900) / 100.0), length = std::exp(*rc::gen::inRange(-300, 300) / 100.0);
    int nodes = 0;
    const double found = Integrated(0, length, 1e9, [&](double z) { return -slope * z; }, [&](double) { return -slope; }, &nodes);
    const double truth = -std::expm1(-slope * length) / slope;
    RC_ASSERT(std::abs(found - truth) < 1e-14 * truth);
    RC_ASSERT(nodes < 30 + slope * length * 4);
  }));
}

TEST(Quadrature, PanelsIntegratePowersNearTheirBranchPoint) {
  // (1 + e^z)^-q e^z over z is ((1 + e^low)^(1-q) - (1 + e^high)^(1-q)) / (q - 1).
  EXPECT_TRUE(rc::check([] {
    const double q = 1 + std::exp(*rc::gen::inRange(-200, 400) / 100.0), low = *rc::gen::inRange(-300, 200) / 100.0, high = low + *rc::gen::inRange(1, 400) / 100.0;
    const double found = Integrated(low, high, 3.14159, [&](double z) { return z - q * std::log1p(std::exp(z)); },
                                    [&](double z) { return 1 - q / (1 + std::exp(-z)); });
    const double a = std::log1p(std::exp(low)), b = std::log1p(std::exp(high));
    const double truth = std::exp((1 - q) * a) * -std::expm1((1 - q) * (b - a)) / (q - 1);
    RC_ASSERT(std::abs(found - truth) < 4e-14 * truth * (1 + q * b / 100));
  }));
}

TEST(Quadrature, ATailEndsNoNearerThanAsked) {
  EXPECT_TRUE(rc::check([] {
    const double steep = std::exp(*rc::gen::inRange(-1000, 1000) / 100.0);
    const auto value = [&](double z) { return -steep * std::expm1(z); };
    const auto slope = [&](double z) { return -steep * std::exp(z); };
    const double end = TailEnd(50, -kNegligible, value, slope);
    RC_ASSERT(value(end) <= -kNegligible + 1e-9);
    RC_ASSERT(value(end) >= -kNegligible - 8.1);
  }));
  EXPECT_EQ(TailEnd(3, -kNegligible, [](double z) { return -z; }, [](double) { return -1.0; }), 3) << "it has not fallen so far";
}

TEST(Quadrature, NearSingularitiesOrSteepPanelsMustBeCut) {
  EXPECT_GT(NodesFor(10, 0, 0, 3.14), kMostNodes);
  EXPECT_GT(NodesFor(1, 100, 100, 1e9), kMostNodes);
  EXPECT_LE(NodesFor(1, 1, 1, 3.14), kMostNodes);
  EXPECT_GT(NodesWithin(1, 0, 1.05, 1e9), kMostNodes);
  EXPECT_LE(NodesWithin(1, 1, 3, 1e9), kMostNodes);
  EXPECT_LT(NodesWithin(1, 1, 10, 1e9), NodesWithin(1, 1, 2, 1e9));
}

}  // namespace
}  // namespace rapport::stats

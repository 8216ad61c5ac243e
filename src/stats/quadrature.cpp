#include "rapport/stats/quadrature.hpp"

#include <array>

#include "rapport/stats/special.hpp"

namespace rapport::stats {
namespace {

// All rules, one after the other: rule n begins at n (n - 1) / 2.
struct Rules {
  std::array<double, kMostNodes*(kMostNodes + 1) / 2> nodes{}, weights{};
  Rules();
};

struct Legendre {
  double value, slope;
};

// P_n and its derivative (Abramowitz and Stegun 1964, 8.5.3 and 8.5.4).
Legendre LegendreAt(int n, double x) {
  double before = 1, now = x;
  for (int k = 2; k <= n; ++k) {
    const double next = ((2 * k - 1) * x * now - (k - 1) * before) / k;
    before = now;
    now = next;
  }
  return {now, n * (before - x * now) / ((1 - x) * (1 + x))};
}

Rules::Rules() {
  constexpr double kPi = 3.14159265358979323846;
  for (int n = 1; n <= kMostNodes; ++n) {
    const auto first = static_cast<std::size_t>(n * (n - 1) / 2);
    for (int i = 0; i < n; ++i) {
      double x = n % 2 == 1 && i == n / 2 ? 0 : -Cos(kPi * (i + 0.75) / (n + 0.5));
      for (int step = 0; step < 8 && x != 0; ++step) x -= LegendreAt(n, x).value / LegendreAt(n, x).slope;
      const double slope = LegendreAt(n, x).slope;
      nodes[first + static_cast<std::size_t>(i)] = x;
      weights[first + static_cast<std::size_t>(i)] = 2 / ((1 - x) * (1 + x) * slope * slope);
    }
  }
}

// Ellipses to choose from: rho, its half axes, and 1 / (2 ln rho).
struct Ellipse {
  double along, across, over_log;
};
constexpr double kRho[] = {1.3, 1.6, 2, 2.5, 3, 4, 5, 6.5, 8, 12, 16, 24, 32, 48};
constexpr std::size_t kEllipses = sizeof(kRho) / sizeof(kRho[0]);

const std::array<Ellipse, kEllipses>& Ellipses() {
  static const std::array<Ellipse, kEllipses> ellipses = [] {
    std::array<Ellipse, kEllipses> made{};
    for (std::size_t i = 0; i < kEllipses; ++i) made[i] = {(kRho[i] + 1 / kRho[i]) / 2, (kRho[i] - 1 / kRho[i]) / 2, 0.5 / Log(kRho[i])};
    return made;
  }();
  return ellipses;
}

constexpr double kDigits = 38;   // -ln of the relative error aimed at
constexpr double kTooMany = 1e6;

}  // namespace

GaussRule GaussLegendre(int n) {
  static const Rules rules;
  const auto first = static_cast<std::size_t>(n * (n - 1) / 2), size = static_cast<std::size_t>(n);
  return {std::span(rules.nodes).subspan(first, size), std::span(rules.weights).subspan(first, size)};
}

int NodesFor(double half, double left, double right, double strip) {
  const double low = std::min(left, right) * half, high = std::max(left, right) * half;
  double fewest = kTooMany;
  for (const Ellipse& ellipse : Ellipses()) {
    if (half * ellipse.across > 0.7 * strip) break;
    // How far |e^h| may rise on the ellipse above its largest value on the panel: along the panel beyond the higher end, across it by the steeper slope.
    const double growth = low * (ellipse.along - 1) + (high - low) * ellipse.along;
    const double nodes = (kDigits + growth) * ellipse.over_log;
    if (!(nodes <= fewest)) break;   // nor where a slope beyond a double makes it no number
    fewest = nodes;
  }
  return static_cast<int>(std::ceil(fewest));
}

int NodesWithin(double half, double slope, double reach, double strip) {
  double fewest = kTooMany;
  for (const Ellipse& ellipse : Ellipses()) {
    if (ellipse.along - 1 > 0.6 * (reach - 1) || half * ellipse.across > 0.7 * strip) break;
    const double nodes = (kDigits + 2 * slope * half * (ellipse.along - 1)) * ellipse.over_log;
    if (!(nodes <= fewest)) break;   // nor where a slope beyond a double makes it no number
    fewest = nodes;
  }
  return static_cast<int>(std::ceil(fewest));
}

}  // namespace rapport::stats

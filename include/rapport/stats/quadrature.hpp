// Floor 1. Integrals of e^h over an interval by Gauss and Legendre's rule, where h is known to be smooth and how fast it rises and falls is known.
//
// The number of nodes follows from the error of the rule on an ellipse around the panel (Trefethen 2008, Theorem 5.1): a function that is analytic
// within the ellipse with half axes (rho +- 1/rho) / 2 and at most M there is integrated by n nodes to about M rho^(-2n). A caller gets 15 digits or
// better without having to compare two rules. Any thread. No chance: the nodes depend on nothing but the arguments.
#ifndef RAPPORT_STATS_QUADRATURE_HPP_
#define RAPPORT_STATS_QUADRATURE_HPP_

#include <algorithm>
#include <cmath>
#include <span>

namespace rapport::stats {

inline constexpr int kMostNodes = 32;
inline constexpr double kNegligible = 42;   // e^-42 is nothing beside 1, whatever it is multiplied by here

// Nodes in (-1, 1) in ascending order and weights that add up to 2; 1 <= n <= kMostNodes.
struct GaussRule {
  std::span<const double> nodes, weights;
};
GaussRule GaussLegendre(int n);

// How many nodes integrate e^h to 15 digits over a panel of half length `half` at whose ends |h'| is `left` and `right`, the larger of them being its
// largest, where h is analytic within `strip` of the panel in the direction of the imaginary axis. More than kMostNodes: the panel must be cut.
int NodesFor(double half, double left, double right, double strip);
// The same where |h'| is at most `slope` on the panel and e^h analytic within the ellipse whose half axis along the panel is `reach` > 1 times `half`.
int NodesWithin(double half, double slope, double reach, double strip);

// Calls on_panel(middle, half, nodes) over panels that cover [low, high], from low to high; `slope(z)` is h' of a concave h.
template <class Slope, class OnPanel>
void ForPanels(double low, double high, double slope_low, double slope_high, double strip, const Slope& slope, const OnPanel& on_panel) {
  const double half = (high - low) / 2, middle = low + half;
  const int nodes = NodesFor(half, std::abs(slope_low), std::abs(slope_high), strip);
  if (nodes <= kMostNodes || !(middle > low && middle < high)) {
    on_panel(middle, half, std::min(nodes, kMostNodes));
    return;
  }
  const double slope_middle = slope(middle);
  ForPanels(low, middle, slope_low, slope_middle, strip, slope, on_panel);
  ForPanels(middle, high, slope_middle, slope_high, strip, slope, on_panel);
}

// Where a concave h has fallen to about `level` between its peak and `outer`: never nearer to the peak than that. By Newton's method from outside, which
// does not overshoot. `outer` where it has not fallen so far.
template <class Value, class Slope>
double TailEnd(double outer, double level, const Value& value, const Slope& slope) {
  for (int step = 0; step < 400; ++step) {
    const double above = value(outer) - level;
    if (above > -8) break;
    const double next = outer - above / slope(outer);
    if (next == outer) break;
    outer = next;
  }
  return outer;
}

}  // namespace rapport::stats

#endif  // RAPPORT_STATS_QUADRATURE_HPP_

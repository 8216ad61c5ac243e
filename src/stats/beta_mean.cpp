#include "rapport/stats/beta_mean.hpp"

#include <algorithm>
#include <cmath>

#include "rapport/stats/special.hpp"

namespace rapport::stats {
namespace {

constexpr double kNothing = 1e-17;   // beside 1

// A Beta distribution on a grid of logits around its mode there, weights relative to the mode's.
class LogitGrid {
 public:
  // `pull`: how fast the function falls with p at p = 0, which narrows the integrand as a larger b would.
  LogitGrid(double a, double b, double pull)
      : a_(a), b_(b), p_mode_(a / (a + b)), q_mode_(b / (a + b)), width_(Sqrt(1 / a + 1 / b)),
        step_(std::clamp(0.45 * Sqrt(1 / a + 1 / (b + pull)), std::min(1e-3, 0.45 * width_), 0.25)) {}
  // Without a pull, and wider where the function's poles are as far off as the weights'.
  LogitGrid(double a, double b) : LogitGrid(a, b, 0) { step_ = std::min(0.65 * width_, a + b < 10 ? 0.4 : 0.28); }

  // So narrow that the mode is as good as the mean, and better than weights with rounding errors.
  bool IsPoint() const { return width_ < 1e-5; }
  struct Node {
    double p, q, weight;
  };
  Node At(int k) const {
    const double d = k * step_;
    const Mixed p = Mix(q_mode_, p_mode_, -d), q = Mix(p_mode_, q_mode_, d);
    return {p_mode_ / p.value, q_mode_ / q.value, Exp(-a_ * p.log - b_ * q.log)};
  }
  // What a geometric end adds up to, as a multiple of its first weight.
  double LeftEnd() const { return -1 / Expm1(-a_ * step_); }
  double RightEnd() const { return -1 / Expm1(-b_ * step_); }

 private:
  // share e^d + rest, where share + rest = 1, and its logarithm: near 1 by what it differs from 1, far below by itself.
  struct Mixed {
    double value, log;
  };
  static Mixed Mix(double share, double rest, double d) {
    const double moved = share * Expm1(d);
    if (moved > -0.5) return {1 + moved, Log1p(moved)};
    const double value = rest + share * Exp(d);
    return {value, Log(value)};
  }
  double a_, b_, p_mode_, q_mode_, width_, step_;
};

// `function` is positive, falls with p, is `at_zero` to the last digit for p < flat_below_p and constant for 1 - p < flat_below_q; so is the density.
template <class Function>
double MeanOnGrid(const LogitGrid& grid, double flat_below_p, double flat_below_q, double at_zero, const Function& function) {
  const LogitGrid::Node mode = grid.At(0);
  const double first = function(mode.p);
  if (grid.IsPoint()) return first;
  double weights = 1, values = first;
  const auto walk = [&](int direction) {
    double before = first;
    for (int k = direction;; k += direction) {
      const LogitGrid::Node node = grid.At(k);
      const bool left_end = direction < 0 && node.p < flat_below_p, right_end = direction > 0 && node.q < flat_below_q;
      const double value = left_end ? at_zero : function(node.p);
      if (left_end || right_end) {
        const double weight = node.weight * (left_end ? grid.LeftEnd() : grid.RightEnd());
        weights += weight;
        values += weight * value;
        return;
      }
      weights += node.weight;
      values += node.weight * value;
      const double term = node.weight * value;
      const bool past = term <= before && values > 0 && term <= kNothing * values;
      if (node.weight <= kNothing * weights && (past || node.weight < 1e-300)) return;
      before = term;
    }
  };
  walk(-1);
  walk(1);
  return values / weights;
}

void MakeOne(std::vector<double>& weights) {
  double sum = 0;
  for (const double weight : weights) sum += weight;
  for (double& weight : weights) weight /= sum;
}

double FlatBelow(double scale) { return kNothing / std::max(scale, 1.0); }

}  // namespace

double BetaMeanOfDecay(double a, double b, double r, double w) {
  const LogitGrid grid(a, b, r * w);
  return MeanOnGrid(grid, FlatBelow(std::max(r * w, b)), FlatBelow(std::max(r, a)), 1,
                    [&](double p) { return Exp(-r * Log1p(p * w)); });
}

double BetaMeanOfPassage(double a, double b, double r, double from, double width) {
  const double whole = from + width;
  const LogitGrid grid(a, b, r * whole);
  return MeanOnGrid(grid, FlatBelow(std::max((r + 1) * whole, b)), FlatBelow(std::max(r, a)), r * width, [&](double p) {
    const double before = p * from;
    return Exp(-r * Log1p(before)) * -Expm1(-r * Log1p(p * width / (1 + before))) / p;
  });
}

namespace {

// `least`: the weight that is still noted on the left, `inverse`: times what 1/p makes of it.
MeanNodes NodesOn(const LogitGrid& grid, double a, double b, double flat_below, double least, bool inverse) {
  constexpr double kNoted = 1e-15;
  MeanNodes nodes;
  const auto add = [&](double p, double weight) {
    nodes.at.push_back(p);
    nodes.weight.push_back(weight);
  };
  const LogitGrid::Node mode = grid.At(0);
  add(mode.p, 1);
  if (grid.IsPoint()) return nodes;
  const double flat_p = std::min(flat_below, kNoted / std::max(b, 1.0)), flat_q = kNoted / std::max(a, 1.0);
  for (int k = -1;; --k) {
    const LogitGrid::Node node = grid.At(k);
    const bool last = node.p < flat_p;
    add(node.p, node.weight * (last ? grid.LeftEnd() : 1));
    if (last || node.weight * (inverse ? mode.p / node.p : 1) < least) break;
  }
  for (int k = 1;; ++k) {
    const LogitGrid::Node node = grid.At(k);
    const bool last = node.q < flat_q;
    add(node.p, node.weight * (last ? grid.RightEnd() : 1));
    if (last || node.weight < 1e-18) break;
  }
  MakeOne(nodes.weight);
  return nodes;
}

}  // namespace

MeanNodes BetaNodes(double a, double b, double flat_below) { return NodesOn(LogitGrid(a, b), a, b, flat_below, 1e-15, true); }

MeanNodes BetaNodesFarDown(double a, double b, double pull) {
  return NodesOn(LogitGrid(a, b, pull), a, b, kNothing / std::max(pull, 1.0), 1e-300, false);
}

// On y = e^v where y is far from 0 compared with its width; else on y = e^(v - e^(-v)), whose left end is reached in few steps (Takahasi and Mori 1974).
MeanNodes GammaNodes(double shape, double power, double flat_below) {
  MeanNodes nodes;
  const bool wide = shape < 4;
  const double log_mode = Log(shape), step = wide ? 0.1 : std::min(0.25, 0.65 / Sqrt(shape));
  if (shape > 1e12) return {{shape}, {1}};
  double heaviest = 0;
  const auto add = [&](int k) {
    const double v = k * step, gone = wide ? Exp(-v) : 0;
    const double d = wide ? v - gone - log_mode : v;   // ln of y / mode
    const double rise = wide && std::abs(d) > 1e-3 ? Exp(d) - 1 : Expm1(d);
    const double weight = Exp(shape * (d - rise)) * (1 + gone), y = shape * (1 + rise);
    if (y < std::min(flat_below, 1e-17 * shape)) return 0.0;   // nor is there any weight
    nodes.at.push_back(y);
    nodes.weight.push_back(weight);
    heaviest = std::max(heaviest, weight);
    return d < 0 ? weight / (1 + rise) : weight * Exp(power * d);   // what may matter, beside that at the mode
  };
  int k = wide ? static_cast<int>(std::floor(log_mode / step)) : 0;
  const int start = k;
  while (add(k) > 1e-17 * heaviest) --k;
  for (k = start + 1; add(k) > 1e-18 * heaviest; ++k) {
  }
  MakeOne(nodes.weight);
  return nodes;
}

}  // namespace rapport::stats

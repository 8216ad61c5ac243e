#include "rapport/stats/optimize.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "rapport/stats/special.hpp"

namespace rapport::stats {
namespace {

constexpr double kLongestStep = 2;   // in log-parameters: a factor of about seven
constexpr double kFlatStep = 1e-2;   // a step this long that gains nothing is along a boundary or a ridge

double Dot(std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

double Largest(std::span<const double> values) {
  double largest = 0;
  for (const double value : values) largest = std::max(largest, std::abs(value));
  return largest;
}

// Lower Cholesky factor; false where the matrix is not positive definite.
bool Factor(const Matrix& matrix, Matrix& lower) {
  const std::size_t n = matrix.size();
  lower.assign(n, std::vector<double>(n, 0));
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double sum = matrix[i][j];
      for (std::size_t k = 0; k < j; ++k) sum -= lower[i][k] * lower[j][k];
      if (i != j) {
        lower[i][j] = sum / lower[j][j];
        continue;
      }
      if (!(sum > 1e-14 * std::abs(matrix[i][i])) || !std::isfinite(sum)) return false;
      lower[i][i] = Sqrt(sum);
    }
  }
  return true;
}

std::vector<double> Solve(const Matrix& lower, std::vector<double> right) {
  const std::size_t n = lower.size();
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < i; ++k) right[i] -= lower[i][k] * right[k];
    right[i] /= lower[i][i];
  }
  for (std::size_t i = n; i-- > 0;) {
    for (std::size_t k = i + 1; k < n; ++k) right[i] -= lower[k][i] * right[k];
    right[i] /= lower[i][i];
  }
  return right;
}

// The Newton direction; the Hessian is shifted until it is positive definite, each diagonal element in proportion to itself (Marquardt 1963), so
// that a direction in which little happens keeps its long step. A direction in which nothing at all happens gets none.
std::vector<double> Direction(const Matrix& hessian, const std::vector<double>& gradient) {
  constexpr double kNothing = 1e-9;   // beside the curvature of any log-likelihood worth a step
  std::vector<double> down(gradient.size());
  for (std::size_t i = 0; i < down.size(); ++i) down[i] = -gradient[i];
  Matrix lower;
  for (double shift = 0; shift < 1e20; shift = shift == 0 ? 1e-10 : shift * 10) {
    Matrix shifted = hessian;
    for (std::size_t i = 0; i < down.size(); ++i) shifted[i][i] += kNothing + shift * (std::abs(hessian[i][i]) + kNothing);
    if (Factor(shifted, lower)) return Solve(lower, std::move(down));
  }
  return down;
}

// What one search carries along.
class Search {
 public:
  Search(const CurvedObjective& objective, const MinimizeOptions& options) : objective_(objective), options_(options) {
    best_.value = std::numeric_limits<double>::infinity();
  }

  void Try(const std::vector<double>& start) {
    Evaluate(start);
    if (best_.point.empty() || trial_.value < best_.value) Accept();
  }

  // Whether there is another step to take.
  bool Step() {
    const std::vector<double> newton = FreeDirection();
    const double length = Largest(newton);
    const double gain = -Dot(newton, best_.gradient) / 2;   // by the quadratic model
    if (gain < options_.flat_gain && length > kFlatStep) {
      best_.converged = best_.flat = true;
      return false;
    }
    const bool moved = Walk(newton, std::min(1.0, kLongestStep / std::max(length, 1e-300)), length);
    // Below the last digits of the value nothing can be gained, whatever the step.
    best_.converged = length < options_.step_tolerance || (length < 1e-3 && gain < 1e-15 * (1 + std::abs(best_.value)));
    best_.flat = best_.converged && AnyHeld();
    return moved && !best_.converged;
  }

  Minimum Done() {
    best_.evaluations = evaluations_;
    return std::move(best_);
  }

 private:
  bool Evaluate(const std::vector<double>& point) {
    const std::size_t n = point.size();
    trial_.point = point;
    trial_.gradient.assign(n, 0);
    trial_.hessian.assign(n, std::vector<double>(n, 0));
    trial_.value = objective_(trial_.point, trial_.gradient, trial_.hessian);
    ++evaluations_;
    return std::isfinite(trial_.value);
  }

  void Accept() {
    std::swap(best_.point, trial_.point);
    std::swap(best_.gradient, trial_.gradient);
    std::swap(best_.hessian, trial_.hessian);
    best_.value = trial_.value;
  }

  bool Bounded(std::size_t i) const { return i < options_.bounded && std::isfinite(options_.farthest); }
  // At its bound and pushed against it.
  bool Held(std::size_t i) const {
    return Bounded(i) && std::abs(best_.point[i]) >= options_.farthest && best_.gradient[i] * best_.point[i] < 0;
  }
  bool AnyHeld() const {
    for (std::size_t i = 0; i < best_.point.size(); ++i) {
      if (Held(i)) return true;
    }
    return false;
  }

  // The Newton direction in which coordinates that are held do not move.
  std::vector<double> FreeDirection() const {
    if (!AnyHeld()) return Direction(best_.hessian, best_.gradient);
    Matrix hessian = best_.hessian;
    std::vector<double> gradient = best_.gradient;
    for (std::size_t i = 0; i < gradient.size(); ++i) {
      if (!Held(i)) continue;
      gradient[i] = 0;
      for (std::size_t j = 0; j < gradient.size(); ++j) hessian[i][j] = hessian[j][i] = i == j ? 1 : 0;
    }
    return Direction(hessian, gradient);
  }

  // Along `direction`, from `factor` of it on downwards and never beyond a bound, until the value falls as Armijo's rule asks.
  bool Walk(const std::vector<double>& direction, double factor, double length) {
    std::vector<double> point(direction.size()), taken(direction.size());
    for (int halving = 0; halving < 40; ++halving, factor /= 2) {
      for (std::size_t i = 0; i < point.size(); ++i) {
        point[i] = best_.point[i] + factor * direction[i];
        if (Bounded(i)) point[i] = std::clamp(point[i], -options_.farthest, options_.farthest);
        taken[i] = point[i] - best_.point[i];
      }
      if (!Evaluate(point)) continue;
      const bool falls = trial_.value <= best_.value + 1e-4 * Dot(taken, best_.gradient);
      // Room for the last digits of the sum, where a step is short anyway.
      const bool last_digits = length * factor < 1e-3 && trial_.value <= best_.value + 1e-13 * (1 + std::abs(best_.value));
      if (!falls && !last_digits) continue;
      Accept();
      return true;
    }
    return false;
  }

  const CurvedObjective& objective_;
  const MinimizeOptions& options_;
  Minimum best_, trial_;
  int evaluations_ = 0;
};

}  // namespace

Minimum Minimize(const CurvedObjective& objective, std::span<const std::vector<double>> starts, const MinimizeOptions& options) {
  Search search(objective, options);
  for (const std::vector<double>& start : starts) search.Try(start);
  for (int iteration = 0; iteration < options.most_iterations && search.Step(); ++iteration) {
  }
  return search.Done();
}

Minimum Minimize(const Objective& objective, std::span<const std::vector<double>> starts, const MinimizeOptions& options) {
  int evaluations = 0;
  const CurvedObjective curved = [&](std::span<const double> point, std::span<double> gradient, Matrix& hessian) {
    const std::size_t n = point.size();
    std::vector<double> moved(point.begin(), point.end()), above(n), below(n);
    for (std::size_t i = 0; i < n; ++i) {
      const double step = 1e-5 * std::max(1.0, std::abs(point[i]));
      moved[i] = point[i] + step;
      objective(moved, above);
      moved[i] = point[i] - step;
      objective(moved, below);
      moved[i] = point[i];
      evaluations += 2;
      for (std::size_t j = 0; j < n; ++j) hessian[i][j] = (above[j] - below[j]) / (2 * step);
    }
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < i; ++j) hessian[i][j] = hessian[j][i] = (hessian[i][j] + hessian[j][i]) / 2;
    }
    return objective(point, gradient);
  };
  Minimum minimum = Minimize(curved, starts, options);
  minimum.evaluations += evaluations;
  return minimum;
}

Matrix InvertPositiveDefinite(const Matrix& matrix) {
  Matrix lower, inverse;
  if (!Factor(matrix, lower)) return {};
  for (std::size_t i = 0; i < matrix.size(); ++i) {
    std::vector<double> unit(matrix.size(), 0);
    unit[i] = 1;
    inverse.push_back(Solve(lower, std::move(unit)));
  }
  return inverse;
}

}  // namespace rapport::stats

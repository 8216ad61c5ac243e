#include "rapport/stats/optimize.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace rapport::stats {
namespace {

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
      if (!(sum > 0) || !std::isfinite(sum)) return false;
      lower[i][i] = std::sqrt(sum);
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

Matrix HessianAt(const Objective& objective, const std::vector<double>& point, int& evaluations) {
  const std::size_t n = point.size();
  Matrix hessian(n, std::vector<double>(n));
  std::vector<double> moved = point, above(n), below(n);
  for (std::size_t i = 0; i < n; ++i) {
    const double step = 1e-5 * std::max(1.0, std::abs(point[i]));
    moved[i] = point[i] + step;
    objective(moved, above);
    moved[i] = point[i] - step;
    objective(moved, below);
    moved[i] = point[i];
    for (std::size_t j = 0; j < n; ++j) hessian[i][j] = (above[j] - below[j]) / (2 * step);
    evaluations += 2;
  }
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < i; ++j) hessian[i][j] = hessian[j][i] = (hessian[i][j] + hessian[j][i]) / 2;
  }
  return hessian;
}

// The Newton direction; the Hessian is shifted until it is positive definite.
std::vector<double> Direction(const Matrix& hessian, const std::vector<double>& gradient) {
  std::vector<double> down(gradient.size());
  for (std::size_t i = 0; i < down.size(); ++i) down[i] = -gradient[i];
  double scale = 0;
  for (std::size_t i = 0; i < down.size(); ++i) scale = std::max(scale, std::abs(hessian[i][i]));
  Matrix lower;
  for (double shift = 0; shift < 1e12 * (scale + 1); shift = shift == 0 ? 1e-8 * (scale + 1) : shift * 10) {
    Matrix shifted = hessian;
    for (std::size_t i = 0; i < down.size(); ++i) shifted[i][i] += shift;
    if (Factor(shifted, lower)) return Solve(lower, down);
  }
  return down;
}

}  // namespace

Minimum Minimize(const Objective& objective, std::span<const std::vector<double>> starts, const MinimizeOptions& options) {
  Minimum best;
  best.value = std::numeric_limits<double>::infinity();
  for (const std::vector<double>& start : starts) {
    std::vector<double> gradient(start.size());
    const double value = objective(start, gradient);
    ++best.evaluations;
    if (best.point.empty() || value < best.value) {
      best.point = start;
      best.value = value;
      best.gradient = gradient;
    }
  }
  constexpr double kLongestStep = 2.0;   // in log-parameters: a factor of about seven
  std::vector<double> trial(best.point.size()), gradient(best.point.size());
  for (int iteration = 0; iteration < options.most_iterations; ++iteration) {
    best.hessian = HessianAt(objective, best.point, best.evaluations);
    std::vector<double> direction = Direction(best.hessian, best.gradient);
    const double length = Largest(direction);
    if (length > kLongestStep) {
      for (double& d : direction) d *= kLongestStep / length;
    }
    const double slope = Dot(direction, best.gradient);
    double factor = 1;
    bool moved = false;
    for (int halving = 0; halving < 40 && !moved; ++halving, factor /= 2) {
      for (std::size_t i = 0; i < trial.size(); ++i) trial[i] = best.point[i] + factor * direction[i];
      const double value = objective(trial, gradient);
      ++best.evaluations;
      // Armijo's rule, with room for the last bits of the sum.
      moved = value <= best.value + 1e-4 * factor * slope || (value <= best.value + 1e-12 * std::abs(best.value) && length * factor < 1e-4);
      if (!moved) continue;
      best.point = trial;
      best.value = value;
      best.gradient = gradient;
    }
    if (!moved || length * factor * 2 < options.step_tolerance) {
      best.converged = length < 1e-6;
      break;
    }
  }
  best.hessian = HessianAt(objective, best.point, best.evaluations);
  return best;
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

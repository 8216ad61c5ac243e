// Floor 1. Maximum likelihood by Newton's method with a line search, from fixed starts.
//
// The objective gives value and gradient; the Hessian is taken from differences of the gradient (a handful of parameters, so a handful of
// gradients). Where the Hessian is not positive definite it is shifted until it is (Levenberg 1944). No chance: the same objective gives the same answer.
#ifndef RAPPORT_STATS_OPTIMIZE_HPP_
#define RAPPORT_STATS_OPTIMIZE_HPP_

#include <functional>
#include <span>
#include <vector>

namespace rapport::stats {

// Row-major square matrix.
using Matrix = std::vector<std::vector<double>>;

// The value to be minimised at `point`; fills `gradient` of the same size. May return infinity outside its domain.
using Objective = std::function<double(std::span<const double> point, std::span<double> gradient)>;

struct Minimum {
  std::vector<double> point;
  double value = 0;
  std::vector<double> gradient;
  Matrix hessian;              // by central differences of the gradient
  bool converged = false;      // the step and the gradient are as small as doubles allow
  int evaluations = 0;
};

struct MinimizeOptions {
  int most_iterations = 200;
  double step_tolerance = 1e-11;   // of the Newton step, in every coordinate
};

// From the best of `starts` (at least one).
Minimum Minimize(const Objective& objective, std::span<const std::vector<double>> starts, const MinimizeOptions& options = {});

// The inverse of a symmetric positive definite matrix by Cholesky; empty where it is not.
Matrix InvertPositiveDefinite(const Matrix& matrix);

}  // namespace rapport::stats

#endif  // RAPPORT_STATS_OPTIMIZE_HPP_

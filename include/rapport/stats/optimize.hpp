// Floor 1. Maximum likelihood by Newton's method with a line search, from fixed starts.
//
// The objective is a negative log-likelihood over parameters without bounds (logarithms of positive ones). Where its Hessian is not positive
// definite it is shifted until it is (Marquardt 1963). No chance, no clock: the same objective gives the same answer.
#ifndef RAPPORT_STATS_OPTIMIZE_HPP_
#define RAPPORT_STATS_OPTIMIZE_HPP_

#include <cstddef>
#include <functional>
#include <limits>
#include <span>
#include <vector>

namespace rapport::stats {

// Row-major square matrix.
using Matrix = std::vector<std::vector<double>>;

// The value to be minimised at `point`; fills `gradient` of the same size. May return infinity outside its domain.
using Objective = std::function<double(std::span<const double> point, std::span<double> gradient)>;
// The same with the Hessian, which comes in the right size; both triangles are filled.
using CurvedObjective = std::function<double(std::span<const double> point, std::span<double> gradient, Matrix& hessian)>;

struct Minimum {
  std::vector<double> point;
  double value = 0;
  std::vector<double> gradient;
  Matrix hessian;
  // Nothing more is to be gained: the steps became as small as doubles allow, or `flat`.
  bool converged = false;
  // The value no longer falls though the steps stay long: the minimum is on a boundary at infinity or along a ridge, and `point` is one of many.
  bool flat = false;
  int evaluations = 0;
};

struct MinimizeOptions {
  int most_iterations = 200;
  double step_tolerance = 1e-7;   // the last step, in every coordinate; what is left after it is its square
  double flat_gain = 1e-8;        // a long step that promises less than this is not worth taking
  // The first `bounded` coordinates are held within +-farthest. What is pushed against that stays there while the others go on; a minimum there is `flat`.
  double farthest = std::numeric_limits<double>::infinity();
  std::size_t bounded = std::numeric_limits<std::size_t>::max();
};

// From the best of `starts` (at least one, all of one size). One evaluation a start and about one an iteration.
Minimum Minimize(const CurvedObjective& objective, std::span<const std::vector<double>> starts, const MinimizeOptions& options = {});
// With the Hessian from central differences of the gradient: twice as many evaluations more as there are parameters.
Minimum Minimize(const Objective& objective, std::span<const std::vector<double>> starts, const MinimizeOptions& options = {});

// The inverse of a symmetric positive definite matrix by Cholesky; empty where it is not.
Matrix InvertPositiveDefinite(const Matrix& matrix);

}  // namespace rapport::stats

#endif  // RAPPORT_STATS_OPTIMIZE_HPP_

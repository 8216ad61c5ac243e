#include "value/likelihood_fit.hpp"

#include <algorithm>
#include <cmath>

#include "rapport/stats/special.hpp"

namespace rapport {
namespace {

std::string_view DiagnosisOf(const LikelihoodFit& fit, const stats::Minimum& minimum, const FitTask& task) {
  if (minimum.flat) return task.boundary(fit.params);
  if (!minimum.converged) return "The search stopped before it was certain of the optimum.";
  if (fit.report.covariance.empty()) return "The observed information is singular: the parameters are not determined one by one.";
  return kInterior;
}

// Errors of the weights that the search saw become those of the user's. None where they are beyond any double.
void LowerWeights(int raised, stats::FitReport& report) {
  bool finite = true;
  for (std::size_t i = 0; i < report.covariance.size(); ++i) {
    for (double& each : report.covariance[i]) finite = std::isfinite(each = std::ldexp(each, raised)) && finite;
    report.standard_errors[i] = stats::Sqrt(report.covariance[i][i]);
  }
  if (finite) return;
  report.covariance.clear();
  report.standard_errors.clear();
}

}  // namespace

Starts NearerStarts(std::span<const HistoryRow> rows, const ObjectiveOfRows& objective, Starts starts) {
  for (const std::size_t enough : {1024u, 16384u}) {
    if (rows.size() < 4 * enough) break;
    const std::size_t stride = rows.size() / enough;
    std::vector<HistoryRow> some;
    for (std::size_t i = stride / 2; i < rows.size(); i += stride) some.push_back(rows[i]);
    stats::MinimizeOptions rough;
    rough.step_tolerance = 1e-2;
    rough.farthest = kFarthestLog;
    const stats::Minimum near = stats::Minimize(objective(some), starts, rough);
    if (near.converged && !near.flat) starts = {near.point};
  }
  return starts;
}

LikelihoodFit FitLikelihood(const stats::CurvedObjective& objective, const Starts& starts, const FitTask& task) {
  stats::MinimizeOptions options;
  options.farthest = kFarthestLog;
  options.bounded = static_cast<std::size_t>(std::count_if(task.scale.begin(), task.scale.end(), [](double scale) { return scale != 0; }));
  const stats::Minimum minimum = stats::Minimize(objective, starts, options);
  LikelihoodFit fit;
  std::vector<double> slopes;   // d parameter / d what the search moves
  for (std::size_t i = 0; i < minimum.point.size(); ++i) {
    const bool free = task.scale[i] == 0;
    fit.params.push_back(free ? minimum.point[i] : std::clamp(stats::Exp(minimum.point[i]) * task.scale[i], kSmallestParameter, kLargestParameter));
    slopes.push_back(free ? 1 : fit.params.back());
  }
  fit.report.parameters = fit.params.size();
  fit.report.log_likelihood = std::ldexp(task.log_likelihood_shift - minimum.value, -task.weights_raised);
  fit.report.customers = std::ldexp(task.customers, -task.weights_raised);
  fit.report.converged = minimum.converged;
  if (!minimum.flat) stats::AddErrors(minimum.hessian, slopes, fit.report);
  if (task.weights_raised != 0) LowerWeights(task.weights_raised, fit.report);
  fit.report.diagnosis = DiagnosisOf(fit, minimum, task);
  return fit;
}

std::string_view RateBoundary(double r) {
  if (r > kFarParameter) return "On the boundary: these customers all buy at one rate, so r and alpha are determined only by their ratio.";
  return {};
}

}  // namespace rapport

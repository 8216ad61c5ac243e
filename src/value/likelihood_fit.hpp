// Floor 3, inside. Maximum likelihood as every model here does it: fixed starts, Newton over logarithms of parameters, errors from the observed
// information, one sentence about what came of it.
#ifndef RAPPORT_SRC_VALUE_LIKELIHOOD_FIT_HPP_
#define RAPPORT_SRC_VALUE_LIKELIHOOD_FIT_HPP_

#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "rapport/stats/fit_report.hpp"
#include "rapport/stats/optimize.hpp"
#include "value/history_rows.hpp"

namespace rapport {

using Starts = std::vector<std::vector<double>>;

// Logarithms of parameters are searched for within +-this: further out no table of customers tells one from another.
inline constexpr double kFarthestLog = 60;
// Minus the log-likelihood of rows, over what the search moves, with gradient and Hessian.
using ObjectiveOfRows = std::function<stats::CurvedObjective(std::span<const HistoryRow>)>;

// Of many rows every so-many-th leads near the optimum, a few of them first, so that few steps over all of them are left. Rows are sorted: each
// frequency keeps its share. Returns one start near the optimum, or `starts` where rows are few or what was found is doubtful.
Starts NearerStarts(std::span<const HistoryRow> rows, const ObjectiveOfRows& objective, Starts starts);

struct LikelihoodFit {
  std::vector<double> params;
  stats::FitReport report;
};
struct FitTask {
  // Parameter i is scale[i] * e^point[i], held within what CheckParameter takes; where scale[i] is 0 it is point[i] (the effect of a covariate).
  std::vector<double> scale;
  double log_likelihood_shift = 0;   // from the search's scale of time to the user's; it and `customers` of the weights that the search sees
  double customers = 0;
  // Where the search ran along a boundary or ridge: which, in one sentence.
  std::function<std::string_view(std::span<const double> params)> boundary;
  int weights_raised = 0;   // as RaiseWeights returned: the report is of the user's weights
};
LikelihoodFit FitLikelihood(const stats::CurvedObjective& objective, const Starts& starts, const FitTask& task);

// For one rate for all customers: "On the boundary: ..." of models with a Gamma rate; empty where r is not far out.
std::string_view RateBoundary(double r);
inline constexpr double kFarParameter = 1e4;   // beyond which a parameter that the search left there is on its boundary
inline constexpr std::string_view kInterior = "An interior optimum.";
inline constexpr std::string_view kOnRidge = "On a ridge: other parameters fit these customers as well.";

}  // namespace rapport

#endif  // RAPPORT_SRC_VALUE_LIKELIHOOD_FIT_HPP_

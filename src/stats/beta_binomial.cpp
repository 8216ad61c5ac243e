#include "rapport/stats/beta_binomial.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "rapport/core/status.hpp"
#include "rapport/stats/optimize.hpp"
#include "rapport/stats/special.hpp"
#include "stats/blocked_sum.hpp"

namespace rapport::stats {
namespace {

constexpr double kLargestCount = 1e9;
constexpr double kInfinite = 1e7;   // a concentration from which on nothing more shows

// Distinct (kept, settled) and how many groups have it, in order.
using Folded = std::map<std::pair<double, double>, double>;

absl::Status CheckGroup(std::size_t group, const GroupCount& count) {
  const auto bad = [group](const char* field, double found, const char* expected) {
    return Invalid("stats.invalid_input", absl::StrCat("group ", group, ", field ", field, ": found ", found, ", expected ", expected));
  };
  if (!(count.settled >= 0 && count.settled <= kLargestCount) || count.settled != std::floor(count.settled)) {
    return bad("settled", count.settled, "a whole number from 0 to 1e9");
  }
  if (!(count.kept >= 0 && count.kept <= count.settled) || count.kept != std::floor(count.kept)) {
    return bad("kept", count.kept, "a whole number from 0 to settled");
  }
  return absl::OkStatus();
}

// Minus ln L over ln alpha and ln beta, with both derivatives.
double MinusLogLikelihood(const Folded& folded, std::span<const double> point, std::span<double> gradient, Matrix& hessian) {
  const double alpha = Exp(point[0]), beta = Exp(point[1]);
  BlockedSums<6> sums;
  for (const auto& [counts, times] : folded) {
    const auto [kept, settled] = counts;
    const double broken = settled - kept;
    const double slope = LogRisingSlope(alpha + beta, settled), curve = LogRisingCurvature(alpha + beta, settled);
    sums.Add({times * (LogRising(alpha, kept) + LogRising(beta, broken) - LogRising(alpha + beta, settled)),
              times * (LogRisingSlope(alpha, kept) - slope), times * (LogRisingSlope(beta, broken) - slope),
              times * (LogRisingCurvature(alpha, kept) - curve), times * (LogRisingCurvature(beta, broken) - curve), -times * curve});
  }
  const auto [value, by_alpha, by_beta, alpha_alpha, beta_beta, alpha_beta] = sums.Totals();
  gradient[0] = -alpha * by_alpha;
  gradient[1] = -beta * by_beta;
  hessian[0][0] = -alpha * (by_alpha + alpha * alpha_alpha);
  hessian[1][1] = -beta * (by_beta + beta * beta_beta);
  hessian[0][1] = hessian[1][0] = -alpha * beta * alpha_beta;
  return -value;
}

// ln L with one share for all.
double CommonLogLikelihood(double kept, double broken) {
  const double total = kept + broken;
  return (kept > 0 ? kept * Log(kept / total) : 0) + (broken > 0 ? broken * Log(broken / total) : 0);
}

}  // namespace

double ShareBelief::Quantile(double p) const { return IncompleteBetaInverse(alpha, beta, p); }

double ShareBelief::Below(double threshold) const { return IncompleteBeta(alpha, beta, std::clamp(threshold, 0.0, 1.0)); }

double ShareBelief::BelowOther(const ShareBelief& other, double margin) const {
  constexpr int kValues = 64;
  double sum = 0;
  for (int i = 0; i < kValues; ++i) sum += Below(other.Quantile((i + 0.5) / kValues) - margin);
  return sum / kValues;
}

absl::StatusOr<BetaBinomial> BetaBinomial::Make(double alpha, double beta) {
  if (!(alpha > 0 && alpha <= kLargestCount && beta > 0 && beta <= kLargestCount)) {
    return Invalid("stats.invalid_input", absl::StrCat("alpha, beta: found ", alpha, ", ", beta, ", expected two numbers above 0, at most 1e9"));
  }
  BetaBinomial model;
  model.prior_ = ShareBelief{alpha, beta};
  model.mean_ = alpha / (alpha + beta);
  return model;
}

absl::StatusOr<BetaBinomial> BetaBinomial::Fit(std::span<const GroupCount> groups) {
  Folded folded;
  double kept = 0, settled = 0;
  BetaBinomial model;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    RAPPORT_RETURN_IF_ERROR(CheckGroup(i, groups[i]));
    if (groups[i].settled == 0) continue;
    folded[{groups[i].kept, groups[i].settled}] += 1;
    kept += groups[i].kept, settled += groups[i].settled;   // whole: exact in any order
    model.groups_ += 1;
  }
  if (folded.empty()) {
    return FailedPrecondition("stats.too_few_rows", absl::StrCat("found ", groups.size(), " groups, none with anything settled, expected at least one"));
  }
  const double broken = settled - kept;
  model.common_ = {kept + 0.5, broken + 0.5};
  model.mean_ = kept / settled;
  model.log_likelihood_ = CommonLogLikelihood(kept, broken);
  if (kept == 0 || broken == 0 || model.groups_ == 1) {
    model.diagnosis_ = model.groups_ == 1 ? "One group alone: how groups differ is not known." :
                       kept == 0 ? "On the boundary: nothing was kept, so one share is taken for all groups." :
                                   "On the boundary: everything was kept, so one share is taken for all groups.";
    return model;
  }
  std::vector<std::vector<double>> starts;
  for (const double concentration : {1.0, 5.0, 25.0, 125.0}) starts.push_back({Log(kept / settled * concentration), Log(broken / settled * concentration)});
  const CurvedObjective objective = [&folded](std::span<const double> point, std::span<double> gradient, Matrix& hessian) {
    return MinusLogLikelihood(folded, point, gradient, hessian);
  };
  const Minimum minimum = Minimize(objective, starts);
  const double alpha = Exp(minimum.point[0]), beta = Exp(minimum.point[1]);
  const bool all_or_nothing = minimum.flat && alpha + beta < 1;   // the boundary at the other end
  if ((minimum.flat && !all_or_nothing) || !(alpha + beta < kInfinite) || !(-minimum.value > model.log_likelihood_)) {
    model.diagnosis_ = "On the boundary: the groups differ no more than chance lets them, so one share is taken for all.";
    return model;
  }
  model.prior_ = ShareBelief{alpha, beta};
  model.mean_ = alpha / (alpha + beta);
  model.log_likelihood_ = -minimum.value;
  model.diagnosis_ = all_or_nothing ? "On the boundary: each group keeps all or nothing." :
                     minimum.converged ? "An interior optimum." : "The search stopped before it was certain of the optimum.";
  return model;
}

ShareBelief BetaBinomial::Of(GroupCount group) const {
  if (!prior_) return common_;
  return {prior_->alpha + group.kept, prior_->beta + group.settled - group.kept};
}

}  // namespace rapport::stats

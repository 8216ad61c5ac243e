#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>

#include "rapport/core/status.hpp"
#include "rapport/stats/digamma_gap.hpp"
#include "rapport/stats/special.hpp"
#include "rapport/value/gamma_gamma.hpp"
#include "stats/blocked_sum.hpp"
#include "value/history_rows.hpp"
#include "value/likelihood_fit.hpp"
#include "value/spend_rows.hpp"

namespace rapport {
namespace {

using stats::DigammaGap;
using stats::Exp;
using stats::Log;
using stats::Log1p;
using stats::TrigammaGap;

// The value, its gradient by p, q, gamma, and the upper triangle of its Hessian, row by row.
enum Term : std::size_t { kValue, kP, kQ, kGamma, kPP, kPQ, kPGamma, kQQ, kQGamma, kGammaGamma, kTerms };
using Terms = std::array<double, kTerms>;

struct Natural {
  double p, q, gamma;
};

// What depends on the count alone: -ln B(p x, q) with its derivatives.
Terms CountTerms(double x, const Natural& n) {
  const double px = n.p * x;
  Terms t{};
  t[kValue] = -stats::LogBeta(px, n.q);
  t[kP] = x * DigammaGap(px, n.q);
  t[kQ] = DigammaGap(n.q, px);
  t[kPP] = x * x * TrigammaGap(px, n.q);
  t[kPQ] = x * stats::Trigamma(px + n.q);
  t[kQQ] = TrigammaGap(n.q, px);
  return t;
}

// One customer: -ln B(p x, q) - q ln(1 + s / gamma) - p x ln(1 + gamma / s) - ln m, where s = x m is all that the customer spent.
Terms RowTerms(const HistoryRow& row, const Terms& count, const Natural& n) {
  const double spent = row.x * row.age, all = 1 / (n.gamma + spent), share = spent * all;
  const double above = Log1p(spent / n.gamma), below = Log1p(n.gamma / spent);
  Terms t = count;
  t[kValue] -= n.q * above + n.p * row.x * below + Log(row.age);
  t[kP] -= row.x * below;
  t[kQ] -= above;
  t[kGamma] = n.q * share / n.gamma - n.p * row.x * all;
  t[kPGamma] = -row.x * all;
  t[kQGamma] = share / n.gamma;
  t[kGammaGamma] = n.p * row.x * all * all - n.q * share / n.gamma * (1 / n.gamma + all);
  for (double& term : t) term *= row.weight;
  return t;
}

// Minus the log-likelihood (eq. 1a) as a function of ln p, ln q, ln gamma, over rows whose `age` is the mean value.
class SpendLikelihood {
 public:
  explicit SpendLikelihood(std::span<const HistoryRow> rows) : rows_(rows) {}

  double operator()(std::span<const double> log_params, std::span<double> gradient, stats::Matrix& hessian) const {
    for (const double v : log_params) {
      if (!(std::abs(v) <= kFarthestLog)) return std::numeric_limits<double>::infinity();
    }
    const std::array<double, 3> natural{Exp(log_params[0]), Exp(log_params[1]), Exp(log_params[2])};
    const Natural n{natural[0], natural[1], natural[2]};
    stats::BlockedSums<kTerms> sums;
    double x = 0;
    Terms count{};
    for (const HistoryRow& row : rows_) {
      if (row.x != x) count = CountTerms(x = row.x, n);
      sums.Add(RowTerms(row, count, n));
    }
    const Terms total = sums.Totals();
    std::size_t next = kPP;
    for (std::size_t i = 0; i < 3; ++i) {
      gradient[i] = -natural[i] * total[kP + i];
      for (std::size_t j = i; j < 3; ++j) hessian[i][j] = hessian[j][i] = -natural[i] * natural[j] * total[next++];
      hessian[i][i] += gradient[i];
    }
    return -total[kValue];
  }

 private:
  std::span<const HistoryRow> rows_;
};

// From purchases of much the same value to very different ones, among customers alike and unlike, at the mean seen.
Starts StartsFor(double mean) {
  Starts starts;
  for (const double p : {0.5, 3.0, 12.0}) {
    for (const double q : {1.5, 4.0, 16.0}) starts.push_back({Log(p), Log(q), Log(mean * (q - 1) / p)});
  }
  return starts;
}

std::string_view BoundaryOf(std::span<const double> params) {
  const bool steady = params[0] > kFarParameter, alike = params[1] > kFarParameter;
  if (steady && alike) return "On the boundary: all purchases are worth the same, so p, q and gamma are not determined one by one.";
  if (alike) return "On the boundary: customers do not differ in what they spend, so q and gamma are determined only by their ratio.";
  if (steady) return "On the boundary: each customer always spends the same, so p and gamma are determined only by their product.";
  return kOnRidge;
}

// Where all of a customer's purchases are worth the same, the likelihood may have no highest value at all: then the search ends far out without flat ground.
void SayWhereUnbounded(LikelihoodFit& fit) {
  if (fit.report.covariance.empty() && (fit.params[0] > kFarParameter || fit.params[1] > kFarParameter)) fit.report.diagnosis = BoundaryOf(fit.params);
}

}  // namespace

absl::StatusOr<GammaGamma> GammaGamma::Fit(std::span<const double> frequency, std::span<const double> monetary, std::span<const double> weights) {
  RAPPORT_RETURN_IF_ERROR(CheckSpend(frequency, monetary, frequency.size()));
  RAPPORT_RETURN_IF_ERROR(CheckWeights(weights, frequency.size()));
  std::vector<double> zeros(frequency.size(), 0), means(zeros), used(zeros);
  for (std::size_t i = 0; i < frequency.size(); ++i) {
    if (frequency[i] == 0) continue;   // what stands in `monetary` then is no amount
    used[i] = weights.empty() ? 1 : weights[i];
    means[i] = monetary[i];
  }
  const double unit = UnitOf(means, used);
  std::vector<HistoryRow> rows = FoldHistories({frequency, zeros, means}, used, unit);
  const int raised = RaiseWeights(rows);
  const HistorySums sums = SumsOf(rows);
  RAPPORT_RETURN_IF_ERROR(CheckRepeats(sums, weights, frequency.size()));
  const Starts starts =
      NearerStarts(rows, [](std::span<const HistoryRow> some) { return SpendLikelihood(some); }, StartsFor(sums.ages / sums.customers));
  LikelihoodFit fit = FitLikelihood(SpendLikelihood(rows), starts, {{1, 1, unit}, -sums.customers * Log(unit), sums.customers, BoundaryOf, raised});
  SayWhereUnbounded(fit);
  GammaGamma model({fit.params[0], fit.params[1], fit.params[2]});
  model.report_ = std::move(fit.report);
  return model;
}

}  // namespace rapport

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "rapport/core/status.hpp"
#include "rapport/stats/special.hpp"
#include "rapport/value/bg_bb.hpp"
#include "stats/blocked_sum.hpp"
#include "value/bg_bb_terms.hpp"
#include "value/history_rows.hpp"
#include "value/likelihood_fit.hpp"

namespace rapport {
namespace {

using stats::Exp;
using stats::Log;

constexpr double kReach = 45;   // e^-45 is below the last digit

// A function of the parameters: its value, its gradient by alpha, beta, gamma, delta, and the upper triangle of its Hessian, row by row.
enum Term : std::size_t { kValue, kA, kB, kG, kD, kAA, kAB, kAG, kAD, kBB, kBG, kBD, kGG, kGD, kDD, kTerms };
using Terms = std::array<double, kTerms>;

// The derivatives of a logarithm, made those of the thing itself, in units of it: g becomes itself, H becomes H + g g'.
Terms Lifted(Terms log) {
  std::size_t next = kAA;
  for (std::size_t i = kA; i <= kD; ++i) {
    for (std::size_t j = i; j <= kD; ++j) log[next++] += log[i] * log[j];
  }
  log[kValue] = 1;
  return log;
}
// And back; the value becomes its logarithm.
Terms Lowered(Terms sum) {
  const double value = sum[kValue];
  sum[kValue] = Log(value);
  for (std::size_t k = kA; k < kTerms; ++k) sum[k] /= value;
  std::size_t next = kAA;
  for (std::size_t i = kA; i <= kD; ++i) {
    for (std::size_t j = i; j <= kD; ++j) sum[next++] -= sum[i] * sum[j];
  }
  return sum;
}

// For i = 0 ..: the sums over j < i of 1 / (c + j) and of -1 / (c + j)^2, the derivatives of ln (c)_i.
struct RisingTable {
  std::vector<double> slope, curvature;
  RisingTable(double c, std::size_t size) : slope(size + 1, 0), curvature(size + 1, 0) {
    for (std::size_t i = 0; i < size; ++i) {
      const double one = 1 / (c + static_cast<double>(i));
      slope[i + 1] = slope[i] + one;
      curvature[i + 1] = curvature[i] - one * one;
    }
  }
};

// Everything that depends on the parameters and on one opportunity.
class Opportunities {
 public:
  Opportunities(const BgBb::Params& p, std::size_t size)
      : p_(p), alpha_(p.alpha, size), beta_(p.beta, size), both_(p.alpha + p.beta, size), delta_(p.delta, size), stop_(p.gamma + p.delta, size + 1) {
    for (std::size_t i = 0; i <= size; ++i) {
      const auto at = static_cast<double>(i);
      ratio_.push_back((p.delta + at) / ((p.alpha + p.beta + at) * (p.gamma + p.delta + 1 + at)));
    }
  }
  const BgBb::Params& params() const { return p_; }

  // At most what stopping after i or later and not stopping until n come to, in units of stopping after i.
  double Follows(std::size_t i, std::size_t n) const {
    const auto until = static_cast<double>(n);
    return until - static_cast<double>(i) + (p_.gamma + p_.delta + until) / p_.gamma;
  }

  // The chance of stopping after opportunity i + 1 with the same x purchases, as a share of that for i.
  double Ratio(std::size_t x, std::size_t i) const { return (p_.beta + static_cast<double>(i - x)) * ratio_[i]; }

  // Derivatives of the logarithm of the chance of x purchases and of stopping after opportunity i; `stopped` false: of not stopping until i.
  Terms LogDerivatives(std::size_t x, std::size_t i, bool stopped) const {
    const std::size_t seen = stopped ? i + 1 : i;
    const double over = stopped ? 1 / p_.gamma : 0;
    Terms t{};
    t[kA] = alpha_.slope[x] - both_.slope[i];
    t[kB] = beta_.slope[i - x] - both_.slope[i];
    t[kG] = over - stop_.slope[seen];
    t[kD] = delta_.slope[i] - stop_.slope[seen];
    t[kAA] = alpha_.curvature[x] - both_.curvature[i];
    t[kAB] = -both_.curvature[i];
    t[kBB] = beta_.curvature[i - x] - both_.curvature[i];
    t[kGG] = -over * over - stop_.curvature[seen];
    t[kGD] = -stop_.curvature[seen];
    t[kDD] = delta_.curvature[i] - stop_.curvature[seen];
    return t;
  }

 private:
  BgBb::Params p_;
  RisingTable alpha_, beta_, both_, delta_, stop_;
  std::vector<double> ratio_;
};

// Chances of stopping after opportunities from one to another, added up in units of the first of them, and what the next one is in that unit.
struct Stretch {
  Terms sum{};
  double next = 1;
};
void Append(Stretch& before, const Stretch& after) {
  for (std::size_t k = 0; k < kTerms; ++k) before.sum[k] += before.next * after.sum[k];
  before.next *= after.next;
}

// Of customers with x purchases: a binary tree of stretches, from which any stretch takes logarithmically many. Nothing is ever subtracted.
class StretchTree {
 public:
  StretchTree(const Opportunities& all, std::size_t x, std::size_t begin, std::size_t end) : begin_(begin), leaves_(end - begin), nodes_(2 * leaves_) {
    for (std::size_t i = begin; i < end; ++i) nodes_[leaves_ + i - begin] = {Lifted(all.LogDerivatives(x, i, true)), all.Ratio(x, i)};
    for (std::size_t k = leaves_; k-- > 1;) {
      nodes_[k] = nodes_[2 * k];
      Append(nodes_[k], nodes_[2 * k + 1]);
    }
  }

  // Opportunities from `from` to before `to`.
  Stretch Between(std::size_t from, std::size_t to) const {
    Stretch left;
    std::array<std::size_t, 64> right{};
    std::size_t rights = 0;
    for (std::size_t low = from - begin_ + leaves_, high = to - begin_ + leaves_; low < high; low /= 2, high /= 2) {
      if (low % 2 == 1) Append(left, nodes_[low++]);
      if (high % 2 == 1) right[rights++] = --high;
    }
    while (rights > 0) Append(left, nodes_[right[--rights]]);
    return left;
  }

 private:
  std::size_t begin_, leaves_;
  std::vector<Stretch> nodes_;   // node k holds 2k and 2k + 1
};

// Opportunities from `from` to before `to`, one by one, until what follows is below the last digit.
Stretch Walked(const Opportunities& all, std::size_t x, std::size_t from, std::size_t to) {
  Stretch walked;
  for (std::size_t i = from; i < to; ++i) {
    const Terms term = Lifted(all.LogDerivatives(x, i, true));
    for (std::size_t k = 0; k < kTerms; ++k) walked.sum[k] += walked.next * term[k];
    walked.next *= all.Ratio(x, i);
    if (walked.next * all.Follows(i + 1, to) < 1e-19 * walked.sum[kValue]) {
      walked.next = 0;
      break;
    }
  }
  return walked;
}

// Minus the log-likelihood (eq. 4) as a function of ln alpha, ln beta, ln gamma, ln delta. Infinite where one of them is beyond +-60.
class BgBbLikelihood {
 public:
  explicit BgBbLikelihood(std::span<const HistoryRow> rows) : rows_(rows) {
    for (const HistoryRow& row : rows) longest_ = std::max(longest_, static_cast<std::size_t>(row.age));
  }

  double operator()(std::span<const double> log_params, std::span<double> gradient, stats::Matrix& hessian) const {
    for (const double v : log_params) {
      if (!(std::abs(v) <= kFarthestLog)) return std::numeric_limits<double>::infinity();
    }
    const std::array<double, 4> natural{Exp(log_params[0]), Exp(log_params[1]), Exp(log_params[2]), Exp(log_params[3])};
    const Opportunities all({natural[0], natural[1], natural[2], natural[3]}, longest_);
    stats::BlockedSums<kTerms> sums;
    for (std::size_t begin = 0; begin < rows_.size();) {
      std::size_t end = begin;
      while (end < rows_.size() && rows_[end].x == rows_[begin].x) ++end;
      AddCount(all, rows_.subspan(begin, end - begin), sums);
      begin = end;
    }
    const Terms total = sums.Totals();
    std::size_t next = kAA;
    for (std::size_t i = 0; i < 4; ++i) {
      gradient[i] = -natural[i] * total[kA + i];
      for (std::size_t j = i; j < 4; ++j) hessian[i][j] = hessian[j][i] = -natural[i] * natural[j] * total[next++];
      hessian[i][i] += gradient[i];
    }
    return -total[kValue];
  }

 private:
  // Rows of one count.
  static void AddCount(const Opportunities& all, std::span<const HistoryRow> rows, stats::BlockedSums<kTerms>& sums) {
    const BgBb::Params& p = all.params();
    const auto x = static_cast<std::size_t>(rows[0].x), begin = static_cast<std::size_t>(rows[0].t_x);   // sorted by recency
    std::size_t end = begin;
    for (const HistoryRow& row : rows) end = std::max(end, static_cast<std::size_t>(row.age));
    double alone = 0;   // opportunities to walk through if each row does it for itself
    for (const HistoryRow& row : rows) alone += std::min(row.age - row.t_x, kReach * (row.t_x + p.alpha + p.beta + p.gamma + p.delta) / (row.x + 1));
    const bool few = alone < 2 * static_cast<double>(end - begin);
    const StretchTree tree(all, x, begin, few ? begin : end);
    for (const HistoryRow& row : rows) {
      const auto last = static_cast<std::size_t>(row.t_x), n = static_cast<std::size_t>(row.age);
      sums.Add(RowTerms(all, row, few ? Walked(all, x, last, n) : tree.Between(last, n)));
    }
  }

  // `stopped`: of the opportunities from the last purchase on.
  static Terms RowTerms(const Opportunities& all, const HistoryRow& row, Stretch stopped) {
    const BgBb::Params& p = all.params();
    Terms alive = Lifted(all.LogDerivatives(static_cast<std::size_t>(row.x), static_cast<std::size_t>(row.age), false));
    for (double& term : alive) term *= (p.gamma + p.delta + row.age) / p.gamma;   // not having stopped is so much as likely as stopping after n
    Append(stopped, {alive, 0});
    Terms t = Lowered(stopped.sum);
    t[kValue] += LogStoppedAfterLast(p, row.x, row.t_x);
    for (double& term : t) term *= row.weight;
    return t;
  }

  std::span<const HistoryRow> rows_;
  std::size_t longest_ = 0;
};

// Chances to buy from unlike to alike, few and many who stop, at the purchases seen.
Starts StartsFor(const HistorySums& sums) {
  const double share = std::min(sums.purchases / sums.ages, 0.6);
  Starts starts;
  for (const double spread : {1.0, 6.0}) {
    for (const double stop : {0.02, 0.1, 0.3}) {
      const double buy = std::min(0.9, share * (1 + 2 * stop));
      starts.push_back({Log(buy * spread), Log((1 - buy) * spread), Log(stop * 3), Log((1 - stop) * 3)});
    }
  }
  return starts;
}

// Where a flat search came to rest says which boundary it ran to.
std::string_view BoundaryOf(std::span<const double> params) {
  const double alpha = params[0], beta = params[1], gamma = params[2], delta = params[3];
  if (delta > kFarParameter * gamma) return "On the boundary: these customers show no stopping, so gamma and delta are not determined one by one.";
  if (gamma > kFarParameter * delta) return "On the boundary: these customers all stop at once, so gamma and delta are not determined one by one.";
  if (gamma > kFarParameter) return "On the boundary: these customers all stop with one chance, so gamma and delta are determined only by their ratio.";
  if (gamma < 1 / kFarParameter) return "On the boundary: these customers stop at once or never, so gamma and delta are determined only by their ratio.";
  if (alpha > kFarParameter * beta) return "On the boundary: these customers buy at every opportunity, so alpha and beta are not determined one by one.";
  if (alpha > kFarParameter || beta > kFarParameter) {
    return "On the boundary: these customers all buy with one chance, so alpha and beta are determined only by their ratio.";
  }
  if (alpha < 1 / kFarParameter) {
    return "On the boundary: these customers buy at every opportunity or never, so alpha and beta are determined only by their ratio.";
  }
  return kOnRidge;
}

}  // namespace

absl::StatusOr<BgBb> BgBb::Fit(const Histories& columns, std::span<const double> weights) {
  RAPPORT_RETURN_IF_ERROR(CheckRows(columns, columns.size(), kOpportunities));
  RAPPORT_RETURN_IF_ERROR(CheckOpportunities(columns));
  if (!columns.transaction.names.empty() || !columns.dropout.names.empty()) {
    return Invalid("value.covariates", "covariates: found columns, expected none, as bg_bb takes none");
  }
  RAPPORT_RETURN_IF_ERROR(CheckWeights(weights, columns.size()));
  std::vector<HistoryRow> rows = FoldHistories(columns, weights, 1);
  const int raised = RaiseWeights(rows);
  const HistorySums sums = SumsOf(rows);
  RAPPORT_RETURN_IF_ERROR(CheckRepeats(sums, weights, columns.size()));
  const Starts starts = NearerStarts(rows, [](std::span<const HistoryRow> some) { return BgBbLikelihood(some); }, StartsFor(sums));
  LikelihoodFit fit = FitLikelihood(BgBbLikelihood(rows), starts, {{1, 1, 1, 1}, 0, sums.customers, BoundaryOf, raised});
  BgBb model({fit.params[0], fit.params[1], fit.params[2], fit.params[3]});
  model.report_ = std::move(fit.report);
  return model;
}

}  // namespace rapport

#include "value/bg_nbd_likelihood.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "rapport/stats/special.hpp"
#include "stats/blocked_sum.hpp"

namespace rapport {
namespace {

using stats::BlockedSums;
using stats::Exp;
using stats::Log;
using stats::Log1p;
using stats::LogRising;
using stats::LogRisingCurvature;
using stats::LogRisingSlope;

struct Natural {
  double r, alpha, a, b;
};

// The value, its gradient by r, alpha, a, b, and the upper triangle of its Hessian, row by row.
enum Term : std::size_t { kValue, kR, kAlpha, kA, kB, kRR, kRAlpha, kRA, kRB, kAlphaAlpha, kAlphaA, kAlphaB, kAA, kAB, kBB, kTerms };
using Terms = std::array<double, kTerms>;

// What depends on the count alone.
struct CountTerms {
  double value, r, b, ab, rr, bb, ab2, log_odds, over_b;
};

CountTerms CountTermsOf(double x, const Natural& p) {
  const double ab = p.a + p.b, after = (x - 1) + p.b;
  return {LogRising(p.r, x) + LogRising(p.b, x) - LogRising(ab, x) - x * Log(p.alpha),
          LogRisingSlope(p.r, x), LogRisingSlope(p.b, x), LogRisingSlope(ab, x),
          LogRisingCurvature(p.r, x), LogRisingCurvature(p.b, x), LogRisingCurvature(ab, x),
          Log(p.a) - Log(after), 1 / after};
}

// One customer with x > 0. ln L = count terms - (r + x) ln(1 + T/alpha) + ln(1 + e^o), where e^o are the odds of having stopped after the last
// purchase: o = ln a - ln(b + x - 1) + (r + x) ln((alpha + T) / (alpha + t_x)).
Terms RepeatedTerms(const HistoryRow& row, const CountTerms& count, const Natural& p) {
  const double n = p.r + row.x;
  const double end = 1 / (p.alpha + row.age), last = 1 / (p.alpha + row.t_x);
  const double grown = Log1p(row.age / p.alpha);
  const double gap = Log1p((row.age - row.t_x) * last);
  const double o = count.log_odds + n * gap;
  const double e = Exp(-std::abs(o));
  const double stopped = (o > 0 ? 1 : e) / (1 + e), spread = e / ((1 + e) * (1 + e));
  const double o_alpha = n * (row.t_x - row.age) * end * last;   // the derivatives of o: gap by r, 1/a, -1/(b+x-1)
  const double over_a = 1 / p.a, over_b = count.over_b, per_alpha = row.age / p.alpha * end;
  Terms t;
  t[kValue] = count.value - n * grown + std::max(o, 0.0) + Log1p(e);
  t[kR] = count.r - grown + stopped * gap;
  t[kAlpha] = p.r * per_alpha - row.x * end + stopped * o_alpha;
  t[kA] = stopped * over_a - count.ab;
  t[kB] = count.b - count.ab - stopped * over_b;
  t[kRR] = count.rr + spread * gap * gap;
  t[kRAlpha] = per_alpha + stopped * o_alpha / n + spread * gap * o_alpha;
  t[kRA] = spread * gap * over_a;
  t[kRB] = -spread * gap * over_b;
  t[kAlphaAlpha] = row.x * end * end - p.r * per_alpha * (1 / p.alpha + end) - stopped * o_alpha * (end + last) + spread * o_alpha * o_alpha;
  t[kAlphaA] = spread * o_alpha * over_a;
  t[kAlphaB] = -spread * o_alpha * over_b;
  t[kAA] = -count.ab2 + (spread - stopped) * over_a * over_a;
  t[kAB] = -count.ab2 - spread * over_a * over_b;
  t[kBB] = count.bb - count.ab2 + (spread + stopped) * over_b * over_b;
  for (double& term : t) term *= row.weight;
  return t;
}

// All customers with x = 0: ln L = -r ln(1 + T/alpha).
Terms OnceTerms(std::span<const HistoryRow> rows, const Natural& p) {
  BlockedSums<3> sums;
  for (const HistoryRow& row : rows) {
    const double end = 1 / (p.alpha + row.age), weighted = row.weight * row.age * end;
    sums.Add({row.weight * Log1p(row.age / p.alpha), weighted, weighted * end});
  }
  const auto [grown, share, share_end] = sums.Totals();
  Terms t{};
  t[kValue] = -p.r * grown;
  t[kR] = -grown;
  t[kAlpha] = p.r / p.alpha * share;
  t[kRAlpha] = share / p.alpha;
  t[kAlphaAlpha] = -p.r / p.alpha * (share / p.alpha + share_end);
  return t;
}

}  // namespace

BgNbdLikelihood::BgNbdLikelihood(std::span<const HistoryRow> rows) {
  const auto first = std::partition_point(rows.begin(), rows.end(), [](const HistoryRow& row) { return row.x == 0; });
  const auto once = static_cast<std::size_t>(first - rows.begin());
  once_ = rows.first(once);
  repeated_ = rows.subspan(once);
}

double BgNbdLikelihood::operator()(std::span<const double> log_params, std::span<double> gradient, stats::Matrix& hessian) const {
  for (const double v : log_params) {
    if (!(std::abs(v) <= 60)) return std::numeric_limits<double>::infinity();
  }
  const Natural p{Exp(log_params[0]), Exp(log_params[1]), Exp(log_params[2]), Exp(log_params[3])};
  BlockedSums<kTerms> sums;
  double x = 0;
  CountTerms count{};
  for (const HistoryRow& row : repeated_) {
    if (row.x != x) {
      x = row.x;
      count = CountTermsOf(x, p);
    }
    sums.Add(RepeatedTerms(row, count, p));
  }
  sums.Add(OnceTerms(once_, p));
  const Terms total = sums.Totals();
  const double natural[] = {p.r, p.alpha, p.a, p.b};   // d parameter / d log-parameter
  std::size_t next = kRR;
  for (std::size_t i = 0; i < 4; ++i) {
    gradient[i] = -natural[i] * total[kR + i];
    for (std::size_t j = i; j < 4; ++j) hessian[i][j] = hessian[j][i] = -natural[i] * natural[j] * total[next++];
    hessian[i][i] += gradient[i];
  }
  return -total[kValue];
}

}  // namespace rapport

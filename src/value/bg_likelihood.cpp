#include "value/bg_likelihood.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "rapport/stats/log_one_plus.hpp"
#include "rapport/stats/special.hpp"
#include "stats/blocked_sum.hpp"

namespace rapport {
namespace {

using stats::BlockedSums;
using stats::Exp;
using stats::Log;
using stats::LogOnePlus;
using stats::LogRising;
using stats::LogRisingCurvature;
using stats::LogRisingSlope;

struct Natural {
  double r, alpha, a, b;
};

// The value, its gradient by r, alpha, a, b, and the upper triangle of its Hessian, row by row.
enum Term : std::size_t { kValue, kR, kAlpha, kA, kB, kRR, kRAlpha, kRA, kRB, kAlphaAlpha, kAlphaA, kAlphaB, kAA, kAB, kBB, kTerms };
using Terms = std::array<double, kTerms>;

// What depends on the count alone: `phases` are those of all gaps, `stays` the chances to stop that were not taken.
struct CountTerms {
  double phases, value, r, b, ab, rr, bb, ab2, log_odds, over_b;
};

CountTerms CountTermsOf(double x, const Natural& p, const BgForm& form) {
  const double phases = form.k * x, stays = form.stops_at_first ? x + 1 : x;
  const double ab = p.a + p.b, after = (stays - 1) + p.b;
  const bool may_stop = stays > 0;
  return {phases, LogRising(p.r, phases) + LogRising(p.b, stays) - LogRising(ab, stays) - phases * Log(p.alpha),
          LogRisingSlope(p.r, phases), LogRisingSlope(p.b, stays), LogRisingSlope(ab, stays),
          LogRisingCurvature(p.r, phases), LogRisingCurvature(p.b, stays), LogRisingCurvature(ab, stays),
          may_stop ? Log(p.a / after) : -std::numeric_limits<double>::infinity(), may_stop ? 1 / after : 0};
}

// ln S, S = sum over j < k of (n)_j u^j / j!, u = (T - t_x) / (alpha + T): the running gap is in one of its k phases. With derivatives by n and alpha.
struct PhaseTerms {
  double value = 0, n = 0, alpha = 0, nn = 0, n_alpha = 0, alpha_alpha = 0;
};

PhaseTerms PhaseTermsOf(double n, double u, double end, int k) {
  double term = 1, slope = 0, bend = 0;   // of phase j, and the derivatives of its logarithm by n
  double s = 1, s_n = 0, s_alpha = 0, s_nn = 0, s_n_alpha = 0, s_alpha_alpha = 0;
  for (int j = 1; j < k; ++j) {
    const double factor = n + j - 1;
    term *= factor * u / j;
    slope += 1 / factor;
    bend -= 1 / (factor * factor);
    s += term;
    s_n += term * slope;
    s_nn += term * (slope * slope + bend);
    s_alpha -= term * j * end;
    s_n_alpha -= term * slope * j * end;
    s_alpha_alpha += term * j * (j + 1.0) * end * end;
  }
  const double by_n = s_n / s, by_alpha = s_alpha / s;
  return {Log(s), by_n, by_alpha, s_nn / s - by_n * by_n, s_n_alpha / s - by_n * by_alpha, s_alpha_alpha / s - by_alpha * by_alpha};
}

// One customer. ln L = count terms - n ln(1 + T/alpha) + ln S + ln(1 + e^o), n = r + k x, where e^o are the odds of having stopped after the last
// purchase: o = ln a - ln(b + stays - 1) + n ln((alpha + T) / (alpha + t_x)) - ln S.
Terms TermsOf(const HistoryRow& row, const CountTerms& count, const Natural& p, int k) {
  const double n = p.r + count.phases;
  const double end = 1 / (p.alpha + row.age), last = 1 / (p.alpha + row.t_x);
  const double grown = LogOnePlus(row.age / p.alpha);
  const double gap = LogOnePlus((row.age - row.t_x) * last), gap_alpha = (row.t_x - row.age) * end * last;
  PhaseTerms s;
  if (k > 1) s = PhaseTermsOf(n, (row.age - row.t_x) * end, end, k);
  const double o = count.log_odds + n * gap - s.value;
  const double e = Exp(-std::abs(o)), over_e = 1 / (1 + e);
  const double stopped = (o > 0 ? 1 : e) * over_e, spread = e * over_e * over_e, goes_on = 1 - stopped;
  const double o_r = gap - s.n, o_alpha = n * gap_alpha - s.alpha;   // the derivatives of o: these, 1/a, -1/(b + stays - 1)
  const double over_a = 1 / p.a, over_b = count.over_b, per_alpha = row.age / p.alpha * end;
  Terms t;
  // Where o > 0 its large part and that of n ln(1 + T/alpha) are n ln(1 + t_x/alpha) together.
  t[kValue] = count.value + LogOnePlus(e) + (o > 0 ? count.log_odds - n * LogOnePlus(row.t_x / p.alpha) : s.value - n * grown);
  t[kR] = count.r - grown + stopped * o_r + s.n;
  t[kAlpha] = p.r * per_alpha - count.phases * end + stopped * o_alpha + s.alpha;
  t[kA] = stopped * over_a - count.ab;
  t[kB] = count.b - count.ab - stopped * over_b;
  t[kRR] = count.rr + spread * o_r * o_r + goes_on * s.nn;
  t[kRAlpha] = per_alpha + stopped * gap_alpha + goes_on * s.n_alpha + spread * o_r * o_alpha;
  t[kRA] = spread * o_r * over_a;
  t[kRB] = -spread * o_r * over_b;
  t[kAlphaAlpha] = count.phases * end * end - p.r * per_alpha * (1 / p.alpha + end) - stopped * n * gap_alpha * (end + last) +
                   goes_on * s.alpha_alpha + spread * o_alpha * o_alpha;
  t[kAlphaA] = spread * o_alpha * over_a;
  t[kAlphaB] = -spread * o_alpha * over_b;
  t[kAA] = -count.ab2 + (spread - stopped) * over_a * over_a;
  t[kAB] = -count.ab2 - spread * over_a * over_b;
  t[kBB] = count.bb - count.ab2 + (spread + stopped) * over_b * over_b;
  for (double& term : t) term *= row.weight;
  return t;
}

// All customers with x = 0 who cannot have stopped, k = 1: ln L = -r ln(1 + T/alpha).
Terms OnceTerms(std::span<const HistoryRow> rows, const Natural& p) {
  BlockedSums<3> sums;
  for (const HistoryRow& row : rows) {
    const double end = 1 / (p.alpha + row.age), weighted = row.weight * row.age * end;
    sums.Add({row.weight * LogOnePlus(row.age / p.alpha), weighted, weighted * end});
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

// Derivatives by logarithms of parameters from those by parameters; of the Hessian the upper triangle, row by row.
struct LogTerms {
  std::array<double, 4> gradient;
  std::array<double, 10> hessian;
};

LogTerms ByLogarithms(const Terms& total, const Natural& p) {
  const double natural[] = {p.r, p.alpha, p.a, p.b};   // d parameter / d log-parameter
  LogTerms by;
  std::size_t next = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    by.gradient[i] = natural[i] * total[kR + i];
    for (std::size_t j = i; j < 4; ++j, ++next) {
      by.hessian[next] = natural[i] * natural[j] * total[kRR + next];
      if (i == j) by.hessian[next] += by.gradient[i];
    }
  }
  return by;
}

}  // namespace

BgLikelihood::BgLikelihood(std::span<const HistoryRow> rows, const BgForm& form) : form_(form) {
  const bool once = !form.stops_at_first && form.k == 1;
  const auto first = std::partition_point(rows.begin(), rows.end(), [&](const HistoryRow& row) { return once && row.x == 0; });
  const auto size = static_cast<std::size_t>(first - rows.begin());
  once_ = rows.first(size);
  others_ = rows.subspan(size);
}

double BgLikelihood::operator()(std::span<const double> log_params, std::span<double> gradient, stats::Matrix& hessian) const {
  for (const double v : log_params) {
    if (!(std::abs(v) <= kFarthestLog)) return std::numeric_limits<double>::infinity();
  }
  const Natural p{Exp(log_params[0]), Exp(log_params[1]), Exp(log_params[2]), Exp(log_params[3])};
  BlockedSums<kTerms> sums;
  double x = -1;
  CountTerms count{};
  for (const HistoryRow& row : others_) {
    if (row.x != x) {
      x = row.x;
      count = CountTermsOf(x, p, form_);
    }
    sums.Add(TermsOf(row, count, p, form_.k));
  }
  sums.Add(OnceTerms(once_, p));
  const Terms total = sums.Totals();
  const LogTerms by = ByLogarithms(total, p);
  std::size_t next = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    gradient[i] = -by.gradient[i];
    for (std::size_t j = i; j < 4; ++j) hessian[i][j] = hessian[j][i] = -by.hessian[next++];
  }
  return -total[kValue];
}

double BgCovariateLikelihood::operator()(std::span<const double> point, std::span<double> gradient, stats::Matrix& hessian) const {
  MovedSums sums(rows_, point);
  std::array<double, 4> logs;
  for (std::size_t at = 0; at < rows_.rows.size(); ++at) {
    if (!sums.LogsOf(at, logs)) return std::numeric_limits<double>::infinity();
    const Natural p{Exp(logs[0]), Exp(logs[1]), Exp(logs[2]), Exp(logs[3])};
    const HistoryRow& row = rows_.rows[at];
    const Terms terms = TermsOf(row, CountTermsOf(row.x, p, form_), p, form_.k);   // times the weight
    const LogTerms by = ByLogarithms(terms, p);
    sums.Add(1, terms[kValue], by.gradient, by.hessian);
  }
  return sums.Minus(gradient, hessian);
}

}  // namespace rapport

#include "value/bg_bb_terms.hpp"

#include <algorithm>
#include <cmath>

#include "rapport/stats/digamma_gap.hpp"
#include "rapport/stats/special.hpp"
#include "value/history_rows.hpp"

namespace rapport {
namespace {

using stats::DigammaGap;
using stats::Exp;
using stats::Log;
using stats::Log1p;
using stats::LogRising;

constexpr double kLastDigit = 1e-17;
constexpr double kFew = 96;         // terms that are added up one by one
constexpr double kLeast = 1e-200;   // of which all digits are there

// The chances of stopping after opportunity i, i + 1, ...: each is (b)(d) / ((ab)(gd)) times the one before, all four growing by 1.
struct Stopping {
  double b, d, ab, gd;
  double Ratio(double i) const { return (b + i) * (d + i) / ((ab + i) * (gd + i)); }
  Stopping After(double i) const { return {b + i, d + i, ab + i, gd + i}; }
};

// All terms from the first, which is 1: 3F2(1, b, d; ab, gd; 1), or -1 where the series does not serve. By Thomae's transformation it is
// (e - 1) / s 3F2(1, f - b, f - d; f, s + 1; 1), s = ab + gd - b - d - 1, where f is one of ab and gd and e the other: for one of the two all terms are
// positive, and they fall fast where f is large beside f - b or f - d.
double AllStopping(const Stopping& of, double s) {
  constexpr int kMostTerms = 200;
  const double by_ab = (of.ab - of.b) * (of.ab - of.d) / of.ab, by_gd = (of.gd - of.b) * (of.gd - of.d) / of.gd;
  const bool ab = by_gd < 0 || (by_ab >= 0 && by_ab <= by_gd);
  const double f = ab ? of.ab : of.gd, e = ab ? of.gd : of.ab, u = f - of.b, v = f - of.d;
  double term = 1, sum = 1;
  for (int j = 0; j < kMostTerms; ++j) {
    term *= (u + j) * (v + j) / ((f + j) * (s + 1 + j));
    sum += term;
    if (std::abs(term) <= kLastDigit / 10 * sum) return (e - 1) / s * sum;
  }
  return -1;
}

// Terms from the first on, one after another.
struct Walk {
  double sum = 0, term = 1, done = 0;   // `term` is the one after those in `sum`
  // False where what follows until `end` is below the last digit, or `end` was reached.
  bool To(const Stopping& of, double until, double end) {
    for (; done < until; ++done) {
      sum += term;
      term *= of.Ratio(done);
      if (term * (end - done) <= kLastDigit * sum) return false;   // terms fall
    }
    return done < end;
  }
};

// The first m terms of many. `log_next` is the logarithm of the term after them.
double FirstStopping(const Stopping& of, double s, double m, double log_next) {
  constexpr double kHead = 32;
  Walk walk;
  if (!walk.To(of, kHead, m)) return walk.sum;
  const double from_here = AllStopping(of.After(kHead), s), from_end = AllStopping(of.After(m), s);
  const double rest = walk.term * from_here - Exp(log_next) * from_end;
  constexpr double kMostLoss = 50;   // of a digit and a half
  if (from_here > 0 && from_end > 0 && rest * kMostLoss > walk.term * from_here) return walk.sum + rest;
  walk.To(of, m, m);
  return walk.sum;
}

// The mean of DigammaGap(z + c u, h) over u from 0 to 1 by Gauss' rule of eight points; |c| is at most a quarter of z and of z + c.
double MeanDigammaGap(double z, double c, double h) {
  constexpr double kNode[] = {0.1834346424956498, 0.5255324099163290, 0.7966664774136267, 0.9602898564975363};
  constexpr double kWeight[] = {0.3626837833783620, 0.3137066458778873, 0.2223810344533745, 0.1012285362903763};
  double sum = 0;
  for (int i = 0; i < 4; ++i) {
    sum += kWeight[i] / 2 * (DigammaGap(z + c * (1 + kNode[i]) / 2, h) + DigammaGap(z + c * (1 - kNode[i]) / 2, h));
  }
  return sum;
}

}  // namespace

bool IsCountOfOpportunities(double n) { return n == std::floor(n) && n <= 1e5; }

absl::Status CheckOpportunities(const Histories& rows) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double x = rows.frequency[i], t_x = rows.recency[i], n = rows.age[i];
    if (!IsCountOfOpportunities(n)) return BadRow(i, kOpportunities, n, kCountOfOpportunities);
    if (t_x != std::floor(t_x)) return BadRow(i, "recency", t_x, "the whole number of an opportunity");
    if (x > t_x) return BadRow(i, "frequency", x, "at most the recency, one purchase an opportunity");
  }
  return absl::OkStatus();
}

double LogRisingRatio(double b, double c, double m) {
  return c < m ? LogRising(b, c) - LogRising(b + m, c) : LogRising(b, m) - LogRising(b + c, m);
}

double LogNeverStopped(const BgBb::Params& p, double x, double n) {
  return LogRising(p.alpha, x) - LogRising(p.alpha + p.beta, x) + LogRisingRatio(p.beta, p.alpha + x, n - x) + LogRisingRatio(p.delta, p.gamma, n);
}

double LogStoppedAfterLast(const BgBb::Params& p, double x, double t_x) {
  return LogNeverStopped(p, x, t_x) + Log(p.gamma / (p.gamma + p.delta + t_x));
}

double LogOddsStopped(const BgBb::Params& p, double x, double t_x, double n) {
  const double m = n - t_x, s = p.alpha + x + p.gamma;
  const Stopping first{p.beta + (t_x - x), p.delta + t_x, p.alpha + p.beta + t_x, p.gamma + p.delta + 1 + t_x};
  const double per_next = (p.gamma + p.delta + n) / p.gamma;   // not having stopped, in units of stopping after n
  if (m <= kFew) {
    Walk walk;
    for (; walk.done < m; ++walk.done) {
      walk.sum += walk.term;
      walk.term *= first.Ratio(walk.done);
    }
    if (walk.term > kLeast) return Log(walk.sum / (walk.term * per_next));
  }
  const double log_next = LogRisingRatio(first.b, p.alpha + x, m) + LogRisingRatio(first.d, p.gamma + 1, m);   // of stopping after n
  return Log(FirstStopping(first, s, m, log_next)) - log_next - Log(per_next);
}

// The sum telescopes: d / (1 - gamma) ((d + 1)_h / (gamma + d)_h - 1). With c = 1 - gamma and y = gamma + d, the logarithm of the ratio is c times a mean of
// psi(y + c u + h) - psi(y + c u), which has no pole at gamma = 1 and cancels nothing.
double OpportunitiesAlive(double gamma, double d, double h) {
  constexpr double kFewLeft = 32, kAsymptotic = 16;
  const double c = 1 - gamma;
  double sum = 0, term = 1;
  for (double j = 0; j < h; ++j) {
    const double left = h - j, low = std::min(gamma, 1.0) + d + j;
    if (left > kFewLeft && low >= kAsymptotic && std::abs(c) <= low / 4) {
      return sum + term * (d + j) * stats::Expm1Over(c, MeanDigammaGap(gamma + d + j, c, left));
    }
    term *= (d + j) / (gamma + d + j);
    sum += term;
    if (term * left <= kLastDigit * sum) break;
  }
  return sum;
}

}  // namespace rapport

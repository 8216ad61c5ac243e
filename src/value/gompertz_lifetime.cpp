// With B(t) = beta + e^(bt) - 1 and t counted from some origin o, B(o + t)/B(o) = 1 + kappa (e^(bt) - 1), kappa = e^(bo)/B(o): again a sum of positive
// numbers. Unlike the Pareto integrand this one may fall first and rise again, as the risk grows; so it is integrated over t in panels that are
// halved until the nearest singularity is far enough away, and left out where they cannot matter.
#include "value/gompertz_lifetime.hpp"

#include <cmath>
#include <limits>

#include "rapport/stats/log_chance.hpp"
#include "rapport/stats/quadrature.hpp"

namespace rapport {
namespace {

using stats::Exp;
using stats::Expm1;
using stats::Log;
using stats::Log1p;

constexpr double kPi = 3.14159265358979323846;
constexpr double kLastDigit = 1e-17;
constexpr int kMostCuts = 1 << 20;   // of one integral

// B from an origin on.
struct Growth {
  double b, kappa, offset;   // offset: ln |beta - 1| - b origin, so that |1 - G| = G e^(offset - bt)
  bool above;                // beta >= 1

  Growth(double b_, double beta, double origin)
      : b(b_), kappa(1 / (beta * Exp(-b_ * origin) - Expm1(-b_ * origin))),
        offset((beta < 0.5 ? Log1p(-beta) : stats::Log(std::abs(beta - 1))) - b_ * origin), above(beta >= 1) {}

  // ln(B(t)/B(0)).
  double Grown(double t) const {
    const double y = b * t;
    return y < 400 ? Log1p(kappa * Expm1(y)) : y - Lead(t);
  }
  // b t - ln(B(t)/B(0)), itself where both are large.
  double Lead(double t) const { return -stats::Log(kappa * -Expm1(-b * t) + Exp(-b * t)); }
  double Lead(double t, double log) const { return b * t < 8 ? b * t - log : Lead(t); }
  // G(t) = e^(b (o + t))/B(o + t), and 1 - G.
  double Share(double t) const { return kappa / (kappa * -Expm1(-b * t) + Exp(-b * t)); }
  double Rest(double t) const { return (above ? 1 : -1) * Share(t) * Exp(offset - b * t); }
  // Whether B is e^(bt) times a constant from t on, to the last digit.
  bool Exponential(double t) const { return offset - b * t < -stats::kNegligible; }
};

// e^h on t > 0: h = k ln(t/(alpha+t)) - n ln(1+t/alpha) - s ln(B(t)/B(0)) - rate t, and for a density + bt - ln(B(t)/B(0)).
struct Passage {
  double k, n, alpha, s, rate;
  bool density;
  Growth growth;

  double Value(double t) const {
    const double log = growth.Grown(t);
    double value = -n * Log1p(t / alpha) - s * log - rate * t;
    if (density) value += growth.Lead(t, log);
    return k == 0 ? value : value + k * stats::LogShare(t, alpha);
  }
  // No less than h anywhere from `from` to `to`.
  double Most(double from, double to) const {
    const double log = growth.Grown(from);
    double most = -n * Log1p(from / alpha) - s * log - rate * from;
    if (density) most += std::max(growth.Lead(from, log), growth.Lead(to, growth.Grown(to)));
    return k == 0 ? most : most + k * stats::LogShare(to, alpha);
  }
  // No less than |h'| anywhere there, as far as nodes are concerned: t^k at 0 is a polynomial.
  double Steepest(double from, double to) const {
    const double count = k == 0 ? 0 : (from == 0 ? 2 * k / to : k * (alpha / (alpha + from)) / from);
    return count + SteepestRest(from, to);
  }
  // The same of h without k ln(t/(alpha+t)).
  double SteepestRest(double from, double to) const {
    const double lead = density ? std::abs(growth.Rest(from)) : 0;
    return n / (alpha + from) + rate + growth.b * (lead + s * std::max(growth.Share(from), growth.Share(to)));
  }
  // Whether e^h is (t/alpha)^k up to `length`, to the last digit.
  bool IsPower(double length) const { return length * (k / alpha + SteepestRest(0, length)) < kLastDigit; }
  int Nodes(double from, double to) const {
    const double width = to - from, b = growth.b;
    double reach = n + k > 0 ? ((alpha + from) + (alpha + to)) / width : 1e3, strip = std::numeric_limits<double>::infinity();
    if (!growth.Exponential(from)) {
      const double real = growth.offset / b;   // of the nearest zero of B
      strip = kPi / b;
      const auto away = [&](double t) { return growth.above ? stats::Sqrt((real - t) * (real - t) + strip * strip) : t - real; };
      reach = std::min(reach, (away(from) + away(to)) / width);
    }
    return stats::NodesWithin(width / 2, Steepest(from, to), reach, strip);
  }
};

// ln of a number that the integral exceeds, if not by much; for one that rises from 0 like t^k, which panels can only approach from the right.
double LeastOf(const Passage& of, double length) {
  double least = -std::numeric_limits<double>::infinity();
  if (of.k == 0) return least;
  for (double t = length; t > 0; t /= 2) {
    const double about = of.Value(t) + Log(std::min(t, 1 / of.Steepest(t / 2, t)));
    if (about < least - 60) break;
    least = std::max(least, about);
  }
  return least - 2;
}

// Sums over nodes, relative to e^top.
template <class Sums>
class Integral {
 public:
  Integral(const Passage& of, Sums& sums, double least) : of_(of), sums_(sums), least_(least) {}

  // From left to right.
  void Cover(double from, double to) {
    const double width = to - from, middle = from + width / 2;
    const double so_far = sums_.sum > 0 ? std::max(least_, LogSum()) : least_;
    if (of_.Most(from, to) + Log(width) < so_far - stats::kNegligible) return;
    const int nodes = of_.Nodes(from, to);
    const bool whole = nodes <= stats::kMostNodes || !(middle > from && middle < to) || ++cuts_ > kMostCuts;
    if (whole) return Add(middle, width / 2, std::min(nodes, stats::kMostNodes));
    Cover(from, middle);
    Cover(middle, to);
  }
  double LogSum() const { return top_ + Log(sums_.sum); }

 private:
  void Add(double middle, double half, int nodes) {
    const stats::GaussRule rule = stats::GaussLegendre(nodes);
    std::array<double, stats::kMostNodes> values;
    double most = -std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < rule.nodes.size(); ++i) {
      values[i] = of_.Value(middle + half * rule.nodes[i]);
      most = std::max(most, values[i]);
    }
    if (sums_.sum == 0 || most > top_) {
      if (sums_.sum > 0) sums_.Scale(Exp(top_ - most));
      top_ = most;
    }
    for (std::size_t i = 0; i < rule.nodes.size(); ++i) sums_.Add(half * rule.weights[i] * Exp(values[i] - top_), middle + half * rule.nodes[i]);
  }

  const Passage& of_;
  Sums& sums_;
  double least_, top_ = 0;   // ln of what the whole has at least
  int cuts_ = 0;
};

struct Whole {
  double sum = 0;
  void Add(double weight, double) { sum += weight; }
  void Scale(double factor) { sum *= factor; }
};

double LogIntegral(const Passage& of, double length) {
  // Over times so short that their reciprocals may be infinite, too.
  if (of.IsPower(length)) return Log(length) + (of.k == 0 ? 0 : of.k * stats::LogShare(length, of.alpha) - Log(of.k + 1));
  Whole whole;
  Integral<Whole> integral(of, whole, LeastOf(of, length));
  integral.Cover(0, length);
  return integral.LogSum();
}

constexpr std::size_t kR = 0, kAlpha = 1, kB = 2, kS = 3, kBeta = 4;
constexpr std::size_t At(std::size_t i, std::size_t j) { return RowTerms<5>::At(i, j); }

// What derivatives are made of at one time: u = bt, G, 1 - G, w = beta/B.
struct Point {
  double u, share, rest, beta_share;
  double by_b() const { return u * share; }                                     // of ln B by ln b,
  double by_b_twice() const { return u * share * (1 + u * rest); }              // and once more
  double by_beta_twice() const { return beta_share * (1 - beta_share); }
};

// The density of the time of the end with phi's derivatives: their means, and their products' and their own derivatives' means.
class Moments {
 public:
  Moments(const GompertzParams& p, double x, double t_x, double age)
      : p_(p), n_(p.r + x), t_x_(t_x), growth_(p.b, p.beta, t_x), alpha0_(p.alpha + t_x), a0_(p.alpha / alpha0_), aT_(p.alpha / (p.alpha + age)),
        by_alpha_(Log1p((age - t_x) / alpha0_)), lost_(growth_.Grown(age - t_x)), first_(At0(0, 0)), last_(At0(age - t_x, lost_)) {}

  double sum = 0;
  void Scale(double factor) {
    sum *= factor;
    for (double& m : mean_) m *= factor;
    for (double& m : second_) m *= factor;
    for (double& m : own_) m *= factor;
  }
  void Add(double weight, double t);
  LogOdds<5> Odds(double log_odds) const;
  double Scaled() const { return n_ * by_alpha_ + p_.s * lost_ + Log(p_.s) + Log(p_.b) + Log(growth_.kappa); }
  Passage Density() const { return {0, n_, alpha0_, p_.s, 0, true, growth_}; }

 private:
  // `log` = ln(B(t)/B(0)).
  Point At0(double t, double log) const {
    const double left = p_.beta * Exp(-p_.b * t_x_) * growth_.kappa;   // beta/B(t_x)
    return {p_.b * (t_x_ + t), growth_.Share(t), growth_.Rest(t), left * Exp(-log)};
  }
  double ByB(const Point& at) const { return at.u * at.rest - p_.s * at.by_b(); }

  GompertzParams p_;
  double n_, t_x_;
  Growth growth_;
  double alpha0_, a0_, aT_, by_alpha_, lost_;
  Point first_, last_;
  std::array<double, 5> mean_{};                       // of phi's derivatives less their values at t_x
  std::array<double, RowTerms<5>::kSecond> second_{};  // of the products of these
  std::array<double, RowTerms<5>::kSecond> own_{};     // of phi's second derivatives
};

void Moments::Add(double weight, double t) {
  const double log = growth_.Grown(t), a = p_.alpha / (alpha0_ + t), s = p_.s;
  const Point at = At0(t, log);
  const double moved[5] = {-p_.r * Log1p(t / alpha0_), n_ * a0_ * (t / (alpha0_ + t)), ByB(at) - ByB(first_), -s * log,
                           (s + 1) * first_.beta_share * -Expm1(-log)};
  sum += weight;
  std::size_t next = 0;
  for (std::size_t i = 0; i < 5; ++i) {
    mean_[i] += weight * moved[i];
    for (std::size_t j = i; j < 5; ++j) second_[next++] += weight * moved[i] * moved[j];
  }
  own_[At(kAlpha, kAlpha)] -= weight * n_ * (a * (1 - a) - aT_ * (1 - aT_));
  own_[At(kB, kB)] += weight * (at.u + s * last_.by_b_twice() - (s + 1) * at.by_b_twice());
  own_[At(kB, kS)] += weight * s * (last_.by_b() - at.by_b());
  own_[At(kB, kBeta)] += weight * ((s + 1) * at.by_b() * at.beta_share - s * last_.by_b() * last_.beta_share);
  own_[At(kS, kBeta)] += weight * s * (last_.beta_share - at.beta_share);
  own_[At(kBeta, kBeta)] += weight * (s * last_.by_beta_twice() - (s + 1) * at.by_beta_twice());
}

LogOdds<5> Moments::Odds(double log_odds) const {
  LogOdds<5> odds;
  odds.value = log_odds;
  std::array<double, 5> moved;
  for (std::size_t i = 0; i < 5; ++i) moved[i] = mean_[i] / sum;
  const double s = p_.s;
  odds.mean = {p_.r * by_alpha_ + moved[kR], -n_ * (a0_ - aT_) + moved[kAlpha], 1 + ByB(first_) + s * last_.by_b() + moved[kB],
               1 + s * lost_ + moved[kS], s * (last_.beta_share - first_.beta_share) - first_.beta_share + moved[kBeta]};
  std::size_t next = 0;
  for (std::size_t i = 0; i < 5; ++i) {
    for (std::size_t j = i; j < 5; ++j, ++next) odds.curvature[next] = (second_[next] + own_[next]) / sum - moved[i] * moved[j];
  }
  odds.curvature[At(kR, kR)] += odds.mean[kR];
  odds.curvature[At(kR, kAlpha)] += p_.r / n_ * odds.mean[kAlpha];
  odds.curvature[At(kS, kS)] += odds.mean[kS] - 1;
  return odds;
}

}  // namespace

double GompertzLogOdds(const GompertzParams& p, double x, double t_x, double age) {
  if (age <= t_x) return -std::numeric_limits<double>::infinity();
  const Moments moments(p, x, t_x, age);
  return moments.Scaled() + LogIntegral(moments.Density(), age - t_x);
}

RowTerms<5> GompertzTerms(const CountTerms& count, double t_x, double age, const GompertzParams& p) {
  RowTerms<5> terms;
  AddPurchases(count, age, p.r, p.alpha, terms);
  const Growth growth(p.b, p.beta, 0);
  const double log = growth.Grown(age), s = p.s;
  const Point end{p.b * age, growth.Share(age), growth.Rest(age), Exp(-log)};
  terms.value -= s * log;
  terms.gradient[kB] -= s * end.by_b();
  terms.gradient[kS] -= s * log;
  terms.gradient[kBeta] += s * -Expm1(-log);
  terms.hessian[At(kB, kB)] -= s * end.by_b_twice();
  terms.hessian[At(kB, kS)] -= s * end.by_b();
  terms.hessian[At(kB, kBeta)] += s * end.by_b() * end.beta_share;
  terms.hessian[At(kS, kS)] -= s * log;
  terms.hessian[At(kS, kBeta)] += s * -Expm1(-log);
  terms.hessian[At(kBeta, kBeta)] -= s * end.by_beta_twice();
  if (age <= t_x) return terms;
  Moments moments(p, count.x, t_x, age);
  const Passage density = moments.Density();
  Integral<Moments> integral(density, moments, -std::numeric_limits<double>::infinity());
  integral.Cover(0, age - t_x);
  AddStopped(moments.Odds(moments.Scaled() + integral.LogSum()), terms);
  return terms;
}

double GompertzLogLost(const GompertzParams& p, double t) { return p.s * Growth(p.b, p.beta, 0).Grown(t); }

double GompertzLogStays(const GompertzNow& now, double t) { return -now.p.s * Growth(now.p.b, now.p.beta, now.age).Grown(t); }

double GompertzStay(const GompertzNow& now, double t, double rate) {
  return t > 0 ? Exp(LogIntegral({0, 0, 1, now.p.s, rate, false, Growth(now.p.b, now.p.beta, now.age)}, t)) : 0;
}

double GompertzLogCount(const GompertzNow& now, double k, double t) {
  const Growth growth(now.p.b, now.p.beta, now.age);
  const double stays = LogNbdChance(now.n, now.alpha, k, t) + GompertzLogStays(now, t);
  const double stops = LogWays(now.n, k) + Log(now.p.s) + Log(now.p.b) + Log(growth.kappa) + LogIntegral({k, now.n, now.alpha, now.p.s, 0, true, growth}, t);
  return std::min(0.0, stats::LogAdd(stays, stops));
}

}  // namespace rapport

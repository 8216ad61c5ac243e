// With m the smaller of alpha and beta, M the larger and z = ln((m + tau)/(m + t_x)) the integrand of A is e^g times a constant,
//   g(z) = -k z - q ln(1 + p (e^z - 1)),  p = (m + t_x)/(M + t_x),
// k = r + x - 1, q = s + 1 where m is alpha, k = s, q = r + x where m is beta. g is concave and analytic for |Im z| < pi, and every number in it is a
// sum of positive ones: no digit is lost at any parameters.
#include "value/pareto_lifetime.hpp"

#include <limits>

#include "rapport/stats/quadrature.hpp"

namespace rapport {
namespace {

using stats::Exp;
using stats::Expm1;
using stats::Log;
using stats::Log1p;

constexpr double kStrip = 3.14159265358979323846;

// exp(g) on 0 <= z <= length.
struct Decay {
  double k, q, p, rest;   // rest = 1 - p
  double length;

  double Value(double z) const { return -k * z - q * Log1p(p * Expm1(z)); }
  double Slope(double z) const { return -k - q * (p == 1 ? 1 : p / (p + rest * Exp(-z))); }
  // Where g is largest: at 0 unless k < 0, which is for one without repeat purchases alone.
  double Peak() const {
    const double share = -k / q;   // of the full slope of q's term
    if (!(share > 0) || p >= share) return 0;
    return std::min(length, Log(rest / p) + Log(share) - Log1p(-share));
  }
};

// One place of the quadrature: u = z and v = 1 - e^-z of m, the same of M.
struct Node {
  double weight, u_m, v_m, u_M, v_M;
};

// Adds the nodes of a panel to `sums`, weights relative to e^top.
template <class Sums>
void AddPanel(const Decay& of, double top, double middle, double half, int nodes, Sums& sums) {
  const stats::GaussRule rule = stats::GaussLegendre(nodes);
  Sums panel;
  const auto add = [&](double z, double weight, double grown, double ratio, double other) {
    panel.Add({half * weight * Exp(-of.k * z - of.q * other - top), z, grown / (1 + grown), other, of.p * grown / ratio});
  };
  if (of.q < 64) {
    // An error in the last digit of 1 + p (e^z - 1), times q, is nothing. Nodes come in pairs around the middle, e^z as e^middle times and by one number.
    const double at_middle = Exp(middle);
    const std::size_t last = rule.nodes.size() - 1;
    for (std::size_t i = 0; 2 * i <= last; ++i) {
      const double step = half * rule.nodes[last - i], apart = Exp(step);
      const double above = at_middle * apart, ratio = of.rest + of.p * above;
      add(middle + step, rule.weights[i], above - 1, ratio, Log(ratio));
      if (2 * i == last) break;
      const double below = at_middle / apart, ratio_below = of.rest + of.p * below;
      add(middle - step, rule.weights[i], below - 1, ratio_below, Log(ratio_below));
    }
  } else {
    for (std::size_t i = 0; i < rule.nodes.size(); ++i) {
      const double z = middle + half * rule.nodes[i], grown = Expm1(z), ratio = 1 + of.p * grown;
      add(z, rule.weights[i], grown, ratio, Log1p(of.p * grown));
    }
  }
  sums.Merge(panel);
}

// Fills `sums` with what it wants to know of the nodes, their weights e^(g - g_peak); returns g_peak.
template <class Sums>
double Integrate(const Decay& of, Sums& sums) {
  const auto value = [&](double z) { return of.Value(z); };
  const auto slope = [&](double z) { return of.Slope(z); };
  const double peak = of.Peak(), top = peak > 0 ? of.Value(peak) : 0, level = top - stats::kNegligible;
  double low = 0, high = of.length, steep = -of.k - of.q * of.p;
  if (peak == 0 && -steep * high > stats::kNegligible) high = std::max(stats::kNegligible / -steep, std::numeric_limits<double>::min());
  if (of.q * high > stats::kNegligible) high = stats::TailEnd(high, level, value, slope);
  if (peak > 0 && level > 0) {
    low = stats::TailEnd(0, level, value, slope);
    steep = slope(low);
  }
  stats::ForPanels(low, high, steep, slope(high), kStrip, slope,
                   [&](double middle, double half, int nodes) { AddPanel(of, top, middle, half, nodes, sums); });
  return top;
}

struct Whole {
  double sum = 0;
  void Add(const Node& node) { sum += node.weight; }
  void Merge(const Whole& other) { sum += other.sum; }
};

// A is e^scale times the integral over e^g.
struct Stopping {
  Decay decay;
  bool alpha_first;   // m is alpha
  double scale, by_alpha, by_beta;   // by_*: ln((* + T)/(* + t_x))
};

Stopping StoppingOf(const ParetoParams& p, double x, double t_x, double age) {
  const double n = p.r + x, a = p.alpha + t_x, b = p.beta + t_x, gap = age - t_x;
  Stopping of{};
  of.alpha_first = p.alpha <= p.beta;
  of.by_alpha = Log1p(gap / a);
  of.by_beta = Log1p(gap / b);
  of.scale = Log(p.s) + n * of.by_alpha + p.s * of.by_beta;
  if (of.alpha_first) {
    of.decay = {n - 1, p.s + 1, a / b, (p.beta - p.alpha) / b, of.by_alpha};
    of.scale += Log(of.decay.p);
  } else {
    of.decay = {p.s, n, b / a, (p.alpha - p.beta) / a, of.by_beta};
  }
  return of;
}

// Means over the integrand of u_m, v_m, u_M, v_M: those four, then their ten products.
struct Moments {
  double sum = 0;
  std::array<double, 14> mean{};   // sums until Divide()
  void Add(const Node& node) {
    const double feature[4] = {node.u_m, node.v_m, node.u_M, node.v_M};
    sum += node.weight;
    std::size_t next = 4;
    for (std::size_t i = 0; i < 4; ++i) {
      const double weighted = node.weight * feature[i];
      mean[i] += weighted;
      for (std::size_t j = i; j < 4; ++j) mean[next++] += weighted * feature[j];
    }
  }
  void Merge(const Moments& other) {
    sum += other.sum;
    for (std::size_t i = 0; i < mean.size(); ++i) mean[i] += other.mean[i];
  }
  void Divide() {
    for (double& moment : mean) moment /= sum;
  }
};

// Where the product of features i and j is.
constexpr std::size_t Product(std::size_t i, std::size_t j) {
  return i <= j ? 4 + RowTerms<4>::At(i, j) : 4 + RowTerms<4>::At(j, i);
}

// phi = ln s + n ln((alpha+T)/(alpha+tau)) + s ln((beta+T)/(beta+tau)) - ln(beta+tau), its derivatives by ln r, ln alpha, ln s, ln beta.
LogOdds<4> OddsTerms(const ParetoParams& p, double x, double t_x, double age) {
  const Stopping of = StoppingOf(p, x, t_x, age);
  Moments moments;
  LogOdds<4> odds;
  odds.value = of.scale + Integrate(of.decay, moments);
  odds.value += Log(moments.sum);
  moments.Divide();
  const std::array<double, 14>& mean = moments.mean;
  const double n = p.r + x, gap = age - t_x;
  const double a0 = p.alpha / (p.alpha + t_x), aT = p.alpha / (p.alpha + age), a_fall = a0 * (gap / (p.alpha + age));   // a0 - aT
  const double b0 = p.beta / (p.beta + t_x), bT = p.beta / (p.beta + age), b_fall = b0 * (gap / (p.beta + age));
  const std::size_t ua = of.alpha_first ? 0 : 2, va = ua + 1, ub = 2 - ua, vb = ub + 1;
  const double a_excess = a_fall - a0 * mean[va], b_excess = b_fall - b0 * mean[vb];   // mean of alpha/(alpha+tau) - alpha/(alpha+T)
  const double r_mean = p.r * (of.by_alpha - mean[ua]), s_mean = p.s * (of.by_beta - mean[ub]);
  odds.mean = {r_mean, -n * a_excess, 1 + s_mean, -p.s * b_excess - b0 * (1 - mean[vb])};
  // Covariances: each derivative moves with one feature.
  const std::size_t feature[4] = {ua, va, ub, vb};
  const double factor[4] = {-p.r, n * a0, -p.s, (p.s + 1) * b0};
  std::size_t next = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t j = i; j < 4; ++j) {
      odds.curvature[next++] = factor[i] * factor[j] * (mean[Product(feature[i], feature[j])] - mean[feature[i]] * mean[feature[j]]);
    }
  }
  // Means of second derivatives; with w = alpha/(alpha+tau) that of w by ln alpha is w (1 - w).
  const auto spread = [&](double w0, std::size_t v) { return w0 * (1 - mean[v]) - w0 * w0 * (1 - 2 * mean[v] + mean[Product(v, v)]); };
  odds.curvature[RowTerms<4>::At(0, 0)] += r_mean;
  odds.curvature[RowTerms<4>::At(0, 1)] -= p.r * a_excess;
  odds.curvature[RowTerms<4>::At(1, 1)] -= n * (spread(a0, va) - aT * (1 - aT));
  odds.curvature[RowTerms<4>::At(2, 2)] += s_mean;
  odds.curvature[RowTerms<4>::At(2, 3)] -= p.s * b_excess;
  odds.curvature[RowTerms<4>::At(3, 3)] += p.s * bT * (1 - bT) - (p.s + 1) * spread(b0, vb);
  return odds;
}

}  // namespace

double ParetoLogOdds(const ParetoParams& p, double x, double t_x, double age) {
  if (age <= t_x) return -std::numeric_limits<double>::infinity();
  const Stopping of = StoppingOf(p, x, t_x, age);
  Whole whole;
  const double top = Integrate(of.decay, whole);
  return of.scale + top + Log(whole.sum);
}

RowTerms<4> ParetoTerms(const CountTerms& count, double t_x, double age, const ParetoParams& p) {
  RowTerms<4> terms;
  AddPurchases(count, age, p.r, p.alpha, terms);
  const double survived = -p.s * Log1p(age / p.beta), end = p.beta + age, passed = age / end;
  terms.value += survived;
  terms.gradient[2] += survived;
  terms.gradient[3] += p.s * passed;
  terms.hessian[RowTerms<4>::At(2, 2)] += survived;
  terms.hessian[RowTerms<4>::At(2, 3)] += p.s * passed;
  terms.hessian[RowTerms<4>::At(3, 3)] -= p.s * (p.beta / end) * passed;
  if (age > t_x) AddStopped(OddsTerms(p, count.x, t_x, age), terms);
  return terms;
}

namespace {

// tau^(k+1) (1+tau)^-(n+k) (1+tau/beta)^-(s+1) in z = ln tau: the time of the end in units of alpha, k > 0 purchases before it.
struct Mixture {
  double k, n, s, beta;
  double Value(double z) const {
    const double t = Exp(z);
    return (k + 1) * z - (n + k) * Log1p(t) - (s + 1) * Log1p(t / beta);
  }
  double Slope(double z) const {
    const double t = Exp(z);
    return k + 1 - (n + k) * (t / (1 + t)) - (s + 1) * (t / (beta + t));
  }
  // Slope 0: (n+s) t^2 + ((n-1) beta + (s-k)) t - (k+1) beta = 0, over the square root of beta.
  double Peak() const {
    const double unit = stats::Sqrt(beta), linear = (n - 1) * unit + (s - k) / unit;
    const double root = stats::Sqrt(linear * linear + 4 * (n + s) * (k + 1));
    return Log(unit) + (linear > 0 ? Log(2 * (k + 1)) - Log(linear + root) : Log(root - linear) - Log(2 * (n + s)));
  }
};

double LogIntegral(const Mixture& of, double until) {
  const auto value = [&](double z) { return of.Value(z); };
  const auto slope = [&](double z) { return of.Slope(z); };
  const double end = Log(until), peak = std::min(end, of.Peak()), top = value(peak), level = top - stats::kNegligible;
  const double low = stats::TailEnd(peak - 1000, level, value, slope), high = stats::TailEnd(end, level, value, slope);
  double sum = 0;
  stats::ForPanels(low, high, slope(low), slope(high), kStrip, slope, [&](double middle, double half, int nodes) {
    const stats::GaussRule rule = stats::GaussLegendre(nodes);
    for (std::size_t i = 0; i < rule.nodes.size(); ++i) sum += half * rule.weights[i] * Exp(value(middle + half * rule.nodes[i]) - top);
  });
  return top + Log(sum);
}

}  // namespace

double ParetoLogCount(const ParetoNow& now, double k, double t) {
  const double log_stays = LogNbdChance(now.n, now.alpha, k, t) - now.s * Log1p(t / now.beta);
  if (k == 0) {
    // The odds of having stopped after no purchase, at an age of t.
    const double odds = ParetoLogOdds({now.n, now.alpha, now.s, now.beta}, 0, 0, t);
    return std::min(0.0, log_stays + stats::SoftPlus(odds));
  }
  const Mixture of{k, now.n, now.s, now.beta / now.alpha};
  const double log_stops = LogWays(now.n, k) + Log(now.s) - Log(of.beta) + LogIntegral(of, t / now.alpha);
  return std::min(0.0, stats::LogAdd(log_stays, log_stops));
}

double ParetoDiscounted(double s, double beta, double rate) {
  // With 1 + t/beta = e^w: beta times the integral of exp((1 - s) w - y (e^w - 1)), whose logarithm is concave.
  const double y = std::max(rate * beta, 1e-250);
  const auto value = [&](double w) { return (1 - s) * w - y * Expm1(w); };
  const auto slope = [&](double w) { return 1 - s - y * Exp(w); };
  const double peak = 1 - s > y ? Log((1 - s) / y) : 0, top = value(peak), level = top - stats::kNegligible;
  // Beyond these ends g has fallen far enough: by its tangent at 0, or because y e^w is large and nothing else is.
  double high = y < 50 ? Log(100 / y) : 1;
  if (peak == 0 && slope(0) < 0) high = std::min(high, (stats::kNegligible + 1) / -slope(0));
  high = stats::TailEnd(high, level, value, slope);
  const double low = level > 0 ? stats::TailEnd(0, level, value, slope) : 0;
  double sum = 0;
  stats::ForPanels(low, high, slope(low), slope(high), 2 * kStrip, slope, [&](double middle, double half, int nodes) {
    const stats::GaussRule rule = stats::GaussLegendre(nodes);
    for (std::size_t i = 0; i < rule.nodes.size(); ++i) sum += half * rule.weights[i] * Exp(value(middle + half * rule.nodes[i]) - top);
  });
  return beta * Exp(top + Log(sum));
}

}  // namespace rapport

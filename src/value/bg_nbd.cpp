// Predictions and the model as a value; the fit is in bg_nbd_fit.cpp.
#include "rapport/value/bg_nbd.hpp"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "rapport/core/status.hpp"
#include "rapport/stats/beta_mean.hpp"
#include "rapport/stats/exponential_mean.hpp"
#include "rapport/stats/special.hpp"
#include "value/history_rows.hpp"
#include "value/model_json.hpp"

namespace rapport {
namespace {

using stats::BetaMeanOfDecay;
using stats::BetaMeanOfPassage;
using stats::Exp;
using stats::Expm1Over;
using stats::IncompleteBeta;
using stats::Log;
using stats::Log1p;
using stats::LogAdd;
using stats::LogRising;
using stats::Series;

// A series is given up where quadrature is as quick or where its terms cancel so far that digits are lost.
constexpr int kMostTerms = 2500;
constexpr double kMostLoss = 100;
constexpr double kLeastScale = 1e-250;

// What is known about one customer: the rate is Gamma(r, alpha) and the chance to stop Beta(a, b), if the customer is active.
struct Active {
  double r, alpha, a, b;
};

Active AfterHistory(const BgNbd::Params& p, double x, double age) { return {p.r + x, p.alpha + age, p.a, p.b + x}; }

constexpr std::string_view kNames[] = {"r", "alpha", "a", "b"};

// Expected purchases within t, or -1 where the series does not serve.
// Eq. 10 is ((a+b-1)/(a-1)) (1 - (1-z)^r 2F1(r, b; a+b-1; z)), z = t/(alpha+t). Euler's transformation turns (1-z)^r 2F1(r, b; c; z) into
// (1-z)^(a-1) 2F1(c-r, a-1; c; z), c = a+b-1; the factor (a-1)/c then leaves every term but the first, and the poles at a = 1 and c = 0 with it:
//   E = -c Expm1((a-1) ln(1-z)) / (a-1) - (1-z)^(a-1) sum_{k>=1} (c-r)_k (a)_{k-1} / ((c+1)_{k-1} k!) z^k.
double PassageBySeries(double t, const Active& of) {
  const double c = (of.a - 1) + of.b;
  const double z = t / (of.alpha + t);
  const double log_left = -Log1p(t / of.alpha);   // ln(1 - z)
  const double first = -c * Expm1Over(of.a - 1, log_left);
  const double scale = Exp((of.a - 1) * log_left);
  if ((1 - z) * kMostTerms < 40 || scale < kLeastScale) return -1;
  const Series rest = stats::HypergeometricRest(c - of.r, of.a, of.a + of.b, z, std::abs(first) / scale, kMostTerms);
  const double expected = first - scale * rest.sum;
  return rest.complete && expected * kMostLoss > std::abs(first) + scale * rest.largest ? expected : -1;
}

// Expected purchases from `start` to `start + t` of a customer active at 0.
double ExpectedWhileActive(double start, double t, const Active& of) {
  if (t <= 0) return 0;
  if (start <= 0) {
    const double expected = PassageBySeries(t, of);
    if (expected >= 0) return expected;
  } else {
    const double until_end = PassageBySeries(start + t, of), before = PassageBySeries(start, of);
    if (before >= 0 && (until_end - before) * kMostLoss > until_end) return until_end - before;
  }
  return BetaMeanOfPassage(of.a, of.b, of.r, start / of.alpha, t / of.alpha);
}

// The chance that a customer active at 0 is active at t: E[(1 + p w)^(-r)], w = t/alpha, which is 2F1(r, a; a+b; -w), by Pfaff's
// transformation (1+w)^(-a) 2F1(a+b-r, a; a+b; w/(1+w)).
double StaysFor(double t, const Active& of) {
  if (t <= 0) return 1;
  const double w = t / of.alpha, z = t / (of.alpha + t);
  const double scale = Exp(-of.a * Log1p(w));
  if ((1 - z) * kMostTerms > 40 && scale > kLeastScale) {
    const Series f = stats::Hypergeometric(of.a + of.b - of.r, of.a, of.a + of.b, z, kMostTerms);
    if (f.complete && f.sum * kMostLoss > f.largest) return std::min(1.0, f.sum * scale);
  }
  return std::min(1.0, BetaMeanOfDecay(of.a, of.b, of.r, w));
}

// P(n purchases within t) of a customer active at 0 (eq. 8).
double CountWhileActive(double n, double t, const Active& of) {
  if (t <= 0) return n == 0 ? 1 : 0;
  const double none = -of.r * Log1p(t / of.alpha);
  if (n == 0) return Exp(none);
  const double z = t / (of.alpha + t);
  // n purchases and active after each; or active after n - 1 of them, stopped at the n-th, which came within t.
  const double log_goes_on = LogRising(of.b, n) - LogRising(of.a + of.b, n) + LogRising(of.r, n) - LogRising(1, n) + none - n * Log1p(of.alpha / t);
  const double log_stops = Log(of.a) + LogRising(of.b, n - 1) - LogRising(of.a + of.b, n);
  return std::min(1.0, Exp(log_goes_on) + Exp(log_stops) * IncompleteBeta(n, of.r, z));
}

// ln of the odds that a customer with a repeat purchase has stopped.
double LogOddsStopped(const BgNbd::Params& p, double x, double t_x, double age) {
  return Log(p.a) - Log((x - 1) + p.b) + (p.r + x) * Log1p((age - t_x) / (p.alpha + t_x));
}

// Purchases to come, each discounted by e^(-rate t): a customer active at 0 buys at t with density E[lambda e^(-lambda p t)].
double ResidualWhileActive(double rate, const Active& of) {
  const Active once_more{of.r + 1, of.alpha, of.a, of.b};
  const double mean = stats::ExponentialMean([&](double s) { return StaysFor(s / rate, once_more); });
  return of.r / of.alpha / rate * mean;
}

}  // namespace

absl::StatusOr<BgNbd> BgNbd::Make(const Params& params) {
  BgNbd model(params);
  for (const stats::NamedNumber& param : model.parameters()) RAPPORT_RETURN_IF_ERROR(CheckParameter(param.value, param.name));
  return model;
}

std::vector<stats::NamedNumber> BgNbd::parameters() const {
  return {{"r", params_.r}, {"alpha", params_.alpha}, {"a", params_.a}, {"b", params_.b}};
}

double BgNbd::LogLikelihood(const History& of) const {
  const Params& p = params_;
  const double x = of.frequency;
  const double rates = LogRising(p.r, x) - p.r * Log1p(of.age / p.alpha) - x * Log(p.alpha + of.age);
  return rates + LogRising(p.b, x) - LogRising(p.a + p.b, x) - LogAlive(of);
}

// Finite also where the chance is below the smallest double.
double BgNbd::LogAlive(const History& of) const {
  return of.frequency == 0 ? 0.0 : -LogAdd(0, LogOddsStopped(params_, of.frequency, of.recency, of.age));
}

BgNbd::OfHistory BgNbd::StaysAlive(double ahead) const {
  return [this, ahead](const History& of) { return StaysFor(ahead, AfterHistory(params_, of.frequency, of.age)); };
}

BgNbd::OfHistory BgNbd::ExpectedWhileAlive(double start, double horizon) const {
  return [this, start, horizon](const History& of) { return ExpectedWhileActive(start, horizon, AfterHistory(params_, of.frequency, of.age)); };
}

BgNbd::OfHistory BgNbd::CountWhileAlive(double n, double horizon) const {
  return [this, n, horizon](const History& of) { return CountWhileActive(n, horizon, AfterHistory(params_, of.frequency, of.age)); };
}

BgNbd::OfHistory BgNbd::ResidualWhileAlive(double rate) const {
  return [this, rate](const History& of) { return ResidualWhileActive(rate, AfterHistory(params_, of.frequency, of.age)); };
}

BgNbd::History BgNbd::Draw(const History& of, stats::Draws& draws) const {
  const double rate = draws.Gamma(params_.r) / params_.alpha, stop = draws.Beta(params_.a, params_.b);
  History drawn = of;
  drawn.frequency = drawn.recency = 0;
  while (drawn.frequency < kMostDrawn) {
    const double next = drawn.recency + draws.Exponential() / rate;
    if (!(next <= of.age)) break;
    drawn.recency = next;
    drawn.frequency += 1;
    if (draws.Uniform() < stop) break;
  }
  return drawn;
}

absl::StatusOr<BgNbd> BgNbd::FromJson(const Json& json) {
  RAPPORT_ASSIGN_OR_RETURN(ModelJson read, ReadModelJson(json, "bg_nbd", kNames));
  RAPPORT_ASSIGN_OR_RETURN(BgNbd model, Make({read.params[0], read.params[1], read.params[2], read.params[3]}));
  model.report_ = std::move(read.report);
  return model;
}

}  // namespace rapport

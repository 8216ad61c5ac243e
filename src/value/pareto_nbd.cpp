// Predictions and the model as a value; the fit is in pareto_nbd_fit.cpp.
#include "rapport/value/pareto_nbd.hpp"

#include <algorithm>
#include <utility>

#include "rapport/core/status.hpp"
#include "rapport/stats/special.hpp"
#include "value/history_rows.hpp"
#include "value/model_json.hpp"
#include "value/pareto_lifetime.hpp"

namespace rapport {
namespace {

using stats::Exp;
using stats::Expm1Over;
using stats::Log;
using stats::Log1p;

constexpr std::string_view kNames[] = {"r", "alpha", "s", "beta"};
constexpr std::string_view kProcesses[] = {"transaction", "dropout"};

template <class History>
ParetoParams Of(const ParetoNbd::Params& p, const History& of) {
  return {p.r, Shifted(p.alpha, of.shift[0]), p.s, Shifted(p.beta, of.shift[1])};
}

// For one alive at T the two rates are independent: Gamma(r + x, alpha + T) and Gamma(s, beta + T).
template <class History>
ParetoNow AfterHistory(const ParetoNbd::Params& params, const History& of) {
  const ParetoParams p = Of(params, of);
  return {p.r + of.frequency, p.alpha + of.age, p.s, p.beta + of.age};
}

double LogStaysFor(double t, const ParetoNow& now) { return -now.s * Log1p(t / now.beta); }

// The mean rate times the integral of S from start to start + t, (beta + start) ((1 + t/(beta + start))^(1-s) - 1) / (1 - s) S(start).
double Expected(double start, double t, const ParetoNow& now) {
  const double beta = now.beta + start;
  return now.n / now.alpha * (beta * Expm1Over(1 - now.s, Log1p(t / beta))) * Exp(LogStaysFor(start, now));
}

}  // namespace

absl::StatusOr<ParetoNbd> ParetoNbd::Make(const Params& params) {
  ParetoNbd model(params);
  RAPPORT_RETURN_IF_ERROR(CheckParameters(model.parameters()));
  return model;
}

std::vector<stats::NamedNumber> ParetoNbd::parameters() const {
  return {{"r", params_.r}, {"alpha", params_.alpha}, {"s", params_.s}, {"beta", params_.beta}};
}

std::span<const std::string_view> ParetoNbd::processes() const { return kProcesses; }

double ParetoNbd::LogLikelihood(const History& of) const {
  const ParetoParams p = Of(params_, of);
  const double x = of.frequency, bought = x == 0 ? 0 : stats::LogRising(p.r, x) - x * Log(p.alpha + of.age);
  return bought - p.r * Log1p(of.age / p.alpha) - p.s * Log1p(of.age / p.beta) - LogAlive(of);
}

double ParetoNbd::LogAlive(const History& of) const {
  return -stats::SoftPlus(ParetoLogOdds(Of(params_, of), of.frequency, of.recency, of.age));
}

ParetoNbd::OfHistory ParetoNbd::LogStaysAlive(double ahead) const {
  return [this, ahead](const History& of) { return LogStaysFor(ahead, AfterHistory(params_, of)); };
}

ParetoNbd::OfHistory ParetoNbd::ExpectedWhileAlive(double start, double horizon) const {
  return [this, start, horizon](const History& of) { return Expected(start, horizon, AfterHistory(params_, of)); };
}

ParetoNbd::OfHistory ParetoNbd::LogCountWhileAlive(double n, double horizon) const {
  return [this, n, horizon](const History& of) { return ParetoLogCount(AfterHistory(params_, of), n, horizon); };
}

ParetoNbd::OfHistory ParetoNbd::ResidualWhileAlive(double rate) const {
  // Customers of one age share the integral.
  return [this, rate, beta = -1.0, integral = 0.0](const History& of) mutable {
    const ParetoNow now = AfterHistory(params_, of);
    if (now.beta != beta) integral = ParetoDiscounted(now.s, beta = now.beta, rate);
    return now.n / now.alpha * integral;
  };
}

ParetoNbd::History ParetoNbd::Draw(const History& of, stats::Draws& draws) const {
  const ParetoParams p = Of(params_, of);
  const double rate = draws.Gamma(p.r) / p.alpha, stop = draws.Gamma(p.s) / p.beta, life = draws.Exponential() / stop;
  History drawn = of;
  DrawPurchases(rate, std::min(of.age, life), draws, drawn.frequency, drawn.recency);
  return drawn;
}

absl::StatusOr<ParetoNbd> ParetoNbd::FromJson(const Json& json) {
  RAPPORT_ASSIGN_OR_RETURN(ModelJson read, ReadModelJson(json, "pareto_nbd", kNames, kProcesses));
  RAPPORT_ASSIGN_OR_RETURN(ParetoNbd model, Make({read.params[0], read.params[1], read.params[2], read.params[3]}));
  model.effects_ = std::move(read.effects);
  model.report_ = std::move(read.report);
  return model;
}

}  // namespace rapport

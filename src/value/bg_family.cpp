// Likelihood and predictions of one customer; how members are made is in bg_made.cpp.
#include "rapport/value/bg_family.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

#include "rapport/stats/log_chance.hpp"
#include "rapport/stats/log_one_plus.hpp"
#include "rapport/stats/special.hpp"
#include "value/bg_passage.hpp"
#include "value/bg_renewal.hpp"
#include "value/bg_residual.hpp"
#include "value/history_rows.hpp"

namespace rapport {
namespace {

using stats::Exp;
using stats::Log;
using stats::LogOnePlus;
using stats::LogRising;

// ln of the sum over j < k of (n)_j u^j / j!: how the phases since the last purchase are weighed, n = r + k x, u = (T - t_x) / (alpha + T).
double LogPhases(double n, double u, int k) {
  if (k == 1) return 0;
  const PhaseSum all = SumOfPhases(n, u, k);
  return Log(all.sum) + (all.scale > 1 ? (k - 1) * Log(all.scale) : 0);
}

double Moved(double parameter, double shift) { return std::clamp(parameter * Exp(std::clamp(shift, -700.0, 700.0)), kSmallestParameter, kLargestParameter); }

}  // namespace

BgFamily::Terms BgFamily::TermsOf(const History& of) const {
  if (effects_.empty()) return terms_;
  return {terms_.r, Moved(terms_.alpha, -of.shift[0]), Moved(terms_.a, of.shift[1]), Moved(terms_.b, of.shift[2]), terms_.k};
}

ActiveBuyer BgFamily::Active(const History& of) const {
  const Terms p = TermsOf(of);
  return {p.r + of.frequency, p.alpha + of.age, p.a, p.b + Stays(of.frequency)};
}

RegularBuyer BgFamily::Regular(const History& of) const {
  const Terms p = TermsOf(of);
  return {p.r + p.k * of.frequency, p.alpha + of.age, p.a, p.b + Stays(of.frequency), (of.age - of.recency) / (p.alpha + of.age)};
}

BgFamily::Odds BgFamily::OddsStopped(const Terms& p, const History& of) const {
  const double stays = Stays(of.frequency);
  if (stays == 0) return {};
  const double n = p.r + p.k * of.frequency, since = of.age - of.recency;
  const double phases = p.k > 1 ? LogPhases(n, since / (p.alpha + of.age), p.k) : 0;
  return {p.a / ((stays - 1) + p.b), n * LogOnePlus(since / (p.alpha + of.recency)) - phases};
}

// Of x purchases, the last at t_x; the density of their gaps given that is put aside, so that k = 1 reads as the BG/NBD does. Who has probably stopped is
// reckoned up to the last purchase: what the rates lose from there to T and what the odds gain by it would else leave only rounding errors of each other.
double BgFamily::LogLikelihood(const History& of) const {
  const Terms p = TermsOf(of);
  const double x = of.frequency, stays = Stays(x), phases = p.k * x;
  const Odds odds = OddsStopped(p, of);
  const double log_odds = odds.once > 0 ? Log(odds.once) + odds.power : -INFINITY;
  const bool stopped = log_odds > 0;
  const double end = stopped ? of.recency : of.age;
  const double rates = LogRising(p.r, phases) - p.r * LogOnePlus(end / p.alpha) - phases * Log(p.alpha + end);
  double timing = 0;
  if (p.k > 1 && x > 0) timing = (phases - x) * Log(std::max(of.recency, 1e-300)) - LogRising(x, phases - x);
  const double gap = stopped ? Log(odds.once) : LogPhases(p.r + phases, (of.age - of.recency) / (p.alpha + of.age), p.k);
  return rates + timing + gap + LogRising(p.b, stays) - LogRising(p.a + p.b, stays) + LogOnePlus(Exp(-std::abs(log_odds)));
}

// ln of 1 / (1 + odds of having stopped): finite also where that is below the smallest double.
double BgFamily::LogAlive(const History& of) const {
  const Odds odds = OddsStopped(TermsOf(of), of);
  if (odds.once == 0) return 0;
  if (odds.power < 300 && odds.once < 1e100) return -LogOnePlus(odds.once * Exp(odds.power));
  const double log_odds = Log(odds.once) + odds.power;
  return -(std::max(log_odds, 0.0) + LogOnePlus(Exp(-std::abs(log_odds))));
}

double BgFamily::Alive(const History& of) const {
  const Odds odds = OddsStopped(TermsOf(of), of);
  if (odds.once == 0) return 1;
  const double chance = 1 / (1 + odds.once * Exp(odds.power));
  return chance > stats::kLeastChance ? chance : Exp(LogAlive(of));
}

// Each answer is for the active customer that Active or Regular describes; k = 1 has series of its own.
BgFamily::OfHistory BgFamily::LogStaysAlive(double ahead) const {
  if (terms_.k == 1) return [this, ahead](const History& of) { return LogStaysActive(ahead, Active(of)); };
  return [this, ahead, renewals = std::make_shared<RenewalsAhead>(terms_.k)](const History& of) {
    return renewals->LogStaysActive(ahead, of.frequency, Regular(of));
  };
}

BgFamily::OfHistory BgFamily::ExpectedWhileAlive(double start, double horizon) const {
  if (terms_.k == 1) {
    return [this, passage = std::make_shared<ExpectedPassage>(start, horizon, effects_.empty())](const History& of) { return (*passage)(of.frequency, Active(of)); };
  }
  return [this, start, horizon, renewals = std::make_shared<RenewalsAhead>(terms_.k)](const History& of) {
    return renewals->Expected(start, horizon, of.frequency, Regular(of));
  };
}

BgFamily::OfHistory BgFamily::LogCountWhileAlive(double n, double horizon) const {
  if (terms_.k == 1) return [this, n, horizon](const History& of) { return LogCountWhileActive(n, horizon, Active(of)); };
  return [this, n, horizon, renewals = RenewalsAhead(terms_.k)](const History& of) { return renewals.LogCount(n, horizon, Regular(of)); };
}

BgFamily::OfHistory BgFamily::ResidualWhileAlive(double rate) const {
  return [this, passage = std::make_shared<DiscountedPassage>(rate, terms_.k)](const History& of) {
    const RegularBuyer buyer = Regular(of);
    return (*passage)(of.frequency, {buyer.r, buyer.alpha, buyer.a, buyer.b}, buyer.since, TermsOf(of).alpha);
  };
}

BgFamily::History BgFamily::Draw(const History& of, stats::Draws& draws) const {
  const Terms p = TermsOf(of);
  const double rate = draws.Gamma(p.r) / p.alpha, stop = draws.Beta(p.a, p.b);
  History drawn = of;
  drawn.frequency = drawn.recency = 0;
  if (kind_.stops_at_first && draws.Uniform() < stop) return drawn;
  while (drawn.frequency < kMostDrawn) {
    double next = drawn.recency;
    for (int phase = 0; phase < p.k; ++phase) next += draws.Exponential() / rate;
    if (!(next <= of.age)) break;
    drawn.recency = next;
    drawn.frequency += 1;
    if (draws.Uniform() < stop) break;
  }
  return drawn;
}

}  // namespace rapport

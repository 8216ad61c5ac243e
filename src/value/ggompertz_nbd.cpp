#include "rapport/value/ggompertz_nbd.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "rapport/core/status.hpp"
#include "rapport/stats/special.hpp"
#include "value/gompertz_lifetime.hpp"
#include "value/lifetime_boundary.hpp"
#include "value/lifetime_likelihood.hpp"
#include "value/model_json.hpp"

namespace rapport {
namespace {

using stats::Exp;
using stats::Log;
using stats::Log1p;

constexpr std::string_view kNames[] = {"r", "alpha", "b", "s", "beta"};
constexpr std::string_view kProcesses[] = {"transaction", "dropout"};

constexpr MovedParameter kMoved[] = {{"transaction", CovariateGroup::kTransaction, 1, -1}, {"dropout", CovariateGroup::kDropout, 4, -1}};

struct Rule {
  static constexpr std::size_t kParams = 5;
  static RowTerms<5> Terms(const CountTerms& count, const HistoryRow& row, const std::array<double, 5>& p) {
    return GompertzTerms(count, row.t_x, row.age, {p[0], p[1], p[2], p[3], p[4]});
  }
};

template <class History>
GompertzParams Of(const GgompertzNbd::Params& p, const History& of) {
  return {p.r, Shifted(p.alpha, of.shift[0]), p.b, p.s, Shifted(p.beta, of.shift[1])};
}

template <class History>
GompertzNow AfterHistory(const GgompertzNbd::Params& params, const History& of) {
  const GompertzParams p = Of(params, of);
  return {p.r + of.frequency, p.alpha + of.age, p, of.age};
}

// Rates from narrow to wide, customers who stop soon and who stay, risks that hardly change and that grow within the time seen.
Starts StartsFor(const HistorySums& sums) {
  const double age = sums.ages / sums.customers, rate = sums.purchases / sums.ages;
  Starts starts;
  for (const double r : {0.5, 2.0}) {
    for (const double s : {0.5, 2.0}) {
      for (const double growth : {0.1, 1.0, 4.0}) {
        for (const double stay : {0.5, 4.0}) {
          const double median = stats::Expm1(growth * stay);   // e^(bt) - 1 at t = stay ages
          starts.push_back({Log(r), Log(std::max(r / rate / 2, age * 1e-3)), Log(growth / age), Log(s), Log(s * median)});
        }
      }
    }
  }
  return starts;
}

// `b` and `age` in one unit: the longest age, or about.
std::string_view BoundaryOf(double r, double b, double s, double beta) {
  if (b < 1e-3) {
    const std::string_view pareto = LifetimeBoundary(r, s, beta / b);
    return pareto != kOnRidge ? pareto : "On the boundary: the risk to stop does not grow, as in the Pareto/NBD, so b and beta are determined only by their ratio.";
  }
  if (s * Log1p(stats::Expm1(std::min(b, 700.0)) / beta) < 1 / kFarParameter) {
    return "On the boundary: these customers show no stopping, so b, s and beta are not determined one by one.";
  }
  if (const std::string_view rate = RateBoundary(r); !rate.empty()) return rate;
  if (s > kFarParameter) return "On a ridge: s and beta are determined only by their ratio.";
  return kOnRidge;
}

}  // namespace

absl::StatusOr<GgompertzNbd> GgompertzNbd::Make(const Params& params) {
  GgompertzNbd model(params);
  RAPPORT_RETURN_IF_ERROR(CheckParameters(model.parameters()));
  return model;
}

std::vector<stats::NamedNumber> GgompertzNbd::parameters() const {
  return {{"r", params_.r}, {"alpha", params_.alpha}, {"b", params_.b}, {"s", params_.s}, {"beta", params_.beta}};
}

std::span<const std::string_view> GgompertzNbd::processes() const { return kProcesses; }

double GgompertzNbd::LogLikelihood(const History& of) const {
  const GompertzParams p = Of(params_, of);
  const double x = of.frequency, bought = x == 0 ? 0 : stats::LogRising(p.r, x) - x * Log(p.alpha + of.age);
  return bought - p.r * Log1p(of.age / p.alpha) - GompertzLogLost(p, of.age) - LogAlive(of);
}

double GgompertzNbd::LogAlive(const History& of) const {
  return -stats::SoftPlus(GompertzLogOdds(Of(params_, of), of.frequency, of.recency, of.age));
}

GgompertzNbd::OfHistory GgompertzNbd::LogStaysAlive(double ahead) const {
  return [this, ahead](const History& of) { return GompertzLogStays(AfterHistory(params_, of), ahead); };
}

GgompertzNbd::OfHistory GgompertzNbd::ExpectedWhileAlive(double start, double horizon) const {
  // Customers of one age share the integral.
  return [this, start, horizon, age = -1.0, beta = 0.0, stay = 0.0](const History& of) mutable {
    GompertzNow now = AfterHistory(params_, of);
    if (now.age != age || now.p.beta != beta) {
      age = now.age;
      beta = now.p.beta;
      const double until_start = Exp(GompertzLogStays(now, start));
      now.age += start;
      stay = until_start * GompertzStay(now, horizon, 0);
    }
    return now.n / now.alpha * stay;
  };
}

GgompertzNbd::OfHistory GgompertzNbd::LogCountWhileAlive(double n, double horizon) const {
  return [this, n, horizon](const History& of) { return GompertzLogCount(AfterHistory(params_, of), n, horizon); };
}

GgompertzNbd::OfHistory GgompertzNbd::ResidualWhileAlive(double rate) const {
  return [this, rate, age = -1.0, beta = 0.0, stay = 0.0](const History& of) mutable {
    const GompertzNow now = AfterHistory(params_, of);
    if (now.age != age || now.p.beta != beta) {
      age = now.age;
      beta = now.p.beta;
      stay = GompertzStay(now, 60 / rate, rate);   // e^-60 of what comes later counts
    }
    return now.n / now.alpha * stay;
  };
}

GgompertzNbd::History GgompertzNbd::Draw(const History& of, stats::Draws& draws) const {
  const GompertzParams p = Of(params_, of);
  const double rate = draws.Gamma(p.r) / p.alpha, eta = draws.Gamma(p.s) / p.beta, life = Log1p(draws.Exponential() / eta) / p.b;
  History drawn = of;
  DrawPurchases(rate, std::min(of.age, life), draws, drawn.frequency, drawn.recency);
  return drawn;
}

absl::StatusOr<GgompertzNbd> GgompertzNbd::Fit(const Histories& columns, std::span<const double> weights) {
  RAPPORT_RETURN_IF_ERROR(CheckRows(columns, columns.size()));
  RAPPORT_RETURN_IF_ERROR(CheckWeights(weights, columns.size()));
  const double unit = UnitOf(columns.age, weights);
  RAPPORT_ASSIGN_OR_RETURN(const CovariateRows rows, FoldCovariates(columns, weights, unit, kMoved));
  const HistorySums sums = SumsOf(rows.rows);
  RAPPORT_RETURN_IF_ERROR(CheckRepeats(sums, weights, columns.size()));
  const auto boundary = [unit](std::span<const double> p) { return BoundaryOf(p[0], p[2] * unit, p[3], p[4]); };
  RAPPORT_ASSIGN_OR_RETURN(FittedModel fit, FitLifetime<Rule>(rows, StartsFor(sums), {{1, unit, 1 / unit, 1, 1}, -sums.purchases * Log(unit),
                                                                                     sums.customers, boundary}));
  GgompertzNbd model({fit.params[0], fit.params[1], fit.params[2], fit.params[3], fit.params[4]});
  model.effects_ = std::move(fit.effects);
  model.report_ = std::move(fit.report);
  return model;
}

absl::StatusOr<GgompertzNbd> GgompertzNbd::FromJson(const Json& json) {
  RAPPORT_ASSIGN_OR_RETURN(ModelJson read, ReadModelJson(json, "ggompertz_nbd", kNames, kProcesses));
  RAPPORT_ASSIGN_OR_RETURN(GgompertzNbd model, Make({read.params[0], read.params[1], read.params[2], read.params[3], read.params[4]}));
  model.effects_ = std::move(read.effects);
  model.report_ = std::move(read.report);
  return model;
}

}  // namespace rapport

#include "rapport/value/nbd.hpp"

#include <algorithm>
#include <utility>

#include "rapport/core/status.hpp"
#include "rapport/stats/special.hpp"
#include "value/lifetime_likelihood.hpp"
#include "value/model_json.hpp"

namespace rapport {
namespace {

using stats::Log;
using stats::Log1p;

constexpr std::string_view kNames[] = {"r", "alpha"};
constexpr std::string_view kProcesses[] = {"transaction"};

constexpr MovedParameter kMoved[] = {{"transaction", CovariateGroup::kTransaction, 1, -1}};

struct Rule {
  static constexpr std::size_t kParams = 2;
  static RowTerms<2> Terms(const CountTerms& count, const HistoryRow& row, const std::array<double, 2>& p) {
    RowTerms<2> terms;
    AddPurchases(count, row.age, p[0], p[1], terms);
    return terms;
  }
};

template <class History>
double AlphaOf(const Nbd::Params& p, const History& of) { return Shifted(p.alpha, of.shift[0]); }

// The mean rate of one with this history.
template <class History>
double RateOf(const Nbd::Params& p, const History& of) { return (p.r + of.frequency) / (AlphaOf(p, of) + of.age); }

absl::Status CheckAges(const Histories& rows) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows.frequency[i] > 0 && rows.age[i] == 0) return BadRow(i, "age", 0, "a time above 0 where there were purchases");
  }
  return absl::OkStatus();
}

Starts StartsFor(const HistorySums& sums) {
  Starts starts;
  for (const double r : {0.2, 1.0, 5.0}) starts.push_back({Log(r), Log(std::clamp(r * sums.ages / sums.purchases, 1e-20, 1e20))});
  return starts;
}

// What the search leaves out: ln of T^x / x! of all customers.
double LogCounts(std::span<const HistoryRow> rows) {
  stats::BlockedSums<1> sum;
  for (const HistoryRow& row : rows) {
    if (row.x > 0) sum.Add({row.weight * (row.x * Log(row.age) - stats::LogRising(1, row.x))});
  }
  return sum.Totals()[0];
}

std::string_view BoundaryOf(std::span<const double> params) {
  const std::string_view rate = RateBoundary(params[0]);
  return rate.empty() ? kOnRidge : rate;
}

}  // namespace

absl::StatusOr<Nbd> Nbd::Make(const Params& params) {
  Nbd model(params);
  RAPPORT_RETURN_IF_ERROR(CheckParameters(model.parameters()));
  return model;
}

std::vector<stats::NamedNumber> Nbd::parameters() const { return {{"r", params_.r}, {"alpha", params_.alpha}}; }
std::span<const std::string_view> Nbd::processes() const { return kProcesses; }
absl::Status Nbd::CheckMore(const Histories& rows) const { return CheckAges(rows); }

double Nbd::LogLikelihood(const History& of) const {
  const double x = of.frequency, age = of.age, alpha = AlphaOf(params_, of);
  const double none = -params_.r * Log1p(age / alpha);
  if (x == 0) return none;
  const double share = age > alpha ? -Log1p(alpha / age) : Log(age) - Log(alpha + age);   // of T in alpha + T
  return LogWays(params_.r, x) + none + x * share;
}

double Nbd::LogAlive(const History&) const { return 0; }

Nbd::OfHistory Nbd::LogStaysAlive(double) const {
  return [](const History&) { return 0.0; };
}

Nbd::OfHistory Nbd::ExpectedWhileAlive(double, double horizon) const {
  return [this, horizon](const History& of) { return RateOf(params_, of) * horizon; };
}

Nbd::OfHistory Nbd::LogCountWhileAlive(double n, double horizon) const {
  return [this, n, horizon](const History& of) { return LogNbdChance(params_.r + of.frequency, AlphaOf(params_, of) + of.age, n, horizon); };
}

Nbd::OfHistory Nbd::ResidualWhileAlive(double rate) const {
  return [this, rate](const History& of) { return RateOf(params_, of) / rate; };
}

Nbd::History Nbd::Draw(const History& of, stats::Draws& draws) const {
  History drawn = of;
  DrawPurchases(draws.Gamma(params_.r) / AlphaOf(params_, of), of.age, draws, drawn.frequency, drawn.recency);
  return drawn;
}

absl::StatusOr<Nbd> Nbd::Fit(const Histories& columns, std::span<const double> weights) {
  RAPPORT_RETURN_IF_ERROR(CheckRows(columns, columns.size()));
  RAPPORT_RETURN_IF_ERROR(CheckWeights(weights, columns.size()));
  RAPPORT_RETURN_IF_ERROR(CheckAges(columns));
  const double unit = UnitOf(columns.age, weights);
  const std::vector<double> zeros(columns.size(), 0);
  Histories counts = columns;
  counts.recency = zeros;
  RAPPORT_ASSIGN_OR_RETURN(const CovariateRows rows, FoldCovariates(counts, weights, unit, kMoved));
  const HistorySums sums = SumsOf(rows.rows);
  RAPPORT_RETURN_IF_ERROR(CheckRepeats(sums, weights, columns.size()));
  RAPPORT_ASSIGN_OR_RETURN(FittedModel fit, FitLifetime<Rule>(rows, StartsFor(sums), {{1, unit}, LogCounts(rows.rows), sums.customers, BoundaryOf}));
  Nbd model({fit.params[0], fit.params[1]});
  model.effects_ = std::move(fit.effects);
  model.report_ = std::move(fit.report);
  return model;
}

absl::StatusOr<Nbd> Nbd::FromJson(const Json& json) {
  RAPPORT_ASSIGN_OR_RETURN(ModelJson read, ReadModelJson(json, "nbd", kNames, kProcesses));
  RAPPORT_ASSIGN_OR_RETURN(Nbd model, Make({read.params[0], read.params[1]}));
  model.effects_ = std::move(read.effects);
  model.report_ = std::move(read.report);
  return model;
}

}  // namespace rapport

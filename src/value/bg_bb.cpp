// Predictions and the model as a value; the fit is in bg_bb_fit.cpp, sums over opportunities in bg_bb_terms.cpp.
#include "rapport/value/bg_bb.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "rapport/core/status.hpp"
#include "rapport/stats/beta_mean.hpp"
#include "rapport/stats/special.hpp"
#include "stats/scaled_sum.hpp"
#include "value/bg_bb_terms.hpp"
#include "value/history_rows.hpp"
#include "value/model_json.hpp"

namespace rapport {
namespace {

using stats::Exp;
using stats::Log;
using stats::LogRising;

constexpr std::string_view kNames[] = {"alpha", "beta", "gamma", "delta"};

// Numbers are whole and few, so rows share what depends on them.
class Memo {
 public:
  template <class Function>
  double At(double x, double n, const Function& compute) {
    const auto [place, absent] = known_.try_emplace({x, n}, 0);
    if (absent) place->second = compute();
    return place->second;
  }

 private:
  std::map<std::pair<double, double>, double> known_;
};

// The chance to buy at an opportunity, of a customer who is there.
double ChanceToBuy(const BgBb::Params& p, double x, double n) { return (p.alpha + x) / (p.alpha + p.beta + n); }

// ln P(k purchases at the next h opportunities) of a customer who is there now: by the opportunity i after which the customer stops, or none of them (eq. 12).
double LogCountWhileActive(const BgBb::Params& p, double x, double n, double k, double h) {
  if (k > h) return -std::numeric_limits<double>::infinity();
  const double a = p.alpha + x, b = p.beta + (n - x), d = p.delta + n;
  const double log_first = LogRisingRatio(a, b, k) + LogRisingRatio(d, p.gamma, k) + Log(p.gamma / (p.gamma + d + k));
  stats::ScaledSum stops;
  for (double i = k; i < h; ++i) stops.Next((i + 1) / (i + 1 - k) * ((b + (i - k)) / (a + b + i)) * ((d + i) / (p.gamma + 1 + d + i)));
  return std::min(0.0, log_first + stats::LogAdd(stops.LogSum(), stops.LogTerm() + Log((p.gamma + d + h) / p.gamma)));
}

// How many opportunities pass before one at which something of that chance happens: geometric, by inversion.
double Before(double chance, stats::Draws& draws) {
  const double log_not = stats::Log1p(-chance), drawn = Log(draws.Uniform());
  return log_not < 0 ? std::floor(drawn / log_not) : kLargestTime;
}

}  // namespace

absl::StatusOr<BgBb> BgBb::Make(const Params& params) {
  BgBb model(params);
  RAPPORT_RETURN_IF_ERROR(CheckParameters(model.parameters()));
  return model;
}

std::vector<stats::NamedNumber> BgBb::parameters() const {
  return {{"alpha", params_.alpha}, {"beta", params_.beta}, {"gamma", params_.gamma}, {"delta", params_.delta}};
}

std::string_view BgBb::age_name() const { return kOpportunities; }
absl::Status BgBb::CheckMore(const Histories& rows) const { return CheckOpportunities(rows); }
absl::Status BgBb::CheckAhead(double time, std::string_view name) const {
  if (IsCountOfOpportunities(time)) return absl::OkStatus();
  return Invalid("value.invalid_input", absl::StrCat(std::string(name), ": found ", time, ", expected ", std::string(kCountOfOpportunities)));
}

double BgBb::LogLikelihood(const History& of) const {
  return std::min(0.0, LogNeverStopped(params_, of.frequency, of.age) - LogAlive(of));   // a chance, but for rounding
}

double BgBb::LogAlive(const History& of) const {
  return of.recency == of.age ? 0.0 : -stats::SoftPlus(LogOddsStopped(params_, of.frequency, of.recency, of.age));
}

BgBb::OfHistory BgBb::LogStaysAlive(double ahead) const {
  return [this, ahead](const History& of) { return LogRisingRatio(params_.delta + of.age, params_.gamma, ahead); };
}

BgBb::OfHistory BgBb::ExpectedWhileAlive(double start, double horizon) const {
  return [this, start, horizon, memo = Memo()](const History& of) mutable {
    const double alive = memo.At(0, of.age, [&] {
      const double d = params_.delta + of.age;
      return Exp(LogRisingRatio(d, params_.gamma, start)) * OpportunitiesAlive(params_.gamma, d + start, horizon);
    });
    return ChanceToBuy(params_, of.frequency, of.age) * alive;
  };
}

BgBb::OfHistory BgBb::LogCountWhileAlive(double n, double horizon) const {
  return [this, n, horizon, memo = Memo()](const History& of) mutable {
    return memo.At(of.frequency, of.age, [&] { return LogCountWhileActive(params_, of.frequency, of.age, n, horizon); });
  };
}

// The sum over j >= 1 of E[(1 - theta)^j] / (1 + r)^j is E[(1 - theta) / (r + theta)], theta ~ Beta(gamma, d): eq. 14 without its 2F1 near 1.
BgBb::OfHistory BgBb::ResidualWhileAlive(double rate) const {
  return [this, each = 1 / stats::Expm1(rate), memo = Memo()](const History& of) mutable {
    const double alive = memo.At(0, of.age, [&] {
      const double d = params_.delta + of.age;
      return d / (params_.gamma + d) * each * stats::BetaMeanOfDecay(params_.gamma, d + 1, 1, each);
    });
    return ChanceToBuy(params_, of.frequency, of.age) * alive;
  };
}

BgBb::History BgBb::Draw(const History& of, stats::Draws& draws) const {
  const double buy = draws.Beta(params_.alpha, params_.beta), stop = draws.Beta(params_.gamma, params_.delta);
  const double seen = std::min(of.age, Before(stop, draws));
  History drawn = of;
  drawn.frequency = drawn.recency = 0;
  while (true) {
    const double next = drawn.recency + 1 + Before(buy, draws);
    if (!(next <= seen)) return drawn;
    drawn.recency = next;
    drawn.frequency += 1;
  }
}

absl::StatusOr<BgBb> BgBb::FromJson(const Json& json) {
  RAPPORT_ASSIGN_OR_RETURN(ModelJson read, ReadModelJson(json, "bg_bb", kNames));
  RAPPORT_ASSIGN_OR_RETURN(BgBb model, Make({read.params[0], read.params[1], read.params[2], read.params[3]}));
  model.report_ = std::move(read.report);
  return model;
}

}  // namespace rapport

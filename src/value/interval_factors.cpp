#include "value/interval_factors.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "rapport/core/parallel.hpp"
#include "rapport/core/status.hpp"
#include "rapport/stats/draws.hpp"
#include "rapport/stats/special.hpp"

namespace rapport {
namespace {

constexpr double kStep = 5e-3;           // of differences: in logarithms, and of an effect in its standard errors
constexpr std::size_t kMostRows = 4096;     // that the bootstrap answers at a time,
constexpr std::size_t kAnswers = 1 << 20;   // and the most answers of all its fits to them
constexpr double kLargest = std::numeric_limits<double>::max();   // also of an amount that has no bound

class Scale {
 public:
  explicit Scale(IntervalScale scale) : plain_(scale == IntervalScale::kPlain), chance_(scale == IntervalScale::kChance) {}
  bool log() const { return !plain_; }   // as models are asked
  double Of(double answer) const { return chance_ ? answer - stats::Log(-stats::Expm1(answer)) : answer; }   // may be infinite, at 0 and 1
  double Back(double value) const {
    if (plain_) return value;
    return chance_ ? stats::Logistic(value) : std::min(stats::Exp(value), kLargest);
  }

 private:
  bool plain_, chance_;
};

// What the fit moved: parameters by their logarithms, effects as they are, with the covariance of that.
struct Moves {
  std::vector<std::string> names;
  std::vector<double> at;
  std::vector<bool> logarithm;
  stats::Matrix covariance;

  void Add(const stats::NamedNumber& parameter, bool is_logarithm) {
    names.push_back(parameter.name);
    at.push_back(parameter.value);
    logarithm.push_back(is_logarithm);
  }
};

absl::StatusOr<Moves> MovesOf(const IntervalFactor& factor) {
  const auto none = [](std::string_view why) {
    return FailedPrecondition("value.no_covariance", absl::StrCat("covariance: found none, ", std::string(why)));
  };
  if (!factor.report) return none("as the model was made from parameters; expected a model that was fitted");
  if (factor.report->covariance.empty()) {
    return none(absl::StrCat("as the fit gives none; expected an interior optimum, or use the bootstrap. ", factor.report->diagnosis));
  }
  std::vector<stats::NamedNumber> all = factor.parameters;
  // Of a model that chose among whole numbers (k), that choice has no row in the covariance.
  const std::size_t moved = factor.report->covariance.size() - factor.effects.size();
  if (moved < all.size()) std::erase_if(all, [](const stats::NamedNumber& param) { return param.name == "k"; });
  Moves moves;
  for (const stats::NamedNumber& param : all) moves.Add(param, true);
  for (const stats::NamedNumber& effect : factor.effects) moves.Add(effect, false);
  RAPPORT_INVARIANT(moves.at.size() == factor.report->covariance.size(), "a covariance has a row for each parameter");
  moves.covariance = factor.report->covariance;
  for (std::size_t i = 0; i < moves.at.size(); ++i) {
    for (std::size_t j = 0; j < moves.at.size(); ++j) {
      moves.covariance[i][j] /= (moves.logarithm[i] ? moves.at[i] : 1) * (moves.logarithm[j] ? moves.at[j] : 1);
    }
  }
  return moves;
}

// Answers by row on the scale of the interval, and how they vary with what one fit moved.
class DeltaMethod {
 public:
  DeltaMethod(const IntervalFactor& factor, std::size_t rows, const Scale& scale, const IntervalOptions& options)
      : factor_(factor), rows_(rows), scale_(scale), options_(options) {}

  absl::StatusOr<std::vector<double>> Answers(const Answering& asked) const {
    std::vector<double> answers(rows_);
    RAPPORT_RETURN_IF_ERROR(asked(0, answers, {.log = scale_.log(), .threads = options_.threads}));
    for (double& answer : answers) answer = scale_.Of(answer);
    return answers;
  }

  // Variances by row; a factor without any is a chance that rounds to 0 or 1.
  absl::StatusOr<std::vector<double>> Variances() const {
    RAPPORT_ASSIGN_OR_RETURN(const Moves moves, MovesOf(factor_));
    std::vector<std::vector<double>> slopes;
    for (std::size_t which = 0; which < moves.at.size(); ++which) {
      RAPPORT_ASSIGN_OR_RETURN(std::vector<double> by_row, Slopes(moves, which));
      slopes.push_back(std::move(by_row));
    }
    std::vector<double> variances(rows_);
    for (std::size_t row = 0; row < rows_; ++row) {
      double variance = 0;
      for (std::size_t i = 0; i < slopes.size(); ++i) {
        for (std::size_t j = 0; j < slopes.size(); ++j) variance += moves.covariance[i][j] * slopes[i][row] * slopes[j][row];
      }
      variances[row] = variance > 0 && std::isfinite(variance) ? variance : 0;
    }
    return variances;
  }

 private:
  // By central differences of two steps, which cancel their errors up to the fourth power of the step.
  absl::StatusOr<std::vector<double>> Slopes(const Moves& moves, std::size_t which) const {
    const double near = kStep * (moves.logarithm[which] ? 1 : stats::Sqrt(moves.covariance[which][which]));
    std::vector<double> slopes(rows_, 0);
    for (const double step : {near, -near, 2 * near, -2 * near}) {
      RAPPORT_ASSIGN_OR_RETURN(const Answering moved, Moved(moves, which, step));
      RAPPORT_ASSIGN_OR_RETURN(const std::vector<double> answers, Answers(moved));
      const double share = (std::abs(step) == near ? 2.0 / 3 : -1.0 / 6) / step;
      for (std::size_t i = 0; i < slopes.size(); ++i) slopes[i] += share * answers[i];
    }
    return slopes;
  }

  // The model with one parameter moved by `step`: what is written of it is edited and read back.
  absl::StatusOr<Answering> Moved(const Moves& moves, std::size_t which, double step) const {
    Json edited = factor_.written;
    const double at = moves.at[which];
    edited.if_object()->at("params").if_object()->at(moves.names[which]) = moves.logarithm[which] ? at * stats::Exp(step) : at + step;
    return factor_.read(edited);
  }

  const IntervalFactor& factor_;
  std::size_t rows_;
  const Scale& scale_;
  const IntervalOptions& options_;
};

// Logarithms of factors add up, and so do their variances.
absl::Status ByDelta(std::span<const IntervalFactor> factors, const Scale& scale, const IntervalOptions& options, Interval& interval) {
  const std::size_t rows = interval.estimate.size();
  std::vector<double> centers(rows, 0), variances(rows, 0);
  for (const IntervalFactor& factor : factors) {
    const DeltaMethod delta(factor, rows, scale, options);
    const absl::StatusOr<std::vector<double>> own = delta.Variances();
    if (!own.ok()) return factor.Named(own.status());
    RAPPORT_ASSIGN_OR_RETURN(const std::vector<double> answers, delta.Answers(factor.answers));
    for (std::size_t i = 0; i < rows; ++i) {
      centers[i] += answers[i];
      variances[i] += (*own)[i];
    }
  }
  const double z = stats::NormalQuantile((1 + options.level) / 2);
  for (std::size_t i = 0; i < rows; ++i) {
    const double estimate = interval.estimate[i], half = z * stats::Sqrt(variances[i]);
    const bool certain = !std::isfinite(centers[i]);
    interval.low[i] = certain ? estimate : std::min(estimate, scale.Back(centers[i] - half));
    interval.high[i] = certain ? estimate : std::max(estimate, scale.Back(centers[i] + half));
  }
  return absl::OkStatus();
}

// Of values sorted upwards, type 7 of Hyndman and Fan; between a number and no bound there is no bound.
double Quantile(std::span<const double> sorted, double p) {
  const double at = p * static_cast<double>(sorted.size() - 1);
  const auto below = std::min(static_cast<std::size_t>(at), sorted.size() - 2);
  const double share = at - static_cast<double>(below);
  if (share > 0 && sorted[below + 1] == kLargest) return kLargest;
  return share == 0 ? sorted[below] : sorted[below] + share * (sorted[below + 1] - sorted[below]);
}

// All factors of one replicate; fewer where a fit failed.
using Replicate = std::vector<Answering>;

absl::Status Redraw(std::span<const IntervalFactor> factors, std::uint64_t seed, std::uint64_t number, Replicate& replicate) {
  stats::Draws seeds(seed, number);
  for (const IntervalFactor& factor : factors) {
    absl::StatusOr<Answering> fit = factor.refit(seeds.Bits());
    if (!fit.ok()) return factor.Named(fit.status());
    if (*fit == nullptr) break;
    replicate.push_back(*std::move(fit));
  }
  return absl::OkStatus();
}

// Models fitted to customers drawn from those asked, replicates of which any fit failed left out.
absl::StatusOr<std::vector<Replicate>> Refits(std::span<const IntervalFactor> factors, const IntervalOptions& options) {
  if (std::any_of(factors.begin(), factors.end(), [](const IntervalFactor& factor) { return factor.fitted_on == 0; })) {
    return Invalid("value.invalid_input", "fitted_on: found no rows, expected those that the model was fitted on");
  }
  std::vector<Replicate> fits(static_cast<std::size_t>(options.replicates));
  std::vector<absl::Status> failures(fits.size());
  ForRanges(fits.size(), 1, options.threads,
            [&](std::size_t number, std::size_t) { failures[number] = Redraw(factors, options.seed, number, fits[number]); });
  const auto failed = static_cast<int>(std::erase_if(fits, [&](const Replicate& replicate) { return replicate.size() < factors.size(); }));
  if (failed * 10 <= options.replicates) return fits;
  const auto first = std::find_if(failures.begin(), failures.end(), [](const absl::Status& status) { return !status.ok(); });
  if (first != failures.end() && failed == options.replicates) return WithContext(*first, "fitted_on");
  return FailedPrecondition("value.too_few_replicates", absl::StrCat("replicates: found ", failed, " of ", options.replicates,
                                                                     " whose fit did not end at an optimum, expected at most a tenth"));
}

// Of no bound any part is without bound, however small; none of it is nothing.
double Times(double amount, double other) {
  if (amount == 0 || other == 0) return 0;
  return amount == kLargest || other == kLargest ? kLargest : std::min(amount * other, kLargest);
}

// out[i]: the product of what the replicate's models say of row begin + i.
absl::Status Product(const Replicate& replicate, std::size_t begin, std::span<double> out) {
  RAPPORT_RETURN_IF_ERROR(replicate.front()(begin, out, {}));
  std::vector<double> other(replicate.size() > 1 ? out.size() : 0);
  for (std::size_t factor = 1; factor < replicate.size(); ++factor) {
    RAPPORT_RETURN_IF_ERROR(replicate[factor](begin, other, {}));
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = Times(out[i], other[i]);
  }
  return absl::OkStatus();
}

absl::Status ByBootstrap(std::span<const IntervalFactor> factors, const IntervalOptions& options, Interval& interval) {
  const std::size_t rows = interval.estimate.size();
  RAPPORT_ASSIGN_OR_RETURN(const std::vector<Replicate> fits, Refits(factors, options));
  const std::size_t range = std::clamp<std::size_t>(kAnswers / fits.size(), 1, kMostRows);
  std::vector<absl::Status> failures((rows + range - 1) / range);
  ForRanges(rows, range, options.threads, [&](std::size_t begin, std::size_t end) {
    const std::size_t size = end - begin;
    std::vector<double> answers(fits.size() * size), of_row(fits.size());
    for (std::size_t k = 0; k < fits.size(); ++k) {
      failures[begin / range].Update(Product(fits[k], begin, std::span(answers).subspan(k * size, size)));
    }
    for (std::size_t i = 0; i < size; ++i) {
      for (std::size_t k = 0; k < fits.size(); ++k) of_row[k] = answers[k * size + i];
      std::sort(of_row.begin(), of_row.end());
      interval.low[begin + i] = Quantile(of_row, (1 - options.level) / 2);
      interval.high[begin + i] = Quantile(of_row, (1 + options.level) / 2);
    }
  });
  for (const absl::Status& failure : failures) RAPPORT_RETURN_IF_ERROR(failure);
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckIntervalOptions(const IntervalOptions& options) {
  const auto bad = [](std::string_view option, double found, std::string_view expected) {
    return Invalid("value.invalid_input", absl::StrCat(std::string(option), ": found ", found, ", expected ", std::string(expected)));
  };
  if (!(options.level > 0 && options.level < 1)) return bad("level", options.level, "a number above 0 and below 1");
  if (options.replicates < 2 || options.replicates > 100'000) return bad("replicates", options.replicates, "2 to 100000");
  return absl::OkStatus();
}

absl::StatusOr<Interval> IntervalOf(std::vector<double> estimate, IntervalScale scale, std::span<const IntervalFactor> factors, const IntervalOptions& options) {
  Interval interval;
  interval.estimate = std::move(estimate);
  interval.low.resize(interval.estimate.size());
  interval.high.resize(interval.estimate.size());
  RAPPORT_RETURN_IF_ERROR(options.method == IntervalMethod::kDelta ? ByDelta(factors, Scale(scale), options, interval)
                                                                  : ByBootstrap(factors, options, interval));
  return interval;
}

}  // namespace rapport

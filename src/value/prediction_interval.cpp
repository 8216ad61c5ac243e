#include "rapport/value/prediction_interval.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "rapport/core/parallel.hpp"
#include "rapport/core/status.hpp"
#include "rapport/stats/draws.hpp"
#include "rapport/stats/special.hpp"
#include "rapport/value/models.hpp"

namespace rapport {
namespace {

using Kind = ModelQuestion::Kind;
using SharedModel = std::shared_ptr<const PurchaseModel>;

constexpr double kStep = 5e-3;           // of differences: in logarithms, and of an effect in its standard errors
constexpr std::size_t kRange = 4096;     // rows that the bootstrap answers at a time

absl::Status CheckOptions(const IntervalOptions& options) {
  const auto bad = [](std::string_view option, double found, std::string_view expected) {
    return Invalid("value.invalid_input", absl::StrCat(std::string(option), ": found ", found, ", expected ", std::string(expected)));
  };
  if (!(options.level > 0 && options.level < 1)) return bad("level", options.level, "a number above 0 and below 1");
  if (options.replicates < 2 || options.replicates > 100'000) return bad("replicates", options.replicates, "2 to 100000");
  return absl::OkStatus();
}

// Where an interval is symmetric: chances on the logit, amounts and counts on the logarithm, log-likelihoods as they are.
class Scale {
 public:
  explicit Scale(Kind kind)
      : plain_(kind == Kind::kLogLikelihood), chance_(kind == Kind::kProbabilityAlive || kind == Kind::kPurchaseProbability) {}
  bool log() const { return !plain_; }   // as Answer is asked
  double Of(double answer) const { return chance_ ? answer - stats::Log(-stats::Expm1(answer)) : answer; }   // may be infinite, at 0 and 1
  double Back(double value) const {
    if (plain_) return value;
    return chance_ ? stats::Logistic(value) : std::min(stats::Exp(value), std::numeric_limits<double>::max());
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

absl::StatusOr<Moves> MovesOf(const PurchaseModel& model) {
  const auto none = [](std::string_view why) {
    return FailedPrecondition("value.no_covariance", absl::StrCat("covariance: found none, ", std::string(why)));
  };
  if (!model.report()) return none("as the model was made from parameters; expected a model that was fitted");
  if (model.report()->covariance.empty()) {
    return none(absl::StrCat("as the fit gives none; expected an interior optimum, or use the bootstrap. ", model.report()->diagnosis));
  }
  std::vector<stats::NamedNumber> all = model.parameters();
  // Of a model that chose among whole numbers (k), that choice has no row in the covariance.
  const std::size_t moved = model.report()->covariance.size() - model.effects().size();
  if (moved < all.size()) std::erase_if(all, [](const stats::NamedNumber& param) { return param.name == "k"; });
  Moves moves;
  for (const stats::NamedNumber& param : all) moves.Add(param, true);
  for (const stats::NamedNumber& effect : model.effects()) moves.Add(effect, false);
  RAPPORT_INVARIANT(moves.at.size() == model.report()->covariance.size(), "a covariance has a row for each parameter");
  moves.covariance = model.report()->covariance;
  for (std::size_t i = 0; i < moves.at.size(); ++i) {
    for (std::size_t j = 0; j < moves.at.size(); ++j) {
      moves.covariance[i][j] /= (moves.logarithm[i] ? moves.at[i] : 1) * (moves.logarithm[j] ? moves.at[j] : 1);
    }
  }
  return moves;
}

// The model with one parameter moved by `step`: what is written of it is edited and read back.
absl::StatusOr<SharedModel> Moved(const Json& written, const Moves& moves, std::size_t which, double step) {
  Json edited = written;
  Json& params = edited.if_object()->at("params");
  const double at = moves.at[which];
  params.if_object()->at(moves.names[which]) = moves.logarithm[which] ? at * stats::Exp(step) : at + step;
  return ReadPurchaseModel(edited);
}

// Answers by row on the scale of the interval, and their slope by each move.
class DeltaMethod {
 public:
  DeltaMethod(const PurchaseModel& model, const ModelQuestion& question, const Histories& rows, const IntervalOptions& options)
      : written_(model.ToJson()), question_(question), rows_(rows), options_(options), scale_(question.kind) {}

  absl::StatusOr<std::vector<double>> Answers(const PurchaseModel& model) const {
    std::vector<double> answers(rows_.size());
    RAPPORT_RETURN_IF_ERROR(Answer(model, question_, rows_, answers, {.log = scale_.log(), .threads = options_.threads}));
    for (double& answer : answers) answer = scale_.Of(answer);
    return answers;
  }

  // By central differences of two steps, which cancel their errors up to the fourth power of the step.
  absl::StatusOr<std::vector<double>> Slopes(const Moves& moves, std::size_t which) const {
    const double near = kStep * (moves.logarithm[which] ? 1 : stats::Sqrt(moves.covariance[which][which]));
    std::vector<double> slopes(rows_.size(), 0);
    for (const double step : {near, -near, 2 * near, -2 * near}) {
      RAPPORT_ASSIGN_OR_RETURN(const SharedModel moved, Moved(written_, moves, which, step));
      RAPPORT_ASSIGN_OR_RETURN(const std::vector<double> answers, Answers(*moved));
      const double share = (std::abs(step) == near ? 2.0 / 3 : -1.0 / 6) / step;
      for (std::size_t i = 0; i < slopes.size(); ++i) slopes[i] += share * answers[i];
    }
    return slopes;
  }

  const Scale& scale() const { return scale_; }

 private:
  Json written_;
  const ModelQuestion& question_;
  const Histories& rows_;
  const IntervalOptions& options_;
  Scale scale_;
};

// Standard errors by row, from slopes by move and then by row.
std::vector<double> ErrorsOf(const std::vector<std::vector<double>>& slopes, const stats::Matrix& covariance, std::size_t rows) {
  std::vector<double> errors(rows);
  for (std::size_t row = 0; row < rows; ++row) {
    double variance = 0;
    for (std::size_t i = 0; i < slopes.size(); ++i) {
      for (std::size_t j = 0; j < slopes.size(); ++j) variance += covariance[i][j] * slopes[i][row] * slopes[j][row];
    }
    errors[row] = variance > 0 && std::isfinite(variance) ? stats::Sqrt(variance) : 0;   // neither: a chance that rounds to 0 or 1
  }
  return errors;
}

absl::Status ByDelta(const PurchaseModel& model, const ModelQuestion& question, const Histories& rows, const IntervalOptions& options,
                     Interval& interval) {
  RAPPORT_ASSIGN_OR_RETURN(const Moves moves, MovesOf(model));
  const DeltaMethod delta(model, question, rows, options);
  std::vector<std::vector<double>> slopes;
  for (std::size_t which = 0; which < moves.at.size(); ++which) {
    RAPPORT_ASSIGN_OR_RETURN(std::vector<double> by_row, delta.Slopes(moves, which));
    slopes.push_back(std::move(by_row));
  }
  const std::vector<double> errors = ErrorsOf(slopes, moves.covariance, rows.size());
  RAPPORT_ASSIGN_OR_RETURN(const std::vector<double> centers, delta.Answers(model));
  const double z = stats::NormalQuantile((1 + options.level) / 2);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double estimate = interval.estimate[i];
    const bool certain = !std::isfinite(centers[i]);
    interval.low[i] = certain ? estimate : std::min(estimate, delta.scale().Back(centers[i] - z * errors[i]));
    interval.high[i] = certain ? estimate : std::max(estimate, delta.scale().Back(centers[i] + z * errors[i]));
  }
  return absl::OkStatus();
}

// Rows from `begin` to before `end`.
Histories Part(const Histories& rows, std::size_t begin, std::size_t end) {
  Histories part = rows;
  const auto cut = [&](std::span<const double>& column) { column = column.subspan(begin, end - begin); };
  cut(part.frequency), cut(part.recency), cut(part.age);
  for (auto& column : part.transaction.columns) cut(column);
  for (auto& column : part.dropout.columns) cut(column);
  return part;
}

// Of values sorted upwards, type 7 of Hyndman and Fan.
double Quantile(std::span<const double> sorted, double p) {
  const double at = p * static_cast<double>(sorted.size() - 1);
  const auto below = std::min(static_cast<std::size_t>(at), sorted.size() - 2);
  return sorted[below] + (at - static_cast<double>(below)) * (sorted[below + 1] - sorted[below]);
}

// Models fitted to customers drawn from `model`, those whose fit failed left out.
absl::StatusOr<std::vector<SharedModel>> Refits(const PurchaseModel& model, const Histories& fitted_on, const IntervalOptions& options) {
  std::vector<SharedModel> fits(static_cast<std::size_t>(options.replicates));
  std::vector<absl::Status> failures(fits.size());
  ForRanges(fits.size(), 1, options.threads, [&](std::size_t replicate, std::size_t) {
    std::vector<double> frequency(fitted_on.size()), recency(fitted_on.size());
    Histories drawn = fitted_on;
    failures[replicate] = model.Simulate(stats::Draws(options.seed, replicate).Bits(), fitted_on, frequency, recency);
    if (!failures[replicate].ok()) return;
    drawn.frequency = frequency;
    drawn.recency = recency;
    auto fit = FitPurchaseModel(model.name(), drawn);
    failures[replicate] = fit.status();
    if (fit.ok() && (*fit)->report()->converged) fits[replicate] = *std::move(fit);
  });
  const auto failed = static_cast<int>(std::erase(fits, nullptr));
  if (failed * 10 <= options.replicates) return fits;
  const auto first = std::find_if(failures.begin(), failures.end(), [](const absl::Status& status) { return !status.ok(); });
  if (first != failures.end() && failed == options.replicates) return WithContext(*first, "fitted_on");
  return FailedPrecondition("value.too_few_replicates", absl::StrCat("replicates: found ", failed, " of ", options.replicates,
                                                                     " whose fit did not end at an optimum, expected at most a tenth"));
}

absl::Status ByBootstrap(const PurchaseModel& model, const ModelQuestion& question, const Histories& rows, const IntervalOptions& options,
                         const Histories& fitted_on, Interval& interval) {
  if (fitted_on.size() == 0) return Invalid("value.invalid_input", "fitted_on: found no rows, expected those that the model was fitted on");
  RAPPORT_ASSIGN_OR_RETURN(const std::vector<SharedModel> fits, Refits(model, fitted_on, options));
  std::vector<absl::Status> failures((rows.size() + kRange - 1) / kRange);
  ForRanges(rows.size(), kRange, options.threads, [&](std::size_t begin, std::size_t end) {
    const Histories part = Part(rows, begin, end);
    const std::size_t size = end - begin;
    std::vector<double> answers(fits.size() * size), of_row(fits.size());
    for (std::size_t k = 0; k < fits.size(); ++k) {
      failures[begin / kRange].Update(Answer(*fits[k], question, part, std::span(answers).subspan(k * size, size)));
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

absl::StatusOr<Interval> PredictionInterval(const PurchaseModel& model, const ModelQuestion& question, const Histories& rows,
                                            const IntervalOptions& options, const Histories& fitted_on) {
  RAPPORT_RETURN_IF_ERROR(CheckOptions(options));
  Interval interval;
  interval.estimate.resize(rows.size());
  interval.low.resize(rows.size());
  interval.high.resize(rows.size());
  RAPPORT_RETURN_IF_ERROR(Answer(model, question, rows, interval.estimate, {.threads = options.threads}));
  RAPPORT_RETURN_IF_ERROR(options.method == IntervalMethod::kDelta ? ByDelta(model, question, rows, options, interval)
                                                                  : ByBootstrap(model, question, rows, options, fitted_on, interval));
  return interval;
}

}  // namespace rapport

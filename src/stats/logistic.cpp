#include "rapport/stats/logistic.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "rapport/core/status.hpp"
#include "rapport/stats/special.hpp"
#include "stats/blocked_sum.hpp"
#include "stats/logistic_design.hpp"

namespace rapport::stats {
namespace {

constexpr double kLargestValue = 1e100;
constexpr double kLargestWeight = 1e20;

absl::Status BadCell(std::size_t row, std::string_view column, double found, std::string_view expected) {
  return Invalid("stats.invalid_input",
                 absl::StrCat("row ", row, ", column ", ToAbsl(column), ": found ", found, ", expected ", ToAbsl(expected)));
}

absl::Status CheckSize(std::string_view name, std::size_t found, std::size_t expected) {
  if (found == expected) return absl::OkStatus();
  return Invalid("stats.invalid_input", absl::StrCat("column ", ToAbsl(name), ": found ", found, " rows, expected ", expected));
}

absl::Status CheckInput(std::span<const LogisticColumn> columns, std::span<const double> success, std::span<const double> weights) {
  for (const LogisticColumn& column : columns) {
    RAPPORT_RETURN_IF_ERROR(CheckSize(column.name, column.values.size(), success.size()));
    if (!(column.precision >= 0 && column.precision <= kLargestValue)) {
      return Invalid("stats.invalid_input",
                     absl::StrCat("column ", ToAbsl(column.name), ": found precision ", column.precision, ", expected one from 0 to 1e100"));
    }
    for (std::size_t i = 0; i < success.size(); ++i) {
      if (!(std::abs(column.values[i]) <= kLargestValue)) return BadCell(i, column.name, column.values[i], "a number of at most 1e100 by size");
    }
  }
  if (!weights.empty()) RAPPORT_RETURN_IF_ERROR(CheckSize("weights", weights.size(), success.size()));
  bool any = false;
  for (std::size_t i = 0; i < success.size(); ++i) {
    if (!(success[i] >= 0 && success[i] <= 1)) return BadCell(i, "success", success[i], "a share from 0 to 1");
    if (!weights.empty() && !(weights[i] >= 0 && weights[i] <= kLargestWeight)) return BadCell(i, "weights", weights[i], "a weight from 0 to 1e20");
    any = any || weights.empty() || weights[i] > 0;
  }
  if (any) return absl::OkStatus();
  return FailedPrecondition("stats.too_few_rows", absl::StrCat("found ", success.size(), " rows, none with a weight, expected at least one"));
}

// The penalised negative log-likelihood at a point, with its derivatives.
struct Height {
  std::vector<double> point, gradient;
  Matrix hessian;
  double value = std::numeric_limits<double>::infinity();
  double log_likelihood = 0;
};

Height HeightAt(const LogisticDesign& design, std::vector<double> point) {
  const std::size_t n = design.terms;
  BlockedSumVector sums(1 + n + n * (n + 1) / 2);
  for (std::size_t i = 0; i < design.rows(); ++i) {
    const std::span<const double> row = design.Row(i);
    double eta = 0;
    for (std::size_t j = 0; j < n; ++j) eta += row[j] * point[j];
    const double yes = Logistic(eta), no = Logistic(-eta);
    const double pull = design.losses[i] * yes - design.wins[i] * no, curve = (design.wins[i] + design.losses[i]) * yes * no;
    double* terms = sums.terms();
    *terms++ += design.wins[i] * SoftPlus(-eta) + design.losses[i] * SoftPlus(eta);
    for (std::size_t j = 0; j < n; ++j) *terms++ += pull * row[j];
    for (std::size_t j = 0; j < n; ++j) {
      const double curve_j = curve * row[j];
      for (std::size_t k = 0; k <= j; ++k) *terms++ += curve_j * row[k];
    }
    sums.EndRow();
  }
  const std::vector<double> totals = sums.Totals();
  Height height;
  height.value = totals[0];
  height.log_likelihood = -totals[0];
  height.gradient.assign(totals.begin() + 1, totals.begin() + 1 + static_cast<std::ptrdiff_t>(n));
  height.hessian.assign(n, std::vector<double>(n, 0));
  std::size_t at = 1 + n;
  for (std::size_t j = 0; j < n; ++j) {
    for (std::size_t k = 0; k <= j; ++k) height.hessian[j][k] = height.hessian[k][j] = totals[at++];
    height.value += design.precision[j] * point[j] * point[j] / 2;
    height.gradient[j] += design.precision[j] * point[j];
    height.hessian[j][j] += design.precision[j];
  }
  height.point = std::move(point);
  return height;
}

// Newton's method over the terms that are free; bounded ones begin at 0, held, and are let go one at a time where that helps.
class Search {
 public:
  explicit Search(const LogisticDesign& design) : design_(design), held_(design.terms, false) {
    for (std::size_t j = 0; j < design.terms; ++j) held_[j] = design.collinear[j] || design.bounds[j] != LogisticBound::kNone;
    std::vector<double> start(design.terms, 0.0);
    best_ = HeightAt(design_, std::move(start));
  }

  void Run(int most_iterations) {
    for (; iterations_ < most_iterations; ++iterations_) {
      if (!Step() && !LetGo()) {
        done_ = true;
        return;
      }
    }
  }

  const Height& best() const { return best_; }
  const std::vector<bool>& held() const { return held_; }
  int iterations() const { return iterations_; }
  bool done() const { return done_; }
  // The last step where it separates yes from no; empty: it does not.
  const std::vector<double>& separating() const { return separating_; }
  bool complete() const { return complete_; }

  // The inverse of the free part of the information, zero elsewhere; empty where it is singular.
  Matrix Inverse(double shift = 0) const {
    std::vector<std::size_t> free;
    for (std::size_t j = 0; j < held_.size(); ++j) {
      if (!held_[j]) free.push_back(j);
    }
    Matrix part(free.size(), std::vector<double>(free.size()));
    for (std::size_t a = 0; a < free.size(); ++a) {
      for (std::size_t b = 0; b < free.size(); ++b) part[a][b] = best_.hessian[free[a]][free[b]];
      part[a][a] += shift * (part[a][a] + 1e-9);
    }
    const Matrix inverse = InvertPositiveDefinite(part);
    if (inverse.size() != free.size()) return {};
    Matrix whole(held_.size(), std::vector<double>(held_.size(), 0));
    for (std::size_t a = 0; a < free.size(); ++a) {
      for (std::size_t b = 0; b < free.size(); ++b) whole[free[a]][free[b]] = (inverse[a][b] + inverse[b][a]) / 2;
    }
    return whole;
  }

 private:
  std::vector<double> Direction() const {
    Matrix inverse = Inverse();
    for (double shift = 1e-10; inverse.empty() && shift < 1e10; shift *= 10) inverse = Inverse(shift);
    std::vector<double> step(held_.size(), 0.0);
    for (std::size_t j = 0; j < inverse.size(); ++j) {
      for (std::size_t k = 0; k < inverse.size(); ++k) step[j] -= inverse[j][k] * best_.gradient[k];
    }
    return step;
  }

  // Whether there is more to do with the terms that are free now.
  bool Step() {
    const std::vector<double> step = Direction();
    double length = 0, gain = 0;
    for (std::size_t j = 0; j < step.size(); ++j) {
      length = std::max(length, std::abs(step[j]));
      gain -= step[j] * best_.gradient[j] / 2;
    }
    separating_.clear();
    if (gain < 1e-5 && length > 1e-3 && Separates(step)) return false;
    return Walk(step, length) && length > 1e-7;
  }

  // How far along `step` the first bound lies, and whose.
  std::pair<double, std::size_t> FirstBound(const std::vector<double>& step) const {
    std::pair<double, std::size_t> first{std::numeric_limits<double>::infinity(), step.size()};
    for (std::size_t j = 0; j < step.size(); ++j) {
      const LogisticBound bound = design_.bounds[j];
      const bool towards = (bound == LogisticBound::kNotPositive && step[j] > 0) || (bound == LogisticBound::kNotNegative && step[j] < 0);
      if (towards && !held_[j]) first = std::min(first, {std::abs(best_.point[j] / step[j]), j});
    }
    return first;
  }

  bool Walk(const std::vector<double>& step, double length) {
    const auto [room, blocking] = FirstBound(step);
    double slope = 0;
    for (std::size_t j = 0; j < step.size(); ++j) slope += step[j] * best_.gradient[j];
    double factor = std::min(1.0, room);
    for (int halving = 0; halving < 40; ++halving, factor /= 2) {
      std::vector<double> point = best_.point;
      for (std::size_t j = 0; j < point.size(); ++j) point[j] += factor * step[j];
      const bool at_bound = factor == room;
      if (at_bound) point[blocking] = 0;
      Height trial = HeightAt(design_, std::move(point));
      const bool falls = trial.value <= best_.value + 1e-4 * factor * slope;
      const bool last_digits = length * factor < 1e-3 && trial.value <= best_.value + 1e-13 * (1 + std::abs(best_.value));
      if (!falls && !last_digits) continue;
      best_ = std::move(trial);
      if (at_bound) held_[blocking] = true;
      return true;
    }
    return false;
  }

  // Lets go of the held term that pulls hardest away from its bound; false: none does.
  bool LetGo() {
    double hardest = 0;
    std::size_t term = held_.size();
    for (std::size_t j = 0; j < held_.size(); ++j) {
      if (!held_[j] || design_.collinear[j]) continue;
      const double pull = design_.bounds[j] == LogisticBound::kNotPositive ? best_.gradient[j] : -best_.gradient[j];
      const double gain = best_.hessian[j][j] > 0 ? pull * std::abs(pull) / best_.hessian[j][j] : 0;
      if (gain > std::max(hardest, 1e-14 * (1 + std::abs(best_.value)))) {
        hardest = gain;
        term = j;
      }
    }
    if (term == held_.size()) return false;
    held_[term] = false;
    return true;
  }

  // Whether going on along `step` for ever loses nothing: yes-rows rise, no-rows fall, rows with both stand still, and no prior or bound minds
  // (Albert and Anderson 1984). Far out, a Newton step moves separated rows by about one and the others by about nothing.
  bool Separates(const std::vector<double>& step) {
    constexpr double kStill = 1e-4;
    double largest = 0;
    bool every = true;
    for (std::size_t i = 0; i < design_.rows(); ++i) {
      const std::span<const double> row = design_.Row(i);
      double moved = 0;
      for (std::size_t j = 0; j < step.size(); ++j) moved += row[j] * step[j];
      largest = std::max(largest, std::abs(moved));
      const bool wrong = (moved > kStill && design_.losses[i] > 0) || (moved < -kStill && design_.wins[i] > 0);
      if (wrong) return false;
      every = every && std::abs(moved) > kStill;
    }
    if (largest < 0.1) return false;
    for (std::size_t j = 0; j < step.size(); ++j) {
      if (design_.precision[j] > 0 && std::abs(step[j]) > kStill) return false;
      if (design_.bounds[j] == LogisticBound::kNotPositive && step[j] > kStill) return false;
      if (design_.bounds[j] == LogisticBound::kNotNegative && step[j] < -kStill) return false;
    }
    separating_ = step;
    complete_ = every;
    return true;
  }

  const LogisticDesign& design_;
  std::vector<bool> held_;
  Height best_;
  std::vector<double> separating_;
  bool complete_ = false, done_ = false;
  int iterations_ = 0;
};

// Back from centred and scaled terms: coefficient_j = inside_j / scale_j, const = inside_0 - sum of centre_j coefficient_j.
void GiveBack(const LogisticDesign& design, const Search& search, LogisticFit& fit) {
  const std::size_t n = design.terms;
  Matrix back(n, std::vector<double>(n, 0));
  for (std::size_t j = 0; j < n; ++j) {
    back[j][j] = 1 / design.scale[j];
    if (design.constant && j > 0) back[0][j] = -design.centre[j] / design.scale[j];
  }
  fit.coefficients.assign(n, 0);
  for (std::size_t j = 0; j < n; ++j) {
    for (std::size_t k = 0; k < n; ++k) fit.coefficients[j] += back[j][k] * search.best().point[k];
  }
  if (!fit.converged()) return;
  const Matrix inside = search.Inverse();
  if (inside.empty()) return;
  const auto product = [n](const Matrix& left, const Matrix& right, bool transposed) {
    Matrix out(n, std::vector<double>(n, 0));
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < n; ++j) {
        for (std::size_t k = 0; k < n; ++k) out[i][j] += left[i][k] * (transposed ? right[j][k] : right[k][j]);
      }
    }
    return out;
  };
  fit.covariance = product(product(back, inside, false), back, true);
  for (std::size_t j = 0; j < n; ++j) {
    for (std::size_t k = 0; k < j; ++k) fit.covariance[j][k] = fit.covariance[k][j] = (fit.covariance[j][k] + fit.covariance[k][j]) / 2;
    fit.standard_errors.push_back(Sqrt(fit.covariance[j][j]));
  }
}

std::string Joined(const std::vector<std::string>& names) { return absl::StrJoin(names, ", "); }

std::string DiagnosisOf(const LogisticFit& fit, const std::vector<std::string>& collinear) {
  std::vector<std::string> bound;
  for (std::size_t j = 0; j < fit.names.size(); ++j) {
    if (fit.holds[j] == LogisticHold::kAtBound) bound.push_back(fit.names[j]);
  }
  const std::string held = absl::StrCat(bound.empty() ? "" : absl::StrCat(" Held at the bound 0: ", Joined(bound), "."),
                                        collinear.empty() ? "" : absl::StrCat(" Held at 0, as combinations of the columns before: ", Joined(collinear), "."));
  switch (fit.end) {
    case LogisticEnd::kConverged: return absl::StrCat(bound.empty() ? "An interior optimum." : "The optimum within the bounds.", held);
    case LogisticEnd::kSingular: return absl::StrCat("Collinear columns: their coefficients are not determined one by one.", held);
    case LogisticEnd::kSeparated:
      return absl::StrCat("Completely separated: ", Joined(fit.named), " tell every yes from every no, so the best coefficients are infinite.", held);
    case LogisticEnd::kQuasiSeparated:
      return absl::StrCat("Partly separated: along ", Joined(fit.named), " some rows are all yes or all no, so the best coefficients are infinite.", held);
    case LogisticEnd::kStopped: return absl::StrCat("The search stopped before it was certain of the optimum.", held);
  }
  return held;
}

void Tell(const LogisticDesign& design, const Search& search, LogisticFit& fit) {
  std::vector<std::string> collinear;
  fit.holds.assign(design.terms, LogisticHold::kFree);
  for (std::size_t j = 0; j < design.terms; ++j) {
    if (design.collinear[j]) {
      fit.holds[j] = LogisticHold::kCollinear;
      collinear.push_back(fit.names[j]);
    } else if (search.held()[j]) {
      fit.holds[j] = LogisticHold::kAtBound;
    }
  }
  if (!search.done()) {
    fit.end = LogisticEnd::kStopped;
  } else if (!search.separating().empty()) {
    fit.end = search.complete() ? LogisticEnd::kSeparated : LogisticEnd::kQuasiSeparated;
    // In terms that are not centred the constant's part is what the others leave of it.
    std::vector<double> step = search.separating();
    for (std::size_t j = 1; design.constant && j < design.terms; ++j) step[0] -= step[j] * design.centre[j] / design.scale[j];
    for (std::size_t j = 0; j < design.terms; ++j) {
      if (std::abs(step[j]) > 1e-3) fit.named.push_back(fit.names[j]);
    }
  } else if (!collinear.empty()) {
    fit.end = LogisticEnd::kSingular;
    fit.named = collinear;
  }
  fit.diagnosis = DiagnosisOf(fit, collinear);
}

}  // namespace

std::string_view NameOf(LogisticEnd end) {
  switch (end) {
    case LogisticEnd::kConverged: return "converged";
    case LogisticEnd::kSeparated: return "separated";
    case LogisticEnd::kQuasiSeparated: return "quasi_separated";
    case LogisticEnd::kSingular: return "singular";
    case LogisticEnd::kStopped: return "stopped";
  }
  return "stopped";
}

std::size_t LogisticFit::IndexOf(std::string_view name) const {
  return static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
}

double LogisticFit::Probability(std::span<const double> row) const {
  const std::size_t constant = names.size() - row.size();
  RAPPORT_INVARIANT(constant <= 1, "a row has a value for each column");
  double eta = constant == 1 ? coefficients[0] : 0;
  for (std::size_t j = 0; j < row.size(); ++j) eta += coefficients[constant + j] * row[j];
  return Logistic(eta);
}

absl::StatusOr<LogisticFit> FitLogistic(std::span<const LogisticColumn> columns, std::span<const double> success, std::span<const double> weights,
                                        const LogisticOptions& options) {
  RAPPORT_RETURN_IF_ERROR(CheckInput(columns, success, weights));
  const LogisticDesign design = MakeDesign(columns, success, weights, options.constant);
  Search search(design);
  search.Run(options.most_iterations);
  LogisticFit fit;
  if (options.constant) fit.names.emplace_back("const");
  for (const LogisticColumn& column : columns) fit.names.emplace_back(column.name);
  BlockedSums<2> sums;
  for (std::size_t i = 0; i < design.rows(); ++i) sums.Add({design.wins[i] + design.losses[i], design.wins[i]});
  const auto [rows, successes] = sums.Totals();
  fit.rows = rows;
  fit.successes = successes;
  fit.log_likelihood = search.best().log_likelihood;
  fit.iterations = search.iterations();
  Tell(design, search, fit);
  GiveBack(design, search, fit);
  return fit;
}

}  // namespace rapport::stats

// Floor 1. Logistic regression: how the chance of a yes moves with columns of numbers.
//
// logit P(yes) = const + sum of coefficient_j * column_j, by maximum likelihood (Cox 1958) with Newton's method, which for this likelihood is
// iteratively reweighted least squares. The log-likelihood is concave, so there is one optimum or none. Standard errors are from the inverse of
// the observed information. Inside, columns are centred and scaled by a power of two; results are in the caller's units.
//
//   const LogisticColumn columns[] = {{"late", late}, {"days", days, LogisticBound::kNotPositive}};
//   auto fit = FitLogistic(columns, satisfied);
//   fit->coefficients[fit->IndexOf("late")];
//
// A bound holds a coefficient on one side of 0 (a primal active set over the bounds, Nocedal and Wright 2006, 16.5). A precision is that of a normal
// prior with mean 0 (ridge: its half times the square is subtracted from the log-likelihood), in units of one over the square of the coefficient.
//
// Where no finite optimum exists the fit says so and names the columns: complete separation (the columns tell every yes from every no), quasi-complete
// (they do for some rows, and the rest lies on the border; Albert and Anderson 1984), collinear columns. Nothing is NaN. Pure; any thread.
#ifndef RAPPORT_STATS_LOGISTIC_HPP_
#define RAPPORT_STATS_LOGISTIC_HPP_

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "rapport/stats/optimize.hpp"

namespace rapport::stats {

enum class LogisticBound { kNone, kNotPositive, kNotNegative };

struct LogisticColumn {
  std::string_view name;
  std::span<const double> values;               // one a row, finite, at most 1e100 by size
  LogisticBound bound = LogisticBound::kNone;
  double precision = 0;                         // of a normal prior around 0; 0: none
};

struct LogisticOptions {
  bool constant = true;       // a first coefficient "const" for a column of ones, without bound or prior
  int most_iterations = 200;
};

enum class LogisticEnd {
  kConverged,
  kSeparated,        // complete: no finite optimum; coefficients are where nothing more was to be gained
  kQuasiSeparated,   // the same along some columns; `named` says which
  kSingular,         // collinear columns; those `named` are held at 0 and the rest is fitted
  kStopped,          // most_iterations came first
};
// "converged", "separated", "quasi_separated", "singular", "stopped".
std::string_view NameOf(LogisticEnd end);

enum class LogisticHold { kFree, kAtBound, kCollinear };

struct LogisticFit {
  std::vector<std::string> names;               // "const" first, then the columns in their order
  std::vector<double> coefficients;
  // From the observed information, a held coefficient taken as known: zero row and column. Empty unless kConverged or kSingular.
  Matrix covariance;
  std::vector<double> standard_errors;
  std::vector<LogisticHold> holds;              // a coefficient a place
  double log_likelihood = 0;                    // without the prior
  double rows = 0, successes = 0;               // sums of weights
  int iterations = 0;
  LogisticEnd end = LogisticEnd::kConverged;
  std::vector<std::string> named;               // the columns that `end` is about
  std::string diagnosis;                        // one plain sentence

  bool converged() const { return end == LogisticEnd::kConverged || end == LogisticEnd::kSingular; }
  // names.size() where there is none.
  std::size_t IndexOf(std::string_view name) const;
  // The chance of a yes for one row of column values (without the constant's one).
  double Probability(std::span<const double> row) const;
};

// `success` is 1 or 0 a row, or a share in between; `weights` empty: one each; 0 leaves a row out. Equal rows are folded into one weighted row first; no
// bit shows the order of rows, nor whether a weight of 2 or two rows said it. Tokens: `stats.invalid_input` names row and column, found and expected;
// `stats.too_few_rows` where no row has a weight. O(n log n) to fold, then O(distinct rows * columns^2) for each of about ten iterations.
absl::StatusOr<LogisticFit> FitLogistic(std::span<const LogisticColumn> columns, std::span<const double> success,
                                        std::span<const double> weights = {}, const LogisticOptions& options = {});

}  // namespace rapport::stats

#endif  // RAPPORT_STATS_LOGISTIC_HPP_

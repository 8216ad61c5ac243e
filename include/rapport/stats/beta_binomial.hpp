// Floor 1. Shares of many small groups: what is known about one, given all of them.
//
// Group i kept k_i of n_i. Its true share is Beta(alpha, beta) over the groups and k_i is binomial given it (Skellam 1948); alpha and beta come from
// all groups by maximum likelihood (empirical Bayes, Robbins 1956), and the share of one group is then Beta(alpha + k, beta + n - k): a group of few is
// drawn towards the mean of all, a group of many stands for itself. alpha + beta is the concentration: a group that kept none of nothing
// counts as so many promises kept at the mean.
//
// Where groups differ no more than chance lets them, the likelihood is highest at an infinite concentration: there is one share, which all groups have.
// That is told, and a group's posterior is that of the common share, Beta(kept + 1/2, broken + 1/2) over all (Jeffreys 1946), never a point.
// What a fit does not know is the doubt in alpha and beta themselves; with fewer than ten groups intervals are somewhat too short. Pure; any thread.
#ifndef RAPPORT_STATS_BETA_BINOMIAL_HPP_
#define RAPPORT_STATS_BETA_BINOMIAL_HPP_

#include <optional>
#include <span>
#include <string>

#include "absl/status/statusor.h"

namespace rapport::stats {

struct GroupCount {
  double kept = 0, settled = 0;   // whole numbers, 0 <= kept <= settled <= 1e9
};

// A Beta distribution of one share.
struct ShareBelief {
  double alpha = 1, beta = 1;     // above 0
  double Mean() const { return alpha / (alpha + beta); }
  // The share below which it lies with chance p.
  double Quantile(double p) const;
  // P(share < threshold).
  double Below(double threshold) const;
  // P(share < other's share - margin), both independent: by 64 equally likely values of the other, to about 1e-3.
  double BelowOther(const ShareBelief& other, double margin = 0) const;
};

class BetaBinomial {
 public:
  // Groups with settled = 0 tell nothing and are passed over. Tokens: `stats.invalid_input` names group and field; `stats.too_few_rows` where no group
  // settled anything. Equal groups are folded; the order of groups shows nowhere. O(n log n), then about ten evaluations over distinct groups.
  static absl::StatusOr<BetaBinomial> Fit(std::span<const GroupCount> groups);
  // `stats.invalid_input` unless both are above 0 and at most 1e9.
  static absl::StatusOr<BetaBinomial> Make(double alpha, double beta);

  // Absent where the concentration is infinite.
  const std::optional<ShareBelief>& prior() const { return prior_; }
  double mean() const { return mean_; }
  // What is known of a group that kept so many of so many.
  ShareBelief Of(GroupCount group) const;

  double log_likelihood() const { return log_likelihood_; }   // without the binomial coefficients
  double groups() const { return groups_; }                   // that settled something
  const std::string& diagnosis() const { return diagnosis_; }

 private:
  std::optional<ShareBelief> prior_;
  ShareBelief common_;          // of the share of all, for where there is no prior
  double mean_ = 0, log_likelihood_ = 0, groups_ = 0;
  std::string diagnosis_;
};

}  // namespace rapport::stats

#endif  // RAPPORT_STATS_BETA_BINOMIAL_HPP_

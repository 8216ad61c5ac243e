// Floor 3. Who promises more than is kept: kept shares and bias by rep, by product and by dimension.
//
// Counts first: `KeptCounts` takes settled promises and adds up; counts of parts of a book merge into those of the whole. Then `JudgeKeptShares` over the
// groups of one kind (all reps, or all products):
//
//   share       what is known of the group's true kept share, shrunk: Beta(alpha + kept, beta + broken), alpha and beta by empirical Bayes over
//               the groups that do not over-promise (stats/beta_binomial.hpp)
//   rest        the kept share of the others, without those that over-promise: one bad rep does not make the next one look good
//   bias_days   the group's true mean margin in days (positive early), shrunk: normal-normal empirical Bayes, both variances by moments
//               (one-way analysis of variance, Searle 1971)
//   probability_worse  P(true share < the rest's)
//   over_promises      P(true share < the rest's - 5 points) >= 0.85
//
// The two probabilities are from the group's own promises and two more at the rest's share, so a group of few says little against itself, and nobody is
// drawn towards others before being compared with them. A group that over-promises is shown with this belief too. Five points keep a rep of many
// promises, a hair below the others, from the verdict. Who over-promises is found in rounds: against the larger of the pooled share and the median
// of the groups' shares first, then each time against the others found honest, until nothing changes.
//
// Planted over-promisers (kept 0.6 where honest reps keep 0.9), ten reps, found / honest ones accused: at 10 promises each about one in two / one in fifty; at
// 30 nearly all / one in a hundred; at 100 all / none (docs/promise_estimates.md has the figures). Reports about people are for managers only.
// Pure; any thread. Never NaN.
#ifndef RAPPORT_EXPECTATION_KEPT_SHARE_HPP_
#define RAPPORT_EXPECTATION_KEPT_SHARE_HPP_

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "rapport/core/json.hpp"
#include "rapport/core/table.hpp"

namespace rapport {

// One settled promise: kept (kept or exceeded) or broken (short, late, short and late, overdue). Renegotiated and withdrawn ones do not come here.
struct SettledPromise {
  std::string_view rep = {}, product = {}, dimension = {};   // "" where there is none
  bool kept = false;
  std::optional<double> margin_days = std::nullopt;          // calendar days, positive early; at most 1e6 by size
  std::optional<double> margin_quantity = std::nullopt;      // delivered minus promised; at most 1e15 by size
};

// What adds up over promises. Margins of days are whole, so that their sums are exact in any order.
struct KeptCount {
  double settled = 0, kept = 0;
  double margins = 0, days = 0, days_squared = 0;        // how many margins in days there are, their sum, the sum of their squares
  double quantities = 0, quantity = 0;                   // how many margins of quantity, their sum
  void Add(const SettledPromise& promise);
  void Merge(const KeptCount& other);
  friend bool operator==(const KeptCount&, const KeptCount&) = default;
};
using KeptGroups = std::map<std::string, KeptCount, std::less<>>;

enum class KeptBy { kRep, kProduct, kDimension };
std::string_view NameOf(KeptBy by);   // "rep", "product", "dimension"

struct KeptCounts {
  KeptGroups reps, products, dimensions;
  // `expectation.invalid_input` names the field where a margin is not finite or too large; then nothing was counted. O(log groups).
  absl::Status Add(const SettledPromise& promise);
  void Merge(const KeptCounts& other);
  const KeptGroups& Of(KeptBy by) const;
  // {"rep":{name:[settled, kept, margins, days, days_squared, quantities, quantity]}, "product":{...}, "dimension":{...}}
  Json ToJson() const;
  static absl::StatusOr<KeptCounts> FromJson(const Json& json);
  friend bool operator==(const KeptCounts&, const KeptCounts&) = default;
};

struct KeptShareOptions {
  double level = 0.95;         // of the intervals
  double margin = 0.05;        // below the rest by so much to count as over-promising
  double certainty = 0.85;     // with at least this probability
};

struct KeptShare {
  std::string name;
  double settled = 0, kept = 0;
  double share = 0, low = 0, high = 0;
  std::optional<double> rest;                  // none where nobody else settled anything
  std::optional<double> probability_worse;
  bool over_promises = false;
  std::optional<double> bias_days, bias_low, bias_high;   // none where no promise of any group has a margin
  std::optional<double> mean_margin_quantity;
};

// A row a group that settled something, by name. `expectation.invalid_input` for options out of range (level, certainty in (0, 1), margin in [0, 1)).
// O(groups) a round, at most 20 rounds.
absl::StatusOr<std::vector<KeptShare>> JudgeKeptShares(const KeptGroups& groups, const KeptShareOptions& options = {});

// Columns by, name, settled, kept, share, low, high, rest, probability_worse, over_promises, bias_days, bias_low, bias_high, mean_margin_quantity: reps, then
// products, then dimensions.
absl::StatusOr<Table> KeptShareTable(const KeptCounts& counts, const KeptShareOptions& options = {});

}  // namespace rapport

#endif  // RAPPORT_EXPECTATION_KEPT_SHARE_HPP_

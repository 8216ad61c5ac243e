#include "rapport/expectation/kept_share.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "absl/strings/str_cat.h"
#include "rapport/core/status.hpp"
#include "rapport/stats/beta_binomial.hpp"
#include "rapport/stats/special.hpp"
#include "stats/blocked_sum.hpp"

namespace rapport {
namespace {

using stats::ShareBelief;

constexpr double kFurther = 2;            // promises at the rest's share, beside a group's own
constexpr double kEnoughToBeSure = 2000;  // settled by the rest: its share is then known to half a point, and taken as known
constexpr int kMostRounds = 20;

struct Rest {
  double kept = 0, settled = 0;
  double Share() const { return (kept + 0.5) / (settled + 1); }
};

// A group on its way to a row.
struct Group {
  const std::string* name;
  const KeptCount* count;
  Rest rest;
  double worse = 0, far_worse = 0;
  bool accused = false;
};

absl::Status CheckOptions(const KeptShareOptions& options) {
  const auto bad = [](const char* field, double found, const char* expected) {
    return Invalid("expectation.invalid_input", absl::StrCat(field, ": found ", found, ", expected a number ", expected));
  };
  if (!(options.level > 0 && options.level < 1)) return bad("level", options.level, "between 0 and 1");
  if (!(options.certainty > 0 && options.certainty < 1)) return bad("certainty", options.certainty, "between 0 and 1");
  if (!(options.margin >= 0 && options.margin < 1)) return bad("margin", options.margin, "from 0 to below 1");
  return absl::OkStatus();
}

ShareBelief OwnBelief(const Group& group) {
  const double at = group.rest.Share();
  return {group.count->kept + kFurther * at, group.count->settled - group.count->kept + kFurther * (1 - at)};
}

double Below(const ShareBelief& own, const Rest& rest, double margin) {
  if (rest.settled >= kEnoughToBeSure) return own.Below(rest.Share() - margin);
  return own.BelowOther({rest.kept + 0.5, rest.settled - rest.kept + 0.5}, margin);
}

Rest Total(const std::vector<Group>& groups, bool honest_only) {
  Rest total;
  for (const Group& group : groups) {
    if (honest_only && group.accused) continue;
    total.kept += group.count->kept, total.settled += group.count->settled;   // whole: exact in any order
  }
  return total;
}

// The share that half of all promises belong to groups at or above of, each group's drawn a little towards all.
double UpperMedian(const std::vector<Group>& groups, const Rest& all) {
  std::vector<std::pair<double, double>> shares;
  for (const Group& group : groups) {
    shares.emplace_back((group.count->kept + kFurther * all.Share()) / (group.count->settled + kFurther), group.count->settled);
  }
  std::sort(shares.begin(), shares.end());
  double above = 0;
  for (auto at = shares.rbegin(); at != shares.rend(); ++at) {
    above += at->second;
    if (above >= all.settled / 2) return at->first;
  }
  return all.Share();
}

// One round against the rests as they are; whether anybody's verdict changed.
bool Round(std::vector<Group>& groups, const KeptShareOptions& options) {
  bool changed = false;
  for (Group& group : groups) {
    const bool before = group.accused;
    group.far_worse = group.rest.settled > 0 ? Below(OwnBelief(group), group.rest, options.margin) : 0;
    group.accused = group.far_worse >= options.certainty;
    changed = changed || group.accused != before;
  }
  return changed;
}

void FindOverPromisers(std::vector<Group>& groups, const KeptShareOptions& options) {
  const Rest all = Total(groups, false);
  const double first = std::max(all.Share(), UpperMedian(groups, all));
  for (Group& group : groups) {
    const double others = all.settled - group.count->settled;
    group.rest = {first * others, others};
  }
  Round(groups, options);
  for (int round = 0; round < kMostRounds; ++round) {
    const Rest honest = Total(groups, true);
    for (Group& group : groups) {
      const KeptCount& own = *group.count;
      group.rest = group.accused ? honest : Rest{honest.kept - own.kept, honest.settled - own.settled};
      if (group.rest.settled == 0) group.rest = {all.kept - own.kept, all.settled - own.settled};   // nobody else is honest
    }
    if (!Round(groups, options)) break;
  }
  for (Group& group : groups) group.worse = group.rest.settled > 0 ? Below(OwnBelief(group), group.rest, 0) : 0;
}

// Shares as they are shown.
void AddShares(const std::vector<Group>& groups, const KeptShareOptions& options, std::vector<KeptShare>& rows) {
  std::vector<stats::GroupCount> honest;
  for (const Group& group : groups) {
    if (!group.accused) honest.push_back({group.count->kept, group.count->settled});
  }
  const absl::StatusOr<stats::BetaBinomial> prior = stats::BetaBinomial::Fit(honest);
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const Group& group = groups[i];
    const bool own = group.accused || !prior.ok();
    const ShareBelief belief = own ? OwnBelief(group) : prior->Of({group.count->kept, group.count->settled});
    rows[i].share = belief.Mean();
    rows[i].low = belief.Quantile((1 - options.level) / 2);
    rows[i].high = belief.Quantile((1 + options.level) / 2);
  }
}

// One-way analysis of variance over margins in days.
struct Variances {
  double groups = 0, margins = 0, mean = 0;
  double within = 0, between = 0;
};

Variances VariancesOf(const std::vector<Group>& groups) {
  stats::BlockedSums<5> sums;
  for (const Group& group : groups) {
    const KeptCount& c = *group.count;
    if (c.margins > 0) sums.Add({1, c.margins, c.days, c.days_squared, c.margins * c.margins});
  }
  const auto [count, margins, days, squares, margins_squared] = sums.Totals();
  Variances v{count, margins, 0, 0, 0};
  if (margins == 0) return v;
  v.mean = days / margins;
  stats::BlockedSums<2> around;   // within and between, around means: no cancellation
  for (const Group& group : groups) {
    const KeptCount& c = *group.count;
    if (c.margins == 0) continue;
    const double mean = c.days / c.margins;
    around.Add({std::max(c.days_squared - c.days * mean, 0.0), c.margins * (mean - v.mean) * (mean - v.mean)});
  }
  const auto [within, between] = around.Totals();
  v.within = margins > count ? within / (margins - count) : 0;
  const double spread = margins - margins_squared / margins;
  v.between = spread > 0 ? std::max((between - (count - 1) * v.within) / spread, 0.0) : 0;
  return v;
}

void AddBias(const std::vector<Group>& groups, const KeptShareOptions& options, std::vector<KeptShare>& rows) {
  const Variances v = VariancesOf(groups);
  if (v.margins == 0) return;
  const double z = stats::NormalQuantile((1 + options.level) / 2);
  const double of_all = v.within / v.margins;   // of the common mean, where groups do not differ
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const KeptCount& c = *groups[i].count;
    double weight = 0, variance = v.between > 0 ? v.between : of_all;
    if (v.between > 0 && c.margins > 0) {
      const double noise = v.within / c.margins;
      weight = v.between / (v.between + noise);
      variance = weight * noise;
    }
    const double own = c.margins > 0 ? c.days / c.margins : v.mean;
    const double bias = v.mean + weight * (own - v.mean);
    rows[i].bias_days = bias;
    rows[i].bias_low = bias - z * stats::Sqrt(variance);
    rows[i].bias_high = bias + z * stats::Sqrt(variance);
  }
}

}  // namespace

absl::StatusOr<std::vector<KeptShare>> JudgeKeptShares(const KeptGroups& groups, const KeptShareOptions& options) {
  RAPPORT_RETURN_IF_ERROR(CheckOptions(options));
  std::vector<Group> judged;
  for (const auto& [name, count] : groups) {
    if (count.settled > 0) judged.push_back({&name, &count, {}, 0, 0, false});
  }
  FindOverPromisers(judged, options);
  std::vector<KeptShare> rows(judged.size());
  AddShares(judged, options, rows);
  AddBias(judged, options, rows);
  for (std::size_t i = 0; i < judged.size(); ++i) {
    const Group& group = judged[i];
    KeptShare& row = rows[i];
    row.name = *group.name;
    row.settled = group.count->settled;
    row.kept = group.count->kept;
    row.over_promises = group.accused;
    if (group.rest.settled > 0) {
      row.rest = group.rest.kept / group.rest.settled;
      row.probability_worse = group.worse;
    }
    if (group.count->quantities > 0) row.mean_margin_quantity = group.count->quantity / group.count->quantities;
  }
  return rows;
}

absl::StatusOr<Table> KeptShareTable(const KeptCounts& counts, const KeptShareOptions& options) {
  constexpr ColumnType kNumber = ColumnType::kNumber;
  Table table({{"by", ColumnType::kText}, {"name", ColumnType::kText}, {"settled", ColumnType::kInteger}, {"kept", ColumnType::kInteger},
               {"share", kNumber}, {"low", kNumber}, {"high", kNumber}, {"rest", kNumber}, {"probability_worse", kNumber},
               {"over_promises", ColumnType::kBool}, {"bias_days", kNumber}, {"bias_low", kNumber}, {"bias_high", kNumber},
               {"mean_margin_quantity", kNumber}});
  const auto cell = [](const std::optional<double>& value) { return value ? Cell(*value) : Cell(); };
  for (const KeptBy by : {KeptBy::kRep, KeptBy::kProduct, KeptBy::kDimension}) {
    RAPPORT_ASSIGN_OR_RETURN(const std::vector<KeptShare> rows, JudgeKeptShares(counts.Of(by), options));
    for (const KeptShare& row : rows) {
      table.AppendRow({std::string(NameOf(by)), row.name, static_cast<std::int64_t>(row.settled), static_cast<std::int64_t>(row.kept), row.share, row.low,
                       row.high, cell(row.rest), cell(row.probability_worse), row.over_promises, cell(row.bias_days), cell(row.bias_low),
                       cell(row.bias_high), cell(row.mean_margin_quantity)});
    }
  }
  return table;
}

}  // namespace rapport

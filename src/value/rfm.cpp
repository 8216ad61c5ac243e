#include "rapport/value/rfm.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "absl/strings/str_cat.h"
#include "rapport/core/status.hpp"

namespace rapport {
namespace {

using enum RfmSegment;
// By recency, then frequency, from 1.
constexpr RfmSegment kSegments[5][5] = {
    {kLost, kHibernating, kAtRisk, kAtRisk, kCannotLose},
    {kHibernating, kHibernating, kAtRisk, kAtRisk, kCannotLose},
    {kAboutToSleep, kAboutToSleep, kNeedAttention, kLoyal, kLoyal},
    {kPromising, kPotentialLoyalists, kPotentialLoyalists, kLoyal, kLoyal},
    {kNewCustomers, kPotentialLoyalists, kPotentialLoyalists, kChampions, kChampions},
};

absl::Status CheckColumn(std::span<const double> column, std::size_t size, std::string_view field, double least) {
  if (column.size() != size) {
    return Invalid("value.invalid_input", absl::StrCat("field ", std::string(field), ": found ", column.size(), " rows, expected ", size));
  }
  for (std::size_t row = 0; row < size; ++row) {
    if (std::isfinite(column[row]) && column[row] >= least) continue;
    return Invalid("value.invalid_input", absl::StrCat("row ", row, ", field ", std::string(field), ": found ", column[row], ", expected ",
                                                       least == 0 ? "a number of 0 or more" : "a finite number"));
  }
  return absl::OkStatus();
}

absl::Status CheckOptions(const RfmOptions& options) {
  if (options.bins < 2 || options.bins > 100) return Invalid("value.invalid_input", absl::StrCat("bins: found ", options.bins, ", expected 2 to 100"));
  double sum = 0;
  for (const double weight : {options.recency_weight, options.frequency_weight, options.monetary_weight}) {
    if (!(weight >= 0 && weight <= 1e9)) return Invalid("value.invalid_input", absl::StrCat("weights: found ", weight, ", expected numbers from 0 to 1e9"));
    sum += weight;
  }
  return sum > 0 ? absl::OkStatus() : Invalid("value.invalid_input", "weights: found only 0, expected one above it");
}

// `sign` is -1 where less is better.
std::vector<int> Scores(std::span<const double> values, double sign, int bins) {
  std::vector<double> sorted(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) sorted[i] = sign * values[i];
  std::sort(sorted.begin(), sorted.end());
  std::vector<int> scores(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto [first, last] = std::equal_range(sorted.begin(), sorted.end(), sign * values[i]);
    const std::int64_t worse = first - sorted.begin(), better = sorted.end() - last;
    scores[i] = worse + better == 0 ? (bins + 1) / 2 : static_cast<int>(std::min<std::int64_t>(bins, 1 + worse * bins / (worse + better)));
  }
  return scores;
}

}  // namespace

std::string_view NameOf(RfmSegment segment) {
  static constexpr std::string_view kNames[] = {"champions", "loyal", "potential_loyalists", "new_customers", "promising", "need_attention",
                                                "about_to_sleep", "at_risk", "cannot_lose", "hibernating", "lost"};
  return kNames[static_cast<std::size_t>(segment)];
}

RfmSegment SegmentOf(int recency_score, int frequency_score) {
  return kSegments[std::clamp(recency_score, 1, 5) - 1][std::clamp(frequency_score, 1, 5) - 1];
}

absl::StatusOr<std::vector<RfmRow>> ScoreRfm(const RfmColumns& customers, const RfmOptions& options) {
  const std::size_t n = customers.since_last.size();
  RAPPORT_RETURN_IF_ERROR(CheckOptions(options));
  RAPPORT_RETURN_IF_ERROR(CheckColumn(customers.since_last, n, "since_last", 0));
  RAPPORT_RETURN_IF_ERROR(CheckColumn(customers.frequency, n, "frequency", 0));
  const bool money = !customers.monetary.empty();
  if (money) RAPPORT_RETURN_IF_ERROR(CheckColumn(customers.monetary, n, "monetary", -std::numeric_limits<double>::max()));
  const std::vector<int> recency = Scores(customers.since_last, -1, options.bins), frequency = Scores(customers.frequency, 1, options.bins);
  const std::vector<int> monetary = Scores(customers.monetary, 1, options.bins);
  const std::vector<int> of_five[] = {options.bins == 5 ? recency : Scores(customers.since_last, -1, 5),
                                      options.bins == 5 ? frequency : Scores(customers.frequency, 1, 5)};
  const double weights = options.recency_weight + options.frequency_weight + (money ? options.monetary_weight : 0);
  std::vector<RfmRow> rows(n);
  for (std::size_t i = 0; i < n; ++i) {
    rows[i].recency = recency[i];
    rows[i].frequency = frequency[i];
    double sum = options.recency_weight * recency[i] + options.frequency_weight * frequency[i];
    if (money) {
      rows[i].monetary = monetary[i];
      sum += options.monetary_weight * monetary[i];
    }
    rows[i].score = weights > 0 ? sum / weights : 0;
    rows[i].segment = SegmentOf(of_five[0][i], of_five[1][i]);
  }
  return rows;
}

}  // namespace rapport

// The knapsack behind a day: exact, deterministic, small because only the best few of each length can be used.
#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/str_format.h"
#include "rapport/plan/plan_day.hpp"

namespace rapport {
namespace {

__extension__ typedef __int128 Wide;

absl::Status CheckCandidates(std::span<const PlanCandidate> candidates) {
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const PlanCandidate& c = candidates[i];
    if (c.minutes < 1) {
      return Invalid("plan.invalid_candidate",
                     absl::StrFormat("row %d, field minutes: found %d, expected at least 1", i, c.minutes));
    }
    if (c.value < 0) {
      return Invalid("plan.invalid_candidate",
                     absl::StrFormat("row %d, field value: found %d, expected 0 or more", i, c.value));
    }
    if (!seen.insert(c.id).second) {
      return Invalid("plan.invalid_candidate",
                     absl::StrFormat("row %d, field id: found \"%s\" a second time, expected each once", i, c.id));
    }
  }
  return absl::OkStatus();
}

// Value a minute, higher first; then the shorter; then the id.
bool BetterPerMinute(const PlanCandidate& a, const PlanCandidate& b) {
  const Wide left = Wide{a.value} * b.minutes;
  const Wide right = Wide{b.value} * a.minutes;
  if (left != right) return left > right;
  if (a.minutes != b.minutes) return a.minutes < b.minutes;
  return a.id < b.id;
}

// Of the optional candidates with a value, those that an optimum can need: of each length the best that fit side by side.
std::vector<std::size_t> Contenders(std::span<const PlanCandidate> candidates, std::int64_t minutes) {
  std::map<std::int64_t, std::vector<std::size_t>> by_length;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const PlanCandidate& c = candidates[i];
    if (!c.mandatory && c.value > 0 && c.minutes <= minutes) by_length[c.minutes].push_back(i);
  }
  std::vector<std::size_t> contenders;
  for (auto& [length, rows] : by_length) {
    const auto keep = std::min<std::size_t>(rows.size(), static_cast<std::size_t>(minutes / length));
    std::partial_sort(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(keep), rows.end(),
                      [&](std::size_t a, std::size_t b) { return BetterPerMinute(candidates[a], candidates[b]); });
    contenders.insert(contenders.end(), rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(keep));
  }
  std::sort(contenders.begin(), contenders.end(),
            [&](std::size_t a, std::size_t b) { return BetterPerMinute(candidates[a], candidates[b]); });
  return contenders;
}

// Rows of `contenders` with the greatest sum of value within `minutes`; of equal sums the one with fewer minutes.
std::vector<std::size_t> BestSubset(std::span<const PlanCandidate> candidates,
                                    const std::vector<std::size_t>& contenders, std::int64_t minutes) {
  const auto width = static_cast<std::size_t>(minutes) + 1;
  std::vector<Wide> best(width, 0);   // greatest value within w minutes
  std::vector<std::vector<bool>> takes(contenders.size(), std::vector<bool>(width, false));
  for (std::size_t k = 0; k < contenders.size(); ++k) {
    const PlanCandidate& c = candidates[contenders[k]];
    const auto length = static_cast<std::size_t>(c.minutes);
    for (std::size_t w = width; w-- > length;) {
      const Wide with = best[w - length] + c.value;
      if (with > best[w]) {
        best[w] = with;
        takes[k][w] = true;
      }
    }
  }
  std::size_t w = width - 1;
  while (w > 0 && best[w - 1] == best[width - 1]) --w;   // the fewest minutes that reach the optimum
  std::vector<std::size_t> chosen;
  for (std::size_t k = contenders.size(); k-- > 0;) {
    if (!takes[k][w]) continue;
    chosen.push_back(contenders[k]);
    w -= static_cast<std::size_t>(candidates[contenders[k]].minutes);
  }
  return chosen;
}

}  // namespace

absl::StatusOr<std::vector<PlannedCandidate>> PlanMinutes(std::span<const PlanCandidate> candidates,
                                                          std::int64_t minutes) {
  RAPPORT_RETURN_IF_ERROR(CheckCandidates(candidates));
  std::vector<PlannedCandidate> planned(candidates.size());
  std::int64_t left = std::max<std::int64_t>(minutes, 0);
  std::vector<std::size_t> order;
  const auto take_if_it_fits = [&](std::size_t i) {
    if (candidates[i].minutes > left) return;
    left -= candidates[i].minutes;
    order.push_back(i);
  };
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (candidates[i].mandatory) take_if_it_fits(i);
  }
  std::vector<std::size_t> chosen = BestSubset(candidates, Contenders(candidates, left), left);
  std::sort(chosen.begin(), chosen.end(),
            [&](std::size_t a, std::size_t b) { return BetterPerMinute(candidates[a], candidates[b]); });
  for (std::size_t i : chosen) take_if_it_fits(i);
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (!candidates[i].mandatory && candidates[i].value == 0) take_if_it_fits(i);
  }
  for (std::size_t position = 0; position < order.size(); ++position) {
    planned[order[position]] = {true, static_cast<std::int64_t>(position) + 1};
  }
  return planned;
}

}  // namespace rapport

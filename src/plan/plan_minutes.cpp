#include "rapport/plan/plan_minutes.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_set>

#include "absl/strings/str_format.h"
#include "plan/choice.hpp"
#include "rapport/core/json.hpp"
#include "rapport/core/status.hpp"

namespace rapport {
namespace {

// A year of minutes: beyond it a sum could overflow, and no day is so long.
constexpr std::int64_t kMostMinutes = 527'040;

absl::Status WrongCandidate(std::size_t row, std::string_view column, std::string_view found, std::string_view expected) {
  return Invalid("plan.invalid_candidate", absl::StrFormat("row %d, field %s: found %s, expected %s", row, column, found, expected));
}

absl::Status CheckCandidates(std::span<const PlanCandidate> candidates) {
  std::unordered_set<std::string_view> seen;
  seen.reserve(candidates.size());
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const PlanCandidate& c = candidates[i];
    if (c.minutes < 1) return WrongCandidate(i, "minutes", absl::StrFormat("%d", c.minutes), "at least 1");
    if (c.minutes > kMostMinutes) return WrongCandidate(i, "minutes", absl::StrFormat("%d", c.minutes), "at most a year");
    if (c.value < 0) return WrongCandidate(i, "value", absl::StrFormat("%d", c.value), "0 or more");
    if (!seen.insert(c.id).second) return WrongCandidate(i, "id", absl::StrFormat("\"%s\" a second time", c.id), "each once");
  }
  return absl::OkStatus();
}

absl::Status WrongGoal(std::string_view goal, const std::string& found, std::string_view expected) {
  return Invalid("plan.invalid_goal", absl::StrFormat("%s: found %s, expected %s", goal, found, expected));
}

absl::Status CheckGoals(const PlanGoals& goals) {
  if (goals.travel_minutes < 0 || goals.travel_minutes > kMostMinutes) {
    return WrongGoal("travel_minutes", absl::StrFormat("%d", goals.travel_minutes), "0 or more, and at most a year");
  }
  if (goals.visit_quota.value_or(0) < 0) return WrongGoal("visit_quota", absl::StrFormat("%d", *goals.visit_quota), "0 or more");
  if (const double share = goals.revisit_share.value_or(0); !(share >= 0 && share <= 1)) {
    return WrongGoal("revisit_share", std::isfinite(share) ? CanonicalNumber(share) : "no finite number", "a number from 0 to 1");
  }
  if (!(goals.tolerance >= 0 && goals.tolerance <= 0.1)) {
    return WrongGoal("tolerance", std::isfinite(goals.tolerance) ? CanonicalNumber(goals.tolerance) : "no finite number", "a number from 0 to 0.1");
  }
  if (goals.visits < 0) return WrongGoal("visits", absl::StrFormat("%d", goals.visits), "0 or more");
  if (goals.revisits < 0 || goals.revisits > goals.visits) return WrongGoal("revisits", absl::StrFormat("%d", goals.revisits), "0 or more, and at most visits");
  if (goals.small < 0) return WrongGoal("small", absl::StrFormat("%d", goals.small), "0 or more");
  if (goals.small_floor.value_or(0) < 0) return WrongGoal("small_floor", absl::StrFormat("%d", *goals.small_floor), "0 or more");
  return absl::OkStatus();
}

bool IsVisit(const PlanCandidate& c) { return c.visit || c.revisit; }

// One run of the choice over a table of candidates.
class Planner {
 public:
  Planner(std::span<const PlanCandidate> candidates, std::int64_t minutes, const PlanGoals& goals) : candidates_(candidates), goals_(goals), minutes_(minutes) {}

  absl::StatusOr<std::vector<PlannedCandidate>> Plan() {
    std::vector<std::size_t> must;
    std::int64_t length = 0;
    for (std::size_t i = 0; i < candidates_.size(); ++i) {
      if (!candidates_[i].mandatory) continue;
      must.push_back(i);
      length += LengthOf(i);
    }
    std::vector<std::size_t> order = must;
    if (length > minutes_) {
      RAPPORT_ASSIGN_OR_RETURN(order, BestChoice(Items(true), minutes_, {}));
      std::sort(order.begin(), order.end());
    } else {
      RAPPORT_ASSIGN_OR_RETURN(std::vector<std::size_t> chosen, BestChoice(Items(false), minutes_ - length, Goals(must)));
      std::sort(chosen.begin(), chosen.end(), [&](std::size_t a, std::size_t b) { return IsBetter(a, b); });
      order.insert(order.end(), chosen.begin(), chosen.end());
    }
    std::vector<PlannedCandidate> planned(candidates_.size());
    for (std::size_t position = 0; position < order.size(); ++position) planned[order[position]] = {true, static_cast<std::int64_t>(position) + 1};
    return planned;
  }

 private:
  std::int64_t LengthOf(std::size_t i) const { return candidates_[i].minutes + (IsVisit(candidates_[i]) ? goals_.travel_minutes : 0); }
  // Value a minute, higher first; then the shorter; then the id.
  bool IsBetter(std::size_t a, std::size_t b) const {
    const Wide left = Wide{candidates_[a].value} * LengthOf(b);
    const Wide right = Wide{candidates_[b].value} * LengthOf(a);
    if (left != right) return left > right;
    if (LengthOf(a) != LengthOf(b)) return LengthOf(a) < LengthOf(b);
    return candidates_[a].id < candidates_[b].id;
  }
  // In order of preference. Each counts a little, less than any difference of value, so that of equal sums the one of more candidates wins.
  std::vector<ChoiceItem> Items(bool mandatory) const {
    std::vector<ChoiceItem> items;
    items.reserve(candidates_.size());
    for (std::size_t i = 0; i < candidates_.size(); ++i) {
      const PlanCandidate& c = candidates_[i];
      if (c.mandatory != mandatory || LengthOf(i) > minutes_) continue;
      const ChoiceItem::Kind kind = c.revisit ? ChoiceItem::Kind::kRevisit : c.visit ? ChoiceItem::Kind::kNewVisit : ChoiceItem::Kind::kOther;
      items.push_back({i, LengthOf(i), c.value, kind, c.small});
    }
    std::sort(items.begin(), items.end(), [&](const ChoiceItem& a, const ChoiceItem& b) {
      const Wide left = a.value * b.length, right = b.value * a.length;
      if (left != right) return left > right;
      if (a.length != b.length) return a.length < b.length;
      return candidates_[a.row].id < candidates_[b.row].id;
    });
    const Wide scale = static_cast<Wide>(items.size()) + 1;
    for (ChoiceItem& item : items) item.value = item.value * scale + 1;
    return items;
  }
  ChoiceGoals Goals(const std::vector<std::size_t>& must) const {
    const std::int64_t floor = std::max<std::int64_t>(0, goals_.small_floor.value_or(0) - goals_.small);
    ChoiceGoals goals{goals_.visit_quota, goals_.revisit_share, floor, goals_.visits, goals_.revisits, goals_.tolerance};
    for (const std::size_t i : must) {
      if (IsVisit(candidates_[i])) ++goals.visits;
      if (candidates_[i].revisit) ++goals.revisits;
      if (candidates_[i].small && goals.floor > 0) --goals.floor;
    }
    return goals;
  }

  std::span<const PlanCandidate> candidates_;
  const PlanGoals& goals_;
  std::int64_t minutes_;
};

// The greatest power of two by which values may be multiplied so that 12 digits of the greatest stay and their sum is far from the end of 64 bits. Whole
// numbers that a double holds exactly stay as they are: sums of them are as wide as they must be.
double ScaleOf(std::span<const PlanRow> rows) {
  double greatest = 0;
  bool whole = true;
  for (const PlanRow& row : rows) {
    greatest = std::max(greatest, row.value);
    whole = whole && row.value == std::floor(row.value);
  }
  constexpr int kBits = 40, kWholeBits = 53;
  int bits = 0;
  std::frexp(greatest, &bits);   // greatest < 2^bits
  return whole && bits <= kWholeBits ? 1 : std::ldexp(1.0, kBits - bits);
}

void ReadKind(std::string_view kind, PlanCandidate& candidate) {
  while (!kind.empty()) {
    const std::size_t end = std::min(kind.find_first_of(" ,;/+|_\t"), kind.size());
    const std::string_view word = kind.substr(0, end);
    kind.remove_prefix(std::min(end + 1, kind.size()));
    candidate.revisit = candidate.revisit || word == "revisit";
    candidate.visit = candidate.visit || word == "visit" || word == "revisit";
    candidate.small = candidate.small || word == "small";
  }
}

}  // namespace

absl::StatusOr<std::vector<PlannedCandidate>> PlanMinutes(std::span<const PlanCandidate> candidates, std::int64_t minutes, const PlanGoals& goals) {
  RAPPORT_RETURN_IF_ERROR(CheckCandidates(candidates));
  RAPPORT_RETURN_IF_ERROR(CheckGoals(goals));
  return Planner(candidates, std::max<std::int64_t>(minutes, 0), goals).Plan();
}

absl::StatusOr<std::vector<PlannedCandidate>> PlanRows(std::span<const PlanRow> rows, std::int64_t minutes, const PlanGoals& goals) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const PlanRow& row = rows[i];
    const auto told = [](double number) { return std::isfinite(number) ? CanonicalNumber(number) : std::string("no finite number"); };
    const bool whole = std::isfinite(row.minutes) && row.minutes == std::floor(row.minutes) && std::fabs(row.minutes) <= 1e15;
    if (!whole) return WrongCandidate(i, "minutes", told(row.minutes), "a whole number of minutes, at least 1");
    if (!(std::isfinite(row.value) && row.value >= 0)) return WrongCandidate(i, "value", told(row.value), "a number, 0 or more");
  }
  const double scale = ScaleOf(rows);
  std::vector<PlanCandidate> candidates;
  candidates.reserve(rows.size());
  for (const PlanRow& row : rows) {
    PlanCandidate candidate{std::string(row.id), static_cast<std::int64_t>(row.minutes), std::llround(row.value * scale), row.mandatory};
    ReadKind(row.kind, candidate);
    candidates.push_back(std::move(candidate));
  }
  return PlanMinutes(candidates, minutes, goals);
}

}  // namespace rapport

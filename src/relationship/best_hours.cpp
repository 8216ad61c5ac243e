#include "rapport/relationship/best_hours.hpp"

#include <algorithm>
#include <array>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "rapport/core/status.hpp"
#include "rapport/relationship/touches.hpp"
#include "rapport/stats/beta_binomial.hpp"

namespace rapport {
namespace {

constexpr int kHours = 24, kWindows = kHours - kHoursOfWindow + 1, kWeekdays = 7;
constexpr double kPriorShare = 0.5, kPriorWeight = 2;
constexpr double kWeight = 6;   // of what a share is moved towards, in attempts
constexpr std::int64_t kFewest = 8, kFewestInWindow = 3;
constexpr double kDoubtOfHours = 0.05, kDoubtOfWeekday = 0.01;

constexpr std::array<std::string_view, kWeekdays> kNames{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
constexpr std::array<std::string_view, kWeekdays> kWords{"MO", "TU", "WE", "TH", "FR", "SA", "SU"};
std::size_t IndexOf(absl::Weekday weekday) { return static_cast<std::size_t>(weekday); }

// Attempts of one cell; `usual`: how many the channels' own shares let expect.
struct Cell {
  std::int64_t attempts = 0, reached = 0;
  double usual = 0;
  void Add(const Cell& other) {
    attempts += other.attempts;
    reached += other.reached;
    usual += other.usual;
  }
};

double Shrunk(const Cell& cell, double towards, double weight) {
  return (static_cast<double>(cell.reached) + weight * towards) / (static_cast<double>(cell.attempts) + weight);
}

// The posterior of a cell that is moved towards a share.
stats::ShareBelief BeliefOf(const Cell& cell, double towards) {
  const auto reached = static_cast<double>(cell.reached), missed = static_cast<double>(cell.attempts - cell.reached);
  return {reached + kWeight * towards, missed + kWeight * (1 - towards)};
}

double MeanUsual(const Cell& cell) { return cell.usual / static_cast<double>(cell.attempts); }

struct Attempt {
  LocalSecond local;
  bool visit = false, reached = false;
};

std::vector<Attempt> AttemptsOf(std::span<const TouchRecord> touches, const Zone& zone, Instant as_of) {
  std::vector<Attempt> attempts;
  for (const TouchRecord& record : touches) {
    if (record.at > as_of || !BestHours::IsAttempt(record)) continue;
    attempts.push_back({zone.Local(BeganAt(record)), record.touch.channel == Channel::kVisit,
                        *record.touch.disposition == Disposition::kReached});
  }
  return attempts;
}

class Hours {
 public:
  explicit Hours(const std::vector<Attempt>& attempts) {
    Cell account;
    std::array<Cell, 2> channels;
    for (const Attempt& attempt : attempts) {
      const Cell one{1, attempt.reached ? 1 : 0, 0};
      account.Add(one);
      channels[attempt.visit ? 1 : 0].Add(one);
    }
    account_ = Shrunk(account, kPriorShare, kPriorWeight);
    for (const Attempt& attempt : attempts) {
      const double usual = Shrunk(channels[attempt.visit ? 1 : 0], account_, kWeight);
      const Cell one{1, attempt.reached ? 1 : 0, usual};
      const auto hour = static_cast<std::size_t>(attempt.local.hour());
      of_weekday_[hour][IndexOf(absl::GetWeekday(attempt.local))].Add(one);
      of_any_[hour].Add(one);
    }
  }

  // Of all weekdays, or of one.
  Cell In(const HourWindow& window) const {
    Cell sum;
    for (int hour = window.from_hour; hour < window.from_hour + kHoursOfWindow; ++hour) {
      const auto at = static_cast<std::size_t>(hour);
      sum.Add(window.weekday.has_value() ? of_weekday_[at][IndexOf(*window.weekday)] : of_any_[at]);
    }
    return sum;
  }
  // What a window's share is moved towards: of one weekday, the share of its hours on all of them.
  double Towards(const HourWindow& window, const Cell& cell) const {
    const double usual = MeanUsual(cell);
    if (!window.weekday.has_value()) return usual;
    const Cell hours = In({std::nullopt, window.from_hour});
    const double lift = Shrunk(hours, MeanUsual(hours), kWeight) - MeanUsual(hours);
    return std::clamp(usual + lift, 0.01, 0.99);
  }
  // None where fewer were tried then.
  std::optional<BestHours::Found> Of(const HourWindow& window, std::int64_t fewest) const {
    const Cell cell = In(window);
    if (cell.attempts < fewest) return std::nullopt;
    return BestHours::Found{window, cell.attempts, cell.reached, Shrunk(cell, Towards(window, cell), kWeight), MeanUsual(cell)};
  }
  bool IsProven(const BestHours::Found& found) const {
    if (found.attempts < kFewestInWindow) return false;
    const Cell cell = In(found.window);
    const bool weekday = found.window.weekday.has_value();
    const double towards = Towards(found.window, cell);
    const double beyond = weekday ? std::max(towards, found.usual) : towards;
    return BeliefOf(cell, towards).Below(beyond) <= (weekday ? kDoubtOfWeekday : kDoubtOfHours);
  }

 private:
  std::array<std::array<Cell, kWeekdays>, kHours> of_weekday_{};
  std::array<Cell, kHours> of_any_{};
  double account_ = kPriorShare;
};

double LiftOf(const BestHours::Found& found) { return found.chance - found.usual; }

// Of equal ones the earlier stays.
bool IsBetter(const std::optional<BestHours::Found>& found, const std::optional<BestHours::Found>& best) {
  if (!found.has_value() || LiftOf(*found) <= 0) return false;
  if (!best.has_value() || LiftOf(*found) > LiftOf(*best)) return true;
  return LiftOf(*found) == LiftOf(*best) && found->attempts > best->attempts;
}

}  // namespace

std::string HourWindow::Text() const {
  const std::string hours = absl::StrFormat("%02d:00-%02d:00", from_hour, from_hour + kHoursOfWindow);
  return weekday.has_value() ? absl::StrCat(ToAbsl(kNames[IndexOf(*weekday)]), " ", hours) : hours;
}

absl::StatusOr<HourWindow> HourWindow::Parse(std::string_view text) {
  for (int from = 0; from < kWindows; ++from) {
    const HourWindow any{std::nullopt, from};
    if (any.Text() == text) return any;
    for (int day = 0; day < kWeekdays; ++day) {
      const HourWindow one{static_cast<absl::Weekday>(day), from};
      if (one.Text() == text) return one;
    }
  }
  return Invalid("relationship.invalid_window", absl::StrCat("found \"", ToAbsl(text), "\", expected two hours such as 09:00-11:00 or tue 09:00-11:00"));
}

bool HourWindow::Contains(LocalSecond local) const {
  const bool on_day = !weekday.has_value() || absl::GetWeekday(local) == *weekday;
  return on_day && local.hour() >= from_hour && local.hour() < from_hour + kHoursOfWindow;
}

Sentence HourWindow::Say() const {
  Sentence sentence{"reach.window", {{"from", absl::StrFormat("%02d:00", from_hour)}, {"to", absl::StrFormat("%02d:00", from_hour + kHoursOfWindow)}}};
  if (!weekday.has_value()) return sentence;
  sentence.key = "reach.window.weekday";
  sentence.arguments["weekday"] = MessageRef{absl::StrCat("policy.weekday.", ToAbsl(kWords[IndexOf(*weekday)]))};
  return sentence;
}

bool BestHours::IsAttempt(const TouchRecord& record) {
  const Touch& touch = record.touch;
  if (touch.direction != Direction::kOutbound || (touch.channel != Channel::kCall && touch.channel != Channel::kVisit)) return false;
  if (KindOf(touch) != TouchKind::kPersonal || !touch.disposition.has_value()) return false;
  switch (*touch.disposition) {
    case Disposition::kReached:
    case Disposition::kAbsent:
    case Disposition::kBusy:
    case Disposition::kCallBack: return true;
    default: return false;
  }
}

BestHours BestHours::Of(std::span<const TouchRecord> touches, const Zone& zone, Instant as_of) {
  BestHours best;
  const std::vector<Attempt> attempts = AttemptsOf(touches, zone, as_of);
  best.attempts_ = static_cast<std::int64_t>(attempts.size());
  if (attempts.empty()) return best;
  const Hours hours(attempts);
  std::optional<Found> of_weekday;
  for (int from = 0; from < kWindows; ++from) {
    const std::optional<Found> any = hours.Of({std::nullopt, from}, 1);
    if (!any.has_value()) continue;
    if (IsBetter(any, best.likeliest_)) best.likeliest_ = any;
    if (best.attempts_ < kFewest || any->attempts < kFewestInWindow) continue;
    for (int day = 0; day < kWeekdays; ++day) {
      const std::optional<Found> one = hours.Of({static_cast<absl::Weekday>(day), from}, kFewestInWindow);
      if (IsBetter(one, of_weekday) && hours.IsProven(*one)) of_weekday = one;
    }
  }
  if (best.attempts_ < kFewest) return best;
  if (best.likeliest_.has_value() && hours.IsProven(*best.likeliest_)) best.proven_ = best.likeliest_;
  if (IsBetter(of_weekday, best.proven_)) best.proven_ = of_weekday;
  return best;
}

}  // namespace rapport

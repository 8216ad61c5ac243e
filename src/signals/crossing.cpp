// When a signal that moves with the clock reaches a threshold: the slope says about when, exact values say when.
#include <cmath>

#include "signals/rows.hpp"

namespace rapport {
namespace {

constexpr int kHorizonDays = 36525;  // a hundred years

class Crossing {
 public:
  Crossing(const SignalColumn& column, const SignalInput& input, double threshold)
      : column_(column), input_(input), threshold_(threshold) {
    input_.explain = false;
  }

  std::optional<double> At(Day day) const {
    SignalInput then = input_;
    then.today = day;
    then.as_of = input_.zone->StartOf(day);
    const Cell value = column_.compute(then).value;
    if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
    if (const auto* number = std::get_if<double>(&value)) return *number;
    return std::nullopt;
  }
  bool Above(Day day) const {
    const std::optional<double> value = At(day);
    return value.has_value() && *value >= threshold_;
  }

  // The first day in (below, above] that is above, where the first is not, the last is, and it changes once.
  Day FirstAbove(Day below, Day above) const {
    const Day guess = Guess(above);
    if (below < guess && guess <= above) {
      if (!Above(guess)) {
        below = guess;
      } else {
        above = guess;
        if (!Above(guess - 1)) return guess;
      }
    }
    while (above - below > 1) {
      const Day middle = below + (above - below) / 2;
      (Above(middle) ? above : below) = middle;
    }
    return above;
  }

 private:
  // Where the line through the value at `day` meets the threshold.
  Day Guess(Day day) const {
    const std::optional<double> value = At(day);
    const std::optional<double> before = At(day - 1);
    if (!value.has_value() || !before.has_value()) return day;
    const double slope = column_.slope_per_day != 0 ? column_.slope_per_day : *value - *before;
    const double days = slope > 0 ? std::floor((*value - threshold_) / slope) : 0;
    return days >= 0 && days < 2.0 * kHorizonDays ? day - static_cast<std::int64_t>(days) : day;
  }

  const SignalColumn& column_;
  SignalInput input_;
  double threshold_;
};

// When an event that a record of the account names occurred. O(records).
std::optional<Instant> OccurredAt(const Account& account, const EventKey& key) {
  if (key == account.profile_event) return account.profile_at;
  if (key == account.first_event) return account.first_event_at;
  for (const PurchaseRecord& purchase : account.purchases) {
    if (purchase.key == key) return purchase.placed;
    if (purchase.delivered.has_value() && purchase.delivered_by == key) return purchase.delivered;
    if (purchase.returned.has_value() && purchase.returned_by == key) return purchase.returned;
  }
  for (const WorryRecord& worry : account.worries) {
    if (worry.key == key) return worry.raised;
    if (worry.resolved.has_value() && worry.resolved_by == key) return worry.resolved;
  }
  for (const PromiseRecord& promise : account.promises) {
    if (promise.key == key) return promise.made;
    if (promise.fulfilled && promise.fulfilled_by == key) return promise.fulfilled_at;
  }
  for (const auto& [id, followup] : account.followups) {
    if (followup.state_by == key) return followup.state_at;
  }
  for (const TouchRecord& touch : account.touches) {
    if (touch.key == key) return touch.at;
  }
  for (const RefusalRecord& refusal : account.refusals) {
    if (refusal.key == key) return refusal.at;
  }
  return std::nullopt;
}

std::optional<Day> DayOfLastMove(const SignalColumn& column, SignalInput input) {
  input.explain = true;
  const EventKey moved_by = column.compute(input).armed_by;
  const std::optional<Instant> moved = OccurredAt(*input.account, moved_by);
  if (!moved.has_value()) return std::nullopt;
  return std::min(DayOf(input, *moved), input.today);
}

}  // namespace

std::optional<Day> CrossedAboveOn(const SignalColumn& column, const SignalInput& input, double threshold) {
  const Crossing crossing(column, input, threshold);
  if (column.motion == Motion::kPolled || !crossing.Above(input.today)) return std::nullopt;
  if (column.motion == Motion::kConstant) return DayOfLastMove(column, input);
  if (!input.account->first_event_at.has_value()) return std::nullopt;
  // Before the account's first event there is no value.
  const Day before = std::min(DayOf(input, *input.account->first_event_at), input.today) - 1;
  return crossing.FirstAbove(before, input.today);
}

std::optional<Day> NextCrossing(const SignalColumn& column, const SignalInput& input, double threshold) {
  if (column.motion != Motion::kClockLinear || column.slope_per_day < 0) return std::nullopt;
  const Crossing crossing(column, input, threshold);
  const Day horizon = input.today + kHorizonDays;
  if (crossing.Above(input.today) || !crossing.Above(horizon)) return std::nullopt;
  return crossing.FirstAbove(input.today, horizon);
}

}  // namespace rapport

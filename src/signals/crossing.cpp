// When a signal that moves with the clock reaches a threshold: the slope says about when, exact values say when.
#include <algorithm>
#include <cmath>

#include "rapport/signals/rows_since.hpp"
#include "signals/rows.hpp"

namespace rapport {
namespace {

constexpr int kHorizonDays = 36525;  // a hundred years

std::optional<Instant> RelationAt(const Relations& relations, const EventKey& key) {
  for (const CaseRecord& record : relations.cases) {
    if (record.key == key) return record.opened;
    if (record.closed_by == key) return record.closed;
  }
  for (const ContractRecord& record : relations.contracts) {
    if (record.key == key) return record.started;
    if (record.ended_by == key) return record.ended;
  }
  for (const OpportunityRecord& record : relations.opportunities) {
    if (record.key == key) return record.opened;
    if (record.closed_by == key) return record.closed;
  }
  for (const NeedRecord& record : relations.needs) {
    if (record.key == key) return record.stated;
  }
  for (const auto& said : relations.feedback) {
    if (said.key == key) return said.at;
  }
  for (const auto& said : relations.expectations) {
    if (said.key == key) return said.at;
  }
  for (const auto& said : relations.referrals) {
    if (said.key == key) return said.at;
  }
  for (const auto& [name, said] : relations.host) {
    if (said.key == key) return said.at;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Instant> OccurredAt(const Account& account, const EventKey& key) {
  if (key == account.profile_event) return account.profile_at;
  for (const ToldEvent& first : account.first_told) {
    if (first.key == key) return first.at;
  }
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
    if (promise.ready_at.has_value() && promise.ready_by == key) return promise.ready_at;
    for (const PromiseRevision& revision : promise.revisions) {
      if (revision.key == key) return revision.at;
    }
    for (const PromiseDelivery& delivery : promise.deliveries) {
      if (delivery.key == key) return delivery.at;
    }
  }
  for (const auto& [id, followup] : account.followups) {
    if (followup.state_by == key) return followup.state_at;
  }
  if (const std::optional<Instant> at = RelationAt(account.relations, key)) return at;
  for (const TouchRecord& touch : account.touches) {
    if (touch.key == key) return touch.at;
  }
  for (const RefusalRecord& refusal : account.refusals) {
    if (refusal.key == key) return refusal.at;
  }
  return std::nullopt;
}

namespace {

class Crossing {
 public:
  // `sense` -1: downward, as the mirrored signal goes upward.
  Crossing(const SignalColumn& column, const SignalInput& input, double threshold, double sense)
      : column_(column), input_(input), threshold_(sense * threshold), sense_(sense) {
    input_.explain = false;
    input_.memo = nullptr;   // other days are asked for
  }

  std::optional<double> At(Day day) const {
    const std::optional<double> number = NumberOf(column_.Of(On(day)).value);
    return number.has_value() ? std::optional(sense_ * *number) : std::nullopt;
  }
  bool Above(Day day) const {
    const std::optional<double> value = At(day);
    return value.has_value() && *value >= threshold_;
  }

  // The first day after `day` that is above, by the slope alone; none where the line does not say.
  std::optional<Day> Ahead(Day day, double now) const {
    const double slope = SlopeAt(day, now, 1);
    const double days = slope > 0 ? std::ceil((threshold_ - now) / slope) : 0;
    if (days < 1 || days > kHorizonDays) return std::nullopt;
    const Day guess = day + static_cast<std::int64_t>(days);
    return Above(guess) && !Above(guess - 1) ? std::optional(guess) : std::nullopt;
  }

  double threshold() const { return threshold_; }

  // The first day after `day` that is above, by the column's own formula, which may miss a day where a rounded value just meets the threshold.
  std::optional<Day> Reached(Day day) const {
    const std::optional<Day> about = column_.reaches(input_, threshold_ / sense_);
    if (!about.has_value() || *about > day + kHorizonDays) return std::nullopt;
    Day first = std::max(*about, day + 1);
    while (first > day + 1 && Above(first - 1)) --first;
    while (!Above(first)) ++first;
    return first;
  }

  // Of a column that jumps and is above today: since which day it has been. Back from one event that moved it to the one before, as each may have
  // brought it across; in between it falls, or falls again from where time alone lifts it.
  Day BegunOn() const {
    const Day born = DayOf(input_, *input_.account->first_event_at);
    Day begun = input_.today;
    for (Day end = input_.today; end >= born && Above(end);) {
      const std::vector<Day> pieces = PiecesUpTo(end, born);
      for (auto first = pieces.rbegin(); first != pieces.rend(); ++first) {
        if (!Above(end)) return begun;
        if (!Above(*first)) return FirstAbove(*first, end);
        begun = *first;
        end = begun - 1;
      }
    }
    return begun;
  }

  // Since the event that moved it last: how often, up to today, it has come to be above. Time alone may lift it from one stretch to the next.
  std::int64_t RowsSinceMoved() const {
    const Day born = DayOf(input_, *input_.account->first_event_at);
    const std::vector<Day> pieces = PiecesUpTo(input_.today, born);
    std::int64_t rows = 0;
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      const Day last = i + 1 < pieces.size() ? pieces[i + 1] - 1 : input_.today;
      const bool begins_above = Above(pieces[i]);
      if (begins_above ? !Above(pieces[i] - 1) : Above(last)) ++rows;
    }
    return rows;
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
  SignalInput On(Day day) const {
    SignalInput then = input_;
    then.today = day;
    if (!column_.jumps || day > input_.today) then.as_of = input_.zone->StartOf(day);
    else if (day < input_.today) then.as_of = input_.zone->StartOf(day + 1).PlusMicros(-1);
    return then;
  }

  // The first days of the stretches from the last move on, up to `end`, over which it falls.
  std::vector<Day> PiecesUpTo(Day end, Day born) const {
    SignalInput explained = On(end);
    explained.explain = true;
    const std::optional<Instant> moved = OccurredAt(*input_.account, column_.Of(explained).armed_by);
    std::vector<Day> pieces{moved.has_value() ? std::clamp(DayOf(input_, *moved), born, end) : born};
    while (column_.next_step != nullptr) {
      const std::optional<Day> next = column_.next_step(On(pieces.back()));
      if (!next.has_value() || *next > end || *next <= pieces.back()) break;
      pieces.push_back(*next);
    }
    return pieces;
  }

  // Where the line through the value at `day` meets the threshold.
  Day Guess(Day day) const {
    const std::optional<double> value = At(day);
    if (!value.has_value()) return day;
    const double slope = SlopeAt(day, *value, -1);
    const double days = slope > 0 ? std::floor((*value - threshold_) / slope) : 0;
    return days >= 0 && days < 2.0 * kHorizonDays ? day - static_cast<std::int64_t>(days) : day;
  }

  // What a day adds, as the column declares it, else as it is towards the day beside; 0: unknown.
  double SlopeAt(Day day, double value, int beside) const {
    if (column_.slope_per_day != 0) return sense_ * column_.slope_per_day;
    const std::optional<double> other = At(day + beside);
    return other.has_value() ? (*other - value) * beside : 0;
  }

  const SignalColumn& column_;
  SignalInput input_;
  double threshold_;
  double sense_;
};

std::optional<Day> DayOfLastMove(const SignalColumn& column, SignalInput input) {
  input.explain = true;
  const EventKey moved_by = column.Of(input).armed_by;
  const std::optional<Instant> moved = OccurredAt(*input.account, moved_by);
  if (!moved.has_value()) return std::nullopt;
  return std::min(DayOf(input, *moved), input.today);
}

}  // namespace

namespace {

std::optional<Day> CrossedOn(const SignalColumn& column, const SignalInput& input, double threshold, double sense) {
  const Crossing crossing(column, input, threshold, sense);
  if (column.motion == Motion::kPolled || !crossing.Above(input.today)) return std::nullopt;
  if (column.motion == Motion::kConstant) return DayOfLastMove(column, input);
  if (!input.account->first_event_at.has_value()) return std::nullopt;
  if (column.jumps) return crossing.BegunOn();
  // Before the account's first event there is no value. A falling signal may begin below it: then with what moved it.
  const Day before = std::min(DayOf(input, *input.account->first_event_at), input.today) - 1;
  if (sense < 0 && crossing.Above(before)) return DayOfLastMove(column, input);
  return crossing.FirstAbove(before, input.today);
}

std::optional<Day> NextOn(const SignalColumn& column, const SignalInput& input, double threshold, double sense) {
  const bool moves = column.motion == Motion::kClockLinear || column.motion == Motion::kMonotone;
  if (!moves || sense * column.slope_per_day < 0) return std::nullopt;
  const Crossing crossing(column, input, threshold, sense);
  const std::optional<double> now = crossing.At(input.today);
  if (column.motion == Motion::kMonotone) {
    const bool falls_there = sense < 0 && now.has_value() && *now < crossing.threshold();
    return falls_there ? crossing.Reached(input.today) : std::nullopt;
  }
  if (now.has_value()) {
    if (*now >= crossing.threshold()) return std::nullopt;
    if (const std::optional<Day> ahead = crossing.Ahead(input.today, *now)) return ahead;
  }
  Day horizon = input.today + kHorizonDays;
  // What falls may end when it is over: look no farther than where it meets the threshold.
  if (sense < 0 && now.has_value()) horizon = input.today + std::min<std::int64_t>(kHorizonDays, static_cast<std::int64_t>(std::ceil(sense * threshold - *now)));
  if (!crossing.Above(horizon)) return std::nullopt;
  return crossing.FirstAbove(input.today, horizon);
}

}  // namespace

namespace {

// Dates are looked at when they begin, also of a column of which a past day is otherwise asked as it ended.
SignalColumn AsDayBegins(SignalColumn column) {
  column.jumps = false;
  return column;
}

// With what had happened by then, and had been told since: a value that rests on something later is none that anybody found that day.
bool RestsOnEarlier(const SignalColumn& column, SignalInput input, Day day) {
  input.explain = true;
  input.memo = nullptr;   // another day is asked for
  input.today = day;
  input.as_of = input.zone->StartOf(day);
  const std::vector<EventKey> evidence = column.Of(input).evidence;
  return std::none_of(evidence.begin(), evidence.end(), [&](const EventKey& key) {
    const std::optional<Instant> at = OccurredAt(*input.account, key);
    return at.has_value() && *at >= input.as_of;
  });
}

}  // namespace

std::optional<CheckedRow> CheckedRowOf(const SignalColumn& column, const SignalInput& input, const SignalCheck& check) {
  // Most rows are short or none: a few dates are made at first, and more of them the longer the row.
  constexpr int kMostDaysAtATime = 366;
  int days_at_a_time = 8;
  if (!input.account->first_event_at.has_value()) return std::nullopt;
  const Day first = DayOf(input, *input.account->first_event_at) + 1;
  const SignalColumn looked_at = AsDayBegins(column);
  const Crossing crossing(looked_at, input, check.threshold, check.below ? -1 : 1);
  std::optional<CheckedRow> row;
  for (Day until = input.today + 1; until > first; until -= days_at_a_time, days_at_a_time = std::min(2 * days_at_a_time, kMostDaysAtATime)) {
    const std::vector<LocalSecond> dates = check.dates->Between(LocalSecond(std::max(first, until - days_at_a_time)), LocalSecond(until));
    for (auto date = dates.rbegin(); date != dates.rend(); ++date) {
      const Day day(*date);
      if (!crossing.Above(day) || !RestsOnEarlier(column, input, day)) return row;
      row = CheckedRow{day, row.has_value() ? row->last : day};
    }
  }
  return row;
}

std::optional<CheckAhead> NextChecked(const SignalColumn& column, const SignalInput& input, const SignalCheck& check, bool beyond) {
  const SignalColumn looked_at = AsDayBegins(column);
  const Crossing crossing(looked_at, input, check.threshold, check.below ? -1 : 1);
  std::optional<CheckAhead> ahead;
  SignalInput then = input;
  then.memo = nullptr;
  Day from = input.today + 1;
  for (int i = 0; i < kMostChecksAhead; ++i) {
    const std::optional<LocalSecond> date = check.dates->OnOrAfter(LocalSecond(from));
    if (!date.has_value()) return ahead;
    ahead = CheckAhead{Day(*date), crossing.Above(Day(*date)) == beyond};
    if (ahead->found) return ahead;
    from = ahead->day + 1;
    if (column.next_step == nullptr) continue;
    // Until it moves it is found as it was.
    then.today = ahead->day;
    then.as_of = input.zone->StartOf(then.today);
    const std::optional<Day> moves = column.next_step(then);
    if (!moves.has_value()) return std::nullopt;
    from = std::max(from, *moves);
  }
  return ahead;
}

std::optional<Day> CrossedAboveOn(const SignalColumn& column, const SignalInput& input, double threshold) {
  return CrossedOn(column, input, threshold, 1);
}
std::optional<Day> NextCrossing(const SignalColumn& column, const SignalInput& input, double threshold) {
  return NextOn(column, input, threshold, 1);
}
std::optional<Day> CrossedBelowOn(const SignalColumn& column, const SignalInput& input, double threshold) {
  return CrossedOn(column, input, threshold, -1);
}
std::int64_t RowsSinceMoved(const SignalColumn& column, const SignalInput& input, double threshold, bool below) {
  if (!column.jumps || !input.account->first_event_at.has_value()) return 0;
  return Crossing(column, input, threshold, below ? -1 : 1).RowsSinceMoved();
}
std::optional<Day> NextCrossingBelow(const SignalColumn& column, const SignalInput& input, double threshold) {
  return NextOn(column, input, threshold, -1);
}

}  // namespace rapport

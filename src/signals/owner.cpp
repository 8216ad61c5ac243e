// The owner of the account, as far as our own calendars tell: nobody is there for the customer while he is not.
#include "signals/rows.hpp"

namespace rapport {
namespace {

// How far ahead a week is looked through for a day on which its rep works.
constexpr int kMostIdleDays = 400;

const RepRecord* OwnerOf(const SignalInput& in) {
  const auto& reps = in.context->book->reps;
  const auto owner = in.account->owner.has_value() ? reps.find(*in.account->owner) : reps.end();
  return owner == reps.end() ? nullptr : &owner->second;
}

// The owner's working days in a row, up to today, on which he was not at work, and the first of them.
struct AwayRow {
  std::int64_t days = 0;
  Day first;
};

AwayRow AwayUpTo(const RepRecord& owner, Day today) {
  AwayRow row{0, today};
  Day day = today;
  if (!owner.WorksHere(today)) {
    row = {owner.week.WorkingDays(*owner.left - 1, today), *owner.left};
    day = *owner.left - 1;
  }
  for (; !owner.absences.empty() && day >= *owner.absences.begin(); --day) {
    if (!owner.week.WorksOn(day)) continue;
    if (!owner.absences.contains(day)) break;
    ++row.days;
    row.first = day;
  }
  return row;
}

// The event that told the first of the days: a calendar that is told again moves nothing.
const EventKey& ToldBy(const RepRecord& owner, const AwayRow& row) {
  const auto absence = owner.absence_told_by.find(row.first);
  if (row.days == 0) return owner.last_event;
  return absence == owner.absence_told_by.end() ? owner.left_told_by : absence->second;
}

SignalValue OwnerDaysAway(const SignalInput& in) {
  const RepRecord* owner = OwnerOf(in);
  if (owner == nullptr) return {};
  const AwayRow row = AwayUpTo(*owner, in.today);
  SignalValue out = MadeBy(in, Cell(row.days), ToldBy(*owner, row));
  Cite(in, owner->last_event, out);
  Cite(in, in.account->owner_event, out);
  return out;
}

std::optional<Day> NextWorkingDay(const RepRecord& owner, Day from) {
  for (Day day = from; day < from + kMostIdleDays; ++day) {
    if (owner.week.WorksOn(day)) return day;
  }
  return std::nullopt;
}

// Away: his next working day, on which he is still away or back. At work: the next one on which he will not be.
std::optional<Day> NextOwnerMove(const SignalInput& in) {
  const RepRecord* owner = OwnerOf(in);
  if (owner == nullptr) return std::nullopt;
  if (AwayUpTo(*owner, in.today).days > 0) return NextWorkingDay(*owner, in.today + 1);
  std::optional<Day> next;
  if (owner->left.has_value()) next = NextWorkingDay(*owner, std::max(*owner->left, in.today + 1));
  for (auto absence = owner->absences.upper_bound(in.today); absence != owner->absences.end(); ++absence) {
    if (owner->week.WorksOn(*absence)) return std::min(next.value_or(*absence), *absence);
  }
  return next;
}

const SignalColumn kColumns[] = {
    {"owner.days_away", ColumnType::kInteger, kDays, "Working days in a row, up to today, on which the owner was not at work: absences, or having left.",
     Motion::kPolled, 0, OwnerDaysAway, {}, NextOwnerMove},
};

}  // namespace

std::span<const SignalColumn> OwnerSignals() { return kColumns; }

}  // namespace rapport

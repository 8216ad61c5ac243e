// The owner of the account, as far as our own calendars tell: nobody is there for the customer while he is not.
#include "rapport/core/next_working_day.hpp"
#include "rapport/relationship/ties.hpp"
#include "signals/rows.hpp"

namespace rapport {
namespace {

const RepRecord* OwnerOf(const SignalInput& in) { return in.context->book->FindRep(in.account->owner); }

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

// Away: his next working day, on which he is still away or back. At work: the next one on which he will not be.
std::optional<Day> NextOwnerMove(const SignalInput& in) {
  const RepRecord* owner = OwnerOf(in);
  if (owner == nullptr) return std::nullopt;
  if (AwayUpTo(*owner, in.today).days > 0) return NextWorkingDay(owner->week, in.today + 1);
  std::optional<Day> next;
  if (owner->left.has_value()) next = NextWorkingDay(owner->week, std::max(*owner->left, in.today + 1));
  for (auto absence = owner->absences.upper_bound(in.today); absence != owner->absences.end(); ++absence) {
    if (owner->week.WorksOn(*absence)) return std::min(next.value_or(*absence), *absence);
  }
  return next;
}

// --- whom he answers to
// Nobody is his own.
SignalValue OwnerHasManager(const SignalInput& in) {
  const RepRecord* owner = OwnerOf(in);
  if (owner == nullptr || !owner->manager.has_value()) return {};
  const bool has = owner->manager != in.account->owner && WorksHere(*in.context->book, *owner->manager, in.today);
  SignalValue out = MadeBy(in, Cell(has), owner->last_event);
  if (const RepRecord* manager = in.context->book->FindRep(owner->manager)) Cite(in, manager->last_event, out);
  Cite(in, in.account->owner_event, out);
  return out;
}

std::optional<Day> NextManagerMove(const SignalInput& in) {
  const RepRecord* owner = OwnerOf(in);
  const RepRecord* manager = owner == nullptr ? nullptr : in.context->book->FindRep(owner->manager);
  return manager != nullptr && manager->left.has_value() && *manager->left > in.today ? manager->left : std::nullopt;
}

const SignalColumn kColumns[] = {
    {"owner.days_away", ColumnType::kInteger, kDays, "Working days in a row, up to today, on which the owner was not at work: absences, or having left.",
     Motion::kPolled, 0, OwnerDaysAway, {}, NextOwnerMove},
    {"owner.has_manager", ColumnType::kBool, kNoUnit, "Whether the owner's manager, another than himself, works here.", Motion::kPolled, 0,
     OwnerHasManager, {}, NextManagerMove},
};

}  // namespace

std::span<const SignalColumn> OwnerSignals() { return kColumns; }

}  // namespace rapport

#include "signals/rows.hpp"

namespace rapport {
namespace {

bool IsOpenOurs(const PromiseRecord& promise) { return promise.by == PromiseBy::kOurs && !promise.fulfilled; }

SignalValue PromiseOpen(const SignalInput& in) {
  const auto& promises = in.account->promises;
  const auto open = std::count_if(promises.begin(), promises.end(), IsOpenOurs);
  SignalValue out = MadeByThose(in, Count(static_cast<std::size_t>(open)), promises, IsOpenOurs);
  if (!in.explain) return out;
  NewestEvent newest;
  for (const PromiseRecord& promise : promises) {
    if (promise.by != PromiseBy::kOurs) continue;
    newest.See(promise.made, promise.key);
    if (promise.fulfilled) newest.See(*promise.fulfilled_at, promise.fulfilled_by);
  }
  out.armed_by = newest.key();
  return out;
}

const PromiseRecord* NextDue(const SignalInput& in) {
  const PromiseRecord* next = nullptr;
  for (const PromiseRecord& promise : in.account->promises) {
    if (!IsOpenOurs(promise) || !promise.due.has_value()) continue;
    if (next == nullptr || *promise.due < *next->due) next = &promise;
  }
  return next;
}

SignalValue PromiseDueNext(const SignalInput& in) {
  const PromiseRecord* next = NextDue(in);
  return next == nullptr ? SignalValue() : MadeBy(in, *next->due, next->key);
}

SignalValue PromiseDaysToDue(const SignalInput& in) {
  const PromiseRecord* next = NextDue(in);
  if (next == nullptr || in.today < DayOf(in, next->made)) return {};
  return MadeBy(in, DaysFrom(in.today, *next->due), next->key);
}

SignalValue PromiseOverdue(const SignalInput& in) {
  const auto overdue = [&](const PromiseRecord& promise) {
    return IsOpenOurs(promise) && promise.due.has_value() && *promise.due < in.today;
  };
  const auto& promises = in.account->promises;
  const auto count = std::count_if(promises.begin(), promises.end(), overdue);
  return MadeByThose(in, Count(static_cast<std::size_t>(count)), promises, overdue);
}

constexpr SignalColumn kColumns[] = {
    {"promise.open", ColumnType::kInteger, kNoUnit, "Promises of ours that are not kept yet.", Motion::kConstant, 0,
     PromiseOpen},
    {"promise.due_next", ColumnType::kDay, kNoUnit,
     "The last local day for the open promise of ours that falls due first, also when it has passed.",
     Motion::kConstant, 0, PromiseDueNext},
    {"promise.days_to_due", ColumnType::kInteger, kDays,
     "Local days until the open promise of ours that falls due first; negative once it is overdue.",
     Motion::kClockLinear, -1, PromiseDaysToDue},
    {"promise.overdue", ColumnType::kInteger, kNoUnit, "Open promises of ours whose last day has passed.",
     Motion::kPolled, 0, PromiseOverdue},
};

}  // namespace

std::span<const SignalColumn> PromiseSignals() { return kColumns; }

}  // namespace rapport

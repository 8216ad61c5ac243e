#include "signals/rows.hpp"

namespace rapport {
namespace {

bool IsOpenOurs(const PromiseRecord& promise) { return promise.by == PromiseBy::kOurs && !promise.fulfilled; }

// What was revised, kept or withdrawn of ours.
SignalValue WithWhatBecame(const SignalInput& in, SignalValue out) {
  const auto withdrawn_by = [](const PromiseRecord& promise) { return promise.withdrawn_by; };
  const auto fulfilled_by = [](const PromiseRecord& promise) { return promise.fulfilled_by; };
  out = WithClosings(in, std::move(out), in.account->withdrawn_promises, withdrawn_by);
  out = WithClosings(in, std::move(out), in.account->promises, fulfilled_by);
  for (const PromiseRecord& promise : in.account->promises) {
    if (!promise.revisions.empty()) Cite(in, promise.revisions.back().key, out);
  }
  return out;
}

SignalValue PromiseOpen(const SignalInput& in) {
  const auto& promises = in.account->promises;
  const auto open = std::count_if(promises.begin(), promises.end(), IsOpenOurs);
  SignalValue out = WithWhatBecame(in, MadeByThose(in, Count(static_cast<std::size_t>(open)), promises, IsOpenOurs));
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
  return WithWhatBecame(in, next == nullptr ? SignalValue() : MadeBy(in, *next->due, next->key));
}

SignalValue PromiseDaysToDue(const SignalInput& in) {
  const PromiseRecord* next = NextDue(in);
  if (next == nullptr || in.today < DayOf(in, next->made)) return {};
  return WithWhatBecame(in, MadeBy(in, DaysFrom(in.today, *next->due), next->key));
}

SignalValue PromiseOverdue(const SignalInput& in) {
  const auto overdue = [&](const PromiseRecord& promise) {
    return IsOpenOurs(promise) && promise.due.has_value() && *promise.due < in.today;
  };
  const auto& promises = in.account->promises;
  const auto count = std::count_if(promises.begin(), promises.end(), overdue);
  return WithWhatBecame(in, MadeByThose(in, Count(static_cast<std::size_t>(count)), promises, overdue));
}

// Kept: all of it by the end of its day. Settled: delivered, or its day has passed.
bool IsSettled(const SignalInput& in, const PromiseRecord& promise) {
  if (promise.by != PromiseBy::kOurs) return false;
  return promise.fulfilled || (promise.due.has_value() && *promise.due < in.today);
}
bool WasKept(const SignalInput& in, const PromiseRecord& promise) {
  return promise.fulfilled && (!promise.due.has_value() || DayOf(in, *promise.fulfilled_at) <= *promise.due);
}

SignalValue PromiseLastKept(const SignalInput& in) {
  const auto& all = in.account->promises;
  const PromiseRecord* last = nullptr;
  std::optional<Day> last_day;
  for (const PromiseRecord& promise : all) {
    if (!IsSettled(in, promise)) continue;
    const Day day = promise.fulfilled ? DayOf(in, *promise.fulfilled_at) : *promise.due + 1;
    if (last_day.has_value() && day < *last_day) continue;
    last_day = day;
    last = &promise;
  }
  if (last == nullptr) return {};
  SignalValue out = MadeBy(in, WasKept(in, *last), last->fulfilled ? last->fulfilled_by : last->key);
  Cite(in, last->key, out);
  return WithWhatBecame(in, std::move(out));
}

SignalValue PromiseKeptShare(const SignalInput& in) {
  const auto settled = [&](const PromiseRecord& promise) { return IsSettled(in, promise); };
  const auto kept = [&](const PromiseRecord& promise) { return settled(promise) && WasKept(in, promise); };
  const auto& all = in.account->promises;
  const auto n = std::count_if(all.begin(), all.end(), settled);
  if (n == 0) return {};
  return WithWhatBecame(in, MadeByThose(in, Number(static_cast<double>(std::count_if(all.begin(), all.end(), kept)) / static_cast<double>(n)), all, settled));
}

// The day after the next one on which a promise of ours falls due.
std::optional<Day> NextDayPassed(const SignalInput& in) {
  std::optional<Day> next;
  for (const PromiseRecord& promise : in.account->promises) {
    if (!IsOpenOurs(promise) || !promise.due.has_value() || *promise.due < in.today) continue;
    next = std::min(next.value_or(*promise.due + 1), *promise.due + 1);
  }
  return next;
}

const SignalColumn kColumns[] = {
    {"promise.open", ColumnType::kInteger, kNoUnit, "Promises of ours that are not kept yet.", Motion::kConstant, 0,
     PromiseOpen},
    {"promise.due_next", ColumnType::kDay, kNoUnit,
     "The last local day for the open promise of ours that falls due first, also when it has passed.",
     Motion::kConstant, 0, PromiseDueNext},
    {"promise.days_to_due", ColumnType::kInteger, kDays,
     "Local days until the open promise of ours that falls due first; negative once it is overdue.",
     Motion::kClockLinear, -1, PromiseDaysToDue},
    {"promise.overdue", ColumnType::kInteger, kNoUnit, "Open promises of ours whose last day has passed.",
     Motion::kPolled, 0, PromiseOverdue, {}, NextDayPassed},
    {"promise.last_kept", ColumnType::kBool, kNoUnit,
     "Whether the promise of ours settled last, by delivery or by its day passing, was kept in full and in time.",
     Motion::kPolled, 0, PromiseLastKept, {}, NextDayPassed},
    {"promise.kept_share", ColumnType::kNumber, kNoUnit, "The share of settled promises of ours that were kept in full and in time.",
     Motion::kPolled, 0, PromiseKeptShare, {}, NextDayPassed},
};

}  // namespace

std::span<const SignalColumn> PromiseSignals() { return kColumns; }

}  // namespace rapport

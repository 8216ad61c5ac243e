#include "rapport/expectation/pinned_down.hpp"
#include "rapport/expectation/promise_outcome.hpp"
#include "signals/rows.hpp"

namespace rapport {
namespace {

constexpr int kCoverageDays = 365;
constexpr int kUnpinnedDays = 30;

bool IsOpenOurs(const PromiseRecord& promise) { return promise.by == PromiseBy::kOurs && !promise.fulfilled; }

// What was revised, kept or withdrawn, of ours and of the customer's. What is only announced moves nothing.
SignalValue WithWhatBecame(const SignalInput& in, SignalValue out) {
  const auto withdrawn_by = [](const PromiseRecord& promise) { return promise.withdrawn_by; };
  const auto fulfilled_by = [](const PromiseRecord& promise) { return promise.fulfilled_by; };
  out = WithClosings(in, std::move(out), in.account->withdrawn_promises, withdrawn_by);
  out = WithClosings(in, std::move(out), in.account->promises, fulfilled_by);
  for (const PromiseRecord& promise : in.account->promises) {
    for (auto revision = promise.revisions.rbegin(); revision != promise.revisions.rend(); ++revision) {
      if (revision->agreed) Cite(in, revision->key, out);
    }
  }
  for (const PromiseRecord& promise : in.account->promises) {
    if (!promise.fulfilled) continue;
    for (auto delivery = promise.deliveries.rbegin(); delivery != promise.deliveries.rend(); ++delivery) Cite(in, delivery->key, out);
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

const WorkingWeek& WeekOf(const SignalInput& in, const PromiseRecord& promise) { return WeekOf(*in.context->book, promise.rep); }

// A word of ours that was kept or broken.
struct JudgedWord {
  const PromiseRecord* promise;
  PromiseWord word;
};
std::vector<JudgedWord> JudgedWords(const SignalInput& in) {
  std::vector<JudgedWord> judged;
  for (const auto* promises : {&in.account->promises, &in.account->withdrawn_promises}) {
    for (const PromiseRecord& promise : *promises) {
      if (promise.by != PromiseBy::kOurs) continue;
      for (PromiseWord& word : JudgeWords(promise, *in.zone, WeekOf(in, promise), in.as_of)) {
        if (IsJudged(word.judged.outcome) && word.settled_on.has_value()) judged.push_back({&promise, std::move(word)});
      }
    }
  }
  return judged;
}

// The word settled last; of those on one day the one that was told last.
const JudgedWord* LastOf(const std::vector<JudgedWord>& judged) {
  const JudgedWord* last = nullptr;
  for (const JudgedWord& one : judged) {
    if (last == nullptr || *one.word.settled_on >= *last->word.settled_on) last = &one;
  }
  return last;
}

// The promise's words and deliveries until now, the newest first.
SignalValue WithCourse(const SignalInput& in, const PromiseRecord& promise, SignalValue out) {
  const auto cite_all = [&](const auto& said) {
    for (auto one = said.rbegin(); one != said.rend(); ++one) {
      if (one->at <= in.as_of) Cite(in, one->key, out);
    }
  };
  Cite(in, promise.key, out);
  cite_all(promise.revisions);
  cite_all(promise.deliveries);
  return out;
}

SignalValue OfLastWord(const SignalInput& in, const std::vector<JudgedWord>& judged, Cell (*cell)(const PromiseJudgement&)) {
  const JudgedWord* last = LastOf(judged);
  if (last == nullptr) return WithWhatBecame(in, {});
  const PromiseRecord& promise = *last->promise;
  const bool fulfilled = promise.fulfilled && last->word.current();
  SignalValue out = MadeBy(in, cell(last->word.judged), fulfilled ? promise.fulfilled_by : last->word.said_by);
  return WithWhatBecame(in, WithCourse(in, promise, std::move(out)));
}
SignalValue PromiseLastKept(const SignalInput& in) {
  return OfLastWord(in, JudgedWords(in), [](const PromiseJudgement& judged) { return Cell(IsKept(judged.outcome)); });
}
SignalValue PromiseLastOutcome(const SignalInput& in) {
  return OfLastWord(in, JudgedWords(in), [](const PromiseJudgement& judged) { return Cell(std::string(NameOf(judged.outcome))); });
}
// Of what was delivered at all: what was not has no day of its own.
SignalValue PromiseLastMarginDays(const SignalInput& in) {
  std::vector<JudgedWord> judged = JudgedWords(in);
  std::erase_if(judged, [](const JudgedWord& one) { return !one.word.judged.margin_days.has_value(); });
  return OfLastWord(in, judged, [](const PromiseJudgement& one) { return Cell(*one.margin_days); });
}

SignalValue PromiseKeptShare(const SignalInput& in) {
  const std::vector<JudgedWord> judged = JudgedWords(in);
  if (judged.empty()) return WithWhatBecame(in, {});
  const auto kept = std::count_if(judged.begin(), judged.end(), [](const JudgedWord& one) { return IsKept(one.word.judged.outcome); });
  SignalValue out;
  out.value = Number(static_cast<double>(kept) / static_cast<double>(judged.size()));
  if (!in.explain) return out;
  NewestEvent newest;
  for (const JudgedWord& one : judged) newest.See(*one.word.terms.given, one.word.said_by);
  Cite(in, newest.key(), out);
  for (auto one = judged.rbegin(); one != judged.rend(); ++one) out = WithCourse(in, *one->promise, std::move(out));
  out.armed_by = newest.key();
  return WithWhatBecame(in, std::move(out));
}

// What is fulfilled stays as it was: its current word alone tells.
SignalValue PromiseKeptCount(const SignalInput& in) {
  const auto kept = [&](const PromiseRecord& promise) {
    if (promise.by != PromiseBy::kOurs || !promise.fulfilled || *promise.fulfilled_at > in.as_of) return false;
    const std::vector<PromiseWord> words = JudgeWords(promise, *in.zone, WeekOf(in, promise), std::nullopt);
    return !words.empty() && IsKept(words.back().judged.outcome);
  };
  const auto& promises = in.account->promises;
  const auto count = std::count_if(promises.begin(), promises.end(), kept);
  SignalValue out = MadeByThose(in, Count(static_cast<std::size_t>(count)), promises, kept);
  if (in.explain) {
    NewestEvent newest;
    for (const PromiseRecord& promise : promises) {
      if (kept(promise)) newest.See(*promise.fulfilled_at, promise.fulfilled_by);
    }
    out.armed_by = newest.key();
  }
  return WithWhatBecame(in, std::move(out));
}

// --- what is soon due, ready, or owed by the customer
bool IsDueSoon(const SignalInput& in, const PromiseRecord& promise) {
  return IsOpenOurs(promise) && promise.due.has_value() && in.today <= *promise.due &&
         WeekOf(in, promise).WorkingDays(in.today, *promise.due) <= kSoonWorkingDays;
}

SignalValue PromiseDueSoon(const SignalInput& in) {
  const auto soon = [&](const PromiseRecord& promise) { return IsDueSoon(in, promise); };
  const auto& promises = in.account->promises;
  const auto count = std::count_if(promises.begin(), promises.end(), soon);
  SignalValue out = MadeByThose(in, Count(static_cast<std::size_t>(count)), promises, soon);
  for (const PromiseRecord& promise : promises) {
    const RepRecord* rep = IsOpenOurs(promise) ? in.context->book->FindRep(promise.rep) : nullptr;
    if (rep != nullptr && rep->week_given) Cite(in, rep->last_event, out);
  }
  return WithWhatBecame(in, std::move(out));
}

// The first day on which no more than two working days are left.
Day SoonFrom(const SignalInput& in, const PromiseRecord& promise) {
  const WorkingWeek& week = WeekOf(in, promise);
  std::int64_t early = 1, late = 0;   // days before the due day: not soon yet, soon already
  while (early <= WorkingCalendar::kHorizonDays && week.WorkingDays(*promise.due - early, *promise.due) <= kSoonWorkingDays) late = early, early *= 2;
  while (early - late > 1) {
    const std::int64_t middle = late + (early - late) / 2;
    (week.WorkingDays(*promise.due - middle, *promise.due) <= kSoonWorkingDays ? late : early) = middle;
  }
  return *promise.due - late;
}

std::optional<Day> NextSoon(const SignalInput& in) {
  std::optional<Day> next;
  for (const PromiseRecord& promise : in.account->promises) {
    if (!IsOpenOurs(promise) || !promise.due.has_value() || *promise.due < in.today) continue;
    const Day soon = SoonFrom(in, promise);
    const Day step = in.today < soon ? soon : *promise.due + 1;
    next = std::min(next.value_or(step), step);
  }
  return next;
}

bool IsOpenHomework(const PromiseRecord& promise) { return promise.by == PromiseBy::kCustomer && !promise.fulfilled && promise.due.has_value(); }

SignalValue PromiseHomeworkOverdue(const SignalInput& in) {
  const auto overdue = [&](const PromiseRecord& promise) { return IsOpenHomework(promise) && *promise.due < in.today; };
  const auto& promises = in.account->promises;
  const auto count = std::count_if(promises.begin(), promises.end(), overdue);
  return WithWhatBecame(in, MadeByThose(in, Count(static_cast<std::size_t>(count)), promises, overdue));
}

std::optional<Day> NextHomeworkPassed(const SignalInput& in) {
  std::optional<Day> next;
  for (const PromiseRecord& promise : in.account->promises) {
    if (!IsOpenHomework(promise) || *promise.due < in.today) continue;
    next = std::min(next.value_or(*promise.due + 1), *promise.due + 1);
  }
  return next;
}

// What stands ready, with what was delivered, is all of it, and its day is still to come.
bool StandsReady(const PromiseRecord& promise) {
  if (!IsOpenOurs(promise) || !promise.due.has_value() || !promise.ready.has_value()) return false;
  const double promised = promise.quantity.value_or(1);
  return promise.delivered_quantity + *promise.ready >= promised - kPromiseTolerance * std::fabs(promised);
}

SignalValue PromiseAhead(const SignalInput& in) {
  const auto ahead = [&](const PromiseRecord& promise) { return StandsReady(promise) && in.today < *promise.due; };
  const auto& promises = in.account->promises;
  const auto count = std::count_if(promises.begin(), promises.end(), ahead);
  SignalValue out = MadeByThose(in, Count(static_cast<std::size_t>(count)), promises, ahead);
  if (!in.explain) return out;
  NewestEvent newest;
  for (auto promise = promises.rbegin(); promise != promises.rend(); ++promise) {
    if (promise->by != PromiseBy::kOurs) continue;
    Cite(in, promise->ready_by, out);
    if (!ahead(*promise)) continue;
    out = WithCourse(in, *promise, std::move(out));
    if (newest.key().empty()) newest.See(promise->made, promise->ready_by);
  }
  out.armed_by = newest.key();
  return WithWhatBecame(in, std::move(out));
}

std::optional<Day> NextNoLongerAhead(const SignalInput& in) {
  std::optional<Day> next;
  for (const PromiseRecord& promise : in.account->promises) {
    if (StandsReady(promise) && in.today < *promise.due) next = std::min(next.value_or(*promise.due), *promise.due);
  }
  return next;
}

// --- orders and deals without what, how much and when
std::vector<PinnedOrder> OrdersOfDays(const SignalInput& in, int days) { return PinDown(*in.account, *in.zone, in.today - (days - 1), in.today); }

// Without a cancellation or a withdrawal more would count; what is fulfilled is revised and withdrawn no more.
SignalValue WithTakenBack(const SignalInput& in, SignalValue out) {
  out = WithClosings(in, std::move(out), in.account->cancelled_purchases, [](const PurchaseRecord& purchase) { return purchase.cancelled_by; });
  return WithWhatBecame(in, std::move(out));
}

SignalValue PromiseCoverage(const SignalInput& in) {
  const std::vector<PinnedOrder> orders = OrdersOfDays(in, kCoverageDays);
  if (orders.empty()) return WithTakenBack(in, {});
  const auto pinned = std::count_if(orders.begin(), orders.end(), [](const PinnedOrder& order) { return order.pinned(); });
  SignalValue out = MadeBy(in, Number(static_cast<double>(pinned) / static_cast<double>(orders.size())), orders.back().order->key);
  for (auto order = orders.rbegin(); order != orders.rend(); ++order) {
    Cite(in, order->order->key, out);
    if (!order->pinned()) continue;
    Cite(in, order->promise->key, out);
    Cite(in, order->dated_by, out);
  }
  return WithTakenBack(in, std::move(out));
}

SignalValue PromiseUnpinnedOrders(const SignalInput& in) {
  std::size_t count = 0;
  SignalValue out;
  EventKey newest;
  const std::vector<PinnedOrder> orders = OrdersOfDays(in, kUnpinnedDays);
  for (auto order = orders.rbegin(); order != orders.rend(); ++order) {
    const bool unpinned = !order->pinned() && !order->order->delivered.has_value();
    if (unpinned && count++ == 0) newest = order->order->key;
    if (unpinned) Cite(in, order->order->key, out);
  }
  for (auto order = orders.rbegin(); order != orders.rend(); ++order) {
    if (order->pinned()) {
      Cite(in, order->promise->key, out);
      Cite(in, order->dated_by, out);
    } else {
      Cite(in, order->order->delivered_by, out);
    }
  }
  out.value = Count(count);
  if (in.explain) out.armed_by = newest;
  return WithTakenBack(in, std::move(out));
}

// The next day on which one of those orders is too old to count.
template <int kDays>
std::optional<Day> NextOrderLeaves(const SignalInput& in) {
  std::optional<Day> next;
  for (const PurchaseRecord& order : in.account->purchases) {
    const Day leaves = DayOf(in, order.placed) + kDays;
    if (in.today < leaves) next = std::min(next.value_or(leaves), leaves);
  }
  return next;
}

SignalValue OpportunityUnpinned(const SignalInput& in) {
  const auto& opportunities = in.account->relations.opportunities;
  const auto closed_by = [](const OpportunityRecord& record) { return record.closed_by; };
  const OpportunityRecord* newest = NewestOpportunity(*in.account, in.as_of);
  if (newest == nullptr) return WithClosings(in, {}, opportunities, closed_by);
  const PromiseRecord* promise = PinsDown(*in.account, *newest, in.as_of);
  SignalValue out = MadeBy(in, promise == nullptr, newest->key);
  if (promise != nullptr) out = WithCourse(in, *promise, std::move(out));
  out = WithClosings(in, std::move(out), opportunities, closed_by);
  return WithTakenBack(in, std::move(out));
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
    {"promise.due_soon", ColumnType::kInteger, kNoUnit, "Open promises of ours with two working days or fewer left, today not counted.",
     Motion::kPolled, 0, PromiseDueSoon, {}, NextSoon},
    {"promise.overdue", ColumnType::kInteger, kNoUnit, "Open promises of ours whose last day has passed.",
     Motion::kPolled, 0, PromiseOverdue, {}, NextDayPassed},
    {"promise.homework_overdue", ColumnType::kInteger, kNoUnit, "What the customer promised to do and did not do by its last day.",
     Motion::kPolled, 0, PromiseHomeworkOverdue, {}, NextHomeworkPassed},
    {"promise.ahead", ColumnType::kInteger, kNoUnit, "Open promises of ours of which all stands ready before their day.",
     Motion::kPolled, 0, PromiseAhead, {}, NextNoLongerAhead},
    {"promise.last_kept", ColumnType::kBool, kNoUnit,
     "Whether the promise of ours settled last, by delivery or by its day passing, was kept in full and in time.",
     Motion::kPolled, 0, PromiseLastKept, {}, NextDayPassed},
    {"promise.last_margin_days", ColumnType::kInteger, kDays,
     "Days from the delivery of the promise of ours delivered and settled last to its day; positive early.",
     Motion::kPolled, 0, PromiseLastMarginDays, {}, NextDayPassed},
    {"promise.last_outcome", ColumnType::kText, kNoUnit,
     "What became of the promise of ours settled last: kept, exceeded, short, late, short_and_late or overdue.",
     Motion::kPolled, 0, PromiseLastOutcome, {}, NextDayPassed},
    {"promise.kept", ColumnType::kInteger, kNoUnit, "Promises of ours that were kept in full and in time.", Motion::kConstant, 0, PromiseKeptCount},
    {"promise.kept_share", ColumnType::kNumber, kNoUnit, "The share of settled promises of ours that were kept in full and in time.",
     Motion::kPolled, 0, PromiseKeptShare, {}, NextDayPassed},
    {"promise.coverage", ColumnType::kNumber, kNoUnit,
     "The share of the orders of the last 365 days for which a promise of ours said before how much and by when.",
     Motion::kPolled, 0, PromiseCoverage, {}, NextOrderLeaves<kCoverageDays>},
    {"promise.unpinned_orders", ColumnType::kInteger, kNoUnit,
     "Orders of the last 30 days, not delivered yet, for which no promise of ours said before how much and by when.",
     Motion::kPolled, 0, PromiseUnpinnedOrders, {}, NextOrderLeaves<kUnpinnedDays>},
    {"opportunity.unpinned", ColumnType::kBool, kNoUnit,
     "Whether no promise of ours with a day was made since the newest open opportunity was opened.",
     Motion::kConstant, 0, OpportunityUnpinned},
};

}  // namespace

std::span<const SignalColumn> PromiseSignals() { return kColumns; }

}  // namespace rapport

#include "rapport/signals/promise_chance.hpp"

#include "signals/rows.hpp"

namespace rapport {

std::string NameOfPromise(const EventKey& key) { return key.source + " " + key.id; }

PromiseCalendar PromiseCalendarOf(const BookContext& book, const RepId& rep, Day today) {
  static const WorkingWeek office = OfficeWeek();
  const RepRecord* known = book.FindRep(rep);
  if (known == nullptr) return {&office, nullptr, std::nullopt, today};
  return {&known->week, &known->absences, known->work_minutes, today};
}

namespace {

// Of ours, open, its day not passed.
bool IsAhead(const SignalInput& in, const PromiseRecord& promise) {
  return promise.by == PromiseBy::kOurs && !promise.fulfilled && promise.due.has_value() && *promise.due >= in.today;
}

}  // namespace

std::optional<PromiseChance> ChanceOf(const SignalInput& input, const PromiseRecord& promise) {
  const PromiseKeeping* keeping = input.context->keeping.get();
  if (keeping == nullptr || !IsAhead(input, promise) || input.today < DayOf(input, promise.made)) return std::nullopt;
  PromiseChance out;
  out.asked.rep = promise.rep.value_or(input.account->owner.value_or(RepId()));
  out.asked.product = promise.product.value_or(ProductId());
  out.asked.promise = NameOfPromise(promise.key);
  out.asked.elapsed_days = DaysFrom(DayOf(input, promise.made), input.today);
  out.asked.work_minutes = promise.work_left.has_value() ? promise.work_left : promise.work_minutes;
  out.asked.ready = promise.all_ready_since.has_value();
  out.calendar = PromiseCalendarOf(*input.context->book, out.asked.rep, input.today);
  out.free_minutes = keeping->FreeUntil(*promise.due, out.asked, out.calendar);
  // The share of promises kept alone says nothing of this one.
  if (keeping->LeadsOf(out.asked.product) == 0 && out.Fits() && !out.asked.ready) return std::nullopt;
  out.chance = keeping->ChanceOf(out.asked, *promise.due, out.calendar);
  return out;
}

namespace {

// The open promise of ours that is least likely to be kept; of equal ones the one that falls due first.
struct Weakest {
  const PromiseRecord* promise = nullptr;
  double chance = 0;
};

Weakest WeakestOf(const SignalInput& in) {
  Weakest weakest;
  for (const PromiseRecord& promise : in.account->promises) {
    const std::optional<PromiseChance> chance = ChanceOf(in, promise);
    if (!chance.has_value()) continue;
    const bool weaker = weakest.promise == nullptr || chance->chance < weakest.chance || (chance->chance == weakest.chance && *promise.due < *weakest.promise->due);
    if (weaker) weakest = {&promise, chance->chance};
  }
  return weakest;
}

// Of every open promise what its chance rests on: another one might have been the weakest.
SignalValue ProbabilityKept(const SignalInput& in) {
  const Weakest weakest = WeakestOf(in);
  if (weakest.promise == nullptr) return {};
  SignalValue out = MadeBy(in, Number(weakest.chance), weakest.promise->key);
  Cite(in, in.context->keeping_event, out);
  for (auto promise = in.account->promises.rbegin(); promise != in.account->promises.rend(); ++promise) {
    if (promise->by != PromiseBy::kOurs) continue;
    Cite(in, promise->fulfilled_by, out);
    Cite(in, promise->progressed_by, out);
    Cite(in, promise->all_ready_by, out);
    if (!promise->revisions.empty()) Cite(in, promise->revisions.back().key, out);
    Cite(in, promise->key, out);
  }
  return WithClosings(in, std::move(out), in.account->withdrawn_promises, [](const PromiseRecord& promise) { return promise.withdrawn_by; });
}

// Each day there is one less.
std::optional<Day> TomorrowWhileOpen(const SignalInput& in) {
  const auto& promises = in.account->promises;
  const bool any = in.context->keeping != nullptr && std::any_of(promises.begin(), promises.end(), [&](const PromiseRecord& promise) { return IsAhead(in, promise); });
  return any ? std::optional(in.today + 1) : std::nullopt;
}

const SignalColumn kColumns[] = {
    {"promise.probability_kept", ColumnType::kNumber, "probability",
     "The least chance that an open promise of ours is kept before its day passes; missing without a fitted model.",
     Motion::kPolled, 0, ProbabilityKept, {}, TomorrowWhileOpen},
};

}  // namespace

std::span<const SignalColumn> PromiseChanceSignals() { return kColumns; }

}  // namespace rapport

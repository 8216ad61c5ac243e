#include "rapport/expectation/promise_outcome.hpp"

#include <algorithm>
#include <cmath>

namespace rapport {
namespace {

// What was delivered by the end, and what of it by the due day.
struct Tally {
  double sum = 0;
  bool some_in_time = false;
  bool some_after = false;
  std::optional<Day> reached;
  std::optional<Day> last;
};

Tally Count(const PromiseTerms& terms, std::span<const PromiseDelivery> deliveries, const Zone& zone, std::optional<Instant> as_of) {
  const double promised = terms.quantity.value_or(0);
  const double enough = promised - kPromiseTolerance * std::fabs(promised);
  Tally tally;
  for (const PromiseDelivery& delivery : deliveries) {
    if (as_of.has_value() && delivery.at > *as_of) continue;
    const Day day = zone.LocalDay(terms.given.has_value() ? std::max(delivery.at, *terms.given) : delivery.at);
    const double before = tally.sum;
    tally.sum = delivery.quantity.has_value() ? before + *delivery.quantity : std::max(before, promised);
    if (!tally.reached.has_value() && tally.sum >= enough) tally.reached = day;
    if (tally.sum == before && terms.quantity.has_value()) continue;   // nothing came
    tally.last = day;
    (terms.due.has_value() && day > *terms.due ? tally.some_after : tally.some_in_time) = true;
  }
  return tally;
}

PromiseOutcome OutcomeOf(const PromiseTerms& terms, const Tally& tally, const Zone& zone, const WorkingWeek& week, std::optional<Instant> as_of) {
  if (tally.reached.has_value()) {
    if (terms.due.has_value() && *tally.reached > *terms.due) return PromiseOutcome::kLate;
    const bool early = terms.due.has_value() && *tally.reached < *terms.due;
    const bool more = terms.quantity.has_value() && tally.sum > *terms.quantity + kPromiseTolerance * std::fabs(*terms.quantity);
    return early || more ? PromiseOutcome::kExceeded : PromiseOutcome::kKept;
  }
  const bool some = tally.some_in_time || tally.some_after;
  if (!as_of.has_value() && !terms.due.has_value()) return some ? PromiseOutcome::kShort : PromiseOutcome::kPending;
  if (!terms.due.has_value()) return PromiseOutcome::kPending;
  if (as_of.has_value()) {
    const Day today = zone.LocalDay(*as_of);
    if (today <= *terms.due) return week.WorkingDays(today, *terms.due) <= kSoonWorkingDays ? PromiseOutcome::kDueSoon : PromiseOutcome::kPending;
  }
  if (!some) return PromiseOutcome::kOverdue;
  return tally.some_after ? PromiseOutcome::kShortAndLate : PromiseOutcome::kShort;
}

std::optional<Day> SettledOn(const PromiseWord& word) {
  if (!IsJudged(word.judged.outcome)) return std::nullopt;
  if (word.judged.fulfilled_on.has_value()) return word.judged.fulfilled_on;
  return word.terms.due.has_value() ? std::optional(*word.terms.due + 1) : std::nullopt;
}

// Neither kept nor broken: without margins.
void SetAside(PromiseJudgement& judged, PromiseOutcome outcome) {
  judged.outcome = outcome;
  judged.margin_days = judged.margin_working_days = std::nullopt;
  judged.margin_quantity = std::nullopt;
}

// The words that were given by `as_of`, not judged yet.
std::vector<PromiseWord> WordsGiven(const PromiseRecord& promise, std::optional<Instant> as_of) {
  std::vector<PromiseWord> words(1);
  words.front().said_by = promise.key;
  words.front().terms = {promise.quantity, promise.due, promise.made};
  bool first = true;
  for (const PromiseRevision& revision : promise.revisions) {
    if (!revision.agreed) continue;
    if (first) words.front().terms = {revision.quantity_before, revision.due_before, promise.made};
    first = false;
    if (as_of.has_value() && revision.at > *as_of) break;
    words.back().replaced_at = revision.at;
    words.back().replaced_by = revision.key;
    PromiseWord& next = words.emplace_back();
    next.said_by = revision.key;
    next.terms = {revision.quantity_after, revision.due_after, revision.at};
  }
  return words;
}

// What came at the very moment of the next word is the next word's.
std::span<const PromiseDelivery> DeliveredBefore(std::span<const PromiseDelivery> deliveries, std::optional<Instant> replaced_at) {
  if (!replaced_at.has_value()) return deliveries;
  const auto end = std::find_if(deliveries.begin(), deliveries.end(), [&](const PromiseDelivery& delivery) { return delivery.at >= *replaced_at; });
  return deliveries.first(static_cast<std::size_t>(end - deliveries.begin()));
}

}  // namespace

std::string_view NameOf(PromiseOutcome outcome) {
  switch (outcome) {
    case PromiseOutcome::kPending: return "pending";
    case PromiseOutcome::kDueSoon: return "due_soon";
    case PromiseOutcome::kOverdue: return "overdue";
    case PromiseOutcome::kKept: return "kept";
    case PromiseOutcome::kExceeded: return "exceeded";
    case PromiseOutcome::kShort: return "short";
    case PromiseOutcome::kLate: return "late";
    case PromiseOutcome::kShortAndLate: return "short_and_late";
    case PromiseOutcome::kRenegotiated: return "renegotiated";
    case PromiseOutcome::kWithdrawn: return "withdrawn";
  }
  return {};
}

const WorkingWeek& WeekOf(const BookContext& context, const std::optional<RepId>& rep) {
  static const WorkingWeek kOffice = OfficeWeek();
  const RepRecord* known = context.FindRep(rep);
  return known == nullptr ? kOffice : known->week;
}

PromiseJudgement JudgePromise(const PromiseTerms& terms, std::span<const PromiseDelivery> deliveries, const Zone& zone, const WorkingWeek& week,
                              std::optional<Instant> as_of) {
  const Tally tally = Count(terms, deliveries, zone, as_of);
  PromiseJudgement judged;
  judged.outcome = OutcomeOf(terms, tally, zone, week, as_of);
  judged.delivered = tally.sum;
  judged.fulfilled_on = tally.reached;
  if (terms.quantity.has_value()) judged.margin_quantity = tally.sum - *terms.quantity;
  const std::optional<Day> end = tally.reached.has_value() ? tally.reached : tally.last;
  if (!IsJudged(judged.outcome) || !terms.due.has_value() || !end.has_value()) return judged;
  judged.margin_days = static_cast<std::int64_t>(*terms.due - *end);
  judged.margin_working_days = week.WorkingDays(*end, *terms.due);
  return judged;
}

std::vector<PromiseWord> JudgeWords(const PromiseRecord& promise, const Zone& zone, const WorkingWeek& week, std::optional<Instant> as_of) {
  if (as_of.has_value() && promise.made > *as_of) return {};
  std::vector<PromiseWord> words = WordsGiven(promise, as_of);
  for (PromiseWord& word : words) {
    word.judged = JudgePromise(word.terms, DeliveredBefore(promise.deliveries, word.replaced_at), zone, week, word.current() ? as_of : word.replaced_at);
    const bool in_time = !word.current() && (!word.terms.due.has_value() || zone.LocalDay(*word.replaced_at) <= *word.terms.due);
    if (in_time) SetAside(word.judged, PromiseOutcome::kRenegotiated);
    const bool taken_back = word.current() && promise.withdrawn.has_value() && (!as_of.has_value() || *promise.withdrawn <= *as_of);
    if (taken_back) SetAside(word.judged, PromiseOutcome::kWithdrawn);
    word.settled_on = SettledOn(word);
  }
  return words;
}

}  // namespace rapport

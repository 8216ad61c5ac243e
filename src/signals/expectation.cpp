// What was expected and what was delivered; what was missed and what carried the customer nevertheless; the chance of buying again.
#include "rapport/core/status.hpp"
#include "rapport/signals/repeat.hpp"
#include "signals/rows.hpp"

namespace rapport {
namespace {

// Nothing that a balance could be made from.
bool IsSilent(const Account& account) {
  return account.promises.empty() && account.withdrawn_promises.empty() && account.relations.feedback.empty();
}

void CiteNewest(const SignalInput& in, const std::vector<EventKey>& keys, SignalValue& out) {
  for (auto key = keys.rbegin(); key != keys.rend(); ++key) Cite(in, *key, out);
}

// The weights are those of the customer, or of the segment.
void CiteWeights(const SignalInput& in, SignalValue& out) {
  if (in.context->weights == nullptr && !in.account->profile.expectation_weights.has_value()) return;
  CiteNewest(in, in.account->profile_events, out);
}

void CiteTypical(const SignalInput& in, const DimensionBalance& one, SignalValue& out) {
  if (one.expected_from == ExpectedFrom::kTypical) Cite(in, in.context->repeat_event, out);
}

void CiteDimension(const SignalInput& in, const DimensionBalance& one, SignalValue& out) {
  CiteNewest(in, one.evidence, out);
  CiteNewest(in, one.besides, out);
  CiteTypical(in, one, out);
}

// All that the whole rests on, what adds most to it first.
void CiteWhole(const SignalInput& in, const Balance& balance, SignalValue& out) {
  if (!in.explain) return;
  std::vector<const DimensionBalance*> order;
  for (const DimensionBalance& one : balance.dimensions) order.push_back(&one);
  std::stable_sort(order.begin(), order.end(), [](const auto* a, const auto* b) { return std::fabs(a->counted) > std::fabs(b->counted); });
  CiteNewest(in, balance.overall_evidence, out);
  for (const DimensionBalance* one : order) CiteDimension(in, *one, out);
  CiteWeights(in, out);
}

SignalValue Gap(const SignalInput& in) {
  if (IsSilent(*in.account)) return {};
  const Balance balance = BalanceFor(in);
  SignalValue out;
  if (balance.gap.has_value()) out.value = Number(*balance.gap);
  CiteWhole(in, balance, out);
  if (in.explain) out.armed_by = balance.moved_by;
  return out;
}

template <Dimension D>
SignalValue GapOf(const SignalInput& in) {
  if (IsSilent(*in.account)) return {};
  const DimensionBalance one = BalanceFor(in)[D];
  SignalValue out;
  if (one.gap.has_value()) out.value = Number(*one.gap);
  CiteDimension(in, one, out);
  if (in.explain && !one.evidence.empty() && one.gap.has_value()) out.armed_by = one.evidence.back();
  return out;
}

SignalValue CarriedBy(const SignalInput& in) {
  if (IsSilent(*in.account)) return {};
  const Balance balance = BalanceFor(in);
  SignalValue out;
  if (!balance.carried_by.empty()) out.value = std::string(NameOf(balance.carried_by.front()));
  if (!in.explain) return out;
  if (balance.bought_since.has_value()) Cite(in, *balance.bought_since, out);
  if (balance.missed.has_value()) CiteNewest(in, balance.missed->evidence, out);
  CiteWhole(in, balance, out);
  if (!balance.missed.has_value()) return out;
  out = WithClosings(in, std::move(out), in.account->cancelled_purchases, [](const PurchaseRecord& purchase) { return purchase.cancelled_by; });
  out.armed_by = balance.bought_since.value_or(EventKey());
  return out;
}

// A value made by what was missed last; without what was kept it would have been missed.
template <class ValueOf>
SignalValue Missed(const SignalInput& in, ValueOf value_of) {
  if (IsSilent(*in.account)) return {};
  const Balance balance = BalanceFor(in);
  SignalValue out;
  if (balance.missed.has_value()) {
    out.value = value_of(*balance.missed);
    CiteNewest(in, balance.missed->evidence, out);
    if (in.explain) out.armed_by = balance.missed->evidence.back();
  }
  CiteDimension(in, balance[Dimension::kOutcome], out);
  return out;
}

SignalValue MissedOn(const SignalInput& in) {
  return Missed(in, [](const MissedOutcome& missed) { return Cell(missed.day); });
}
SignalValue DaysSinceMiss(const SignalInput& in) {
  return Missed(in, [&](const MissedOutcome& missed) { return DaysSince(in, missed.at); });
}

SignalValue RepeatProbability(const SignalInput& in) {
  if (in.context->repeat == nullptr) return {};
  const std::optional<double> chance = in.context->repeat->ProbabilityOf(in);
  if (!chance.has_value()) return {};
  SignalValue out = MadeBy(in, Number(*chance), in.account->purchases.back().key);
  Cite(in, in.context->repeat_event, out);
  if (!in.explain) return out;
  CiteWhole(in, BalanceFor(in), out);
  for (auto purchase = in.account->purchases.rbegin(); purchase != in.account->purchases.rend(); ++purchase) {
    Cite(in, purchase->key, out);
    Cite(in, purchase->delivered_by, out);
  }
  return WithClosings(in, std::move(out), in.account->cancelled_purchases, [](const PurchaseRecord& purchase) { return purchase.cancelled_by; });
}

// The day after the next one on which a promise of ours falls due.
std::optional<Day> NextDuePassed(const SignalInput& in) {
  std::optional<Day> next;
  for (const PromiseRecord& promise : in.account->promises) {
    if (promise.by != PromiseBy::kOurs || promise.fulfilled || !promise.due.has_value() || *promise.due < in.today) continue;
    next = std::min(next.value_or(*promise.due + 1), *promise.due + 1);
  }
  return next;
}

// Days since a miss grow with every day.
std::optional<Day> NextDay(const SignalInput& in) {
  const bool missed = !IsSilent(*in.account) && BalanceFor(in).missed.has_value();
  return missed ? std::optional(in.today + 1) : NextDuePassed(in);
}

constexpr auto kPolled = Motion::kPolled;

template <Dimension D>
constexpr SignalColumn GapColumn(std::string_view name, std::string_view meaning) {
  return {name, ColumnType::kNumber, kNoUnit, meaning, kPolled, 0, GapOf<D>, {}, NextDuePassed};
}

const SignalColumn kColumns[] = {
    {"expectation.gap", ColumnType::kNumber, kNoUnit, "What was delivered less what was expected, over all dimensions by their weights, from -10 to 10.", kPolled, 0,
     Gap, {}, NextDuePassed},
    GapColumn<Dimension::kOutcome>("expectation.gap.outcome", "The outcome: what was delivered less what was expected, from -10 to 10."),
    GapColumn<Dimension::kEaseOfUse>("expectation.gap.ease_of_use", "Ease of use: what was delivered less what was expected, from -10 to 10."),
    GapColumn<Dimension::kBrandUplift>("expectation.gap.brand_uplift", "What the brand lends them: delivered less expected, from -10 to 10."),
    GapColumn<Dimension::kAssurance>("expectation.gap.assurance", "The feeling of being safe with us: delivered less expected, from -10 to 10."),
    GapColumn<Dimension::kAfterCare>("expectation.gap.after_care", "Care after the purchase: what was delivered less what was expected, from -10 to 10."),
    GapColumn<Dimension::kSpeedOfResponse>("expectation.gap.speed_of_response", "How fast we answer: delivered less expected, from -10 to 10."),
    GapColumn<Dimension::kCourtesy>("expectation.gap.courtesy", "Courtesy: what was delivered less what was expected, from -10 to 10."),
    GapColumn<Dimension::kDrive>("expectation.gap.drive", "How hard we try: delivered less expected, from -10 to 10."),
    GapColumn<Dimension::kTrackRecord>("expectation.gap.track_record", "What we have done before: delivered less expected, from -10 to 10."),
    GapColumn<Dimension::kRelationship>("expectation.gap.relationship", "The relationship: what was delivered less what was expected, from -10 to 10."),
    {"expectation.carried_by", ColumnType::kText, kNoUnit, "The dimension that counted most for a customer who bought again after a missed outcome.", kPolled, 0,
     CarriedBy, {}, NextDuePassed},
    {"expectation.missed_on", ColumnType::kDay, kNoUnit, "The day on which an outcome was missed last: promised and not there, or below what was expected.", kPolled, 0,
     MissedOn, {}, NextDuePassed},
    {"expectation.days_since_miss", ColumnType::kInteger, kDays, "Local days since an outcome was missed last.", kPolled, 0, DaysSinceMiss, {}, NextDay},
    {"expectation.repeat_probability", ColumnType::kNumber, "probability",
     "The chance that they buy again within 180 days, by the fitted model; missing where none was fitted.", kPolled, 0, RepeatProbability},
};

}  // namespace

std::span<const SignalColumn> ExpectationSignals() { return kColumns; }

absl::Status ReadExpectations(const BookContext& book, SignalContext& context) {
  // Checked when the event was appended; weights that cannot be read are as if they were not there.
  absl::StatusOr<BalanceWeights> weights = BalanceWeights::FromJson(book.expectation_weights);
  if (!book.expectation_weights.is_null() && weights.ok()) context.weights = std::make_shared<const BalanceWeights>(*std::move(weights));
  return ReadModel(book, kRepeat, context.repeat, context.repeat_event);
}

}  // namespace rapport

#include "rapport/signals/needs.hpp"

#include <iterator>

#include "rapport/core/status.hpp"
#include "rapport/relationship/referral_tree.hpp"
#include "rapport/signals/repeat.hpp"
#include "rapport/value/economics_terms.hpp"
#include "signals/rows.hpp"

namespace rapport {
namespace {

using Given = bool (*)(const SignalInput&, const SignalColumn&);

const Relations& Of(const SignalInput& in) { return in.account->relations; }

template <class Records, class Wanted>
bool Any(const Records& records, Wanted wanted) {
  return std::any_of(records.begin(), records.end(), wanted);
}

// --- purchases
bool Purchase(const SignalInput& in, const SignalColumn&) { return !in.account->purchases.empty(); }
bool ThreePurchaseDays(const SignalInput& in, const SignalColumn&) { return in.account->purchases.size() >= 3 && PurchaseDays(in).size() >= 3; }
bool Delivery(const SignalInput& in, const SignalColumn&) {
  return Any(in.account->purchases, [](const PurchaseRecord& purchase) { return purchase.delivered.has_value(); });
}
bool Amount(const SignalInput& in, const SignalColumn&) {
  return Any(in.account->purchases, [](const PurchaseRecord& purchase) { return purchase.amount.has_value(); });
}
bool FirstAmount(const SignalInput& in, const SignalColumn&) {
  return !in.account->purchases.empty() && in.account->purchases.front().amount.has_value();
}
// Of sums that are zero without a purchase.
bool AmountOfAny(const SignalInput& in, const SignalColumn& column) { return in.account->purchases.empty() || Amount(in, column); }

template <class Wanted>
bool AnyProduct(const SignalInput& in, Wanted wanted) {
  const auto& products = in.context->book->products;
  return Any(in.account->purchases, [&](const PurchaseRecord& purchase) {
    return Any(purchase.lines, [&](const PurchaseLine& line) {
      const auto product = line.product.has_value() ? products.find(*line.product) : products.end();
      return wanted(line, product != products.end() ? &product->second : nullptr);
    });
  });
}
bool ReturnDays(const SignalInput& in, const SignalColumn&) {
  return AnyProduct(in, [](const PurchaseLine&, const ProductRecord* product) { return product != nullptr && product->return_days.has_value(); });
}
bool MarginOfAny(const SignalInput& in, const SignalColumn&) {
  return in.account->purchases.empty() || AnyProduct(in, [](const PurchaseLine& line, const ProductRecord* product) {
    return line.margin.has_value() || (product != nullptr && product->margin.has_value());
  });
}
// A share of the terms stands for margins that nobody noted.
bool MarginKnown(const SignalInput& in, const SignalColumn& column) {
  return in.context->economics->margin_share().has_value() || MarginOfAny(in, column);
}

// --- money
bool ReportingCurrency(const SignalInput& in, const SignalColumn&) { return in.context->book->reporting_currency.has_value(); }
// Without a reporting currency that is what is missing, and no rate would help.
bool HasRate(const SignalInput& in, const std::optional<Money>& amount, Instant at) {
  const BookContext& book = *in.context->book;
  return !amount.has_value() || !book.reporting_currency.has_value() || book.InReporting(*amount, at).ok();
}
bool RatesOfPurchases(const SignalInput& in, const SignalColumn&) {
  return !Any(in.account->purchases, [&](const PurchaseRecord& purchase) { return !HasRate(in, purchase.amount, purchase.placed); });
}
bool RateOfFirst(const SignalInput& in, const SignalColumn&) {
  return in.account->purchases.empty() || HasRate(in, in.account->purchases.front().amount, in.account->purchases.front().placed);
}
bool RateOfVolume(const SignalInput& in, const SignalColumn&) { return HasRate(in, in.account->profile.expected_volume, in.as_of); }
bool RatesOfContracts(const SignalInput& in, const SignalColumn&) {
  return !Any(Of(in).contracts, [&](const ContractRecord& contract) { return !contract.ended.has_value() && !HasRate(in, contract.value, contract.started); });
}

// --- the customer, what binds us
bool AnyEvent(const SignalInput& in, const SignalColumn&) { return in.account->first_event_at.has_value(); }
bool Large(const SignalInput& in, const SignalColumn& column) {
  return in.account->profile.large.has_value() || !std::holds_alternative<std::monostate>(column.Of(in).value);
}
bool Owner(const SignalInput& in, const SignalColumn&) { return in.account->owner.has_value(); }
bool OwnerKnown(const SignalInput& in, const SignalColumn&) {
  return in.account->owner.has_value() && in.context->book->reps.contains(*in.account->owner);
}
bool ManagerTold(const SignalInput& in, const SignalColumn& column) {
  return OwnerKnown(in, column) && in.context->book->reps.at(*in.account->owner).manager.has_value();
}
bool ExpectedVolume(const SignalInput& in, const SignalColumn&) { return in.account->profile.expected_volume.has_value(); }
bool Worry(const SignalInput& in, const SignalColumn&) { return !in.account->worries.empty(); }
bool Case(const SignalInput& in, const SignalColumn&) { return !Of(in).cases.empty(); }
bool Contract(const SignalInput& in, const SignalColumn&) { return !Of(in).contracts.empty(); }
bool ContractEnd(const SignalInput& in, const SignalColumn&) {
  return Any(Of(in).contracts, [](const ContractRecord& contract) { return contract.ends.has_value(); });
}
bool ContractYear(const SignalInput& in, const SignalColumn&) {
  return Any(Of(in).contracts, [](const ContractRecord& contract) { return contract.value.has_value(); });
}
bool Opportunity(const SignalInput& in, const SignalColumn&) { return !Of(in).opportunities.empty(); }
bool OpportunityStage(const SignalInput& in, const SignalColumn&) {
  return Any(Of(in).opportunities, [](const OpportunityRecord& opportunity) { return opportunity.stage.has_value(); });
}
bool NeedStatedByThem(const SignalInput& in, const SignalColumn&) { return !Of(in).needs.empty(); }
bool Referral(const SignalInput& in, const SignalColumn&) { return !Of(in).referrals.empty(); }
bool Feedback(const SignalInput& in, const SignalColumn&) { return !Of(in).feedback.empty(); }
bool FeedbackScore(const SignalInput& in, const SignalColumn&) {
  return Any(Of(in).feedback, [](const Said<FeedbackGiven>& said) { return said.data.nps || said.data.csat || said.data.dimensions; });
}
bool HostValue(const SignalInput& in, const SignalColumn& column) {
  const auto found = Of(in).host.find(column.host);
  if (found == Of(in).host.end()) return false;
  return column.type == ColumnType::kText ? found->second.text.has_value() : found->second.value.has_value();
}

// --- promises of ours
bool IsOurs(const PromiseRecord& promise) { return promise.by == PromiseBy::kOurs; }
bool Promise(const SignalInput& in, const SignalColumn&) { return Any(in.account->promises, IsOurs); }
bool PromiseDue(const SignalInput& in, const SignalColumn&) {
  return Any(in.account->promises, [](const PromiseRecord& promise) { return IsOurs(promise) && promise.due.has_value(); });
}
// A promise without a day is settled by its delivery alone.
bool PromiseThatSettles(const SignalInput& in, const SignalColumn&) {
  return Any(in.account->promises, [](const PromiseRecord& promise) { return IsOurs(promise) && (promise.due.has_value() || promise.fulfilled); });
}

bool PromiseFulfilled(const SignalInput& in, const SignalColumn&) {
  return Any(in.account->promises, [](const PromiseRecord& promise) { return IsOurs(promise) && promise.fulfilled; });
}
bool PromiseReady(const SignalInput& in, const SignalColumn&) {
  return Any(in.account->promises, [](const PromiseRecord& promise) { return IsOurs(promise) && !promise.ready_by.empty(); });
}
bool PromiseProgress(const SignalInput& in, const SignalColumn&) {
  return Any(in.account->promises, [](const PromiseRecord& promise) { return IsOurs(promise) && !promise.progressed_by.empty(); });
}
// --- what the customer promised
bool Homework(const SignalInput& in, const SignalColumn&) {
  return Any(in.account->promises, [](const PromiseRecord& promise) { return !IsOurs(promise); });
}
bool HomeworkDue(const SignalInput& in, const SignalColumn&) {
  return Any(in.account->promises, [](const PromiseRecord& promise) { return !IsOurs(promise) && promise.due.has_value(); });
}

// --- contacts, what the engine made
bool Contacted(const SignalInput& in, const SignalColumn&) { return !in.account->touches.empty(); }
bool TouchDisposition(const SignalInput& in, const SignalColumn&) {
  return Any(in.account->touches, [](const TouchRecord& record) { return record.touch.disposition.has_value(); });
}
bool AnOffersRefusal(const SignalInput& in, const SignalColumn&) { return !in.account->refusals.empty(); }
bool RefusalReasonNoted(const SignalInput& in, const SignalColumn&) {
  return Any(in.account->refusals, [](const RefusalRecord& record) { return record.refusal.reason.has_value(); });
}
bool TouchRep(const SignalInput& in, const SignalColumn&) {
  return Any(in.account->touches, [](const TouchRecord& record) { return record.touch.rep.has_value(); });
}
bool Model(const SignalInput& in, const SignalColumn&) { return in.context->lifetime != nullptr; }
bool Keeping(const SignalInput& in, const SignalColumn&) { return in.context->keeping != nullptr; }
bool CareFitted(const SignalInput& in, const SignalColumn&) { return in.context->care != nullptr; }
bool RepeatModelFitted(const SignalInput& in, const SignalColumn&) { return in.context->repeat != nullptr; }

// --- expectations: a score of the dimension or a promise in it, either will do
bool HasValue(const SignalInput& in, const SignalColumn& column) { return column.compute(in).value != Cell(); }
bool OutcomeWord(const SignalInput& in, const SignalColumn&) { return BalanceFor(in)[Dimension::kOutcome].gap.has_value(); }
bool OtherDimension(const SignalInput& in, const SignalColumn&) {
  return Any(BalanceFor(in).dimensions, [](const DimensionBalance& one) { return one.dimension != Dimension::kOutcome && one.gap.has_value(); });
}

// --- others' experience
bool WorriesFitted(const SignalInput& in, const SignalColumn&) { return in.context->worries != nullptr; }
bool ReferralsFitted(const SignalInput& in, const SignalColumn&) { return in.context->referrals != nullptr; }
bool WorryTopicNamed(const SignalInput& in, const SignalColumn&) {
  return Any(in.account->worries, [](const WorryRecord& worry) { return worry.topic.has_value() || worry.product.has_value(); });
}
// The tree may know referrals that were taken back since.
bool ReferralOrTree(const SignalInput& in, const SignalColumn& column) {
  return Referral(in, column) || (in.context->referrals != nullptr && in.context->referrals->BroughtDirectly(in.account->Ids()) > 0);
}

bool Issued(const SignalInput& in, const SignalColumn&) { return !in.account->followups.empty(); }

struct Row {
  std::string_view signal;
  std::string_view what;
  Without without;
  Given given;
};

constexpr auto kMissing = Without::kMissing;
constexpr auto kZero = Without::kZero;
constexpr auto kElse = Without::kElse;
constexpr std::string_view kCurrency = "book.configured reporting_currency";
constexpr std::string_view kAmounts = "purchase.placed lines.amount";
constexpr std::string_view kReturnDays = "product.upserted return_days";

// By signal, then by what is needed.
constexpr Row kRows[] = {
    {"account.age_days", "customer.upserted", kMissing, AnyEvent},
    {"account.expected_volume", kCurrency, kMissing, ReportingCurrency},
    {"account.expected_volume", "customer.upserted expected_volume", kMissing, ExpectedVolume},
    {"account.expected_volume", "rate.set", kMissing, RateOfVolume},
    {"account.large", "customer.upserted large", kMissing, Large},
    {"account.origin", "customer.upserted origin", kMissing, HasValue},
    {"case.open", "case.opened", kZero, Case},
    {"case.open_claims", "case.opened", kZero, Case},
    {"contract.days_left", "contract.started", kMissing, Contract},
    {"contract.days_left", "contract.started ends", kMissing, ContractEnd},
    {"contract.ends", "contract.started", kMissing, Contract},
    {"contract.ends", "contract.started ends", kMissing, ContractEnd},
    {"contract.value", kCurrency, kMissing, ReportingCurrency},
    {"contract.value", "contract.started", kZero, Contract},
    {"contract.value", "contract.started value", kZero, ContractYear},
    {"contract.value", "rate.set", kMissing, RatesOfContracts},
    {"expectation.carried_by", "feedback.given dimensions", kMissing, OtherDimension},
    {"expectation.carried_by", "promise.made", kMissing, OutcomeWord},
    {"expectation.carried_by", "purchase.placed", kMissing, Purchase},
    {"expectation.days_since_miss", "feedback.given dimensions", kMissing, OutcomeWord},
    {"expectation.days_since_miss", "promise.made", kMissing, OutcomeWord},
    {"expectation.gap", "feedback.given", kMissing, HasValue},
    {"expectation.gap", "promise.made", kMissing, HasValue},
    {"expectation.gap.after_care", "feedback.given dimensions", kMissing, HasValue},
    {"expectation.gap.after_care", "promise.made", kMissing, HasValue},
    {"expectation.gap.assurance", "feedback.given dimensions", kMissing, HasValue},
    {"expectation.gap.assurance", "promise.made", kMissing, HasValue},
    {"expectation.gap.brand_uplift", "feedback.given dimensions", kMissing, HasValue},
    {"expectation.gap.brand_uplift", "promise.made", kMissing, HasValue},
    {"expectation.gap.courtesy", "feedback.given dimensions", kMissing, HasValue},
    {"expectation.gap.courtesy", "promise.made", kMissing, HasValue},
    {"expectation.gap.drive", "feedback.given dimensions", kMissing, HasValue},
    {"expectation.gap.drive", "promise.made", kMissing, HasValue},
    {"expectation.gap.ease_of_use", "feedback.given dimensions", kMissing, HasValue},
    {"expectation.gap.ease_of_use", "promise.made", kMissing, HasValue},
    {"expectation.gap.outcome", "feedback.given dimensions", kMissing, HasValue},
    {"expectation.gap.outcome", "promise.made", kMissing, HasValue},
    {"expectation.gap.relationship", "feedback.given dimensions", kMissing, HasValue},
    {"expectation.gap.relationship", "promise.made", kMissing, HasValue},
    {"expectation.gap.speed_of_response", "feedback.given dimensions", kMissing, HasValue},
    {"expectation.gap.speed_of_response", "promise.made", kMissing, HasValue},
    {"expectation.gap.track_record", "feedback.given dimensions", kMissing, HasValue},
    {"expectation.gap.track_record", "promise.made", kMissing, HasValue},
    {"expectation.missed_on", "feedback.given dimensions", kMissing, OutcomeWord},
    {"expectation.missed_on", "promise.made", kMissing, OutcomeWord},
    {"expectation.repeat_probability", "model.fitted", kMissing, RepeatModelFitted},
    {"expectation.repeat_probability", "purchase.placed", kMissing, Purchase},
    {"feedback.days_since", "feedback.given", kMissing, Feedback},
    {"feedback.last", "feedback.given", kMissing, Feedback},
    {"feedback.last", "feedback.given nps", kMissing, FeedbackScore},
    {"followup.open", "followup.issued", kElse, Issued},   // of our own making: no import brings it
    {"letter.count_365", "touch", kZero, Contacted},
    {"need.open", "need.stated", kZero, NeedStatedByThem},
    {"opportunity.open", "opportunity.opened", kZero, Opportunity},
    {"opportunity.stage", "opportunity.opened", kMissing, Opportunity},
    {"opportunity.stage", "opportunity.opened stage", kMissing, OpportunityStage},
    {"opportunity.unpinned", "opportunity.opened", kMissing, Opportunity},
    {"opportunity.unpinned", "promise.made", kElse, Promise},
    {"opportunity.unpinned", "promise.made due", kElse, PromiseDue},
    {"owner.days_away", "customer.upserted owner", kMissing, Owner},
    {"owner.days_away", "rep.upserted", kMissing, OwnerKnown},
    {"owner.has_manager", "customer.upserted owner", kMissing, Owner},
    {"owner.has_manager", "rep.upserted", kMissing, OwnerKnown},
    {"owner.has_manager", "rep.upserted manager", kMissing, ManagerTold},
    {"promise.ahead", "promise.made", kZero, Promise},
    {"promise.ahead", "promise.made due", kZero, PromiseDue},
    {"promise.ahead", "promise.progressed", kZero, PromiseProgress},
    {"promise.ahead", "promise.progressed ready", kZero, PromiseReady},
    {"promise.coverage", "promise.made", kZero, Promise},
    {"promise.coverage", "promise.made due", kZero, PromiseDue},
    {"promise.coverage", "purchase.placed", kMissing, Purchase},
    {"promise.days_to_due", "promise.made", kMissing, Promise},
    {"promise.days_to_due", "promise.made due", kMissing, PromiseDue},
    {"promise.due_next", "promise.made", kMissing, Promise},
    {"promise.due_next", "promise.made due", kMissing, PromiseDue},
    {"promise.due_soon", "promise.made", kZero, Promise},
    {"promise.due_soon", "promise.made due", kZero, PromiseDue},
    {"promise.homework_overdue", "promise.made", kZero, Homework},
    {"promise.homework_overdue", "promise.made by", kZero, Homework},
    {"promise.homework_overdue", "promise.made due", kZero, HomeworkDue},
    {"promise.kept", "promise.delivered", kZero, PromiseFulfilled},
    {"promise.kept", "promise.made", kZero, Promise},
    {"promise.kept_share", "promise.made", kMissing, Promise},
    {"promise.kept_share", "promise.made due", kMissing, PromiseThatSettles},
    {"promise.last_kept", "promise.made", kMissing, Promise},
    {"promise.last_kept", "promise.made due", kMissing, PromiseThatSettles},
    {"promise.last_margin_days", "promise.delivered", kMissing, HasValue},
    {"promise.last_margin_days", "promise.made", kMissing, Promise},
    {"promise.last_margin_days", "promise.made due", kMissing, PromiseDue},
    {"promise.last_outcome", "promise.made", kMissing, Promise},
    {"promise.last_outcome", "promise.made due", kMissing, PromiseThatSettles},
    {"promise.open", "promise.made", kZero, Promise},
    {"promise.overdue", "promise.made", kZero, Promise},
    {"promise.overdue", "promise.made due", kZero, PromiseDue},
    {"promise.probability_kept", "model.fitted", kMissing, Keeping},
    {"promise.probability_kept", "promise.made", kMissing, Promise},
    {"promise.probability_kept", "promise.made due", kMissing, PromiseDue},
    {"promise.unpinned_orders", "promise.made", kElse, Promise},
    {"promise.unpinned_orders", "promise.made due", kElse, PromiseDue},
    {"promise.unpinned_orders", "purchase.placed", kZero, Purchase},
    {"purchase.count", "purchase.placed", kZero, Purchase},
    {"purchase.days_since", "purchase.placed", kMissing, Purchase},
    {"purchase.first_amount", kCurrency, kMissing, ReportingCurrency},
    {"purchase.first_amount", "purchase.placed", kMissing, Purchase},
    {"purchase.first_amount", kAmounts, kMissing, FirstAmount},
    {"purchase.first_amount", "rate.set", kMissing, RateOfFirst},
    {"purchase.first_at", "purchase.placed", kMissing, Purchase},
    {"purchase.last_at", "purchase.placed", kMissing, Purchase},
    {"purchase.last_delivered_at", "purchase.delivered", kMissing, Delivery},
    {"purchase.margin", kCurrency, kMissing, ReportingCurrency},
    {"purchase.margin", "purchase.placed", kZero, Purchase},
    {"purchase.margin", "purchase.placed lines.margin", kMissing, MarginOfAny},
    {"purchase.mean_amount", kCurrency, kMissing, ReportingCurrency},
    {"purchase.mean_amount", "purchase.placed", kMissing, Purchase},
    {"purchase.mean_amount", kAmounts, kMissing, Amount},
    {"purchase.mean_amount", "rate.set", kMissing, RatesOfPurchases},
    {"purchase.return_days_left", kReturnDays, kMissing, ReturnDays},
    {"purchase.return_days_left", "purchase.delivered", kMissing, Delivery},
    {"purchase.return_window_ends", kReturnDays, kMissing, ReturnDays},
    {"purchase.return_window_ends", "purchase.delivered", kMissing, Delivery},
    {"purchase.revenue", kCurrency, kMissing, ReportingCurrency},
    {"purchase.revenue", "purchase.placed", kZero, Purchase},
    {"purchase.revenue", kAmounts, kMissing, AmountOfAny},
    {"purchase.revenue", "rate.set", kMissing, RatesOfPurchases},
    {"purchase.rhythm_days", "purchase.placed", kMissing, ThreePurchaseDays},
    {"purchase.silence_ratio", "purchase.placed", kMissing, ThreePurchaseDays},
    {"purchase.value_at_risk", kCurrency, kMissing, ReportingCurrency},
    {"purchase.value_at_risk", kReturnDays, kZero, ReturnDays},
    {"purchase.value_at_risk", "purchase.delivered", kZero, Delivery},
    {"purchase.value_at_risk", kAmounts, kZero, Amount},
    {"reach.absent_in_a_row", "touch", kZero, Contacted},
    {"reach.absent_in_a_row", "touch disposition", kZero, TouchDisposition},
    {"reach.best_window", "touch", kMissing, Contacted},
    {"reach.best_window", "touch disposition", kMissing, TouchDisposition},
    {"referral.brought", "model.fitted", kMissing, ReferralsFitted},
    {"referral.brought", "referral.made", kZero, ReferralOrTree},
    {"referral.brought_by", "model.fitted", kMissing, ReferralsFitted},
    {"referral.brought_by", "referral.made", kMissing, HasValue},
    {"referral.made", "referral.made", kZero, Referral},
    {"referral.value", kCurrency, kMissing, ReportingCurrency},
    {"referral.value", "model.fitted", kMissing, ReferralsFitted},
    {"referral.value", "referral.made", kZero, ReferralOrTree},
    {"refusal.count", "refusal", kZero, AnOffersRefusal},
    {"refusal.last_reason", "refusal", kMissing, AnOffersRefusal},
    {"refusal.last_reason", "refusal reason", kMissing, RefusalReasonNoted},
    {"relationship.band", "case.opened", kMissing, HasValue},
    {"relationship.band", "feedback.given", kMissing, HasValue},
    {"relationship.band", "promise.made", kMissing, HasValue},
    {"relationship.band", "purchase.placed", kMissing, HasValue},
    {"relationship.band", "touch", kMissing, HasValue},
    {"relationship.band", "worry.raised", kMissing, HasValue},
    {"relationship.days_to_fall", "touch", kMissing, HasValue},
    {"relationship.falls_on", "touch", kMissing, HasValue},
    {"relationship.health", "case.opened", kMissing, HasValue},
    {"relationship.health", "feedback.given", kMissing, HasValue},
    {"relationship.health", "promise.made", kMissing, HasValue},
    {"relationship.health", "purchase.placed", kMissing, HasValue},
    {"relationship.health", "touch", kMissing, HasValue},
    {"relationship.health", "worry.raised", kMissing, HasValue},
    {"relationship.people", "touch", kZero, Contacted},
    {"relationship.people", "touch rep", kZero, TouchRep},
    {"relationship.rung", "promise.made", kElse, Promise},
    {"relationship.rung", "purchase.placed", kElse, Purchase},
    {"relationship.rung", "touch", kElse, Contacted},
    {"relationship.sender", "touch", kMissing, Contacted},
    {"relationship.sender", "touch rep", kMissing, TouchRep},
    {"relationship.trend", "touch", kMissing, HasValue},
    {"relationship.trust", "touch", kZero, Contacted},
    {"touch.both_sides_share", "touch", kMissing, HasValue},
    {"touch.care_days", "touch", kZero, Contacted},
    {"touch.count", "touch", kZero, Contacted},
    {"touch.days_since", "touch", kMissing, Contacted},
    {"touch.days_since_care", "customer.upserted", kMissing, AnyEvent},
    {"touch.days_since_care", "touch", kElse, Contacted},
    {"touch.due_days", "book.configured relationship", kMissing, HasValue},
    {"touch.due_days", "customer.upserted contact_ideal_days", kMissing, HasValue},
    {"touch.due_days", "touch", kElse, Contacted},
    {"touch.ideal_days", "book.configured relationship", kMissing, HasValue},
    {"touch.ideal_days", "customer.upserted contact_ideal_days", kMissing, HasValue},
    {"touch.last_at", "touch", kMissing, Contacted},
    {"touch.last_care_at", "touch", kMissing, Contacted},
    {"touch.latest_days", "book.configured relationship", kMissing, HasValue},
    {"touch.latest_days", "customer.upserted contact_latest_days", kMissing, HasValue},
    {"touch.overdue_days", "book.configured relationship", kMissing, HasValue},
    {"touch.overdue_days", "customer.upserted contact_latest_days", kMissing, HasValue},
    {"touch.overdue_days", "touch", kElse, Contacted},
    {"touch.refused_contact_at", "touch", kMissing, Contacted},
    {"touch.refused_contact_at", "touch disposition", kMissing, TouchDisposition},
    {"touch.since_delivery", "purchase.delivered", kMissing, Delivery},
    {"touch.since_delivery", "touch", kZero, Contacted},
    {"touch.sold_since_care", "touch", kZero, Contacted},
    {"touch.visits_since_first_purchase", "purchase.placed", kMissing, Purchase},
    {"touch.visits_since_first_purchase", "touch", kZero, Contacted},
    {"value.clv_365", kCurrency, kMissing, ReportingCurrency},
    {"value.clv_365", "model.fitted", kMissing, Model},
    {"value.clv_365", "purchase.placed", kMissing, Purchase},
    {"value.clv_365", kAmounts, kMissing, Amount},
    {"value.clv_365", "purchase.placed lines.margin", kMissing, MarginKnown},
    {"value.expected_purchases_365", "model.fitted", kMissing, Model},
    {"value.expected_purchases_365", "purchase.placed", kMissing, Purchase},
    {"value.probability_alive", "model.fitted", kMissing, Model},
    {"value.probability_alive", "purchase.placed", kMissing, Purchase},
    {"value.worth_of_care", kCurrency, kMissing, ReportingCurrency},
    {"value.worth_of_care", "model.fitted", kMissing, CareFitted},
    {"value.worth_of_care", "purchase.placed", kMissing, Purchase},
    {"worry.heard", "model.fitted", kMissing, WorriesFitted},
    {"worry.heard", "worry.raised", kMissing, Worry},
    {"worry.heard", "worry.raised topic", kMissing, WorryTopicNamed},
    {"worry.oldest_days", "worry.raised", kMissing, Worry},
    {"worry.open", "worry.raised", kZero, Worry},
    {"worry.remedy", "model.fitted", kMissing, WorriesFitted},
    {"worry.remedy", "worry.raised", kMissing, Worry},
    {"worry.remedy", "worry.raised topic", kMissing, WorryTopicNamed},
    {"worry.remedy", "worry.resolved remedy", kMissing, HasValue},
};

}  // namespace

std::vector<SignalNeed> NeedsOf(const SignalColumn& column) {
  if (!column.host.empty()) return {{"signal.observed " + column.host, Without::kMissing, HostValue}};
  std::vector<SignalNeed> needs;
  for (const Row& row : kRows) {
    if (row.signal == column.name) needs.push_back({std::string(row.what), row.without, row.given});
  }
  return needs;
}

absl::StatusOr<Table> SignalList(Language language) {
  Table table({{"name", ColumnType::kText}, {"type", ColumnType::kText}, {"unit", ColumnType::kText}, {"motion", ColumnType::kText},
               {"phrase", ColumnType::kText}, {"meaning", ColumnType::kText}, {"needs", ColumnType::kText}});
  const Catalogue& words = Catalogue::Bundled();
  for (const SignalColumn& column : AllSignals()) {
    const std::string name(column.name);
    RAPPORT_ASSIGN_OR_RETURN(std::string phrase, words.Word("signal." + name, language));
    RAPPORT_ASSIGN_OR_RETURN(std::string meaning, words.Word("meaning." + name, language));
    std::string needs;
    for (const SignalNeed& need : NeedsOf(column)) needs += (needs.empty() ? "" : ", ") + need.what;
    table.AppendRow({name, std::string(ColumnTypeName(column.type)), std::string(column.unit), std::string(NameOf(column.motion)),
                     std::move(phrase), std::move(meaning), std::move(needs)});
  }
  return table;
}

}  // namespace rapport

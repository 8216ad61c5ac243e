#include "policy/tick_state.hpp"

#include <algorithm>

#include "policy/throttles.hpp"

namespace rapport {
namespace {

std::string CurrencyOf(const BookContext& context) {
  return context.reporting_currency.has_value() ? std::string(context.reporting_currency->code()) : std::string();
}

// What the last tick itself opened: when to look again was found as if it were open.
bool WasForeseen(const Event& event, Instant last_tick) {
  if (event.key.source != kEngineSource || event.recorded != last_tick) return false;
  const auto* issued = event.As<FollowUpIssued>();
  return (issued != nullptr && issued->revision == 1) || event.As<CadenceEntered>() != nullptr || event.As<CadenceAdvanced>() != nullptr;
}

}  // namespace

bool TickState::ConcernsMany(const Event& event) {
  return event.subject.empty() && event.As<PolicyAdopted>() == nullptr && event.As<ImportStarted>() == nullptr;
}

CustomerId TickState::JoinedBy(const Event& event) {
  if (const auto* merged = event.As<CustomerMerged>()) return merged->merged;
  if (const auto* undone = event.As<MergeUndone>()) return undone->merged;
  return CustomerId();
}

void TickState::Note(const Event& event) {
  if (!primed_) return;
  if (ConcernsMany(event)) primed_ = false;
  const Instant known = std::max(event.recorded, event.occurred.at);
  if (WasForeseen(event, as_of_)) {
    CountIssue(event);
    return;
  }
  for (const CustomerId& customer : {event.subject, JoinedBy(event)}) {
    if (!customer.empty()) queue_.Tell(customer, known);
  }
  CountIssue(event);
}

void TickState::CountIssue(const Event& event) {
  const auto* issued = event.As<FollowUpIssued>();
  if (issued != nullptr && issued->revision == 1) rapport::CountIssued(*issued, event.occurred.at, issued_);
}

TickState::Whom TickState::Ask(const DecideInput& input) {
  const bool same = primed_ && policy_ == input.policy->id() && seed_ == input.seed && as_of_ <= input.as_of &&
                    currency_ == CurrencyOf(*input.context->book);
  Whom whom;
  whom.all = !same;
  if (same) whom.customers = queue_.TakeBy(input.as_of);
  return whom;
}

std::vector<AccountDecisions> TickState::Decide(const AccountSource& accounts, DecideInput input, const Whom& whom) {
  input.foresee = true;
  if (whom.all) {
    queue_.Clear();
    issued_.clear();
  } else if (whom.customers.empty()) {
    return {};   // of nobody is not of all
  }
  const auto look_again = [this](const CustomerId& customer, std::optional<Instant> at) { queue_.Foresee(customer, at); };
  if (whom.all) return DecideActive(accounts, input, {}, look_again, &issued_);
  input.issued = &issued_;
  return DecideActive(accounts, input, whom.customers, look_again, nullptr);
}

void TickState::Keep(const DecideInput& input, Instant latest_known) {
  // What is known already but happens, or becomes known, later would be missed: such a book is gone through every time.
  primed_ = primed_ || latest_known <= input.as_of;
  policy_ = input.policy->id();
  seed_ = input.seed;
  as_of_ = input.as_of;
  currency_ = CurrencyOf(*input.context->book);
}

}  // namespace rapport

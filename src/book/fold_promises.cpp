#include "book/fold_promises.hpp"

#include <algorithm>
#include <cmath>

#include "book/fields.hpp"

namespace rapport {
namespace {

// Sums of quantities such as 0.7 + 0.1 must reach 0.8.
constexpr double kQuantityTolerance = 1e-9;

bool IsOpen(const PromiseRecord& promise) { return !promise.fulfilled && !promise.withdrawn.has_value(); }

// One thing is delivered in whatever unit.
bool InOtherUnit(const PromiseRecord& promise, const PromiseDelivered& said) {
  return promise.quantity.has_value() && promise.unit.has_value() && said.unit.has_value() && *promise.unit != *said.unit;
}

}  // namespace

PromiseFold::PromiseFold(Account& account) : account_(account) {
  const auto index = [&](const std::vector<PromiseRecord>& promises, bool withdrawn) {
    for (std::size_t i = 0; i < promises.size(); ++i) {
      const auto [newest, is_new] = newest_.try_emplace(promises[i].id, Place{withdrawn, i});
      if (!is_new && At(newest->second).made <= promises[i].made) newest->second = {withdrawn, i};
    }
  };
  index(account.withdrawn_promises, true);
  index(account.promises, false);
  for (std::size_t i = 0; i < account.promises.size(); ++i) {
    if (IsOpen(account.promises[i])) open_.insert(DueKey(i));
  }
}

std::pair<Day, std::size_t> PromiseFold::DueKey(std::size_t at) const { return {account_.promises[at].due.value_or(Day::max()), at}; }

const PromiseFold::Place* PromiseFold::Named(const PromiseId& id) const {
  const auto found = newest_.find(id);
  return found == newest_.end() ? nullptr : &found->second;
}

const PromiseFold::Place* PromiseFold::FirstDue() {
  if (open_.empty()) return nullptr;
  first_due_ = {false, open_.begin()->second};
  return &first_due_;
}

const PromiseFold::Place* PromiseFold::Open(const std::optional<PromiseId>& named) {
  const Place* place = named.has_value() ? Named(*named) : FirstDue();
  return place != nullptr && IsOpen(At(*place)) ? place : nullptr;
}

void PromiseFold::Make(const Event& event, const PromiseMade& said) {
  PromiseId id = NamedOrEvent(said.promise, event);
  const Place* known = Named(id);
  if (known != nullptr && IsOpen(At(*known))) return;
  PromiseRecord& promise = account_.promises.emplace_back();
  promise.key = event.key;
  promise.id = std::move(id);
  promise.made = event.occurred.at;
  promise.quantity = said.quantity;
  promise.unit = said.unit;
  promise.due = said.due;
  promise.dimension = said.dimension;
  promise.by = said.by.value_or(PromiseBy::kOurs);
  promise.rep = said.rep;
  promise.contact = said.contact;
  promise.order = said.order;
  promise.product = said.product;
  promise.work_minutes = promise.work_left = said.work_minutes;
  const std::size_t at = account_.promises.size() - 1;
  newest_.insert_or_assign(promise.id, Place{false, at});
  open_.insert(DueKey(at));
  const auto early = account_.early_deliveries.find(promise.id);
  if (early == account_.early_deliveries.end()) return;
  for (PromiseDelivery& delivery : early->second) promise.uncounted.push_back({std::move(delivery), UncountedBecause::kBeforePromise});
  account_.early_deliveries.erase(early);
}

void PromiseFold::Deliver(const Event& event, const PromiseDelivered& said) {
  const Place* place = said.promise.has_value() ? Named(*said.promise) : FirstDue();
  PromiseDelivery delivery{event.key, event.occurred.at, said.quantity};
  if (place == nullptr) {
    if (said.promise.has_value()) account_.early_deliveries[*said.promise].push_back(std::move(delivery));
    return;
  }
  PromiseRecord& promise = At(*place);
  if (promise.withdrawn.has_value() || InOtherUnit(promise, said)) {
    const UncountedBecause because = promise.withdrawn.has_value() ? UncountedBecause::kAfterWithdrawal : UncountedBecause::kOtherUnit;
    promise.uncounted.push_back({std::move(delivery), because});
    return;
  }
  if (said.quantity.has_value()) {
    promise.delivered_quantity += *said.quantity;
    if (promise.ready.has_value()) promise.ready = std::max(*promise.ready - *said.quantity, 0.0);
  } else {
    promise.delivered_quantity = std::max(promise.delivered_quantity, promise.quantity.value_or(0));
    promise.ready.reset();
  }
  promise.last_delivery = event.occurred.at;
  promise.deliveries.push_back(std::move(delivery));
  Settle(event, place->at);
}

void PromiseFold::Settle(const Event& event, std::size_t at) {
  PromiseRecord& promise = account_.promises[at];
  const double promised = promise.quantity.value_or(0);
  const bool all = promise.delivered_quantity >= promised - kQuantityTolerance * std::fabs(promised);
  if (promise.fulfilled || !all) return;
  open_.erase(DueKey(at));
  promise.fulfilled = true;
  promise.fulfilled_at = event.occurred.at;
  promise.fulfilled_by = event.key;
}

void PromiseFold::SeeWhatIsReady(const Event& event, PromiseRecord& promise) {
  const double there = promise.ready.value_or(0) + promise.delivered_quantity;
  const double promised = promise.quantity.value_or(1);
  const bool all = promise.ready.has_value() && there >= promised - kQuantityTolerance * std::fabs(promised);
  if (all == promise.all_ready_since.has_value()) return;
  promise.all_ready_since = all ? std::optional(event.occurred.at) : std::nullopt;
  promise.all_ready_by = all ? event.key : EventKey();
}

void PromiseFold::Revise(const Event& event, const PromiseRevised& said) {
  const Place* place = Open(said.promise);
  if (place == nullptr) return;
  PromiseRecord& promise = At(*place);
  const bool agreed = said.agreed.value_or(true);
  promise.revisions.push_back({event.key, event.occurred.at, promise.due, promise.quantity, agreed,
                               said.due.has_value() ? said.due : promise.due, said.quantity.has_value() ? said.quantity : promise.quantity});
  if (!agreed) return;
  const std::size_t at = place->at;
  open_.erase(DueKey(at));
  if (said.due) promise.due = said.due;
  if (said.quantity) promise.quantity = said.quantity;
  open_.insert(DueKey(at));
  SeeWhatIsReady(event, promise);
  if (promise.last_delivery && promise.quantity) Settle(event, at);
}

void PromiseFold::Progress(const Event& event, const PromiseProgressed& said) {
  const Place* place = Open(said.promise);
  if (place == nullptr) return;
  PromiseRecord& promise = At(*place);
  if (said.ready.has_value()) {
    promise.ready = said.ready;
    promise.ready_by = event.key;
    promise.ready_at = event.occurred.at;
    SeeWhatIsReady(event, promise);
  }
  if (said.work_minutes.has_value()) promise.work_left = said.work_minutes;
  promise.progressed_by = event.key;
}

void PromiseFold::Withdraw(const Event& event, const PromiseWithdrawn& said) {
  const Place* place = Open(said.promise);
  if (place == nullptr) return;
  const std::size_t at = place->at;
  open_.erase(DueKey(at));
  account_.promises[at].withdrawn = event.occurred.at;
  account_.promises[at].withdrawn_by = event.key;
  withdrawn_.push_back(at);
}

void PromiseFold::Finish() {
  if (withdrawn_.empty()) return;
  for (const std::size_t at : withdrawn_) account_.withdrawn_promises.push_back(std::move(account_.promises[at]));
  std::sort(withdrawn_.begin(), withdrawn_.end());
  std::size_t next = 0, kept = 0;
  for (std::size_t i = 0; i < account_.promises.size(); ++i) {
    if (next < withdrawn_.size() && withdrawn_[next] == i) {
      ++next;
      continue;
    }
    if (kept != i) account_.promises[kept] = std::move(account_.promises[i]);
    ++kept;
  }
  account_.promises.resize(kept);
  withdrawn_.clear();
}

}  // namespace rapport

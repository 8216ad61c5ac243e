#include "rapport/expectation/pinned_down.hpp"

#include <algorithm>
#include <map>

namespace rapport {
namespace {

// A promise of ours from the moment on which it had a day.
struct Pin {
  const PromiseRecord* promise = nullptr;
  Day made_on;
  Day dated_on;
  const EventKey* dated_by = nullptr;
};

const std::optional<Day>& FirstDueOf(const PromiseRecord& promise) {
  for (const PromiseRevision& revision : promise.revisions) {
    if (revision.agreed) return revision.due_before;
  }
  return promise.due;
}

std::optional<Pin> PinOf(const PromiseRecord& promise, const Zone& zone) {
  if (promise.by != PromiseBy::kOurs) return std::nullopt;
  const Day made_on = zone.LocalDay(promise.made);
  if (FirstDueOf(promise).has_value()) return Pin{&promise, made_on, made_on, &promise.key};
  for (const PromiseRevision& revision : promise.revisions) {
    if (revision.agreed && revision.due_after.has_value()) return Pin{&promise, made_on, zone.LocalDay(revision.at), &revision.key};
  }
  return std::nullopt;
}

bool NamesProduct(const PurchaseRecord& order, const PromiseRecord& promise) {
  if (!promise.product.has_value()) return true;
  return std::any_of(order.lines.begin(), order.lines.end(), [&](const PurchaseLine& line) { return line.product == promise.product; });
}

bool MadeBefore(const Pin& a, const Pin& b) { return a.promise->made < b.promise->made; }

// The account's pins by the order they name, and those that name none in order of time.
class Pins {
 public:
  Pins(const Account& account, const Zone& zone) : zone_(zone) {
    for (const PromiseRecord& promise : account.promises) Add(promise);
    for (const PromiseRecord& promise : account.withdrawn_promises) Add(promise);
    std::stable_sort(unlinked_.begin(), unlinked_.end(), MadeBefore);
    for (auto& [order, pins] : linked_) std::stable_sort(pins.begin(), pins.end(), MadeBefore);
  }

  const Pin* Of(const PurchaseRecord& order, Day placed_on) const {
    const Pin* first = nullptr;
    if (const auto linked = linked_.find(order.order); linked != linked_.end()) {
      const auto pin = std::find_if(linked->second.begin(), linked->second.end(), [&](const Pin& p) { return Stood(p, placed_on); });
      if (pin != linked->second.end()) first = &*pin;
    }
    const Day earliest = placed_on - PinnedOrder::kDaysBefore;
    auto pin = std::lower_bound(unlinked_.begin(), unlinked_.end(), earliest, [](const Pin& p, Day day) { return p.made_on < day; });
    for (; pin != unlinked_.end() && pin->made_on <= placed_on; ++pin) {
      if (first != nullptr && !MadeBefore(*pin, *first)) break;
      if (Stood(*pin, placed_on) && NamesProduct(order, *pin->promise)) return &*pin;
    }
    return first;
  }

 private:
  void Add(const PromiseRecord& promise) {
    const std::optional<Pin> pin = PinOf(promise, zone_);
    if (!pin.has_value()) return;
    (promise.order.has_value() ? linked_[*promise.order] : unlinked_).push_back(*pin);
  }
  bool Stood(const Pin& pin, Day placed_on) const {
    const std::optional<Instant>& withdrawn = pin.promise->withdrawn;
    return pin.dated_on <= placed_on && (!withdrawn.has_value() || zone_.LocalDay(*withdrawn) > placed_on);
  }

  const Zone& zone_;
  std::map<OrderId, std::vector<Pin>> linked_;
  std::vector<Pin> unlinked_;
};

}  // namespace

std::vector<PinnedOrder> PinDown(const Account& account, const Zone& zone, Day from, Day to) {
  std::vector<PinnedOrder> orders;
  for (const PurchaseRecord& order : account.purchases) {
    const Day placed_on = zone.LocalDay(order.placed);
    if (from <= placed_on && placed_on <= to) orders.push_back({&order, placed_on, nullptr, {}});
  }
  if (orders.empty()) return orders;
  const Pins pins(account, zone);
  for (PinnedOrder& order : orders) {
    const Pin* pin = pins.Of(*order.order, order.placed_on);
    if (pin == nullptr) continue;
    order.promise = pin->promise;
    order.dated_by = *pin->dated_by;
  }
  return orders;
}

const OpportunityRecord* NewestOpportunity(const Account& account, Instant as_of) {
  const OpportunityRecord* newest = nullptr;
  for (const OpportunityRecord& record : account.relations.opportunities) {
    if (record.state == OpportunityState::kOpen && record.opened <= as_of) newest = &record;
  }
  return newest;
}

const PromiseRecord* PinsDown(const Account& account, const OpportunityRecord& opportunity, Instant as_of) {
  const auto pins = [&](const PromiseRecord& promise) {
    return promise.by == PromiseBy::kOurs && promise.due.has_value() && promise.made >= opportunity.opened && promise.made <= as_of;
  };
  const auto found = std::find_if(account.promises.begin(), account.promises.end(), pins);
  return found == account.promises.end() ? nullptr : &*found;
}

}  // namespace rapport

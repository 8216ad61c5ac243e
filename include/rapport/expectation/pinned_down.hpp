// Floor 3. Pinned down: was it said before what, how much and by when? Orders that were placed without it, and deals about to be won without
// it, are where expectations and deliveries part.
//
// The promise itself is the what. An order is pinned down by a promise of ours that, by the end of the order's local day, had a due day and
// either a quantity or one thing to do, and that speaks of the order: it names it, or it names none, was made within kDaysBefore days before
// it (the order's own day included) and names no product or one of the order's. A promise that was withdrawn by the end of that day pins
// nothing down. An opportunity is pinned down by a promise of ours with a due day that was made since it was opened.
#ifndef RAPPORT_EXPECTATION_PINNED_DOWN_HPP_
#define RAPPORT_EXPECTATION_PINNED_DOWN_HPP_

#include <optional>
#include <vector>

#include "rapport/book/account.hpp"
#include "rapport/core/zones.hpp"

namespace rapport {

struct PinnedOrder {
  static constexpr int kDaysBefore = 30;

  const PurchaseRecord* order = nullptr;   // of the account
  Day placed_on;                           // the customer's local day
  const PromiseRecord* promise = nullptr;  // that pins it down, the first made of several; null where none does
  EventKey dated_by;                       // the event that gave the promise its day: promise.made or an agreed promise.revised
  bool pinned() const { return promise != nullptr; }
};

// The account's orders that were not cancelled and placed on a local day from `from` to `to`, in order; the account must outlive the result.
// O(promises + orders, each with the unlinked promises of its 30 days).
std::vector<PinnedOrder> PinDown(const Account& account, const Zone& zone, Day from, Day to);

// The open opportunity that was opened last by `as_of`; null where none is open. O(opportunities).
const OpportunityRecord* NewestOpportunity(const Account& account, Instant as_of);
// The first promise of ours with a due day that was made since it was opened and by `as_of`; null where there is none. O(promises).
const PromiseRecord* PinsDown(const Account& account, const OpportunityRecord& opportunity, Instant as_of);

}  // namespace rapport

#endif  // RAPPORT_EXPECTATION_PINNED_DOWN_HPP_

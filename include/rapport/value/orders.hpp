// Floor 3. Orders in money: what each brought and what of it was kept, in the reporting currency, step by step.
//
//   for (const OrderMoney& order : *OrdersOf(book, account)) ...        // by moment, cancelled ones too
//
// Everything of an order, what came back included, is counted at the rate of the day on which it was placed: what is given back whole leaves
// nothing. The margin is that of the lines, else of their products times the quantity, and follows the amount kept in proportion.
#ifndef RAPPORT_VALUE_ORDERS_HPP_
#define RAPPORT_VALUE_ORDERS_HPP_

#include <cstddef>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "rapport/book/account.hpp"
#include "rapport/book/book.hpp"
#include "rapport/core/money.hpp"

namespace rapport {

// A return, or the cancellation of what was left.
struct OrderLoss {
  Instant at;
  EventKey by;
  bool cancelled = false;
  std::optional<Money> amount, margin;   // left after it; null where the order's own is
};

struct OrderMoney {
  const PurchaseRecord* record = nullptr;   // of the account, which must outlive it
  bool cancelled = false;
  std::optional<Money> amount, margin;      // as placed; null where no line has one. Of the margin also where only some have
  std::vector<OrderLoss> losses;            // in canonical order
  std::size_t lines_without_margin = 0;     // neither their own nor their product's; of an order without lines 0
  // Of all that was sold: then `margin` is no part of it only.
  bool MarginIsWhole() const { return margin.has_value() && lines_without_margin == 0; }
  const std::optional<Money>& kept_amount() const { return losses.empty() ? amount : losses.back().amount; }
  const std::optional<Money>& kept_margin() const { return losses.empty() ? margin : losses.back().margin; }
};

// Sorted by moment and key. `money.no_rate`, `money.no_reporting_currency`, `money.overflow` with the customer. O(purchases), and of an account with
// a return or cancellation O(its events).
absl::StatusOr<std::vector<OrderMoney>> OrdersOf(const Book& book, const Account& account);

// The same of an order as it stands, from its record alone: without the steps, and for any order. O(lines).
struct OrderStanding {
  std::optional<Money> amount, margin;             // as placed
  std::optional<Money> kept_amount, kept_margin;
};
absl::StatusOr<OrderStanding> OrderStandingOf(const PurchaseRecord& purchase, const BookContext& context);

// The last local day (of `zone`) on which the order can be lost: what its products name as return_days after the delivery; undelivered, or where they
// name none, `otherwise` days after it was placed.
Day LossEnds(const PurchaseRecord& purchase, const BookContext& context, const Zone& zone, std::int64_t otherwise);

// part / of of it, rounded half to even once; of > 0, 0 <= part <= of.
Money Proportion(const Money& whole, std::int64_t part, std::int64_t of);

}  // namespace rapport

#endif  // RAPPORT_VALUE_ORDERS_HPP_

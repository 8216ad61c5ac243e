#include "rapport/value/orders.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "rapport/core/status.hpp"

namespace rapport {
namespace {

__extension__ typedef __int128 Wide;

const ProductRecord* ProductOf(const BookContext& context, const PurchaseLine& line) {
  const auto found = line.product.has_value() ? context.products.find(*line.product) : context.products.end();
  return found == context.products.end() ? nullptr : &found->second;
}

// Of a line that has one, in the reporting currency.
absl::StatusOr<std::optional<Money>> LineMargin(const BookContext& context, const PurchaseLine& line, Instant placed) {
  if (line.margin.has_value()) return context.InReporting(*line.margin, placed);
  const ProductRecord* product = ProductOf(context, line);
  if (product == nullptr || !product->margin.has_value()) return std::optional<Money>();
  RAPPORT_ASSIGN_OR_RETURN(const Money one, context.InReporting(*product->margin, placed));
  const double millionths = std::nearbyint(line.quantity.value_or(1) * 1e6);
  if (!(std::abs(millionths) < 9e18)) return Invalid("money.overflow", "found a quantity too large for a margin");
  return one.TimesMillionths(static_cast<std::int64_t>(millionths));
}

// Of the lines that have one; `without` counts the others.
absl::StatusOr<std::optional<Money>> MarginOf(const BookContext& context, const PurchaseRecord& purchase, std::size_t& without) {
  std::optional<Money> sum;
  without = 0;
  for (const PurchaseLine& line : purchase.lines) {
    RAPPORT_ASSIGN_OR_RETURN(const std::optional<Money> margin, LineMargin(context, line, purchase.placed));
    if (!margin.has_value()) {
      ++without;
      continue;
    }
    RAPPORT_ASSIGN_OR_RETURN(sum, sum.value_or(Money(0, margin->currency())).Add(*margin));
  }
  return sum;
}

// What is left of an order after one loss more.
class Remainder {
 public:
  Remainder(const OrderMoney& order) : order_(order), amount_(order.amount), margin_(order.margin) {}   // NOLINT(google-explicit-constructor)

  absl::StatusOr<OrderLoss> Less(Instant at, const EventKey& by, const std::optional<Money>& back) {
    if (amount_.has_value()) {
      // Nothing named is all of it; what is given back never brings it below nothing.
      std::int64_t left = 0;
      if (back.has_value()) {
        RAPPORT_ASSIGN_OR_RETURN(const Money rest, amount_->Add(Money(-std::max<std::int64_t>(0, back->minor()), back->currency())));
        left = std::max<std::int64_t>(0, rest.minor());
      }
      amount_ = Money(left, amount_->currency());
    }
    if (margin_.has_value()) {
      if (!back.has_value()) margin_ = Money(0, margin_->currency());
      else if (amount_.has_value() && order_.amount->minor() > 0) margin_ = Proportion(*order_.margin, amount_->minor(), order_.amount->minor());
    }
    return OrderLoss{at, by, false, amount_, margin_};
  }

 private:
  const OrderMoney& order_;
  std::optional<Money> amount_, margin_;
};

using LossEvents = std::map<EventKey, Event>;

absl::StatusOr<OrderMoney> OrderOf(const BookContext& context, const PurchaseRecord& purchase, const LossEvents& events) {
  OrderMoney order;
  order.record = &purchase;
  if (purchase.amount.has_value()) {
    RAPPORT_ASSIGN_OR_RETURN(order.amount, context.InReporting(*purchase.amount, purchase.placed));
  }
  RAPPORT_ASSIGN_OR_RETURN(order.margin, MarginOf(context, purchase, order.lines_without_margin));
  Remainder rest(order);
  for (const EventKey& key : purchase.returns) {
    const auto found = events.find(key);
    const auto* said = found == events.end() ? nullptr : found->second.As<PurchaseReturned>();
    RAPPORT_INVARIANT(said != nullptr, "a return that an order names is among its events");
    std::optional<Money> back;
    if (said->amount.has_value()) {
      RAPPORT_ASSIGN_OR_RETURN(back, context.InReporting(*said->amount, purchase.placed));
    }
    RAPPORT_ASSIGN_OR_RETURN(OrderLoss loss, rest.Less(found->second.occurred.at, key, back));
    order.losses.push_back(std::move(loss));
  }
  if (purchase.cancelled_by.empty()) return order;
  const auto found = events.find(purchase.cancelled_by);
  RAPPORT_INVARIANT(found != events.end(), "a cancellation that an order names is among its events");
  order.cancelled = true;
  RAPPORT_ASSIGN_OR_RETURN(OrderLoss loss, rest.Less(found->second.occurred.at, found->first, std::nullopt));
  loss.cancelled = true;
  order.losses.push_back(std::move(loss));
  return order;
}

LossEvents LossEventsOf(const Book& book, const Account& account) {
  LossEvents events;
  const bool any = !account.cancelled_purchases.empty() ||
                   std::any_of(account.purchases.begin(), account.purchases.end(), [](const PurchaseRecord& one) { return !one.returns.empty(); });
  if (!any) return events;
  for (Event& event : book.EventsOf(account.id)) {
    if (event.As<PurchaseReturned>() == nullptr && event.As<PurchaseCancelled>() == nullptr) continue;
    const EventKey key = event.key;
    events.emplace(key, std::move(event));
  }
  return events;
}

}  // namespace

Money Proportion(const Money& whole, std::int64_t part, std::int64_t of) {
  const Wide product = Wide{whole.minor()} * part;
  const Wide magnitude = product < 0 ? -product : product;
  Wide quotient = magnitude / of;
  const Wide twice = magnitude % of * 2;
  if (twice > of || (twice == of && quotient % 2 != 0)) ++quotient;
  return Money(static_cast<std::int64_t>(product < 0 ? -quotient : quotient), whole.currency());
}

absl::StatusOr<OrderStanding> OrderStandingOf(const PurchaseRecord& purchase, const BookContext& context) {
  OrderStanding standing;
  if (purchase.amount.has_value()) {
    RAPPORT_ASSIGN_OR_RETURN(standing.amount, context.InReporting(*purchase.amount, purchase.placed));
  }
  OrderMoney order;
  order.record = &purchase;
  RAPPORT_ASSIGN_OR_RETURN(standing.margin, MarginOf(context, purchase, order.lines_without_margin));
  order.amount = standing.amount;
  order.margin = standing.margin;
  Remainder rest(order);
  std::optional<Money> back;
  if (purchase.returned_amount.has_value() && !purchase.returned_whole) {
    RAPPORT_ASSIGN_OR_RETURN(back, context.InReporting(*purchase.returned_amount, purchase.placed));
  }
  if (purchase.returned.has_value() || !purchase.cancelled_by.empty()) {
    RAPPORT_ASSIGN_OR_RETURN(OrderLoss loss, rest.Less(purchase.placed, purchase.key, purchase.cancelled_by.empty() ? back : std::nullopt));
    order.losses.push_back(std::move(loss));
  }
  standing.kept_amount = order.kept_amount();
  standing.kept_margin = order.kept_margin();
  return standing;
}

absl::StatusOr<std::vector<OrderMoney>> OrdersOf(const Book& book, const Account& account) {
  const LossEvents events = LossEventsOf(book, account);
  std::vector<OrderMoney> orders;
  for (const auto* records : {&account.purchases, &account.cancelled_purchases}) {
    for (const PurchaseRecord& purchase : *records) {
      absl::StatusOr<OrderMoney> order = OrderOf(book.context(), purchase, events);
      if (!order.ok()) return WithContext(order.status(), absl::StrCat("customer ", account.id.text()));
      orders.push_back(*std::move(order));
    }
  }
  std::stable_sort(orders.begin(), orders.end(), [](const OrderMoney& a, const OrderMoney& b) {
    return a.record->placed != b.record->placed ? a.record->placed < b.record->placed : a.record->key < b.record->key;
  });
  return orders;
}

Day LossEnds(const PurchaseRecord& purchase, const BookContext& context, const Zone& zone, std::int64_t otherwise) {
  std::optional<std::int64_t> days;
  for (const PurchaseLine& line : purchase.lines) {
    const ProductRecord* product = ProductOf(context, line);
    if (product != nullptr && product->return_days.has_value()) days = std::max(days.value_or(0), *product->return_days);
  }
  if (days.has_value() && purchase.delivered.has_value()) return zone.LocalDay(*purchase.delivered) + *days;
  return zone.LocalDay(purchase.placed) + otherwise;
}

}  // namespace rapport

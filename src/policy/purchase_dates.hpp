// Dates of an order as rules see them. All pure; days are those of `zone`, the customer's.
#ifndef RAPPORT_SRC_POLICY_PURCHASE_DATES_HPP_
#define RAPPORT_SRC_POLICY_PURCHASE_DATES_HPP_

#include <algorithm>
#include <optional>

#include "rapport/book/account.hpp"
#include "rapport/book/context.hpp"
#include "rapport/core/zones.hpp"

namespace rapport {

inline bool WasDelivered(const PurchaseRecord& purchase, Instant as_of) {
  return purchase.delivered.has_value() && *purchase.delivered <= as_of;
}

inline bool WasReturnedWhole(const PurchaseRecord& purchase, Instant as_of) {
  return purchase.returned_whole && purchase.returned.has_value() && *purchase.returned <= as_of;
}

// The greatest number of days that a product of the order gives.
inline std::optional<std::int64_t> MostDays(const PurchaseRecord& purchase, const BookContext& book,
                                            std::optional<std::int64_t> ProductRecord::*days) {
  std::optional<std::int64_t> most;
  for (const PurchaseLine& line : purchase.lines) {
    if (!line.product.has_value()) continue;
    const auto product = book.products.find(*line.product);
    if (product == book.products.end() || !(product->second.*days).has_value()) continue;
    most = std::max(most.value_or(0), *(product->second.*days));
  }
  return most;
}

// Of an order not delivered yet: the day agreed, else placed and the longest lead time, else placed and `assumed`; none if nothing
// says when.
inline std::optional<Day> ExpectedDelivery(const PurchaseRecord& purchase, const BookContext& book, const Zone& zone,
                                           std::optional<std::int64_t> assumed) {
  if (purchase.expected_delivery.has_value()) return purchase.expected_delivery;
  std::optional<std::int64_t> lead = MostDays(purchase, book, &ProductRecord::lead_days);
  if (!lead.has_value()) lead = assumed;
  if (!lead.has_value()) return std::nullopt;
  return zone.LocalDay(purchase.placed) + *lead;
}

// The last day on which a delivered order may be given back: the longest window of its products counts, as in the signal
// purchase.return_window_ends.
inline std::optional<Day> ReturnWindowEnd(const PurchaseRecord& purchase, const BookContext& book, const Zone& zone) {
  if (!purchase.delivered.has_value()) return std::nullopt;
  const std::optional<std::int64_t> days = MostDays(purchase, book, &ProductRecord::return_days);
  if (!days.has_value()) return std::nullopt;
  return zone.LocalDay(*purchase.delivered) + *days;
}

}  // namespace rapport

#endif  // RAPPORT_SRC_POLICY_PURCHASE_DATES_HPP_

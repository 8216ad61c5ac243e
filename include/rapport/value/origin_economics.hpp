// Floor 3. What customers bring by how they came: new, repeat or referral (AS5), with the minutes that it took.
//
// A customer's first purchase is `referral` where he was brought by somebody, else `new`; as the host says (customer.upserted origin), else by the
// referrals known. Every later purchase is `repeat`; of a customer whom the host calls `repeat` the first one too. Purchases that were cancelled are
// none; what was given back is taken off.
//
// An order took the minutes of all contact and attempts with the account since the one before it. What no order has followed yet is told beside:
// of prospects, who may never buy, under how they came; of customers, whose next order it may lead to, as `repeat`. Margin a minute is told of orders
// only that contact led to and whose margin is known: else the margin of some would be divided by the minutes of others.
#ifndef RAPPORT_VALUE_ORIGIN_ECONOMICS_HPP_
#define RAPPORT_VALUE_ORIGIN_ECONOMICS_HPP_

#include <array>
#include <cstdint>
#include <optional>
#include <set>

#include "absl/status/statusor.h"
#include "rapport/book/book.hpp"
#include "rapport/core/money.hpp"
#include "rapport/ledger/vocabulary.hpp"
#include "rapport/value/economics_terms.hpp"

namespace rapport {

struct OriginRow {
  Origin origin = Origin::kNew;
  std::int64_t customers = 0;            // with an order of this origin
  std::int64_t orders = 0;
  std::int64_t orders_without_amount = 0;    // of which no line has one
  std::int64_t orders_without_margin = 0;    // of which some line has none: what the others say is part of `margin`, and of no mean
  Money revenue, margin;                 // kept
  Money whole_margin;                    // of it, of orders all of whose lines have one
  std::int64_t orders_without_minutes = 0;   // that no contact with minutes is known to have led to
  Money measured_margin;                 // of orders with minutes and a margin in full, and
  std::int64_t measured_minutes = 0;     // the minutes that led to just these
  std::int64_t minutes = 0;              // that led to an order
  std::int64_t minutes_without_order = 0;
  std::int64_t minutes_assumed = 0;      // of both: of touches that say none, by the terms
  // In major units; null where there is no order to tell it of.
  std::optional<double> MarginPerMinute() const;  // measured: what came without a contact says nothing of what contact brings
  std::optional<double> MarginPerOrder() const;   // over the orders whose margin is known in full
};

struct OriginEconomics {
  std::array<OriginRow, 3> rows;         // new, repeat, referral
  // How often the margin a minute of new business fits into that of `origin`; null where either is unknown or not above 0.
  std::optional<double> TimesNew(Origin origin) const;
};

// Every customer who was referred, by the referrals of the book.
std::set<CustomerId> ReferredIn(const Book& book);

// Of orders and touches on local days from `since` on (customer's zone); what was first and what later is told by all of the past. Sums are exact.
// `money.no_reporting_currency`, `money.no_rate`. O(events).
absl::StatusOr<OriginEconomics> EconomicsByOrigin(const Book& book, const EconomicsTerms& terms, const std::set<CustomerId>& referred,
                                                  std::optional<Day> since = std::nullopt);

}  // namespace rapport

#endif  // RAPPORT_VALUE_ORIGIN_ECONOMICS_HPP_

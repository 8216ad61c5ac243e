// Floor 3. What customers bring by how they came: new, repeat or referral (AS5), with the minutes that it took.
//
// A customer's first purchase is `referral` where he was brought by somebody, else `new`; as the host says (customer.upserted origin), else by the
// referrals known. Every later purchase is `repeat`; of a customer whom the host calls `repeat` the first one too. Purchases that were cancelled are
// none; what was given back is taken off.
//
// Minutes are those of all contact and attempts with the account: before the first purchase they were spent on winning him, and count for how he
// came; after it they were spent on the next order, and count as `repeat`. So prospects who never bought make new business dearer, as they do, and care
// that has led to nothing yet makes repeat business dearer. `minutes_to_order`: of these only those that an order followed.
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
  std::int64_t orders_without_amount = 0, orders_without_margin = 0;   // of which nothing could be counted
  Money revenue, margin;                 // kept
  std::int64_t minutes = 0;
  std::int64_t minutes_assumed = 0;      // of touches that say none, by the terms
  std::int64_t minutes_to_order = 0;
  // In major units; null where nothing was spent, or no margin is known.
  std::optional<double> MarginPerMinute() const;
  std::optional<double> MarginPerOrder() const;   // over the orders whose margin is known
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

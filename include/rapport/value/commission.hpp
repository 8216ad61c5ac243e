// Floor 3. Commission by rep and month, with clawback (AS2).
//
// An order earns its rep commission in the month in which it was placed: the share of its amount, or margin, rounded half to even once. What is given
// back or cancelled within `clawback_days` of the order takes its part back in the month of the loss: the commission on what was left before, less that
// on what is left after. So for every order, to the last minor unit,
//   earned - taken back = commission on what was left of it when the window closed (or is left now).
// Until the window closes what is left is at risk. An order's rep is the one it names, else who owned the
// account when it was placed; before the first owner that is known, that one. Who takes an account over takes no commission of the past.
//
// Months and days are those of the book's zone, money in its reporting currency. What reps earn: for managers, and for each rep of himself.
#ifndef RAPPORT_VALUE_COMMISSION_HPP_
#define RAPPORT_VALUE_COMMISSION_HPP_

#include <cstdint>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "rapport/book/book.hpp"
#include "rapport/core/money.hpp"
#include "rapport/value/economics_terms.hpp"

namespace rapport {

struct CommissionRow {
  RepId rep;                      // empty: of orders that nobody is known for
  absl::CivilMonth month;
  std::int64_t orders = 0;        // placed in it
  std::int64_t lost_orders = 0;   // of which something was taken back in it
  Money earned;                   // of orders placed in it
  Money taken_back;               // of losses in it, of whichever order; earned less this is what the month pays, also less than nothing
  Money at_risk;                  // of the earned, what a loss would still take back
  Money kept;                     // earned - taken_back
};

// Sorted by rep and month; months in which nothing happened have no row. `reps` empty: all. `economics.no_commission` where the terms pay nobody,
// `money.no_reporting_currency`, `money.no_rate`. O(purchases and their losses), and of an account with an
// order that names no rep O(its events).
absl::StatusOr<std::vector<CommissionRow>> CommissionByMonth(const Book& book, const EconomicsTerms& terms, Instant as_of, std::span<const RepId> reps = {});

}  // namespace rapport

#endif  // RAPPORT_VALUE_COMMISSION_HPP_

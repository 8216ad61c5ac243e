// Floor 3. How one customer of a book buys, as models of when and what customers buy read it.
//
// Several purchases on a local day are one, as in value/summarize.hpp. Amounts are as placed, in major units of the reporting currency: what came back
// later says nothing about the size of the next order; how much of an order stays is told by `margin_share` and by whoever counts what was kept.
#ifndef RAPPORT_VALUE_BUYING_HPP_
#define RAPPORT_VALUE_BUYING_HPP_

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "rapport/book/account.hpp"
#include "rapport/book/context.hpp"
#include "rapport/value/economics_terms.hpp"
#include "rapport/value/purchase_model.hpp"
#include "rapport/value/summarize.hpp"

namespace rapport {

class GammaGamma;

// Frequency, recency and age of who bought on `days` (ascending, distinct, not empty, none after `today`) by the model's own reckoning: in units of
// time; for "bg_bb", whose time is opportunities, a unit is one opportunity, and the unit that is not over yet counts only once it was used.
struct BuyingRow {
  double frequency = 0, recency = 0, age = 0;
  Histories AsRows() const { return {{&frequency, 1}, {&recency, 1}, {&age, 1}}; }
};
BuyingRow BuyingRowOf(std::string_view model, std::span<const Day> days, Day today, TimeUnit unit);
// The time from today to a later day as the model counts it: opportunities are whole.
double AheadOf(std::string_view model, Day today, Day until, TimeUnit unit);

// The distinct local days with a purchase placed up to `until`, ascending. O(purchases).
std::vector<Day> BuyingDaysOf(const Account& account, const Zone& zone, Instant until);

// What the days with a purchase brought; amounts in a currency without a rate, and days without an amount, are left out.
struct SpendHistory {
  std::size_t days = 0, repeat_days = 0;       // with an amount; after the first day
  double mean = 0, repeat_mean = 0;            // 0 where there is none
};
SpendHistory SpendHistoryOf(const Account& account, const BookContext& context, const Zone& zone, Instant until);

// What the next day with a purchase brings: by `model`, of who did not come back its mean over all; without one (null), or where it has no mean, what the
// customer's own days after the first brought. Null where there is none of these: a first order, say of a machine, is no measure of those that follow.
std::optional<double> ExpectedSpend(const SpendHistory& spent, const GammaGamma* model);

// Margin kept over amounts placed, of the customer's orders of which both are known; else that of the terms. Not below 0 nor above 1.
std::optional<double> MarginShareOf(const Account& account, const BookContext& context, const EconomicsTerms& terms, Instant until);

// Days with a purchase to expect within `days` after `today`, each discounted by (1 + rate)^(-years until it comes), month by month at its end: twelve
// steps a year, the last may be shorter. rate 0: ExpectedPurchases. Nullopt where the model refuses the row.
std::optional<double> DiscountedPurchases(const PurchaseModel& model, const BuyingRow& row, TimeUnit unit, Day today, int days, double rate);

}  // namespace rapport

#endif  // RAPPORT_VALUE_BUYING_HPP_

// What the model care_worth is learned from.
#include <algorithm>
#include <set>

#include "rapport/core/status.hpp"
#include "rapport/value/orders.hpp"
#include "rapport/value/origin_economics.hpp"
#include "value/care_parts.hpp"

namespace rapport {
namespace {

constexpr double kMicrosOfYear = kDaysOfYear * 24 * 60 * 60 * 1e6;

double YearsBetween(Instant from, Instant to) { return from < to ? static_cast<double>(to.micros() - from.micros()) / kMicrosOfYear : 0; }

// The first moment at which anything of the order was lost.
std::optional<Instant> LostAt(const OrderMoney& order) { return order.losses.empty() ? std::nullopt : std::optional(order.losses.front().at); }

// One order whose window is over by as_of; none where it is not.
std::optional<CareOrder> SettledOrder(const OrderMoney& order, const Account& account, const BookContext& context, const Zone& zone, const EconomicsTerms& terms,
                                      const CareTest& is_care, Instant as_of) {
  const PurchaseRecord& purchase = *order.record;
  const Day closes = LossEnds(purchase, context, zone, terms.window_days());
  if (zone.LocalDay(as_of) <= closes) return std::nullopt;
  const Day zero = zone.LocalDay(purchase.delivered.value_or(purchase.placed));
  const auto days_to = [&](Instant at) { return std::max<std::int64_t>(0, zone.LocalDay(at) - zero); };
  CareOrder out{MainProductOf(purchase), std::nullopt, std::nullopt};
  Instant until = zone.StartOf(closes + 1).PlusMicros(-1);
  if (const std::optional<Instant> lost = LostAt(order); lost.has_value() && *lost <= until) {
    out.lost_on = days_to(*lost);
    until = lost->PlusMicros(-1);
  }
  if (const std::optional<Instant> cared = FirstCareBetween(account, is_care, purchase.delivered.value_or(purchase.placed), until)) out.cared_on = days_to(*cared);
  return out;
}

// What a referred customer brought in the first `days` after they first bought.
double FirstMargin(const std::vector<OrderMoney>& orders, const Zone& zone, std::int64_t days) {
  double sum = 0;
  std::optional<Day> first;
  for (const OrderMoney& order : orders) {
    const Day placed = zone.LocalDay(order.record->placed);
    if (!first.has_value()) first = placed;
    if (placed <= *first + days && order.kept_margin().has_value()) sum += order.kept_margin()->ToMajor();
  }
  return sum;
}

}  // namespace

std::string MainProductOf(const PurchaseRecord& purchase) {
  const PurchaseLine* largest = nullptr;
  const auto amount = [](const PurchaseLine& line) { return line.amount.has_value() ? line.amount->minor() : 0; };
  for (const PurchaseLine& line : purchase.lines) {
    if (line.product.has_value() && (largest == nullptr || amount(line) > amount(*largest))) largest = &line;
  }
  return largest == nullptr ? std::string() : largest->product->text();
}

std::optional<Instant> FirstCareBetween(const Account& account, const CareTest& is_care, Instant after, Instant until) {
  for (const TouchRecord& record : account.touches) {   // in order of moment
    if (record.at > until) break;
    if (record.at > after && is_care(record.touch)) return record.at;
  }
  return std::nullopt;
}

std::vector<Instant> ReferralTimesOf(const Account& account) {
  std::vector<Instant> times;
  std::set<CustomerId> seen;
  for (const Said<ReferralMade>& said : account.relations.referrals) {
    if (said.data.referred != account.id && seen.insert(said.data.referred).second) times.push_back(said.at);
  }
  return times;
}

CareSpans CareSpansOf(const Account& account, const CareTest& is_care, Instant as_of, const std::vector<Instant>& referrals) {
  CareSpans spans;
  if (account.purchases.empty()) return spans;
  const Instant first = account.purchases.front().placed;
  const Instant cared = FirstCareBetween(account, is_care, first, as_of).value_or(as_of);
  spans.uncared.years = YearsBetween(first, cared);
  spans.cared.years = YearsBetween(cared, as_of);
  for (const Instant at : referrals) {
    if (at <= first || at > as_of) continue;
    (at <= cared ? spans.uncared : spans.cared).referrals += 1;
  }
  return spans;
}

absl::StatusOr<CareFacts> CareFactsOf(const Book& book, const EconomicsTerms& terms, const CareTest& is_care, Instant as_of) {
  CareFacts facts;
  const BookContext& context = book.context();
  facts.currency = context.reporting_currency;
  const std::set<CustomerId> referred = ReferredIn(book);
  for (const auto& [id, account] : book.accounts()) {
    if (ProfilingWithdrawn(*account)) continue;
    const Zone& zone = context.ZoneOf(std::nullopt, account->profile.zone);
    RAPPORT_ASSIGN_OR_RETURN(const std::vector<OrderMoney> orders, OrdersOf(book, *account));
    for (const OrderMoney& order : orders) {
      std::optional<CareOrder> settled = SettledOrder(order, *account, context, zone, terms, is_care, as_of);
      if (settled.has_value()) facts.orders.push_back(*std::move(settled));
    }
    if (referred.contains(id) || account->profile.origin == Origin::kReferral) {
      ++facts.referred_customers;
      facts.referred_margin += FirstMargin(orders, zone, terms.referral_days());
    }
    if (account->purchases.empty()) continue;
    const CareSpans spans = CareSpansOf(*account, is_care, as_of, ReferralTimesOf(*account));
    facts.cared.push_back(spans.cared);
    facts.uncared.push_back(spans.uncared);
  }
  return facts;
}

}  // namespace rapport

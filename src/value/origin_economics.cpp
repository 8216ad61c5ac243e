#include "rapport/value/origin_economics.hpp"

#include <algorithm>
#include <vector>

#include "rapport/core/status.hpp"
#include "rapport/value/orders.hpp"

namespace rapport {
namespace {

std::size_t PlaceOf(Origin origin) { return origin == Origin::kNew ? 0 : origin == Origin::kRepeat ? 1 : 2; }

Origin CameAs(const Account& account, const std::set<CustomerId>& referred) {
  if (account.profile.origin.has_value()) return *account.profile.origin;
  const std::vector<CustomerId> ids = account.Ids();
  const bool brought = std::any_of(ids.begin(), ids.end(), [&](const CustomerId& id) { return referred.contains(id); });
  return brought ? Origin::kReferral : Origin::kNew;
}

// A copy or a change of a record took nobody's time.
bool TakesTime(const Touch& touch) { return touch.kind != TouchKind::kCopy && touch.kind != TouchKind::kEdit; }

class Adding {
 public:
  Adding(const Book& book, const EconomicsTerms& terms, const std::set<CustomerId>& referred, std::optional<Day> since)
      : book_(book), terms_(terms), referred_(referred), since_(since) {
    const Money nothing(0, *book.context().reporting_currency);
    constexpr Origin kOrigins[] = {Origin::kNew, Origin::kRepeat, Origin::kReferral};
    for (const Origin origin : kOrigins) {
      OriginRow& row = all_.rows[PlaceOf(origin)];
      row.origin = origin;
      row.revenue = row.margin = row.whole_margin = nothing;
    }
  }

  absl::Status Add(const Account& account) {
    RAPPORT_ASSIGN_OR_RETURN(std::vector<OrderMoney> orders, OrdersOf(book_, account));
    std::erase_if(orders, [](const OrderMoney& order) { return order.cancelled; });
    const Zone& zone = book_.context().ZoneOf(std::nullopt, account.profile.zone);
    const Origin came = CameAs(account, referred_);
    std::array<bool, 3> counted{};
    for (std::size_t i = 0; i < orders.size(); ++i) {
      if (since_.has_value() && zone.LocalDay(orders[i].record->placed) < *since_) continue;
      const std::size_t place = PlaceOf(i == 0 ? came : Origin::kRepeat);
      counted[place] = true;
      RAPPORT_RETURN_IF_ERROR(Count(orders[i], all_.rows[place]));
    }
    for (std::size_t i = 0; i < counted.size(); ++i) all_.rows[i].customers += counted[i] ? 1 : 0;
    for (const TouchRecord& touch : account.touches) {
      if (since_.has_value() && zone.LocalDay(touch.at) < *since_) continue;
      const bool first = orders.empty() || touch.at <= orders.front().record->placed;
      const bool led_to_order = !orders.empty() && touch.at <= orders.back().record->placed;
      Count(touch.touch, led_to_order, all_.rows[PlaceOf(first ? came : Origin::kRepeat)]);
    }
    return absl::OkStatus();
  }

  OriginEconomics Result() const { return all_; }

 private:
  static absl::Status Count(const OrderMoney& order, OriginRow& row) {
    ++row.orders;
    if (order.kept_amount().has_value()) {
      RAPPORT_ASSIGN_OR_RETURN(row.revenue, row.revenue.Add(*order.kept_amount()));
    } else {
      ++row.orders_without_amount;
    }
    if (order.kept_margin().has_value()) {
      RAPPORT_ASSIGN_OR_RETURN(row.margin, row.margin.Add(*order.kept_margin()));
    }
    if (order.MarginIsWhole()) {
      RAPPORT_ASSIGN_OR_RETURN(row.whole_margin, row.whole_margin.Add(*order.kept_margin()));
    } else {
      ++row.orders_without_margin;
    }
    return absl::OkStatus();
  }

  void Count(const Touch& touch, bool led_to_order, OriginRow& row) const {
    if (!TakesTime(touch)) return;
    const std::int64_t minutes = touch.minutes.value_or(terms_.MinutesOf(touch.channel));
    (led_to_order ? row.minutes : row.minutes_without_order) += minutes;
    if (!touch.minutes.has_value()) row.minutes_assumed += minutes;
  }

  const Book& book_;
  const EconomicsTerms& terms_;
  const std::set<CustomerId>& referred_;
  std::optional<Day> since_;
  OriginEconomics all_;
};

}  // namespace

std::optional<double> OriginRow::MarginPerMinute() const {
  if (minutes <= 0 || orders_without_margin == orders) return std::nullopt;
  return margin.ToMajor() / static_cast<double>(minutes);
}

std::optional<double> OriginRow::MarginPerOrder() const {
  if (orders_without_margin == orders) return std::nullopt;
  return whole_margin.ToMajor() / static_cast<double>(orders - orders_without_margin);
}

std::optional<double> OriginEconomics::TimesNew(Origin origin) const {
  const std::optional<double> fresh = rows[0].MarginPerMinute(), other = rows[PlaceOf(origin)].MarginPerMinute();
  if (!fresh.has_value() || !other.has_value() || *fresh <= 0 || *other <= 0) return std::nullopt;
  return *other / *fresh;
}

std::set<CustomerId> ReferredIn(const Book& book) {
  std::set<CustomerId> referred;
  for (const auto& [id, account] : book.accounts()) {
    for (const Said<ReferralMade>& said : account->relations.referrals) {
      const CustomerId& brought = book.AccountOf(said.data.referred);
      if (brought != id) referred.insert(brought);   // nobody brings himself
    }
  }
  return referred;
}

absl::StatusOr<OriginEconomics> EconomicsByOrigin(const Book& book, const EconomicsTerms& terms, const std::set<CustomerId>& referred,
                                                  std::optional<Day> since) {
  if (!book.context().reporting_currency.has_value()) {
    return FailedPrecondition("money.no_reporting_currency", "economics: found a book without reporting_currency, expected one in book.configured");
  }
  Adding adding(book, terms, referred, since);
  for (const auto& [id, account] : book.accounts()) RAPPORT_RETURN_IF_ERROR(adding.Add(*account));
  return adding.Result();
}

}  // namespace rapport

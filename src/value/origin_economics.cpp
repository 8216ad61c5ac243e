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
      row.revenue = row.margin = row.whole_margin = row.measured_margin = nothing;
    }
  }

  absl::Status Add(const Account& account) {
    RAPPORT_ASSIGN_OR_RETURN(std::vector<OrderMoney> orders, OrdersOf(book_, account));
    std::erase_if(orders, [](const OrderMoney& order) { return order.cancelled; });
    const Zone& zone = book_.context().ZoneOf(std::nullopt, account.profile.zone);
    const Origin came = CameAs(account, referred_);
    const std::vector<std::int64_t> minutes = CountTouches(account, orders, zone, came);
    std::array<bool, 3> counted{};
    for (std::size_t i = 0; i < orders.size(); ++i) {
      if (since_.has_value() && zone.LocalDay(orders[i].record->placed) < *since_) continue;
      const std::size_t place = PlaceOf(i == 0 ? came : Origin::kRepeat);
      counted[place] = true;
      RAPPORT_RETURN_IF_ERROR(Count(orders[i], minutes[i], all_.rows[place]));
    }
    for (std::size_t i = 0; i < counted.size(); ++i) all_.rows[i].customers += counted[i] ? 1 : 0;
    return absl::OkStatus();
  }

  OriginEconomics Result() const { return all_; }

 private:
  // The minutes that led to each order: those since the one before it.
  std::vector<std::int64_t> CountTouches(const Account& account, const std::vector<OrderMoney>& orders, const Zone& zone, Origin came) {
    std::vector<std::int64_t> minutes(orders.size(), 0);
    for (const TouchRecord& touch : account.touches) {
      if (since_.has_value() && zone.LocalDay(touch.at) < *since_) continue;
      const auto next = std::lower_bound(orders.begin(), orders.end(), touch.at, [](const OrderMoney& order, Instant at) { return order.record->placed < at; });
      OriginRow& row = all_.rows[PlaceOf(next == orders.begin() ? came : Origin::kRepeat)];
      const std::int64_t took = Count(touch.touch, next != orders.end(), row);
      if (next != orders.end()) minutes[static_cast<std::size_t>(next - orders.begin())] += took;
    }
    return minutes;
  }

  static absl::Status Count(const OrderMoney& order, std::int64_t minutes, OriginRow& row) {
    ++row.orders;
    row.orders_without_minutes += minutes > 0 ? 0 : 1;
    if (order.kept_amount().has_value()) {
      RAPPORT_ASSIGN_OR_RETURN(row.revenue, row.revenue.Add(*order.kept_amount()));
    } else {
      ++row.orders_without_amount;
    }
    if (order.kept_margin().has_value()) {
      RAPPORT_ASSIGN_OR_RETURN(row.margin, row.margin.Add(*order.kept_margin()));
    }
    if (order.MarginIsWhole() && minutes > 0) {
      RAPPORT_ASSIGN_OR_RETURN(row.measured_margin, row.measured_margin.Add(*order.kept_margin()));
      row.measured_minutes += minutes;
    }
    if (order.MarginIsWhole()) {
      RAPPORT_ASSIGN_OR_RETURN(row.whole_margin, row.whole_margin.Add(*order.kept_margin()));
    } else {
      ++row.orders_without_margin;
    }
    return absl::OkStatus();
  }

  // The minutes that it took.
  std::int64_t Count(const Touch& touch, bool led_to_order, OriginRow& row) const {
    if (!TakesTime(touch)) return 0;
    const std::int64_t minutes = touch.minutes.value_or(terms_.MinutesOf(touch.channel));
    (led_to_order ? row.minutes : row.minutes_without_order) += minutes;
    if (!touch.minutes.has_value()) row.minutes_assumed += minutes;
    return minutes;
  }

  const Book& book_;
  const EconomicsTerms& terms_;
  const std::set<CustomerId>& referred_;
  std::optional<Day> since_;
  OriginEconomics all_;
};

}  // namespace

std::optional<double> OriginRow::MarginPerMinute() const {
  if (measured_minutes <= 0) return std::nullopt;
  return measured_margin.ToMajor() / static_cast<double>(measured_minutes);
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

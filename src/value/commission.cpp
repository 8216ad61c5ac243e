#include "rapport/value/commission.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include "rapport/core/status.hpp"
#include "rapport/value/orders.hpp"

namespace rapport {
namespace {

using Month = absl::CivilMonth;

// Who owned an account from when on, in canonical order.
class Owners {
 public:
  // Of an account all of whose orders name a rep nothing is read.
  Owners(const Book& book, const Account& account, const std::vector<OrderMoney>& orders) {
    if (std::all_of(orders.begin(), orders.end(), [](const OrderMoney& order) { return order.record->rep.has_value(); })) return;
    for (const Event& event : book.EventsOf(account.id)) {
      if (const auto* assigned = event.As<OwnerAssigned>()) {
        since_.emplace_back(event.occurred.at, assigned->owner);
      } else if (const auto* said = event.As<CustomerUpserted>(); said != nullptr && said->owner.has_value()) {
        since_.emplace_back(event.occurred.at, *said->owner);
      }
    }
  }

  // Before the first that is known the first; empty where none is.
  RepId At(Instant moment) const {
    const auto after = std::upper_bound(since_.begin(), since_.end(), moment, [](Instant at, const auto& one) { return at < one.first; });
    if (after != since_.begin()) return std::prev(after)->second;
    return since_.empty() ? RepId() : since_.front().second;
  }

 private:
  std::vector<std::pair<Instant, RepId>> since_;
};

class Reckoning {
 public:
  Reckoning(const Book& book, const EconomicsTerms& terms, Instant as_of, std::span<const RepId> reps)
      : book_(book), terms_(terms), zone_(book.context().ZoneOf(std::nullopt, std::nullopt)), today_(zone_.LocalDay(as_of)), wanted_(reps.begin(), reps.end()) {}

  absl::Status Add(const Account& account) {
    RAPPORT_ASSIGN_OR_RETURN(const std::vector<OrderMoney> orders, OrdersOf(book_, account));
    const Owners owners(book_, account, orders);
    for (const OrderMoney& order : orders) {
      const RepId rep = order.record->rep.has_value() ? *order.record->rep : owners.At(order.record->placed);
      if (wanted_.empty() || wanted_.contains(rep)) RAPPORT_RETURN_IF_ERROR(Add(order, rep));
    }
    return absl::OkStatus();
  }

  std::vector<CommissionRow> Rows() const {
    std::vector<CommissionRow> rows;
    for (const auto& [key, row] : rows_) rows.push_back(row);
    return rows;
  }

 private:
  absl::Status Add(const OrderMoney& order, const RepId& rep) {
    const CommissionTerms& terms = terms_.CommissionOf(rep);
    const bool by_margin = terms.of == CommissionTerms::Of::kMargin;
    const std::optional<Money>& base = by_margin ? order.margin : order.amount;
    if (!base.has_value() || !terms.share.has_value()) return absl::OkStatus();
    const Day placed = zone_.LocalDay(order.record->placed), closes = placed + terms.clawback_days;
    RAPPORT_ASSIGN_OR_RETURN(Money standing, terms.On(*base));
    CommissionRow& earned = RowOf(rep, Month(placed));
    ++earned.orders;
    RAPPORT_ASSIGN_OR_RETURN(earned.earned, earned.earned.Add(standing));
    for (const OrderLoss& loss : order.losses) {
      const Day lost = zone_.LocalDay(loss.at);
      if (lost > closes) break;
      RAPPORT_ASSIGN_OR_RETURN(const Money left, terms.On(*(by_margin ? loss.margin : loss.amount)));
      RAPPORT_RETURN_IF_ERROR(TakeBack(RowOf(rep, Month(lost)), Money(standing.minor() - left.minor(), left.currency())));
      standing = left;
    }
    if (today_ > closes) return absl::OkStatus();
    RAPPORT_ASSIGN_OR_RETURN(earned.at_risk, earned.at_risk.Add(standing));
    return absl::OkStatus();
  }

  static absl::Status TakeBack(CommissionRow& row, const Money& part) {
    if (part.minor() == 0) return absl::OkStatus();
    ++row.lost_orders;
    RAPPORT_ASSIGN_OR_RETURN(row.taken_back, row.taken_back.Add(part));
    return absl::OkStatus();
  }

  // A map's rows stay where they are.
  CommissionRow& RowOf(const RepId& rep, Month month) {
    const auto [at, is_new] = rows_.try_emplace({rep, month});
    if (is_new) {
      const Money nothing(0, *book_.context().reporting_currency);
      at->second = {rep, month, 0, 0, nothing, nothing, nothing, nothing};
    }
    return at->second;
  }

  const Book& book_;
  const EconomicsTerms& terms_;
  const Zone& zone_;
  Day today_;
  std::set<RepId> wanted_;
  std::map<std::pair<RepId, Month>, CommissionRow> rows_;
};

}  // namespace

absl::StatusOr<std::vector<CommissionRow>> CommissionByMonth(const Book& book, const EconomicsTerms& terms, Instant as_of, std::span<const RepId> reps) {
  if (!terms.PaysCommission()) {
    return FailedPrecondition("economics.no_commission", "commission: found a book that pays none, expected book.configured economics with commission.share");
  }
  if (!book.context().reporting_currency.has_value()) {
    return FailedPrecondition("money.no_reporting_currency", "commission: found a book without reporting_currency, expected one in book.configured");
  }
  Reckoning reckoning(book, terms, as_of, reps);
  for (const auto& [id, account] : book.accounts()) RAPPORT_RETURN_IF_ERROR(reckoning.Add(*account));
  std::vector<CommissionRow> rows = reckoning.Rows();
  for (CommissionRow& row : rows) row.kept = Money(row.earned.minor() - row.taken_back.minor(), row.earned.currency());
  return rows;
}

}  // namespace rapport

#include "rapport/value/recurring_base.hpp"

#include <algorithm>
#include <map>

#include "absl/strings/str_cat.h"
#include "rapport/core/status.hpp"
#include "rapport/value/orders.hpp"

namespace rapport {
namespace {

using Month = absl::CivilMonth;
constexpr int kMonthsBehind = 12, kMonthsOfYear = 12;

// The part of the month that lies in [from, to], 0 to 1.
double PartOf(Month month, Day from, Day to) {
  const Day first(month), last = Day(month + 1) - 1;
  const auto days = static_cast<double>(std::min(to, last) - std::max(from, first) + 1);
  return std::clamp(days / static_cast<double>(last - first + 1), 0.0, 1.0);
}

// Who may buy again, in columns, and what a purchase day of theirs brings: null where nothing of their own tells.
struct Buyers {
  std::vector<double> frequency, recency, age;
  std::vector<std::optional<double>> spend;
};

class Base {
 public:
  Base(const Book& book, Instant as_of, int months, const BaseModels& models)
      : book_(book), context_(book.context()), zone_(context_.ZoneOf(std::nullopt, std::nullopt)), as_of_(as_of), today_(zone_.LocalDay(as_of)),
        this_month_(today_), models_(models) {
    for (int i = -kMonthsBehind; i < months; ++i) {
      const Month month = this_month_ + i;
      BaseRow& row = rows_[month];
      row.first = Day(month);
      row.last = Day(month + 1) - 1;
      row.is_over = i < 0;
      if (i >= 0 && models.purchases != nullptr) row.repeat_expected = 0;
    }
  }

  absl::Status Add(const Account& account) {
    for (const ContractRecord& contract : account.relations.contracts) {
      const absl::Status added = AddContract(contract);
      if (!added.ok()) return WithContext(added, absl::StrCat("customer ", account.id.text()));
    }
    if (account.purchases.empty() && account.cancelled_purchases.empty()) return absl::OkStatus();
    RAPPORT_RETURN_IF_ERROR(AddRepeats(account));
    Expect(account);
    return absl::OkStatus();
  }

  absl::Status ForecastRepeats() {
    if (models_.purchases == nullptr || buyers_.age.empty()) return absl::OkStatus();
    std::vector<double> expected(buyers_.age.size());
    const double kept = placed_ > 0 ? std::clamp(kept_ / placed_, 0.0, 1.0) : 1;
    const double usual = repeats_ > 0 ? placed_ / static_cast<double>(repeats_) : 0;
    for (auto& [month, row] : rows_) {
      if (row.is_over) continue;
      // What is left of this month begins tomorrow.
      const Day from = std::max(row.first, today_ + 1) - 1;
      const std::string_view model = models_.purchases->name();
      const double start = AheadOf(model, today_, from, models_.unit), horizon = AheadOf(model, today_, row.last, models_.unit) - start;
      if (!(horizon > 0)) continue;
      RAPPORT_RETURN_IF_ERROR(models_.purchases->ExpectedPurchases(horizon, {buyers_.frequency, buyers_.recency, buyers_.age}, start, expected));
      double sum = 0;
      for (std::size_t i = 0; i < expected.size(); ++i) sum += expected[i] * buyers_.spend[i].value_or(usual);
      row.repeat_expected = sum * kept;
    }
    return absl::OkStatus();
  }

  RecurringBase Result() const {
    RecurringBase base;
    base.customers = customers_;
    base.repeat_buyers = repeat_buyers_;
    std::vector<BaseRow> year;
    for (const auto& [month, row] : rows_) {   // ascending
      base.rows.push_back(row);
      year.push_back(row);
      if (year.size() < kMonthsOfYear) continue;
      base.rows.push_back(YearOf(year));
      year.clear();
    }
    return base;
  }

 private:
  absl::Status AddContract(const ContractRecord& contract) {
    if (!contract.value.has_value()) return absl::OkStatus();
    RAPPORT_ASSIGN_OR_RETURN(const Money value, context_.InReporting(*contract.value, contract.started));
    const double monthly = value.ToMajor() / kMonthsOfYear;
    const Day from = zone_.LocalDay(contract.started);
    const Day never = Day(this_month_ + kMostBaseMonths + 1);
    Day until = contract.ends.value_or(never);
    if (contract.ended.has_value()) until = std::min(until, zone_.LocalDay(*contract.ended) - 1);   // the day it ended brings nothing any more
    for (auto& [month, row] : rows_) {
      row.contracts += monthly * PartOf(month, from, until);
      // Who ended it is gone, and so is what ran out before; who comes to his last day may go.
      if (!contract.ended.has_value() && until >= today_ && !row.is_over) row.renewal_at_risk += monthly * PartOf(month, std::max(until + 1, from), never);
    }
    return absl::OkStatus();
  }

  absl::Status AddRepeats(const Account& account) {
    RAPPORT_ASSIGN_OR_RETURN(std::vector<OrderMoney> orders, OrdersOf(book_, account));
    std::erase_if(orders, [&](const OrderMoney& order) { return order.cancelled || order.record->placed > as_of_; });
    const bool came_back = account.profile.origin == Origin::kRepeat;   // a customer before the book began
    for (std::size_t i = came_back ? 0 : 1; i < orders.size(); ++i) {
      if (!orders[i].kept_amount().has_value()) continue;
      const double kept = orders[i].kept_amount()->ToMajor();
      placed_ += orders[i].amount->ToMajor();
      ++repeats_;
      kept_ += kept;
      const auto row = rows_.find(Month(zone_.LocalDay(orders[i].record->placed)));
      if (row != rows_.end()) row->second.repeat_actual += kept;
    }
    return absl::OkStatus();
  }

  void Expect(const Account& account) {
    const Zone& zone = context_.ZoneOf(std::nullopt, account.profile.zone);
    const std::vector<Day> days = BuyingDaysOf(account, zone, as_of_);
    if (days.empty()) return;
    ++customers_;
    repeat_buyers_ += days.size() > 1 ? 1 : 0;
    if (models_.purchases == nullptr || ProfilingWithdrawn(account)) return;
    const BuyingRow row = BuyingRowOf(models_.purchases->name(), days, std::max(today_, days.back()), models_.unit);
    buyers_.frequency.push_back(row.frequency);
    buyers_.recency.push_back(row.recency);
    buyers_.age.push_back(row.age);
    buyers_.spend.push_back(ExpectedSpend(SpendHistoryOf(account, context_, zone, as_of_), models_.spend));
  }

  static BaseRow YearOf(const std::vector<BaseRow>& months) {
    BaseRow year = months.front();
    year.is_year = true;
    year.last = months.back().last;
    for (auto month = months.begin() + 1; month != months.end(); ++month) {
      year.contracts += month->contracts;
      year.renewal_at_risk += month->renewal_at_risk;
      year.repeat_actual += month->repeat_actual;
      if (year.repeat_expected.has_value()) *year.repeat_expected += month->repeat_expected.value_or(0);
    }
    return year;
  }

  const Book& book_;
  const BookContext& context_;
  const Zone& zone_;
  Instant as_of_;
  Day today_;
  Month this_month_;
  BaseModels models_;
  std::map<Month, BaseRow> rows_;
  Buyers buyers_;
  double placed_ = 0, kept_ = 0;   // of all repeat orders with an amount
  std::int64_t repeats_ = 0;       // how many these are
  std::int64_t customers_ = 0, repeat_buyers_ = 0;
};

}  // namespace

absl::StatusOr<RecurringBase> RecurringBaseOf(const Book& book, Instant as_of, int months, const BaseModels& models) {
  if (months < 1 || months > kMostBaseMonths) {
    return Invalid("economics.invalid_months", absl::StrCat("months: found ", months, ", expected 1 to ", kMostBaseMonths));
  }
  if (!book.context().reporting_currency.has_value()) {
    return FailedPrecondition("money.no_reporting_currency", "recurring base: found a book without reporting_currency, expected one in book.configured");
  }
  Base base(book, as_of, months, models);
  for (const auto& [id, account] : book.accounts()) RAPPORT_RETURN_IF_ERROR(base.Add(*account));
  RAPPORT_RETURN_IF_ERROR(base.ForecastRepeats());
  return base.Result();
}

}  // namespace rapport

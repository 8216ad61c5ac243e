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
constexpr Day kNever(9999, 12, 31);

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

// What a contract brings from one day to another.
struct Term {
  Day from, until;
  std::optional<Money> value;   // a year
};

using ContractEvents = std::map<EventKey, Event>;

// What the renewed contracts of an account said, and when: of others the record tells all.
ContractEvents RenewalsOf(const Book& book, const Account& account) {
  ContractEvents events;
  const std::vector<ContractRecord>& contracts = account.relations.contracts;
  if (std::all_of(contracts.begin(), contracts.end(), [](const ContractRecord& one) { return one.renewed_by.empty(); })) return events;
  for (Event& event : book.EventsOf(account.id)) {
    if (event.As<ContractStarted>() == nullptr && event.As<ContractRenewed>() == nullptr) continue;
    const EventKey key = event.key;
    events.emplace(key, std::move(event));
  }
  return events;
}

// A renewal begins after the term before it, or on its own day where that is later. Where it ends no later than that term, or that term has no end, it
// takes its place from its own day on.
void Renew(std::vector<Term>& terms, Day said_on, std::optional<Day> ends, const std::optional<Money>& value) {
  Term& before = terms.back();
  const Day until = ends.value_or(kNever);
  const bool replaces = until <= before.until;
  const Day from = replaces ? std::max(said_on, before.from) : std::max(said_on, before.until + 1);
  const Term renewed{from, until, value.has_value() ? value : before.value};
  if (replaces) before.until = std::min(before.until, from - 1);
  terms.push_back(renewed);
}

// In order; none reaches into the next.
absl::StatusOr<std::vector<Term>> TermsOf(const ContractRecord& contract, const ContractEvents& events, const Zone& zone) {
  const Day from = zone.LocalDay(contract.started);
  if (contract.renewed_by.empty()) return std::vector<Term>{{from, contract.ends.value_or(kNever), contract.value}};
  const auto started = events.find(contract.key);
  const auto* first = started == events.end() ? nullptr : started->second.As<ContractStarted>();
  RAPPORT_INVARIANT(first != nullptr, "the start of a contract is among its events");
  std::vector<Term> terms{{from, first->ends.value_or(kNever), first->value}};
  for (const EventKey& key : contract.renewed_by) {
    const auto found = events.find(key);
    const auto* said = found == events.end() ? nullptr : found->second.As<ContractRenewed>();
    RAPPORT_INVARIANT(said != nullptr, "a renewal that a contract names is among its events");
    Renew(terms, zone.LocalDay(found->second.occurred.at), said->ends, said->value);
  }
  return terms;
}

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
    const ContractEvents renewals = RenewalsOf(book_, account);
    for (const ContractRecord& contract : account.relations.contracts) {
      const absl::Status added = AddContract(contract, renewals);
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
  absl::Status AddContract(const ContractRecord& contract, const ContractEvents& renewals) {
    RAPPORT_ASSIGN_OR_RETURN(std::vector<Term> terms, TermsOf(contract, renewals, zone_));
    for (Term& term : terms) {
      if (!term.value.has_value()) continue;
      RAPPORT_ASSIGN_OR_RETURN(const Money value, context_.InReporting(*term.value, contract.started));
      const double monthly = value.ToMajor() / kMonthsOfYear;
      if (contract.ended.has_value()) term.until = std::min(term.until, zone_.LocalDay(*contract.ended) - 1);   // the day it ended brings nothing any more
      for (auto& [month, row] : rows_) row.contracts += monthly * PartOf(month, term.from, term.until);
      if (&term == &terms.back()) AddRisk(contract, term, monthly);
    }
    return absl::OkStatus();
  }

  // Who ended it is gone, and so is what ran out before; who comes to his last day may go.
  void AddRisk(const ContractRecord& contract, const Term& last, double monthly) {
    if (contract.ended.has_value() || last.until < today_) return;
    for (auto& [month, row] : rows_) {
      if (!row.is_over) row.renewal_at_risk += monthly * PartOf(month, std::max(last.until + 1, last.from), kNever);
    }
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

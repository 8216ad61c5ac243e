// Models that are fitted on what is known, and recorded.
#include <array>

#include "engine/engine_impl.hpp"
#include "engine/promise_past.hpp"
#include "engine/referral_past.hpp"
#include "engine/worry_past.hpp"
#include "rapport/expectation/keeping.hpp"
#include "rapport/relationship/referral_tree.hpp"
#include "rapport/relationship/worry_knowledge.hpp"
#include "rapport/signals/economics.hpp"
#include "rapport/signals/large_accounts.hpp"
#include "rapport/signals/repeat.hpp"
#include "rapport/value/bg_nbd.hpp"
#include "rapport/value/buying.hpp"
#include "rapport/value/care_worth.hpp"
#include "rapport/value/gamma_gamma.hpp"
#include "rapport/value/models.hpp"
#include "rapport/value/summarize.hpp"

namespace rapport {
namespace {

constexpr std::string_view kBgNbd = "bg_nbd";
constexpr std::string_view kSpend = "gamma_gamma";
// In the order in which all of them are fitted. Of models of when customers buy the first: another one is asked for by name.
constexpr std::array<std::string_view, 8> kModels{kLargeAccounts, kPromiseKeeping, kWorryKnowledge, kReferralTree, kBgNbd, kRepeat, kSpend, kCareWorth};

absl::Status CheckModel(std::string_view model) {
  std::vector<std::string_view> names(kModels.begin(), kModels.end());
  for (const std::string_view one : PurchaseModelNames()) {
    if (one != kBgNbd) names.push_back(one);
  }
  std::string known;
  for (const std::string_view one : names) {
    if (one == model) return absl::OkStatus();
    known += (known.empty() ? "" : ", ") + std::string(one);
  }
  return Invalid("value.unknown_model", absl::StrCat("model: found \"", std::string(model), "\", expected ", known));
}

// One value row a customer's purchase day; the model's own Summarize makes of it what it needs.
std::vector<Purchase> PurchasesOf(const Book& book) {
  std::vector<Purchase> purchases;
  for (const auto& [id, account] : book.accounts()) {
    if (ProfilingWithdrawn(*account)) continue;
    const Zone& zone = book.context().ZoneOf(std::nullopt, account->profile.zone);
    for (const PurchaseRecord& record : account->purchases) {
      Purchase purchase;
      purchase.customer = id.text();
      purchase.date = zone.LocalDay(record.placed);
      purchases.push_back(std::move(purchase));
    }
  }
  return purchases;
}

// What models of when customers buy are fitted on, in columns; and how many customers that is.
struct BuyingColumns {
  std::vector<double> frequency, recency, age;
  Histories AsRows() const { return {frequency, recency, age}; }
  void Add(double x, double last, double until) {
    frequency.push_back(x);
    recency.push_back(last);
    age.push_back(until);
  }
};

absl::StatusOr<BuyingColumns> BuyingColumnsOf(const Book& book, Instant as_of, std::string_view unit) {
  SummarizeOptions options;
  RAPPORT_ASSIGN_OR_RETURN(options.unit, ParseTimeUnit(unit));
  options.observation_end = book.context().ZoneOf(std::nullopt, std::nullopt).LocalDay(as_of);
  const std::vector<Purchase> purchases = PurchasesOf(book);
  RAPPORT_ASSIGN_OR_RETURN(const std::vector<CustomerSummary> rows, Summarize(purchases, options));
  BuyingColumns columns;
  for (const CustomerSummary& row : rows) columns.Add(static_cast<double>(row.frequency), row.recency, row.age);
  return columns;
}

// Of "bg_bb", whose time is opportunities: one is a unit of time.
absl::StatusOr<BuyingColumns> OpportunityColumnsOf(const Book& book, std::string_view model, Instant as_of, std::string_view unit) {
  RAPPORT_ASSIGN_OR_RETURN(const TimeUnit parsed, ParseTimeUnit(unit));
  BuyingColumns columns;
  for (const auto& [id, account] : book.accounts()) {
    const Zone& zone = book.context().ZoneOf(std::nullopt, account->profile.zone);
    const std::vector<Day> days = BuyingDaysOf(*account, zone, as_of);
    if (days.empty() || ProfilingWithdrawn(*account)) continue;
    const BuyingRow row = BuyingRowOf(model, days, zone.LocalDay(as_of), parsed);
    if (row.age >= 1) columns.Add(row.frequency, row.recency, row.age);   // who had no opportunity yet says nothing
  }
  return columns;
}

absl::StatusOr<BgNbd> FitBgNbd(const Book& book, Instant as_of, std::string_view unit) {
  RAPPORT_ASSIGN_OR_RETURN(const BuyingColumns columns, BuyingColumnsOf(book, as_of, unit));
  return BgNbd::Fit(columns.AsRows());
}

absl::StatusOr<ModelFitted> FitLifetime(const Book& book, std::string_view model, Instant as_of, std::string_view unit) {
  RAPPORT_ASSIGN_OR_RETURN(const BuyingColumns columns, model == "bg_bb" ? OpportunityColumnsOf(book, model, as_of, unit) : BuyingColumnsOf(book, as_of, unit));
  RAPPORT_ASSIGN_OR_RETURN(const std::shared_ptr<const PurchaseModel> fitted, FitPurchaseModel(model, columns.AsRows()));
  return ModelFitted{std::string(model), fitted->ToJson(), static_cast<std::int64_t>(columns.age.size()), std::string(unit)};
}

absl::Status NoCurrency(std::string_view model, std::string_view why) {
  return FailedPrecondition("signal.no_reporting_currency",
                            absl::StrCat("model ", ToAbsl(model), ": found a book without reporting_currency, expected one: ", ToAbsl(why)));
}

// What a repeat day brings, of customers who had one with an amount. Its unit is the currency.
absl::StatusOr<ModelFitted> FitSpend(const Book& book, Instant as_of) {
  const BookContext& context = book.context();
  if (!context.reporting_currency.has_value()) return NoCurrency(kSpend, "amounts are compared in it");
  std::vector<double> frequency, monetary;
  for (const auto& [id, account] : book.accounts()) {
    if (ProfilingWithdrawn(*account)) continue;
    const SpendHistory spent = SpendHistoryOf(*account, context, context.ZoneOf(std::nullopt, account->profile.zone), as_of);
    if (spent.repeat_days == 0 || !(spent.repeat_mean > 0)) continue;
    frequency.push_back(static_cast<double>(spent.repeat_days));
    monetary.push_back(spent.repeat_mean);
  }
  RAPPORT_ASSIGN_OR_RETURN(const GammaGamma fitted, GammaGamma::Fit(frequency, monetary));
  return ModelFitted{std::string(kSpend), fitted.ToJson(), static_cast<std::int64_t>(frequency.size()), std::string(context.reporting_currency->code())};
}

absl::StatusOr<ModelFitted> FitCareWorth(const Book& book, Instant as_of) {
  if (!book.context().reporting_currency.has_value()) return NoCurrency(kCareWorth, "margins are added up in it");
  RAPPORT_ASSIGN_OR_RETURN(const CareFacts facts, CareFactsOf(book, EconomicsOf(book.context()), IsOurCare, as_of));
  RAPPORT_ASSIGN_OR_RETURN(const CareWorth fitted, CareWorth::Fit(facts));
  return ModelFitted{std::string(kCareWorth), fitted.ToJson(), static_cast<std::int64_t>(facts.cared.size()), std::nullopt};
}

absl::StatusOr<ModelFitted> FitLargeAccounts(const Book& book, Instant as_of) {
  const std::optional<Currency>& currency = book.context().reporting_currency;
  if (!currency.has_value()) return NoCurrency(kLargeAccounts, "volumes are compared in it");
  std::vector<LargeAccounts::Account> accounts;
  for (const auto& [id, account] : book.accounts()) {
    if (!account->owner.has_value() || !account->profile.expected_volume.has_value()) continue;
    const absl::StatusOr<Money> volume = book.context().InReporting(*account->profile.expected_volume, as_of);
    if (volume.ok() && volume->minor() > 0) accounts.push_back({*account->owner, RoundSignal(volume->ToMajor())});
  }
  return ModelFitted{std::string(kLargeAccounts), LargeAccounts::Of(accounts, *currency).ToJson(), static_cast<std::int64_t>(accounts.size()), std::nullopt};
}

// A forecast that is one of several grounds: none where too little is known.
absl::StatusOr<std::optional<BgNbd>> ForecastFrom(const Book& book, Instant as_of) {
  absl::StatusOr<BgNbd> fitted = FitBgNbd(book, as_of, "week");
  if (fitted.ok()) return std::optional(*std::move(fitted));
  if (TokenOf(fitted.status()) == "value.too_few_customers") return std::optional<BgNbd>();
  return fitted.status();
}

absl::StatusOr<ModelFitted> FitRepeat(const Book& then, Instant cut, const Book& now, Instant as_of) {
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<BgNbd> forecast_then, ForecastFrom(then, cut));
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<BgNbd> forecast_now, ForecastFrom(now, as_of));
  RAPPORT_ASSIGN_OR_RETURN(const RepeatModel model, RepeatModel::Fit(then, cut, forecast_then, now, as_of, forecast_now));
  return ModelFitted{std::string(kRepeat), model.ToJson(), model.repeat().customers(), std::nullopt};
}

}  // namespace

absl::StatusOr<std::optional<ModelFitted>> Engine::Impl::FitIfKnown(const Book& book, Instant as_of) {
  absl::StatusOr<ModelFitted> fitted = FitLifetime(book, kBgNbd, as_of, "week");
  if (fitted.ok()) return std::optional(*std::move(fitted));
  if (TokenOf(fitted.status()) == "value.too_few_customers") return std::optional<ModelFitted>();
  return fitted.status();
}

absl::StatusOr<ModelFitted> Engine::Impl::FitOn(const Book& book, std::string_view model, Instant as_of, std::string_view unit) {
  if (model == kLargeAccounts) return FitLargeAccounts(book, as_of);
  if (model == kPromiseKeeping) return FitPromiseKeeping(book, as_of);
  if (model == kWorryKnowledge) return FitWorries(book, as_of);
  if (model == kReferralTree) return FitReferrals(book);
  if (model == kSpend) return FitSpend(book, as_of);
  if (model == kCareWorth) return FitCareWorth(book, as_of);
  if (model != kRepeat) return FitLifetime(book, model, as_of, unit);
  const Instant cut = as_of.PlusMinutes(-std::int64_t{kRepeatHorizonDays} * 24 * 60);
  RAPPORT_ASSIGN_OR_RETURN(const std::shared_ptr<const Book> then, BookAt(cut, cut));
  return FitRepeat(*then, cut, book, as_of);
}

absl::StatusOr<FitReceipt> Engine::Impl::FitAndRecord(std::string_view model, Instant as_of, std::string_view unit, absl::Status& fitted) {
  FitReceipt receipt{std::string(model), 0, Json(), true};
  const auto conclude = [&](std::shared_ptr<const Book> book) -> absl::StatusOr<std::vector<Event>> {
    absl::StatusOr<ModelFitted> data = FitOn(*book, model, as_of, unit);
    fitted = data.status();
    if (!data.ok()) return data.status();
    receipt.fitted = data->fitted;
    receipt.customers = data->customers.value_or(0);
    std::string id = absl::StrCat("model/", receipt.model, "/", data->unit.has_value() ? *data->unit + "/" : "", FormatInstant(as_of));
    std::vector<Event> events;
    events.push_back(OwnEvent(std::move(id), CustomerId(), as_of, *std::move(data)));
    return events;
  };
  RAPPORT_ASSIGN_OR_RETURN(const AppendReceipt appended, Conclude(as_of, conclude));
  receipt.appended = appended.accepted == 1;
  return receipt;
}

absl::StatusOr<FitReceipt> Engine::Fit(std::string_view model, Instant as_of, std::string_view unit) {
  return Guarded([&]() -> absl::StatusOr<FitReceipt> {
    RAPPORT_RETURN_IF_ERROR(CheckModel(model));
    absl::Status fitted;
    return impl_->FitAndRecord(model, as_of, unit, fitted);
  });
}

absl::StatusOr<Table> Engine::FitAll(Instant as_of, std::string_view unit) {
  return Guarded([&]() -> absl::StatusOr<Table> {
    RAPPORT_RETURN_IF_ERROR(ParseTimeUnit(unit).status());   // before anything is recorded
    Table table({{"model", ColumnType::kText}, {"customers", ColumnType::kInteger}, {"appended", ColumnType::kBool}, {"token", ColumnType::kText},
                 {"message", ColumnType::kText}});
    for (const std::string_view model : kModels) {
      absl::Status fitted;
      const absl::StatusOr<FitReceipt> receipt = impl_->FitAndRecord(model, as_of, unit, fitted);
      if (receipt.ok()) {
        table.AppendRow({std::string(model), receipt->customers, receipt->appended, Cell(), Cell()});
      } else if (fitted.code() == absl::StatusCode::kFailedPrecondition) {   // too little is known; what fails at recording is an error
        table.AppendRow({std::string(model), Cell(), Cell(), TokenOf(fitted), std::string(ToStd(fitted.message()))});
      } else {
        return receipt.status();
      }
    }
    return table;
  });
}

}  // namespace rapport

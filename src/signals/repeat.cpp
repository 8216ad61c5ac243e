#include "rapport/signals/repeat.hpp"

#include <vector>

#include "absl/strings/str_cat.h"
#include "rapport/core/status.hpp"
#include "rapport/value/summarize.hpp"
#include "signals/rows.hpp"

namespace rapport {
namespace {

constexpr std::string_view kForecast = "forecast";
constexpr std::string_view kTypical = "typical";

// The mean over purchases with an amount, in major units of the reporting currency.
std::optional<double> MeanAmount(const SignalInput& in) {
  ReportingSum sum(in);
  std::int64_t counted = 0;
  for (const PurchaseRecord& purchase : in.account->purchases) {
    if (!purchase.amount.has_value() || purchase.placed > in.as_of) continue;
    sum.Add(*purchase.amount, purchase.placed);
    ++counted;
  }
  const Cell total = sum.Value(false);
  const auto* amount = std::get_if<double>(&total);
  return amount == nullptr ? std::nullopt : std::optional(*amount / static_cast<double>(counted));
}

// The chance of a purchase day in the horizon by BG/NBD.
std::optional<double> ChanceBy(const BgNbd& model, const SignalInput& in, int horizon_days) {
  const std::vector<Day> days = PurchaseDays(in);
  if (days.empty() || in.today < days.back()) return std::nullopt;
  const auto frequency = static_cast<double>(days.size() - 1);
  const double recency = UnitsBetween(days.front(), days.back(), TimeUnit::kWeek);
  const double age = UnitsBetween(days.front(), in.today, TimeUnit::kWeek);
  double none = 1;
  const absl::Status told = model.PurchaseProbability(0, horizon_days / 7.0, {{&frequency, 1}, {&recency, 1}, {&age, 1}}, {&none, 1});
  return told.ok() ? std::optional(1 - none) : std::nullopt;
}

bool BoughtBetween(const Account* account, Instant after, Instant until) {
  return account != nullptr && std::any_of(account->purchases.begin(), account->purchases.end(), [&](const PurchaseRecord& purchase) {
    return purchase.placed > after && purchase.placed <= until;
  });
}

absl::Status InvalidModel(std::string_view field, std::string_view found) {
  return Invalid("signal.invalid_model", absl::StrCat("field ", std::string(field), ": ", std::string(found)));
}

absl::StatusOr<TypicalLevels> TypicalFrom(const Json& fitted) {
  TypicalLevels typical;
  const Json* levels = fitted.Find(kTypical);
  if (levels == nullptr) return typical;
  if (levels->if_object() == nullptr) return InvalidModel(kTypical, "found another document, expected an object of numbers by dimension");
  for (const auto& [name, level] : *levels->if_object()) {
    const std::optional<Dimension> dimension = DimensionNamed(name);
    if (!dimension.has_value() || level.if_number() == nullptr) return InvalidModel(absl::StrCat(std::string(kTypical), ".", name), "expected a dimension and its level");
    typical[*dimension] = *level.if_number();
  }
  return typical;
}

}  // namespace

Balance BalanceFor(const SignalInput& in, const TypicalLevels& typical) {
  static const BalanceWeights ours;
  const CustomerUpserted& profile = in.account->profile;
  const BalanceWeights& weights = in.context->weights != nullptr ? *in.context->weights : ours;
  return BalanceOf(*in.account, *in.zone, in.as_of, weights.Of(profile.segment, profile.expectation_weights), typical);
}

Balance BalanceFor(const SignalInput& in) {
  return in.context->repeat != nullptr ? BalanceFor(in, in.context->repeat->typical()) : BalanceFor(in, TypicalLevels());
}

std::optional<RepeatRow> RepeatView::RowOf(const SignalInput& in) const {
  if (in.account->purchases.empty() || ProfilingWithdrawn(*in.account)) return std::nullopt;
  RepeatGiven given;
  given.mean_amount = MeanAmount(in);
  if (forecast != nullptr) given.forecast = ChanceBy(*forecast, in, horizon_days);
  given.gap = BalanceFor(in, typical != nullptr ? *typical : TypicalLevels()).gap;
  return RepeatRowOf(*in.account, *in.zone, in.as_of, given);
}

TypicalLevels TypicalOf(const Book& book, Instant as_of) {
  TypicalExpectations seen;
  for (const auto& [id, account] : book.accounts()) seen.See(*account, as_of);
  return seen.Means();
}

absl::StatusOr<RepeatModel> RepeatModel::Fit(const Book& then, Instant cut, const std::optional<BgNbd>& forecast_then, const Book& now, Instant as_of,
                                             const std::optional<BgNbd>& forecast_now) {
  const TypicalLevels typical = TypicalOf(then, cut);
  RAPPORT_ASSIGN_OR_RETURN(const SignalContext context, SignalContext::From(then.context()));
  const RepeatView view{forecast_then.has_value() ? &*forecast_then : nullptr, &typical};
  std::vector<RepeatRow> rows;
  std::vector<double> bought;
  for (const auto& [id, account] : then.accounts()) {
    const std::optional<RepeatRow> row = view.RowOf(InputFor(*account, context, cut));
    if (!row.has_value()) continue;
    rows.push_back(*row);
    bought.push_back(BoughtBetween(now.Find(id).get(), cut, as_of) ? 1 : 0);
  }
  RAPPORT_ASSIGN_OR_RETURN(Repeat repeat, Repeat::Fit(rows, bought, kRepeatHorizonDays));
  return RepeatModel(std::move(repeat), forecast_now, TypicalOf(now, as_of));
}

std::optional<double> RepeatModel::ProbabilityOf(const SignalInput& in) const {
  const RepeatView view{forecast_.has_value() ? &*forecast_ : nullptr, &typical_, repeat_.horizon_days()};
  const std::optional<RepeatRow> row = view.RowOf(in);
  return row.has_value() ? std::optional(repeat_.Probability(*row)) : std::nullopt;
}

Json RepeatModel::ToJson() const {
  Json json = repeat_.ToJson();
  if (forecast_.has_value()) json.if_object()->emplace(kForecast, forecast_->ToJson());
  Json::Object typical;
  for (std::size_t i = 0; i < kDimensionCount; ++i) {
    const auto dimension = static_cast<Dimension>(i);
    if (typical_[dimension].has_value()) typical.emplace(NameOf(dimension), *typical_[dimension]);
  }
  json.if_object()->emplace(kTypical, std::move(typical));
  return json;
}

absl::StatusOr<RepeatModel> RepeatModel::FromJson(const Json& fitted) {
  absl::StatusOr<Repeat> repeat = Repeat::FromJson(fitted);
  if (!repeat.ok()) return Invalid("signal.invalid_model", std::string(ToStd(repeat.status().message())));
  std::optional<BgNbd> forecast;
  if (const Json* told = fitted.Find(kForecast)) {
    absl::StatusOr<BgNbd> read = BgNbd::FromJson(*told);
    if (!read.ok()) return InvalidModel(kForecast, ToStd(read.status().message()));
    forecast = *std::move(read);
  }
  RAPPORT_ASSIGN_OR_RETURN(TypicalLevels typical, TypicalFrom(fitted));
  return RepeatModel(*std::move(repeat), std::move(forecast), std::move(typical));
}

}  // namespace rapport

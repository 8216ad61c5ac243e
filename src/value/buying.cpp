#include "rapport/value/buying.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "rapport/stats/special.hpp"
#include "rapport/value/gamma_gamma.hpp"
#include "rapport/value/orders.hpp"

namespace rapport {
namespace {

// The opportunity in which a day lies: 1 is the first unit after the first purchase. A day at its very end belongs to it.
double OpportunityOf(Day first, Day day, TimeUnit unit) { return std::ceil(UnitsBetween(first, day, unit)); }

BuyingRow OpportunityRow(std::span<const Day> days, Day today, TimeUnit unit) {
  BuyingRow row;
  for (const Day day : days.subspan(1)) {
    const double opportunity = OpportunityOf(days.front(), day, unit);
    if (opportunity > row.recency) row.frequency += 1;
    row.recency = opportunity;
  }
  row.age = std::max(std::floor(UnitsBetween(days.front(), today, unit)), row.recency);
  return row;
}

}  // namespace

BuyingRow BuyingRowOf(std::string_view model, std::span<const Day> days, Day today, TimeUnit unit) {
  if (model == "bg_bb") return OpportunityRow(days, today, unit);
  return {static_cast<double>(days.size() - 1), UnitsBetween(days.front(), days.back(), unit), UnitsBetween(days.front(), today, unit)};
}

double AheadOf(std::string_view model, Day today, Day until, TimeUnit unit) {
  const double ahead = UnitsBetween(today, until, unit);
  return model == "bg_bb" ? std::floor(ahead) : ahead;
}

std::vector<Day> BuyingDaysOf(const Account& account, const Zone& zone, Instant until) {
  std::vector<Day> days;
  days.reserve(account.purchases.size());
  for (const PurchaseRecord& purchase : account.purchases) {
    if (purchase.placed <= until) days.push_back(zone.LocalDay(purchase.placed));
  }
  // Sorted by instant they are sorted by day, unless clocks went back over a midnight in between.
  if (!std::is_sorted(days.begin(), days.end())) std::sort(days.begin(), days.end());
  days.erase(std::unique(days.begin(), days.end()), days.end());
  return days;
}

SpendHistory SpendHistoryOf(const Account& account, const BookContext& context, const Zone& zone, Instant until) {
  std::map<Day, double> by_day;
  std::optional<Day> first;
  for (const PurchaseRecord& purchase : account.purchases) {
    if (purchase.placed > until) continue;
    const Day day = zone.LocalDay(purchase.placed);
    first = std::min(first.value_or(day), day);
    if (!purchase.amount.has_value()) continue;
    const absl::StatusOr<Money> amount = context.InReporting(*purchase.amount, purchase.placed);
    if (amount.ok()) by_day[day] += amount->ToMajor();
  }
  SpendHistory spent;
  double all = 0, repeat = 0;
  for (const auto& [day, amount] : by_day) {
    all += amount;
    ++spent.days;
    if (day == *first) continue;
    repeat += amount;
    ++spent.repeat_days;
  }
  if (spent.days > 0) spent.mean = all / static_cast<double>(spent.days);
  if (spent.repeat_days > 0) spent.repeat_mean = repeat / static_cast<double>(spent.repeat_days);
  return spent;
}

std::optional<double> ExpectedSpend(const SpendHistory& spent, const GammaGamma* model) {
  const std::optional<double> own = spent.repeat_days > 0 ? std::optional(spent.repeat_mean) : std::nullopt;
  if (model == nullptr) return own;
  const bool repeats = spent.repeat_days > 0 && spent.repeat_mean > 0;
  const double frequency = repeats ? static_cast<double>(spent.repeat_days) : 0, monetary = repeats ? spent.repeat_mean : 0;
  double expected = 0;
  const absl::Status told = model->ExpectedValue({&frequency, 1}, {&monetary, 1}, {&expected, 1});
  return told.ok() ? std::optional(expected) : own;
}

std::optional<double> MarginShareOf(const Account& account, const BookContext& context, const EconomicsTerms& terms, Instant until) {
  double margin = 0, amount = 0;
  for (const PurchaseRecord& purchase : account.purchases) {
    if (purchase.placed > until) continue;
    const absl::StatusOr<OrderStanding> order = OrderStandingOf(purchase, context);
    if (!order.ok() || !order->amount.has_value() || !order->kept_margin.has_value()) continue;
    margin += order->kept_margin->ToMajor();
    amount += order->amount->ToMajor();
  }
  return amount > 0 ? std::optional(std::clamp(margin / amount, 0.0, 1.0)) : terms.margin_share();
}

std::optional<double> DiscountedPurchases(const PurchaseModel& model, const BuyingRow& row, TimeUnit unit, Day today, int days, double rate) {
  const auto within = [&](Day until) -> std::optional<double> {
    double expected = 0;
    const absl::Status told = model.ExpectedPurchases(AheadOf(model.name(), today, until, unit), row.AsRows(), 0, {&expected, 1});
    return told.ok() ? std::optional(expected) : std::nullopt;
  };
  if (rate == 0) return within(today + days);
  const int steps = std::max(1, static_cast<int>(std::ceil(days * 12 / 365.0)));
  double sum = 0, before = 0;
  for (int i = 1; i <= steps; ++i) {
    const int ahead = std::min(days, static_cast<int>(std::floor(i * 365 / 12.0)));
    const std::optional<double> expected = within(today + ahead);
    if (!expected.has_value()) return std::nullopt;
    sum += std::max(0.0, *expected - before) * stats::Exp(-stats::Log1p(rate) * ahead / 365);
    before = *expected;
  }
  return sum;
}

}  // namespace rapport

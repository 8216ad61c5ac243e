#include "engine/economics_table.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "engine/cell_of.hpp"
#include "policy/wording.hpp"
#include "rapport/core/quantity.hpp"
#include "rapport/core/status.hpp"

namespace rapport {
namespace {

Cell Major(const Money& amount) { return RoundSignal(amount.ToMajor()); }
Cell Rounded(const std::optional<double>& number) { return number.has_value() ? Cell(RoundSignal(*number)) : Cell(); }

// To be read: rounded to the minor unit.
Money InMoney(double major, const Currency& currency) {
  double minor = major;
  for (int i = 0; i < currency.decimals(); ++i) minor *= 10;
  constexpr double kMost = 9e18;
  return Money(static_cast<std::int64_t>(std::llround(std::clamp(minor, -kMost, kMost))), currency);
}

absl::StatusOr<Cell> SayIf(const std::optional<Sentence>& sentence, const Speaker& speaker) {
  if (!sentence.has_value()) return Cell();
  RAPPORT_ASSIGN_OR_RETURN(std::string said, speaker.Say(*sentence));
  return Cell(std::move(said));
}

// --- origin
std::optional<Sentence> TellOrigin(const OriginRow& row, const std::optional<double>& times) {
  if (row.origin == Origin::kNew) {
    if (row.orders == 0 || row.minutes == 0 || row.orders_without_margin == row.orders) return std::nullopt;
    const auto with_minutes = static_cast<double>(row.orders - row.orders_without_minutes);
    const auto each = static_cast<std::int64_t>(std::llround(static_cast<double>(row.minutes) / with_minutes));
    return Sentence{"economics.origin.new", {{"minutes", each}, {"margin", InMoney(*row.MarginPerOrder(), row.margin.currency())}}};
  }
  if (!times.has_value()) return std::nullopt;
  const double shown = *times < 10 ? std::nearbyint(*times * 10) / 10 : std::nearbyint(*times);
  if (shown == 0) return std::nullopt;
  return Sentence{row.origin == Origin::kRepeat ? "economics.origin.repeat" : "economics.origin.referral", {{"times", SayQuantity(shown)}}};
}

}  // namespace

absl::StatusOr<Table> OriginTable(const OriginEconomics& economics, Language language) {
  Table table({{"origin", ColumnType::kText}, {"customers", ColumnType::kInteger}, {"orders", ColumnType::kInteger}, {"revenue", ColumnType::kNumber},
               {"margin", ColumnType::kNumber}, {"minutes", ColumnType::kInteger}, {"margin_per_minute", ColumnType::kNumber}, {"margin_per_order", ColumnType::kNumber},
               {"times_new", ColumnType::kNumber}, {"minutes_without_order", ColumnType::kInteger}, {"minutes_assumed", ColumnType::kInteger},
               {"orders_without_amount", ColumnType::kInteger}, {"orders_without_margin", ColumnType::kInteger}, {"orders_without_minutes", ColumnType::kInteger}, {"currency", ColumnType::kText},
               {"sentence", ColumnType::kText}});
  const Speaker speaker(language, NoTexts());
  for (const OriginRow& row : economics.rows) {
    const std::optional<double> times = economics.TimesNew(row.origin);
    RAPPORT_ASSIGN_OR_RETURN(Cell said, SayIf(TellOrigin(row, times), speaker));
    table.AppendRow({std::string(NameOf(row.origin)), row.customers, row.orders, Major(row.revenue), Major(row.margin), row.minutes, Rounded(row.MarginPerMinute()),
                     Rounded(row.MarginPerOrder()), Rounded(times), row.minutes_without_order, row.minutes_assumed, row.orders_without_amount,
                     row.orders_without_margin, row.orders_without_minutes, std::string(row.revenue.currency().code()), std::move(said)});
  }
  return table;
}

// --- commission
namespace {

std::optional<Sentence> TellCommission(const CommissionRow& row) {
  if (row.rep.empty()) return std::nullopt;
  const bool lost = row.taken_back.minor() > 0, risk = row.at_risk.minor() > 0;
  Sentence sentence{lost && risk ? "economics.commission.both" : lost ? "economics.commission.lost" : risk ? "economics.commission.risk" : "economics.commission.kept",
                    {{"rep", RepName{row.rep}}, {"earned", row.earned}}};
  if (lost) sentence.arguments["taken"] = row.taken_back;
  if (risk) sentence.arguments["risk"] = row.at_risk;
  return sentence;
}

}  // namespace

absl::StatusOr<Table> CommissionTable(const std::vector<CommissionRow>& rows, const Texts& texts, Language language) {
  Table table({{"rep", ColumnType::kText}, {"rep_name", ColumnType::kText}, {"month", ColumnType::kDay}, {"orders", ColumnType::kInteger},
               {"earned", ColumnType::kNumber}, {"taken_back", ColumnType::kNumber}, {"at_risk", ColumnType::kNumber}, {"kept", ColumnType::kNumber},
               {"lost_orders", ColumnType::kInteger}, {"currency", ColumnType::kText}, {"sentence", ColumnType::kText}});
  const Speaker speaker(language, texts);
  for (const CommissionRow& row : rows) {
    RAPPORT_ASSIGN_OR_RETURN(Cell said, SayIf(TellCommission(row), speaker));
    const bool named = !row.rep.empty();
    table.AppendRow({named ? Cell(row.rep.text()) : Cell(), named ? Cell(texts.Rep(row.rep, language)) : Cell(), Day(row.month), row.orders, Major(row.earned),
                     Major(row.taken_back), Major(row.at_risk), Major(row.kept), row.lost_orders, std::string(row.earned.currency().code()), std::move(said)});
  }
  return table;
}

// --- the base
namespace {

std::optional<Sentence> TellBase(const BaseRow& row, const Currency& currency) {
  if (!row.is_year || !row.Base().has_value()) return std::nullopt;
  const Money base = InMoney(*row.Base(), currency), contracts = InMoney(row.contracts, currency), renewals = InMoney(row.renewal_at_risk, currency);
  if (row.is_over) {
    return Sentence{"economics.base.past", {{"base", base}, {"contracts", contracts}, {"repeat", InMoney(row.repeat_actual, currency)}}};
  }
  if (base.minor() <= 0 && renewals.minor() <= 0) return std::nullopt;
  Sentence sentence{renewals.minor() > 0 ? "economics.base.renewals" : "economics.base.ahead", {{"from", row.first}, {"base", base}}};
  if (renewals.minor() > 0) sentence.arguments["renewals"] = renewals;
  return sentence;
}

}  // namespace

absl::StatusOr<Table> BaseTable(const RecurringBase& base, const Currency& currency, Language language) {
  Table table({{"span", ColumnType::kText}, {"month", ColumnType::kDay}, {"last", ColumnType::kDay}, {"over", ColumnType::kBool}, {"contracts", ColumnType::kNumber},
               {"renewal_at_risk", ColumnType::kNumber}, {"repeat_actual", ColumnType::kNumber}, {"repeat_expected", ColumnType::kNumber},
               {"base", ColumnType::kNumber}, {"currency", ColumnType::kText}, {"sentence", ColumnType::kText}});
  const Speaker speaker(language, NoTexts());
  for (const BaseRow& row : base.rows) {
    RAPPORT_ASSIGN_OR_RETURN(Cell said, SayIf(TellBase(row, currency), speaker));
    table.AppendRow({std::string(row.is_year ? "year" : "month"), row.first, row.last, row.is_over, RoundSignal(row.contracts), RoundSignal(row.renewal_at_risk),
                     RoundSignal(row.repeat_actual), Rounded(row.repeat_expected), Rounded(row.Base()), std::string(currency.code()), std::move(said)});
  }
  return table;
}

// --- care
namespace {

std::optional<Sentence> TellCare(const CustomerCare& care, std::int64_t referral_days, const Currency& currency) {
  const Money saved = InMoney(care.saved, currency), risk = InMoney(care.uncared, currency), brought = InMoney(care.referral_value, currency);
  if (saved.minor() > 0 && brought.minor() > 0) return Sentence{"economics.care.both", {{"saved", saved}, {"risk", risk}, {"brought", brought}, {"days", referral_days}}};
  if (saved.minor() > 0) return Sentence{"economics.care.saved", {{"saved", saved}, {"risk", risk}}};
  if (brought.minor() > 0) return Sentence{"economics.care.brought", {{"brought", brought}, {"days", referral_days}}};
  return std::nullopt;
}

}  // namespace

absl::StatusOr<Table> CareTable(std::vector<CareRow> rows, std::int64_t referral_days, const Currency& currency, const Texts& texts, Language language) {
  Table table({{"customer", ColumnType::kText}, {"customer_name", ColumnType::kText}, {"worth", ColumnType::kNumber}, {"open_orders", ColumnType::kInteger},
               {"margin_at_risk", ColumnType::kNumber}, {"margin_uncared", ColumnType::kNumber}, {"loss_avoided", ColumnType::kNumber}, {"saved", ColumnType::kNumber},
               {"referrals", ColumnType::kNumber}, {"referral_value", ColumnType::kNumber}, {"window_ends", ColumnType::kDay}, {"currency", ColumnType::kText},
               {"sentence", ColumnType::kText}});
  const auto worth = [](const CareRow& row) { return RoundSignal(row.care.Worth()); };
  std::stable_sort(rows.begin(), rows.end(), [&](const CareRow& a, const CareRow& b) { return worth(a) > worth(b); });
  const Speaker speaker(language, texts);
  for (const CareRow& row : rows) {
    const CustomerCare& care = row.care;
    RAPPORT_ASSIGN_OR_RETURN(Cell said, SayIf(TellCare(care, referral_days, currency), speaker));
    table.AppendRow({row.customer.text(), texts.Customer(row.customer, language), worth(row), care.open_orders, RoundSignal(care.at_risk), RoundSignal(care.uncared),
                     RoundSignal(care.avoided), RoundSignal(care.saved), RoundSignal(care.referrals), RoundSignal(care.referral_value), CellOf(care.closes),
                     std::string(currency.code()), std::move(said)});
  }
  return table;
}

}  // namespace rapport

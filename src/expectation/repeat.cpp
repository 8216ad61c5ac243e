#include "rapport/expectation/repeat.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "absl/strings/str_cat.h"
#include "expectation/words.hpp"
#include "rapport/core/status.hpp"
#include "rapport/stats/logistic.hpp"
#include "rapport/stats/special.hpp"
#include "stats/blocked_sum.hpp"

namespace rapport {
namespace {

constexpr std::array<std::string_view, kRepeatFeatureCount> kNames = {"recency",    "frequency", "age",      "money",   "silence",       "one_time", "forecast", "broken",
                                                                      "days_late", "days_early", "missing", "no_word", "broken_before", "gap"};
constexpr double kPriorDeviation = 2.5;
constexpr double kMostDays = 30;
constexpr double kLeastChance = 1e-4;

RepeatFeature FeatureAt(std::size_t i) { return static_cast<RepeatFeature>(i); }
std::optional<double>& In(RepeatRow& row, RepeatFeature feature) { return row[static_cast<std::size_t>(feature)]; }

// --- history
void AddHistory(const Account& account, const Zone& zone, Instant as_of, RepeatRow& row) {
  std::set<Day> days;
  for (const PurchaseRecord& purchase : account.purchases) {
    if (purchase.placed <= as_of) days.insert(zone.LocalDay(purchase.placed));
  }
  const Day today = zone.LocalDay(as_of);
  const auto since_last = static_cast<double>(today - *days.rbegin());
  const auto bought_over = static_cast<double>(*days.rbegin() - *days.begin());
  const auto count = static_cast<double>(days.size());
  In(row, RepeatFeature::kRecency) = stats::Log1p(since_last);
  In(row, RepeatFeature::kFrequency) = stats::Log(count);
  In(row, RepeatFeature::kAge) = stats::Log1p(since_last + bought_over);
  In(row, RepeatFeature::kSilence) = count > 1 ? stats::Log1p(since_last * (count - 1) / bought_over) : 0;
  In(row, RepeatFeature::kOneTime) = count > 1 ? 0 : 1;
}

// --- what was promised
struct Margin {
  Instant settled;
  bool of_order = false;
  bool broken = false;
  double days = 0;      // positive early
  double missing = 0;   // share
};

void AddPromises(const Account& account, const Zone& zone, Instant as_of, std::vector<Margin>& margins) {
  for (const PromiseRecord& promise : account.promises) {
    if (promise.by != PromiseBy::kOurs || promise.made > as_of) continue;
    for (const SettledWord& word : SettledWordsOf(promise, zone, as_of)) {
      margins.push_back({word.settled, promise.order.has_value(), word.broken, word.margin_days, std::clamp(-word.margin_share, 0.0, 1.0)});
    }
  }
}

// The day on which an order was to come is a promise too, where it came.
void AddOrders(const Account& account, const Zone& zone, Instant as_of, std::vector<Margin>& margins) {
  for (const PurchaseRecord& purchase : account.purchases) {
    if (!purchase.expected_delivery.has_value() || !purchase.delivered.has_value() || *purchase.delivered > as_of) continue;
    const auto days = static_cast<double>(*purchase.expected_delivery - zone.LocalDay(*purchase.delivered));
    margins.push_back({*purchase.delivered, true, days < 0, days, 0});
  }
}

void AddMargins(std::vector<Margin> margins, RepeatRow& row) {
  // What belongs to an order last, each part in order of settling: the last is the last word.
  std::stable_sort(margins.begin(), margins.end(), [](const Margin& a, const Margin& b) {
    return a.of_order != b.of_order ? b.of_order : a.settled < b.settled;
  });
  const bool any = !margins.empty();
  const Margin last = any ? margins.back() : Margin();
  const auto broken = std::count_if(margins.begin(), margins.end(), [](const Margin& margin) { return margin.broken; }) - (last.broken ? 1 : 0);
  In(row, RepeatFeature::kBroken) = last.broken ? 1 : 0;
  In(row, RepeatFeature::kDaysLate) = std::clamp(-last.days, 0.0, kMostDays);
  In(row, RepeatFeature::kDaysEarly) = std::clamp(last.days, 0.0, kMostDays);
  In(row, RepeatFeature::kMissing) = last.missing;
  In(row, RepeatFeature::kNoWord) = any ? 0 : 1;
  In(row, RepeatFeature::kBrokenBefore) = margins.size() > 1 ? static_cast<double>(broken) / static_cast<double>(margins.size() - 1) : 0;
}

// --- the fit
stats::LogisticBound BoundOf(RepeatFeature feature) {
  switch (feature) {
    case RepeatFeature::kBroken:
    case RepeatFeature::kDaysLate:
    case RepeatFeature::kMissing:
    case RepeatFeature::kBrokenBefore: return stats::LogisticBound::kNotPositive;
    case RepeatFeature::kDaysEarly:
    case RepeatFeature::kGap: return stats::LogisticBound::kNotNegative;
    default: return stats::LogisticBound::kNone;
  }
}

double MeanOf(std::span<const double> values) {
  stats::BlockedSums<1> sum;
  for (const double value : values) sum.Add({value});
  return sum.Totals()[0] / static_cast<double>(values.size());
}

// A feature's numbers over the rows, what is unknown filled with the mean of the rest.
struct Column {
  RepeatFeature feature;
  double fill = 0;
  double variance = 0;
  std::vector<double> values;
};

Column ColumnOf(std::span<const RepeatRow> rows, RepeatFeature feature) {
  Column column{feature, 0, 0, {}};
  std::vector<double> known;
  for (const RepeatRow& row : rows) {
    if (const std::optional<double>& value = row[static_cast<std::size_t>(feature)]) known.push_back(*value);
  }
  if (known.empty()) return column;
  std::sort(known.begin(), known.end());   // so that no bit shows the order of rows
  column.fill = MeanOf(known);
  for (double& value : known) value = (value - column.fill) * (value - column.fill);
  column.variance = MeanOf(known) * static_cast<double>(known.size()) / static_cast<double>(rows.size());
  for (const RepeatRow& row : rows) column.values.push_back(row[static_cast<std::size_t>(feature)].value_or(column.fill));
  return column;
}

absl::Status CheckInput(std::span<const RepeatRow> rows, std::span<const double> bought, int horizon_days) {
  const auto invalid = [](std::string_view what) { return Invalid("expectation.invalid_input", std::string(what)); };
  if (horizon_days < 1) return invalid(absl::StrCat("horizon_days: found ", horizon_days, ", expected 1 or more"));
  if (rows.size() != bought.size()) return invalid(absl::StrCat("bought: found ", bought.size(), " numbers, expected ", rows.size(), ", one a row"));
  double yes = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (bought[i] != 0 && bought[i] != 1) return invalid(absl::StrCat("bought, row ", i, ": found ", bought[i], ", expected 0 or 1"));
    yes += bought[i];
    for (std::size_t j = 0; j < kRepeatFeatureCount; ++j) {
      if (rows[i][j].has_value() && !std::isfinite(*rows[i][j])) return invalid(absl::StrCat(std::string(kNames[j]), ", row ", i, ": found no finite number, expected one"));
    }
  }
  const auto all = static_cast<double>(rows.size());
  if (all >= Repeat::kLeastCustomers && yes >= Repeat::kLeastOfEach && all - yes >= Repeat::kLeastOfEach) return absl::OkStatus();
  return FailedPrecondition("expectation.too_few_customers",
                            absl::StrCat("model repeat: found ", rows.size(), " customers who had bought ", horizon_days, " days ago, ", yes,
                                         " of whom bought since, expected at least ", Repeat::kLeastCustomers, ", and ", Repeat::kLeastOfEach, " who did and who did not"));
}

absl::Status InvalidModel(std::string_view field, std::string_view expected) {
  return Invalid("expectation.invalid_model", absl::StrCat("field ", std::string(field), ": found none or another, expected ", std::string(expected)));
}

absl::StatusOr<double> NumberIn(const Json& object, std::string_view member, std::string_view name) {
  const Json* of = object.Find(member);
  const Json* number = of == nullptr ? nullptr : of->Find(name);
  if (number == nullptr || number->if_number() == nullptr) return InvalidModel(absl::StrCat(std::string(member), ".", std::string(name)), "a number");
  return *number->if_number();
}

}  // namespace

std::string_view NameOf(RepeatFeature feature) { return kNames[static_cast<std::size_t>(feature)]; }

std::optional<RepeatRow> RepeatRowOf(const Account& account, const Zone& zone, Instant as_of, const RepeatGiven& given) {
  const auto bought = [&](const PurchaseRecord& purchase) { return purchase.placed <= as_of; };
  if (std::none_of(account.purchases.begin(), account.purchases.end(), bought)) return std::nullopt;
  RepeatRow row;
  AddHistory(account, zone, as_of, row);
  if (given.mean_amount.has_value() && *given.mean_amount > 0) In(row, RepeatFeature::kMoney) = stats::Log(*given.mean_amount);
  if (given.forecast.has_value()) {
    const double chance = std::clamp(*given.forecast, kLeastChance, 1 - kLeastChance);
    In(row, RepeatFeature::kForecast) = stats::Log(chance) - stats::Log1p(-chance);
  }
  std::vector<Margin> margins;
  AddPromises(account, zone, as_of, margins);
  AddOrders(account, zone, as_of, margins);
  AddMargins(std::move(margins), row);
  In(row, RepeatFeature::kGap) = given.gap;
  return row;
}

absl::StatusOr<Repeat> Repeat::Fit(std::span<const RepeatRow> rows, std::span<const double> bought, int horizon_days,
                                   std::span<const RepeatFeature> features) {
  RAPPORT_RETURN_IF_ERROR(CheckInput(rows, bought, horizon_days));
  std::vector<Column> columns;
  for (std::size_t i = 0; i < kRepeatFeatureCount; ++i) {
    if (!features.empty() && std::find(features.begin(), features.end(), FeatureAt(i)) == features.end()) continue;
    Column column = ColumnOf(rows, FeatureAt(i));
    if (column.variance > 0) columns.push_back(std::move(column));
  }
  std::vector<stats::LogisticColumn> given;
  for (const Column& column : columns) {
    given.push_back({NameOf(column.feature), column.values, BoundOf(column.feature), column.variance / (kPriorDeviation * kPriorDeviation)});
  }
  RAPPORT_ASSIGN_OR_RETURN(const stats::LogisticFit fit, stats::FitLogistic(given, bought));
  Repeat repeat;
  const auto error = [&](std::size_t at) { return at < fit.standard_errors.size() ? fit.standard_errors[at] : 0; };
  repeat.constant_ = fit.coefficients[0];
  repeat.constant_error_ = error(0);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    repeat.terms_.push_back({columns[i].feature, fit.coefficients[i + 1], error(i + 1), columns[i].fill});
  }
  repeat.horizon_days_ = horizon_days;
  repeat.customers_ = fit.rows;
  repeat.bought_ = fit.successes;
  repeat.log_likelihood_ = fit.log_likelihood;
  repeat.diagnosis_ = fit.diagnosis;
  return repeat;
}

double Repeat::Probability(const RepeatRow& row) const {
  double logit = constant_;
  for (const Term& term : terms_) logit += term.coefficient * row[static_cast<std::size_t>(term.feature)].value_or(term.fill);
  if (logit >= 0) return 1 / (1 + stats::Exp(-logit));
  const double odds = stats::Exp(logit);
  return odds / (1 + odds);
}

Json Repeat::ToJson() const {
  Json::Object coefficients{{"const", constant_}}, errors{{"const", constant_error_}}, fill;
  for (const Term& term : terms_) {
    const std::string name(NameOf(term.feature));
    coefficients.emplace(name, term.coefficient);
    errors.emplace(name, term.standard_error);
    fill.emplace(name, term.fill);
  }
  return Json::Object{{"model", "repeat"},          {"horizon_days", Json::Integer(horizon_days_)}, {"customers", customers_}, {"bought", bought_},
                      {"log_likelihood", log_likelihood_}, {"diagnosis", diagnosis_}, {"coefficients", std::move(coefficients)},
                      {"standard_errors", std::move(errors)}, {"fill", std::move(fill)}};
}

absl::StatusOr<Repeat> Repeat::FromJson(const Json& json) {
  const Json* coefficients = json.Find("coefficients");
  if (coefficients == nullptr || coefficients->if_object() == nullptr) return InvalidModel("coefficients", "an object of numbers");
  const Json* horizon = json.Find("horizon_days");
  const std::optional<std::int64_t> days = horizon == nullptr ? std::nullopt : horizon->if_integer();
  if (!days.has_value() || *days < 1 || *days > 36'525) return InvalidModel("horizon_days", "a whole number from 1 to 36525");
  Repeat repeat;
  repeat.horizon_days_ = static_cast<int>(*days);
  RAPPORT_ASSIGN_OR_RETURN(repeat.constant_, NumberIn(json, "coefficients", "const"));
  repeat.constant_error_ = NumberIn(json, "standard_errors", "const").value_or(0);
  for (const auto& [name, number] : *coefficients->if_object()) {
    if (name != "const" && std::find(kNames.begin(), kNames.end(), name) == kNames.end()) return InvalidModel("coefficients." + name, "a known name");
  }
  for (std::size_t i = 0; i < kRepeatFeatureCount; ++i) {   // in order, so that sums are the same as those of the fit
    if (coefficients->Find(kNames[i]) == nullptr) continue;
    Term term{FeatureAt(i)};
    RAPPORT_ASSIGN_OR_RETURN(term.coefficient, NumberIn(json, "coefficients", kNames[i]));
    RAPPORT_ASSIGN_OR_RETURN(term.fill, NumberIn(json, "fill", kNames[i]));
    term.standard_error = NumberIn(json, "standard_errors", kNames[i]).value_or(0);
    repeat.terms_.push_back(term);
  }
  const auto number = [&](std::string_view name) {
    const Json* found = json.Find(name);
    return found == nullptr || found->if_number() == nullptr ? 0 : *found->if_number();
  };
  repeat.customers_ = number("customers");
  repeat.bought_ = number("bought");
  repeat.log_likelihood_ = number("log_likelihood");
  const Json* diagnosis = json.Find("diagnosis");
  if (diagnosis != nullptr && diagnosis->if_string() != nullptr) repeat.diagnosis_ = *diagnosis->if_string();
  return repeat;
}

}  // namespace rapport

#include "rapport/core/status.hpp"
#include "rapport/expectation/keeping.hpp"
#include "rapport/signals/large_accounts.hpp"
#include "rapport/value/bg_nbd.hpp"
#include "rapport/value/summarize.hpp"
#include "signals/rows.hpp"

namespace rapport {
namespace {

constexpr std::string_view kBgNbd = "bg_nbd";

// What the model asks for, in its unit: as value/summarize counts, by distinct days with a purchase.
struct Summary {
  double frequency = 0;
  double recency = 0;
  double age = 0;
};

std::optional<Summary> SummaryOf(const SignalInput& in) {
  if (in.context->lifetime == nullptr || in.account->purchases.empty() || ProfilingWithdrawn(*in.account)) return std::nullopt;
  const std::vector<Day> days = PurchaseDays(in);
  if (in.today < days.back()) return std::nullopt;
  const TimeUnit unit = in.context->lifetime_unit;
  return Summary{static_cast<double>(days.size() - 1), UnitsBetween(days.front(), days.back(), unit),
                 UnitsBetween(days.front(), in.today, unit)};
}

SignalValue MadeByModel(const SignalInput& in, double value) {
  SignalValue out = MadeByAll(in, Number(value), in.account->purchases);
  if (!in.explain) return out;
  if (out.evidence.size() == SignalValue::kMaxEvidence) out.evidence.erase(out.evidence.begin());
  out.evidence.push_back(in.context->lifetime_event);
  return out;
}

SignalValue ProbabilityAlive(const SignalInput& in) {
  const std::optional<Summary> of = SummaryOf(in);
  if (!of.has_value()) return {};
  double chance = 0;
  const absl::Status told = in.context->lifetime->ProbabilityAlive(0, {{&of->frequency, 1}, {&of->recency, 1}, {&of->age, 1}}, {&chance, 1});
  return told.ok() ? MadeByModel(in, chance) : SignalValue();
}

SignalValue ExpectedPurchases365(const SignalInput& in) {
  const std::optional<Summary> of = SummaryOf(in);
  if (!of.has_value()) return {};
  const double horizon = UnitsBetween(in.today, in.today + 365, in.context->lifetime_unit);
  double expected = 0;
  const absl::Status told = in.context->lifetime->ExpectedPurchases(horizon, {{&of->frequency, 1}, {&of->recency, 1}, {&of->age, 1}}, 0, {&expected, 1});
  return told.ok() ? MadeByModel(in, expected) : SignalValue();
}

const SignalColumn kColumns[] = {
    {"value.probability_alive", ColumnType::kNumber, "probability",
     "The chance that the customer still buys here, by the fitted model; missing where none was fitted.",
     Motion::kPolled, 0, ProbabilityAlive},
    {"value.expected_purchases_365", ColumnType::kNumber, "purchases",
     "Days with a purchase to expect in the next 365 days, by the fitted model; missing where none was fitted.",
     Motion::kPolled, 0, ExpectedPurchases365},
};

}  // namespace

std::span<const SignalColumn> ValueSignals() { return kColumns; }

absl::StatusOr<SignalContext> SignalContext::From(const BookContext& book) {
  SignalContext context;
  context.book = &book;
  RAPPORT_RETURN_IF_ERROR(ReadModel(book, kLargeAccounts, context.large, context.large_event));
  RAPPORT_RETURN_IF_ERROR(ReadModel(book, kPromiseKeeping, context.keeping, context.keeping_event));
  RAPPORT_RETURN_IF_ERROR(ReadExpectations(book, context));
  ReadRelationship(book, context);
  RAPPORT_RETURN_IF_ERROR(ReadNetwork(book, context));
  const auto found = book.models.find(std::string(kBgNbd));
  if (found == book.models.end()) return context;
  const ModelRecord& record = found->second;
  const std::string where = "model.fitted " + record.key.id + ", field ";

  const absl::StatusOr<TimeUnit> unit = ParseTimeUnit(record.model.unit.value_or("week"));
  if (!unit.ok()) return Invalid("signal.invalid_model", where + std::string(ToStd(unit.status().message())));
  absl::StatusOr<BgNbd> model = BgNbd::FromJson(record.model.fitted);
  if (!model.ok()) {
    return Invalid("signal.invalid_model", where + "fitted: " + std::string(ToStd(model.status().message())));
  }
  context.lifetime = std::make_shared<const BgNbd>(*std::move(model));
  context.lifetime_unit = *unit;
  context.lifetime_event = record.key;
  return context;
}

}  // namespace rapport

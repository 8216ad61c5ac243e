// What the fitted models of value/ say of a customer.
#include "rapport/core/status.hpp"
#include "rapport/expectation/keeping.hpp"
#include "rapport/relationship/touches.hpp"
#include "rapport/signals/economics.hpp"
#include "rapport/signals/large_accounts.hpp"
#include "rapport/value/buying.hpp"
#include "rapport/value/gamma_gamma.hpp"
#include "rapport/value/models.hpp"
#include "signals/rows.hpp"

namespace rapport {
namespace {

constexpr std::string_view kSpend = "gamma_gamma";
constexpr int kYearDays = 365;
constexpr int kHorizonDays = 36525;   // a hundred years: nobody is told of a later day

// The days on which the customer bought, as far as they have begun; none where no model was fitted or the customer does not want to be scored.
std::vector<Day> DaysFor(const SignalInput& in) {
  if (in.context->lifetime == nullptr || ProfilingWithdrawn(*in.account)) return {};
  std::vector<Day> days = BuyingDaysOf(*in.account, *in.zone, in.as_of);
  // A moment near midnight may lie on a later day than `today` says.
  while (!days.empty() && days.back() > in.today) days.pop_back();
  return days;
}

SignalValue MadeByModel(const SignalInput& in, double value) {
  SignalValue out = MadeByThose(in, Number(value), in.account->purchases, [&](const PurchaseRecord& purchase) { return purchase.placed <= in.as_of; });
  if (!in.explain) return out;
  if (out.evidence.size() == SignalValue::kMaxEvidence) out.evidence.erase(out.evidence.begin());
  out.evidence.push_back(in.context->lifetime_event);
  return out;
}

std::optional<double> AliveOn(const SignalInput& in, std::span<const Day> days, Day day) {
  const BuyingRow row = BuyingRowOf(in.context->lifetime->name(), days, day, in.context->lifetime_unit);
  double chance = 0;
  const absl::Status told = in.context->lifetime->ProbabilityAlive(0, row.AsRows(), {&chance, 1});
  return told.ok() ? std::optional(RoundSignal(chance)) : std::nullopt;
}

SignalValue ProbabilityAlive(const SignalInput& in) {
  const std::vector<Day> days = DaysFor(in);
  const std::optional<double> chance = days.empty() ? std::nullopt : AliveOn(in, days, in.today);
  return chance.has_value() ? MadeByModel(in, *chance) : SignalValue();
}

// Time without a purchase lowers it in every model: of those who were silent until T, the customers are who neither stopped nor bought, fewer with each
// day; and who stopped since the last purchase can only be more. So the day is found by halving.
std::optional<Day> AliveReaches(const SignalInput& in, double threshold) {
  const std::vector<Day> days = DaysFor(in);
  if (days.empty()) return std::nullopt;
  const auto is_below = [&](Day day) { return AliveOn(in, days, day).value_or(1) <= threshold; };
  Day above = in.today, below = in.today + kHorizonDays;
  if (!is_below(below)) return std::nullopt;
  while (below - above > 1) {
    const Day middle = above + (below - above) / 2;
    (is_below(middle) ? below : above) = middle;
  }
  return below;
}

SignalValue ExpectedPurchases365(const SignalInput& in) {
  const std::vector<Day> days = DaysFor(in);
  if (days.empty()) return {};
  const BuyingRow row = BuyingRowOf(in.context->lifetime->name(), days, in.today, in.context->lifetime_unit);
  const std::optional<double> expected = DiscountedPurchases(*in.context->lifetime, row, in.context->lifetime_unit, in.today, kYearDays, 0);
  return expected.has_value() ? MadeByModel(in, *expected) : SignalValue();
}

SignalValue Clv365(const SignalInput& in) {
  const std::vector<Day> days = DaysFor(in);
  const BookContext& book = *in.context->book;
  if (days.empty() || !book.reporting_currency.has_value()) return {};
  const EconomicsTerms& terms = *in.context->economics;
  const BuyingRow row = BuyingRowOf(in.context->lifetime->name(), days, in.today, in.context->lifetime_unit);
  const std::optional<double> purchases = DiscountedPurchases(*in.context->lifetime, row, in.context->lifetime_unit, in.today, kYearDays, terms.discount_rate());
  const std::optional<double> spend = ExpectedSpend(SpendHistoryOf(*in.account, book, *in.zone, in.as_of), in.context->spend.get());
  const std::optional<double> margin = MarginShareOf(*in.account, book, terms, in.as_of);
  if (!purchases.has_value() || !spend.has_value() || !margin.has_value()) return {};
  SignalValue out = MadeByModel(in, std::max(0.0, *purchases * *spend * *margin));
  Cite(in, in.context->spend_event, out);
  return out;
}

SignalValue WorthOfCare(const SignalInput& in) {
  const absl::StatusOr<std::optional<CustomerCare>> care = CareOf(in);
  if (!care.ok() || !care->has_value()) return {};   // without a rate it is not known
  SignalValue out = MadeByThose(in, Number((*care)->Worth()), in.account->purchases, [&](const PurchaseRecord& purchase) { return purchase.placed <= in.as_of; });
  if (in.explain && out.evidence.size() == SignalValue::kMaxEvidence) out.evidence.erase(out.evidence.begin());
  Cite(in, in.context->care_event, out);
  return out;
}

const SignalColumn kColumns[] = {
    {"value.probability_alive", ColumnType::kNumber, "probability",
     "The chance that the customer still buys here, by the fitted model; missing where none was fitted.",
     Motion::kMonotone, 0, ProbabilityAlive, {}, nullptr, AliveReaches, true},
    // It need not fall: what is known of a rate, and of when they stop, changes with silence as well. So it is asked for.
    {"value.expected_purchases_365", ColumnType::kNumber, "purchases",
     "Days with a purchase to expect in the next 365 days, by the fitted model; missing where none was fitted.",
     Motion::kPolled, 0, ExpectedPurchases365},
    {"value.clv_365", ColumnType::kNumber, kReportingCurrency,
     "The margin to expect from purchases of the next 365 days, by the fitted models; missing where none was fitted.",
     Motion::kPolled, 0, Clv365},
    {"value.worth_of_care", ColumnType::kNumber, kReportingCurrency,
     "What care saves of orders that may still be lost and brings by referrals, by the fitted model; else missing.",
     Motion::kPolled, 0, WorthOfCare},
};

// The newest of all that were fitted; of one moment the later name.
const ModelRecord* NewestLifetime(const BookContext& book) {
  const ModelRecord* newest = nullptr;
  for (const std::string_view name : PurchaseModelNames()) {
    const auto found = book.models.find(std::string(name));
    if (found == book.models.end()) continue;
    const ModelRecord& record = found->second;
    if (newest == nullptr || newest->fitted_at < record.fitted_at || (newest->fitted_at == record.fitted_at && newest->key < record.key)) newest = &record;
  }
  return newest;
}

absl::Status ReadLifetime(const BookContext& book, SignalContext& context) {
  const ModelRecord* record = NewestLifetime(book);
  if (record == nullptr) return absl::OkStatus();
  const std::string where = "model.fitted " + record->key.id + ", field ";
  const absl::StatusOr<TimeUnit> unit = ParseTimeUnit(record->model.unit.value_or("week"));
  if (!unit.ok()) return Invalid("signal.invalid_model", where + std::string(ToStd(unit.status().message())));
  absl::StatusOr<std::shared_ptr<const PurchaseModel>> model = ReadPurchaseModel(record->model.fitted);
  if (!model.ok()) return Invalid("signal.invalid_model", where + "fitted: " + std::string(ToStd(model.status().message())));
  context.lifetime = *std::move(model);
  context.lifetime_unit = *unit;
  context.lifetime_event = record->key;
  return absl::OkStatus();
}

// Amounts of another currency than the book's of today say nothing in it.
absl::Status ReadSpend(const BookContext& book, SignalContext& context) {
  const auto found = book.models.find(std::string(kSpend));
  if (found == book.models.end() || !book.reporting_currency.has_value()) return absl::OkStatus();
  if (found->second.model.unit.value_or("") != book.reporting_currency->code()) return absl::OkStatus();
  return ReadModel(book, kSpend, context.spend, context.spend_event);
}

}  // namespace

std::span<const SignalColumn> ValueSignals() { return kColumns; }

bool IsOurCare(const Touch& touch) { return touch.direction == Direction::kOutbound && IsCareContact(touch); }

EconomicsTerms EconomicsOf(const BookContext& book) {
  absl::StatusOr<EconomicsTerms> terms = EconomicsTerms::FromJson(book.economics);
  return terms.ok() ? *std::move(terms) : EconomicsTerms();
}

BaseModels BaseModelsOf(const SignalContext& context) { return {context.lifetime.get(), context.lifetime_unit, context.spend.get()}; }

absl::StatusOr<std::optional<CustomerCare>> CareOf(const SignalInput& in) {
  if (in.context->care == nullptr) return std::optional<CustomerCare>();
  return CareOf(*in.context->care, *in.account, *in.context->book, *in.context->economics, *in.zone, in.as_of, IsOurCare);
}

absl::StatusOr<SignalContext> SignalContext::From(const BookContext& book) {
  SignalContext context;
  context.book = &book;
  RAPPORT_RETURN_IF_ERROR(ReadModel(book, kLargeAccounts, context.large, context.large_event));
  RAPPORT_RETURN_IF_ERROR(ReadModel(book, kPromiseKeeping, context.keeping, context.keeping_event));
  RAPPORT_RETURN_IF_ERROR(ReadExpectations(book, context));
  ReadRelationship(book, context);
  RAPPORT_RETURN_IF_ERROR(ReadNetwork(book, context));
  context.economics = std::make_shared<const EconomicsTerms>(EconomicsOf(book));
  RAPPORT_RETURN_IF_ERROR(ReadModel(book, kCareWorth, context.care, context.care_event));
  RAPPORT_RETURN_IF_ERROR(ReadSpend(book, context));
  RAPPORT_RETURN_IF_ERROR(ReadLifetime(book, context));
  return context;
}

}  // namespace rapport

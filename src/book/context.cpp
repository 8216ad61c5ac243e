#include "rapport/book/context.hpp"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "book/fields.hpp"
#include "rapport/book/fold.hpp"
#include "rapport/core/status.hpp"
#include "rapport/ledger/bounds.hpp"

namespace rapport {
namespace {

constexpr std::string_view kAnyZone = "any";

void NoteCurrency(const Money& money, std::set<std::string>& seen) {
  if (!money.currency().empty()) seen.emplace(money.currency().code());
}

template <class T>
struct MoneyFinder {
  const T& record;
  std::set<std::string>& seen;

  template <class Member, class... Need>
  void Private(std::string_view, Member, Need...) {}
  template <class Value, class... Need>
  void Fact(std::string_view, Value T::*member, Need...) { Look(record.*member); }

  template <class Value>
  void Look(const Value&) {}
  void Look(const std::optional<Money>& money) {
    if (money.has_value()) NoteCurrency(*money, seen);
  }
  void Look(const std::vector<PurchaseLine>& lines) {
    for (const PurchaseLine& line : lines) {
      MoneyFinder<PurchaseLine> finder{line, seen};
      PurchaseLine::Describe(finder);
    }
  }
};

struct ContextFolder {
  BookContext& context;
  const Event& event;

  void operator()(const RepUpserted& said) const {
    auto [at, is_new] = context.reps.try_emplace(said.rep);
    RepRecord& rep = at->second;
    if (is_new) {
      rep.id = said.rep;
      rep.week = OfficeWeek();
    }
    rep.last_event = event.key;
    if (said.zone.has_value()) rep.zone = said.zone;
    if (said.team.has_value()) rep.team = said.team;
    // What an older version took in unbounded is brought within the bounds of today.
    if (said.minutes.has_value()) rep.minutes = std::clamp<std::int64_t>(*said.minutes, 0, kMinutesOfADay);
    if (said.reserve_minutes.has_value()) rep.reserve_minutes = std::clamp<std::int64_t>(*said.reserve_minutes, 0, kMinutesOfADay);
    if (said.work_minutes.has_value()) rep.work_minutes = said.work_minutes;
    if (said.travel_minutes.has_value()) rep.travel_minutes = std::clamp<std::int64_t>(*said.travel_minutes, 0, kMostTravelMinutes);
    if (said.visit_quota.has_value()) rep.visit_quota = said.visit_quota;
    if (said.manager.has_value()) rep.manager = said.manager;
    if (said.left.has_value()) TakeLeft(rep, *said.left);
    if (said.absences.has_value()) TakeAbsences(rep, *said.absences);
    if (said.calendar.has_value()) TakeCalendar(rep, *said.calendar);
  }

  // What is said again was told before: whoever waits for an absence waits for the event that brought it.
  void TakeAbsences(RepRecord& rep, const std::vector<Day>& days) const {
    rep.absences = {days.begin(), days.end()};
    std::erase_if(rep.absence_told_by, [&](const auto& told) { return !rep.absences.contains(told.first); });
    for (const Day day : rep.absences) rep.absence_told_by.emplace(day, event.key);
  }
  void TakeLeft(RepRecord& rep, Day left) const {
    if (rep.left != left) rep.left_told_by = event.key;
    rep.left = left;
  }

  // A calendar is checked when its event is appended; one that cannot be read here changes nothing.
  static void TakeCalendar(RepRecord& rep, const Json& calendar) {
    absl::StatusOr<WorkingWeek> week = WorkingWeek::FromJson(calendar);
    if (!week.ok()) return;
    rep.week = *std::move(week);
    rep.week_given = true;
  }

  void operator()(const ProductUpserted& said) const {
    ProductRecord& product = context.products[said.product];
    product.id = said.product;
    product.last_event = event.key;
    if (said.name.has_value()) product.name = said.name;
    if (said.price.has_value()) product.price = said.price;
    if (said.margin.has_value()) product.margin = said.margin;
    if (said.lead_days.has_value()) product.lead_days = said.lead_days;
    if (said.return_days.has_value()) product.return_days = said.return_days;
  }

  void operator()(const ModelFitted& said) const {
    context.models.insert_or_assign(said.model, ModelRecord{event.key, event.occurred.at, said});
  }

  void operator()(const PolicyAdopted& said) const {
    context.policy = PolicyRecord{event.key, event.occurred.at, said};
    context.policies.insert_or_assign(said.policy, said);
  }

  void operator()(const BookConfigured& said) const {
    context.configured_by = event.key;
    if (said.zone.has_value()) context.zone = *said.zone;
    if (said.permission.has_value()) context.permission = *said.permission;
    if (said.go_live.has_value()) context.go_live = said.go_live;
    if (said.relationship.has_value()) context.relationship = *said.relationship;
    if (said.plan.has_value()) context.plan = *said.plan;
    if (said.economics.has_value()) context.economics = *said.economics;
    if (said.expectation_weights.has_value()) context.expectation_weights = *said.expectation_weights;
    TakeHostSignals(said);
    TakeRetention(said);
    TakeHolidays(said);
    if (!said.reporting_currency.has_value()) return;
    const absl::StatusOr<Currency> currency = Currency::Parse(*said.reporting_currency);
    if (currency.ok()) context.configured_currency = *currency;
  }

  // Documents are checked when their event is appended.
  void TakeHostSignals(const BookConfigured& said) const {
    const Json::Object* declared = said.host_signals ? said.host_signals->if_object() : nullptr;
    if (declared == nullptr) return;
    for (const auto& [name, column] : *declared) {
      const Json* type = column.Find("type");
      context.host_signals[name] = type != nullptr && type->if_string() != nullptr ? *type->if_string() : "number";
    }
  }
  void TakeRetention(const BookConfigured& said) const {
    const Json::Object* days = said.retention ? said.retention->if_object() : nullptr;
    if (days == nullptr) return;
    context.retention.clear();
    for (const auto& [type, kept] : *days) {
      if (const std::optional<std::int64_t> number = kept.if_integer()) context.retention[type] = *number;
    }
  }

  void TakeHolidays(const BookConfigured& said) const {
    const Json::Object* by_zone = said.holidays ? said.holidays->if_object() : nullptr;
    if (by_zone == nullptr) return;
    context.holidays.clear();
    for (const auto& [zone, days] : *by_zone) {
      for (const Json& text : days.if_array() != nullptr ? *days.if_array() : Json::Array()) {
        const absl::StatusOr<Day> day = ParseDay(text.if_string() != nullptr ? *text.if_string() : std::string());
        if (day.ok()) context.holidays[zone].insert(*day);
      }
    }
    const std::set<Day> everywhere = context.holidays[std::string(kAnyZone)];
    for (auto& [zone, days] : context.holidays) days.insert(everywhere.begin(), everywhere.end());
  }

  void operator()(const RateSet& said) const {
    context.rates[{said.from, said.to}].push_back({event.key, event.occurred.at, said.rate});
  }
  void operator()(const OfferKnown& said) const { context.offers.push_back(said); }
  void operator()(const ExperimentStarted& said) const { context.experiments.insert_or_assign(said.experiment, said); }
  void operator()(const ImportStarted& said) const { context.knowledge_assumed = context.knowledge_assumed || said.knowledge_assumed.value_or(false); }

  template <class T>
  void operator()(const T&) const {}
};

const RateRecord* RateAt(const BookContext& context, std::string_view from, std::string_view to, Instant at) {
  const auto found = context.rates.find({std::string(from), std::string(to)});
  if (found == context.rates.end()) return nullptr;
  const auto after = std::upper_bound(found->second.begin(), found->second.end(), at,
                                      [](Instant moment, const RateRecord& rate) { return moment < rate.from; });
  return after == found->second.begin() ? nullptr : &*std::prev(after);
}

}  // namespace

WorkingWeek OfficeWeek() {
  WorkingWeek week;
  for (int day = 0; day < 5; ++day) week.weekly[static_cast<std::size_t>(day)] = {MinuteRange{9 * 60, 17 * 60}};
  return week;
}

void NoteCurrencies(const Payload& data, std::set<std::string>& seen) {
  std::visit([&](const auto& said) {
    using T = std::decay_t<decltype(said)>;
    if constexpr (!std::is_same_v<T, Unrecognised>) {
      MoneyFinder<T> finder{said, seen};
      T::Describe(finder);
    }
  }, data);
}

void SettleReportingCurrency(BookContext& context) {
  context.reporting_currency = context.configured_currency;
  if (context.reporting_currency.has_value() || context.currencies_seen.size() != 1) return;
  const absl::StatusOr<Currency> only = Currency::Parse(*context.currencies_seen.begin());
  if (only.ok()) context.reporting_currency = *only;
}

void FoldInto(BookContext& context, const Event& event) {
  const std::size_t seen_before = context.currencies_seen.size();
  NoteCurrencies(event.data, context.currencies_seen);
  const bool crosses_accounts = event.subject.empty();
  if (crosses_accounts) std::visit(ContextFolder{context, event}, event.data);
  if (crosses_accounts || context.currencies_seen.size() != seen_before) SettleReportingCurrency(context);
}

const RepRecord* BookContext::FindRep(const RepId& rep) const {
  const auto found = reps.find(rep);
  return found == reps.end() ? nullptr : &found->second;
}

absl::StatusOr<Money> BookContext::InReporting(const Money& amount, Instant at) const {
  if (!reporting_currency) {
    return FailedPrecondition("money.no_reporting_currency", "found amounts in several currencies, expected a reporting_currency in book.configured");
  }
  if (amount.currency() == *reporting_currency) return amount;
  const std::string from(amount.currency().code()), to(reporting_currency->code());
  if (const RateRecord* rate = RateAt(*this, from, to, at)) return amount.ConvertedTo(*reporting_currency, rate->rate);
  const Day day = ZoneOf(std::nullopt, std::nullopt).LocalDay(at);
  return FailedPrecondition("money.no_rate", absl::StrCat("found no rate from ", from, " to ", to, " on ", FormatDay(day), ", expected a rate.set by then"));
}

const std::set<Day>* BookContext::HolidaysOf(const Zone& zone) const {
  auto found = holidays.find(std::string(zone.name()));
  if (found == holidays.end()) found = holidays.find(std::string(kAnyZone));
  return found == holidays.end() ? nullptr : &found->second;
}

const Zone& BookContext::ZoneOf(const std::optional<std::string>& contact_zone,
                                const std::optional<std::string>& customer_zone) const {
  for (const std::optional<std::string>* name : {&contact_zone, &customer_zone}) {
    if (!name->has_value()) continue;
    const absl::StatusOr<const Zone*> known = zones.Find(**name);
    if (known.ok()) return **known;
  }
  const absl::StatusOr<const Zone*> of_book = zones.Find(zone);
  return of_book.ok() ? **of_book : zones.Utc();
}

}  // namespace rapport

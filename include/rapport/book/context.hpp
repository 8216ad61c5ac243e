// Floor 2. BookContext: what crosses accounts. Reps, products, models, the policy in force, the book's configuration.
//
// Decisions are functions of (account, context, as_of). The context is folded from the events that have no subject; it
// is small, so a cluster hands the same copy to every worker.
#ifndef RAPPORT_BOOK_CONTEXT_HPP_
#define RAPPORT_BOOK_CONTEXT_HPP_

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "rapport/core/ids.hpp"
#include "rapport/core/json.hpp"
#include "rapport/core/money.hpp"
#include "rapport/core/working_calendar.hpp"
#include "rapport/core/zones.hpp"
#include "rapport/ledger/event.hpp"

namespace rapport {

// Mon-Fri 09:00-17:00: the week of a rep of whom no calendar is known.
WorkingWeek OfficeWeek();

struct RepRecord {
  RepId id;
  EventKey last_event;
  std::optional<std::string> zone;
  std::optional<std::string> team;
  WorkingWeek week;                      // Mon-Fri 09:00-17:00 where none was given
  bool week_given = false;
  std::int64_t minutes = 300;            // customer time a working day
  std::optional<std::int64_t> reserve_minutes;
  std::optional<std::int64_t> work_minutes;   // for promised work a working day; none: not known
  std::optional<std::int64_t> travel_minutes; // before each visit
  std::optional<std::int64_t> visit_quota;    // visits a working day
  std::set<Day> absences;
  std::optional<RepId> manager;
  std::optional<Day> left;               // the first day on which the rep no longer works here
  std::map<Day, EventKey> absence_told_by;   // of each absence, the event that told it first
  EventKey left_told_by;
  // A fifth of the minutes unless given: what stays free for what comes up.
  std::int64_t Reserve() const { return reserve_minutes.value_or(minutes / 5); }
  bool WorksHere(Day day) const { return !left.has_value() || day < *left; }
  bool WorksOn(Day day) const { return WorksHere(day) && !absences.contains(day) && week.WorksOn(day); }
};

struct ProductRecord {
  ProductId id;
  EventKey last_event;
  std::optional<std::string> name;
  std::optional<Money> price;
  std::optional<Money> margin;
  std::optional<std::int64_t> lead_days;
  std::optional<std::int64_t> return_days;
};

struct ModelRecord {
  EventKey key;
  Instant fitted_at;
  ModelFitted model;
};

struct PolicyRecord {
  EventKey key;
  Instant adopted_at;
  PolicyAdopted policy;
};

// What one unit of a currency is worth in another from a moment on.
struct RateRecord {
  EventKey key;
  Instant from;
  std::string rate;   // decimal text
};

struct BookContext {
  ZoneRules zones = ZoneRules::Bundled();
  std::map<RepId, RepRecord> reps;
  std::map<ProductId, ProductRecord> products;
  std::map<std::string, ModelRecord> models;          // newest by model name
  std::optional<PolicyRecord> policy;                 // newest adopted
  std::map<std::string, PolicyAdopted> policies;      // all adopted, by id
  std::optional<Currency> configured_currency;
  std::optional<Currency> reporting_currency;         // configured, or the only one seen
  std::set<std::string> currencies_seen;
  std::string zone = "UTC";                           // of the book, where a customer has none
  Json permission;                                    // as configured; null: "plain"
  Json relationship;                                  // as configured; null: the default (policies/relationship.json)
  Json economics;                                     // as configured; null: the default (value/economics_terms.hpp)
  Json plan;                                          // as configured; null: the default (plan/plan_terms.hpp)
  Json expectation_weights;                           // as configured; null: ours (expectation/balance.hpp)
  std::optional<Day> go_live;
  EventKey configured_by;
  std::map<std::string, std::string> host_signals;    // declared columns of the host: name, "number" or "text"
  std::map<std::string, std::int64_t> retention;      // days that private text of a type is kept
  std::map<std::string, std::set<Day>> holidays;      // by zone, those of "any" included; "any": of all other zones
  std::map<std::pair<std::string, std::string>, std::vector<RateRecord>> rates;   // by (from, to), in order of time
  std::vector<OfferKnown> offers;
  std::map<std::string, ExperimentStarted> experiments;
  // True where an import had no recordedtime: what was known when is assumed, and a backtest says so.
  bool knowledge_assumed = false;

  // Null for one of whom nothing was told, and where none is named. O(log reps).
  const RepRecord* FindRep(const RepId& rep) const;
  const RepRecord* FindRep(const std::optional<RepId>& rep) const { return rep.has_value() ? FindRep(*rep) : nullptr; }

  // An amount in the reporting currency, at the rate in force at `at`. `money.no_rate` names the pair and the
  // day; `money.no_reporting_currency`.
  absl::StatusOr<Money> InReporting(const Money& amount, Instant at) const;

  // The holidays of a place, by its zone; null where none are configured.
  const std::set<Day>* HolidaysOf(const Zone& zone) const;

  // The zone of a customer or contact: the contact's, the customer's, the book's, the first that is given and known to the
  // rules; else UTC. O(log zones).
  const Zone& ZoneOf(const std::optional<std::string>& contact_zone, const std::optional<std::string>& customer_zone) const;
};

}  // namespace rapport

#endif  // RAPPORT_BOOK_CONTEXT_HPP_

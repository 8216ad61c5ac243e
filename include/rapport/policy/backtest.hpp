// Floor 5. A backtest: what a policy would have asked for, day by day, with what was known each day.
//
//   Backtest history(ZoneRules::Bundled());
//   ledger.Scan(0, [&](Event&& e) { history.Add(e); return absl::OkStatus(); });
//   RAPPORT_ASSIGN_OR_RETURN(const BacktestRun run, history.Run(policy, {.start = Day(2025, 1, 1), .end = Day(2025, 12, 31)}));
//   for (const BacktestDay& day : run.days) ...       // issued, held and why, minutes, capacity, who bought
//   Differences(run, history.Run(other, ...));        // two versions, person by person
//
// Each day begins with a tick at 00:00 of the book's zone, on the events known by then; a late event is not seen before it was known.
// What an engine concluded in history (source "rapport") is left out: follow-ups are those of the policy tried. They have the ids that
// they would have had, for an id is made from its cause; so what reps said of a follow-up by its id (done, skipped, put off) counts
// where the policy tried issued it too. Beyond that a follow-up counts as carried out by the first outbound touch of its channel in
// history, not absent nor busy, between its issue and its lapse; the most urgent of several by the first touch. Others lapse.
//
// What no backtest can know: what customers would have done had they been contacted otherwise. It counts; it does not promise.
// Nothing is recorded. The same events, policy and options give the same run.
#ifndef RAPPORT_POLICY_BACKTEST_HPP_
#define RAPPORT_POLICY_BACKTEST_HPP_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "rapport/book/book.hpp"
#include "rapport/core/table.hpp"
#include "rapport/policy/decide.hpp"

namespace rapport {

struct BacktestOptions {
  Day start;
  Day end;                             // included
  std::int64_t lookback_days = 30;     // a purchase is "without a follow-up" where none was issued to the customer in so many days before it
  std::uint64_t seed = 0;
  // Fits a model on the book as known at a moment (nullopt: too little is known), for the first day and the first of every month; empty:
  // the models of history, each from the day on which it was fitted.
  std::function<absl::StatusOr<std::optional<ModelFitted>>(const Book&, Instant)> refit = {};
  // Told after each day; false ends the run with CANCELLED `backtest.cancelled`.
  std::function<bool(Day)> progress = {};
};

struct BacktestDay {
  Day day;
  std::int64_t looked_at = 0;          // accounts that the day's tick had to decide
  std::int64_t issued = 0;
  std::int64_t done = 0;               // carried out, as became known since the day before; `skipped` are none of them
  std::int64_t expired = 0;
  std::int64_t withdrawn = 0;
  std::int64_t held = 0;               // held back for the first time; each follow-up once a run
  std::map<std::string, std::int64_t> held_by;   // by what lasts longest; "frequency_cap" is caps hit
  std::int64_t minutes = 0;            // of the work issued
  std::int64_t capacity = 0;           // minutes of all reps at work that day, less what is kept free
  std::int64_t reps_over = 0;          // reps to whom more minutes were issued than they have that day
  std::int64_t bought = 0;             // customers who ordered on that day
  std::int64_t bought_without = 0;     // of them, to whom no follow-up was issued in the days before
};

enum class BacktestOutcome { kOpen, kDone, kSkipped, kExpired, kWithdrawn, kHeld };
std::string_view NameOf(BacktestOutcome outcome);   // "open", "done", "skipped", "expired", "withdrawn", "held"

// Issued at least once, or (kHeld) held back and never issued.
struct BacktestFollowUp {
  FollowUpId id;
  CustomerId customer;
  std::optional<RepId> rep;
  std::string rule;
  std::string step;
  Channel channel = Channel::kCall;
  std::int64_t minutes = 0;
  std::int64_t priority = 0;
  Instant expires;
  std::optional<Day> issued;           // none: never
  std::optional<Day> held;             // the first day on which it was held back
  std::string held_by;
  BacktestOutcome outcome = BacktestOutcome::kOpen;
  std::optional<Day> closed;
  bool bought = false;                 // the customer ordered within lookback_days from its issue
};

struct BacktestRun {
  std::string policy;                  // id
  std::string policy_name;
  std::vector<BacktestDay> days;
  std::map<FollowUpId, BacktestFollowUp> followups;
  std::int64_t customers = 0;          // of whom anything was known on the last day
  bool knowledge_assumed = false;      // an import had no recordedtime: the run saw some things before anybody knew them
};

class Backtest {
 public:
  explicit Backtest(ZoneRules zones);
  ~Backtest();
  Backtest(Backtest&&) noexcept;
  // In any order.
  void Add(const Event& event);
  // `backtest.invalid_period`; what Policy, PermissionProfile and SignalContext say of the book. Costs the accounts that have something to
  // be looked at, day by day, not customers times days. May be called again with another policy.
  absl::StatusOr<BacktestRun> Run(const Policy& policy, const BacktestOptions& options);

 private:
  struct History;
  std::unique_ptr<History> history_;
};

// The days of a run, and of the one it is compared with: version ("policy", "against"), day, issued, done, expired, withdrawn, held,
// held_by (JSON), caps_hit, minutes, capacity, reps_over, bought, bought_without, looked_at.
Table BacktestDayTable(const BacktestRun& run, const BacktestRun* against);
// Rule by rule: version, rule, issued, done, skipped, expired, withdrawn, open, held, minutes, bought.
Table BacktestRuleTable(const BacktestRun& run, const BacktestRun* against);
// Person by person what differs, sorted by customer, then follow-up: customer, rule, step, followup_id, change ("only_policy",
// "only_against", "moved": another day, channel or rep; of what neither issued "held_policy", "held_against", "held_otherwise"),
// issued_policy, issued_against (days), held_policy, held_against (by what), outcome_policy, outcome_against. Of one run alone:
// everything it issued or held, `change` null.
Table BacktestPeopleTable(const BacktestRun& run, const BacktestRun* against);
// {"policy", "policy_name", "start", "end", "issued", "done", ..., "knowledge_assumed", "sentences": [...]}
absl::StatusOr<Json> BacktestSummary(const BacktestRun& run, const BacktestRun* against, Language language);

}  // namespace rapport

#endif  // RAPPORT_POLICY_BACKTEST_HPP_

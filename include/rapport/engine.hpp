// Floor 8. The engine: what a host includes. It wires the floors and owns one book.
//
//   auto engine = rapport::Engine::Open("office.book");                    // or Engine::InMemory()
//   engine->AppendLines(ndjson);                                           // what happened
//   engine->Tick(*ParseStamp("2026-03-02T00:00:00+09:00"));                // what follows from it, recorded once
//   auto plan = engine->Plan({.day = Day(2026, 3, 2)});                           // whom to see today
//   std::cout << *engine->PlanText(*plan, Language::kEnglish);
//
// Reads take an as_of and a known_at: nullopt is "as_of" where there is one, else everything stored. Nothing here reads a clock.
// Threads: one at a time uses an engine; Snapshot() gives an immutable Book that any number may read meanwhile. An
// engine is not used after fork. Every call returns a Status; a broken invariant inside becomes INTERNAL, and nothing throws.
#ifndef RAPPORT_ENGINE_HPP_
#define RAPPORT_ENGINE_HPP_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "rapport/book/book.hpp"
#include "rapport/core/sentence.hpp"
#include "rapport/core/table.hpp"
#include "rapport/engine/import.hpp"
#include "rapport/engine/promise_advice.hpp"
#include "rapport/engine/report_trust.hpp"
#include "rapport/ledger/codec.hpp"
#include "rapport/ledger/ledger.hpp"
#include "rapport/permission/permission.hpp"
#include "rapport/plan/plan_day.hpp"
#include "rapport/policy/agenda.hpp"
#include "rapport/policy/backtest.hpp"
#include "rapport/policy/decide.hpp"
#include "rapport/policy/policy.hpp"

namespace rapport {

// Name, version, compiler, zone rules, semantics: what two installations compare.
Json BuildInfo();

struct EngineOptions {
  bool create = true;
  ZoneRules zones = ZoneRules::Bundled();
  // How long a writer waits for another one.
  int busy_milliseconds = 5000;
  // The host's key for suppressions, 16 to 64 bytes: with it, an erased person who comes back in an import is known and not contacted.
  std::string suppression_key;
  // Keeps `<path>.snapshot` beside the book and opens from it: a cache, without personal text, deletable at any time. It is written by
  // SaveSnapshot, and when an engine that read or appended more than 20,000 events since the last one is closed.
  bool use_snapshot = true;
};

struct ExportOptions {
  std::optional<Instant> known_at = std::nullopt;       // only what was known by then
  std::int64_t after = 0;                               // only what was stored after this sequence: a cursor
  std::optional<CustomerId> subject = std::nullopt;     // only this customer's
};

// full: the table is everything there is, what is not in it is gone. delta: only what is in it changes.
enum class SyncMode { kFull, kDelta };
struct SyncReceipt {
  AppendReceipt append;
  std::int64_t retracted = 0;
  BatchId batch;                 // empty where nothing changed
};

struct EraseReceipt {
  std::int64_t events = 0;       // whose text is gone
  std::int64_t suppressed = 0;   // digests kept
};

struct ReadAt {
  Instant as_of;
  std::optional<Instant> known_at = std::nullopt;   // nullopt: as_of
  const Policy* policy = nullptr;          // null: the adopted one, else the default
  std::uint64_t seed = 0;
};

struct PlanRequest {
  Day day;
  std::vector<RepId> reps = {};            // empty: all
  std::optional<Instant> as_of = std::nullopt;      // nullopt: the first start of `day` in the zones of the reps asked about
  std::optional<Instant> known_at = std::nullopt;   // nullopt: as_of
  const Policy* policy = nullptr;          // null: the adopted one, else the default
  std::uint64_t seed = 0;
  std::int64_t days = 0;                   // shown, `day` the first; 0: as the book's plan says, which is 1 unless it says more
  std::string team = {};                   // only its reps who work here on `day`; empty: all. `team.unknown`
  TravelMatrix travel = {};                // empty: fixed minutes
};

struct FitReceipt {
  std::string model;
  std::int64_t customers = 0;
  Json fitted;                             // parameters, standard errors, log-likelihood, diagnosis
  bool appended = true;                    // false: the same fit was recorded before
};

struct PermitRequest {
  CustomerId customer;
  Channel channel = Channel::kCall;
  Instant at;
  Purpose purpose = Purpose::kCare;
  ContactId contact = {};
  MessageClass message_class = MessageClass::kDefault;
};

struct BacktestRequest {
  Day start;
  Day end;                                 // included
  const Policy* policy = nullptr;          // null: the adopted one, else the default
  const Policy* against = nullptr;         // another version, to be compared person by person
  bool refit_monthly = false;              // false: the models of history, each from the day on which it was fitted
  std::int64_t lookback_days = 30;
  std::uint64_t seed = 0;
  std::function<bool(Day)> progress = {};  // after each day of each run; false stops it
};
struct BacktestReport {
  BacktestRun run;
  std::optional<BacktestRun> against;
};

struct TickReceipt {
  std::vector<Event> events;               // issued, withdrawn, expired (and policy.adopted)
  std::int64_t issued = 0, changed = 0, withdrawn = 0, expired = 0;
  std::map<std::string, std::int64_t> backlog;   // fell due before book.configured go_live, by rule: counted, not issued
  std::int64_t cursor = 0;                 // the last sequence: what came of this tick has no higher one
};

class Engine {
 public:
  static absl::StatusOr<Engine> Open(const std::string& path, EngineOptions options = {});
  static absl::StatusOr<Engine> InMemory(EngineOptions options = {});
  // A book whose events are elsewhere: SnapshotBytes of an earlier engine. What is appended comes after them; ExportLines gives the new
  // ones, as bytes for the host's own store. Explanations of follow-ups issued before need their events. `snapshot.invalid`.
  static absl::StatusOr<Engine> FromSnapshot(std::string blob, EngineOptions options = {});
  Engine(Engine&&) noexcept;
  Engine& operator=(Engine&&) noexcept;
  ~Engine();

  // --- what happened. All or nothing.
  // A customer.erased takes the text of its subject away in the same transaction, and what an erased customer's later events hold of it
  // is dropped. `merge.erased` for a merge.undone after an erasure.
  absl::StatusOr<AppendReceipt> Append(std::vector<Event> events, AppendOptions options = {});
  absl::StatusOr<AppendReceipt> AppendLines(std::string_view ndjson, const DecodeOptions& options = {}, OnConflict on_conflict = OnConflict::kError);
  absl::StatusOr<ImportReceipt> ImportFile(const std::string& path, const std::optional<Mapping>& mapping, const ImportOptions& options = {});
  // Takes all events of an import back, from `at` on (nullopt: the latest moment known). They stay stored and count no more. `batch.unknown`.
  absl::StatusOr<AppendReceipt> RetractBatch(const BatchId& batch, std::optional<Instant> at = std::nullopt);
  // Makes the book say what the rows say: new rows are appended, changed ones corrected, and with kFull those of the same source and
  // types that are missing retracted. The same rows again append nothing. All rows have one source (`sync.sources`).
  absl::StatusOr<SyncReceipt> Sync(std::vector<Event> rows, SyncMode mode = SyncMode::kFull, std::optional<Instant> at = std::nullopt);
  // Every event in order of sequence, as NDJSON; private fields included.
  absl::StatusOr<std::string> ExportLines(const ExportOptions& options = {});
  // The events of one type as a table: id, source, subject, time, recorded, batch, and a column a field of `data` (amounts and lists as text).
  absl::StatusOr<Table> EventTable(std::string_view type, std::optional<Instant> known_at = std::nullopt);

  // --- whose text it is
  // All that is stored about a customer, text included, as one document: for the person who asks. `customer.unknown`.
  absl::StatusOr<Json> SubjectDocument(const CustomerId& customer);
  // Deletes the text of all the customer's events for good and appends customer.erased. Facts stay, replays stay valid, nobody contacts
  // the customer again. `customer.unknown`; `store.busy` where a reader of another process holds the pages.
  absl::StatusOr<EraseReceipt> Erase(const CustomerId& customer, Instant at);
  // Deletes the text of events older at `at` than book.configured `retention` keeps their type. Number of events.
  absl::StatusOr<std::int64_t> ApplyRetention(Instant at);

  // --- what follows from it
  // Fits a model on what is known at as_of, appends model.fitted. A purchase model (value/models.hpp; `unit`: "day", "week") or "gamma_gamma":
  // `value.too_few_customers`. "care_worth": `value.too_few_orders`. "large_accounts": `signal.no_reporting_currency`. "promise_keeping": with
  // it promises at risk are known, and AdvisePromise and AcceptOrder answer. "repeat" (signals/repeat.hpp): learns from what was known 180 days
  // before and what was bought since: `expectation.too_few_customers`.
  absl::StatusOr<FitReceipt> Fit(std::string_view model, Instant as_of, std::string_view unit = "week");
  // Fits in a fixed order large_accounts, promise_keeping, worries, referrals, bg_nbd, repeat, gamma_gamma, care_worth, each an event of its own:
  // model, customers, appended; of one for which too little is known yet token and message instead, which is no error. `unit`: of bg_nbd.
  absl::StatusOr<Table> FitAll(Instant as_of, std::string_view unit = "week");
  absl::Status Adopt(const Policy& policy, Instant at);
  absl::StatusOr<std::vector<AccountDecisions>> Decide(const ReadAt& at, std::span<const CustomerId> customers = {});
  // Records what Decide concludes, once: the same tick again appends nothing. Adopts the policy first if it is not the adopted one.
  absl::StatusOr<TickReceipt> Tick(const ReadAt& at);
  // Checks exits and permission at the moment the work is handed to a rep; appends followup.handed_over where allowed.
  absl::StatusOr<HandOverAnswer> HandOver(const FollowUpId& followup, Instant at);
  // What a rep, or an owner, says of an issued follow-up. The same words again append nothing: `appended` is false. `followup.unknown`;
  // `followup.closed` where it is open no more; `followup.not_ahead` for an `until` that is not after `at`; `followup.no_approval` where none
  // was asked for. `reason` is a person's words: private.
  absl::StatusOr<bool> Snooze(const FollowUpId& followup, Instant until, Instant at, std::optional<std::string> reason = std::nullopt);
  absl::StatusOr<bool> Skip(const FollowUpId& followup, Instant at, std::optional<std::string> reason = std::nullopt);
  // `rep`: who rules, the account's owner. A letter or newsletter needs a `line` that only this customer gets, and its owner (policy/letters.hpp):
  // `letter.no_personal_line`, `letter.not_owner`. The line is private.
  absl::StatusOr<bool> Approve(const FollowUpId& followup, const RepId& rep, Instant at, std::optional<std::string> line = std::nullopt);
  absl::StatusOr<bool> Withhold(const FollowUpId& followup, const RepId& rep, Instant at, std::optional<std::string> reason = std::nullopt);

  // What a policy would have asked for, day by day, with what was known each day (policy/backtest.hpp). Records nothing.
  // `backtest.invalid_period`, `backtest.cancelled`; `backtest.no_history` in an engine opened from a snapshot.
  absl::StatusOr<BacktestReport> Backtest(const BacktestRequest& request);

  // --- what a person reads
  // Names and quotes in its sentences are those known at `known_at`; nullopt: the newest.
  absl::StatusOr<Table> DecisionTable(const std::vector<AccountDecisions>& decisions, Language language, std::optional<Instant> known_at = std::nullopt);
  absl::StatusOr<Table> Agenda(const ReadAt& at, std::span<const CustomerId> customers, Language language);
  absl::StatusOr<Table> Signals(const ReadAt& at, std::span<const CustomerId> customers, std::span<const std::string> columns);
  // Promises, ours and the customers', one row a word of a promise (expectation/promise_outcome.hpp, docs/promises.md): customer, promise,
  // word (from 1), current, by ("ours" | "customer"), rep, contact, order, product, dimension, made_at, given_at, quantity, unit, due,
  // announced_due, delivered_quantity, ready, work_left, outcome, fulfilled_on, margin_days, margin_working_days, margin_quantity, deliveries,
  // deliveries_before_promise, deliveries_in_other_unit, deliveries_after_withdrawal; of what is open probability_kept and, where that is below
  // 0.8, agree_on, the day that holds nine times in ten (expectation/keeping.hpp); sentence. Sorted by customer, made_at, promise, word.
  // `customers` empty: all. `customer.unknown`. O(events).
  absl::StatusOr<Table> Promises(const ReadAt& at, std::span<const CustomerId> customers, Language language = Language::kEnglish);
  // Who promises more than is kept: by rep, product and dimension (expectation/kept_share.hpp, KeptShareTable). For managers only.
  absl::StatusOr<Table> KeptShares(const ReadAt& at);
  // Who knows a customer: one row a colleague who was in contact with them, the warmest first: rep, rep_name, owner, works_here, sender (the one
  // whose name a letter bears), touches, first_at, last_at, last_channel, contacts (names, comma separated), warmth, sentence.
  // `customer.unknown`. O(events of the account). Warmth is of people: for managers where it ranks them.
  absl::StatusOr<Table> WhoKnows(const CustomerId& customer, const ReadAt& at, Language language = Language::kEnglish);
  // How customers stand with us, one row each: customer, customer_name, trust, rung, falls_on, days_to_fall, health, band, trend, both_sides_share,
  // last_at, last_care_at, ideal_days, latest_days, due ("fine" | "due" | "overdue"; null where no interval is known), best_window, people,
  // sender, reasons_for, reasons_against, sentence. Sorted by customer. `customers` empty: all. `customer.unknown`. O(events).
  absl::StatusOr<Table> Relationships(const ReadAt& at, std::span<const CustomerId> customers, Language language = Language::kEnglish);
  // What buyers worry about and what cured it, of the newest model "worries": product, topic, buyers, customers, raised, open, resolved,
  // median_days, best_remedy, tried, cured, heard_first, complained_first, sentence. `relationship.not_fitted`.
  absl::StatusOr<Table> Worries(const ReadAt& at, Language language = Language::kEnglish);
  // Who brought whom, of the newest model "referrals": customer, brought_by, depth, brought_directly, brought, value, refused (the reason why
  // a referral does not count), referred (of a refused one). `relationship.not_fitted`, `customer.unknown`.
  absl::StatusOr<Table> Referrals(const ReadAt& at, std::span<const CustomerId> customers);
  // The three wealths of deals that are closed (plan/deal_wealth.hpp): customer, opportunity, opened, closed, won, value, currency, income,
  // experience, lesson, rung_before, rung_after, relationship, verdict, sentence. Sorted by customer, opened. `customer.unknown`. A rung is that
  // of the book as of its moment, by what is known now: O(deals x events of the account).
  absl::StatusOr<Table> Deals(const ReadAt& at, std::span<const CustomerId> customers, Language language = Language::kEnglish);
  // Which reports of visits and calls are worth asking about (engine/report_trust.hpp), or with `by` kRep whose. FOR MANAGERS ONLY, off unless asked:
  // no other answer holds anything of it. By report, the most odd first: source, touch, customer, customer_name, rep, rep_name, channel, start, recorded,
  // outcome, score, flagged, reasons, sentence. By rep: rep, rep_name, reports, flagged_reports, score, flagged, reasons, sentence. O(events).
  absl::StatusOr<Table> ReportTrust(const TrustQuestion& question, const ReadAt& at, Language language = Language::kEnglish);
  // Which rules can work on what the book records, and what would wake the others: rule, state ("live" | "partial" | "asleep"), customers,
  // needs, sentence (policy/coverage.hpp, docs/coverage.md). `policy` null: that of `at`, else the adopted one, else the default. `at`
  // nullopt: everything stored, as of the latest moment that any event names. `signal.invalid_model`.
  absl::StatusOr<Table> Coverage(const Policy* policy, const std::optional<ReadAt>& at, std::span<const CustomerId> customers, Language language);
  // Of an issued follow-up; of one not issued yet where `at` is given: that decides the whole book, as Decide does.
  absl::StatusOr<Json> Explain(const FollowUpId& followup, Language language, const std::optional<ReadAt>& at = std::nullopt);
  // Why a rule asks nothing for a customer then, and what would have to be otherwise (policy/why_not.hpp). `customer.unknown`,
  // `policy.unknown_rule`.
  absl::StatusOr<Json> WhyNot(const CustomerId& customer, std::string_view rule, const ReadAt& at, Language language);
  // The card of a follow-up (plan/card.hpp, docs/card.md): SheetJson plus `text`. `at` nullopt: everything stored, as of the latest moment that any event
  // names; with `at` also of one that is due or held then and not issued. The start is that of the rep's plan of that local day. `followup.unknown`.
  // O(events of the rep's customers) for the plan; of one that is not issued a decision of the whole book besides, as Explain: an id says nothing of whose
  // it is. Whoever shows the cards of a day lets a tick issue it first, or takes DayPage, which decides once for all cards.
  absl::StatusOr<Json> Card(const FollowUpId& followup, const std::optional<ReadAt>& at, Language language);
  absl::StatusOr<std::string> CardText(const FollowUpId& followup, const std::optional<ReadAt>& at, Language language);
  // The questions after it, at most six (plan/outcome.hpp). The same moments and errors.
  absl::StatusOr<Json> OutcomeForm(const FollowUpId& followup, const std::optional<ReadAt>& at, Language language);
  // Turns answers into events at once, all or nothing, knowledge sealed up to `at` (docs/outcome.md, docs/adr/0027). `by` empty: its rep. The receipt names
  // the events; `appended` is 0 where the same answers were recorded for `at` before. `followup.unknown`, `followup.closed`, `outcome.invalid_answer`,
  // `outcome.recorded` (other answers for that moment), `ledger.behind_seal`.
  absl::StatusOr<Json> Record(const FollowUpId& followup, const Json& answers, Instant at, const RepId& by);
  // Takes the events of a receipt back, from `at` on (nullopt: just after what is sealed): the follow-up is as it was before, under the same id. Again:
  // nothing. followup_id, recording, state, appended. `outcome.unknown_receipt` where it is none of this book's.
  absl::StatusOr<Json> Undo(const Json& receipt, std::optional<Instant> at = std::nullopt);
  // Each rep's day (plan/plan_day.hpp). Of some reps or a team their accounts alone are read, of all the whole book; once for each day that it shows.
  absl::StatusOr<DayPlan> Plan(const PlanRequest& request);
  absl::StatusOr<Table> PlanTable(const DayPlan& plan, Language language);
  absl::StatusOr<std::string> PlanText(const DayPlan& plan, Language language);
  // What became known since a team or rep last worked (plan/brief.hpp): {"kind", "title", "sections", "facts", "text"}. `at` nullopt: the start of
  // `day` in the rep's zone, of a team in the book's. `brief.unknown`. O(events of their accounts; of all where something was recorded later).
  absl::StatusOr<Json> Brief(std::string_view team_or_rep, Day day, const std::optional<ReadAt>& at = std::nullopt, Language language = Language::kEnglish);
  // Planned and done by team, rep and whole week before `as_of`, with the slope (plan/adherence.hpp). `reps` empty: all. `weeks` 1 to 520:
  // `adherence.invalid_weeks`; `rep.unknown`. For managers only.
  absl::StatusOr<Table> Adherence(const ReadAt& at, int weeks = 8, std::span<const RepId> reps = {}, Language language = Language::kEnglish);
  // How the office looks after its customers, the last 30 days beside the 30 before (plan/report.hpp): a document as of Brief.
  absl::StatusOr<Json> Report(const ReadAt& at, Language language = Language::kEnglish);
  // Letters and newsletters that are open, what each waits for, and who has had enough this year (plan/letters.hpp).
  absl::StatusOr<Table> Letters(const ReadAt& at, Language language = Language::kEnglish);
  // The day of a team, or of some reps, as one self-contained HTML page: brief, charts, plans, hold-backs, cards (plan/day_page.hpp, docs/pages.md). The brief
  // is of the team, or of the only rep; none where nobody works in the team any more or nothing was told of the rep. One day: `days` above 1 is
  // `plan.invalid_days`, and days_ahead of the book does not count. Errors as Plan's. O(a plan of that day and its cards).
  absl::StatusOr<std::string> DayPage(const PlanRequest& request, Language language = Language::kEnglish);
  // The planned lines as iCalendar (plan/plan_calendar.hpp). `since`: the as_of of the calendar that the reader has; what was planned then and is not now is
  // in the new one as cancelled. Errors as Plan's. Counting what was known at a moment in the past reads all of the book once.
  absl::StatusOr<std::string> PlanCalendar(const PlanRequest& request, std::optional<Instant> since = std::nullopt, Language language = Language::kEnglish);
  // --- money (docs/economics.md)
  // What customers brought by how they came, new, repeat or referral: origin, customers, orders, revenue, margin, minutes, margin_per_minute, ...
  // (value/origin_economics.hpp), of orders and touches from `since` on; nullopt: all. In the reporting currency. `money.no_reporting_currency`.
  absl::StatusOr<Table> EconomicsByOrigin(const ReadAt& at, std::optional<Day> since = std::nullopt, Language language = Language::kEnglish);
  // Commission by rep and month of the order: earned, taken back within the clawback window, at risk still (value/commission.hpp). `reps` empty: all.
  // For managers, and for each rep of himself. `economics.no_commission` where the book does not say what is paid.
  absl::StatusOr<Table> Commission(const ReadAt& at, std::span<const RepId> reps = {}, Language language = Language::kEnglish);
  // What comes by itself in each of the next `months` (1 to 120) and its year: contracts that run and repeat purchases to expect
  // (value/recurring_base.hpp). `economics.invalid_months`.
  absl::StatusOr<Table> RecurringBase(const ReadAt& at, int months = 24, Language language = Language::kEnglish);
  // What care of each customer is worth in money and why: margin at risk x chance of loss avoided + referrals to expect (value/care_worth.hpp).
  // `customers` empty: all. `customer.unknown`; `economics.not_fitted`.
  absl::StatusOr<Table> WorthOfCare(const ReadAt& at, std::span<const CustomerId> customers = {}, Language language = Language::kEnglish);
  // Profile, contacts, purchases, touches, worries, promises, follow-ups of a customer as one document. `customer.unknown`.
  absl::StatusOr<Json> Customer(const CustomerId& customer, std::optional<Instant> known_at);
  // The day, and the quantity, that is kept with a given confidence (engine/promise_advice.hpp). `expectation.not_fitted`, `advise.*`.
  absl::StatusOr<Json> AdvisePromise(const PromiseQuestion& question, Language language);
  // Take an order, take it with another promise, or leave it; with the reasons. The same errors.
  absl::StatusOr<Json> AcceptOrder(const OrderQuestion& question, Language language);
  // May this person be contacted then, and when first? With every open follow-up as a reservation.
  absl::StatusOr<PermissionAnswer> Permit(const CustomerId& customer, Channel channel, Instant at, Purpose purpose, const ContactId& contact);
  absl::StatusOr<Table> PermitTable(const PermissionAnswer& answer, Language language);
  // Many at once, each as Permit: customer, contact, channel, purpose, at, allowed, reasons (comma separated), first_allowed. A customer whom
  // nobody knows is asked about as one of whom nothing is known.
  absl::StatusOr<Table> PermitAll(std::span<const PermitRequest> requests);

  // The book as known at a moment; nullopt: everything stored.
  absl::StatusOr<std::shared_ptr<const Book>> Snapshot(std::optional<Instant> known_at = std::nullopt);
  // The folded book without text, for FromSnapshot; the same bytes for the same events.
  absl::StatusOr<std::string> SnapshotBytes();
  // Writes `<path>.snapshot`. `store.no_file` in memory.
  absl::Status SaveSnapshot();
  // A copy of the book's file, while others read and write. `store.exists`, `store.no_file`.
  absl::Status Backup(const std::string& path);
  // Names and quotes for sentences; valid while the engine is.
  const Texts& texts();
  // Re-reads the store and checks digests, chain and integrity.
  absl::Status Check();

 private:
  class Impl;
  explicit Engine(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace rapport

#endif  // RAPPORT_ENGINE_HPP_

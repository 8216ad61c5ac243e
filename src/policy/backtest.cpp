#include "rapport/policy/backtest.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "absl/strings/str_cat.h"
#include "policy/backtest_life.hpp"
#include "policy/events_read.hpp"
#include "policy/throttles.hpp"
#include "rapport/core/hash.hpp"
#include "rapport/core/status.hpp"

namespace rapport {
namespace {

constexpr std::array<std::pair<BacktestOutcome, std::string_view>, 6> kOutcomeNames{{
    {BacktestOutcome::kOpen, "open"},
    {BacktestOutcome::kDone, "done"},
    {BacktestOutcome::kSkipped, "skipped"},
    {BacktestOutcome::kExpired, "expired"},
    {BacktestOutcome::kWithdrawn, "withdrawn"},
    {BacktestOutcome::kHeld, "held"},
}};

// The engine concludes these anew; models stay, unless the run fits its own.
template <class... T>
bool IsOneOf(const Event& event) { return (... || (event.As<T>() != nullptr)); }

bool IsConclusion(const Event& event) {
  return event.key.source == kEngineSource && IsOneOf<FollowUpIssued, FollowUpHandedOver, FollowUpWithdrawn, FollowUpExpired, CadenceEntered, CadenceAdvanced,
                                                      CadenceLeft, PolicyAdopted>(event);
}

}  // namespace

std::string_view NameOf(BacktestOutcome outcome) {
  for (const auto& [one, name] : kOutcomeNames) {
    if (one == outcome) return name;
  }
  return {};
}

struct Backtest::History {
  explicit History(ZoneRules rules) : zones(rules), builder(rules) {}
  ZoneRules zones;
  BookBuilder builder;                     // without models
  std::vector<Event> models;
  std::vector<Happening> happenings;
};

namespace {

// What `refit` fits; other models are those of history.
constexpr std::string_view kFittedAnew = "bg_nbd";

// Accounts kept folded between their looks; about 10 kB each.
constexpr std::size_t kMostFolded = 100'000;

// What all accounts have in common, which changes seldom: from a day on, until the next one that another stretch begins with.
struct Stretch {
  std::size_t first = 0, last = 0;         // days
  bool everybody = false;                  // is to be looked at on the first
  bool is_other = false;                   // than what accounts had in common the day before
  std::shared_ptr<const Book> book;        // of the first
  SignalContext signals;
  PermissionProfile permission;
};

// One run: stretch after stretch, in each account after account. Where rules are throttled accounts stand in each other's way, and a stretch
// is a day.
class Walkthrough {
 public:
  Walkthrough(const Policy& policy, const BacktestOptions& options, BookBuilder builder, const std::vector<const Happening*>& happenings);
  absl::StatusOr<BacktestRun> Go();

 private:
  void Place(const std::vector<const Happening*>& happenings);
  absl::Status Begin(std::size_t first);
  absl::StatusOr<bool> Refit(std::size_t day);
  bool ChangesAt(std::size_t day) const;
  // The accounts of customers who were said to be one, or not to be.
  void Regroup(const std::vector<const Happening*>& joined);
  absl::Status LiveEach();
  void Live(BacktestLife& life);
  void LiveTogether();
  std::optional<AccountDecisions> Look(BacktestLife& life, std::size_t day);
  void Shrink(BacktestLife& life);
  absl::Status Progress(std::size_t& told, std::size_t until);
  void CountCapacity(std::size_t day);
  BacktestRun Finish();
  DecideInput Input(Instant at) const;

  const Policy& policy_;
  const EventsRead read_;
  const BacktestOptions& options_;
  BookBuilder builder_;
  std::shared_ptr<const Book> whole_;              // all that will ever be known
  std::map<std::string, Policy> earlier_;
  std::vector<const Happening*> shared_;           // by when they became known
  std::size_t next_shared_ = 0;
  std::vector<Instant> crossings_;                 // when what accounts have in common changes
  bool throttled_ = false;
  BacktestCalendar calendar_;
  Stretch stretch_;
  std::string currency_;
  std::map<CustomerId, BacktestLife> lives_;       // by account; of one that was joined to another nothing is left
  std::map<CustomerId, CustomerId> account_of_;    // of customers who were ever joined
  std::size_t folded_ = 0;
  bool knowledge_assumed_ = false;
};

Walkthrough::Walkthrough(const Policy& policy, const BacktestOptions& options, BookBuilder builder, const std::vector<const Happening*>& happenings)
    : policy_(policy), read_(policy), options_(options), builder_(std::move(builder)), whole_(builder_.AsKnown(std::nullopt)), crossings_(builder_.CrossingMoments()) {
  earlier_.emplace(policy.id(), policy);
  throttled_ = std::any_of(policy.rules().begin(), policy.rules().end(), [](const Rule& rule) { return rule.most_new_a_day.has_value(); });
  for (Day day = options.start; day <= options.end; day = day + 1) calendar_.days.emplace_back().day = day;
  calendar_.starts.resize(calendar_.days.size());
  calendar_.minutes.resize(calendar_.days.size());
  stretch_.book = whole_;
  calendar_.zone = &whole_->context().ZoneOf(std::nullopt, std::nullopt);
  Place(happenings);
}

// Each to the customer it happened to. What begins a customer matters whatever it is; of one moment any may be the first.
void Walkthrough::Place(const std::vector<const Happening*>& happenings) {
  struct Feed {
    BacktestLife::Past past;
    Instant first = Instant::Max();
  };
  std::map<CustomerId, Feed> feeds;
  for (const Happening* happening : happenings) {
    if (happening->is_shared()) shared_.push_back(happening);
    if (happening->customer.empty()) continue;
    Feed& feed = feeds[happening->customer];
    const bool begins = happening->at <= feed.first;
    feed.first = std::min(feed.first, happening->at);
    feed.past.ahead.push_back({happening, begins || read_.Reads(happening->type, happening->host), begins});
  }
  for (auto& [customer, feed] : feeds) {
    feed.past.members = {customer};
    lives_.emplace_hint(lives_.end(), customer, BacktestLife(customer, std::move(feed.past)));
  }
}

void Walkthrough::Regroup(const std::vector<const Happening*>& joined) {
  std::set<CustomerId> accounts;
  const auto add = [&](const CustomerId& customer) {
    const auto known = account_of_.find(customer);
    accounts.insert(known == account_of_.end() ? customer : known->second);
  };
  for (const Happening* happening : joined) {
    add(happening->customer);
    add(happening->joined);
  }
  std::map<CustomerId, BacktestLife::Past> pasts;
  const auto past_of = [&](const CustomerId& customer) -> BacktestLife::Past& { return pasts[stretch_.book->AccountOf(customer)]; };
  for (const CustomerId& account : accounts) {
    const auto life = lives_.find(account);
    if (life == lives_.end()) continue;
    folded_ -= life->second.IsShrunk() ? 0 : 1;
    BacktestLife::Past past = life->second.TakePast();
    lives_.erase(life);
    for (const CustomerId& member : past.members) {
      past_of(member).members.push_back(member);
      past_of(member).seen = past_of(member).seen || past.seen;
      account_of_[member] = stretch_.book->AccountOf(member);
    }
    for (const BacktestLife::Turn& turn : past.ahead) past_of(turn.what->customer).ahead.push_back(turn);
    for (auto& [id, followup] : past.followups) past_of(followup.customer).followups.emplace(id, std::move(followup));
    for (auto& order : past.orders) past_of(order.first).orders.push_back(std::move(order));
    PackedReader said(past.said);
    for (PackedEntry entry; said.Next(entry);) past_of(CustomerId::Trusted(std::string(entry.subject))).said += entry.whole;
  }
  for (auto& [account, past] : pasts) {
    std::sort(past.members.begin(), past.members.end());
    std::sort(past.ahead.begin(), past.ahead.end(), [](const auto& a, const auto& b) { return KnownBefore(*a.what, *b.what); });
    lives_.insert_or_assign(account, BacktestLife(account, std::move(past))).first->second.Tell();
  }
}

absl::StatusOr<bool> Walkthrough::Refit(std::size_t day) {
  const Day date = calendar_.days[day].day;
  const Instant at = calendar_.starts[day];
  if (!options_.refit || !(day == 0 || date.day() == 1)) return false;
  RAPPORT_ASSIGN_OR_RETURN(std::optional<ModelFitted> fitted, options_.refit(*builder_.AsKnown(at, at), at));
  if (!fitted.has_value()) return false;
  Event event;
  event.key = {std::string(kEngineSource), "model/" + FormatInstant(at)};
  event.occurred = {at, 0};
  event.recorded = event.claimed = at;
  event.data = *std::move(fitted);
  builder_.Add(event);
  return true;
}

// Something in common has changed since the day before.
bool Walkthrough::ChangesAt(std::size_t day) const {
  if (options_.refit && calendar_.days[day].day.day() == 1) return true;
  const auto next = std::upper_bound(crossings_.begin(), crossings_.end(), calendar_.starts[day - 1]);
  return next != crossings_.end() && *next <= calendar_.starts[day];
}

absl::Status Walkthrough::Begin(std::size_t first) {
  const Instant at = calendar_.starts[first] = calendar_.zone->StartOf(calendar_.days[first].day);
  std::vector<const Happening*> joined;
  stretch_.everybody = first == 0;
  stretch_.is_other = first == 0 || ChangesAt(first);
  for (; next_shared_ < shared_.size() && shared_[next_shared_]->known <= at; ++next_shared_) {
    const Happening& happening = *shared_[next_shared_];
    stretch_.everybody = stretch_.everybody || happening.many;
    if (!happening.joined.empty()) joined.push_back(&happening);
    if (!happening.retracts_batch) continue;
    for (auto& [account, life] : lives_) life.Forget();
  }
  RAPPORT_ASSIGN_OR_RETURN(const bool refitted, Refit(first));
  stretch_.book = builder_.AsKnown(at, at);
  const BookContext& context = stretch_.book->context();
  const std::string currency = context.reporting_currency.has_value() ? std::string(context.reporting_currency->code()) : std::string();
  stretch_.everybody = stretch_.everybody || refitted || currency != currency_;
  currency_ = currency;
  RAPPORT_ASSIGN_OR_RETURN(stretch_.signals, SignalContext::From(context));
  RAPPORT_ASSIGN_OR_RETURN(stretch_.permission, PermissionProfile::Resolve(context.permission));
  calendar_.zone = &context.ZoneOf(std::nullopt, std::nullopt);
  knowledge_assumed_ = knowledge_assumed_ || context.knowledge_assumed;
  Regroup(joined);
  stretch_.first = stretch_.last = first;
  for (std::size_t day = first + 1; day < calendar_.days.size(); ++day) {
    calendar_.starts[day] = calendar_.zone->StartOf(calendar_.days[day].day);
    if (throttled_ || ChangesAt(day)) break;
    stretch_.last = day;
  }
  return absl::OkStatus();
}

DecideInput Walkthrough::Input(Instant at) const {
  DecideInput input{&stretch_.signals, &policy_, &stretch_.permission, at, options_.seed, &earlier_};
  input.foresee = true;
  input.derive = false;
  return input;
}

std::optional<AccountDecisions> Walkthrough::Look(BacktestLife& life, std::size_t day) {
  ++calendar_.days[day].looked_at;
  folded_ += life.IsShrunk() ? 1 : 0;
  const Account* account = life.At(calendar_.starts[day], *stretch_.book, whole_);
  if (account == nullptr) return std::nullopt;
  DecideInput input = Input(calendar_.starts[day]);
  input.quiet = &life.Quiet(policy_, read_);
  return DecideAccount(*account, input);
}

void Walkthrough::Shrink(BacktestLife& life) {
  if (folded_ <= kMostFolded || life.IsShrunk()) return;
  life.Shrink();
  --folded_;
}

void Walkthrough::Live(BacktestLife& life) {
  bool must_look = stretch_.everybody;
  if (stretch_.is_other) life.HearAll();
  for (std::size_t day = stretch_.first; day <= stretch_.last; ++day) {
    if (!must_look) {
      const std::optional<Instant> next = life.Next();
      if (!next.has_value()) break;
      const auto from = calendar_.starts.begin();
      day = static_cast<std::size_t>(std::lower_bound(from + static_cast<std::ptrdiff_t>(day), from + static_cast<std::ptrdiff_t>(stretch_.last) + 1, *next) - from);
      if (day > stretch_.last) break;
    }
    const bool is_due = life.TakeIn(day, calendar_);
    if (is_due || (must_look && life.seen())) life.Conclude(Look(life, day).value_or(AccountDecisions()), day, calendar_);
    must_look = false;
  }
  Shrink(life);
}

absl::Status Walkthrough::LiveEach() {
  std::size_t done = 0, told = stretch_.first;
  const std::size_t length = stretch_.last - stretch_.first + 1;
  for (auto& [account, life] : lives_) {
    Live(life);
    ++done;
    RAPPORT_RETURN_IF_ERROR(Progress(told, stretch_.first + length * done / lives_.size()));
  }
  return Progress(told, stretch_.last + 1);
}

// A day on which the follow-ups of a rep are rationed: all are decided before any is issued.
void Walkthrough::LiveTogether() {
  const std::size_t day = stretch_.first;
  std::vector<BacktestLife*> looked_at;
  std::vector<AccountDecisions> decided;
  for (auto& [account, life] : lives_) {
    if (stretch_.is_other) life.HearAll();
    const bool is_due = life.TakeIn(day, calendar_);
    if (!is_due && !(stretch_.everybody && life.seen())) continue;
    looked_at.push_back(&life);
    decided.push_back(Look(life, day).value_or(AccountDecisions()));
    Shrink(life);
  }
  ApplyThrottles(IssuedMoments(), Input(calendar_.starts[day]), decided);
  for (std::size_t i = 0; i < decided.size(); ++i) looked_at[i]->Conclude(decided[i], day, calendar_);
}

// Days are told in order, as far as the work has come.
absl::Status Walkthrough::Progress(std::size_t& told, std::size_t until) {
  for (; told < until; ++told) {
    const Day day = calendar_.days[told].day;
    if (!options_.progress || options_.progress(day)) continue;
    return Fail(absl::StatusCode::kCancelled, "backtest.cancelled",
                absl::StrCat("backtest: found a request to stop on ", FormatDay(day), ", expected to come to ", FormatDay(options_.end)));
  }
  return absl::OkStatus();
}

void Walkthrough::CountCapacity(std::size_t day) {
  BacktestDay& tally = calendar_.days[day];
  const std::map<RepId, std::int64_t>& minutes = calendar_.minutes[day];
  const double share = stretch_.book->context().ReserveShare();
  for (const auto& [id, rep] : stretch_.book->context().reps) {
    const std::int64_t room = rep.WorksOn(tally.day) ? std::max<std::int64_t>(rep.minutes - rep.Reserve(share), 0) : 0;
    tally.capacity += room;
    const auto issued = minutes.find(id);
    tally.reps_over += issued != minutes.end() && issued->second > room ? 1 : 0;
  }
}

// What became known after the last tick is no part of it.
BacktestRun Walkthrough::Finish() {
  BacktestRun run;
  run.policy = policy_.id();
  run.policy_name = policy_.name();
  run.knowledge_assumed = knowledge_assumed_;
  for (auto& [account, life] : lives_) {
    life.CountBuyers(options_.end + 1, options_.lookback_days, calendar_.days);
    run.followups.insert(life.followups().begin(), life.followups().end());
    run.customers += life.seen() ? 1 : 0;
  }
  run.days = std::move(calendar_.days);
  return run;
}

absl::StatusOr<BacktestRun> Walkthrough::Go() {
  for (std::size_t first = 0; first < calendar_.days.size(); first = stretch_.last + 1) {
    RAPPORT_RETURN_IF_ERROR(Begin(first));
    if (!throttled_) {
      RAPPORT_RETURN_IF_ERROR(LiveEach());
    } else {
      LiveTogether();
      std::size_t told = first;
      RAPPORT_RETURN_IF_ERROR(Progress(told, first + 1));
    }
    for (std::size_t day = stretch_.first; day <= stretch_.last; ++day) CountCapacity(day);
  }
  return Finish();
}

}  // namespace

Backtest::Backtest(ZoneRules zones) : history_(std::make_unique<History>(zones)) {}
Backtest::~Backtest() = default;
Backtest::Backtest(Backtest&&) noexcept = default;

void Backtest::Add(const Event& event) {
  if (IsConclusion(event)) return;
  if (event.As<ModelFitted>() != nullptr) {
    history_->models.push_back(event);
    return;
  }
  history_->builder.Add(event);
  history_->happenings.push_back(HappeningOf(event));
}

absl::StatusOr<BacktestRun> Backtest::Run(const Policy& policy, const BacktestOptions& options) {
  if (options.end < options.start) {
    return Invalid("backtest.invalid_period", absl::StrCat("end: found ", FormatDay(options.end), ", expected ", FormatDay(options.start), " or later"));
  }
  RAPPORT_ASSIGN_OR_RETURN(BookBuilder builder, BookBuilder::FromSnapshot(history_->builder.Snapshot(Digest()), history_->zones));
  std::vector<Happening> models;
  for (const Event& model : history_->models) {
    if (options.refit && model.As<ModelFitted>()->model == kFittedAnew) continue;
    builder.Add(model);
    models.push_back(HappeningOf(model));
  }
  std::vector<const Happening*> happenings;
  happenings.reserve(history_->happenings.size() + models.size());
  for (const Happening& happening : history_->happenings) happenings.push_back(&happening);
  for (const Happening& model : models) happenings.push_back(&model);
  std::sort(happenings.begin(), happenings.end(), [](const Happening* a, const Happening* b) { return KnownBefore(*a, *b); });
  return Walkthrough(policy, options, std::move(builder), happenings).Go();
}

}  // namespace rapport

#include "rapport/policy/backtest.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "policy/events_read.hpp"
#include "policy/tick_state.hpp"
#include "rapport/book/fold.hpp"
#include "rapport/core/hash.hpp"
#include "rapport/core/status.hpp"

namespace rapport {
namespace {

// What a run has to be told of an event on the day it became known.
struct Happening {
  Instant known;
  Instant at;
  CustomerId customer;
  CustomerId joined;                       // said to be one with him, or not to be
  bool many = false;                       // concerns many accounts
  bool ordered = false;
  std::optional<Channel> contacted_by;     // an outbound touch that reached somebody
  FollowUpId answers;                      // what it names
  std::optional<BacktestOutcome> closes;   // a rep said so of what `answers` names
  std::string type;
  std::string host;                        // the host's signal that it observes
  EventKey key;
};

bool KnownBefore(const Happening& a, const Happening& b) { return std::tie(a.known, a.at, a.key) < std::tie(b.known, b.at, b.key); }

std::optional<Channel> ContactedBy(const Event& event) {
  const Touch* touch = event.As<Touch>();
  if (touch == nullptr || touch->direction != Direction::kOutbound) return std::nullopt;
  const Disposition disposition = touch->disposition.value_or(Disposition::kReached);
  if (disposition == Disposition::kAbsent || disposition == Disposition::kBusy) return std::nullopt;
  return touch->channel;
}

Happening HappeningOf(const Event& event) {
  Happening happening;
  happening.known = std::max(event.recorded, event.occurred.at);
  happening.at = event.occurred.at;
  happening.customer = event.subject;
  happening.joined = TickState::JoinedBy(event);
  happening.many = TickState::ConcernsMany(event);
  happening.ordered = event.As<PurchasePlaced>() != nullptr;
  happening.contacted_by = ContactedBy(event);
  happening.type = event.type();
  happening.key = event.key;
  if (const auto* observed = event.As<SignalObserved>()) happening.host = observed->name;
  if (const Touch* touch = event.As<Touch>()) happening.answers = touch->followup.value_or(FollowUpId());
  if (const auto* done = event.As<FollowUpDone>()) {
    happening.answers = done->followup;
    happening.closes = BacktestOutcome::kDone;
  } else if (const auto* skipped = event.As<FollowUpSkipped>()) {
    happening.answers = skipped->followup;
    happening.closes = BacktestOutcome::kSkipped;
  }
  return happening;
}

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

// One run, day after day.
class Walkthrough {
 public:
  Walkthrough(const Policy& policy, const BacktestOptions& options, BookBuilder builder, std::vector<Happening> happenings)
      : policy_(policy), read_(policy), options_(options), builder_(std::move(builder)), happenings_(std::move(happenings)), book_(builder_.AsKnown(std::nullopt)) {
    run_.policy = policy.id();
    run_.policy_name = policy.name();
    earlier_.emplace(policy.id(), policy);
  }
  absl::StatusOr<BacktestRun> Go();

 private:
  absl::Status Live(Day day);
  absl::Status Refit(Day day, Instant at);
  void Happens(const Happening& happening, BacktestDay& tally);
  bool IsFirst(const Happening& happening);
  void Answer(const Happening& happening, BacktestDay& tally);
  void TakeWord(const Happening& happening, BacktestDay& tally);
  void Close(const FollowUpId& followup, BacktestOutcome outcome, Instant at);
  void Conclude(const AccountDecisions& decided, Instant at, BacktestDay& tally);
  // As Book::Visit, from accounts folded before where that is enough.
  void VisitAccounts(std::span<const CustomerId> customers, const std::function<void(const Account&)>& visit, Instant at);
  void Count(const Decision& decision, BacktestDay& tally);
  void CountEvent(const Event& event, BacktestDay& tally);
  void CountCapacity(const BookContext& context, BacktestDay& tally) const;
  void CountBuyers(Day before);
  BacktestFollowUp& Known(const Decision& decision);
  const Zone& zone() const { return book_->context().ZoneOf(std::nullopt, std::nullopt); }
  void Add(Event event);

  const Policy& policy_;
  EventsRead read_;
  const BacktestOptions& options_;
  BookBuilder builder_;
  std::vector<Happening> happenings_;      // by when they became known
  std::size_t next_ = 0;
  struct Folded {
    Account account;
    Instant at;
  };
  std::map<CustomerId, Folded> folded_;
  std::shared_ptr<const Book> book_;       // of the day before, or of the end before the first day
  std::map<std::string, Policy> earlier_;
  TickState state_;
  std::set<CustomerId> seen_;              // accounts
  std::map<CustomerId, Instant> first_;    // when the first event known of each customer happened
  std::map<CustomerId, std::set<FollowUpId>> open_;
  std::map<CustomerId, std::vector<Day>> issued_;          // to whom, when
  std::map<Day, std::set<CustomerId>> orders_;
  std::map<RepId, std::int64_t> minutes_;                  // issued that day
  BacktestRun run_;
};

void Walkthrough::Add(Event event) {
  builder_.Add(event);
  state_.Note(event);
}

void Walkthrough::Close(const FollowUpId& followup, BacktestOutcome outcome, Instant at) {
  BacktestFollowUp& known = run_.followups.at(followup);
  known.outcome = outcome;
  known.closed = zone().LocalDay(at);
  open_[known.customer].erase(followup);
}

// The touch that history has answers the follow-up it names, else the most urgent one of its channel.
void Walkthrough::Answer(const Happening& happening, BacktestDay& tally) {
  const auto open = open_.find(book_->AccountOf(happening.customer));
  if (open == open_.end()) return;
  const BacktestFollowUp* best = nullptr;
  for (const FollowUpId& id : open->second) {
    const BacktestFollowUp& one = run_.followups.at(id);
    if (one.channel != *happening.contacted_by || happening.at > one.expires || zone().StartOf(*one.issued) > happening.at) continue;
    if (id == happening.answers) {
      best = &one;
      break;
    }
    if (best == nullptr || one.priority > best->priority) best = &one;
  }
  if (best == nullptr) return;
  Event done;
  done.key = {"backtest", best->id.text() + "/done"};
  done.subject = happening.customer;
  done.occurred = {happening.at, 0};
  done.recorded = done.claimed = happening.known;
  done.data = FollowUpDone{best->id, std::nullopt, std::nullopt};
  ++tally.done;
  Close(best->id, BacktestOutcome::kDone, happening.at);
  Add(std::move(done));
}

// A rep spoke of a follow-up by its id.
void Walkthrough::TakeWord(const Happening& happening, BacktestDay& tally) {
  const auto known = run_.followups.find(happening.answers);
  if (known == run_.followups.end() || known->second.outcome != BacktestOutcome::kOpen) return;
  tally.done += *happening.closes == BacktestOutcome::kDone ? 1 : 0;
  Close(happening.answers, *happening.closes, happening.at);
}

void Walkthrough::Happens(const Happening& happening, BacktestDay& tally) {
  if (happening.many) state_.Drop();
  if (happening.type == BatchRetracted::kType) folded_.clear();
  if (!happening.joined.empty()) {
    state_.Tell(happening.joined, happening.known);
    for (const CustomerId& one : {happening.customer, happening.joined}) folded_.erase(book_->AccountOf(one));
  }
  if (!happening.customer.empty()) {
    if (IsFirst(happening) || read_.Reads(happening.type, happening.host)) state_.Tell(happening.customer, happening.known);
    seen_.insert(book_->AccountOf(happening.customer));
  }
  if (happening.contacted_by.has_value()) Answer(happening, tally);
  if (happening.closes.has_value()) TakeWord(happening, tally);
  if (happening.ordered) orders_[zone().LocalDay(happening.at)].insert(book_->AccountOf(happening.customer));
}

// Nothing of the customer happened before it: with it he begins.
bool Walkthrough::IsFirst(const Happening& happening) {
  const auto [first, is_new] = first_.try_emplace(happening.customer, happening.at);
  if (!is_new && first->second <= happening.at) return false;
  first->second = happening.at;
  return true;
}

absl::Status Walkthrough::Refit(Day day, Instant at) {
  if (!options_.refit || !(day == options_.start || day.day() == 1)) return absl::OkStatus();
  RAPPORT_ASSIGN_OR_RETURN(std::optional<ModelFitted> fitted, options_.refit(*builder_.AsKnown(at, at), at));
  if (!fitted.has_value()) return absl::OkStatus();
  Event event;
  event.key = {std::string(kEngineSource), "model/" + FormatInstant(at)};
  event.occurred = {at, 0};
  event.recorded = event.claimed = at;
  event.data = *std::move(fitted);
  Add(std::move(event));
  return absl::OkStatus();
}

BacktestFollowUp& Walkthrough::Known(const Decision& decision) {
  auto [place, is_new] = run_.followups.try_emplace(decision.followup);
  BacktestFollowUp& known = place->second;
  if (!is_new) return known;
  known.id = decision.followup;
  known.customer = decision.customer;
  known.rule = decision.rule;
  known.step = decision.step;
  known.outcome = BacktestOutcome::kHeld;
  known.priority = decision.priority;
  return known;
}

void Walkthrough::Count(const Decision& decision, BacktestDay& tally) {
  BacktestFollowUp& known = Known(decision);
  known.rep = decision.rep;
  known.channel = decision.channel;
  known.minutes = decision.minutes;
  known.expires = decision.expires;
  if (decision.status == DecisionStatus::kDue || decision.open || known.held.has_value()) return;
  known.held = tally.day;
  if (decision.rule_hold.has_value()) known.held_by = decision.rule_hold->by;
  else if (!decision.holds.empty()) known.held_by = std::string(NameOf(decision.holds.front().reason));
  ++tally.held;
  ++tally.held_by[known.held_by];
}

void Walkthrough::CountEvent(const Event& event, BacktestDay& tally) {
  if (const auto* issued = event.As<FollowUpIssued>()) {
    BacktestFollowUp& known = run_.followups.at(issued->followup);
    known.outcome = BacktestOutcome::kOpen;
    known.closed.reset();
    open_[known.customer].insert(known.id);
    if (known.issued.has_value()) return;   // again, or with other words
    known.issued = tally.day;
    issued_[known.customer].push_back(tally.day);
    ++tally.issued;
    tally.minutes += issued->minutes;
    minutes_[issued->rep.value_or(RepId())] += issued->minutes;
  } else if (const auto* expired = event.As<FollowUpExpired>()) {
    ++tally.expired;
    Close(expired->followup, BacktestOutcome::kExpired, event.occurred.at);
  } else if (const auto* withdrawn = event.As<FollowUpWithdrawn>()) {
    ++tally.withdrawn;
    Close(withdrawn->followup, BacktestOutcome::kWithdrawn, event.occurred.at);
  }
}

void Walkthrough::Conclude(const AccountDecisions& decided, Instant at, BacktestDay& tally) {
  for (const Decision& decision : decided.decisions) Count(decision, tally);
  const auto kept = folded_.find(decided.customer);
  for (Event& event : EventsOf(decided, at)) {
    CountEvent(event, tally);
    if (kept != folded_.end()) FoldInto(kept->second.account, event);   // of this very moment, so no later catching up would see it
    Add(std::move(event));
  }
}

void Walkthrough::CountCapacity(const BookContext& context, BacktestDay& tally) const {
  for (const auto& [id, rep] : context.reps) {
    const std::int64_t room = rep.WorksOn(tally.day) ? std::max<std::int64_t>(rep.minutes - rep.Reserve(), 0) : 0;
    tally.capacity += room;
    const auto issued = minutes_.find(id);
    tally.reps_over += issued != minutes_.end() && issued->second > room ? 1 : 0;
  }
}

void Walkthrough::VisitAccounts(std::span<const CustomerId> customers, const std::function<void(const Account&)>& visit, Instant at) {
  if (customers.empty()) return book_->Visit({}, visit);
  std::set<CustomerId> asked;
  for (const CustomerId& customer : customers) asked.insert(book_->AccountOf(customer));
  for (const CustomerId& customer : asked) {
    const auto kept = folded_.find(customer);
    if (kept != folded_.end() && book_->CatchUp(kept->second.account, kept->second.at)) {
      kept->second.at = at;
      visit(kept->second.account);
      continue;
    }
    const std::shared_ptr<const Account> account = book_->Find(customer);
    if (account == nullptr) continue;
    visit(*account);
    if (folded_.size() >= kMostFolded) folded_.clear();
    folded_.insert_or_assign(customer, Folded{*account, at});
  }
}

absl::Status Walkthrough::Live(Day day) {
  BacktestDay tally;
  tally.day = day;
  const Instant at = zone().StartOf(day);
  for (; next_ < happenings_.size() && happenings_[next_].known <= at; ++next_) Happens(happenings_[next_], tally);
  RAPPORT_RETURN_IF_ERROR(Refit(day, at));
  book_ = builder_.AsKnown(at, at);
  RAPPORT_ASSIGN_OR_RETURN(const SignalContext signals, SignalContext::From(book_->context()));
  RAPPORT_ASSIGN_OR_RETURN(const PermissionProfile permission, PermissionProfile::Resolve(book_->context().permission));
  DecideInput input{&signals, &policy_, &permission, at, options_.seed, &earlier_};
  input.derive = false;
  minutes_.clear();
  const TickState::Whom whom = state_.Ask(input);
  tally.looked_at = static_cast<std::int64_t>(whom.all ? seen_.size() : whom.customers.size());
  const AccountSource source = [&](std::span<const CustomerId> customers, const std::function<void(const Account&)>& visit) {
    VisitAccounts(customers, visit, at);
  };
  const std::vector<AccountDecisions> all = state_.Decide(source, input, whom);
  state_.Keep(input, at);   // before what follows is noted
  for (const AccountDecisions& decided : all) Conclude(decided, at, tally);
  CountCapacity(book_->context(), tally);
  run_.knowledge_assumed = run_.knowledge_assumed || book_->context().knowledge_assumed;
  run_.days.push_back(std::move(tally));
  return absl::OkStatus();
}

// Whoever ordered, and whether anything had been issued to him in the days before.
void Walkthrough::CountBuyers(Day before) {
  for (BacktestDay& day : run_.days) {
    for (const CustomerId& customer : orders_[day.day]) {
      const std::vector<Day>& issued = issued_[customer];
      ++day.bought;
      const bool followed = std::any_of(issued.begin(), issued.end(), [&](Day on) { return on <= day.day && day.day - on <= options_.lookback_days; });
      day.bought_without += followed ? 0 : 1;
    }
  }
  for (auto& [id, followup] : run_.followups) {
    if (!followup.issued.has_value()) continue;
    for (Day day = *followup.issued; day < before && day - *followup.issued <= options_.lookback_days && !followup.bought; day = day + 1) {
      const auto bought = orders_.find(day);
      followup.bought = bought != orders_.end() && bought->second.contains(followup.customer);
    }
  }
}

absl::StatusOr<BacktestRun> Walkthrough::Go() {
  for (Day day = options_.start; day <= options_.end; day = day + 1) {
    RAPPORT_RETURN_IF_ERROR(Live(day));
    if (options_.progress && !options_.progress(day)) {
      return Fail(absl::StatusCode::kCancelled, "backtest.cancelled", absl::StrCat("backtest: found a request to stop on ", FormatDay(day), ", expected to come to ", FormatDay(options_.end)));
    }
  }
  // What became known after the last tick is no part of it.
  CountBuyers(options_.end + 1);
  run_.customers = static_cast<std::int64_t>(seen_.size());
  return std::move(run_);
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
  std::vector<Happening> happenings = history_->happenings;
  RAPPORT_ASSIGN_OR_RETURN(BookBuilder builder, BookBuilder::FromSnapshot(history_->builder.Snapshot(Digest()), history_->zones));
  for (const Event& model : history_->models) {
    if (options.refit && model.As<ModelFitted>()->model == kFittedAnew) continue;
    builder.Add(model);
    happenings.push_back(HappeningOf(model));
  }
  std::sort(happenings.begin(), happenings.end(), KnownBefore);
  return Walkthrough(policy, options, std::move(builder), std::move(happenings)).Go();
}

}  // namespace rapport

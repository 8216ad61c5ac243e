#include "policy/backtest_life.hpp"

#include <algorithm>
#include <tuple>

#include "policy/tick_state.hpp"
#include "rapport/core/status.hpp"
#include "rapport/relationship/touches.hpp"

namespace rapport {
namespace {

std::optional<Channel> ContactedBy(const Event& event) {
  const Touch* touch = event.As<Touch>();
  if (touch == nullptr || touch->direction != Direction::kOutbound) return std::nullopt;
  const TouchReach reach = ReachOf(*touch);
  if (reach == TouchReach::kNone || reach == TouchReach::kNobody) return std::nullopt;
  return touch->channel;
}

// What the tick itself opens: when to look again was found as if it were open.
bool WasForeseen(const Event& event) {
  const auto* issued = event.As<FollowUpIssued>();
  return (issued != nullptr && issued->revision == 1) || event.As<CadenceEntered>() != nullptr || event.As<CadenceAdvanced>() != nullptr;
}

}  // namespace

bool KnownBefore(const Happening& a, const Happening& b) { return std::tie(a.known, a.at, a.key) < std::tie(b.known, b.at, b.key); }

Happening HappeningOf(const Event& event) {
  Happening happening;
  happening.known = std::max(event.recorded, event.occurred.at);
  happening.at = event.occurred.at;
  happening.customer = event.subject;
  happening.joined = TickState::JoinedBy(event);
  happening.many = TickState::ConcernsMany(event);
  happening.retracts_batch = event.As<BatchRetracted>() != nullptr;
  happening.ordered = event.As<PurchasePlaced>() != nullptr;
  happening.contacted_by = ContactedBy(event);
  happening.type = event.data.index();
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

std::optional<Instant> BacktestLife::Next() const {
  if (told_) return Instant::Min();
  std::optional<Instant> next = foreseen_;
  if (next_ < past_.ahead.size()) next = std::min(next.value_or(Instant::Max()), past_.ahead[next_].what->known);
  return next;
}

bool BacktestLife::TakeIn(std::size_t day, BacktestCalendar& calendar) {
  const Instant at = calendar.starts[day];
  for (; next_ < past_.ahead.size() && past_.ahead[next_].what->known <= at; ++next_) Happens(past_.ahead[next_], calendar.days[day], *calendar.zone);
  return past_.seen && (told_ || (foreseen_.has_value() && *foreseen_ <= at));
}

void BacktestLife::Happens(const Turn& turn, BacktestDay& tally, const Zone& zone) {
  const Happening& happening = *turn.what;
  past_.seen = true;
  told_ = told_ || turn.matters;
  if (turn.begins) HearAll();
  else if (quiet_.has_value()) quiet_->Hear(PartOf(happening.type));
  if (happening.contacted_by.has_value()) Answer(happening, tally, zone);
  if (happening.closes.has_value()) TakeWord(happening, tally, zone);
  if (happening.ordered) past_.orders.emplace_back(happening.customer, zone.LocalDay(happening.at));
}

void BacktestLife::Close(const FollowUpId& followup, BacktestOutcome outcome, Instant at, const Zone& zone) {
  BacktestFollowUp& known = past_.followups.at(followup);
  known.outcome = outcome;
  known.closed = zone.LocalDay(at);
}

// The touch that history has answers the follow-up it names, else the most urgent one of its channel.
void BacktestLife::Answer(const Happening& happening, BacktestDay& tally, const Zone& zone) {
  const BacktestFollowUp* best = nullptr;
  for (const auto& [id, one] : past_.followups) {
    if (one.outcome != BacktestOutcome::kOpen || one.channel != *happening.contacted_by || happening.at > one.expires) continue;
    if (zone.StartOf(*one.issued) > happening.at) continue;
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
  Close(best->id, BacktestOutcome::kDone, happening.at, zone);
  told_ = true;
  HearOwn(best->rule);
  Say(done);
}

// A rep spoke of a follow-up by its id.
void BacktestLife::TakeWord(const Happening& happening, BacktestDay& tally, const Zone& zone) {
  const auto known = past_.followups.find(happening.answers);
  if (known == past_.followups.end() || known->second.outcome != BacktestOutcome::kOpen) return;
  tally.done += *happening.closes == BacktestOutcome::kDone ? 1 : 0;
  Close(happening.answers, *happening.closes, happening.at, zone);
}

const Account* BacktestLife::At(Instant moment, const Book& book, const std::shared_ptr<const Book>& whole) {
  if (replay_ == nullptr) replay_ = std::make_unique<AccountReplay>(whole, account_, past_.members, std::exchange(past_.said, {}));
  return replay_->At(moment, book.retracted_batches());
}

QuietRules& BacktestLife::Quiet(const Policy& policy, const EventsRead& read) {
  if (!quiet_.has_value()) quiet_.emplace(policy, read);
  return *quiet_;
}

void BacktestLife::HearAll() {
  if (quiet_.has_value()) quiet_->HearAll();
}

void BacktestLife::HearOwn(const std::string& rule) {
  if (quiet_.has_value()) quiet_->HearOwn(rule);
}

void BacktestLife::Say(const Event& event) {
  if (replay_ != nullptr) replay_->Say(event);
  else Pack(event, true, past_.said);
}

void BacktestLife::Count(const Decision& decision, BacktestDay& tally) {
  const auto [place, is_new] = past_.followups.try_emplace(decision.followup);
  BacktestFollowUp& known = place->second;
  if (is_new) {
    known.id = decision.followup;
    known.customer = decision.customer;
    known.rule = decision.rule;
    known.step = decision.step;
    known.outcome = BacktestOutcome::kHeld;
    known.priority = decision.priority;
  }
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

void BacktestLife::CountEvent(const Event& event, std::size_t day, BacktestCalendar& calendar) {
  BacktestDay& tally = calendar.days[day];
  if (const auto* issued = event.As<FollowUpIssued>()) {
    BacktestFollowUp& known = past_.followups.at(issued->followup);
    HearOwn(known.rule);
    known.outcome = BacktestOutcome::kOpen;
    known.closed.reset();
    if (known.issued.has_value()) return;   // again, or with other words
    known.issued = tally.day;
    ++tally.issued;
    tally.minutes += issued->minutes;
    calendar.minutes[day][issued->rep.value_or(RepId())] += issued->minutes;
  } else if (const auto* expired = event.As<FollowUpExpired>()) {
    ++tally.expired;
    HearOwn(past_.followups.at(expired->followup).rule);
    Close(expired->followup, BacktestOutcome::kExpired, event.occurred.at, *calendar.zone);
  } else if (const auto* withdrawn = event.As<FollowUpWithdrawn>()) {
    ++tally.withdrawn;
    HearOwn(past_.followups.at(withdrawn->followup).rule);
    Close(withdrawn->followup, BacktestOutcome::kWithdrawn, event.occurred.at, *calendar.zone);
  }
}

void BacktestLife::Conclude(const AccountDecisions& decided, std::size_t day, BacktestCalendar& calendar) {
  told_ = false;
  foreseen_ = decided.look_again;
  for (const Decision& decision : decided.decisions) Count(decision, calendar.days[day]);
  for (const CadenceChange& change : decided.cadences) HearOwn(change.cadence);
  for (const Event& event : EventsOf(decided, calendar.starts[day])) {
    CountEvent(event, day, calendar);
    told_ = told_ || !WasForeseen(event);
    Say(event);
  }
}

void BacktestLife::Forget() {
  HearAll();
  if (replay_ != nullptr) replay_->Forget();
}

void BacktestLife::Shrink() {
  if (replay_ == nullptr) return;
  past_.said = replay_->said();
  replay_.reset();
  quiet_.reset();
}

BacktestLife::Past BacktestLife::TakePast() {
  Shrink();
  past_.ahead.erase(past_.ahead.begin(), past_.ahead.begin() + static_cast<std::ptrdiff_t>(std::exchange(next_, 0)));
  return std::exchange(past_, {});
}

void BacktestLife::CountBuyers(Day before, std::int64_t lookback_days, std::vector<BacktestDay>& days) {
  std::vector<Day> ordered;
  for (const auto& [customer, day] : past_.orders) ordered.push_back(day);
  std::sort(ordered.begin(), ordered.end());
  ordered.erase(std::unique(ordered.begin(), ordered.end()), ordered.end());
  for (const Day day : ordered) {
    if (days.empty() || day < days.front().day || day > days.back().day) continue;
    BacktestDay& tally = days[static_cast<std::size_t>(day - days.front().day)];
    const bool followed = std::any_of(past_.followups.begin(), past_.followups.end(), [&](const auto& one) {
      const std::optional<Day>& issued = one.second.issued;
      return issued.has_value() && *issued <= day && day - *issued <= lookback_days;
    });
    ++tally.bought;
    tally.bought_without += followed ? 0 : 1;
  }
  for (auto& [id, followup] : past_.followups) {
    if (!followup.issued.has_value()) continue;
    const auto next = std::lower_bound(ordered.begin(), ordered.end(), *followup.issued);
    followup.bought = next != ordered.end() && *next < before && *next - *followup.issued <= lookback_days;
  }
}

}  // namespace rapport

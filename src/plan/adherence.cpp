#include "rapport/plan/adherence.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include "rapport/book/zone_of.hpp"
#include "rapport/relationship/touches.hpp"

namespace rapport {
namespace {

Channel Counted(Channel channel) { return channel == Channel::kMeeting ? Channel::kVisit : channel; }

// Something passed, or was tried, between the two: no mass mail, copy or change of a record.
bool IsWork(const Touch& touch) { return KindOf(touch) == TouchKind::kPersonal && touch.disposition != Disposition::kAutoReply; }

bool HasOutcome(const Touch& touch) { return touch.disposition.has_value() || touch.objective_met.has_value(); }

const RepId kNobody;
const RepId& DoneBy(const std::optional<RepId>& rep, const Account& account) { return rep ? *rep : account.owner ? *account.owner : kNobody; }

// One of the week by which the follow-up was to be done. What was agreed when it was done, or after, is the next work.
bool HasAppointment(const Account& account, const FollowUpRecord& record, const std::function<bool(Instant)>& in_week) {
  const auto for_it = [&](const AppointmentRecord& one) {
    if (one.followup != record.issued.followup || !in_week(one.start)) return false;
    const bool is_next = record.state == FollowUpState::kDone && one.made >= record.state_at;
    return !is_next && (!one.cancelled.has_value() || *one.cancelled > one.start);
  };
  const auto& appointments = account.relations.appointments;
  return std::any_of(appointments.begin(), appointments.end(), for_it);
}

void Count(WeekOfWork& week, Channel channel, bool done) {
  WorkCount& of_channel = week.channels[Counted(channel)];
  for (WorkCount* count : {&week.all, &of_channel}) {
    count->planned += 1;
    count->done += done ? 1 : 0;
  }
}

}  // namespace

WorkCount WeekOfWork::Of(Channel channel) const {
  const auto found = channels.find(Counted(channel));
  return found == channels.end() ? WorkCount() : found->second;
}

void WeekOfWork::Add(const WeekOfWork& other) {
  all.planned += other.all.planned;
  all.done += other.all.done;
  for (const auto& [channel, count] : other.channels) {
    channels[channel].planned += count.planned;
    channels[channel].done += count.done;
  }
  objectives += other.objectives;
  met += other.met;
  visits.insert(visits.end(), other.visits.begin(), other.visits.end());
}

Day MondayOf(Day day) { return day - static_cast<int>(absl::GetWeekday(day)); }

AdherenceTally::AdherenceTally(const BookContext& context, std::set<RepId> reps, WeekSpan span, Instant as_of)
    : context_(&context), wanted_(std::move(reps)), span_(span), as_of_(as_of) {}

Day AdherenceTally::DayOf(const RepId& rep, Instant at) const { return ZoneOfRep(*context_, rep).LocalDay(at); }

// Ended in the book's zone, and not in the rep's.
bool AdherenceTally::StillRuns(const RepId& rep, Day monday) const {
  const Day after = monday + 7;
  return ZoneOfRep(*context_, rep).StartOf(after) > as_of_ && context_->ZoneOf(std::nullopt, std::nullopt).StartOf(after) <= as_of_;
}

// Null outside the span, where the week still runs, and for whom nobody asks.
WeekOfWork* AdherenceTally::WeekOf(const RepId& rep, Day day) {
  if (rep.empty() || (!wanted_.empty() && !wanted_.contains(rep))) return nullptr;
  if (day < span_.first || day >= span_.Monday(span_.weeks)) return nullptr;
  if (StillRuns(rep, MondayOf(day))) return nullptr;
  std::vector<WeekOfWork>& weeks = reps_[rep];
  if (weeks.empty()) weeks.resize(static_cast<std::size_t>(span_.weeks));
  return &weeks[static_cast<std::size_t>((day - span_.first) / 7)];
}

void AdherenceTally::Add(const Account& account) {
  AddAppointments(account);
  AddFollowUps(account);
  AddObjectives(account);
}

void AdherenceTally::AddAppointments(const Account& account) {
  std::set<const TouchRecord*> taken;
  std::vector<const AppointmentRecord*> appointments;
  for (const AppointmentRecord& one : account.relations.appointments) appointments.push_back(&one);
  std::stable_sort(appointments.begin(), appointments.end(), [](const auto* a, const auto* b) { return a->start < b->start; });
  for (const AppointmentRecord* one : appointments) {
    if (one->start > as_of_ || (one->cancelled.has_value() && *one->cancelled <= one->start)) continue;
    const RepId& rep = DoneBy(one->rep, account);
    const Day day = DayOf(rep, one->start);
    WeekOfWork* week = WeekOf(rep, day);
    if (week == nullptr) continue;
    const auto did = [&](const TouchRecord& record) {
      const bool same = Counted(record.touch.channel) == Counted(one->channel) && DoneBy(record.touch.rep, account) == rep;
      if (!same || record.at > as_of_ || taken.contains(&record) || !IsWork(record.touch) || DayOf(rep, BeganAt(record)) != day) return false;
      return Counted(one->channel) != Channel::kVisit || HasOutcome(record.touch);
    };
    const auto touch = std::find_if(account.touches.begin(), account.touches.end(), did);
    const bool done = touch != account.touches.end();
    if (done) taken.insert(&*touch);
    Count(*week, one->channel, done);
    if (Counted(one->channel) != Channel::kVisit) continue;
    week->visits.push_back(one->key);
    if (done) week->visits.push_back(touch->key);
  }
}

void AdherenceTally::AddFollowUps(const Account& account) {
  for (const auto& [id, record] : account.followups) {
    const RepId& rep = DoneBy(record.issued.rep, account);
    std::optional<Day> counted;   // the Monday of the week counted last: hand-overs are in order
    for (const Instant& handed : record.handed_over) {
      if (handed > as_of_) break;
      const Day monday = MondayOf(DayOf(rep, handed));
      WeekOfWork* week = WeekOf(rep, monday);
      if (week == nullptr || counted == monday) continue;
      counted = monday;
      const auto in_week = [&](Instant at) { return at <= as_of_ && MondayOf(DayOf(rep, at)) == monday; };
      const bool is_visit = Counted(record.issued.channel) == Channel::kVisit;
      if (HasAppointment(account, record, in_week) || (record.state == FollowUpState::kWithdrawn && in_week(record.state_at))) continue;
      const auto answers = [&](const TouchRecord& touch) {
        return touch.touch.followup == id && touch.at <= as_of_ && in_week(BeganAt(touch)) && IsWork(touch.touch) && (!is_visit || HasOutcome(touch.touch));
      };
      const auto touch = std::find_if(account.touches.begin(), account.touches.end(), answers);
      const bool said = record.state == FollowUpState::kDone && in_week(record.state_at) && (!is_visit || record.objective_met.has_value());
      Count(*week, record.issued.channel, touch != account.touches.end() || said);
      if (!is_visit) continue;
      week->visits.push_back(record.issued_by);
      if (touch != account.touches.end()) week->visits.push_back(touch->key);
    }
  }
}

void AdherenceTally::AddObjectives(const Account& account) {
  const auto judge = [&](const RepId& rep, Instant at, bool met) {
    WeekOfWork* week = at <= as_of_ ? WeekOf(rep, DayOf(rep, at)) : nullptr;
    if (week == nullptr) return;
    week->objectives += 1;
    week->met += met ? 1 : 0;
  };
  std::set<FollowUpId> judged;
  for (const TouchRecord& record : account.touches) {
    if (!record.touch.objective_met.has_value() || IsOnlyRecord(record.touch) || record.at > as_of_) continue;
    if (record.touch.followup.has_value()) judged.insert(*record.touch.followup);
    judge(DoneBy(record.touch.rep, account), BeganAt(record), *record.touch.objective_met);
  }
  for (const auto& [id, record] : account.followups) {
    if (record.state != FollowUpState::kDone || !record.objective_met.has_value() || judged.contains(id)) continue;
    judge(DoneBy(record.issued.rep, account), record.state_at, *record.objective_met);
  }
}

std::vector<WeekOfWork> AdherenceTally::Together(const std::set<RepId>& reps) const {
  std::vector<WeekOfWork> together(static_cast<std::size_t>(span_.weeks));
  for (const auto& [rep, weeks] : reps_) {
    if (!reps.empty() && !reps.contains(rep)) continue;
    for (std::size_t i = 0; i < weeks.size(); ++i) together[i].Add(weeks[i]);
  }
  return together;
}

}  // namespace rapport

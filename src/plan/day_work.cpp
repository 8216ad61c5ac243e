#include "plan/day_work.hpp"

#include <algorithm>

#include "plan/choice.hpp"
#include "rapport/relationship/ties.hpp"
#include "rapport/relationship/touches.hpp"
#include "rapport/signals/registry.hpp"

namespace rapport {
namespace {

// Sorts the work of one account after the other onto the desks.
class Desk {
 public:
  Desk(const WorkQuestion& asked, std::map<RepId, RepWork>& work) : asked_(asked), context_(asked.book.context()), work_(work) {}

  void Add(const Account& account, const AccountDecisions* decided) {
    const std::set<FollowUpId> named = AddAppointments(account, decided);
    if (decided == nullptr) return;
    std::vector<std::pair<RepId, PlanLine>> able;
    for (const Decision& d : decided->decisions) {
      if (asked_.done.contains(d.followup) || named.contains(d.followup)) continue;
      if (!IsToday(d)) {
        if (asked_.day == asked_.first) work_[d.rep.value_or(RepId())].held.push_back(&d);
      } else if (const Zone& zone = context_.ZoneOfRep(d.rep.value_or(RepId())); d.expires >= zone.StartOf(asked_.day)) {
        able.push_back(Given(account, d));
      }
    }
    Share(account, std::move(able));
  }
  void CountVisits(const Account& account) {
    for (auto record = account.touches.rbegin(); record != account.touches.rend(); ++record) {
      const Touch& touch = record->touch;
      const RepId rep = touch.rep.value_or(RepId());
      const Zone& zone = context_.ZoneOfRep(rep);
      if (zone.LocalDay(record->at) + 1 < asked_.day) break;   // a day apart for the zones of reps; nothing is noted before it is made
      const bool visit = touch.channel == Channel::kVisit && touch.direction == Direction::kOutbound && !IsOnlyRecord(touch);
      if (zone.LocalDay(BeganAt(*record)) == asked_.day && record->at <= asked_.input.as_of && visit && touch.disposition.has_value()) ++work_[rep].visits_done;
    }
  }

 private:
  bool IsToday(const Decision& d) const {
    return d.status == DecisionStatus::kDue || (d.held_until && context_.ZoneOfRep(d.rep.value_or(RepId())).LocalDay(*d.held_until) <= asked_.day);
  }
  // Of the account; the follow-ups that they are for.
  std::set<FollowUpId> AddAppointments(const Account& account, const AccountDecisions* decided) {
    std::set<FollowUpId> named;
    seen_ = false;
    for (const AppointmentRecord& appointment : account.relations.appointments) {
      const RepId rep = appointment.rep.value_or(account.owner.value_or(RepId()));
      if (appointment.cancelled.has_value() || context_.ZoneOfRep(rep).LocalDay(appointment.start) != asked_.day) continue;
      PlanLine line;
      line.customer = account.id;
      line.contact = appointment.contact;
      line.channel = appointment.channel;
      line.purpose = appointment.purpose;
      for (std::size_t i = 0; decided != nullptr && appointment.followup.has_value() && i < decided->decisions.size(); ++i) {
        if (decided->decisions[i].followup == *appointment.followup) line.decision = &decided->decisions[i];
      }
      if (line.decision != nullptr) named.insert(line.decision->followup);
      const std::int64_t usual = line.decision != nullptr ? line.decision->minutes : asked_.terms.appointment_minutes;
      line.minutes = appointment.minutes.value_or(usual);
      if (appointment.start.PlusMinutes(line.minutes) <= asked_.input.as_of) continue;   // over
      line.start = appointment.start;
      line.mandatory = line.decision != nullptr && line.decision->mandatory;
      line.revisit = IsRevisit(account, line.channel);
      line.appointment = appointment;
      if (line.decision != nullptr) SetAge(account, line);
      work_[rep].fixed.push_back(std::move(line));
      seen_ = true;
    }
    return named;
  }
  bool IsRevisit(const Account& account, Channel channel) const {
    if (channel != Channel::kVisit) return false;
    return std::any_of(account.touches.begin(), account.touches.end(), [&](const TouchRecord& record) {
      return record.at <= asked_.input.as_of && record.touch.channel == Channel::kVisit && ReachOf(record.touch) == TouchReach::kReached;
    });
  }
  void SetAge(const Account& account, PlanLine& line) const {
    const auto record = account.followups.find(line.decision->followup);
    if (record == account.followups.end() || !IsOpen(record->second.state)) return;
    const Zone& zone = context_.ZoneOfRep(line.decision->rep.value_or(RepId()));
    line.age_days = std::max<std::int64_t>(0, asked_.first - zone.LocalDay(record->second.issued_at));
    std::set<Day> days;
    for (const Instant at : record->second.handed_over) {
      if (const Day day = zone.LocalDay(at); day < asked_.first) days.insert(day);
    }
    line.rolled = static_cast<std::int64_t>(days.size());
  }
  // Whose desk it lies on that day.
  std::pair<RepId, PlanLine> Given(const Account& account, const Decision& d) const {
    PlanLine line;
    line.decision = &d;
    line.customer = d.customer;
    line.contact = d.contact;
    line.channel = d.channel;
    line.purpose = d.purpose;
    line.minutes = d.minutes;
    line.mandatory = d.mandatory;
    line.revisit = IsRevisit(account, d.channel);
    SetAge(account, line);
    const RepId own = d.rep.value_or(RepId());
    const RepRecord* record = context_.FindRep(own);
    RepId whose = own;
    const RepRecord* manager = record == nullptr ? nullptr : context_.FindRep(record->manager);
    if (manager != nullptr && manager->id != own && manager->WorksHere(asked_.day) && line.rolled >= asked_.terms.rollovers) {
      line.mandatory = true;
      whose = manager->id;
    } else if (record != nullptr && d.mandatory && (record->absences.contains(asked_.day) || !record->WorksHere(asked_.day))) {
      whose = StandInOf(account, *record);
    }
    if (whose != own) line.passed_from = own;
    return {whose, std::move(line)};
  }
  RepId StandInOf(const Account& account, const RepRecord& away) const {
    const auto there = [&](const RepId& rep) {
      const RepRecord* record = context_.FindRep(rep);
      return rep != away.id && record != nullptr && record->WorksOn(asked_.day);
    };
    const std::vector<RepId> known = WhoKnows(account, asked_, there);
    if (!known.empty()) return known.front();
    return away.manager.has_value() && there(*away.manager) ? *away.manager : away.id;
  }
  // One line sees an account a day; further ones only where they must.
  void Share(const Account& account, std::vector<std::pair<RepId, PlanLine>> able) {
    std::sort(able.begin(), able.end(), [](const auto& a, const auto& b) { return MoreUrgent(a.second, b.second); });
    const bool small = !able.empty() && IsSmall(account);
    for (auto& [rep, line] : able) {
      if (!line.mandatory && seen_) {
        work_[rep].waits.push_back(std::move(line));
        continue;
      }
      seen_ = true;
      RepWork& desk = work_[rep];
      if (small) desk.small.insert(line.decision->followup);
      if (line.rolled >= asked_.terms.rollovers && !line.passed_from.empty()) Pass(line, rep);
      desk.able.push_back(std::move(line));
    }
  }
  // The rep's plan says who has it now.
  void Pass(const PlanLine& line, const RepId& manager) {
    PlanLine told = line;
    told.hand_to = manager;
    told.passed_from = RepId();
    told.told = Sentence{"plan.told.manager_has", {{"manager", RepName{manager}}, {"n", line.rolled}}};
    work_[line.passed_from].passed_on.push_back(std::move(told));
  }
  bool IsSmall(const Account& account) const {
    if (asked_.terms.small_floor == 0) return false;
    const Cell large = SignalNamed("account.large").Of(InputFor(account, *asked_.input.context, asked_.input.as_of)).value;
    const bool* is_large = std::get_if<bool>(&large);
    return is_large != nullptr && !*is_large;
  }

  const WorkQuestion& asked_;
  const BookContext& context_;
  std::map<RepId, RepWork>& work_;
  bool seen_ = false;   // the account at hand, by a line of that day
};

}  // namespace

std::int64_t ValueOf(const PlanLine& line) {
  return line.decision != nullptr && line.decision->value ? std::max<std::int64_t>(line.decision->value->minor(), 0) : 0;
}

bool MoreUrgent(const PlanLine& a, const PlanLine& b) {
  if (a.mandatory != b.mandatory) return a.mandatory;
  if (!a.mandatory) {
    const Wide left = Wide{ValueOf(a)} * b.minutes;
    const Wide right = Wide{ValueOf(b)} * a.minutes;
    if (left != right) return left > right;
  }
  if (a.decision->priority != b.decision->priority) return a.decision->priority > b.decision->priority;
  if (a.decision->due != b.decision->due) return a.decision->due < b.decision->due;
  return a.decision->followup < b.decision->followup;
}

RepRecord RecordOf(const BookContext& context, const RepId& rep) {
  if (const RepRecord* known = context.FindRep(rep)) return *known;
  RepRecord record;
  record.id = rep;
  record.week = OfficeWeek();
  return record;
}

std::vector<RepId> WhoKnows(const Account& account, const WorkQuestion& asked, const std::function<bool(const RepId&)>& may) {
  const Zone& zone = asked.book.context().ZoneOf(std::nullopt, account.profile.zone);
  std::vector<RepId> known;
  for (const Tie& tie : TiesOf(account, *asked.input.context->relationship, zone, asked.input.as_of)) {
    if (tie.reached > 0 && may(tie.rep)) known.push_back(tie.rep);
  }
  return known;
}

std::map<RepId, RepWork> GatherWork(const WorkQuestion& asked, const std::vector<AccountDecisions>& decisions, std::span<const CustomerId> customers) {
  std::map<RepId, RepWork> work;
  std::map<CustomerId, const AccountDecisions*> by_customer;
  for (const AccountDecisions& one : decisions) by_customer.emplace(one.customer, &one);
  Desk desk(asked, work);
  asked.book.Visit(customers, [&](const Account& account) {
    const auto decided = by_customer.find(account.id);
    desk.Add(account, decided == by_customer.end() ? nullptr : decided->second);
    desk.CountVisits(account);
  });
  for (auto& [rep, desk_of] : work) {
    const auto by_urgency = [](const PlanLine& a, const PlanLine& b) { return MoreUrgent(a, b); };
    std::sort(desk_of.able.begin(), desk_of.able.end(), by_urgency);
    std::sort(desk_of.waits.begin(), desk_of.waits.end(), by_urgency);
    std::sort(desk_of.passed_on.begin(), desk_of.passed_on.end(), by_urgency);
    std::sort(desk_of.fixed.begin(), desk_of.fixed.end(), [](const PlanLine& a, const PlanLine& b) {
      return *a.start != *b.start ? *a.start < *b.start : a.appointment->id < b.appointment->id;
    });
    const auto line_of = [](const Decision* d) {
      PlanLine line;
      line.decision = d;
      line.minutes = d->minutes;
      line.mandatory = d->mandatory;
      return line;
    };
    std::sort(desk_of.held.begin(), desk_of.held.end(), [&](const Decision* a, const Decision* b) { return MoreUrgent(line_of(a), line_of(b)); });
  }
  return work;
}

}  // namespace rapport

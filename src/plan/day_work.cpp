#include "plan/day_work.hpp"

#include <algorithm>

#include "plan/choice.hpp"
#include "plan/taken.hpp"
#include "rapport/book/zone_of.hpp"
#include "rapport/ledger/bounds.hpp"
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
    std::map<RepId, std::int64_t> over;   // minutes of the day's appointments that are over
    const std::map<FollowUpId, PlanLine> named = AddAppointments(account, decided, over);
    CountDone(account, std::move(over));
    if (decided == nullptr) return;
    std::vector<Given> able;
    for (const Decision& d : decided->decisions) {
      if (asked_.done.contains(d.followup)) continue;
      const auto appointment = named.find(d.followup);
      if (appointment != named.end()) {
        if (asked_.day == asked_.first) Await(account, d, appointment->second);
      } else if (!IsToday(d)) {
        if (asked_.day == asked_.first) work_[d.rep.value_or(RepId())].held.push_back(&d);
      } else if (const Zone& zone = ZoneOfRep(context_, d.rep.value_or(RepId())); d.expires >= zone.StartOf(asked_.day)) {
        able.push_back(Give(account, d));
      }
    }
    Share(account, std::move(able));
  }

 private:
  bool IsToday(const Decision& d) const {
    return d.status == DecisionStatus::kDue || (d.held_until && ZoneOfRep(context_, d.rep.value_or(RepId())).LocalDay(*d.held_until) <= asked_.day);
  }
  // Whose desk a line lies on that day.
  struct Given {
    RepId rep;
    PlanLine line;
    bool is_the_managers = false;   // for it was put off too often
    bool fits = false;              // the rep is there and has as many minutes
  };
  static RepId RepOf(const Account& account, const AppointmentRecord& appointment) { return appointment.rep.value_or(account.owner.value_or(RepId())); }

  // Of the account; the follow-ups that they are for, on whatever day: nobody calls today about what is agreed for Wednesday.
  std::map<FollowUpId, PlanLine> AddAppointments(const Account& account, const AccountDecisions* decided, std::map<RepId, std::int64_t>& over) {
    std::map<FollowUpId, PlanLine> named;
    seen_ = false;
    for (const AppointmentRecord& appointment : account.relations.appointments) {
      if (appointment.cancelled.has_value()) continue;
      PlanLine line = AppointmentLine(asked_, account, decided, appointment);
      const RepId rep = RepOf(account, appointment);
      const bool is_of_the_day = ZoneOfRep(context_, rep).LocalDay(appointment.start) == asked_.day;
      if (IsOver(line, asked_.input.as_of)) {
        if (is_of_the_day) over[rep] += line.minutes;
        continue;
      }
      const bool kept = !WhyNotKept(asked_, account, line).has_value();
      if (!kept) line.decision = nullptr;   // what it was for stands as it would without it
      if (line.decision != nullptr && !named.emplace(line.decision->followup, line).second) line.decision = nullptr;   // once is enough
      if (!is_of_the_day) continue;
      line.mandatory = line.decision != nullptr && line.decision->mandatory;
      line.revisit = IsRevisit(account, line.channel);
      if (line.decision != nullptr) SetAge(account, line);
      RepWork& desk = work_[rep];
      if (IsSmall(account)) desk.small.insert(account.id);
      desk.fixed.push_back(std::move(line));
      seen_ = seen_ || kept;
    }
    return named;
  }
  // What is done in an appointment of another day waits for it; what is held besides says why.
  void Await(const Account& account, const Decision& d, const PlanLine& appointment) {
    const RepId rep = RepOf(account, *appointment.appointment);
    if (ZoneOfRep(context_, rep).LocalDay(*appointment.start) == asked_.day) return;
    if (!IsToday(d)) {
      work_[d.rep.value_or(RepId())].held.push_back(&d);
      return;
    }
    PlanLine line = OwnLineOf(account, d);
    line.later = appointment.start;
    line.told = Sentence{"plan.told.appointment", {{"at", LocalTime{LocalMinute(ZoneOfRep(context_, rep).Local(*appointment.start))}}}};
    work_[rep].waits.push_back(std::move(line));
  }
  // Visits with an outcome, and the minutes that are gone; `agreed`: by appointments.
  void CountDone(const Account& account, std::map<RepId, std::int64_t> agreed) {
    std::map<RepId, std::int64_t> noted;
    for (auto record = account.touches.rbegin(); record != account.touches.rend(); ++record) {
      const RepId rep = record->touch.rep.value_or(RepId());
      const Zone& zone = ZoneOfRep(context_, rep);
      if (zone.LocalDay(record->at) + 1 < asked_.day) break;   // a day apart for the zones of reps; nothing is noted before it is made
      if (zone.LocalDay(BeganAt(*record)) != asked_.day || record->at > asked_.input.as_of || !IsAttempt(record->touch)) continue;
      noted[rep] += std::clamp<std::int64_t>(record->touch.minutes.value_or(0), 0, kMinutesOfADay);
      if (record->touch.channel == Channel::kVisit && record->touch.disposition.has_value()) ++work_[rep].visits_done;
    }
    for (const auto& [rep, minutes] : noted) agreed[rep] = std::max(agreed[rep], minutes);
    for (const auto& [rep, minutes] : agreed) work_[rep].minutes_done += minutes;
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
    const Zone& zone = ZoneOfRep(context_, line.decision->rep.value_or(RepId()));
    line.age_days = std::max<std::int64_t>(0, asked_.first - zone.LocalDay(record->second.issued_at));
    std::set<Day> days;
    for (const Instant at : record->second.handed_over) {
      if (const Day day = zone.LocalDay(at); day < asked_.first) days.insert(day);
    }
    line.rolled = static_cast<std::int64_t>(days.size());
  }
  PlanLine OwnLineOf(const Account& account, const Decision& d) const {
    PlanLine line = LineOf(d);
    line.revisit = IsRevisit(account, d.channel);
    SetAge(account, line);
    return line;
  }
  Given Give(const Account& account, const Decision& d) const {
    Given given{d.rep.value_or(RepId()), OwnLineOf(account, d)};
    const RepId own = given.rep;
    const RepRecord* record = context_.FindRep(own);
    const RepRecord* manager = record == nullptr ? nullptr : context_.FindRep(record->manager);
    if (manager != nullptr && manager->id != own && manager->WorksHere(asked_.day) && given.line.rolled >= asked_.terms.rollovers) {
      given.line.mandatory = true;
      given.is_the_managers = manager->WorksOn(asked_.day);   // of one who is not there nobody would do it
    }
    if (given.is_the_managers) {
      given.rep = manager->id;
    } else if (record != nullptr && given.line.mandatory && (record->absences.contains(asked_.day) || !record->WorksHere(asked_.day))) {
      given.rep = StandInOf(account, *record);
    }
    if (given.rep != own) given.line.passed_from = own;
    const RepRecord whose = RecordOf(context_, given.rep);
    given.line.travel_minutes = given.line.channel == Channel::kVisit ? TravelTo(account.id, whose) : 0;
    given.fits = whose.WorksOn(asked_.day) && given.line.minutes + given.line.travel_minutes <= whose.minutes - asked_.terms.ReserveOf(whose);
    return given;
  }
  // From the start; the plan of the rep looks closer.
  std::int64_t TravelTo(const CustomerId& customer, const RepRecord& rep) const {
    const std::int64_t usual = asked_.terms.TravelOf(rep);
    return asked_.travel == nullptr ? usual : asked_.travel->Between("", customer.text()).value_or(usual);
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
  // One line sees an account a day; further ones only where they must. Of what may be done one that the day has minutes for goes before one that it has not.
  void Share(const Account& account, std::vector<Given> able) {
    std::sort(able.begin(), able.end(), [](const Given& a, const Given& b) {
      if (!a.line.mandatory && !b.line.mandatory && a.fits != b.fits) return a.fits;
      return MoreUrgent(a.line, b.line);
    });
    const bool small = !able.empty() && IsSmall(account);
    const bool met = seen_;
    std::set<RepId> whose;   // the lines that see the account
    for (Given& given : able) {
      if (!given.line.mandatory && seen_) {
        if (!met && whose.size() == 1 && whose.contains(given.rep)) work_[given.rep].spare.insert(given.line.decision->followup);
        work_[given.rep].waits.push_back(std::move(given.line));
        continue;
      }
      seen_ = true;
      whose.insert(given.rep);
      RepWork& desk = work_[given.rep];
      if (small) desk.small.insert(account.id);
      if (given.is_the_managers) Pass(given.line, given.rep);
      desk.able.push_back(std::move(given.line));
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

PlanLine LineOf(const Decision& decision) {
  PlanLine line;
  line.decision = &decision;
  line.customer = decision.customer;
  line.contact = decision.contact;
  line.channel = decision.channel;
  line.purpose = decision.purpose;
  line.minutes = decision.minutes;
  line.mandatory = decision.mandatory;
  return line;
}

PlanLine AppointmentLine(const WorkQuestion& asked, const Account& account, const AccountDecisions* decided, const AppointmentRecord& appointment) {
  PlanLine line;
  line.customer = account.id;
  line.contact = appointment.contact;
  line.channel = appointment.channel;
  line.purpose = appointment.purpose;
  for (std::size_t i = 0; decided != nullptr && appointment.followup.has_value() && i < decided->decisions.size(); ++i) {
    const Decision& d = decided->decisions[i];
    if (d.followup == *appointment.followup && !asked.done.contains(d.followup)) line.decision = &d;
  }
  const std::int64_t usual = line.decision != nullptr ? line.decision->minutes : asked.terms.appointment_minutes;
  line.minutes = appointment.minutes.value_or(usual);
  line.start = appointment.start;
  line.appointment = appointment;
  return line;
}

bool IsOver(const PlanLine& appointment, Instant as_of) { return appointment.start->PlusMinutes(appointment.minutes) <= as_of; }

namespace {

std::int64_t ValueOf(const Decision& decision) { return decision.value ? std::max<std::int64_t>(decision.value->minor(), 0) : 0; }

// What urgency is judged by: of a line as it stands, or of a decision that has none.
struct Urgency {
  const Decision& decision;
  bool mandatory;
  std::int64_t minutes;   // with travel
};
Urgency UrgencyOf(const PlanLine& line) { return {*line.decision, line.mandatory, line.minutes + line.travel_minutes}; }
Urgency UrgencyOf(const Decision& decision) { return {decision, decision.mandatory, decision.minutes}; }

// Value a minute: above 0 where a is worth more, below where b is.
int CompareWorth(const Urgency& a, const Urgency& b) {
  const Wide left = Wide{ValueOf(a.decision)} * b.minutes, right = Wide{ValueOf(b.decision)} * a.minutes;
  return left == right ? 0 : left > right ? 1 : -1;
}

bool MoreUrgent(const Urgency& a, const Urgency& b) {
  if (a.mandatory != b.mandatory) return a.mandatory;
  if (const int worth = a.mandatory ? 0 : CompareWorth(a, b); worth != 0) return worth > 0;
  if (a.decision.priority != b.decision.priority) return a.decision.priority > b.decision.priority;
  if (a.decision.due != b.decision.due) return a.decision.due < b.decision.due;
  return a.decision.followup < b.decision.followup;
}

}  // namespace

std::int64_t ValueOf(const PlanLine& line) { return line.decision != nullptr ? ValueOf(*line.decision) : 0; }

bool MoreUrgent(const PlanLine& a, const PlanLine& b) { return MoreUrgent(UrgencyOf(a), UrgencyOf(b)); }

bool IsWorthMore(const PlanLine& a, const PlanLine& b) {
  const int worth = CompareWorth(UrgencyOf(a), UrgencyOf(b));
  return worth != 0 ? worth > 0 : MoreUrgent(a, b);
}

const AccountDecisions* DecidedOf(const std::vector<AccountDecisions>& decisions, const CustomerId& customer) {
  const auto found = std::lower_bound(decisions.begin(), decisions.end(), customer, [](const AccountDecisions& one, const CustomerId& id) { return one.customer < id; });
  return found == decisions.end() || found->customer != customer ? nullptr : &*found;
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
  Desk desk(asked, work);
  asked.book.Visit(customers, [&](const Account& account) { desk.Add(account, DecidedOf(decisions, account.id)); });
  for (auto& [rep, desk_of] : work) {
    const auto by_urgency = [](const PlanLine& a, const PlanLine& b) { return MoreUrgent(a, b); };
    std::sort(desk_of.able.begin(), desk_of.able.end(), by_urgency);
    std::sort(desk_of.waits.begin(), desk_of.waits.end(), by_urgency);
    std::sort(desk_of.passed_on.begin(), desk_of.passed_on.end(), by_urgency);
    std::sort(desk_of.fixed.begin(), desk_of.fixed.end(), [](const PlanLine& a, const PlanLine& b) {
      return *a.start != *b.start ? *a.start < *b.start : a.appointment->id < b.appointment->id;
    });
    std::sort(desk_of.held.begin(), desk_of.held.end(), [](const Decision* a, const Decision* b) { return MoreUrgent(UrgencyOf(*a), UrgencyOf(*b)); });
  }
  return work;
}

}  // namespace rapport

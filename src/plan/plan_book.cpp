#include <algorithm>
#include <map>

#include "absl/strings/str_cat.h"
#include "rapport/plan/plan_day.hpp"
#include "rapport/policy/agenda.hpp"

namespace rapport {
namespace {

constexpr std::int64_t kMicrosPerMinute = 60'000'000;

std::int64_t ValueOf(const Decision& decision) { return decision.value ? std::max<std::int64_t>(decision.value->minor(), 0) : 0; }

// What must be done comes by urgency, the rest by value a minute; the id settles ties.
bool MoreUrgent(const Decision& a, const Decision& b) {
  if (a.mandatory != b.mandatory) return a.mandatory;
  if (!a.mandatory) {
    __extension__ typedef __int128 Wide;
    const Wide left = Wide{ValueOf(a)} * b.minutes;
    const Wide right = Wide{ValueOf(b)} * a.minutes;
    if (left != right) return left > right;
  }
  if (a.priority != b.priority) return a.priority > b.priority;
  if (a.due != b.due) return a.due < b.due;
  return a.followup < b.followup;
}

// The first moment not before `from` at which the follow-up may be made; permission has the last word over any start.
// `placed` are the attempts that earlier lines of this day already stand for.
std::optional<Instant> AllowedFrom(const Book& book, const DecideInput& input, const Decision& decision, Instant from,
                                   const std::vector<Attempt>& placed) {
  const std::shared_ptr<const Account> account = book.Find(decision.customer);
  RAPPORT_INVARIANT(account != nullptr, "a decision names an account of its book");
  std::vector<Attempt> attempts = AttemptsOf(*account, input.as_of, decision.followup);
  attempts.insert(attempts.end(), placed.begin(), placed.end());
  std::stable_sort(attempts.begin(), attempts.end(), [](const Attempt& a, const Attempt& b) { return a.at < b.at; });
  const ContactRecord* contact = decision.contact ? account->FindContact(*decision.contact) : nullptr;
  PermissionInput asked;
  asked.profile = input.permission;
  asked.zone = &book.context().ZoneOf(contact != nullptr ? contact->zone : std::nullopt, account->profile.zone);
  asked.contact = decision.contact.value_or(ContactId());
  asked.channel = decision.channel;
  asked.purpose = decision.purpose;
  asked.attempts = attempts;
  asked.consents = account->consents;
  asked.do_not_contact = account->do_not_contact;
  return CheckPermission(asked, std::max(from, decision.not_before)).first_allowed;
}

struct OpenRange {
  Instant from;
  Instant to;
};

std::vector<OpenRange> RangesOf(const RepRecord& rep, const Zone& zone, Day day, Instant not_before) {
  std::vector<OpenRange> ranges;
  if (!rep.WorksOn(day)) return ranges;
  for (const MinuteRange& range : rep.week.RangesOn(day)) {
    const OpenRange open{std::max(zone.At(LocalSecond(day) + range.from * 60), not_before),
                         zone.At(LocalSecond(day) + range.to * 60)};
    if (open.from < open.to) ranges.push_back(open);
  }
  return ranges;
}

std::int64_t MinutesIn(const std::vector<OpenRange>& ranges) {
  std::int64_t minutes = 0;
  for (const OpenRange& range : ranges) minutes += (range.to.micros() - range.from.micros()) / kMicrosPerMinute;
  return minutes;
}

// Puts lines one after the other into the open ranges. A line that may not start yet lets later ones go first.
class Clock {
 public:
  Clock(const Book& book, const DecideInput& input, std::vector<OpenRange> ranges)
      : book_(book), input_(input), ranges_(std::move(ranges)) {
    if (!ranges_.empty()) cursor_ = ranges_.front().from;
  }

  // The start of `decision` at or after the cursor, if it ends within an open range.
  std::optional<Instant> StartOf(const Decision& decision) const {
    Instant from = cursor_;
    for (const OpenRange& range : ranges_) {
      if (range.to <= from) continue;
      const std::optional<Instant> start = AllowedFrom(book_, input_, decision, std::max(from, range.from), PlacedFor(decision.customer));
      if (!start) return std::nullopt;
      if (start->PlusMinutes(decision.minutes) <= range.to) return start;
      from = std::max(range.to, *start);
    }
    return std::nullopt;
  }
  void Take(const Decision& decision, Instant start) {
    cursor_ = start.PlusMinutes(decision.minutes);
    if (decision.open) return;   // reserved already
    Attempt attempt;
    attempt.at = start;
    attempt.channel = decision.channel;
    attempt.purpose = decision.purpose;
    attempt.contact = decision.contact.value_or(ContactId());
    attempt.reservation = true;
    placed_[decision.customer].push_back(std::move(attempt));
  }

 private:
  const std::vector<Attempt>& PlacedFor(const CustomerId& customer) const {
    static const std::vector<Attempt> kNone;
    const auto found = placed_.find(customer);
    return found == placed_.end() ? kNone : found->second;
  }
  const Book& book_;
  const DecideInput& input_;
  std::vector<OpenRange> ranges_;
  Instant cursor_;
  std::map<CustomerId, std::vector<Attempt>> placed_;
};

struct NextLine {
  std::size_t index = 0;
  Instant start;
};

// The line of `order` that can start first, among mandatory or other ones; of equal starts the first in order.
std::optional<NextLine> EarliestOf(const std::vector<const Decision*>& order, const Clock& clock, bool mandatory,
                                   std::optional<Instant> must_end_by) {
  std::optional<NextLine> next;
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (order[i]->mandatory != mandatory) continue;
    const std::optional<Instant> start = clock.StartOf(*order[i]);
    if (!start || (must_end_by && start->PlusMinutes(order[i]->minutes) > *must_end_by)) continue;
    if (!next || *start < next->start) next = NextLine{i, *start};
  }
  return next;
}

// What must be done goes first; a chosen line may come before it only where it ends in time.
void PlaceLines(std::vector<const Decision*> order, Clock clock, RepDay& day) {
  while (!order.empty()) {
    const std::optional<NextLine> must = EarliestOf(order, clock, true, std::nullopt);
    std::optional<NextLine> next = EarliestOf(order, clock, false, must ? std::optional<Instant>(must->start) : std::nullopt);
    if (!next || (must && must->start <= next->start)) next = must ? must : next;
    if (!next) break;
    const Decision* decision = order[next->index];
    clock.Take(*decision, next->start);
    day.lines.push_back({static_cast<std::int64_t>(day.lines.size()) + 1, next->start, decision});
    day.planned_minutes += decision->minutes;
    (decision->mandatory ? day.mandatory : day.chosen) += 1;
    order.erase(order.begin() + static_cast<std::ptrdiff_t>(next->index));
  }
  for (const Decision* decision : order) day.no_room.push_back({std::nullopt, std::nullopt, decision});
}

absl::Status PlanRep(const Book& book, const DecideInput& input, Day civil, const RepRecord& rep,
                     std::vector<const Decision*> decisions, RepDay& day) {
  std::sort(decisions.begin(), decisions.end(), [](auto* a, auto* b) { return MoreUrgent(*a, *b); });
  const std::vector<OpenRange> ranges = RangesOf(rep, *day.zone, civil, input.as_of);
  day.works = rep.WorksOn(civil);
  day.minutes = day.works ? rep.minutes : 0;
  day.reserve = day.works ? rep.Reserve() : 0;
  std::vector<const Decision*> able;
  std::vector<PlanCandidate> candidates;
  for (const Decision* d : decisions) {
    const bool today = d->status == DecisionStatus::kDue || (d->held_until && day.zone->LocalDay(*d->held_until) <= civil);
    if (!today) {
      day.held.push_back(d);
      continue;
    }
    able.push_back(d);
    candidates.push_back({d->followup.text(), d->minutes, ValueOf(*d), d->mandatory});
  }
  const std::int64_t room = std::min(day.minutes - day.reserve, MinutesIn(ranges));
  RAPPORT_ASSIGN_OR_RETURN(const std::vector<PlannedCandidate> planned, PlanMinutes(candidates, room));
  std::vector<const Decision*> order(able.size(), nullptr);
  for (std::size_t i = 0; i < able.size(); ++i) {
    if (planned[i].planned) order[static_cast<std::size_t>(*planned[i].position) - 1] = able[i];
  }
  std::erase(order, nullptr);
  PlaceLines(std::move(order), Clock(book, input, ranges), day);
  for (std::size_t i = 0; i < able.size(); ++i) {
    if (!planned[i].planned) day.no_room.push_back({std::nullopt, std::nullopt, able[i]});
  }
  std::stable_sort(day.no_room.begin(), day.no_room.end(),
                   [](const PlanLine& a, const PlanLine& b) { return MoreUrgent(*a.decision, *b.decision); });
  return absl::OkStatus();
}

// Nobody is not everybody.
bool IsNobody(const std::optional<std::vector<CustomerId>>& customers) { return customers.has_value() && customers->empty(); }

std::map<RepId, std::int64_t> WithoutNextDate(const Book& book, const DecideInput& input, const std::optional<std::vector<CustomerId>>& customers) {
  std::map<RepId, std::int64_t> counts;
  if (IsNobody(customers)) return counts;
  for (const AgendaLine& line : AgendaOf(book, input, customers.value_or(std::vector<CustomerId>()))) {
    if (line.next.has_value() || line.reason != "no_rule") continue;
    const std::shared_ptr<const Account> account = book.Find(line.customer);
    if (account != nullptr) counts[account->owner.value_or(RepId())] += 1;
  }
  return counts;
}

}  // namespace

absl::StatusOr<DayPlan> PlanBook(const Book& book, const DecideInput& input, Day day, std::span<const RepId> reps,
                                 const std::optional<std::vector<CustomerId>>& customers) {
  DayPlan plan;
  plan.day = day;
  plan.as_of = input.as_of;
  plan.policy = input.policy->id();
  if (!IsNobody(customers)) plan.decisions = DecideBook(book, input, customers.value_or(std::vector<CustomerId>()));
  std::map<RepId, std::vector<const Decision*>> by_rep;
  const auto& known_reps = book.context().reps;
  const auto asked = [&](const RepId& id) { return reps.empty() || std::find(reps.begin(), reps.end(), id) != reps.end(); };
  if (reps.empty()) {
    for (const auto& [id, rep] : known_reps) by_rep[id];
  }
  for (const RepId& id : reps) {
    if (known_reps.contains(id)) by_rep[id];
  }
  for (const AccountDecisions& account : plan.decisions) {
    for (const Decision& d : account.decisions) {
      const RepId id = d.rep.value_or(RepId());
      if (asked(id)) by_rep[id].push_back(&d);
    }
  }
  for (const RepId& rep : reps) {
    if (!by_rep.contains(rep)) return NotFound("rep.unknown", absl::StrCat("rep: found \"", rep.text(), "\", expected one the book knows"));
  }
  const std::map<RepId, std::int64_t> forgotten = WithoutNextDate(book, input, customers);
  for (auto& [id, decisions] : by_rep) {
    const auto known = known_reps.find(id);
    RepRecord rep;
    rep.week = OfficeWeek();
    if (known != known_reps.end()) rep = known->second;
    rep.id = id;
    RepDay rep_day;
    rep_day.rep = id;
    rep_day.zone = &book.context().ZoneOf(rep.zone, std::nullopt);
    if (const auto count = forgotten.find(id); count != forgotten.end()) rep_day.without_next_date = count->second;
    RAPPORT_RETURN_IF_ERROR(PlanRep(book, input, day, rep, std::move(decisions), rep_day));
    plan.reps.push_back(std::move(rep_day));
  }
  return plan;
}

}  // namespace rapport

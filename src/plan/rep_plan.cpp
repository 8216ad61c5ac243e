#include "plan/rep_plan.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "plan/choice.hpp"
#include "plan/day_clock.hpp"
#include "plan/route.hpp"

namespace rapport {
namespace {

constexpr std::int64_t kMicrosPerMinute = 60'000'000;
// Choosing again without what cannot be done that day: more rounds find nothing that filling up would not.
constexpr int kMostRounds = 6;

bool IsVisit(const PlanLine& line) { return line.channel == Channel::kVisit; }

std::vector<Span> HoursOf(const RepRecord& rep, const Zone& zone, Day day, Instant not_before) {
  std::vector<Span> hours;
  if (!rep.WorksOn(day)) return hours;
  for (const MinuteRange& range : rep.week.RangesOn(day)) {
    const Span open{std::max(zone.At(LocalSecond(day) + range.from * 60), not_before), zone.At(LocalSecond(day) + range.to * 60)};
    if (open.from < open.to) hours.push_back(open);
  }
  return hours;
}

class RepPlanner {
 public:
  RepPlanner(const WorkQuestion& asked, const TakenTimes& taken, RepWork& work, RepDay& day)
      : asked_(asked), taken_(taken), work_(work), day_(day), rep_(RecordOf(asked.book.context(), day.rep)),
        ways_{asked.travel != nullptr && !asked.travel->empty() ? asked.travel : nullptr, asked.terms.TravelOf(rep_)},
        hours_(HoursOf(rep_, *day.zone, asked.day, asked.input.as_of)) {}

  absl::Status Plan() {
    day_.works = rep_.WorksOn(asked_.day);
    day_.minutes = day_.works ? rep_.minutes : 0;
    day_.reserve = day_.works ? std::min(asked_.terms.ReserveOf(rep_), rep_.minutes) : 0;
    day_.visit_quota = asked_.terms.QuotaOf(rep_);
    if (day_.visit_quota.has_value()) day_.visits_done = work_.visits_done;
    day_.done_minutes = work_.minutes_done;
    FixAppointments();
    for (std::vector<PlanLine>* lines : {&work_.able, &work_.waits}) {
      for (PlanLine& line : *lines) line.travel_minutes = IsVisit(line) ? ReckonedTravelTo(line, false) : 0;
    }
    reachable_ = Reachable();
    RAPPORT_RETURN_IF_ERROR(ChooseAndPlace());
    Write();
    return absl::OkStatus();
  }

 private:
  DayClock Empty() const {
    DayClock clock(asked_, taken_, ways_, *day_.zone, hours_, room_);
    for (PlanLine line : day_.lines) clock.Fix(line);
    return clock;
  }
  void FixAppointments() {
    DayClock clock = Empty();
    std::int64_t fixed = 0;
    for (PlanLine& line : work_.fixed) {
      if (std::optional<Sentence> why = clock.WhyNot(line)) {
        line.told = std::move(why);
        line.start.reset();
        day_.no_room.push_back(std::move(line));
        continue;
      }
      clock.Fix(line);
      fixed += line.minutes + line.travel_minutes;
      day_.lines.push_back(std::move(line));
    }
    room_ = std::max<std::int64_t>(0, day_.minutes - day_.reserve - day_.done_minutes - fixed);
  }
  // Before the order is known: from the start, or from the nearest of those that might be seen as well; or of those alone that will be.
  std::int64_t ReckonedTravelTo(const PlanLine& line, bool only_sure) const {
    std::int64_t least = ways_.Between("", line.customer.text());
    if (ways_.matrix == nullptr) return least;
    const auto look = [&](const PlanLine& other) {
      if (only_sure && !other.mandatory && !other.appointment.has_value()) return;
      if (IsVisit(other) && other.customer != line.customer) least = std::min(least, ways_.Between(other.customer.text(), line.customer.text()));
    };
    for (const PlanLine& other : work_.able) look(other);
    for (const PlanLine& other : day_.lines) look(other);
    return least;
  }
  // Minutes between appointments in the working hours.
  std::int64_t OpenMinutes() const {
    std::int64_t open = 0;
    for (const Span& span : hours_) open += (span.to.micros() - span.from.micros()) / kMicrosPerMinute;
    for (const PlanLine& line : day_.lines) {
      const Instant from = line.start->PlusMinutes(-line.travel_minutes), to = line.start->PlusMinutes(line.minutes);
      for (const Span& span : hours_) {
        const std::int64_t taken = std::min(to, span.to).micros() - std::max(from, span.from).micros();
        if (taken > 0) open -= taken / kMicrosPerMinute;
      }
    }
    return std::max<std::int64_t>(0, open);
  }
  PlanGoals Goals() const {
    PlanGoals goals;
    goals.revisit_share = asked_.terms.revisit_share;
    goals.small_floor = asked_.terms.small_floor;
    goals.tolerance = kForSteadiness;
    if (day_.visit_quota.has_value()) goals.visit_quota = std::max<std::int64_t>(0, *day_.visit_quota - day_.visits_done);
    for (const PlanLine& line : day_.lines) {   // appointments
      if (IsVisit(line)) ++goals.visits;
      if (line.revisit) ++goals.revisits;
      if (work_.small.contains(line.customer)) ++goals.small;
    }
    return goals;
  }
  // Which lines of `open` go in.
  absl::StatusOr<std::vector<bool>> Choose(const std::vector<bool>& open) const {
    std::vector<PlanCandidate> candidates;
    std::vector<std::size_t> rows;
    for (std::size_t i = 0; i < work_.able.size(); ++i) {
      const PlanLine& line = work_.able[i];
      if (!open[i]) continue;
      rows.push_back(i);
      candidates.push_back({line.decision->followup.text(), line.minutes + line.travel_minutes, ValueOf(line), line.mandatory, IsVisit(line), line.revisit,
                            work_.small.contains(line.customer)});
    }
    RAPPORT_ASSIGN_OR_RETURN(const std::vector<PlannedCandidate> planned, PlanMinutes(candidates, std::min(room_, OpenMinutes()), Goals()));
    std::vector<bool> chosen(work_.able.size(), false);
    for (std::size_t i = 0; i < rows.size(); ++i) chosen[rows[i]] = planned[i].planned;
    return chosen;
  }
  absl::Status ChooseAndPlace() {
    std::vector<bool> open(work_.able.size(), true);   // not known to have no place on an empty day
    for (std::size_t i = 0; i < open.size(); ++i) open[i] = !work_.able[i].mandatory || KeepsOthersOut(i);
    for (int round = 0; round < kMostRounds; ++round) {
      RAPPORT_ASSIGN_OR_RETURN(const std::vector<bool> chosen, Choose(open));
      Place(chosen);
      bool again = false;
      for (std::size_t i = 0; i < open.size(); ++i) {
        if (!chosen[i] || placed_[i].start.has_value() || HasPlaceOnAnEmptyDay(i)) continue;
        open[i] = false;
        again = true;
      }
      if (!again) break;
    }
    FillUp(open);
    return absl::OkStatus();
  }
  // By line of `able`: from the start, or, by the host's ways, from somebody else who must be seen.
  std::vector<bool> Reachable() const {
    std::vector<bool> reachable;
    DayClock clock = Empty();
    for (const PlanLine& line : work_.able) {
      const bool from_start = clock.PlaceOf(line, {Instant::Min(), Instant::Max()}).has_value();
      const bool by_the_way = !from_start && line.mandatory && IsVisit(line) && ways_.matrix != nullptr;
      reachable.push_back(from_start || (by_the_way && clock.HasPlaceAfter(line, ReckonedTravelTo(line, true))));
    }
    return reachable;
  }
  bool HasPlaceOnAnEmptyDay(std::size_t i) const { return reachable_[i]; }
  // Something that must be done and is more than the day has minutes for, or has a place in the hours: not what nobody could do that day.
  bool KeepsOthersOut(std::size_t i) const { return work_.able[i].minutes + work_.able[i].travel_minutes > room_ || HasPlaceOnAnEmptyDay(i); }

  // Puts the chosen ones into an empty day: what must be done, then visits, then the rest.
  void Place(const std::vector<bool>& chosen) {
    placed_ = work_.able;
    clock_.emplace(Empty());
    std::vector<std::size_t> must, visits, calls;
    for (std::size_t i = 0; i < chosen.size(); ++i) {
      if (chosen[i]) (work_.able[i].mandatory ? must : IsVisit(work_.able[i]) ? visits : calls).push_back(i);
    }
    for (const std::size_t i : must) {
      if (!IsVisit(placed_[i])) TakeBest(i);
    }
    std::erase_if(must, [&](std::size_t i) { return !IsVisit(placed_[i]); });
    TakeVisits(must);
    for (std::size_t i = 0; i < chosen.size(); ++i) {
      if (chosen[i] && placed_[i].mandatory && !placed_[i].start.has_value() && KeepsOthersOut(i)) return;   // nothing optional goes before it
    }
    TakeVisits(visits);
    for (const std::size_t i : calls) TakeBest(i);
  }
  bool TakeBest(std::size_t i) {
    const std::optional<DayClock::Place> place = clock_->BestPlaceOf(placed_[i]);
    if (place.has_value()) clock_->Take(placed_[i], *place);
    return place.has_value();
  }
  // In the order of the shortest way, in their best hours if all have room so; else one after the other.
  void TakeVisits(const std::vector<std::size_t>& visits) {
    if (visits.empty()) return;
    std::vector<std::size_t> order = visits;
    if (ways_.matrix != nullptr) order = Routed(visits);
    const DayClock before = *clock_;
    std::size_t in_best_hours = 0;
    for (const std::size_t i : order) in_best_hours += TakeBest(i) ? 1 : 0;
    if (in_best_hours == order.size()) return;
    const DayClock with_best_hours = std::exchange(*clock_, before);
    std::vector<PlanLine> kept;
    for (const std::size_t i : order) kept.push_back(std::exchange(placed_[i], work_.able[i]));
    std::size_t packed = 0;
    for (const std::size_t i : order) {
      const std::optional<DayClock::Place> place = clock_->PlaceOf(placed_[i], {Instant::Min(), Instant::Max()});
      if (!place.has_value()) continue;
      clock_->Take(placed_[i], *place);
      ++packed;
    }
    if (packed > in_best_hours) return;
    *clock_ = with_best_hours;
    for (std::size_t k = 0; k < order.size(); ++k) placed_[order[k]] = kept[k];
  }
  std::vector<std::size_t> Routed(const std::vector<std::size_t>& visits) const {
    const auto place = [&](int i) { return i < 0 ? std::string() : placed_[visits[static_cast<std::size_t>(i)]].customer.text(); };
    std::vector<std::size_t> order;
    for (const std::size_t k : ShortestRoute(visits.size(), [&](int a, int b) { return ways_.Between(place(a), place(b)); })) order.push_back(visits[k]);
    return order;
  }
  // What was not chosen, or found no place, where it still fits: first what must be done.
  void FillUp(const std::vector<bool>& open) {
    std::vector<std::size_t> order;
    bool must_is_out = false;
    for (std::size_t i = 0; i < open.size(); ++i) {
      if ((open[i] || placed_[i].mandatory) && !placed_[i].start.has_value()) order.push_back(i);
    }
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      if (placed_[a].mandatory != placed_[b].mandatory) return placed_[a].mandatory;
      return IsWorthMore(placed_[a], placed_[b]);
    });
    for (const std::size_t i : order) {
      const PlanLine& line = placed_[i];
      if (!line.mandatory && (must_is_out || clock_->left() < line.minutes || LowersTheShare(line))) continue;
      if (!TakeBest(i) && line.mandatory) must_is_out = must_is_out || KeepsOthersOut(i);
    }
    if (must_is_out) {
      TakeOutOptional();
      return;
    }
    OfferSpare();
    // Somebody who is too far from the start may be near to a visit that came in since.
    for (const std::size_t i : order) {
      if (placed_[i].mandatory && !placed_[i].start.has_value()) TakeBest(i);
    }
  }
  // One more visit where nobody was, with fewer revisits beside it than the terms ask for and there are.
  bool LowersTheShare(const PlanLine& line) const {
    if (!IsVisit(line) || line.revisit) return false;
    std::int64_t visits = 1, revisits = 0, there = 0;
    const auto count = [&](const PlanLine& one, bool planned, bool fits) {
      if (!IsVisit(one)) return;
      if (planned) ++visits;
      if (planned && one.revisit) ++revisits;
      if (one.revisit && (planned || fits)) ++there;
    };
    for (const PlanLine& one : day_.lines) count(one, true, true);
    for (const PlanLine& one : extra_) count(one, true, true);
    for (std::size_t i = 0; i < placed_.size(); ++i) {
      count(placed_[i], placed_[i].start.has_value(), reachable_[i] && placed_[i].minutes + placed_[i].travel_minutes <= room_);
    }
    return RevisitsMissing(asked_.terms.revisit_share, visits, revisits, there) > 0;
  }
  // An account whose line found no place is seen by another one that waits for it.
  void OfferSpare() {
    std::set<CustomerId> seen;
    for (const PlanLine& line : placed_) {
      if (line.start.has_value()) seen.insert(line.customer);
    }
    std::vector<PlanLine> waits;
    for (PlanLine& line : work_.waits) {
      const bool spare = line.decision != nullptr && work_.spare.contains(line.decision->followup) && !seen.contains(line.customer);
      const std::optional<DayClock::Place> place = spare && !LowersTheShare(line) ? clock_->BestPlaceOf(line) : std::nullopt;
      if (!place.has_value()) {
        waits.push_back(std::move(line));
        continue;
      }
      clock_->Take(line, *place);
      seen.insert(line.customer);
      extra_.push_back(std::move(line));
    }
    work_.waits = std::move(waits);
  }
  // Something that must be done has no room beside the others of its kind: then nothing else is done.
  void TakeOutOptional() {
    std::vector<bool> must(placed_.size(), false);
    bool has_optional = false;
    for (std::size_t i = 0; i < must.size(); ++i) {
      must[i] = placed_[i].mandatory && placed_[i].start.has_value();
      has_optional = has_optional || (!placed_[i].mandatory && placed_[i].start.has_value());
    }
    if (has_optional) Place(must);
  }

  void Write() {
    for (PlanLine& line : extra_) day_.lines.push_back(std::move(line));
    for (PlanLine& line : placed_) (line.start.has_value() ? day_.lines : day_.no_room).push_back(std::move(line));
    std::stable_sort(day_.lines.begin(), day_.lines.end(), [](const PlanLine& a, const PlanLine& b) { return *a.start < *b.start; });
    for (PlanLine& line : day_.lines) {
      line.position = &line - day_.lines.data() + 1;
      if (IsVisit(line)) line.travel_minutes = clock_->TravelOf(line);
      day_.planned_minutes += line.minutes + line.travel_minutes;
      day_.travel_minutes += line.travel_minutes;
      (line.mandatory ? day_.mandatory : day_.chosen) += 1;
      day_.visits += IsVisit(line) ? 1 : 0;
      day_.revisits += line.revisit ? 1 : 0;
    }
    day_.free_minutes = std::max<std::int64_t>(0, std::min(clock_->left(), OpenMinutes()));
    std::stable_sort(day_.no_room.begin(), day_.no_room.end(), [](const PlanLine& a, const PlanLine& b) {
      if (a.decision == nullptr || b.decision == nullptr) return a.decision == nullptr && b.decision != nullptr;
      return MoreUrgent(a, b);
    });
    day_.waits = std::move(work_.waits);
    day_.passed_on = std::move(work_.passed_on);
    day_.held = std::move(work_.held);
  }

  const WorkQuestion& asked_;
  const TakenTimes& taken_;
  RepWork& work_;
  RepDay& day_;
  RepRecord rep_;
  Ways ways_;
  std::vector<Span> hours_;
  std::int64_t room_ = 0;
  std::vector<bool> reachable_;        // of work_.able: has a place on a day with appointments alone
  std::vector<PlanLine> placed_;       // as work_.able; with a start where there is a place
  std::vector<PlanLine> extra_;        // of work_.waits, planned after all
  std::optional<DayClock> clock_;
};

}  // namespace

absl::Status PlanRep(const WorkQuestion& asked, const TakenTimes& taken, RepWork work, RepDay& day) {
  return RepPlanner(asked, taken, work, day).Plan();
}

}  // namespace rapport

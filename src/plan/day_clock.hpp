// Floor 6, inside. A rep's day as it fills: what is taken, and where the next line may start.
#ifndef RAPPORT_SRC_PLAN_DAY_CLOCK_HPP_
#define RAPPORT_SRC_PLAN_DAY_CLOCK_HPP_

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "plan/taken.hpp"

namespace rapport {

// Where visits are, and how long the ways between them take.
struct Ways {
  const TravelMatrix* matrix = nullptr;
  std::int64_t usual = 0;   // where the matrix says nothing
  std::int64_t Between(const std::string& from, const std::string& to) const {
    if (from == to) return 0;
    return matrix == nullptr ? usual : matrix->Between(from, to).value_or(usual);
  }
};

class DayClock {
 public:
  // `taken`: of customers, by others, on other days and by all appointments, the rep's own among them. `hours`: in which the rep works, in order. `minutes`:
  // that lines without appointments may take, with travel.
  DayClock(const WorkQuestion& asked, const TakenTimes& taken, Ways ways, const Zone& zone, std::vector<Span> hours, std::int64_t minutes)
      : asked_(&asked), taken_(&taken), ways_(ways), every_(asked.terms.visits_start_every), zone_(&zone), hours_(std::move(hours)), left_(minutes) {}

  // An appointment, in order of start: taken whatever else holds. Its travel is set.
  void Fix(PlanLine& line);
  // Why it must not be kept; nullopt: it stands.
  std::optional<Sentence> WhyNot(const PlanLine& appointment) { return WhyNotKept(*asked_, AccountOf(appointment.customer), appointment); }

  // Where a line would go.
  struct Place {
    Instant start;
    std::int64_t travel = 0;   // before it
    std::int64_t more = 0;     // of the next visit
  };
  // The first place that begins in `within`, where all of its minutes fit; nullopt: there is none. Permission has the last word over any start.
  std::optional<Place> PlaceOf(const PlanLine& line, const Span& within) { return PlaceOf(line, within, std::nullopt); }
  // Whether there would be one if the way to it took so long and the next visit were no farther for it.
  bool HasPlaceAfter(const PlanLine& line, std::int64_t travel) { return PlaceOf(line, {Instant::Min(), Instant::Max()}, travel).has_value(); }
  // The same: inside the customer's proven best hours of that day if there is room, else anywhere.
  std::optional<Place> BestPlaceOf(const PlanLine& line);
  void Take(PlanLine& line, const Place& place);

  // What stands before a line that was taken: a later one may have come between it and the one before.
  std::int64_t TravelOf(const PlanLine& line) const;
  std::int64_t left() const { return left_; }

 private:
  struct Stop {
    std::string place;
    Span visit;
    std::int64_t travel = 0;
  };
  const Account& AccountOf(const CustomerId& customer);
  const Zone& ZoneOf(const PlanLine& line);
  // What the customer's time is taken by.
  std::vector<const TakenTime*> TakenOf(const CustomerId& customer) const;
  std::optional<Instant> AllowedFrom(const PlanLine& line, Instant from, const std::vector<const TakenTime*>& taken);
  std::optional<Span> BestHoursOf(const PlanLine& line);
  std::vector<Span> Gaps() const;
  // Index into stops_ of the first visit from `at` on.
  std::size_t NextStop(Instant at) const;
  std::string PlaceBefore(std::size_t stop) const { return stop == 0 ? std::string() : stops_[stop - 1].place; }
  std::optional<Place> PlaceOf(const PlanLine& line, const Span& within, std::optional<std::int64_t> travel);
  std::optional<Place> PlaceIn(const PlanLine& line, const Span& gap, const Span& within, std::optional<std::int64_t> travel);
  std::optional<Instant> StartIn(const PlanLine& line, Instant from, Instant until);

  const WorkQuestion* asked_;
  const TakenTimes* taken_;
  Ways ways_;
  std::int64_t every_;
  const Zone* zone_;             // the rep's
  std::vector<Span> hours_;
  std::int64_t left_;
  std::vector<Stop> stops_;      // visits, in order
  std::vector<Span> calls_;      // everything else that is taken
  std::map<CustomerId, std::shared_ptr<const Account>> accounts_;
  TakenTimes placed_;            // by lines of this day so far
  std::map<CustomerId, std::optional<Span>> best_hours_;
};

}  // namespace rapport

#endif  // RAPPORT_SRC_PLAN_DAY_CLOCK_HPP_

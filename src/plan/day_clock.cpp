#include "plan/day_clock.hpp"

#include <algorithm>

#include "rapport/book/zone_of.hpp"
#include "rapport/relationship/best_hours.hpp"

namespace rapport {
namespace {

bool IsVisit(const PlanLine& line) { return line.channel == Channel::kVisit; }

// `spans` without `taken`.
std::vector<Span> Without(const std::vector<Span>& spans, const Span& taken) {
  std::vector<Span> left;
  for (const Span& span : spans) {
    if (taken.to <= span.from || span.to <= taken.from) {
      left.push_back(span);
      continue;
    }
    if (span.from < taken.from) left.push_back({span.from, taken.from});
    if (taken.to < span.to) left.push_back({taken.to, span.to});
  }
  return left;
}

}  // namespace

const Account& DayClock::AccountOf(const CustomerId& customer) {
  std::shared_ptr<const Account>& account = accounts_[customer];
  if (account == nullptr) account = asked_->book.Find(customer);
  RAPPORT_INVARIANT(account != nullptr, "a line names an account of its book");
  return *account;
}

const Zone& DayClock::ZoneOf(const PlanLine& line) {
  const Account& account = AccountOf(line.customer);
  return ZoneOfPerson(asked_->book.context(), account, PersonOf(account, line));
}

std::vector<const TakenTime*> DayClock::TakenOf(const CustomerId& customer) const {
  std::vector<const TakenTime*> times;
  for (const TakenTimes* all : {taken_, &placed_}) {
    const auto found = all->find(customer);
    if (found == all->end()) continue;
    for (const TakenTime& time : found->second) times.push_back(&time);
  }
  return times;
}

// Nobody of the account is talked to at that moment by another line.
std::optional<Instant> DayClock::AllowedFrom(const PlanLine& line, Instant from, const std::vector<const TakenTime*>& taken) {
  std::vector<Attempt> attempts;
  const PermissionInput input = PermissionFor(*asked_, AccountOf(line.customer), line, taken, attempts);
  if (line.decision != nullptr) from = std::max(from, line.decision->not_before);
  for (std::size_t round = 0; round <= taken.size(); ++round) {
    const std::optional<Instant> allowed = CheckPermission(input, from).first_allowed;
    if (!allowed.has_value()) return std::nullopt;
    const Instant end = allowed->PlusMinutes(line.minutes);
    from = *allowed;
    for (const TakenTime* time : taken) {
      if (time->span.from < end && *allowed < time->span.to) from = std::max(from, time->span.to);
    }
    if (from == *allowed) return allowed;
  }
  return std::nullopt;
}

void DayClock::Fix(PlanLine& line) {
  const Instant end = line.start->PlusMinutes(line.minutes);
  if (!IsVisit(line)) {
    calls_.push_back({*line.start, end});
    return;
  }
  line.travel_minutes = ways_.Between(PlaceBefore(stops_.size()), line.customer.text());
  stops_.push_back({line.customer.text(), {*line.start, end}, line.travel_minutes});
}

std::size_t DayClock::NextStop(Instant at) const {
  const auto next = std::find_if(stops_.begin(), stops_.end(), [&](const Stop& stop) { return stop.visit.from >= at; });
  return static_cast<std::size_t>(next - stops_.begin());
}

std::vector<Span> DayClock::Gaps() const {
  std::vector<Span> gaps = hours_;
  for (const Span& call : calls_) gaps = Without(gaps, call);
  for (const Stop& stop : stops_) gaps = Without(gaps, {stop.visit.from.PlusMinutes(-stop.travel), stop.visit.to});
  return gaps;
}

// A visit starts on the grid of the rep's wall clock.
std::optional<Instant> DayClock::StartIn(const PlanLine& line, Instant from, Instant until) {
  const std::vector<const TakenTime*> taken = TakenOf(line.customer);
  for (std::size_t round = 0; round < 8 + taken.size(); ++round) {
    const std::optional<Instant> allowed = AllowedFrom(line, from, taken);
    if (!allowed || *allowed >= until) return std::nullopt;
    if (!IsVisit(line) || every_ <= 1) return allowed;
    const std::int64_t over = LocalMinute(zone_->Local(*allowed)).minute() % every_;
    if (over == 0) return allowed;
    from = allowed->PlusMinutes(every_ - over);
  }
  return std::nullopt;
}

std::optional<DayClock::Place> DayClock::PlaceIn(const PlanLine& line, const Span& gap, const Span& within, std::optional<std::int64_t> travel) {
  Place place;
  Instant last = gap.to;
  if (IsVisit(line) && travel.has_value()) {
    place.travel = *travel;
  } else if (IsVisit(line)) {
    const std::size_t next = NextStop(gap.to);
    place.travel = ways_.Between(PlaceBefore(next), line.customer.text());
    if (next < stops_.size()) {
      // The next one is reached from here now.
      const Stop& after = stops_[next];
      place.more = ways_.Between(line.customer.text(), after.place) - after.travel;
      if (place.more > 0 && after.visit.from.PlusMinutes(-after.travel) != gap.to) return std::nullopt;
      if (place.more > 0) last = gap.to.PlusMinutes(-place.more);
    }
  }
  if (line.minutes + place.travel + place.more > left_) return std::nullopt;
  const std::optional<Instant> start = StartIn(line, std::max(gap.from.PlusMinutes(place.travel), within.from), within.to);
  if (!start || start->PlusMinutes(line.minutes) > last) return std::nullopt;
  if (line.decision != nullptr && *start > line.decision->expires) return std::nullopt;
  place.start = *start;
  return place;
}

std::optional<DayClock::Place> DayClock::PlaceOf(const PlanLine& line, const Span& within, std::optional<std::int64_t> travel) {
  for (const Span& gap : Gaps()) {
    if (gap.to.PlusMinutes(-line.minutes) < within.from || within.to <= gap.from) continue;
    if (gap.from.PlusMinutes(line.minutes) > gap.to) continue;
    const std::optional<Place> place = PlaceIn(line, gap, within, travel);
    if (place.has_value()) return place;
  }
  return std::nullopt;
}

// Of the local day on which the rep's day begins where the customer is.
std::optional<Span> DayClock::BestHoursOf(const PlanLine& line) {
  const auto known = best_hours_.find(line.customer);
  if (known != best_hours_.end()) return known->second;
  std::optional<Span>& found = best_hours_[line.customer];
  const Account& account = AccountOf(line.customer);
  if (hours_.empty() || ProfilingWithdrawn(account)) return found;
  const Zone& zone = ZoneOf(line);
  const BestHours hours = BestHours::Of(account.touches, zone, asked_->input.as_of);
  if (!hours.proven().has_value()) return found;
  const HourWindow& window = hours.proven()->window;
  const Day day = zone.LocalDay(hours_.front().from);
  if (window.weekday.has_value() && absl::GetWeekday(day) != *window.weekday) return found;
  const LocalSecond begin = LocalSecond(day) + window.from_hour * 3600;
  found = Span{zone.At(begin), zone.At(begin + kHoursOfWindow * 3600)};
  return found;
}

std::optional<DayClock::Place> DayClock::BestPlaceOf(const PlanLine& line) {
  if (const std::optional<Span> best = BestHoursOf(line)) {
    const std::optional<Place> place = PlaceOf(line, *best);
    if (place.has_value()) return place;
  }
  return PlaceOf(line, {Instant::Min(), Instant::Max()});
}

void DayClock::Take(PlanLine& line, const Place& place) {
  line.start = place.start;
  line.travel_minutes = place.travel;
  left_ -= line.minutes + place.travel + place.more;
  const Span taken{place.start, place.start.PlusMinutes(line.minutes)};
  if (IsVisit(line)) {
    const std::size_t next = NextStop(taken.to);
    if (next < stops_.size()) stops_[next].travel += place.more;
    stops_.insert(stops_.begin() + static_cast<std::ptrdiff_t>(next), {line.customer.text(), taken, place.travel});
  } else {
    calls_.push_back(taken);
  }
  placed_[line.customer].push_back(TakenBy(AccountOf(line.customer), line));
}

std::int64_t DayClock::TravelOf(const PlanLine& line) const {
  const auto stop = std::find_if(stops_.begin(), stops_.end(), [&](const Stop& one) { return one.visit.from == *line.start && one.place == line.customer.text(); });
  return stop == stops_.end() ? 0 : stop->travel;
}

}  // namespace rapport

#include "rapport/relationship/trust.hpp"

#include <algorithm>
#include <cmath>

#include "rapport/stats/special.hpp"

namespace rapport {
namespace {

constexpr double kMicrosPerDay = 86'400e6;

}  // namespace

double DaysBetween(Instant from, Instant to) { return static_cast<double>(to.micros() - from.micros()) / kMicrosPerDay; }

double DecayOver(double days, double half_life_days) { return stats::Exp2(-days / half_life_days); }

void DecayingSum::Add(Instant at, double weight) {
  if (value_ == 0) {
    at_ = at;
    value_ = weight;
  } else if (at <= at_) {
    value_ += weight * DecayOver(DaysBetween(at, at_), half_life_days_);
  } else {
    value_ = At(at) + weight;
    at_ = at;
  }
}

double DecayingSum::At(Instant at) const { return value_ == 0 ? 0 : value_ * DecayOver(DaysBetween(at_, at), half_life_days_); }

Instant DecayingSum::FallsBelow(double level) const {
  const double least = level * (1 - kTrustTolerance);
  if (value_ < least) return at_;
  const double micros = half_life_days_ * stats::Log2(value_ / least) * kMicrosPerDay;
  const auto left = static_cast<double>(Instant::Max().micros() - at_.micros());
  return micros >= left ? Instant::Max() : at_.PlusMicros(static_cast<std::int64_t>(std::ceil(micros)));
}

// The formula says which day; the sums at its 00:00 and the one before settle what the last bit of a logarithm may miss.
Day DecayingSum::FirstDayBelow(double level, const Zone& zone, Day today) const {
  const auto below = [&](Day day) { return At(zone.StartOf(day)) < level * (1 - kTrustTolerance); };
  Day day = std::max(zone.LocalDay(FallsBelow(level)), today + 1);
  while (day > today + 1 && below(day - 1)) --day;
  while (day < zone.LocalDay(Instant::Max()) && !below(day)) ++day;
  return day;
}

}  // namespace rapport

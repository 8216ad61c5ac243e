#include "permission/local_clock.hpp"

namespace rapport {
namespace {

constexpr std::int64_t kMicrosPerSecond = 1'000'000;
constexpr std::int64_t kMicrosPerMinute = 60 * kMicrosPerSecond;

std::int64_t FloorDivide(std::int64_t value, std::int64_t by) {
  const std::int64_t quotient = value / by;
  return quotient - (value % by < 0 ? 1 : 0);
}

Instant FromSeconds(std::int64_t seconds) { return Instant::FromMicros(seconds * kMicrosPerSecond); }

}  // namespace

Instant CeilMinute(Instant t) {
  return Instant::FromMicros(-FloorDivide(-t.micros(), kMicrosPerMinute) * kMicrosPerMinute);
}

Instant NextLocal(const Zone& zone, Instant t, LocalSecond target) {
  const int offset = zone.OffsetSeconds(t);
  std::int64_t before = FloorDivide(t.micros(), kMicrosPerSecond);
  std::int64_t after = before + (target - zone.Local(t));
  if (zone.OffsetSeconds(FromSeconds(after)) != offset) {
    while (after - before > 1) {
      const std::int64_t middle = before + (after - before) / 2;
      (zone.OffsetSeconds(FromSeconds(middle)) == offset ? before : after) = middle;
    }
  }
  return CeilMinute(FromSeconds(after));
}

Instant NextDayChange(const Zone& zone, Instant t) {
  const Day day = zone.LocalDay(t);
  Instant next = t;
  do {
    next = NextLocal(zone, next, LocalSecond(zone.LocalDay(next) + 1));
  } while (zone.LocalDay(next) == day);
  return next;
}

}  // namespace rapport

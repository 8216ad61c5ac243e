// Floor 0. Instants and civil days.
//
// An Instant is a point on the UTC line in whole microseconds; a Day (absl::CivilDay) is a square on somebody's
// wall calendar. One becomes the other only through a Zone (zones.hpp): "20 days later" is counted in days, "48
// hours later" in instants, and the types keep the two apart. The engine never reads a clock.
#ifndef RAPPORT_CORE_TIME_HPP_
#define RAPPORT_CORE_TIME_HPP_

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace rapport {

using Day = absl::CivilDay;
using LocalMinute = absl::CivilMinute;
using LocalSecond = absl::CivilSecond;

// int64 microseconds since 1970-01-01T00:00:00Z; years 1 to 9999.
class Instant {
 public:
  constexpr Instant() = default;
  static constexpr Instant FromMicros(std::int64_t micros) { return Instant(micros); }
  constexpr std::int64_t micros() const { return micros_; }
  absl::Time ToAbsl() const { return absl::FromUnixMicros(micros_); }

  constexpr Instant PlusMicros(std::int64_t micros) const { return Instant(micros_ + micros); }
  constexpr Instant PlusMinutes(std::int64_t minutes) const { return Instant(micros_ + minutes * 60'000'000); }
  static constexpr Instant Max() { return Instant(253'402'300'799'999'999); }  // 9999-12-31T23:59:59.999999Z
  static constexpr Instant Min() { return Instant(-62'135'596'800'000'000); }  // 0001-01-01T00:00:00Z

  friend constexpr auto operator<=>(const Instant&, const Instant&) = default;
  template <class H>
  friend H AbslHashValue(H state, Instant t) { return H::combine(std::move(state), t.micros_); }

 private:
  constexpr explicit Instant(std::int64_t micros) : micros_(micros) {}
  std::int64_t micros_ = 0;
};

// An instant with the offset it was written with; the offset is kept for the record and decides nothing.
struct Stamp {
  Instant at;
  std::int16_t offset_minutes = 0;
  friend bool operator==(const Stamp&, const Stamp&) = default;
};

// RFC 3339 with an offset ("2026-03-02T10:15:00+09:00", "...Z"). Finer than a microsecond, a missing offset, a
// leap second or an impossible date is `time.invalid`, with the text found.
absl::StatusOr<Stamp> ParseStamp(std::string_view text);
// The same instant and offset back; a fraction only where there is one (3 or 6 digits). "Z" for offset 0.
std::string FormatStamp(const Stamp& stamp);
// In UTC with "Z".
std::string FormatInstant(Instant at);

// ISO 8601 date "2026-03-02"; else `time.invalid_day`.
absl::StatusOr<Day> ParseDay(std::string_view text);
std::string FormatDay(Day day);
// "09:00" or "24:00" to minutes after midnight, 0..1440; else `time.invalid_minute`.
absl::StatusOr<int> ParseMinuteOfDay(std::string_view text);
std::string FormatMinuteOfDay(int minutes);

}  // namespace rapport

#endif  // RAPPORT_CORE_TIME_HPP_

// Floor 0, inside. TZif files (RFC 8536): the binary form of the IANA zone rules.
#ifndef RAPPORT_SRC_CORE_TZIF_HPP_
#define RAPPORT_SRC_CORE_TZIF_HPP_

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace rapport {

// When a daylight-saving rule of a POSIX TZ footer takes effect within a year.
struct YearlyRule {
  enum class Kind { kMonthWeekDay, kJulianNoLeap, kDayOfYear } kind = Kind::kMonthWeekDay;
  int month = 0, week = 0, weekday = 0;  // week 5 is the last; weekday 0 is Sunday
  int day = 0;
  int seconds = 2 * 3600;                // after local midnight; may be negative or over a day
};

// "EST5EDT,M3.2.0,M11.1.0": what holds after the last transition that the file lists.
struct PosixRule {
  int standard_offset = 0;               // seconds east of UTC
  std::optional<int> daylight_offset;
  YearlyRule to_daylight, to_standard;
  // Offset at a UTC second.
  int OffsetAt(std::int64_t utc) const;
};

struct TzifRules {
  std::vector<std::int64_t> transitions; // UTC seconds, ascending
  std::vector<int> offsets;              // offsets[i] holds before transitions[i]; one more than transitions
  std::optional<PosixRule> footer;       // after the last transition
  int OffsetAt(std::int64_t utc) const;
};

// nullopt where the bytes are not a valid TZif file of version 2 or later.
std::optional<TzifRules> ParseTzif(std::string_view bytes);
std::optional<PosixRule> ParsePosixRule(std::string_view text);

}  // namespace rapport

#endif  // RAPPORT_SRC_CORE_TZIF_HPP_

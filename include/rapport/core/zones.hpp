// Floor 0. Zone rules as an input.
//
// What "9 in the morning in Osaka" is on the UTC line depends on rules that change a few times a year. They are
// an input of the engine, with a version that goes into build_info and every follow-up: two engines with the
// same rules give the same plan, whatever TZ, TZDIR or the machine's tzdata say. The build bundles the IANA rules
// (ZoneRules::Bundled); a host may hand over newer ones (FromTzif). See docs/adr on zone rules.
//
// A local time may not exist (clocks go forward) or exist twice (clocks go back). Zone::At takes the first instant
// whose local time is not before the one asked for when it was skipped, and the earlier of the two when repeated.
#ifndef RAPPORT_CORE_ZONES_HPP_
#define RAPPORT_CORE_ZONES_HPP_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "rapport/core/time.hpp"

namespace rapport {

// One zone's rules. Immutable; safe to read from any thread; owned by its ZoneRules.
class Zone {
 public:
  virtual ~Zone() = default;
  virtual std::string_view name() const = 0;
  // Offset east of UTC in seconds at `at`. O(log transitions).
  virtual int OffsetSeconds(Instant at) const = 0;
  // Local wall time at `at`, to the second.
  LocalSecond Local(Instant at) const;
  Day LocalDay(Instant at) const { return Day(Local(at)); }
  // The instant of a local wall time; see above for skipped and repeated times.
  virtual Instant At(LocalSecond local) const = 0;
  // The first instant of a local day (00:00, or later where midnight was skipped).
  Instant StartOf(Day day) const { return At(LocalSecond(day)); }
};

// A set of zones with a version such as "2026a". Cheap to copy (shared, immutable).
class ZoneRules {
 public:
  // The rules bundled at build time.
  static const ZoneRules& Bundled();
  // From TZif files (RFC 8536) by name. `zone.invalid_tzif` names the zone.
  static absl::StatusOr<ZoneRules> FromTzif(std::string version, const std::map<std::string, std::string>& files);

  // `zone.unknown` names the zone. The pointer lives as long as any copy of these rules. "UTC" always exists.
  absl::StatusOr<const Zone*> Find(std::string_view name) const;
  const Zone& Utc() const;
  std::string_view version() const;
  std::vector<std::string> Names() const;  // sorted

 private:
  struct Set;
  explicit ZoneRules(std::shared_ptr<const Set> set) : set_(std::move(set)) {}
  std::shared_ptr<const Set> set_;
};

}  // namespace rapport

#endif  // RAPPORT_CORE_ZONES_HPP_

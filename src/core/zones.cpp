#include "rapport/core/zones.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "core/tzif.hpp"
#include "rapport/core/status.hpp"

// Made by cmake/RapportZoneRules.cmake; the last entry has no name.
struct RapportBundledZone {
  const char* name;
  const char* bytes;
  std::uint64_t size;
};
extern "C" const RapportBundledZone rapport_bundled_zones[];
extern "C" const char* const rapport_bundled_zones_version;

namespace rapport {
namespace {

constexpr std::int64_t kMicrosPerSecond = 1'000'000;
const LocalSecond kEpoch(1970, 1, 1);

std::int64_t FloorSeconds(Instant at) {
  const std::int64_t seconds = at.micros() / kMicrosPerSecond;
  return at.micros() % kMicrosPerSecond < 0 ? seconds - 1 : seconds;
}

class TzifZone : public Zone {
 public:
  TzifZone(std::string name, std::shared_ptr<const TzifRules> rules) : name_(std::move(name)), rules_(std::move(rules)) {}
  std::string_view name() const override { return name_; }
  int OffsetSeconds(Instant at) const override { return rules_->OffsetAt(FloorSeconds(at)); }

  Instant At(LocalSecond local) const override {
    const std::int64_t wall = local - kEpoch;
    // The offsets that hold about then. Whatever the zone, the instant lies within a day of the wall time read as UTC.
    const int before = rules_->OffsetAt(wall - 86'400);
    const int after = rules_->OffsetAt(wall + 86'400);
    for (const int offset : {std::max(before, after), std::min(before, after)}) {
      const std::int64_t utc = wall - offset;
      if (rules_->OffsetAt(utc) == offset) return FromSeconds(utc);   // the larger offset is the earlier instant
    }
    return FromSeconds(FirstNotBefore(wall, wall - std::max(before, after), wall - std::min(before, after)));
  }

 private:
  static Instant FromSeconds(std::int64_t utc) { return Instant::FromMicros(utc * kMicrosPerSecond); }

  // The wall time was skipped (or changed twice within two days): the first second in [low, high] whose local time is not before it.
  std::int64_t FirstNotBefore(std::int64_t wall, std::int64_t low, std::int64_t high) const {
    low -= 86'400;
    while (low < high) {
      const std::int64_t middle = low + (high - low) / 2;
      if (middle + rules_->OffsetAt(middle) >= wall) high = middle;
      else low = middle + 1;
    }
    return low;
  }
  std::string name_;
  std::shared_ptr<const TzifRules> rules_;
};

absl::Status InvalidTzif(std::string_view name) {
  return Invalid("zone.invalid_tzif", absl::StrCat("zone ", std::string(name), ": found bytes that are no TZif file of version 2 or later"));
}

}  // namespace

struct ZoneRules::Set {
  std::string version;
  std::map<std::string, std::unique_ptr<const Zone>, std::less<>> zones;

  void Add(std::string name, TzifRules rules) {
    auto shared = std::make_shared<const TzifRules>(std::move(rules));
    zones.insert_or_assign(name, std::make_unique<TzifZone>(name, std::move(shared)));
  }
  void AddUtc() { Add("UTC", TzifRules{{}, {0}, PosixRule{}}); }
};

// By the standard library's calendar, which counts days in closed form, as far as its years go; Abseil's steps from year to year.
LocalSecond Zone::Local(Instant at) const {
  const std::int64_t wall = FloorSeconds(at) + OffsetSeconds(at);
  constexpr std::int64_t kFarAway = std::int64_t{30'000} * 365 * 86'400;
  if (wall < -kFarAway || wall > kFarAway) return kEpoch + wall;
  const std::chrono::sys_seconds moment{std::chrono::seconds(wall)};
  const std::chrono::sys_days midnight = std::chrono::floor<std::chrono::days>(moment);
  const std::chrono::year_month_day date(midnight);
  const std::chrono::hh_mm_ss time(moment - midnight);
  return LocalSecond(static_cast<int>(date.year()), static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), time.hours().count(),
                     time.minutes().count(), time.seconds().count());
}

const ZoneRules& ZoneRules::Bundled() {
  static const ZoneRules rules = [] {
    auto set = std::make_shared<Set>();
    set->version = rapport_bundled_zones_version;
    set->AddUtc();
    for (const RapportBundledZone* zone = rapport_bundled_zones; zone->name != nullptr; ++zone) {
      std::optional<TzifRules> parsed = ParseTzif(std::string_view(zone->bytes, zone->size));
      RAPPORT_INVARIANT(parsed.has_value(), "bundled zone rules are TZif files");
      set->Add(zone->name, *std::move(parsed));
    }
    return ZoneRules(std::move(set));
  }();
  return rules;
}

absl::StatusOr<ZoneRules> ZoneRules::FromTzif(std::string version, const std::map<std::string, std::string>& files) {
  auto set = std::make_shared<Set>();
  set->version = std::move(version);
  set->AddUtc();
  for (const auto& [name, bytes] : files) {
    std::optional<TzifRules> parsed = ParseTzif(bytes);
    if (!parsed) return InvalidTzif(name);
    set->Add(name, *std::move(parsed));
  }
  return ZoneRules(std::move(set));
}

absl::StatusOr<const Zone*> ZoneRules::Find(std::string_view name) const {
  const auto found = set_->zones.find(name);
  if (found != set_->zones.end()) return found->second.get();
  return NotFound("zone.unknown", absl::StrCat("zone: found \"", std::string(name), "\", expected an IANA name of the zone rules ",
                                               set_->version, " such as Asia/Tokyo"));
}

const Zone& ZoneRules::Utc() const { return *set_->zones.find("UTC")->second; }

std::string_view ZoneRules::version() const { return set_->version; }

std::vector<std::string> ZoneRules::Names() const {
  std::vector<std::string> names;
  for (const auto& [name, zone] : set_->zones) names.push_back(name);
  return names;
}

}  // namespace rapport

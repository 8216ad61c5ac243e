// How often, and how long after a refusal: what was tried before counts.
#ifndef RAPPORT_SRC_PERMISSION_CAPS_HPP_
#define RAPPORT_SRC_PERMISSION_CAPS_HPP_

#include <optional>
#include <vector>

#include "rapport/permission/permission.hpp"

namespace rapport {

// One cap of the profile with the attempts it counts.
class CapCounter {
 public:
  CapCounter(const FrequencyCap& cap, const PermissionInput& input);
  const FrequencyCap& cap() const { return cap_; }

  // One more at `t` would exceed the cap in its own window, or in that of a reservation which comes later. O(log attempts).
  bool BlocksAt(Instant t) const { return CountAt(t) >= cap_.attempts || FullReservation(t) != nullptr; }
  // Those in the window that ends with an attempt at `t`.
  int CountAt(Instant t) const;
  std::vector<const Attempt*> CountedAt(Instant t) const;
  // The first later reservation whose window holds `t` and has no room; or nullptr.
  const Attempt* FullReservation(Instant t) const;
  // The first whole minute after `t` at which the count may be another one; none: it stays.
  std::optional<Instant> NextChange(Instant t) const;

 private:
  // Where an attempt stands: its local day, in days since 1970, or its instant in microseconds.
  std::int64_t PlaceOf(Instant t) const;
  std::int64_t width_;
  const FrequencyCap& cap_;
  const Zone& zone_;
  struct Entry {
    std::int64_t place;
    const Attempt* attempt;
  };
  std::vector<Entry> entries_;   // sorted by place
  std::vector<Entry> full_;      // reservations whose own window has no room, sorted by place
};

// The cool-off after refused contact.
class CoolOff {
 public:
  explicit CoolOff(const PermissionInput& input);
  int days() const { return days_; }
  // The refusals that still hold at `t`, in order of time. O(refusals).
  std::vector<const Attempt*> At(Instant t) const;
  Instant NextChange(Instant t) const;

 private:
  int days_;
  const Zone& zone_;
  struct Refused {
    Day last_day;
    const Attempt* attempt;
  };
  std::vector<Refused> refused_;
};

}  // namespace rapport

#endif  // RAPPORT_SRC_PERMISSION_CAPS_HPP_

// What people said: which consents and do-not-contact records stand at a moment.
#ifndef RAPPORT_SRC_PERMISSION_STANDING_HPP_
#define RAPPORT_SRC_PERMISSION_STANDING_HPP_

#include <optional>
#include <vector>

#include "rapport/permission/permission.hpp"

namespace rapport {

// A record that covers the question, and from when on another one has taken its place.
template <class Record>
struct Spoken {
  const Record* record = nullptr;
  Instant replaced = Instant::Max();
  bool StandsAt(Instant t) const { return record->at <= t && t < replaced; }
};

class Consents {
 public:
  explicit Consents(const PermissionInput& input);
  // kConsentWithdrawn, kConsentExpired, kConsentUnknown, or none: nothing forbids. O(records).
  std::optional<HoldReason> StateAt(Instant t) const;
  // The records that say so, in canonical order.
  // The grants that stand and have not run out.
  std::vector<const ConsentRecord*> Granting(Instant t) const;
  std::vector<const ConsentRecord*> Evidence(Instant t, HoldReason state) const;
  // The first whole minute after `t` at which the state may be another one; none: it stays.
  std::optional<Instant> NextChange(Instant t) const;

 private:
  std::optional<HoldReason> SayingOf(const Spoken<ConsentRecord>& spoken, Day day) const;
  const Zone& zone_;
  bool unknown_forbids_;
  std::vector<Spoken<ConsentRecord>> spoken_;   // by time, granted before withdrawn
  std::vector<Instant> moments_;                // of records, sorted
  std::optional<Day> last_expiry_;
};

class DoNotContacts {
 public:
  explicit DoNotContacts(const PermissionInput& input);
  // The records that forbid at `t`, in canonical order. O(records).
  std::vector<const DoNotContactRecord*> At(Instant t) const;
  // As Consents::NextChange, at a moment at which one forbids.
  std::optional<Instant> NextChange(Instant t) const;

 private:
  const Zone& zone_;
  std::vector<Spoken<DoNotContactRecord>> spoken_;   // active ones
  std::vector<Instant> moments_;                     // of all, sorted
};

}  // namespace rapport

#endif  // RAPPORT_SRC_PERMISSION_STANDING_HPP_

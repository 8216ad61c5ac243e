// Floor 4. May this person be contacted, and when first?
//
// The one rule between every decision and the plan; nothing goes around it. It is pure: (profile, who, channel, purpose,
// moment, what was said and tried before, what is already admitted) -> allowed, or every reason that holds now and the
// first allowed moment. The first allowed moment is exact: the earliest whole minute, not before `at`, at which everything
// holds; none if that lies more than kPermissionHorizonDays ahead or never comes (do-not-contact for good, consent withdrawn).
//
// Whose word counts. A record holds from its own moment on, for what it names: a channel, a purpose or a contact it leaves
// out means all of them; one that names a contact speaks of that person only.
//   do-not-contact   each active record stands until a later one of the same channel and contact lifts it.
//   consent          a record stands until a newer one of the same contact and the same or a wider channel and purpose
//                    replaces it; at one moment withdrawn is newer than granted. Among those that stand, the strictest
//                    decides: withdrawn, then expired, then granted. So what was said for the whole account is taken back
//                    only for the whole account, and a person's own withdrawal only by that person. A grant that ran out forbids
//                    even where unknown consent does not: it was given for so long and no longer.
//   cool-off         a refusal by a named person holds for that person and for attempts that name nobody.
//   caps             count all attempts of the account, or those to the person. A reservation counts like a touch at its moment, and
//                    an attempt before it may not fill its window: what was admitted first keeps its place. A transactional message (a receipt)
//                    neither counts nor is held by caps, a mandatory one (a recall) counts and is not held; all else holds for them too.
//   the rep          where his hours are given: a visit, call, meeting or seminar needs him at that moment.
#ifndef RAPPORT_PERMISSION_PERMISSION_HPP_
#define RAPPORT_PERMISSION_PERMISSION_HPP_

#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "rapport/book/account.hpp"
#include "rapport/core/sentence.hpp"
#include "rapport/core/table.hpp"
#include "rapport/core/zones.hpp"
#include "rapport/permission/profile.hpp"

namespace rapport {

// Frozen tokens: why not now.
enum class HoldReason { kDoNotContact, kConsentWithdrawn, kConsentUnknown, kConsentExpired, kOutsideHours, kHoliday, kFrequencyCap, kCoolOff, kRepAway };
// "do_not_contact", "consent_withdrawn", "consent_unknown", "consent_expired", "outside_hours", "holiday", "frequency_cap", "cool_off", "rep_away"
std::string_view NameOf(HoldReason reason);

// One attempt that counts: a touch that happened, or a follow-up that is open and will happen (a reservation).
struct Attempt {
  Instant at;
  Channel channel = Channel::kCall;
  std::optional<Purpose> purpose;   // none: not said; counts for every cap
  std::optional<Disposition> disposition;
  ContactId contact;        // empty: nobody named
  EventKey event;           // its evidence
  bool reservation = false;
  MessageClass message_class = MessageClass::kDefault;
};

// When the one who is to make the contact works.
struct RepHours {
  const Zone* zone = nullptr;
  const WorkingWeek* week = nullptr;
  const std::set<Day>* absences = nullptr;   // local days of his zone; may be null
};

struct PermissionInput {
  const PermissionProfile* profile = nullptr;
  const Zone* zone = nullptr;                        // of the contact, else the customer
  ContactId contact;                                 // empty: the account
  Channel channel = Channel::kCall;
  Purpose purpose = Purpose::kCare;
  std::span<const Attempt> attempts;                 // outbound, in any order; with reservations
  std::span<const ConsentRecord> consents;           // in canonical order: the newest of a scope decides, withdrawn over granted at the same moment
  std::span<const DoNotContactRecord> do_not_contact;
  const std::set<Day>* holidays = nullptr;           // of the customer's place; may be null
  MessageClass message_class = MessageClass::kDefault;
  const RepHours* rep = nullptr;                     // null: whoever does it is always there
};

struct Hold {
  HoldReason reason;
  std::vector<EventKey> evidence;
  std::optional<Instant> until;   // the first whole minute at which this reason alone no longer holds; none: not foreseeable
  Sentence sentence;              // "hold.cool_off": would not take our call on 9 Feb ...
};

struct PermissionAnswer {
  bool allowed = false;
  std::vector<Hold> holds;                 // every reason that holds at `at`, in order of HoldReason
  std::optional<Instant> first_allowed;    // `at` rounded up to the whole minute if allowed
  std::vector<EventKey> granted_by;        // the consents that stand at `at`
};

// Whether the person's own word, or that there is none, speaks against it: do_not_contact, consent_withdrawn, consent_unknown, consent_expired. Such a
// contact is not made at any hour: what was issued is withdrawn, an appointment is not kept.
bool IsForbidden(const PermissionAnswer& answer);

inline constexpr int kPermissionHorizonDays = 3660;

// Pure; O((touches + days looked at) log n). `profile` and `zone` must be set.
PermissionAnswer CheckPermission(const PermissionInput& input, Instant at);

// The last of the moments `from`, a minute later, two, ... from which a contact that is allowed can still be made until `until`; nullopt
// where it can from all of them, or until `before` at least. Asked by halves, since what cannot be done any more stays so. O(log minutes x a
// check).
std::optional<Instant> LastChance(const PermissionInput& input, Instant from, Instant until, Instant before = Instant::Max());

// True where a cap holds at the first moment not before `due` at which all else allows: a policy that says "drop" gives it up then. The
// same answer whenever it is asked, as long as nothing else becomes known.
bool IsOverCap(const PermissionInput& input, Instant due);

// One stretch of the way from `at` to the first allowed moment, and what holds all through it.
struct HoldStep {
  HoldReason reason;
  Instant from;
  std::optional<Instant> until;   // as Hold::until
};

// The reasons met in turn from `at` to first_allowed: of those that hold, the one that lasts longest, then the same from its
// end on. Closed hours without a closed day among them (a night, a lunch) are no step, unless they are the first. Empty if allowed. At most kMostHoldSteps.
inline constexpr int kMostHoldSteps = 16;
std::vector<HoldStep> HoldSteps(const PermissionInput& input, Instant at);
// Their reasons: cool_off, outside_hours.
std::vector<HoldReason> HoldChain(const PermissionInput& input, Instant at);
// What comes next, for "..., then a weekend": a step that lasts from the local day `from` until the local day `until`.
// "hold.then.weekend" if its days hold a Saturday or Sunday, "hold.then.closed_day", "hold.then.holiday", ...; no arguments.
Sentence ThenSentence(HoldReason reason, Day from, Day until);

// The attempts of an account, in order of time: outbound touches, and open follow-ups (reserved at the later of not_before and
// `as_of`) but `except`. What expired before `as_of` is no longer to come. A touch that does not say its purpose has that of
// the follow-up it answers. O(touches log n).
std::vector<Attempt> AttemptsOf(const Account& account, Instant as_of, const FollowUpId& except);

}  // namespace rapport

#endif  // RAPPORT_PERMISSION_PERMISSION_HPP_

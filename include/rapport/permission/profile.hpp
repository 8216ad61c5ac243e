// Floor 4. A permission profile: the rules about when and how often a person may be contacted. Data, not code.
//
//   {"rapport_permission": 1, "name": "office",
//    "windows": {"call": {"mon": [["09:00","18:00"]], ...}},    // by channel, "any" for all others; absent: always open
//    "quiet_hours": [["21:00","08:00"]],                        // every day, may cross midnight; minus the windows
//    "on_holidays": false,                                      // may send on a holiday? default true; or by channel:
//                                                               // {"call": false}, true for all others
//    "caps": [{"attempts": 4, "days": 30, "count": "calendar", "channels": ["call"], "purposes": ["sell"],
//              "counting": "attempts" | "reached", "per": "account" | "contact"}],
//    "cool_off_days": 60,                                       // or by channel: {"call": 60}, 0 for all others
//    "unknown_consent": "allow" | "forbid"}                     // or by purpose: {"sell": "forbid"}, or by channel, "any" for all
//                                                               // others: {"call": {"sell": "forbid"}, "any": "allow"}
//
// docs/permission.md is the manual, schemas/permission.schema.json the form. Strict: unknown keys are `permission.unknown_key`.
// Windows are half-open in the customer's local wall time. A calendar cap of n in d days counts outbound touches whose local date
// lies in the d days that end with the attempt's own; a rolling one those in the d x 24 hours that end with it, so that exactly
// d x 24 hours later one is free again. A cap of some channels or purposes counts and limits only those; a touch whose purpose was
// not said counts for all. A cool-off of d days after disposition refused_contact, on whatever channel, blocks the rest of that
// local day and the d local days after it.
#ifndef RAPPORT_PERMISSION_PROFILE_HPP_
#define RAPPORT_PERMISSION_PROFILE_HPP_

#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "rapport/core/json.hpp"
#include "rapport/core/sentence.hpp"
#include "rapport/core/working_calendar.hpp"
#include "rapport/ledger/vocabulary.hpp"

namespace rapport {

enum class CapCount { kCalendarDays, kRollingDays };

struct FrequencyCap {
  int attempts = 0;
  int days = 0;
  CapCount count = CapCount::kCalendarDays;
  std::set<Channel> channels;   // empty: all together
  std::set<Purpose> purposes;   // empty: all together
  bool reached_only = false;    // counts only attempts that met the person; what is planned may
  bool per_contact = false;     // counts only those to the same person, or to nobody named; else all of the account
};

struct PermissionProfile {
  std::string name;
  std::map<Channel, WorkingWeek> windows;
  std::optional<WorkingWeek> any_window;
  std::vector<MinuteRange> quiet;      // split at midnight, sorted, not touching
  bool on_holidays = true;
  std::map<Channel, bool> on_holidays_of;      // instead of on_holidays
  std::vector<FrequencyCap> caps;
  int cool_off_days = 0;
  std::map<Channel, int> cool_off_days_of;     // instead of cool_off_days
  bool unknown_consent_allows = true;
  std::set<Purpose> unknown_consent_forbids;
  std::map<Channel, std::set<Purpose>> unknown_consent_forbids_of;   // instead of both, for these channels

  // `permission.missing_key`, `.unknown_key`, `.wrong_type`, `.invalid`, with the path to the member.
  static absl::StatusOr<PermissionProfile> Parse(const Json& json);
  // By name ("plain" and the bundled profiles) or a document; null is "plain". `permission.unknown_profile`.
  static absl::StatusOr<PermissionProfile> Resolve(const Json& name_or_document);
  // The names Resolve knows, sorted.
  static std::vector<std::string> BundledNames();
  // schemas/permission.schema.json (JSON Schema 2020-12) with titles and descriptions in a language, for forms. What it cannot tell Parse alone
  // does: that ranges of a day stand in order without overlapping, and that days exist. O(schema).
  static absl::StatusOr<Json> Schema(Language language);
  // A document that Parse reads back to the same profile.
  Json ToJson() const;

  bool SendsOnHolidays(Channel channel) const;
  int CoolOffDays(Channel channel) const;
  bool UnknownConsentForbids(Channel channel, Purpose purpose) const {
    const auto own = unknown_consent_forbids_of.find(channel);
    if (own != unknown_consent_forbids_of.end()) return own->second.contains(purpose);
    return !unknown_consent_allows || unknown_consent_forbids.contains(purpose);
  }

  // The open minutes of a channel on a local day: its window less quiet hours, none on a holiday if they are off.
  std::vector<MinuteRange> OpenOn(Channel channel, Day day, const std::set<Day>& holidays) const;
};

}  // namespace rapport

#endif  // RAPPORT_PERMISSION_PROFILE_HPP_

// Permission by its plain definition, one minute after the other. Written from the words of the headers alone, so that
// it can disagree with the engine.
#ifndef RAPPORT_TESTS_PERMISSION_ORACLE_HPP_
#define RAPPORT_TESTS_PERMISSION_ORACLE_HPP_

#include <bitset>
#include <map>
#include <optional>
#include <vector>

#include "rapport/permission/permission.hpp"

namespace rapport::oracle {

inline bool Named(const PermissionInput& in, const std::optional<Channel>& channel, const std::optional<ContactId>& contact) {
  return (!channel || *channel == in.channel) && (!contact || *contact == in.contact);
}

inline bool DoNotContact(const PermissionInput& in, Instant t, Day day) {
  for (const DoNotContactRecord& rule : in.do_not_contact) {
    if (rule.at > t || !rule.rule.active.value_or(true) || !Named(in, rule.rule.channel, rule.rule.contact)) continue;
    if (rule.rule.until && day > *rule.rule.until) continue;
    bool lifted = false;
    for (const DoNotContactRecord& other : in.do_not_contact) {
      lifted = lifted || (!other.rule.active.value_or(true) && other.at > rule.at && other.at <= t &&
                          other.rule.channel == rule.rule.channel && other.rule.contact == rule.rule.contact);
    }
    if (!lifted) return true;
  }
  return false;
}

inline bool NewerAndWider(const ConsentRecord& newer, std::size_t newer_at, const ConsentRecord& older, std::size_t older_at) {
  const bool newer_no = newer.consent.state == ConsentState::kWithdrawn;
  const bool older_no = older.consent.state == ConsentState::kWithdrawn;
  const bool later = newer.at != older.at ? newer.at > older.at
                     : newer_no != older_no ? newer_no
                                            : newer_at > older_at;
  return later && newer.consent.contact == older.consent.contact &&
         (!newer.consent.channel || newer.consent.channel == older.consent.channel) &&
         (!newer.consent.purpose || newer.consent.purpose == older.consent.purpose);
}

inline std::optional<HoldReason> Consent(const PermissionInput& in, Instant t, Day day) {
  bool withdrawn = false;
  bool expired = false;
  bool known = false;
  for (std::size_t i = 0; i < in.consents.size(); ++i) {
    const ConsentRecord& record = in.consents[i];
    if (record.at > t || !Named(in, record.consent.channel, record.consent.contact)) continue;
    if (record.consent.purpose && *record.consent.purpose != ConsentPurposeOf(in.purpose)) continue;
    bool stands = true;
    for (std::size_t j = 0; j < in.consents.size(); ++j) {
      if (in.consents[j].at <= t && NewerAndWider(in.consents[j], j, record, i)) stands = false;
    }
    if (!stands) continue;
    known = true;
    withdrawn = withdrawn || record.consent.state == ConsentState::kWithdrawn;
    expired = expired || (record.consent.expires && day > *record.consent.expires);
  }
  if (withdrawn) return HoldReason::kConsentWithdrawn;
  if (expired) return HoldReason::kConsentExpired;
  const auto own = in.profile->unknown_consent_forbids_of.find(in.channel);
  const bool forbids = own != in.profile->unknown_consent_forbids_of.end() ? own->second.contains(in.purpose)
                                                                            : !in.profile->unknown_consent_allows || in.profile->unknown_consent_forbids.contains(in.purpose);
  if (!known && forbids) {
    return HoldReason::kConsentUnknown;
  }
  return std::nullopt;
}

inline bool InRanges(const std::vector<MinuteRange>& ranges, int minute) {
  for (const MinuteRange& range : ranges) {
    if (minute >= range.from && minute < range.to) return true;
  }
  return false;
}

inline bool Outside(const PermissionInput& in, LocalSecond local) {
  const int minute = static_cast<int>(local.hour()) * 60 + local.minute();
  if (InRanges(in.profile->quiet, minute)) return true;
  const auto own = in.profile->windows.find(in.channel);
  if (own != in.profile->windows.end()) return !InRanges(own->second.RangesOn(Day(local)), minute);
  return in.profile->any_window && !InRanges(in.profile->any_window->RangesOn(Day(local)), minute);
}

using Reasons = std::bitset<9>;   // by number of HoldReason

// The question with the local days of its attempts, which the walk over the minutes would ask for again and again.
struct Question {
  explicit Question(const PermissionInput& input) : in(input) {
    for (const Attempt& attempt : in.attempts) days.push_back(in.zone->LocalDay(attempt.at));
  }
  const PermissionInput& in;
  std::vector<Day> days;

  // Is this attempt among those that the cap counts for this person?
  bool Counted(const FrequencyCap& cap, const Attempt& attempt) const {
    if (attempt.message_class == MessageClass::kTransactional) return false;
    if (cap.per_contact && !attempt.contact.empty() && !in.contact.empty() && attempt.contact != in.contact) return false;
    const bool met = !attempt.disposition || *attempt.disposition == Disposition::kReached;
    if (cap.reached_only && !attempt.reservation && !met) return false;
    return CountsFor(cap, attempt.channel, attempt.purpose);
  }

  static bool CountsFor(const FrequencyCap& cap, Channel channel, std::optional<Purpose> purpose) {
    return (cap.channels.empty() || cap.channels.contains(channel)) &&
           (cap.purposes.empty() || !purpose || cap.purposes.contains(*purpose));
  }

  // Does an attempt at (before, before_day) count for one at (own, own_day)?
  static bool InWindow(const FrequencyCap& cap, Instant before, Day before_day, Instant own, Day own_day) {
    if (cap.count == CapCount::kCalendarDays) return before_day <= own_day && own_day - before_day < cap.days;
    return before <= own && own.micros() - before.micros() < cap.days * 86'400'000'000;
  }

  bool Full(const FrequencyCap& cap, Instant t, Day day) const {
    if (!CountsFor(cap, in.channel, in.purpose) || in.message_class != MessageClass::kDefault) return false;
    int own = 0;
    for (std::size_t i = 0; i < days.size(); ++i) {
      const Attempt& attempt = in.attempts[i];
      if (!Counted(cap, attempt)) continue;
      if (InWindow(cap, attempt.at, days[i], t, day)) ++own;
      if (!attempt.reservation || !InWindow(cap, t, day, attempt.at, days[i])) continue;
      int of_reserved = 0;
      for (std::size_t j = 0; j < days.size(); ++j) {
        if (Counted(cap, in.attempts[j]) && InWindow(cap, in.attempts[j].at, days[j], attempt.at, days[i])) ++of_reserved;
      }
      if (of_reserved + 1 > cap.attempts) return true;
    }
    return own + 1 > cap.attempts;
  }

  bool CoolOff(Instant t, Day day) const {
    for (std::size_t i = 0; i < days.size(); ++i) {
      const Attempt& attempt = in.attempts[i];
      if (attempt.reservation || attempt.disposition != Disposition::kRefusedContact || attempt.at > t) continue;
      if (!attempt.contact.empty() && !in.contact.empty() && attempt.contact != in.contact) continue;
      const auto own = in.profile->cool_off_days_of.find(in.channel);
      const int quiet = own != in.profile->cool_off_days_of.end() ? own->second : in.profile->cool_off_days;
      if (quiet > 0 && day - days[i] <= quiet) return true;
    }
    return false;
  }

  bool Holiday(Day day) const {
    const auto own = in.profile->on_holidays_of.find(in.channel);
    const bool sends = own != in.profile->on_holidays_of.end() ? own->second : in.profile->on_holidays;
    return !sends && in.holidays != nullptr && in.holidays->contains(day);
  }

  bool RepAway(Instant t) const {
    const bool in_person = in.channel != Channel::kMail && in.channel != Channel::kLetter && in.channel != Channel::kMessage && in.channel != Channel::kNewsletter;
    if (in.rep == nullptr || !in_person) return false;
    const LocalSecond local = in.rep->zone->Local(t);
    if (in.rep->absences != nullptr && in.rep->absences->contains(Day(local))) return true;
    return !InRanges(in.rep->week->RangesOn(Day(local)), static_cast<int>(local.hour()) * 60 + local.minute());
  }

  Reasons ReasonsAt(Instant t) const {
    const LocalSecond local = in.zone->Local(t);
    const Day day(local);
    Reasons reasons;
    const auto holds = [&](HoldReason reason) { reasons.set(static_cast<std::size_t>(reason)); };
    if (DoNotContact(in, t, day)) holds(HoldReason::kDoNotContact);
    if (const auto consent = Consent(in, t, day)) holds(*consent);
    if (Outside(in, local)) holds(HoldReason::kOutsideHours);
    if (Holiday(day)) holds(HoldReason::kHoliday);
    for (const FrequencyCap& cap : in.profile->caps) {
      if (Full(cap, t, day)) holds(HoldReason::kFrequencyCap);
    }
    if (CoolOff(t, day)) holds(HoldReason::kCoolOff);
    if (RepAway(t)) holds(HoldReason::kRepAway);
    return reasons;
  }
};

struct Answer {
  Reasons reasons;
  std::map<HoldReason, Instant> until;     // of those that end within the minutes looked at
  std::optional<Instant> first_allowed;    // likewise
};

// Looks at so many minutes, or up to the first allowed one.
inline Answer Check(const PermissionInput& in, Instant at, int minutes) {
  const Question question(in);
  Answer answer;
  answer.reasons = question.ReasonsAt(at);
  const std::int64_t beyond = at.micros() % 60'000'000;   // no question is older than 1970
  const Instant start = beyond == 0 ? at : at.PlusMicros(60'000'000 - beyond);
  for (int i = 0; i < minutes; ++i) {
    const Instant t = start.PlusMinutes(i);
    const Reasons now = question.ReasonsAt(t);
    const Reasons ended = answer.reasons & ~now;
    for (std::size_t reason = 0; reason < ended.size(); ++reason) {
      if (ended.test(reason)) answer.until.emplace(static_cast<HoldReason>(reason), t);
    }
    if (now.none()) answer.first_allowed = t;
    if (now.none()) break;
  }
  return answer;
}

}  // namespace rapport::oracle

#endif  // RAPPORT_TESTS_PERMISSION_ORACLE_HPP_

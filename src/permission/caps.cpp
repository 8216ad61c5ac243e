#include "permission/caps.hpp"

#include <algorithm>

#include "permission/local_clock.hpp"

namespace rapport {
namespace {

constexpr std::int64_t kMicrosPerDay = 86'400'000'000;

template <class T>
bool Includes(const std::set<T>& words, T word) {
  return words.empty() || words.contains(word);
}

bool IsSamePerson(const ContactId& a, const ContactId& b) { return a.empty() || b.empty() || a == b; }

bool Counts(const FrequencyCap& cap, const Attempt& attempt, const PermissionInput& input) {
  if (attempt.message_class == MessageClass::kTransactional) return false;
  if (cap.per_contact && !IsSamePerson(attempt.contact, input.contact)) return false;
  if (cap.reached_only && !attempt.reservation && attempt.disposition.value_or(Disposition::kReached) != Disposition::kReached) return false;
  return Includes(cap.channels, attempt.channel) && (!attempt.purpose.has_value() || Includes(cap.purposes, *attempt.purpose));
}

}  // namespace

CapCounter::CapCounter(const FrequencyCap& cap, const PermissionInput& input)
    : width_(cap.count == CapCount::kCalendarDays ? cap.days : cap.days * kMicrosPerDay), cap_(cap), zone_(*input.zone) {
  if (input.message_class != MessageClass::kDefault) return;
  if (!Includes(cap.channels, input.channel) || !Includes(cap.purposes, input.purpose)) return;
  for (const Attempt& attempt : input.attempts) {
    if (Counts(cap, attempt, input)) entries_.push_back({PlaceOf(attempt.at), &attempt});
  }
  std::stable_sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) {
    return a.place != b.place ? a.place < b.place : a.attempt->at < b.attempt->at;
  });
  for (const Entry& entry : entries_) {
    if (entry.attempt->reservation && CountAt(entry.attempt->at) >= cap_.attempts) full_.push_back(entry);
  }
}

std::int64_t CapCounter::PlaceOf(Instant t) const {
  return cap_.count == CapCount::kCalendarDays ? zone_.LocalDay(t) - Day() : t.micros();
}

int CapCounter::CountAt(Instant t) const {
  const auto before = [](std::int64_t place, const Entry& entry) { return place < entry.place; };
  const std::int64_t place = PlaceOf(t);
  const auto first = std::upper_bound(entries_.begin(), entries_.end(), place - width_, before);
  return static_cast<int>(std::upper_bound(first, entries_.end(), place, before) - first);
}

std::vector<const Attempt*> CapCounter::CountedAt(Instant t) const {
  const std::int64_t place = PlaceOf(t);
  std::vector<const Attempt*> counted;
  for (const Entry& entry : entries_) {
    if (entry.place > place - width_ && entry.place <= place) counted.push_back(entry.attempt);
  }
  return counted;
}

const Attempt* CapCounter::FullReservation(Instant t) const {
  const std::int64_t place = PlaceOf(t);
  const auto next = std::lower_bound(full_.begin(), full_.end(), place,
                                     [](const Entry& entry, std::int64_t at) { return entry.place < at; });
  return next != full_.end() && next->place < place + width_ ? next->attempt : nullptr;
}

std::optional<Instant> CapCounter::NextChange(Instant t) const {
  if (cap_.count == CapCount::kCalendarDays) return NextDayChange(zone_, t);
  std::int64_t next = Instant::Max().micros();
  for (const Entry& entry : entries_) {
    if (entry.place + width_ > t.micros()) {
      next = std::min(next, entry.place + width_);
      break;
    }
  }
  for (const Entry& entry : full_) {
    if (entry.place >= t.micros()) {
      next = std::min(next, entry.place + 1);
      break;
    }
  }
  if (next == Instant::Max().micros()) return std::nullopt;
  return CeilMinute(Instant::FromMicros(next));
}

CoolOff::CoolOff(const PermissionInput& input) : days_(input.profile->CoolOffDays(input.channel)), zone_(*input.zone) {
  if (days_ == 0) return;
  for (const Attempt& attempt : input.attempts) {
    if (attempt.reservation || attempt.disposition != Disposition::kRefusedContact) continue;
    if (IsSamePerson(attempt.contact, input.contact)) refused_.push_back({zone_.LocalDay(attempt.at) + days_, &attempt});
  }
  std::stable_sort(refused_.begin(), refused_.end(),
                   [](const Refused& a, const Refused& b) { return a.attempt->at < b.attempt->at; });
}

std::vector<const Attempt*> CoolOff::At(Instant t) const {
  std::vector<const Attempt*> holding;
  if (refused_.empty()) return holding;
  const Day day = zone_.LocalDay(t);
  for (const Refused& refused : refused_) {
    if (refused.attempt->at <= t && day <= refused.last_day) holding.push_back(refused.attempt);
  }
  return holding;
}

Instant CoolOff::NextChange(Instant t) const { return NextDayChange(zone_, t); }

}  // namespace rapport

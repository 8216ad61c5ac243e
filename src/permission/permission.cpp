#include "rapport/permission/permission.hpp"

#include <algorithm>
#include <utility>

#include "permission/caps.hpp"
#include "permission/local_clock.hpp"
#include "permission/standing.hpp"
#include "rapport/core/status.hpp"

namespace rapport {
namespace {

constexpr std::int64_t kMicrosPerDay = 86'400'000'000;

constexpr HoldReason kReasons[] = {
    HoldReason::kDoNotContact, HoldReason::kConsentWithdrawn, HoldReason::kConsentUnknown, HoldReason::kConsentExpired,
    HoldReason::kOutsideHours, HoldReason::kHoliday,          HoldReason::kFrequencyCap,   HoldReason::kCoolOff,
    HoldReason::kRepAway};

template <class Record>
std::vector<EventKey> KeysOf(const std::vector<const Record*>& records) {
  std::vector<EventKey> keys;
  for (const Record* record : records) keys.push_back(record->key);
  return keys;
}

std::vector<EventKey> KeysOf(const std::vector<const Attempt*>& attempts) {
  std::vector<EventKey> keys;
  for (const Attempt* attempt : attempts) {
    if (!attempt->event.empty()) keys.push_back(attempt->event);
  }
  return keys;
}

MessageRef WordOf(Channel channel) { return {"channel." + std::string(NameOf(channel))}; }

// All rules for one question. Every rule is a predicate of the moment that is constant between its changes; what holds
// until when is found by going from change to change, so that no minute between is looked at.
class Rules {
 public:
  explicit Rules(const PermissionInput& input)
      : input_(input), zone_(*input.zone), consents_(input), do_not_contacts_(input), cool_off_(input) {
    for (const FrequencyCap& cap : input.profile->caps) caps_.emplace_back(cap, input);
  }

  bool HoldsAt(HoldReason reason, Instant t) const;
  // The first whole minute not before `t` and not after `horizon` at which `reason` does not hold.
  std::optional<Instant> ClearFrom(HoldReason reason, Instant t, Instant horizon) const;
  std::vector<EventKey> Evidence(HoldReason reason, Instant t) const;
  Sentence Say(HoldReason reason, Instant t) const;
  std::vector<EventKey> GrantedBy(Instant t) const { return KeysOf(consents_.Granting(t)); }
  // A local day of [from, until) has no open minute, holidays aside.
  bool ClosedAllDay(Day from, Day until) const;

 private:
  std::vector<MinuteRange> Open(Day day) const { return input_.profile->OpenOn(input_.channel, day, {}); }
  bool Outside(Instant t) const;
  bool Holiday(Day day) const;
  const std::vector<MinuteRange>& RepRanges(Day day) const;
  bool RepIsAway(Instant t) const;
  const CapCounter* FullCap(Instant t) const;
  std::optional<Instant> NextChange(HoldReason reason, Instant t) const;
  Instant NextOpening(Instant t) const;
  static Instant NextStart(const Zone& zone, const std::vector<MinuteRange>& today, Instant t);
  std::optional<Instant> NextCapChange(Instant t) const;
  Sentence SayDoNotContact(Instant t) const;
  Sentence SayCap(Instant t) const;

  const PermissionInput& input_;
  const Zone& zone_;
  Consents consents_;
  DoNotContacts do_not_contacts_;
  CoolOff cool_off_;
  std::vector<CapCounter> caps_;
};

bool Rules::HoldsAt(HoldReason reason, Instant t) const {
  switch (reason) {
    case HoldReason::kDoNotContact: return !do_not_contacts_.At(t).empty();
    case HoldReason::kConsentWithdrawn:
    case HoldReason::kConsentUnknown:
    case HoldReason::kConsentExpired: return consents_.StateAt(t) == reason;
    case HoldReason::kOutsideHours: return Outside(t);
    case HoldReason::kHoliday: return Holiday(zone_.LocalDay(t));
    case HoldReason::kFrequencyCap: return FullCap(t) != nullptr;
    case HoldReason::kCoolOff: return !cool_off_.At(t).empty();
    case HoldReason::kRepAway: return RepIsAway(t);
  }
  return false;
}

// Written work waits for nobody.
bool NeedsARep(Channel channel) {
  return channel == Channel::kVisit || channel == Channel::kCall || channel == Channel::kMeeting || channel == Channel::kSeminar;
}

const std::vector<MinuteRange>& Rules::RepRanges(Day day) const {
  static const std::vector<MinuteRange> none;
  const RepHours& rep = *input_.rep;
  return rep.absences != nullptr && rep.absences->contains(day) ? none : rep.week->RangesOn(day);
}

bool Rules::RepIsAway(Instant t) const {
  if (input_.rep == nullptr || !NeedsARep(input_.channel)) return false;
  const LocalSecond local = input_.rep->zone->Local(t);
  const int minute = static_cast<int>(local.hour()) * 60 + local.minute();
  for (const MinuteRange& range : RepRanges(Day(local))) {
    if (range.from <= minute && minute < range.to) return false;
  }
  return true;
}

bool Rules::ClosedAllDay(Day from, Day until) const {
  for (Day day = from; day < until; ++day) {
    if (Open(day).empty()) return true;
  }
  return false;
}

bool Rules::Outside(Instant t) const {
  const LocalSecond local = zone_.Local(t);
  const int minute = static_cast<int>(local.hour()) * 60 + local.minute();
  for (const MinuteRange& range : Open(Day(local))) {
    if (range.from <= minute && minute < range.to) return false;
  }
  return true;
}

bool Rules::Holiday(Day day) const {
  if (input_.holidays == nullptr || input_.profile->SendsOnHolidays(input_.channel)) return false;
  return input_.holidays->contains(day);
}

const CapCounter* Rules::FullCap(Instant t) const {
  for (const CapCounter& cap : caps_) {
    if (cap.BlocksAt(t)) return &cap;
  }
  return nullptr;
}

// When the next range of the local day begins, else the next day.
Instant Rules::NextStart(const Zone& zone, const std::vector<MinuteRange>& today, Instant t) {
  const LocalSecond local = zone.Local(t);
  const Day day(local);
  const int minute = static_cast<int>(local.hour()) * 60 + local.minute();
  for (const MinuteRange& range : today) {
    if (range.from > minute) return NextLocal(zone, t, LocalSecond(day) + range.from * 60);
  }
  return NextLocal(zone, t, LocalSecond(day + 1));
}

Instant Rules::NextOpening(Instant t) const { return NextStart(zone_, Open(zone_.LocalDay(t)), t); }

std::optional<Instant> Rules::NextCapChange(Instant t) const {
  std::optional<Instant> next;
  for (const CapCounter& cap : caps_) {
    if (!cap.BlocksAt(t)) continue;
    const std::optional<Instant> change = cap.NextChange(t);
    if (change.has_value() && (!next.has_value() || *change < *next)) next = change;
  }
  return next;
}

std::optional<Instant> Rules::NextChange(HoldReason reason, Instant t) const {
  switch (reason) {
    case HoldReason::kDoNotContact: return do_not_contacts_.NextChange(t);
    case HoldReason::kConsentWithdrawn:
    case HoldReason::kConsentUnknown:
    case HoldReason::kConsentExpired: return consents_.NextChange(t);
    case HoldReason::kOutsideHours: return NextOpening(t);
    case HoldReason::kHoliday: return NextDayChange(zone_, t);
    case HoldReason::kFrequencyCap: return NextCapChange(t);
    case HoldReason::kCoolOff: return cool_off_.NextChange(t);
    case HoldReason::kRepAway: return NextStart(*input_.rep->zone, RepRanges(input_.rep->zone->LocalDay(t)), t);
  }
  return std::nullopt;
}

std::optional<Instant> Rules::ClearFrom(HoldReason reason, Instant t, Instant horizon) const {
  t = CeilMinute(t);
  while (t <= horizon) {
    if (!HoldsAt(reason, t)) return t;
    const std::optional<Instant> next = NextChange(reason, t);
    if (!next.has_value()) return std::nullopt;
    t = *next;
  }
  return std::nullopt;
}

std::vector<EventKey> Rules::Evidence(HoldReason reason, Instant t) const {
  switch (reason) {
    case HoldReason::kDoNotContact: return KeysOf(do_not_contacts_.At(t));
    case HoldReason::kConsentWithdrawn:
    case HoldReason::kConsentUnknown:
    case HoldReason::kConsentExpired: return KeysOf(consents_.Evidence(t, reason));
    case HoldReason::kFrequencyCap: {
      const CapCounter* full = FullCap(t);
      const bool own_window = full->CountAt(t) >= full->cap().attempts;
      return KeysOf(full->CountedAt(own_window ? t : full->FullReservation(t)->at));
    }
    case HoldReason::kCoolOff: return KeysOf(cool_off_.At(t));
    case HoldReason::kOutsideHours:
    case HoldReason::kRepAway:
    case HoldReason::kHoliday: return {};
  }
  return {};
}

// Of several, the one that lasts longest.
Sentence Rules::SayDoNotContact(Instant t) const {
  const std::vector<const DoNotContactRecord*> records = do_not_contacts_.At(t);
  const auto lasting = [](const DoNotContactRecord* r) { return r->rule.until.value_or(Day::max()); };
  const DoNotContactRecord* said = *std::max_element(
      records.begin(), records.end(), [&](const auto* a, const auto* b) { return lasting(a) < lasting(b); });
  Sentence sentence{"hold.do_not_contact", {}};
  if (said->rule.channel.has_value()) {
    sentence.key = "hold.do_not_contact_channel";
    sentence.arguments.emplace("channel", WordOf(*said->rule.channel));
  }
  if (said->rule.until.has_value()) {
    sentence.key += "_until";
    sentence.arguments.emplace("until", *said->rule.until);
  }
  return sentence;
}

Sentence Rules::SayCap(Instant t) const {
  const CapCounter& full = *FullCap(t);
  const std::int64_t count = full.CountAt(t);
  const std::int64_t days = full.cap().days;
  const std::int64_t cap = full.cap().attempts;
  if (count >= cap) return {"hold.frequency_cap", {{"n", count}, {"days", days}, {"cap", cap}}};
  const Day on = zone_.LocalDay(full.FullReservation(t)->at);
  return {"hold.frequency_cap_planned", {{"on", on}, {"days", days}, {"cap", cap}}};
}

Sentence Rules::Say(HoldReason reason, Instant t) const {
  const Day day = zone_.LocalDay(t);
  switch (reason) {
    case HoldReason::kDoNotContact: return SayDoNotContact(t);
    case HoldReason::kConsentWithdrawn: {
      const ConsentRecord* said = consents_.Evidence(t, reason).back();
      return {"hold.consent_withdrawn", {{"on", zone_.LocalDay(said->at)}}};
    }
    case HoldReason::kConsentUnknown: return {"hold.consent_unknown", {{"channel", WordOf(input_.channel)}}};
    case HoldReason::kConsentExpired: {
      const ConsentRecord* said = consents_.Evidence(t, reason).back();
      return {"hold.consent_expired", {{"on", *said->consent.expires}}};
    }
    case HoldReason::kOutsideHours:
      if (ClosedAllDay(day, day + 1)) return {"hold.closed_day", {{"channel", WordOf(input_.channel)}, {"on", day}}};
      return {"hold.outside_hours", {{"channel", WordOf(input_.channel)}}};
    case HoldReason::kHoliday: return {"hold.holiday", {{"on", day}}};
    case HoldReason::kRepAway: return {"hold.rep_away", {}};
    case HoldReason::kFrequencyCap: return SayCap(t);
    case HoldReason::kCoolOff: {
      const Attempt* refused = cool_off_.At(t).back();
      return {"hold.cool_off",
              {{"channel", WordOf(refused->channel)},
               {"on", zone_.LocalDay(refused->at)},
               {"days", static_cast<std::int64_t>(cool_off_.days())}}};
    }
  }
  return {};
}

Instant HorizonOf(Instant at) { return at.PlusMicros(kPermissionHorizonDays * kMicrosPerDay); }

std::optional<Instant> FirstAllowed(const Rules& rules, Instant at) {
  const Instant horizon = HorizonOf(at);
  Instant t = CeilMinute(at);
  for (bool moved = true; moved;) {
    moved = false;
    for (const HoldReason reason : kReasons) {
      const std::optional<Instant> clear = rules.ClearFrom(reason, t, horizon);
      if (!clear.has_value()) return std::nullopt;
      moved = moved || *clear > t;
      t = *clear;
    }
  }
  return t;
}

// Of the reasons that hold at `t`, the one that lasts longest.
std::optional<HoldStep> LongestAt(const Rules& rules, Instant t, Instant horizon) {
  std::optional<HoldStep> longest;
  for (const HoldReason reason : kReasons) {
    if (!rules.HoldsAt(reason, t)) continue;
    const HoldStep step{reason, t, rules.ClearFrom(reason, t, horizon)};
    if (!step.until.has_value()) return step;
    if (!longest.has_value() || *step.until > *longest->until) longest = step;
  }
  return longest;
}

}  // namespace

std::string_view NameOf(HoldReason reason) {
  switch (reason) {
    case HoldReason::kDoNotContact: return "do_not_contact";
    case HoldReason::kConsentWithdrawn: return "consent_withdrawn";
    case HoldReason::kConsentUnknown: return "consent_unknown";
    case HoldReason::kConsentExpired: return "consent_expired";
    case HoldReason::kOutsideHours: return "outside_hours";
    case HoldReason::kHoliday: return "holiday";
    case HoldReason::kFrequencyCap: return "frequency_cap";
    case HoldReason::kCoolOff: return "cool_off";
    case HoldReason::kRepAway: return "rep_away";
  }
  return {};
}

PermissionAnswer CheckPermission(const PermissionInput& input, Instant at) {
  RAPPORT_INVARIANT(input.profile != nullptr && input.zone != nullptr, "a question of permission has a profile and a zone");
  const Rules rules(input);
  PermissionAnswer answer;
  for (const HoldReason reason : kReasons) {
    if (!rules.HoldsAt(reason, at)) continue;
    answer.holds.push_back({reason, rules.Evidence(reason, at), rules.ClearFrom(reason, at, HorizonOf(at)), rules.Say(reason, at)});
  }
  answer.allowed = answer.holds.empty();
  answer.first_allowed = FirstAllowed(rules, at);
  answer.granted_by = rules.GrantedBy(at);
  return answer;
}

std::optional<Instant> LastChance(const PermissionInput& input, Instant from, Instant until, Instant before) {
  constexpr std::int64_t kMicrosPerMinute = 60'000'000;
  const Rules rules(input);
  const auto is_late = [&](std::int64_t minute) {
    const Instant at = from.PlusMinutes(minute);
    const bool held = std::any_of(std::begin(kReasons), std::end(kReasons), [&](HoldReason reason) { return rules.HoldsAt(reason, at); });
    if (!held) return false;
    const std::optional<Instant> first = FirstAllowed(rules, at);
    return !first.has_value() || *first > until;
  };
  std::int64_t good = 0;
  const std::int64_t far = (before.micros() - from.micros() + kMicrosPerMinute - 1) / kMicrosPerMinute;
  std::int64_t late = std::min((until.micros() - from.micros()) / kMicrosPerMinute, far);
  if (late <= 0 || !is_late(late)) return std::nullopt;
  while (late - good > 1) {
    const std::int64_t middle = good + (late - good) / 2;
    (is_late(middle) ? late : good) = middle;
  }
  return from.PlusMinutes(good);
}

bool IsForbidden(const PermissionAnswer& answer) {
  return std::any_of(answer.holds.begin(), answer.holds.end(), [](const Hold& hold) {
    return hold.reason == HoldReason::kDoNotContact || hold.reason == HoldReason::kConsentWithdrawn ||
           hold.reason == HoldReason::kConsentUnknown || hold.reason == HoldReason::kConsentExpired;
  });
}

bool IsOverCap(const PermissionInput& input, Instant due) {
  PermissionProfile without = *input.profile;
  without.caps.clear();
  PermissionInput uncapped = input;
  uncapped.profile = &without;
  const std::optional<Instant> first = FirstAllowed(Rules(uncapped), due);
  return first.has_value() && Rules(input).HoldsAt(HoldReason::kFrequencyCap, *first);
}

std::vector<HoldStep> HoldSteps(const PermissionInput& input, Instant at) {
  RAPPORT_INVARIANT(input.profile != nullptr && input.zone != nullptr, "a question of permission has a profile and a zone");
  const Rules rules(input);
  const Instant horizon = HorizonOf(at);
  std::vector<HoldStep> steps;
  std::optional<HoldStep> step = LongestAt(rules, at, horizon);
  while (step.has_value() && steps.size() < static_cast<std::size_t>(kMostHoldSteps)) {
    const bool closed = step->reason == HoldReason::kOutsideHours || step->reason == HoldReason::kRepAway;
    const bool night = closed && step->until.has_value() &&
                       (step->reason == HoldReason::kRepAway ? input.zone->LocalDay(*step->until) - input.zone->LocalDay(step->from) <= 1
                                                             : !rules.ClosedAllDay(input.zone->LocalDay(step->from), input.zone->LocalDay(*step->until)));
    if (steps.empty() || !night) steps.push_back(*step);
    if (!step->until.has_value()) break;
    step = LongestAt(rules, *step->until, horizon);
  }
  return steps;
}

std::vector<HoldReason> HoldChain(const PermissionInput& input, Instant at) {
  std::vector<HoldReason> reasons;
  for (const HoldStep& step : HoldSteps(input, at)) reasons.push_back(step.reason);
  return reasons;
}

Sentence ThenSentence(HoldReason reason, Day from, Day until) {
  if (reason != HoldReason::kOutsideHours) return {"hold.then." + std::string(NameOf(reason)), {}};
  // Seven days hold every weekday.
  for (Day day = from; day < std::min(until, from + 7); ++day) {
    const absl::Weekday weekday = absl::GetWeekday(day);
    if (weekday == absl::Weekday::saturday || weekday == absl::Weekday::sunday) return {"hold.then.weekend", {}};
  }
  return {"hold.then.closed_day", {}};
}

}  // namespace rapport

#include "permission/standing.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "permission/local_clock.hpp"

namespace rapport {
namespace {

template <class T>
bool Covers(const std::optional<T>& named, const T& asked) {
  return !named.has_value() || *named == asked;
}

// What a consent names beside its contact; absent is the wider.
using Width = std::tuple<std::optional<ContactId>, std::optional<Channel>, std::optional<ConsentPurpose>>;

// The same contact with the same or a wider channel and purpose.
std::vector<Width> SameOrWider(const ConsentChanged& consent) {
  std::vector<Width> widths;
  for (const std::optional<Channel>& channel : {consent.channel, std::optional<Channel>()}) {
    for (const std::optional<ConsentPurpose>& purpose : {consent.purpose, std::optional<ConsentPurpose>()}) {
      widths.emplace_back(consent.contact, channel, purpose);
    }
  }
  return widths;
}

// The first moment after `t`, as a whole minute.
std::optional<Instant> NextMoment(const std::vector<Instant>& moments, Instant t) {
  const auto next = std::upper_bound(moments.begin(), moments.end(), t);
  return next == moments.end() ? std::nullopt : std::optional<Instant>(CeilMinute(*next));
}

std::optional<Instant> Earlier(std::optional<Instant> a, std::optional<Instant> b) {
  if (!a.has_value() || !b.has_value()) return a.has_value() ? a : b;
  return std::min(*a, *b);
}

}  // namespace

Consents::Consents(const PermissionInput& input)
    : zone_(*input.zone), unknown_forbids_(input.profile->UnknownConsentForbids(input.channel, input.purpose)) {
  for (const ConsentRecord& record : input.consents) {
    const ConsentChanged& said = record.consent;
    if (!Covers(said.contact, input.contact) || !Covers(said.channel, input.channel)) continue;
    if (!Covers(said.purpose, ConsentPurposeOf(input.purpose))) continue;
    spoken_.push_back({&record});
    if (said.expires.has_value()) last_expiry_ = std::max(last_expiry_.value_or(*said.expires), *said.expires);
  }
  const auto order = [](const Spoken<ConsentRecord>& s) {
    return std::pair(s.record->at, s.record->consent.state == ConsentState::kWithdrawn);
  };
  std::stable_sort(spoken_.begin(), spoken_.end(), [&](const auto& a, const auto& b) { return order(a) < order(b); });
  std::map<Width, Instant> newer;
  for (auto spoken = spoken_.rbegin(); spoken != spoken_.rend(); ++spoken) {
    const ConsentChanged& said = spoken->record->consent;
    for (const Width& width : SameOrWider(said)) {
      const auto next = newer.find(width);
      if (next != newer.end()) spoken->replaced = std::min(spoken->replaced, next->second);
    }
    newer.insert_or_assign(Width(said.contact, said.channel, said.purpose), spoken->record->at);
  }
  for (const Spoken<ConsentRecord>& spoken : spoken_) moments_.push_back(spoken.record->at);
}

std::optional<HoldReason> Consents::SayingOf(const Spoken<ConsentRecord>& spoken, Day day) const {
  const ConsentChanged& said = spoken.record->consent;
  if (said.state == ConsentState::kWithdrawn) return HoldReason::kConsentWithdrawn;
  if (said.expires.has_value() && *said.expires < day) return HoldReason::kConsentExpired;
  return std::nullopt;
}

std::optional<HoldReason> Consents::StateAt(Instant t) const {
  const Day day = zone_.LocalDay(t);
  bool known = false;
  bool expired = false;
  for (const Spoken<ConsentRecord>& spoken : spoken_) {
    if (!spoken.StandsAt(t)) continue;
    known = true;
    const std::optional<HoldReason> says = SayingOf(spoken, day);
    if (says == HoldReason::kConsentWithdrawn) return says;
    if (says == HoldReason::kConsentExpired) expired = true;
  }
  if (expired) return HoldReason::kConsentExpired;
  if (!known && unknown_forbids_) return HoldReason::kConsentUnknown;
  return std::nullopt;
}

std::vector<const ConsentRecord*> Consents::Evidence(Instant t, HoldReason state) const {
  const Day day = zone_.LocalDay(t);
  std::vector<const ConsentRecord*> records;
  for (const Spoken<ConsentRecord>& spoken : spoken_) {
    if (spoken.StandsAt(t) && SayingOf(spoken, day) == state) records.push_back(spoken.record);
  }
  return records;
}

std::vector<const ConsentRecord*> Consents::Granting(Instant t) const {
  std::vector<const ConsentRecord*> records;
  if (spoken_.empty()) return records;
  const Day day = zone_.LocalDay(t);
  for (const Spoken<ConsentRecord>& spoken : spoken_) {
    if (spoken.StandsAt(t) && !SayingOf(spoken, day).has_value()) records.push_back(spoken.record);
  }
  return records;
}

std::optional<Instant> Consents::NextChange(Instant t) const {
  const std::optional<Instant> next = NextMoment(moments_, t);
  if (!last_expiry_.has_value() || zone_.LocalDay(t) > *last_expiry_ + 1) return next;
  return Earlier(next, NextDayChange(zone_, t));
}

DoNotContacts::DoNotContacts(const PermissionInput& input) : zone_(*input.zone) {
  std::map<std::pair<std::optional<Channel>, std::optional<ContactId>>, std::vector<Instant>> lifted;
  for (const DoNotContactRecord& record : input.do_not_contact) {
    const DoNotContactSet& rule = record.rule;
    if (!Covers(rule.contact, input.contact) || !Covers(rule.channel, input.channel)) continue;
    moments_.push_back(record.at);
    if (rule.active.value_or(true)) {
      spoken_.push_back({&record});
    } else {
      lifted[{rule.channel, rule.contact}].push_back(record.at);
    }
  }
  std::sort(moments_.begin(), moments_.end());
  for (auto& [scope, moments] : lifted) std::sort(moments.begin(), moments.end());
  for (Spoken<DoNotContactRecord>& spoken : spoken_) {
    const auto scope = lifted.find({spoken.record->rule.channel, spoken.record->rule.contact});
    if (scope == lifted.end()) continue;
    const auto lift = std::upper_bound(scope->second.begin(), scope->second.end(), spoken.record->at);
    if (lift != scope->second.end()) spoken.replaced = *lift;
  }
}

std::vector<const DoNotContactRecord*> DoNotContacts::At(Instant t) const {
  std::vector<const DoNotContactRecord*> records;
  if (spoken_.empty()) return records;
  const Day day = zone_.LocalDay(t);
  for (const Spoken<DoNotContactRecord>& spoken : spoken_) {
    const std::optional<Day>& until = spoken.record->rule.until;
    if (spoken.StandsAt(t) && (!until.has_value() || day <= *until)) records.push_back(spoken.record);
  }
  return records;
}

std::optional<Instant> DoNotContacts::NextChange(Instant t) const {
  const std::optional<Instant> next = NextMoment(moments_, t);
  for (const DoNotContactRecord* record : At(t)) {
    if (!record->rule.until.has_value()) return next;
  }
  return Earlier(next, NextDayChange(zone_, t));
}

}  // namespace rapport

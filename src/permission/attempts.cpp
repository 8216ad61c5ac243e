#include <algorithm>
#include <tuple>

#include "rapport/permission/permission.hpp"
#include "rapport/relationship/touches.hpp"

namespace rapport {
namespace {

std::optional<Purpose> PurposeOf(const Account& account, const Touch& touch) {
  if (touch.purpose.has_value() || !touch.followup.has_value()) return touch.purpose;
  const auto answered = account.followups.find(*touch.followup);
  if (answered == account.followups.end()) return std::nullopt;
  return answered->second.issued.purpose;
}

MessageClass ClassOf(const Account& account, const Touch& touch) {
  if (touch.message_class.has_value()) return *touch.message_class;
  if (!touch.followup.has_value()) return MessageClass::kDefault;
  const auto answered = account.followups.find(*touch.followup);
  if (answered == account.followups.end()) return MessageClass::kDefault;
  return answered->second.issued.message_class.value_or(MessageClass::kDefault);
}

// What was put off does not lapse before the end of the local day until which it was; whose day that is, no record says: a day at the most.
bool MayHaveLapsed(const FollowUpRecord& followup, Instant as_of) {
  constexpr std::int64_t kLongestDayMinutes = 25 * 60;
  if (followup.issued.expires >= as_of) return false;
  return !followup.snoozed_until.has_value() || followup.snoozed_until->PlusMinutes(kLongestDayMinutes) < as_of;
}

}  // namespace

std::vector<Attempt> AttemptsOf(const Account& account, Instant as_of, const FollowUpId& except) {
  std::vector<Attempt> attempts;
  for (const TouchRecord& record : account.touches) {
    const Touch& touch = record.touch;
    if (!IsAttempt(touch)) continue;
    attempts.push_back({record.at, touch.channel, PurposeOf(account, touch), touch.disposition,
                        touch.contact.value_or(ContactId()), record.key, false, ClassOf(account, touch)});
  }
  for (const auto& [id, followup] : account.followups) {
    const FollowUpIssued& issued = followup.issued;
    if (!IsOpen(followup.state) || id == except || MayHaveLapsed(followup, as_of)) continue;
    attempts.push_back({std::max({issued.not_before, as_of, followup.snoozed_until.value_or(as_of)}), issued.channel, issued.purpose, std::nullopt,
                        issued.contact.value_or(ContactId()), followup.issued_by, true, issued.message_class.value_or(MessageClass::kDefault)});
  }
  std::stable_sort(attempts.begin(), attempts.end(),
                   [](const Attempt& a, const Attempt& b) { return std::tie(a.at, a.event) < std::tie(b.at, b.event); });
  return attempts;
}

}  // namespace rapport

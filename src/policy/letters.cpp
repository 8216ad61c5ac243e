#include "rapport/policy/letters.hpp"

#include <algorithm>

#include "rapport/relationship/ties.hpp"

namespace rapport {

std::optional<RepId> LetterSenderOf(const Account& account, const SignalContext& context, Instant at) {
  const SignalInput input = InputFor(account, context, at);
  const std::vector<Tie> ties = TiesOf(account, *context.relationship, *input.zone, at);
  const Tie* sender = SenderOf(ties, *context.book, input.today);
  return sender == nullptr ? std::nullopt : std::optional(sender->rep);
}

std::int64_t LettersBeside(const Account& account, const FollowUpRecord& record, const SignalContext& context, Instant at) {
  const Zone& zone = *InputFor(account, context, at).zone;
  const std::vector<const TouchRecord*> letters = LettersOfTheYear(account, zone, at);
  const Day today = zone.LocalDay(at);
  const auto is_on_its_way = [&](const FollowUpRecord& other) {
    if (other.state != FollowUpState::kHandedOver || other.handed_over.empty() || !IsLetter(other.issued.channel)) return false;
    if (other.issued.followup == record.issued.followup || today - zone.LocalDay(other.handed_over.back()) >= kLetterYearDays) return false;
    return std::none_of(letters.begin(), letters.end(), [&](const TouchRecord* went) { return went->touch.followup == other.issued.followup; });
  };
  return static_cast<std::int64_t>(letters.size()) +
         std::count_if(account.followups.begin(), account.followups.end(), [&](const auto& entry) { return is_on_its_way(entry.second); });
}

LetterWait WaitsFor(const Account& account, const FollowUpRecord& record, const SignalContext& context, Instant at) {
  if (LettersBeside(account, record, context, at) >= kMostLettersAYear) return LetterWait::kEnough;
  if (record.approved != true || !account.owner.has_value() || record.approver != *account.owner) return LetterWait::kOwner;
  if (!record.has_line) return LetterWait::kLine;
  return LetterSenderOf(account, context, at).has_value() ? LetterWait::kNothing : LetterWait::kSender;
}

}  // namespace rapport

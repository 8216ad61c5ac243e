#include "rapport/policy/letters.hpp"

#include "rapport/relationship/ties.hpp"

namespace rapport {

std::optional<RepId> LetterSenderOf(const Account& account, const SignalContext& context, Instant at) {
  const SignalInput input = InputFor(account, context, at);
  const std::vector<Tie> ties = TiesOf(account, *context.relationship, *input.zone, at);
  const Tie* sender = SenderOf(ties, *context.book, input.today);
  return sender == nullptr ? std::nullopt : std::optional(sender->rep);
}

LetterWait WaitsFor(const Account& account, const FollowUpRecord& record, const SignalContext& context, Instant at) {
  if (record.approved != true || !account.owner.has_value() || record.approver != *account.owner) return LetterWait::kOwner;
  if (!record.has_line) return LetterWait::kLine;
  return LetterSenderOf(account, context, at).has_value() ? LetterWait::kNothing : LetterWait::kSender;
}

}  // namespace rapport

// Floor 5. What a letter or newsletter waits for before it goes out (PO4).
//
// A letter is the one follow-up that nobody answers on the spot, so what makes it worth reading is asked for beforehand: the customer's owner
// approves it, with a line that only this customer gets, and it bears the name of somebody whom the customer knows. That holds of every follow-up
// whose channel is letter or newsletter, whatever its rule says. Nobody gets more than six a year, the host's own mass mail counted.
//
//   WaitsFor(account, account.followups.at(id), context, at)   // LetterWait::kOwner: nobody who may has approved it
//
// Pure; any thread.
#ifndef RAPPORT_POLICY_LETTERS_HPP_
#define RAPPORT_POLICY_LETTERS_HPP_

#include <optional>

#include "rapport/book/account.hpp"
#include "rapport/relationship/letters.hpp"
#include "rapport/signals/registry.hpp"

namespace rapport {

// Whose name it bears: the warmest of those who know the customer and work here (relationship/ties.hpp). None: nobody does. O(touches x people).
std::optional<RepId> LetterSenderOf(const Account& account, const SignalContext& context, Instant at);

// The first that is missing, in this order.
enum class LetterWait { kNothing, kOwner, kLine, kSender };
// `record`: of the account, on a letter. An approval counts while who gave it owns the customer: after a hand-over the new owner is asked again.
// A customer without an owner waits for one. At hand-over the tokens are "approval", "no_personal_line" and "no_sender".
LetterWait WaitsFor(const Account& account, const FollowUpRecord& record, const SignalContext& context, Instant at);

}  // namespace rapport

#endif  // RAPPORT_POLICY_LETTERS_HPP_

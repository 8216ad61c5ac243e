// Floor 5. What a letter or newsletter waits for before it goes out (PO4).
//
// A letter is the one follow-up that nobody answers on the spot, so what makes it worth reading is asked for beforehand: the customer's owner
// approves it, with a line that only this customer gets, and it bears the name of somebody whom the customer knows. That holds of every follow-up
// whose channel is letter or newsletter, whatever its rule says. Nobody gets more than six a year, the host's own mass mail counted: what was handed over
// counts from then on, so that two that are handed over on one day are not the sixth and the seventh.
//
//   WaitsFor(account, account.followups.at(id), context, at)   // LetterWait::kOwner: nobody who may has approved it
//
// Pure; any thread.
#ifndef RAPPORT_POLICY_LETTERS_HPP_
#define RAPPORT_POLICY_LETTERS_HPP_

#include <cstdint>
#include <optional>

#include "rapport/book/account.hpp"
#include "rapport/relationship/letters.hpp"
#include "rapport/signals/registry.hpp"

namespace rapport {

// Whose name it bears: the warmest of those who know the customer and work here (relationship/ties.hpp). None: nobody does. O(touches x people).
std::optional<RepId> LetterSenderOf(const Account& account, const SignalContext& context, Instant at);

// Letters of the 365 local days that end with `at`'s, and those that were handed over in them, are open still and of which no touch tells: they are on
// their way. `record` itself is left out of the latter. O(touches + follow-ups).
std::int64_t LettersBeside(const Account& account, const FollowUpRecord& record, const SignalContext& context, Instant at);

// The first that is missing, in this order; kEnough: kMostLettersAYear are beside it, and none more goes.
enum class LetterWait { kNothing, kEnough, kOwner, kLine, kSender };
// `record`: of the account, on a letter. An approval counts while who gave it owns the customer: after a hand-over the new owner is asked again.
// A customer without an owner waits for one. At hand-over the tokens are "enough_letters", "approval",
// "no_personal_line" and "no_sender".
LetterWait WaitsFor(const Account& account, const FollowUpRecord& record, const SignalContext& context, Instant at);

}  // namespace rapport

#endif  // RAPPORT_POLICY_LETTERS_HPP_

// Floor 8, inside. The referrals of a whole book: the model `referrals` made from them, and which new ones are refused.
#ifndef RAPPORT_SRC_ENGINE_REFERRAL_PAST_HPP_
#define RAPPORT_SRC_ENGINE_REFERRAL_PAST_HPP_

#include <vector>

#include "absl/status/statusor.h"
#include "rapport/book/book.hpp"
#include "rapport/ledger/event.hpp"

namespace rapport {

// From every account, with what those who were brought have spent and not given back, in the reporting currency at the rate of the order. Merged
// customers are one. `customers` of the result are those who were brought. `money.no_rate` names the pair, the day and the customer; in a book
// without a reporting currency there are no values.
absl::StatusOr<ModelFitted> FitReferrals(const Book& book);

// True where an event, or what it corrects, is referral.made.
bool SpeaksOfReferrals(const std::vector<Event>& events);

// Of events about to be appended to `book` (all of it: everything stored). Refuses, with the record, field, found and expected:
//   `referral.self`   who is brought is the one who brings, perhaps as a merged customer
//   `referral.cycle`  it closes a circle with what is stored or with the same call, of referrals that the tree counts: not with one of somebody
//                     whom another brought first
// A referral that is stored already, in the same words, is fine; one that is said anew, corrected or taken back in the call counts as the call
// says. Merges count as far as they are stored. Reads the accounts below those who are brought, each once: O(their events); where a circle
// goes through these, all accounts.
absl::Status CheckReferrals(const Book& book, const std::vector<Event>& events);

}  // namespace rapport

#endif  // RAPPORT_SRC_ENGINE_REFERRAL_PAST_HPP_

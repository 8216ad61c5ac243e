// Floor 3. How often we wrote to a customer: letters and newsletters of a year (PO4).
//
// What went out in the customer's name or to many at once counts alike, for whoever reads it: personal letters, our newsletters, and what the host mails
// to everybody, which enters the book as touches of kind `mass`. Copies of what we said ourselves and changes of a record are no letters.
//
//   LettersOfTheYear(account, zone, as_of).size()   // 4; three to six a year keep a customer in sight without being in the way
//
// Pure; any thread.
#ifndef RAPPORT_RELATIONSHIP_LETTERS_HPP_
#define RAPPORT_RELATIONSHIP_LETTERS_HPP_

#include <cstdint>
#include <vector>

#include "rapport/book/account.hpp"
#include "rapport/core/zones.hpp"

namespace rapport {

inline constexpr std::int64_t kFewestLettersAYear = 3;   // fewer, and a customer forgets us
inline constexpr std::int64_t kMostLettersAYear = 6;
inline constexpr int kLetterYearDays = 365;

inline bool IsLetter(Channel channel) { return channel == Channel::kLetter || channel == Channel::kNewsletter; }

// Those that went out on the local day of `as_of` or the 364 before it, in order of time; they point into the account. O(touches).
std::vector<const TouchRecord*> LettersOfTheYear(const Account& account, const Zone& zone, Instant as_of);

}  // namespace rapport

#endif  // RAPPORT_RELATIONSHIP_LETTERS_HPP_

// Floor 3. All that touches of an account add up to, in one pass: signals of touches and of the relationship are read from it.
//
// Trust moves with the local day: what was today counts in full until midnight, what was before has decayed by today's 00:00 (trust.hpp). So a value
// holds for the whole day unless something happens. Counts and last touches are of all touches of the account; trust, ties and the trend leave out
// what lies after `as_of`, so that earlier days can be asked for with the same account.
//
// O(touches), one power of two each.
#ifndef RAPPORT_RELATIONSHIP_TOUCH_SUMS_HPP_
#define RAPPORT_RELATIONSHIP_TOUCH_SUMS_HPP_

#include <cstdint>
#include <optional>

#include "rapport/book/account.hpp"
#include "rapport/relationship/terms.hpp"
#include "rapport/relationship/trust.hpp"

namespace rapport {

struct TouchSums {
  // Of the whole account. Null: none.
  std::int64_t contacts = 0;
  const TouchRecord* last_contact = nullptr;
  const TouchRecord* last_care = nullptr;
  std::int64_t care_days = 0;               // distinct local days on which care reached them
  std::int64_t sold_since_care = 0;         // contacts of ours to sell, after the last care
  std::optional<double> both_sides_share;   // of what counts, what they began; null where nothing counts

  // Up to as_of.
  double trust = 0;
  DecayingSum sum;                          // trust from tomorrow on
  const TouchRecord* last_counted = nullptr;   // the newest that adds to trust
  // Contact of the last while against the long run, -1 to 1: how much denser it has been over one half life than over four, as
  // (r - R) / (r + R) of the mean weights a day, r = S_h ln 2 / (h (1 - 2^-(T/h))), T days since the first contact, at least one. Null without contact.
  std::optional<double> trend;

  explicit TouchSums(double half_life_days) : sum(half_life_days) {}
};

TouchSums TouchSumsOf(const Account& account, const RelationshipTerms& terms, const Zone& zone, Instant as_of);

}  // namespace rapport

#endif  // RAPPORT_RELATIONSHIP_TOUCH_SUMS_HPP_

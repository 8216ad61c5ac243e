// Floor 3. All that touches of an account add up to, in one pass: signals of touches and of the relationship are read from it.
//
// Trust moves with the local day: what was today counts in full until midnight, what was before has decayed by today's 00:00 (trust.hpp). So a value
// holds for the whole day unless something happens. What lies after `as_of` is left out of all that is counted or summed, so that earlier days can be
// asked for with the same account; the last contact and the last care are those of the account, as days since what is yet to come are null
// (signals/registry.hpp). Nothing is NaN, however short the half life.
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
  const TouchRecord* last_care = nullptr;
  std::int64_t sold_since_care = 0;         // contacts of ours to sell, after the last care

  // Up to as_of.
  std::int64_t contacts = 0;
  std::int64_t care_days = 0;               // distinct local days on which care reached them
  std::optional<double> both_sides_share;   // of what counts, what they began; null where nothing counts
  double trust = 0;
  DecayingSum sum;                          // trust from tomorrow on
  const TouchRecord* last_counted = nullptr;   // the newest that adds to trust
  // Contact of the last while against the long run: how much denser it has been over one half life than over four, as (r - R) / (r + R) of the mean
  // weights a day, r = S_h ln 2 / (h (1 - 2^-(T/h))), T days since the first contact, at least one. Towards -1 where it ended; about 0 where it goes on
  // as ever and where it has just begun, as there is no long run yet; at most 0.6, where all weight is new after a long time, as r <= 4 R.
  // Null without contact.
  std::optional<double> trend;

  explicit TouchSums(double half_life_days) : sum(half_life_days) {}
};

TouchSums TouchSumsOf(const Account& account, const RelationshipTerms& terms, const Zone& zone, Instant as_of);

}  // namespace rapport

#endif  // RAPPORT_RELATIONSHIP_TOUCH_SUMS_HPP_

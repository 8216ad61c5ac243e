// Floor 3. Who of ours knows this customer, and who of them should write; and whom of theirs we know.
//
// A tie is one person of ours: how often the two were in contact, first and last, whom they met there, and how warm it is: the decaying sum of his own
// contacts that care (trust.hpp), at the same moments as the account's trust. Selling makes an acquaintance, count and days, and no warmth. A touch
// without a rep is nobody's. Whoever left keeps his tie, and is no sender.
//
//   const std::vector<Tie> ties = TiesOf(account, terms, zone, as_of);   // the warmest first, then by rep
//   const std::vector<ContactTie> met = ContactTiesOf(account, terms, zone, as_of);   // likewise by contact of the account
//   const Tie* sender = SenderOf(ties, context, today);                  // null: nobody here knows them
//
// Pure; O(touches x people).
#ifndef RAPPORT_RELATIONSHIP_TIES_HPP_
#define RAPPORT_RELATIONSHIP_TIES_HPP_

#include <cstdint>
#include <optional>
#include <vector>

#include "rapport/book/account.hpp"
#include "rapport/book/context.hpp"
#include "rapport/relationship/terms.hpp"
#include "rapport/relationship/trust.hpp"

namespace rapport {

struct TieCounts {
  std::int64_t touches = 0;           // contacts, of any purpose
  std::int64_t reached = 0;           // of these, those in which the two reached each other: above 0 they know each other
  Instant first_at, last_at;
  Channel last_channel = Channel::kVisit;
  double warmth = 0;
  EventKey last_event;
};
struct Tie : TieCounts {
  RepId rep;
  std::vector<ContactId> contacts;    // met, sorted
};
struct ContactTie : TieCounts {
  ContactId contact;
  std::vector<RepId> reps;            // who met them, sorted
};

// What lies after `as_of` has not happened.
std::vector<Tie> TiesOf(const Account& account, const RelationshipTerms& terms, const Zone& zone, Instant as_of);
// A touch without a contact is with nobody named.
std::vector<ContactTie> ContactTiesOf(const Account& account, const RelationshipTerms& terms, const Zone& zone, Instant as_of);

bool WorksHere(const BookContext& context, const RepId& rep, Day day);   // one of whom nothing is known does
// The first of the ties whom the customer knows and who works here on that day.
const Tie* SenderOf(const std::vector<Tie>& ties, const BookContext& context, Day day);

}  // namespace rapport

#endif  // RAPPORT_RELATIONSHIP_TIES_HPP_

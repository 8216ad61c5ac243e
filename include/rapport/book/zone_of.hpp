// Floor 2. Whose clock counts: the zone of a rep, of a person, as BookContext::ZoneOf takes them. O(log zones).
#ifndef RAPPORT_BOOK_ZONE_OF_HPP_
#define RAPPORT_BOOK_ZONE_OF_HPP_

#include <optional>

#include "rapport/book/account.hpp"
#include "rapport/book/context.hpp"

namespace rapport {

// The rep's, else the book's: of one of whom nothing was told, and where none is named.
const Zone& ZoneOfRep(const BookContext& context, const RepId& rep);
inline const Zone& ZoneOfRep(const BookContext& context, const std::optional<RepId>& rep) { return ZoneOfRep(context, rep.value_or(RepId())); }

// Of whom a contact is with: the person's, the customer's, the book's. `person` null: nobody who is named.
const Zone& ZoneOfPerson(const BookContext& context, const Account& account, const ContactRecord* person);
const Zone& ZoneOfPerson(const BookContext& context, const Account& account, const std::optional<ContactId>& contact);

}  // namespace rapport

#endif  // RAPPORT_BOOK_ZONE_OF_HPP_

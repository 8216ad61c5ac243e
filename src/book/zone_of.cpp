#include "rapport/book/zone_of.hpp"

namespace rapport {

const Zone& ZoneOfRep(const BookContext& context, const RepId& rep) {
  const RepRecord* record = context.FindRep(rep);
  return context.ZoneOf(record != nullptr ? record->zone : std::nullopt, std::nullopt);
}

const Zone& ZoneOfPerson(const BookContext& context, const Account& account, const ContactRecord* person) {
  return context.ZoneOf(person != nullptr ? person->zone : std::nullopt, account.profile.zone);
}

const Zone& ZoneOfPerson(const BookContext& context, const Account& account, const std::optional<ContactId>& contact) {
  return ZoneOfPerson(context, account, contact.has_value() ? account.FindContact(*contact) : nullptr);
}

}  // namespace rapport

#include "rapport/book/account.hpp"

#include <algorithm>

namespace rapport {

std::string_view NameOf(FollowUpState state) {
  switch (state) {
    case FollowUpState::kOpen: return "open";
    case FollowUpState::kHandedOver: return "handed_over";
    case FollowUpState::kDone: return "done";
    case FollowUpState::kSkipped: return "skipped";
    case FollowUpState::kWithdrawn: return "withdrawn";
    case FollowUpState::kExpired: return "expired";
  }
  return {};
}

const ContactRecord* Account::FindContact(const ContactId& contact) const {
  const auto at = std::lower_bound(contacts.begin(), contacts.end(), contact,
                                   [](const ContactRecord& record, const ContactId& id) { return record.id < id; });
  return at != contacts.end() && at->id == contact ? &*at : nullptr;
}

bool ProfilingWithdrawn(const Account& account) {
  const auto last = std::find_if(account.consents.rbegin(), account.consents.rend(), [](const ConsentRecord& record) {
    const ConsentChanged& said = record.consent;
    return !said.channel && !said.contact && said.purpose.value_or(ConsentPurpose::kProfiling) == ConsentPurpose::kProfiling;
  });
  return last != account.consents.rend() && last->consent.state == ConsentState::kWithdrawn;
}

const CustomerId& Account::NamedIn(const EventKey& event) const {
  const auto other = named.find(event);
  return other == named.end() ? id : other->second;
}

const ContactRecord* Account::PrimaryContact() const {
  const auto at = std::find_if(contacts.begin(), contacts.end(), [](const ContactRecord& c) { return c.primary; });
  if (at != contacts.end()) return &*at;
  return contacts.size() == 1 ? &contacts.front() : nullptr;
}

const PurchaseRecord* Account::FindPurchase(const OrderId& order) const {
  const auto at = std::find_if(purchases.rbegin(), purchases.rend(),
                               [&](const PurchaseRecord& purchase) { return purchase.order == order; });
  return at != purchases.rend() ? &*at : nullptr;
}

}  // namespace rapport

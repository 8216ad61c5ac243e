#include "rapport/book/account.hpp"

#include <algorithm>
#include <tuple>

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

std::optional<Money> PurchaseRecord::KeptAmount() const {
  if (!amount.has_value() || returned_whole) return amount.has_value() ? std::optional(Money(0, amount->currency())) : std::nullopt;
  if (!returned_amount.has_value()) return amount;
  if (returned_amount->currency() != amount->currency()) return std::nullopt;
  return Money(std::max<std::int64_t>(0, amount->minor() - returned_amount->minor()), amount->currency());
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

std::vector<CustomerId> Account::Ids() const {
  std::vector<CustomerId> ids{id};
  for (const auto& [event, customer] : named) ids.push_back(customer);
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

const ContactRecord* Account::PrimaryContact() const {
  const auto at = std::find_if(contacts.begin(), contacts.end(), [](const ContactRecord& c) { return c.primary; });
  if (at != contacts.end()) return &*at;
  return contacts.size() == 1 ? &contacts.front() : nullptr;
}

namespace {

// When a rule first did something for an account, and in the name of which of its customers.
struct FirstWork {
  Instant at;
  CustomerId named;
};

std::optional<FirstWork> FirstWorkOf(const Account& account, std::string_view rule) {
  std::optional<FirstWork> first;
  const auto see = [&](const std::string& name, Instant at, const EventKey& event) {
    if (!rule.empty() && name != rule) return;
    const CustomerId& named = account.NamedIn(event);
    if (!first.has_value() || std::tie(at, named) < std::tie(first->at, first->named)) first = FirstWork{at, named};
  };
  for (const auto& [id, record] : account.followups) see(record.issued.rule, record.issued_at, record.issued_by);
  for (const auto& [id, record] : account.relations.enrolments) see(record.entered.cadence, record.entered_at, record.key);
  return first;
}

// The first of several records that was known to the customer's first work; the first of all, where there was none, or none was known.
template <class Record>
const Record* FirstKnown(const std::vector<Record>& records, const Account& account, std::string_view rule) {
  if (records.empty()) return nullptr;
  const std::optional<FirstWork> work = FirstWorkOf(account, rule);
  const auto known = std::find_if(records.begin(), records.end(), [&](const Record& record) {
    return work.has_value() && record.told <= work->at && account.NamedIn(record.key) == work->named;
  });
  return known == records.end() ? &records.front() : &*known;
}

}  // namespace

const ToldEvent* Account::BegunBy(std::string_view rule) const { return FirstKnown(first_told, *this, rule); }
const PurchaseRecord* Account::FirstPurchase(std::string_view rule) const { return FirstKnown(purchases, *this, rule); }

const PurchaseRecord* Account::FindPurchase(const OrderId& order) const {
  const auto at = std::find_if(purchases.rbegin(), purchases.rend(),
                               [&](const PurchaseRecord& purchase) { return purchase.order == order; });
  return at != purchases.rend() ? &*at : nullptr;
}

}  // namespace rapport

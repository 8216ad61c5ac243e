#include "rapport/book/book.hpp"

#include <algorithm>

#include "book/merges.hpp"
#include "book/segment.hpp"
#include "book/versions.hpp"
#include "rapport/book/fold.hpp"

namespace rapport {
std::vector<std::string_view> Book::LogsOf(std::string_view customer) const {
  const auto at = std::lower_bound(overlay_->begin(), overlay_->end(), customer,
                                   [](const auto& entry, std::string_view name) { return entry.first.text() < name; });
  if (at != overlay_->end() && at->first.text() == customer) return {at->second->base, at->second->tail};
  if (base_ == nullptr) return {};
  const std::optional<std::size_t> found = base_->Find(customer);
  return found ? std::vector<std::string_view>{base_->Log(*found)} : std::vector<std::string_view>();
}

void Book::CollectEntries(const CustomerId& member, std::vector<PackedEntry>& entries) const {
  for (const std::string_view log : LogsOf(member.text())) {
    PackedReader reader(log);
    for (PackedEntry entry; reader.Next(entry);) {
      if (entry.recorded > known_) continue;
      entry.subject = member.text();
      entries.push_back(entry);
    }
  }
}

bool Book::VisitEvents(const CustomerId& id, bool for_fold, Instant until, const std::function<void(const Event&)>& visit) const {
  const auto group = members_.find(id);
  const std::vector<CustomerId> alone = group == members_.end() ? std::vector<CustomerId>{id} : std::vector<CustomerId>();
  std::vector<PackedEntry> entries;
  for (const CustomerId& member : group == members_.end() ? alone : group->second) {
    CollectEntries(member, entries);
  }
  bool any = false;
  Event event;
  std::vector<CountingEntry> counting = CountingEntries(entries, retracted_batches_);
  if (for_fold) OpeningFirst(counting);
  for (const CountingEntry& entry : counting) {
    if (entry.occurred > until || (for_fold && KeepsTheLedger(entry.said->type))) continue;
    if (event.subject.text() != entry.said->subject) event.subject = CustomerId::Trusted(std::string(entry.said->subject));
    visit(Counting(entry, event));
    any = true;
  }
  return any;
}

std::shared_ptr<const Account> Book::Fold(const CustomerId& id, Instant until) const {
  auto account = std::make_shared<Account>();
  account->id = id;
  AccountFold fold(*account);
  const bool any = VisitEvents(id, true, until, [&](const Event& event) { fold.Add(event); });
  fold.Finish();
  return any ? std::shared_ptr<const Account>(std::move(account)) : nullptr;
}

const CustomerId& Book::AccountOf(const CustomerId& customer) const {
  const auto survivor = survivors_.find(customer);
  return survivor == survivors_.end() ? customer : survivor->second;
}

std::shared_ptr<const Account> Book::Find(const CustomerId& customer) const {
  return FindAsOf(customer, happened_);
}

std::shared_ptr<const Account> Book::FindAsOf(const CustomerId& customer, Instant moment) const {
  if (customer.empty()) return nullptr;
  return Fold(AccountOf(customer), std::min(moment, happened_));
}

std::vector<CustomerId> Book::MembersOf(const CustomerId& customer) const {
  const auto group = members_.find(AccountOf(customer));
  return group == members_.end() ? std::vector<CustomerId>{customer} : group->second;
}

void Book::Visit(std::span<const CustomerId> customers, const std::function<void(const Account&)>& visit) const {
  if (customers.empty()) {
    for (const Accounts::Entry& entry : accounts()) visit(*entry.second);
    return;
  }
  std::set<CustomerId> asked;
  for (const CustomerId& customer : customers) asked.insert(AccountOf(customer));
  for (const CustomerId& customer : asked) {
    if (const std::shared_ptr<const Account> account = Find(customer)) visit(*account);
  }
}

std::vector<Event> Book::EventsOf(const CustomerId& customer) const {
  std::vector<Event> events;
  VisitEvents(AccountOf(customer), false, happened_, [&](const Event& event) { events.push_back(event); });
  return events;
}

void Book::Accounts::Iterator::Advance() {
  const Segment* base = book_->base_.get();
  const Overlay& overlay = *book_->overlay_;
  for (;;) {
    const bool in_base = base != nullptr && base_at_ < base->customers();
    const bool in_overlay = overlay_at_ < overlay.size();
    entry_ = {};
    if (!in_base && !in_overlay) return;
    const std::string_view from_base = in_base ? base->Name(base_at_) : std::string_view();
    const std::string_view from_overlay = in_overlay ? std::string_view(overlay[overlay_at_].first.text()) : std::string_view();
    const bool takes_base = in_base && (!in_overlay || from_base <= from_overlay);
    const bool takes_overlay = in_overlay && (!in_base || from_overlay <= from_base);
    CustomerId id = CustomerId::Trusted(std::string(takes_base ? from_base : from_overlay));
    base_at_ += takes_base ? 1 : 0;
    overlay_at_ += takes_overlay ? 1 : 0;
    if (id.empty() || book_->survivors_.contains(id)) continue;
    entry_.second = book_->Fold(id, book_->happened_);
    entry_.first = std::move(id);
    if (entry_.second != nullptr) return;
  }
}

std::size_t Book::Accounts::size() const {
  std::size_t count = 0;
  for (const Entry& entry : *this) count += entry.second != nullptr ? 1 : 0;
  return count;
}

}  // namespace rapport

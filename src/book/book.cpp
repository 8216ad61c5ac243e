#include "rapport/book/book.hpp"

#include <algorithm>

#include "book/fields.hpp"
#include "rapport/book/fold.hpp"

namespace rapport {
namespace {

template <class Pointer>
void SortCanonically(std::vector<Pointer>& events) {
  std::sort(events.begin(), events.end(), [](const Pointer& a, const Pointer& b) { return CanonicalLess(*a, *b); });
}

// Room is made once: purchases are the largest records, and most of what is folded.
std::shared_ptr<const Account> Folded(const std::vector<std::unique_ptr<const Event>>& events) {
  auto account = std::make_shared<Account>();
  const auto purchases = std::count_if(events.begin(), events.end(), [](const auto& event) {
    return event->template As<PurchasePlaced>() != nullptr;
  });
  account->purchases.reserve(static_cast<std::size_t>(purchases));
  for (const auto& event : events) FoldInto(*account, *event);
  return account;
}

}  // namespace

const Account* Book::Find(const CustomerId& customer) const {
  const auto at = accounts_.find(customer);
  return at != accounts_.end() ? at->second.get() : nullptr;
}

BookBuilder::BookBuilder(ZoneRules zones) : zones_(std::move(zones)) {}

void BookBuilder::Add(Event&& event) {
  auto owned = std::make_unique<Event>(std::move(event));
  std::visit([](auto& said) { DropPrivate(said); }, owned->data);
  owned->extra.clear();

  auto found = index_.find(owned->subject.text());
  if (found == index_.end()) {
    auto& entry = *by_subject_.try_emplace(owned->subject).first;
    found = index_.emplace(entry.first.text(), &entry).first;
  }
  Ledgered& ledgered = found->second->second;
  if (!ledgered.changed) {
    ledgered.changed = true;
    changed_.push_back(found->second);
  }
  ledgered.latest_recorded = std::max(ledgered.latest_recorded, owned->recorded);
  ledgered.latest_occurred = std::max(ledgered.latest_occurred, owned->occurred.at);
  latest_recorded_ = std::max(latest_recorded_, owned->recorded);
  latest_occurred_ = std::max(latest_occurred_, owned->occurred.at);
  last_sequence_ = std::max(last_sequence_, owned->sequence);
  ++event_count_;

  const std::size_t seen_before = currencies_.size();
  NoteCurrencies(owned->data, currencies_);
  if (owned->subject.empty() || currencies_.size() != seen_before) context_changed_ = true;
  if (!ledgered.events.empty() && CanonicalLess(*owned, *ledgered.events.back())) ledgered.sorted = false;
  ledgered.events.push_back(std::move(owned));
}

std::vector<const Event*> BookBuilder::EventsOf(const CustomerId& customer, std::optional<Instant> known_at) const {
  std::vector<const Event*> known;
  const auto at = by_subject_.find(customer);
  if (at == by_subject_.end()) return known;
  for (const auto& event : at->second.events) {
    if (!known_at.has_value() || event->recorded <= *known_at) known.push_back(event.get());
  }
  if (!at->second.sorted) SortCanonically(known);
  return known;
}

std::shared_ptr<const Book> BookBuilder::AsKnown(std::optional<Instant> known_at, std::optional<Instant> as_of) {
  FoldChanged();
  const Instant known = known_at.value_or(Instant::Max());
  const Instant happened = as_of.value_or(Instant::Max());
  if (latest_recorded_ <= known && latest_occurred_ <= happened) return newest_;
  return Earlier(known, happened);
}

void BookBuilder::FoldChanged() {
  if (newest_ != nullptr && changed_.empty()) return;
  auto book = newest_ != nullptr ? std::make_shared<Book>(*newest_) : std::make_shared<Book>();
  std::sort(changed_.begin(), changed_.end(), [](const auto* a, const auto* b) { return a->first < b->first; });
  for (auto* entry : changed_) {
    Ledgered& ledgered = entry->second;
    if (!ledgered.sorted) SortCanonically(ledgered.events);
    ledgered.sorted = true;
    ledgered.changed = false;
    if (entry->first.empty()) continue;
    ledgered.folded = Folded(ledgered.events);
    // Sorted as they are, new accounts mostly come at the end.
    book->accounts_.insert_or_assign(book->accounts_.end(), entry->first, ledgered.folded);
  }
  changed_.clear();
  if (context_changed_) {
    auto context = std::make_shared<BookContext>();
    context->zones = zones_;
    context->currencies_seen = currencies_;
    SettleReportingCurrency(*context);
    const auto crossing = by_subject_.find(CustomerId());
    if (crossing != by_subject_.end()) {
      for (const auto& event : crossing->second.events) FoldInto(*context, *event);
    }
    book->context_ = std::move(context);
    context_changed_ = false;
  }
  newest_ = std::move(book);
}

std::shared_ptr<const Book> BookBuilder::Earlier(Instant known_at, Instant as_of) const {
  auto book = std::make_shared<Book>();
  auto context = std::make_shared<BookContext>();
  context->zones = zones_;
  for (const auto& [subject, ledgered] : by_subject_) {
    const bool whole = ledgered.latest_recorded <= known_at && ledgered.latest_occurred <= as_of;
    std::shared_ptr<Account> account;
    for (const auto& event : ledgered.events) {
      if (event->recorded > known_at || event->occurred.at > as_of) continue;
      FoldInto(*context, *event);
      if (whole || subject.empty()) continue;
      if (account == nullptr) account = std::make_shared<Account>();
      FoldInto(*account, *event);
    }
    if (subject.empty()) continue;
    if (whole) {
      book->accounts_.emplace_hint(book->accounts_.end(), subject, ledgered.folded);
    } else if (account != nullptr) {
      book->accounts_.emplace_hint(book->accounts_.end(), subject, std::move(account));
    }
  }
  book->context_ = std::move(context);
  return book;
}

}  // namespace rapport

// Floor 2. The book of business as known at a moment.
//
//   BookBuilder builder(ZoneRules::Bundled());
//   ledger.Scan(0, [&](Event&& e) { builder.Add(std::move(e)); return absl::OkStatus(); });
//   std::shared_ptr<const Book> now = builder.AsKnown(std::nullopt);   // everything stored
//   std::shared_ptr<const Book> then = builder.AsKnown(march_2);       // recorded_at <= march_2
//
// A Book is immutable and may be read by any number of threads. The builder keeps the events and folds again only the
// accounts that new events touch: AsKnown(nullopt) after k new events costs O(k + events of those accounts), and where there
// are any a copy of the list of accounts.
#ifndef RAPPORT_BOOK_BOOK_HPP_
#define RAPPORT_BOOK_BOOK_HPP_

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "rapport/book/account.hpp"
#include "rapport/book/context.hpp"
#include "rapport/ledger/event.hpp"

namespace rapport {

class Book {
 public:
  const BookContext& context() const { return *context_; }
  // Sorted by customer id. Accounts are shared between books that agree on them.
  const std::map<CustomerId, std::shared_ptr<const Account>>& accounts() const { return accounts_; }
  const Account* Find(const CustomerId& customer) const;

 private:
  friend class BookBuilder;
  std::shared_ptr<const BookContext> context_;
  std::map<CustomerId, std::shared_ptr<const Account>> accounts_;
};

class BookBuilder {
 public:
  explicit BookBuilder(ZoneRules zones);

  // Any order; canonical order is restored here. Private fields are dropped on the way in.
  void Add(Event&& event);
  std::int64_t last_sequence() const { return last_sequence_; }
  std::size_t event_count() const { return event_count_; }
  // The events of one customer that were known at `known_at`, in canonical order (without private fields).
  std::vector<const Event*> EventsOf(const CustomerId& customer, std::optional<Instant> known_at) const;

  // The book from the events with recorded <= known_at; nullopt: all of them. With `as_of`, events that occurred after it are
  // left out as well: what had happened by then, as far as it was known at known_at. An earlier book refolds the accounts
  // that have later events and shares the others.
  std::shared_ptr<const Book> AsKnown(std::optional<Instant> known_at, std::optional<Instant> as_of = std::nullopt);

 private:
  struct Ledgered {                       // the events of one subject
    std::vector<std::unique_ptr<const Event>> events;
    bool sorted = true;                   // in canonical order; restored before a fold
    bool changed = false;
    Instant latest_recorded = Instant::Min();
    Instant latest_occurred = Instant::Min();
    std::shared_ptr<const Account> folded;
  };
  void FoldChanged();
  std::shared_ptr<const Book> Earlier(Instant known_at, Instant as_of) const;

  ZoneRules zones_;
  std::map<CustomerId, Ledgered> by_subject_;   // the empty id: events about no customer
  std::unordered_map<std::string_view, std::pair<const CustomerId, Ledgered>*> index_;  // into by_subject_
  std::vector<std::pair<const CustomerId, Ledgered>*> changed_;                         // since newest_ was made
  std::set<std::string> currencies_;            // seen in any event
  bool context_changed_ = true;
  Instant latest_recorded_ = Instant::Min();
  Instant latest_occurred_ = Instant::Min();
  std::int64_t last_sequence_ = 0;
  std::size_t event_count_ = 0;
  std::shared_ptr<const Book> newest_;
};

}  // namespace rapport

#endif  // RAPPORT_BOOK_BOOK_HPP_

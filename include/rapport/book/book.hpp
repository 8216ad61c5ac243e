// Floor 2. The book of business as known at a moment.
//
//   BookBuilder builder(ZoneRules::Bundled());
//   ledger.Scan(0, [&](Event&& e) { builder.Add(std::move(e)); return absl::OkStatus(); });
//   std::shared_ptr<const Book> now = builder.AsKnown(std::nullopt);   // everything stored
//   std::shared_ptr<const Book> then = builder.AsKnown(march_2);       // recorded_at <= march_2
//   for (const auto& [id, account] : now->accounts()) ...
//
// The events of a customer are kept as packed bytes (docs/adr/0018), and an account is folded from them when it is asked for: so a
// book of any moment costs its context only, a late event refolds its account only, and memory is what the events take: about 20
// bytes and its ids an event. A Book is immutable and may be read by any number of threads; so it keeps no account once folded:
// who reads one twice holds the pointer.
//
// Corrections, retractions, batches and merges take effect here: an account is folded from the events that count, all of a merged
// whole under the surviving customer's id, as far as they were known.
#ifndef RAPPORT_BOOK_BOOK_HPP_
#define RAPPORT_BOOK_BOOK_HPP_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "rapport/book/account.hpp"
#include "rapport/book/context.hpp"
#include "rapport/core/hash.hpp"
#include "rapport/ledger/event.hpp"

namespace rapport {

class Segment;      // the packed events of all customers, sorted: a snapshot
struct CustomerLog; // the packed events of one customer that came since
struct PackedEntry;

class Book {
 public:
  const BookContext& context() const { return *context_; }

  // Accounts sorted by customer id, each folded as the loop comes to it. A customer of whom nothing had happened, or was known, has no
  // account; of a merged whole only the survivor has.
  class Accounts;
  Accounts accounts() const;
  // Null for a customer the book does not know. A merged customer is found under each of its ids.
  std::shared_ptr<const Account> Find(const CustomerId& customer) const;
  // As of an earlier moment, with what this book knows of it: as Find of AsKnown(known_at, moment), whose merges are the same, without its context.
  std::shared_ptr<const Account> FindAsOf(const CustomerId& customer, Instant moment) const;
  // Calls `visit` with the accounts of `customers` that the book knows, or with all where none is named; sorted by id, once each.
  void Visit(std::span<const CustomerId> customers, const std::function<void(const Account&)>& visit) const;
  // The id under which the customer's account stands: the survivor's, or its own.
  const CustomerId& AccountOf(const CustomerId& customer) const;
  // All ids of the account, sorted.
  std::vector<CustomerId> MembersOf(const CustomerId& customer) const;
  // The events of an account that count, in canonical order, corrected, without private fields.
  std::vector<Event> EventsOf(const CustomerId& customer) const;
  // Customers whose text was erased, and the digests that erasures left of what they could be known by.
  const std::set<CustomerId>& erased() const { return erased_; }
  const std::set<std::string>& suppressed() const { return suppressed_; }
  const std::set<std::string, std::less<>>& retracted_batches() const { return retracted_batches_; }

 private:
  friend class BookBuilder;
  friend class AccountReplay;
  using Overlay = std::vector<std::pair<CustomerId, std::shared_ptr<const CustomerLog>>>;   // sorted
  std::vector<std::string_view> LogsOf(std::string_view customer) const;
  // The entries of a customer that were known, each with `subject`.
  void CollectEntries(const CustomerId& member, std::vector<PackedEntry>& entries) const;
  std::shared_ptr<const Account> Fold(const CustomerId& id, Instant until) const;
  // Calls `visit` with each event of the account that counts and occurred by `until`; false where there is none.
  // `for_fold`: of one instant, what opens a record comes before what speaks of it; else canonical order.
  bool VisitEvents(const CustomerId& id, bool for_fold, Instant until, const std::function<void(const Event&)>& visit) const;

  std::shared_ptr<const BookContext> context_;
  std::shared_ptr<const Segment> base_;
  std::shared_ptr<const Overlay> overlay_;
  Instant known_ = Instant::Max();
  Instant happened_ = Instant::Max();
  std::set<std::string, std::less<>> retracted_batches_;
  std::set<CustomerId> erased_;
  std::set<std::string> suppressed_;
  std::map<CustomerId, CustomerId> survivors_;               // of merged customers
  std::map<CustomerId, std::vector<CustomerId>> members_;    // of a survivor, itself included
};

class Book::Accounts {
 public:
  using Entry = std::pair<CustomerId, std::shared_ptr<const Account>>;
  class Iterator {
   public:
    using value_type = Entry;
    using difference_type = std::ptrdiff_t;
    const Entry& operator*() const { return entry_; }
    const Entry* operator->() const { return &entry_; }
    Iterator& operator++() { Advance(); return *this; }
    friend bool operator==(const Iterator& a, std::nullptr_t) { return a.entry_.second == nullptr; }

   private:
    friend class Accounts;
    explicit Iterator(const Book* book) : book_(book) { Advance(); }
    void Advance();
    const Book* book_;
    std::size_t base_at_ = 0;
    std::size_t overlay_at_ = 0;
    Entry entry_;
  };
  Iterator begin() const { return Iterator(book_); }
  std::nullptr_t end() const { return nullptr; }
  // Folds them all.
  std::size_t size() const;
  bool empty() const { return begin() == nullptr; }

 private:
  friend class Book;
  explicit Accounts(const Book* book) : book_(book) {}
  const Book* book_;
};

inline Book::Accounts Book::accounts() const { return Accounts(this); }

class BookBuilder {
 public:
  explicit BookBuilder(ZoneRules zones);
  ~BookBuilder();
  BookBuilder(BookBuilder&&) noexcept;
  BookBuilder& operator=(BookBuilder&&) noexcept;

  // Any order; canonical order is restored in the fold. Private fields are dropped on the way in. Amortised O(size of the event).
  void Add(const Event& event);
  std::int64_t last_sequence() const { return last_sequence_; }
  std::size_t event_count() const { return event_count_; }
  // How many of them were known at a moment, those that were taken back since as well. O(1) where nothing came later, else O(events).
  std::int64_t CountKnown(Instant known_at) const;
  // The latest moment at which anything became known; Min for an empty book.
  Instant latest_recorded() const { return latest_recorded_; }
  // The same of when it happened.
  Instant latest_occurred() const { return latest_occurred_; }
  // Bytes resident for events and customers.
  std::size_t ResidentBytes() const;

  // The book from the events with recorded <= known_at; nullopt: all of them. With `as_of`, events that occurred after it are
  // left out as well: what had happened by then, as far as it was known at known_at. O(events about no customer + customers
  // with new events); the same book again where nothing came.
  std::shared_ptr<const Book> AsKnown(std::optional<Instant> known_at, std::optional<Instant> as_of = std::nullopt);

  // Between two of these moments, one after the other, AsKnown(m, m) has the same context, merges and retractions for every m: only accounts
  // change. Sorted. O(events about no customer + merges + currencies).
  std::vector<Instant> CrossingMoments() const;

  // Everything as one blob: versioned, checksummed, without personal text, the same for the same events. `link` says of which ledger
  // (Store::Link); FromSnapshot gives it back. A cache: deleting it loses nothing.
  std::string Snapshot(const Digest& link);
  // `snapshot.invalid` (another version, cut, changed).
  static absl::StatusOr<BookBuilder> FromSnapshot(std::string blob, ZoneRules zones, Digest* link = nullptr);
  // What a snapshot says of itself, read from its beginning: `last_sequence` and `link`.
  struct SnapshotHead { std::int64_t last_sequence = 0; Digest link{}; };
  static absl::StatusOr<SnapshotHead> HeadOf(std::string_view blob);

 private:
  struct State;
  CustomerLog& LogFor(std::string_view customer);
  void NoteCrossing(const Event& event);
  void NoteCurrenciesOf(const Event& event);
  void Compact();
  std::shared_ptr<const Book> Make(Instant known, Instant happened) const;

  std::unique_ptr<State> state_;
  std::int64_t last_sequence_ = 0;
  std::size_t event_count_ = 0;
  Instant latest_recorded_ = Instant::Min();
  Instant latest_occurred_ = Instant::Min();
  std::shared_ptr<const Book> newest_;
};

}  // namespace rapport

#endif  // RAPPORT_BOOK_BOOK_HPP_

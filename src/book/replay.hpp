// Floor 2, inside. One account as it became known, moment after moment: each event is unpacked and folded once.
//
//   AccountReplay replay(builder.AsKnown(std::nullopt), account, members, "");
//   replay.At(monday, book->retracted_batches());    // as AsKnown(monday, monday) has it
//   replay.Say(concluded);                           // at the moment it stands at, or to be known later
//   replay.At(tuesday, book->retracted_batches());
//
// What comes after all that is folded of its part of the account is folded into it. A correction, a retraction, an event that one of them is
// about, or one that belongs before others of its part, folds the account afresh from what is known by then.
#ifndef RAPPORT_SRC_BOOK_REPLAY_HPP_
#define RAPPORT_SRC_BOOK_REPLAY_HPP_

#include <array>
#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "book/account_parts.hpp"
#include "book/packed.hpp"
#include "book/versions.hpp"
#include "rapport/book/book.hpp"

namespace rapport {

class AccountReplay {
 public:
  // The events of `members` in `whole`, and `said` beside them (packed, with subjects). O(events of the account).
  AccountReplay(std::shared_ptr<const Book> whole, CustomerId account, std::span<const CustomerId> members, std::string_view said);

  // Moments never go back. Null where nothing of the account was known. `retracted` grows by Forget alone.
  const Account* At(Instant moment, const Batches& retracted);
  // An event beside those of the book.
  void Say(const Event& event);
  // All that was said, as the constructor takes it.
  std::string said() const;
  // The next At folds afresh.
  void Forget() { account_.reset(); }

 private:
  // True where it may be folded into the account as it stands.
  bool MayFollow(const PackedEntry& entry) const;
  bool IsAmongFirst(const PackedEntry& entry) const;
  bool ComesLast(std::uint8_t type, Instant occurred) const;
  void NoteFolded(std::uint8_t type, Instant occurred);
  void Take(std::string_view log, const CustomerId& member);
  void FoldAfresh(Instant moment, const Batches& retracted);
  void Fold(const std::vector<PackedEntry>& entries, Instant moment, const Batches& retracted);

  std::shared_ptr<const Book> whole_;
  CustomerId id_;
  std::vector<CustomerId> members_;
  std::deque<std::string> said_;
  std::vector<PackedEntry> entries_;    // by when they are known
  std::size_t taken_ = 0;               // of them, as known at moment_
  std::set<EventKey> spoken_of_;        // by corrections and retractions among those
  Instant afresh_at_ = Instant::Max();  // when the next event happens that was corrected to a moment to come
  std::optional<Account> account_;
  Instant moment_ = Instant::Min();
  std::optional<Instant> said_at_;      // when the last event said since the account was folded occurred
  std::array<Instant, kAccountParts> newest_{};   // of each part: when the last event folded occurred
};

}  // namespace rapport

#endif  // RAPPORT_SRC_BOOK_REPLAY_HPP_

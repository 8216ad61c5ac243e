// Floor 2. One event into the state: pure integer logic, no failure.
//
// The rules of naming a record that an event leaves open are here and nowhere else: a delivery without an order means the
// earliest order not yet delivered, a return the latest order, a resolution the oldest open worry, a promised delivery the open
// promise that falls due first. An event that names what is not known (yet) is kept in the ledger and changes nothing here:
// the refold that follows a late arrival gives it its meaning. An order named by several purchases is delivered, and returned
// whole, with all of them. A worry or promise named again while it is open is the same one, on its first terms.
// What is delivered of a promise counts for the newest of its name: over the promise too, once it is fulfilled. It counts for nothing, and
// the record tells so, before the promise was made, after it was withdrawn, and in another unit than was promised. A revision that is only
// announced is kept and moves no term. What speaks of a fulfilled or withdrawn promise otherwise (revision, progress, withdrawal) is void.
// A follow-up is closed by followup.done, .skipped, .withdrawn and .expired only, never by a touch that answers it; what was
// done stays done, and done counts also after another close.
#ifndef RAPPORT_BOOK_FOLD_HPP_
#define RAPPORT_BOOK_FOLD_HPP_

#include <memory>

#include "rapport/book/account.hpp"
#include "rapport/book/context.hpp"
#include "rapport/ledger/event.hpp"

namespace rapport {

// Into the account the event's subject names. Events must come in canonical order, but of one instant what opens a record (an order, a
// worry) before what speaks of it (its delivery), as Book brings them. O(log n) but for lookups by order.
void FoldInto(Account& account, const Event& event);

class PromiseFold;

// Many events into one account: as FoldInto one by one, but in time O(n log n) however many promises there are. The account is whole after
// Finish, which the destructor calls too; it must outlive this.
class AccountFold {
 public:
  explicit AccountFold(Account& account);
  ~AccountFold();
  void Add(const Event& event);
  void Finish();

 private:
  Account& account_;
  std::unique_ptr<PromiseFold> promises_;   // from the first event about a promise on
};

// Into the context; events with a subject are read only for the currencies they mention.
void FoldInto(BookContext& context, const Event& event);

}  // namespace rapport

#endif  // RAPPORT_BOOK_FOLD_HPP_

// Floor 2, inside. The part of an account's fold that makes its promises, with an index by name and by due day, so that an account with many
// of them folds in time O(n log n).
#ifndef RAPPORT_SRC_BOOK_FOLD_PROMISES_HPP_
#define RAPPORT_SRC_BOOK_FOLD_PROMISES_HPP_

#include <set>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "rapport/book/account.hpp"

namespace rapport {

// Until Finish a promise that is withdrawn stays where it was among the account's promises: its neighbours keep their places.
class PromiseFold {
 public:
  // Indexes the promises that the account has. It must outlive this, and nobody else may change its promises meanwhile.
  explicit PromiseFold(Account& account);

  void Make(const Event& event, const PromiseMade& said);
  void Deliver(const Event& event, const PromiseDelivered& said);
  void Revise(const Event& event, const PromiseRevised& said);
  void Progress(const Event& event, const PromiseProgressed& said);
  void Withdraw(const Event& event, const PromiseWithdrawn& said);
  void Finish();

 private:
  // Where a promise stands, in `promises` or (when this was made after its withdrawal) in `withdrawn_promises`.
  struct Place {
    bool withdrawn = false;
    std::size_t at = 0;
  };
  PromiseRecord& At(const Place& place) const { return (place.withdrawn ? account_.withdrawn_promises : account_.promises)[place.at]; }
  // The newest of that name; null where there is none.
  const Place* Named(const PromiseId& id) const;
  // The open one that falls due first; of those on one day, and of those without a day, the first made. Null where none is open.
  const Place* FirstDue();
  // What an event speaks of, where it is open; null where it speaks of nothing.
  const Place* Open(const std::optional<PromiseId>& named);
  std::pair<Day, std::size_t> DueKey(std::size_t at) const;
  void Settle(const Event& event, std::size_t at);
  static void SeeWhatIsReady(const Event& event, PromiseRecord& promise);

  Account& account_;
  absl::flat_hash_map<PromiseId, Place> newest_;
  std::set<std::pair<Day, std::size_t>> open_;   // by due day, then place
  std::vector<std::size_t> withdrawn_;           // in order of the withdrawals
  Place first_due_;
};

}  // namespace rapport

#endif  // RAPPORT_SRC_BOOK_FOLD_PROMISES_HPP_

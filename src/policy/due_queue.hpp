// Floor 5, inside. The queue of what is due next: the projection that lets a tick cost what is due, not what is enrolled.
//
//   DueQueue queue;
//   queue.Foresee(account.id, *decided.look_again);       // of a full pass, and of each look after it
//   queue.Tell(event.subject, moment);                    // something happened, or becomes known then
//   for (const CustomerId& customer : queue.TakeBy(now))  // all others would come out as before
//
// It holds nothing that cannot be made again by one pass over the accounts.
#ifndef RAPPORT_SRC_POLICY_DUE_QUEUE_HPP_
#define RAPPORT_SRC_POLICY_DUE_QUEUE_HPP_

#include <algorithm>
#include <cstddef>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "rapport/core/ids.hpp"
#include "rapport/core/time.hpp"

namespace rapport {

class DueQueue {
 public:
  // An event concerns the customer from then on. O(log size).
  void Tell(const CustomerId& customer, Instant at) { Push({at, customer, false}); }
  // When to look at the account again if nothing happens, in the place of what was foreseen before; none: never. O(log size).
  void Foresee(const CustomerId& customer, std::optional<Instant> at) {
    if (!at.has_value()) {
      foreseen_.erase(customer);
      return;
    }
    const auto [known, is_new] = foreseen_.try_emplace(customer, *at);
    if (!is_new && known->second == *at) return;
    known->second = *at;
    Push({*at, customer, true});
  }
  // Who is to be looked at by then, sorted, once each; they leave the queue. O(taken x log size).
  std::vector<CustomerId> TakeBy(Instant as_of) {
    std::vector<CustomerId> taken;
    while (!entries_.empty() && entries_.front().at <= as_of) {
      std::pop_heap(entries_.begin(), entries_.end(), Later);
      Entry entry = std::move(entries_.back());
      entries_.pop_back();
      if (!entry.foreseen || IsForeseen(entry)) taken.push_back(std::move(entry.customer));
    }
    std::sort(taken.begin(), taken.end());
    taken.erase(std::unique(taken.begin(), taken.end()), taken.end());
    return taken;
  }
  void Clear() {
    entries_.clear();
    foreseen_.clear();
  }
  std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    Instant at;
    CustomerId customer;
    bool foreseen = false;   // else told
  };
  static bool Later(const Entry& a, const Entry& b) { return std::tie(a.at, a.customer) > std::tie(b.at, b.customer); }
  // False for what another look has taken the place of.
  bool IsForeseen(const Entry& entry) {
    const auto known = foreseen_.find(entry.customer);
    if (known == foreseen_.end() || known->second != entry.at) return false;
    foreseen_.erase(known);
    return true;
  }
  void Push(Entry entry) {
    entries_.push_back(std::move(entry));
    std::push_heap(entries_.begin(), entries_.end(), Later);
  }

  std::vector<Entry> entries_;   // a heap, the earliest in front
  absl::flat_hash_map<CustomerId, Instant> foreseen_;
};

}  // namespace rapport

#endif  // RAPPORT_SRC_POLICY_DUE_QUEUE_HPP_

// Floor 5. The queue of what is due next: the projection that lets a tick cost what is due, not what is enrolled.
//
//   DueQueue queue;
//   ... a full pass: DecideActive tells each account's next look ...
//   queue.Tell(event.subject, moment);                    // something happened, or becomes known then
//   for (const CustomerId& customer : queue.TakeBy(now))  // all others would come out as before
//
// It holds nothing that cannot be made again by one pass over the accounts. A customer may stand in it several times: looking twice
// harms nothing.
#ifndef RAPPORT_POLICY_DUE_QUEUE_HPP_
#define RAPPORT_POLICY_DUE_QUEUE_HPP_

#include <algorithm>
#include <cstddef>
#include <functional>
#include <utility>
#include <vector>

#include "rapport/core/ids.hpp"
#include "rapport/core/time.hpp"

namespace rapport {

class DueQueue {
 public:
  // O(log size).
  void Tell(const CustomerId& customer, Instant at) {
    entries_.emplace_back(at, customer);
    std::push_heap(entries_.begin(), entries_.end(), std::greater<>());
  }
  // Who is to be looked at by then, sorted, once each; they leave the queue. O(taken x log size).
  std::vector<CustomerId> TakeBy(Instant as_of) {
    std::vector<CustomerId> taken;
    while (!entries_.empty() && entries_.front().first <= as_of) {
      std::pop_heap(entries_.begin(), entries_.end(), std::greater<>());
      taken.push_back(std::move(entries_.back().second));
      entries_.pop_back();
    }
    std::sort(taken.begin(), taken.end());
    taken.erase(std::unique(taken.begin(), taken.end()), taken.end());
    return taken;
  }
  void Clear() { entries_.clear(); }
  std::size_t size() const { return entries_.size(); }

 private:
  std::vector<std::pair<Instant, CustomerId>> entries_;   // a heap, the earliest in front
};

}  // namespace rapport

#endif  // RAPPORT_POLICY_DUE_QUEUE_HPP_

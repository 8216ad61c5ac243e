// Floor 5, inside. What is kept from one tick to the next, and what a tick needs to know to look at few accounts only.
#ifndef RAPPORT_SRC_POLICY_TICK_STATE_HPP_
#define RAPPORT_SRC_POLICY_TICK_STATE_HPP_

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "policy/due_queue.hpp"
#include "rapport/policy/decide.hpp"

namespace rapport {

// Everything of it can be made again by looking at all accounts, and is where it might be wrong: at the first tick, after another policy,
// seed or context, and when time goes back.
class TickState {
 public:
  // An event that was stored; the queue has to know from when on it counts.
  void Note(const Event& event);
  // What many accounts may come out differently for: a policy is compared by itself, an import's beginning changes nobody.
  static bool ConcernsMany(const Event& event);
  // Of an event that says that two customers are one, or are not: the one beside its subject; empty of others.
  static CustomerId JoinedBy(const Event& event);
  // Something is known of the account from then on.
  void Tell(const CustomerId& customer, Instant at) { queue_.Tell(customer, at); }
  // Whom a tick has to look at; empty and `all` where it has to look at everybody.
  struct Whom {
    bool all = true;
    std::vector<CustomerId> customers;
  };
  Whom Ask(const DecideInput& input);
  // What follows for these, telling the queue; the tick is done once it is recorded.
  std::vector<AccountDecisions> Decide(const AccountSource& accounts, DecideInput input, const Whom& whom);
  // The tick was recorded: the next one may rest on it. `latest_known`: when the last of all events the book holds happened or became known.
  void Keep(const DecideInput& input, Instant latest_known);
  // It was not: everybody is looked at next time.
  void Drop() { primed_ = false; }

 private:
  void CountIssue(const Event& event);

  bool primed_ = false;
  std::string policy_;
  std::uint64_t seed_ = 0;
  Instant as_of_ = Instant::Min();
  std::string currency_;
  DueQueue queue_;
  IssuedMoments issued_;
};

}  // namespace rapport

#endif  // RAPPORT_SRC_POLICY_TICK_STATE_HPP_

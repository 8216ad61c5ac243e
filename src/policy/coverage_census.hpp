// Floor 5, inside. One pass over a book that counts accounts by what they have of all that a policy needs: of coverage.
#ifndef RAPPORT_SRC_POLICY_COVERAGE_CENSUS_HPP_
#define RAPPORT_SRC_POLICY_COVERAGE_CENSUS_HPP_

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "policy/trigger_reach.hpp"
#include "rapport/book/book.hpp"
#include "rapport/policy/policy.hpp"
#include "rapport/signals/needs.hpp"

namespace rapport {

// Accounts that have the same of everything that the policy asks for: books of a million have some hundreds of kinds.
struct AccountKind {
  std::string facts;        // a byte a need of a signal (0 or 1), then two a rule (reach, what it lacks)
  std::int64_t count = 0;
};

class Census {
 public:
  Census(const Policy& policy, const Book& book, const SignalContext& context, Instant as_of, std::span<const CustomerId> customers);

  // At least one: a book without accounts has one kind with a count of 0, an account of which nothing is recorded.
  const std::vector<AccountKind>& kinds() const { return kinds_; }
  const TriggerNeeds& trigger(std::size_t rule) const { return triggers_[rule]; }
  TriggerReach reach(std::size_t rule, const AccountKind& kind) const;
  // Exits that happened to somebody.
  bool Saw(Exit exit) const { return exits_.contains(exit); }
  bool SawTouch() const { return saw_touch_; }
  bool SawCase() const { return saw_case_; }
  bool SawDelivery() const { return saw_delivery_; }
  bool SawTouchOfRep() const { return saw_touch_of_rep_; }
  bool SawReferred() const { return saw_referred_; }
  bool KnowsManagers() const;
  bool HasProductWith(std::optional<std::int64_t> ProductRecord::*days) const;

  // What the signal misses for such an account; empty: nothing. kElse never misses.
  std::vector<const SignalNeed*> Lacking(const SignalColumn& signal, const AccountKind& kind) const;

 private:
  struct AskedSignal {
    std::vector<SignalNeed> needs;
    std::size_t first = 0;   // byte of the facts
  };
  void Ask(const SignalColumn& signal);
  std::string FactsOf(const SignalInput& input) const;
  void SeeExits(const Account& account);

  const Policy& policy_;
  const BookContext& context_;
  std::vector<TriggerNeeds> triggers_;
  std::map<const SignalColumn*, AskedSignal> signals_;
  std::size_t need_count_ = 0;
  std::string given_to_any_;   // a byte a need: somebody has it
  std::vector<AccountKind> kinds_;
  std::set<Exit> exits_;
  bool saw_touch_ = false;
  bool saw_touch_of_rep_ = false;
  bool saw_referred_ = false;
  bool saw_case_ = false;
  bool saw_delivery_ = false;
};

}  // namespace rapport

#endif  // RAPPORT_SRC_POLICY_COVERAGE_CENSUS_HPP_

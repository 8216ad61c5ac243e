// Floor 5, inside. Which rules of an account need not be asked again, because they had nothing to begin and nothing of theirs has changed.
//
// A rule that is asked what it may begin reads some parts of the account and the clock. Where it begins nothing, its own foresight says
// from when on the clock may change that; what else may is told here as it becomes known. Until either it gives what it gave: nothing,
// and the same moment to look again. tests/policy/quiet_rules_test.cpp decides both ways and compares.
//
//   QuietRules quiet(policy, read);
//   quiet.Hear(AccountPart::kTouches);                 // a touch became known
//   DecideAccount(account, input with .quiet = &quiet) // asks those whom it may concern
#ifndef RAPPORT_SRC_POLICY_QUIET_RULES_HPP_
#define RAPPORT_SRC_POLICY_QUIET_RULES_HPP_

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "policy/events_read.hpp"
#include "rapport/core/time.hpp"

namespace rapport {

// Of one account, one policy and one context: where another takes its place, HearAll.
class QuietRules {
 public:
  // Both must outlive this.
  QuietRules(const Policy& policy, const EventsRead& read) : policy_(&policy), read_(&read.of_rules()), rules_(read_->size()) {}

  // Something of that part became known. Of what was said of a follow-up one cannot tell which rule's it is.
  void Hear(AccountPart part);
  // The engine itself concluded something of a rule: a follow-up was issued or closed, a cadence entered or left.
  void HearOwn(std::string_view rule);
  void HearAll();

  bool IsQuiet(std::size_t place, Instant as_of) const;
  // When a quiet rule is to be asked again if nothing happens; none: never.
  std::optional<Instant> WakesAt(std::size_t place) const { return rules_[place].wakes_at; }
  // It was asked: and had something to begin, or nothing.
  void Wake(std::size_t place) { rules_[place].is_quiet = false; }
  void FallQuiet(std::size_t place, std::optional<Instant> wakes_at) { rules_[place] = {true, wakes_at}; }

 private:
  struct State {
    bool is_quiet = false;
    std::optional<Instant> wakes_at;
  };
  const Policy* policy_;
  const std::vector<AccountParts>* read_;
  std::vector<State> rules_;
};

}  // namespace rapport

#endif  // RAPPORT_SRC_POLICY_QUIET_RULES_HPP_

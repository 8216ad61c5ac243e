// Floor 5, inside. Which events may change what a policy asks for: who goes through years of them need not look up at the others.
#ifndef RAPPORT_SRC_POLICY_EVENTS_READ_HPP_
#define RAPPORT_SRC_POLICY_EVENTS_READ_HPP_

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "book/account_parts.hpp"
#include "rapport/policy/policy.hpp"

namespace rapport {

// What of an account decides whether a rule has something to begin: its trigger, its conditions, what ends it, who the customer is. What
// comes of its own follow-ups is not meant, but where it reads those of all rules.
AccountParts PartsRead(const Rule& rule);
// What a signal is made from. Also where it looks only at when the account began.
AccountParts PartsRead(const SignalColumn& signal);

class EventsRead {
 public:
  explicit EventsRead(const Policy& policy);
  // False only where nothing is decided otherwise because of such an event, of a customer who had one before it. `type`: the place in
  // Payload; `host`: the signal that it observes, if it does.
  bool Reads(std::size_t type, std::string_view host) const;
  // By the place of the rule in the policy.
  const std::vector<AccountParts>& of_rules() const { return of_rules_; }

 private:
  std::vector<AccountParts> of_rules_;
  AccountParts all_;
  std::set<std::string, std::less<>> host_;   // names of the host's signals
};

}  // namespace rapport

#endif  // RAPPORT_SRC_POLICY_EVENTS_READ_HPP_

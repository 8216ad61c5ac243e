// Floor 5, inside. Which events may change what a policy asks for: who goes through years of them need not look up at the others.
#ifndef RAPPORT_SRC_POLICY_EVENTS_READ_HPP_
#define RAPPORT_SRC_POLICY_EVENTS_READ_HPP_

#include <set>
#include <string>
#include <string_view>

#include "rapport/policy/policy.hpp"

namespace rapport {

class EventsRead {
 public:
  explicit EventsRead(const Policy& policy);
  // False only where nothing is decided otherwise because of such an event, of a customer who had one before it. `host`: the signal that it
  // observes, if it does.
  bool Reads(std::string_view type, std::string_view host) const;

 private:
  void Read(const SignalColumn& signal);

  std::set<std::string, std::less<>> families_;   // "contract": of signals by their first word, of triggers by their event's
  std::set<std::string, std::less<>> host_;       // names of the host's signals
};

}  // namespace rapport

#endif  // RAPPORT_SRC_POLICY_EVENTS_READ_HPP_

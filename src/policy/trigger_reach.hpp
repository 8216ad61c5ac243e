// Floor 5, inside. What a rule's trigger waits for, and which of it an account has: of coverage.
#ifndef RAPPORT_SRC_POLICY_TRIGGER_REACH_HPP_
#define RAPPORT_SRC_POLICY_TRIGGER_REACH_HPP_

#include <cstdint>
#include <string>
#include <vector>

#include "rapport/policy/policy.hpp"
#include "rapport/signals/registry.hpp"

namespace rapport {

// How near an account is to a trigger. kElsewhere: events of the type, all with other words than `where` asks for. kLacking: one that would
// do but for a field. kThere: one that does.
enum class Reach : std::uint8_t { kNothing, kElsewhere, kLacking, kThere };

struct TriggerReach {
  Reach reach = Reach::kNothing;
  std::uint32_t lacks = 0;   // of kLacking: bits of TriggerNeeds::fields
};

// What an event or a recurrence waits for. A trigger by signal waits for the needs of its signal, and has none of these.
struct TriggerNeeds {
  std::string event;                  // "promise.made"; empty for a signal
  std::vector<std::string> words;     // what `where` chooses by: "touch direction"
  std::vector<std::string> fields;    // words, then what the anchor reads: "promise.made due"
  bool delivery_of_any = false;       // beside these some delivery, of whomever
};
TriggerNeeds NeedsOf(const Trigger& trigger);

// Of an event or a recurrence. O(records of the account).
TriggerReach ReachOf(const Trigger& trigger, const TriggerNeeds& needs, const SignalInput& input);

}  // namespace rapport

#endif  // RAPPORT_SRC_POLICY_TRIGGER_REACH_HPP_

// What brings a rule about, as sentences.
#ifndef RAPPORT_SRC_POLICY_DESCRIBE_TRIGGER_HPP_
#define RAPPORT_SRC_POLICY_DESCRIBE_TRIGGER_HPP_

#include "policy/telling.hpp"

namespace rapport {

// "reminder: 3 days after the delivery at 09:00; only contacts by call or mail"
absl::Status TellTrigger(const Rule& rule, Telling& out);

}  // namespace rapport

#endif  // RAPPORT_SRC_POLICY_DESCRIBE_TRIGGER_HPP_

// Floor 5, inside. What the occasion of a signal can say beyond its number: with whom, since when, how it came about.
#ifndef RAPPORT_SRC_POLICY_SIGNAL_WORDS_HPP_
#define RAPPORT_SRC_POLICY_SIGNAL_WORDS_HPP_

#include <string>
#include <string_view>
#include <vector>

#include "rapport/policy/occasion.hpp"

namespace rapport {

// Adds arguments, variants and the events they rest on, to an occasion of a rule by signal; of what its messages can say alone. `now`: of which
// the words are. O(records of the account).
void TellSignal(const Rule& rule, const SignalInput& now, Occasion& out);
// The names of the arguments that occasions of the signal may have beside `days`; sorted.
std::vector<std::string> SignalArguments(std::string_view signal);

}  // namespace rapport

#endif  // RAPPORT_SRC_POLICY_SIGNAL_WORDS_HPP_

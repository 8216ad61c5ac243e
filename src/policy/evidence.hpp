// Floor 5, inside. Evidence names each event once.
#ifndef RAPPORT_SRC_POLICY_EVIDENCE_HPP_
#define RAPPORT_SRC_POLICY_EVIDENCE_HPP_

#include <algorithm>
#include <vector>

#include "rapport/ledger/event.hpp"

namespace rapport {

// O(evidence).
inline void AddOnce(const EventKey& key, std::vector<EventKey>& evidence) {
  if (std::find(evidence.begin(), evidence.end(), key) == evidence.end()) evidence.push_back(key);
}

}  // namespace rapport

#endif  // RAPPORT_SRC_POLICY_EVIDENCE_HPP_

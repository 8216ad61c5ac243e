// Floor 1, inside. How the engine writes down what it concludes.
#ifndef RAPPORT_SRC_LEDGER_OWN_EVENT_HPP_
#define RAPPORT_SRC_LEDGER_OWN_EVENT_HPP_

#include <cstdint>
#include <string>
#include <utility>

#include "rapport/ledger/event.hpp"

namespace rapport {

// An event of the engine's own, known when it happened.
template <class T>
Event OwnEvent(std::string id, CustomerId subject, Instant at, T data) {
  Event event;
  event.key = {std::string(kEngineSource), std::move(id)};
  event.subject = std::move(subject);
  event.occurred = {at, 0};
  event.recorded = at;
  event.claimed = at;
  event.data = std::move(data);
  return event;
}

// The end of an id of what may be said once of each revision: "" of the first, "/2" of the second.
inline std::string OfRevision(std::int64_t revision) { return revision == 1 ? std::string() : "/" + std::to_string(revision); }

}  // namespace rapport

#endif  // RAPPORT_SRC_LEDGER_OWN_EVENT_HPP_

// Floor 4. How a customer stands with us: trust, rung, the day on which it is lost, health with its reasons; for faces, cards and plans. The signals
// relationship.* are the same numbers.
//
//   const std::optional<Standing> standing = StandingOf(InputFor(account, context, as_of));
//   standing->rung; standing->falls_on; standing->health.reasons_against.front().sentence;
//
// Null where the customer has withdrawn consent to be scored (ProfilingWithdrawn): then nobody is ranked. O(records of the account).
#ifndef RAPPORT_SIGNALS_RELATIONSHIP_HPP_
#define RAPPORT_SIGNALS_RELATIONSHIP_HPP_

#include <optional>

#include "absl/status/statusor.h"
#include "rapport/relationship/health.hpp"
#include "rapport/relationship/ladder.hpp"
#include "rapport/relationship/terms.hpp"
#include "rapport/signals/registry.hpp"

namespace rapport {

struct Standing {
  double trust = 0;
  Rung rung = Rung::kNone;
  std::optional<Day> falls_on;     // null only at rung none
  Health health;
  std::optional<double> trend;     // -1 to 1; null without contact
};

std::optional<Standing> StandingOf(const SignalInput& input);
// The rung alone; none of who is not ranked.
Rung RungOf(const SignalInput& input);

// A book's document, with its signals looked up: each that a rung needs is a number that events alone move. `relationship.invalid_terms`.
absl::StatusOr<RelationshipTerms> ReadRelationshipTerms(const Json& document);

}  // namespace rapport

#endif  // RAPPORT_SIGNALS_RELATIONSHIP_HPP_

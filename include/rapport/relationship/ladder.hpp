// Floor 3. The ladder: a face that is recognised, trust, reliance, a standing buyer; and the day on which forgetting takes a rung away.
//
// A rung is held where trust has its level, what it needs is there, and all rungs below are held. What rungs need moves by events alone and only trust
// fades, so if nobody makes contact a rung is lost when trust falls below its level: t + h log2(S(t) / level) (trust.hpp).
//
//   const Rung rung = RungOf(terms, trust, [&](std::string_view signal) { return numbers.at(signal); });
//   const std::optional<Day> falls_on = FallsOn(terms, rung, sum, zone, today);   // null only at rung none
//
// Pure; any thread; O(needs).
#ifndef RAPPORT_RELATIONSHIP_LADDER_HPP_
#define RAPPORT_RELATIONSHIP_LADDER_HPP_

#include <functional>
#include <optional>
#include <string_view>

#include "rapport/relationship/terms.hpp"
#include "rapport/relationship/trust.hpp"

namespace rapport {

// The number of a signal by its name; null where it is missing, and then the need is not met.
using NumberOfSignal = std::function<std::optional<double>(std::string_view)>;

// Asks only for what decides: from the bottom up, and nothing above a level that trust does not have.
Rung RungOf(const RelationshipTerms& terms, double trust, const NumberOfSignal& number_of);

// The first local day after `today` at whose 00:00 the rung is lower if nobody makes contact. `sum` has all contacts up to now.
std::optional<Day> FallsOn(const RelationshipTerms& terms, Rung rung, const DecayingSum& sum, const Zone& zone, Day today);

}  // namespace rapport

#endif  // RAPPORT_RELATIONSHIP_LADDER_HPP_

#include "rapport/relationship/ladder.hpp"

#include <algorithm>

namespace rapport {
namespace {

bool IsMet(const RungNeed& need, const NumberOfSignal& number_of) {
  if (need.signal.empty()) return std::any_of(need.any.begin(), need.any.end(), [&](const RungNeed& one) { return IsMet(one, number_of); });
  const std::optional<double> number = number_of(need.signal);
  return number.has_value() && *number >= need.at_least;
}

}  // namespace

Rung RungOf(const RelationshipTerms& terms, double trust, const NumberOfSignal& number_of) {
  Rung held = Rung::kNone;
  for (const Rung rung : {Rung::kRecognised, Rung::kTrust, Rung::kReliance, Rung::kStanding}) {
    const RungTerms& asked = terms.Of(rung);
    if (trust < asked.trust * (1 - kTrustTolerance)) break;
    if (!std::all_of(asked.needs.begin(), asked.needs.end(), [&](const RungNeed& need) { return IsMet(need, number_of); })) break;
    held = rung;
  }
  return held;
}

std::optional<Day> FallsOn(const RelationshipTerms& terms, Rung rung, const DecayingSum& sum, const Zone& zone, Day today) {
  if (rung == Rung::kNone) return std::nullopt;
  return sum.FirstDayBelow(terms.Of(rung).trust, zone, today);
}

}  // namespace rapport

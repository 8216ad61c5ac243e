// Floor 5, inside. What is stored with a follow-up so that it can be explained for ever (docs/policy.md, "Derivation").
#ifndef RAPPORT_SRC_POLICY_DERIVATION_HPP_
#define RAPPORT_SRC_POLICY_DERIVATION_HPP_

#include "policy/admission.hpp"

namespace rapport {

// The value of a follow-up, and how it came about.
struct Valuation {
  std::optional<Money> value;     // none without a reporting currency
  Json trace;
};
Valuation ValueOf(const ValueRule& rule, AccountView& view);

// No private text, and no number that RFC 8785 cannot carry: the seed is text.
// What is held back only after all accounts of a rep were decided.
void HoldInDerivation(const RuleHold& hold, Json& derivation);
Json DerivationOf(AccountView& view, const Admission& admission, const Json& value_trace);

// "2026-03-02T09:00" of the zone.
std::string FormatLocalMinute(const Zone& zone, Instant at);

}  // namespace rapport

#endif  // RAPPORT_SRC_POLICY_DERIVATION_HPP_

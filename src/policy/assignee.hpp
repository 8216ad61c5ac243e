// Floor 5, inside. Whose work a follow-up is, and why: the owner's, unless its rule asks for somebody else, he has left, or he is away and it
// cannot wait (docs/policy.md, "Whose work it is").
#ifndef RAPPORT_SRC_POLICY_ASSIGNEE_HPP_
#define RAPPORT_SRC_POLICY_ASSIGNEE_HPP_

#include <optional>
#include <string_view>

#include "policy/admission.hpp"

namespace rapport {

std::string_view NameOf(Assigned::Because because);   // "owner", "rule", "left", "away", "nobody"

// For what is done on the local day of `at`. O(touches of the account x people) where it is not simply the owner's.
Assigned AssignedTo(const AccountView& view, const Rule& rule, const Step& step, const Occasion& occasion, Instant at);
// When time alone may give it to somebody else; none: only events do. O(touches).
std::optional<Instant> NextReassignment(const AccountView& view, const Rule& rule, const Occasion& occasion);

}  // namespace rapport

#endif  // RAPPORT_SRC_POLICY_ASSIGNEE_HPP_

// Floor 4. What no hour makes good.
#ifndef RAPPORT_PERMISSION_FORBIDDEN_HPP_
#define RAPPORT_PERMISSION_FORBIDDEN_HPP_

#include "rapport/permission/permission.hpp"

namespace rapport {

// Whether the person's own word, or that there is none, speaks against it: do_not_contact, consent_withdrawn, consent_unknown, consent_expired. Such a
// contact is not made at any hour: what was issued is withdrawn, an appointment is not kept.
bool IsForbidden(const PermissionAnswer& answer);

}  // namespace rapport

#endif  // RAPPORT_PERMISSION_FORBIDDEN_HPP_

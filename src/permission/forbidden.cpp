#include "rapport/permission/forbidden.hpp"

#include <algorithm>

namespace rapport {

bool IsForbidden(const PermissionAnswer& answer) {
  return std::any_of(answer.holds.begin(), answer.holds.end(), [](const Hold& hold) {
    return hold.reason == HoldReason::kDoNotContact || hold.reason == HoldReason::kConsentWithdrawn ||
           hold.reason == HoldReason::kConsentUnknown || hold.reason == HoldReason::kConsentExpired;
  });
}

}  // namespace rapport

#include "rapport/core/status.hpp"

#include "absl/strings/cord.h"
#include "absl/types/optional.h"

namespace rapport {
namespace {
constexpr char kTokenUrl[] = "rapport/token";
}  // namespace

absl::Status Fail(absl::StatusCode code, std::string_view token, std::string_view message) {
  RAPPORT_INVARIANT(code != absl::StatusCode::kOk, "a failure needs a failing code");
  absl::Status status(code, ToAbsl(message));
  status.SetPayload(kTokenUrl, absl::Cord(ToAbsl(token)));
  return status;
}

std::string TokenOf(const absl::Status& status) {
  if (status.ok()) return {};
  const absl::optional<absl::Cord> token = status.GetPayload(kTokenUrl);
  return token.has_value() ? std::string(*token) : "internal";
}

absl::Status WithContext(const absl::Status& status, std::string_view where) {
  if (status.ok()) return status;
  std::string message(where);
  message += ": ";
  message += ToStd(status.message());
  return Fail(status.code(), TokenOf(status), message);
}

}  // namespace rapport

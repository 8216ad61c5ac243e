#include "ledger/promise_check.hpp"

#include "ledger/wire.hpp"
#include "rapport/core/status.hpp"

namespace rapport {
namespace {

template <class Number>
absl::Status CheckNotNegative(std::string_view field, const std::optional<Number>& number, std::string_view expected) {
  if (!number.has_value() || *number >= 0) return absl::OkStatus();
  return wire::InvalidField(wire::Path{nullptr, field}, Json(static_cast<double>(*number)).Canonical(), expected);
}

}  // namespace

absl::Status CheckPromise(const Payload& data) {
  constexpr std::string_view kMinutes = "a whole number of 0 or more";
  if (const auto* made = std::get_if<PromiseMade>(&data)) return CheckNotNegative("work_minutes", made->work_minutes, kMinutes);
  if (const auto* progressed = std::get_if<PromiseProgressed>(&data)) {
    RAPPORT_RETURN_IF_ERROR(CheckNotNegative("ready", progressed->ready, "a number of 0 or more"));
    return CheckNotNegative("work_minutes", progressed->work_minutes, kMinutes);
  }
  return absl::OkStatus();
}

}  // namespace rapport

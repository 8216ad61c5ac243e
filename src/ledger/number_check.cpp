#include "ledger/number_check.hpp"

#include "ledger/wire.hpp"
#include "rapport/core/status.hpp"

namespace rapport {
namespace {

template <class Number>
absl::Status CheckAtLeast(Number least, std::string_view field, const std::optional<Number>& number, std::string_view expected) {
  if (!number.has_value() || *number >= least) return absl::OkStatus();
  return wire::InvalidField(wire::Path{nullptr, field}, Json(static_cast<double>(*number)).Canonical(), expected);
}

}  // namespace

absl::Status CheckNumbers(const Payload& data) {
  constexpr std::string_view kMinutes = "a whole number of 0 or more";
  if (const auto* made = std::get_if<PromiseMade>(&data)) return CheckAtLeast(std::int64_t{0}, "work_minutes", made->work_minutes, kMinutes);
  if (const auto* progressed = std::get_if<PromiseProgressed>(&data)) {
    RAPPORT_RETURN_IF_ERROR(CheckAtLeast(0.0, "ready", progressed->ready, "a number of 0 or more"));
    return CheckAtLeast(std::int64_t{0}, "work_minutes", progressed->work_minutes, kMinutes);
  }
  if (const auto* rep = std::get_if<RepUpserted>(&data)) {
    RAPPORT_RETURN_IF_ERROR(CheckAtLeast(std::int64_t{0}, "travel_minutes", rep->travel_minutes, kMinutes));
    return CheckAtLeast(std::int64_t{0}, "visit_quota", rep->visit_quota, kMinutes);
  }
  if (const auto* appointment = std::get_if<AppointmentMade>(&data)) {
    return CheckAtLeast(std::int64_t{1}, "minutes", appointment->minutes, "a whole number of 1 or more");
  }
  if (const auto* customer = std::get_if<CustomerUpserted>(&data)) {
    constexpr std::string_view kDays = "a whole number of 1 or more";
    RAPPORT_RETURN_IF_ERROR(CheckAtLeast(std::int64_t{1}, "contact_ideal_days", customer->contact_ideal_days, kDays));
    return CheckAtLeast(std::int64_t{1}, "contact_latest_days", customer->contact_latest_days, kDays);
  }
  return absl::OkStatus();
}

}  // namespace rapport

#include "ledger/number_check.hpp"

#include "absl/strings/str_cat.h"
#include "ledger/wire.hpp"
#include "rapport/core/status.hpp"
#include "rapport/ledger/bounds.hpp"

namespace rapport {
namespace {

template <class Number>
absl::Status CheckAtLeast(Number least, std::string_view field, const std::optional<Number>& number, std::string_view expected) {
  if (!number.has_value() || *number >= least) return absl::OkStatus();
  return wire::InvalidField(wire::Path{nullptr, field}, Json(static_cast<double>(*number)).Canonical(), expected);
}

// Minutes of a day: an event with more would be one event that stops, or empties, every plan.
absl::Status CheckBetween(std::int64_t least, std::int64_t most, std::string_view field, const std::optional<std::int64_t>& number) {
  if (!number.has_value() || (*number >= least && *number <= most)) return absl::OkStatus();
  return wire::InvalidField(wire::Path{nullptr, field}, Json(static_cast<double>(*number)).Canonical(),
                            absl::StrCat("a whole number from ", least, " to ", most));
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
    RAPPORT_RETURN_IF_ERROR(CheckBetween(0, kMinutesOfADay, "minutes", rep->minutes));
    RAPPORT_RETURN_IF_ERROR(CheckBetween(0, kMinutesOfADay, "reserve_minutes", rep->reserve_minutes));
    RAPPORT_RETURN_IF_ERROR(CheckBetween(0, kMostTravelMinutes, "travel_minutes", rep->travel_minutes));
    return CheckAtLeast(std::int64_t{0}, "visit_quota", rep->visit_quota, kMinutes);
  }
  if (const auto* appointment = std::get_if<AppointmentMade>(&data)) {
    return CheckBetween(1, kMinutesOfADay, "minutes", appointment->minutes);
  }
  if (const auto* customer = std::get_if<CustomerUpserted>(&data)) {
    constexpr std::string_view kDays = "a whole number of 1 or more";
    RAPPORT_RETURN_IF_ERROR(CheckAtLeast(std::int64_t{1}, "contact_ideal_days", customer->contact_ideal_days, kDays));
    return CheckAtLeast(std::int64_t{1}, "contact_latest_days", customer->contact_latest_days, kDays);
  }
  return absl::OkStatus();
}

}  // namespace rapport

// Floor 9, inside. What every face of a plan takes: one JSON request beside the options of a read.
#ifndef RAPPORT_CAPI_SRC_PLAN_REQUEST_HPP_
#define RAPPORT_CAPI_SRC_PLAN_REQUEST_HPP_

#include "border.hpp"

namespace rapport::capi {

// `request` points into `read`.
struct AskedPlan {
  Read read;
  PlanRequest request;
  std::optional<Instant> since;   // of a calendar
};

// When, with what was known, by which policy and seed; `request` points into `read`.
void TakeRead(const Read& read, PlanRequest& request);

// {"day", "days", "reps", "team", "travel", "since"}; all but day may be absent. `plan.*`, `travel.*`, `time.*`.
absl::Status ReadPlanRequest(rapport_engine* engine, const char* request, size_t request_size, const rapport_read_options* options, AskedPlan& asked);

}  // namespace rapport::capi

#endif  // RAPPORT_CAPI_SRC_PLAN_REQUEST_HPP_

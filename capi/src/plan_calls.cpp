// Plans of days across the border, and the choice of candidates without a book.
#include "plan_request.hpp"
#include "rapport/plan/plan_minutes.hpp"

using namespace rapport;        // NOLINT: this file is the border of that namespace
using namespace rapport::capi;  // NOLINT

namespace {

absl::StatusOr<PlanGoals> ReadGoals(const char* options, size_t options_size) {
  PlanGoals goals;
  goals.tolerance = kForSteadiness;
  RAPPORT_RETURN_IF_ERROR(CheckText(options, options_size, "options"));
  if (options_size == 0) return goals;
  RAPPORT_ASSIGN_OR_RETURN(const Json json, Json::Parse(View(options, options_size)));
  JsonReader in(json, "options", "plan");
  RAPPORT_ASSIGN_OR_RETURN(goals.visit_quota, in.OptionalInteger("visit_quota"));
  RAPPORT_ASSIGN_OR_RETURN(goals.revisit_share, in.OptionalNumber("revisit_share"));
  RAPPORT_ASSIGN_OR_RETURN(goals.small_floor, in.OptionalInteger("small_floor"));
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::int64_t> travel, in.OptionalInteger("travel_minutes"));
  goals.travel_minutes = travel.value_or(0);
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<double> tolerance, in.OptionalNumber("tolerance"));
  goals.tolerance = tolerance.value_or(kForSteadiness);
  RAPPORT_RETURN_IF_ERROR(in.Finish());
  return goals;
}

// Row i of a column of texts; empty where there is no column.
absl::StatusOr<std::string_view> TextAt(const int64_t* offsets, const char* bytes, int64_t i) {
  if (offsets == nullptr) return std::string_view();
  if (offsets[i] < 0 || offsets[i + 1] < offsets[i]) return Invalid("capi.invalid_offsets", "offsets: expected numbers from 0 on that do not fall");
  return std::string_view(bytes + offsets[i], static_cast<size_t>(offsets[i + 1] - offsets[i]));
}

}  // namespace

extern "C" {

rapport_status rapport_engine_plan_days(rapport_engine* engine, const char* request, size_t request_size, const rapport_read_options* options,
                                        rapport_table** out, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({out}));
    AskedPlan asked;
    RAPPORT_RETURN_IF_ERROR(ReadPlanRequest(engine, request, request_size, options, asked));
    RAPPORT_ASSIGN_OR_RETURN(const DayPlan plan, engine->engine.Plan(asked.request));
    RAPPORT_ASSIGN_OR_RETURN(Table table, engine->engine.PlanTable(plan, asked.read.language));
    return Give(std::move(table), out);
  });
}

rapport_status rapport_engine_plan_days_text(rapport_engine* engine, const char* request, size_t request_size, const rapport_read_options* options,
                                             rapport_buffer* out, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({out}));
    AskedPlan asked;
    RAPPORT_RETURN_IF_ERROR(ReadPlanRequest(engine, request, request_size, options, asked));
    RAPPORT_ASSIGN_OR_RETURN(const DayPlan plan, engine->engine.Plan(asked.request));
    RAPPORT_ASSIGN_OR_RETURN(const std::string text, engine->engine.PlanText(plan, asked.read.language));
    return Give(text, out);
  });
}

rapport_status rapport_plan_day(const int64_t* id_offsets, const char* id_bytes, const double* minutes, const double* value, const int32_t* mandatory,
                                const int64_t* kind_offsets, const char* kind_bytes, int64_t n, int64_t room, const char* options, size_t options_size,
                                int64_t* positions, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    if (n < 0) return Invalid("capi.invalid_count", "n: found " + std::to_string(n) + ", expected 0 or more");
    if (n > 0) RAPPORT_RETURN_IF_ERROR(NotNull({id_offsets, id_bytes, minutes, value, mandatory, positions}));
    if (kind_offsets != nullptr) RAPPORT_RETURN_IF_ERROR(NotNull({kind_bytes}));
    RAPPORT_ASSIGN_OR_RETURN(const PlanGoals goals, ReadGoals(options, options_size));
    std::vector<PlanRow> rows;
    rows.reserve(static_cast<size_t>(n));
    for (int64_t i = 0; i < n; ++i) {
      PlanRow row{{}, minutes[i], value[i], mandatory[i] != 0, {}};
      RAPPORT_ASSIGN_OR_RETURN(row.id, TextAt(id_offsets, id_bytes, i));
      RAPPORT_ASSIGN_OR_RETURN(row.kind, TextAt(kind_offsets, kind_bytes, i));
      rows.push_back(row);
    }
    RAPPORT_ASSIGN_OR_RETURN(const std::vector<PlannedCandidate> planned, PlanRows(rows, room, goals));
    for (size_t i = 0; i < planned.size(); ++i) positions[i] = planned[i].position.value_or(0);
    return absl::OkStatus();
  });
}

}  // extern "C"

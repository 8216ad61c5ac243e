// A plan as a page and as a calendar, across the border.
#include "plan_request.hpp"

using namespace rapport;        // NOLINT: this file is the border of that namespace
using namespace rapport::capi;  // NOLINT

extern "C" {

rapport_status rapport_engine_plan_page(rapport_engine* engine, const char* request, size_t request_size, const rapport_read_options* options, rapport_buffer* out,
                                        rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({out}));
    AskedPlan asked;
    RAPPORT_RETURN_IF_ERROR(ReadPlanRequest(engine, request, request_size, options, asked));
    RAPPORT_ASSIGN_OR_RETURN(const std::string page, engine->engine.DayPage(asked.request, asked.read.language));
    return Give(page, out);
  });
}

rapport_status rapport_engine_plan_calendar(rapport_engine* engine, const char* request, size_t request_size, const rapport_read_options* options,
                                            rapport_buffer* out, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({out}));
    AskedPlan asked;
    RAPPORT_RETURN_IF_ERROR(ReadPlanRequest(engine, request, request_size, options, asked));
    RAPPORT_ASSIGN_OR_RETURN(const std::string calendar, engine->engine.PlanCalendar(asked.request, asked.since, asked.read.language));
    return Give(calendar, out);
  });
}

}  // extern "C"

// A plan as a page and as a calendar, across the border.
#include "border.hpp"

using namespace rapport;        // NOLINT: this file is the border of that namespace
using namespace rapport::capi;  // NOLINT

namespace {

// What both ask with.
template <class Request>
absl::Status ReadRequest(const char* day, size_t day_size, const char* reps, size_t reps_size, const rapport_read_options* options, Read& read, Request& request) {
  RAPPORT_RETURN_IF_ERROR(ReadOptions(options, false, read));
  RAPPORT_ASSIGN_OR_RETURN(request.day, ParseDay(View(day, day_size)));
  RAPPORT_ASSIGN_OR_RETURN(request.reps, ReadReps(reps, reps_size));
  if (read.has_as_of) request.as_of = read.at.as_of;
  request.known_at = read.at.known_at;
  request.policy = read.at.policy;
  request.seed = read.at.seed;
  request.language = read.language;
  return absl::OkStatus();
}

}  // namespace

extern "C" {

rapport_status rapport_engine_plan_page(rapport_engine* engine, const char* day, size_t day_size, const char* team, size_t team_size, const char* reps,
                                        size_t reps_size, const rapport_read_options* options, rapport_buffer* out, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({engine, day, out}));
    RAPPORT_RETURN_IF_ERROR(CheckText(team, team_size, "team"));
    Read read;
    DayPageRequest request;
    RAPPORT_RETURN_IF_ERROR(ReadRequest(day, day_size, reps, reps_size, options, read, request));
    request.team = std::string(View(team, team_size));
    RAPPORT_ASSIGN_OR_RETURN(const std::string page, engine->engine.DayPage(request));
    return Give(page, out);
  });
}

rapport_status rapport_engine_plan_calendar(rapport_engine* engine, const char* day, size_t day_size, const char* reps, size_t reps_size, const char* since,
                                            size_t since_size, const rapport_read_options* options, rapport_buffer* out, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({engine, day, out}));
    Read read;
    PlanCalendarRequest request;
    RAPPORT_RETURN_IF_ERROR(ReadRequest(day, day_size, reps, reps_size, options, read, request));
    RAPPORT_ASSIGN_OR_RETURN(request.since, ReadOptionalInstant(since, since_size, "since"));
    RAPPORT_ASSIGN_OR_RETURN(const std::string calendar, engine->engine.PlanCalendar(request));
    return Give(calendar, out);
  });
}

}  // extern "C"

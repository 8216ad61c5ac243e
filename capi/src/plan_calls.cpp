// Plans of days across the border, and the choice of candidates without a book.
#include "border.hpp"
#include "rapport/plan/plan_minutes.hpp"

using namespace rapport;        // NOLINT: this file is the border of that namespace
using namespace rapport::capi;  // NOLINT

namespace {

// What both faces of a plan take.
absl::Status MakePlan(rapport_engine* engine, const char* request, size_t request_size, const rapport_read_options* options, Read& read, DayPlan& plan) {
  RAPPORT_RETURN_IF_ERROR(NotNull({engine, request}));
  RAPPORT_RETURN_IF_ERROR(ReadOptions(options, false, read));
  RAPPORT_ASSIGN_OR_RETURN(const Json json, Json::Parse(View(request, request_size)));
  JsonReader in(json, "request", "plan");
  PlanRequest asked;
  RAPPORT_ASSIGN_OR_RETURN(const std::string day, in.String("day"));
  RAPPORT_ASSIGN_OR_RETURN(asked.day, ParseDay(day));
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::int64_t> days, in.OptionalInteger("days"));
  if (days.has_value() && *days < 1) return Invalid("plan.invalid_days", "request.days: found " + std::to_string(*days) + ", expected 1 or more");
  asked.days = days.value_or(0);
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::string> team, in.OptionalString("team"));
  asked.team = team.value_or("");
  if (const Json* reps = in.OptionalAny("reps"); reps != nullptr && !reps->is_null()) {
    RAPPORT_ASSIGN_OR_RETURN(const Json::Array* list, in.Array("reps"));
    for (const Json& rep : *list) {
      const std::string* id = rep.if_string();
      if (id == nullptr) return Invalid("plan.wrong_type", "request.reps: found " + std::string(rep.KindName()) + ", expected ids");
      RAPPORT_ASSIGN_OR_RETURN(RepId parsed, RepId::Parse(*id));
      asked.reps.push_back(std::move(parsed));
    }
  }
  if (const Json* travel = in.OptionalAny("travel")) {
    RAPPORT_ASSIGN_OR_RETURN(asked.travel, TravelMatrix::FromJson(*travel));
  }
  RAPPORT_RETURN_IF_ERROR(in.Finish());
  if (read.has_as_of) asked.as_of = read.at.as_of;
  asked.known_at = read.at.known_at;
  asked.policy = read.at.policy;
  asked.seed = read.at.seed;
  RAPPORT_ASSIGN_OR_RETURN(plan, engine->engine.Plan(asked));
  return absl::OkStatus();
}

absl::StatusOr<PlanGoals> ReadGoals(const char* options, size_t options_size) {
  PlanGoals goals;
  RAPPORT_RETURN_IF_ERROR(CheckText(options, options_size, "options"));
  if (options_size == 0) return goals;
  RAPPORT_ASSIGN_OR_RETURN(const Json json, Json::Parse(View(options, options_size)));
  JsonReader in(json, "options", "plan");
  RAPPORT_ASSIGN_OR_RETURN(goals.visit_quota, in.OptionalInteger("visit_quota"));
  RAPPORT_ASSIGN_OR_RETURN(goals.revisit_share, in.OptionalNumber("revisit_share"));
  RAPPORT_ASSIGN_OR_RETURN(goals.small_floor, in.OptionalInteger("small_floor"));
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::int64_t> travel, in.OptionalInteger("travel_minutes"));
  goals.travel_minutes = travel.value_or(0);
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
    Read read;
    DayPlan plan;
    RAPPORT_RETURN_IF_ERROR(MakePlan(engine, request, request_size, options, read, plan));
    RAPPORT_ASSIGN_OR_RETURN(Table table, engine->engine.PlanTable(plan, read.language));
    return Give(std::move(table), out);
  });
}

rapport_status rapport_engine_plan_days_text(rapport_engine* engine, const char* request, size_t request_size, const rapport_read_options* options,
                                             rapport_buffer* out, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({out}));
    Read read;
    DayPlan plan;
    RAPPORT_RETURN_IF_ERROR(MakePlan(engine, request, request_size, options, read, plan));
    RAPPORT_ASSIGN_OR_RETURN(const std::string text, engine->engine.PlanText(plan, read.language));
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

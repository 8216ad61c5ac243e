#include "plan_request.hpp"

namespace rapport::capi {
namespace {

absl::StatusOr<std::vector<RepId>> RepsIn(JsonReader& in) {
  std::vector<RepId> reps;
  const Json* given = in.OptionalAny("reps");
  if (given == nullptr || given->is_null()) return reps;
  RAPPORT_ASSIGN_OR_RETURN(const Json::Array* list, in.Array("reps"));
  for (const Json& rep : *list) {
    const std::string* id = rep.if_string();
    if (id == nullptr) return Invalid("plan.wrong_type", "request.reps: found " + std::string(rep.KindName()) + ", expected ids");
    RAPPORT_ASSIGN_OR_RETURN(RepId parsed, RepId::Parse(*id));
    reps.push_back(std::move(parsed));
  }
  return reps;
}

}  // namespace

void TakeRead(const Read& read, PlanRequest& request) {
  if (read.has_as_of) request.as_of = read.at.as_of;
  request.known_at = read.at.known_at;
  request.policy = read.at.policy;
  request.seed = read.at.seed;
}

absl::Status ReadPlanRequest(rapport_engine* engine, const char* request, size_t request_size, const rapport_read_options* options, AskedPlan& asked) {
  RAPPORT_RETURN_IF_ERROR(NotNull({engine, request}));
  RAPPORT_RETURN_IF_ERROR(ReadOptions(options, false, asked.read));
  RAPPORT_ASSIGN_OR_RETURN(const Json json, Json::Parse(View(request, request_size)));
  JsonReader in(json, "request", "plan");
  PlanRequest& plan = asked.request;
  RAPPORT_ASSIGN_OR_RETURN(const std::string day, in.String("day"));
  RAPPORT_ASSIGN_OR_RETURN(plan.day, ParseDay(day));
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::int64_t> days, in.OptionalInteger("days"));
  if (days.has_value() && *days < 1) return Invalid("plan.invalid_days", "request.days: found " + std::to_string(*days) + ", expected 1 or more");
  plan.days = days.value_or(0);
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::string> team, in.OptionalString("team"));
  plan.team = team.value_or("");
  RAPPORT_ASSIGN_OR_RETURN(plan.reps, RepsIn(in));
  if (const Json* travel = in.OptionalAny("travel")) {
    RAPPORT_ASSIGN_OR_RETURN(plan.travel, TravelMatrix::FromJson(*travel));
  }
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::string> since, in.OptionalString("since"));
  if (since.has_value()) {
    RAPPORT_ASSIGN_OR_RETURN(asked.since, ReadOptionalInstant(since->data(), since->size(), "since"));
  }
  RAPPORT_RETURN_IF_ERROR(in.Finish());
  TakeRead(asked.read, plan);
  return absl::OkStatus();
}

}  // namespace rapport::capi

// Money across the border: one question of four.
#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "border.hpp"
#include "rapport_day.h"

using namespace rapport;        // NOLINT: this file is the border of that namespace
using namespace rapport::capi;  // NOLINT

namespace {

constexpr char kTokens[] = "economics";
constexpr char kRequest[] = "invalid_request";

absl::StatusOr<std::optional<Day>> ReadSince(JsonReader& in) {
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::string> text, in.OptionalString("since"));
  if (!text.has_value()) return std::optional<Day>();
  const absl::StatusOr<Day> day = ParseDay(*text);
  if (!day.ok()) return in.Error("since", kRequest, "found \"" + *text + "\", expected a day such as 2026-03-02");
  return std::optional(*day);
}

absl::StatusOr<std::vector<RepId>> ReadRepIds(JsonReader& in) {
  std::vector<RepId> reps;
  const Json* list = in.OptionalAny("reps");
  if (list == nullptr || list->is_null()) return reps;
  if (list->if_array() == nullptr) return in.Error("reps", kRequest, "found " + std::string(list->KindName()) + ", expected an array of ids");
  for (const Json& one : *list->if_array()) {
    const absl::StatusOr<RepId> rep = RepId::Parse(one.if_string() == nullptr ? std::string_view() : *one.if_string());
    if (!rep.ok()) return in.Error("reps", kRequest, "found " + one.Canonical().substr(0, 40) + ", expected the id of a rep");
    reps.push_back(*rep);
  }
  return reps;
}

absl::StatusOr<Table> Answer(Engine& engine, const Json& request, const Read& read) {
  JsonReader in(request, "request", kTokens);
  RAPPORT_ASSIGN_OR_RETURN(const std::string ask, in.String("ask"));
  if (ask == "origins") {
    RAPPORT_ASSIGN_OR_RETURN(const std::optional<Day> since, ReadSince(in));
    RAPPORT_RETURN_IF_ERROR(in.Finish());
    return engine.EconomicsByOrigin(read.at, since, read.language);
  }
  if (ask == "commission") {
    RAPPORT_ASSIGN_OR_RETURN(const std::vector<RepId> reps, ReadRepIds(in));
    RAPPORT_RETURN_IF_ERROR(in.Finish());
    return engine.Commission(read.at, reps, read.language);
  }
  if (ask == "recurring") {
    RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::int64_t> months, in.OptionalInteger("months"));
    RAPPORT_RETURN_IF_ERROR(in.Finish());
    constexpr std::int64_t kMost = 1'000'000;   // beyond, the engine could not say what it found
    return engine.RecurringBase(read.at, static_cast<int>(std::clamp<std::int64_t>(months.value_or(24), -kMost, kMost)), read.language);
  }
  if (ask != "care") return in.Error("ask", kRequest, "found \"" + ask + "\", expected origins, commission, recurring or care");
  RAPPORT_RETURN_IF_ERROR(in.Finish());
  return engine.WorthOfCare(read.at, read.customers, read.language);
}

}  // namespace

extern "C" {

rapport_status rapport_engine_economics(rapport_engine* engine, const char* request, size_t request_size, const rapport_read_options* options,
                                        rapport_table** out, rapport_error* error) {
  return GiveTable(engine, options, out, error, [&](Engine& asked, const Read& read) -> absl::StatusOr<Table> {
    RAPPORT_RETURN_IF_ERROR(CheckText(request, request_size, "request"));
    RAPPORT_ASSIGN_OR_RETURN(const Json json, Json::Parse(View(request, request_size)));
    return Answer(asked, json, read);
  });
}

}  // extern "C"

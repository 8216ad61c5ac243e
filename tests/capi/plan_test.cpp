// The choice of candidates across the border, and plans by a request.
#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

#include "rapport.h"

namespace {

struct Day {
  std::vector<int64_t> ids = {0, 1, 2, 3};
  std::string names = "abc";
  std::vector<double> minutes = {60, 30, 15}, value = {500, 400, 0};
  std::vector<int32_t> mandatory = {0, 0, 1};
  std::vector<int64_t> kinds = {0, 5, 12, 12};
  std::string words = "visitrevisit";
  std::vector<int64_t> positions = {-1, -1, -1};
  rapport_error error = RAPPORT_ERROR_INIT;

  rapport_status Plan(int64_t room, const std::string& options = "") {
    return rapport_plan_day(ids.data(), names.data(), minutes.data(), value.data(), mandatory.data(), kinds.data(), words.data(),
                            static_cast<int64_t>(minutes.size()), room, options.data(), options.size(), positions.data(), &error);
  }
};

TEST(CapiPlan, ChoosesWithTravelAndGoals) {
  Day day;
  ASSERT_EQ(day.Plan(105), RAPPORT_OK) << day.error.message;
  EXPECT_EQ(day.positions, (std::vector<int64_t>{3, 2, 1}));
  ASSERT_EQ(day.Plan(105, R"({"travel_minutes": 30})"), RAPPORT_OK) << day.error.message;
  EXPECT_EQ(day.positions, (std::vector<int64_t>{2, 0, 1}));
  ASSERT_EQ(day.Plan(105, R"({"travel_minutes": 30, "revisit_share": 1})"), RAPPORT_OK) << day.error.message;
  EXPECT_EQ(day.positions, (std::vector<int64_t>{0, 2, 1}));
}

TEST(CapiPlan, NamesWhatIsWrongAndChangesNothing) {
  Day day;
  day.minutes[1] = 2.5;
  EXPECT_EQ(day.Plan(105), RAPPORT_INVALID_ARGUMENT);
  EXPECT_STREQ(day.error.token, "plan.invalid_candidate");
  EXPECT_EQ(day.positions, (std::vector<int64_t>{-1, -1, -1}));
  day.minutes[1] = 30;
  EXPECT_EQ(day.Plan(105, R"({"visits": 3})"), RAPPORT_INVALID_ARGUMENT);
  EXPECT_STREQ(day.error.token, "plan.unknown_key");
  day.kinds = {0, 5, 3, 12};
  EXPECT_EQ(day.Plan(105), RAPPORT_INVALID_ARGUMENT);
  EXPECT_STREQ(day.error.token, "capi.invalid_offsets");
  EXPECT_EQ(rapport_plan_day(nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, 1, 10, nullptr, 0, nullptr, &day.error), RAPPORT_INVALID_ARGUMENT);
  EXPECT_EQ(rapport_plan_day(nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, 0, 10, nullptr, 0, nullptr, &day.error), RAPPORT_OK) << "nothing to choose from";
}

TEST(CapiPlan, TakesARequest) {
  rapport_engine* engine = nullptr;
  rapport_error error = RAPPORT_ERROR_INIT;
  ASSERT_EQ(rapport_engine_open(nullptr, 0, nullptr, &engine, &error), RAPPORT_OK);
  const auto token_of = [&](const std::string& request) {
    rapport_table* table = nullptr;
    const rapport_status status = rapport_engine_plan_days(engine, request.data(), request.size(), nullptr, &table, &error);
    EXPECT_EQ(table != nullptr, status == RAPPORT_OK);
    rapport_table_free(table);
    return status == RAPPORT_OK ? std::string() : std::string(error.token);
  };
  EXPECT_EQ(token_of(R"({"day": "2026-03-02"})"), "");
  EXPECT_EQ(token_of(R"({"day": "2026-03-02", "days": 14, "travel": [{"from": "", "to": "c", "minutes": 5}]})"), "");
  EXPECT_EQ(token_of(R"({"day": "2026-03-02", "days": 0})"), "plan.invalid_days");
  EXPECT_EQ(token_of(R"({"day": "2026-03-02", "days": 15})"), "plan.invalid_days");
  EXPECT_EQ(token_of(R"({"day": "2026-03-02", "reps": ["nobody"]})"), "rep.unknown");
  EXPECT_EQ(token_of(R"({"day": "2026-03-02", "team": "none"})"), "team.unknown");
  EXPECT_EQ(token_of(R"({"day": "2026-03-02", "travel": [{"from": ""}]})"), "travel.missing_key");
  EXPECT_EQ(token_of(R"({"days": 2})"), "plan.missing_key");
  EXPECT_EQ(token_of(R"({"day": "2026-03-02", "when": 2})"), "plan.unknown_key");
  rapport_engine_close(engine);
}

TEST(CapiPlan, APageIsOfOneDay) {
  rapport_engine* engine = nullptr;
  rapport_error error = RAPPORT_ERROR_INIT;
  ASSERT_EQ(rapport_engine_open(nullptr, 0, nullptr, &engine, &error), RAPPORT_OK);
  const auto token_of = [&](auto* call, const std::string& request) {
    rapport_buffer out = RAPPORT_BUFFER_INIT;
    const rapport_status status = call(engine, request.data(), request.size(), nullptr, &out, &error);
    rapport_buffer_dispose(&out);
    return status == RAPPORT_OK ? std::string() : std::string(error.token);
  };
  EXPECT_EQ(token_of(rapport_engine_plan_page, R"({"day": "2026-03-02"})"), "");
  EXPECT_EQ(token_of(rapport_engine_plan_page, R"({"day": "2026-03-02", "days": 1})"), "");
  EXPECT_EQ(token_of(rapport_engine_plan_page, R"({"day": "2026-03-02", "days": 2})"), "plan.invalid_days");
  EXPECT_EQ(token_of(rapport_engine_plan_page, R"({"day": "2026-03-02", "days": 0})"), "plan.invalid_days");
  EXPECT_EQ(token_of(rapport_engine_plan_calendar, R"({"day": "2026-03-02", "days": 2})"), "") << "a calendar shows as many as asked for";
  rapport_engine_close(engine);
}

}  // namespace

// The C API as a C caller meets it: hostile arguments, old structs, released streams, and the same bytes as C++.
#include <gtest/gtest.h>

#include <cstring>
#include <fstream>
#include <sstream>
#include <string>

#include "arrow_lines.hpp"
#include "engine/office.hpp"
#include "rapport.h"

namespace {

std::string Office() {
  std::ifstream file(rapport::OfficePath(), std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

class Capi : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(rapport_engine_open(nullptr, 0, nullptr, &engine_, &error_), RAPPORT_OK) << error_.message;
    const std::string office = Office();
    rapport_append_receipt receipt = RAPPORT_APPEND_RECEIPT_INIT;
    ASSERT_EQ(rapport_engine_append(engine_, office.data(), office.size(), nullptr, &receipt, &error_), RAPPORT_OK) << error_.message;
    ASSERT_GT(receipt.accepted, 250);
  }
  void TearDown() override { rapport_engine_close(engine_); }

  std::string PlanLines() {
    rapport_table* table = nullptr;
    EXPECT_EQ(rapport_engine_plan(engine_, "2026-03-02", 10, nullptr, 0, nullptr, &table, &error_), RAPPORT_OK) << error_.message;
    rapport_buffer lines = RAPPORT_BUFFER_INIT;
    EXPECT_EQ(rapport_table_to_ndjson(table, &lines, &error_), RAPPORT_OK);
    std::string text(lines.data, lines.size);
    rapport_buffer_dispose(&lines);
    rapport_table_free(table);
    return text;
  }
  rapport_engine* engine_ = nullptr;
  rapport_error error_ = RAPPORT_ERROR_INIT;
};

TEST_F(Capi, GivesTheSamePlanAsCxx) {
  auto engine = rapport::Engine::InMemory();
  ASSERT_TRUE(engine.ok());
  ASSERT_TRUE(engine->AppendLines(Office()).ok());
  const auto plan = engine->Plan({.day = rapport::kMonday});
  ASSERT_TRUE(plan.ok());
  const auto table = engine->PlanTable(*plan, rapport::Language::kEnglish);
  ASSERT_TRUE(table.ok());
  EXPECT_EQ(PlanLines(), table->ToNdjson());
}

TEST_F(Capi, TellsAllErrorsOfAPolicyAndGivesItsForm) {
  const char broken[] = "{\"rapport_policy\":2,\"name\":\"p\",\"rules\":{}}";
  rapport_buffer problems = RAPPORT_BUFFER_INIT;
  ASSERT_EQ(rapport_policy_check(broken, sizeof broken - 1, &problems, &error_), RAPPORT_OK) << error_.message;
  EXPECT_EQ(std::string(problems.data, problems.size),
            "[{\"expected\":\"1\",\"found\":\"2\",\"pointer\":\"/rapport_policy\",\"token\":\"policy.invalid_value\"},"
            "{\"expected\":\"a list\",\"found\":\"{}\",\"pointer\":\"/rules\",\"token\":\"policy.wrong_type\"}]");
  rapport_buffer_dispose(&problems);
  EXPECT_EQ(rapport_policy_check(nullptr, 0, &problems, &error_), RAPPORT_INVALID_ARGUMENT);
  rapport_buffer form = RAPPORT_BUFFER_INIT;
  ASSERT_EQ(rapport_policy_schema("zh", 2, &form, &error_), RAPPORT_OK) << error_.message;
  EXPECT_NE(std::string(form.data, form.size).find("\"title\": \"规则\""), std::string::npos);
  rapport_buffer_dispose(&form);
  EXPECT_EQ(rapport_policy_schema("xx", 2, &form, &error_), RAPPORT_INVALID_ARGUMENT);
  EXPECT_STREQ(error_.token, "language.unknown");
}

TEST_F(Capi, TellsWhatBecameOfPromises) {
  rapport_table* table = nullptr;
  rapport_read_options options = RAPPORT_READ_OPTIONS_INIT;
  EXPECT_EQ(rapport_engine_promises(engine_, &options, &table, &error_), RAPPORT_INVALID_ARGUMENT);
  EXPECT_STREQ(error_.token, "capi.missing_as_of");
  options.as_of = "2026-03-02T00:00:00+09:00";
  options.as_of_size = std::strlen(options.as_of);
  ASSERT_EQ(rapport_engine_promises(engine_, &options, &table, &error_), RAPPORT_OK) << error_.message;
  EXPECT_GT(rapport_table_rows(table), 5);
  rapport_table_free(table);
  options.customers = "[\"nobody\"]";
  options.customers_size = std::strlen(options.customers);
  EXPECT_EQ(rapport_engine_promises(engine_, &options, &table, &error_), RAPPORT_NOT_FOUND);
  EXPECT_STREQ(error_.token, "customer.unknown");
}

TEST_F(Capi, ErrorsCarryCodeTokenAndOneLine) {
  const char broken[] = "{\"specversion\":\"1.0\"}";
  EXPECT_EQ(rapport_engine_append(engine_, broken, sizeof broken - 1, nullptr, nullptr, &error_), RAPPORT_INVALID_ARGUMENT);
  EXPECT_EQ(error_.code, RAPPORT_INVALID_ARGUMENT);
  EXPECT_STREQ(error_.token, "event.missing_field");
  EXPECT_EQ(std::strchr(error_.message, '\n'), nullptr);
  EXPECT_EQ(rapport_engine_append(engine_, broken, sizeof broken - 1, nullptr, nullptr, nullptr), RAPPORT_INVALID_ARGUMENT) << "the error may be NULL";
}

TEST_F(Capi, NullAndShortStructsAreRefusedNotRead) {
  rapport_buffer buffer = RAPPORT_BUFFER_INIT;
  rapport_table* table = nullptr;
  rapport_read_options options = RAPPORT_READ_OPTIONS_INIT;
  options.as_of = "2026-03-02T00:00:00+09:00";
  options.as_of_size = std::strlen(options.as_of);
  EXPECT_EQ(rapport_engine_decide(nullptr, &options, &table, &error_), RAPPORT_INVALID_ARGUMENT);
  EXPECT_STREQ(error_.token, "capi.null");
  EXPECT_EQ(rapport_engine_decide(engine_, &options, nullptr, &error_), RAPPORT_INVALID_ARGUMENT);
  EXPECT_EQ(rapport_engine_tick(engine_, nullptr, &buffer, &error_), RAPPORT_INVALID_ARGUMENT);
  EXPECT_STREQ(error_.token, "capi.missing_as_of");
  options.struct_size = 8;
  EXPECT_EQ(rapport_engine_decide(engine_, &options, &table, &error_), RAPPORT_INVALID_ARGUMENT);
  EXPECT_STREQ(error_.token, "capi.struct_size");
  EXPECT_EQ(rapport_engine_append(engine_, nullptr, 5, nullptr, nullptr, &error_), RAPPORT_INVALID_ARGUMENT);
  EXPECT_EQ(table, nullptr);
  EXPECT_EQ(buffer.data, nullptr);
  rapport_buffer_dispose(nullptr);
  rapport_table_free(nullptr);
  rapport_engine_close(nullptr);
  EXPECT_EQ(rapport_table_rows(nullptr), 0);
}

TEST_F(Capi, ALargerStructOfANewerCallerIsAccepted) {
  struct Newer {
    rapport_read_options options;
    char later[64];
  } newer{RAPPORT_READ_OPTIONS_INIT, {}};
  newer.options.struct_size = sizeof newer;
  newer.options.as_of = "2026-03-02T00:00:00+09:00";
  newer.options.as_of_size = std::strlen(newer.options.as_of);
  rapport_table* table = nullptr;
  EXPECT_EQ(rapport_engine_decide(engine_, &newer.options, &table, &error_), RAPPORT_OK) << error_.message;
  EXPECT_GT(rapport_table_rows(table), 0);
  rapport_table_free(table);
}

TEST_F(Capi, SaysWhyNot) {
  rapport_read_options options = RAPPORT_READ_OPTIONS_INIT;
  options.as_of = "2026-03-02T00:00:00+09:00";
  options.as_of_size = std::strlen(options.as_of);
  rapport_buffer buffer{};
  ASSERT_EQ(rapport_engine_why_not(engine_, "c-hakata-dental", 15, "promise-due", 11, &options, &buffer, &error_), RAPPORT_OK) << error_.message;
  EXPECT_NE(std::string(buffer.data, buffer.size).find(R"("why":"not_yet")"), std::string::npos);
  rapport_buffer_dispose(&buffer);
  EXPECT_EQ(rapport_engine_why_not(engine_, "c-hakata-dental", 15, "none", 4, &options, &buffer, &error_), RAPPORT_NOT_FOUND);
  EXPECT_STREQ(error_.token, "policy.unknown_rule");
  EXPECT_EQ(rapport_engine_why_not(engine_, "c-hakata-dental", 15, "promise-due", 11, nullptr, &buffer, &error_), RAPPORT_INVALID_ARGUMENT);
}

TEST_F(Capi, BacktestsGiveTheTablesThatAreAskedFor) {
  rapport_table* days = nullptr;
  rapport_buffer summary{};
  ASSERT_EQ(rapport_engine_backtest(engine_, "2026-02-01", 10, "2026-02-10", 10, nullptr, 0, nullptr, 0, nullptr, &days, nullptr, nullptr, &summary, &error_),
            RAPPORT_OK) << error_.message;
  EXPECT_EQ(rapport_table_rows(days), 10);
  EXPECT_NE(std::string(summary.data, summary.size).find("\"sentences\""), std::string::npos);
  rapport_table_free(days);
  rapport_buffer_dispose(&summary);
  EXPECT_EQ(rapport_engine_backtest(engine_, "2026-02-01", 10, "2026-02-10", 10, nullptr, 0, "week", 4, nullptr, nullptr, nullptr, nullptr, nullptr, &error_),
            RAPPORT_INVALID_ARGUMENT);
  EXPECT_STREQ(error_.token, "capi.unknown_word");
}

TEST_F(Capi, WhatIsSaidOfAFollowUpMustBeOfOne) {
  int64_t appended = -1;
  EXPECT_EQ(rapport_engine_answer(engine_, "f0000000000000000000000000000000", 32, "skip", 4, "2026-03-02T10:00:00+09:00", 25, nullptr, 0, nullptr, 0, nullptr, 0,
                                  &appended, &error_), RAPPORT_NOT_FOUND);
  EXPECT_STREQ(error_.token, "followup.unknown");
  EXPECT_EQ(rapport_engine_answer(engine_, "f0000000000000000000000000000000", 32, "forget", 6, "2026-03-02T10:00:00+09:00", 25, nullptr, 0, nullptr, 0, nullptr, 0,
                                  nullptr, &error_), RAPPORT_INVALID_ARGUMENT);
  EXPECT_EQ(appended, -1);
}

TEST_F(Capi, TableOutlivesEngineAndStreamOutlivesTable) {
  rapport_table* table = nullptr;
  ASSERT_EQ(rapport_engine_plan(engine_, "2026-03-02", 10, nullptr, 0, nullptr, &table, &error_), RAPPORT_OK);
  rapport_engine_close(engine_);
  engine_ = nullptr;
  ArrowArrayStream stream{};
  ASSERT_EQ(rapport_table_to_arrow(table, &stream, &error_), RAPPORT_OK);
  const int64_t rows = rapport_table_rows(table);
  rapport_table_free(table);
  ArrowSchema schema{};
  ArrowArray batch{};
  ASSERT_EQ(stream.get_schema(&stream, &schema), 0);
  ASSERT_EQ(stream.get_next(&stream, &batch), 0);
  EXPECT_EQ(batch.length, rows);
  EXPECT_EQ(batch.n_children, schema.n_children);
  EXPECT_STREQ(schema.format, "+s");
  EXPECT_STREQ(schema.children[0]->name, "rep");
  EXPECT_STREQ(schema.children[0]->format, "U");
  ArrowArray end{};
  ASSERT_EQ(stream.get_next(&stream, &end), 0);
  EXPECT_EQ(end.release, nullptr) << "the stream has one batch";
  // A consumer may take a child out and release the parent first.
  ArrowArray child = *batch.children[4];
  batch.children[4]->release = nullptr;
  batch.release(&batch);
  EXPECT_NE(child.buffers[2], nullptr);
  child.release(&child);
  schema.release(&schema);
  stream.release(&stream);
  EXPECT_EQ(stream.release, nullptr);
}

TEST_F(Capi, WhatGoesOutAsArrowComesBackAsTheSameRows) {
  rapport_table* table = nullptr;
  ASSERT_EQ(rapport_engine_plan(engine_, "2026-03-02", 10, nullptr, 0, nullptr, &table, &error_), RAPPORT_OK);
  ArrowArrayStream stream{};
  ASSERT_EQ(rapport_table_to_arrow(table, &stream, &error_), RAPPORT_OK);
  rapport_table_free(table);
  EXPECT_EQ(LinesOf(stream), PlanLines());
}

TEST(CapiAlone, PermissionWithoutABook) {
  rapport_error error = RAPPORT_ERROR_INIT;
  rapport_buffer out = RAPPORT_BUFFER_INIT;
  const std::string request = R"({"at":"2026-03-02T08:00:00+09:00","channel":"call","zone":"Asia/Tokyo",
    "touches":[{"at":"2026-02-09T10:00:00+09:00","channel":"call","disposition":"refused_contact"}]})";
  ASSERT_EQ(rapport_permission_check("office", 6, request.data(), request.size(), &out, &error), RAPPORT_OK) << error.message;
  EXPECT_STREQ(out.data, R"({"allowed":false,"first_allowed":"2026-04-13T00:00:00Z","reasons":["outside_hours","cool_off"]})");
  rapport_buffer_dispose(&out);
  EXPECT_EQ(rapport_permission_check("nowhere", 7, request.data(), request.size(), &out, &error), RAPPORT_NOT_FOUND);
  EXPECT_STREQ(error.token, "permission.unknown_profile");
}

TEST(CapiAlone, JudgePromise) {
  rapport_error error = RAPPORT_ERROR_INIT;
  rapport_buffer out = RAPPORT_BUFFER_INIT;
  const std::string request = R"({"promised_quantity":10,"due":"2026-01-11","zone":"Asia/Tokyo","deliveries":[{"at":"2026-01-12T10:00:00+09:00","quantity":10}]})";
  ASSERT_EQ(rapport_judge_promise(request.data(), request.size(), &out, &error), RAPPORT_OK) << error.message;
  EXPECT_STREQ(out.data, R"({"delivered_quantity":10,"deliveries_before_promise":0,"fulfilled_on":"2026-01-12","margin_days":-1,"margin_quantity":0,)"
                         R"("margin_working_days":-1,"outcome":"late"})");
  rapport_buffer_dispose(&out);
  const std::string wrong = R"({"zone":"Asia/Tokyo","deliveries":[{"at":"2026-01-12T10:00:00+09:00"},{"at":"2026-01-12T10:00:00+09:00","quantity":-2}]})";
  EXPECT_EQ(rapport_judge_promise(wrong.data(), wrong.size(), &out, &error), RAPPORT_INVALID_ARGUMENT);
  EXPECT_STREQ(error.token, "promise.invalid_value");
  EXPECT_STREQ(error.message, "deliveries[1].quantity: found -2, expected a number of 0 or more");
  EXPECT_EQ(rapport_judge_promise(nullptr, 0, &out, &error), RAPPORT_INVALID_ARGUMENT);
}

TEST(CapiAlone, AbiAndBuildInfo) {
  EXPECT_EQ(rapport_abi_version(), RAPPORT_ABI_VERSION);
  rapport_buffer out = RAPPORT_BUFFER_INIT;
  ASSERT_EQ(rapport_build_info(&out, nullptr), RAPPORT_OK);
  EXPECT_NE(std::strstr(out.data, "\"zone_rules\":\""), nullptr);
  rapport_buffer_dispose(&out);
  rapport_buffer_dispose(&out);
}

}  // namespace

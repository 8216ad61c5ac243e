// Trust in reports as a C caller meets it.
#include <gtest/gtest.h>

#include <cstring>
#include <string>

#include "rapport.h"
#include "rapport_day.h"

namespace {

std::string Line(const std::string& id, const std::string& time, const std::string& data) {
  return "{\"specversion\":\"1.0\",\"id\":\"" + id + "\",\"source\":\"t\",\"type\":\"touch\",\"subject\":\"c\",\"time\":\"" + time + "\",\"data\":" + data + "}\n";
}

TEST(CapiTrust, ScoreReportsRefusesNoStream) {
  rapport_error error = RAPPORT_ERROR_INIT;
  rapport_table* table = nullptr;
  EXPECT_EQ(rapport_score_reports(nullptr, nullptr, 0, &table, &error), RAPPORT_INVALID_ARGUMENT);
  EXPECT_STREQ(error.token, "arrow.invalid");
  EXPECT_EQ(table, nullptr);
}

TEST(CapiTrust, ABooksReportsAreTold) {
  rapport_error error = RAPPORT_ERROR_INIT;
  rapport_engine* engine = nullptr;
  ASSERT_EQ(rapport_engine_open(nullptr, 0, nullptr, &engine, &error), RAPPORT_OK) << error.message;
  const std::string lines =
      Line("v", "2026-01-05T09:00:00Z", "{\"channel\":\"visit\",\"direction\":\"outbound\",\"rep\":\"r-1\",\"minutes\":30,\"disposition\":\"reached\"}") +
      Line("i", "2026-01-05T10:00:00Z", "{\"channel\":\"call\",\"direction\":\"inbound\",\"rep\":\"r-1\"}") +
      Line("n", "2026-01-05T11:00:00Z", "{\"channel\":\"visit\",\"direction\":\"outbound\"}");
  ASSERT_EQ(rapport_engine_append(engine, lines.data(), lines.size(), nullptr, nullptr, &error), RAPPORT_OK) << error.message;
  rapport_read_options options = RAPPORT_READ_OPTIONS_INIT;
  const char as_of[] = "2026-02-01T00:00:00Z";
  options.as_of = as_of, options.as_of_size = std::strlen(as_of);
  const auto ask = [&](const std::string& request) {
    rapport_table* table = nullptr;
    rapport_buffer out = RAPPORT_BUFFER_INIT;
    const rapport_status status = rapport_engine_report_trust(engine, request.data(), request.size(), &options, &table, &error);
    if (status != RAPPORT_OK) return std::string(error.token);
    EXPECT_EQ(rapport_table_to_ndjson(table, &out, &error), RAPPORT_OK);
    std::string text(out.data, out.size);
    rapport_buffer_dispose(&out);
    rapport_table_free(table);
    return text;
  };
  const std::string by_report = ask("");
  EXPECT_NE(by_report.find("\"touch\":\"v\""), std::string::npos) << by_report;
  EXPECT_EQ(by_report.find("\"touch\":\"i\""), std::string::npos) << "the customer called";
  EXPECT_EQ(by_report.find("\"touch\":\"n\""), std::string::npos) << "of no rep";
  EXPECT_NE(by_report.find("\"flagged\":false"), std::string::npos);
  EXPECT_NE(ask("{\"by\":\"rep\"}").find("\"reports\":1"), std::string::npos);
  EXPECT_EQ(ask("{\"start\":\"2026-01-06\"}"), "");
  EXPECT_EQ(ask("{\"start\":\"2026-01-06\",\"end\":\"2026-01-05\"}"), "trust.invalid_period");
  EXPECT_EQ(ask("{\"start\":\"soon\"}"), "trust.invalid_period");
  EXPECT_EQ(ask("{\"by\":\"team\"}"), "trust.unknown_key");
  EXPECT_EQ(ask("{\"bye\":\"rep\"}"), "trust.unknown_key");
  rapport_engine_close(engine);
}

}  // namespace

// Money as a C caller meets it.
#include <gtest/gtest.h>

#include <cstring>
#include <string>

#include "rapport.h"
#include "rapport_day.h"

namespace {

std::string Line(const std::string& id, const std::string& type, const std::string& subject, const std::string& time, const std::string& data) {
  return "{\"specversion\":\"1.0\",\"id\":\"" + id + "\",\"source\":\"t\",\"type\":\"" + type + "\"" + (subject.empty() ? "" : ",\"subject\":\"" + subject + "\"") +
         ",\"time\":\"" + time + "\",\"data\":" + data + "}\n";
}

class CapiEconomics : public testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(rapport_engine_open(nullptr, 0, nullptr, &engine_, &error_), RAPPORT_OK) << error_.message; }
  void TearDown() override { rapport_engine_close(engine_); }

  std::string Append(const std::string& lines) {
    return rapport_engine_append(engine_, lines.data(), lines.size(), nullptr, nullptr, &error_) == RAPPORT_OK ? "" : error_.token;
  }
  std::string Ask(const std::string& request) {
    rapport_read_options options = RAPPORT_READ_OPTIONS_INIT;
    const char as_of[] = "2026-02-01T00:00:00Z";
    options.as_of = as_of, options.as_of_size = std::strlen(as_of);
    rapport_table* table = nullptr;
    rapport_buffer out = RAPPORT_BUFFER_INIT;
    if (rapport_engine_economics(engine_, request.data(), request.size(), &options, &table, &error_) != RAPPORT_OK) return error_.token;
    EXPECT_EQ(rapport_table_to_ndjson(table, &out, &error_), RAPPORT_OK);
    std::string text(out.data, out.size);
    rapport_buffer_dispose(&out);
    rapport_table_free(table);
    return text;
  }

  rapport_error error_ = RAPPORT_ERROR_INIT;
  rapport_engine* engine_ = nullptr;
};

bool Holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST_F(CapiEconomics, FourQuestionsOfOneBook) {
  const std::string lines =
      Line("b", "book.configured", "", "2025-01-01T00:00:00Z", "{\"reporting_currency\":\"EUR\",\"economics\":{\"commission\":{\"share\":\"0.1\"}}}") +
      Line("o", "purchase.placed", "c", "2026-01-05T09:00:00Z", "{\"currency\":\"EUR\",\"rep\":\"r-1\",\"lines\":[{\"amount\":\"100.00\",\"margin\":\"40.00\"}]}") +
      Line("p", "purchase.placed", "c", "2026-01-25T09:00:00Z", "{\"currency\":\"EUR\",\"rep\":\"r-1\",\"lines\":[{\"amount\":\"50.00\",\"margin\":\"20.00\"}]}") +
      Line("k", "contract.started", "c", "2026-01-01T09:00:00Z", "{\"currency\":\"EUR\",\"value\":\"1200.00\"}") +
      Line("t", "touch", "c", "2026-01-02T09:00:00Z", "{\"channel\":\"call\",\"direction\":\"outbound\",\"minutes\":20}");
  ASSERT_EQ(Append(lines), "");
  const std::string origins = Ask("{\"ask\":\"origins\"}");
  EXPECT_TRUE(Holds(origins, "\"origin\":\"new\"") && Holds(origins, "\"margin_per_minute\":2,")) << origins;
  EXPECT_TRUE(Holds(Ask("{\"ask\":\"origins\",\"since\":\"2026-01-10\"}"), "\"orders\":1")) << origins;
  const std::string commission = Ask("{\"ask\":\"commission\"}");
  EXPECT_TRUE(Holds(commission, "\"earned\":15") && Holds(commission, "\"month\":\"2026-01-01\"")) << commission;
  EXPECT_EQ(Ask("{\"ask\":\"commission\",\"reps\":[\"r-2\"]}"), "");
  const std::string base = Ask("{\"ask\":\"recurring\",\"months\":12}");
  EXPECT_TRUE(Holds(base, "\"contracts\":1200") && Holds(base, "\"span\":\"year\"")) << base;
  EXPECT_EQ(Ask("{\"ask\":\"recurring\",\"months\":121}"), "economics.invalid_months");
  EXPECT_EQ(Ask("{\"ask\":\"recurring\",\"months\":5000000000}"), "economics.invalid_months");
  EXPECT_EQ(Ask("{\"ask\":\"care\"}"), "economics.not_fitted");
  const char at[] = "2026-02-01T00:00:00Z", model[] = "care_worth";
  rapport_buffer out = RAPPORT_BUFFER_INIT;
  ASSERT_EQ(rapport_engine_fit(engine_, model, std::strlen(model), at, std::strlen(at), nullptr, 0, &out, &error_), RAPPORT_OK) << error_.message;
  rapport_buffer_dispose(&out);
  const std::string care = Ask("{\"ask\":\"care\"}");
  EXPECT_TRUE(Holds(care, "\"customer\":\"c\"") && Holds(care, "\"margin_at_risk\":60")) << care;
}

TEST_F(CapiEconomics, WhatIsWrongIsNamed) {
  EXPECT_EQ(Ask("{\"ask\":\"profit\"}"), "economics.invalid_request");
  EXPECT_EQ(Ask("{\"ask\":\"origins\",\"since\":\"soon\"}"), "economics.invalid_request");
  EXPECT_EQ(Ask("{\"ask\":\"commission\",\"reps\":\"r\"}"), "economics.invalid_request");
  EXPECT_EQ(Ask("{\"ask\":\"commission\",\"reps\":[7]}"), "economics.invalid_request");
  EXPECT_EQ(Ask("{\"ask\":\"care\",\"months\":3}"), "economics.unknown_key");
  EXPECT_EQ(Ask("{}"), "economics.missing_key");
  EXPECT_EQ(Ask(""), "json.invalid");
  EXPECT_EQ(Ask("{\"ask\":\"commission\"}"), "economics.no_commission");
  EXPECT_EQ(Ask("{\"ask\":\"origins\"}"), "money.no_reporting_currency");
  EXPECT_EQ(Append(Line("b", "book.configured", "", "2025-01-01T00:00:00Z", "{\"economics\":{\"commission\":{\"share\":\"5 %\"}}}")), "economics.invalid_terms");
}

}  // namespace

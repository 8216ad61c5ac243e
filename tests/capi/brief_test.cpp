// Briefs and reports as a C caller meets them: the text alone is that of the document, whatever signs names hold.
#include <gtest/gtest.h>

#include <cstring>
#include <string>

#include "rapport.h"

namespace {

constexpr char kBook[] =
    "{\"specversion\":\"1.0\",\"id\":\"r\",\"source\":\"t\",\"type\":\"rep.upserted\",\"time\":\"2026-01-01T09:00:00Z\",\"data\":{\"rep\":\"r-1\"}}\n"
    "{\"specversion\":\"1.0\",\"id\":\"c\",\"source\":\"t\",\"type\":\"customer.upserted\",\"subject\":\"a\",\"time\":\"2026-01-01T09:00:00Z\","
    "\"data\":{\"kind\":\"organisation\",\"owner\":\"r-1\",\"name\":\"Tab\\t\\\"Inn\\\"\"}}\n"
    "{\"specversion\":\"1.0\",\"id\":\"p\",\"source\":\"t\",\"type\":\"promise.made\",\"subject\":\"a\",\"time\":\"2026-02-20T09:00:00Z\","
    "\"data\":{\"by\":\"ours\",\"rep\":\"r-1\",\"what\":\"water report\",\"due\":\"2026-02-27\"}}\n";

// A text as a JSON string holds it.
std::string Escaped(const std::string& text) {
  std::string json;
  for (const char c : text) {
    if (c == '\n') {
      json += "\\n";
    } else if (c == '\t') {
      json += "\\t";
    } else {
      if (c == '"' || c == '\\') json += '\\';
      json += c;
    }
  }
  return json;
}

class CapiBriefs : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(rapport_engine_open(nullptr, 0, nullptr, &engine_, &error_), RAPPORT_OK) << error_.message;
    ASSERT_EQ(rapport_engine_append(engine_, kBook, std::strlen(kBook), nullptr, nullptr, &error_), RAPPORT_OK) << error_.message;
    options_.as_of = "2026-03-02T08:00:00Z", options_.as_of_size = std::strlen("2026-03-02T08:00:00Z");
  }
  void TearDown() override { rapport_engine_close(engine_); }

  using AskBrief = rapport_status (*)(rapport_engine*, const char*, size_t, const char*, size_t, const rapport_read_options*, rapport_buffer*, rapport_error*);
  std::string Brief(AskBrief ask) {
    rapport_buffer out = RAPPORT_BUFFER_INIT;
    EXPECT_EQ(ask(engine_, "r-1", 3, "2026-03-02", 10, nullptr, &out, &error_), RAPPORT_OK) << error_.message;
    return Taken(out);
  }
  static std::string Taken(rapport_buffer& buffer) {
    std::string text(buffer.data, buffer.size);
    rapport_buffer_dispose(&buffer);
    return text;
  }

  rapport_engine* engine_ = nullptr;
  rapport_error error_ = RAPPORT_ERROR_INIT;
  rapport_read_options options_ = RAPPORT_READ_OPTIONS_INIT;
};

TEST_F(CapiBriefs, TheTextOfABriefIsThatOfItsDocument) {
  const std::string text = Brief(rapport_engine_brief_text), document = Brief(rapport_engine_brief);
  EXPECT_NE(text.find("Tab\t\"Inn\""), std::string::npos) << text;
  EXPECT_NE(document.find("\"text\":\"" + Escaped(text) + "\""), std::string::npos) << document;
}

TEST_F(CapiBriefs, TheTextOfAReportIsThatOfItsDocument) {
  rapport_buffer out = RAPPORT_BUFFER_INIT;
  ASSERT_EQ(rapport_engine_report_text(engine_, &options_, &out, &error_), RAPPORT_OK) << error_.message;
  const std::string text = Taken(out);
  ASSERT_EQ(rapport_engine_report(engine_, &options_, &out, &error_), RAPPORT_OK) << error_.message;
  const std::string document = Taken(out);
  EXPECT_GT(text.size(), 40u);
  EXPECT_NE(document.find("\"text\":\"" + Escaped(text) + "\""), std::string::npos) << document;
}

TEST_F(CapiBriefs, SayWhatIsWrong) {
  rapport_buffer out = RAPPORT_BUFFER_INIT;
  EXPECT_EQ(rapport_engine_brief_text(engine_, "nobody", 6, "2026-03-02", 10, nullptr, &out, &error_), RAPPORT_NOT_FOUND);
  EXPECT_STREQ(error_.token, "brief.unknown");
  EXPECT_EQ(rapport_engine_brief_text(engine_, "r-1", 3, "Monday", 6, nullptr, &out, &error_), RAPPORT_INVALID_ARGUMENT);
  EXPECT_STREQ(error_.token, "time.invalid_day");
  EXPECT_EQ(rapport_engine_brief_text(engine_, "r-1", 3, "2026-03-02", 10, nullptr, nullptr, &error_), RAPPORT_INVALID_ARGUMENT);
  EXPECT_EQ(rapport_engine_report_text(engine_, nullptr, &out, &error_), RAPPORT_INVALID_ARGUMENT) << "of which moment?";
}

}  // namespace

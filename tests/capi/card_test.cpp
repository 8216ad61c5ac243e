// Cards and outcomes as a C caller meets them.
#include <gtest/gtest.h>

#include <cstring>
#include <string>

#include "rapport.h"

namespace {

constexpr char kBook[] =
    "{\"specversion\":\"1.0\",\"id\":\"c\",\"source\":\"t\",\"type\":\"customer.upserted\",\"subject\":\"a\",\"time\":\"2026-01-01T09:00:00Z\","
    "\"data\":{\"kind\":\"organisation\",\"owner\":\"r-1\",\"name\":\"Cafe Nagi\"}}\n"
    "{\"specversion\":\"1.0\",\"id\":\"w\",\"source\":\"t\",\"type\":\"worry.raised\",\"subject\":\"a\",\"time\":\"2026-02-27T09:00:00Z\",\"data\":{\"text\":\"smell\"}}\n";
constexpr char kTick[] = "2026-03-02T00:00:00Z";
constexpr char kNoon[] = "2026-03-02T12:00:00Z";

class CapiCards : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(rapport_engine_open(nullptr, 0, nullptr, &engine_, &error_), RAPPORT_OK) << error_.message;
    ASSERT_EQ(rapport_engine_append(engine_, kBook, std::strlen(kBook), nullptr, nullptr, &error_), RAPPORT_OK) << error_.message;
    options_.as_of = kTick, options_.as_of_size = std::strlen(kTick);
    rapport_buffer ticked = RAPPORT_BUFFER_INIT;
    ASSERT_EQ(rapport_engine_tick(engine_, &options_, &ticked, &error_), RAPPORT_OK) << error_.message;
    const std::string text = Taken(ticked);
    const std::string before = "\"followup\":\"";
    const std::size_t at = text.find(before);
    ASSERT_NE(at, std::string::npos) << text;
    followup_ = text.substr(at + before.size(), text.find('"', at + before.size()) - at - before.size());
  }
  void TearDown() override { rapport_engine_close(engine_); }

  static std::string Taken(rapport_buffer& buffer) {
    std::string text(buffer.data, buffer.size);
    rapport_buffer_dispose(&buffer);
    return text;
  }
  using Ask = rapport_status (*)(rapport_engine*, const char*, size_t, const rapport_read_options*, rapport_buffer*, rapport_error*);
  std::string Asked(Ask ask, const rapport_read_options* options) {
    rapport_buffer out = RAPPORT_BUFFER_INIT;
    EXPECT_EQ(ask(engine_, followup_.data(), followup_.size(), options, &out, &error_), RAPPORT_OK) << error_.message;
    return Taken(out);
  }
  rapport_status Record(const std::string& answers, rapport_buffer* out) {
    return rapport_engine_record(engine_, followup_.data(), followup_.size(), answers.data(), answers.size(), kNoon, std::strlen(kNoon), "r-1", 3, out, &error_);
  }

  rapport_engine* engine_ = nullptr;
  rapport_error error_ = RAPPORT_ERROR_INIT;
  rapport_read_options options_ = RAPPORT_READ_OPTIONS_INIT;
  std::string followup_;
};

TEST_F(CapiCards, CardAndForm) {
  const std::string card = Asked(rapport_engine_card, &options_);
  EXPECT_NE(card.find("\"kind\":\"card\""), std::string::npos);
  EXPECT_NE(Asked(rapport_engine_card, nullptr).find("\"kind\":\"card\""), std::string::npos);
  EXPECT_NE(Asked(rapport_engine_card_text, nullptr).find("Cafe Nagi"), std::string::npos);
  options_.language = "ja", options_.language_size = 2;
  EXPECT_NE(Asked(rapport_engine_outcome_form, &options_).find("心配ごと"), std::string::npos);
}

TEST_F(CapiCards, RecordedAndTakenBack) {
  rapport_buffer out = RAPPORT_BUFFER_INIT;
  ASSERT_EQ(Record("{\"reached\":\"reached\",\"goal\":true,\"worry\":true}", &out), RAPPORT_OK) << error_.message;
  const std::string receipt = Taken(out);
  EXPECT_NE(receipt.find("\"appended\":3"), std::string::npos) << receipt;
  ASSERT_EQ(rapport_engine_undo(engine_, receipt.data(), receipt.size(), nullptr, 0, &out, &error_), RAPPORT_OK) << error_.message;
  const std::string undone = Taken(out);
  EXPECT_NE(undone.find("\"state\":\"open\""), std::string::npos) << undone;
}

TEST_F(CapiCards, SayWhatIsWrong) {
  rapport_buffer out = RAPPORT_BUFFER_INIT;
  EXPECT_EQ(Record("{\"reached\":\"maybe\"}", &out), RAPPORT_INVALID_ARGUMENT);
  EXPECT_STREQ(error_.token, "outcome.invalid_answer");
  EXPECT_EQ(Record("{", &out), RAPPORT_INVALID_ARGUMENT);
  EXPECT_EQ(rapport_engine_undo(engine_, "{}", 2, nullptr, 0, &out, &error_), RAPPORT_FAILED_PRECONDITION);
  EXPECT_STREQ(error_.token, "outcome.unknown_receipt");
  EXPECT_EQ(rapport_engine_record(engine_, followup_.data(), followup_.size(), nullptr, 0, kNoon, std::strlen(kNoon), nullptr, 0, &out, &error_), RAPPORT_INVALID_ARGUMENT);
  EXPECT_STREQ(error_.token, "capi.null");
  EXPECT_EQ(rapport_engine_card(engine_, followup_.data(), followup_.size(), nullptr, nullptr, &error_), RAPPORT_INVALID_ARGUMENT);
  rapport_read_options half = RAPPORT_READ_OPTIONS_INIT;
  half.known_at = kNoon, half.known_at_size = std::strlen(kNoon);
  EXPECT_EQ(rapport_engine_card(engine_, followup_.data(), followup_.size(), &half, &out, &error_), RAPPORT_INVALID_ARGUMENT);
  EXPECT_STREQ(error_.token, "capi.missing_as_of");
  EXPECT_EQ(rapport_engine_card_text(engine_, "nobody", 6, nullptr, &out, &error_), RAPPORT_NOT_FOUND);
}

}  // namespace

// Relationships as a C caller meets them.
#include <gtest/gtest.h>

#include <cstring>
#include <string>

#include "rapport.h"

namespace {

std::string EventLine(const std::string& id, const std::string& type, const std::string& subject, const std::string& time, const std::string& data) {
  return "{\"specversion\":\"1.0\",\"id\":\"" + id + "\",\"source\":\"t\",\"type\":\"" + type + "\",\"subject\":\"" + subject + "\",\"time\":\"" + time +
         "\",\"data\":" + data + "}\n";
}

// Two visits by r-1 and a call by r-2, who has left; a worry that a flush cured; a referral and one that would close a circle; a deal won.
std::string Book() {
  const std::string visit = "{\"channel\":\"visit\",\"direction\":\"outbound\",\"rep\":\"r-1\",\"contact\":\"p-1\",\"disposition\":\"reached\"}";
  return EventLine("c", "customer.upserted", "a", "2026-01-01T09:00:00Z", "{\"kind\":\"organisation\",\"owner\":\"r-1\",\"contact_ideal_days\":10}") +
         EventLine("k", "contact.upserted", "a", "2026-01-01T09:00:00Z", "{\"contact\":\"p-1\",\"name\":\"Ann Mori\"}") +
         "{\"specversion\":\"1.0\",\"id\":\"r\",\"source\":\"t\",\"type\":\"rep.upserted\",\"time\":\"2026-01-01T09:00:00Z\",\"data\":{\"rep\":\"r-2\",\"name\":\"Bo Lee\","
         "\"left\":\"2026-01-20\"}}\n" +
         EventLine("t0", "touch", "a", "2026-01-02T09:00:00Z", "{\"channel\":\"call\",\"direction\":\"outbound\",\"rep\":\"r-2\",\"disposition\":\"reached\"}") +
         EventLine("o", "opportunity.opened", "a", "2026-01-03T09:00:00Z", "{\"opportunity\":\"d\",\"products\":[\"filter\"],\"currency\":\"EUR\",\"value\":\"900.00\"}") +
         EventLine("t1", "touch", "a", "2026-01-12T09:00:00Z", visit) + EventLine("t2", "touch", "a", "2026-01-19T09:00:00Z", visit) +
         EventLine("w", "opportunity.won", "a", "2026-01-20T09:00:00Z", "{\"opportunity\":\"d\"}") +
         EventLine("l", "lesson.recorded", "a", "2026-01-21T09:00:00Z", "{\"lesson\":\"ask-first\"}") +
         EventLine("f", "worry.raised", "a", "2026-01-21T09:00:00Z", "{\"worry\":\"w-1\",\"product\":\"filter\",\"topic\":\"smell\"}") +
         EventLine("g", "worry.resolved", "a", "2026-01-23T09:00:00Z", "{\"worry\":\"w-1\",\"remedy\":\"flush\"}") +
         EventLine("h", "referral.made", "a", "2026-01-24T09:00:00Z", "{\"referred\":\"b\"}") +
         EventLine("b", "customer.upserted", "b", "2026-01-24T10:00:00Z", "{\"kind\":\"person\"}");
}

class CapiRelationships : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(rapport_engine_open(nullptr, 0, nullptr, &engine_, &error_), RAPPORT_OK) << error_.message;
    const std::string lines = Book();
    ASSERT_EQ(rapport_engine_append(engine_, lines.data(), lines.size(), nullptr, nullptr, &error_), RAPPORT_OK) << error_.message;
    options_.as_of = kAsOf;
    options_.as_of_size = std::strlen(kAsOf);
  }
  void TearDown() override { rapport_engine_close(engine_); }

  std::string Lines(rapport_table* table) {
    rapport_buffer out = RAPPORT_BUFFER_INIT;
    EXPECT_EQ(rapport_table_to_ndjson(table, &out, &error_), RAPPORT_OK) << error_.message;
    std::string text(out.data, out.size);
    rapport_buffer_dispose(&out);
    rapport_table_free(table);
    return text;
  }
  using Ask = rapport_status (*)(rapport_engine*, const rapport_read_options*, rapport_table**, rapport_error*);
  std::string Answer(Ask ask) {
    rapport_table* table = nullptr;
    EXPECT_EQ(ask(engine_, &options_, &table, &error_), RAPPORT_OK) << error_.message;
    return table == nullptr ? std::string() : Lines(table);
  }
  rapport_status WhoKnows(const char* customer, rapport_table** table) {
    return rapport_engine_who_knows(engine_, customer, std::strlen(customer), &options_, table, &error_);
  }

  static constexpr char kAsOf[] = "2026-02-01T00:00:00Z";
  rapport_engine* engine_ = nullptr;
  rapport_error error_ = RAPPORT_ERROR_INIT;
  rapport_read_options options_ = RAPPORT_READ_OPTIONS_INIT;
};

testing::AssertionResult Has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos ? testing::AssertionSuccess() : testing::AssertionFailure() << part << " is not in\n" << text;
}

TEST_F(CapiRelationships, WhoKnowsTellsWhomACustomerKnows) {
  rapport_table* table = nullptr;
  ASSERT_EQ(WhoKnows("a", &table), RAPPORT_OK) << error_.message;
  const std::string lines = Lines(table);
  EXPECT_TRUE(Has(lines, "\"contacts\":\"Ann Mori\""));
  EXPECT_TRUE(Has(lines, "\"owner\":true,\"rep\":\"r-1\",\"rep_name\":\"r-1\",\"sender\":true"));
  EXPECT_TRUE(Has(lines, "\"touches\":2"));
  EXPECT_TRUE(Has(lines, "\"sentence\":\"Bo Lee, who has left us, knew them; last in contact on Fri 2 Jan\",\"touches\":1"));
  EXPECT_EQ(WhoKnows("nobody", &table), RAPPORT_NOT_FOUND);
  EXPECT_STREQ(error_.token, "customer.unknown");
  EXPECT_EQ(rapport_engine_who_knows(engine_, nullptr, 0, &options_, &table, &error_), RAPPORT_INVALID_ARGUMENT);
  EXPECT_STREQ(error_.token, "capi.null");
}

TEST_F(CapiRelationships, StandingOfEachCustomer) {
  const std::string lines = Answer(rapport_engine_relationships);
  EXPECT_TRUE(Has(lines, "\"customer\":\"a\""));
  EXPECT_TRUE(Has(lines, "\"rung\":\"recognised\""));
  EXPECT_TRUE(Has(lines, "\"due\":\"due\""));
  EXPECT_TRUE(Has(lines, "\"customer\":\"b\""));
  options_.customers = "[\"nobody\"]";
  options_.customers_size = std::strlen(options_.customers);
  rapport_table* table = nullptr;
  for (const Ask ask : {rapport_engine_relationships, rapport_engine_deals, rapport_engine_referrals}) {
    EXPECT_EQ(ask(engine_, &options_, &table, &error_), RAPPORT_NOT_FOUND);
    EXPECT_STREQ(error_.token, "customer.unknown");
  }
}

TEST_F(CapiRelationships, WorriesAndReferralsNeedTheirModels) {
  rapport_table* table = nullptr;
  for (const Ask ask : {rapport_engine_worries, rapport_engine_referrals}) {
    EXPECT_EQ(ask(engine_, &options_, &table, &error_), RAPPORT_FAILED_PRECONDITION);
    EXPECT_STREQ(error_.token, "relationship.not_fitted");
  }
  ASSERT_EQ(rapport_engine_fit_all(engine_, kAsOf, std::strlen(kAsOf), nullptr, 0, &table, &error_), RAPPORT_OK) << error_.message;
  const std::string fitted = Lines(table);
  EXPECT_TRUE(Has(fitted, "\"model\":\"worries\",\"token\":null"));
  EXPECT_TRUE(Has(fitted, "\"model\":\"bg_nbd\",\"token\":\"value.too_few_customers\""));
  EXPECT_TRUE(Has(Answer(rapport_engine_worries), "\"best_remedy\":\"flush\""));
  const std::string referrals = Answer(rapport_engine_referrals);
  EXPECT_TRUE(Has(referrals, "\"brought\":1,\"brought_by\":null,\"brought_directly\":1,\"customer\":\"a\",\"depth\":0"));
  EXPECT_TRUE(Has(referrals, "\"brought_by\":\"a\",\"brought_directly\":0,\"customer\":\"b\",\"depth\":1"));
  EXPECT_EQ(rapport_engine_fit_all(engine_, nullptr, 0, nullptr, 0, &table, &error_), RAPPORT_INVALID_ARGUMENT);
  EXPECT_EQ(rapport_engine_fit_all(engine_, kAsOf, std::strlen(kAsOf), "moon", 4, &table, &error_), RAPPORT_INVALID_ARGUMENT);
}

TEST_F(CapiRelationships, DealsAreJudged) {
  const std::string lines = Answer(rapport_engine_deals);
  EXPECT_TRUE(Has(lines, "\"verdict\":\"full\""));
  EXPECT_TRUE(Has(lines, "\"rung_after\":\"recognised\",\"rung_before\":\"none\""));
  EXPECT_TRUE(Has(lines, "\"lesson\":\"ask-first\""));
  EXPECT_TRUE(Has(lines, "\"currency\":\"EUR\""));
}

TEST_F(CapiRelationships, AMomentIsAsked) {
  options_.as_of_size = 0;
  rapport_table* table = nullptr;
  for (const Ask ask : {rapport_engine_relationships, rapport_engine_worries, rapport_engine_referrals, rapport_engine_deals}) {
    EXPECT_EQ(ask(engine_, &options_, &table, &error_), RAPPORT_INVALID_ARGUMENT);
    EXPECT_STREQ(error_.token, "capi.missing_as_of");
    EXPECT_EQ(ask(nullptr, &options_, &table, &error_), RAPPORT_INVALID_ARGUMENT);
  }
  EXPECT_EQ(WhoKnows("a", &table), RAPPORT_INVALID_ARGUMENT);
}

}  // namespace

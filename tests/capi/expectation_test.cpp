// Promises as a C caller meets them.
#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

#include "rapport.h"

namespace {

std::string Taken(rapport_buffer& buffer) {
  std::string text(buffer.data, buffer.size);
  rapport_buffer_dispose(&buffer);
  return text;
}

TEST(CapiPromise, ResponseFitsAndPredicts) {
  rapport_error error = RAPPORT_ERROR_INIT;
  rapport_buffer out = RAPPORT_BUFFER_INIT;
  const std::vector<double> days{3, 1, 0, -1, -4, 2, -2, 5, -3, 1}, satisfied{1, 1, 0, 0, 0, 0, 1, 1, 1, 1};
  ASSERT_EQ(rapport_promise_response_fit(days.data(), satisfied.data(), nullptr, 10, nullptr, 0, &out, &error), RAPPORT_OK) << error.message;
  const std::string model = Taken(out);
  EXPECT_NE(model.find("\"diagnosis\":\"An interior optimum.\""), std::string::npos) << model;
  std::vector<double> chances(10, -1);
  ASSERT_EQ(rapport_promise_response_predict(model.data(), model.size(), days.data(), 10, chances.data(), &error), RAPPORT_OK) << error.message;
  double sum = 0;
  for (const double chance : chances) sum += chance;
  EXPECT_NEAR(sum, 6, 1e-9) << "as many as were satisfied";
  const std::string monotone = "{\"monotone\":true}", wrong = "{\"monotonous\":true}";
  ASSERT_EQ(rapport_promise_response_fit(days.data(), satisfied.data(), nullptr, 10, monotone.data(), monotone.size(), &out, &error), RAPPORT_OK);
  EXPECT_NE(Taken(out).find("\"monotone\":true"), std::string::npos);
  EXPECT_EQ(rapport_promise_response_fit(days.data(), satisfied.data(), nullptr, 10, wrong.data(), wrong.size(), &out, &error), RAPPORT_INVALID_ARGUMENT);
  EXPECT_STREQ(error.token, "expectation.unknown_key");
  EXPECT_EQ(rapport_promise_response_fit(nullptr, satisfied.data(), nullptr, 10, nullptr, 0, &out, &error), RAPPORT_INVALID_ARGUMENT);
  EXPECT_STREQ(error.token, "capi.null");
  EXPECT_EQ(rapport_promise_response_fit(days.data(), satisfied.data(), nullptr, -1, nullptr, 0, &out, &error), RAPPORT_INVALID_ARGUMENT);
}

TEST(CapiPromise, AdvisorContinuesAndAnswersInGroups) {
  rapport_error error = RAPPORT_ERROR_INIT;
  rapport_buffer out = RAPPORT_BUFFER_INIT;
  const std::vector<double> leads{3, 9, 1, 4, 7, 2, 6, 5, 8}, chances{0.9, 0.95};
  ASSERT_EQ(rapport_promise_advisor_fit(nullptr, 0, leads.data(), nullptr, nullptr, 5, &out, &error), RAPPORT_OK) << error.message;
  const std::string first = Taken(out);
  const std::vector<int64_t> offsets{0, 1, 2, 2, 3};
  ASSERT_EQ(rapport_promise_advisor_fit(first.data(), first.size(), leads.data() + 5, offsets.data(), "aba", 4, &out, &error), RAPPORT_OK) << error.message;
  const std::string model = Taken(out);
  EXPECT_NE(model.find("\"known\":9"), std::string::npos) << model;
  ASSERT_EQ(rapport_promise_advisor_days(model.data(), model.size(), chances.data(), 2, nullptr, 0, &out, &error), RAPPORT_OK) << error.message;
  EXPECT_EQ(Taken(out), "[9,null]");
  ASSERT_EQ(rapport_promise_advisor_days(model.data(), model.size(), chances.data(), 1, "a", 1, &out, &error), RAPPORT_OK) << error.message;
  EXPECT_NE(Taken(out), "[null]");
  const std::vector<int64_t> falling{0, 2, 1, 2, 3};
  EXPECT_EQ(rapport_promise_advisor_fit(nullptr, 0, leads.data(), falling.data(), "aba", 4, &out, &error), RAPPORT_INVALID_ARGUMENT);
  EXPECT_STREQ(error.token, "capi.invalid_offsets");
}

TEST(CapiPromise, KeptSharesRefuseNoStream) {
  rapport_error error = RAPPORT_ERROR_INIT;
  rapport_table* table = nullptr;
  EXPECT_EQ(rapport_kept_shares(nullptr, nullptr, 0, &table, &error), RAPPORT_INVALID_ARGUMENT);
  EXPECT_STREQ(error.token, "arrow.invalid");
  EXPECT_EQ(table, nullptr);
}

}  // namespace

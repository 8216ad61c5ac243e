// Summaries and what is read off them, through the C API.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "rapport.h"
#include "rapport_pure.h"

namespace {

struct Ids {
  std::vector<std::int64_t> offsets{0};
  std::string bytes;
  explicit Ids(const std::vector<std::string>& ids) {
    for (const std::string& id : ids) {
      bytes += id;
      offsets.push_back(static_cast<std::int64_t>(bytes.size()));
    }
  }
};

std::string Ndjson(rapport_table* table) {
  rapport_buffer buffer = RAPPORT_BUFFER_INIT;
  EXPECT_EQ(rapport_table_to_ndjson(table, &buffer, nullptr), RAPPORT_OK);
  std::string text(buffer.data, buffer.size);
  rapport_buffer_dispose(&buffer);
  rapport_table_free(table);
  return text;
}

std::string TextOf(rapport_buffer& buffer) {
  std::string text(buffer.data, buffer.size);
  rapport_buffer_dispose(&buffer);
  return text;
}

TEST(Summary, AtOncePieceByPieceAndFromBytesAreTheSame) {
  const Ids ids({"a", "b", "a", "c"});
  const std::int32_t days[] = {20454, 20461, 20468, 20500};
  const double amounts[] = {1, 2, 0.1, 4};
  rapport_summarize_options options = RAPPORT_SUMMARIZE_OPTIONS_INIT;
  options.has_calibration_end = 1, options.calibration_end = 20470;
  rapport_table* whole = nullptr;
  ASSERT_EQ(rapport_value_summarize(ids.offsets.data(), ids.bytes.data(), days, amounts, 4, &options, &whole, nullptr), RAPPORT_OK);

  rapport_summary *first = nullptr, *second = nullptr, *carried = nullptr;
  ASSERT_EQ(rapport_summary_open(&options, nullptr, 0, &first, nullptr), RAPPORT_OK);
  ASSERT_EQ(rapport_summary_open(&options, nullptr, 0, &second, nullptr), RAPPORT_OK);
  ASSERT_EQ(rapport_summary_add(first, ids.offsets.data() + 2, ids.bytes.data(), nullptr, days + 2, amounts + 2, 2, 2, nullptr), RAPPORT_OK);
  ASSERT_EQ(rapport_summary_add(second, ids.offsets.data(), ids.bytes.data(), nullptr, days, amounts, 2, 1, nullptr), RAPPORT_OK);
  rapport_buffer saved = RAPPORT_BUFFER_INIT, facts = RAPPORT_BUFFER_INIT;
  ASSERT_EQ(rapport_summary_save(second, &saved, nullptr), RAPPORT_OK);
  ASSERT_EQ(rapport_summary_open(nullptr, saved.data, saved.size, &carried, nullptr), RAPPORT_OK);
  ASSERT_EQ(rapport_summary_merge(first, carried, nullptr), RAPPORT_OK);
  rapport_table *pieces = nullptr, *later = nullptr;
  ASSERT_EQ(rapport_summary_table(first, 2, &pieces, &later, &facts, nullptr), RAPPORT_OK);
  EXPECT_EQ(Ndjson(pieces), Ndjson(whole));
  EXPECT_EQ(Ndjson(later), "{\"customer\":\"c\",\"first_day\":\"2026-02-16\"}\n");
  EXPECT_EQ(TextOf(facts), "{\"calibration_end\":\"2026-01-17\",\"customers\":2,\"joined_later\":1,\"observation_end\":\"2026-02-16\",\"purchases\":4,\"unit\":\"week\"}");
  rapport_error error = RAPPORT_ERROR_INIT;
  EXPECT_EQ(rapport_summary_open(nullptr, saved.data, saved.size - 1, &carried, &error), RAPPORT_INVALID_ARGUMENT);
  EXPECT_STREQ(error.token, "value.summary_bytes");
  rapport_buffer_dispose(&saved);
  for (rapport_summary* summary : {first, second, carried}) rapport_summary_free(summary);
  rapport_summary_free(nullptr);
}

TEST(Summary, NumbersAreCustomersTooAndErrorsNameTheRow) {
  rapport_summary* summary = nullptr;
  ASSERT_EQ(rapport_summary_open(nullptr, nullptr, 0, &summary, nullptr), RAPPORT_OK);
  const std::int64_t numbers[] = {10, 9, 10};
  const std::int32_t days[] = {1, 1, 8};
  ASSERT_EQ(rapport_summary_add(summary, nullptr, nullptr, numbers, days, nullptr, 3, 1, nullptr), RAPPORT_OK);
  rapport_error error = RAPPORT_ERROR_INIT;
  const double amounts[] = {1, 1, 1e19};
  EXPECT_EQ(rapport_summary_add(summary, nullptr, nullptr, numbers, days, amounts, 3, 1, &error), RAPPORT_INVALID_ARGUMENT);
  EXPECT_STREQ(error.message, "row 5, field amount: found 1e+19, expected at most 1e18 by size");
  const std::int64_t falling[] = {2, 1, 0, 0};
  EXPECT_EQ(rapport_summary_add(summary, falling, "ab", nullptr, days, nullptr, 3, 1, &error), RAPPORT_INVALID_ARGUMENT);
  EXPECT_STREQ(error.token, "capi.invalid_offsets");
  EXPECT_EQ(rapport_summary_add(summary, nullptr, nullptr, nullptr, days, nullptr, 3, 1, &error), RAPPORT_INVALID_ARGUMENT);
  rapport_table* table = nullptr;
  ASSERT_EQ(rapport_summary_table(summary, 1, &table, nullptr, nullptr, nullptr), RAPPORT_OK);
  EXPECT_EQ(Ndjson(table), "{\"age\":1,\"customer\":\"10\",\"frequency\":1,\"monetary\":null,\"recency\":1}\n"
                           "{\"age\":1,\"customer\":\"9\",\"frequency\":0,\"monetary\":null,\"recency\":0}\n");
  rapport_summary_free(summary);
}

TEST(Analyse, RefusesWhatItCannotRead) {
  rapport_error error = RAPPORT_ERROR_INIT;
  rapport_table* table = nullptr;
  const std::string request = "{\"ask\":\"cohorts\"}", unknown = "{\"ask\":\"weather\"}";
  EXPECT_EQ(rapport_value_analyse(nullptr, request.data(), request.size(), &table, nullptr, &error), RAPPORT_INVALID_ARGUMENT);
  EXPECT_STREQ(error.token, "arrow.invalid");
  EXPECT_EQ(rapport_value_analyse(nullptr, unknown.data(), unknown.size(), &table, nullptr, &error), RAPPORT_INVALID_ARGUMENT);
  EXPECT_STREQ(error.token, "value.unknown_word");
  EXPECT_EQ(table, nullptr);
}

}  // namespace

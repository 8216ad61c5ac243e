// Summaries and what is read off them, through the C API.
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <memory>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#ifdef __linux__
#include <sys/resource.h>
#include <unistd.h>
#endif

#include "arrow_lines.hpp"
#include "arrow_nodes.hpp"
#include "rapport.h"
#include "rapport_pure.h"
#include "sanitized.hpp"

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

TEST(Summary, ArrowIsTheTableAndOutlivesTheSummary) {
  for (const bool holdout : {false, true}) {
    rapport_summarize_options options = RAPPORT_SUMMARIZE_OPTIONS_INIT;
    options.has_calibration_end = holdout ? 1 : 0, options.calibration_end = 20470;
    rapport_summary* summary = nullptr;
    ASSERT_EQ(rapport_summary_open(&options, nullptr, 0, &summary, nullptr), RAPPORT_OK);
    const std::int64_t numbers[] = {10, 9, 10, 10, 8, 7, 7};
    const std::int32_t days[] = {20454, 20461, 20468, 20500, 20501, 20001, 20002};
    const double amounts[] = {1, 2, 0.1, 4, 5, 6, 7};
    ASSERT_EQ(rapport_summary_add(summary, nullptr, nullptr, numbers, days, amounts, 7, 1, nullptr), RAPPORT_OK);
    rapport_table *table = nullptr, *later_table = nullptr;
    rapport_buffer facts = RAPPORT_BUFFER_INIT, facts_too = RAPPORT_BUFFER_INIT;
    ASSERT_EQ(rapport_summary_table(summary, 1, &table, &later_table, &facts, nullptr), RAPPORT_OK);
    ArrowArrayStream stream{}, later{};
    ASSERT_EQ(rapport_summary_to_arrow(summary, 1, &stream, &later, &facts_too, nullptr), RAPPORT_OK);
    EXPECT_EQ(rapport_summary_to_arrow(summary, 1, &stream, nullptr, nullptr, nullptr), RAPPORT_INVALID_ARGUMENT);
    rapport_summary_free(summary);
    EXPECT_EQ(LinesOf(stream), Ndjson(table));
    EXPECT_EQ(LinesOf(later), Ndjson(later_table));
    EXPECT_EQ(TextOf(facts), TextOf(facts_too));
  }
}

TEST(Summary, ArrowOfNothingHasItsColumns) {
  rapport_summary* summary = nullptr;
  ASSERT_EQ(rapport_summary_open(nullptr, nullptr, 0, &summary, nullptr), RAPPORT_OK);
  ArrowArrayStream stream{}, later{};
  ASSERT_EQ(rapport_summary_to_arrow(summary, 1, &stream, &later, nullptr, nullptr), RAPPORT_OK);
  rapport_summary_free(summary);
  ArrowSchema schema{};
  ArrowArray batch{};
  ASSERT_EQ(stream.get_schema(&stream, &schema), 0);
  ASSERT_EQ(stream.get_next(&stream, &batch), 0);
  EXPECT_EQ(batch.length, 0);
  ASSERT_EQ(batch.n_children, 5);
  EXPECT_STREQ(schema.children[4]->name, "monetary");
  EXPECT_STREQ(schema.children[4]->format, "g");
  for (std::int64_t i = 0; i < batch.n_children; ++i) EXPECT_NE(batch.children[i]->buffers[1], nullptr);
  batch.release(&batch);
  schema.release(&schema);
  stream.release(&stream);
  later.release(&later);
}

int released = 0;
template <class Struct>
void CountRelease(Struct* given) {
  ++released;
  given->release = nullptr;
}

TEST(ArrowNodes, ReleaseTheirChildrenGivenAwayOrNot) {
  for (const bool given : {false, true}) {
    released = 0;
    auto array = std::make_unique<rapport::capi::ArrayNode>();
    auto schema = std::make_unique<rapport::capi::SchemaNode>();
    array->children.resize(3);   // the last is one that somebody moved out
    schema->children.resize(3);
    for (std::size_t i = 0; i < 2; ++i) array->children[i].release = CountRelease<ArrowArray>;
    for (std::size_t i = 0; i < 2; ++i) schema->children[i].release = CountRelease<ArrowSchema>;
    schema->dictionary.release = CountRelease<ArrowSchema>;
    if (given) {
      ArrowArray batch{};
      ArrowSchema type{};
      rapport::capi::FillArray(std::move(array), 0, 0, &batch);
      rapport::capi::FillSchema(std::move(schema), 0, &type);
      batch.release(&batch);
      type.release(&type);
    } else {
      array.reset();
      schema.reset();
    }
    EXPECT_EQ(released, 5) << given;
  }
}

#ifdef __linux__
// Adds many customers while the process may have but 32 MB more than it has.
rapport_status AddWithLittleMemory(rapport_summary* summary, rapport_error* error) {
  std::vector<std::int64_t> numbers(3'000'000);
  std::iota(numbers.begin(), numbers.end(), 0);
  const std::vector<std::int32_t> days(numbers.size(), 20454);
  std::ifstream sizes("/proc/self/statm");
  std::size_t pages = 0;
  sizes >> pages;
  rlimit before{};
  getrlimit(RLIMIT_AS, &before);
  const rlimit little{pages * static_cast<std::size_t>(sysconf(_SC_PAGESIZE)) + (std::size_t{32} << 20), before.rlim_max};
  setrlimit(RLIMIT_AS, &little);
  const auto n = static_cast<std::int64_t>(numbers.size());
  const rapport_status status = rapport_summary_add(summary, nullptr, nullptr, numbers.data(), days.data(), nullptr, n, 1, error);
  setrlimit(RLIMIT_AS, &before);
  return status;
}

TEST(Summary, EveryCallFailsOnceMemoryRanOut) {
  if (rapport::IsSanitized()) GTEST_SKIP() << "sanitizers reserve more than any limit";
  rapport_summary *summary = nullptr, *other = nullptr;
  ASSERT_EQ(rapport_summary_open(nullptr, nullptr, 0, &summary, nullptr), RAPPORT_OK);
  ASSERT_EQ(rapport_summary_open(nullptr, nullptr, 0, &other, nullptr), RAPPORT_OK);
  const std::int64_t number = 1;
  const std::int32_t day = 20454;
  rapport_buffer saved = RAPPORT_BUFFER_INIT;
  rapport_table* table = nullptr;
  ArrowArrayStream stream{}, later{};
  const std::vector<std::function<rapport_status(rapport_error*)>> calls = {
      [&](rapport_error* error) { return AddWithLittleMemory(summary, error); },
      [&](rapport_error* error) { return rapport_summary_add(summary, nullptr, nullptr, &number, &day, nullptr, 1, 1, error); },
      [&](rapport_error* error) { return rapport_summary_merge(summary, other, error); },
      [&](rapport_error* error) { return rapport_summary_merge(other, summary, error); },
      [&](rapport_error* error) { return rapport_summary_save(summary, &saved, error); },
      [&](rapport_error* error) { return rapport_summary_table(summary, 1, &table, nullptr, nullptr, error); },
      [&](rapport_error* error) { return rapport_summary_to_arrow(summary, 1, &stream, &later, nullptr, error); }};
  for (std::size_t i = 0; i < calls.size(); ++i) {
    rapport_error error = RAPPORT_ERROR_INIT;
    EXPECT_NE(calls[i](&error), RAPPORT_OK) << i;
    EXPECT_STREQ(error.token, "value.summary_incomplete") << i;
  }
  EXPECT_EQ(stream.release, nullptr);
  EXPECT_EQ(later.release, nullptr);
  for (rapport_summary* of : {summary, other}) rapport_summary_free(of);
}
#endif

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

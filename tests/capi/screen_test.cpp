// Screening across the border, with streams built by hand: what lies is refused, and all is released once.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "arrow_build.hpp"
#include "rapport.h"

namespace rapport::capi {
namespace {

using arrow_build::ArraySpec;
using arrow_build::Bits;
using arrow_build::Bytes;
using arrow_build::SchemaSpec;
using arrow_build::StreamSpec;
using testing::HasSubstr;

// A rule on a count and a rule on a text.
constexpr std::string_view kPolicy = R"({"rapport_policy": 1, "name": "p", "rules": [
  {"name": "often", "purpose": "care", "priority": 1, "trigger": {"event": "touch"}, "when": {"signal": "purchase.count", "is": ">", "value": 1},
   "action": {"channel": "call", "minutes": 5, "headline": "general", "objective": "thank"}, "expires": {"days": 1}},
  {"name": "price", "purpose": "care", "priority": 1, "trigger": {"event": "touch"}, "when": {"signal": "refusal.last_reason", "is": "=", "value": "price"},
   "action": {"channel": "call", "minutes": 5, "headline": "general", "objective": "thank"}, "expires": {"days": 1}}]})";

StreamSpec ThreeRows() {
  StreamSpec spec;
  spec.schema = {"+s", "", {{"u", "customer", {}, {}}, {"l", "purchase.count", {}, {}}, {"u", "refusal.last_reason", {}, {}}}, {}};
  const ArraySpec customers{3, 0, 0, {std::nullopt, Bytes<std::int32_t>({0, 1, 2, 3}), "abc"}, {}, {}};
  const ArraySpec counts{3, 1, 0, {Bits({true, false, true}), Bytes<std::int64_t>({1, 5, 9})}, {}, {}};
  const ArraySpec reasons{3, 0, 0, {std::nullopt, Bytes<std::int32_t>({0, 5, 5, 9}), "pricetime"}, {}, {}};
  spec.batches.push_back({3, 0, 0, {std::nullopt}, {customers, counts, reasons}, {}});
  return spec;
}

struct Answer {
  rapport_status status = RAPPORT_OK;
  rapport_error error = RAPPORT_ERROR_INIT;
  std::vector<std::vector<bool>> rules;   // a rule, its rows
  bool released = false;
};

bool BitAt(const void* bits, std::int64_t at) { return (static_cast<const std::uint8_t*>(bits)[at / 8] >> (at % 8) & 1) != 0; }

Answer ScreenSpec(const StreamSpec& spec, std::string_view policy = kPolicy) {
  Answer answer;
  arrow_build::Stream in(spec);
  ArrowArrayStream out{};
  answer.status = rapport_policy_screen(policy.data(), policy.size(), in.get(), nullptr, 0, &out, &answer.error);
  if (answer.status == RAPPORT_OK) {
    answer.rules.resize(2);
    for (ArrowArray batch{}; out.get_next(&out, &batch) == 0 && batch.release != nullptr; batch.release(&batch)) {
      const auto first = static_cast<std::size_t>(batch.n_children) - 2;
      for (std::size_t rule = 0; rule < 2; ++rule) {
        for (std::int64_t i = 0; i < batch.length; ++i) answer.rules[rule].push_back(BitAt(batch.children[first + rule]->buffers[1], i));
      }
    }
    out.release(&out);
  }
  answer.released = in.tally().AllReleasedOnce();
  return answer;
}

void ExpectRefused(const StreamSpec& spec, const std::string& token, const std::string& words) {
  const Answer answer = ScreenSpec(spec);
  EXPECT_EQ(std::string(answer.error.token), token) << answer.error.message;
  EXPECT_THAT(std::string(answer.error.message), HasSubstr(words));
  EXPECT_TRUE(answer.released);
}

TEST(ScreenCall, AnswersAndReleasesEverythingOnce) {
  const Answer answer = ScreenSpec(ThreeRows());
  ASSERT_EQ(answer.status, RAPPORT_OK) << answer.error.message;
  EXPECT_EQ(answer.rules[0], (std::vector<bool>{false, false, true}));
  EXPECT_EQ(answer.rules[1], (std::vector<bool>{true, false, false}));
  EXPECT_TRUE(answer.released);
}

TEST(ScreenCall, ReleasesWhatNobodyRead) {
  const StreamSpec spec = ThreeRows();
  arrow_build::Stream in(spec);
  ArrowArrayStream out{};
  ASSERT_EQ(rapport_policy_screen(kPolicy.data(), kPolicy.size(), in.get(), nullptr, 0, &out, nullptr), RAPPORT_OK);
  EXPECT_FALSE(in.tally().AllReleasedOnce()) << "the customers wait to be read";
  out.release(&out);
  EXPECT_TRUE(in.tally().AllReleasedOnce());
}

TEST(ScreenCall, TheSchemaMayBeAskedTwice) {
  const StreamSpec spec = ThreeRows();
  arrow_build::Stream in(spec);
  ArrowArrayStream out{};
  ASSERT_EQ(rapport_policy_screen(kPolicy.data(), kPolicy.size(), in.get(), nullptr, 0, &out, nullptr), RAPPORT_OK);
  for (int time = 0; time < 2; ++time) {
    ArrowSchema schema{};
    ASSERT_EQ(out.get_schema(&out, &schema), 0);
    ASSERT_EQ(schema.n_children, 3);
    EXPECT_STREQ(schema.children[0]->format, "u");
    EXPECT_STREQ(schema.children[1]->name, "often");
    EXPECT_STREQ(schema.children[2]->format, "b");
    schema.release(&schema);
  }
  out.release(&out);
}

TEST(ScreenCall, ABatchThatIsASliceOfAnother) {
  StreamSpec spec = ThreeRows();
  spec.batches[0].offset = 1;
  spec.batches[0].length = 2;
  const Answer answer = ScreenSpec(spec);
  ASSERT_EQ(answer.status, RAPPORT_OK) << answer.error.message;
  EXPECT_EQ(answer.rules[0], (std::vector<bool>{false, true}));
  EXPECT_EQ(answer.rules[1], (std::vector<bool>{false, false}));
}

TEST(ScreenCall, RefusesBatchesThatLie) {
  StreamSpec spec = ThreeRows();
  spec.batches[0].children[2].buffers[1] = Bytes<std::int32_t>({0, 5, 2, 9});
  ExpectRefused(spec, "arrow.invalid", "column \"refusal.last_reason\": found offsets that run backwards");
  spec = ThreeRows();
  spec.batches[0].children[2].buffers[1] = Bytes<std::int32_t>({-4, 5, 6, 9});
  ExpectRefused(spec, "arrow.invalid", "run backwards");
  spec = ThreeRows();
  spec.batches[0].children[2].buffers[2] = std::nullopt;
  ExpectRefused(spec, "arrow.invalid", "found texts without their bytes");
  spec = ThreeRows();
  spec.batches[0].children[1].length = 2;
  ExpectRefused(spec, "arrow.invalid", "column \"purchase.count\": found 2 values, expected at least 3");
  spec = ThreeRows();
  spec.batches[0].children.pop_back();
  ExpectRefused(spec, "arrow.invalid", "found 2 child arrays, expected 3");
  spec = ThreeRows();
  spec.batches[0].children[0].is_released = true;
  ExpectRefused(spec, "arrow.invalid", "column \"customer\": found an array that is released");
  spec = ThreeRows();
  spec.batches.push_back(spec.batches[0]);
  spec.batches[1].children[1].buffers.pop_back();
  ExpectRefused(spec, "arrow.invalid", "the batch after row 3: column \"purchase.count\": found 1 buffers, expected 2");
}

TEST(ScreenCall, RefusesSchemasThatLie) {
  StreamSpec spec = ThreeRows();
  spec.schema.children[2].name = "purchase.count";
  ExpectRefused(spec, "arrow.duplicate_column", "column \"purchase.count\": found twice");
  spec = ThreeRows();
  spec.schema.without_children = true;
  ExpectRefused(spec, "arrow.invalid", "the table: found 3 columns that are not there");
  spec = ThreeRows();
  spec.schema.format = "l";
  ExpectRefused(spec, "arrow.invalid", "the table");
  spec = ThreeRows();
  spec.end_code = 5;
  ExpectRefused(spec, "arrow.stream", "code 5 while giving what follows row 3");
  spec = ThreeRows();
  spec.without_functions = true;
  ExpectRefused(spec, "arrow.invalid", "without its functions");
}

TEST(ScreenCall, ReleasesTheSignalsWhereThePolicyIsWrong) {
  const StreamSpec spec = ThreeRows();
  const Answer answer = ScreenSpec(spec, "{}");
  EXPECT_EQ(std::string(answer.error.token), "policy.missing_key");
  EXPECT_TRUE(answer.released);
  arrow_build::Stream in(spec);
  EXPECT_EQ(rapport_policy_screen(nullptr, 0, in.get(), nullptr, 0, nullptr, nullptr), RAPPORT_INVALID_ARGUMENT);
  EXPECT_TRUE(in.tally().AllReleasedOnce());
  EXPECT_EQ(rapport_policy_screen(kPolicy.data(), kPolicy.size(), nullptr, nullptr, 0, nullptr, nullptr), RAPPORT_INVALID_ARGUMENT);
}

}  // namespace
}  // namespace rapport::capi

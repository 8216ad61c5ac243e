#include "rapport/value/rfm.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cmath>
#include <set>

#include "rapport/core/sentence.hpp"
#include "rapport/core/status.hpp"

namespace rapport {
namespace {

TEST(Rfm, ScoresSayWhatShareIsWorse) {
  EXPECT_TRUE(rc::check([] {
    const auto n = static_cast<std::size_t>(*rc::gen::inRange(1, 60));
    const int bins = *rc::gen::inRange(2, 12);
    std::vector<double> since, frequency, money;
    for (std::size_t i = 0; i < n; ++i) {
      since.push_back(*rc::gen::inRange(0, 30));
      frequency.push_back(*rc::gen::inRange(0, 6));
      money.push_back(*rc::gen::inRange(-10, 100));
    }
    const auto rows = ScoreRfm({since, frequency, money}, {.bins = bins});
    RC_ASSERT(rows.ok());
    for (std::size_t i = 0; i < n; ++i) {
      const auto score = [&](const std::vector<double>& values, double sign) {
        int worse = 0, better = 0;
        for (const double value : values) {
          worse += sign * value < sign * values[i] ? 1 : 0;
          better += sign * value > sign * values[i] ? 1 : 0;
        }
        return worse + better == 0 ? (bins + 1) / 2 : better == 0 ? bins : 1 + worse * bins / (worse + better);
      };
      const RfmRow& row = (*rows)[i];
      RC_ASSERT(row.recency == score(since, -1) && row.frequency == score(frequency, 1) && row.monetary == score(money, 1));
      if (bins == 5) RC_ASSERT(row.segment == SegmentOf(row.recency, row.frequency));
      RC_ASSERT(row.recency <= bins && std::abs(row.score * 3 - (row.recency + row.frequency + *row.monetary)) < 1e-12);
    }
  }));
}

TEST(Rfm, SegmentsAreThoseOfTheTable) {
  EXPECT_EQ(SegmentOf(5, 5), RfmSegment::kChampions);
  EXPECT_EQ(SegmentOf(5, 1), RfmSegment::kNewCustomers);
  EXPECT_EQ(SegmentOf(1, 5), RfmSegment::kCannotLose);
  EXPECT_EQ(SegmentOf(1, 1), RfmSegment::kLost);
  EXPECT_EQ(SegmentOf(3, 3), RfmSegment::kNeedAttention);
  std::set<std::string_view> names;
  for (int recency = 1; recency <= 5; ++recency) {
    for (int frequency = 1; frequency <= 5; ++frequency) names.insert(NameOf(SegmentOf(recency, frequency)));
  }
  EXPECT_EQ(names.size(), 11u) << "each segment has its place";
  for (const std::string_view name : names) {
    for (const Language language : {Language::kEnglish, Language::kJapanese, Language::kKorean, Language::kChinese}) {
      EXPECT_TRUE(Catalogue::Bundled().Has("rfm.segment." + std::string(name), language)) << name;
    }
  }
}

TEST(Rfm, WithoutMoneyTwoScoresCount) {
  const std::vector<double> since = {1, 2}, frequency = {3, 1};
  const auto rows = ScoreRfm({since, frequency, {}}, {.bins = 2, .recency_weight = 3});
  ASSERT_TRUE(rows.ok());
  EXPECT_FALSE((*rows)[0].monetary.has_value());
  EXPECT_EQ((*rows)[0].score, 2);
  EXPECT_EQ((*rows)[1].score, 1);
}

TEST(Rfm, NamesWhatIsWrong) {
  const std::vector<double> good = {1, 2}, bad = {1, -2}, endless = {1, HUGE_VAL};
  EXPECT_EQ(ScoreRfm({bad, good, {}}).status().message(), "row 1, field since_last: found -2, expected a number of 0 or more");
  EXPECT_EQ(ScoreRfm({good, good, endless}).status().message(), "row 1, field monetary: found inf, expected a finite number");
  EXPECT_EQ(TokenOf(ScoreRfm({good, {}, {}}).status()), "value.invalid_input");
  EXPECT_EQ(TokenOf(ScoreRfm({good, good, {}}, {.bins = 1}).status()), "value.invalid_input");
  EXPECT_EQ(TokenOf(ScoreRfm({good, good, {}}, {.recency_weight = 0, .frequency_weight = 0, .monetary_weight = 0}).status()), "value.invalid_input");
  EXPECT_TRUE(ScoreRfm({})->empty());
}

}  // namespace
}  // namespace rapport

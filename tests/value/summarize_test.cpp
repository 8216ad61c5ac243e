#include "rapport/value/summarize.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "rapport/core/status.hpp"
#include "value/reference.hpp"

namespace rapport {
namespace {

TEST(Summarize, CountsDaysNotPurchases) {
  const std::vector<Purchase> purchases = {{"b", Day(2026, 1, 5), 10.0}, {"b", Day(2026, 1, 5), 30.0}, {"b", Day(2026, 1, 19), 20.0},
                                           {"b", Day(2026, 1, 19), 5.0}, {"a", Day(2026, 2, 2), 7.0}};
  const auto rows = Summarize(purchases, {.observation_end = Day(2026, 3, 2)});
  ASSERT_TRUE(rows.ok()) << rows.status();
  ASSERT_EQ(rows->size(), 2u);
  EXPECT_EQ((*rows)[0].customer, "a");
  EXPECT_EQ((*rows)[0].frequency, 0);
  EXPECT_FALSE((*rows)[0].monetary.has_value());
  EXPECT_EQ((*rows)[1].frequency, 1);
  EXPECT_EQ((*rows)[1].recency, 2);
  EXPECT_EQ((*rows)[1].age, 8);
  EXPECT_EQ((*rows)[1].monetary, 25);
}

TEST(Summarize, SplitsCalibrationAndHoldout) {
  const std::vector<Purchase> purchases = {{"a", Day(2026, 1, 1), 1.0}, {"a", Day(2026, 1, 8), 2.0}, {"a", Day(2026, 2, 1), 3.0},
                                           {"a", Day(2026, 2, 2), 5.0}, {"late", Day(2026, 2, 1), 1.0}};
  const auto rows = Summarize(purchases, {.unit = TimeUnit::kDay, .calibration_end = Day(2026, 1, 31), .observation_end = Day(2026, 3, 2)});
  ASSERT_TRUE(rows.ok());
  ASSERT_EQ(rows->size(), 1u) << "who came after the calibration is left out";
  EXPECT_EQ(rows->front().frequency, 1);
  EXPECT_EQ(rows->front().age, 30);
  EXPECT_EQ(rows->front().frequency_holdout, 2);
  EXPECT_EQ(rows->front().monetary_holdout, 4);
  EXPECT_EQ(rows->front().duration_holdout, 30);
}

TEST(Summarize, TreatsRefundsAsTold) {
  const std::vector<Purchase> purchases = {{"a", Day(2026, 1, 1), 10.0}, {"a", Day(2026, 1, 8), 9.0}, {"a", Day(2026, 1, 8), -4.0},
                                           {"a", Day(2026, 1, 9), -4.0}};
  const SummarizeOptions base{.unit = TimeUnit::kDay, .observation_end = Day(2026, 1, 31)};
  auto options = base;
  EXPECT_EQ(Summarize(purchases, options)->front().monetary, 9);
  options.refunds = Refunds::kNet;
  EXPECT_EQ(Summarize(purchases, options)->front().monetary, 5);
  EXPECT_EQ(Summarize(purchases, options)->front().frequency, 1);
  options.refunds = Refunds::kError;
  EXPECT_EQ(TokenOf(Summarize(purchases, options).status()), "value.refund");
}

TEST(Summarize, MonthsAreCivil) {
  EXPECT_DOUBLE_EQ(UnitsBetween(Day(2026, 1, 31), Day(2026, 2, 28), TimeUnit::kMonth), 1 + 27.0 / 28 - 30.0 / 31);
  EXPECT_DOUBLE_EQ(UnitsBetween(Day(2026, 1, 1), Day(2027, 1, 1), TimeUnit::kMonth), 12);
  EXPECT_DOUBLE_EQ(UnitsBetween(Day(2026, 1, 1), Day(2027, 1, 1), TimeUnit::kYear), 1);
  EXPECT_DOUBLE_EQ(UnitsBetween(Day(2026, 1, 1), Day(2026, 1, 15), TimeUnit::kWeek), 2);
}

// The 1/10 sample's summary was made from the master's purchases in weeks; every tenth customer is in it, in order of id.
TEST(Summarize, GivesThePublishedSummaryOfCdnow) {
  std::ifstream file(std::string(RAPPORT_SOURCE_DIR) + "/examples/cdnow/CDNOW_master.txt");
  ASSERT_TRUE(file.good());
  std::string line, customer, day;
  double count = 0, amount = 0;
  std::getline(file, line);
  std::vector<Purchase> purchases;
  while (file >> customer >> day >> count >> amount) {
    purchases.push_back({customer, Day(std::stoi(day.substr(0, 4)), std::stoi(day.substr(4, 2)), std::stoi(day.substr(6, 2))), amount});
  }
  ASSERT_EQ(purchases.size(), 69659u);
  const auto rows = Summarize(purchases, {.observation_end = Day(1997, 9, 30)});
  ASSERT_TRUE(rows.ok());
  EXPECT_EQ(rows->size(), 23570u);
  std::reverse(purchases.begin(), purchases.end());
  const auto reversed = Summarize(purchases, {.observation_end = Day(1997, 9, 30)});
  EXPECT_EQ(SummaryTable(*rows, false).ToNdjson(), SummaryTable(*reversed, false).ToNdjson());
  const Customers sample = CdnowWeeks();
  double repeats = 0;
  for (const double x : sample.frequency) repeats += x;
  EXPECT_EQ(repeats, 2457);
}

}  // namespace
}  // namespace rapport

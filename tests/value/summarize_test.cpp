#include "rapport/value/summarize.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>

#include "rapport/core/status.hpp"

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

TEST(Summarize, ADayTakenBackIsNoPurchase) {
  const std::vector<Purchase> purchases = {{"a", Day(2026, 1, 1), 10.0}, {"a", Day(2026, 1, 8), 9.0}, {"a", Day(2026, 1, 8), -9.0},
                                           {"a", Day(2026, 1, 15), 0.0}, {"b", Day(2026, 1, 1), -4.0}};
  const auto rows = Summarize(purchases, {.unit = TimeUnit::kWeek, .observation_end = Day(2026, 1, 29), .refunds = Refunds::kNet});
  ASSERT_TRUE(rows.ok());
  ASSERT_EQ(rows->size(), 1u) << "a refund alone makes no customer";
  EXPECT_EQ(rows->front().frequency, 1);
  EXPECT_EQ(rows->front().recency, 2);
  EXPECT_EQ(rows->front().monetary, 0) << "what was given away is a purchase of nothing";
}

TEST(Summarize, SortsByBytesAlsoWhereIdsBeginAlike) {
  const std::string ids[] = {std::string("a"), std::string("a\0", 2), "customer", "customer-", "customer-1", "customer-10", "customer-2", "\xc3\xa9"};
  std::vector<Purchase> purchases;
  for (const std::string& id : ids) purchases.insert(purchases.begin(), {id, Day(2026, 1, 1), std::nullopt});
  const auto rows = Summarize(purchases);
  ASSERT_TRUE(rows.ok());
  ASSERT_EQ(rows->size(), std::size(ids));
  for (std::size_t i = 0; i < rows->size(); ++i) EXPECT_EQ((*rows)[i].customer, ids[i]);
}

TEST(Summarize, NamesTheRowThatIsWrong) {
  const Day day(2026, 1, 1);
  const std::vector<Purchase> infinite = {{"a", day, 1.0}, {"a", day, std::numeric_limits<double>::infinity()}};
  EXPECT_EQ(Summarize(infinite).status().message(), "row 1, field amount: found a number that is not finite, expected an amount");
  const std::vector<Purchase> nobody = {{"", day, 1.0}};
  EXPECT_EQ(Summarize(nobody).status().message(), "row 0, field customer: found no text, expected an id");
  const auto backwards = Summarize(infinite, {.calibration_end = day, .observation_end = day - 1}).status();
  EXPECT_EQ(TokenOf(backwards), "value.invalid_input");
  EXPECT_EQ(TokenOf(ParseTimeUnit("fortnight").status()), "value.unknown_unit");
  EXPECT_TRUE(Summarize({})->empty());
}

TEST(Summarize, TimesAddUpInEveryUnit) {
  EXPECT_TRUE(rc::check([] {
    const Day from = Day(1990, 1, 1) + *rc::gen::inRange(0, 20'000), over = from + *rc::gen::inRange(-4'000, 4'000);
    const Day to = over + *rc::gen::inRange(-4'000, 4'000);
    for (const TimeUnit unit : {TimeUnit::kDay, TimeUnit::kWeek, TimeUnit::kMonth, TimeUnit::kQuarter, TimeUnit::kYear}) {
      const double whole = UnitsBetween(from, to, unit);
      RC_ASSERT(std::abs(UnitsBetween(from, over, unit) + UnitsBetween(over, to, unit) - whole) < 1e-11);
      RC_ASSERT((whole > 0) == (to > from) && UnitsBetween(to, from, unit) == -whole);
    }
  }));
}

TEST(Summarize, MonthsAreCivil) {
  EXPECT_DOUBLE_EQ(UnitsBetween(Day(2026, 1, 31), Day(2026, 2, 28), TimeUnit::kMonth), 1 + 27.0 / 28 - 30.0 / 31);
  EXPECT_DOUBLE_EQ(UnitsBetween(Day(2026, 1, 1), Day(2027, 1, 1), TimeUnit::kMonth), 12);
  EXPECT_DOUBLE_EQ(UnitsBetween(Day(2026, 1, 1), Day(2027, 1, 1), TimeUnit::kYear), 1);
  EXPECT_DOUBLE_EQ(UnitsBetween(Day(2026, 1, 1), Day(2026, 1, 15), TimeUnit::kWeek), 2);
}

TEST(Summarize, TreatsAllPurchasesOfCdnowAlikeInAnyOrder) {
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
  double repeats = 0;
  for (const CustomerSummary& row : *rows) repeats += static_cast<double>(row.frequency);
  EXPECT_EQ(repeats, 24337);
}

}  // namespace
}  // namespace rapport

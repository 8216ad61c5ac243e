// Who buys again: the numbers made of an account, and what is learned from them.
#include "rapport/expectation/repeat.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "book/made_events.hpp"
#include "rapport/core/status.hpp"

namespace rapport {
namespace {

using namespace made;  // NOLINT
using F = RepeatFeature;

double Of(const RepeatRow& row, F feature) { return row[static_cast<std::size_t>(feature)].value(); }

RepeatRow RowOf(std::vector<Event> events, std::string_view as_of = "2026-03-01T00:00:00Z", const RepeatGiven& given = {}) {
  const std::shared_ptr<const Book> book = BookOf(std::move(events));
  return *RepeatRowOf(*book->Find(Customer("c")), book->context().ZoneOf({}, {}), At(as_of), given);
}

TEST(Expectation_Repeat, ReadsTheHistoryAsLogarithms) {
  const RepeatRow row = RowOf({Happened("c", "1", "2026-01-01T08:00:00Z", Bought("1")), Happened("c", "2", "2026-01-01T20:00:00Z", Bought("1")),
                               Happened("c", "3", "2026-01-31T08:00:00Z", Bought("1"))}, "2026-03-01T00:00:00Z", {20, 0.5, -2});
  EXPECT_DOUBLE_EQ(Of(row, F::kRecency), std::log1p(29));
  EXPECT_DOUBLE_EQ(Of(row, F::kFrequency), std::log(2)) << "two purchases on one day are one purchase day";
  EXPECT_DOUBLE_EQ(Of(row, F::kAge), std::log1p(59));
  EXPECT_DOUBLE_EQ(Of(row, F::kSilence), std::log1p(29 / 30.0));
  EXPECT_EQ(Of(row, F::kOneTime), 0);
  EXPECT_DOUBLE_EQ(Of(row, F::kMoney), std::log(20));
  EXPECT_DOUBLE_EQ(Of(row, F::kForecast), 0);
  EXPECT_EQ(Of(row, F::kGap), -2);
  EXPECT_EQ(Of(row, F::kNoWord), 1);
  const RepeatRow once = RowOf({Happened("c", "1", "2026-01-01T08:00:00Z", Bought("1"))});
  EXPECT_EQ(Of(once, F::kOneTime), 1);
  EXPECT_EQ(Of(once, F::kSilence), 0);
  EXPECT_EQ(once[static_cast<std::size_t>(F::kMoney)], std::nullopt);
  const std::shared_ptr<const Book> book = BookOf({Happened("c", "1", "2026-01-01T08:00:00Z", Bought("1"))});
  EXPECT_EQ(RepeatRowOf(*book->Find(Customer("c")), book->context().ZoneOf({}, {}), At("2025-12-01T00:00:00Z"), {}), std::nullopt) << "not bought yet";
}

TEST(Expectation_Repeat, TheLastWordIsTheLastThatBelongsToAnOrder) {
  PurchasePlaced expected = Bought("1");
  expected.order = OrderId::Trusted("o");
  expected.expected_delivery = Day(2026, 1, 10);
  std::vector<Event> events{Happened("c", "1", "2026-01-01T08:00:00Z", expected), Happened("c", "2", "2026-01-14T08:00:00Z", Delivered("o")),
                            Happened("c", "3", "2026-01-15T08:00:00Z", Promised("2026-01-20", 10, "v")), Happened("c", "4", "2026-01-18T08:00:00Z", Kept(10, "v"))};
  const RepeatRow row = RowOf(events);
  EXPECT_EQ(Of(row, F::kBroken), 1) << "the order came four days late; the promise after it belongs to none";
  EXPECT_EQ(Of(row, F::kDaysLate), 4);
  EXPECT_EQ(Of(row, F::kDaysEarly), 0);
  EXPECT_EQ(Of(row, F::kBrokenBefore), 0);
  EXPECT_EQ(Of(row, F::kNoWord), 0);
  PromiseMade with_order = Promised("2026-02-10", 10, "w");
  with_order.order = OrderId::Trusted("o2");
  events.push_back(Happened("c", "5", "2026-02-01T08:00:00Z", with_order));
  events.push_back(Happened("c", "6", "2026-02-10T08:00:00Z", Kept(8, "w")));
  const RepeatRow later = RowOf(events);
  EXPECT_DOUBLE_EQ(Of(later, F::kMissing), 0.2);
  EXPECT_DOUBLE_EQ(Of(later, F::kBrokenBefore), 0.5);
}

struct Made {
  std::vector<RepeatRow> rows;
  std::vector<double> bought;
};

// Leaving jumps where the last word was broken; the rest is noise.
Made Planted(std::size_t customers) {
  std::mt19937_64 chance(7);
  std::uniform_real_distribution<double> uniform;
  Made made;
  for (std::size_t i = 0; i < customers; ++i) {
    RepeatRow row{};
    const double broken = uniform(chance) < 0.3 ? 1 : 0, recency = 1 + 3 * uniform(chance);
    row[static_cast<std::size_t>(F::kBroken)] = broken;
    row[static_cast<std::size_t>(F::kDaysLate)] = broken * std::floor(10 * uniform(chance));
    row[static_cast<std::size_t>(F::kRecency)] = recency;
    row[static_cast<std::size_t>(F::kGap)] = i % 3 == 0 ? std::nullopt : std::optional(2 * uniform(chance) - 1);
    made.rows.push_back(row);
    made.bought.push_back(uniform(chance) < 1 / (1 + std::exp(-(2 - 1.5 * broken - 0.5 * recency))) ? 1 : 0);
  }
  return made;
}

TEST(Expectation_Repeat, FindsTheJumpAtThePromise) {
  const Made made = Planted(20000);
  const absl::StatusOr<Repeat> fitted = Repeat::Fit(made.rows, made.bought, 180);
  ASSERT_TRUE(fitted.ok()) << fitted.status();
  const Json json = fitted->ToJson();
  const auto number = [&](const char* member, const char* name) { return *json.Find(member)->Find(name)->if_number(); };
  for (const auto& [name, truth] : std::vector<std::pair<const char*, double>>{{"const", 2}, {"broken", -1.5}, {"recency", -0.5}}) {
    EXPECT_NEAR(number("coefficients", name), truth, 4 * number("standard_errors", name)) << name;
  }
  EXPECT_LE(number("coefficients", "days_late"), 0) << "held on the side that makes sense";
  EXPECT_EQ(json.Find("coefficients")->Find("money"), nullptr) << "what does not vary is left out";
  RepeatRow row = made.rows[1];
  const double kept = (row[static_cast<std::size_t>(F::kBroken)] = 0, fitted->Probability(row));
  const double broken = (row[static_cast<std::size_t>(F::kBroken)] = 1, fitted->Probability(row));
  EXPECT_LT(broken, kept);
}

TEST(Expectation_Repeat, TheSameBitsWhateverTheOrderAndAfterJson) {
  Made made = Planted(500);
  const Repeat one = *Repeat::Fit(made.rows, made.bought, 180);
  std::reverse(made.rows.begin(), made.rows.end());
  std::reverse(made.bought.begin(), made.bought.end());
  const Repeat other = *Repeat::Fit(made.rows, made.bought, 180);
  EXPECT_EQ(one.ToJson().Canonical(), other.ToJson().Canonical());
  const Repeat read = *Repeat::FromJson(one.ToJson());
  for (const RepeatRow& row : made.rows) EXPECT_EQ(read.Probability(row), one.Probability(row));
  EXPECT_GT(one.Probability({}), 0) << "a customer of whom nothing is known has the chance of the means";
}

TEST(Expectation_Repeat, StaysFiniteWhereARowTellsEverything) {
  Made made = Planted(200);
  for (std::size_t i = 0; i < made.rows.size(); ++i) made.rows[i][static_cast<std::size_t>(F::kMoney)] = made.bought[i] * 5;
  const Repeat fitted = *Repeat::Fit(made.rows, made.bought, 180);
  for (const RepeatRow& row : made.rows) EXPECT_TRUE(fitted.Probability(row) > 0 && fitted.Probability(row) < 1);
}

TEST(Expectation_Repeat, RefusesWhatItCannotLearnFrom) {
  Made made = Planted(100);
  const auto token = [&](std::span<const RepeatRow> rows, std::span<const double> bought, int days) { return TokenOf(Repeat::Fit(rows, bought, days).status()); };
  EXPECT_EQ(token(std::span(made.rows).first(49), std::span(made.bought).first(49), 180), "expectation.too_few_customers");
  EXPECT_EQ(token(made.rows, std::vector<double>(100, 1), 180), "expectation.too_few_customers");
  EXPECT_EQ(token(made.rows, std::span(made.bought).first(99), 180), "expectation.invalid_input");
  EXPECT_EQ(token(made.rows, std::vector<double>(100, 0.5), 180), "expectation.invalid_input");
  EXPECT_EQ(token(made.rows, made.bought, 0), "expectation.invalid_input");
  made.rows[3][0] = std::nan("");
  EXPECT_EQ(token(made.rows, made.bought, 180), "expectation.invalid_input");
}

}  // namespace
}  // namespace rapport

#include <gtest/gtest.h>

#include "rapport/value/bg_nbd.hpp"
#include "rapport/value/summarize.hpp"
#include "signals/signals_for_test.hpp"

namespace rapport {
namespace {

using namespace made;  // NOLINT

BgNbd Model() { return *BgNbd::Make({.r = 0.243, .alpha = 4.414, .a = 0.793, .b = 2.426}); }

double Alive(double frequency, double recency, double age) {
  double chance = 0;
  EXPECT_TRUE(Model().ProbabilityAlive(0, {{&frequency, 1}, {&recency, 1}, {&age, 1}}, {&chance, 1}).ok());
  return chance;
}

double Expected(double horizon, double frequency, double recency, double age) {
  double number = 0;
  EXPECT_TRUE(
      Model().ExpectedPurchases(horizon, {{&frequency, 1}, {&recency, 1}, {&age, 1}}, 0, {&number, 1}).ok());
  return number;
}

ModelFitted Fitted(std::optional<std::string> unit) {
  ModelFitted model;
  model.model = "bg_nbd";
  model.fitted = Model().ToJson();
  model.unit = std::move(unit);
  return model;
}

std::vector<Event> Life(Payload model) {
  return {Happened("", "m", "2026-03-01T00:00:00Z", std::move(model)),
          Happened("c", "1", "2026-01-05T08:00:00Z", Bought("1")),
          Happened("c", "2", "2026-01-05T20:00:00Z", Bought("1")),
          Happened("c", "3", "2026-01-19T08:00:00Z", Bought("1")),
          Happened("c", "4", "2026-02-02T08:00:00Z", Bought("1"))};
}

TEST(Signals_Value, AskTheModelInItsUnit) {
  const Asked weeks(Life(Fitted("week")), "2026-03-02T00:00:00Z");
  EXPECT_EQ(weeks.ValueOf("value.probability_alive"), Cell(RoundSignal(Alive(2, 4, 8))));
  EXPECT_EQ(weeks.ValueOf("value.expected_purchases_365"), Cell(RoundSignal(Expected(365.0 / 7.0, 2, 4, 8))));
  EXPECT_EQ(weeks.ArmedBy("value.probability_alive"), "4");
  EXPECT_EQ(weeks.EvidenceOf("value.probability_alive"), (std::vector<std::string>{"1", "2", "3", "4", "m"}));
  const Asked days(Life(Fitted("day")), "2026-03-02T00:00:00Z");
  EXPECT_EQ(days.ValueOf("value.probability_alive"), Cell(RoundSignal(Alive(2, 28, 56))));
  EXPECT_EQ(Asked(Life(Fitted(std::nullopt)), "2026-03-02T00:00:00Z").ValueOf("value.probability_alive"),
            weeks.ValueOf("value.probability_alive"));
}

TEST(Signals_Value, CountAsSummarizeDoes) {
  std::vector<Purchase> purchases;
  for (const Day day : {Day(2026, 1, 5), Day(2026, 1, 5), Day(2026, 1, 19), Day(2026, 2, 2)}) {
    purchases.push_back({"c", day, 1.0});
  }
  SummarizeOptions options;
  options.unit = TimeUnit::kMonth;
  options.observation_end = Day(2026, 3, 2);
  const CustomerSummary row = Summarize(purchases, options)->front();
  const double frequency = static_cast<double>(row.frequency);
  EXPECT_EQ(Asked(Life(Fitted("month")), "2026-03-02T00:00:00Z").ValueOf("value.probability_alive"),
            Cell(RoundSignal(Alive(frequency, row.recency, row.age))));
}

TEST(Signals_Value, IsMissingWithoutAModelOrAPurchase) {
  const Asked unfitted(Life(Product("p", 20)), "2026-03-02T00:00:00Z");
  EXPECT_EQ(unfitted.ValueOf("value.probability_alive"), Null());
  EXPECT_EQ(unfitted.ValueOf("value.expected_purchases_365"), Null());
  const Asked never({Happened("", "m", "2026-03-01T00:00:00Z", Fitted("week")),
                     Happened("c", "1", "2026-01-05T08:00:00Z", Called())},
                    "2026-03-02T00:00:00Z");
  EXPECT_EQ(never.ValueOf("value.probability_alive"), Null());
}

TEST(Signals_Value, AModelThatCannotBeReadIsNamed) {
  ModelFitted broken = Fitted("week");
  broken.fitted = Json(Json::Object{{"model", "bg_nbd"}});
  for (const ModelFitted& model : {broken, Fitted("fortnight")}) {
    const std::shared_ptr<const Book> book = BookOf({Happened("", "m-7", "2026-03-01T00:00:00Z", model)});
    const auto context = SignalContext::From(book->context());
    ASSERT_FALSE(context.ok());
    EXPECT_EQ(TokenOf(context.status()), "signal.invalid_model");
    EXPECT_NE(context.status().message().find("m-7"), std::string::npos);
  }
}

}  // namespace
}  // namespace rapport

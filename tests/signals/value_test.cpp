#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "rapport/value/bg_nbd.hpp"
#include "rapport/value/care_worth.hpp"
#include "rapport/value/gamma_gamma.hpp"
#include "rapport/value/models.hpp"
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

// --- motion: time alone lowers the chance
Event FittedModel(const PurchaseModel& model, std::string unit = "week", std::string_view at = "2026-03-01T00:00:00Z", std::string id = "m") {
  ModelFitted fitted;
  fitted.model = std::string(model.name());
  fitted.fitted = model.ToJson();
  fitted.unit = std::move(unit);
  return Happened("", std::move(id), at, fitted);
}

const SignalColumn& AliveColumn() { return Asked::Column("value.probability_alive"); }

double AliveOn(const Asked& asked, Day day) {
  SignalInput input = asked.input();
  input.today = day;
  input.as_of = input.zone->StartOf(day);
  return std::get<double>(AliveColumn().Of(input).value);
}

TEST(Signals_Value, TheDayOnWhichTheChanceFallsIsSolvedFor) {
  const Asked asked(Life(Fitted("week")), "2026-03-02T10:00:00Z");
  for (const double threshold : {0.6, 0.5, 0.3, 0.1, 0.02}) {
    const std::optional<Day> day = NextCrossingBelow(AliveColumn(), asked.input(), threshold);
    ASSERT_TRUE(day.has_value()) << threshold;
    EXPECT_LE(AliveOn(asked, *day), threshold);
    EXPECT_GT(AliveOn(asked, *day - 1), threshold);
    // Whoever asks later finds the same day.
    SignalInput later = asked.input();
    later.today = *day + 400;
    later.as_of = later.zone->StartOf(later.today);
    EXPECT_EQ(CrossedBelowOn(AliveColumn(), later, threshold), *day);
  }
  EXPECT_EQ(NextCrossingBelow(AliveColumn(), asked.input(), 0), std::nullopt) << "beyond a hundred years";
  EXPECT_EQ(NextCrossing(AliveColumn(), asked.input(), 0.99), std::nullopt) << "it only falls";
}

TEST(Signals_Value, WhoBoughtOnceNeverFallsUnderBgNbd) {
  const Asked once({FittedModel(Model()), Happened("c", "1", "2025-01-05T08:00:00Z", Bought("1"))}, "2026-03-02T00:00:00Z");
  EXPECT_EQ(once.ValueOf("value.probability_alive"), Cell(1.0));
  EXPECT_EQ(NextCrossingBelow(AliveColumn(), once.input(), 0.99), std::nullopt);
  EXPECT_EQ(CrossedBelowOn(AliveColumn(), once.input(), 0.99), std::nullopt);
}

// For every model there is: what is solved for is what asking day by day finds, in both directions, also over purchases that lift it again.
TEST(Signals_Value, TheSolverIsAskingDayByDay) {
  std::vector<double> frequency, recency, age;
  for (int i = 0; i < 60; ++i) {
    frequency.push_back(i % 4);
    recency.push_back(i % 4 == 0 ? 0 : 5 + i % 11);
    age.push_back(20 + i % 17);
  }
  std::vector<std::shared_ptr<const PurchaseModel>> models;
  for (const std::string_view name : PurchaseModelNames()) {
    const auto model = FitPurchaseModel(name, {frequency, recency, age});
    if (model.ok()) models.push_back(*model);
  }
  ASSERT_FALSE(models.empty());
  rc::check([&] {
    const std::shared_ptr<const PurchaseModel> model = *rc::gen::elementOf(models);
    const std::string unit = *rc::gen::element(std::string("week"), std::string("day"), std::string("month"));
    std::vector<Event> events{FittedModel(*model, unit, "2025-01-01T00:00:00Z")};
    Instant at = At("2025-02-01T00:00:00Z");
    const int orders = *rc::gen::inRange(1, 6);
    for (int i = 0; i < orders; ++i) {
      at = at.PlusMinutes(*rc::gen::inRange(0, 60 * 24 * 60));
      events.push_back(Happened("c", "p" + std::to_string(i), at, Bought("1")));
    }
    const Instant now = at.PlusMinutes(*rc::gen::inRange(1, 200 * 24 * 60));
    const Asked asked(std::move(events), FormatInstant(now));
    const SignalInput input = asked.input();
    const double threshold = *rc::gen::element(0.95, 0.8, 0.6, 0.4, 0.2);
    const auto below = [&](Day day) {   // a day that is past as it ended, one ahead as it begins
      SignalInput then = input;
      then.today = day;
      if (day != input.today) then.as_of = day < input.today ? input.zone->StartOf(day + 1).PlusMicros(-1) : input.zone->StartOf(day);
      const Cell value = AliveColumn().Of(then).value;
      return value.index() != 0 && std::get<double>(value) <= threshold;
    };
    std::optional<Day> since;
    for (Day day = input.today; below(day); --day) since = day;
    RC_ASSERT(CrossedBelowOn(AliveColumn(), input, threshold) == since);
    std::optional<Day> next;
    for (Day day = input.today + 1; !since.has_value() && !next.has_value() && day < input.today + 4000; ++day) {
      if (below(day)) next = day;
    }
    const std::optional<Day> solved = NextCrossingBelow(AliveColumn(), input, threshold);
    if (next.has_value() || !solved.has_value() || *solved < input.today + 4000) RC_ASSERT(solved == next);
  });
}

TEST(Signals_Value, TheNewestFittedModelIsAsked) {
  const BgNbd other = *BgNbd::Make({.r = 1, .alpha = 20, .a = 2, .b = 2});
  std::vector<Event> events = Life(Fitted("week"));
  events.push_back(FittedModel(other, "day", "2026-03-01T12:00:00Z", "m2"));
  const Asked asked(events, "2026-03-02T00:00:00Z");
  const double frequency = 2, recency = 28, age = 56;
  double chance = 0;
  ASSERT_TRUE(other.ProbabilityAlive(0, {{&frequency, 1}, {&recency, 1}, {&age, 1}}, {&chance, 1}).ok());
  EXPECT_EQ(asked.ValueOf("value.probability_alive"), Cell(RoundSignal(chance)));
  EXPECT_EQ(asked.EvidenceOf("value.probability_alive").back(), "m2");
}

// --- money
Event InEuros(std::string_view economics = "null") {
  BookConfigured book;
  book.reporting_currency = "EUR";
  const Json terms = *Json::Parse(economics);
  if (!terms.is_null()) book.economics = terms;
  return Happened("", "b", "2025-01-01T00:00:00Z", book);
}

std::vector<Event> Spender(std::string_view economics = "null", std::optional<Money> margin = Euro("10")) {
  return {InEuros(economics), FittedModel(Model()), Happened("c", "1", "2026-01-05T08:00:00Z", Placed({Line(std::nullopt, Euro("30"), margin)})),
          Happened("c", "2", "2026-02-02T08:00:00Z", Placed({Line(std::nullopt, Euro("50"), margin)}))};
}

TEST(Signals_Value, AYearOfMargin) {
  const std::string at = "2026-03-02T00:00:00Z";
  const double year = Expected(365.0 / 7.0, 1, 4, 8);
  EXPECT_EQ(Asked(Spender(), at).ValueOf("value.clv_365"), Cell(RoundSignal(year * 50 * (20.0 / 80)))) << "the first order is no measure";
  EXPECT_EQ(Asked(Spender("null", std::nullopt), at).ValueOf("value.clv_365"), Null()) << "no margin is known";
  EXPECT_EQ(Asked(Spender(R"({"clv": {"margin_share": 0.5}})", std::nullopt), at).ValueOf("value.clv_365"), Cell(RoundSignal(year * 50 * 0.5)));
  const double discounted = std::get<double>(Asked(Spender(R"({"clv": {"discount_rate": 0.2}})"), at).ValueOf("value.clv_365"));
  EXPECT_LT(discounted, year * 12.5);
  EXPECT_GT(discounted, year * 12.5 / 1.2);
  std::vector<Event> once = Spender();
  once.pop_back();
  EXPECT_EQ(Asked(once, at).ValueOf("value.clv_365"), Null()) << "who bought once";
  std::vector<Event> modelled = Spender();
  ModelFitted spend;
  spend.model = "gamma_gamma";
  spend.fitted = GammaGamma::Make({.p = 6, .q = 4, .gamma = 15})->ToJson();
  spend.unit = "EUR";
  modelled.push_back(Happened("", "g", "2026-03-01T00:00:00Z", spend));
  EXPECT_EQ(Asked(modelled, at).ValueOf("value.clv_365"), Cell(RoundSignal(year * (6 * (15 + 50.0) / (6 + 4 - 1)) * 0.25)));
  EXPECT_EQ(Asked(modelled, at).EvidenceOf("value.clv_365"), (std::vector<std::string>{"1", "2", "m", "g"}));
  modelled.back() = Happened("", "g", "2026-03-01T00:00:00Z", [&] { spend.unit = "JPY"; return spend; }());
  EXPECT_EQ(Asked(modelled, at).ValueOf("value.clv_365"), Asked(Spender(), at).ValueOf("value.clv_365")) << "of another currency";
}

TEST(Signals_Value, TheWorthOfCareEndsWithItsWindow) {
  CareFacts facts;
  for (int i = 0; i < 400; ++i) {
    facts.orders.push_back({"p", i % 20 == 0 || (i % 2 == 1 && i % 5 == 0) ? std::optional<std::int64_t>(9) : std::nullopt, i % 2 == 0 ? std::optional<std::int64_t>(3) : std::nullopt});
  }
  facts.currency = Eur();
  ModelFitted care;
  care.model = std::string(kCareWorth);
  const CareWorth model = *CareWorth::Fit(facts);
  care.fitted = model.ToJson();
  std::vector<Event> events{InEuros(), Happened("", "w", "2026-01-01T00:00:00Z", care), Happened("", "p", "2025-02-01T00:00:00Z", Product("p", 14, Euro("40"))),
                            Happened("c", "1", "2026-02-01T08:00:00Z", Placed({Line("p", Euro("100"))})), Happened("c", "2", "2026-02-03T08:00:00Z", Delivered())};
  EXPECT_GT(model.AvoidedOf("p"), 0);
  EXPECT_EQ(Asked(events, "2026-02-17T23:00:00Z").ValueOf("value.worth_of_care"), Cell(RoundSignal(40 * model.AvoidedOf("p") * (1.0 / 11)))) << "the last of the 11 days after the landmark";
  EXPECT_EQ(Asked(events, "2026-02-17T23:00:00Z").EvidenceOf("value.worth_of_care"), (std::vector<std::string>{"1", "w"}));
  EXPECT_EQ(Asked(events, "2026-02-18T00:00:00Z").ValueOf("value.worth_of_care"), Cell(0.0));
  events.push_back(Happened("c", "3", "2026-02-05T08:00:00Z", Called()));
  EXPECT_EQ(Asked(events, "2026-02-17T23:00:00Z").ValueOf("value.worth_of_care"), Cell(0.0)) << "somebody looked after it";
  events.push_back(Happened("c", "4", "2026-02-05T09:00:00Z", [] {
    ConsentChanged no;
    no.purpose = ConsentPurpose::kProfiling;
    no.state = ConsentState::kWithdrawn;
    return no;
  }()));
  EXPECT_EQ(Asked(events, "2026-02-17T23:00:00Z").ValueOf("value.worth_of_care"), Null());
}

}  // namespace
}  // namespace rapport

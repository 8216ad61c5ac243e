#include "rapport/expectation/keeping.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "rapport/book/context.hpp"
#include "rapport/core/status.hpp"
#include "rapport/expectation/acceptance.hpp"

namespace rapport {
namespace {

const RepId kSato = RepId::Trusted("r-sato");
const RepId kLee = RepId::Trusted("r-lee");
const ProductId kSoftener = ProductId::Trusted("softener");
const Day kToday(2026, 3, 2);   // a Monday

PastPromise Past(RepId rep, bool kept, double lead, std::int64_t settled = 0) {
  return {std::move(rep), kSoftener, "hotel", kept, lead, kept ? 1.0 : 0.5, Instant::FromMicros(settled)};
}

PromiseCalendar Calendar(std::optional<std::int64_t> minutes) {
  static const WorkingWeek week = OfficeWeek();
  return {&week, nullptr, minutes, kToday};
}

std::vector<PastPromise> Leads(std::initializer_list<double> days) {
  std::vector<PastPromise> past;
  for (const double lead : days) past.push_back(Past(kSato, true, lead, static_cast<std::int64_t>(past.size())));
  return past;
}

AskedPromise Asked(std::int64_t elapsed = 0, std::optional<std::int64_t> work = std::nullopt) { return {kSato, kSoftener, "office p-1", elapsed, work, false}; }

TEST(PromiseKeeping, WithoutAnyPastEveryShareIsEven) {
  const PromiseKeeping keeping = PromiseKeeping::Of({}, {});
  EXPECT_DOUBLE_EQ(keeping.ShareOf(kSato, kSoftener), 0.5);
  EXPECT_DOUBLE_EQ(keeping.ChanceOf(Asked(), kToday + 5, Calendar(std::nullopt)), 0.5);
}

TEST(PromiseKeeping, OtherThingsSayNothingOfHowLongThisTakes) {
  std::vector<PastPromise> past = Leads({30, 30, 30, 30, 30, 30});
  const PromiseKeeping keeping = PromiseKeeping::Of(past, {});
  AskedPromise report = Asked();
  report.product = ProductId();
  EXPECT_EQ(keeping.LeadsOf(report.product), 0u);
  EXPECT_EQ(keeping.ChanceOf(report, kToday + 1, Calendar(std::nullopt)), keeping.ShareOf(kSato, ProductId()));
  EXPECT_LT(keeping.ChanceOf(Asked(), kToday + 1, Calendar(std::nullopt)), 0.3);
  past.resize(4);
  EXPECT_EQ(PromiseKeeping::Of(past, {}).LeadsOf(kSoftener), 0u) << "four are too few";
}

TEST(PromiseKeeping, CountsOnlyWhatTookLonger) {
  const PromiseKeeping keeping = PromiseKeeping::Of(Leads({2, 4, 6, 8, 10, 12, 14, 16, 18, 20}), {});
  const double share = keeping.ShareOf(kSato, kSoftener);
  // Nothing has passed: five of ten within ten days.
  EXPECT_NEAR(keeping.ChanceOf(Asked(0), kToday + 10, Calendar(std::nullopt)), (5 + 2 * share) / 12, 1e-15);
  // Eight days have passed: 8, 10, ..., 20 may be like it, of which 8 to 12 are within four more.
  EXPECT_NEAR(keeping.ChanceOf(Asked(8), kToday + 4, Calendar(std::nullopt)), (3 + 2 * share) / 9, 1e-15);
  EXPECT_EQ(keeping.ChanceOf(Asked(), kToday - 1, Calendar(std::nullopt)), 0);
}

TEST(PromiseKeeping, TheWorkOfOthersComesFirst) {
  const std::vector<WaitingWork> waiting{{kSato, "office p-1", kToday + 4, 660}, {kSato, "office p-2", kToday + 4, 120}, {kSato, "office p-3", kToday + 9, 600}, {kLee, "office p-4", kToday, 900}};
  const PromiseKeeping keeping = PromiseKeeping::Of(Leads({1, 1, 2, 2, 3}), waiting);
  // Five days of two hours, less two hours of another promise of that day; its own work does not wait for itself.
  EXPECT_EQ(keeping.FreeUntil(kToday + 4, Asked(0, 660), Calendar(120)), 480);
  EXPECT_EQ(keeping.FreeUntil(kToday + 4, Asked(0, 60), Calendar(120)), 600) << "of one day the shortest goes first";
  EXPECT_EQ(keeping.FreeUntil(kToday + 5, Asked(0, 60), Calendar(120)), 480);
  EXPECT_EQ(keeping.FreeUntil(kToday + 4, Asked(), Calendar(std::nullopt)), std::nullopt);
  const double plain = keeping.ChanceOf(Asked(), kToday + 4, Calendar(120));
  EXPECT_NEAR(keeping.ChanceOf(Asked(0, 660), kToday + 4, Calendar(120)), plain * 480 / 660, 1e-15);
  EXPECT_EQ(keeping.ChanceOf(Asked(0, 480), kToday + 4, Calendar(120)), plain);
  AskedPromise ready = Asked(0, 660);
  ready.ready = true;
  EXPECT_EQ(keeping.ChanceOf(ready, kToday + 4, Calendar(120)), 1);
}

TEST(PromiseKeeping, OffersTheFirstWorkingDayThatHolds) {
  const PromiseKeeping keeping = PromiseKeeping::Of(Leads({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20}), {});
  for (const double confidence : {0.3, 0.5, 0.8, 0.9, 0.95}) {
    const std::optional<Day> day = keeping.DayFor(Asked(), confidence, kToday, Calendar(std::nullopt));
    ASSERT_TRUE(day.has_value()) << confidence;
    EXPECT_TRUE(OfficeWeek().WorksOn(*day));
    EXPECT_GE(keeping.ChanceOf(Asked(), *day, Calendar(std::nullopt)), confidence);
    for (Day earlier = kToday; earlier < *day; earlier = earlier + 1) {
      if (OfficeWeek().WorksOn(earlier)) {
        EXPECT_LT(keeping.ChanceOf(Asked(), earlier, Calendar(std::nullopt)), confidence);
      }
    }
  }
  EXPECT_EQ(PromiseKeeping::Of({}, {}).DayFor(Asked(), 0.9, kToday, Calendar(std::nullopt)), std::nullopt);
}

TEST(PromiseKeeping, AChanceRisesWithTheDayAndStaysAChance) {
  const PromiseKeeping keeping = PromiseKeeping::Of(Leads({3, 3, 9, 27, 27.5, 60}), {});
  for (const std::int64_t elapsed : {0, 3, 10, 61, 500}) {
    double before = 0;
    for (int days = 0; days < 100; ++days) {
      const double chance = keeping.ChanceOf(Asked(elapsed), kToday + days, Calendar(60));
      EXPECT_GE(chance, before);
      EXPECT_LE(chance, 1);
      before = chance;
    }
  }
}

TEST(PromiseKeeping, TwoBrokenPromisesProveLittle) {
  std::vector<PastPromise> past;
  for (int rep = 0; rep < 20; ++rep) {
    for (int i = 0; i < 30; ++i) past.push_back({RepId::Trusted("r" + std::to_string(rep)), ProductId(), "", i % 10 != 0 && (rep % 4 != 0 || i % 3 != 0), std::nullopt, std::nullopt, Instant::FromMicros(i)});
  }
  for (int i = 0; i < 2; ++i) past.push_back({kSato, ProductId(), "", false, std::nullopt, std::nullopt, Instant::FromMicros(i)});
  for (int i = 0; i < 60; ++i) past.push_back({kLee, ProductId(), "", false, std::nullopt, std::nullopt, Instant::FromMicros(i)});
  const PromiseKeeping keeping = PromiseKeeping::Of(past, {});
  EXPECT_GT(keeping.ShareOf(kSato, ProductId()), 0.4);
  EXPECT_LT(keeping.ShareOf(kLee, ProductId()), 0.2);
  EXPECT_LT(keeping.ShareOf(kSato, ProductId()), keeping.ShareOf(RepId::Trusted("nobody"), ProductId()));
}

TEST(PromiseKeeping, TheOrderOfThePastDoesNotMatter) {
  std::vector<PastPromise> past = Leads({5, 3, 8, 1, 2, 2, 9});
  past.push_back(Past(kLee, false, 30, 3));
  const std::string forward = PromiseKeeping::Of(past, {}).ToJson().Canonical();
  std::reverse(past.begin(), past.end());
  EXPECT_EQ(PromiseKeeping::Of(past, {}).ToJson().Canonical(), forward);
}

TEST(PromiseKeeping, KeepsTheNewestLeads) {
  std::vector<PastPromise> past;
  for (int i = 0; i < 500; ++i) past.push_back(Past(kSato, true, i < 300 ? 100 : 1, i));
  const PromiseKeeping keeping = PromiseKeeping::Of(past, {});
  EXPECT_EQ(keeping.LeadsOf(kSoftener), PromiseKeeping::kMostLeads);
  EXPECT_GT(keeping.ChanceOf(Asked(), kToday + 1, Calendar(std::nullopt)), 0.98);
}

TEST(PromiseKeeping, IsReadAsItWasWritten) {
  std::vector<PastPromise> past = Leads({5, 3, 8});
  past.push_back(Past(kLee, false, 30, 3));
  const PromiseKeeping keeping = PromiseKeeping::Of(past, std::vector<WaitingWork>{{kSato, "office p-9", kToday, 120}});
  const Json json = keeping.ToJson();
  const auto again = PromiseKeeping::FromJson(json);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->ToJson().Canonical(), json.Canonical());
  EXPECT_EQ(again->ChanceOf(Asked(2, 60), kToday + 4, Calendar(60)), keeping.ChanceOf(Asked(2, 60), kToday + 4, Calendar(60)));
}

TEST(PromiseKeeping, RefusesWhatIsNoModel) {
  const Json good = PromiseKeeping::Of(Leads({5, 3}), {}).ToJson();
  for (const auto& [member, bad] : std::initializer_list<std::pair<const char*, Json>>{
           {"model", "bg_nbd"}, {"prior", Json::Object{{"kept", 0}, {"broken", 1}}}, {"reps", Json::Object{{"r", Json::Array{3, 2}}}},
           {"leads", Json::Object{{"", Json::Array{-1}}}}, {"work", Json::Object{{"r", 5}}}, {"shares", "x"}}) {
    Json::Object broken = *good.if_object();
    broken[member] = bad;
    const auto read = PromiseKeeping::FromJson(Json(broken));
    ASSERT_FALSE(read.ok()) << member;
    EXPECT_TRUE(TokenOf(read.status()).starts_with("expectation.")) << read.status();
  }
}

TEST(PromiseKeeping, PromisesTheQuantityThatWasReachedOftenEnough) {
  std::vector<PastPromise> past;
  for (int i = 1; i <= 99; ++i) past.push_back({kSato, kSoftener, "", false, std::nullopt, i / 100.0, Instant::FromMicros(i)});
  const PromiseKeeping keeping = PromiseKeeping::Of(past, {});
  EXPECT_EQ(keeping.QuantityFor(100, 0.9), 10);
  EXPECT_EQ(keeping.QuantityFor(1000, 0.5), 500);
  EXPECT_NEAR(keeping.QuantityFor(10.5, 0.9), 1.05, 1e-12);
  EXPECT_EQ(PromiseKeeping::Of({}, {}).QuantityFor(7, 0.9), 7);
}

// --- orders
AskedOrder Order(Day due, std::optional<std::int64_t> work = std::nullopt) {
  AskedOrder asked;
  asked.promise = Asked(0, work);
  asked.promise.promise.clear();
  asked.due = due;
  return asked;
}

TEST(AnswerOrder, TakesWhatHolds) {
  const PromiseKeeping keeping = PromiseKeeping::Of(Leads({2, 2, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 30}), {});
  const OrderAnswer answer = AnswerOrder(keeping, Order(kToday + 4), Calendar(120));
  EXPECT_EQ(answer.verdict, OrderVerdict::kAccept);
  EXPECT_EQ(answer.day, kToday + 4);
  EXPECT_TRUE(answer.reasons.empty());
}

TEST(AnswerOrder, OffersAnotherDayWhereTheLoadForbids) {
  const PromiseKeeping keeping = PromiseKeeping::Of(Leads({2, 2, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3}), std::vector<WaitingWork>{{kSato, "office p-2", kToday, 480}});
  const OrderAnswer answer = AnswerOrder(keeping, Order(kToday + 4, 240), Calendar(120));
  EXPECT_EQ(answer.verdict, OrderVerdict::kOtherPromise);
  EXPECT_EQ(answer.reasons, std::vector<OrderReason>{OrderReason::kLoad});
  EXPECT_EQ(answer.free_minutes, 120);
  EXPECT_EQ(answer.day, kToday + 7);   // Monday: 6 days of 2 h, less 8 h, are 4 h
  EXPECT_GE(answer.day_chance, 0.9);
}

TEST(AnswerOrder, DeclinesWhatNoDayMends) {
  const PromiseKeeping never = PromiseKeeping::Of(Leads({200, 300, 300, 300, 300}), {});
  const OrderAnswer late = AnswerOrder(never, Order(kToday + 4), Calendar(120));
  EXPECT_EQ(late.verdict, OrderVerdict::kDecline);
  EXPECT_EQ(late.reasons, (std::vector<OrderReason>{OrderReason::kHistory, OrderReason::kNoDay}));

  const PromiseKeeping fast = PromiseKeeping::Of(Leads({1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}), {});
  AskedOrder poor = Order(kToday + 4);
  poor.margin = 0;
  EXPECT_EQ(AnswerOrder(fast, poor, Calendar(120)).reasons, std::vector<OrderReason>{OrderReason::kMargin});
  EXPECT_EQ(AnswerOrder(fast, poor, Calendar(120)).verdict, OrderVerdict::kDecline);

  std::vector<PastPromise> past = Leads({1, 1, 1, 1});
  for (int i = 0; i < 10; ++i) past.push_back(Past(kLee, false, 1, i));
  AskedOrder hotel = Order(kToday + 30);
  hotel.segment = "hotel";
  const OrderAnswer answer = AnswerOrder(PromiseKeeping::Of(past, {}), hotel, Calendar(120));
  EXPECT_EQ(answer.verdict, OrderVerdict::kDecline);
  EXPECT_EQ(answer.reasons.back(), OrderReason::kSegment);
}

}  // namespace
}  // namespace rapport

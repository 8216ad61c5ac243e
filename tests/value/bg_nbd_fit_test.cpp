// What a fit promises whatever the customers: no bit from their order, the same answer in any unit, a word where there is no optimum.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>

#include "rapport/core/hash.hpp"
#include "rapport/core/status.hpp"
#include "rapport/value/bg_nbd.hpp"
#include "rapport/value/summarize.hpp"
#include "value/model_properties.hpp"
#include "value/one_customer.hpp"
#include "value/reference.hpp"
#include "value/reference_files.hpp"

namespace rapport {
namespace {

absl::StatusOr<BgNbd> Fit(const Customers& customers, std::span<const double> weights = {}) {
  return BgNbd::Fit(RowsOf(customers), weights);
}

// Customers by a counter-based hash: rates are Gamma(1, 8), chances to stop Beta(1, 2) or 0, seen for 27 to 52 units.
Customers Made(int size, bool stopping, bool whole_days) {
  Customers made;
  const auto uniform = [](std::string_view what, int i, int j) { return Chance(11, what, {std::to_string(i), std::to_string(j)}); };
  for (int i = 0; i < size; ++i) {
    const double rate = -std::log(1 - uniform("rate", i, 0)) / 8.0;
    const double stop = stopping ? 1 - std::sqrt(1 - uniform("stop", i, 0)) : 0;
    const double share = uniform("age", i, 0);
    const double age = 27 + 25 * (whole_days ? std::floor(share * 175) / 175 : share);
    double t = 0, last = 0;
    int x = 0;
    for (int j = 0; j < 2000; ++j) {
      t += -std::log(1 - uniform("wait", i, j)) / rate;
      if (t > age) break;
      last = whole_days ? std::min(age, std::ceil(t * 7) / 7) : t;
      ++x;
      if (uniform("drop", i, j) < stop) break;
    }
    AddTo(made, x, last, age);
  }
  return made;
}

TEST(BgNbd_Fit, NoBitShowsTheOrderOfRows) {
  const Customers cdnow = CdnowWeeks();
  const std::string expected = FitText<BgNbd>(cdnow);
  EXPECT_TRUE(rc::check([&] {
    RC_ASSERT(FitText<BgNbd>(Shuffled(cdnow, std::to_string(*rc::gen::inRange(0, 1'000'000)))) == expected);
  }));
}

TEST(BgNbd_Fit, WeightsAreDuplicates) {
  WeightsAreDuplicates<BgNbd>();
  const Customers cdnow = CdnowWeeks();
  const auto once = Fit(cdnow), halves = Fit(cdnow, std::vector<double>(cdnow.age.size(), 0.5));
  ASSERT_TRUE(once.ok() && halves.ok());
  EXPECT_LT(RelativeError(halves->params().b, once->params().b), 1e-11);
  EXPECT_LT(RelativeError(halves->report()->standard_errors[3], once->report()->standard_errors[3] * std::sqrt(2.0)), 1e-11);
}

TEST(BgNbd_Fit, AnyUnitOfTimeGivesTheSame) { AnyUnitOfTimeGivesTheSame<BgNbd>({false, true, false, false}); }

void RecoversWhatMadeThem(const Customers& made) {
  const auto model = Fit(made);
  ASSERT_TRUE(model.ok()) << model.status();
  EXPECT_TRUE(model->report()->converged);
  EXPECT_EQ(model->report()->diagnosis, "An interior optimum.");
  const std::vector<double>& se = model->report()->standard_errors;
  EXPECT_LT(std::abs(model->params().r - 1), 4 * se[0]);
  EXPECT_LT(std::abs(model->params().alpha - 8), 4 * se[1]);
  EXPECT_LT(std::abs(model->params().a - 1), 4 * se[2]);
  EXPECT_LT(std::abs(model->params().b - 2), 4 * se[3]);
  EXPECT_LT(se[3], 0.2) << "precise enough to mean something";
}

TEST(BgNbd_Fit, FindsTheParametersThatMadeTheData) { RecoversWhatMadeThem(Made(20'000, true, false)); }

TEST(BgNbd_Fit, FindsThemAmongManyByWayOfFew) {
  const Customers made = Made(100'000, true, false);
  RecoversWhatMadeThem(made);
  Customers reversed = made;
  std::reverse(reversed.frequency.begin(), reversed.frequency.end());
  std::reverse(reversed.recency.begin(), reversed.recency.end());
  std::reverse(reversed.age.begin(), reversed.age.end());
  EXPECT_EQ(FitText<BgNbd>(reversed), FitText<BgNbd>(made));
}

TEST(BgNbd_Fit, SaysWhichBoundaryItRanTo) {
  const auto nobody_stops = Fit(Made(20'000, false, true));
  ASSERT_TRUE(nobody_stops.ok());
  EXPECT_TRUE(nobody_stops->report()->converged);
  EXPECT_TRUE(nobody_stops->report()->standard_errors.empty()) << "none is made up";
  EXPECT_EQ(nobody_stops->report()->diagnosis, "On the boundary: these customers show no stopping, so a and b are not determined one by one.");
  EXPECT_LT(RelativeError(nobody_stops->params().r / nobody_stops->params().alpha, 1.0 / 8), 0.05);

  Customers all_stop;
  for (int i = 0; i < 200; ++i) AddTo(all_stop, i % 2, i % 2 == 0 ? 0 : 1 + i % 7, 500);
  const auto one_each = Fit(all_stop);
  ASSERT_TRUE(one_each.ok());
  EXPECT_TRUE(one_each->report()->standard_errors.empty());
  EXPECT_EQ(one_each->report()->diagnosis,
            "On the boundary: these customers all stop at their first repeat purchase, so a and b are not determined one by one.");
}

TEST(BgNbd_Fit, SurvivesFewAndOddCustomers) { EXPECT_TRUE(std::isfinite(SurvivesFewAndOddCustomers<BgNbd>())); }

TEST(BgNbd_Fit, IsConvergedOrSaysSoForAnyTable) { IsConvergedOrSaysSoForAnyTable<BgNbd>(); }

// From the log to the fit: the sample's purchases in exact weeks, calibrated until 1 October 1997.
TEST(BgNbd_Reference, TheSampleFromItsPurchases) {
  const std::vector<Purchase> purchases = CdnowSample();
  if (purchases.empty()) GTEST_SKIP() << "the CDNOW sample in ../shared is absent";
  const auto rows = Summarize(purchases, {.calibration_end = Day(1997, 10, 1)});
  ASSERT_TRUE(rows.ok());
  ASSERT_EQ(rows->size(), 2357u);
  const Customers customers = CustomersOf(*rows);
  const auto model = Fit(customers);
  ASSERT_TRUE(model.ok());
  EXPECT_LT(RelativeError(model->params().r, 0.24191553085539284), 1e-11);
  EXPECT_LT(RelativeError(model->params().alpha, 4.4018095696711037), 1e-11);
  EXPECT_LT(RelativeError(model->params().a, .80308664804908818), 1e-11);
  EXPECT_LT(RelativeError(model->params().b, 2.4618759421296285), 1e-11);
  EXPECT_NEAR(model->report()->log_likelihood, -9602.86100207573761, 1e-9);
  EXPECT_LT(RelativeError(model->report()->standard_errors[3], .716873947305258), 1e-11);

  // The published table of the same customers until 30 September, to its two decimals.
  const auto until = Summarize(purchases, {.calibration_end = Day(1997, 9, 30)});
  const Customers published = CdnowWeeks();
  ASSERT_EQ(until->size(), published.age.size());
  for (std::size_t i = 0; i < until->size(); ++i) {
    EXPECT_EQ(static_cast<double>((*until)[i].frequency), published.frequency[i]) << i;
    EXPECT_NEAR((*until)[i].recency, published.recency[i], 0.00501) << i;
    EXPECT_NEAR((*until)[i].age, published.age[i], 0.00501) << i;
  }
}

}  // namespace
}  // namespace rapport

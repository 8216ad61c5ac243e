// What a fit promises whatever the customers: no bit from their order, the same answer in any unit, a word where there is no optimum.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <numeric>

#include "rapport/core/hash.hpp"
#include "rapport/core/status.hpp"
#include "rapport/value/bg_nbd.hpp"
#include "rapport/value/summarize.hpp"
#include "value/reference.hpp"

namespace rapport {
namespace {

absl::StatusOr<BgNbd> Fit(const Customers& customers, std::span<const double> weights = {}) {
  return BgNbd::Fit({customers.frequency, customers.recency, customers.age}, weights);
}

std::string FitText(const Customers& customers, std::span<const double> weights = {}) {
  const auto model = Fit(customers, weights);
  return model.ok() ? model->ToJson().Canonical() : std::string(model.status().message());
}

void Add(Customers& customers, double x, double t_x, double age) {
  customers.frequency.push_back(x);
  customers.recency.push_back(t_x);
  customers.age.push_back(age);
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
    Add(made, x, last, age);
  }
  return made;
}

TEST(BgNbd_Fit, NoBitShowsTheOrderOfRows) {
  const Customers cdnow = CdnowWeeks();
  const std::string expected = FitText(cdnow);
  EXPECT_TRUE(rc::check([&] {
    std::vector<std::size_t> order(cdnow.age.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const auto seed = std::to_string(*rc::gen::inRange(0, 1'000'000));
    for (std::size_t i = order.size() - 1; i > 0; --i) {
      std::swap(order[i], order[static_cast<std::size_t>(Chance(1, seed, {std::to_string(i)}) * static_cast<double>(i + 1))]);
    }
    Customers shuffled;
    for (const std::size_t i : order) Add(shuffled, cdnow.frequency[i], cdnow.recency[i], cdnow.age[i]);
    RC_ASSERT(FitText(shuffled) == expected);
  }));
}

TEST(BgNbd_Fit, WeightsAreDuplicates) {
  const Customers cdnow = CdnowWeeks();
  Customers repeated, nobody = cdnow;
  std::vector<double> weights, with_zeros(cdnow.age.size(), 1);
  for (std::size_t i = 0; i < cdnow.age.size(); ++i) {
    weights.push_back(static_cast<double>(1 + i % 3));
    for (std::size_t k = 0; k <= i % 3; ++k) Add(repeated, cdnow.frequency[i], cdnow.recency[i], cdnow.age[i]);
  }
  EXPECT_EQ(FitText(cdnow, weights), FitText(repeated));
  Add(nobody, 30, 2, 40);
  with_zeros.push_back(0);
  EXPECT_EQ(FitText(nobody, with_zeros), FitText(cdnow)) << "a weight of 0 is no customer";
  const auto once = Fit(cdnow), halves = Fit(cdnow, std::vector<double>(cdnow.age.size(), 0.5));
  ASSERT_TRUE(once.ok() && halves.ok());
  EXPECT_LT(RelativeError(halves->params().b, once->params().b), 1e-11);
  EXPECT_LT(RelativeError(halves->report()->standard_errors[3], once->report()->standard_errors[3] * std::sqrt(2.0)), 1e-11);
}

TEST(BgNbd_Fit, AnyUnitOfTimeGivesTheSame) {
  const Customers cdnow = CdnowWeeks();
  const auto weeks = Fit(cdnow);
  ASSERT_TRUE(weeks.ok());
  for (const double scale : {7.0, 1 / 52.1775, 1024.0, 6.048e11, 1e-15}) {
    Customers scaled = cdnow;
    for (double& t : scaled.recency) t *= scale;
    for (double& t : scaled.age) t *= scale;
    const auto model = Fit(scaled);
    ASSERT_TRUE(model.ok());
    EXPECT_LT(RelativeError(model->params().r, weeks->params().r), 1e-11) << scale;
    EXPECT_LT(RelativeError(model->params().alpha, scale * weeks->params().alpha), 1e-11) << scale;
    EXPECT_LT(RelativeError(model->params().b, weeks->params().b), 1e-11) << scale;
    EXPECT_LT(RelativeError(model->report()->standard_errors[1], scale * weeks->report()->standard_errors[1]), 1e-10) << scale;
    EXPECT_LT(RelativeError(model->report()->log_likelihood, weeks->report()->log_likelihood - 2457 * std::log(scale)), 1e-12) << scale;
    EXPECT_TRUE(model->report()->converged);
  }
}

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
  EXPECT_EQ(FitText(reversed), FitText(made));
}

TEST(BgNbd_Fit, SaysWhichBoundaryItRanTo) {
  const auto nobody_stops = Fit(Made(20'000, false, true));
  ASSERT_TRUE(nobody_stops.ok());
  EXPECT_TRUE(nobody_stops->report()->converged);
  EXPECT_TRUE(nobody_stops->report()->standard_errors.empty()) << "none is made up";
  EXPECT_EQ(nobody_stops->report()->diagnosis, "On the boundary: these customers show no stopping, so a and b are not determined one by one.");
  EXPECT_LT(RelativeError(nobody_stops->params().r / nobody_stops->params().alpha, 1.0 / 8), 0.05);

  Customers all_stop;
  for (int i = 0; i < 200; ++i) Add(all_stop, i % 2, i % 2 == 0 ? 0 : 1 + i % 7, 500);
  const auto one_each = Fit(all_stop);
  ASSERT_TRUE(one_each.ok());
  EXPECT_TRUE(one_each->report()->standard_errors.empty());
  EXPECT_EQ(one_each->report()->diagnosis,
            "On the boundary: these customers all stop at their first repeat purchase, so a and b are not determined one by one.");
}

TEST(BgNbd_Fit, SurvivesFewAndOddCustomers) {
  // The tables with which a peer's fit raises or gives NaN: a handful of rows, one buyer of 20,000, one customer alone.
  const Customers cdnow = CdnowWeeks();
  for (const std::size_t size : {5u, 60u, 300u}) {
    const auto few = BgNbd::Fit({std::span(cdnow.frequency).first(size), std::span(cdnow.recency).first(size), std::span(cdnow.age).first(size)});
    ASSERT_TRUE(few.ok());
    EXPECT_TRUE(few->report()->converged) << size << ": " << few->report()->diagnosis;
  }
  Customers heavy = cdnow;
  Add(heavy, 20'000, 38, 38.86);
  const auto with_heavy = Fit(heavy);
  ASSERT_TRUE(with_heavy.ok());
  EXPECT_TRUE(with_heavy->report()->converged);
  EXPECT_FALSE(with_heavy->report()->standard_errors.empty());
  Customers alone;
  Add(alone, 3, 10, 12);
  const auto one = Fit(alone);
  ASSERT_TRUE(one.ok());
  EXPECT_TRUE(std::isfinite(one->report()->log_likelihood));
  EXPECT_TRUE(one->report()->standard_errors.empty());
}

TEST(BgNbd_Fit, IsConvergedOrSaysSoForAnyTable) {
  EXPECT_TRUE(rc::check([] {
    const int size = *rc::gen::inRange(1, 40);
    Customers customers;
    bool anyone = false;
    for (int i = 0; i < size; ++i) {
      const int age = *rc::gen::inRange(0, 400), x = age == 0 ? 0 : *rc::gen::inRange(0, 12);
      Add(customers, x, x == 0 ? 0 : *rc::gen::inRange(1, age + 1), age);
      anyone |= x > 0;
    }
    const auto model = Fit(customers);
    RC_ASSERT(model.ok() == anyone);
    if (!anyone) return;
    const stats::FitReport& report = *model->report();
    RC_ASSERT(std::isfinite(report.log_likelihood) && !report.diagnosis.empty());
    RC_ASSERT(report.converged);
    for (const double error : report.standard_errors) RC_ASSERT(error > 0 && std::isfinite(error));
    RC_ASSERT(BgNbd::FromJson(*Json::Parse(model->ToJson().Canonical()))->ToJson() == model->ToJson());
  }));
}

// From the log to the fit: the sample's purchases in exact weeks, calibrated until 1 October 1997.
TEST(BgNbd_Reference, TheSampleFromItsPurchases) {
  std::ifstream file(std::string(RAPPORT_SHARED_DIR) + "/data/cdnow/CDNOW_sample.txt");
  if (!file.good()) GTEST_SKIP() << "the CDNOW sample in ../shared is absent";
  std::string master, customer, day;
  double count = 0, amount = 0;
  std::vector<Purchase> purchases;
  while (file >> master >> customer >> day >> count >> amount) {
    purchases.push_back({customer, Day(std::stoi(day.substr(0, 4)), std::stoi(day.substr(4, 2)), std::stoi(day.substr(6, 2))), amount});
  }
  const auto rows = Summarize(purchases, {.calibration_end = Day(1997, 10, 1)});
  ASSERT_TRUE(rows.ok());
  ASSERT_EQ(rows->size(), 2357u);
  Customers customers;
  for (const CustomerSummary& row : *rows) Add(customers, static_cast<double>(row.frequency), row.recency, row.age);
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

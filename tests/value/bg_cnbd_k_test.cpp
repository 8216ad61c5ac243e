#include "rapport/value/bg_cnbd_k.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cmath>
#include <limits>
#include <numeric>

#include "rapport/core/status.hpp"
#include "rapport/value/bg_nbd.hpp"
#include "rapport/value/mbg_cnbd_k.hpp"
#include "rapport/value/mbg_nbd.hpp"
#include "rapport/value/models.hpp"
#include "value/bg_passage.hpp"
#include "value/bg_renewal.hpp"
#include "value/bg_roots.hpp"
#include "value/model_properties.hpp"
#include "value/one_customer.hpp"
#include "value/reference.hpp"

namespace rapport {
namespace {

// Customers of a model by chance, of ages from 40 to 65, seen again `ahead` later: one stream of chance makes both.
struct Seen {
  std::vector<double> age, x, t_x, x_later;
};
Seen See(const PurchaseModel& model, std::size_t size, double ahead) {
  Seen seen;
  for (std::size_t i = 0; i < size; ++i) seen.age.push_back(40 + static_cast<double>(i % 176) / 7);
  std::vector<double> none(size, 0), later = seen.age, t_x_later(size);
  for (double& age : later) age += ahead;
  seen.x = seen.t_x = seen.x_later = none;
  EXPECT_TRUE(model.Simulate(4, {none, none, seen.age}, seen.x, seen.t_x).ok());
  EXPECT_TRUE(model.Simulate(4, {none, none, later}, seen.x_later, t_x_later).ok());
  return seen;
}

TEST(BgCnbdK_Renewals, OnePhaseIsTheBgNbd) {
  RenewalsAhead renewals(1);
  const double one[] = {1};
  for (const double t : {0.01, 1.0, 39.0, 520.0, 20000.0, 1e7}) {
    for (const ActiveBuyer& p : {ActiveBuyer{2.2426, 43, .7929, 4.4258}, ActiveBuyer{.2426, 43, .7929, 2.4258}, ActiveBuyer{26.2, 36, 1, 28},
                                 ActiveBuyer{4, 12, 3.5, .4}, ActiveBuyer{700, 300, .2, 500}, ActiveBuyer{.5, 8, 12, 1}}) {
      const RegularBuyer same{p.r, p.alpha, p.a, p.b, 0.3};
      ExpectedPassage all(0, t), window(3, t);
      EXPECT_LT(RelativeError(renewals.Expected(0, t, 1, same), all(1, p)), 1e-11) << t << ' ' << p.r;
      EXPECT_LT(RelativeError(renewals.Expected(3, t, 1, same), window(1, p)), 1e-10) << t << ' ' << p.r;
      EXPECT_LT(RelativeError(std::exp(renewals.LogStaysActive(t, 1, same)), std::exp(LogStaysActive(t, p))), 1e-11) << t << ' ' << p.r;
      for (const double n : {0.0, 1.0, 7.0}) EXPECT_LT(RelativeError(std::exp(renewals.LogCount(n, t, same)), std::exp(LogCountWhileActive(n, t, p))), 1e-11) << t << ' ' << n;
      EXPECT_LT(RelativeError(ExpectedByRoots(0, t, one, same), all(1, p)), 1e-10) << t << ' ' << p.r;
      EXPECT_LT(RelativeError(StaysActiveByRoots(t, one, same), std::exp(LogStaysActive(t, p))), 1e-10) << t << ' ' << p.r;
    }
  }
}

// Two ways that share nothing but the model.
TEST(BgCnbdK_Renewals, SumsAndRootsAgree) {
  for (const int k : {2, 3, 7, 12}) {
    RenewalsAhead renewals(k);
    for (const double t : {40.0, 400.0, 3000.0}) {
      for (const RegularBuyer& of : {RegularBuyer{6.3, 30, .8, 4.4, 0.2}, RegularBuyer{.7, 9, 2.5, 1.4, 0.9}, RegularBuyer{90, 60, .3, 30, 0.05}}) {
        std::vector<double> weights{1};
        for (int j = 1; j < k; ++j) weights.push_back(weights.back() * (of.r + j - 1) / j * of.since);
        const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
        for (double& weight : weights) weight /= sum;
        EXPECT_LT(RelativeError(ExpectedByRoots(0, t, weights, of), renewals.Expected(0, t, 1, of)), 1e-10) << k << ' ' << t << ' ' << of.r;
        EXPECT_LT(RelativeError(ExpectedByRoots(200, t, weights, of), renewals.Expected(200, t, 1, of)), 1e-9) << k << ' ' << t << ' ' << of.r;
        EXPECT_LT(RelativeError(StaysActiveByRoots(t, weights, of), std::exp(renewals.LogStaysActive(t, 1, of))), 1e-10) << k << ' ' << t << ' ' << of.r;
        for (double& weight : weights) weight = std::log(weight);
        EXPECT_NEAR(LogStaysActiveByRoots(t, weights, of), renewals.LogStaysActive(t, 1, of), 1e-11) << k << ' ' << t << ' ' << of.r;
      }
    }
  }
}

// Sums of many terms on many panels, which the roots take over; and one whose terms are all 0, which went on for seconds.
TEST(BgCnbdK_Renewals, WindowsOfLongSums) {
  RenewalsAhead renewals(12);
  const RegularBuyer often{1000, 1, 1.5, 1, 0.1};
  const double until_start = renewals.Expected(0, 20, 1, often), until_end = renewals.Expected(0, 26.3, 1, often);
  EXPECT_LT(until_end - until_start, until_end / 100) << "not by difference";
  EXPECT_LT(RelativeError(renewals.Expected(20, 6.3, 1, often), until_end - until_start), 1e-8);
  const BgCnbdK stops = *BgCnbdK::Make({1000, 1, 1e8, .3, 12});
  for (const double start : {10.0, 100.0, 1000.0}) {
    const double found = Expected(stops, 1, 3, 2, 5, start);
    EXPECT_TRUE(found >= 0 && found < 1e-200) << found;
  }
}

// The likelihood by quadrature over the rate, with the chance to stop by its moments.
TEST(BgCnbdK_Likelihood, IsWhatTheStorySays) {
  for (const int k : {1, 2, 4}) {
    const BgCnbdK model = *BgCnbdK::Make({.9, 7, .8, 2.4, k});
    const double x = 3, t_x = 21, age = 30;
    double goes_on = 0, stopped = 0;
    for (double v = -30; v < 6; v += 0.01) {   // rate e^v
      const double rate = std::exp(v), prior = std::exp(.9 * std::log(7 * rate) - 7 * rate) / std::tgamma(.9);
      const double purchases = std::exp(k * x * v + (k * x - 1) * std::log(t_x) - rate * t_x - std::lgamma(k * x));
      double survives = 0;
      for (int j = 0; j < k; ++j) survives += std::exp(j * std::log(rate * (age - t_x)) - rate * (age - t_x) - std::lgamma(j + 1.0));
      goes_on += 0.01 * prior * purchases * survives;
      stopped += 0.01 * prior * purchases;
    }
    const double stays3 = 2.4 * 3.4 * 4.4 / (3.2 * 4.2 * 5.2), stops3 = 2.4 * 3.4 * .8 / (3.2 * 4.2 * 5.2);
    const double other_gaps = std::lgamma(x) - (x - 1) * std::log(t_x);   // so that k = 1 is the BG/NBD
    const double all = stays3 * goes_on + stops3 * stopped;
    EXPECT_LT(RelativeError(LogLikelihood(model, x, t_x, age), std::log(all) + other_gaps), 1e-12) << k;
    EXPECT_LT(RelativeError(Alive(model, x, t_x, age), stays3 * goes_on / all), 1e-11) << k;
  }
  EXPECT_EQ(LogLikelihood(*BgCnbdK::Make({.9, 7, .8, 2.4, 1}), 3, 21, 30), LogLikelihood(*BgNbd::Make({.9, 7, .8, 2.4}), 3, 21, 30));
}

void FitsAsTheModelOfOnePhase(const PurchaseModel& plain, const PurchaseModel& regular) {
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(regular.parameters()[i].value, plain.parameters()[i].value) << i;
    EXPECT_EQ(regular.report()->standard_errors[i], plain.report()->standard_errors[i]) << i;
  }
  EXPECT_EQ(regular.report()->log_likelihood, plain.report()->log_likelihood);
  EXPECT_EQ(regular.report()->Aic(), plain.report()->Aic()) << "a k that was given does not count";
}

TEST(BgCnbdK_Fit, OnePhaseIsTheBgNbd) {
  const Customers cdnow = CdnowWeeks();
  const Histories rows{cdnow.frequency, cdnow.recency, cdnow.age};
  FitsAsTheModelOfOnePhase(*BgNbd::Fit(rows), *BgCnbdK::Fit(rows, {}, {}, 1));
  FitsAsTheModelOfOnePhase(*MbgNbd::Fit(rows), *MbgCnbdK::Fit(rows, {}, {}, 1));
  const auto found = MbgCnbdK::Fit(rows);
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(found->params().k, 1) << "people do not buy music by the calendar";
}

TEST(BgCnbdK_Fit, FindsThePhasesThatMadeTheData) {
  for (const int k : {2, 3, 5}) {
    const MbgCnbdK truth = *MbgCnbdK::Make({2, 8, .8, 3, k});
    const Seen seen = See(truth, 6000, 0);
    const Histories rows{seen.x, seen.t_x, seen.age};
    const auto model = MbgCnbdK::Fit(rows);
    ASSERT_TRUE(model.ok()) << model.status();
    EXPECT_EQ(model->params().k, k);
    EXPECT_EQ(model->report()->diagnosis, "An interior optimum.");
    ASSERT_EQ(model->report()->standard_errors.size(), 4u);
    const double expected[] = {2, 8, .8, 3};
    for (std::size_t i = 0; i < 4; ++i) {
      EXPECT_LT(std::abs(model->parameters()[i].value - expected[i]), 4 * model->report()->standard_errors[i]) << k << ' ' << i;
    }
    double sum = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) sum += LogLikelihood(*model, seen.x[i], seen.t_x[i], seen.age[i]);
    EXPECT_LT(RelativeError(sum, model->report()->log_likelihood), 1e-12);
    EXPECT_GT(model->report()->log_likelihood, MbgNbd::Fit(rows)->report()->log_likelihood + 50);
  }
}

TEST(BgCnbdK_Fit, GapsTellMore) {
  // Equal gaps but for a tenth: far more regular than recency alone shows.
  Customers customers;
  std::vector<double> log_gaps;
  for (int i = 0; i < 400; ++i) {
    const double gap = 2 + i % 7, x = i % 5;
    customers.frequency.push_back(x);
    customers.recency.push_back(x * gap);
    customers.age.push_back(x * gap + 1 + i % 11);
    double sum = 0;
    for (int j = 0; j < x; ++j) sum += std::log(gap * (j + 1 < x || i % 5 % 2 == 0 ? (j % 2 == 0 ? 1.1 : 0.9) : 1));
    if (x == 1 || x == 3) sum = x * std::log(gap) - 0.01;
    log_gaps.push_back(std::min(sum, x > 0 ? x * std::log(gap) : 0));
  }
  const Histories rows{customers.frequency, customers.recency, customers.age};
  const auto known = BgCnbdK::Fit(rows, {}, log_gaps);
  ASSERT_TRUE(known.ok()) << known.status();
  EXPECT_GE(known->params().k, 5);
  const auto one = BgCnbdK::Fit(rows, {}, log_gaps, 1);
  EXPECT_EQ(one->report()->log_likelihood, BgNbd::Fit(rows)->report()->log_likelihood);
  EXPECT_GT(known->report()->log_likelihood, one->report()->log_likelihood + 50);
  std::vector<double> wrong = log_gaps;
  wrong[4] += 1;
  EXPECT_EQ(BgCnbdK::Fit(rows, {}, wrong).status().message().substr(0, 22), "row 4, field log_gaps:");
}

TEST(BgCnbdK_Fit, SaysWhereKCouldNotRise) {
  Customers customers;
  std::vector<double> equal_gaps;
  for (int i = 0; i < 400; ++i) {
    const double gap = 2 + i % 7, x = i % 5;
    customers.frequency.push_back(x);
    customers.recency.push_back(x * gap);
    customers.age.push_back(x * gap + 1 + i % 11);
    equal_gaps.push_back(x > 0 ? x * std::log(gap) : 0);
  }
  const Histories rows{customers.frequency, customers.recency, customers.age};
  const auto regular = BgCnbdK::Fit(rows, {}, equal_gaps);
  ASSERT_TRUE(regular.ok()) << regular.status();
  EXPECT_EQ(regular->params().k, 12);
  const std::string told = regular->report()->diagnosis, most = "On the boundary: customers buy more regularly than with 12 phases, the most that are tried.";
  EXPECT_EQ(told.substr(told.size() - std::min(told.size(), most.size())), most);
  EXPECT_EQ(BgCnbdK::Fit(rows, {}, equal_gaps, 12)->report()->diagnosis.find("12 phases"), std::string::npos) << "who gives k knows it";
  customers.recency[7] = 0;
  const auto held = BgCnbdK::Fit(rows);
  ASSERT_TRUE(held.ok()) << held.status();
  EXPECT_EQ(held->params().k, 1);
  EXPECT_NE(held->report()->diagnosis.find("k was held at 1: row 7 has purchases, all at the moment of the first."), std::string::npos);
}

TEST(BgCnbdK_Fit, NamesWhatIsWrong) {
  const std::vector<double> x{2, 0, 1}, t_x{3, 0, 0}, age{5, 5, 5};
  EXPECT_TRUE(BgCnbdK::Fit({x, t_x, age}).ok()) << "k = 1 takes a purchase at time 0";
  EXPECT_EQ(BgCnbdK::Fit({x, t_x, age}, {}, {}, 2).status().message(),
            "row 2, field recency: found 0, expected above 0 where the frequency is, of regular buyers");
  EXPECT_EQ(TokenOf(BgCnbdK::Fit({x, t_x, age}, {}, {}, 17).status()), "value.invalid_parameter");
  EXPECT_EQ(TokenOf(BgCnbdK::Make({1, 1, 1, 1, 0}).status()), "value.invalid_parameter");
  EXPECT_EQ(TokenOf(BgCnbdK::FromJson(*Json::Parse(R"({"model":"bg_cnbd_k","params":{"r":1,"alpha":1,"a":1,"b":1,"k":1.5}})")).status()), "value.invalid_parameter");
  EXPECT_EQ(TokenOf(BgCnbdK::Fit({x, t_x, age, {{"c"}, {x}}}).status()), "value.covariates");
}

TEST(BgCnbdK_Json, KnowsWhetherKWasFound) {
  const Customers cdnow = CdnowWeeks();
  const Histories rows{cdnow.frequency, cdnow.recency, cdnow.age};
  const MbgCnbdK found = *MbgCnbdK::Fit(rows), given = *MbgCnbdK::Fit(rows, {}, {}, 1);
  EXPECT_EQ(found.report()->log_likelihood, given.report()->log_likelihood);
  EXPECT_NEAR(found.report()->Aic(), given.report()->Aic() + 2, 1e-9) << "k counts where it was found";
  for (const MbgCnbdK& model : {found, given}) {
    const auto read = MbgCnbdK::FromJson(*Json::Parse(model.ToJson().Canonical()));
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_EQ(read->report()->parameters, model.report()->parameters);
    EXPECT_EQ(read->report()->Bic(), model.report()->Bic());
  }
}

TEST(BgCnbdK_Json, ReadsBackWhatItWrote) {
  const Seen seen = See(*BgCnbdK::Make({2, 8, .8, 3, 3}), 1000, 0);
  const auto model = FitPurchaseModel("bg_cnbd_k", {seen.x, seen.t_x, seen.age});
  ASSERT_TRUE(model.ok()) << model.status();
  const auto again = ReadPurchaseModel(*Json::Parse((*model)->ToJson().Canonical()));
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ((*again)->ToJson(), (*model)->ToJson());
  EXPECT_EQ((*model)->parameters().back().name, "k");
}

// What the model says of customers is what becomes of them, whatever their histories: means over a hundred thousand.
TEST(BgCnbdK_Predict, AgreesWithChance) {
  const MbgCnbdK mbg = *MbgCnbdK::Make({1.5, 6, .9, 3, 3});
  const BgCnbdK bg = *BgCnbdK::Make({1.5, 12, .9, 3, 2});
  for (const PurchaseModel* model : {static_cast<const PurchaseModel*>(&mbg), static_cast<const PurchaseModel*>(&bg)}) {
    const std::size_t size = 100'000;
    const Seen seen = See(*model, size, 20);
    const Histories rows{seen.x, seen.t_x, seen.age};
    std::vector<double> expected(size), twice(size), none(size), window(size);
    ASSERT_TRUE(model->ExpectedPurchases(20, rows, 0, expected).ok());
    ASSERT_TRUE(model->PurchaseProbability(2, 20, rows, twice).ok());
    ASSERT_TRUE(model->PurchaseProbability(0, 20, rows, none).ok());
    for (const int group : {0, 1, 2}) {   // one-time buyers; those seen lately; the others
      double more = 0, squares = 0, predicted = 0, bought_twice = 0, predicted_twice = 0, quiet = 0, predicted_quiet = 0, n = 0;
      for (std::size_t i = 0; i < size; ++i) {
        if (group != (seen.x[i] == 0 ? 0 : seen.age[i] - seen.t_x[i] < 8 ? 1 : 2)) continue;
        const double bought = seen.x_later[i] - seen.x[i];
        n += 1;
        more += bought;
        squares += bought * bought;
        predicted += expected[i];
        bought_twice += bought == 2;
        predicted_twice += twice[i];
        quiet += bought == 0;
        predicted_quiet += none[i];
      }
      EXPECT_GT(n, 5000);
      EXPECT_LT(std::abs(more - predicted), 4 * std::sqrt(squares)) << group;
      EXPECT_LT(std::abs(bought_twice - predicted_twice), 4 * std::sqrt(bought_twice)) << group;
      EXPECT_LT(std::abs(quiet - predicted_quiet), 4 * std::sqrt(std::min(quiet, n - quiet) + 1)) << group;
    }
  }
}

TEST(BgCnbdK_Predict, CountsExpectationsAndDiscountsAgree) {
  const MbgCnbdK model = *MbgCnbdK::Make({1.5, 6, .9, 3, 3});
  CountsAndExpectationsAgree(model, {4, 30.43, 38.86}, 39, {1e-11, 1e-9, 1e-9});
  // Discounted purchases are the integral of rate e^(-rate t) times those until t: Simpson's rule on t = e^v.
  for (const double rate : {0.003, 0.2}) {
    double integral = 0;
    int i = 0;
    for (double v = -12; v < 9.0001; v += 0.05, ++i) {
      const double t = std::exp(v);
      integral += (i % 2 == 0 ? 2 : 4) * t * rate * std::exp(-rate * t) * Expected(model, t, 4, 30.43, 38.86);
    }
    EXPECT_LT(RelativeError(Residual(model, rate, 4, 30.43, 38.86), integral * 0.05 / 3), 1e-9) << rate;
  }
}

// What was asked before, with whom, and on how many threads: no bit shows it.
TEST(BgFamily_Table, AnswersDoNotDependOnCompany) {
  const BgNbd bg = *BgNbd::Make({.24, 4.4, .79, 2.4});
  const MbgNbd mbg = *MbgNbd::Make({.24, 4.4, 1, 2.4});
  const MbgCnbdK regular = *MbgCnbdK::Make({1.5, 6, .9, 3, 3});
  for (const PurchaseModel* model : {static_cast<const PurchaseModel*>(&bg), static_cast<const PurchaseModel*>(&mbg), static_cast<const PurchaseModel*>(&regular)}) {
    Seen seen = See(*model, 20'000, 0);
    for (std::size_t i = 0; i < seen.age.size(); ++i) seen.age[i] += i % 3 == 0 ? 0 : 1e-3 * static_cast<double>(i % 1777);   // equal rows and unequal ones
    const Histories rows{seen.x, seen.t_x, seen.age};
    std::vector<double> expected(rows.size()), window(rows.size()), later(rows.size()), twice(rows.size()), residual(rows.size());
    ASSERT_TRUE(model->ExpectedPurchases(39, rows, 0, expected, {.threads = 3}).ok());
    ASSERT_TRUE(model->ExpectedPurchases(13, rows, 26, window).ok());
    ASSERT_TRUE(model->ProbabilityAlive(39, rows, later, {.threads = 2}).ok());
    ASSERT_TRUE(model->PurchaseProbability(2, 39, rows, twice).ok());
    ASSERT_TRUE(model->ExpectedResidual(.002, rows, residual).ok());
    for (std::size_t i = rows.size(); i-- > 0; i -= std::min<std::size_t>(i, 96)) {
      EXPECT_EQ(expected[i], Expected(*model, 39, seen.x[i], seen.t_x[i], seen.age[i])) << i;
      EXPECT_EQ(window[i], Expected(*model, 13, seen.x[i], seen.t_x[i], seen.age[i], 26)) << i;
      EXPECT_EQ(later[i], Alive(*model, seen.x[i], seen.t_x[i], seen.age[i], 39)) << i;
      EXPECT_EQ(twice[i], Count(*model, 2, 39, seen.x[i], seen.t_x[i], seen.age[i])) << i;
      EXPECT_EQ(residual[i], Residual(*model, .002, seen.x[i], seen.t_x[i], seen.age[i])) << i;
    }
  }
}

TEST(BgCnbdK_Limits, AnyCustomerOfAnyShop) {
  EXPECT_TRUE(rc::check([] {
    const auto positive = [] { return std::exp(*rc::gen::inRange(-500, 500) / 100.0); };
    const MbgCnbdK::Params params{positive(), positive(), positive(), positive(), *rc::gen::inRange(1, 13)};
    const MbgCnbdK mbg = *MbgCnbdK::Make(params);
    const BgCnbdK bg = *BgCnbdK::Make({params.r, params.alpha, params.a, params.b, params.k});
    const double x = *rc::gen::inRange(0, 40), age = *rc::gen::inRange(1, 2000) / 10.0, t = *rc::gen::inRange(1, 20'000) / 20.0;
    const double t_x = x == 0 ? 0 : age * *rc::gen::inRange(1, 1001) / 1000.0;
    for (const PurchaseModel* model : {static_cast<const PurchaseModel*>(&mbg), static_cast<const PurchaseModel*>(&bg)}) {
      const double alive = Alive(*model, x, t_x, age), later = Alive(*model, x, t_x, age, t);
      const double expected = Expected(*model, t, x, t_x, age), longer = Expected(*model, 2 * t, x, t_x, age), window = Expected(*model, t, x, t_x, age, t);
      const double none = Count(*model, 0, t, x, t_x, age), some = Count(*model, 2, t, x, t_x, age);
      RC_ASSERT(std::isfinite(LogLikelihood(*model, x, t_x, age)) && std::isfinite(longer));
      RC_ASSERT(alive >= 0 && alive <= 1 && later >= 0 && later <= alive * (1 + 1e-10));
      RC_ASSERT(expected >= 0 && window >= 0 && longer >= expected * (1 - 1e-10));
      RC_ASSERT(std::abs(expected + window - longer) <= 1e-9 * longer + 1e-300);
      RC_ASSERT(none >= 0 && none <= 1 && some >= 0 && none + some <= 1 + 1e-9 && expected >= 1 - none - 1e-9);
      const double residual = Residual(*model, 1 / t, x, t_x, age);
      RC_ASSERT(std::isfinite(residual) && residual >= expected * std::exp(-1.0) * (1 - 1e-9));
    }
  }));
}

TEST(BgCnbdK_Limits, NumbersAsLargeAndSmallAsAreTaken) {
  EXPECT_TRUE(rc::check([] {
    const auto power = [](int low, int high) { return std::pow(10.0, *rc::gen::inRange(10 * low, 10 * high + 1) / 10.0); };
    const MbgCnbdK model = *MbgCnbdK::Make({power(-50, 50), power(-50, 50), power(-50, 50), power(-50, 50), *rc::gen::inRange(2, 17)});
    AnswersAnythingInNumbers(model);
  }));
}

}  // namespace
}  // namespace rapport

#include "rapport/value/mbg_nbd.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cmath>
#include <utility>

#include "rapport/core/status.hpp"
#include "rapport/value/bg_nbd.hpp"
#include "rapport/value/models.hpp"
#include "value/bg_passage.hpp"
#include "value/model_properties.hpp"
#include "value/one_customer.hpp"
#include "value/reference.hpp"
#include "value/reference_files.hpp"

namespace rapport {
namespace {

// Figures of an independent evaluation at 40 digits (CDNOW summary, weeks).
constexpr MbgNbd::Params kReference{0.52483798366559503, 6.1829920196720964, 0.8913561553315358, 1.6139993347305015};

// Who has all but surely stopped: the chance is a / (a + b), whatever the rate would have been.
TEST(MbgNbd_Likelihood, KeepsItsDigitsWhereTheRateIsHuge) {
  for (const double r : {1e3, 1e6, 1e9}) {
    EXPECT_NEAR(LogLikelihood(*MbgNbd::Make({r, 1, 1, 1e-9}), 0, 0, 50), std::log1p(-1e-9 / (1 + 1e-9)), 1e-14) << r;
  }
}

TEST(MbgNbd_Fit, ReachesTheReferenceOnCdnow) {
  const Customers cdnow = CdnowWeeks();
  const auto model = MbgNbd::Fit({cdnow.frequency, cdnow.recency, cdnow.age});
  ASSERT_TRUE(model.ok()) << model.status();
  EXPECT_LT(RelativeError(model->params().r, kReference.r), 1e-10);
  EXPECT_LT(RelativeError(model->params().alpha, kReference.alpha), 1e-10);
  EXPECT_LT(RelativeError(model->params().a, kReference.a), 1e-10);
  EXPECT_LT(RelativeError(model->params().b, kReference.b), 1e-10);
  const stats::FitReport& report = *model->report();
  EXPECT_NEAR(report.log_likelihood, -9582.13268489990391, 1e-9);
  EXPECT_TRUE(report.converged);
  const double errors[] = {.0832640646136006, .695597932854925, .154785311403222, .537472360548409};
  ASSERT_EQ(report.standard_errors.size(), 4u);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_LT(RelativeError(report.standard_errors[i], errors[i]), 1e-10) << i;
  EXPECT_LT(RelativeError(report.covariance[2][3], .0737979280197327), 1e-10);
  EXPECT_EQ(report.diagnosis, "An interior optimum.");
  double sum = 0;
  for (std::size_t i = 0; i < cdnow.age.size(); ++i) sum += LogLikelihood(*model, cdnow.frequency[i], cdnow.recency[i], cdnow.age[i]);
  EXPECT_LT(RelativeError(sum, report.log_likelihood), 1e-13) << "rows add up to the whole";
}

TEST(MbgNbd_Fit, IsFoundByItsName) {
  const Customers cdnow = CdnowWeeks();
  const auto model = FitPurchaseModel("mbg_nbd", {cdnow.frequency, cdnow.recency, cdnow.age});
  ASSERT_TRUE(model.ok());
  EXPECT_EQ((*model)->name(), "mbg_nbd");
  const auto again = ReadPurchaseModel(*Json::Parse((*model)->ToJson().Canonical()));
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ((*again)->ToJson(), (*model)->ToJson());
  EXPECT_EQ(TokenOf(MbgNbd::FromJson(*Json::Parse(R"({"model":"mbg_nbd","params":{"r":1,"alpha":1,"a":-1,"b":1}})")).status()), "value.invalid_parameter");
  EXPECT_EQ(TokenOf(BgNbd::FromJson((*model)->ToJson()).status()), "value.unknown_model");
}

TEST(MbgNbd_Predict, HoldsWherePeersBreak) {
  const MbgNbd at_one = *MbgNbd::Make({1, 5, 1, 2});
  EXPECT_LT(RelativeError(Expected(at_one, 1, 0, 0, 38.86), .004209252051589), 1e-12) << "a = 1 exactly";
  EXPECT_LT(RelativeError(Expected(at_one, 1, 26, 30.86, 31), .712186033758697), 1e-12);
  const MbgNbd model = *MbgNbd::Make({.2426, 4.4135, .7929, 2.4258});
  EXPECT_LT(RelativeError(Expected(model, 10000, 500, 364, 365), 2397.1268047653149), 1e-11) << "a heavy buyer, a long horizon";
}

// Either way of stopping is the other one with what is known about b moved by one.
TEST(MbgNbd_Predict, CountsAndExpectationsAgree) {
  const MbgNbd model = *MbgNbd::Make(kReference);
  CountsAndExpectationsAgree(model, {2, 30.43, 38.86}, 39, {1e-9, 1e-7, 1e-12});
  EXPECT_NEAR(Alive(model, 0, 0, 0), 1.6139993347305015 / (0.8913561553315358 + 1.6139993347305015), 1e-15) << "who just came may be gone already";
}

TEST(MbgNbd_Reference, AllPredictionsOfTheReferenceFile) {
  std::ifstream file = ReferenceFile("cdnow.json");
  if (!file.good()) GTEST_SKIP() << "the reference data in ../shared are absent";
  const Compared compared = ComparePredictions(*MbgNbd::Make(kReference), "mbgnbd", std::move(file));
  EXPECT_EQ(compared.count, 210);
  EXPECT_LT(compared.worst, 1e-11);
  std::cout << "worst relative error " << compared.worst << "\n";
}

// E of discounted purchases, by mpmath at 30 digits: 2F1 over the chance to stop, then quadrature over the rate; of a customer active at T.
struct ResidualCase {
  double r, alpha, a, b, x, t_x, age, rate;
  int at_first;
  double truth;
};

constexpr ResidualCase kResiduals[] = {
    {0.2426, 4.4135, 0.7929, 2.4258, 0, 0, 38.86, 1.0e-6, 0, 26.559541193326414},
    {0.2426, 4.4135, 0.7929, 2.4258, 0, 0, 38.86, 1.0e-6, 1, 34.156041371390868},
    {0.2426, 4.4135, 0.7929, 2.4258, 2, 30.43, 38.86, 0.0001, 0, 29.598018198635535},
    {0.2426, 4.4135, 0.7929, 2.4258, 2, 30.43, 38.86, 0.0001, 1, 33.81517368858472},
    {0.2426, 4.4135, 0.7929, 2.4258, 26, 30.86, 31, 0.0018, 0, 88.660514342465964},
    {0.2426, 4.4135, 0.7929, 2.4258, 26, 30.86, 31, 0.0018, 1, 90.33170818862418},
    {0.2426, 4.4135, 0.7929, 2.4258, 0, 0, 38.86, 0.05, 0, 0.10045920838295603},
    {0.2426, 4.4135, 0.7929, 2.4258, 0, 0, 38.86, 0.05, 1, 0.1027809587547769},
    {0.2426, 4.4135, 0.7929, 2.4258, 2, 30.43, 38.86, 1.0, 0, 0.051249800854669245},
    {0.2426, 4.4135, 0.7929, 2.4258, 2, 30.43, 38.86, 1.0, 1, 0.051340321313816301},
    {0.2426, 4.4135, 0.7929, 2.4258, 26, 30.86, 31, 10.0, 0, 0.07394941063729014},
    {0.2426, 4.4135, 0.7929, 2.4258, 26, 30.86, 31, 10.0, 1, 0.073954483410449976},
    {1, 5, 1, 2, 0, 0, 38.86, 1.0e-6, 0, 16.919640886074762},
    {1, 5, 1, 2, 0, 0, 38.86, 1.0e-6, 1, 23.884557062712002},
    {1, 5, 1, 2, 2, 30.43, 38.86, 0.0001, 0, 18.2166230179435},
    {1, 5, 1, 2, 2, 30.43, 38.86, 0.0001, 1, 21.565484008851649},
    {1, 5, 1, 2, 26, 30.86, 31, 0.0018, 0, 65.537156816537456},
    {1, 5, 1, 2, 26, 30.86, 31, 0.0018, 1, 67.008896283488256},
    {1, 5, 1, 2, 0, 0, 38.86, 0.05, 0, 0.36696066742201476},
    {1, 5, 1, 2, 0, 0, 38.86, 0.05, 1, 0.38431008678144194},
    {1, 5, 1, 2, 2, 30.43, 38.86, 1.0, 0, 0.067196687324983784},
    {1, 5, 1, 2, 2, 30.43, 38.86, 1.0, 1, 0.067392028425031675},
    {1, 5, 1, 2, 26, 30.86, 31, 10.0, 0, 0.074799922202486136},
    {1, 5, 1, 2, 26, 30.86, 31, 10.0, 1, 0.074806558295514781},
    {2, 20, 0.05, 0.5, 0, 0, 38.86, 1.0e-6, 0, 18759.979193372915},
    {2, 20, 0.05, 0.5, 0, 0, 38.86, 1.0e-6, 1, 20635.500006786218},
    {2, 20, 0.05, 0.5, 2, 30.43, 38.86, 0.0001, 0, 520.88287289237718},
    {2, 20, 0.05, 0.5, 2, 30.43, 38.86, 0.0001, 1, 531.07205007101475},
    {2, 20, 0.05, 0.5, 26, 30.86, 31, 0.0018, 0, 274.13985363002674},
    {2, 20, 0.05, 0.5, 26, 30.86, 31, 0.0018, 1, 274.55699427630373},
    {2, 20, 0.05, 0.5, 0, 0, 38.86, 0.05, 0, 0.64337506517019608},
    {2, 20, 0.05, 0.5, 0, 0, 38.86, 0.05, 1, 0.66410412044969052},
    {2, 20, 0.05, 0.5, 2, 30.43, 38.86, 1.0, 0, 0.067847915627371232},
    {2, 20, 0.05, 0.5, 2, 30.43, 38.86, 1.0, 1, 0.067878392096201184},
    {2, 20, 0.05, 0.5, 26, 30.86, 31, 10.0, 0, 0.054896094668348526},
    {2, 20, 0.05, 0.5, 26, 30.86, 31, 10.0, 1, 0.05489630715332058},
    {8.2, 50, 3.5, 1.2, 0, 0, 38.86, 1.0e-6, 0, 1.4799671233908408},
    {8.2, 50, 3.5, 1.2, 0, 0, 38.86, 1.0e-6, 1, 1.8799427719630702},
    {8.2, 50, 3.5, 1.2, 2, 30.43, 38.86, 0.0001, 0, 2.2731496869049021},
    {8.2, 50, 3.5, 1.2, 2, 30.43, 38.86, 0.0001, 1, 2.6702524487808866},
    {8.2, 50, 3.5, 1.2, 26, 30.86, 31, 0.0018, 0, 11.022443172096749},
    {8.2, 50, 3.5, 1.2, 26, 30.86, 31, 0.0018, 1, 11.36661496148355},
    {8.2, 50, 3.5, 1.2, 0, 0, 38.86, 0.05, 0, 0.77335335969921425},
    {8.2, 50, 3.5, 1.2, 0, 0, 38.86, 0.05, 1, 0.86568534858610163},
    {8.2, 50, 3.5, 1.2, 2, 30.43, 38.86, 1.0, 0, 0.10778437010611472},
    {8.2, 50, 3.5, 1.2, 2, 30.43, 38.86, 1.0, 1, 0.10864210939762021},
    {8.2, 50, 3.5, 1.2, 26, 30.86, 31, 10.0, 0, 0.042014355198147255},
    {8.2, 50, 3.5, 1.2, 26, 30.86, 31, 10.0, 1, 0.042020873795025042},
    {0.05, 1, 0.3, 7.5, 0, 0, 38.86, 1.0e-6, 0, 174.69069549281663},
    {0.05, 1, 0.3, 7.5, 0, 0, 38.86, 1.0e-6, 1, 181.47424450518352},
    {0.05, 1, 0.3, 7.5, 2, 30.43, 38.86, 0.0001, 0, 180.73481084711178},
    {0.05, 1, 0.3, 7.5, 2, 30.43, 38.86, 0.0001, 1, 185.8254020976757},
    {0.05, 1, 0.3, 7.5, 26, 30.86, 31, 0.0018, 0, 238.18163435555368},
    {0.05, 1, 0.3, 7.5, 26, 30.86, 31, 0.0018, 1, 239.84182582750899},
    {0.05, 1, 0.3, 7.5, 0, 0, 38.86, 0.05, 0, 0.024638559651818777},
    {0.05, 1, 0.3, 7.5, 0, 0, 38.86, 0.05, 1, 0.024685229134509083},
    {0.05, 1, 0.3, 7.5, 2, 30.43, 38.86, 1.0, 0, 0.051310974634712702},
    {0.05, 1, 0.3, 7.5, 2, 30.43, 38.86, 1.0, 1, 0.051321887561465199},
    {0.05, 1, 0.3, 7.5, 26, 30.86, 31, 10.0, 0, 0.081345371574797445},
    {0.05, 1, 0.3, 7.5, 26, 30.86, 31, 10.0, 1, 0.081347115589642687},
    {0.5, 10, 12, 40, 0, 0, 38.86, 1.0e-6, 0, 4.5114302708775717},
    {0.5, 10, 12, 40, 0, 0, 38.86, 1.0e-6, 1, 4.5986511348937292},
    {0.5, 10, 12, 40, 2, 30.43, 38.86, 0.0001, 0, 4.7399455066791394},
    {0.5, 10, 12, 40, 2, 30.43, 38.86, 0.0001, 1, 4.8279043900531206},
    {0.5, 10, 12, 40, 26, 30.86, 31, 0.0018, 0, 6.8497892474188049},
    {0.5, 10, 12, 40, 26, 30.86, 31, 0.0018, 1, 6.936795351016446},
    {0.5, 10, 12, 40, 0, 0, 38.86, 0.05, 0, 0.18109564789684952},
    {0.5, 10, 12, 40, 0, 0, 38.86, 0.05, 1, 0.1814647014512059},
    {0.5, 10, 12, 40, 2, 30.43, 38.86, 1.0, 0, 0.050369351675719865},
    {0.5, 10, 12, 40, 2, 30.43, 38.86, 1.0, 1, 0.050383552555650475},
    {0.5, 10, 12, 40, 26, 30.86, 31, 10.0, 0, 0.063974724227034042},
    {0.5, 10, 12, 40, 26, 30.86, 31, 10.0, 1, 0.063982979480474144},
};

TEST(BgFamily_Residual, AgreesWithQuadratureAtThirtyDigits) {
  for (const ResidualCase& c : kResiduals) {
    const BgNbd bg = *BgNbd::Make({c.r, c.alpha, c.a, c.b});
    const MbgNbd mbg = *MbgNbd::Make({c.r, c.alpha, c.a, c.b});
    const PurchaseModel& model = c.at_first == 0 ? static_cast<const PurchaseModel&>(bg) : mbg;
    const double found = Residual(model, c.rate, c.x, c.t_x, c.age) / Alive(model, c.x, c.t_x, c.age);
    EXPECT_LT(RelativeError(found, c.truth), 1e-11) << c.r << ' ' << c.a << ' ' << c.x << ' ' << c.rate;
  }
}

// A table's answers come from pieces of a function of alpha + T; each agrees with the one that is computed for itself.
TEST(BgFamily_Passage, PiecesAreAsExactAsWhatTheyRemember) {
  double worst = 0;
  EXPECT_TRUE(rc::check([&] {
    const auto positive = [](int decades) { return std::pow(10.0, *rc::gen::inRange(-100 * decades, 100 * decades) / 100.0); };
    const double r = 12 * *rc::gen::inRange(1, 1001) / 1000.0, a = positive(2), b = positive(3), t = positive(3);
    const double start = *rc::gen::oneOf(rc::gen::just(0.0), rc::gen::just(1.0)) * positive(2);
    ExpectedPassage pieced(start, t, true), computed(start, t);
    for (const double alpha : {positive(3), positive(3), 1.0, 1.1249999, 77.7}) {
      const double exact = computed(1, {r, alpha, a, b});
      const double error = RelativeError(pieced(1, {r, alpha, a, b}), exact);
      worst = std::max(worst, error);
      RC_ASSERT(error < 4e-12);   // what either loses by cancellation included
    }
  }));
  std::cout << "worst relative error of a piece " << worst << "\n";
}

void IsSound(const PurchaseModel& model, double x, double t_x, double age, double t, double room) {
  const double log_likelihood = LogLikelihood(model, x, t_x, age);
  const double alive = Alive(model, x, t_x, age), later = Alive(model, x, t_x, age, t), latest = Alive(model, x, t_x, age, 3 * t);
  const double expected = Expected(model, t, x, t_x, age), longer = Expected(model, 2 * t, x, t_x, age), window = Expected(model, t, x, t_x, age, t);
  const double none = Count(model, 0, t, x, t_x, age), some = Count(model, 3, t, x, t_x, age);
  RC_ASSERT(std::isfinite(log_likelihood) && std::isfinite(longer) && std::isfinite(window));
  RC_ASSERT(alive >= 0 && alive <= 1 && later >= 0 && later <= alive * (1 + room) && latest <= later * (1 + room));
  RC_ASSERT(expected >= 0 && longer >= expected * (1 - room) && window >= 0 && window <= expected * (1 + room) + 1e-300);
  RC_ASSERT(std::abs(expected + window - longer) <= room * longer + 1e-300);
  RC_ASSERT(none >= 0 && none <= 1 + 1e-12 && some >= 0 && none + some <= 1 + 1e-9 && expected >= 1 - none - 1e-9);
  const double soon = Residual(model, 1 / t, x, t_x, age), sooner = Residual(model, 10 / t, x, t_x, age);
  RC_ASSERT(std::isfinite(soon) && sooner >= 0 && sooner <= soon * (1 + room));
  RC_ASSERT(soon >= expected * std::exp(-1.0) * (1 - room));   // what comes within t is discounted by no more
}

TEST(MbgNbd_Limits, AnyCustomerOfAnyShop) {
  EXPECT_TRUE(rc::check([] {
    const auto positive = [] { return std::exp(*rc::gen::inRange(-700, 700) / 100.0); };
    const MbgNbd::Params params{positive(), positive(), positive(), positive()};
    const double x = *rc::gen::weightedOneOf<int>({{3, rc::gen::inRange(0, 30)}, {1, rc::gen::inRange(0, 20'000)}});
    const double age = *rc::gen::inRange(0, 20'000) / 10.0;
    const double t_x = x == 0 ? 0 : age * *rc::gen::inRange(0, 1001) / 1000.0;
    const double t = *rc::gen::inRange(1, 20'000) / 2.0;
    IsSound(*MbgNbd::Make(params), x, t_x, age, t, 1e-10);
    IsSound(*BgNbd::Make({params.r, params.alpha, params.a, params.b}), x, t_x, age, t, 1e-10);
  }));
}

TEST(MbgNbd_Limits, NumbersAsLargeAndSmallAsAreTaken) {
  EXPECT_TRUE(rc::check([] {
    const auto power = [](int low, int high) { return std::pow(10.0, *rc::gen::inRange(10 * low, 10 * high + 1) / 10.0); };
    const MbgNbd model = *MbgNbd::Make({power(-50, 50), power(-50, 50), power(-50, 50), power(-50, 50)});
    AnswersAnythingInNumbers(model);
  }));
}

// Customers drawn from the model lead back to it.
TEST(MbgNbd_Fit, FindsWhatDrewTheCustomers) {
  const MbgNbd truth = *MbgNbd::Make({1, 8, 1, 2});
  std::vector<double> age;
  for (int i = 0; i < 20'000; ++i) age.push_back(27 + i % 176 / 7.0);
  std::vector<double> none(age.size(), 0), x(age.size()), t_x(age.size());
  ASSERT_TRUE(truth.Simulate(3, {none, none, age}, x, t_x).ok());
  const auto model = MbgNbd::Fit({x, t_x, age});
  ASSERT_TRUE(model.ok()) << model.status();
  const double expected[] = {1, 8, 1, 2}, found[] = {model->params().r, model->params().alpha, model->params().a, model->params().b};
  for (std::size_t i = 0; i < 4; ++i) EXPECT_LT(std::abs(found[i] - expected[i]), 4 * model->report()->standard_errors[i]) << i;
  EXPECT_LT(model->report()->standard_errors[3], 0.3);
}

}  // namespace
}  // namespace rapport

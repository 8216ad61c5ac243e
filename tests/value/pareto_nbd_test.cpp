#include "rapport/value/pareto_nbd.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <utility>

#include "rapport/core/status.hpp"
#include "rapport/value/models.hpp"
#include "value/one_customer.hpp"
#include "value/reference_files.hpp"

namespace rapport {
namespace {

// Figures of an independent evaluation at 40 digits (CDNOW summary, weeks).
constexpr ParetoNbd::Params kReference{0.55327550868951929, 10.577612238681708, 0.60621356867408408, 11.667911237920216};
constexpr double kReferenceLogLikelihood = -9594.97392982686363;

ParetoNbd Model(double r, double alpha, double s, double beta) { return *ParetoNbd::Make({r, alpha, s, beta}); }
ParetoNbd Reference() { return *ParetoNbd::Make(kReference); }

TEST(ParetoNbd_Fit, ReachesTheReferenceOnCdnow) {
  const Customers cdnow = CdnowWeeks();
  const auto model = ParetoNbd::Fit(RowsOf(cdnow));
  ASSERT_TRUE(model.ok()) << model.status();
  EXPECT_LT(RelativeError(model->params().r, kReference.r), 1e-11);
  EXPECT_LT(RelativeError(model->params().alpha, kReference.alpha), 1e-11);
  EXPECT_LT(RelativeError(model->params().s, kReference.s), 1e-11);
  EXPECT_LT(RelativeError(model->params().beta, kReference.beta), 1e-11);
  ASSERT_TRUE(model->report().has_value());
  const stats::FitReport& report = *model->report();
  EXPECT_NEAR(report.log_likelihood, kReferenceLogLikelihood, 1e-10);
  EXPECT_TRUE(report.converged);
  EXPECT_EQ(report.diagnosis, "An interior optimum.");
  ASSERT_EQ(report.standard_errors.size(), 4u);
  EXPECT_LT(RelativeError(report.standard_errors[0], 0.0476287544296438), 1e-11);
  EXPECT_LT(RelativeError(report.standard_errors[1], 0.842723923504354), 1e-11);
  EXPECT_LT(RelativeError(report.standard_errors[2], 0.187279569470785), 1e-11);
  EXPECT_LT(RelativeError(report.standard_errors[3], 6.2110293198685), 1e-11);
  EXPECT_LT(RelativeError(report.covariance[1][3], -1.20602859082775), 1e-11);
}

TEST(ParetoNbd_Predict, AgreesWithTheReferenceForFiveCustomers) {
  const ParetoNbd model = Reference();
  struct Line {
    OneCustomer of;
    double alive, week, weeks39, weeks52, weeks520;
  };
  for (const Line& l : {Line{{2, 30.43, 38.86}, .8691187181689944, .04462041688438556, 1.4551129550138706, 1.8507834881126892, 9.200956285164562},
                        Line{{1, 1.71, 38.86}, .1678719780357788, .005243044490459726, .17098051731676694, .2174730952318554, 1.0811423676943341},
                        Line{{0, 0, 38.86}, .2950971583895895, .00328294278820404, .1070597926967539, .136171213293906, .6769594546646195},
                        Line{{29, 37.71, 38.00}, .9961245913781508, .6023556908683163, 19.59475700362925, 24.91035666084217, 123.33522414060506},
                        Line{{26, 30.86, 31.00}, .9979179433335102, .6328424669143106, 20.115867181383308, 25.45654695194659, 121.6203695567620}}) {
    EXPECT_LT(RelativeError(AliveOf(model, l.of), l.alive), 1e-13);
    EXPECT_LT(RelativeError(ExpectedOf(model, l.of, 1), l.week), 1e-13);
    EXPECT_LT(RelativeError(ExpectedOf(model, l.of, 39), l.weeks39), 1e-13);
    EXPECT_LT(RelativeError(ExpectedOf(model, l.of, 52), l.weeks52), 1e-13);
    EXPECT_LT(RelativeError(ExpectedOf(model, l.of, 520), l.weeks520), 1e-13);
  }
  const double rate = std::log(1.1) / 52;
  EXPECT_LT(RelativeError(ResidualOf(model, {2, 30.43, 38.86}, rate), 8.156155066173032), 1e-13);
  EXPECT_LT(RelativeError(ResidualOf(model, {26, 30.86, 31}, .0025), 90.04044396166869), 1e-13);
  EXPECT_LT(RelativeError(*model.ExpectedPurchasesNew(39), 1.2134080647031293), 1e-13);
  const double chances[] = {.4080910733410379, .21926636096788613, .1517461509467154, .09565247147591378, .05657513660155144, .031983422985752276};
  for (int n = 0; n < 6; ++n) EXPECT_LT(RelativeError(CountOf(model, {2, 30.43, 38.86}, n, 39), chances[n]), 1e-12) << n;
}

TEST(ParetoNbd_Predict, HoldsWherePeersBreak) {
  EXPECT_LT(RelativeError(ExpectedOf(Model(.5, 10, 1, 12), {7, 29.43, 38.86}, 39), 2.81317944497787825), 1e-13) << "s = 1 exactly";
  EXPECT_LT(RelativeError(ExpectedOf(Model(.5, 10, 1, 12), {0, 0, 38.86}, 39), .046623165334348), 1e-12);
  const ParetoNbd far = Model(1.5, 50, .01, 5000);   // beta >> alpha
  EXPECT_LT(RelativeError(LogLikelihoodOf(far, {500, 364, 365}), -402.755050100102836), 1e-14);
  EXPECT_LT(RelativeError(AliveOf(far, {500, 364, 365}), .999996375297117603), 1e-15);
  EXPECT_LT(RelativeError(LogLikelihoodOf(far, {221, 103.42857, 103.57143}), -135.80014902840357), 1e-13);
  const ParetoNbd told = Model(.5329, 38.0598, 64.2792, 7721.5264);
  EXPECT_LT(RelativeError(LogLikelihoodOf(told, {500, 364, 365}), -395.836203021646715), 1e-14);
  EXPECT_LT(RelativeError(AliveOf(told, {500, 364, 365}), .984400912934824978), 1e-13);
  EXPECT_LT(RelativeError(AliveOf(told, {3, 0, 39}), .387636779969878), 1e-13);
}

TEST(ParetoNbd_Predict, CountsAndExpectationsAgree) {
  const ParetoNbd model = Reference();
  const OneCustomer of{2, 30.43, 38.86};
  CountsAndExpectationsAgree(model, of, 39, {1e-13, 1e-12, 1e-14});
  EXPECT_EQ(CountOf(model, of, 1'000'000, 39), 0);
}

TEST(ParetoNbd_Predict, WhoLeftLongAgoHasAFiniteLogarithm) {
  const ParetoNbd model = Model(.5533, 10.5776, .6062, 11.668);
  const OneCustomer gone{2000, 100, 730};
  EXPECT_EQ(AliveOf(model, gone), 0);
  EXPECT_LT(RelativeError(AliveOf(model, gone, 0, true), std::log(5.76315670568029613) - 1650 * std::log(10.0)), 1e-14);
  EXPECT_LT(RelativeError(ResidualOf(model, gone, .1, true), std::log(1.54436733515681217) - 1648 * std::log(10.0)), 1e-14);
}

TEST(ParetoNbd_Input, NamesRowAndField) {
  const std::vector<double> x{1, 1.5}, t{1, 1}, age{2, 2}, whole{1, 1}, late{3, 1};
  EXPECT_EQ(ParetoNbd::Fit({x, t, age}).status().message(), "row 1, field frequency: found 1.5, expected a whole number of 0 or more");
  EXPECT_EQ(ParetoNbd::Fit({whole, late, age}).status().message(), "row 0, field recency: found 3, expected a time from 0 to the age");
  const std::vector<double> none{0, 0}, zero{0, 0};
  EXPECT_EQ(TokenOf(ParetoNbd::Fit({none, zero, age}).status()), "value.too_few_customers");
  EXPECT_EQ(TokenOf(ParetoNbd::Fit({}).status()), "value.too_few_customers");
  EXPECT_EQ(TokenOf(ParetoNbd::Make({1, 1, 0, 1}).status()), "value.invalid_parameter");
  EXPECT_EQ(TokenOf(ParetoNbd::Make({1, 1, 1, std::numeric_limits<double>::quiet_NaN()}).status()), "value.invalid_parameter");
  double out = 7;
  const OneCustomer of{2, 3, 4};
  EXPECT_EQ(TokenOf(Reference().ExpectedResidual(0, of.rows(), {&out, 1})), "value.invalid_input");
  EXPECT_EQ(out, 7);
}

TEST(ParetoNbd_Json, ReadsBackWhatItWrote) {
  const Customers cdnow = CdnowWeeks();
  const auto model = ParetoNbd::Fit(RowsOf(cdnow));
  ASSERT_TRUE(model.ok());
  const auto again = ReadPurchaseModel(*Json::Parse(model->ToJson().Canonical()));
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ((*again)->name(), "pareto_nbd");
  EXPECT_EQ((*again)->ToJson(), model->ToJson());
  EXPECT_FALSE(ParetoNbd::FromJson(*Json::Parse(R"({"model":"pareto_nbd","params":{"r":1,"alpha":1,"s":1}})")).ok());
}

TEST(ParetoNbd_Reference, AllPredictionsOfTheReferenceFile) {
  std::ifstream file = ReferenceFile("cdnow.json");
  if (!file.good()) GTEST_SKIP() << "the reference data in ../shared are absent";
  const Compared compared = ComparePredictions(Reference(), "pnbd", std::move(file));
  EXPECT_EQ(compared.count, 450);
  EXPECT_LT(compared.worst, 2e-13);
}

TEST(ParetoNbd_Reference, AllEdgeCases) {
  std::ifstream file = ReferenceFile("edge_cases.csv");
  if (!file.good()) GTEST_SKIP() << "the reference data in ../shared are absent";
  const Compared compared = CompareEdgeCases<ParetoNbd>("pn", std::move(file));
  EXPECT_EQ(compared.count, 613);
  std::cout << compared.count << " edge cases, worst relative error " << compared.worst << "\n";
}

}  // namespace
}  // namespace rapport

#include "rapport/value/bg_nbd.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <limits>
#include <utility>

#include "rapport/core/status.hpp"
#include "value/one_customer.hpp"
#include "value/reference.hpp"
#include "value/reference_files.hpp"

namespace rapport {
namespace {

// Figures of an independent evaluation at 40 digits (CDNOW summary, weeks).
constexpr BgNbd::Params kReference{0.24259290720446588, 4.413531561205426, 0.7928861480987685, 2.4257534364936212};
constexpr double kReferenceLogLikelihood = -9582.42556056736255;

BgNbd Model(double r, double alpha, double a, double b) { return *BgNbd::Make({r, alpha, a, b}); }

TEST(BgNbd_Fit, ReachesTheReferenceOnCdnow) {
  const Customers cdnow = CdnowWeeks();
  ASSERT_EQ(cdnow.frequency.size(), 2357u);
  const auto model = BgNbd::Fit({cdnow.frequency, cdnow.recency, cdnow.age});
  ASSERT_TRUE(model.ok()) << model.status();
  EXPECT_LT(RelativeError(model->params().r, kReference.r), 1e-11);
  EXPECT_LT(RelativeError(model->params().alpha, kReference.alpha), 1e-11);
  EXPECT_LT(RelativeError(model->params().a, kReference.a), 1e-11);
  EXPECT_LT(RelativeError(model->params().b, kReference.b), 1e-11);
  ASSERT_TRUE(model->report().has_value());
  EXPECT_LT(std::abs(model->report()->log_likelihood - kReferenceLogLikelihood), 1e-9);
  EXPECT_TRUE(model->report()->converged);
  ASSERT_FALSE(model->report()->standard_errors.empty());
  EXPECT_LT(RelativeError(model->report()->standard_errors[0], 0.0125573195837599), 1e-11);
  EXPECT_LT(RelativeError(model->report()->standard_errors[1], 0.37822141552659), 1e-11);
  EXPECT_LT(RelativeError(model->report()->standard_errors[2], 0.185719143095927), 1e-11);
  EXPECT_LT(RelativeError(model->report()->standard_errors[3], 0.705345755103569), 1e-11);
  EXPECT_LT(RelativeError(model->report()->covariance[2][3], 0.123195545553297), 1e-11);
}

TEST(BgNbd_Predict, AgreesWithTheReferenceForFiveCustomers) {
  const BgNbd model = Model(kReference.r, kReference.alpha, kReference.a, kReference.b);
  struct Line {
    double x, t_x, age, alive, week, weeks39, weeks52, weeks520;
  };
  for (const Line& l : {Line{2, 30.43, 38.86, .7266091515506478, .03744319434677504, 1.2259104521226991, 1.5585837937959006, 7.319496495773344},
                        Line{1, 1.71, 38.86, .21222740878632718, .006064651144688266, .20325064494155062, .2599071059021156, 1.30799950841431},
                        Line{0, 0, 38.86, 1, .005586350909808934, .19478084700632003, .25166571202088023, 1.4624051540386047},
                        Line{29, 37.71, 38.00, .9691335880913711, .6623964872842774, 20.053664452925503, 25.061421124166667, 100.29453794391293},
                        Line{26, 30.86, 31.00, .9689197101670572, .7106232666129643, 20.750569519943475, 25.759473142066728, 98.14563089694315}}) {
    EXPECT_LT(RelativeError(Alive(model, l.x, l.t_x, l.age), l.alive), 1e-12);
    EXPECT_LT(RelativeError(Expected(model, 1, l.x, l.t_x, l.age), l.week), 1e-12);
    EXPECT_LT(RelativeError(Expected(model, 39, l.x, l.t_x, l.age), l.weeks39), 1e-12);
    EXPECT_LT(RelativeError(Expected(model, 52, l.x, l.t_x, l.age), l.weeks52), 1e-12);
    EXPECT_LT(RelativeError(Expected(model, 520, l.x, l.t_x, l.age), l.weeks520), 1e-12);
  }
  EXPECT_LT(RelativeError(*model.ExpectedPurchasesNew(39), 1.195016297703443), 1e-9);
  const double chances[] = {.44539252, .23932978, .14417821, .08084200, .04353832, .02285931};
  for (int n = 0; n < 6; ++n) EXPECT_NEAR(Count(model, n, 39, 2, 30.43, 38.86), chances[n], 5e-9);
}

TEST(BgNbd_Predict, HoldsWherePeersBreak) {
  EXPECT_LT(RelativeError(Expected(Model(1, 5, 1, 2), 1, 0, 0, 38.86), .022628489100161), 1e-11) << "a = 1 exactly";
  EXPECT_LT(RelativeError(Expected(Model(2, 20, .05, .5), 39, 0, 0, 38.86), 1.2487054314002369), 1e-9) << "a + b < 1";
  EXPECT_LT(RelativeError(Expected(Model(2, 20, .05, .5), 365, 0, 0, 38.86), 10.443984165338006), 1e-9);
  const BgNbd model = Model(.2426, 4.4135, .7929, 2.4258);
  EXPECT_LT(RelativeError(Expected(model, 10000, 26, 30.86, 31), 286.70316737487537), 1e-9) << "a long horizon";
  EXPECT_LT(RelativeError(Expected(model, 10000, 10, 39, 39), 108.883193483335742), 1e-9);
  EXPECT_LT(RelativeError(Expected(model, 3650, 221, 103.42857, 103.57143), 1160.6923399881311), 1e-9);
  EXPECT_LT(RelativeError(Count(model, 200, 365, 0, 0, 0), 5.4706902428568553e-6), 1e-8);
}

TEST(BgNbd_Predict, CountsAndExpectationsAgree) {
  const BgNbd model = Model(kReference.r, kReference.alpha, kReference.a, kReference.b);
  CountsAndExpectationsAgree(model, {2, 30.43, 38.86}, 39, {1e-9, 1e-7, 1e-12});
}

TEST(BgNbd_Input, NamesRowAndField) {
  const std::vector<double> x{1, 1.5}, t{1, 1}, age{2, 2};
  const auto status = BgNbd::Fit({x, t, age}).status();
  EXPECT_EQ(TokenOf(status), "value.invalid_input");
  EXPECT_EQ(status.message(), "row 1, field frequency: found 1.5, expected a whole number of 0 or more");
  const std::vector<double> late{3, 1}, whole{1, 1};
  EXPECT_EQ(BgNbd::Fit({whole, late, age}).status().message(), "row 0, field recency: found 3, expected a time from 0 to the age");
  const std::vector<double> nan{std::numeric_limits<double>::quiet_NaN(), 2};
  EXPECT_EQ(TokenOf(BgNbd::Fit({whole, t, nan}).status()), "value.invalid_input");
  const std::vector<double> none{0, 0}, zero{0, 0};
  EXPECT_EQ(TokenOf(BgNbd::Fit({none, zero, age}).status()), "value.too_few_customers");
  const std::vector<double> three{1, 1, 1};
  EXPECT_EQ(BgNbd::Fit({whole, three, age}).status().message(), "field recency: found 3 rows, expected 2");
  EXPECT_EQ(BgNbd::Fit({whole, t, three}).status().message(), "field age: found 3 rows, expected 2");
  EXPECT_EQ(BgNbd::Fit({whole, t, age}, three).status().message(), "field weights: found 3 rows, expected 2");
  std::vector<double> out(3);
  EXPECT_EQ(BgNbd::Make({1, 1, 1, 1})->ProbabilityAlive(0, {whole, t, age}, out).message(), "field frequency: found 2 rows, expected 3");
  const std::vector<double> twice{2, 2}, one_counts{0, 1};
  const std::string expected = ", expected at least one repeat purchase observed over some time";
  EXPECT_EQ(BgNbd::Fit({none, zero, age}).status().message(), "field frequency: found 0 in all 2 rows that count" + expected);
  EXPECT_EQ(BgNbd::Fit({none, zero, age}, one_counts).status().message(), "field frequency: found 0 in all 1 rows that count" + expected);
  EXPECT_EQ(BgNbd::Fit({twice, zero, zero}).status().message(), "field age: found 0 in all 2 rows that count" + expected);
  EXPECT_EQ(BgNbd::Fit({whole, t, age}, zero).status().message(), "field weights: found 0 in all 2 rows, expected one above 0");
  EXPECT_EQ(BgNbd::Fit({}).status().message(), "found 0 rows" + expected);
  EXPECT_EQ(TokenOf(BgNbd::Make({0, 1, 1, 1}).status()), "value.invalid_parameter");
}

TEST(BgNbd_Json, ReadsBackWhatItWrote) {
  const Customers cdnow = CdnowWeeks();
  const auto model = BgNbd::Fit({cdnow.frequency, cdnow.recency, cdnow.age});
  ASSERT_TRUE(model.ok());
  const auto again = BgNbd::FromJson(*Json::Parse(model->ToJson().Canonical()));
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->params(), model->params());
  EXPECT_EQ(again->ToJson(), model->ToJson());
  EXPECT_EQ(TokenOf(BgNbd::FromJson(*Json::Parse(R"({"model":"bg_nbd","params":{"r":1,"alpha":1,"a":1,"b":-1}})")).status()), "value.invalid_parameter");
}

TEST(BgNbd_Reference, AFigureThatIsNoNumberIsTheWorstOfAll) {
  Compared compared;
  for (const double found : {1.5, std::nan(""), 1.25}) compared.Add(found, 1);
  EXPECT_TRUE(std::isnan(compared.worst));
  EXPECT_EQ(compared.count, 3);
  Compared fine;
  for (const double found : {1.0, 1.5, 1.25}) fine.Add(found, 1);
  EXPECT_EQ(fine.worst, 0.5);
}

TEST(BgNbd_Reference, AllPredictionsOfTheReferenceFile) {
  std::ifstream file = ReferenceFile("cdnow.json");
  if (!file.good()) GTEST_SKIP() << "the reference data in ../shared are absent";
  const Compared compared = ComparePredictions(*BgNbd::Make(kReference), "bgnbd", std::move(file));
  EXPECT_EQ(compared.count, 390);
  EXPECT_LT(compared.worst, 1e-12);
  RecordProperty("worst_relative_error", std::to_string(compared.worst));
}

TEST(BgNbd_Reference, AllEdgeCasesThatADoubleCanHold) {
  std::ifstream file = ReferenceFile("edge_cases.csv");
  if (!file.good()) GTEST_SKIP() << "the reference data in ../shared are absent";
  const Compared compared = CompareEdgeCases<BgNbd>("bg", std::move(file));
  EXPECT_EQ(compared.count, 302);
  std::cout << compared.count << " edge cases, worst relative error " << compared.worst << "\n";
}

}  // namespace
}  // namespace rapport

#include "rapport/value/bg_nbd.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <limits>
#include <numeric>

#include "rapport/core/hash.hpp"
#include "rapport/core/status.hpp"
#include "value/reference.hpp"

namespace rapport {
namespace {

// Figures of an independent evaluation at 40 digits (CDNOW summary, weeks).
constexpr BgNbd::Params kReference{0.24259290720446588, 4.413531561205426, 0.7928861480987685, 2.4257534364936212};
constexpr double kReferenceLogLikelihood = -9582.42556056736255;

BgNbd Model(double r, double alpha, double a, double b) { return *BgNbd::Make({r, alpha, a, b}); }

double Alive(const BgNbd& model, double x, double t_x, double age, double ahead = 0) {
  double out = -1;
  EXPECT_TRUE(model.ProbabilityAlive(ahead, {{&x, 1}, {&t_x, 1}, {&age, 1}}, {&out, 1}).ok());
  return out;
}
double Expected(const BgNbd& model, double t, double x, double t_x, double age, double start = 0) {
  double out = -1;
  EXPECT_TRUE(model.ExpectedPurchases(t, {{&x, 1}, {&t_x, 1}, {&age, 1}}, start, {&out, 1}).ok());
  return out;
}
double LogLikelihood(const BgNbd& model, double x, double t_x, double age) {
  double out = -1;
  EXPECT_TRUE(model.LogLikelihoodOf({{&x, 1}, {&t_x, 1}, {&age, 1}}, {&out, 1}).ok());
  return out;
}
double Count(const BgNbd& model, std::int64_t n, double t, double x, double t_x, double age) {
  double out = -1;
  EXPECT_TRUE(model.PurchaseProbability(n, t, {{&x, 1}, {&t_x, 1}, {&age, 1}}, {&out, 1}).ok());
  return out;
}

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
  double sum = 0, mean = 0;
  for (int n = 0; n < 400; ++n) {
    const double p = Count(model, n, 39, 2, 30.43, 38.86);
    sum += p;
    mean += n * p;
  }
  EXPECT_NEAR(sum, 1, 1e-9);
  EXPECT_NEAR(mean, Expected(model, 39, 2, 30.43, 38.86), 1e-7);
  EXPECT_NEAR(Expected(model, 13, 2, 30.43, 38.86, 26), Expected(model, 39, 2, 30.43, 38.86) - Expected(model, 26, 2, 30.43, 38.86), 1e-12);
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

std::string Shared(const std::string& name) { return std::string(RAPPORT_SHARED_DIR) + "/data/btyd-reference/" + name; }

TEST(BgNbd_Reference, AllPredictionsOfTheReferenceFile) {
  std::ifstream file(Shared("cdnow.json"));
  if (!file.good()) GTEST_SKIP() << "the reference data in ../shared are absent";
  std::ostringstream text;
  text << file.rdbuf();
  const auto json = Json::Parse(text.str());
  ASSERT_TRUE(json.ok()) << json.status();
  const BgNbd model = Model(kReference.r, kReference.alpha, kReference.a, kReference.b);
  double worst = 0;
  int compared = 0;
  for (const Json& customer : *json->Find("predictions")->if_array()) {
    const double x = *customer.Find("x")->if_number(), t_x = *customer.Find("t_x")->if_number(), age = *customer.Find("T")->if_number();
    const Json& bg = *customer.Find("bgnbd");
    worst = std::max(worst, RelativeError(Alive(model, x, t_x, age), *bg.Find("p_alive")->if_number()));
    for (const auto& [horizon, expected] : *bg.Find("expected_purchases")->if_object()) {
      worst = std::max(worst, RelativeError(Expected(model, std::stod(horizon), x, t_x, age), *expected.if_number()));
      ++compared;
    }
    int n = 0;
    for (const Json& p : *bg.Find("pmf_t39")->if_array()) {
      worst = std::max(worst, RelativeError(Count(model, n++, 39, x, t_x, age), *p.if_number()));
    }
  }
  EXPECT_EQ(compared, 180);
  EXPECT_LT(worst, 1e-12);
  RecordProperty("worst_relative_error", std::to_string(worst));
}

TEST(BgNbd_Reference, AllEdgeCasesThatADoubleCanHold) {
  std::ifstream file(Shared("edge_cases.csv"));
  if (!file.good()) GTEST_SKIP() << "the reference data in ../shared are absent";
  std::string line;
  std::getline(file, line);
  int compared = 0, in_logarithms = 0;
  double worst = 0;
  while (std::getline(file, line)) {
    std::vector<std::string> c;
    std::istringstream cells(line);
    for (std::string cell; std::getline(cells, cell, ',');) c.push_back(cell);
    if (c[0] != "bg") continue;
    const auto number = [&](std::size_t i) { return std::stod(c[i]); };
    const double truth = std::strtod(c[10].c_str(), nullptr);
    const BgNbd model = Model(number(2), number(3), number(4), number(5));
    const double x = number(6), t_x = number(7), age = number(8), t = number(9);
    const double found = c[1] == "LL" ? LogLikelihood(model, x, t_x, age) : c[1] == "PAlive" ? Alive(model, x, t_x, age) : Expected(model, t, x, t_x, age);
    if (std::abs(truth) < 1e-300) {   // a double holds few digits of it or none: its logarithm
      EXPECT_NEAR(found, truth, std::numeric_limits<double>::min()) << line;
      const std::size_t e = c[10].find_first_of("eE");
      if (e == std::string::npos) continue;   // 0
      const double log_truth = std::log(std::stod(c[10].substr(0, e))) + std::stod(c[10].substr(e + 1)) * std::log(10.0);
      double log_found = 0;
      const Histories row{{&x, 1}, {&t_x, 1}, {&age, 1}};
      ASSERT_TRUE((c[1] == "PAlive" ? model.ProbabilityAlive(0, row, {&log_found, 1}, {.log = true})
                                    : model.ExpectedPurchases(t, row, 0, {&log_found, 1}, {.log = true})).ok());
      EXPECT_LT(RelativeError(log_found, log_truth), 1e-12) << line;
      ++in_logarithms;
      continue;
    }
    EXPECT_LT(RelativeError(found, truth), 1e-12) << line;
    worst = std::max(worst, RelativeError(found, truth));
    ++compared;
  }
  EXPECT_EQ(compared + in_logarithms, 302);
  std::cout << compared << " edge cases, worst relative error " << worst << "; " << in_logarithms << " more by their logarithms\n";
}

}  // namespace
}  // namespace rapport

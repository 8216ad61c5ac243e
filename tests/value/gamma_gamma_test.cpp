#include "rapport/value/gamma_gamma.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "rapport/core/status.hpp"
#include "rapport/stats/draws.hpp"
#include "value/reference.hpp"

namespace rapport {
namespace {

constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();

double Value(const GammaGamma& model, double x, double mean) {
  double out = -1;
  const absl::Status status = model.ExpectedValue({&x, 1}, {&mean, 1}, {&out, 1});
  EXPECT_TRUE(status.ok()) << status;
  return out;
}
double LogLikelihood(const GammaGamma& model, double x, double mean) {
  double out = -1;
  EXPECT_TRUE(model.LogLikelihoodOf({&x, 1}, {&mean, 1}, {&out, 1}).ok());
  return out;
}
std::string FitText(const std::vector<double>& frequency, const std::vector<double>& monetary, std::span<const double> weights = {}) {
  const auto model = GammaGamma::Fit(frequency, monetary, weights);
  return model.ok() ? model->ToJson().Canonical() : std::string(model.status().message());
}

struct Spenders {
  std::vector<double> frequency, monetary;
};
// Customers drawn from the model.
Spenders Drawn(const GammaGamma::Params& p, int size, std::uint64_t seed) {
  Spenders drawn;
  for (int i = 0; i < size; ++i) {
    stats::Draws draws(seed, static_cast<std::uint64_t>(i));
    const double x = 1 + std::floor(draws.Exponential() * 3), nu = draws.Gamma(p.q) / p.gamma;
    drawn.frequency.push_back(x);
    drawn.monetary.push_back(draws.Gamma(p.p * x) / (nu * x));
  }
  return drawn;
}

TEST(GammaGamma_Fit, ReachesTheReferenceOnCdnow) {
  const Customers cdnow = CdnowWeeks();
  const auto model = GammaGamma::Fit(cdnow.frequency, cdnow.monetary);
  ASSERT_TRUE(model.ok()) << model.status();
  // Figures of an independent evaluation at 40 digits.
  EXPECT_LT(RelativeError(model->params().p, 6.248802489709095), 1e-10);
  EXPECT_LT(RelativeError(model->params().q, 3.7445884532874681), 1e-10);
  EXPECT_LT(RelativeError(model->params().gamma, 15.447748009463717), 1e-10);
  const stats::FitReport& report = *model->report();
  EXPECT_LT(std::abs(report.log_likelihood + 4055.92324350286426), 1e-9);
  EXPECT_TRUE(report.converged);
  EXPECT_EQ(report.diagnosis, "An interior optimum.");
  EXPECT_EQ(report.customers, 946);
  EXPECT_LT(RelativeError(report.standard_errors[0], 1.189687037658), 1e-9);
  EXPECT_LT(RelativeError(report.standard_errors[1], .290165615135171), 1e-9);
  EXPECT_LT(RelativeError(report.standard_errors[2], 4.15999387832513), 1e-9);
  EXPECT_LT(RelativeError(report.covariance[0][2], -4.80206603760021), 1e-9);
}

TEST(GammaGamma_Reference, LikelihoodAndMeanValues) {
  EXPECT_LT(RelativeError(LogLikelihood(*GammaGamma::Make({6.25, 3.74, 15.44}), 2, 22.35), -3.55131675973170473), 1e-13);
  EXPECT_LT(RelativeError(LogLikelihood(*GammaGamma::Make({1.2, 0.79, 20}), 1, 11.77), -4.10336731339724874), 1e-13);
  EXPECT_LT(RelativeError(LogLikelihood(*GammaGamma::Make({0.05, 40, 3000}), 500, 1e-3), -166.839236033043096), 1e-13);
  EXPECT_LT(RelativeError(LogLikelihood(*GammaGamma::Make({2000, 3, 0.01}), 12, 7e6), -54.7515110498163826), 1e-12);
  const auto model = GammaGamma::Make({6.248802489709095, 3.7445884532874681, 15.447748009463717});
  EXPECT_LT(RelativeError(Value(*model, 2, 22.35), 24.658616174326713), 1e-12);
  EXPECT_LT(RelativeError(Value(*model, 1, 11.77), 18.9114798415671), 1e-12);
  EXPECT_LT(RelativeError(Value(*model, 0, kNothing), 35.17100208824097), 1e-12);
}

TEST(GammaGamma_Reference, NoMeanIsInvented) {
  // q = 1 and below: peers give NaN and a price of -114.29.
  EXPECT_LT(RelativeError(Value(*GammaGamma::Make({3, 1, 10}), 1, 11.77), 21.77), 1e-14);
  const auto model = GammaGamma::Make({1.2, 0.79, 20});
  const std::vector<double> x{3, 0}, mean{5, 0};
  std::vector<double> out{-1, -1};
  const absl::Status status = model->ExpectedValue(x, mean, out);
  EXPECT_EQ(TokenOf(status), "value.no_mean");
  EXPECT_EQ(status.message(), "row 1: found q = 0.79 and frequency 0, expected p * frequency + q above 1: below that, mean spending has no bound");
  EXPECT_EQ(out, (std::vector<double>{-1, -1})) << "nothing is written";
  double bounded = 0;
  const absl::Status below = GammaGamma::Make({0.1, 0.79, 20})->ExpectedValue(std::span(x).first(1), std::span(mean).first(1), {&bounded, 1});
  EXPECT_TRUE(below.ok()) << "0.3 + 0.79 > 1";
  EXPECT_GT(bounded, 0);
}

TEST(GammaGamma_Fit, FindsTheParametersThatMadeTheData) {
  const GammaGamma::Params truth{4, 3, 20};
  const Spenders drawn = Drawn(truth, 20'000, 5);
  const auto model = GammaGamma::Fit(drawn.frequency, drawn.monetary);
  ASSERT_TRUE(model.ok());
  const std::vector<double>& se = model->report()->standard_errors;
  ASSERT_EQ(se.size(), 3u);
  EXPECT_LT(std::abs(model->params().p - truth.p), 4 * se[0]);
  EXPECT_LT(std::abs(model->params().q - truth.q), 4 * se[1]);
  EXPECT_LT(std::abs(model->params().gamma - truth.gamma), 4 * se[2]);
  EXPECT_LT(se[1], 0.1) << "precise enough to mean something";
  std::vector<double> each(drawn.frequency.size());
  ASSERT_TRUE(model->LogLikelihoodOf(drawn.frequency, drawn.monetary, each).ok());
  EXPECT_LT(RelativeError(std::accumulate(each.begin(), each.end(), 0.0), model->report()->log_likelihood), 1e-12);
}

TEST(GammaGamma_Fit, OrderWeightsAndUnitsDoNotShow) {
  const Customers cdnow = CdnowWeeks();
  std::vector<double> frequency, monetary, weights, scaled;
  for (std::size_t i = cdnow.age.size(); i-- > 0;) {
    weights.push_back(static_cast<double>(1 + i % 3));
    for (std::size_t k = 0; k <= i % 3; ++k) frequency.push_back(cdnow.frequency[i]), monetary.push_back(cdnow.frequency[i] == 0 ? kNothing : cdnow.monetary[i]);
  }
  std::reverse(weights.begin(), weights.end());
  EXPECT_EQ(FitText(frequency, monetary), FitText(cdnow.frequency, cdnow.monetary, weights));
  const auto plain = GammaGamma::Fit(cdnow.frequency, cdnow.monetary);
  for (const double unit : {1e-6, 100.0, 1e9}) {
    scaled = cdnow.monetary;
    for (double& mean : scaled) mean *= unit;
    const auto model = GammaGamma::Fit(cdnow.frequency, scaled);
    ASSERT_TRUE(model.ok());
    EXPECT_LT(RelativeError(model->params().p, plain->params().p), 1e-10) << unit;
    EXPECT_LT(RelativeError(model->params().gamma, plain->params().gamma * unit), 1e-10) << unit;
    EXPECT_NEAR(model->report()->log_likelihood, plain->report()->log_likelihood - 946 * std::log(unit), 1e-8) << unit;
  }
}

TEST(GammaGamma_Fit, SaysWhichBoundaryItRanTo) {
  std::vector<double> frequency, same, own, alike;
  for (int i = 0; i < 400; ++i) {
    stats::Draws draws(3, static_cast<std::uint64_t>(i));
    frequency.push_back(1 + i % 5);
    same.push_back(25);
    const double x = frequency.back();
    own.push_back(10 / draws.Gamma(12 / x) * (12 / x));     // varies more, not less, where it is a mean of many
    alike.push_back(draws.Gamma(2 * x * x) / (x * x));      // varies even less than means of many do
  }
  const auto fit = [&](const std::vector<double>& monetary) { return *GammaGamma::Fit(frequency, monetary); };
  EXPECT_EQ(fit(same).report()->diagnosis, "On the boundary: all purchases are worth the same, so p, q and gamma are not determined one by one.");
  EXPECT_LT(RelativeError(Value(fit(same), 2, 25), 25), 1e-6);
  EXPECT_EQ(fit(own).report()->diagnosis,
            "On the boundary: each customer always spends the same, so p and gamma are determined only by their product.");
  EXPECT_EQ(fit(alike).report()->diagnosis,
            "On the boundary: customers do not differ in what they spend, so q and gamma are determined only by their ratio.");
  for (const auto& monetary : {same, own, alike}) EXPECT_TRUE(fit(monetary).report()->standard_errors.empty());
}

TEST(GammaGamma_Fit, IsFiniteForAnyTable) {
  EXPECT_TRUE(rc::check([] {
    const int size = *rc::gen::inRange(1, 30);
    std::vector<double> frequency, monetary;
    for (int i = 0; i < size; ++i) {
      frequency.push_back(*rc::gen::inRange(0, 9));
      monetary.push_back(*rc::gen::inRange(1, 100'000) / 100.0);
    }
    const bool anyone = *std::max_element(frequency.begin(), frequency.end()) > 0;
    const auto model = GammaGamma::Fit(frequency, monetary);
    RC_ASSERT(model.ok() == anyone);
    if (!anyone) {
      RC_ASSERT(TokenOf(model.status()) == "value.too_few_customers");
      return;
    }
    RC_ASSERT(std::isfinite(model->report()->log_likelihood) && !model->report()->diagnosis.empty());
    for (const double error : model->report()->standard_errors) RC_ASSERT(error > 0 && std::isfinite(error));
    RC_ASSERT(GammaGamma::FromJson(*Json::Parse(model->ToJson().Canonical()))->ToJson() == model->ToJson());
    std::vector<double> out(frequency.size());
    const absl::Status status = model->ExpectedValue(frequency, monetary, out);
    RC_ASSERT(status.ok() || TokenOf(status) == "value.no_mean");
    if (status.ok()) {
      for (const double value : out) RC_ASSERT(value > 0 && std::isfinite(value));
    }
  }));
}

TEST(GammaGamma_Errors, NameRowAndField) {
  const std::vector<double> x{2, 1, 0}, good{10, 12, kNothing}, refunded{10, -3, 0}, missing{10, kNothing, 0}, fraction{2, 1.5, 0};
  const auto message = [](const auto& result) { return std::string(result.status().message()); };
  EXPECT_TRUE(GammaGamma::Fit(x, good).ok());
  EXPECT_EQ(TokenOf(GammaGamma::Fit(x, refunded).status()), "value.invalid_input");
  EXPECT_EQ(message(GammaGamma::Fit(x, refunded)),
            "row 1, field monetary: found -3, expected a mean above 0: refunds \"exclude\" leaves refunds out, \"net\" takes a day that brought nothing "
            "for no purchase");
  EXPECT_EQ(message(GammaGamma::Fit(x, missing)), "row 1, field monetary: found nan, expected an amount from 1e-50 to 1e20");
  EXPECT_EQ(message(GammaGamma::Fit(fraction, good)), "row 1, field frequency: found 1.5, expected a whole number of 0 or more");
  EXPECT_EQ(message(GammaGamma::Fit(x, std::span(good).first(2))), "field monetary: found 2 rows, expected 3");
  EXPECT_EQ(message(GammaGamma::Fit(x, good, std::vector<double>{1, 1, -1})), "row 2, field weights: found -1, expected a weight from 0 to 1e20");
  EXPECT_EQ(TokenOf(GammaGamma::Make({1, 0, 1}).status()), "value.invalid_parameter");
}

TEST(GammaGamma_Correlation, IsPearsonsOverThoseWhoBoughtAgain) {
  const std::vector<double> x{1, 2, 3, 0}, rising{10, 20, 30, kNothing}, falling{4, 3, 1, 0}, flat{5, 5, 5, 5};
  EXPECT_NEAR(*SpendCorrelation(x, rising), 1, 1e-15);
  EXPECT_NEAR(*SpendCorrelation(x, falling), -0.98198050606196574, 1e-14);
  EXPECT_EQ(TokenOf(SpendCorrelation(x, flat).status()), "value.no_correlation");
  const std::vector<double> repeated{1, 1, 2, 3, 3, 3}, means{4, 4, 3, 1, 1, 1}, weights{2, 1, 3, 7};
  EXPECT_NEAR(*SpendCorrelation(x, falling, weights), *SpendCorrelation(repeated, means), 1e-14);
  const Customers cdnow = CdnowWeeks();
  EXPECT_NEAR(*SpendCorrelation(cdnow.frequency, cdnow.monetary), 0.113884, 1e-6) << "as lifetimes' guide prints it";
}

}  // namespace
}  // namespace rapport

#include "rapport/value/nbd.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <numeric>

#include "rapport/core/status.hpp"
#include "rapport/value/models.hpp"
#include "value/one_customer.hpp"

namespace rapport {
namespace {

Nbd Model(double r, double alpha) { return *Nbd::Make({r, alpha}); }

TEST(Nbd_Fit, ReachesTheReferenceOnCdnow) {
  // An independent evaluation at 40 digits; the likelihood is that of counts, with T^x and 1/x!.
  const Customers cdnow = CdnowWeeks();
  const auto model = Nbd::Fit(RowsOf(cdnow));
  ASSERT_TRUE(model.ok()) << model.status();
  EXPECT_LT(RelativeError(model->params().r, 0.38476767405184111), 1e-12);
  EXPECT_LT(RelativeError(model->params().alpha, 12.072084990970887), 1e-12);
  const stats::FitReport& report = *model->report();
  EXPECT_NEAR(report.log_likelihood, -3193.05683142061895, 1e-10);
  EXPECT_LT(RelativeError(report.standard_errors[0], 0.0209854879015068), 1e-12);
  EXPECT_LT(RelativeError(report.standard_errors[1], 0.808727342429877), 1e-12);
  EXPECT_LT(RelativeError(report.covariance[0][1], 0.0138182625520763), 1e-12);
  EXPECT_EQ(report.diagnosis, "An interior optimum.");
  EXPECT_LT(RelativeError(report.Aic(), 4 + 2 * 3193.05683142061895), 1e-14);
  std::vector<double> each(cdnow.age.size());
  ASSERT_TRUE(model->LogLikelihoodOf(RowsOf(cdnow), each).ok());
  EXPECT_NEAR(std::accumulate(each.begin(), each.end(), 0.0), report.log_likelihood, 1e-9);
}

TEST(Nbd_Fit, ReadsCountsAloneAndHasNoUnit) {
  const Customers cdnow = CdnowWeeks();
  Customers early = cdnow, days = cdnow;
  for (double& t : early.recency) t /= 2;
  for (double& t : days.recency) t *= 7;
  for (double& t : days.age) t *= 7;
  const auto weeks = Nbd::Fit(RowsOf(cdnow)), other = Nbd::Fit(RowsOf(early)), by_day = Nbd::Fit(RowsOf(days));
  ASSERT_TRUE(weeks.ok() && other.ok() && by_day.ok());
  EXPECT_EQ(other->ToJson(), weeks->ToJson());
  EXPECT_LT(RelativeError(by_day->params().alpha, 7 * weeks->params().alpha), 1e-12);
  EXPECT_LT(RelativeError(by_day->report()->log_likelihood, weeks->report()->log_likelihood), 1e-13);
}

TEST(Nbd_Fit, SaysWhereAllBuyAtOneRate) {
  Customers poisson;   // counts less spread than a Poisson's
  for (int i = 0; i < 300; ++i) AddTo(poisson, 3 + i % 2, 10, 40);
  const auto model = Nbd::Fit(RowsOf(poisson));
  ASSERT_TRUE(model.ok());
  EXPECT_TRUE(model->report()->converged);
  EXPECT_TRUE(model->report()->standard_errors.empty());
  EXPECT_EQ(model->report()->diagnosis, "On the boundary: these customers all buy at one rate, so r and alpha are determined only by their ratio.");
  EXPECT_LT(RelativeError(model->params().r / model->params().alpha, 3.5 / 40), 1e-6);
}

TEST(Nbd_Fit, FindsRatesAndEffectsThatMadeTheData) {
  const auto maker = Nbd::FromJson(*Json::Parse(R"({"model":"nbd","params":{"r":0.7,"alpha":12,"transaction.vip":0.8}})"));
  ASSERT_TRUE(maker.ok()) << maker.status();
  const std::size_t size = 10'000;
  Customers drawn;
  std::vector<double> vip, x(size), t_x(size);
  for (std::size_t i = 0; i < size; ++i) {
    AddTo(drawn, 0, 0, 20 + static_cast<double>(i % 30));
    vip.push_back(i % 4 == 0 ? 1 : 0);
  }
  Histories rows = RowsOf(drawn);
  rows.transaction = {{"vip"}, {vip}};
  ASSERT_TRUE(maker->Simulate(3, rows, x, t_x).ok());
  rows.frequency = x;
  rows.recency = t_x;
  const auto model = Nbd::Fit(rows);
  ASSERT_TRUE(model.ok()) << model.status();
  const std::vector<double>& se = model->report()->standard_errors;
  ASSERT_EQ(se.size(), 3u);
  EXPECT_LT(std::abs(model->params().r - .7), 4 * se[0]);
  EXPECT_LT(std::abs(model->params().alpha - 12), 4 * se[1]);
  EXPECT_LT(std::abs(model->effects()[0].value - .8), 4 * se[2]);
  EXPECT_LT(se[2], 0.05);
  std::vector<double> twice = vip;
  for (double& value : twice) value = 3 - 2 * value;
  rows.transaction = {{"vip", "two"}, {vip, twice}};
  const auto collinear = Nbd::Fit(rows);
  ASSERT_TRUE(collinear.ok()) << collinear.status();
  EXPECT_TRUE(collinear->report()->standard_errors.empty() && collinear->report()->covariance.empty()) << "none is made up";
  EXPECT_EQ(collinear->report()->diagnosis,
            "Covariate \"vip\" of transaction is a constant or a sum of others, so their effects are not determined one by one.");
  EXPECT_NEAR(collinear->report()->log_likelihood, model->report()->log_likelihood, 1e-7) << "it adds nothing";
  rows.dropout = {{"vip"}, {vip}};
  EXPECT_EQ(TokenOf(Nbd::Fit(rows).status()), "value.covariates");
}

TEST(Nbd_Predict, NobodyStops) {
  const Nbd model = Model(.5, 10);
  const OneCustomer of{3, 4, 30};
  EXPECT_EQ(AliveOf(model, of), 1);
  EXPECT_EQ(AliveOf(model, of, 1e6), 1);
  EXPECT_DOUBLE_EQ(ExpectedOf(model, of, 52), 3.5 / 40 * 52);
  EXPECT_DOUBLE_EQ(ExpectedOf(model, of, 52, 1000), 3.5 / 40 * 52);
  EXPECT_DOUBLE_EQ(ResidualOf(model, of, .002), 3.5 / 40 / .002);
  CountsAndExpectationsAgree(model, of, 52, {1e-13, 1e-11, 1e-11});
}

TEST(Nbd_Predict, TheLikelihoodIsTheChanceOfTheCount) {
  const Nbd model = Model(.7, 12);
  const OneCustomer fresh{0, 0, 0};
  for (const double x : {0.0, 1.0, 7.0, 300.0}) {
    EXPECT_NEAR(LogLikelihoodOf(model, {x, x == 0 ? 0.0 : 1.0, 26}), CountOf(model, fresh, x, 26, true), 1e-11) << x;
  }
}

TEST(Nbd_Input, NamesRowAndField) {
  const std::vector<double> x{1, 2}, t{1, 0}, age{2, 0}, none{0, 0}, zero{0, 0};
  EXPECT_EQ(Nbd::Fit({x, t, age}).status().message(), "row 1, field age: found 0, expected a time above 0 where there were purchases");
  std::vector<double> out(2, 7);
  EXPECT_EQ(TokenOf(Model(1, 1).LogLikelihoodOf({x, t, age}, out)), "value.invalid_input");
  EXPECT_EQ(out[0], 7);
  EXPECT_EQ(TokenOf(Nbd::Fit({none, zero, age}).status()), "value.too_few_customers");
  EXPECT_EQ(TokenOf(Nbd::Make({1, 1e51}).status()), "value.invalid_parameter");
}

TEST(Nbd_Json, ReadsBackWhatItWrote) {
  const auto model = Nbd::Fit(RowsOf(CdnowWeeks()));
  ASSERT_TRUE(model.ok());
  const auto again = ReadPurchaseModel(*Json::Parse(model->ToJson().Canonical()));
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ((*again)->ToJson(), model->ToJson());
}

TEST(Nbd_Limits, NumbersAsLargeAndSmallAsAreTaken) {
  EXPECT_TRUE(rc::check([] {
    const auto power = [](int low, int high) { return std::pow(10.0, *rc::gen::inRange(10 * low, 10 * high + 1) / 10.0); };
    const Nbd model = Model(power(-50, 50), power(-50, 50));
    const OneCustomer of{*rc::gen::element(0.0, 1.0, 20'000.0, 9007199254740992.0), 0, power(-50, 20)};
    const double t = power(-50, 20);
    RC_ASSERT(std::isfinite(LogLikelihoodOf(model, of)) && LogLikelihoodOf(model, of) <= 1e-6 * of.x);
    for (const double number : {ExpectedOf(model, of, t), ResidualOf(model, of, power(-12, 12))}) RC_ASSERT(std::isfinite(number) && number >= 0);
    for (const double n : {0.0, 3.0, 1e6}) RC_ASSERT(CountOf(model, of, n, t) >= 0 && CountOf(model, of, n, t) <= 1);
  }));
}

}  // namespace
}  // namespace rapport

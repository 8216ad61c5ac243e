#include "rapport/expectation/promise_response.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cmath>
#include <limits>
#include <vector>

#include "rapport/core/hash.hpp"
#include "rapport/core/status.hpp"

namespace rapport {
namespace {

using ::testing::HasSubstr;

struct Rows {
  std::vector<double> days, satisfied;
};

// Margins from -10 to 20 days, satisfied as the parameters say.
Rows Drawn(const PromiseResponse::Params& p, int rows) {
  Rows drawn;
  for (int i = 0; i < rows; ++i) {
    const double d = std::floor(Chance(5, "margin", {std::to_string(i)}) * 31) - 10;
    const double eta = p.constant + (d < 0 ? p.late - d * p.days_late : d * p.days_early);
    drawn.days.push_back(d);
    drawn.satisfied.push_back(Chance(5, "satisfied", {std::to_string(i)}) < 1 / (1 + std::exp(-eta)) ? 1 : 0);
  }
  return drawn;
}

double Predict(const PromiseResponse& model, double days) {
  double out = -1;
  EXPECT_TRUE(model.Predict({&days, 1}, {&out, 1}).ok());
  return out;
}

TEST(PromiseResponse_Fit, FindsWhatTheRowsWereDrawnFrom) {
  const PromiseResponse::Params truth{1.2, -1, 0.05, -0.2};
  const Rows rows = Drawn(truth, 200000);
  const auto model = PromiseResponse::Fit(rows.days, rows.satisfied);
  ASSERT_TRUE(model.ok()) << model.status();
  const auto& report = *model->report();
  EXPECT_EQ(report.diagnosis, "An interior optimum.");
  const double fitted[] = {model->params().constant, model->params().late, model->params().days_early, model->params().days_late};
  const double wanted[] = {truth.constant, truth.late, truth.days_early, truth.days_late};
  for (std::size_t j = 0; j < 4; ++j) EXPECT_LT(std::abs(fitted[j] - wanted[j]), 4 * *report.standard_errors[j]) << j;
  const auto ratio = model->LateToEarlyRatio();
  EXPECT_LT(*ratio->low, 4);
  EXPECT_GT(*ratio->high, 4);
  EXPECT_LT(Predict(*model, -1), Predict(*model, 0));
  EXPECT_LT(Predict(*model, -5), Predict(*model, -1));
  EXPECT_GT(Predict(*model, 5), Predict(*model, 0));
}

TEST(PromiseResponse_Ratio, HasNoUpperEndWhereEarlyDaysMayBeWorthNothing) {
  const Rows rows = Drawn({1.2, -1, 0.002, -0.2}, 3000);
  const auto model = PromiseResponse::Fit(rows.days, rows.satisfied);
  const auto ratio = model->LateToEarlyRatio();
  EXPECT_TRUE(ratio->ratio.has_value());
  EXPECT_EQ(ratio->high, std::nullopt);
  ASSERT_TRUE(ratio->low.has_value());
  EXPECT_GT(*ratio->low, 1);
  EXPECT_EQ(TokenOf(model->LateToEarlyRatio(1).status()), "expectation.invalid_input");
  const auto made = PromiseResponse::Make({1, -1, 0.01, -0.1});
  EXPECT_NEAR(*made->LateToEarlyRatio()->ratio, 10, 1e-12);
  EXPECT_EQ(made->LateToEarlyRatio()->low, std::nullopt) << "no fit, no interval";
  EXPECT_EQ(PromiseResponse::Make({1, -1, 0, -0.1})->LateToEarlyRatio()->ratio, std::nullopt);
}

// Fieller's set by its definition: an end of the interval is where the combination is z standard errors away from 0.
TEST(PromiseResponse_Ratio, EndsWhereTheCombinationIsSignificant) {
  const Rows rows = Drawn({1.2, -1, 0.05, -0.2}, 20000);
  const auto model = PromiseResponse::Fit(rows.days, rows.satisfied);
  const auto ratio = model->LateToEarlyRatio(0.9);
  const auto& v = *model->report()->covariance;
  for (const double q : {*ratio->low, *ratio->high}) {
    const double combination = model->params().days_late + q * model->params().days_early;
    EXPECT_NEAR(std::abs(combination) / std::sqrt(v[3][3] + 2 * q * v[2][3] + q * q * v[2][2]), 1.6448536269514722, 1e-9);
  }
}

TEST(PromiseResponse_Monotone, HoldsWhatGoesTheWrongWay) {
  const Rows rows = Drawn({1.2, 0.8, -0.05, -0.2}, 20000);   // late helps, early hurts
  const auto free = PromiseResponse::Fit(rows.days, rows.satisfied);
  const auto held = PromiseResponse::Fit(rows.days, rows.satisfied, {}, {.monotone = true});
  EXPECT_GT(free->params().late, 0);
  EXPECT_EQ(held->params().late, 0);
  EXPECT_EQ(held->params().days_early, 0);
  EXPECT_LT(held->params().days_late, 0);
  EXPECT_EQ(held->report()->standard_errors[1], std::nullopt);
  EXPECT_TRUE(held->report()->standard_errors[3].has_value());
  EXPECT_THAT(held->report()->diagnosis, HasSubstr("Held at the bound 0: late, days_early."));
  EXPECT_LE(held->report()->log_likelihood, free->report()->log_likelihood);
  double before = 0;
  for (double d = -12; d <= 20; d += 0.5) {
    EXPECT_GE(Predict(*held, d), before) << d;
    before = Predict(*held, d);
  }
}

TEST(PromiseResponse_Fit, SaysWhatTheRowsDoNotTell) {
  const std::vector<double> early{0, 1, 2, 3, 4, 5}, mixed{1, 0, 1, 1, 0, 1};
  const auto never_late = PromiseResponse::Fit(early, mixed);
  EXPECT_EQ(never_late->params().late, 0);
  EXPECT_THAT(never_late->report()->diagnosis, HasSubstr("late and on-time promises do not both occur"));
  EXPECT_TRUE(never_late->report()->standard_errors[2].has_value());
  EXPECT_FALSE(never_late->report()->standard_errors[1].has_value());
  EXPECT_EQ(never_late->LateToEarlyRatio()->high, std::nullopt);
  const std::vector<double> one_day{0, 1, 2, 3, -1, -1, -1};
  const auto same = PromiseResponse::Fit(one_day, std::vector<double>{1, 0, 1, 0, 1, 0, 0});
  EXPECT_THAT(same->report()->diagnosis, HasSubstr("late by the same days"));
  const auto separated = PromiseResponse::Fit(std::vector<double>{-2, -1, 1, 2}, std::vector<double>{0, 0, 1, 1});
  EXPECT_FALSE(separated->report()->converged);
  EXPECT_EQ(separated->report()->covariance, std::nullopt);
  EXPECT_THAT(separated->report()->diagnosis, HasSubstr("eparated"));
  EXPECT_GE(Predict(*separated, -1), 0);
  const auto everyone = PromiseResponse::Fit(early, std::vector<double>{1, 1, 1, 1, 1, 1});
  EXPECT_FALSE(everyone->report()->converged);
}

TEST(PromiseResponse_Input, NamesRowAndField) {
  const std::vector<double> days{1, std::numeric_limits<double>::infinity()}, yes{1, 0}, fine{1, 2};
  EXPECT_EQ(PromiseResponse::Fit(days, yes).status().message(), "row 1, field days_early: found inf, expected a number of days, at most 1e6 by size");
  EXPECT_EQ(PromiseResponse::Fit(fine, std::vector<double>{0, 5}).status().message(), "row 1, field satisfied: found 5, expected 1, 0 or a share in between");
  EXPECT_EQ(TokenOf(PromiseResponse::Fit(fine, std::vector<double>{1}).status()), "expectation.invalid_input");
  EXPECT_EQ(TokenOf(PromiseResponse::Fit(fine, yes, std::vector<double>{0, 0}).status()), "expectation.too_few_rows");
  EXPECT_EQ(TokenOf(PromiseResponse::Fit({}, {}).status()), "expectation.too_few_rows");
  EXPECT_EQ(TokenOf(PromiseResponse::Make({std::nan(""), 0, 0, 0}).status()), "expectation.invalid_parameter");
}

TEST(PromiseResponse_Json, ReadsBackWhatItWrote) {
  const Rows rows = Drawn({1.2, -1, 0.05, -0.2}, 500);
  const auto held = PromiseResponse::Fit(rows.days, rows.satisfied, {}, {.monotone = true});
  const auto separated = PromiseResponse::Fit(std::vector<double>{-2, -1, 1, 2}, std::vector<double>{0, 0, 1, 1});
  for (const PromiseResponse& model : {*held, *separated, *PromiseResponse::Make({1, 2, 3, 4})}) {
    const auto again = PromiseResponse::FromJson(*Json::Parse(model.ToJson().Canonical()));
    ASSERT_TRUE(again.ok()) << again.status();
    EXPECT_EQ(again->ToJson(), model.ToJson());
    EXPECT_EQ(again->params(), model.params());
  }
  EXPECT_EQ(TokenOf(PromiseResponse::FromJson(*Json::Parse(R"({"model":"bg_nbd"})")).status()), "expectation.unknown_model");
}

TEST(PromiseResponse_Property, NeverNaNAndWeightsAreRepetitions) {
  EXPECT_TRUE(rc::check([](const std::vector<std::pair<int, bool>>& drawn) {
    RC_PRE(!drawn.empty());
    std::vector<double> days, yes, twice, twice_yes, weights(drawn.size(), 2);
    for (const auto& [day, satisfied] : drawn) {
      days.push_back(day % 50);
      yes.push_back(satisfied);
      for (int k = 0; k < 2; ++k) twice.push_back(day % 50), twice_yes.push_back(satisfied);
    }
    for (const bool monotone : {false, true}) {
      const auto weighted = PromiseResponse::Fit(days, yes, weights, {monotone}), repeated = PromiseResponse::Fit(twice, twice_yes, {}, {monotone});
      RC_ASSERT(weighted->ToJson() == repeated->ToJson());
      std::vector<double> out(days.size());
      RC_ASSERT(weighted->Predict(days, out).ok());
      for (const double p : out) RC_ASSERT(p >= 0 && p <= 1);
    }
  }));
}

}  // namespace
}  // namespace rapport

// Models of the customer base as a C caller meets them.
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "rapport.h"

namespace {

struct Rows {
  std::vector<double> frequency{2, 0, 29}, recency{30.43, 0, 37.71}, age{38.86, 38.86, 38.0}, monetary{22.35, 0, 26};
  rapport_value_columns columns = RAPPORT_VALUE_COLUMNS_INIT;
  Rows() {
    columns.n = 3;
    columns.frequency = frequency.data(), columns.recency = recency.data(), columns.age = age.data(), columns.monetary = monetary.data();
  }
};

const std::string kModel = R"({"model":"bg_nbd","params":{"a":0.7928861480987685,"alpha":4.413531561205426,"b":2.4257534364936212,"r":0.24259290720446588}})";

// The token of the error, "" where there is none.
std::string Predict(const std::string& model, const std::string& question, const rapport_value_columns* columns, std::vector<double>& out) {
  rapport_error error = RAPPORT_ERROR_INIT;
  const rapport_status status = rapport_value_predict(model.data(), model.size(), question.data(), question.size(), columns, out.data(), &error);
  EXPECT_EQ(status == RAPPORT_OK, error.token[0] == '\0') << error.message;
  return error.token;
}

TEST(CapiValue, PredictsWhatIsAsked) {
  const Rows rows;
  std::vector<double> out(3), log(3);
  EXPECT_EQ(Predict(kModel, R"({"quantity":"expected_purchases","horizon":39})", &rows.columns, out), "");
  EXPECT_NEAR(out[0], 1.2259104521226991, 1e-11);
  EXPECT_EQ(Predict(kModel, R"({"quantity":"expected_purchases","horizon":39,"log":true,"threads":2})", &rows.columns, log), "");
  EXPECT_NEAR(std::exp(log[0]), out[0], 1e-13);
  EXPECT_EQ(Predict(kModel, R"({"quantity":"probability_alive"})", &rows.columns, out), "");
  EXPECT_EQ(out[1], 1);
  EXPECT_EQ(Predict(kModel, R"({"quantity":"expected_purchases_new","horizon":39})", nullptr, out), "");
  EXPECT_NEAR(out[0], 1.195016297703443, 1e-9);
}

TEST(CapiValue, WhatFailsLeavesTheNumbersAsTheyWere) {
  Rows rows;
  std::vector<double> out{7, 7, 7};
  rows.recency[2] = 40;
  EXPECT_EQ(Predict(kModel, R"({"quantity":"expected_purchases","horizon":39})", &rows.columns, out), "value.invalid_input");
  EXPECT_EQ(Predict(kModel, R"({"quantity":"unheard_of"})", &rows.columns, out), "value.unknown_quantity");
  EXPECT_EQ(Predict(kModel, R"({"quantity":"probability_alive","threads":0})", &rows.columns, out), "value.invalid_value");
  EXPECT_EQ(Predict(kModel, R"({"quantity":"probability_alive"})", nullptr, out), "capi.null");
  EXPECT_EQ(Predict("{}", R"({"quantity":"probability_alive"})", &rows.columns, out), "value.wrong_type");
  rows.columns.struct_size = 8;
  EXPECT_EQ(Predict(kModel, R"({"quantity":"probability_alive"})", &rows.columns, out), "capi.struct_size");
  EXPECT_EQ(out, (std::vector<double>{7, 7, 7}));
}

TEST(CapiValue, FitsSimulatedCustomersAndGivesIntervals) {
  const size_t size = 3000;
  const std::vector<double> age(size, 39);
  std::vector<double> frequency(size), recency(size);
  rapport_value_columns columns = RAPPORT_VALUE_COLUMNS_INIT;
  columns.n = static_cast<int64_t>(size), columns.age = age.data();
  rapport_error error = RAPPORT_ERROR_INIT;
  const std::string seed = R"({"seed":5})";
  ASSERT_EQ(rapport_value_simulate(kModel.data(), kModel.size(), seed.data(), seed.size(), &columns, frequency.data(), recency.data(), &error), RAPPORT_OK)
      << error.message;
  columns.frequency = frequency.data(), columns.recency = recency.data();
  rapport_buffer fitted = RAPPORT_BUFFER_INIT;
  ASSERT_EQ(rapport_value_fit("bg_nbd", 6, &columns, nullptr, 0, &fitted, &error), RAPPORT_OK) << error.message;
  const std::string question = R"({"quantity":"expected_purchases","horizon":13,"level":0.9})";
  std::vector<double> estimate(size), low(size), high(size);
  ASSERT_EQ(rapport_value_interval(fitted.data, fitted.size, question.data(), question.size(), &columns, nullptr, estimate.data(), low.data(), high.data(), &error),
            RAPPORT_OK) << error.message;
  EXPECT_LT(low[0], estimate[0]);
  EXPECT_LT(estimate[0], high[0]);
  EXPECT_EQ(rapport_value_fit("bg_nbd", 6, &columns, "{\"kk\":2}", 8, &fitted, &error), RAPPORT_INVALID_ARGUMENT);
  EXPECT_STREQ(error.token, "value.unknown_key");
  EXPECT_EQ(rapport_value_fit("unheard_of", 10, &columns, nullptr, 0, &fitted, &error), RAPPORT_INVALID_ARGUMENT);
  EXPECT_STREQ(error.token, "value.unknown_model");
  rapport_buffer_dispose(&fitted);
}

TEST(CapiValue, CovariatesAreNamed) {
  Rows rows;
  const std::vector<double> group{1, 0, 1};
  const double* const columns[] = {group.data()};
  const std::string names = R"(["group"])";
  rows.columns.transaction_count = 1, rows.columns.transaction = columns;
  rows.columns.transaction_names = names.data(), rows.columns.transaction_names_size = names.size();
  std::vector<double> out(3);
  EXPECT_EQ(Predict(kModel, R"({"quantity":"probability_alive"})", &rows.columns, out), "value.covariates") << "the model was fitted without";
  rows.columns.transaction_count = 2;
  EXPECT_EQ(Predict(kModel, R"({"quantity":"probability_alive"})", &rows.columns, out), "value.covariates") << "one name, two columns";
}

TEST(CapiValue, LifetimeValueAsAWholeAndByPeriod) {
  const Rows rows;
  const std::string spend = R"({"model":"gamma_gamma","params":{"gamma":15.447748009463717,"p":6.248802489709095,"q":3.7445884532874681}})";
  const std::string terms = R"({"discount_rate":0.01,"period":4.345})", by_period = R"({"by_period":true,"discount_rate":0.01,"period":4.345})";
  std::vector<double> whole(3), parts(36);
  rapport_error error = RAPPORT_ERROR_INIT;
  ASSERT_EQ(rapport_value_lifetime_value(kModel.data(), kModel.size(), spend.data(), spend.size(), terms.data(), terms.size(), &rows.columns, whole.data(), &error),
            RAPPORT_OK) << error.message;
  EXPECT_NEAR(whole[0], 36.27849649287407, 1e-8);
  ASSERT_EQ(rapport_value_lifetime_value(kModel.data(), kModel.size(), spend.data(), spend.size(), by_period.data(), by_period.size(), &rows.columns, parts.data(),
                                         &error), RAPPORT_OK) << error.message;
  double sum = 0;
  for (int i = 0; i < 12; ++i) sum += parts[static_cast<size_t>(i)];
  EXPECT_NEAR(sum, whole[0], 1e-11);
  const std::string question = R"({"quantity":"expected_value"})";
  std::vector<double> value(3);
  EXPECT_EQ(Predict(spend, question, &rows.columns, value), "");
  EXPECT_NEAR(value[0], 24.658616174326713, 1e-10);
}

// The token of the error, "" where there is none.
std::string IntervalOf(const std::string& model, const std::string& question, const rapport_value_columns* columns, std::vector<double>& estimate,
                       std::vector<double>& low, std::vector<double>& high) {
  rapport_error error = RAPPORT_ERROR_INIT;
  const rapport_status status = rapport_value_interval(model.data(), model.size(), question.data(), question.size(), columns, nullptr, estimate.data(), low.data(),
                                                       high.data(), &error);
  EXPECT_EQ(status == RAPPORT_OK, error.token[0] == '\0') << error.message;
  return error.token;
}

TEST(CapiValue, IntervalsOfSomebodyNewAndOfMoney) {
  const std::string fitted = R"({"model":"bg_nbd","params":{"r":0.24,"alpha":4.4,"a":0.8,"b":2.4},"standard_errors":{"r":0.0125,"alpha":0.37,"a":0.18,"b":0.7},
    "covariance":[[1.6e-4,0.003,0,0],[0.003,0.14,0,0],[0,0,0.034,0],[0,0,0,0.49]],"log_likelihood":-9582,"aic":19172,"bic":19195,"customers":2357,"converged":true,
    "diagnosis":"Interior optimum."})";
  const std::string spend = R"({"model":"gamma_gamma","params":{"p":6.25,"q":3.74,"gamma":15.45},"standard_errors":{"p":1.2,"q":0.29,"gamma":4.0},
    "covariance":[[1.44,0,0],[0,0.0841,0],[0,0,16]],"log_likelihood":-4056,"aic":8118,"bic":8133,"customers":946,"converged":true,"diagnosis":"Interior optimum."})";
  Rows rows;
  std::vector<double> estimate(3, 7), low(3, 7), high(3, 7), direct(3);
  EXPECT_EQ(IntervalOf(fitted, R"({"quantity":"expected_purchases_new","horizon":39})", nullptr, estimate, low, high), "");
  EXPECT_EQ(Predict(fitted, R"({"quantity":"expected_purchases_new","horizon":39})", nullptr, direct), "");
  EXPECT_EQ(estimate[0], direct[0]);
  EXPECT_LT(low[0], estimate[0]);
  EXPECT_GT(high[0], estimate[0]);
  EXPECT_EQ(estimate[1], 7) << "one number alone";
  EXPECT_EQ(IntervalOf(fitted, R"({"quantity":"expected_purchases_new","horizon":39})", &rows.columns, estimate, low, high), "value.invalid_input");
  EXPECT_EQ(IntervalOf(spend, R"({"quantity":"expected_value","level":0.9})", &rows.columns, estimate, low, high), "");
  EXPECT_EQ(Predict(spend, R"({"quantity":"expected_value"})", &rows.columns, direct), "");
  EXPECT_EQ(estimate, direct);
  for (size_t i = 0; i < 3; ++i) EXPECT_TRUE(low[i] < estimate[i] && estimate[i] < high[i]);
  EXPECT_EQ(IntervalOf(spend, R"({"quantity":"log_likelihood"})", &rows.columns, estimate, low, high), "value.unknown_quantity");
  EXPECT_EQ(Predict(spend, R"({"quantity":"unheard_of"})", &rows.columns, direct), "value.unknown_quantity");
  const double of_spend = high[0] / estimate[0];
  EXPECT_EQ(IntervalOf(fitted, R"({"quantity":"lifetime_value","level":0.9,"discount_rate":0.01,"period":4.345,"spend":)" + spend + "}", &rows.columns, estimate, low, high), "");
  EXPECT_GT(high[0] / estimate[0], of_spend) << "and purchases are in doubt, too";
  const std::string terms = R"({"discount_rate":0.01,"period":4.345})";
  rapport_error error = RAPPORT_ERROR_INIT;
  ASSERT_EQ(rapport_value_lifetime_value(fitted.data(), fitted.size(), spend.data(), spend.size(), terms.data(), terms.size(), &rows.columns, direct.data(), &error),
            RAPPORT_OK) << error.message;
  EXPECT_EQ(estimate, direct);
  EXPECT_EQ(IntervalOf(fitted, R"({"quantity":"lifetime_value","by_period":true})", &rows.columns, estimate, low, high), "value.unknown_key");
  EXPECT_EQ(IntervalOf(fitted, R"({"quantity":"lifetime_value","spend":)" + kModel + "}", &rows.columns, estimate, low, high), "value.unknown_model");
}

}  // namespace

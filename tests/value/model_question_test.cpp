#include "rapport/value/model_question.hpp"

#include <gtest/gtest.h>

#include "rapport/core/status.hpp"
#include "rapport/value/bg_nbd.hpp"

namespace rapport {
namespace {

using Kind = ModelQuestion::Kind;

absl::StatusOr<ModelQuestion> Read(std::string_view text) { return ModelQuestion::FromJson(*Json::Parse(text)); }

TEST(ModelQuestion_Json, ReadsEachQuantity) {
  EXPECT_EQ(*Read(R"({"quantity":"log_likelihood"})"), (ModelQuestion{.kind = Kind::kLogLikelihood}));
  EXPECT_EQ(*Read(R"({"quantity":"probability_alive"})"), (ModelQuestion{.kind = Kind::kProbabilityAlive}));
  EXPECT_EQ(*Read(R"({"quantity":"probability_alive","ahead":13})"), (ModelQuestion{.kind = Kind::kProbabilityAlive, .ahead = 13}));
  EXPECT_EQ(*Read(R"({"quantity":"expected_purchases","horizon":39})"), (ModelQuestion{.kind = Kind::kExpectedPurchases, .horizon = 39}));
  EXPECT_EQ(*Read(R"({"quantity":"expected_purchases","horizon":39,"start":2.5})"),
            (ModelQuestion{.kind = Kind::kExpectedPurchases, .horizon = 39, .start = 2.5}));
  EXPECT_EQ(*Read(R"({"quantity":"purchase_probability","n":2,"horizon":4})"),
            (ModelQuestion{.kind = Kind::kPurchaseProbability, .horizon = 4, .n = 2}));
  EXPECT_EQ(*Read(R"({"quantity":"expected_purchases_new","horizon":39})"), (ModelQuestion{.kind = Kind::kExpectedPurchasesNew, .horizon = 39}));
  EXPECT_EQ(*Read(R"({"quantity":"expected_residual","rate":0.002})"), (ModelQuestion{.kind = Kind::kExpectedResidual, .rate = 0.002}));
}

TEST(ModelQuestion_Json, NamesWhatIsWrong) {
  const auto fails = [](std::string_view text, std::string_view token, std::string_view part) {
    const auto read = Read(text);
    ASSERT_FALSE(read.ok()) << text;
    EXPECT_EQ(TokenOf(read.status()), token) << text;
    EXPECT_NE(read.status().message().find(part.data(), 0, part.size()), std::string::npos) << read.status().message();
  };
  fails(R"({"quantity":"clv"})", "value.unknown_quantity",
        "question.quantity: found \"clv\", expected one of log_likelihood, probability_alive, expected_purchases, purchase_probability, expected_residual, "
        "expected_purchases_new");
  fails(R"({"quantity":"expected_purchases"})", "value.missing_key", "horizon");
  fails(R"({"quantity":"purchase_probability","horizon":3})", "value.missing_key", "n");
  fails(R"({"quantity":"expected_residual"})", "value.missing_key", "rate");
  fails(R"({"quantity":"expected_purchases_new"})", "value.missing_key", "horizon");
  fails(R"({"horizon":3})", "value.missing_key", "quantity");
  fails(R"({"quantity":3})", "value.wrong_type", "quantity");
  fails(R"({"quantity":"expected_purchases","horizon":"long"})", "value.wrong_type", "horizon");
  fails(R"({"quantity":"purchase_probability","n":1.5,"horizon":3})", "value.wrong_type", "n");
  fails(R"({"quantity":"expected_purchases","horizon":3,"ahead":1})", "value.unknown_key", "ahead");
  fails(R"({"quantity":"log_likelihood","horizon":3})", "value.unknown_key", "horizon");
  fails(R"([])", "value.wrong_type", "question");
}

TEST(ModelQuestion_Answer, IsTheModelsOwn) {
  const BgNbd model = *BgNbd::Make({0.25, 4, 0.8, 2.5});
  const std::vector<double> x{2, 0, 5}, t_x{30, 0, 20}, age{38, 38, 39};
  const Histories rows{x, t_x, age};
  std::vector<double> out(3), own(3);
  const auto same = [&](std::string_view text, const absl::Status& asked, bool log = false) {
    EXPECT_TRUE(asked.ok()) << asked;
    EXPECT_TRUE(Answer(model, *Read(text), rows, out, {.log = log}).ok());
    EXPECT_EQ(out, own) << text;
  };
  same(R"({"quantity":"log_likelihood"})", model.LogLikelihoodOf(rows, own));
  same(R"({"quantity":"probability_alive","ahead":13})", model.ProbabilityAlive(13, rows, own));
  same(R"({"quantity":"expected_purchases","horizon":39,"start":7})", model.ExpectedPurchases(39, rows, 7, own));
  same(R"({"quantity":"expected_purchases","horizon":39,"start":7})", model.ExpectedPurchases(39, rows, 7, own, {.log = true}), true);
  same(R"({"quantity":"purchase_probability","n":2,"horizon":39})", model.PurchaseProbability(2, 39, rows, own));
  same(R"({"quantity":"expected_residual","rate":0.01})", model.ExpectedResidual(0.01, rows, own));
  const std::vector<double> before = out;
  EXPECT_EQ(TokenOf(Answer(model, *Read(R"({"quantity":"expected_residual","rate":-1})"), rows, out)), "value.invalid_input");
  EXPECT_EQ(out, before) << "nothing is written";
}

}  // namespace
}  // namespace rapport

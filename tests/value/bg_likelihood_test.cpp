#include "value/bg_likelihood.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "rapport/value/bg_nbd.hpp"
#include "value/reference.hpp"

namespace rapport {
namespace {

std::vector<HistoryRow> CdnowRows() {
  const Customers cdnow = CdnowWeeks();
  return FoldHistories({cdnow.frequency, cdnow.recency, cdnow.age}, {}, 1);
}

struct Evaluated {
  double value;
  std::array<double, 4> gradient;
  stats::Matrix hessian = stats::Matrix(4, std::vector<double>(4));
};

Evaluated At(const BgLikelihood& likelihood, const std::array<double, 4>& point) {
  Evaluated at;
  at.value = likelihood(point, at.gradient, at.hessian);
  return at;
}

const std::array<double, 4> kPoints[] = {{-1.4, 1.5, -0.2, 0.9}, {0.5, 3, 1.5, -1}, {2, -1, -3, 4}, {-3, 5, 0, 0}};

TEST(BgLikelihood, FoldsEqualRows) {
  const std::vector<HistoryRow> rows = CdnowRows();
  EXPECT_EQ(rows.size(), 1016u);
  double customers = 0, purchases = 0;
  for (const HistoryRow& row : rows) {
    customers += row.weight;
    purchases += row.weight * row.x;
  }
  EXPECT_EQ(customers, 2357);
  EXPECT_EQ(purchases, 2457);
}

TEST(BgLikelihood, IsTheSumOverCustomers) {
  const std::vector<HistoryRow> rows = CdnowRows();
  for (const std::array<double, 4>& point : kPoints) {
    const BgNbd model = *BgNbd::Make({std::exp(point[0]), std::exp(point[1]), std::exp(point[2]), std::exp(point[3])});
    double sum = 0;
    for (const HistoryRow& row : rows) {
      double one = 0;
      ASSERT_TRUE(model.LogLikelihoodOf({{&row.x, 1}, {&row.t_x, 1}, {&row.age, 1}}, {&one, 1}).ok());
      sum += row.weight * one;
    }
    EXPECT_LT(RelativeError(-At(BgLikelihood(rows), point).value, sum), 1e-13);
  }
}

TEST(BgLikelihood, DerivativesAreThoseOfDifferences) {
  const std::vector<HistoryRow> rows = CdnowRows();
  const BgLikelihood likelihood(rows);
  for (const std::array<double, 4>& point : kPoints) {
    const Evaluated here = At(likelihood, point);
    for (std::size_t i = 0; i < 4; ++i) {
      const double step = 1e-4;
      std::array<double, 4> above = point, below = point;
      above[i] += step;
      below[i] -= step;
      const Evaluated up = At(likelihood, above), down = At(likelihood, below);
      const double scale = 1 + std::abs(here.gradient[i]);
      EXPECT_NEAR(here.gradient[i], (up.value - down.value) / (2 * step), 1e-6 * (scale + std::abs(here.hessian[i][i]))) << i;
      for (std::size_t j = 0; j < 4; ++j) {
        EXPECT_NEAR(here.hessian[i][j], (up.gradient[j] - down.gradient[j]) / (2 * step), 1e-6 * (1 + std::abs(here.hessian[i][j]) + scale)) << i << j;
        EXPECT_EQ(here.hessian[i][j], here.hessian[j][i]);
      }
    }
  }
}

TEST(BgLikelihood, IsFlatAtTheReference) {
  const std::vector<HistoryRow> rows = CdnowRows();
  const Evaluated at = At(BgLikelihood(rows), {std::log(0.24259290720446588), std::log(4.413531561205426), std::log(0.7928861480987685),
                                                 std::log(2.4257534364936212)});
  EXPECT_NEAR(at.value, 9582.42556056736255, 1e-10);
  for (const double slope : at.gradient) EXPECT_LT(std::abs(slope), 1e-10);
}

}  // namespace
}  // namespace rapport

#include "rapport/stats/beta_mean.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cmath>

#include "rapport/stats/special.hpp"

namespace rapport::stats {
namespace {

double Error(double found, double expected) { return std::abs(found - expected) / std::abs(expected); }

// Expected figures: mpmath's adaptive quadrature at 30 digits; decay also by its 2F1.
TEST(BetaMean, AgreesWithThirtyDigits) {
  struct Row {
    double a, b, r, w, decay, passage;   // passage from w/3 over w/7
  };
  for (const Row& row : {Row{0.8, 2.4, 0.24, 9, 0.79276974382337641, 0.16888366029165067},
                         Row{0.8, 500, 500, 1e4, 0.00063171567862845138, 935.78099056470604},
                         Row{40, 0.3, 0.2, 1e3, 0.25151931228624923, 0.021677342745247179},
                         Row{300, 700, 50, 3, 2.2551969185086035e-14, 7.9894930813582287e-6},
                         Row{3, 0.5, 1000, 0.01, 0.0023406096922435869, 0.063848513336861378}}) {
    EXPECT_LT(Error(BetaMeanOfDecay(row.a, row.b, row.r, row.w), row.decay), 2e-13) << row.a;
    EXPECT_LT(Error(BetaMeanOfPassage(row.a, row.b, row.r, row.w / 3, row.w / 7), row.passage), 2e-13) << row.a;
  }
}

TEST(BetaMean, KnowsTheEnds) {
  EXPECT_EQ(BetaMeanOfDecay(0.8, 2.4, 3, 0), 1);
  EXPECT_EQ(BetaMeanOfPassage(0.8, 2.4, 3, 5, 0), 0);
  EXPECT_LT(Error(BetaMeanOfPassage(1e-50, 1, 2, 0, 7), 14), 1e-12) << "nobody stops";
  EXPECT_LT(Error(BetaMeanOfPassage(1, 1e-50, 2, 0, 1), 0.75), 1e-12) << "everybody stops: p = 1";
  EXPECT_LT(Error(BetaMeanOfDecay(1e20, 1e20, 2, 1), 1 / 2.25), 1e-12) << "everybody with chance 1/2";
}

TEST(BetaMean, AgreesWithTheSeriesAndAddsUp) {
  EXPECT_TRUE(rc::check([] {
    const auto number = [](int low, int high) { return std::exp(*rc::gen::inRange(low, high) / 100.0); };
    const double a = number(-500, 400), b = number(-500, 600), r = number(-300, 500), w = number(-400, 200);
    const double decay = BetaMeanOfDecay(a, b, r, w);
    const Series series = Hypergeometric(a + b - r, a, a + b, w / (1 + w), 20'000);
    const double scale = std::exp(-a * std::log1p(w));
    if (series.complete && scale > 1e-250 && series.sum > series.largest * 1e-2) RC_ASSERT(Error(decay, scale * series.sum) < 1e-11);
    RC_ASSERT(decay >= 0 && decay <= 1);
    const double whole = BetaMeanOfPassage(a, b, r, 0, w), first = BetaMeanOfPassage(a, b, r, 0, w / 3);
    const double second = BetaMeanOfPassage(a, b, r, w / 3, w - w / 3);
    RC_ASSERT(Error(first + second, whole) < 1e-11);
  }));
}

}  // namespace
}  // namespace rapport::stats

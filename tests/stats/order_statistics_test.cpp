#include "rapport/stats/order_statistics.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <string>

#include "rapport/core/hash.hpp"

namespace rapport::stats {
namespace {

TEST(CoverageRank, IsTheSmallestThatCovers) {
  EXPECT_EQ(CoverageRank(9, 0.9), 9u);
  EXPECT_EQ(CoverageRank(8, 0.9), std::nullopt);
  EXPECT_EQ(CoverageRank(19, 0.95), 19u);
  EXPECT_EQ(CoverageRank(100, 0.9), 91u);
  EXPECT_EQ(CoverageRank(1, 0.5), 1u);
  EXPECT_EQ(CoverageRank(0, 0.5), std::nullopt);
  EXPECT_EQ(CoverageRank(5, 0), 1u);
  EXPECT_EQ(CoverageRank(5, 1), std::nullopt) << "no value of a finite number is certain to stay the largest";
  EXPECT_TRUE(rc::check([] {
    const auto n = *rc::gen::inRange<std::size_t>(1, 500);
    const double p = *rc::gen::inRange(0, 1001) / 1000.0;
    const auto rank = CoverageRank(n, p);
    const auto covers = [&](std::size_t k) { return static_cast<double>(k) / static_cast<double>(n + 1) >= p - 1e-9; };
    if (!rank) {
      RC_ASSERT(!covers(n));
    } else {
      RC_ASSERT(covers(*rank));
      RC_ASSERT(*rank == 1 || !covers(*rank - 1));
    }
  }));
}

// The chance itself: over all places of the next value among n + 1 that differ, counted.
TEST(CoverageQuantile, CoversTheNextValueExactly) {
  for (const std::size_t n : {9u, 20u, 57u}) {
    for (const double p : {0.5, 0.8, 0.9}) {
      std::size_t covered = 0;
      for (std::size_t next = 0; next <= n; ++next) {
        std::vector<double> others;
        for (std::size_t value = 0; value <= n; ++value) {
          if (value != next) others.push_back(static_cast<double>(value));
        }
        const auto bound = CoverageQuantile(others, p);
        ASSERT_TRUE(bound.has_value());
        if (static_cast<double>(next) <= *bound) ++covered;
      }
      EXPECT_EQ(covered, *CoverageRank(n, p));
    }
  }
}

TEST(SortedWindow, KeepsTheLastValuesSorted) {
  EXPECT_TRUE(rc::check([](const std::vector<int>& values) {
    SortedWindow window(7);
    std::vector<double> last;
    for (const int value : values) {
      window.Add(value % 5);
      last.push_back(value % 5);
      if (last.size() > 7) last.erase(last.begin());
    }
    RC_ASSERT(std::equal(last.begin(), last.end(), window.arrived().begin(), window.arrived().end()));
    std::sort(last.begin(), last.end());
    RC_ASSERT(std::equal(last.begin(), last.end(), window.sorted().begin(), window.sorted().end()));
  }));
}

// The bound of Gibbs and Candes, against an opponent who always does the opposite of what the level expects.
TEST(AdaptiveLevel, ComesToTheCoverageWhateverTheValuesDo) {
  const double p = 0.9, step = 0.01;
  AdaptiveLevel level(p, step);
  int hits = 0;
  const int values = 5000;
  for (int i = 0; i < values; ++i) {
    const bool hit = level.level() >= (i < 2500 ? 0.97 : 0.35);   // what a level promises is far from what it gives
    hits += hit ? 1 : 0;
    level.Observe(hit);
  }
  EXPECT_LE(std::abs(hits / static_cast<double>(values) - p), (p + step) / (step * values));
}

double Uniform(std::uint64_t i) { return Chance(7, "order statistics", {std::to_string(i)}); }

TEST(AdaptiveQuantile, FollowsAShift) {
  for (const double p : {0.8, 0.9, 0.95}) {
    AdaptiveQuantile bound(p);
    int hits = 0, asked = 0, late_hits = 0, late_asked = 0;
    for (std::uint64_t i = 0; i < 6000; ++i) {
      // Rises by half twice, then falls back.
      const double level = i < 2000 ? 10 : i < 3000 ? 15 : i < 4000 ? 22 : 10;
      const double value = level * (0.5 + Uniform(i));
      if (const auto days = bound.Quantile()) {
        const bool hit = value <= *days;
        ++asked, hits += hit;
        if (i >= 5000) ++late_asked, late_hits += hit;
      }
      bound.Add(value);
    }
    EXPECT_NEAR(hits / static_cast<double>(asked), p, 0.02);
    EXPECT_NEAR(late_hits / static_cast<double>(late_asked), p, 0.02);
  }
}

TEST(AdaptiveQuantile, SaysNothingOfTooFew) {
  AdaptiveQuantile bound(0.9);
  for (int i = 0; i < 8; ++i) bound.Add(i);
  EXPECT_EQ(bound.Quantile(), std::nullopt);
  bound.Add(8);
  EXPECT_EQ(bound.Quantile(), 8.0);
}

}  // namespace
}  // namespace rapport::stats

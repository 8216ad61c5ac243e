#include "rapport/expectation/promise_advisor.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "rapport/core/hash.hpp"
#include "rapport/core/status.hpp"

namespace rapport {
namespace {

double Uniform(const char* purpose, int i) { return Chance(11, purpose, {std::to_string(i)}); }
// Long-tailed, median about 10.
double Lead(int i) { return 10 * std::pow(1 / Uniform("lead", i) - 1, 0.35); }

double Days(const PromiseAdvisor& advisor, double confidence, std::string_view group = {}) {
  const auto days = advisor.Days(confidence, group);
  EXPECT_TRUE(days.ok() && days->has_value());
  return days->value_or(-1);
}

TEST(PromiseAdvisor_Days, AreAnOrderStatisticOfWhatIsKnown) {
  PromiseAdvisor advisor;
  EXPECT_EQ(*advisor.Days(0.5), std::nullopt);
  for (const double lead : {3.0, 9.0, 1.0, 4.0, 7.0, 2.0, 6.0, 5.0}) ASSERT_TRUE(advisor.Add(lead).ok());
  EXPECT_EQ(*advisor.Days(0.9), std::nullopt) << "eight leads do not cover a ninth with nine in ten";
  EXPECT_EQ(Days(advisor, 0.5), 5) << "the fifth of eight: 5 / 9";
  ASSERT_TRUE(advisor.Add(8).ok());
  EXPECT_EQ(Days(advisor, 0.9), 9);
  EXPECT_EQ(advisor.known(), 9);
}

TEST(PromiseAdvisor_Coverage, StaysUnderDriftAndTies) {
  for (const bool whole_days : {false, true}) {
    for (const double p : {0.8, 0.9, 0.95}) {
      PromiseAdvisor advisor;
      int kept = 0, asked = 0;
      for (int i = 0; i < 4000; ++i) {
        // A season, and a warehouse that is suddenly half as fast again from the 2500th on.
        double lead = Lead(i) * (1 + 0.3 * std::sin(i / 400.0)) * (i < 2500 ? 1 : 1.5);
        if (whole_days) lead = std::floor(lead);
        if (i >= 100 && i % 2 == 0) {
          ++asked;
          kept += lead <= Days(advisor, p) ? 1 : 0;
        }
        ASSERT_TRUE(advisor.Add(lead).ok());
      }
      EXPECT_NEAR(kept / static_cast<double>(asked), p, 0.02) << (whole_days ? "whole days" : "fractions");
    }
  }
}

TEST(PromiseAdvisor_Groups, OfFewAreDrawnToTheWholeAndOfManyStandForThemselves) {
  std::vector<double> leads;
  std::vector<std::string> groups;
  const char* names[] = {"fast", "plain", "slow"};
  for (int i = 0; i < 900; ++i) {
    groups.emplace_back(names[i % 3]);
    leads.push_back(Lead(i) * (i % 3 == 0 ? 0.5 : i % 3 == 1 ? 1 : 2));
  }
  groups.emplace_back("new");
  leads.push_back(60);
  const auto advisor = PromiseAdvisor::Fit(leads, groups);
  ASSERT_TRUE(advisor.ok());
  const double fast = Days(*advisor, 0.9, "fast"), plain = Days(*advisor, 0.9, "plain"), slow = Days(*advisor, 0.9, "slow");
  EXPECT_LT(fast, 0.7 * plain);
  EXPECT_GT(slow, 1.5 * plain);
  EXPECT_GT(Days(*advisor, 0.9, "new"), plain) << "one long lead says a little";
  EXPECT_LT(Days(*advisor, 0.9, "new"), 60 * Days(*advisor, 0.9, "plain") / 10) << "but less than a group whose every lead is like it";
  EXPECT_EQ(Days(*advisor, 0.9, "never seen"), Days(*advisor, 0.9)) << "the whole's";
  EXPECT_EQ(advisor->ShiftOf("never seen"), 0);
}

TEST(PromiseAdvisor_Groups, CoverEachForItself) {
  PromiseAdvisor advisor;
  std::vector<double> kept(4), asked(4);
  for (int i = 0; i < 6000; ++i) {
    const int g = i % 4;
    const std::string group(1, static_cast<char>('a' + g));
    const double lead = Lead(i) * (1 + g);
    if (i >= 1000 && (i / 4) % 4 == 0) {   // every fourth of each group
      asked[g] += 1;
      kept[g] += lead <= Days(advisor, 0.9, group) ? 1 : 0;
    }
    ASSERT_TRUE(advisor.Add(lead, group).ok());
  }
  for (int g = 0; g < 4; ++g) EXPECT_NEAR(kept[g] / asked[g], 0.9, 0.05) << g;
}

TEST(PromiseAdvisor_Groups, WithoutDifferencesAreTheWhole) {
  PromiseAdvisor advisor;
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(advisor.Add(10, i % 2 == 0 ? "a" : "b").ok());
  EXPECT_EQ(advisor.ShiftOf("a"), 0);
  EXPECT_NEAR(Days(advisor, 0.9, "a"), 10, 1e-12);
}

TEST(PromiseAdvisor_Property, OneByOneIsAllAtOnceAndSurvivesWriting) {
  EXPECT_TRUE(rc::check([] {
    const auto drawn = *rc::gen::container<std::vector<std::pair<int, int>>>(rc::gen::pair(rc::gen::inRange(0, 4000), rc::gen::inRange(0, 4)));
    const int copies = *rc::gen::element(1, 40);   // also beyond what is remembered
    const bool grouped = *rc::gen::arbitrary<bool>();
    std::vector<double> leads;
    std::vector<std::string> groups;
    for (int copy = 0; copy < copies; ++copy) {
      for (const auto& [lead, group] : drawn) {
        leads.push_back(lead / 100.0 + copy);
        groups.push_back(grouped && group > 0 ? std::string(1, static_cast<char>('a' + group)) : "");
      }
    }
    PromiseAdvisor one_by_one;
    for (std::size_t i = 0; i < leads.size(); ++i) {
      RC_ASSERT(one_by_one.Add(leads[i], groups[i]).ok());
      if (i == leads.size() / 2) {
        auto again = PromiseAdvisor::FromJson(*Json::Parse(one_by_one.ToJson().Canonical()));
        RC_ASSERT(again.ok());
        one_by_one = *std::move(again);
      }
    }
    const auto at_once = PromiseAdvisor::Fit(leads, groups);
    RC_ASSERT(at_once->ToJson() == one_by_one.ToJson());
    for (const char* group : {"", "b", "c"}) {
      const auto days = at_once->Days(0.8, group);
      RC_ASSERT(*days == *one_by_one.Days(0.8, group));
      if (days->has_value()) RC_ASSERT(std::isfinite(**days) && **days >= 0);
    }
  }));
}

TEST(PromiseAdvisor_Input, NamesRowAndField) {
  EXPECT_EQ(PromiseAdvisor::Fit(std::vector<double>{1, -1}).status().message(), "row 1, field lead_days: found -1, expected days from 0 to 1e6");
  EXPECT_EQ(TokenOf(PromiseAdvisor::Fit(std::vector<double>{std::nan("")}).status()), "expectation.invalid_input");
  EXPECT_EQ(TokenOf(PromiseAdvisor::Fit(std::vector<double>{1, 2}, std::vector<std::string>{"a"}).status()), "expectation.invalid_input");
  EXPECT_EQ(TokenOf(PromiseAdvisor().Days(1).status()), "expectation.invalid_input");
  EXPECT_EQ(TokenOf(PromiseAdvisor().Days(0).status()), "expectation.invalid_input");
  EXPECT_EQ(TokenOf(PromiseAdvisor::FromJson(*Json::Parse(R"({"model":"promise_advisor","known":0,"lead_days":[1],"log_sum":0})")).status()),
            "expectation.invalid_model");
}

}  // namespace
}  // namespace rapport

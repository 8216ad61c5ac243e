#include "rapport/expectation/kept_share.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cmath>
#include <iostream>
#include <limits>

#include "absl/strings/str_cat.h"
#include "rapport/core/hash.hpp"
#include "rapport/core/status.hpp"

namespace rapport {
namespace {

KeptCount Count(double kept, double settled) { return {settled, kept, 0, 0, 0, 0, 0}; }

std::vector<KeptShare> Judge(const KeptGroups& groups, const KeptShareOptions& options = {}) {
  auto rows = JudgeKeptShares(groups, options);
  EXPECT_TRUE(rows.ok()) << rows.status();
  return *std::move(rows);
}

// Teams of ten, `planted` of whom keep 0.6 where the others keep 0.9.
struct Tally {
  double found = 0, planted = 0, accused = 0, honest = 0;
};
Tally Plant(int planted, int promises, int seeds, double honest_share = 0.9) {
  Tally tally;
  for (int seed = 0; seed < seeds; ++seed) {
    KeptGroups reps;
    for (int rep = 0; rep < 10; ++rep) {
      int kept = 0;
      for (int i = 0; i < promises; ++i) {
        const double chance = Chance(static_cast<std::uint64_t>(seed), "kept", {std::to_string(rep), std::to_string(i)});
        kept += chance < (rep < planted ? 0.6 : honest_share) ? 1 : 0;
      }
      reps[std::to_string(rep)] = Count(kept, promises);
    }
    for (const KeptShare& row : Judge(reps)) {
      const bool bad = std::stoi(row.name) < planted;
      (bad ? tally.planted : tally.honest) += 1;
      if (row.over_promises) (bad ? tally.found : tally.accused) += 1;
    }
  }
  return tally;
}

TEST(KeptShare_Planted, AreFoundAndTheHonestAreNotAccused) {
  for (const int planted : {1, 3}) {
    for (const int promises : {10, 30, 100}) {
      const Tally tally = Plant(planted, promises, promises == 30 ? 200 : 60);
      const double recall = tally.found / tally.planted, accused = tally.accused / tally.honest;
      RecordProperty(absl::StrCat("recall_", planted, "_of_10_at_", promises), std::to_string(recall));
      RecordProperty(absl::StrCat("accused_", planted, "_of_10_at_", promises), std::to_string(accused));
      std::cout << planted << " of 10, " << promises << " promises: found " << recall << ", honest accused " << accused << "\n";
      EXPECT_LE(accused, 0.05) << planted << " of 10 at " << promises;
      if (promises >= 30) {
        EXPECT_GE(recall, 0.9) << planted << " of 10 at " << promises;
      }
    }
  }
}

TEST(KeptShare_Planted, NobodyIsAccusedInAnHonestTeam) {
  for (const int promises : {1, 3, 10, 30, 100, 300}) {
    const Tally tally = Plant(0, promises, 40);
    EXPECT_LE(tally.accused / tally.honest, 0.05) << promises;
  }
}

TEST(KeptShare_Verdict, IsRobustToThePlantedThemselves) {
  // Half the team over-promises; the rest's share is that of the honest half.
  KeptGroups reps;
  for (int i = 0; i < 10; ++i) reps[absl::StrCat("r", i)] = i < 5 ? Count(55, 100) : Count(90, 100);
  for (const KeptShare& row : Judge(reps)) {
    EXPECT_EQ(row.over_promises, row.kept == 55) << row.name;
    EXPECT_NEAR(*row.rest, 0.9, 1e-12);
  }
}

TEST(KeptShare_Verdict, AHairBelowIsNotOverPromising) {
  const KeptGroups reps{{"a", Count(9000, 10000)}, {"b", Count(9050, 10000)}, {"c", Count(8800, 10000)}};
  for (const KeptShare& row : Judge(reps)) {
    EXPECT_FALSE(row.over_promises);
    if (row.name == "c") {
      EXPECT_GT(*row.probability_worse, 0.999) << "worse, but by two points";
    }
  }
}

TEST(KeptShare_Share, OfFewIsDrawnToTheOthers) {
  const KeptGroups reps{{"a", Count(90, 100)}, {"b", Count(70, 100)}, {"c", Count(80, 100)}, {"d", Count(95, 100)}, {"new", Count(0, 1)}};
  for (const KeptShare& row : Judge(reps)) {
    EXPECT_LE(row.low, row.share);
    EXPECT_LE(row.share, row.high);
    if (row.name != "new") continue;
    EXPECT_GT(row.share, 0.6);
    EXPECT_FALSE(row.over_promises);
  }
  const auto alone = Judge({{"only", Count(3, 10)}});
  EXPECT_EQ(alone[0].rest, std::nullopt);
  EXPECT_EQ(alone[0].probability_worse, std::nullopt);
  EXPECT_FALSE(alone[0].over_promises);
  EXPECT_TRUE(Judge({}).empty());
  EXPECT_TRUE(Judge({{"nothing", KeptCount()}}).empty());
}

TEST(KeptShare_Bias, IsShrunkByItsNoise) {
  KeptCounts counts;
  for (int i = 0; i < 400; ++i) {
    const double noise = std::floor(Chance(3, "days", {std::to_string(i)}) * 7) - 3;
    const char* rep = i % 4 == 0 ? "late" : i % 4 == 1 ? "early" : "plain";
    ASSERT_TRUE(counts.Add({.rep = rep, .kept = true, .margin_days = noise + (i % 4 == 0 ? -4 : i % 4 == 1 ? 4 : 0)}).ok());
  }
  ASSERT_TRUE(counts.Add({.rep = "once", .kept = false, .margin_days = -20.0}).ok());
  ASSERT_TRUE(counts.Add({.rep = "never told", .kept = false}).ok());
  for (const KeptShare& row : Judge(counts.reps)) {
    ASSERT_TRUE(row.bias_days.has_value());
    EXPECT_LE(*row.bias_low, *row.bias_days);
    if (row.name == "late") {
      EXPECT_NEAR(*row.bias_days, -4, 0.6);
    }
    if (row.name == "early") {
      EXPECT_NEAR(*row.bias_days, 4, 0.6);
    }
    if (row.name == "once") {
      EXPECT_GT(*row.bias_days, -20) << "one promise is not believed whole";
    }
    if (row.name == "never told") {
      EXPECT_GT(*row.bias_high - *row.bias_low, 5) << "anything a rep may be";
    }
  }
}

TEST(KeptCounts_Property, PartsMergeIntoTheWhole) {
  EXPECT_TRUE(rc::check([](const std::vector<std::pair<int, bool>>& promises) {
    KeptCounts whole, parts[2];
    for (std::size_t i = 0; i < promises.size(); ++i) {
      const auto [n, kept] = promises[i];
      const std::string rep = std::to_string(n % 5), product = std::to_string(n % 3);
      const SettledPromise promise{rep, product, n % 2 == 0 ? "outcome" : "", kept, n % 7 == 0 ? std::nullopt : std::optional<double>(n % 30), n % 11 / 4.0};
      RC_ASSERT(whole.Add(promise).ok());
      RC_ASSERT(parts[(n ^ static_cast<int>(i)) & 1].Add(promise).ok());
    }
    parts[1].Merge(parts[0]);
    RC_ASSERT(parts[1] == whole);
    RC_ASSERT(*KeptCounts::FromJson(*Json::Parse(whole.ToJson().Canonical())) == whole);
    const auto table = KeptShareTable(whole);
    RC_ASSERT(table.ok());
    for (const char* column : {"share", "low", "high"}) {
      for (std::size_t row = 0; row < table->rows(); ++row) RC_ASSERT(std::isfinite(std::get<double>(table->Find(column)->at(row))));
    }
  }));
}

TEST(KeptShare_Input, NamesTheField) {
  KeptCounts counts;
  EXPECT_EQ(TokenOf(counts.Add({.rep = "r", .margin_days = std::numeric_limits<double>::quiet_NaN()})), "expectation.invalid_input");
  EXPECT_TRUE(counts.reps.empty()) << "nothing was counted";
  EXPECT_EQ(JudgeKeptShares({}, {.level = 1}).status().message(), "level: found 1, expected a number between 0 and 1");
  EXPECT_EQ(TokenOf(JudgeKeptShares({}, {.margin = -0.1}).status()), "expectation.invalid_input");
  EXPECT_EQ(TokenOf(KeptCounts::FromJson(*Json::Parse(R"({"rep":{"a":[1,2,0,0,0,0,0]},"product":{},"dimension":{}})")).status()), "expectation.invalid_counts");
}

}  // namespace
}  // namespace rapport

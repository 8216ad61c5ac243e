#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>

#include "rapport/core/hash.hpp"
#include "rapport/plan/plan_day.hpp"

namespace rapport {
namespace {

std::int64_t SumOf(const std::vector<PlanCandidate>& candidates, const std::vector<PlannedCandidate>& planned, std::int64_t PlanCandidate::*member) {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (planned[i].planned) sum += candidates[i].*member;
  }
  return sum;
}

// The independent answer: every subset; one in which something mandatory is out has nothing optional in, and none of them counts where all of it fits.
std::int64_t BestByBruteForce(const std::vector<PlanCandidate>& candidates, std::int64_t minutes) {
  std::int64_t with_all = -1, without = 0;
  for (unsigned set = 0; set < (1u << candidates.size()); ++set) {
    std::int64_t used = 0, value = 0;
    bool all_mandatory = true, optional = false;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      const bool is_in = (set >> i & 1u) != 0;
      if (!is_in) {
        all_mandatory = all_mandatory && !candidates[i].mandatory;
        continue;
      }
      optional = optional || !candidates[i].mandatory;
      used += candidates[i].minutes;
      value += candidates[i].value;
    }
    if (used > minutes) continue;
    if (all_mandatory) with_all = std::max(with_all, value);
    else if (!optional) without = std::max(without, value);
  }
  return with_all >= 0 ? with_all : without;
}

TEST(PlanMinutes, IsTheOptimumOfEverySmallCase) {
  EXPECT_TRUE(rc::check([] {
    const auto count = *rc::gen::inRange(0, 11);
    std::vector<PlanCandidate> candidates;
    for (int i = 0; i < count; ++i) {
      candidates.push_back({"c" + std::to_string(i), *rc::gen::inRange<std::int64_t>(1, 70), *rc::gen::inRange<std::int64_t>(0, 500),
                            *rc::gen::inRange(0, 5) == 0});
    }
    const auto minutes = *rc::gen::inRange<std::int64_t>(0, 200);
    const auto planned = PlanMinutes(candidates, minutes);
    RC_ASSERT(planned.ok());
    RC_ASSERT(SumOf(candidates, *planned, &PlanCandidate::minutes) <= minutes);
    RC_ASSERT(SumOf(candidates, *planned, &PlanCandidate::value) == BestByBruteForce(candidates, minutes));
  }));
}

TEST(PlanMinutes, DoesNotDependOnTheOrderOfOptionalCandidates) {
  std::vector<PlanCandidate> candidates;
  for (int i = 0; i < 60; ++i) {
    const auto draw = [&](std::string_view what, int range) {
      return static_cast<std::int64_t>(Chance(7, what, {std::to_string(i)}) * range);
    };
    candidates.push_back({"c" + std::to_string(i), 5 + draw("minutes", 4) * 5, 1 + draw("value", 4), false});
  }
  const auto chosen_ids = [](const std::vector<PlanCandidate>& given) {
    const auto planned = PlanMinutes(given, 90);
    EXPECT_TRUE(planned.ok());
    std::vector<std::pair<std::int64_t, std::string>> chosen;
    for (std::size_t i = 0; i < given.size(); ++i) {
      if ((*planned)[i].planned) chosen.emplace_back(*(*planned)[i].position, given[i].id);
    }
    std::sort(chosen.begin(), chosen.end());
    return chosen;
  };
  const auto first = chosen_ids(candidates);
  std::reverse(candidates.begin(), candidates.end());
  EXPECT_EQ(chosen_ids(candidates), first);
}

TEST(PlanMinutes, MandatoryComesFirstThenValuePerMinute) {
  const std::vector<PlanCandidate> candidates = {
      {"dear", 60, 900, false}, {"must", 20, 0, true}, {"quick", 10, 300, false}, {"free", 5, 0, false}};
  const auto planned = PlanMinutes(candidates, 95);
  ASSERT_TRUE(planned.ok());
  EXPECT_EQ((*planned)[1].position, 1);
  EXPECT_EQ((*planned)[2].position, 2);
  EXPECT_EQ((*planned)[0].position, 3);
  EXPECT_EQ((*planned)[3].position, 4) << "minutes still free take what has no value";
}

TEST(PlanMinutes, GreedyWouldMissTheOptimum) {
  const std::vector<PlanCandidate> candidates = {{"a", 6, 66, false}, {"b", 5, 50, false}, {"c", 5, 50, false}};
  const auto planned = PlanMinutes(candidates, 10);
  ASSERT_TRUE(planned.ok());
  EXPECT_FALSE((*planned)[0].planned);
  EXPECT_TRUE((*planned)[1].planned && (*planned)[2].planned);
}

TEST(PlanMinutes, WholeValuesAreExactAsFarAsADoubleHoldsThem) {
  for (const double large : {0x1p41, 0x1p52}) {
    const std::vector<PlanRow> rows = {{"a", 20, large, false, ""}, {"b", 30, large + 1, false, ""}};
    const auto planned = PlanRows(rows, 30);
    ASSERT_TRUE(planned.ok()) << planned.status();
    EXPECT_TRUE(!(*planned)[0].planned && (*planned)[1].planned) << large;
  }
}

TEST(PlanMinutes, GoalsCountWhatIsThereAlready) {
  const std::vector<PlanCandidate> candidates = {{"new", 60, 900, false, true}, {"old", 60, 10, false, true, true}, {"small", 60, 5, false, false, false, true}};
  const auto chosen = [&](PlanGoals goals) {
    const auto planned = PlanMinutes(candidates, 60, goals);
    EXPECT_TRUE(planned.ok()) << planned.status();
    for (std::size_t i = 0; planned.ok() && i < candidates.size(); ++i) {
      if ((*planned)[i].planned) return candidates[i].id;
    }
    return std::string();
  };
  PlanGoals goals;
  goals.revisit_share = 0.5;
  EXPECT_EQ(chosen(goals), "old");
  goals.visits = goals.revisits = 1;
  EXPECT_EQ(chosen(goals), "new") << "one of two is a revisit";
  goals.small_floor = 1;
  EXPECT_EQ(chosen(goals), "small");
  goals.small = 1;
  EXPECT_EQ(chosen(goals), "new");
  goals.revisits = 2;
  EXPECT_EQ(TokenOf(PlanMinutes(candidates, 60, goals).status()), "plan.invalid_goal");
}

TEST(PlanMinutes, NamesTheRowThatIsWrong) {
  const auto zero = PlanMinutes(std::vector<PlanCandidate>{{"a", 5, 1, false}, {"b", 0, 1, false}}, 10);
  EXPECT_EQ(TokenOf(zero.status()), "plan.invalid_candidate");
  EXPECT_EQ(zero.status().message(), "row 1, field minutes: found 0, expected at least 1");
  EXPECT_EQ(TokenOf(PlanMinutes(std::vector<PlanCandidate>{{"a", 5, -1, false}}, 10).status()), "plan.invalid_candidate");
  EXPECT_EQ(TokenOf(PlanMinutes(std::vector<PlanCandidate>{{"a", 5, 1, false}, {"a", 5, 1, false}}, 10).status()), "plan.invalid_candidate");
}

}  // namespace
}  // namespace rapport

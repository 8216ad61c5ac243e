#include "rapport/core/hash.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "rapport/core/sha256.hpp"
#include "rapport/core/status.hpp"

namespace rapport {
namespace {

TEST(Hash_Bytes, IsBlake2b256) {
  EXPECT_EQ(ToHex(HashBytes("")), "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
  EXPECT_EQ(ToHex(HashBytes("abc")), "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
}

TEST(Hash_Parts, PutsALengthBeforeEachPart) {
  using std::string_literals::operator""s;
  EXPECT_EQ(HashParts({"ab", "c"}), HashBytes("\2\0\0\0\0\0\0\0ab\1\0\0\0\0\0\0\0c"s));
  EXPECT_NE(HashParts({"ab", "c"}), HashParts({"a", "bc"}));
  EXPECT_NE(HashParts({"", "a"}), HashParts({"a", ""}));
  EXPECT_EQ(HashParts({}), HashBytes(""));
}

TEST(Hash_Keyed, DependsOnTheKeyAndChecksIt) {
  const std::string key(16, 'k');
  EXPECT_NE(HashKeyed(key, "a"), HashKeyed(std::string(16, 'l'), "a"));
  EXPECT_NE(HashKeyed(key, "a"), HashBytes("a"));
  EXPECT_EQ(HashKeyed(std::string(64, 'k'), "a"), HashKeyed(std::string(64, 'k'), "a"));
  EXPECT_THROW(HashKeyed(std::string(15, 'k'), "a"), InvariantBroken);
  EXPECT_THROW(HashKeyed(std::string(65, 'k'), "a"), InvariantBroken);
}

TEST(Hash_ToHex, WritesTheFirstBytes) {
  Digest digest{};
  digest[0] = 0x0A;
  digest[1] = 0xFF;
  EXPECT_EQ(ToHex(digest, 2), "0aff");
  EXPECT_EQ(ToHex(digest).size(), 64u);
}

TEST(Hash_Chance, IsAFunctionOfItsArguments) {
  const double first = Chance(1, "holdout", {"c-1", "f-1"});
  EXPECT_EQ(first, Chance(1, "holdout", {"c-1", "f-1"}));
  EXPECT_NE(first, Chance(2, "holdout", {"c-1", "f-1"}));
  EXPECT_NE(first, Chance(1, "throttle", {"c-1", "f-1"}));
  EXPECT_NE(first, Chance(1, "holdout", {"c-1f", "-1"}));
}

TEST(Hash_Chance, IsUniformInTheUnitInterval) {
  constexpr int kDraws = 40000, kCells = 20;
  std::vector<int> cells(kCells);
  bool fine_bits = false;
  for (int i = 0; i < kDraws; ++i) {
    const double u = Chance(7, "uniform", {std::to_string(i)});
    ASSERT_GE(u, 0);
    ASSERT_LT(u, 1);
    ++cells[static_cast<std::size_t>(u * kCells)];
    fine_bits |= std::fmod(std::ldexp(u, 53), 2) == 1;
  }
  double chi_square = 0;
  for (const int count : cells) chi_square += std::pow(count - kDraws / kCells, 2) / (kDraws / kCells);
  EXPECT_LT(chi_square, 43.8);  // 0.999 quantile with 19 degrees of freedom
  EXPECT_TRUE(fine_bits);       // all 53 bits are used
}

TEST(Hash_AssignArm, GivesEachArmItsShare) {
  const std::vector<double> weights = {0.1, 0, 3.9, 1};
  constexpr int kPeople = 50000;
  std::vector<int> counts(weights.size());
  for (int i = 0; i < kPeople; ++i)
    ++counts[static_cast<std::size_t>(AssignArm("e", std::to_string(i), weights))];
  for (std::size_t arm = 0; arm < weights.size(); ++arm) {
    const double share = weights[arm] / 5;
    EXPECT_NEAR(counts[arm], kPeople * share, 4 * std::sqrt(kPeople * share * (1 - share))) << arm;
  }
}

TEST(Hash_AssignArm, DoesNotDependOnTheOrderAsked) {
  EXPECT_TRUE(rc::check("an id keeps its arm", [](std::vector<std::string> ids) {
    const std::vector<double> weights = {1, 1, 2};
    std::map<std::string, int> forward;
    for (const std::string& id : ids) forward[id] = AssignArm("e", id, weights);
    std::reverse(ids.begin(), ids.end());
    for (const std::string& id : ids) RC_ASSERT(AssignArm("e", id, weights) == forward[id]);
  }));
}

TEST(Hash_AssignArm, IsIndependentBetweenExperimentsAndSalts) {
  const std::vector<double> weights = {1, 1};
  constexpr int kPeople = 20000;
  int same_experiment = 0, same_salt = 0;
  for (int i = 0; i < kPeople; ++i) {
    const std::string id = std::to_string(i);
    same_experiment += AssignArm("a", id, weights) == AssignArm("b", id, weights) ? 1 : 0;
    same_salt += AssignArm("a", id, weights, "x") == AssignArm("a", id, weights, "y") ? 1 : 0;
  }
  const double bound = 4 * std::sqrt(kPeople * 0.25);
  EXPECT_NEAR(same_experiment, kPeople / 2, bound);
  EXPECT_NEAR(same_salt, kPeople / 2, bound);
}

TEST(Hash_AssignArm, RefusesWeightsThatSumToNothing) {
  EXPECT_THROW(AssignArm("e", "a", std::vector<double>{}), InvariantBroken);
  EXPECT_THROW(AssignArm("e", "a", std::vector<double>{0, 0}), InvariantBroken);
  EXPECT_THROW(AssignArm("e", "a", std::vector<double>{2, -1}), InvariantBroken);
  EXPECT_THROW(AssignArm("e", "a", std::vector<double>{1, std::nan("")}), InvariantBroken);
  EXPECT_EQ(AssignArm("e", "a", std::vector<double>{0, 1, 0}), 1);
}

TEST(Sha256, IsThatOfFips180) {
  EXPECT_EQ(ToHex(Sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(ToHex(Sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

}  // namespace
}  // namespace rapport

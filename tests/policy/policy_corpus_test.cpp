// Runs the fuzz target's own check over its corpus, and over every seed cut short and with a byte changed:
// what a build without libFuzzer can say.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "fuzz/policy_fuzz.cpp"
#include "sanitized.hpp"

namespace {

std::vector<std::string> Seeds() {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry :
       std::filesystem::directory_iterator(RAPPORT_SOURCE_DIR "/tests/fuzz/corpus/policy")) {
    paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> seeds;
  for (const std::filesystem::path& path : paths) {
    std::ifstream in(path, std::ios::binary);
    seeds.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
  return seeds;
}

void RunTarget(const std::string& text) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
}

TEST(Policy_Corpus, HoldsForEverySeed) {
  const std::vector<std::string> seeds = Seeds();
  ASSERT_GE(seeds.size(), 14u);
  int accepted = 0;
  for (const std::string& seed : seeds) {
    RunTarget(seed);
    accepted += rapport::Policy::ParseText(seed).ok() ? 1 : 0;
  }
  EXPECT_GE(accepted, 9);
  EXPECT_LT(accepted, static_cast<int>(seeds.size()));
}

TEST(Policy_Corpus, HoldsForSeedsCutShort) {
  int refused = 0;
  for (const std::string& seed : Seeds()) {
    for (std::size_t length = 0; length < seed.size(); length += 3) {
      RunTarget(seed.substr(0, length));
      refused += rapport::Policy::ParseText(seed.substr(0, length)).ok() ? 0 : 1;
    }
  }
  EXPECT_GT(refused, 1000);
}

// Each time another of the bytes, so that in a few seconds every place is seen with some of them.
TEST(Policy_Corpus, HoldsForSeedsWithOneByteChanged) {
  constexpr char kBytes[] = {'"', '\\', '{', ']', ',', '0', '9', 'e', '-', '=', '\0', '\x80', '\xFF'};
  const std::size_t stride = rapport::IsSanitized() ? 10 : 1;   // of no common divisor with the bytes
  int accepted = 0, refused = 0;
  for (const std::string& seed : Seeds()) {
    for (std::size_t at = 0; at < seed.size(); at += stride) {
      std::string changed = seed;
      changed[at] = kBytes[at % sizeof kBytes];
      RunTarget(changed);
      ++(rapport::Policy::ParseText(changed).ok() ? accepted : refused);
    }
  }
  EXPECT_GT(accepted, 0);   // in a note, a number, a name
  EXPECT_GT(refused, accepted);
}

}  // namespace

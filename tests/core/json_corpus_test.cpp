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

#include "fuzz/json_fuzz.cpp"

namespace {

std::vector<std::string> Seeds() {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry :
       std::filesystem::directory_iterator(RAPPORT_SOURCE_DIR "/tests/fuzz/corpus/json")) {
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

TEST(Json_Corpus, HoldsForEverySeed) {
  const std::vector<std::string> seeds = Seeds();
  ASSERT_GE(seeds.size(), 10u);
  int accepted = 0;
  for (const std::string& seed : seeds) {
    RunTarget(seed);
    accepted += rapport::Json::Parse(seed).ok() ? 1 : 0;
  }
  EXPECT_GE(accepted, 7);
  EXPECT_LT(accepted, static_cast<int>(seeds.size()));
}

TEST(Json_Corpus, HoldsForSeedsCutShort) {
  int accepted = 0;
  for (const std::string& seed : Seeds()) {
    for (std::size_t length = 0; length < seed.size(); ++length) {
      RunTarget(seed.substr(0, length));
      accepted += rapport::Json::Parse(seed.substr(0, length)).ok() ? 1 : 0;
    }
  }
  EXPECT_GT(accepted, 0);  // a number cut short is a number
}

TEST(Json_Corpus, HoldsForSeedsWithOneByteChanged) {
  int refused = 0;
  for (const std::string& seed : Seeds()) {
    for (std::size_t at = 0; at < seed.size(); ++at) {
      for (const char c : {'"', '\\', '{', ']', ',', '0', 'e', '-', '\0', '\x80', '\xFF'}) {
        std::string changed = seed;
        changed[at] = c;
        RunTarget(changed);
        refused += rapport::Json::Parse(changed).ok() ? 0 : 1;
      }
    }
  }
  EXPECT_GT(refused, 0);
}

}  // namespace

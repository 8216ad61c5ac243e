// Runs the fuzz target's own check over its corpus, and over every seed cut short and with a byte changed: what a build without
// libFuzzer can say.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "fuzz/arrow_fuzz.cpp"

namespace {

std::vector<std::string> Seeds() {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(RAPPORT_SOURCE_DIR "/tests/fuzz/corpus/arrow")) paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> seeds;
  for (const std::filesystem::path& path : paths) {
    std::ifstream in(path, std::ios::binary);
    seeds.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
  return seeds;
}

int RowsOf(const std::string& seed) {
  return rapport::arrow_fuzz::Run(reinterpret_cast<const std::uint8_t*>(seed.data()), seed.size());
}

TEST(Arrow_Corpus, HoldsForEverySeed) {
  const std::vector<std::string> seeds = Seeds();
  ASSERT_GE(seeds.size(), 12u);
  int with_rows = 0;
  for (const std::string& seed : seeds) with_rows += RowsOf(seed) > 0 ? 1 : 0;
  EXPECT_GE(with_rows, 8);
  EXPECT_LT(with_rows, static_cast<int>(seeds.size()));
}

TEST(Arrow_Corpus, HoldsForSeedsCutShort) {
  int rows = 0;
  for (const std::string& seed : Seeds()) {
    for (std::size_t length = 0; length < seed.size(); ++length) rows += RowsOf(seed.substr(0, length));
  }
  EXPECT_GT(rows, 0);
}

TEST(Arrow_Corpus, HoldsForSeedsWithOneByteChanged) {
  int rows = 0;
  for (const std::string& seed : Seeds()) {
    for (std::size_t at = 0; at < seed.size(); ++at) {
      for (const char c : {'\0', '\1', '\2', '\7', '\x7F', '\x80', '\xC8', '\xFA', '\xFF'}) {
        std::string changed = seed;
        changed[at] = c;
        rows += RowsOf(changed);
      }
    }
  }
  EXPECT_GT(rows, 0);
}

}  // namespace

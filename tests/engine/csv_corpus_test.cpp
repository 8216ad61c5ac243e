// Runs the fuzz target's own check over its corpus, and over every seed cut short and with a byte changed.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "fuzz/csv_fuzz.cpp"

namespace {

std::vector<std::string> Seeds() {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(RAPPORT_SOURCE_DIR "/tests/fuzz/corpus/csv")) paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> seeds;
  for (const std::filesystem::path& path : paths) {
    std::ifstream in(path, std::ios::binary);
    seeds.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
  return seeds;
}

void RunTarget(const std::string& text) { LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()); }

TEST(Csv_Corpus, HoldsForEverySeedWholeAndCutShort) {
  const std::vector<std::string> seeds = Seeds();
  ASSERT_GE(seeds.size(), 10u);
  for (const std::string& seed : seeds) {
    RunTarget(seed);
    for (std::size_t length = 0; length < seed.size(); length += 7) RunTarget(seed.substr(0, length));
  }
}

TEST(Csv_Corpus, HoldsForSeedsWithOneByteChanged) {
  std::size_t turn = 0;
  constexpr std::string_view kBytes("\"',;\n\r\0\x80\xFF" "9E", 11);
  for (const std::string& seed : Seeds()) {
    for (std::size_t at = 0; at < seed.size(); at += 3) {
      std::string changed = seed;
      changed[at] = kBytes[turn++ % kBytes.size()];
      RunTarget(changed);
    }
  }
}

}  // namespace

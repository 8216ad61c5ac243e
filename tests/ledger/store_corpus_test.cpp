// Runs the fuzz target's own check over its corpus, and over books damaged at random bytes: what a build without libFuzzer can say.
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>

#include "fuzz/store_fuzz.cpp"
#include "ledger/book_files.hpp"

namespace {

bool IsSound(const std::string& input) {
  return rapport::store_fuzz::Run(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

TEST(Store_Corpus, HoldsForEverySeed) {
  int seeds = 0, sound = 0;
  for (const auto& entry : std::filesystem::directory_iterator(RAPPORT_SOURCE_DIR "/tests/fuzz/corpus/store")) {
    ++seeds;
    sound += IsSound(rapport::samples::TextOfFile(entry.path().string())) ? 1 : 0;
  }
  EXPECT_GE(seeds, 12);
  EXPECT_GE(sound, 1) << "one changes nothing";
  EXPECT_LT(sound, seeds);
}

TEST(Store_Corpus, HoldsForBooksDamagedAtRandom) {
  rapport::samples::Draw draw(2026);
  int sound = 0;
  const int rounds = 600 / rapport::samples::kSlow;
  for (int round = 0; round < rounds; ++round) {
    std::string input;
    // Some bytes anywhere, or a run of them: a page that was overwritten.
    const std::uint64_t place = draw.Below(1 << 23);
    const bool run = round % 5 == 0;
    for (std::uint64_t i = 0, count = run ? 1 + draw.Below(600) : 1 + draw.Below(4); i < count; ++i) {
      const std::uint64_t at = run ? place + i : draw.Below(1 << 23);
      for (const std::uint64_t byte : {at & 255, at >> 8 & 255, at >> 16 & 255, draw.Below(256)}) input.push_back(static_cast<char>(byte));
    }
    sound += IsSound(input) ? 1 : 0;
  }
  EXPECT_GT(sound, 0) << "some bytes mean nothing";
  EXPECT_LT(sound, rounds * 9 / 10);
}

}  // namespace

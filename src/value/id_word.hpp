// Floor 3, inside. Ids of at most eight bytes as one word: they are compared, hashed and sorted without a look at bytes.
#ifndef RAPPORT_SRC_VALUE_ID_WORD_HPP_
#define RAPPORT_SRC_VALUE_ID_WORD_HPP_

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace rapport {

inline constexpr std::size_t kWordBytes = 8;

// A word of memory as a number that compares as its bytes do, and back.
inline std::uint64_t Swapped(std::uint64_t word) {
  if constexpr (std::endian::native == std::endian::big) return word;
  return __builtin_bswap64(word);
}

// The first eight bytes as they stand in memory, and 0 for those after the end. `readable`: bytes from `bytes` on that may be read, at least `size`.
inline std::uint64_t WordOf(const char* bytes, std::size_t size, std::size_t readable) {
  std::uint64_t word = 0;
  if (readable < kWordBytes) {
    std::memcpy(&word, bytes, size);
    return word;
  }
  std::memcpy(&word, bytes, kWordBytes);
  return size >= kWordBytes ? word : Swapped(Swapped(word) & ~(~std::uint64_t{0} >> (8 * size)));
}
inline std::uint64_t WordOf(std::string_view id) { return WordOf(id.data(), id.size(), id.size()); }

// Whole numbers of at most this size have eight digits or fewer.
inline constexpr std::uint64_t kShortNumbers = 100'000'000;

// The decimal digits of `number` below kShortNumbers as a word, and how many there are.
struct DigitWord {
  std::uint64_t word;
  std::uint32_t size;
};
inline DigitWord DigitsOf(std::uint64_t number) {
  static constexpr auto kPairs = [] {
    std::array<std::uint16_t, 100> pairs{};   // 42 as 0x0402
    for (std::uint16_t i = 0; i < 100; ++i) pairs[i] = static_cast<std::uint16_t>(i / 10 << 8 | i % 10);
    return pairs;
  }();
  const auto high = static_cast<std::uint32_t>(number) / 10'000, low = static_cast<std::uint32_t>(number) % 10'000;
  const std::uint64_t digits = std::uint64_t{kPairs[high / 100]} << 48 | std::uint64_t{kPairs[high % 100]} << 32 | std::uint64_t{kPairs[low / 100]} << 16 | kPairs[low % 100];
  const int leading = std::countl_zero(digits | 1) / 8;   // zeros before the first digit; the last one stays
  return {Swapped((digits | 0x3030'3030'3030'3030) << (8 * leading)), static_cast<std::uint32_t>(8 - leading)};
}

}  // namespace rapport

#endif  // RAPPORT_SRC_VALUE_ID_WORD_HPP_

// Floor 3, inside. The days on which a customer bought, and which of them have an amount.
//
// Blocks of 16 days, sorted, each a word: the block's number, a bit a day that has an amount, a bit a day on which something was bought. Two
// blocks stand in the set itself, more of them in memory of the shard. However many purchases come, a customer holds no more than 8 bytes for each 16 days.
#ifndef RAPPORT_SRC_VALUE_DAY_SET_HPP_
#define RAPPORT_SRC_VALUE_DAY_SET_HPP_

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace rapport {

// Arrays of blocks for the sets of one shard, all freed with it. Small ones are cut from pieces; those of more than eight words have memory of their own.
class BlockMemory {
 public:
  std::uint64_t* Take(std::uint32_t words) {
    if (words > kSmall) {
      large_.push_back(std::make_unique_for_overwrite<std::uint64_t[]>(words + 1));
      held_ += words + 1;
      large_.back()[0] = large_.size() - 1;   // before the array stands its place, for GiveBack
      return large_.back().get() + 1;
    }
    std::uint64_t*& known = free_[words / kLeast - 1];
    if (known != nullptr) return std::exchange(known, std::bit_cast<std::uint64_t*>(static_cast<std::uintptr_t>(*known)));
    if (left_ < words) AddPiece();
    left_ -= words;
    return std::exchange(next_, next_ + words);
  }
  void GiveBack(std::uint64_t* array, std::uint32_t words) {
    if (words > kSmall) {
      held_ -= words + 1;
      const std::uint64_t place = array[-1];
      std::swap(large_[place], large_.back());
      large_[place][0] = place;
      large_.pop_back();
      return;
    }
    std::uint64_t*& known = free_[words / kLeast - 1];
    *array = std::bit_cast<std::uintptr_t>(known);
    known = array;
  }
  static std::uint32_t Larger(std::uint32_t words) { return words < kLeast ? kLeast : words < kSmall ? kSmall : words + words / 2; }
  std::size_t bytes_held() const { return held_ * sizeof(std::uint64_t); }   // of all pieces and arrays, in use or not

 private:
  static constexpr std::uint32_t kLeast = 4, kSmall = 8;   // words of the two sizes that are cut from pieces

  void AddPiece() {
    const std::size_t words = std::size_t{64} << std::min<std::size_t>(pieces_.size(), 12);
    pieces_.push_back(std::make_unique_for_overwrite<std::uint64_t[]>(words));   // only then, for this may throw, is there more
    next_ = pieces_.back().get();
    left_ = words;
    held_ += words;
  }

  std::vector<std::unique_ptr<std::uint64_t[]>> pieces_, large_;
  std::uint64_t* next_ = nullptr;
  std::size_t left_ = 0, held_ = 0;
  std::array<std::uint64_t*, 2> free_{};   // by size; each begins with the address of the next
};

// Two words: as many blocks (0: none), or, where the low half of the second is 0, which no block has, the address of an array and its sizes.
class DaySet {
 public:
  // Days since 1970-01-01 of the years 1 to 9999.
  static constexpr std::int32_t kFirstDay = -719162, kLastDay = 2932896;

  static std::uint64_t BlockOf(std::int32_t day, bool priced) {
    const auto from = static_cast<std::uint32_t>(day + kBias);
    const std::uint64_t bit = std::uint64_t{1} << (from % 16);
    return std::uint64_t{from / 16} << 32 | (priced ? bit << 16 : 0) | bit;
  }
  void Insert(std::uint64_t block, BlockMemory& memory) {
    const std::uint32_t size = this->size();
    std::uint64_t* words = data();
    if (size > 0 && words[size - 1] >> 32 == block >> 32) {
      words[size - 1] |= block;
      return;
    }
    std::uint32_t at = size;
    if (size > 0 && words[size - 1] > block) {
      at = static_cast<std::uint32_t>(std::lower_bound(words, words + size, block >> 32 << 32) - words);
      if (words[at] >> 32 == block >> 32) {
        words[at] |= block;
        return;
      }
    }
    if (size == capacity()) words = Grow(size, memory);
    if (at < size) std::memmove(words + at + 1, words + at, (size - at) * sizeof *words);
    words[at] = block;
    if (is_outside()) words_[1] += std::uint64_t{1} << kSizeShift;
  }
  void Prefetch() const {
    if (is_outside()) __builtin_prefetch(outside());
  }
  std::span<const std::uint64_t> blocks() const { return {is_outside() ? outside() : words_, size()}; }

  static std::int32_t FirstDayOf(std::uint64_t block) { return static_cast<std::int32_t>(block >> 32) * 16 - kBias; }
  static std::uint32_t Bought(std::uint64_t block) { return static_cast<std::uint32_t>(block) & 0xFFFF; }
  static std::uint32_t Priced(std::uint64_t block) { return static_cast<std::uint32_t>(block) >> 16; }

  // Of the days from first to last: how many, how many with an amount, and the last of them.
  struct Count {
    std::int64_t bought = 0, priced = 0;
    std::int32_t last = kFirstDay;
  };
  static Count Within(std::span<const std::uint64_t> blocks, std::int32_t first, std::int32_t last) {
    Count count;
    for (const std::uint64_t block : blocks) {
      const std::int32_t begin = FirstDayOf(block);
      if (begin > last || begin + 15 < first) continue;
      std::uint32_t mask = 0xFFFF;
      if (begin < first) mask &= 0xFFFFu << (first - begin);
      if (begin + 15 > last) mask &= 0xFFFFu >> (begin + 15 - last);
      const std::uint32_t bought = Bought(block) & mask;
      if (bought == 0) continue;
      const std::uint32_t counts = CountHalves(bought | (Priced(block) & mask) << 16);
      count.bought += counts & 0xFFFF;
      count.priced += counts >> 16;
      count.last = begin + std::bit_width(bought) - 1;
    }
    return count;
  }

 private:
  // How many bits are 1 in each half: without an instruction of its own std::popcount is a call.
  static std::uint32_t CountHalves(std::uint32_t bits) {
    bits -= bits >> 1 & 0x5555'5555;
    bits = (bits & 0x3333'3333) + (bits >> 2 & 0x3333'3333);
    bits = (bits + (bits >> 4)) & 0x0F0F'0F0F;
    return (bits + (bits >> 8)) & 0x00FF'00FF;
  }
  static constexpr std::int32_t kBias = 1 << 20;   // a multiple of 16 that makes all days positive
  static constexpr std::uint32_t kInside = 2;
  static constexpr int kSizeShift = 40, kCapacityShift = 16;   // each of 24 bits; there are fewer than 2^18 blocks

  bool is_outside() const { return words_[1] != 0 && (words_[1] & 0xFFFF) == 0; }
  std::uint64_t* outside() const { return std::bit_cast<std::uint64_t*>(static_cast<std::uintptr_t>(words_[0])); }
  std::uint64_t* data() { return is_outside() ? outside() : words_; }
  std::uint32_t size() const {
    if (is_outside()) return static_cast<std::uint32_t>(words_[1] >> kSizeShift);
    return (words_[0] != 0 ? 1 : 0) + (words_[1] != 0 ? 1 : 0);
  }
  std::uint32_t capacity() const { return is_outside() ? static_cast<std::uint32_t>(words_[1] >> kCapacityShift) & 0xFFFFFF : kInside; }
  std::uint64_t* Grow(std::uint32_t size, BlockMemory& memory) {
    const std::uint32_t larger = BlockMemory::Larger(capacity());
    std::uint64_t* array = memory.Take(larger);
    std::memcpy(array, data(), size * sizeof *array);
    if (is_outside()) memory.GiveBack(outside(), capacity());
    words_[0] = std::bit_cast<std::uintptr_t>(array);
    words_[1] = std::uint64_t{size} << kSizeShift | std::uint64_t{larger} << kCapacityShift;
    return array;
  }

  std::uint64_t words_[kInside] = {0, 0};
};

}  // namespace rapport

#endif  // RAPPORT_SRC_VALUE_DAY_SET_HPP_

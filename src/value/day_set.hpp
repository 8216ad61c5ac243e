// Floor 3, inside. The days on which a customer bought, and which of them have an amount.
//
// Blocks of 16 days, sorted, each a word: the block's number, a bit a day that has an amount, a bit a day on which something was bought. Two
// blocks need no memory of their own. However many purchases come, a customer holds no more than 8 bytes for each 16 days.
#ifndef RAPPORT_SRC_VALUE_DAY_SET_HPP_
#define RAPPORT_SRC_VALUE_DAY_SET_HPP_

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <utility>

namespace rapport {

class DaySet {
 public:
  // Days since 1970-01-01 of the years 1 to 9999.
  static constexpr std::int32_t kFirstDay = -719162, kLastDay = 2932896;

  DaySet() = default;
  DaySet(DaySet&& other) noexcept { Take(other); }
  DaySet& operator=(DaySet&& other) noexcept {
    if (this != &other) {
      Free();
      Take(other);
    }
    return *this;
  }
  ~DaySet() { Free(); }

  void Insert(std::int32_t day, bool priced) {
    const auto from = static_cast<std::uint32_t>(day + kBias);
    const std::uint64_t bit = std::uint64_t{1} << (from % 16);
    InsertBlock(std::uint64_t{from / 16} << 32 | (priced ? bit << 16 : 0) | bit);
  }
  void InsertBlock(std::uint64_t block) {
    std::uint64_t* words = data();
    if (size_ > 0 && words[size_ - 1] >> 32 == block >> 32) {
      words[size_ - 1] |= block;
      return;
    }
    std::uint32_t at = size_;
    if (size_ > 0 && words[size_ - 1] > block) {
      at = static_cast<std::uint32_t>(std::lower_bound(words, words + size_, block >> 32 << 32) - words);
      if (words[at] >> 32 == block >> 32) {
        words[at] |= block;
        return;
      }
    }
    if (size_ == capacity_) words = Grow();
    std::memmove(words + at + 1, words + at, (size_ - at) * sizeof *words);
    words[at] = block;
    ++size_;
  }
  void Unite(const DaySet& other) {
    for (const std::uint64_t block : other.blocks()) InsertBlock(block);
  }

  std::span<const std::uint64_t> blocks() const { return {data(), size_}; }
  std::size_t bytes_held() const { return capacity_ > kInline ? capacity_ * sizeof(std::uint64_t) : 0; }

  static std::int32_t FirstDayOf(std::uint64_t block) { return static_cast<std::int32_t>(block >> 32) * 16 - kBias; }
  static std::uint32_t Bought(std::uint64_t block) { return static_cast<std::uint32_t>(block) & 0xFFFF; }
  static std::uint32_t Priced(std::uint64_t block) { return static_cast<std::uint32_t>(block) >> 16; }

  // Counts of the days from first to last inside `limits`, and the last of them.
  struct Count {
    std::int64_t bought = 0, priced = 0;
    std::int32_t last = kFirstDay;
  };
  Count Within(std::int32_t first, std::int32_t last) const {
    Count count;
    for (const std::uint64_t block : blocks()) {
      const std::int32_t begin = FirstDayOf(block);
      if (begin > last || begin + 15 < first) continue;
      std::uint32_t mask = 0xFFFF;
      if (begin < first) mask &= 0xFFFFu << (first - begin);
      if (begin + 15 > last) mask &= 0xFFFFu >> (begin + 15 - last);
      const std::uint32_t bought = Bought(block) & mask;
      if (bought == 0) continue;
      count.bought += std::popcount(bought);
      count.priced += std::popcount(Priced(block) & mask);
      count.last = begin + std::bit_width(bought) - 1;
    }
    return count;
  }

 private:
  static constexpr std::int32_t kBias = 1 << 20;   // a multiple of 16 that makes all days positive
  static constexpr std::uint32_t kInline = 2;

  std::uint64_t* data() { return capacity_ > kInline ? heap_ : inline_; }
  const std::uint64_t* data() const { return capacity_ > kInline ? heap_ : inline_; }
  std::uint64_t* Grow() {
    const std::uint32_t capacity = capacity_ + capacity_ / 2 + 1;
    auto* words = new std::uint64_t[capacity];
    std::memcpy(words, data(), size_ * sizeof *words);
    if (capacity_ > kInline) delete[] heap_;
    heap_ = words;
    capacity_ = capacity;
    return words;
  }
  void Take(DaySet& other) {
    size_ = std::exchange(other.size_, 0);
    capacity_ = std::exchange(other.capacity_, kInline);
    std::memcpy(inline_, other.inline_, sizeof inline_);
  }
  void Free() {
    if (capacity_ > kInline) delete[] heap_;
  }

  std::uint32_t size_ = 0, capacity_ = kInline;
  union {
    std::uint64_t inline_[kInline] = {0, 0};
    std::uint64_t* heap_;
  };
};

}  // namespace rapport

#endif  // RAPPORT_SRC_VALUE_DAY_SET_HPP_

// Floor 3, inside. The customers whose ids hash alike, with what their purchases add up to. A SummaryBuilder has 256 of these; threads share none.
#ifndef RAPPORT_SRC_VALUE_CUSTOMER_SHARD_HPP_
#define RAPPORT_SRC_VALUE_CUSTOMER_SHARD_HPP_

#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "value/day_set.hpp"
#include "value/exact_sum.hpp"

namespace rapport {

inline constexpr std::int32_t kNoDay = std::numeric_limits<std::int32_t>::max();
// 2^-20: less than the smallest unit of any currency, more than what decimals leave when they are added in binary.
inline constexpr Wide kAsGoodAsNothing = Wide{1} << 40;

// What was bought and given back on one day.
struct DaySpend {
  std::int32_t day = 0;
  bool has_amount = false, has_refund = false;
  Wide amount = 0;
  // A day on which everything was taken back is no day of buying.
  bool TakenBack() const { return has_refund && amount <= kAsGoodAsNothing; }
};

// What is looked at most, kept close together.
struct CustomerHead {
  std::uint32_t id_offset = 0, id_size = 0;
  std::int32_t first = kNoDay;     // of totals
};

struct CustomerTotals {
  Wide on_first = 0;               // spent on the first day
  Wide before = 0, after = 0;      // spent until the end of calibration (the first day too), and after it
  DaySet days;
};

class CustomerShard {
 public:
  // `by_day`: keeps DaySpend a day; else totals, split after `calibration_end`.
  void Set(bool by_day, std::int32_t calibration_end) {
    by_day_ = by_day;
    calibration_end_ = calibration_end;
  }
  // The customer's place; a new one where the id is not known.
  std::uint32_t Place(std::string_view id, std::uint64_t hash);
  void Add(std::uint32_t place, std::int32_t day, bool has_amount, double amount);
  void AddTotals(std::uint32_t place, std::int32_t first, const CustomerTotals& other);
  void AddDay(std::uint32_t place, const DaySpend& other);

  std::size_t size() const { return heads_.size(); }
  std::string_view id(std::uint32_t place) const {
    return {ids_.data() + heads_[place].id_offset, heads_[place].id_size};
  }
  std::int32_t first(std::uint32_t place) const { return heads_[place].first; }
  const CustomerTotals& totals(std::uint32_t place) const { return blocks_[place / kBlock][place % kBlock]; }
  // Asks for memory early: of a customer's totals, then of the id; of the slot of a hash, then of the customer who stands there.
  void Prefetch(std::uint32_t place) const {
    const auto* totals = reinterpret_cast<const char*>(&blocks_[place / kBlock][place % kBlock]);
    __builtin_prefetch(totals);
    __builtin_prefetch(totals + 64);
  }
  void PrefetchId(std::uint32_t place) const { __builtin_prefetch(ids_.data() + heads_[place].id_offset); }
  void PrefetchSlot(std::uint64_t hash) const {
    if (!slots_.empty()) __builtin_prefetch(&slots_[hash & 0xFFFFFFFF & (slots_.size() - 1)]);
  }
  void PrefetchCustomer(std::uint64_t hash) const {
    if (slots_.empty()) return;
    const auto slot = static_cast<std::uint32_t>(slots_[hash & 0xFFFFFFFF & (slots_.size() - 1)]);
    if (slot != 0) Prefetch(slot - 1);
  }
  std::span<const DaySpend> days(std::uint32_t place) const { return by_day_ ? std::span<const DaySpend>(days_[place]) : std::span<const DaySpend>(); }
  std::size_t bytes_held() const;

 private:
  static constexpr std::uint32_t kBlock = 8;   // customers that are allocated together: none of them ever moves

  CustomerTotals& totals(std::uint32_t place) { return blocks_[place / kBlock][place % kBlock]; }
  void Grow();
  DaySpend& DayOf(std::uint32_t place, std::int32_t day);

  bool by_day_ = false;
  std::int32_t calibration_end_ = kNoDay;
  std::string ids_;
  std::vector<std::uint64_t> slots_;   // 32 bits of the hash, place + 1; 0 is empty; a power of two of them
  std::vector<CustomerHead> heads_;
  std::vector<std::unique_ptr<CustomerTotals[]>> blocks_;
  std::vector<std::vector<DaySpend>> days_;   // sorted, where kept
};

}  // namespace rapport

#endif  // RAPPORT_SRC_VALUE_CUSTOMER_SHARD_HPP_

// Floor 3, inside. The customers whose ids hash alike, with what their purchases add up to. A SummaryBuilder has 256 of these; threads share none.
#ifndef RAPPORT_SRC_VALUE_CUSTOMER_SHARD_HPP_
#define RAPPORT_SRC_VALUE_CUSTOMER_SHARD_HPP_

#include <array>
#include <bit>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "value/day_set.hpp"
#include "value/exact_sum.hpp"
#include "value/id_word.hpp"
#include "value/piece_memory.hpp"

namespace rapport {

inline constexpr std::size_t kMostIdBytes = std::size_t{1} << 20;
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

// An id that is looked for.
struct SoughtId {
  std::uint64_t hash, word;   // the word of id_word.hpp
  std::uint32_t size;
  const char* bytes;          // looked at where there are more than eight
};
std::uint64_t HashOfLongId(std::string_view id);
// Of an id of at most eight bytes.
inline std::uint64_t HashOfWord(std::uint64_t word, std::uint32_t size) {
  std::uint64_t hash = word + size * 0x9E3779B97F4A7C15;   // SplitMix64
  hash = (hash ^ hash >> 30) * 0xBF58476D1CE4E5B9;
  hash = (hash ^ hash >> 27) * 0x94D049BB133111EB;
  return hash ^ hash >> 31;
}
SoughtId SoughtIdOf(std::string_view id);

// What is kept of a customer: a line of memory.
struct alignas(64) Customer {
  std::uint64_t word;              // the id, where it has at most eight bytes; else where its bytes begin
  std::uint32_t id_size;
  std::int32_t first = kNoDay;     // of totals, as what follows
  Wide on_first = 0;               // spent on the first day
  Wide before = 0;                 // spent until the end of calibration, the first day too
  DaySet days = {};
};
static_assert(sizeof(Customer) == 64 && std::is_trivially_destructible_v<Customer>);   // pieces are given back without a look at who stands in them

// A customer's totals, on the way from one summary to another.
struct CustomerTotals {
  std::int32_t first = kNoDay;
  Wide on_first = 0, before = 0;
  Wide after = 0;                  // spent after the end of calibration
  std::span<const std::uint64_t> blocks;
};

class CustomerShard {
 public:
  // `by_day`: keeps DaySpend a day; else totals, split after `calibration_end`. Customers stand in `memory`.
  void Set(bool by_day, std::int32_t calibration_end, PieceMemory& memory) {
    memory_ = &memory;
    by_day_ = by_day;
    calibration_end_ = calibration_end;
  }
  // The customer's place; a new one where the id is not known.
  std::uint32_t Place(const SoughtId& id);
  // The last customer's place, or a new one: for ids that come in order, in a shard that is never searched.
  std::uint32_t PlaceInOrder(const SoughtId& id) { return size_ > 0 && Is(size_ - 1, id) ? size_ - 1 : AddNew(id); }
  void Add(std::uint32_t place, std::int32_t day, bool has_amount, double amount);
  void AddTotals(std::uint32_t place, const CustomerTotals& other);
  void AddDay(std::uint32_t place, const DaySpend& other);

  std::uint32_t size() const { return size_; }
  const Customer& customer(std::uint32_t place) const { return *At(place); }
  std::string_view id(std::uint32_t place) const {
    const Customer& customer = *At(place);
    return {customer.id_size <= kWordBytes ? reinterpret_cast<const char*>(&customer.word) : long_ids_.data() + customer.word, customer.id_size};
  }
  CustomerTotals totals(std::uint32_t place) const {
    const Customer& customer = *At(place);
    return {customer.first, customer.on_first, customer.before, after_.empty() ? 0 : after_[place], customer.days.blocks()};
  }
  std::span<const DaySpend> days(std::uint32_t place) const { return by_day_ ? std::span<const DaySpend>(days_[place]) : std::span<const DaySpend>(); }
  std::size_t bytes_held() const;   // without what stands in the memory given

  // Asks for memory early: of a customer, then of the blocks outside; of the slot of a hash, then of the customer who stands there.
  void Prefetch(std::uint32_t place) const { __builtin_prefetch(At(place)); }
  void PrefetchBlocks(std::uint32_t place) const { At(place)->days.Prefetch(); }
  void PrefetchSlot(std::uint64_t hash) const {
    if (!slots_.empty()) __builtin_prefetch(&slots_[SlotOf(hash)]);
  }
  void PrefetchCustomer(std::uint64_t hash) const {
    if (slots_.empty()) return;
    const auto slot = static_cast<std::uint32_t>(slots_[SlotOf(hash)]);
    if (slot != 0) Prefetch(slot - 1);
  }

 private:
  // Customers stand in pieces, each as large as all before it and eight more, so that none ever moves.
  static constexpr std::uint32_t kFirstPiece = 8;
  static constexpr std::size_t kPieces = 30;   // places have 32 bits

  static std::size_t PieceOf(std::uint64_t from) { return static_cast<std::size_t>(std::bit_width(from) - std::bit_width(kFirstPiece)); }
  Customer* At(std::uint32_t place) const {
    const std::uint64_t from = std::uint64_t{place} + kFirstPiece;
    return pieces_[PieceOf(from)] + (from - std::bit_floor(from));
  }
  std::size_t SlotOf(std::uint64_t hash) const { return hash & 0xFFFFFFFF & (slots_.size() - 1); }
  bool Is(std::uint32_t place, const SoughtId& id) const;
  std::uint32_t AddNew(const SoughtId& id);
  void GrowSlots();
  DaySpend& DayOf(std::uint32_t place, std::int32_t day);

  bool by_day_ = false;
  std::int32_t calibration_end_ = kNoDay;
  std::uint32_t size_ = 0;
  std::vector<std::uint64_t> slots_;   // 32 bits of the hash, place + 1; 0 is empty; a power of two of them
  PieceMemory* memory_ = nullptr;
  std::array<Customer*, kPieces> pieces_{};
  BlockMemory blocks_;
  std::string long_ids_;
  std::vector<Wide> after_;            // spent after the end of calibration, where it has an end
  std::vector<std::vector<DaySpend>> days_;   // sorted, where kept
};

// Inline, for every purchase comes by here.
inline void CustomerShard::Add(std::uint32_t place, std::int32_t day, bool has_amount, double amount) {
  if (by_day_) {
    DaySpend& spend = DayOf(place, day);
    if (!has_amount) return;
    spend.has_amount = true;
    spend.has_refund |= amount < 0;
    spend.amount += ToUnits(amount);
    return;
  }
  Customer& customer = *At(place);
  const Wide units = has_amount ? ToUnits(amount) : 0;
  if (day < customer.first) {
    customer.first = day;
    customer.on_first = units;
  } else if (day == customer.first) {
    customer.on_first += units;
  }
  (day <= calibration_end_ ? customer.before : after_[place]) += units;
  customer.days.Insert(DaySet::BlockOf(day, has_amount), blocks_);
}

}  // namespace rapport

#endif  // RAPPORT_SRC_VALUE_CUSTOMER_SHARD_HPP_

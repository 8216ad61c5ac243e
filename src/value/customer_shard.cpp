#define XXH_INLINE_ALL
#include "value/customer_shard.hpp"

#include <xxhash.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <new>
#include <utility>

namespace rapport {

std::uint64_t HashOfLongId(std::string_view id) { return XXH3_64bits(id.data(), id.size()); }

SoughtId SoughtIdOf(std::string_view id) {
  const std::uint64_t word = WordOf(id);
  const auto size = static_cast<std::uint32_t>(id.size());
  return {size <= kWordBytes ? HashOfWord(word, size) : HashOfLongId(id), word, size, id.data()};
}

bool CustomerShard::Is(std::uint32_t place, const SoughtId& id) const {
  const Customer& customer = *At(place);
  if (customer.id_size != id.size) return false;
  return id.size <= kWordBytes ? customer.word == id.word : std::memcmp(long_ids_.data() + customer.word, id.bytes, id.size) == 0;
}

// Slots are found by the low half of the hash, which is kept in them: growing asks for no id again.
std::uint32_t CustomerShard::Place(const SoughtId& id) {
  if (std::size_t{size_} * 3 >= slots_.size() * 2) GrowSlots();
  const std::uint64_t tag = id.hash << 32;
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = SlotOf(id.hash);; at = (at + 1) & mask) {
    const std::uint64_t slot = slots_[at];
    if (slot == 0) {
      const std::uint32_t place = AddNew(id);
      slots_[at] = tag | (place + 1);
      return place;
    }
    const auto place = static_cast<std::uint32_t>(slot) - 1;
    if (((slot ^ tag) >> 32) == 0 && Is(place, id)) return place;
  }
}

std::uint32_t CustomerShard::AddNew(const SoughtId& id) {
  const std::uint32_t place = size_;   // counted last: what takes memory may throw
  const std::uint64_t from = std::uint64_t{place} + kFirstPiece;
  if (std::has_single_bit(from)) pieces_[PieceOf(from)] = static_cast<Customer*>(memory_->Take(from * sizeof(Customer)));
  const std::uint64_t word = id.size <= kWordBytes ? id.word : long_ids_.size();
  if (id.size > kWordBytes) long_ids_.append(id.bytes, id.size);
  if (by_day_) days_.resize(place + std::size_t{1});
  else if (calibration_end_ != kNoDay) after_.resize(place + std::size_t{1});
  new (At(place)) Customer{.word = word, .id_size = id.size};
  ++size_;
  return place;
}

void CustomerShard::GrowSlots() {
  std::vector<std::uint64_t> slots(std::max<std::size_t>(8, slots_.size() * 2), 0);
  const std::size_t mask = slots.size() - 1;
  for (const std::uint64_t slot : slots_) {
    if (slot == 0) continue;
    std::size_t at = (slot >> 32) & mask;
    while (slots[at] != 0) at = (at + 1) & mask;
    slots[at] = slot;
  }
  slots_ = std::move(slots);
}

void CustomerShard::AddTotals(std::uint32_t place, const CustomerTotals& other) {
  Customer& customer = *At(place);
  if (other.first < customer.first) {
    customer.first = other.first;
    customer.on_first = other.on_first;
  } else if (other.first == customer.first) {
    customer.on_first += other.on_first;
  }
  customer.before += other.before;
  if (!after_.empty()) after_[place] += other.after;
  for (const std::uint64_t block : other.blocks) customer.days.Insert(block, blocks_);
}

void CustomerShard::AddDay(std::uint32_t place, const DaySpend& other) {
  DaySpend& spend = DayOf(place, other.day);
  spend.has_amount |= other.has_amount;
  spend.has_refund |= other.has_refund;
  spend.amount += other.amount;
}

DaySpend& CustomerShard::DayOf(std::uint32_t place, std::int32_t day) {
  std::vector<DaySpend>& days = days_[place];
  if (days.empty() || days.back().day < day) return days.emplace_back(DaySpend{.day = day});
  const auto at = std::lower_bound(days.begin(), days.end(), day, [](const DaySpend& spend, std::int32_t wanted) { return spend.day < wanted; });
  return at->day == day ? *at : *days.insert(at, DaySpend{.day = day});
}

std::size_t CustomerShard::bytes_held() const {
  std::size_t bytes = long_ids_.capacity() + slots_.capacity() * sizeof(std::uint64_t) + blocks_.bytes_held() + after_.capacity() * sizeof(Wide) +
                      days_.capacity() * sizeof(std::vector<DaySpend>);
  for (const std::vector<DaySpend>& days : days_) bytes += days.capacity() * sizeof(DaySpend);
  return bytes;
}

}  // namespace rapport

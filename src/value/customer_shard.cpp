#include "value/customer_shard.hpp"

#include <algorithm>

namespace rapport {

// Slots are found by the low half of the hash, which is kept in them: growing asks for no id again.
std::uint32_t CustomerShard::Place(std::string_view id, std::uint64_t hash) {
  if (heads_.size() * 3 >= slots_.size() * 2) Grow();
  const std::uint64_t tag = hash << 32;
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = (tag >> 32) & mask;; at = (at + 1) & mask) {
    const std::uint64_t slot = slots_[at];
    if (slot == 0) {
      const auto place = static_cast<std::uint32_t>(heads_.size());
      slots_[at] = tag | (place + 1);
      if (place % kBlock == 0) blocks_.push_back(std::make_unique<CustomerTotals[]>(kBlock));
      heads_.push_back({static_cast<std::uint32_t>(ids_.size()), static_cast<std::uint32_t>(id.size())});
      ids_.append(id);
      if (by_day_) days_.emplace_back();
      return place;
    }
    const auto place = static_cast<std::uint32_t>(slot) - 1;
    if (((slot ^ tag) >> 32) == 0 && this->id(place) == id) return place;
  }
}

void CustomerShard::Grow() {
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

void CustomerShard::Add(std::uint32_t place, std::int32_t day, bool has_amount, double amount) {
  if (by_day_) {
    DaySpend& spend = DayOf(place, day);
    if (!has_amount) return;
    spend.has_amount = true;
    spend.has_refund |= amount < 0;
    spend.amount += ToUnits(amount);
    return;
  }
  CustomerTotals& customer = totals(place);
  const Wide units = has_amount ? ToUnits(amount) : 0;
  std::int32_t& first = heads_[place].first;
  if (day < first) {
    first = day;
    customer.on_first = units;
  } else if (day == first) {
    customer.on_first += units;
  }
  (day <= calibration_end_ ? customer.before : customer.after) += units;
  customer.days.Insert(day, has_amount);
}

void CustomerShard::AddTotals(std::uint32_t place, std::int32_t first, const CustomerTotals& other) {
  CustomerTotals& customer = totals(place);
  if (first < heads_[place].first) {
    heads_[place].first = first;
    customer.on_first = other.on_first;
  } else if (first == heads_[place].first) {
    customer.on_first += other.on_first;
  }
  customer.before += other.before;
  customer.after += other.after;
  customer.days.Unite(other.days);
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
  std::size_t bytes = ids_.capacity() + heads_.capacity() * sizeof(CustomerHead) + slots_.capacity() * sizeof(std::uint64_t) + blocks_.size() * kBlock * sizeof(CustomerTotals) +
                      days_.capacity() * sizeof(std::vector<DaySpend>);
  for (std::uint32_t i = 0; i < heads_.size(); ++i) bytes += totals(i).days.bytes_held();
  for (const std::vector<DaySpend>& days : days_) bytes += days.capacity() * sizeof(DaySpend);
  return bytes;
}

}  // namespace rapport

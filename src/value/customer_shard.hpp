// Floor 3, inside. The customers whose ids hash alike, with what their purchases add up to. A SummaryBuilder has 256 of these; threads share none.
#ifndef RAPPORT_SRC_VALUE_CUSTOMER_SHARD_HPP_
#define RAPPORT_SRC_VALUE_CUSTOMER_SHARD_HPP_

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "value/day_set.hpp"
#include "value/exact_sum.hpp"

namespace rapport {

inline constexpr std::int32_t kNoDay = std::numeric_limits<std::int32_t>::max();

// What was bought and given back on one day.
struct DaySpend {
  std::int32_t day = 0;
  bool has_amount = false, has_refund = false;
  Wide amount = 0;
  // A day on which everything was taken back is no day of buying.
  bool TakenBack() const { return has_refund && amount <= 0; }
};

struct CustomerTotals {
  std::uint64_t id_offset = 0;
  std::uint32_t id_size = 0;
  std::int32_t first = kNoDay;
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
  void AddTotals(std::uint32_t place, const CustomerTotals& other);
  void AddDay(std::uint32_t place, const DaySpend& other);

  std::size_t size() const { return customers_.size(); }
  std::string_view id(std::uint32_t place) const {
    return {ids_.data() + customers_[place].id_offset, customers_[place].id_size};
  }
  const CustomerTotals& totals(std::uint32_t place) const { return customers_[place]; }
  CustomerTotals& totals(std::uint32_t place) { return customers_[place]; }
  std::span<const DaySpend> days(std::uint32_t place) const { return by_day_ ? std::span<const DaySpend>(days_[place]) : std::span<const DaySpend>(); }
  std::size_t bytes_held() const;

 private:
  void Grow();
  DaySpend& DayOf(std::uint32_t place, std::int32_t day);

  bool by_day_ = false;
  std::int32_t calibration_end_ = kNoDay;
  std::string ids_;
  std::vector<std::uint64_t> slots_;   // 32 bits of the hash, place + 1; 0 is empty; a power of two of them
  std::vector<CustomerTotals> customers_;
  std::vector<std::vector<DaySpend>> days_;   // sorted, where kept
};

}  // namespace rapport

#endif  // RAPPORT_SRC_VALUE_CUSTOMER_SHARD_HPP_

// Floor 3, inside. What a SummaryBuilder holds.
#ifndef RAPPORT_SRC_VALUE_SUMMARY_STATE_HPP_
#define RAPPORT_SRC_VALUE_SUMMARY_STATE_HPP_

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "rapport/value/summary_builder.hpp"
#include "value/customer_shard.hpp"

namespace rapport {

inline constexpr std::size_t kShards = 256;       // by the highest 8 bits of the hash
inline constexpr std::int64_t kMostRows = std::int64_t{1} << 62;
inline constexpr std::size_t kInOrder = kShards;   // the shard of customers who came in order

struct SummaryBuilder::State {
  SummarizeOptions options;
  Keep keep = Keep::kTotals;
  // As long as new customers come in order, shorter ids before longer ones and these as bytes (so do the whole numbers of a table that is sorted by them), they
  // stand in shards[kInOrder] and need neither hash nor search. With the first who comes out of order all are spread over the others, for good.
  std::array<CustomerShard, kShards + 1> shards;
  PieceMemory memory, memory_in_order;
  bool in_order = true;
  bool complete = true;                        // false while Add or Merge are at work, and for good once one of them threw
  std::int64_t rows = 0;
  std::int64_t added = 0;                      // rows given to Add of this builder: messages count by them
  std::int32_t last = DaySet::kFirstDay - 1;   // the last day of any row
  UnsignedWide total = 0;                      // of the sizes of amounts, each rounded up to a whole number

  bool by_day() const { return keep == Keep::kDays || options.refunds == Refunds::kNet; }
  std::size_t customers() const;   // also those with refunds alone
  void Start();   // once options and keep are set
  void SpreadCustomers();   // no longer in order
  // Of another state, or of those in order here, into the spread ones.
  void AddCustomers(const CustomerShard& from);
  // Where the two periods end; `rows` is not 0.
  std::int32_t ObservationEnd() const;
  std::int32_t CalibrationEnd() const;
};

inline std::size_t ShardOf(std::uint64_t hash) { return static_cast<std::size_t>(hash >> 56); }

// A customer's place in a state.
struct CustomerPlace {
  std::uint64_t key;   // of sorting: the first eight bytes of the id
  std::uint32_t place;
  std::uint32_t shard : 9, id_size : 23;
  static_assert(kShards < 1 << 9 && kMostIdBytes < 1 << 23);
};
CustomerPlace PlaceOf(const SummaryBuilder::State& state, std::size_t shard, std::uint32_t place);
// Sorted by the customers' ids as bytes.
void SortPlaces(const SummaryBuilder::State& state, std::vector<CustomerPlace>& places);
// All customers, sorted.
std::vector<CustomerPlace> SortedCustomers(const SummaryBuilder::State& state);

std::int32_t NumberOf(Day day);   // held within the days that a DaySet takes
Day DayOf(std::int32_t number);

}  // namespace rapport

#endif  // RAPPORT_SRC_VALUE_SUMMARY_STATE_HPP_

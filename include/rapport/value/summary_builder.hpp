// Floor 3. Purchases to summaries piece by piece: of data larger than memory, or spread over machines.
//
//   auto summary = SummaryBuilder::Open({.unit = TimeUnit::kWeek});
//   for (each chunk) summary->Add(chunk);                          // in any order, cut anywhere
//   summary->Merge(*SummaryBuilder::Load(bytes_from_elsewhere));
//   SummaryColumns rows = summary->Finish();
//
// A customer costs 65 to 80 bytes where all come in order (as the whole numbers of a table sorted by customer do; one thread adds them), else 90 to 145, by how
// full what doubles is; 16 to 32 where the calibration ends; what an id has beyond eight bytes; and 8 to 12 for each 16 days beyond two in which one
// bought. Purchases do not count; up to 50 MB serve each Add. Refunds::kNet knows what was spent each day: 32 bytes a buying day. Of 3.5 million purchases by
// 1.2 million customers, on one core of a busy machine, a purchase took 40 nanoseconds in order and 180 strewn, and a row of Finish 120 and 280.
//
// No bit of an answer shows the order of purchases, how they were cut into chunks and parts, or the number of threads: each amount is rounded by
// itself to a multiple of 2^-60 (which changes nothing from 0.0079 up) and added in 128-bit integers; a sum is rounded once, when it is asked for.
#ifndef RAPPORT_VALUE_SUMMARY_BUILDER_HPP_
#define RAPPORT_VALUE_SUMMARY_BUILDER_HPP_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "rapport/core/table.hpp"
#include "rapport/value/summarize.hpp"

namespace rapport {

// Purchases as columns of one length. The customer of row i is customer_bytes[customer_offsets[i] .. customer_offsets[i+1]), where offsets do not
// fall; or, where customer_offsets is empty, customer_numbers[i] in decimal.
struct PurchaseColumns {
  std::span<const std::int64_t> customer_offsets = {};
  const char* customer_bytes = nullptr;
  std::span<const std::int64_t> customer_numbers = {};
  std::span<const std::int32_t> days = {};          // since 1970-01-01
  std::span<const double> amounts = {};             // major units, at most 1e18 by size; empty: no money
  std::span<const std::uint8_t> has_amount = {};    // 0: this row has none; empty: all have
  std::size_t size() const { return days.size(); }
};

// Somebody whose first purchase came after the end of calibration.
struct LateCustomer {
  std::string customer;
  Day first;
};

// Numbers of which some are missing, as Arrow holds them: a missing value is 0, and bit i % 8 of valid[i / 8] is 1 where row i has one.
struct OptionalNumbers {
  std::vector<double> values;
  std::vector<std::uint8_t> valid;
  std::size_t size() const { return values.size(); }
  std::optional<double> operator[](std::size_t row) const { return (valid[row / 8] >> (row % 8) & 1) != 0 ? std::optional<double>(values[row]) : std::nullopt; }
  void resize(std::size_t size) {   // to missing ones
    const std::size_t before = values.size();
    values.resize(size);
    valid.resize((size + 63) / 64 * 8);
    for (std::size_t row = size; row < before && row < valid.size() * 8; ++row) valid[row / 8] = static_cast<std::uint8_t>(valid[row / 8] & ~(1u << (row % 8)));
  }
  void Set(std::size_t row, double value) {
    values[row] = value;
    valid[row / 8] = static_cast<std::uint8_t>(valid[row / 8] | 1u << (row % 8));
  }
  void push_back(std::optional<double> value) {
    resize(size() + 1);
    if (value) Set(size() - 1, *value);
  }
};

// One row a customer, sorted by customer as bytes; what the columns mean is in summarize.hpp.
struct SummaryColumns {
  std::vector<std::int64_t> customer_offsets{0};
  std::string customer_bytes;
  std::vector<std::int64_t> frequency;
  std::vector<double> recency, age;
  OptionalNumbers monetary;
  OptionalNumbers spend;                      // of all buying days until the end of calibration, the first one too
  std::vector<std::int64_t> frequency_holdout;   // empty where no end of calibration was given, as is the next
  OptionalNumbers monetary_holdout;
  double duration_holdout = 0;
  std::vector<LateCustomer> later;            // who has no row, sorted too
  std::int64_t purchases = 0;                 // rows that were added
  std::optional<Day> calibration_end, observation_end;   // nullopt: nothing was added
  std::size_t size() const { return frequency.size(); }
  std::string_view customer(std::size_t row) const;
};

// A day on which a customer bought.
struct BuyingDay {
  Day day;
  std::optional<double> amount;   // where the builder keeps days
};

class SummaryBuilder {
 public:
  enum class Keep { kTotals, kDays };   // kDays: what was spent each day, whatever `refunds` says

  // `value.invalid_input` where the observation ends before the calibration.
  static absl::StatusOr<SummaryBuilder> Open(const SummarizeOptions& options = {}, Keep keep = Keep::kTotals);
  SummaryBuilder(SummaryBuilder&&) noexcept;
  SummaryBuilder& operator=(SummaryBuilder&&) noexcept;
  ~SummaryBuilder();

  // `value.invalid_input`, `value.refund`: the row (counted from 0 over all that was given to this builder), the field, what was found; then nothing
  // of the chunk is in. So are amounts which with those before add up to more than 1e20 by size. O(rows).
  absl::Status Add(const PurchaseColumns& purchases, int threads = 1);
  // `value.summary_mismatch` where the options differ. O(customers of the other), and once also of this one where its customers all came in order: they are
  // spread then, on one thread, as those of the other are who came in order. Another without customers costs nothing.
  absl::Status Merge(const SummaryBuilder& other, int threads = 1);

  // All that was added, for another machine or another day: the same bytes for the same purchases. Load: `value.summary_bytes` where they are cut
  // short, changed or of a later version.
  std::string Save() const;
  static absl::StatusOr<SummaryBuilder> Load(std::string_view bytes);

  enum class Spend { kTell, kLeaveOut };   // the column of that name, which is empty then

  // Adding may go on afterwards. O(customers) where ids share their first eight bytes with few; else O(customers log customers).
  SummaryColumns Finish(int threads = 1, Spend spend = Spend::kTell) const;
  // The buying days of each customer in order, customers sorted as bytes; days after observation_end are left out.
  void ForEachCustomer(const std::function<void(std::string_view customer, std::span<const BuyingDay> days)>& call) const;

  // `value.summary_incomplete` once Add or Merge threw (std::bad_alloc: memory ran out) halfway. Add and Merge answer the same from then on; Finish gives no
  // rows, Save no bytes and ForEachCustomer nobody, for some purchases may be in and others not.
  absl::Status status() const;
  const SummarizeOptions& options() const;
  std::int64_t purchases() const;    // rows added
  // The given end of observation; without one the last day of any row or, if that is later, the end of calibration. nullopt: nothing was added.
  std::optional<Day> observation_end() const;
  std::size_t bytes_held() const;    // memory asked for, in use or not; near enough

  struct State;   // inside

 private:
  explicit SummaryBuilder(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// As SummaryTable of summarize.hpp.
Table SummaryTable(const SummaryColumns& rows, bool holdout);
// customer, first_day.
Table LateTable(const SummaryColumns& rows);

}  // namespace rapport

#endif  // RAPPORT_VALUE_SUMMARY_BUILDER_HPP_

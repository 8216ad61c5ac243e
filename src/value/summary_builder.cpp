#define XXH_INLINE_ALL
#include "rapport/value/summary_builder.hpp"

#include <xxhash.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "rapport/core/parallel.hpp"
#include "rapport/core/status.hpp"
#include "value/summary_state.hpp"

namespace rapport {
namespace {

constexpr std::size_t kBlock = std::size_t{1} << 17;   // rows that are spread over the shards at once
constexpr std::size_t kRange = std::size_t{1} << 14;   // rows that one thread looks at
constexpr std::size_t kMostIdBytes = std::size_t{1} << 20;
constexpr Day kEpoch(1970, 1, 1);

absl::Status BadRow(std::int64_t row, std::string_view token, const std::string& found_and_expected) {
  return Invalid(token, absl::StrCat("row ", row, ", field ", found_and_expected));
}

// What a look at some rows tells: whether all are right, and what they add up to.
struct Checked {
  std::size_t wrong = std::string_view::npos;   // the first wrong row
  std::int32_t last = DaySet::kFirstDay - 1;
  UnsignedWide total = 0;
};

bool HasAmount(const PurchaseColumns& p, std::size_t row) { return !p.amounts.empty() && (p.has_amount.empty() || p.has_amount[row] != 0); }

std::size_t IdSize(const PurchaseColumns& p, std::size_t row) {
  return p.customer_offsets.empty() ? 1 : static_cast<std::size_t>(p.customer_offsets[row + 1] - p.customer_offsets[row]);
}

// The status of one row; only asked for the first wrong one.
absl::Status CheckRow(const PurchaseColumns& p, std::size_t row, std::int64_t number, Refunds refunds) {
  if (IdSize(p, row) == 0) return BadRow(number, "value.invalid_input", "customer: found no text, expected an id");
  if (IdSize(p, row) > kMostIdBytes) return BadRow(number, "value.invalid_input", absl::StrCat("customer: found ", IdSize(p, row), " bytes, expected at most 1048576"));
  if (p.days[row] < DaySet::kFirstDay || p.days[row] > DaySet::kLastDay) {
    return BadRow(number, "value.invalid_input", absl::StrCat("date: found day ", p.days[row], " after 1970-01-01, expected one of the years 1 to 9999"));
  }
  if (!HasAmount(p, row)) return absl::OkStatus();
  const double amount = p.amounts[row];
  if (!std::isfinite(amount)) return BadRow(number, "value.invalid_input", "amount: found a number that is not finite, expected an amount");
  if (std::abs(amount) > kLargestAmount) return BadRow(number, "value.invalid_input", absl::StrCat("amount: found ", amount, ", expected at most 1e18 by size"));
  if (amount < 0 && refunds == Refunds::kError) return BadRow(number, "value.refund", absl::StrCat("amount: found ", amount, ", expected no refund"));
  return absl::OkStatus();
}

Checked CheckRange(const PurchaseColumns& p, std::size_t begin, std::size_t end, Refunds refunds) {
  Checked checked;
  const double least = refunds == Refunds::kError ? 0 : -kLargestAmount;
  for (std::size_t row = begin; row < end; ++row) {
    const std::int32_t day = p.days[row];
    const double amount = HasAmount(p, row) ? p.amounts[row] : 0;
    const std::size_t id_size = IdSize(p, row);
    const bool right = id_size - 1 < kMostIdBytes && day >= DaySet::kFirstDay && day <= DaySet::kLastDay && amount >= least && amount <= kLargestAmount;
    if (!right) {
      checked.wrong = row;
      return checked;
    }
    checked.last = std::max(checked.last, day);
    checked.total += static_cast<std::uint64_t>(std::abs(amount)) + 1;
  }
  return checked;
}

absl::Status CheckShape(const PurchaseColumns& p) {
  const std::size_t n = p.size();
  const bool ids = p.customer_offsets.empty() ? p.customer_numbers.size() == n : p.customer_offsets.size() == n + 1;
  if (ids && (p.amounts.empty() || p.amounts.size() == n) && (p.has_amount.empty() || p.has_amount.size() == n)) return absl::OkStatus();
  return Invalid("value.invalid_input", absl::StrCat("purchases: found columns of other lengths than the ", n, " days, expected one length"));
}

// A row as it waits for its shard, with all that is needed of it.
struct Waiting {
  std::uint64_t hash;
  const char* id;
  std::uint32_t id_size;
  std::int32_t day;
  double amount;   // NaN: none
};

// Rows spread over the shards, and added there, a block after the other.
class BlockAdd {
 public:
  BlockAdd(SummaryBuilder::State& state, const PurchaseColumns& purchases)
      : state_(state), purchases_(purchases), rows_(std::min(purchases.size(), kBlock)), waiting_(rows_.size()),
        counts_((rows_.size() + kRange - 1) / kRange) {
    if (purchases.customer_offsets.empty()) digits_.resize(rows_.size() * kDigits);
  }

  void Run(std::size_t begin, std::size_t end, int threads) {
    begin_ = begin;
    const std::size_t size = end - begin;
    for (auto& counts : counts_) counts.fill(0);
    ForRanges(size, kRange, threads, [&](std::size_t from, std::size_t to) { Read(from, to); });
    Divide();
    ForRanges(size, kRange, threads, [&](std::size_t from, std::size_t to) { Spread(from, to); });
    ForRanges(kShards, 1, threads, [&](std::size_t from, std::size_t to) {
      for (std::size_t shard = from; shard < to; ++shard) AddTo(shard);
    });
  }

 private:
  static constexpr std::size_t kDigits = 20;

  std::string_view IdAt(std::size_t i) {
    const std::size_t row = begin_ + i;
    if (digits_.empty()) return {purchases_.customer_bytes + purchases_.customer_offsets[row], IdSize(purchases_, row)};
    char* to = digits_.data() + i * kDigits;
    return {to, static_cast<std::size_t>(std::to_chars(to, to + kDigits, purchases_.customer_numbers[row]).ptr - to)};
  }
  void Read(std::size_t from, std::size_t to) {
    std::array<std::uint32_t, kShards>& counts = counts_[from / kRange];
    for (std::size_t i = from; i < to; ++i) {
      const std::string_view id = IdAt(i);
      const double amount = HasAmount(purchases_, begin_ + i) ? purchases_.amounts[begin_ + i] : std::nan("");
      rows_[i] = {HashOfCustomer(id), id.data(), static_cast<std::uint32_t>(id.size()), purchases_.days[begin_ + i], amount};
      ++counts[ShardOf(rows_[i].hash)];
    }
  }
  // Counts become the places where each range puts its rows.
  void Divide() {
    std::uint32_t next = 0;
    for (std::size_t shard = 0; shard < kShards; ++shard) {
      starts_[shard] = next;
      for (auto& counts : counts_) next += std::exchange(counts[shard], next);
    }
    starts_[kShards] = next;
  }
  void Spread(std::size_t from, std::size_t to) {
    std::array<std::uint32_t, kShards>& next = counts_[from / kRange];
    for (std::size_t i = from; i < to; ++i) waiting_[next[ShardOf(rows_[i].hash)]++] = rows_[i];
  }
  void AddTo(std::size_t shard_number) {
    constexpr std::size_t kAhead = 8;   // rows from which memory is asked for early
    CustomerShard& shard = state_.shards[shard_number];
    const std::int32_t end = state_.options.observation_end ? NumberOf(*state_.options.observation_end) : kNoDay;
    const bool without_refunds = state_.options.refunds == Refunds::kExclude;
    const std::span<const Waiting> rows(waiting_.data() + starts_[shard_number], starts_[shard_number + 1] - starts_[shard_number]);
    const Waiting* last = nullptr;
    std::uint32_t place = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (i + 2 * kAhead < rows.size()) shard.PrefetchSlot(rows[i + 2 * kAhead].hash);
      if (i + kAhead < rows.size()) shard.PrefetchCustomer(rows[i + kAhead].hash);
      const Waiting& row = rows[i];
      if (row.day > end || (without_refunds && row.amount < 0)) continue;
      const std::string_view id(row.id, row.id_size);
      // Rows of one customer often stand together.
      if (last == nullptr || last->hash != row.hash || std::string_view(last->id, last->id_size) != id) place = shard.Place(id, row.hash);
      last = &row;
      const bool has_amount = !std::isnan(row.amount);
      shard.Add(place, row.day, has_amount, has_amount ? row.amount : 0);
    }
  }

  SummaryBuilder::State& state_;
  const PurchaseColumns& purchases_;
  std::size_t begin_ = 0;
  std::vector<Waiting> rows_, waiting_;
  std::vector<std::array<std::uint32_t, kShards>> counts_;
  std::vector<char> digits_;
  std::array<std::uint32_t, kShards + 1> starts_{};
};

absl::Status MergeMismatch(std::string_view what) {
  return Invalid("value.summary_mismatch", absl::StrCat("summary: found another ", std::string(what), ", expected the same in all parts"));
}

}  // namespace

std::uint64_t HashOfCustomer(std::string_view id) { return XXH3_64bits(id.data(), id.size()); }

std::int32_t NumberOf(Day day) {
  return static_cast<std::int32_t>(std::clamp<std::int64_t>(day - kEpoch, DaySet::kFirstDay - 1, DaySet::kLastDay + 1));
}
Day DayOf(std::int32_t number) { return kEpoch + number; }

void SummaryBuilder::State::Start() {
  const std::int32_t calibration = options.calibration_end ? NumberOf(*options.calibration_end) : kNoDay;
  for (CustomerShard& shard : shards) shard.Set(by_day(), calibration);
}

std::int32_t SummaryBuilder::State::ObservationEnd() const {
  if (options.observation_end) return NumberOf(*options.observation_end);
  return options.calibration_end ? std::max(last, NumberOf(*options.calibration_end)) : last;
}

std::int32_t SummaryBuilder::State::CalibrationEnd() const {
  return options.calibration_end ? NumberOf(*options.calibration_end) : ObservationEnd();
}

SummaryBuilder::SummaryBuilder(std::unique_ptr<State> state) : state_(std::move(state)) {}
SummaryBuilder::SummaryBuilder(SummaryBuilder&&) noexcept = default;
SummaryBuilder& SummaryBuilder::operator=(SummaryBuilder&&) noexcept = default;
SummaryBuilder::~SummaryBuilder() = default;
const SummarizeOptions& SummaryBuilder::options() const { return state_->options; }
std::int64_t SummaryBuilder::purchases() const { return state_->rows; }

std::optional<Day> SummaryBuilder::observation_end() const {
  return state_->rows > 0 ? std::optional<Day>(DayOf(state_->ObservationEnd())) : std::nullopt;
}

absl::StatusOr<SummaryBuilder> SummaryBuilder::Open(const SummarizeOptions& options, Keep keep) {
  if (options.calibration_end && options.observation_end && *options.observation_end < *options.calibration_end) {
    return Invalid("value.invalid_input", absl::StrCat("observation_end: found ", FormatDay(*options.observation_end), ", expected ",
                                                       FormatDay(*options.calibration_end), " (calibration_end) or later"));
  }
  auto state = std::make_unique<State>();
  state->options = options;
  state->keep = keep;
  state->Start();
  return SummaryBuilder(std::move(state));
}

absl::Status SummaryBuilder::Add(const PurchaseColumns& purchases, int threads) {
  RAPPORT_RETURN_IF_ERROR(CheckShape(purchases));
  const std::size_t n = purchases.size();
  std::vector<Checked> checks((n + kRange - 1) / kRange);
  ForRanges(n, kRange, threads, [&](std::size_t begin, std::size_t end) {
    checks[begin / kRange] = CheckRange(purchases, begin, end, state_->options.refunds);
  });
  UnsignedWide total = state_->total;
  std::int32_t last = state_->last;
  for (const Checked& checked : checks) {
    if (checked.wrong != std::string_view::npos) {
      return CheckRow(purchases, checked.wrong, state_->added + static_cast<std::int64_t>(checked.wrong), state_->options.refunds);
    }
    total += checked.total;
    last = std::max(last, checked.last);
  }
  if (total > kLargestTotal) return Invalid("value.invalid_input", "amounts: found more than 1e20 all together, expected less");
  BlockAdd block(*state_, purchases);
  for (std::size_t begin = 0; begin < n; begin += kBlock) block.Run(begin, std::min(n, begin + kBlock), threads);
  state_->total = total;
  state_->last = last;
  state_->rows += static_cast<std::int64_t>(n);
  state_->added += static_cast<std::int64_t>(n);
  return absl::OkStatus();
}

absl::Status SummaryBuilder::Merge(const SummaryBuilder& other, int threads) {
  const State& from = *other.state_;
  if (&from == state_.get()) return Invalid("value.summary_mismatch", "summary: found itself to merge, expected another one");
  if (from.options.unit != state_->options.unit) return MergeMismatch("unit");
  if (from.options.calibration_end != state_->options.calibration_end) return MergeMismatch("calibration_end");
  if (from.options.observation_end != state_->options.observation_end) return MergeMismatch("observation_end");
  if (from.options.refunds != state_->options.refunds || from.keep != state_->keep) return MergeMismatch("treatment of refunds");
  if (state_->total + from.total > kLargestTotal) return Invalid("value.invalid_input", "amounts: found more than 1e20 all together, expected less");
  ForRanges(kShards, 1, threads, [&](std::size_t begin, std::size_t end) {
    for (std::size_t shard = begin; shard < end; ++shard) {
      const CustomerShard& theirs = from.shards[shard];
      CustomerShard& ours = state_->shards[shard];
      for (std::uint32_t i = 0; i < theirs.size(); ++i) {
        const std::string_view id = theirs.id(i);
        const std::uint32_t place = ours.Place(id, HashOfCustomer(id));
        ours.AddTotals(place, theirs.first(i), theirs.totals(i));
        for (const DaySpend& day : theirs.days(i)) ours.AddDay(place, day);
      }
    }
  });
  state_->total += from.total;
  state_->last = std::max(state_->last, from.last);
  state_->rows += from.rows;
  return absl::OkStatus();
}

std::size_t SummaryBuilder::bytes_held() const {
  std::size_t bytes = sizeof(State);
  for (const CustomerShard& shard : state_->shards) bytes += shard.bytes_held();
  return bytes;
}

}  // namespace rapport

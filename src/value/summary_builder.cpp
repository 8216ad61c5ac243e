#include "rapport/value/summary_builder.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "rapport/core/parallel.hpp"
#include "rapport/core/status.hpp"
#include "value/summary_state.hpp"

namespace rapport {
namespace {

constexpr std::size_t kRange = std::size_t{1} << 14;   // rows that one thread looks at
constexpr std::size_t kBlock = std::size_t{1} << 20;   // rows that are spread over the shards at once: many, so that a shard stays near while it takes its own
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
  if (IdSize(p, row) > kMostIdBytes) {
    return BadRow(number, "value.invalid_input", absl::StrCat("customer: found ", IdSize(p, row), " bytes, expected at most 1048576"));
  }
  if (p.days[row] < DaySet::kFirstDay || p.days[row] > DaySet::kLastDay) {
    return BadRow(number, "value.invalid_input", absl::StrCat("date: found day ", p.days[row], " after 1970-01-01, expected one of the years 1 to 9999"));
  }
  if (!HasAmount(p, row)) return absl::OkStatus();
  const double amount = p.amounts[row];
  if (!std::isfinite(amount)) return BadRow(number, "value.invalid_input", "amount: found a number that is not finite, expected an amount");
  if (std::abs(amount) > kLargestAmount) {
    return BadRow(number, "value.invalid_input", absl::StrCat("amount: found ", amount, ", expected at most 1e18 by size"));
  }
  if (amount < 0 && refunds == Refunds::kError) return BadRow(number, "value.refund", absl::StrCat("amount: found ", amount, ", expected no refund"));
  return absl::OkStatus();
}

bool AreIdsRight(const PurchaseColumns& p, std::size_t begin, std::size_t end) {
  if (p.customer_offsets.empty()) return true;
  bool right = true;
  for (std::size_t row = begin; row < end; ++row) right &= IdSize(p, row) - 1 < kMostIdBytes;
  return right;
}

// The sizes of amounts, each rounded down.
std::optional<UnsignedWide> TotalOfRight(const PurchaseColumns& p, std::size_t begin, std::size_t end, double least) {
  UnsignedWide total = 0;
  for (std::size_t row = begin; row < end; ++row) {
    if (!p.has_amount.empty() && p.has_amount[row] == 0) continue;
    const double amount = p.amounts[row];
    if (!(amount >= least && amount <= kLargestAmount)) return std::nullopt;
    total += static_cast<std::uint64_t>(static_cast<std::int64_t>(std::abs(amount)));
  }
  return total;
}

// Column by column; only where one is wrong row by row, for the first wrong one.
Checked CheckRange(const PurchaseColumns& p, std::size_t begin, std::size_t end, Refunds refunds) {
  std::int32_t first = p.days[begin], last = first;
  for (std::size_t row = begin; row < end; ++row) {
    first = std::min(first, p.days[row]);
    last = std::max(last, p.days[row]);
  }
  const std::optional<UnsignedWide> total = p.amounts.empty() ? UnsignedWide{0} : TotalOfRight(p, begin, end, refunds == Refunds::kError ? 0 : -kLargestAmount);
  if (total && first >= DaySet::kFirstDay && last <= DaySet::kLastDay && AreIdsRight(p, begin, end)) return {.last = last, .total = *total + (end - begin)};
  std::size_t wrong = begin;
  while (CheckRow(p, wrong, 0, refunds).ok()) ++wrong;
  return {.wrong = wrong};
}

absl::Status CheckShape(const PurchaseColumns& p) {
  const std::size_t n = p.size();
  const bool ids = p.customer_offsets.empty() ? p.customer_numbers.size() == n : p.customer_offsets.size() == n + 1;
  if (ids && (p.amounts.empty() || p.amounts.size() == n) && (p.has_amount.empty() || p.has_amount.size() == n)) return absl::OkStatus();
  return Invalid("value.invalid_input", absl::StrCat("purchases: found columns of other lengths than the ", n, " days, expected one length"));
}

// Rows of one customer that stand together.
struct Run {
  std::uint64_t id;          // the word of an id of at most eight bytes, the hash of a longer one
  std::uint32_t id_size;
  std::uint32_t row, rows;   // the first, counted from a beginning that is known, and how many
  std::uint64_t hash() const { return id_size <= kWordBytes ? HashOfWord(id, id_size) : id; }
};

// The rows of one call on their way into a state.
class RunsAdd {
 public:
  RunsAdd(SummaryBuilder::State& state, const PurchaseColumns& purchases)
      : state_(state), purchases_(purchases), end_(state.options.observation_end ? NumberOf(*state.options.observation_end) : kNoDay),
        without_refunds_(state.options.refunds == Refunds::kExclude) {}

  void Add(int threads) {
    std::size_t begin = AddInOrder();
    if (begin == purchases_.size()) return;
    const std::size_t most = std::min(purchases_.size() - begin, kBlock);
    runs_ = std::make_unique_for_overwrite<Run[]>(most);
    waiting_ = std::make_unique_for_overwrite<Run[]>(most);
    ranges_.resize((most + kRange - 1) / kRange);
    for (; begin < purchases_.size(); begin += most) AddBlock(begin, std::min(purchases_.size() - begin, most), threads);
  }

 private:
  using Room = std::array<char, 20>;   // for the digits of a number

  // Of a range of a block: its runs stand in runs_ from where its rows stand in the block.
  struct Range {
    std::size_t runs = 0;
    std::array<std::uint32_t, kShards> counts{};   // by shard; then where the next goes
  };

  // --- runs of rows ---
  // Those from `begin` to before `end`, their rows counted from `base`; how many there are.
  std::size_t Read(std::size_t base, std::size_t begin, std::size_t end, Run* runs) const {
    return purchases_.customer_offsets.empty() ? ReadNumbers(base, begin, end, runs) : ReadTexts(base, begin, end, runs);
  }
  std::size_t ReadNumbers(std::size_t base, std::size_t begin, std::size_t end, Run* runs) const {
    const std::int64_t* numbers = purchases_.customer_numbers.data();
    Run* next = runs;
    for (std::size_t row = begin, first = begin; row < end; first = row) {
      const std::int64_t number = numbers[first];
      while (++row < end && numbers[row] == number) {}
      if (static_cast<std::uint64_t>(number) < kShortNumbers) {
        const DigitWord digits = DigitsOf(static_cast<std::uint64_t>(number));
        *next++ = RunOf(digits.word, digits.size, first - base, row - first);
      } else {
        Room room;
        const std::string_view id = Digits(number, room);
        *next++ = RunOf(id.size() <= kWordBytes ? WordOf(id) : HashOfLongId(id), id.size(), first - base, row - first);
      }
    }
    return static_cast<std::size_t>(next - runs);
  }
  std::size_t ReadTexts(std::size_t base, std::size_t begin, std::size_t end, Run* runs) const {
    Run* next = runs;
    for (std::size_t row = begin, first = begin; row < end; first = row) {
      const std::string_view id = TextAt(first);
      const std::uint64_t word = WordAt(first);
      while (++row < end && IdSize(purchases_, row) == id.size() && WordAt(row) == word && (id.size() <= kWordBytes || TextAt(row) == id)) {}
      *next++ = RunOf(id.size() <= kWordBytes ? word : HashOfLongId(id), id.size(), first - base, row - first);
    }
    return static_cast<std::size_t>(next - runs);
  }
  static Run RunOf(std::uint64_t id, std::size_t id_size, std::size_t row, std::size_t rows) {
    return {id, static_cast<std::uint32_t>(id_size), static_cast<std::uint32_t>(row), static_cast<std::uint32_t>(rows)};
  }
  std::string_view TextAt(std::size_t row) const { return {purchases_.customer_bytes + purchases_.customer_offsets[row], IdSize(purchases_, row)}; }
  std::uint64_t WordAt(std::size_t row) const {
    const std::int64_t offset = purchases_.customer_offsets[row];
    return WordOf(purchases_.customer_bytes + offset, IdSize(purchases_, row), static_cast<std::size_t>(purchases_.customer_offsets.back() - offset));
  }
  static std::string_view Digits(std::int64_t number, Room& room) {
    return {room.data(), static_cast<std::size_t>(std::to_chars(room.data(), room.data() + room.size(), number).ptr - room.data())};
  }
  std::string_view LongId(std::size_t row, Room& room) const {
    return purchases_.customer_offsets.empty() ? Digits(purchases_.customer_numbers[row], room) : TextAt(row);
  }

  // --- into a shard ---
  // `place_of`: of a SoughtId. Asked with the first row that counts: only these make a customer known.
  template <class PlaceOf>
  void AddRun(CustomerShard& shard, const Run& run, std::size_t first, PlaceOf place_of) const {
    bool is_known = false;
    std::uint32_t place = 0;
    for (std::size_t row = first; row < first + run.rows; ++row) {
      const bool has_amount = HasAmount(purchases_, row);
      const double amount = has_amount ? purchases_.amounts[row] : 0;
      if (purchases_.days[row] > end_ || (without_refunds_ && amount < 0)) continue;
      if (!is_known) {
        Room room;
        place = run.id_size <= kWordBytes ? place_of(SoughtId{run.hash(), run.id, run.id_size, nullptr})
                                          : place_of(SoughtId{run.id, 0, run.id_size, LongId(first, room).data()});
        is_known = true;
      }
      shard.Add(place, purchases_.days[row], has_amount, amount);
    }
  }

  // --- customers who come in order ---
  // Adds ranges as long as all customers have come in order, and gives the row that is to be gone on from.
  std::size_t AddInOrder() {
    CustomerShard& shard = state_.shards[kInOrder];
    const auto place_of = [&shard](const SoughtId& id) { return shard.PlaceInOrder(id); };
    const auto runs = std::make_unique_for_overwrite<Run[]>(state_.in_order ? std::min(purchases_.size(), kRange) : 0);
    std::size_t begin = 0;
    while (state_.in_order && begin < purchases_.size()) {
      const std::span<const Run> read(runs.get(), Read(begin, begin, std::min(purchases_.size(), begin + kRange), runs.get()));
      if (!AreInOrder(begin, read)) {
        state_.SpreadCustomers();
        break;
      }
      for (const Run& run : read) AddRun(shard, run, begin + run.row, place_of);
      begin = std::min(purchases_.size(), begin + kRange);
    }
    return begin;
  }
  // Whether they follow in order upon the customers who are known, and upon each other. The first may be the last who is known.
  bool AreInOrder(std::size_t base, std::span<const Run> runs) const {
    const CustomerShard& known = state_.shards[kInOrder];
    std::string last(known.size() == 0 ? std::string_view() : known.id(known.size() - 1));
    std::uint64_t last_key = Swapped(WordOf(last));
    std::size_t last_size = last.size();
    Room room;
    for (const Run& run : runs) {
      if (run.id_size < last_size) return false;
      if (run.id_size <= kWordBytes) {
        const std::uint64_t key = Swapped(run.id);
        if (run.id_size == last_size && key < last_key) return false;
        last_key = key;
      } else {
        const std::string_view id = LongId(base + run.row, room);
        if (id.size() == last_size && id < last) return false;
        last = id;
      }
      last_size = run.id_size;
    }
    return true;
  }

  // --- customers who come as they like ---
  void AddBlock(std::size_t begin, std::size_t size, int threads) {
    begin_ = begin;
    for (Range& range : ranges_) range = {};
    ForRanges(size, kRange, threads, [&](std::size_t from, std::size_t to) {
      Range& range = ranges_[from / kRange];
      range.runs = Read(begin, begin + from, begin + to, runs_.get() + from);
      for (const Run& run : RunsOf(from / kRange)) ++range.counts[ShardOf(run.hash())];
    });
    Divide();
    ForRanges(size, kRange, threads, [&](std::size_t from, std::size_t) {
      Range& range = ranges_[from / kRange];
      for (const Run& run : RunsOf(from / kRange)) waiting_[range.counts[ShardOf(run.hash())]++] = run;
    });
    ForRanges(kShards, 1, threads, [&](std::size_t from, std::size_t to) {
      for (std::size_t shard = from; shard < to; ++shard) AddTo(shard);
    });
  }
  std::span<const Run> RunsOf(std::size_t range) const { return {runs_.get() + range * kRange, ranges_[range].runs}; }
  // Counts become the places where each range puts its runs.
  void Divide() {
    std::uint32_t next = 0;
    for (std::size_t shard = 0; shard < kShards; ++shard) {
      starts_[shard] = next;
      for (Range& range : ranges_) next += std::exchange(range.counts[shard], next);
    }
    starts_[kShards] = next;
  }
  void AddTo(std::size_t shard_number) {
    constexpr std::size_t kAhead = 8;   // runs from which memory is asked for early
    CustomerShard& shard = state_.shards[shard_number];
    const auto place_of = [&shard](const SoughtId& id) { return shard.Place(id); };
    const std::span<const Run> runs(waiting_.get() + starts_[shard_number], starts_[shard_number + 1] - starts_[shard_number]);
    for (std::size_t i = 0; i < runs.size(); ++i) {
      if (i + 2 * kAhead < runs.size()) shard.PrefetchSlot(runs[i + 2 * kAhead].hash());
      if (i + kAhead < runs.size()) {
        shard.PrefetchCustomer(runs[i + kAhead].hash());
        PrefetchRow(begin_ + runs[i + kAhead].row);
      }
      AddRun(shard, runs[i], begin_ + runs[i].row, place_of);
    }
  }
  void PrefetchRow(std::size_t row) const {
    __builtin_prefetch(&purchases_.days[row]);
    if (!purchases_.amounts.empty()) __builtin_prefetch(&purchases_.amounts[row]);
  }

  SummaryBuilder::State& state_;
  const PurchaseColumns& purchases_;
  std::int32_t end_;          // of observation
  bool without_refunds_;
  // Of the block in hand:
  std::size_t begin_ = 0;
  std::unique_ptr<Run[]> runs_, waiting_;
  std::vector<Range> ranges_;
  std::array<std::uint32_t, kShards + 1> starts_{};
};

absl::Status MergeMismatch(std::string_view what) {
  return Invalid("value.summary_mismatch", absl::StrCat("summary: found another ", std::string(what), ", expected the same in all parts"));
}

// While this lives the state is not complete, and it stays so unless the end is reached.
class Changing {
 public:
  explicit Changing(bool& complete) : complete_(complete) { complete_ = false; }
  void End() { complete_ = true; }

 private:
  bool& complete_;
};

}  // namespace

std::int32_t NumberOf(Day day) {
  return static_cast<std::int32_t>(std::clamp<std::int64_t>(day - kEpoch, DaySet::kFirstDay - 1, DaySet::kLastDay + 1));
}
Day DayOf(std::int32_t number) { return kEpoch + number; }

std::size_t SummaryBuilder::State::customers() const {
  std::size_t customers = 0;
  for (const CustomerShard& shard : shards) customers += shard.size();
  return customers;
}

void SummaryBuilder::State::Start() {
  const std::int32_t calibration = options.calibration_end ? NumberOf(*options.calibration_end) : kNoDay;
  for (std::size_t shard = 0; shard < shards.size(); ++shard) shards[shard].Set(by_day(), calibration, shard == kInOrder ? memory_in_order : memory);
}

void SummaryBuilder::State::SpreadCustomers() {
  AddCustomers(shards[kInOrder]);
  shards[kInOrder] = CustomerShard();
  memory_in_order.GiveBackAll();
  in_order = false;
}

void SummaryBuilder::State::AddCustomers(const CustomerShard& from) {
  for (std::uint32_t i = 0; i < from.size(); ++i) {
    const SoughtId id = SoughtIdOf(from.id(i));
    CustomerShard& shard = shards[ShardOf(id.hash)];
    const std::uint32_t place = shard.Place(id);
    shard.AddTotals(place, from.totals(i));
    for (const DaySpend& day : from.days(i)) shard.AddDay(place, day);
  }
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

absl::Status SummaryBuilder::status() const {
  if (state_->complete) return absl::OkStatus();
  return FailedPrecondition("value.summary_incomplete", "summary: found an earlier call that ran out of memory, expected none: open a new summary");
}

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
  RAPPORT_RETURN_IF_ERROR(status());
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
  Changing changing(state_->complete);
  RunsAdd(*state_, purchases).Add(threads);
  state_->total = total;
  state_->last = last;
  state_->rows += static_cast<std::int64_t>(n);
  state_->added += static_cast<std::int64_t>(n);
  changing.End();
  return absl::OkStatus();
}

absl::Status SummaryBuilder::Merge(const SummaryBuilder& other, int threads) {
  RAPPORT_RETURN_IF_ERROR(status());
  RAPPORT_RETURN_IF_ERROR(other.status());
  const State& from = *other.state_;
  if (&from == state_.get()) return Invalid("value.summary_mismatch", "summary: found itself to merge, expected another one");
  if (from.options.unit != state_->options.unit) return MergeMismatch("unit");
  if (from.options.calibration_end != state_->options.calibration_end) return MergeMismatch("calibration_end");
  if (from.options.observation_end != state_->options.observation_end) return MergeMismatch("observation_end");
  if (from.options.refunds != state_->options.refunds || from.keep != state_->keep) return MergeMismatch("treatment of refunds");
  if (state_->total + from.total > kLargestTotal) return Invalid("value.invalid_input", "amounts: found more than 1e20 all together, expected less");
  if (from.rows > kMostRows - state_->rows) return Invalid("value.invalid_input", "purchases: found more than 2^62 all together, expected fewer");
  Changing changing(state_->complete);
  if (from.customers() > 0) {
    if (state_->in_order) state_->SpreadCustomers();
    ForRanges(kShards, 1, threads, [&](std::size_t begin, std::size_t end) {
      for (std::size_t shard = begin; shard < end; ++shard) state_->AddCustomers(from.shards[shard]);   // each into the one that is its like
    });
    state_->AddCustomers(from.shards[kInOrder]);
  }
  state_->total += from.total;
  state_->last = std::max(state_->last, from.last);
  state_->rows += from.rows;
  changing.End();
  return absl::OkStatus();
}

std::size_t SummaryBuilder::bytes_held() const {
  std::size_t bytes = sizeof(State) + state_->memory.bytes_held() + state_->memory_in_order.bytes_held();
  for (const CustomerShard& shard : state_->shards) bytes += shard.bytes_held();
  return bytes;
}

}  // namespace rapport

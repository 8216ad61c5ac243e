// A SummaryBuilder as bytes: a head with the options, then the customers in order, then a checksum of all before it. Whole numbers are little-endian.
#define XXH_INLINE_ALL
#include <xxhash.h>

#include <bit>
#include <utility>

#include "absl/strings/str_cat.h"
#include "rapport/core/status.hpp"
#include "value/summary_state.hpp"

namespace rapport {
namespace {

constexpr std::string_view kMagic = "rapport summary 1\n";   // the last figure is the version

class Writing {
 public:
  void Number(std::uint64_t number, int bytes = 8) {
    for (int i = 0; i < bytes; ++i) bytes_.push_back(static_cast<char>(number >> (8 * i) & 0xFF));
  }
  // Seven bits a byte, the lowest first: most numbers are small.
  void Short(std::uint64_t number) {
    for (; number >= 128; number >>= 7) bytes_.push_back(static_cast<char>(number | 0x80));
    bytes_.push_back(static_cast<char>(number));
  }
  void Sum(Wide sum) {
    Number(static_cast<std::uint64_t>(sum));
    Number(static_cast<std::uint64_t>(static_cast<UnsignedWide>(sum) >> 64));
  }
  void Text(std::string_view text) {
    Short(text.size());
    bytes_.append(text);
  }
  void Append(std::string_view text) { bytes_.append(text); }
  std::string Finish() {
    Number(XXH3_64bits(bytes_.data(), bytes_.size()));
    return std::move(bytes_);
  }

 private:
  std::string bytes_;
};

// Reads what Writing wrote; after a failure everything is 0 and ok() is false.
class Reading {
 public:
  explicit Reading(std::string_view bytes) : bytes_(bytes) {}
  std::uint64_t Number(int bytes = 8) {
    std::uint64_t number = 0;
    const std::string_view raw = Take(static_cast<std::uint64_t>(bytes));
    for (std::size_t i = 0; i < raw.size(); ++i) number |= std::uint64_t{static_cast<unsigned char>(raw[i])} << (8 * i);
    return number;
  }
  std::uint64_t Short() {
    std::uint64_t number = 0;
    for (int shift = 0; shift < 63; shift += 7) {
      const std::uint64_t byte = Number(1);
      number |= (byte & 0x7F) << shift;
      if (byte < 128) return number;
    }
    ok_ = false;
    return 0;
  }
  Wide Sum() {
    const std::uint64_t low = Number();
    return static_cast<Wide>(static_cast<UnsignedWide>(Number()) << 64 | low);
  }
  std::string_view Text() { return Take(Short()); }
  bool ok() const { return ok_; }
  bool at_end() const { return ok_ && bytes_.empty(); }

 private:
  std::string_view Take(std::uint64_t size) {
    if (!ok_ || size > bytes_.size()) {
      ok_ = false;
      return {};
    }
    const std::string_view taken = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return taken;
  }
  std::string_view bytes_;
  bool ok_ = true;
};

absl::Status Broken(std::string_view found) {
  return Invalid("value.summary_bytes", absl::StrCat("summary: found ", std::string(found), ", expected the bytes of a saved summary, whole and of version 1"));
}

void WriteDay(Writing& out, const std::optional<Day>& day) {
  out.Number(day ? 1 : 0, 1);
  out.Number(static_cast<std::uint32_t>(day ? NumberOf(*day) : 0), 4);
}

std::optional<Day> ReadDay(Reading& in) {
  const bool has = in.Number(1) != 0;
  const auto number = static_cast<std::int32_t>(in.Number(4));
  return has ? std::optional<Day>(DayOf(number)) : std::nullopt;
}

void WriteHead(Writing& out, const SummaryBuilder::State& state, std::size_t customers) {
  out.Append(kMagic);
  out.Number(static_cast<std::uint64_t>(state.options.unit), 1);
  out.Number(static_cast<std::uint64_t>(state.options.refunds), 1);
  out.Number(static_cast<std::uint64_t>(state.keep), 1);
  WriteDay(out, state.options.calibration_end);
  WriteDay(out, state.options.observation_end);
  out.Number(static_cast<std::uint64_t>(state.rows));
  out.Number(static_cast<std::uint32_t>(state.last), 4);
  out.Sum(static_cast<Wide>(state.total));
  out.Number(customers);
}

void WriteTotals(Writing& out, const CustomerTotals& totals) {
  out.Number(static_cast<std::uint32_t>(totals.first), 4);
  out.Sum(totals.on_first);
  out.Sum(totals.before);
  out.Sum(totals.after);
  out.Short(totals.blocks.size());
  for (const std::uint64_t block : totals.blocks) out.Number(block);
}

void WriteDays(Writing& out, std::span<const DaySpend> days) {
  out.Short(days.size());
  for (const DaySpend& day : days) {
    out.Number(static_cast<std::uint32_t>(day.day), 4);
    out.Number((day.has_amount ? 1u : 0u) | (day.has_refund ? 2u : 0u), 1);
    out.Sum(day.amount);
  }
}

bool IsDay(std::int32_t day) { return day >= DaySet::kFirstDay && day <= DaySet::kLastDay; }

// What `totals` shows of blocks goes into `blocks`.
bool ReadTotals(Reading& in, CustomerTotals& totals, std::vector<std::uint64_t>& blocks) {
  totals.first = static_cast<std::int32_t>(in.Number(4));
  totals.on_first = in.Sum();
  totals.before = in.Sum();
  totals.after = in.Sum();
  blocks.clear();
  for (std::uint64_t left = in.Short(); left > 0 && in.ok(); --left) {
    const std::uint64_t block = in.Number();
    const std::uint32_t bought = DaySet::Bought(block);
    if (block >> 32 >= (std::uint64_t{1} << 18) || bought == 0 || (DaySet::Priced(block) & ~bought) != 0) return false;
    const std::int32_t begin = DaySet::FirstDayOf(block);
    if (!IsDay(begin + std::countr_zero(bought)) || !IsDay(begin + std::bit_width(bought) - 1)) return false;
    blocks.push_back(block);
  }
  totals.blocks = blocks;
  return in.ok() && IsDay(totals.first);
}

UnsignedWide Distance(Wide a, Wide b) {
  const auto first = static_cast<UnsignedWide>(a), second = static_cast<UnsignedWide>(b);
  return a < b ? second - first : first - second;
}

// Whether purchases whose sizes add up to `most` can have these sums. Then no sum or difference of any that are read or merged leaves 128 bits.
bool CanBe(const CustomerTotals& totals, UnsignedWide most) {
  const UnsignedWide before = Distance(totals.before, 0), after = Distance(totals.after, 0);
  return before <= most && after <= most - before && Distance(totals.on_first, 0) <= most && Distance(totals.before, totals.on_first) <= most;
}

bool ReadDays(Reading& in, UnsignedWide most, CustomerShard& shard, std::uint32_t place) {
  for (std::uint64_t left = in.Short(); left > 0 && in.ok(); --left) {
    DaySpend day{.day = static_cast<std::int32_t>(in.Number(4))};
    const std::uint64_t marks = in.Number(1);
    day.has_amount = (marks & 1) != 0;
    day.has_refund = (marks & 2) != 0;
    day.amount = in.Sum();
    const UnsignedWide size = Distance(day.amount, 0);
    if (!IsDay(day.day) || size > most) return false;
    most -= size;
    shard.AddDay(place, day);
  }
  return in.ok() && !shard.days(place).empty();
}

bool ReadCustomer(Reading& in, SummaryBuilder::State& state, std::vector<std::uint64_t>& blocks) {
  const std::string_view id = in.Text();
  if (!in.ok() || id.empty() || id.size() > kMostIdBytes) return false;
  const SoughtId sought = SoughtIdOf(id);
  CustomerShard& shard = state.shards[ShardOf(sought.hash)];
  const std::size_t known = shard.size();
  const std::uint32_t place = shard.Place(sought);
  const UnsignedWide most = state.total << 60;
  if (shard.size() == known) return false;
  if (!state.by_day()) {
    CustomerTotals totals;
    if (!ReadTotals(in, totals, blocks) || !CanBe(totals, most)) return false;
    shard.AddTotals(place, totals);
    // The first day is one of buying, and none is before it.
    const std::span<const std::uint64_t> sorted = shard.totals(place).blocks;
    return DaySet::Within(sorted, totals.first, totals.first).bought == 1 && DaySet::Within(sorted, DaySet::kFirstDay, totals.first).bought == 1;
  }
  return ReadDays(in, most, shard, place);
}

// Each row counts for one or more in the total.
bool IsHeadRight(const SummaryBuilder::State& state) {
  if (state.rows < 0 || state.rows > kMostRows || state.total > kLargestTotal || static_cast<UnsignedWide>(state.rows) > state.total) return false;
  return state.rows > 0 ? IsDay(state.last) : state.last == DaySet::kFirstDay - 1;
}

}  // namespace

std::string SummaryBuilder::Save() const {
  if (!state_->complete) return {};
  Writing out;
  const std::vector<CustomerPlace> places = SortedCustomers(*state_);
  WriteHead(out, *state_, places.size());
  for (const CustomerPlace& at : places) {
    const CustomerShard& shard = state_->shards[at.shard];
    out.Text(shard.id(at.place));
    if (state_->by_day()) WriteDays(out, shard.days(at.place));
    else WriteTotals(out, shard.totals(at.place));
  }
  return out.Finish();
}

absl::StatusOr<SummaryBuilder> SummaryBuilder::Load(std::string_view bytes) {
  if (!bytes.starts_with(kMagic)) return Broken("another beginning");
  if (bytes.size() < kMagic.size() + 8) return Broken("an end too early");
  const std::string_view body = bytes.substr(0, bytes.size() - 8);
  Reading end(bytes.substr(body.size()));
  if (end.Number() != XXH3_64bits(body.data(), body.size())) return Broken("another checksum");
  Reading in(body.substr(kMagic.size()));
  SummarizeOptions options;
  const std::uint64_t unit = in.Number(1), refunds = in.Number(1), keep = in.Number(1);
  if (unit > 4 || refunds > 2 || keep > 1) return Broken("options that there are not");
  options.unit = static_cast<TimeUnit>(unit);
  options.refunds = static_cast<Refunds>(refunds);
  options.calibration_end = ReadDay(in);
  options.observation_end = ReadDay(in);
  RAPPORT_ASSIGN_OR_RETURN(SummaryBuilder builder, Open(options, static_cast<Keep>(keep)));
  State& state = *builder.state_;
  state.rows = static_cast<std::int64_t>(in.Number());
  state.last = static_cast<std::int32_t>(in.Number(4));
  state.total = static_cast<UnsignedWide>(in.Sum());
  if (!IsHeadRight(state)) return Broken("a head that cannot be");
  state.in_order = false;
  std::vector<std::uint64_t> blocks;
  for (std::uint64_t left = in.Number(); left > 0 && in.ok(); --left) {
    if (!ReadCustomer(in, state, blocks)) return Broken("a customer that cannot be");
  }
  if (!in.at_end()) return Broken("another length");
  return builder;
}

}  // namespace rapport

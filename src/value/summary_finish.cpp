// From what a SummaryBuilder holds to rows in order.
#include <algorithm>
#include <cstring>

#include "rapport/core/parallel.hpp"
#include "rapport/core/status.hpp"
#include "value/summary_state.hpp"

namespace rapport {
namespace {

constexpr std::size_t kRange = 8192;
constexpr std::size_t kAhead = 16;   // customers from whom memory is asked for early: in order they are strewn over it

std::string_view IdOf(const SummaryBuilder::State& state, const CustomerPlace& at) { return state.shards[at.shard].id(at.place); }

// How many bytes all ids begin with: sorting looks beyond them.
std::size_t CommonBeginning(const SummaryBuilder::State& state, std::span<const CustomerPlace> places) {
  const std::string_view first = IdOf(state, places.front());
  std::size_t common = first.size();
  for (const CustomerPlace& place : places) {
    const std::string_view id = IdOf(state, place);
    common = std::min(common, id.size());
    if (common == 0) return 0;
    if (std::memcmp(id.data(), first.data(), common) == 0) continue;
    common = static_cast<std::size_t>(std::mismatch(id.begin(), id.begin() + static_cast<std::ptrdiff_t>(common), first.begin()).first - id.begin());
  }
  return common;
}

// Eight bytes from `from` on as a number that compares as they do; 0 where there are none.
std::uint64_t KeyOf(std::string_view id, std::size_t from) {
  std::uint64_t key = 0;
  for (std::size_t i = from; i < std::min(id.size(), from + 8); ++i) key |= std::uint64_t{static_cast<unsigned char>(id[i])} << (56 - 8 * (i - from));
  return key;
}

// By key, a byte at a time from the lowest; bytes in which all keys agree cost one look.
void SortByKey(std::vector<CustomerPlace>& places) {
  std::vector<CustomerPlace> other(places.size());
  for (int shift = 0; shift < 64; shift += 8) {
    std::size_t counts[256] = {};
    for (const CustomerPlace& place : places) ++counts[place.key >> shift & 0xFF];
    if (counts[places.front().key >> shift & 0xFF] == places.size()) continue;
    std::size_t next = 0;
    for (std::size_t& count : counts) next += std::exchange(count, next);
    for (const CustomerPlace& place : places) other[counts[place.key >> shift & 0xFF]++] = place;
    places.swap(other);
  }
}

std::optional<double> Mean(Wide sum, std::int64_t days) {
  return days > 0 ? std::optional<double>(FromUnits(sum) / static_cast<double>(days)) : std::nullopt;
}

// A customer whose first day is within the calibration, in numbers.
struct Numbers {
  std::int32_t first = kNoDay, last = kNoDay;
  std::int64_t days = 0, days_holdout = 0;
  std::int64_t priced_repeats = 0, priced_holdout = 0;
  bool has_spend = false;
  Wide repeats = 0, holdout = 0, spend = 0;
};

Numbers OfTotals(std::int32_t first_day, const CustomerTotals& totals, std::int32_t calibration_end) {
  const DaySet::Count all = totals.days.Within(first_day, calibration_end);
  const DaySet::Count first = totals.days.Within(first_day, first_day);
  Numbers numbers{.first = first_day, .last = all.last, .days = all.bought};
  numbers.priced_repeats = all.priced - first.priced;
  numbers.has_spend = all.priced > 0;
  numbers.spend = totals.before;
  numbers.repeats = totals.before - totals.on_first;
  if (calibration_end < DaySet::kLastDay) {
    const DaySet::Count after = totals.days.Within(calibration_end + 1, DaySet::kLastDay);
    numbers.days_holdout = after.bought;
    numbers.priced_holdout = after.priced;
    numbers.holdout = totals.after;
  }
  return numbers;
}

Numbers OfDays(std::span<const DaySpend> days, bool net, std::int32_t calibration_end) {
  Numbers numbers;
  for (const DaySpend& day : days) {
    if (net && day.TakenBack()) continue;
    const bool is_first = numbers.first == kNoDay;
    if (is_first) numbers.first = day.day;
    if (day.day > calibration_end) {
      ++numbers.days_holdout;
      numbers.priced_holdout += day.has_amount ? 1 : 0;
      numbers.holdout += day.amount;
      continue;
    }
    numbers.last = day.day;
    ++numbers.days;
    numbers.has_spend |= day.has_amount;
    numbers.spend += day.amount;
    if (is_first || !day.has_amount) continue;
    ++numbers.priced_repeats;
    numbers.repeats += day.amount;
  }
  return numbers;
}

// Units without a detour over the civil day where they are of one length.
double UnitsOf(std::int32_t from, std::int32_t to, TimeUnit unit) {
  if (unit == TimeUnit::kDay) return to - from;
  if (unit == TimeUnit::kWeek) return static_cast<double>(to - from) / 7;
  return UnitsBetween(DayOf(from), DayOf(to), unit);
}

class Finishing {
 public:
  Finishing(const SummaryBuilder::State& state, int threads) : state_(state), threads_(threads), calibration_end_(state.CalibrationEnd()) {}

  SummaryColumns Run() {
    Collect();
    SortPlaces(state_, places_);
    rows_.duration_holdout = UnitsOf(calibration_end_, state_.ObservationEnd(), state_.options.unit);
    rows_.calibration_end = DayOf(calibration_end_);
    rows_.observation_end = DayOf(state_.ObservationEnd());
    WriteIds();
    Resize();
    ForRanges(places_.size(), kRange, threads_, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) {
        PrefetchTotals(i + 2 * kAhead);
        if (i + kAhead < places_.size()) state_.shards[places_[i + kAhead].shard].PrefetchId(places_[i + kAhead].place);
        WriteRow(i);
      }
    });
    return std::move(rows_);
  }

 private:
  Numbers NumbersOf(const CustomerPlace& at) const {
    const CustomerShard& shard = state_.shards[at.shard];
    if (!state_.by_day()) return OfTotals(shard.first(at.place), shard.totals(at.place), calibration_end_);
    return OfDays(shard.days(at.place), state_.options.refunds == Refunds::kNet, calibration_end_);
  }
  void PrefetchTotals(std::size_t i) const {
    if (i < places_.size()) state_.shards[places_[i].shard].Prefetch(places_[i].place);
  }
  // Who came later is told apart; who has only refunds is nobody.
  void Collect() {
    std::vector<CustomerPlace> later;
    for (std::size_t shard = 0; shard < kShards; ++shard) {
      for (std::uint32_t i = 0; i < state_.shards[shard].size(); ++i) {
        const CustomerPlace at = PlaceOf(state_, shard, i);
        const std::int32_t first = FirstOf(at);
        if (first != kNoDay) (first <= calibration_end_ ? places_ : later).push_back(at);
      }
    }
    SortPlaces(state_, later);
    for (const CustomerPlace& at : later) rows_.later.push_back({std::string(IdOf(state_, at)), DayOf(FirstOf(at))});
  }
  std::int32_t FirstOf(const CustomerPlace& at) const { return state_.by_day() ? NumbersOf(at).first : state_.shards[at.shard].first(at.place); }
  void WriteIds() {
    rows_.customer_offsets.resize(places_.size() + 1);
    for (std::size_t i = 0; i < places_.size(); ++i) rows_.customer_offsets[i + 1] = rows_.customer_offsets[i] + std::int64_t{places_[i].id_size};
    rows_.customer_bytes.resize(static_cast<std::size_t>(rows_.customer_offsets.back()));
  }
  void Resize() {
    const std::size_t n = places_.size();
    for (auto* column : {&rows_.frequency, &rows_.frequency_holdout}) column->resize(n);
    for (auto* column : {&rows_.recency, &rows_.age}) column->resize(n);
    for (auto* column : {&rows_.monetary, &rows_.spend, &rows_.monetary_holdout}) column->resize(n);
  }
  void WriteRow(std::size_t i) {
    const std::string_view id = IdOf(state_, places_[i]);
    std::memcpy(rows_.customer_bytes.data() + rows_.customer_offsets[i], id.data(), id.size());
    const Numbers numbers = NumbersOf(places_[i]);
    rows_.frequency[i] = numbers.days - 1;
    rows_.recency[i] = UnitsOf(numbers.first, numbers.last, state_.options.unit);
    rows_.age[i] = UnitsOf(numbers.first, calibration_end_, state_.options.unit);
    rows_.monetary[i] = Mean(numbers.repeats, numbers.priced_repeats);
    if (numbers.has_spend) rows_.spend[i] = FromUnits(numbers.spend);
    rows_.frequency_holdout[i] = numbers.days_holdout;
    rows_.monetary_holdout[i] = Mean(numbers.holdout, numbers.priced_holdout);
  }

  const SummaryBuilder::State& state_;
  int threads_;
  std::int32_t calibration_end_;
  std::vector<CustomerPlace> places_;
  SummaryColumns rows_;
};

Table ColumnsOf(bool holdout) {
  using enum ColumnType;
  std::vector<std::pair<std::string, ColumnType>> columns = {
      {"customer", kText}, {"frequency", kInteger}, {"recency", kNumber}, {"age", kNumber}, {"monetary", kNumber}};
  if (holdout) columns.insert(columns.end(), {{"frequency_holdout", kInteger}, {"monetary_holdout", kNumber}, {"duration_holdout", kNumber}});
  return Table(std::move(columns));
}

}  // namespace

CustomerPlace PlaceOf(const SummaryBuilder::State& state, std::size_t shard, std::uint32_t place) {
  return {0, place, static_cast<std::uint32_t>(shard) & 0xFF, static_cast<std::uint32_t>(state.shards[shard].id(place).size()) & 0xFFFFFF};
}

void SortPlaces(const SummaryBuilder::State& state, std::vector<CustomerPlace>& places) {
  if (places.empty()) return;
  const std::size_t common = CommonBeginning(state, places);
  for (CustomerPlace& place : places) place.key = KeyOf(IdOf(state, place), common);
  SortByKey(places);
  for (std::size_t from = 0, to = 0; from < places.size(); from = to) {
    for (to = from + 1; to < places.size() && places[to].key == places[from].key;) ++to;   // ids alike in eight bytes, or more than eight long
    if (to - from == 1) continue;
    std::sort(places.begin() + static_cast<std::ptrdiff_t>(from), places.begin() + static_cast<std::ptrdiff_t>(to),
              [&](const CustomerPlace& a, const CustomerPlace& b) { return IdOf(state, a) < IdOf(state, b); });
  }
}

std::vector<CustomerPlace> SortedCustomers(const SummaryBuilder::State& state) {
  std::vector<CustomerPlace> places;
  for (std::size_t shard = 0; shard < kShards; ++shard) {
    for (std::uint32_t i = 0; i < state.shards[shard].size(); ++i) places.push_back(PlaceOf(state, shard, i));
  }
  SortPlaces(state, places);
  return places;
}

std::string_view SummaryColumns::customer(std::size_t row) const {
  return std::string_view(customer_bytes).substr(static_cast<std::size_t>(customer_offsets[row]),
                                                 static_cast<std::size_t>(customer_offsets[row + 1] - customer_offsets[row]));
}

SummaryColumns SummaryBuilder::Finish(int threads) const {
  SummaryColumns rows;
  if (state_->rows > 0) rows = Finishing(*state_, threads).Run();
  rows.purchases = state_->rows;
  return rows;
}

void SummaryBuilder::ForEachCustomer(const std::function<void(std::string_view, std::span<const BuyingDay>)>& call) const {
  const bool net = state_->options.refunds == Refunds::kNet;
  std::vector<BuyingDay> days;
  for (const CustomerPlace& at : SortedCustomers(*state_)) {
    const CustomerShard& shard = state_->shards[at.shard];
    days.clear();
    for (const DaySpend& day : shard.days(at.place)) {
      if (net && day.TakenBack()) continue;
      days.push_back({DayOf(day.day), day.has_amount ? std::optional<double>(FromUnits(day.amount)) : std::nullopt});
    }
    for (const std::uint64_t block : shard.totals(at.place).days.blocks()) {
      for (std::uint32_t bought = DaySet::Bought(block); bought != 0; bought &= bought - 1) {
        days.push_back({DayOf(DaySet::FirstDayOf(block) + std::countr_zero(bought)), std::nullopt});
      }
    }
    if (!days.empty()) call(shard.id(at.place), days);
  }
}

Table SummaryTable(const SummaryColumns& rows, bool holdout) {
  Table table = ColumnsOf(holdout);
  const auto cell = [](const std::optional<double>& number) { return number ? Cell(*number) : Cell(); };
  std::vector<Cell> cells(holdout ? 8 : 5);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    cells[0] = std::string(rows.customer(i));
    cells[1] = rows.frequency[i];
    cells[2] = rows.recency[i];
    cells[3] = rows.age[i];
    cells[4] = cell(rows.monetary[i]);
    if (holdout) {
      cells[5] = rows.frequency_holdout[i];
      cells[6] = cell(rows.monetary_holdout[i]);
      cells[7] = rows.duration_holdout;
    }
    table.AppendRow(cells);
  }
  return table;
}

Table LateTable(const SummaryColumns& rows) {
  Table table({{"customer", ColumnType::kText}, {"first_day", ColumnType::kDay}});
  for (const LateCustomer& late : rows.later) table.AppendRow({late.customer, late.first});
  return table;
}

}  // namespace rapport

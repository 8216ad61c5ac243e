// From what a SummaryBuilder holds to rows in order.
#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <utility>

#include "rapport/core/parallel.hpp"
#include "rapport/core/status.hpp"
#include "value/summary_state.hpp"

namespace rapport {
namespace {

constexpr std::size_t kRange = 8192;
constexpr std::size_t kAhead = 16;   // customers from whom memory is asked for early: in order they are strewn over it

std::string_view IdOf(const SummaryBuilder::State& state, const CustomerPlace& at) { return state.shards[at.shard].id(at.place); }

// How many bytes all ids begin with, where there are ids that do not fit into a key: sorting looks beyond them.
std::size_t CommonBeginning(const SummaryBuilder::State& state, std::span<const CustomerPlace> places) {
  if (std::none_of(places.begin(), places.end(), [](const CustomerPlace& place) { return place.id_size > kWordBytes; })) return 0;
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

// By key, a byte at a time from the lowest; bytes in which all keys agree cost nothing.
void SortByKey(std::vector<CustomerPlace>& places) {
  std::array<std::array<std::uint32_t, 256>, 8> counts{};
  for (const CustomerPlace& place : places) {
    for (std::size_t byte = 0; byte < 8; ++byte) ++counts[byte][place.key >> (8 * byte) & 0xFF];
  }
  std::vector<CustomerPlace> other(places.size());
  for (std::size_t byte = 0; byte < 8; ++byte) {
    std::array<std::uint32_t, 256>& next = counts[byte];
    if (next[places.front().key >> (8 * byte) & 0xFF] == places.size()) continue;
    std::uint32_t begin = 0;
    for (std::uint32_t& count : next) begin += std::exchange(count, begin);
    for (const CustomerPlace& place : places) other[next[place.key >> (8 * byte) & 0xFF]++] = place;
    places.swap(other);
  }
}

// Customers in order whose ids are of one size, on their way into the order of bytes.
struct Piece {
  CustomerPlace next;
  std::uint32_t end;
};

// Of a state in order, by size of id.
std::vector<Piece> PiecesOf(const SummaryBuilder::State& state) {
  const CustomerShard& shard = state.shards[kInOrder];
  std::vector<Piece> pieces;
  for (std::uint32_t begin = 0, end = 0; begin < shard.size(); begin = end) {
    const std::uint32_t size = shard.customer(begin).id_size;
    end = begin + 1;
    for (std::uint32_t after = shard.size(); end < after;) {   // by halves
      const std::uint32_t middle = end + (after - end) / 2;
      if (shard.customer(middle).id_size == size) end = middle + 1;
      else after = middle;
    }
    pieces.push_back({PlaceOf(state, kInOrder, begin), end});
  }
  return pieces;
}

// Calls `take` with the place of each customer. Whether that was in the order of bytes.
template <class Take>
bool ForEachPlace(const SummaryBuilder::State& state, Take take) {
  std::vector<Piece> pieces = PiecesOf(state);
  // What keys tell is all there is.
  const bool is_sorted = state.in_order && (pieces.size() <= 1 || pieces.back().next.id_size <= kWordBytes);
  while (is_sorted && !pieces.empty()) {
    const auto first = std::min_element(pieces.begin(), pieces.end(), [](const Piece& a, const Piece& b) { return a.next.key < b.next.key; });   // of equals the shortest
    take(first->next);
    const std::uint32_t place = first->next.place + 1;
    if (place + kAhead < first->end) state.shards[kInOrder].Prefetch(place + kAhead);
    if (place == first->end) pieces.erase(first);
    else first->next = PlaceOf(state, kInOrder, place);
  }
  for (std::size_t shard = 0; shard < state.shards.size() && !is_sorted; ++shard) {
    for (std::uint32_t i = 0; i < state.shards[shard].size(); ++i) take(PlaceOf(state, shard, i));
  }
  return is_sorted;
}

void SetMean(OptionalNumbers& column, std::size_t row, Wide sum, std::int64_t days) {
  if (days > 0) column.Set(row, FromUnits(sum) / static_cast<double>(days));
}

// A customer whose first day is within the calibration, in numbers.
struct Numbers {
  std::int32_t first = kNoDay, last = kNoDay;
  std::int64_t days = 0, days_holdout = 0;
  std::int64_t priced_repeats = 0, priced_holdout = 0;
  bool has_spend = false;
  Wide repeats = 0, holdout = 0, spend = 0;
};

Numbers OfTotals(const CustomerTotals& totals, std::int32_t calibration_end) {
  const DaySet::Count all = DaySet::Within(totals.blocks, totals.first, calibration_end);
  Numbers numbers{.first = totals.first, .last = all.last, .days = all.bought};
  numbers.priced_repeats = all.priced - DaySet::Within(totals.blocks.first(1), totals.first, totals.first).priced;
  numbers.has_spend = all.priced > 0;
  numbers.spend = totals.before;
  numbers.repeats = totals.before - totals.on_first;
  if (calibration_end < DaySet::kLastDay) {
    const DaySet::Count after = DaySet::Within(totals.blocks, calibration_end + 1, DaySet::kLastDay);
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
  Finishing(const SummaryBuilder::State& state, bool with_spend, int threads)
      : state_(state), with_spend_(with_spend), threads_(threads), calibration_end_(state.CalibrationEnd()) {}

  SummaryColumns Run() {
    Collect();
    rows_.duration_holdout = UnitsOf(calibration_end_, state_.ObservationEnd(), state_.options.unit);
    rows_.calibration_end = DayOf(calibration_end_);
    rows_.observation_end = DayOf(state_.ObservationEnd());
    Resize();
    ForRanges(places_.size(), kRange, threads_, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) {
        if (i + 2 * kAhead < places_.size()) state_.shards[places_[i + 2 * kAhead].shard].Prefetch(places_[i + 2 * kAhead].place);
        if (i + kAhead < places_.size()) state_.shards[places_[i + kAhead].shard].PrefetchBlocks(places_[i + kAhead].place);
        WriteId(i, end);
        WriteRow(i);
      }
    });
    return std::move(rows_);
  }

 private:
  Numbers NumbersOf(const CustomerPlace& at) const {
    const CustomerShard& shard = state_.shards[at.shard];
    if (!state_.by_day()) return OfTotals(shard.totals(at.place), calibration_end_);
    return OfDays(shard.days(at.place), state_.options.refunds == Refunds::kNet, calibration_end_);
  }
  // Who came later is told apart; who has only refunds is nobody.
  void Collect() {
    std::vector<CustomerPlace> later;
    places_.reserve(state_.customers());
    const bool is_sorted = ForEachPlace(state_, [&](const CustomerPlace& at) {
      const std::int32_t first = FirstOf(at);
      if (first != kNoDay) (first <= calibration_end_ ? places_ : later).push_back(at);
    });
    if (!is_sorted) SortPlaces(state_, places_);
    if (!is_sorted) SortPlaces(state_, later);
    for (const CustomerPlace& at : later) rows_.later.push_back({std::string(IdOf(state_, at)), DayOf(FirstOf(at))});
  }
  std::int32_t FirstOf(const CustomerPlace& at) const {
    return state_.by_day() ? NumbersOf(at).first : state_.shards[at.shard].customer(at.place).first;
  }
  void Resize() {
    const std::size_t n = places_.size();
    rows_.customer_offsets.resize(n + 1);
    for (std::size_t i = 0; i < n; ++i) rows_.customer_offsets[i + 1] = rows_.customer_offsets[i] + std::int64_t{places_[i].id_size};
    rows_.customer_bytes.resize(static_cast<std::size_t>(rows_.customer_offsets.back()));
    rows_.frequency.resize(n);
    for (auto* column : {&rows_.recency, &rows_.age}) column->resize(n);
    rows_.monetary.resize(n);
    if (with_spend_) rows_.spend.resize(n);
    if (!state_.options.calibration_end) return;
    rows_.frequency_holdout.resize(n);
    rows_.monetary_holdout.resize(n);
  }
  // Row by row until before `end`: a short id is written as a whole word, over whose rest the next ones are written.
  void WriteId(std::size_t i, std::size_t end) {
    const std::string_view id = IdOf(state_, places_[i]);
    char* to = rows_.customer_bytes.data() + rows_.customer_offsets[i];
    const bool as_word = id.size() <= kWordBytes && rows_.customer_offsets[end] - rows_.customer_offsets[i] >= static_cast<std::int64_t>(kWordBytes);
    if (as_word) std::memcpy(to, id.data(), kWordBytes);
    else std::memcpy(to, id.data(), id.size());
  }
  void WriteRow(std::size_t i) {
    const Numbers numbers = NumbersOf(places_[i]);
    rows_.frequency[i] = numbers.days - 1;
    rows_.recency[i] = UnitsOf(numbers.first, numbers.last, state_.options.unit);
    rows_.age[i] = UnitsOf(numbers.first, calibration_end_, state_.options.unit);
    SetMean(rows_.monetary, i, numbers.repeats, numbers.priced_repeats);
    if (with_spend_ && numbers.has_spend) rows_.spend.Set(i, FromUnits(numbers.spend));
    if (!state_.options.calibration_end) return;
    rows_.frequency_holdout[i] = numbers.days_holdout;
    SetMean(rows_.monetary_holdout, i, numbers.holdout, numbers.priced_holdout);
  }

  const SummaryBuilder::State& state_;
  bool with_spend_;
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
  const Customer& customer = state.shards[shard].customer(place);
  const std::uint64_t word = customer.id_size <= kWordBytes ? customer.word : WordOf(state.shards[shard].id(place));
  return {Swapped(word), place, static_cast<std::uint32_t>(shard) & 0x1FF, customer.id_size & 0x7FFFFF};
}

void SortPlaces(const SummaryBuilder::State& state, std::vector<CustomerPlace>& places) {
  if (places.empty()) return;
  if (const std::size_t common = CommonBeginning(state, places); common > 0) {
    for (CustomerPlace& place : places) place.key = Swapped(WordOf(IdOf(state, place).substr(common)));
  }
  SortByKey(places);
  for (std::size_t from = 0, to = 0; from < places.size(); from = to) {
    for (to = from + 1; to < places.size() && places[to].key == places[from].key;) ++to;   // ids alike in eight bytes, or but for bytes that are 0
    if (to - from == 1) continue;
    std::sort(places.begin() + static_cast<std::ptrdiff_t>(from), places.begin() + static_cast<std::ptrdiff_t>(to),
              [&](const CustomerPlace& a, const CustomerPlace& b) { return IdOf(state, a) < IdOf(state, b); });
  }
}

std::vector<CustomerPlace> SortedCustomers(const SummaryBuilder::State& state) {
  std::vector<CustomerPlace> places;
  places.reserve(state.customers());
  if (!ForEachPlace(state, [&](const CustomerPlace& at) { places.push_back(at); })) SortPlaces(state, places);
  return places;
}

std::string_view SummaryColumns::customer(std::size_t row) const {
  return std::string_view(customer_bytes).substr(static_cast<std::size_t>(customer_offsets[row]),
                                                 static_cast<std::size_t>(customer_offsets[row + 1] - customer_offsets[row]));
}

SummaryColumns SummaryBuilder::Finish(int threads, Spend spend) const {
  SummaryColumns rows;
  if (!state_->complete) return rows;
  if (state_->rows > 0) rows = Finishing(*state_, spend == Spend::kTell, threads).Run();
  rows.purchases = state_->rows;
  return rows;
}

void SummaryBuilder::ForEachCustomer(const std::function<void(std::string_view, std::span<const BuyingDay>)>& call) const {
  if (!state_->complete) return;
  const bool net = state_->options.refunds == Refunds::kNet;
  std::vector<BuyingDay> days;
  for (const CustomerPlace& at : SortedCustomers(*state_)) {
    const CustomerShard& shard = state_->shards[at.shard];
    days.clear();
    for (const DaySpend& day : shard.days(at.place)) {
      if (net && day.TakenBack()) continue;
      days.push_back({DayOf(day.day), day.has_amount ? std::optional<double>(FromUnits(day.amount)) : std::nullopt});
    }
    for (const std::uint64_t block : shard.totals(at.place).blocks) {
      for (std::uint32_t bought = DaySet::Bought(block); bought != 0; bought &= bought - 1) {
        days.push_back({DayOf(DaySet::FirstDayOf(block) + std::countr_zero(bought)), std::nullopt});
      }
    }
    if (!days.empty()) call(shard.id(at.place), days);
  }
}

Table SummaryTable(const SummaryColumns& rows, bool holdout) {
  Table table = ColumnsOf(holdout);
  const auto cell = [](const OptionalNumbers& column, std::size_t row) { return row < column.size() && column[row] ? Cell(*column[row]) : Cell(); };
  std::vector<Cell> cells(holdout ? 8 : 5);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    cells[0] = std::string(rows.customer(i));
    cells[1] = rows.frequency[i];
    cells[2] = rows.recency[i];
    cells[3] = rows.age[i];
    cells[4] = cell(rows.monetary, i);
    if (holdout) {
      cells[5] = rows.frequency_holdout.empty() ? 0 : rows.frequency_holdout[i];
      cells[6] = cell(rows.monetary_holdout, i);
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

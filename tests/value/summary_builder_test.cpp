// Summaries piece by piece, against a model that counts by hand; however purchases are cut, ordered, spread and merged, no bit differs.
#include "rapport/value/summary_builder.hpp"

#define XXH_INLINE_ALL
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <xxhash.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <functional>
#include <limits>
#include <map>
#include <new>
#include <numeric>
#include <set>

#ifdef __linux__
#include <sys/resource.h>
#include <unistd.h>
#endif

#include "rapport/core/status.hpp"
#include "sanitized.hpp"

namespace rapport {
namespace {

const Day kEpoch(1970, 1, 1);

// Columns that own what they show.
struct Chunk {
  std::vector<std::int64_t> offsets{0};
  std::string bytes;
  std::vector<std::int32_t> days;
  std::vector<double> amounts;
  std::vector<std::uint8_t> has_amount;
  void Add(const Purchase& p) {
    bytes += p.customer;
    offsets.push_back(static_cast<std::int64_t>(bytes.size()));
    days.push_back(static_cast<std::int32_t>(p.date - kEpoch));
    amounts.push_back(p.amount.value_or(0));
    has_amount.push_back(p.amount.has_value() ? 1 : 0);
  }
  PurchaseColumns columns() const { return {offsets, bytes.data(), {}, days, amounts, has_amount}; }
};

Chunk ChunkOf(std::span<const Purchase> purchases) {
  Chunk chunk;
  for (const Purchase& p : purchases) chunk.Add(p);
  return chunk;
}

std::string TextOf(const SummaryColumns& rows) { return SummaryTable(rows, true).ToNdjson() + "\n" + LateTable(rows).ToNdjson(); }

// What the header says, word by word, with maps. Amounts are multiples of 1/64, so sums in these are exact.
SummaryColumns ByHand(const std::vector<Purchase>& purchases, const SummarizeOptions& options) {
  struct Seen { std::int64_t cents = 0; bool amount = false, refund = false; };
  std::map<std::string, std::map<Day, Seen>> customers;
  SummaryColumns rows;
  std::optional<Day> last;
  for (const Purchase& p : purchases) {
    last = last ? std::max(*last, p.date) : p.date;
    const bool refund = p.amount.value_or(0) < 0;
    if ((options.observation_end && p.date > *options.observation_end) || (refund && options.refunds == Refunds::kExclude)) continue;
    Seen& day = customers[p.customer][p.date];
    day.cents += std::llround(p.amount.value_or(0) * 64);
    day.amount |= p.amount.has_value();
    day.refund |= refund;
  }
  if (!last) return rows;
  const Day end = options.observation_end.value_or(options.calibration_end ? std::max(*last, *options.calibration_end) : *last);
  const Day split = options.calibration_end.value_or(end);
  rows.duration_holdout = UnitsBetween(split, end, options.unit);
  for (auto& [customer, days] : customers) {
    std::erase_if(days, [](const auto& d) { return d.second.refund && d.second.cents <= 0; });
    if (days.empty()) continue;
    const Day first = days.begin()->first;
    if (first > split) {
      rows.later.push_back({customer, first});
      continue;
    }
    Day latest = first;
    std::int64_t repeats = 0, after = 0, cents = 0, cents_after = 0, priced = 0, priced_after = 0;
    for (const auto& [day, seen] : days) {
      if (day == first) continue;
      (day <= split ? repeats : after) += 1;
      (day <= split ? cents : cents_after) += seen.cents;
      (day <= split ? priced : priced_after) += seen.amount ? 1 : 0;
      if (day <= split) latest = day;
    }
    const auto mean = [](std::int64_t sum, std::int64_t n) { return n > 0 ? std::optional<double>(static_cast<double>(sum) / 64 / static_cast<double>(n)) : std::nullopt; };
    rows.customer_bytes += customer;
    rows.customer_offsets.push_back(static_cast<std::int64_t>(rows.customer_bytes.size()));
    rows.frequency.push_back(repeats);
    rows.recency.push_back(UnitsBetween(first, latest, options.unit));
    rows.age.push_back(UnitsBetween(first, split, options.unit));
    rows.monetary.push_back(mean(cents, priced));
    rows.frequency_holdout.push_back(after);
    rows.monetary_holdout.push_back(mean(cents_after, priced_after));
  }
  return rows;
}

// The order in which customers need no search: shorter ids before longer ones.
bool ComesBefore(const std::string& a, const std::string& b) { return a.size() != b.size() ? a.size() < b.size() : a < b; }

std::vector<Purchase> SomePurchases() {
  const int n = *rc::gen::inRange(0, 120), customers = *rc::gen::inRange(1, 12), span = *rc::gen::inRange(1, 400);
  std::vector<Purchase> purchases;
  for (int i = 0; i < n; ++i) {
    Purchase p{"c" + std::to_string(*rc::gen::inRange(0, customers)), Day(2025, 1, 1) + *rc::gen::inRange(0, span), std::nullopt};
    if (*rc::gen::inRange(0, 5) > 0) p.amount = *rc::gen::inRange(-64, 6400) / 64.0;
    purchases.push_back(p);
  }
  return purchases;
}

SummarizeOptions SomeOptions() {
  SummarizeOptions options;
  options.unit = static_cast<TimeUnit>(*rc::gen::inRange(0, 5));
  options.refunds = *rc::gen::inRange(0, 2) == 0 ? Refunds::kExclude : Refunds::kNet;
  if (*rc::gen::inRange(0, 2) == 0) options.calibration_end = Day(2025, 1, 1) + *rc::gen::inRange(-5, 300);
  if (*rc::gen::inRange(0, 2) == 0) options.observation_end = options.calibration_end.value_or(Day(2025, 1, 1)) + *rc::gen::inRange(0, 300);
  return options;
}

TEST(SummaryBuilder, CountsAsByHand) {
  EXPECT_TRUE(rc::check([] {
    std::vector<Purchase> purchases = SomePurchases();
    if (*rc::gen::inRange(0, 2) == 0) std::ranges::stable_sort(purchases, ComesBefore, &Purchase::customer);
    const SummarizeOptions options = SomeOptions();
    SummaryBuilder builder = *SummaryBuilder::Open(options);
    RC_ASSERT(builder.Add(ChunkOf(purchases).columns()).ok());
    RC_ASSERT(TextOf(builder.Finish()) == TextOf(ByHand(purchases, options)));
  }));
}

// Of few letters, a NUL among them, so that many share their first eight bytes or differ in length alone.
TEST(SummaryBuilder, TellsIdsApartThatAreNearlyAlike) {
  EXPECT_TRUE(rc::check([] {
    std::vector<Purchase> purchases;
    for (int n = *rc::gen::inRange(0, 80); n > 0; --n) {
      std::string id(static_cast<std::size_t>(*rc::gen::inRange(0, 7)), 'a');
      for (int letters = *rc::gen::inRange(1, 6); letters > 0; --letters) id += std::string_view("\0ab", 3)[static_cast<std::size_t>(*rc::gen::inRange(0, 3))];
      purchases.push_back({id, Day(2025, 1, 1) + *rc::gen::inRange(0, 60), 1.0});
    }
    if (*rc::gen::inRange(0, 2) == 0) std::ranges::stable_sort(purchases, ComesBefore, &Purchase::customer);
    SummaryBuilder builder = *SummaryBuilder::Open();
    RC_ASSERT(builder.Add(ChunkOf(purchases).columns()).ok());
    RC_ASSERT(TextOf(builder.Finish()) == TextOf(ByHand(purchases, {})));
    RC_ASSERT(SummaryBuilder::Load(builder.Save())->Save() == builder.Save());
  }));
}

TEST(SummaryBuilder, HasTheSameBitsHoweverPurchasesCome) {
  EXPECT_TRUE(rc::check([] {
    std::vector<Purchase> purchases = SomePurchases();
    for (Purchase& p : purchases) {
      if (p.amount) *p.amount /= 3;   // not exact in binary: the order of plain additions would show
    }
    const SummarizeOptions options = SomeOptions();
    const auto keep = static_cast<SummaryBuilder::Keep>(*rc::gen::inRange(0, 2));
    SummaryBuilder whole = *SummaryBuilder::Open(options, keep);
    RC_ASSERT(whole.Add(ChunkOf(purchases).columns()).ok());

    const int parts = *rc::gen::inRange(1, 6);
    std::vector<SummaryBuilder> builders;
    for (int i = 0; i < parts; ++i) builders.push_back(*SummaryBuilder::Open(options, keep));
    std::vector<Chunk> chunks(static_cast<std::size_t>(parts));
    while (!purchases.empty()) {
      const auto at = static_cast<std::size_t>(*rc::gen::inRange(0, static_cast<int>(purchases.size())));
      const auto part = static_cast<std::size_t>(*rc::gen::inRange(0, parts));
      chunks[part].Add(purchases[at]);
      purchases.erase(purchases.begin() + static_cast<std::ptrdiff_t>(at));
      if (*rc::gen::inRange(0, 8) > 0) continue;
      RC_ASSERT(builders[part].Add(chunks[part].columns(), *rc::gen::inRange(1, 4)).ok());
      chunks[part] = {};
    }
    for (std::size_t i = 0; i < chunks.size(); ++i) RC_ASSERT(builders[i].Add(chunks[i].columns()).ok());
    while (builders.size() > 1) {   // any tree of merges, some of them of saved bytes
      const auto from = static_cast<std::size_t>(*rc::gen::inRange(1, static_cast<int>(builders.size())));
      const auto into = static_cast<std::size_t>(*rc::gen::inRange(0, static_cast<int>(from)));
      SummaryBuilder carried = *SummaryBuilder::Load(builders[from].Save());
      RC_ASSERT(builders[into].Merge(carried, *rc::gen::inRange(1, 4)).ok());
      builders.erase(builders.begin() + static_cast<std::ptrdiff_t>(from));
    }
    RC_ASSERT(builders.front().Save() == whole.Save());
    RC_ASSERT(TextOf(builders.front().Finish(*rc::gen::inRange(1, 4))) == TextOf(whole.Finish()));
    RC_ASSERT(builders.front().purchases() == whole.purchases());
  }));
}

// Enough rows for several ranges, blocks of the sort and threads.
TEST(SummaryBuilder, HasTheSameBitsOnAnyNumberOfThreads) {
  std::vector<std::int64_t> numbers;
  std::vector<std::int32_t> days;
  std::vector<double> amounts;
  for (std::uint64_t i = 0, x = 1; i < 300'000; ++i) {
    x = x * 6364136223846793005u + 1442695040888963407u;
    numbers.push_back(static_cast<std::int64_t>(x >> 40) % 70'000 - 20);
    days.push_back(static_cast<std::int32_t>(x >> 33) % 700 + 18'000);
    amounts.push_back(static_cast<double>(x >> 45) / 300);
  }
  const PurchaseColumns columns{.customer_numbers = numbers, .days = days, .amounts = amounts};
  std::string texts[3];
  for (int threads = 1; threads <= 3; ++threads) {
    SummaryBuilder builder = *SummaryBuilder::Open({.calibration_end = kEpoch + 18'400});
    ASSERT_TRUE(builder.Add(columns, threads).ok());
    const SummaryColumns rows = builder.Finish(threads);
    texts[threads - 1] = TextOf(rows);
    EXPECT_EQ(rows.size() + rows.later.size(), std::set<std::int64_t>(numbers.begin(), numbers.end()).size());
    for (std::size_t i = 1; i < rows.size(); ++i) ASSERT_LT(rows.customer(i - 1), rows.customer(i));
  }
  EXPECT_EQ(texts[0], texts[1]);
  EXPECT_EQ(texts[0], texts[2]);
}

// Purchases of as many customers, one to four each, sorted by customer.
struct NumberedPurchases {
  std::vector<std::int64_t> numbers;
  std::vector<std::int32_t> days;
  std::vector<double> amounts;
  explicit NumberedPurchases(std::int64_t customers) {
    std::uint64_t x = 1;
    for (std::int64_t customer = 90; customer < 90 + customers; ++customer) {
      for (std::uint64_t left = 1 + (x >> 62); left > 0; --left) {
        x = x * 6364136223846793005u + 1442695040888963407u;
        Add(customer, static_cast<std::int32_t>(x >> 33) % 700 + 18'000, static_cast<double>(x >> 45) / 300);
      }
    }
  }
  NumberedPurchases() = default;
  void Add(std::int64_t number, std::int32_t day, double amount) {
    numbers.push_back(number);
    days.push_back(day);
    amounts.push_back(amount);
  }
  NumberedPurchases Taken(const std::function<bool(std::size_t)>& is_wanted) const {
    NumberedPurchases taken;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      if (is_wanted(i)) taken.Add(numbers[i], days[i], amounts[i]);
    }
    return taken;
  }
  NumberedPurchases Turned(std::size_t step) const {   // each row, `step` apart
    NumberedPurchases turned;
    for (std::size_t i = 0; i < numbers.size(); ++i) turned.Add(numbers[i * step % numbers.size()], days[i * step % numbers.size()], amounts[i * step % numbers.size()]);
    return turned;
  }
  PurchaseColumns columns() const { return {.customer_numbers = numbers, .days = days, .amounts = amounts}; }
  SummaryBuilder Summed(int threads = 1) const {
    SummaryBuilder builder = *SummaryBuilder::Open({.calibration_end = kEpoch + 18'400});
    EXPECT_TRUE(builder.Add(columns(), threads).ok());
    return builder;
  }
};

TEST(SummaryBuilder, HasTheSameBitsInOrderAndOutOfOrder) {
  const NumberedPurchases all(40'000);
  const SummaryBuilder in_order = all.Summed();
  const std::string saved = in_order.Save(), text = TextOf(in_order.Finish());
  EXPECT_EQ(in_order.Finish().customer(0), "100") << "as text";
  for (const int threads : {1, 3}) {
    const SummaryBuilder turned = all.Turned(61).Summed(threads);   // a step that no number of rows here is a multiple of
    EXPECT_EQ(turned.Save(), saved);
    EXPECT_EQ(TextOf(turned.Finish(threads)), text);
  }
  EXPECT_NE(all.numbers.size() % 61, 0u);

  // Out of order only late, after some ranges; and cut inside a customer.
  NumberedPurchases late = all.Taken([](std::size_t i) { return i != 500; });
  late.Add(all.numbers[500], all.days[500], all.amounts[500]);
  EXPECT_EQ(late.Summed().Save(), saved);
  for (const std::size_t cut : {std::size_t{1}, std::size_t{16'384}, std::size_t{50'001}}) {
    SummaryBuilder first = all.Taken([&](std::size_t i) { return i < cut; }).Summed();
    ASSERT_TRUE(first.Add(all.Taken([&](std::size_t i) { return i >= cut; }).columns()).ok());
    EXPECT_EQ(first.Save(), saved) << cut;
  }
}

TEST(SummaryBuilder, MergesWhatCameInOrderWithWhatDidNot) {
  const NumberedPurchases all(20'000);
  const std::string saved = all.Summed().Save();
  const auto part = [&](std::size_t which) { return all.Taken([which](std::size_t i) { return i / 7 % 3 == which; }); };
  SummaryBuilder sum = part(0).Summed();
  ASSERT_TRUE(sum.Merge(part(1).Turned(1).Summed(), 2).ok());
  ASSERT_TRUE(sum.Merge(part(2).Turned(part(2).numbers.size() - 1).Summed()).ok());   // backwards
  EXPECT_EQ(sum.Save(), saved);
  SummaryBuilder into_nothing = NumberedPurchases().Summed();
  ASSERT_TRUE(into_nothing.Merge(sum).ok());
  EXPECT_EQ(into_nothing.Save(), saved);
  SummaryBuilder loaded = *SummaryBuilder::Load(part(0).Summed().Save());
  ASSERT_TRUE(loaded.Add(part(1).columns()).ok());
  ASSERT_TRUE(loaded.Add(part(2).columns(), 2).ok());
  EXPECT_EQ(loaded.Save(), saved);
}

TEST(SummaryBuilder, NumbersAreTheirDecimalText) {
  std::vector<std::int64_t> numbers;
  for (std::int64_t power = 1; power <= 1'000'000'000'000'000'000; power *= 10) {
    for (const std::int64_t number : {power - 1, power, power + 1, power * 7 + 42 % power}) numbers.insert(numbers.end(), {number, -number});
    if (power == 1'000'000'000'000'000'000) break;
  }
  numbers.insert(numbers.end(), {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()});
  for (const bool sorted : {false, true}) {
    if (sorted) std::ranges::sort(numbers);
    Chunk texts;
    for (const std::int64_t number : numbers) texts.Add({std::to_string(number), kEpoch + number % 1000, 2.5});
    PurchaseColumns columns = texts.columns();
    SummaryBuilder of_texts = *SummaryBuilder::Open(), of_numbers = *SummaryBuilder::Open();
    ASSERT_TRUE(of_texts.Add(columns).ok());
    columns.customer_offsets = {};
    columns.customer_numbers = numbers;
    ASSERT_TRUE(of_numbers.Add(columns).ok());
    EXPECT_EQ(of_numbers.Save(), of_texts.Save());
    EXPECT_EQ(of_numbers.Finish().size(), std::set<std::int64_t>(numbers.begin(), numbers.end()).size());
  }
}

TEST(SummaryBuilder, WhoseRowsDoNotCountIsNobody) {
  const std::vector<std::int64_t> numbers = {1, 2, 2, 3, 4, 4};
  const std::vector<std::int32_t> days = {5, 6, 7, 200, 8, 9};
  const std::vector<double> amounts = {-1, -1, 3, 1, 2, -2};
  SummaryBuilder builder = *SummaryBuilder::Open({.observation_end = kEpoch + 100});
  ASSERT_TRUE(builder.Add({.customer_numbers = numbers, .days = days, .amounts = amounts}).ok());
  const SummaryColumns rows = builder.Finish(1, SummaryBuilder::Spend::kLeaveOut);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows.customer(0), "2");
  EXPECT_EQ(rows.customer(1), "4");
  EXPECT_EQ(rows.spend.size(), 0u);
  EXPECT_EQ(*builder.Finish().spend[1], 2.0);
}

TEST(SummaryBuilder, HoldsWhatGrowsWithCustomers) {
  const auto held = [](int purchases, int of_days) {
    SummaryBuilder builder = *SummaryBuilder::Open();
    for (int i = 0; i < purchases; ++i) {
      Chunk chunk;
      for (int customer = 0; customer < 1000; ++customer) {
        chunk.Add({"customer-" + std::to_string(customer), Day(2024, 1, 1) + (i * 37 + customer) % of_days, 9.99});
      }
      EXPECT_TRUE(builder.Add(chunk.columns()).ok());
    }
    return builder.bytes_held();
  };
  const std::size_t few = held(40, 730), many = held(400, 730), most = held(1'500, 730);
  EXPECT_LT(many, few * 3 / 2) << "ten times the purchases of the same customers";
  EXPECT_LE(most, many) << "once a customer bought every day, nothing more is held";
  EXPECT_LT(most, 1000u * 1100);
}

TEST(SummaryBuilder, SumsAreExact) {
  Chunk chunk;
  chunk.Add({"a", Day(2026, 1, 1), 1.0});
  for (const double amount : {1e17, 0.1, -1e17, 0.2, 1e-12}) chunk.Add({"a", Day(2026, 1, 8), amount});
  SummaryBuilder builder = *SummaryBuilder::Open({.refunds = Refunds::kNet});
  ASSERT_TRUE(builder.Add(chunk.columns()).ok());
  const SummaryColumns rows = builder.Finish();
  EXPECT_NEAR(*rows.monetary[0], 0.300000000001, 1e-16) << "what is large and goes away takes nothing with it";
  EXPECT_EQ(*rows.spend[0], 1 + *rows.monetary[0]);
}

// In binary 0.1 + 0.2 - 0.3 leaves 2.8e-17.
TEST(SummaryBuilder, ADayTakenBackInDecimalsIsNoDayOfBuying) {
  Chunk chunk;
  for (const double amount : {5.0, 6.0, -6.0}) chunk.Add({"a", Day(2026, 1, 1), amount});
  for (const double amount : {0.1, 0.2, -0.3}) chunk.Add({"a", Day(2026, 1, 8), amount});
  for (const double amount : {0.1, 0.2, -0.29}) chunk.Add({"a", Day(2026, 1, 15), amount});
  SummaryBuilder builder = *SummaryBuilder::Open({.refunds = Refunds::kNet});
  ASSERT_TRUE(builder.Add(chunk.columns()).ok());
  const SummaryColumns rows = builder.Finish();
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows.frequency[0], 1);
  EXPECT_NEAR(*rows.monetary[0], 0.01, 1e-15);
}

TEST(SummaryBuilder, TakesWholeNumbersAsCustomers) {
  const std::vector<std::int64_t> numbers = {9, 10, 9, -3, std::numeric_limits<std::int64_t>::min()};
  const std::vector<std::int32_t> days = {1, 1, 8, 1, 1};
  SummaryBuilder builder = *SummaryBuilder::Open();
  ASSERT_TRUE(builder.Add({.customer_numbers = numbers, .days = days}).ok());
  const SummaryColumns rows = builder.Finish();
  ASSERT_EQ(rows.size(), 4u);
  EXPECT_EQ(rows.customer(0), "-3");
  EXPECT_EQ(rows.customer(1), "-9223372036854775808");
  EXPECT_EQ(rows.customer(2), "10") << "sorted as text";
  EXPECT_EQ(rows.customer(3), "9");
  EXPECT_EQ(rows.frequency[3], 1);
  EXPECT_FALSE(rows.monetary[3].has_value());
}

TEST(SummaryBuilder, TellsWhoCameAfterTheCalibration) {
  const std::vector<Purchase> purchases = {{"b", Day(2026, 2, 2), 1.0}, {"b", Day(2026, 2, 1), 1.0}, {"a", Day(2026, 1, 1), 1.0}};
  SummaryBuilder builder = *SummaryBuilder::Open({.calibration_end = Day(2026, 1, 31)});
  ASSERT_TRUE(builder.Add(ChunkOf(purchases).columns()).ok());
  const SummaryColumns rows = builder.Finish();
  ASSERT_EQ(rows.later.size(), 1u);
  EXPECT_EQ(rows.later[0].customer, "b");
  EXPECT_EQ(rows.later[0].first, Day(2026, 2, 1));
  EXPECT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows.observation_end, Day(2026, 2, 2));
}

TEST(SummaryBuilder, AWrongRowLeavesNothingOfItsChunk) {
  SummaryBuilder builder = *SummaryBuilder::Open({.refunds = Refunds::kError});
  const std::vector<Purchase> good = {{"a", Day(2026, 1, 1), 1.0}, {"b", Day(2026, 1, 1), 1.0}};
  ASSERT_TRUE(builder.Add(ChunkOf(good).columns()).ok());
  const std::string before = builder.Save();
  const auto message = [&](const Purchase& wrong) {
    const std::vector<Purchase> chunk = {{"new", Day(2026, 1, 1), 1.0}, wrong};
    const absl::Status status = builder.Add(ChunkOf(chunk).columns());
    EXPECT_EQ(builder.Save(), before);
    return TokenOf(status) + ": " + std::string(ToStd(status.message()));
  };
  EXPECT_EQ(message({"", Day(2026, 1, 1), 1.0}), "value.invalid_input: row 3, field customer: found no text, expected an id");
  EXPECT_EQ(message({"a", Day(2026, 1, 1), std::nan("")}), "value.invalid_input: row 3, field amount: found a number that is not finite, expected an amount");
  EXPECT_EQ(message({"a", Day(2026, 1, 1), 2e18}), "value.invalid_input: row 3, field amount: found 2e+18, expected at most 1e18 by size");
  EXPECT_EQ(message({"a", Day(2026, 1, 1), -2.5}), "value.refund: row 3, field amount: found -2.5, expected no refund");
  EXPECT_EQ(message({"a", Day(12026, 1, 1), 1.0}),
            "value.invalid_input: row 3, field date: found day 3672879 after 1970-01-01, expected one of the years 1 to 9999");
}

TEST(SummaryBuilder, RefusesMoreMoneyThanItCanCount) {
  SummaryBuilder builder = *SummaryBuilder::Open();
  Chunk chunk;
  for (int i = 0; i < 60; ++i) chunk.Add({"a", Day(2026, 1, 1), 1e18});
  ASSERT_TRUE(builder.Add(chunk.columns()).ok());
  EXPECT_EQ(TokenOf(builder.Add(chunk.columns())), "value.invalid_input");
  EXPECT_EQ(builder.purchases(), 60);
  SummaryBuilder other = *SummaryBuilder::Load(builder.Save());
  EXPECT_EQ(TokenOf(builder.Merge(other)), "value.invalid_input");
  EXPECT_EQ(*builder.Finish().spend[0], 6e19);
}

#ifdef __linux__
// While this lives the process may have `bytes` more of memory than it has.
class LittleMemory {
 public:
  explicit LittleMemory(std::size_t bytes) {
    std::ifstream sizes("/proc/self/statm");
    std::size_t pages = 0;
    sizes >> pages;
    getrlimit(RLIMIT_AS, &before_);
    const rlimit little{pages * static_cast<std::size_t>(sysconf(_SC_PAGESIZE)) + bytes, before_.rlim_max};
    setrlimit(RLIMIT_AS, &little);
  }
  ~LittleMemory() { setrlimit(RLIMIT_AS, &before_); }

 private:
  rlimit before_{};
};

TEST(SummaryBuilder, IsOfNoUseOnceMemoryRanOut) {
  if (IsSanitized()) GTEST_SKIP() << "sanitizers reserve more than any limit";
  std::vector<std::int64_t> numbers(3'000'000);
  std::iota(numbers.begin(), numbers.end(), 0);
  const std::vector<std::int32_t> days(numbers.size(), 20454);
  SummaryBuilder builder = *SummaryBuilder::Open(), other = *SummaryBuilder::Open();
  const PurchaseColumns few{.customer_numbers = std::span(numbers).first(3), .days = std::span(days).first(3)};
  ASSERT_TRUE(builder.Add(few).ok());
  ASSERT_TRUE(other.Add(few).ok());
  EXPECT_TRUE(builder.status().ok());
  bool ran_out = false;
  try {
    const LittleMemory little(std::size_t{32} << 20);
    (void)builder.Add({.customer_numbers = numbers, .days = days});
  } catch (const std::bad_alloc&) {
    ran_out = true;
  }
  ASSERT_TRUE(ran_out);
  for (const absl::Status& status : {builder.status(), builder.Add(few), builder.Merge(other), other.Merge(builder)}) {
    EXPECT_EQ(TokenOf(status), "value.summary_incomplete");
  }
  EXPECT_EQ(builder.Finish().size(), 0u);
  EXPECT_EQ(builder.Save(), "");
  builder.ForEachCustomer([](std::string_view customer, std::span<const BuyingDay>) { ADD_FAILURE() << customer; });
  EXPECT_EQ(other.Finish().size(), 3u);
}
#endif

TEST(SummaryBuilder, OptionalNumbersGrowByMissingOnes) {
  OptionalNumbers numbers;
  numbers.resize(70);
  for (std::size_t row = 0; row < 70; ++row) numbers.Set(row, 1);
  for (const std::size_t size : {std::size_t{67}, std::size_t{3}}) {
    numbers.resize(size);
    numbers.resize(70);
    EXPECT_EQ(numbers[size - 1], 1.0);
    for (std::size_t row = size; row < 70; ++row) EXPECT_EQ(numbers[row], std::nullopt) << row;
  }
}

TEST(SummaryBuilder, MergesOnlyWhatFits) {
  SummaryBuilder week = *SummaryBuilder::Open({.unit = TimeUnit::kWeek});
  EXPECT_EQ(TokenOf(week.Merge(*SummaryBuilder::Open({.unit = TimeUnit::kDay}))), "value.summary_mismatch");
  EXPECT_EQ(TokenOf(week.Merge(*SummaryBuilder::Open({.calibration_end = Day(2026, 1, 1)}))), "value.summary_mismatch");
  EXPECT_EQ(TokenOf(week.Merge(*SummaryBuilder::Open({.refunds = Refunds::kNet}))), "value.summary_mismatch");
  EXPECT_EQ(TokenOf(week.Merge(week)), "value.summary_mismatch");
  EXPECT_TRUE(week.Merge(*SummaryBuilder::Open({.unit = TimeUnit::kWeek})).ok());
  EXPECT_EQ(week.Finish().size(), 0u);
}

TEST(SummaryBuilder, ChangedBytesAreRefused) {
  const std::vector<Purchase> purchases = {{"a", Day(1, 1, 1), 1.0}, {"a", Day(9999, 12, 31), 3.0}, {"b", Day(2026, 1, 1), std::nullopt}};
  for (const Refunds refunds : {Refunds::kExclude, Refunds::kNet}) {
    SummaryBuilder builder = *SummaryBuilder::Open({.refunds = refunds});
    ASSERT_TRUE(builder.Add(ChunkOf(purchases).columns()).ok());
    const std::string bytes = builder.Save();
    EXPECT_EQ(SummaryBuilder::Load(bytes)->Save(), bytes);
    for (std::size_t at = 0; at < bytes.size(); ++at) {
      std::string changed = bytes;
      changed[at] = static_cast<char>(changed[at] ^ 4);
      EXPECT_EQ(TokenOf(SummaryBuilder::Load(changed).status()), "value.summary_bytes") << at;
      EXPECT_EQ(TokenOf(SummaryBuilder::Load(std::string_view(bytes).substr(0, at)).status()), "value.summary_bytes") << at;
    }
  }
}

// The bytes of a saved summary of one purchase by `customer`, `change` made to all before the checksum, which is right again.
std::string Resigned(const std::string& customer, Refunds refunds, const std::function<void(std::string&)>& change) {
  SummaryBuilder builder = *SummaryBuilder::Open({.refunds = refunds});
  EXPECT_TRUE(builder.Add(ChunkOf(std::vector<Purchase>{{customer, Day(2026, 1, 1), 2.0}}).columns()).ok());
  std::string bytes = builder.Save();
  bytes.resize(bytes.size() - 8);
  change(bytes);
  const std::uint64_t checksum = XXH3_64bits(bytes.data(), bytes.size());
  for (int i = 0; i < 8; ++i) bytes.push_back(static_cast<char>(checksum >> (8 * i) & 0xFF));
  return bytes;
}

TEST(SummaryBuilder, SavedIdsAreOfTheSizesThatAddTakes) {
  constexpr std::size_t kCustomers = 67;   // where they begin: one, "a", whose size comes first
  const auto of_size = [](std::size_t size) {
    return Resigned("a", Refunds::kExclude, [size](std::string& bytes) {
      std::string id;
      for (std::size_t left = size;; left >>= 7) {
        id.push_back(static_cast<char>(left < 128 ? left : left | 128));
        if (left < 128) break;
      }
      bytes.replace(kCustomers, 2, id + std::string(size, 'x'));
    });
  };
  for (const std::size_t right : {std::size_t{1}, std::size_t{9}, std::size_t{1} << 20}) {
    EXPECT_EQ(SummaryBuilder::Load(of_size(right))->Finish().customer(0).size(), right);
  }
  for (const std::size_t wrong : {std::size_t{0}, (std::size_t{1} << 20) + 1, std::size_t{1} << 23}) {
    EXPECT_EQ(TokenOf(SummaryBuilder::Load(of_size(wrong)).status()), "value.summary_bytes") << wrong;
  }
}

TEST(SummaryBuilder, SavedNumbersAreSuchAsAddMakes) {
  constexpr std::size_t kRows = 31, kLast = 39, kTotal = 43;
  constexpr std::size_t kFirst = 69, kOnFirst = 73, kBefore = 89, kAfter = 105;   // of totals: the day and three sums of 16 bytes
  constexpr std::size_t kAmount = 75;                                             // of days: the one amount
  const auto token = [](Refunds refunds, std::size_t at, std::string_view put) {
    return TokenOf(SummaryBuilder::Load(Resigned("a", refunds, [&](std::string& bytes) { bytes.replace(at, put.size(), put); })).status());
  };
  const std::string least = std::string(15, '\0') + "\x80", most = std::string(15, '\xFF') + "\x7F", nothing(16, '\0');
  for (const std::size_t at : {kOnFirst, kBefore, kAfter}) {
    for (const std::string& sum : {least, most}) EXPECT_EQ(token(Refunds::kExclude, at, sum), "value.summary_bytes") << at;
  }
  for (const std::string& sum : {least, most}) EXPECT_EQ(token(Refunds::kNet, kAmount, sum), "value.summary_bytes");
  EXPECT_EQ(token(Refunds::kNet, kAmount, nothing), "");
  for (const Refunds refunds : {Refunds::kExclude, Refunds::kNet}) {
    EXPECT_EQ(token(refunds, kRows, std::string(7, '\xFF') + "\x7F"), "value.summary_bytes");
    EXPECT_EQ(token(refunds, kTotal, nothing), "value.summary_bytes") << "less than the rows";
    EXPECT_EQ(token(refunds, kLast, std::string(3, '\xFF') + "\x7F"), "value.summary_bytes");
    EXPECT_EQ(token(refunds, kRows, std::string(8, '\0')), "value.summary_bytes") << "no rows, and a last day";
  }
  EXPECT_EQ(token(Refunds::kExclude, kFirst, std::string(3, '\xFF') + "\x7F"), "value.summary_bytes");
}

}  // namespace
}  // namespace rapport

// What the relationship of a customer costs, beside one plain pass over the touches: accounts folded before, as a cluster's worker or a plan has them.
//
// BM_TouchPass reads of each touch what any signal of it must read and adds it up. BM_RelationshipSignals asks for all columns touch.* and relationship.*
// as a table does, BM_RelationshipTable makes that table of a book, folding each account, BM_FoldAccounts folds alone. Counters tell touches a second; the
// ratio of two times is the cost in passes.
#include <benchmark/benchmark.h>

#include <memory>
#include <string>
#include <vector>

#include "rapport/book/book.hpp"
#include "rapport/signals/registry.hpp"

namespace rapport {
namespace {

constexpr int kTouchesEach = 12;   // two years of a contact every two months

std::shared_ptr<const Book> BookWith(std::int64_t customers) {
  BookBuilder builder(ZoneRules::Bundled());
  for (std::int64_t customer = 0; customer < customers; ++customer) {
    for (int i = 0; i < kTouchesEach; ++i) {
      Event event;
      event.key = {"bench", std::to_string(customer) + "-" + std::to_string(i)};
      event.subject = CustomerId::Trusted("c-" + std::to_string(customer));
      event.occurred = {Instant::FromMicros(1'704'067'200'000'000).PlusMinutes(1440LL * 60 * i + customer % 40'000), 0};
      event.recorded = event.claimed = event.occurred.at;
      Touch touch;
      touch.channel = static_cast<Channel>(1 + (customer + i) % 7);
      touch.direction = (customer + i) % 3 == 0 ? Direction::kInbound : Direction::kOutbound;
      touch.purpose = static_cast<Purpose>(1 + (customer * 7 + i) % 3);
      touch.rep = RepId::Trusted((customer + i) % 5 == 0 ? "r-2" : "r-1");
      if (i % 4 == 0) touch.disposition = Disposition::kAbsent;
      event.data = touch;
      builder.Add(event);
    }
  }
  return builder.AsKnown(std::nullopt);
}

struct Folded {
  std::shared_ptr<const Book> book;
  std::vector<std::shared_ptr<const Account>> accounts;
};
const Folded& FoldedOf(std::int64_t customers) {
  static Folded folded;
  if (static_cast<std::int64_t>(folded.accounts.size()) == customers) return folded;
  folded = {};
  folded.book = BookWith(customers);
  for (std::int64_t i = 0; i < customers; ++i) folded.accounts.push_back(folded.book->Find(CustomerId::Trusted("c-" + std::to_string(i))));
  return folded;
}

const Instant kAsOf = Instant::FromMicros(1'772'409'600'000'000);

void BM_TouchPass(benchmark::State& state) {
  const Folded& folded = FoldedOf(state.range(0));
  for (auto _ : state) {
    std::int64_t sum = 0;
    for (const auto& account : folded.accounts) {
      for (const TouchRecord& record : account->touches) {
        sum += record.at.micros() + static_cast<int>(record.touch.channel) + static_cast<int>(record.touch.direction) +
               static_cast<int>(record.touch.purpose.value_or(Purpose::kCare)) + static_cast<int>(record.touch.disposition.value_or(Disposition::kReached)) +
               static_cast<int>(record.touch.kind.value_or(TouchKind::kPersonal));
      }
    }
    benchmark::DoNotOptimize(sum);
  }
  state.SetItemsProcessed(state.iterations() * state.range(0) * kTouchesEach);
}
BENCHMARK(BM_TouchPass)->Arg(1000)->Arg(100'000)->Unit(benchmark::kMillisecond);

std::vector<const SignalColumn*> Columns() {
  std::vector<const SignalColumn*> columns;
  for (const SignalColumn& column : AllSignals()) {
    if (column.name.starts_with("touch.") || column.name.starts_with("relationship.")) columns.push_back(&column);
  }
  return columns;
}

void BM_RelationshipSignals(benchmark::State& state) {
  const Folded& folded = FoldedOf(state.range(0));
  const SignalContext context = *SignalContext::From(folded.book->context());
  const std::vector<const SignalColumn*> columns = Columns();
  std::vector<Cell> row(columns.size());
  for (auto _ : state) {
    for (const auto& account : folded.accounts) {
      SignalValuesOf(columns, *account, context, kAsOf, row);
      benchmark::DoNotOptimize(row.data());
    }
  }
  state.SetItemsProcessed(state.iterations() * state.range(0) * kTouchesEach);
}
BENCHMARK(BM_RelationshipSignals)->Arg(1000)->Arg(100'000)->Unit(benchmark::kMillisecond);

void BM_FoldAccounts(benchmark::State& state) {
  const Folded& folded = FoldedOf(state.range(0));
  for (auto _ : state) folded.book->Visit({}, [](const Account& account) { benchmark::DoNotOptimize(account.touches.size()); });
  state.SetItemsProcessed(state.iterations() * state.range(0) * kTouchesEach);
}
BENCHMARK(BM_FoldAccounts)->Arg(100'000)->Unit(benchmark::kMillisecond);

void BM_RelationshipTable(benchmark::State& state) {
  const Folded& folded = FoldedOf(state.range(0));
  std::vector<std::string> names;
  for (const SignalColumn* column : Columns()) names.emplace_back(column->name);
  for (auto _ : state) benchmark::DoNotOptimize(SignalTable(*folded.book, kAsOf, {}, names));
  state.SetItemsProcessed(state.iterations() * state.range(0) * kTouchesEach);
}
BENCHMARK(BM_RelationshipTable)->Arg(100'000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace rapport

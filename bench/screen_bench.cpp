// A million customers through the conditions of the default policy, beside one pass that sums the same signal columns.
#include <benchmark/benchmark.h>

#include "rapport/policy/screen.hpp"

namespace rapport {
namespace {

constexpr std::size_t kCustomers = 1'000'000;

// A number in [0, 1) for each place, the same in every run.
double Spread(std::uint64_t place) {
  place = (place + 0x9E3779B97F4A7C15u) * 0xBF58476D1CE4E5B9u;
  place = (place ^ (place >> 29)) * 0x94D049BB133111EBu;
  return static_cast<double>((place ^ (place >> 32)) >> 11) * 0x1.0p-53;
}

// The columns that a screen reads, a fifth of their values missing.
const Table& SignalsFor(const Screen& screen) {
  static const Table table = [&] {
    std::vector<std::pair<std::string, ColumnType>> columns;
    for (const ScreenSignal& signal : screen.signals()) columns.emplace_back(signal.name, signal.type);
    Table made(columns);
    for (std::size_t row = 0; row < kCustomers; ++row) {
      std::vector<Cell> cells;
      for (const ScreenSignal& signal : screen.signals()) {
        const double value = Spread(row * 64 + cells.size());
        if (Spread(row * 64 + 32 + cells.size()) < 0.2) cells.emplace_back();
        else if (signal.type == ColumnType::kBool) cells.emplace_back(value < 0.5);
        else if (signal.type == ColumnType::kInteger) cells.emplace_back(static_cast<std::int64_t>(value * 60));
        else cells.emplace_back(value * 4);
      }
      made.AppendRow(cells);
    }
    return made;
  }();
  return table;
}

const Screen& DefaultScreen() {
  static const Screen screen = Screen::Of(Policy::Default(), {.triggers = true});
  return screen;
}

void BM_Screen_Default(benchmark::State& state) {
  const ScreenTable table = ScreenTable::From(SignalsFor(DefaultScreen()));
  for (auto _ : state) benchmark::DoNotOptimize(DefaultScreen().Run(table));
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kCustomers));
}
BENCHMARK(BM_Screen_Default)->Unit(benchmark::kMillisecond);

// As a host sums its columns that are all doubles, one after the other.
void BM_Screen_PlainSum(benchmark::State& state) {
  std::vector<std::vector<double>> columns;
  for (const Column& column : SignalsFor(DefaultScreen()).columns()) {
    const bool numbers = column.type() == ColumnType::kNumber;
    std::vector<double>& values = columns.emplace_back(kCustomers);
    for (std::size_t row = 0; row < kCustomers; ++row) values[row] = numbers ? column.numbers()[row] : static_cast<double>(column.integers()[row]);
  }
  for (auto _ : state) {
    for (const std::vector<double>& values : columns) {
      double sum = 0;
      for (const double value : values) sum += value;
      benchmark::DoNotOptimize(sum);
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kCustomers));
}
BENCHMARK(BM_Screen_PlainSum)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace rapport

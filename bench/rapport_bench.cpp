// Cost per event, per customer, per due item, on the CDNOW purchases. Ratios with peers are made by compare.py.
#include <benchmark/benchmark.h>

#include <fstream>
#include <sstream>

#include "store_cases.hpp"

namespace rapport {
namespace {

std::string ReadText(const std::string& path) {
  std::ifstream file(std::string(RAPPORT_SOURCE_DIR) + path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

const std::vector<Event>& Cdnow() {
  static const std::vector<Event> events = [] {
    const auto mapping = Mapping::Parse(ReadText("/examples/cdnow/mapping.json"), ZoneRules::Bundled());
    auto file = ReadEvents(std::string(RAPPORT_SOURCE_DIR) + "/examples/cdnow/CDNOW_master.txt", *mapping, ZoneRules::Bundled(), {});
    auto setup = DecodeLines(ReadText("/examples/cdnow/setup.ndjson"), {});
    file->events.insert(file->events.end(), setup->begin(), setup->end());
    return file->events;
  }();
  return events;
}

Instant Day1() { return ParseStamp("1998-07-01T00:00:01-04:00")->at; }

Engine Shop() {
  Engine engine = *Engine::InMemory();
  (void)engine.Append(Cdnow());
  (void)engine.Fit("bg_nbd", ParseStamp("1998-07-01T00:00:00-04:00")->at);
  (void)engine.Snapshot(Day1());
  return engine;
}

void BM_Ledger_Decode(benchmark::State& state) {
  std::string lines;
  for (std::size_t i = 0; i < 10'000; ++i) lines += EncodeEvent(Cdnow()[i]).Canonical() + "\n";
  for (auto _ : state) benchmark::DoNotOptimize(DecodeLines(lines, {}));
  state.SetItemsProcessed(state.iterations() * 10'000);
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(lines.size()));
}
BENCHMARK(BM_Ledger_Decode)->Unit(benchmark::kMillisecond);

void BM_Ledger_AppendMemory(benchmark::State& state) {
  for (auto _ : state) {
    Engine engine = *Engine::InMemory();
    benchmark::DoNotOptimize(engine.Append(Cdnow()));
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(Cdnow().size()));
}
BENCHMARK(BM_Ledger_AppendMemory)->Unit(benchmark::kMillisecond);

void BM_Book_Fold(benchmark::State& state) {
  for (auto _ : state) {
    BookBuilder builder(ZoneRules::Bundled());
    for (const Event& event : Cdnow()) builder.Add(Event(event));
    benchmark::DoNotOptimize(builder.AsKnown(std::nullopt));
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(Cdnow().size()));
}
BENCHMARK(BM_Book_Fold)->Unit(benchmark::kMillisecond);

void BM_Signals_Table(benchmark::State& state) {
  Engine engine = Shop();
  for (auto _ : state) benchmark::DoNotOptimize(engine.Signals({Day1()}, {}, {}));
  state.SetItemsProcessed(state.iterations() * 23'570);
}
BENCHMARK(BM_Signals_Table)->Unit(benchmark::kMillisecond);

void BM_Policy_Decide(benchmark::State& state) {
  Engine engine = Shop();
  std::int64_t decisions = 0;
  for (auto _ : state) decisions = static_cast<std::int64_t>(engine.Decide({Day1()})->size());
  state.SetItemsProcessed(state.iterations() * 23'570);
  state.counters["accounts_with_decisions"] = static_cast<double>(decisions);
}
BENCHMARK(BM_Policy_Decide)->Unit(benchmark::kMillisecond);

void BM_Plan_Day(benchmark::State& state) {
  Engine engine = Shop();
  for (auto _ : state) benchmark::DoNotOptimize(engine.Plan({.day = Day(1998, 7, 1), .as_of = Day1()}));
  state.SetItemsProcessed(state.iterations() * 23'570);
}
BENCHMARK(BM_Plan_Day)->Unit(benchmark::kMillisecond);

// Events a second, from nothing; range 1 leaves purchases alone.
void BM_Simulate(benchmark::State& state) {
  const SimulateOptions options{.customers = 10'000, .only_purchases = state.range(0) == 1};
  std::int64_t events = 0;
  for (auto _ : state) {
    (void)Simulate(options, ZoneRules::Bundled(), [&](Event&& event) {
      benchmark::DoNotOptimize(event);
      ++events;
      return absl::OkStatus();
    });
  }
  state.SetItemsProcessed(events);
}
BENCHMARK(BM_Simulate)->Arg(1)->Arg(0)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace rapport

int main(int count, char** words) {
  std::vector<char*> rest;
  for (int i = 0; i < count; ++i) {
    if (std::string_view(words[i]) == "--ten_million") rapport::bench::large_events = 10'000'000;
    else rest.push_back(words[i]);
  }
  int left = static_cast<int>(rest.size());
  rest.push_back(nullptr);
  benchmark::Initialize(&left, rest.data());
  if (benchmark::ReportUnrecognizedArguments(left, rest.data())) return 1;
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}

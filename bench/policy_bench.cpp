// What deciding costs beyond one account: a tick with nothing due, one rep's plan after one event, a year of backtest.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <string>

#include "rapport/engine.hpp"
#include "rapport/simulate.hpp"

namespace rapport {
namespace {

void Check(const absl::Status& status) {
  if (status.ok()) return;
  std::fprintf(stderr, "%s\n", std::string(status.message()).c_str());
  std::abort();
}

std::vector<Event> Life(std::int64_t customers, std::int64_t years, bool only_purchases) {
  SimulateOptions options;
  options.customers = customers;
  options.seed = 7;
  options.years = years;
  options.only_purchases = only_purchases;
  options.reps = std::max<std::int64_t>(customers / 100, 1);
  std::vector<Event> events;
  Check(Simulate(options, ZoneRules::Bundled(), [&](Event&& event) {
    events.push_back(std::move(event));
    return absl::OkStatus();
  }));
  return events;
}

Instant LastMoment(const std::vector<Event>& events) {
  Instant last = Instant::Min();
  for (const Event& event : events) last = std::max({last, event.recorded, event.occurred.at});
  return last;
}

// A year of days, as a multiple of deciding all customers once in the middle of it; of customers of whom everything is recorded, and of
// customers of whom nothing but purchases is.
void BM_BacktestYearInFullDecisions(benchmark::State& state) {
  std::vector<Event> events = Life(state.range(0), 2, state.range(1) == 1);
  const Day end = ZoneRules::Bundled().Utc().LocalDay(LastMoment(events));
  Backtest history(ZoneRules::Bundled());
  for (const Event& event : events) history.Add(event);
  auto engine = Engine::InMemory();
  Check(engine.status());
  Check(engine->Append(std::move(events)).status());
  const ReadAt middle{ZoneRules::Bundled().Utc().StartOf(end - 182)};
  double once = 0, year = 0;
  for (auto _ : state) {
    const auto begin = std::chrono::steady_clock::now();
    const auto decided = engine->Decide(middle);
    Check(decided.status());
    const auto between = std::chrono::steady_clock::now();
    const auto run = history.Run(Policy::Default(), {.start = end - 364, .end = end});
    Check(run.status());
    const auto over = std::chrono::steady_clock::now();
    once += std::chrono::duration<double>(between - begin).count();
    year += std::chrono::duration<double>(over - between).count();
    std::int64_t looks = 0, issued = 0;
    for (const BacktestDay& day : run->days) {
      looks += day.looked_at;
      issued += day.issued;
    }
    state.counters["looks_per_customer"] = static_cast<double>(looks) / static_cast<double>(run->customers);
    state.counters["issued_per_customer"] = static_cast<double>(issued) / static_cast<double>(run->customers);
  }
  state.counters["full_decisions"] = year / once;
  state.counters["us_per_customer_once"] = once / static_cast<double>(state.iterations()) / static_cast<double>(state.range(0)) * 1e6;
}
BENCHMARK(BM_BacktestYearInFullDecisions)->Args({1000, 0})->Args({1000, 1})->Unit(benchmark::kMillisecond)->Iterations(1);

}  // namespace
}  // namespace rapport

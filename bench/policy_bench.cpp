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
  Check(engine->Decide(middle).status());   // reads the ledger, which is no part of deciding
  constexpr int kDecisions = 5;
  double once = 0, year = 0;
  for (auto _ : state) {
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < kDecisions; ++i) Check(engine->Decide(middle).status());
    const auto between = std::chrono::steady_clock::now();
    const auto run = history.Run(Policy::Default(), {.start = end - 364, .end = end});
    Check(run.status());
    const auto over = std::chrono::steady_clock::now();
    once += std::chrono::duration<double>(between - begin).count() / kDecisions;
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

// --- books of one order a customer: everybody is enrolled in a cadence whose step is due in sixty days ---------------
Policy Patient() {
  auto policy = Policy::ParseText(R"({"rapport_policy": 1, "name": "patient", "rules": [{"name": "wait", "purpose": "care", "priority": 10,
      "trigger": {"event": "purchase.placed", "offset": {"hours": 0}},
      "steps": [{"name": "later", "after": {"days": 60}, "expires": {"days": 9},
                 "action": {"channel": "call", "minutes": 5, "headline": "general", "objective": "check-in"}}]},
      {"name": "worry", "purpose": "care", "priority": 50, "trigger": {"event": "worry.raised", "offset": {"hours": 0}}, "expires": {"days": 9},
       "when": {"signal": "worry.open", "is": ">", "value": 0},
       "action": {"channel": "call", "minutes": 5, "headline": "worry", "objective": "worry.listen"}}]})");
  Check(policy.status());
  return *std::move(policy);
}

const Instant kOrdered = Instant::FromMicros(1'767'225'600'000'000);   // 2026-01-01T00:00:00Z
constexpr std::int64_t kDay = 86'400'000'000;
constexpr std::int64_t kCustomersOfARep = 100;

Event Happened(std::string subject, std::string id, Instant at, Payload data) {
  Event event;
  event.key = {"bench", std::move(id)};
  event.subject = CustomerId::Trusted(std::move(subject));
  event.occurred = {at, 0};
  event.recorded = event.claimed = at;
  event.data = std::move(data);
  return event;
}

Engine& Enrolled(std::int64_t customers) {
  static std::map<std::int64_t, Engine> books;
  const auto known = books.find(customers);
  if (known != books.end()) return known->second;
  auto engine = Engine::InMemory();
  Check(engine.status());
  std::vector<Event> events;
  for (std::int64_t i = 0; i < customers; ++i) {
    const std::string name = "c" + std::to_string(i);
    const RepId rep = RepId::Trusted("r" + std::to_string(i / kCustomersOfARep));
    if (i % kCustomersOfARep == 0) {
      RepUpserted known;
      known.rep = rep;
      events.push_back(Happened("", rep.text(), kOrdered, known));
    }
    CustomerUpserted customer;
    customer.owner = rep;
    events.push_back(Happened(name, "u" + name, kOrdered, customer));
    events.push_back(Happened(name, "o" + name, kOrdered, PurchasePlaced()));
    if (events.size() < 200'000 && i + 1 < customers) continue;
    Check(engine->Append(std::move(events)).status());
    events.clear();
  }
  Check(engine->Adopt(Patient(), kOrdered.PlusMicros(kDay)));
  // The first enrols everybody, the second finds nothing and has read what the first recorded.
  for (const std::int64_t days : {1, 2}) Check(engine->Tick({kOrdered.PlusMicros(days * kDay)}).status());
  // The index of who is whose is made once and kept up from then on.
  Check(engine->Plan({.day = ZoneRules::Bundled().Utc().LocalDay(kOrdered) + 2, .reps = {RepId::Trusted("r0")}}).status());
  return books.emplace(customers, *std::move(engine)).first->second;
}

void BM_TickWithNothingDue(benchmark::State& state) {
  Engine& engine = Enrolled(state.range(0));
  static std::map<std::int64_t, std::int64_t> moments;
  for (auto _ : state) {
    const auto tick = engine.Tick({kOrdered.PlusMicros(2 * kDay + ++moments[state.range(0)] * 1000)});
    Check(tick.status());
    if (!tick->events.empty()) state.SkipWithError("something was due");
  }
}
BENCHMARK(BM_TickWithNothingDue)->Arg(1000)->Arg(1'000'000)->Unit(benchmark::kMicrosecond);

// A worry of one customer becomes known, and his rep's plan is made again.
void BM_PlanOfOneRepAfterOneEvent(benchmark::State& state) {
  Engine& engine = Enrolled(state.range(0));
  static std::map<std::int64_t, std::int64_t> told;
  const Day day = ZoneRules::Bundled().Utc().LocalDay(kOrdered) + 20;
  for (auto _ : state) {
    const std::int64_t n = ++told[state.range(0)];
    const Instant at = kOrdered.PlusMicros(10 * kDay + n * 60'000'000);
    std::vector<Event> events;
    events.push_back(Happened("c" + std::to_string(n % kCustomersOfARep), "w" + std::to_string(n), at, WorryRaised()));
    Check(engine.Append(std::move(events)).status());
    const auto plan = engine.Plan({.day = day, .reps = {RepId::Trusted("r0")}});
    Check(plan.status());
    benchmark::DoNotOptimize(plan);
  }
}
BENCHMARK(BM_PlanOfOneRepAfterOneEvent)->Arg(1000)->Arg(1'000'000)->Unit(benchmark::kMicrosecond)->Iterations(50);

}  // namespace
}  // namespace rapport

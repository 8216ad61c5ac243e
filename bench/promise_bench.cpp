// What promises cost: judging all of a book's as a table, and folding one account that has very many.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <string>

#include "rapport/engine.hpp"

namespace rapport {
namespace {

void Check(const absl::Status& status) {
  if (status.ok()) return;
  std::fprintf(stderr, "%s\n", std::string(status.message()).c_str());
  std::abort();
}

Event Told(std::int64_t customer, std::int64_t number, int day, std::string_view what, Payload data) {
  Event event;
  event.key = {"bench", std::to_string(customer) + "-" + std::to_string(number) + std::string(what)};
  event.subject = CustomerId::Trusted("c-" + std::to_string(customer));
  event.occurred = {Instant::FromMicros(1'767'225'600'000'000).PlusMinutes(day * 1440 + number % 1440), 0};
  event.recorded = event.claimed = event.occurred.at;
  event.data = std::move(data);
  return event;
}

// A promise of ten within twenty days: kept, late, short, revised, withdrawn or open, in turn.
void Promise(std::int64_t customer, std::int64_t number, std::vector<Event>& events) {
  const PromiseId id = PromiseId::Trusted("p-" + std::to_string(customer) + "-" + std::to_string(number));
  const int made_on = static_cast<int>(number % 300);
  PromiseMade made;
  made.promise = id;
  made.quantity = 10;
  made.due = Day(2026, 1, 1) + made_on + 20;
  events.push_back(Told(customer, number, made_on, "m", made));
  PromiseDelivered delivered;
  delivered.promise = id;
  delivered.quantity = number % 7 == 2 ? 9 : 5;
  PromiseRevised revised;
  revised.promise = id;
  revised.due = *made.due + 5;
  PromiseWithdrawn withdrawn;
  withdrawn.promise = id;
  const int until = made_on + (number % 7 == 1 ? 23 : 18);
  if (number % 7 == 3) events.push_back(Told(customer, number, made_on + 10, "r", revised));
  if (number % 7 == 4) events.push_back(Told(customer, number, made_on + 11, "w", withdrawn));
  else if (number % 7 != 5) events.push_back(Told(customer, number, made_on + 12, "d", delivered));
  if (number % 7 != 2 && number % 7 != 4 && number % 7 != 5) events.push_back(Told(customer, number, until, "e", delivered));
}

Engine Filled(std::int64_t customers, std::int64_t each) {
  absl::StatusOr<Engine> engine = Engine::InMemory();
  Check(engine.status());
  std::vector<Event> events;
  for (std::int64_t customer = 0; customer < customers; ++customer) {
    for (std::int64_t number = 0; number < each; ++number) Promise(customer, number * 13 + customer % 7, events);
    if (events.size() < 100'000 && customer + 1 < customers) continue;
    Check(engine->Append(std::move(events)).status());
    events.clear();
  }
  return *std::move(engine);
}

const ReadAt kLater{Instant::FromMicros(1'798'761'600'000'000)};

// range(0) promises of customers with ten each.
void BM_JudgePromises(benchmark::State& state) {
  Engine engine = Filled(state.range(0) / 10, 10);
  Check(engine.Promises(kLater, {}).status());   // reads the ledger, which is no part of judging
  for (auto _ : state) {
    const absl::StatusOr<Table> table = engine.Promises(kLater, {});
    Check(table.status());
    benchmark::DoNotOptimize(table->rows());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_JudgePromises)->Arg(1000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);

// The same of one customer.
void BM_JudgePromisesOfOneAccount(benchmark::State& state) {
  Engine engine = Filled(1, state.range(0));
  Check(engine.Promises(kLater, {}).status());
  for (auto _ : state) {
    const absl::StatusOr<Table> table = engine.Promises(kLater, {});
    Check(table.status());
    benchmark::DoNotOptimize(table->rows());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_JudgePromisesOfOneAccount)->Arg(1000)->Arg(100'000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace rapport

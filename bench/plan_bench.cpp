// What choosing a day costs: the plain choice, and one with all goals, where revisits and small customers are short.
#include <benchmark/benchmark.h>

#include "rapport/core/hash.hpp"
#include "rapport/plan/plan_minutes.hpp"

namespace {

using namespace rapport;  // NOLINT: a benchmark of one thing

std::vector<PlanCandidate> DayOf(std::int64_t count, std::uint64_t seed) {
  std::vector<PlanCandidate> candidates;
  for (std::int64_t i = 0; i < count; ++i) {
    const auto draw = [&](std::string_view what) { return Chance(seed, what, {std::to_string(i)}); };
    PlanCandidate candidate{std::to_string(i), 5 + 5 * static_cast<std::int64_t>(draw("minutes") * 17), static_cast<std::int64_t>(1 / (1e-4 + draw("value")))};
    candidate.visit = draw("visit") < 0.5;
    candidate.revisit = candidate.visit && draw("revisit") < 0.2;
    candidate.small = draw("small") < 0.2;
    candidates.push_back(candidate);
  }
  return candidates;
}

void Choose(benchmark::State& state, const PlanGoals& goals) {
  const std::vector<PlanCandidate> candidates = DayOf(state.range(0), 7);
  for (auto _ : state) benchmark::DoNotOptimize(PlanMinutes(candidates, 240, goals));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void BM_Plan_Minutes(benchmark::State& state) { Choose(state, {.travel_minutes = 30}); }
BENCHMARK(BM_Plan_Minutes)->Arg(500)->Arg(5'000)->Unit(benchmark::kMicrosecond);

void BM_Plan_MinutesWithGoals(benchmark::State& state) { Choose(state, {.travel_minutes = 30, .visit_quota = 3, .revisit_share = 0.5, .small_floor = 2}); }
BENCHMARK(BM_Plan_MinutesWithGoals)->Arg(500)->Unit(benchmark::kMicrosecond);

}  // namespace

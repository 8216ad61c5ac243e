// A host that links the library: the whole path with one customer.
#include <cstdio>

#include "rapport/engine.hpp"

int main() {
  auto engine = rapport::Engine::InMemory();
  if (!engine.ok()) return 1;
  const auto receipt = engine->AppendLines(
      R"({"specversion":"1.0","id":"w-1","source":"crm","type":"worry.raised","subject":"c-1","time":"2026-02-26T18:00:00+09:00","data":{}})");
  if (!receipt.ok()) return 1;
  const auto plan = engine->Plan({.day = rapport::Day(2026, 3, 2)});
  if (!plan.ok() || plan->reps.size() != 1 || plan->reps[0].lines.size() != 1) return 1;
  std::puts("one follow-up planned");
  return 0;
}

// Models of the customer base: a fit of the CDNOW customers, predictions of a million. compare.py has the ratios with a peer.
#include <benchmark/benchmark.h>

#include <fstream>
#include <sstream>

#include "rapport/value/models.hpp"

namespace rapport {
namespace {

struct Columns {
  std::vector<double> frequency, recency, age;
  Histories rows() const { return {frequency, recency, age}; }
};

const Columns& Cdnow() {
  static const Columns columns = [] {
    std::ifstream file(std::string(RAPPORT_SOURCE_DIR) + "/tests/fixtures/cdnow_summary_weeks.csv");
    std::string line, cell;
    std::getline(file, line);
    Columns read;
    while (std::getline(file, line)) {
      std::istringstream cells(line);
      std::getline(cells, cell, ',');
      for (std::vector<double>* column : {&read.frequency, &read.recency, &read.age}) {
        std::getline(cells, cell, ',');
        column->push_back(std::stod(cell));
      }
    }
    return read;
  }();
  return columns;
}

const Columns& Million() {
  static const Columns columns = [] {
    Columns many;
    for (std::size_t i = 0; i < 1'000'000; ++i) {
      const std::size_t row = i % Cdnow().age.size();
      many.frequency.push_back(Cdnow().frequency[row]);
      many.recency.push_back(Cdnow().recency[row]);
      many.age.push_back(Cdnow().age[row] + 1e-6 * static_cast<double>(i));   // no two alike
    }
    return many;
  }();
  return columns;
}

std::shared_ptr<const PurchaseModel> Model(std::size_t index) { return *FitPurchaseModel(PurchaseModelNames()[index], Cdnow().rows()); }

void BM_Value_Fit(benchmark::State& state) {
  const std::string_view name = PurchaseModelNames()[static_cast<std::size_t>(state.range(0))];
  state.SetLabel(std::string(name));
  if (!FitPurchaseModel(name, Cdnow().rows()).ok()) return state.SkipWithError("not a model of weeks");
  for (auto _ : state) benchmark::DoNotOptimize(FitPurchaseModel(name, Cdnow().rows()));
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(Cdnow().age.size()));
}
BENCHMARK(BM_Value_Fit)->DenseRange(0, static_cast<int>(PurchaseModelNames().size()) - 1)->Unit(benchmark::kMillisecond);

void BM_Value_ExpectedPurchases(benchmark::State& state) {
  const auto model = Model(0);
  std::vector<double> out(Million().age.size());
  for (auto _ : state) benchmark::DoNotOptimize(model->ExpectedPurchases(39, Million().rows(), 0, out, {.log = false, .threads = static_cast<int>(state.range(0))}));
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(out.size()));
}
BENCHMARK(BM_Value_ExpectedPurchases)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

void BM_Value_ProbabilityAlive(benchmark::State& state) {
  const auto model = Model(0);
  std::vector<double> out(Million().age.size());
  for (auto _ : state) benchmark::DoNotOptimize(model->ProbabilityAlive(0, Million().rows(), out));
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(out.size()));
}
BENCHMARK(BM_Value_ProbabilityAlive)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace rapport

// The cases that compare.py also runs with peers. Reads the CDNOW master, prints one JSON object of seconds; the median of five.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "rapport/value/bg_nbd.hpp"
#include "rapport/value/summarize.hpp"

namespace {

double Median(const std::function<void()>& work) {
  std::vector<double> seconds;
  for (int i = 0; i < 5; ++i) {
    const auto begin = std::chrono::high_resolution_clock::now();
    work();
    seconds.push_back(std::chrono::duration<double>(std::chrono::high_resolution_clock::now() - begin).count());
  }
  std::sort(seconds.begin(), seconds.end());
  return seconds[2];
}

}  // namespace

int main(int argc, char** argv) {
  using namespace rapport;  // NOLINT
  if (argc != 2) return 2;
  std::ifstream file(argv[1]);
  std::string line, customer, day;
  double count = 0, amount = 0;
  std::getline(file, line);
  std::vector<Purchase> purchases;
  while (file >> customer >> day >> count >> amount) {
    purchases.push_back({customer, Day(std::stoi(day.substr(0, 4)), std::stoi(day.substr(4, 2)), std::stoi(day.substr(6, 2))), amount});
  }
  std::vector<CustomerSummary> rows;
  const double summarize = Median([&] { rows = *Summarize(purchases, {.unit = TimeUnit::kDay}); });
  std::vector<double> frequency, recency, age;
  for (const CustomerSummary& row : rows) {
    frequency.push_back(static_cast<double>(row.frequency));
    recency.push_back(row.recency);
    age.push_back(row.age);
  }
  std::optional<BgNbd> model;
  const double fit = Median([&] { model = *BgNbd::Fit({frequency, recency, age}); });
  const std::size_t most = 1'000'000;
  std::vector<double> f, r, a, out(most);
  for (std::size_t i = 0; i < most; ++i) {
    f.push_back(frequency[i % frequency.size()]);
    r.push_back(recency[i % recency.size()]);
    a.push_back(age[i % age.size()]);
  }
  const double alive = Median([&] { (void)model->ProbabilityAlive(0, {f, r, a}, out); });
  const double expected = Median([&] { (void)model->ExpectedPurchases(273, {f, r, a}, 0, out); });
  std::printf("{\"summarize\": %.6f, \"fit\": %.6f, \"probability_alive_1e6\": %.6f, \"expected_purchases_1e6\": %.6f, \"customers\": %zu}\n", summarize,
              fit, alive, expected, rows.size());
  return 0;
}

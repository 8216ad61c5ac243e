// Floor 1. Quantiles that cover what comes next: how high a bound must be so that the next value lies below it with a given chance.
//
// Of n values in exchangeable order, the next one is at most the k-th smallest with chance k / (n + 1) or more, exactly that where no two are equal
// (Wilks 1941; split conformal prediction, Vovk, Gammerman and Shafer 2005). So the bound for coverage p is the ceil((n + 1) p)-th smallest; with fewer
// than p / (1 - p) values there is none.
//
// Under drift the order is not exchangeable. Adaptive conformal inference (I. Gibbs, E. Candes 2021, Adaptive Conformal Inference Under Distribution
// Shift, NeurIPS 34, eq. 2) asks for a level of its own and moves it after each value: up by step * p after a miss, down by step * (1 - p) after a hit.
// The share of hits then comes to p whatever the values do, at a pace that `AdaptiveLevel` says.
//
// All of it is streaming and deterministic: the same values in the same order give the same bits. No errors; values must not be NaN. Not shared
// between threads while it changes.
#ifndef RAPPORT_STATS_ORDER_STATISTICS_HPP_
#define RAPPORT_STATS_ORDER_STATISTICS_HPP_

#include <cstddef>
#include <deque>
#include <optional>
#include <span>
#include <vector>

namespace rapport::stats {

// The rank, 1 to n, whose value covers the next with chance p or more; none where n is too small. 0 <= p <= 1. A product within 1e-9 of a whole
// number counts as that number, so that p = 0.9 of 9 values is the ninth.
std::optional<std::size_t> CoverageRank(std::size_t n, double p);
// Of values sorted upwards.
std::optional<double> CoverageQuantile(std::span<const double> sorted, double p);

// The last `capacity` values, in order of arrival and by size. O(capacity) to add, moving bytes: 500 values cost about a tenth of a microsecond.
class SortedWindow {
 public:
  explicit SortedWindow(std::size_t capacity) : capacity_(capacity) {}
  void Add(double value);
  std::span<const double> sorted() const { return sorted_; }
  const std::deque<double>& arrived() const { return arrived_; }   // oldest first
  std::size_t size() const { return sorted_.size(); }

 private:
  std::size_t capacity_;
  std::deque<double> arrived_;
  std::vector<double> sorted_;
};

// The level asked for, moved by hits and misses. The share of hits over T values is within (max(p, 1 - p) + step) / (step T) of p whatever the values are
// (their proposition 4.1), while a level of 1 covers all; it stays within [0, 1], as nothing can be asked for beyond.
class AdaptiveLevel {
 public:
  AdaptiveLevel(double coverage, double step) : coverage_(coverage), step_(step), level_(coverage) {}
  double level() const { return level_; }
  void Observe(bool hit);

 private:
  double coverage_, step_, level_;
};

// Both together: the bound over the last `window` values at a level that adapts. The level begins to move when `first` values are there, and is the
// coverage asked for until then.
class AdaptiveQuantile {
 public:
  struct Options {
    std::size_t window = 500;
    double step = 0.005;       // Gibbs and Candes' choice
    std::size_t first = 20;
  };
  explicit AdaptiveQuantile(double coverage) : AdaptiveQuantile(coverage, Options()) {}
  AdaptiveQuantile(double coverage, const Options& options)
      : coverage_(coverage), options_(options), window_(options.window), level_(coverage, options.step) {}
  void Add(double value);
  // None while there are too few values for the coverage asked for. Where the level went beyond what the window can give: its largest value.
  std::optional<double> Quantile() const;
  double level() const { return level_.level(); }

 private:
  double coverage_;
  Options options_;
  SortedWindow window_;
  AdaptiveLevel level_;
};

}  // namespace rapport::stats

#endif  // RAPPORT_STATS_ORDER_STATISTICS_HPP_

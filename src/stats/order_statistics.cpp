#include "rapport/stats/order_statistics.hpp"

#include <algorithm>
#include <cmath>

namespace rapport::stats {

std::optional<std::size_t> CoverageRank(std::size_t n, double p) {
  const double rank = std::max(1.0, std::ceil(static_cast<double>(n + 1) * p - 1e-9));
  if (rank > static_cast<double>(n)) return std::nullopt;
  return static_cast<std::size_t>(rank);
}

std::optional<double> CoverageQuantile(std::span<const double> sorted, double p) {
  const std::optional<std::size_t> rank = CoverageRank(sorted.size(), p);
  if (!rank) return std::nullopt;
  return sorted[*rank - 1];
}

void SortedWindow::Add(double value) {
  arrived_.push_back(value);
  sorted_.insert(std::upper_bound(sorted_.begin(), sorted_.end(), value), value);
  if (arrived_.size() <= capacity_) return;
  sorted_.erase(std::lower_bound(sorted_.begin(), sorted_.end(), arrived_.front()));
  arrived_.pop_front();
}

void AdaptiveLevel::Observe(bool hit) { level_ = std::clamp(level_ + step_ * (hit ? coverage_ - 1 : coverage_), 0.0, 1.0); }

void AdaptiveQuantile::Add(double value) {
  if (window_.size() >= options_.first) {
    if (const std::optional<double> bound = Quantile()) level_.Observe(value <= *bound);
  }
  window_.Add(value);
}

std::optional<double> AdaptiveQuantile::Quantile() const {
  if (!CoverageRank(window_.size(), coverage_)) return std::nullopt;
  const std::optional<double> bound = CoverageQuantile(window_.sorted(), level_.level());
  return bound ? bound : window_.sorted().back();
}

}  // namespace rapport::stats

// Floor 1, inside. Sums of many terms, several at a time.
#ifndef RAPPORT_SRC_STATS_BLOCKED_SUM_HPP_
#define RAPPORT_SRC_STATS_BLOCKED_SUM_HPP_

#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

namespace rapport::stats {

// N sums that run together. Terms are added in blocks of fixed length and the blocks by Neumaier's compensated sum, so that the error does not grow with
// the number of terms, and one order of terms gives one result whatever the caller's batches.
template <std::size_t N>
class BlockedSums {
 public:
  void Add(const std::array<double, N>& terms) {
    for (std::size_t i = 0; i < N; ++i) block_[i] += terms[i];
    if (++in_block_ == kBlock) Close();
  }
  std::array<double, N> Totals() {
    Close();
    std::array<double, N> totals;
    for (std::size_t i = 0; i < N; ++i) totals[i] = sum_[i] + lost_[i];
    return totals;
  }

 private:
  static constexpr int kBlock = 128;
  void Close() {
    for (std::size_t i = 0; i < N; ++i) {
      const double next = sum_[i] + block_[i];
      lost_[i] += std::abs(sum_[i]) >= std::abs(block_[i]) ? (sum_[i] - next) + block_[i] : (block_[i] - next) + sum_[i];
      sum_[i] = next;
      block_[i] = 0;
    }
    in_block_ = 0;
  }
  std::array<double, N> block_{}, sum_{}, lost_{};
  int in_block_ = 0;
};

// The same where their number is known only when it runs.
class BlockedSumVector {
 public:
  explicit BlockedSumVector(std::size_t size) : block_(size), sum_(size), lost_(size) {}
  // The open block, to which the caller adds the terms of one row; then EndRow().
  double* terms() { return block_.data(); }
  void EndRow() {
    if (++in_block_ == kBlock) Close();
  }
  std::vector<double> Totals() {
    Close();
    std::vector<double> totals(sum_);
    for (std::size_t i = 0; i < totals.size(); ++i) totals[i] += lost_[i];
    return totals;
  }

 private:
  static constexpr int kBlock = 128;
  void Close() {
    for (std::size_t i = 0; i < block_.size(); ++i) {
      const double next = sum_[i] + block_[i];
      lost_[i] += std::abs(sum_[i]) >= std::abs(block_[i]) ? (sum_[i] - next) + block_[i] : (block_[i] - next) + sum_[i];
      sum_[i] = next;
      block_[i] = 0;
    }
    in_block_ = 0;
  }
  std::vector<double> block_, sum_, lost_;
  int in_block_ = 0;
};

}  // namespace rapport::stats

#endif  // RAPPORT_SRC_STATS_BLOCKED_SUM_HPP_

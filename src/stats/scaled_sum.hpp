// Floor 1, inside. A sum of positive terms, each a multiple of the one before, of any size.
#ifndef RAPPORT_SRC_STATS_SCALED_SUM_HPP_
#define RAPPORT_SRC_STATS_SCALED_SUM_HPP_

#include "rapport/stats/special.hpp"

namespace rapport::stats {

// The first term is 1. Next adds the term in hand, and goes on to `ratio` times it; term and sum are divided by what they grew beyond, whose logarithm is kept.
class ScaledSum {
 public:
  void Next(double ratio) {
    sum_ += term_;
    term_ *= ratio;
    if (sum_ < kFar && term_ < kFar) return;
    sum_ /= kFar;
    term_ /= kFar;
    log_scale_ += Log(kFar);
  }
  // Of one scale: to be compared with each other.
  double Term() const { return term_; }
  double Sum() const { return sum_; }
  double LogTerm() const { return log_scale_ + Log(term_); }
  double LogSum() const { return log_scale_ + Log(sum_); }   // -infinity before the first Next

 private:
  static constexpr double kFar = 1e200;
  double term_ = 1, sum_ = 0, log_scale_ = 0;
};

}  // namespace rapport::stats

#endif  // RAPPORT_SRC_STATS_SCALED_SUM_HPP_

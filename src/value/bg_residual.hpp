// Floor 3, inside. Discounted purchases to come of an active customer of the BG family.
#ifndef RAPPORT_SRC_VALUE_BG_RESIDUAL_HPP_
#define RAPPORT_SRC_VALUE_BG_RESIDUAL_HPP_

#include <vector>

#include "rapport/stats/beta_mean.hpp"
#include "value/bg_passage.hpp"

namespace rapport {

// A function of the customer, with a memory of the nodes of customers alike in r, a and b.
class DiscountedPassage {
 public:
  DiscountedPassage(double rate, int k) : rate_(rate), k_(k), slots_(kSlots) {}
  // `of.r` is r + k x, `of.alpha` alpha + T, `since` the share of `of.alpha` that went by since the last purchase; `least`: the smallest alpha + T there is.
  double operator()(double x, const ActiveBuyer& of, double since, double least);

 private:
  static constexpr std::size_t kSlots = 64;
  struct Slot {
    double r = 0, a = 0, b = 0, least = 0;
    stats::MeanNodes stop, rates;
  };
  double rate_;
  int k_;
  std::vector<Slot> slots_;
};

}  // namespace rapport

#endif  // RAPPORT_SRC_VALUE_BG_RESIDUAL_HPP_

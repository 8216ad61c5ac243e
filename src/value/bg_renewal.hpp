// Floor 3, inside. What an active customer of the BG family does next, where a gap between purchases has k phases.
#ifndef RAPPORT_SRC_VALUE_BG_RENEWAL_HPP_
#define RAPPORT_SRC_VALUE_BG_RENEWAL_HPP_

#include <cstddef>
#include <vector>

namespace rapport {

// In phase j of the running gap with a weight (r)_j since^j / j!, and then with a rate ~ Gamma(r + j, alpha); the chance to stop after a purchase is
// Beta(a, b). r is that of the model plus k x, alpha plus T, b plus the chances to stop not taken; `since` the share of alpha since the last purchase.
struct RegularBuyer {
  double r, alpha, a, b, since;
};

// The sum over j < k of (r)_j since^j / j! as scale^(k-1) times `sum`, and its terms over it: no product leaves the range of doubles, however large r is.
struct PhaseSum {
  double scale, sum;
};
PhaseSum SumOfPhases(double r, double since, int k);

// Phases that end within t are negative binomial, given j; so what is asked is a sum over their number of what that many phases lead to: positive terms, no
// cancellation, errors of a few 1e-15 times the number's root. Where the sum would be long (t above a hundred times alpha + T, or millions of purchases) the mean
// over the chance to stop is taken by quadrature instead, of a closed form in the k-th roots of unity. Exact to about 1e-12; below 1e-20 by logarithms.
class RenewalsAhead {
 public:
  explicit RenewalsAhead(int k) : k_(k), slots_(kSlots) {}
  // `x`: where to look for what is remembered of customers alike in a and b.
  double Expected(double start, double t, double x, const RegularBuyer& of);
  double LogStaysActive(double t, double x, const RegularBuyer& of);
  double LogCount(double n, double t, const RegularBuyer& of) const;   // -infinity where t = 0 and n > 0 alone

 private:
  static constexpr std::size_t kSlots = 64;
  // The chance to go on after each of n purchases, and the purchases expected of n that could be.
  struct Slot {
    double a = 0, b = 0;
    std::vector<double> survival, purchases;
  };
  Slot& SlotOf(double x, const RegularBuyer& of);
  static void Grow(Slot& slot, std::size_t size);
  std::vector<double> PhaseWeights(const RegularBuyer& of) const;
  std::vector<double> LogPhaseWeights(const RegularBuyer& of) const;
  double ExpectedBySum(double t, Slot& slot, const RegularBuyer& of) const;
  double DensityBySum(double t, Slot& slot, const RegularBuyer& of) const;

  int k_;
  std::vector<Slot> slots_;
};

}  // namespace rapport

#endif  // RAPPORT_SRC_VALUE_BG_RENEWAL_HPP_

// Floor 3. Trust as a sum that decays: each contact adds its weight, and half of what is there is gone after every half life.
//
//   S(t) = sum of w_i 2^-((t - t_i) / h)       over the contacts up to t
//
// One number and the moment it is for say all of it: S(t + d) = S(t) 2^-(d / h). So adding is the same in any order and whenever it is done, sums of
// two accounts are added where accounts are merged, and the moment at which it falls below a level is known: t + h log2(S(t) / level). Equal to a sum
// from scratch within a few ulp. After a contact of weight 1 a half life of 75 days leaves 0.5 after 75 days, 0.25 after 150.
//
//   DecayingSum sum(75);
//   sum.Add(visited, 1.0);
//   sum.At(now);   sum.FallsBelow(0.75);
//
// Days are of 24 hours on the UTC line. Pure; O(1) each.
#ifndef RAPPORT_RELATIONSHIP_TRUST_HPP_
#define RAPPORT_RELATIONSHIP_TRUST_HPP_

#include <optional>

#include "rapport/core/time.hpp"
#include "rapport/core/zones.hpp"

namespace rapport {

// Levels and thresholds are compared with this much room, relative, so that a sum which shows as the level has reached it.
inline constexpr double kTrustTolerance = 1e-12;

double DaysBetween(Instant from, Instant to);
// 2^-(days / half_life_days)
double DecayOver(double days, double half_life_days);

class DecayingSum {
 public:
  // half_life_days > 0.
  explicit DecayingSum(double half_life_days) : half_life_days_(half_life_days) {}
  // As it stands at `at`.
  DecayingSum(double half_life_days, Instant at, double value) : half_life_days_(half_life_days), at_(at), value_(value) {}

  // weight >= 0; `at` in any order.
  void Add(Instant at, double weight);
  // Both with the same half life.
  void Merge(const DecayingSum& other) { Add(other.at_, other.value_); }
  // At `at`, which is not before the newest contact.
  double At(Instant at) const;
  // From when on it is below `level` > 0 if nothing is added; the moment it is for, where it is already. Instant::Max() beyond year 9999.
  Instant FallsBelow(double level) const;
  // The first local day after `today` at whose 00:00 it is below `level` > 0. `today` is not before the newest contact's.
  Day FirstDayBelow(double level, const Zone& zone, Day today) const;

 private:
  double half_life_days_;
  Instant at_ = Instant::FromMicros(0);
  double value_ = 0;
};

}  // namespace rapport

#endif  // RAPPORT_RELATIONSHIP_TRUST_HPP_

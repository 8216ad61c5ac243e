// Floor 3, inside. What an active customer of the BG family does next, where gaps have no memory (k = 1).
#ifndef RAPPORT_SRC_VALUE_BG_PASSAGE_HPP_
#define RAPPORT_SRC_VALUE_BG_PASSAGE_HPP_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "stats/octave_pieces.hpp"

namespace rapport {

// The rate is Gamma(r, alpha) and the chance to stop after a purchase Beta(a, b).
struct ActiveBuyer {
  double r, alpha, a, b;
};

// Expected purchases within t by a series whose coefficients depend on r, a and b alone, and are kept. How many terms are taken follows from t / alpha, never
// from what was asked before.
class PassageSeries {
 public:
  void Start(double r, double a, double b);
  // Negative where the series does not serve: too many terms, or they cancel so far that digits are lost.
  double At(double t, double alpha);

 private:
  // How many blocks of terms leave nothing of note at z; -1 where that would be too many.
  int BlocksFor(double z);
  void Grow();
  double Ratio(double k) const { return (d_ + k) * (a_ + k - 1) / ((sum_ + k - 1) * (k + 1)); }   // of coefficient k + 1 to k
  double a_ = 0, sum_ = 0, c_ = 0, d_ = 0, next_ = 0, scale_of_rest_ = 0;
  bool one_sign_ = true, exhausted_ = false;
  int last_ = 0;
  std::vector<double> coefficients_, limits_;   // limits_[i]: up to which z the first i + 1 blocks do
};

// Expected purchases from `start` to `start + t`, with a memory for customers alike in r, a and b.
class ExpectedPassage {
 public:
  // `alike`: customers of one x share r, a and b. Then for small r the answer is a function of alpha alone, which is remembered by pieces: a first answer takes
  // as long as 14, each other one a few nanoseconds.
  ExpectedPassage(double start, double t, bool alike = false) : start_(start), t_(t), alike_(alike), slots_(kSlots) {}
  // `x`: a number that says where to look; customers of one x should share r, a and b.
  double operator()(double x, const ActiveBuyer& of);

 private:
  static constexpr std::size_t kSlots = 64;
  static constexpr double kMostPieced = 12;   // the power of alpha up to which pieces are exact
  struct Slot {
    double r = 0, a = 0, b = 0;
    PassageSeries series;
    stats::OctavePieces pieces;
  };
  double Directly(Slot& slot, const ActiveBuyer& of) const;
  double start_, t_;
  bool alike_;
  std::vector<Slot> slots_;
};

// ln of the chance to be active t later.
double LogStaysActive(double t, const ActiveBuyer& of);
// ln of the chance of n purchases within t; -infinity where t = 0 and n > 0 alone.
double LogCountWhileActive(double n, double t, const ActiveBuyer& of);

}  // namespace rapport

#endif  // RAPPORT_SRC_VALUE_BG_PASSAGE_HPP_

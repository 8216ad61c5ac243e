// Floor 1, inside. A smooth function of a positive number that is asked for very often: by polynomials on pieces of its argument.
#ifndef RAPPORT_SRC_STATS_OCTAVE_PIECES_HPP_
#define RAPPORT_SRC_STATS_OCTAVE_PIECES_HPP_

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "rapport/stats/special.hpp"

namespace rapport::stats {

// Each octave of the argument has eight pieces, fixed ones, so that an answer does not depend on those before. On a piece the function is interpolated at 14
// Chebyshev nodes. Where it has no singularity but at 0 and below and changes no faster than the 12th power of its argument, 1e-13 relative is kept (the
// bound is (34 d)^-14 (1 - d)^-12, least near d = 0.45). 14 values of the function for a piece, then about 10 ns.
class OctavePieces {
 public:
  template <class Function>
  double At(double y, const Function& function) {
    const std::uint64_t place = std::bit_cast<std::uint64_t>(y) >> kShift;   // sign, exponent and the first three bits
    if (place - first_ >= pieces_.size()) MakeRoom(place);
    std::unique_ptr<Piece>& piece = pieces_[place - first_];
    if (piece == nullptr) piece = std::make_unique<Piece>(Make(place, function));
    return piece->At(y);
  }

 private:
  static constexpr int kShift = 52 - 3;
  static constexpr std::size_t kNodes = 14;
  using Numbers = std::array<double, kNodes>;
  struct Piece {
    double middle, per_half;
    Numbers c;   // of powers
    double At(double y) const {
      const double s = (y - middle) * per_half, s2 = s * s, s4 = s2 * s2, s8 = s4 * s4;
      const double low = ((c[0] + c[1] * s) + (c[2] + c[3] * s) * s2) + ((c[4] + c[5] * s) + (c[6] + c[7] * s) * s2) * s4;
      const double high = ((c[8] + c[9] * s) + (c[10] + c[11] * s) * s2) + (c[12] + c[13] * s) * s4;
      return low + high * s8;
    }
  };
  struct Rule {
    Numbers nodes;
    std::array<Numbers, kNodes> shares;   // shares[k][j]: of the value at node j in the coefficient of T_k
    std::array<Numbers, kNodes> powers;   // powers[k][i]: T_k by powers
  };

  static Rule MakeRule() {
    constexpr double kPi = 3.14159265358979323846;
    Rule rule{};
    rule.powers[0][0] = rule.powers[1][1] = 1;
    for (std::size_t k = 2; k < kNodes; ++k) {
      for (std::size_t i = 0; i < kNodes; ++i) rule.powers[k][i] = (i > 0 ? 2 * rule.powers[k - 1][i - 1] : 0) - rule.powers[k - 2][i];
    }
    for (std::size_t j = 0; j < kNodes; ++j) {
      const double angle = kPi * (2.0 * static_cast<double>(j) + 1) / (2 * kNodes);
      rule.nodes[j] = Cos(angle);
      for (std::size_t k = 0; k < kNodes; ++k) rule.shares[k][j] = (k == 0 ? 1.0 : 2.0) / kNodes * Cos(static_cast<double>(k) * angle);
    }
    return rule;
  }

  template <class Function>
  static Piece Make(std::uint64_t place, const Function& function) {
    static const Rule rule = MakeRule();
    const double low = std::bit_cast<double>(place << kShift), high = std::bit_cast<double>((place + 1) << kShift), half = (high - low) / 2;
    Piece piece{low + half, 1 / half, {}};
    Numbers values;
    for (std::size_t j = 0; j < kNodes; ++j) values[j] = function(piece.middle + half * rule.nodes[j]);
    // By way of Chebyshev polynomials: their coefficients fall fast, so that those of powers lose nothing.
    for (std::size_t k = 0; k < kNodes; ++k) {
      double share = 0;
      for (std::size_t j = 0; j < kNodes; ++j) share += rule.shares[k][j] * values[j];
      for (std::size_t i = 0; i <= k; ++i) piece.c[i] += rule.powers[k][i] * share;
    }
    return piece;
  }

  void MakeRoom(std::uint64_t place) {
    if (pieces_.empty()) first_ = place;
    if (place < first_) {
      std::vector<std::unique_ptr<Piece>> moved(pieces_.size() + (first_ - place));
      for (std::size_t i = 0; i < pieces_.size(); ++i) moved[i + (first_ - place)] = std::move(pieces_[i]);
      pieces_ = std::move(moved);
      first_ = place;
    } else if (place - first_ >= pieces_.size()) {
      pieces_.resize(place - first_ + 1);
    }
  }

  std::uint64_t first_ = 0;
  std::vector<std::unique_ptr<Piece>> pieces_;
};

}  // namespace rapport::stats

#endif  // RAPPORT_SRC_STATS_OCTAVE_PIECES_HPP_

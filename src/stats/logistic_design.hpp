// Floor 1, inside. The rows of a logistic regression, folded, centred and scaled.
#ifndef RAPPORT_SRC_STATS_LOGISTIC_DESIGN_HPP_
#define RAPPORT_SRC_STATS_LOGISTIC_DESIGN_HPP_

#include <cstddef>
#include <span>
#include <vector>

#include "rapport/stats/logistic.hpp"

namespace rapport::stats {

// Distinct rows; a term is a coefficient, the constant's first where there is one. Inside, column j is (value - centre[j]) / scale[j], at most 1 by
// size; the constant is a 1. Without a constant nothing is centred.
struct LogisticDesign {
  std::size_t terms = 0;
  bool constant = true;
  std::vector<double> x;                  // row-major, rows() * terms
  std::vector<double> wins, losses;       // weight of yes and of no, a distinct row
  std::vector<double> centre, scale;      // a term
  std::vector<double> precision;          // a term, of the scaled coefficient
  std::vector<LogisticBound> bounds;      // a term
  std::vector<bool> collinear;            // a term: a combination of the terms before it

  std::size_t rows() const { return wins.size(); }
  std::span<const double> Row(std::size_t i) const { return {x.data() + i * terms, terms}; }
};

// Expects checked input.
LogisticDesign MakeDesign(std::span<const LogisticColumn> columns, std::span<const double> success, std::span<const double> weights, bool constant);

}  // namespace rapport::stats

#endif  // RAPPORT_SRC_STATS_LOGISTIC_DESIGN_HPP_

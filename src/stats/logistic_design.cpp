#include "stats/logistic_design.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "rapport/stats/special.hpp"
#include "stats/blocked_sum.hpp"

namespace rapport::stats {
namespace {

// A row as it came: its values, then success and weight.
class RawRows {
 public:
  RawRows(std::span<const LogisticColumn> columns, std::span<const double> success, std::span<const double> weights) : width_(columns.size() + 2) {
    for (std::size_t i = 0; i < success.size(); ++i) {
      const double weight = weights.empty() ? 1 : weights[i];
      if (weight == 0) continue;
      for (const LogisticColumn& column : columns) cells_.push_back(column.values[i] + 0.0);   // -0 is 0
      cells_.push_back(success[i]);
      cells_.push_back(weight);
    }
    order_.resize(cells_.size() / width_);
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    std::sort(order_.begin(), order_.end(), [this](std::size_t a, std::size_t b) {
      const double* left = Cells(a);
      const double* right = Cells(b);
      return std::lexicographical_compare(left, left + width_, right, right + width_);
    });
  }
  std::size_t size() const { return order_.size(); }
  // In the canonical order: by values, success, weight.
  const double* At(std::size_t place) const { return Cells(order_[place]); }

 private:
  const double* Cells(std::size_t row) const { return cells_.data() + row * width_; }
  std::size_t width_;
  std::vector<double> cells_;
  std::vector<std::size_t> order_;
};

void Fold(const RawRows& raw, std::size_t columns, LogisticDesign& design) {
  for (std::size_t place = 0; place < raw.size(); ++place) {
    const double* row = raw.At(place);
    if (place == 0 || !std::equal(row, row + columns, raw.At(place - 1))) {
      if (design.constant) design.x.push_back(1);
      design.x.insert(design.x.end(), row, row + columns);
      design.wins.push_back(0);
      design.losses.push_back(0);
    }
    const double success = row[columns], weight = row[columns + 1];
    design.wins.back() += weight * success;
    design.losses.back() += weight * (1 - success);
  }
}

// The means by weight, so that a far-away origin costs no digits.
std::vector<double> CentresOf(const LogisticDesign& design) {
  std::vector<double> centres(design.terms, 0.0);
  if (!design.constant) return centres;
  BlockedSumVector sums(design.terms);
  for (std::size_t i = 0; i < design.rows(); ++i) {
    const double weight = design.wins[i] + design.losses[i];
    for (std::size_t j = 0; j < design.terms; ++j) sums.terms()[j] += weight * design.Row(i)[j];
    sums.EndRow();
  }
  const std::vector<double> totals = sums.Totals();
  for (std::size_t j = 1; j < design.terms; ++j) centres[j] = totals[j] / totals[0];
  return centres;
}

void CentreAndScale(std::span<const LogisticColumn> columns, LogisticDesign& design) {
  design.centre = CentresOf(design);
  design.scale.assign(design.terms, 1);
  design.precision.assign(design.terms, 0);
  design.bounds.assign(design.terms, LogisticBound::kNone);
  for (std::size_t j = design.constant ? 1 : 0; j < design.terms; ++j) {
    double largest = 0, origin = 0;
    for (std::size_t i = 0; i < design.rows(); ++i) {
      double& x = design.x[i * design.terms + j];
      origin = std::max(origin, std::abs(x));
      x -= design.centre[j];
      largest = std::max(largest, std::abs(x));
    }
    // What the subtraction left of a constant column is rounding alone.
    const bool nothing = largest <= 1e-13 * origin;
    int exponent = 0;
    (void)std::frexp(nothing ? 0 : largest, &exponent);
    design.scale[j] = std::ldexp(1.0, exponent);
    for (std::size_t i = 0; i < design.rows(); ++i) {
      double& x = design.x[i * design.terms + j];
      x = nothing ? 0 : x / design.scale[j];
    }
    const LogisticColumn& column = columns[j - (design.constant ? 1 : 0)];
    design.precision[j] = column.precision / (design.scale[j] * design.scale[j]);
    design.bounds[j] = column.bound;
  }
}

// By modified Gram-Schmidt over the rows, weighted, with the prior's precision as further rows: what is left of a column after those before it.
void FindCollinear(LogisticDesign& design) {
  constexpr double kNothingLeft = 1e-9;
  const std::size_t rows = design.rows();
  std::vector<std::vector<double>> basis;
  design.collinear.assign(design.terms, false);
  for (std::size_t j = 0; j < design.terms; ++j) {
    std::vector<double> rest(rows + design.terms, 0.0);
    for (std::size_t i = 0; i < rows; ++i) rest[i] = design.Row(i)[j] * Sqrt(design.wins[i] + design.losses[i]);
    rest[rows + j] = Sqrt(design.precision[j]);
    const double before = std::inner_product(rest.begin(), rest.end(), rest.begin(), 0.0);
    for (int pass = 0; pass < 2; ++pass) {
      for (const std::vector<double>& unit : basis) {
        const double along = std::inner_product(unit.begin(), unit.end(), rest.begin(), 0.0);
        for (std::size_t i = 0; i < rest.size(); ++i) rest[i] -= along * unit[i];
      }
    }
    const double after = std::inner_product(rest.begin(), rest.end(), rest.begin(), 0.0);
    if (!(after > kNothingLeft * kNothingLeft * before)) {
      design.collinear[j] = true;
      continue;
    }
    const double length = Sqrt(after);
    for (double& value : rest) value /= length;
    basis.push_back(std::move(rest));
  }
}

}  // namespace

LogisticDesign MakeDesign(std::span<const LogisticColumn> columns, std::span<const double> success, std::span<const double> weights, bool constant) {
  LogisticDesign design;
  design.constant = constant;
  design.terms = columns.size() + (constant ? 1 : 0);
  Fold(RawRows(columns, success, weights), columns.size(), design);
  CentreAndScale(columns, design);
  FindCollinear(design);
  return design;
}

}  // namespace rapport::stats

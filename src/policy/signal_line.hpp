// Floor 5, inside. The values of one signal as conditions can tell them apart: the numbers or words they ask about, what lies between
// and beyond them, and "not known".
#ifndef RAPPORT_SRC_POLICY_SIGNAL_LINE_HPP_
#define RAPPORT_SRC_POLICY_SIGNAL_LINE_HPP_

#include <string>
#include <vector>

#include "rapport/policy/flip.hpp"
#include "rapport/policy/policy.hpp"

namespace rapport {

// Regions are numbered along the line: 2i lies before the i-th value asked about, 2i + 1 is that value, the last but one lies beyond all,
// the last is "not known". No condition answers differently within a region.
class SignalLine {
 public:
  // `leaves`: those that ask about the signal, as a derivation stores them, in order.
  SignalLine(std::string signal, Json actual, const std::vector<const Json*>& leaves);

  const std::string& signal() const { return signal_; }
  const Json& actual_value() const { return actual_value_; }
  std::size_t actual() const { return actual_; }
  bool Holds(std::size_t leaf, std::size_t region) const;
  // All regions in which a value may lie, the actual one left out, the nearest to it first; "not known" last.
  const std::vector<std::size_t>& NearestFirst() const { return nearest_; }
  // In words of the grammar: the values around those of `main` that lie in regions of `good`.
  std::vector<NeededComparison> Describe(std::size_t main, const std::vector<std::size_t>& good) const;

 private:
  enum class Shape { kWhole, kReal, kOrderedWords, kWords, kFlags };
  struct Leaf {
    std::string is;
    Json::Array expected;
  };
  std::size_t missing() const { return 2 * values_.size() + 1; }
  Shape ShapeOf() const;
  std::size_t RegionOf(const Json& value) const;
  bool IsPossible(std::size_t region) const;
  std::vector<NeededComparison> DescribeWords(const std::vector<bool>& good) const;
  std::vector<NeededComparison> DescribeRun(std::size_t first, std::size_t last) const;
  NeededComparison AtLeast(std::size_t region) const;
  NeededComparison AtMost(std::size_t region) const;

  std::string signal_;
  Json actual_value_;
  std::vector<Leaf> leaves_;
  std::vector<Json> values_;       // sorted, once each
  Shape shape_ = Shape::kReal;
  bool never_negative_ = false;
  std::size_t actual_ = 0;
  std::vector<std::size_t> possible_;   // in order of the line, "not known" left out
  std::vector<std::size_t> nearest_;
};

}  // namespace rapport

#endif  // RAPPORT_SRC_POLICY_SIGNAL_LINE_HPP_

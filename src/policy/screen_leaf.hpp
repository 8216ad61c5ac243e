// Floor 5, inside. One leaf on one column: every comparison is "inside one of these ranges, or outside all", in the column's own type,
// so that a block of values is compared without a Cell and without a branch a row.
#ifndef RAPPORT_SRC_POLICY_SCREEN_LEAF_HPP_
#define RAPPORT_SRC_POLICY_SCREEN_LEAF_HPP_

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "policy/screen_program.hpp"

namespace rapport {

// The values from `least` to `most`, both of them in it.
template <class T>
struct ScreenRange {
  T least;
  T most;
};

class ScreenLeafOnColumn {
 public:
  // `column` has a layout that its type has, and the class of type that the leaf's signal has. It must outlive this.
  ScreenLeafOnColumn(const ScreenLeaf& leaf, const ScreenColumn& column);

  // marks[i] becomes 1 where the leaf holds for row begin + i, else 0. `valid`: 1 or 0 a row, nullptr where none is missing; `truths`:
  // the column's bits as bytes, of a kBits column.
  void Mark(std::size_t begin, std::size_t count, const std::uint8_t* valid, const std::uint8_t* truths, std::uint8_t* marks) const;

 private:
  void AddExpected(Comparison is, const Cell& expected);
  void MarkRanges(std::size_t begin, std::size_t count, const std::uint8_t* truths, std::uint8_t* marks) const;
  template <class Offset>
  void MarkTexts(std::size_t begin, std::size_t count, const std::uint8_t* valid, std::uint8_t* marks) const;
  bool TextHolds(std::string_view text) const;

  const ScreenColumn& column_;
  Comparison is_;                                        // of texts; kKnown and kUnknown ask for validity alone
  bool outside_ = false;                                 // holds outside the ranges
  bool never_ = false;                                   // a comparison with nothing
  std::vector<ScreenRange<double>> numbers_;             // of a kDouble column
  std::vector<ScreenRange<std::int64_t>> integers_;      // of integers, days, instants, yes-or-no
  std::vector<std::pair<Comparison, std::string>> texts_;
};

}  // namespace rapport

#endif  // RAPPORT_SRC_POLICY_SCREEN_LEAF_HPP_

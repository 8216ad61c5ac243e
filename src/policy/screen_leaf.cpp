#include "policy/screen_leaf.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <optional>
#include <string_view>
#include <type_traits>

namespace rapport {
namespace {

constexpr Day kEpoch(1970, 1, 1);
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

using WholeRange = std::optional<ScreenRange<std::int64_t>>;   // none: nothing is in it

ScreenRange<double> NumberRange(Comparison is, double bound) {
  switch (is) {
    case Comparison::kLess: return {-kInfinity, std::nextafter(bound, -kInfinity)};
    case Comparison::kLessOrEqual: return {-kInfinity, bound};
    case Comparison::kGreater: return {std::nextafter(bound, kInfinity), kInfinity};
    case Comparison::kGreaterOrEqual: return {bound, kInfinity};
    default: return {bound, bound};
  }
}

WholeRange ExactRange(Comparison is, std::int64_t bound) {
  switch (is) {
    case Comparison::kLess: return bound == kLeast ? WholeRange() : WholeRange({kLeast, bound - 1});
    case Comparison::kLessOrEqual: return WholeRange({kLeast, bound});
    case Comparison::kGreater: return bound == kMost ? WholeRange() : WholeRange({bound + 1, kMost});
    case Comparison::kGreaterOrEqual: return WholeRange({bound, kMost});
    default: return WholeRange({bound, bound});
  }
}

// The first integer for which `holds`, which is false up to somewhere and true from there on.
template <class Holds>
std::optional<std::int64_t> FirstInteger(Holds holds) {
  if (!holds(kMost)) return std::nullopt;
  std::int64_t low = kLeast, high = kMost;
  while (low < high) {
    const std::int64_t middle = (low & high) + ((low ^ high) >> 1);   // rounded down, without overflow
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

// The integers that lie in the range as doubles: Evaluate compares integers so, and beyond 2^53 it makes a difference.
WholeRange IntegersIn(const ScreenRange<double>& range) {
  const auto least = FirstInteger([&](std::int64_t value) { return static_cast<double>(value) >= range.least; });
  const auto above = FirstInteger([&](std::int64_t value) { return static_cast<double>(value) > range.most; });
  if (!least.has_value() || above == kLeast) return std::nullopt;
  const std::int64_t most = above.has_value() ? *above - 1 : kMost;
  return *least <= most ? WholeRange({*least, most}) : WholeRange();
}

std::optional<double> BoundOf(const Cell& cell) {
  const std::optional<double> number = NumberOf(cell);
  return number.has_value() && !std::isnan(*number) ? number : std::nullopt;
}

// A value of the column's own type as the integer that stands in it.
std::optional<std::int64_t> StoredAs(ColumnType type, const Cell& cell) {
  if (type == ColumnType::kBool && std::holds_alternative<bool>(cell)) return std::get<bool>(cell) ? 1 : 0;
  if (type == ColumnType::kDay && std::holds_alternative<Day>(cell)) return std::get<Day>(cell) - kEpoch;
  if (type == ColumnType::kInstant && std::holds_alternative<Instant>(cell)) return std::get<Instant>(cell).micros();
  return std::nullopt;
}

void MarkInside(const double* values, std::size_t count, const ScreenRange<double>& range, std::uint8_t* marks) {
  for (std::size_t i = 0; i < count; ++i) {
    marks[i] = static_cast<std::uint8_t>(marks[i] | (static_cast<int>(values[i] >= range.least) & static_cast<int>(values[i] <= range.most)));
  }
}

// One subtraction and one comparison a value: what lies below the range wraps around and is far above it.
template <class T>
void MarkInside(const T* values, std::size_t count, const ScreenRange<std::int64_t>& range, std::uint8_t* marks) {
  using Unsigned = std::make_unsigned_t<T>;
  constexpr std::int64_t kFirst = std::numeric_limits<T>::min(), kLast = std::numeric_limits<T>::max();
  const std::int64_t least = std::max(range.least, kFirst), most = std::min(range.most, kLast);
  if (least > most) return;
  const auto from = static_cast<Unsigned>(least), width = static_cast<Unsigned>(static_cast<Unsigned>(most) - from);
  for (std::size_t i = 0; i < count; ++i) {
    marks[i] = static_cast<std::uint8_t>(marks[i] | (static_cast<Unsigned>(static_cast<Unsigned>(values[i]) - from) <= width ? 1 : 0));
  }
}

}  // namespace

ScreenLeafOnColumn::ScreenLeafOnColumn(const ScreenLeaf& leaf, const ScreenColumn& column) : column_(column), is_(leaf.is) {
  if (is_ == Comparison::kKnown || is_ == Comparison::kUnknown) return;
  never_ = leaf.expected.empty();
  outside_ = is_ == Comparison::kNotEqual;
  const std::size_t compared = is_ == Comparison::kIn ? leaf.expected.size() : std::min<std::size_t>(leaf.expected.size(), 1);
  const bool equal = is_ == Comparison::kIn || is_ == Comparison::kNotEqual;
  for (std::size_t i = 0; i < compared; ++i) AddExpected(equal ? Comparison::kEqual : is_, leaf.expected[i]);
}

// What is of another type than the column has no order: it is unequal to every value and adds no range.
void ScreenLeafOnColumn::AddExpected(Comparison is, const Cell& expected) {
  if (column_.type == ColumnType::kText) {
    if (const auto* text = std::get_if<std::string>(&expected)) texts_.emplace_back(is, *text);
    return;
  }
  WholeRange range;
  if (column_.type == ColumnType::kInteger || column_.type == ColumnType::kNumber) {
    const std::optional<double> bound = BoundOf(expected);
    if (!bound.has_value()) return;
    if (column_.layout == ValueLayout::kDouble) numbers_.push_back(NumberRange(is, *bound));
    else range = IntegersIn(NumberRange(is, *bound));
  } else if (const std::optional<std::int64_t> bound = StoredAs(column_.type, expected)) {
    range = ExactRange(is, *bound);
  }
  if (range.has_value()) integers_.push_back(*range);
}

void ScreenLeafOnColumn::MarkRanges(std::size_t begin, std::size_t count, const std::uint8_t* truths, std::uint8_t* marks) const {
  const std::size_t from = column_.offset + begin;
  for (const ScreenRange<double>& range : numbers_) MarkInside(static_cast<const double*>(column_.values) + from, count, range, marks);
  for (const ScreenRange<std::int64_t>& range : integers_) {
    switch (column_.layout) {
      case ValueLayout::kInt64: MarkInside(static_cast<const std::int64_t*>(column_.values) + from, count, range, marks); break;
      case ValueLayout::kInt32: MarkInside(static_cast<const std::int32_t*>(column_.values) + from, count, range, marks); break;
      case ValueLayout::kBytes: MarkInside(static_cast<const std::uint8_t*>(column_.values) + from, count, range, marks); break;
      case ValueLayout::kBits: MarkInside(truths, count, range, marks); break;
      default: break;
    }
  }
}

bool ScreenLeafOnColumn::TextHolds(std::string_view text) const {
  return std::any_of(texts_.begin(), texts_.end(), [&](const auto& one) {
    if (one.first == Comparison::kEqual) return text == one.second;
    const int order = text.compare(one.second);
    switch (one.first) {
      case Comparison::kLess: return order < 0;
      case Comparison::kLessOrEqual: return order <= 0;
      case Comparison::kGreater: return order > 0;
      default: return order >= 0;
    }
  });
}

template <class Offset>
void ScreenLeafOnColumn::MarkTexts(std::size_t begin, std::size_t count, const std::uint8_t* valid, std::uint8_t* marks) const {
  const Offset* offsets = static_cast<const Offset*>(column_.values) + column_.offset + begin;
  for (std::size_t i = 0; i < count; ++i) {
    if (valid != nullptr && valid[i] == 0) continue;
    const auto from = static_cast<std::size_t>(offsets[i]), to = static_cast<std::size_t>(offsets[i + 1]);
    marks[i] = TextHolds(from == to ? std::string_view() : std::string_view(column_.bytes + from, to - from)) ? 1 : 0;
  }
}

void ScreenLeafOnColumn::Mark(std::size_t begin, std::size_t count, const std::uint8_t* valid, const std::uint8_t* truths,
                              std::uint8_t* marks) const {
  const bool asks_known = is_ == Comparison::kKnown, asks_unknown = is_ == Comparison::kUnknown;
  std::memset(marks, (asks_known || asks_unknown) && valid == nullptr ? 1 : 0, count);
  if (asks_known || asks_unknown) {
    if (valid != nullptr) std::memcpy(marks, valid, count);
    if (asks_unknown) for (std::size_t i = 0; i < count; ++i) marks[i] ^= 1;
    return;
  }
  if (never_) return;
  if (column_.layout == ValueLayout::kText32) MarkTexts<std::int32_t>(begin, count, valid, marks);
  else if (column_.layout == ValueLayout::kText64) MarkTexts<std::int64_t>(begin, count, valid, marks);
  else MarkRanges(begin, count, truths, marks);
  if (outside_) for (std::size_t i = 0; i < count; ++i) marks[i] ^= 1;
  if (valid != nullptr) for (std::size_t i = 0; i < count; ++i) marks[i] &= valid[i];
}

}  // namespace rapport

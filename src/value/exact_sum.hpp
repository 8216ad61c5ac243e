// Floor 3, inside. Sums that do not depend on order: 128-bit integers in units of 2^-60.
#ifndef RAPPORT_SRC_VALUE_EXACT_SUM_HPP_
#define RAPPORT_SRC_VALUE_EXACT_SUM_HPP_

#include <cmath>
#include <cstdint>

namespace rapport {

__extension__ typedef __int128 Wide;
__extension__ typedef unsigned __int128 UnsignedWide;

inline constexpr double kLargestAmount = 1e18;
inline constexpr double kUnitsOfOne = 1152921504606846976.0;   // 2^60
// Of the sizes of all amounts, each rounded up to a whole number: 1e20 times 2^60 is below 2^127.
inline constexpr UnsignedWide kLargestTotal = UnsignedWide{10'000'000'000} * 10'000'000'000;

// `amount` at most 1e18 by size; the nearest unit, ties to even.
inline Wide ToUnits(double amount) {
  const auto whole = static_cast<std::int64_t>(amount);
  const double rest = (amount - static_cast<double>(whole)) * kUnitsOfOne;   // exact
  auto units = static_cast<std::int64_t>(rest);
  if (static_cast<double>(units) != rest) units = std::llrint(rest);         // only of amounts below 0.0079
  return static_cast<Wide>(whole) * (Wide{1} << 60) + units;
}

// Rounded once.
inline double FromUnits(Wide units) { return static_cast<double>(units) / kUnitsOfOne; }

}  // namespace rapport

#endif  // RAPPORT_SRC_VALUE_EXACT_SUM_HPP_

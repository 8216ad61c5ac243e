// Floor 3, inside. What every call of the model checks about its rows.
#ifndef RAPPORT_SRC_VALUE_BG_NBD_ROWS_HPP_
#define RAPPORT_SRC_VALUE_BG_NBD_ROWS_HPP_

#include <cstddef>
#include <span>

#include "absl/status/status.h"

namespace rapport {

// Bounds far beyond any customer, within which no formula leaves the range of doubles.
inline constexpr double kLargestTime = 1e20;
inline constexpr double kLargestCount = 9007199254740992.0;   // 2^53
inline constexpr double kSmallestParameter = 1e-50;
inline constexpr double kLargestParameter = 1e50;

// OK if all spans have `size` rows and each row has a whole frequency >= 0 and 0 <= recency <= age, with recency 0 where frequency is 0.
// `value.invalid_input` names row, field, found and expected.
absl::Status CheckRows(std::span<const double> frequency, std::span<const double> recency, std::span<const double> age, std::size_t size);

}  // namespace rapport

#endif  // RAPPORT_SRC_VALUE_BG_NBD_ROWS_HPP_

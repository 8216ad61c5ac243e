// Floor 3, inside. Frequency and mean value of customers: what every call checks about them.
#ifndef RAPPORT_SRC_VALUE_SPEND_ROWS_HPP_
#define RAPPORT_SRC_VALUE_SPEND_ROWS_HPP_

#include <cstddef>
#include <span>

#include "absl/status/status.h"

namespace rapport {

inline constexpr double kLeastMean = 1e-50;

// OK if both spans have `size` rows and each row has a whole frequency >= 0 and, where that is above 0, a mean value from 1e-50 to 1e20.
absl::Status CheckSpend(std::span<const double> frequency, std::span<const double> monetary, std::size_t size);

}  // namespace rapport

#endif  // RAPPORT_SRC_VALUE_SPEND_ROWS_HPP_

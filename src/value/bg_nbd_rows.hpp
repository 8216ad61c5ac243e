// Floor 3, inside. What every call of the model checks about its rows.
#ifndef RAPPORT_SRC_VALUE_BG_NBD_ROWS_HPP_
#define RAPPORT_SRC_VALUE_BG_NBD_ROWS_HPP_

#include <cstddef>
#include <span>

#include "absl/status/status.h"

namespace rapport {

// OK if all spans have `size` rows and each row has a whole frequency >= 0 and 0 <= recency <= age, finite, with recency 0 where frequency is 0.
// `value.invalid_input` names row, field, found and expected.
absl::Status CheckRows(std::span<const double> frequency, std::span<const double> recency, std::span<const double> age, std::size_t size);

}  // namespace rapport

#endif  // RAPPORT_SRC_VALUE_BG_NBD_ROWS_HPP_

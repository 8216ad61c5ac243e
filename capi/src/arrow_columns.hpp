// Floor 9, inside. Named columns of a foreign Arrow stream, copied once and as a whole: for what looks at columns, not at rows.
#ifndef RAPPORT_CAPI_ARROW_COLUMNS_HPP_
#define RAPPORT_CAPI_ARROW_COLUMNS_HPP_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "rapport/core/table.hpp"
#include "rapport_arrow.h"

namespace rapport::capi {

struct WantedColumn {
  std::string_view name;
  ColumnType type;      // kText (whole numbers are written out), kDay (date32, or ISO text) or kNumber (whole numbers too)
  bool needed = true;   // to be there
  bool whole = true;    // without a missing value
};

struct ArrowColumn {
  bool found = false;
  std::vector<std::uint8_t> valid;
  std::vector<std::int64_t> offsets{0};   // text
  std::string bytes;
  std::vector<std::int32_t> days;         // since 1970-01-01
  std::vector<double> numbers;
};

// A column for each of `wanted`, in their order; all other columns are passed over. The stream is released, whatever happens. `value.missing_column`;
// `value.invalid_input` with row (from 0 over all batches) and field; `arrow.unsupported_type`, and the rest of ReadArrowStream.
absl::StatusOr<std::vector<ArrowColumn>> ReadArrowColumns(ArrowArrayStream* stream, std::span<const WantedColumn> wanted);

}  // namespace rapport::capi

#endif  // RAPPORT_CAPI_ARROW_COLUMNS_HPP_

// Floor 9, inside. A foreign Arrow C stream as rows of JSON: the other direction of arrow_export.cpp.
#ifndef RAPPORT_CAPI_ARROW_IMPORT_HPP_
#define RAPPORT_CAPI_ARROW_IMPORT_HPP_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "rapport/core/json.hpp"
#include "rapport_arrow.h"

namespace rapport::capi {

using OnArrowColumns = std::function<absl::Status(const std::vector<std::string>& columns)>;
using OnArrowRow = std::function<absl::Status(std::vector<Json>&& row)>;

// Reads all batches, one row at a time: `on_columns` once, then `on_row` with a cell a column. The first failure of a callback ends the
// reading and is the answer, as it is. The stream, its schema and every array are released once, whatever happens.
//
// Cells: null, booleans, finite numbers, texts (UTF-8), structs as objects without their null members, lists as arrays. Integers beyond
// 2^53 and decimals are decimal text; dates are ISO dates; timestamps with a zone are RFC 3339 in UTC, without one local text
// ("2026-03-02T10:15:00"). Dictionaries give their values.
//
// INVALID_ARGUMENT `arrow.unsupported_type` (column and format), `arrow.invalid_value` (NaN, finer than a microsecond, years outside 1 to
// 9999), `arrow.duplicate_column`, `arrow.too_large`, `arrow.invalid` (what breaks the interface's rules); UNKNOWN `arrow.stream` with the
// producer's own words where it fails. Rows count from 1 over all batches.
absl::Status ReadArrowStream(ArrowArrayStream* stream, const OnArrowColumns& on_columns, const OnArrowRow& on_row);

}  // namespace rapport::capi

#endif  // RAPPORT_CAPI_ARROW_IMPORT_HPP_

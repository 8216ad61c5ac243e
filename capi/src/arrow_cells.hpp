// Floor 9, inside. Cells of one foreign Arrow batch as JSON. CheckArrowArray looks once at all that the C interface lets one see of a
// batch; what only the contents of a buffer tell (offsets, indices) is checked where a cell is read.
#ifndef RAPPORT_CAPI_ARROW_CELLS_HPP_
#define RAPPORT_CAPI_ARROW_CELLS_HPP_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "arrow_field.hpp"
#include "rapport/core/json.hpp"
#include "rapport_arrow.h"

namespace rapport::capi {

// `arrow.invalid` unless `array` has the shape of `field` at every level and at least `needed` values.
absl::Status CheckArrowArray(const ArrowField& field, const ArrowArray* array, std::int64_t needed);

// False for a null. `at` counts from the first value of the buffers, so the array's offset is in it.
bool IsArrowValid(const ArrowArray& array, std::int64_t at);

class ArrowCellReader {
 public:
  // One row is one event: what a row may grow to is bounded, since lists of nulls and dictionaries cost their producer nothing.
  void BeginRow() { left_ = kMostBytes; }
  // `array` has passed CheckArrowArray; 0 <= index < array.length. Errors name the column.
  absl::StatusOr<Json> Read(const ArrowField& field, const ArrowArray& array, std::int64_t index);

 private:
  absl::StatusOr<Json> ReadText(const ArrowField& field, const ArrowArray& array, std::int64_t at);
  absl::StatusOr<Json> ReadTextView(const ArrowField& field, const ArrowArray& array, std::int64_t at);
  absl::StatusOr<Json> TakeText(const ArrowField& field, const char* data, std::int64_t size);
  absl::StatusOr<Json> ReadStruct(const ArrowField& field, const ArrowArray& array, std::int64_t at);
  absl::StatusOr<Json> ReadList(const ArrowField& field, const ArrowArray& array, std::int64_t at);
  absl::StatusOr<Json> ReadDictionary(const ArrowField& field, const ArrowArray& array, std::int64_t at);
  absl::Status Spend(const ArrowField& field, std::int64_t bytes);

  static constexpr std::int64_t kMostBytes = std::int64_t{1} << 28;
  std::int64_t left_ = kMostBytes;
};

}  // namespace rapport::capi

#endif  // RAPPORT_CAPI_ARROW_CELLS_HPP_

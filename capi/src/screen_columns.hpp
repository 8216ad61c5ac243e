// Floor 9, inside. A foreign Arrow batch as screening reads it: values are borrowed where they stand as screening wants them, and
// copied once where they do not (narrow integers, float32, other units of time, dictionaries, views, what is not aligned).
#ifndef RAPPORT_CAPI_SCREEN_COLUMNS_HPP_
#define RAPPORT_CAPI_SCREEN_COLUMNS_HPP_

#include <cstdint>
#include <deque>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "arrow_field.hpp"
#include "rapport/policy/screen.hpp"
#include "rapport_arrow.h"

namespace rapport::capi {

class BatchColumns {
 public:
  // Adds what `field` and `array` hold, for `signal`, with rows from `from` on. The array has passed CheckArrowArray and outlives this.
  // `screen.wrong_type` where no signal has such a type; `arrow.invalid`, `arrow.invalid_value` with the column.
  absl::Status Add(const ScreenSignal& signal, const ArrowField& field, const ArrowArray& array, std::int64_t from, std::int64_t rows);

  const std::vector<ScreenColumn>& columns() const { return columns_; }

 private:
  // One column on its way.
  struct Reading {
    const ScreenSignal& signal;
    const ArrowField& field;
    const ArrowArray& array;
    std::int64_t from;         // of the array's buffers
    std::int64_t rows;
  };

  absl::Status AddText(const Reading& in, ScreenColumn out);
  absl::Status AddWhole(const Reading& in, ScreenColumn out);
  absl::Status AddTime(const Reading& in, ScreenColumn out);
  absl::Status AddByCell(const Reading& in, ScreenColumn out);
  void AddMissing(const Reading& in, ScreenColumn out);
  // `convert` makes the value of the place in the buffer; nothing is asked for missing rows.
  template <class Out, class Convert>
  absl::Status AddCopy(const Reading& in, ScreenColumn out, ValueLayout layout, Convert convert);
  void Borrow(const Reading& in, ScreenColumn out, ValueLayout layout);
  std::vector<std::uint8_t>& Keep(std::size_t bytes);

  std::vector<ScreenColumn> columns_;
  std::deque<std::vector<std::uint8_t>> kept_;   // what was copied
  std::deque<Column> cells_;
};

}  // namespace rapport::capi

#endif  // RAPPORT_CAPI_SCREEN_COLUMNS_HPP_

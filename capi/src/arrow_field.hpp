// Floor 9, inside. What a column of a foreign Arrow stream holds, read once from its schema, so that cells are read without looking
// at format strings again. A format that cannot become JSON without loss is refused here, before the first row.
#ifndef RAPPORT_CAPI_ARROW_FIELD_HPP_
#define RAPPORT_CAPI_ARROW_FIELD_HPP_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "rapport_arrow.h"

namespace rapport::capi {

enum class ArrowKind { kNull, kBool, kInteger, kFloat, kText, kTextView, kDecimal, kDate, kTimestamp, kStruct, kList };

struct ArrowField {
  std::string name;
  std::string path;             // "lines[].amount", for messages; empty for the whole row
  ArrowKind kind = ArrowKind::kNull;
  int width = 0;                // bytes of one value; of one offset where the kind is text or list
  bool is_signed = true;        // of an integer
  int scale = 0;                // of a decimal
  std::int64_t per_second = 0;  // of a timestamp
  bool has_zone = false;        // a timestamp is UTC; else it is somebody's wall clock
  std::vector<ArrowField> children;
  std::unique_ptr<ArrowField> dictionary;  // the values; this field is then their index

  // `column "lines[].amount"`
  std::string Place() const;
};

// The schema of a table: a struct whose members are the columns. `arrow.unsupported_type` names the column and its format,
// `arrow.duplicate_column` a name that stands twice, `arrow.too_large` a schema beyond reason, `arrow.invalid` one that is broken.
absl::StatusOr<ArrowField> ReadArrowSchema(const ArrowSchema& schema);

// Foreign text as part of a message: one line, UTF-8, cut short.
std::string OneLine(std::string_view text);

}  // namespace rapport::capi

#endif  // RAPPORT_CAPI_ARROW_FIELD_HPP_

#include "arrow_stream.hpp"

#include "absl/strings/str_cat.h"
#include "arrow_cells.hpp"
#include "rapport/core/status.hpp"

namespace rapport::capi {

absl::Status CheckArrowStream(const ArrowArrayStream* stream) {
  if (stream != nullptr && stream->release != nullptr) return absl::OkStatus();
  return Invalid("arrow.invalid", "the stream: found one that is released, expected a live one");
}

absl::Status CheckArrowFunctions(const ArrowArrayStream& stream) {
  if (stream.get_schema != nullptr && stream.get_next != nullptr) return absl::OkStatus();
  return Invalid("arrow.invalid", "the stream: found one without its functions");
}

absl::Status ProducerFailed(ArrowArrayStream& stream, int code, std::string_view doing) {
  const char* words = stream.get_last_error == nullptr ? nullptr : stream.get_last_error(&stream);
  return Fail(absl::StatusCode::kUnknown, "arrow.stream",
              absl::StrCat("the stream's producer failed with code ", code, " while ", ToAbsl(doing), ": ",
                           words == nullptr ? "it gave no reason" : OneLine(words)));
}

absl::Status CheckArrowBatch(const ArrowField& table, const ArrowArray& batch) {
  RAPPORT_RETURN_IF_ERROR(CheckArrowArray(table, &batch, 0));
  bool valid = batch.null_count <= 0;
  if (batch.null_count < 0 && batch.buffers[0] != nullptr) {
    for (std::int64_t i = 0; i < batch.length && valid; ++i) valid = IsArrowValid(batch, batch.offset + i);
  }
  return valid ? absl::OkStatus() : Invalid("arrow.invalid", "the table: found a row that is null as a whole, expected rows");
}

}  // namespace rapport::capi

#include "arrow_import.hpp"

#include <utility>

#include "absl/strings/str_cat.h"
#include "arrow_cells.hpp"
#include "arrow_field.hpp"
#include "rapport/core/status.hpp"

namespace rapport::capi {
namespace {

// Releases one of the three structs once, at the end of its scope.
template <class Struct>
class Released {
 public:
  explicit Released(Struct* owned) : owned_(owned) {}
  Released(const Released&) = delete;
  Released& operator=(const Released&) = delete;
  ~Released() {
    if (owned_->release == nullptr) return;
    owned_->release(owned_);
    owned_->release = nullptr;
  }

 private:
  Struct* owned_;
};

absl::Status ProducerFailed(ArrowArrayStream& stream, int code, std::string_view doing) {
  const char* words = stream.get_last_error == nullptr ? nullptr : stream.get_last_error(&stream);
  return Fail(absl::StatusCode::kUnknown, "arrow.stream",
              absl::StrCat("the stream's producer failed with code ", code, " while ", ToAbsl(doing), ": ",
                           words == nullptr ? "it gave no reason" : OneLine(words)));
}

absl::StatusOr<ArrowField> ReadTable(ArrowArrayStream& stream) {
  ArrowSchema schema{};
  if (const int code = stream.get_schema(&stream, &schema); code != 0) return ProducerFailed(stream, code, "giving the schema");
  const Released<ArrowSchema> released(&schema);
  return ReadArrowSchema(schema);
}

absl::Status CheckBatch(const ArrowField& table, const ArrowArray& batch) {
  RAPPORT_RETURN_IF_ERROR(CheckArrowArray(table, &batch, 0));
  bool valid = batch.null_count <= 0;
  if (batch.null_count < 0 && batch.buffers[0] != nullptr) {
    for (std::int64_t i = 0; i < batch.length && valid; ++i) valid = IsArrowValid(batch, batch.offset + i);
  }
  return valid ? absl::OkStatus() : Invalid("arrow.invalid", "the table: found a row that is null as a whole, expected rows");
}

absl::Status ReadRows(const ArrowField& table, const ArrowArray& batch, std::int64_t& rows, const OnArrowRow& on_row) {
  ArrowCellReader reader;
  for (std::int64_t i = 0; i < batch.length; ++i) {
    ++rows;
    reader.BeginRow();
    std::vector<Json> row;
    row.reserve(table.children.size());
    for (std::size_t c = 0; c < table.children.size(); ++c) {
      absl::StatusOr<Json> cell = reader.Read(table.children[c], *batch.children[c], batch.offset + i);
      if (!cell.ok()) return WithContext(cell.status(), absl::StrCat("row ", rows));
      row.push_back(*std::move(cell));
    }
    RAPPORT_RETURN_IF_ERROR(on_row(std::move(row)));
  }
  return absl::OkStatus();
}

absl::Status ReadBatches(ArrowArrayStream& stream, const ArrowField& table, const OnArrowRow& on_row) {
  for (std::int64_t rows = 0;;) {
    ArrowArray batch{};
    if (const int code = stream.get_next(&stream, &batch); code != 0) {
      return ProducerFailed(stream, code, absl::StrCat("giving what follows row ", rows));
    }
    if (batch.release == nullptr) return absl::OkStatus();  // the end, as the interface says it
    const Released<ArrowArray> released(&batch);
    absl::Status status = CheckBatch(table, batch);
    if (!status.ok()) return WithContext(status, absl::StrCat("the batch after row ", rows));
    RAPPORT_RETURN_IF_ERROR(ReadRows(table, batch, rows, on_row));
  }
}

}  // namespace

absl::Status ReadArrowStream(ArrowArrayStream* stream, const OnArrowColumns& on_columns, const OnArrowRow& on_row) {
  if (stream == nullptr || stream->release == nullptr) {
    return Invalid("arrow.invalid", "the stream: found one that is released, expected a live one");
  }
  const Released<ArrowArrayStream> released(stream);
  if (stream->get_schema == nullptr || stream->get_next == nullptr) {
    return Invalid("arrow.invalid", "the stream: found one without its functions");
  }
  RAPPORT_ASSIGN_OR_RETURN(const ArrowField table, ReadTable(*stream));
  std::vector<std::string> columns;
  for (const ArrowField& field : table.children) columns.push_back(field.name);
  RAPPORT_RETURN_IF_ERROR(on_columns(columns));
  return ReadBatches(*stream, table, on_row);
}

}  // namespace rapport::capi

#include "arrow_import.hpp"

#include <utility>

#include "absl/strings/str_cat.h"
#include "arrow_cells.hpp"
#include "arrow_field.hpp"
#include "arrow_stream.hpp"
#include "rapport/core/status.hpp"

namespace rapport::capi {
namespace {

absl::StatusOr<ArrowField> ReadTable(ArrowArrayStream& stream) {
  ArrowSchema schema{};
  if (const int code = stream.get_schema(&stream, &schema); code != 0) return ProducerFailed(stream, code, "giving the schema");
  const Released<ArrowSchema> released(&schema);
  return ReadArrowSchema(schema);
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
    absl::Status status = CheckArrowBatch(table, batch);
    if (!status.ok()) return WithContext(status, absl::StrCat("the batch after row ", rows));
    RAPPORT_RETURN_IF_ERROR(ReadRows(table, batch, rows, on_row));
  }
}

}  // namespace

absl::Status ReadArrowStream(ArrowArrayStream* stream, const OnArrowColumns& on_columns, const OnArrowRow& on_row) {
  RAPPORT_RETURN_IF_ERROR(CheckArrowStream(stream));
  const Released<ArrowArrayStream> released(stream);
  RAPPORT_RETURN_IF_ERROR(CheckArrowFunctions(*stream));
  RAPPORT_ASSIGN_OR_RETURN(const ArrowField table, ReadTable(*stream));
  std::vector<std::string> columns;
  for (const ArrowField& field : table.children) columns.push_back(field.name);
  RAPPORT_RETURN_IF_ERROR(on_columns(columns));
  return ReadBatches(*stream, table, on_row);
}

}  // namespace rapport::capi

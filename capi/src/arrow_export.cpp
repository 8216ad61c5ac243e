// Columns and Tables as an Arrow C stream of one record batch. The columns of a Table are copied once, so the table may go before the stream.
#include "arrow_export.hpp"

#include <algorithm>
#include <cerrno>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "border.hpp"

namespace rapport::capi {
namespace {

// --- columns of a table ---
const char* FormatOf(ColumnType type) {
  switch (type) {
    case ColumnType::kBool: return "b";
    case ColumnType::kInteger: return "l";
    case ColumnType::kNumber: return "g";
    case ColumnType::kText: return "U";
    case ColumnType::kDay: return "tdD";
    case ColumnType::kInstant: return "tsu:UTC";
  }
  return "n";
}

template <class Set>
OwnedBuffer Bits(size_t count, Set is_set) {
  std::vector<uint8_t> bits((count + 63) / 64 * 8);   // whole words
  for (size_t i = 0; i < count; ++i) {
    if (is_set(i)) bits[i / 8] = static_cast<uint8_t>(bits[i / 8] | (1u << (i % 8)));
  }
  return OwnedBuffer(std::move(bits));
}

OwnedColumn CopyOf(const Column& column) {
  const size_t n = column.size();
  OwnedColumn copy{.name = column.name(), .format = FormatOf(column.type())};
  copy.nulls = std::count(column.validity().begin(), column.validity().end(), 0);
  copy.buffers.push_back(Bits(n, [&](size_t i) { return column.valid(i); }));
  switch (column.type()) {
    case ColumnType::kBool:
      copy.buffers.push_back(Bits(n, [&](size_t i) { return column.integers()[i] != 0; }));
      break;
    case ColumnType::kInteger:
    case ColumnType::kInstant:
      copy.buffers.emplace_back(column.integers());
      break;
    case ColumnType::kNumber:
      copy.buffers.emplace_back(column.numbers());
      break;
    case ColumnType::kDay:
      copy.buffers.emplace_back(std::vector<int32_t>(column.integers().begin(), column.integers().end()));
      break;
    case ColumnType::kText:
      copy.buffers.emplace_back(column.offsets());
      copy.buffers.emplace_back(column.bytes());
      break;
  }
  return copy;
}

// --- stream ---
struct Stream {
  std::vector<OwnedColumn> columns;
  int64_t rows = 0;
  bool done = false;
  std::string last_error;
};

template <class Fill>
int Callback(ArrowArrayStream* self, Fill fill) noexcept {
  auto* stream = static_cast<Stream*>(self->private_data);
  try {
    fill(*stream);
    return 0;
  } catch (const std::exception& error) {
    stream->last_error = error.what();
    return ENOMEM;
  }
}

int GetSchema(ArrowArrayStream* self, ArrowSchema* out) {
  return Callback(self, [&](const Stream& stream) {
    auto root = std::make_unique<SchemaNode>();
    root->format = "+s";
    root->children.resize(stream.columns.size());
    for (size_t i = 0; i < stream.columns.size(); ++i) {
      auto node = std::make_unique<SchemaNode>();
      node->name = stream.columns[i].name;
      node->format = stream.columns[i].format;
      FillSchema(std::move(node), ARROW_FLAG_NULLABLE, &root->children[i]);
    }
    FillSchema(std::move(root), 0, out);
  });
}

int GetNext(ArrowArrayStream* self, ArrowArray* out) {
  return Callback(self, [&](Stream& stream) {
    *out = ArrowArray{};
    if (stream.done) return;
    auto root = std::make_unique<ArrayNode>();
    root->buffers.push_back(nullptr);   // a batch has no validity of its own
    root->children.resize(stream.columns.size());
    for (size_t i = 0; i < stream.columns.size(); ++i) {
      auto node = std::make_unique<ArrayNode>();
      node->owned = stream.columns[i].buffers;   // shared, for what follows may fail, and then be asked for again
      FillArray(std::move(node), stream.rows, stream.columns[i].nulls, &root->children[i]);
    }
    FillArray(std::move(root), stream.rows, 0, out);
    for (OwnedColumn& column : stream.columns) column.buffers.clear();   // the batch's alone
    stream.done = true;
  });
}

const char* GetLastError(ArrowArrayStream* self) {
  const auto* stream = static_cast<Stream*>(self->private_data);
  return stream->last_error.empty() ? nullptr : stream->last_error.c_str();
}

void ReleaseStream(ArrowArrayStream* self) {
  delete static_cast<Stream*>(self->private_data);
  self->release = nullptr;
}

}  // namespace

void GiveColumns(std::vector<OwnedColumn> columns, int64_t rows, ArrowArrayStream* out) {
  auto stream = std::make_unique<Stream>();
  stream->columns = std::move(columns);
  stream->rows = rows;
  *out = ArrowArrayStream{GetSchema, GetNext, GetLastError, ReleaseStream, stream.release()};
}

}  // namespace rapport::capi

extern "C" rapport_status rapport_table_to_arrow(const rapport_table* table, ArrowArrayStream* out, rapport_error* error) {
  using namespace rapport::capi;
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({table, out}));
    std::vector<OwnedColumn> columns;
    for (const rapport::Column& column : table->table.columns()) columns.push_back(CopyOf(column));
    GiveColumns(std::move(columns), static_cast<int64_t>(table->table.rows()), out);
    return absl::OkStatus();
  });
}

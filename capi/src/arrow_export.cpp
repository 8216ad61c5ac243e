// A Table as an Arrow C stream of one record batch. Buffers are copied once, so the table may go before the stream.
#include <cerrno>
#include <memory>

#include "arrow_nodes.hpp"
#include "border.hpp"

namespace rapport::capi {
namespace {

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

// --- schema ---
void SchemaOfTable(const Table& table, ArrowSchema* out) {
  auto root = std::make_unique<SchemaNode>();
  root->format = "+s";
  root->children.resize(table.columns().size());
  for (size_t i = 0; i < table.columns().size(); ++i) {
    auto node = std::make_unique<SchemaNode>();
    node->name = table.columns()[i].name();
    node->format = FormatOf(table.columns()[i].type());
    FillSchema(std::move(node), ARROW_FLAG_NULLABLE, &root->children[i]);
  }
  FillSchema(std::move(root), 0, out);
}

// --- array ---
template <class T>
std::vector<uint8_t> BytesOf(const T* values, size_t count) {
  std::vector<uint8_t> bytes(count * sizeof(T) + 8);  // never empty: a consumer may look at the first word
  if (count > 0) std::memcpy(bytes.data(), values, count * sizeof(T));
  return bytes;
}

template <class Set>
std::vector<uint8_t> Bits(size_t count, Set is_set) {
  std::vector<uint8_t> bits((count + 7) / 8 + 8);
  for (size_t i = 0; i < count; ++i) {
    if (is_set(i)) bits[i / 8] = static_cast<uint8_t>(bits[i / 8] | (1u << (i % 8)));
  }
  return bits;
}

void ArrayOfColumn(const Column& column, ArrowArray* out) {
  const size_t n = column.size();
  auto node = std::make_unique<ArrayNode>();
  node->owned.push_back(Bits(n, [&](size_t i) { return column.valid(i); }));
  int64_t nulls = 0;
  for (size_t i = 0; i < n; ++i) nulls += column.valid(i) ? 0 : 1;
  switch (column.type()) {
    case ColumnType::kBool:
      node->owned.push_back(Bits(n, [&](size_t i) { return column.integers()[i] != 0; }));
      break;
    case ColumnType::kInteger:
    case ColumnType::kInstant:
      node->owned.push_back(BytesOf(column.integers().data(), n));
      break;
    case ColumnType::kNumber:
      node->owned.push_back(BytesOf(column.numbers().data(), n));
      break;
    case ColumnType::kDay: {
      const std::vector<int32_t> days(column.integers().begin(), column.integers().end());
      node->owned.push_back(BytesOf(days.data(), n));
      break;
    }
    case ColumnType::kText:
      node->owned.push_back(BytesOf(column.offsets().data(), n + 1));
      node->owned.push_back(BytesOf(column.bytes().data(), column.bytes().size()));
      break;
  }
  FillArray(std::move(node), static_cast<int64_t>(n), nulls, out);
}

void ArrayOfTable(const Table& table, ArrowArray* out) {
  auto root = std::make_unique<ArrayNode>();
  root->buffers.push_back(nullptr);   // a batch has no validity of its own
  root->children.resize(table.columns().size());
  for (size_t i = 0; i < table.columns().size(); ++i) ArrayOfColumn(table.columns()[i], &root->children[i]);
  FillArray(std::move(root), static_cast<int64_t>(table.rows()), 0, out);
}

// --- stream ---
struct Stream {
  Table table;
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
  return Callback(self, [&](Stream& stream) { SchemaOfTable(stream.table, out); });
}

int GetNext(ArrowArrayStream* self, ArrowArray* out) {
  return Callback(self, [&](Stream& stream) {
    if (stream.done) {
      *out = ArrowArray{};
      return;
    }
    ArrayOfTable(stream.table, out);
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
}  // namespace rapport::capi

extern "C" rapport_status rapport_table_to_arrow(const rapport_table* table, ArrowArrayStream* out, rapport_error* error) {
  using namespace rapport::capi;
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({table, out}));
    auto stream = std::make_unique<Stream>();
    stream->table = table->table;
    *out = ArrowArrayStream{GetSchema, GetNext, GetLastError, ReleaseStream, stream.release()};
    return absl::OkStatus();
  });
}

#include "arrow_columns.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "absl/strings/str_cat.h"
#include "arrow_cells.hpp"
#include "arrow_field.hpp"
#include "arrow_stream.hpp"
#include "rapport/core/status.hpp"

namespace rapport::capi {
namespace {

// Buffers of foreign origin need not be aligned.
template <class T>
T Load(const void* buffer, std::int64_t at) {
  T value;
  std::memcpy(&value, static_cast<const char*>(buffer) + at * static_cast<std::int64_t>(sizeof(T)), sizeof(T));
  return value;
}

absl::Status WrongValue(std::size_t row, std::string_view name, std::string_view found, std::string_view expected) {
  return Invalid("value.invalid_input", absl::StrCat("row ", row, ", field ", ToAbsl(name), ": found ", ToAbsl(found), ", expected ", ToAbsl(expected)));
}

std::string_view Expected(ColumnType type) {
  return type == ColumnType::kText ? "a text" : type == ColumnType::kDay ? "a date such as 2026-03-02" : "a number";
}

// One column of one batch on its way into an ArrowColumn.
class ColumnReading {
 public:
  ColumnReading(const WantedColumn& wanted, const ArrowField& field, const ArrowArray& array, ArrowColumn& out)
      : wanted_(wanted), field_(field), array_(array), out_(out) {}

  absl::Status Read(std::int64_t from, std::int64_t rows) {
    for (std::int64_t i = 0; i < rows; ++i) {
      const std::int64_t at = from + i;
      const bool valid = IsArrowValid(array_, at);
      if (!valid && wanted_.whole) return WrongValue(out_.valid.size(), wanted_.name, "a missing value", Expected(wanted_.type));
      RAPPORT_RETURN_IF_ERROR(valid ? Value(at) : Missing());
      out_.valid.push_back(valid ? 1 : 0);
    }
    return absl::OkStatus();
  }
  // `arrow.unsupported_type` where the column has no such values.
  absl::Status CheckKind() const {
    const bool text = field_.kind == ArrowKind::kText && field_.dictionary == nullptr;
    const bool whole = field_.kind == ArrowKind::kInteger && field_.dictionary == nullptr;
    const bool right = wanted_.type == ColumnType::kText   ? text || whole
                       : wanted_.type == ColumnType::kDay ? text || (field_.kind == ArrowKind::kDate && field_.width == 4)
                                                          : whole || field_.kind == ArrowKind::kFloat;
    if (right) return absl::OkStatus();
    return Invalid("arrow.unsupported_type", absl::StrCat(field_.Place(), ": found another type, expected one that gives ", ToAbsl(Expected(wanted_.type)), " a row"));
  }

 private:
  absl::Status Missing() {
    if (wanted_.type == ColumnType::kText) out_.offsets.push_back(out_.offsets.back());
    else if (wanted_.type == ColumnType::kDay) out_.days.push_back(0);
    else out_.numbers.push_back(0);
    return absl::OkStatus();
  }
  absl::Status Value(std::int64_t at) {
    switch (wanted_.type) {
      case ColumnType::kText: {
        if (field_.kind == ArrowKind::kInteger) {
          out_.bytes += IsUnsigned() ? std::to_string(Load<std::uint64_t>(array_.buffers[1], at)) : std::to_string(Whole(at));
        } else {
          RAPPORT_ASSIGN_OR_RETURN(const std::string_view text, Text(at));
          out_.bytes += text;
        }
        out_.offsets.push_back(static_cast<std::int64_t>(out_.bytes.size()));
        return absl::OkStatus();
      }
      case ColumnType::kDay: {
        if (field_.kind == ArrowKind::kDate) {
          out_.days.push_back(Load<std::int32_t>(array_.buffers[1], at));
          return absl::OkStatus();
        }
        RAPPORT_ASSIGN_OR_RETURN(const std::string_view text, Text(at));
        const absl::StatusOr<Day> day = ParseDay(text);
        if (!day.ok()) return WrongValue(out_.valid.size(), wanted_.name, absl::StrCat("\"", OneLine(text), "\""), Expected(wanted_.type));
        out_.days.push_back(static_cast<std::int32_t>(*day - Day(1970, 1, 1)));
        return absl::OkStatus();
      }
      default: out_.numbers.push_back(Number(at));
    }
    if (std::isfinite(out_.numbers.back())) return absl::OkStatus();
    return WrongValue(out_.valid.size(), wanted_.name, "a number that is not finite", "a finite one");
  }
  bool IsUnsigned() const { return !field_.is_signed && field_.width == 8; }
  std::int64_t Whole(std::int64_t at) const {
    const void* values = array_.buffers[1];
    switch (field_.width) {
      case 1: return field_.is_signed ? Load<std::int8_t>(values, at) : Load<std::uint8_t>(values, at);
      case 2: return field_.is_signed ? Load<std::int16_t>(values, at) : Load<std::uint16_t>(values, at);
      case 4: return field_.is_signed ? Load<std::int32_t>(values, at) : static_cast<std::int64_t>(Load<std::uint32_t>(values, at));
      default: return Load<std::int64_t>(values, at);
    }
  }
  double Number(std::int64_t at) const {
    if (field_.kind == ArrowKind::kInteger) return IsUnsigned() ? static_cast<double>(Load<std::uint64_t>(array_.buffers[1], at)) : static_cast<double>(Whole(at));
    return field_.width == 4 ? Load<float>(array_.buffers[1], at) : Load<double>(array_.buffers[1], at);
  }
  absl::StatusOr<std::string_view> Text(std::int64_t at) const {
    const bool wide = field_.width == 8;
    const std::int64_t from = wide ? Load<std::int64_t>(array_.buffers[1], at) : Load<std::int32_t>(array_.buffers[1], at);
    const std::int64_t to = wide ? Load<std::int64_t>(array_.buffers[1], at + 1) : Load<std::int32_t>(array_.buffers[1], at + 1);
    if (from < 0 || to < from || (to > from && array_.buffers[2] == nullptr)) {
      return Invalid("arrow.invalid", absl::StrCat(field_.Place(), ": found offsets that fall, expected ones that rise"));
    }
    return std::string_view(static_cast<const char*>(array_.buffers[2]) + from, static_cast<std::size_t>(to - from));
  }

  const WantedColumn& wanted_;
  const ArrowField& field_;
  const ArrowArray& array_;
  ArrowColumn& out_;
};

// The place of each wanted column among those of the stream; -1 where there is none.
absl::StatusOr<std::vector<int>> PlacesOf(const ArrowField& table, std::span<const WantedColumn> wanted) {
  std::vector<int> places;
  for (const WantedColumn& column : wanted) {
    const auto at = std::find_if(table.children.begin(), table.children.end(), [&](const ArrowField& field) { return field.name == column.name; });
    if (at == table.children.end() && column.needed) {
      return Invalid("value.missing_column", absl::StrCat("column \"", ToAbsl(column.name), "\": found none, expected one"));
    }
    places.push_back(at == table.children.end() ? -1 : static_cast<int>(at - table.children.begin()));
  }
  return places;
}

absl::Status ReadBatch(const ArrowField& table, const ArrowArray& batch, std::span<const WantedColumn> wanted, std::span<const int> places,
                       std::vector<ArrowColumn>& columns) {
  RAPPORT_RETURN_IF_ERROR(CheckArrowBatch(table, batch));
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (places[i] < 0) continue;
    const auto place = static_cast<std::size_t>(places[i]);
    ColumnReading reading(wanted[i], table.children[place], *batch.children[place], columns[i]);
    const std::int64_t from = batch.offset + batch.children[place]->offset;
    RAPPORT_RETURN_IF_ERROR(reading.Read(from, batch.length));
  }
  return absl::OkStatus();
}

absl::StatusOr<ArrowField> ReadTable(ArrowArrayStream& stream) {
  ArrowSchema schema{};
  if (const int code = stream.get_schema(&stream, &schema); code != 0) return ProducerFailed(stream, code, "giving the schema");
  const Released<ArrowSchema> released(&schema);
  return ReadArrowSchema(schema);
}

}  // namespace

absl::StatusOr<std::vector<ArrowColumn>> ReadArrowColumns(ArrowArrayStream* stream, std::span<const WantedColumn> wanted) {
  RAPPORT_RETURN_IF_ERROR(CheckArrowStream(stream));
  const Released<ArrowArrayStream> released(stream);
  RAPPORT_RETURN_IF_ERROR(CheckArrowFunctions(*stream));
  RAPPORT_ASSIGN_OR_RETURN(const ArrowField table, ReadTable(*stream));
  RAPPORT_ASSIGN_OR_RETURN(const std::vector<int> places, PlacesOf(table, wanted));
  std::vector<ArrowColumn> columns(wanted.size());
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (places[i] < 0) continue;
    columns[i].found = true;
    RAPPORT_RETURN_IF_ERROR(ColumnReading(wanted[i], table.children[static_cast<std::size_t>(places[i])], ArrowArray(), columns[i]).CheckKind());
  }
  while (true) {
    ArrowArray batch{};
    if (const int code = stream->get_next(stream, &batch); code != 0) return ProducerFailed(*stream, code, "giving a batch");
    if (batch.release == nullptr) return columns;   // the end, as the interface says it
    const Released<ArrowArray> released_batch(&batch);
    RAPPORT_RETURN_IF_ERROR(ReadBatch(table, batch, wanted, places, columns));
  }
}

}  // namespace rapport::capi

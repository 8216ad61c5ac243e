#include "screen_columns.hpp"

#include <cstring>
#include <limits>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "arrow_cells.hpp"
#include "rapport/core/status.hpp"

namespace rapport::capi {
namespace {

constexpr std::int64_t kMicros = 1'000'000;
constexpr std::int64_t kMillisPerDay = 86'400'000;

// Buffers of foreign origin need not be aligned.
template <class T>
T Load(const void* buffer, std::int64_t at) {
  T value;
  std::memcpy(&value, static_cast<const char*>(buffer) + at * static_cast<std::int64_t>(sizeof(T)), sizeof(T));
  return value;
}

bool IsAligned(const void* buffer, std::size_t to) { return reinterpret_cast<std::uintptr_t>(buffer) % to == 0; }

std::string_view KindName(const ArrowField& field) {
  switch (field.kind) {
    case ArrowKind::kNull: return "null";
    case ArrowKind::kBool: return "bool";
    case ArrowKind::kInteger: return "integer";
    case ArrowKind::kFloat: return "number";
    case ArrowKind::kText:
    case ArrowKind::kTextView: return "text";
    case ArrowKind::kDecimal: return "decimal";
    case ArrowKind::kDate: return "day";
    case ArrowKind::kTimestamp: return field.has_zone ? "instant" : "timestamp without a zone";
    case ArrowKind::kStruct: return "struct";
    case ArrowKind::kList: return "list";
  }
  return "unknown";
}

// The type whose signals may stand in such a column.
std::optional<ColumnType> TypeOf(const ArrowField& field) {
  switch (field.kind) {
    case ArrowKind::kBool: return ColumnType::kBool;
    case ArrowKind::kInteger: return ColumnType::kInteger;
    case ArrowKind::kFloat: return ColumnType::kNumber;
    case ArrowKind::kText:
    case ArrowKind::kTextView: return ColumnType::kText;
    case ArrowKind::kDate: return ColumnType::kDay;
    case ArrowKind::kTimestamp: return field.has_zone ? std::optional(ColumnType::kInstant) : std::nullopt;
    default: return std::nullopt;
  }
}

absl::Status WrongType(const ScreenSignal& signal, const ArrowField& field) {
  return Invalid("screen.wrong_type", absl::StrCat("rule \"", signal.rule, "\", ", field.Place(), ": found type ", ToAbsl(KindName(field)),
                                                   ", expected ", ToAbsl(ColumnTypeName(signal.type))));
}

absl::Status WrongValue(const ArrowField& field, std::int64_t row, std::string_view found, std::string_view expected) {
  return Invalid("arrow.invalid_value",
                 absl::StrCat("row ", row + 1, ", ", field.Place(), ": found ", ToAbsl(found), ", expected ", ToAbsl(expected)));
}

absl::StatusOr<Cell> CellOf(const Json& json, ColumnType type) {
  if (json.is_null()) return Cell();
  if (type == ColumnType::kBool && json.if_bool() != nullptr) return Cell(*json.if_bool());
  if (type == ColumnType::kText && json.if_string() != nullptr) return Cell(*json.if_string());
  if (type == ColumnType::kNumber && json.if_number() != nullptr) return Cell(*json.if_number());
  if (const std::optional<std::int64_t> whole = json.if_integer(); type == ColumnType::kInteger && whole.has_value()) return Cell(*whole);
  if (type == ColumnType::kDay && json.if_string() != nullptr) {
    RAPPORT_ASSIGN_OR_RETURN(const Day day, ParseDay(*json.if_string()));
    return Cell(day);
  }
  if (type == ColumnType::kInstant && json.if_string() != nullptr) {
    RAPPORT_ASSIGN_OR_RETURN(const Stamp stamp, ParseStamp(*json.if_string()));
    return Cell(stamp.at);
  }
  return Invalid("arrow.invalid_value", "found an integer beyond 2^53 in a dictionary, expected a smaller one");
}

template <class Offset>
absl::Status CheckOffsets(const ArrowField& field, const void* offsets, std::int64_t from, std::int64_t rows, bool has_bytes) {
  if (rows == 0) return absl::OkStatus();
  auto last = Load<Offset>(offsets, from);
  bool falls = last < 0;
  const Offset first = last;
  for (std::int64_t i = 1; i <= rows; ++i) {
    const auto next = Load<Offset>(offsets, from + i);
    falls |= next < last;
    last = next;
  }
  if (falls) return Invalid("arrow.invalid", absl::StrCat(field.Place(), ": found offsets that run backwards, expected such that do not"));
  if (!has_bytes && last > first) return Invalid("arrow.invalid", absl::StrCat(field.Place(), ": found texts without their bytes"));
  return absl::OkStatus();
}

}  // namespace

std::vector<std::uint8_t>& BatchColumns::Keep(std::size_t bytes) { return kept_.emplace_back(bytes); }

void BatchColumns::Borrow(const Reading& in, ScreenColumn out, ValueLayout layout) {
  out.layout = layout;
  out.values = in.array.buffers[1];
  out.offset = static_cast<std::size_t>(in.from);
  if (in.array.null_count != 0 && in.array.buffers[0] != nullptr) {
    out.validity = ValidityLayout::kBits;
    out.valid = static_cast<const std::uint8_t*>(in.array.buffers[0]);
  }
  columns_.push_back(out);
}

template <class Out, class Convert>
absl::Status BatchColumns::AddCopy(const Reading& in, ScreenColumn out, ValueLayout layout, Convert convert) {
  const auto rows = static_cast<std::size_t>(in.rows);
  auto* values = reinterpret_cast<Out*>(Keep(rows * sizeof(Out)).data());
  std::vector<std::uint8_t>& valid = Keep(rows);
  for (std::int64_t i = 0; i < in.rows; ++i) {
    if (!IsArrowValid(in.array, in.from + i)) continue;
    const absl::StatusOr<Out> value = convert(i);
    if (!value.ok()) return value.status();
    values[i] = *value;
    valid[static_cast<std::size_t>(i)] = 1;
  }
  out.layout = layout;
  out.values = values;
  out.validity = ValidityLayout::kBytes;
  out.valid = valid.data();
  columns_.push_back(out);
  return absl::OkStatus();
}

// A column of nulls has no type of its own.
void BatchColumns::AddMissing(const Reading& in, ScreenColumn out) {
  const auto rows = static_cast<std::size_t>(in.rows);
  out.type = in.signal.type;
  out.layout = out.type == ColumnType::kText ? ValueLayout::kText64 : ValueLayout::kInt64;
  out.values = Keep((rows + 1) * sizeof(std::int64_t)).data();
  out.validity = ValidityLayout::kBytes;
  out.valid = Keep(rows).data();
  columns_.push_back(out);
}

absl::Status BatchColumns::AddText(const Reading& in, ScreenColumn out) {
  const bool narrow = in.field.width == 4;
  const void* offsets = in.array.buffers[1];
  if (!IsAligned(offsets, narrow ? alignof(std::int32_t) : alignof(std::int64_t))) return AddByCell(in, out);
  out.bytes = static_cast<const char*>(in.array.buffers[2]);
  RAPPORT_RETURN_IF_ERROR(narrow ? CheckOffsets<std::int32_t>(in.field, offsets, in.from, in.rows, out.bytes != nullptr)
                                 : CheckOffsets<std::int64_t>(in.field, offsets, in.from, in.rows, out.bytes != nullptr));
  Borrow(in, out, narrow ? ValueLayout::kText32 : ValueLayout::kText64);
  return absl::OkStatus();
}

absl::Status BatchColumns::AddWhole(const Reading& in, ScreenColumn out) {
  const void* values = in.array.buffers[1];
  const bool is_signed = in.field.is_signed;
  if (is_signed && in.field.width == 8 && IsAligned(values, 8)) return Borrow(in, out, ValueLayout::kInt64), absl::OkStatus();
  if (is_signed && in.field.width == 4 && IsAligned(values, 4)) return Borrow(in, out, ValueLayout::kInt32), absl::OkStatus();
  const auto widen = [&](auto narrow) {
    return AddCopy<std::int64_t>(in, out, ValueLayout::kInt64, [&](std::int64_t i) -> absl::StatusOr<std::int64_t> {
      const auto value = Load<decltype(narrow)>(values, in.from + i);
      if (std::in_range<std::int64_t>(value)) return static_cast<std::int64_t>(value);
      return WrongValue(in.field, i, absl::StrCat(value), "an integer below 2^63");
    });
  };
  switch (in.field.width) {
    case 1: return is_signed ? widen(std::int8_t{}) : widen(std::uint8_t{});
    case 2: return is_signed ? widen(std::int16_t{}) : widen(std::uint16_t{});
    case 4: return is_signed ? widen(std::int32_t{}) : widen(std::uint32_t{});
    default: return is_signed ? widen(std::int64_t{}) : widen(std::uint64_t{});
  }
}

absl::Status BatchColumns::AddTime(const Reading& in, ScreenColumn out) {
  const void* values = in.array.buffers[1];
  const bool is_day = in.field.kind == ArrowKind::kDate;
  if (is_day && in.field.width == 4 && IsAligned(values, 4)) return Borrow(in, out, ValueLayout::kInt32), absl::OkStatus();
  if (!is_day && in.field.per_second == kMicros && IsAligned(values, 8)) return Borrow(in, out, ValueLayout::kInt64), absl::OkStatus();
  const std::int64_t finer = is_day ? (in.field.width == 8 ? kMillisPerDay : 1) : std::max<std::int64_t>(in.field.per_second / kMicros, 1);
  const std::int64_t coarser = is_day ? 1 : std::max<std::int64_t>(kMicros / in.field.per_second, 1);
  return AddCopy<std::int64_t>(in, out, ValueLayout::kInt64, [&](std::int64_t i) -> absl::StatusOr<std::int64_t> {
    const std::int64_t value = in.field.width == 4 ? Load<std::int32_t>(values, in.from + i) : Load<std::int64_t>(values, in.from + i);
    if (value % finer != 0) {
      return WrongValue(in.field, i, absl::StrCat(value, is_day ? " ms" : " ns", " since 1970"), is_day ? "a whole day" : "whole microseconds");
    }
    const std::int64_t most = std::numeric_limits<std::int64_t>::max() / coarser;
    if (value > most || value < -most) return WrongValue(in.field, i, absl::StrCat(value, " since 1970"), "a time in years 1 to 9999");
    return value / finer * coarser;
  });
}

// The slow way, for what seldom comes and has many forms.
absl::Status BatchColumns::AddByCell(const Reading& in, ScreenColumn out) {
  const ArrowField& values = in.field.dictionary != nullptr ? *in.field.dictionary : in.field;
  const std::optional<ColumnType> type = TypeOf(values);
  if (!type.has_value()) return WrongType(in.signal, values);
  Column& column = cells_.emplace_back(in.signal.name, *type);
  ArrowCellReader reader;
  for (std::int64_t i = 0; i < in.rows; ++i) {
    reader.BeginRow();
    const absl::StatusOr<Json> json = reader.Read(in.field, in.array, in.from - in.array.offset + i);
    const absl::StatusOr<Cell> cell = json.ok() ? CellOf(*json, *type) : absl::StatusOr<Cell>(json.status());
    if (!cell.ok()) return WithContext(cell.status(), absl::StrCat("row ", i + 1));
    column.Append(*cell);
  }
  out.type = *type;
  out.layout = *type == ColumnType::kNumber ? ValueLayout::kDouble : *type == ColumnType::kText ? ValueLayout::kText64 : ValueLayout::kInt64;
  out.values = *type == ColumnType::kNumber ? static_cast<const void*>(column.numbers().data())
               : *type == ColumnType::kText ? column.offsets().data() : column.integers().data();
  out.bytes = column.bytes().data();
  out.validity = ValidityLayout::kBytes;
  out.valid = column.validity().data();
  columns_.push_back(out);
  return absl::OkStatus();
}

absl::Status BatchColumns::Add(const ScreenSignal& signal, const ArrowField& field, const ArrowArray& array, std::int64_t from, std::int64_t rows) {
  const Reading in{signal, field, array, array.offset + from, rows};
  ScreenColumn out{.name = signal.name};
  if (field.kind == ArrowKind::kNull) return AddMissing(in, out), absl::OkStatus();
  if (field.dictionary != nullptr || field.kind == ArrowKind::kTextView) return AddByCell(in, out);
  const std::optional<ColumnType> type = TypeOf(field);
  if (!type.has_value()) return WrongType(signal, field);
  out.type = *type;
  const void* values = array.buffers[1];
  switch (*type) {
    case ColumnType::kBool: return Borrow(in, out, ValueLayout::kBits), absl::OkStatus();
    case ColumnType::kInteger: return AddWhole(in, out);
    case ColumnType::kText: return AddText(in, out);
    case ColumnType::kDay:
    case ColumnType::kInstant: return AddTime(in, out);
    case ColumnType::kNumber: break;
  }
  if (field.width == 8 && IsAligned(values, 8)) return Borrow(in, out, ValueLayout::kDouble), absl::OkStatus();
  return AddCopy<double>(in, out, ValueLayout::kDouble, [&](std::int64_t i) -> absl::StatusOr<double> {
    return field.width == 8 ? Load<double>(values, in.from + i) : static_cast<double>(Load<float>(values, in.from + i));
  });
}

}  // namespace rapport::capi

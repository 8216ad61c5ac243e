#include "arrow_cells.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "rapport/core/ids.hpp"
#include "rapport/core/status.hpp"
#include "rapport/core/time.hpp"

namespace rapport::capi {
namespace {

constexpr std::int64_t kMostValues = std::numeric_limits<std::int64_t>::max() / 64;  // places in bytes do not overflow
constexpr std::int64_t kExactInteger = std::int64_t{1} << 53;
constexpr std::int64_t kValueBytes = 64;  // of one Json, about
constexpr std::int64_t kInlineText = 12;  // a view's text up to this size stands in the view

absl::Status Broken(const ArrowField& field, std::string_view what) {
  return Invalid("arrow.invalid", absl::StrCat(field.Place(), ": ", ToAbsl(what)));
}

absl::Status WrongValue(const ArrowField& field, std::string_view found, std::string_view expected) {
  return Invalid("arrow.invalid_value", absl::StrCat(field.Place(), ": found ", ToAbsl(found), ", expected ", ToAbsl(expected)));
}

// Buffers of foreign origin need not be aligned.
template <class T>
T Load(const void* buffer, std::int64_t at) {
  T value;
  std::memcpy(&value, static_cast<const char*>(buffer) + at * static_cast<std::int64_t>(sizeof(T)), sizeof(T));
  return value;
}

bool BitAt(const void* buffer, std::int64_t at) { return (Load<std::uint8_t>(buffer, at / 8) >> (at % 8) & 1) != 0; }

// --- the shape of a batch ---
std::int64_t BuffersOf(const ArrowField& field) {
  switch (field.kind) {
    case ArrowKind::kNull: return 0;
    case ArrowKind::kStruct: return 1;
    case ArrowKind::kText:
    case ArrowKind::kTextView: return 3;
    default: return 2;
  }
}

absl::Status CheckCounts(const ArrowField& field, const ArrowArray& array, std::int64_t needed) {
  if (array.length < 0 || array.offset < 0 || array.length > kMostValues || array.offset > kMostValues - array.length) {
    return Broken(field, absl::StrCat("found ", array.length, " values at offset ", array.offset, ", expected counts that can be"));
  }
  if (array.null_count < -1 || array.null_count > array.length) {
    return Broken(field, absl::StrCat("found ", array.null_count, " nulls in ", array.length, " values"));
  }
  if (array.length < needed) return Broken(field, absl::StrCat("found ", array.length, " values, expected at least ", needed));
  return absl::OkStatus();
}

// A view's texts stand in any number of buffers, whose sizes are the last buffer.
absl::Status CheckViewBuffers(const ArrowField& field, const ArrowArray& array) {
  const std::int64_t count = array.n_buffers - 3;
  if (count == 0 || array.length == 0) return absl::OkStatus();
  const void* sizes = array.buffers[array.n_buffers - 1];
  if (sizes == nullptr) return Broken(field, "found text buffers without their sizes");
  for (std::int64_t i = 0; i < count; ++i) {
    const auto size = Load<std::int64_t>(sizes, i);
    if (size < 0 || (size > 0 && array.buffers[2 + i] == nullptr)) {
      return Broken(field, absl::StrCat("found text buffer ", i, " of ", size, " bytes without its bytes"));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckBuffers(const ArrowField& field, const ArrowArray& array) {
  const std::int64_t expected = BuffersOf(field);
  const bool more = field.kind == ArrowKind::kTextView ? array.n_buffers > expected
                                                       : field.kind == ArrowKind::kNull && array.n_buffers == 1;  // as early writers did
  if (array.n_buffers != expected && !more) {
    return Broken(field, absl::StrCat("found ", array.n_buffers, " buffers, expected ", expected));
  }
  if (field.kind == ArrowKind::kNull) return absl::OkStatus();
  if (array.buffers == nullptr) return Broken(field, "found no buffers");
  if (array.null_count > 0 && array.buffers[0] == nullptr) return Broken(field, "found nulls without a validity buffer");
  if (expected > 1 && array.length > 0 && array.buffers[1] == nullptr) return Broken(field, "found values without their buffer");
  return field.kind == ArrowKind::kTextView ? CheckViewBuffers(field, array) : absl::OkStatus();
}

// --- single values ---
template <class Narrow>
Json SignedAt(const void* buffer, std::int64_t at) {
  const std::int64_t value = Load<Narrow>(buffer, at);
  return -kExactInteger <= value && value <= kExactInteger ? Json::Integer(value) : Json(std::to_string(value));
}

template <class Narrow>
Json UnsignedAt(const void* buffer, std::int64_t at) {
  const std::uint64_t value = Load<Narrow>(buffer, at);
  return value <= static_cast<std::uint64_t>(kExactInteger) ? Json::Integer(static_cast<std::int64_t>(value))
                                                            : Json(std::to_string(value));
}

Json IntegerAt(const ArrowField& field, const void* buffer, std::int64_t at) {
  switch (field.width) {
    case 1: return field.is_signed ? SignedAt<std::int8_t>(buffer, at) : UnsignedAt<std::uint8_t>(buffer, at);
    case 2: return field.is_signed ? SignedAt<std::int16_t>(buffer, at) : UnsignedAt<std::uint16_t>(buffer, at);
    case 4: return field.is_signed ? SignedAt<std::int32_t>(buffer, at) : UnsignedAt<std::uint32_t>(buffer, at);
    default: return field.is_signed ? SignedAt<std::int64_t>(buffer, at) : UnsignedAt<std::uint64_t>(buffer, at);
  }
}

absl::StatusOr<Json> FloatAt(const ArrowField& field, const void* buffer, std::int64_t at) {
  const double value = field.width == 4 ? static_cast<double>(Load<float>(buffer, at)) : Load<double>(buffer, at);
  if (std::isfinite(value)) return Json(value);
  return WrongValue(field, std::isnan(value) ? "NaN" : "an infinite number", "a finite number or null");
}

// Digits of an unsigned number of 32-bit parts, lowest first.
std::string DigitsOf(std::vector<std::uint32_t> parts) {
  constexpr std::uint64_t kBillion = 1'000'000'000;
  std::string digits;  // lowest first
  while (!parts.empty()) {
    std::uint64_t rest = 0;
    for (std::size_t i = parts.size(); i-- > 0;) {
      const std::uint64_t value = rest << 32 | parts[i];
      parts[i] = static_cast<std::uint32_t>(value / kBillion);
      rest = value % kBillion;
    }
    while (!parts.empty() && parts.back() == 0) parts.pop_back();
    for (int i = 0; i < 9; ++i, rest /= 10) digits.push_back(static_cast<char>('0' + rest % 10));
  }
  digits.erase(digits.find_last_not_of('0') + 1);
  std::reverse(digits.begin(), digits.end());
  return digits;
}

Json DecimalAt(const ArrowField& field, const void* buffer, std::int64_t at) {
  const std::int64_t count = field.width / 4;
  std::vector<std::uint32_t> parts(static_cast<std::size_t>(count));
  for (std::int64_t i = 0; i < count; ++i) {
    parts[static_cast<std::size_t>(i)] = Load<std::uint32_t>(buffer, at * count + (std::endian::native == std::endian::big ? count - 1 - i : i));
  }
  const bool negative = (parts.back() >> 31) != 0;
  std::uint64_t carry = negative ? 1 : 0;
  for (std::uint32_t& part : parts) {
    if (!negative) break;
    carry += static_cast<std::uint32_t>(~part);  // two's complement
    part = static_cast<std::uint32_t>(carry);
    carry >>= 32;
  }
  std::string text = DigitsOf(std::move(parts));
  if (field.scale < 0 && !text.empty()) text.append(static_cast<std::size_t>(-field.scale), '0');
  const auto decimals = static_cast<std::size_t>(std::max(field.scale, 0));
  if (text.size() <= decimals) text.insert(0, decimals + 1 - text.size(), '0');
  if (decimals > 0) text.insert(text.size() - decimals, 1, '.');
  return Json(negative ? "-" + text : text);
}

absl::StatusOr<Json> DateAt(const ArrowField& field, const void* buffer, std::int64_t at) {
  constexpr std::int64_t kMillisPerDay = 86'400'000;
  static const Day kEpoch(1970, 1, 1);
  const std::int64_t value = field.width == 4 ? Load<std::int32_t>(buffer, at) : Load<std::int64_t>(buffer, at);
  if (field.width == 8 && value % kMillisPerDay != 0) return WrongValue(field, absl::StrCat(value, " ms since 1970"), "a whole day");
  const std::int64_t days = field.width == 4 ? value : value / kMillisPerDay;
  if (days < Day(1, 1, 1) - kEpoch || days > Day(9999, 12, 31) - kEpoch) {
    return WrongValue(field, absl::StrCat("day ", days, " since 1970"), "a day in years 1 to 9999");
  }
  return Json(FormatDay(kEpoch + days));
}

absl::StatusOr<Json> TimestampAt(const ArrowField& field, const void* buffer, std::int64_t at) {
  constexpr std::int64_t kMicros = 1'000'000;
  const auto value = Load<std::int64_t>(buffer, at);
  const std::int64_t finer = std::max<std::int64_t>(field.per_second / kMicros, 1);
  const std::int64_t coarser = std::max<std::int64_t>(kMicros / field.per_second, 1);
  if (value % finer != 0) return WrongValue(field, absl::StrCat(value, " ns since 1970"), "a time in whole microseconds");
  const std::int64_t in_micros = value / finer;
  if (in_micros < Instant::Min().micros() / coarser || in_micros > Instant::Max().micros() / coarser) {
    return WrongValue(field, absl::StrCat(value, " since 1970"), "a time in years 1 to 9999");
  }
  std::string text = FormatInstant(Instant::FromMicros(in_micros * coarser));
  if (!field.has_zone) text.pop_back();  // a wall clock; the "Z" would be a claim nobody made
  return Json(std::move(text));
}

}  // namespace

absl::Status CheckArrowArray(const ArrowField& field, const ArrowArray* array, std::int64_t needed) {
  if (array == nullptr || array->release == nullptr) return Broken(field, "found an array that is released, expected a live one");
  RAPPORT_RETURN_IF_ERROR(CheckCounts(field, *array, needed));
  RAPPORT_RETURN_IF_ERROR(CheckBuffers(field, *array));
  const auto children = static_cast<std::int64_t>(field.children.size());
  if (array->n_children != children || (children > 0 && array->children == nullptr)) {
    return Broken(field, absl::StrCat("found ", array->n_children, " child arrays, expected ", children));
  }
  // A struct's offset moves its children too; a list's does not.
  const std::int64_t inner = field.kind == ArrowKind::kStruct ? array->offset + array->length : 0;
  for (std::int64_t i = 0; i < children; ++i) {
    RAPPORT_RETURN_IF_ERROR(CheckArrowArray(field.children[static_cast<std::size_t>(i)], array->children[i], inner));
  }
  if ((array->dictionary != nullptr) != (field.dictionary != nullptr)) {
    return Broken(field, array->dictionary != nullptr ? "found a dictionary that the schema does not have" : "found no dictionary");
  }
  return field.dictionary == nullptr ? absl::OkStatus() : CheckArrowArray(*field.dictionary, array->dictionary, 0);
}

bool IsArrowValid(const ArrowArray& array, std::int64_t at) {
  return array.null_count == 0 || array.buffers[0] == nullptr || BitAt(array.buffers[0], at);
}

absl::Status ArrowCellReader::Spend(const ArrowField& field, std::int64_t bytes) {
  if (bytes <= left_) {
    left_ -= bytes;
    return absl::OkStatus();
  }
  return Invalid("arrow.too_large", absl::StrCat(field.Place(), ": found a row of more than ", kMostBytes >> 20, " MiB, expected less"));
}

absl::StatusOr<Json> ArrowCellReader::Read(const ArrowField& field, const ArrowArray& array, std::int64_t index) {
  RAPPORT_RETURN_IF_ERROR(Spend(field, kValueBytes));
  if (field.kind == ArrowKind::kNull) return Json();
  const std::int64_t at = array.offset + index;
  if (!IsArrowValid(array, at)) return Json();
  if (field.dictionary != nullptr) return ReadDictionary(field, array, at);
  switch (field.kind) {
    case ArrowKind::kBool: return Json(BitAt(array.buffers[1], at));
    case ArrowKind::kInteger: return IntegerAt(field, array.buffers[1], at);
    case ArrowKind::kFloat: return FloatAt(field, array.buffers[1], at);
    case ArrowKind::kText: return ReadText(field, array, at);
    case ArrowKind::kTextView: return ReadTextView(field, array, at);
    case ArrowKind::kDecimal: return DecimalAt(field, array.buffers[1], at);
    case ArrowKind::kDate: return DateAt(field, array.buffers[1], at);
    case ArrowKind::kTimestamp: return TimestampAt(field, array.buffers[1], at);
    case ArrowKind::kStruct: return ReadStruct(field, array, at);
    case ArrowKind::kList: return ReadList(field, array, at);
    case ArrowKind::kNull: break;
  }
  return Json();
}

namespace {

struct Range {
  std::int64_t from = 0;
  std::int64_t to = 0;
};

absl::StatusOr<Range> RangeAt(const ArrowField& field, const void* offsets, std::int64_t at) {
  const Range range = field.width == 4 ? Range{Load<std::int32_t>(offsets, at), Load<std::int32_t>(offsets, at + 1)}
                                       : Range{Load<std::int64_t>(offsets, at), Load<std::int64_t>(offsets, at + 1)};
  if (0 <= range.from && range.from <= range.to) return range;
  return Broken(field, absl::StrCat("found an offset ", range.to, " after ", range.from, ", expected offsets that do not run backwards"));
}

}  // namespace

absl::StatusOr<Json> ArrowCellReader::TakeText(const ArrowField& field, const char* data, std::int64_t size) {
  if (size == 0) return Json("");
  if (data == nullptr) return Broken(field, absl::StrCat("found a text of ", size, " bytes without its buffer"));
  RAPPORT_RETURN_IF_ERROR(Spend(field, size));
  std::string text(data, static_cast<std::size_t>(size));
  if (!IsUtf8(text)) return Broken(field, "found a text that is not UTF-8");
  return Json(std::move(text));
}

absl::StatusOr<Json> ArrowCellReader::ReadText(const ArrowField& field, const ArrowArray& array, std::int64_t at) {
  RAPPORT_ASSIGN_OR_RETURN(const Range range, RangeAt(field, array.buffers[1], at));
  const char* bytes = static_cast<const char*>(array.buffers[2]);
  return TakeText(field, bytes == nullptr ? nullptr : bytes + range.from, range.to - range.from);
}

absl::StatusOr<Json> ArrowCellReader::ReadTextView(const ArrowField& field, const ArrowArray& array, std::int64_t at) {
  const char* view = static_cast<const char*>(array.buffers[1]) + at * field.width;
  const std::int64_t size = Load<std::int32_t>(view, 0);
  if (size < 0) return Broken(field, absl::StrCat("found a text of ", size, " bytes"));
  if (size <= kInlineText) return TakeText(field, view + 4, size);
  const std::int64_t buffer = Load<std::int32_t>(view, 2);
  const std::int64_t from = Load<std::int32_t>(view, 3);
  const std::int64_t count = array.n_buffers - 3;
  if (buffer < 0 || buffer >= count) return Broken(field, absl::StrCat("found a text in buffer ", buffer, " of ", count));
  const auto room = Load<std::int64_t>(array.buffers[array.n_buffers - 1], buffer);
  if (from < 0 || from > room - size) {
    return Broken(field, absl::StrCat("found a text of ", size, " bytes at ", from, " in a buffer of ", room));
  }
  return TakeText(field, static_cast<const char*>(array.buffers[2 + buffer]) + from, size);
}

absl::StatusOr<Json> ArrowCellReader::ReadStruct(const ArrowField& field, const ArrowArray& array, std::int64_t at) {
  Json::Object members;
  for (std::size_t i = 0; i < field.children.size(); ++i) {
    RAPPORT_ASSIGN_OR_RETURN(Json value, Read(field.children[i], *array.children[i], at));
    if (value.is_null()) continue;
    RAPPORT_RETURN_IF_ERROR(Spend(field, static_cast<std::int64_t>(field.children[i].name.size())));
    members.emplace(field.children[i].name, std::move(value));
  }
  return Json(std::move(members));
}

absl::StatusOr<Json> ArrowCellReader::ReadList(const ArrowField& field, const ArrowArray& array, std::int64_t at) {
  RAPPORT_ASSIGN_OR_RETURN(const Range range, RangeAt(field, array.buffers[1], at));
  const ArrowArray& values = *array.children[0];
  if (range.to > values.length) {
    return Broken(field, absl::StrCat("found a list up to value ", range.to, " of ", values.length));
  }
  Json::Array list;
  for (std::int64_t i = range.from; i < range.to; ++i) {
    RAPPORT_ASSIGN_OR_RETURN(Json value, Read(field.children[0], values, i));
    list.push_back(std::move(value));
  }
  return Json(std::move(list));
}

absl::StatusOr<Json> ArrowCellReader::ReadDictionary(const ArrowField& field, const ArrowArray& array, std::int64_t at) {
  const std::optional<std::int64_t> index = IntegerAt(field, array.buffers[1], at).if_integer();
  if (!index || *index < 0 || *index >= array.dictionary->length) {
    return Broken(field, absl::StrCat("found a place outside the dictionary of ", array.dictionary->length, " values"));
  }
  return Read(*field.dictionary, *array.dictionary, *index);
}

}  // namespace rapport::capi

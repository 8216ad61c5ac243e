#include "arrow_field.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "rapport/core/ids.hpp"
#include "rapport/core/status.hpp"

namespace rapport::capi {
namespace {

// Bounds on what a hostile schema may ask of us: a child may be its own parent.
constexpr int kDeepest = 32;
constexpr int kMostFields = 10'000;
constexpr int kMostScale = 76;  // as many digits as decimal256 has

struct PlainFormat {
  std::string_view format;
  ArrowKind kind;
  int width;
  bool is_signed;
};
constexpr PlainFormat kPlain[] = {
    {"n", ArrowKind::kNull, 0, true},     {"b", ArrowKind::kBool, 0, true},      {"c", ArrowKind::kInteger, 1, true},
    {"C", ArrowKind::kInteger, 1, false}, {"s", ArrowKind::kInteger, 2, true},   {"S", ArrowKind::kInteger, 2, false},
    {"i", ArrowKind::kInteger, 4, true},  {"I", ArrowKind::kInteger, 4, false},  {"l", ArrowKind::kInteger, 8, true},
    {"L", ArrowKind::kInteger, 8, false}, {"f", ArrowKind::kFloat, 4, true},     {"g", ArrowKind::kFloat, 8, true},
    {"u", ArrowKind::kText, 4, true},     {"U", ArrowKind::kText, 8, true},      {"vu", ArrowKind::kTextView, 16, true},
    {"tdD", ArrowKind::kDate, 4, true},   {"tdm", ArrowKind::kDate, 8, true},    {"+s", ArrowKind::kStruct, 0, true},
    {"+l", ArrowKind::kList, 4, true},    {"+L", ArrowKind::kList, 8, true},
};

struct TimeFormat {
  std::string_view prefix;
  std::int64_t per_second;
};
constexpr TimeFormat kTimestamps[] = {{"tss:", 1}, {"tsm:", 1'000}, {"tsu:", 1'000'000}, {"tsn:", 1'000'000'000}};

// Formats that are refused, by the first letters that tell them, in the words of whoever made the column.
struct RefusedFormat {
  std::string_view prefix;
  std::string_view name;
};
constexpr RefusedFormat kRefused[] = {
    {"e", "float16"},      {"z", "binary"},         {"Z", "large binary"},     {"vz", "binary view"}, {"w:", "fixed-size binary"},
    {"tt", "time of day"}, {"tD", "duration"},      {"ti", "interval"},        {"ts", "timestamp"},   {"d:", "decimal"},
    {"+m", "map"},         {"+w", "fixed-size list"}, {"+vl", "list view"},    {"+vL", "list view"},  {"+u", "union"},
    {"+r", "run-end encoded"},
};

absl::Status Unsupported(const ArrowField& field, std::string_view format) {
  std::string_view name = "unknown";
  for (const RefusedFormat& refused : kRefused) {
    if (format.substr(0, refused.prefix.size()) == refused.prefix) name = refused.name;
  }
  return Invalid("arrow.unsupported_type",
                 absl::StrCat(field.Place(), ": found the Arrow format \"", OneLine(format), "\" (", ToAbsl(name),
                              "), expected text, a number, a boolean, a date, a timestamp, a struct or a list"));
}

absl::Status Broken(const ArrowField& field, std::string_view what) {
  return Invalid("arrow.invalid", absl::StrCat(field.Place(), ": ", ToAbsl(what)));
}

std::optional<int> TakeInt(std::string_view& text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (!text.empty()) {
    if (text.front() != ',' || text.size() == 1) return std::nullopt;
    text.remove_prefix(1);
  }
  return value;
}

// "d:precision,scale" or "d:precision,scale,bits"
bool ReadDecimal(std::string_view format, ArrowField& field) {
  std::string_view rest = format.substr(2);
  const std::optional<int> precision = TakeInt(rest);
  const std::optional<int> scale = precision ? TakeInt(rest) : std::nullopt;
  const std::optional<int> bits = rest.empty() ? 128 : TakeInt(rest);
  if (!scale || !bits || !rest.empty()) return false;
  if ((*bits != 128 && *bits != 256) || *precision < 1 || *scale < -kMostScale || *scale > kMostScale) return false;
  field.kind = ArrowKind::kDecimal;
  field.width = *bits / 8;
  field.scale = *scale;
  return true;
}

bool ReadFormat(std::string_view format, ArrowField& field) {
  for (const PlainFormat& plain : kPlain) {
    if (plain.format != format) continue;
    field.kind = plain.kind;
    field.width = plain.width;
    field.is_signed = plain.is_signed;
    return true;
  }
  for (const TimeFormat& time : kTimestamps) {
    if (format.substr(0, time.prefix.size()) != time.prefix) continue;
    field.kind = ArrowKind::kTimestamp;
    field.width = 8;
    field.per_second = time.per_second;
    field.has_zone = format.size() > time.prefix.size();
    return true;
  }
  return format.substr(0, 2) == "d:" && ReadDecimal(format, field);
}

std::string PathOf(const ArrowField& parent, const std::string& name, std::int64_t position) {
  if (parent.kind == ArrowKind::kList) return parent.path + "[]";
  const std::string shown = name.empty() ? absl::StrCat("#", position + 1) : name;
  return parent.path.empty() ? shown : absl::StrCat(parent.path, ".", shown);
}

class SchemaReader {
 public:
  absl::StatusOr<ArrowField> Read(const ArrowSchema* schema, std::string name, std::string path, int depth) {
    ArrowField field;
    field.name = std::move(name);
    field.path = std::move(path);
    if (depth > kDeepest || ++fields_ > kMostFields) {
      return Invalid("arrow.too_large", absl::StrCat(field.Place(), ": found a schema of more than ", kDeepest, " levels or ", kMostFields,
                                                     " fields, expected fewer"));
    }
    if (schema == nullptr || schema->release == nullptr) return Broken(field, "found a schema that is released, expected a live one");
    if (schema->format == nullptr) return Broken(field, "found a schema without format");
    if (!ReadFormat(schema->format, field)) return Unsupported(field, schema->format);
    RAPPORT_RETURN_IF_ERROR(ReadChildren(*schema, depth, field));
    RAPPORT_RETURN_IF_ERROR(ReadDictionary(*schema, depth, field));
    return field;
  }

 private:
  absl::Status ReadChildren(const ArrowSchema& schema, int depth, ArrowField& field) {
    const std::int64_t count = schema.n_children;
    const bool fits = field.kind == ArrowKind::kStruct ? count >= 0 : count == (field.kind == ArrowKind::kList ? 1 : 0);
    if (!fits || (count > 0 && schema.children == nullptr)) {
      return Broken(field, absl::StrCat("found ", count, " child fields, which \"", OneLine(schema.format), "\" does not have"));
    }
    std::set<std::string_view> names;
    field.children.reserve(static_cast<std::size_t>(std::min<std::int64_t>(count, kMostFields)));
    for (std::int64_t i = 0; i < count; ++i) {
      const ArrowSchema* child = schema.children[i];
      const char* given = child == nullptr ? nullptr : child->name;
      std::string name = given == nullptr ? "" : given;
      if (!IsUtf8(name)) return Broken(field, absl::StrCat("found a name that is not UTF-8 at position ", i));
      std::string path = PathOf(field, name, i);
      RAPPORT_ASSIGN_OR_RETURN(ArrowField read, Read(child, std::move(name), std::move(path), depth + 1));
      field.children.push_back(std::move(read));
      // Reserved above, so the names stay where they are.
      if (names.insert(field.children.back().name).second) continue;
      return Invalid("arrow.duplicate_column", absl::StrCat(field.children.back().Place(), ": found twice, expected names that differ"));
    }
    return absl::OkStatus();
  }

  absl::Status ReadDictionary(const ArrowSchema& schema, int depth, ArrowField& field) {
    if (schema.dictionary == nullptr) return absl::OkStatus();
    if (field.kind != ArrowKind::kInteger) return Broken(field, "found a dictionary whose index is no integer");
    RAPPORT_ASSIGN_OR_RETURN(ArrowField values, Read(schema.dictionary, field.name, field.path, depth + 1));
    if (values.kind == ArrowKind::kStruct || values.kind == ArrowKind::kList || values.dictionary != nullptr) {
      return Invalid("arrow.unsupported_type", absl::StrCat(field.Place(), ": found a dictionary of \"", OneLine(schema.dictionary->format),
                                                            "\", expected one of text, numbers or times"));
    }
    field.dictionary = std::make_unique<ArrowField>(std::move(values));
    return absl::OkStatus();
  }

  int fields_ = 0;
};

}  // namespace

std::string ArrowField::Place() const { return path.empty() ? "the table" : absl::StrCat("column \"", OneLine(path), "\""); }

absl::StatusOr<ArrowField> ReadArrowSchema(const ArrowSchema& schema) {
  RAPPORT_ASSIGN_OR_RETURN(ArrowField table, SchemaReader().Read(&schema, "", "", 0));
  if (table.kind == ArrowKind::kStruct && table.dictionary == nullptr) return table;
  return Invalid("arrow.unsupported_type", absl::StrCat("the table: found the Arrow format \"", OneLine(schema.format),
                                                        "\", expected \"+s\", a struct whose members are the columns"));
}

std::string OneLine(std::string_view text) {
  constexpr std::size_t kLongest = 300;
  std::size_t end = std::min(text.size(), kLongest);
  while (end > 0 && end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  std::string line(text.substr(0, end));
  const bool utf8 = IsUtf8(line);
  for (char& c : line) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F) c = ' ';
    if (byte >= 0x80 && !utf8) c = '?';
  }
  return end < text.size() ? line + "..." : line;
}

}  // namespace rapport::capi

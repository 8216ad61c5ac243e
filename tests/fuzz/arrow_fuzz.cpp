// Arrow streams that own what they hold and lie about the rest: they are rows of JSON or a Status, and are released once. Lengths up to
// what buffers hold are honest wherever a reader has to believe them (fixed widths, offsets into text); everything a reader can check,
// the bytes choose freely.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "arrow_import.hpp"
#include "capi/arrow_build.hpp"
#include "event_rows.hpp"
#include "rapport/core/status.hpp"

namespace rapport::arrow_fuzz {

using arrow_build::ArraySpec;
using arrow_build::SchemaSpec;
using arrow_build::StreamSpec;

// The input; after its end come zeros, which stand for the plain choice everywhere.
class Input {
 public:
  Input(const std::uint8_t* bytes, std::size_t size) : bytes_(bytes), size_(size) {}
  std::uint8_t Byte() { return at_ < size_ ? bytes_[at_++] : 0; }
  std::size_t UpTo(std::size_t most) { return Byte() % (most + 1); }
  // A lie is rare, so that most inputs get past the first check.
  bool Lies() { return Byte() >= 250; }
  std::string Raw(std::size_t size) {
    std::string raw(size, '\0');
    for (char& c : raw) c = static_cast<char>(Byte());
    return raw;
  }
  std::int64_t Odd() {
    static constexpr std::int64_t kOdd[] = {-1, INT64_MIN, INT64_MAX, INT64_MAX / 64, -2, 0};
    return kOdd[UpTo(std::size(kOdd) - 1)];
  }

 private:
  const std::uint8_t* bytes_;
  std::size_t size_;
  std::size_t at_ = 0;
};

constexpr std::int64_t kTextBytes = 40;
constexpr const char* kFormats[] = {"u",  "i",  "vu",   "+s",      "+l",     "b",          "l",         "L",    "g",    "tsu:UTC",
                                    "U",  "n",  "+L",   "tdD",     "tdm",    "d:38,2",     "d:76,-3,256", "c",  "C",    "s",
                                    "S",  "I",  "f",    "tss:",    "tsm:",   "tsn:Asia/Tokyo", "e",       "z",    "+m",   "d:9",
                                    "w:4", "+us:0", ""};
constexpr const char* kNames[] = {"id", "time", "data", "lines", "a.json", "event", "data.x", "", "\xFF", "note"};

SchemaSpec MakeSchema(Input& in, int depth, bool may_code) {
  SchemaSpec schema;
  schema.format = kFormats[in.UpTo(std::size(kFormats) - 1)];
  schema.name = kNames[in.UpTo(std::size(kNames) - 1)];
  const bool nested = depth < 4;
  if (*schema.format == "+s" && nested) {
    for (std::size_t i = in.UpTo(3); i > 0; --i) schema.children.push_back(MakeSchema(in, depth + 1, true));
  }
  if ((*schema.format == "+l" || *schema.format == "+L") && nested) schema.children.push_back(MakeSchema(in, depth + 1, true));
  if (may_code && in.Byte() >= 200) schema.dictionary.push_back(MakeSchema(in, depth + 1, false));
  if (in.Lies()) schema.claimed_children = in.Odd() % 8;
  if (in.Lies()) schema.without_children = true;
  if (in.Lies()) schema.is_released = true;
  if (in.Lies()) schema.format = std::nullopt;
  if (in.Lies()) schema.name = std::nullopt;
  return schema;
}

std::size_t WidthOf(const std::string& format) {
  if (format == "c" || format == "C") return 1;
  if (format == "s" || format == "S") return 2;
  if (format == "i" || format == "I" || format == "f" || format == "tdD") return 4;
  if (format == "vu" || format == "d:38,2") return 16;
  return format == "d:76,-3,256" ? 32 : 8;
}

// Offsets into text: honest at the top, since nobody tells a reader where the bytes end; anything below, in any order.
template <class T>
std::string Offsets(Input& in, std::int64_t count, std::int64_t most) {
  std::vector<T> offsets;
  for (std::int64_t i = 0; i <= count; ++i) {
    const std::int64_t step = in.Byte();
    offsets.push_back(static_cast<T>(step >= 250 ? -step : std::min(most, i == 0 ? 0 : std::max<std::int64_t>(0, offsets.back()) + step % 8)));
    if (step % 16 == 15) offsets.back() = static_cast<T>(step % (most + 1));
  }
  return arrow_build::Bytes(offsets);
}

void MakeBuffers(Input& in, const std::string& format, std::int64_t count, ArraySpec& array) {
  const auto size = static_cast<std::size_t>(count);
  if (format == "n") return;
  if (in.UpTo(1) == 1) {
    array.buffers.push_back(in.Raw((size + 7) / 8));
  } else {
    array.buffers.push_back(std::nullopt);
  }
  if (format == "+s") return;
  if (format == "u" || format == "+l") {
    array.buffers.push_back(Offsets<std::int32_t>(in, count, kTextBytes));
  } else if (format == "U" || format == "+L") {
    array.buffers.push_back(Offsets<std::int64_t>(in, count, kTextBytes));
  } else {
    array.buffers.push_back(in.Raw(format == "b" ? (size + 7) / 8 : size * WidthOf(format)));
  }
  if (format == "u" || format == "U") array.buffers.push_back(in.Raw(kTextBytes));
  if (format != "vu") return;
  std::vector<std::int64_t> sizes;
  for (std::size_t i = in.UpTo(2); i > 0; --i) {
    sizes.push_back(static_cast<std::int64_t>(in.UpTo(30)));
    array.buffers.push_back(in.Raw(static_cast<std::size_t>(sizes.back())));
    if (in.Lies()) sizes.back() = -1;
  }
  array.buffers.push_back(arrow_build::Bytes(sizes));
}

void Lie(Input& in, ArraySpec& array) {
  if (in.Lies()) array.is_released = true;
  if (in.Lies()) array.without_buffers = true;
  if (in.Lies()) array.without_children = true;
  if (in.Lies()) array.claimed_children = in.Odd() % 8;
  if (in.Lies()) array.null_count = in.Odd();
  if (in.Lies()) (in.UpTo(1) == 0 ? array.length : array.offset) = std::min<std::int64_t>(in.Odd(), -1);
  if (in.Lies()) array.offset = INT64_MAX - 3;
  if (in.Lies() && !array.buffers.empty()) array.buffers[in.UpTo(array.buffers.size() - 1)] = std::nullopt;
  // Of views, the last buffer is believed to be sizes, so only what all layouts have is cut.
  if (in.Lies()) array.buffers.resize(in.UpTo(array.buffers.size() > 3 ? 3 : 5), std::nullopt);
}

ArraySpec MakeArray(Input& in, const SchemaSpec& schema, std::int64_t needed) {
  ArraySpec array;
  array.offset = static_cast<std::int64_t>(in.UpTo(3));
  array.length = needed + static_cast<std::int64_t>(in.UpTo(2));
  if (in.Lies()) array.length = std::max<std::int64_t>(0, needed - 1);
  array.null_count = in.UpTo(2) == 0 ? 0 : -1;
  const std::string format = schema.format.value_or("");
  const std::int64_t count = array.offset + array.length;
  MakeBuffers(in, format, count, array);
  const bool list = format == "+l" || format == "+L";
  for (const SchemaSpec& child : schema.children) array.children.push_back(MakeArray(in, child, list ? static_cast<std::int64_t>(in.UpTo(20)) : count));
  for (const SchemaSpec& values : schema.dictionary) array.dictionary.push_back(MakeArray(in, values, static_cast<std::int64_t>(in.UpTo(5))));
  if (in.Lies()) array.dictionary.clear();
  Lie(in, array);
  return array;
}

StreamSpec MakeStream(Input& in) {
  StreamSpec spec;
  spec.schema.format = in.Lies() ? "u" : "+s";
  for (std::size_t i = in.UpTo(4); i > 0; --i) spec.schema.children.push_back(MakeSchema(in, 1, true));
  for (std::size_t i = in.UpTo(2); i > 0; --i) spec.batches.push_back(MakeArray(in, spec.schema, static_cast<std::int64_t>(in.UpTo(10))));
  if (in.Lies()) spec.end_code = 5;
  if (in.Lies()) spec.schema_code = 12;
  if (in.Lies()) spec.error = in.Raw(8);
  if (in.Lies()) spec.without_functions = true;
  return spec;
}

absl::Status CheckRow(const std::vector<std::string>& columns, std::vector<Json>&& row) {
  RAPPORT_INVARIANT(row.size() == columns.size(), "a cell a column");
  for (const Json& cell : row) {
    const absl::StatusOr<Json> again = Json::Parse(cell.Canonical());
    RAPPORT_INVARIANT(again.ok() && *again == cell, "a cell is JSON that can be written and read");
  }
  const absl::StatusOr<Json> event = capi::EventOfRow(columns, std::move(row));
  RAPPORT_INVARIANT(event.ok() || TokenOf(event.status()) != "internal", "every refusal has a token");
  return absl::OkStatus();
}

// How many rows came out.
int Run(const std::uint8_t* bytes, std::size_t size) {
  Input in(bytes, size);
  const std::size_t patience = in.UpTo(255);
  const StreamSpec spec = MakeStream(in);
  arrow_build::Stream stream(spec);
  std::vector<std::string> columns;
  int rows = 0;
  const absl::Status status = capi::ReadArrowStream(
      stream.get(),
      [&](const std::vector<std::string>& names) {
        columns = names;
        return absl::OkStatus();
      },
      [&](std::vector<Json>&& row) {
        if (++rows > 200 - static_cast<int>(std::min<std::size_t>(patience, 199))) return Invalid("test.enough", "enough");
        return CheckRow(columns, std::move(row));
      });
  RAPPORT_INVARIANT(stream.tally().AllReleasedOnce(), "everything is released once");
  RAPPORT_INVARIANT(status.ok() || (TokenOf(status) != "internal" && !status.message().empty()), "every refusal has a token and words");
  RAPPORT_INVARIANT(status.message().find('\n') == absl::string_view::npos, "in one line");
  return rows;
}

}  // namespace rapport::arrow_fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static_cast<void>(rapport::arrow_fuzz::Run(bytes, size));
  return 0;
}

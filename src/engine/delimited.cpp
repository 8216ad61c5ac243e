#include "engine/delimited.hpp"

#include <csv.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace rapport {
namespace {

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

bool IsBlank(const std::string& cell) { return cell.find_first_not_of(" \t\r\n") == std::string::npos; }

// What libcsv's callbacks fill.
struct CsvSink {
  DelimitedRows out;
  DelimitedRow current;
  std::int64_t line = 1;
  bool open = false;                    // the line at hand belongs to a row that began before it
};

void AddRow(CsvSink& sink) {
  const bool blank = std::all_of(sink.current.fields.begin(), sink.current.fields.end(), IsBlank);
  if (blank) ++sink.out.blank;
  else sink.out.rows.push_back(std::move(sink.current));
  sink.out.blank_at_end = blank;
  sink.current = DelimitedRow{sink.line, {}};   // a lone carriage return ends a row within a line
}

void OnField(void* text, std::size_t size, void* sink) {
  static_cast<CsvSink*>(sink)->current.fields.emplace_back(static_cast<const char*>(text), size);
}

void OnRow(int, void* sink) { AddRow(*static_cast<CsvSink*>(sink)); }

struct FreeParser {
  void operator()(csv_parser* parser) const {
    csv_free(parser);
    delete parser;
  }
};

}  // namespace

absl::StatusOr<std::string> ReadWhole(const std::string& path, std::size_t most) {
  std::unique_ptr<std::FILE, CloseFile> file(std::fopen(path.c_str(), "rb"));
  if (file == nullptr) {
    const absl::StatusCode code = errno == ENOENT ? absl::StatusCode::kNotFound : absl::StatusCode::kPermissionDenied;
    return Fail(code, "import.unreadable", absl::StrCat(path, ": ", std::strerror(errno)));
  }
  std::string text;
  char buffer[1 << 16];
  while (const std::size_t read = std::fread(buffer, 1, sizeof buffer, file.get())) {
    text.append(buffer, read);
    if (most > 0 && text.size() >= most) break;
  }
  if (std::ferror(file.get()) != 0) {
    return Fail(absl::StatusCode::kUnavailable, "import.unreadable", absl::StrCat(path, ": ", std::strerror(errno)));
  }
  return text;
}

DelimitedRows SplitOnSpaces(std::string_view text) {
  DelimitedRows out;
  std::int64_t line = 0;
  for (const absl::string_view raw : absl::StrSplit(ToAbsl(text), '\n')) {
    ++line;
    DelimitedRow row{line, absl::StrSplit(raw, absl::ByAnyChar(" \t\r"), absl::SkipEmpty())};
    if (!row.fields.empty()) out.rows.push_back(std::move(row));
  }
  return out;
}

absl::StatusOr<DelimitedRows> SplitDelimited(std::string_view text, char delimiter, char quote, std::string_view path, std::int64_t most) {
  std::unique_ptr<csv_parser, FreeParser> parser(new csv_parser());
  if (csv_init(parser.get(), CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL) != 0) {
    return Fail(absl::StatusCode::kResourceExhausted, "import.unreadable", "the parser of delimited text did not start");
  }
  csv_set_delim(parser.get(), static_cast<unsigned char>(delimiter));
  csv_set_quote(parser.get(), static_cast<unsigned char>(quote));   // no NUL stands in the text
  CsvSink sink;
  const auto broken = [&]() {
    return Invalid("import.invalid_row", absl::StrCat(ToAbsl(path), ", line ", sink.line, ": found ",
                                                      csv_strerror(csv_error(parser.get())),
                                                      ", expected RFC 4180 quoting"));
  };
  for (; !text.empty(); ++sink.line) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    if (!sink.open) sink.current.line = sink.line;
    // An empty line is no row for libcsv; it is a blank one for us.
    if (!sink.open && IsBlank(std::string(text.substr(0, end)))) {
      AddRow(sink);
    } else {
      if (csv_parse(parser.get(), text.data(), end, OnField, OnRow, &sink) != end) return broken();
      sink.open = parser->pstate != 0;   // 0: no row has begun
    }
    text.remove_prefix(end);
    if (most > 0 && static_cast<std::int64_t>(sink.out.rows.size()) >= most) return std::move(sink.out);
  }
  if (csv_fini(parser.get(), OnField, OnRow, &sink) != 0) return broken();
  return std::move(sink.out);
}

}  // namespace rapport

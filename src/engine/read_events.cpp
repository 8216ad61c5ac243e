// Files in: NDJSON by the codec, delimited text by libcsv and a mapping.
#include <csv.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <iterator>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "engine/mapping.hpp"

namespace rapport {
namespace {

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

absl::StatusOr<std::string> ReadWhole(const std::string& path) {
  std::unique_ptr<std::FILE, CloseFile> file(std::fopen(path.c_str(), "rb"));
  if (file == nullptr) {
    const absl::StatusCode code = errno == ENOENT ? absl::StatusCode::kNotFound : absl::StatusCode::kPermissionDenied;
    return Fail(code, "import.unreadable", absl::StrCat(path, ": ", std::strerror(errno)));
  }
  std::string text;
  char buffer[1 << 16];
  while (const std::size_t read = std::fread(buffer, 1, sizeof buffer, file.get())) text.append(buffer, read);
  if (std::ferror(file.get()) != 0) {
    return Fail(absl::StatusCode::kUnavailable, "import.unreadable", absl::StrCat(path, ": ", std::strerror(errno)));
  }
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.erase(0, kByteOrderMark.size());
  return text;
}

struct Row {
  std::int64_t line = 0;
  std::vector<std::string> fields;
};

// Rows of text split on runs of blanks: no quoting, one row a line.
std::vector<Row> RowsOnSpaces(std::string_view text) {
  std::vector<Row> rows;
  std::int64_t line = 0;
  for (const absl::string_view raw : absl::StrSplit(ToAbsl(text), '\n')) {
    ++line;
    Row row{line, absl::StrSplit(raw, absl::ByAnyChar(" \t\r"), absl::SkipEmpty())};
    if (!row.fields.empty()) rows.push_back(std::move(row));
  }
  return rows;
}

// What libcsv's callbacks fill.
struct CsvSink {
  std::vector<Row> rows;
  Row current;
  std::int64_t line = 1;
};

void OnField(void* text, std::size_t size, void* sink) {
  auto& s = *static_cast<CsvSink*>(sink);
  if (s.current.fields.empty()) s.current.line = s.line;
  s.current.fields.emplace_back(static_cast<const char*>(text), size);
}

void OnRow(int, void* sink) {
  auto& s = *static_cast<CsvSink*>(sink);
  const bool blank = s.current.fields.size() == 1 && s.current.fields.front().empty();
  if (!s.current.fields.empty() && !blank) s.rows.push_back(std::move(s.current));
  s.current = Row{};
}

struct FreeParser {
  void operator()(csv_parser* parser) const {
    csv_free(parser);
    delete parser;
  }
};

absl::StatusOr<std::vector<Row>> RowsOfCsv(std::string_view text, char delimiter, const std::string& path) {
  std::unique_ptr<csv_parser, FreeParser> parser(new csv_parser);
  if (csv_init(parser.get(), CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL) != 0) {
    return Fail(absl::StatusCode::kResourceExhausted, "import.unreadable", "the parser of delimited text did not start");
  }
  csv_set_delim(parser.get(), static_cast<unsigned char>(delimiter));
  CsvSink sink;
  const auto broken = [&]() {
    return Invalid("import.invalid_row", absl::StrCat(path, ", line ", sink.line, ": found ",
                                                      csv_strerror(csv_error(parser.get())),
                                                      ", expected RFC 4180 quoting"));
  };
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    if (csv_parse(parser.get(), text.data(), end, OnField, OnRow, &sink) != end) return broken();
    text.remove_prefix(end);
    ++sink.line;
  }
  if (csv_fini(parser.get(), OnField, OnRow, &sink) != 0) return broken();
  return std::move(sink.rows);
}

absl::Status MapRow(const MappedFile& file, RowMapper& mapper, const Row& row, const ImportOptions& options,
                    std::string_view path, FileEvents& out) {
  const std::string where = absl::StrCat(ToAbsl(path), ", line ", row.line);
  if (row.fields.size() != file.columns.size()) {
    return Invalid("import.row_width", absl::StrCat(where, ": found ", row.fields.size(), " fields, expected ",
                                                    file.columns.size()));
  }
  const absl::StatusOr<std::vector<Json>> mapped = mapper.Map(row.fields);
  if (!mapped.ok()) return WithContext(mapped.status(), where);
  std::vector<Event> events;
  for (const Json& json : *mapped) {
    RAPPORT_ASSIGN_OR_RETURN(Event event, DecodeEvent(json, options.decode, where));
    events.push_back(std::move(event));
  }
  mapper.Keep();
  std::move(events.begin(), events.end(), std::back_inserter(out.events));
  return absl::OkStatus();
}

// A file whose columns stand in another order would fill the ledger with wrong facts; its header says so.
absl::Status CheckHeader(const MappedFile& file, const std::vector<Row>& rows, std::string_view path) {
  if (!file.header || rows.empty() || rows.front().fields == file.columns) return absl::OkStatus();
  return Invalid("import.header", absl::StrCat(ToAbsl(path), ", line ", rows.front().line, ": found the header ",
                                               absl::StrJoin(rows.front().fields, ", "), ", expected ", absl::StrJoin(file.columns, ", ")));
}

absl::StatusOr<FileEvents> ReadMapped(const std::string& path, const std::string& text, const Mapping& mapping,
                                      const ZoneRules& zones, const ImportOptions& options) {
  RAPPORT_ASSIGN_OR_RETURN(const MappedFile file, CompileMapping(mapping.document(), zones));
  std::vector<Row> rows;
  if (file.split_on_spaces) {
    rows = RowsOnSpaces(text);
  } else {
    RAPPORT_ASSIGN_OR_RETURN(rows, RowsOfCsv(text, file.delimiter, path));
  }
  RAPPORT_RETURN_IF_ERROR(CheckHeader(file, rows, path));
  FileEvents out;
  RowMapper mapper(file);
  absl::Status first;
  for (std::size_t i = file.header ? 1 : 0; i < rows.size(); ++i) {
    ++out.rows;
    const absl::Status status = MapRow(file, mapper, rows[i], options, path, out);
    if (status.ok()) continue;
    if (first.ok()) first = status;
    out.rejected.push_back({rows[i].line, TokenOf(status), std::string(status.message())});
  }
  if (static_cast<std::int64_t>(out.rejected.size()) > options.max_rejects) return first;
  return out;
}

}  // namespace

absl::StatusOr<FileEvents> ReadEvents(const std::string& path, const std::optional<Mapping>& mapping,
                                      const ZoneRules& zones, const ImportOptions& options) {
  RAPPORT_ASSIGN_OR_RETURN(const std::string text, ReadWhole(path));
  if (mapping.has_value()) return ReadMapped(path, text, *mapping, zones, options);
  FileEvents out;
  absl::StatusOr<std::vector<Event>> events = DecodeLines(text, options.decode);
  if (!events.ok()) return WithContext(events.status(), path);
  out.rows = static_cast<std::int64_t>(events->size());
  out.events = *std::move(events);
  return out;
}

}  // namespace rapport

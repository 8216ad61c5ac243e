// Files in: NDJSON by the codec, delimited text by a mapping.
#include <algorithm>
#include <iterator>
#include <map>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "engine/delimited.hpp"

namespace rapport {
namespace {

// Rows that belong together, the head first.
struct Record {
  std::int64_t line = 0;
  std::vector<Cells> rows;
};

// Rows with the columns they stand under, from a file or from memory.
struct FileTable {
  std::string_view name;
  std::string_view unit = "line";
  std::vector<std::string> columns;
  std::int64_t header_line = 0;
};

std::string Where(const FileTable& table, std::int64_t line) { return absl::StrCat(ToAbsl(table.name), ", ", ToAbsl(table.unit), " ", line); }

// A file whose columns stand in another order would fill the ledger with wrong facts; its header says so.
absl::Status CheckHeader(const MappedFile& file, const FileTable& table) {
  if (!file.columns_listed || table.columns == file.columns) return absl::OkStatus();
  return Invalid("import.header", absl::StrCat(Where(table, table.header_line), ": found the header ", absl::StrJoin(table.columns, ", "),
                                               ", expected ", absl::StrJoin(file.columns, ", ")));
}

// For each slot of the mapping its place in the rows; absent for an optional column that is not there.
absl::StatusOr<std::vector<std::optional<std::size_t>>> Bind(const MappedFile& file, const FileTable& table) {
  RAPPORT_RETURN_IF_ERROR(CheckHeader(file, table));
  std::vector<std::optional<std::size_t>> places;
  for (const std::string& name : file.columns) {
    const auto found = std::find(table.columns.begin(), table.columns.end(), name);
    if (found != table.columns.end()) {
      if (std::find(found + 1, table.columns.end(), name) != table.columns.end()) {
        return Invalid("import.header", absl::StrCat(Where(table, table.header_line), ": found the column \"", name, "\" twice, expected it once"));
      }
      places.emplace_back(found - table.columns.begin());
    } else if (file.optional_columns.contains(name)) {
      places.emplace_back(std::nullopt);
    } else {
      return Invalid("import.missing_column", absl::StrCat(Where(table, table.header_line), ": found the columns ",
                                                           absl::StrJoin(table.columns, ", "), ", expected \"", name, "\" among them"));
    }
  }
  return places;
}

Cells Projected(Cells&& row, const MappedFile& file, const std::vector<std::optional<std::size_t>>& places) {
  if (file.columns_listed) return std::move(row);
  Cells cells;
  for (const std::optional<std::size_t>& place : places) cells.push_back(place ? row[*place] : std::string());
  return cells;
}

// One pass over a table: what was made of it, and what was refused.
class TableReader {
 public:
  TableReader(const MappedFile& file, const FileTable& table, const ImportOptions& options) : file_(file), table_(table), options_(options), mapper_(file) {}

  absl::StatusOr<FileEvents> Read(std::vector<DelimitedRow>&& rows) {
    RAPPORT_ASSIGN_OR_RETURN(places_, Bind(file_, table_));
    for (DelimitedRow& row : rows) {
      ++out_.rows;
      Refuse(row.line, Add(std::move(row)));
    }
    for (Record& record : records_) {
      if (file_.group_by) Refuse(record.line, MapRecord(record));
    }
    if (static_cast<std::int64_t>(out_.rejected.size()) > options_.max_rejects) return first_;
    std::stable_sort(out_.rejected.begin(), out_.rejected.end(), [](const RejectedRow& a, const RejectedRow& b) { return a.line < b.line; });
    return std::move(out_);
  }

 private:
  void Refuse(std::int64_t line, const absl::Status& status) {
    if (status.ok()) return;
    if (first_.ok()) first_ = status;
    out_.rejected.push_back({line, TokenOf(status), std::string(status.message())});
  }

  absl::Status Add(DelimitedRow&& row) {
    if (row.fields.size() != table_.columns.size()) {
      return Invalid("import.row_width", absl::StrCat(Where(table_, row.line), ": found ", row.fields.size(), " fields, expected ",
                                                      table_.columns.size()));
    }
    const std::int64_t line = row.line;
    Cells cells = Projected(std::move(row.fields), file_, places_);
    if (file_.group_by) return Join(line, std::move(cells));
    Record record{line, {}};
    record.rows.push_back(std::move(cells));
    return MapRecord(record);
  }

  // To the record with the same key; a row without a key goes on with the record above it.
  absl::Status Join(std::int64_t line, Cells&& cells) {
    absl::StatusOr<std::optional<Json>> key = ReadCell(*file_.group_by, file_, RowPlace{&cells, &cells}, "");
    if (!key.ok()) return WithContext(key.status(), Where(table_, line));
    if (*key) {
      const auto [found, fresh] = by_key_.emplace((*key)->Canonical(), records_.size());
      if (fresh) records_.push_back({line, {}});
      last_ = found->second;
    } else if (!last_) {
      return Invalid("import.missing_group", absl::StrCat(Where(table_, line), ": found a row without a key, expected one to begin a group"));
    }
    records_[*last_].rows.push_back(std::move(cells));
    return absl::OkStatus();
  }

  absl::Status PutHeadFirst(Record& record) const {
    const auto head = std::find_if(record.rows.begin(), record.rows.end(), [&](const Cells& row) { return Holds(file_.group_head.front(), {&row, &row}); });
    if (head == record.rows.end()) {
      return Invalid("import.missing_head", absl::StrCat(Where(table_, record.line), ": found rows that belong to a record whose own row is not in the file"));
    }
    std::rotate(record.rows.begin(), head, head + 1);
    return absl::OkStatus();
  }

  absl::Status MapRecord(Record& record) {
    const std::string where = Where(table_, record.line);
    if (!file_.group_head.empty()) RAPPORT_RETURN_IF_ERROR(PutHeadFirst(record));
    const absl::StatusOr<std::vector<Json>> mapped = mapper_.Map(record.rows);
    if (!mapped.ok()) return WithContext(mapped.status(), where);
    std::vector<Event> events;
    for (const Json& json : *mapped) {
      RAPPORT_ASSIGN_OR_RETURN(Event event, DecodeEvent(json, options_.decode, where));
      events.push_back(std::move(event));
    }
    mapper_.Keep();
    std::move(events.begin(), events.end(), std::back_inserter(out_.events));
    return absl::OkStatus();
  }

  const MappedFile& file_;
  const FileTable& table_;
  const ImportOptions& options_;
  RowMapper mapper_;
  std::vector<std::optional<std::size_t>> places_;
  std::vector<Record> records_;
  std::map<std::string, std::size_t> by_key_;
  std::optional<std::size_t> last_;
  absl::Status first_;
  FileEvents out_;
};

}  // namespace

absl::StatusOr<FileEvents> MapText(std::string_view bytes, std::string_view path, const Mapping& mapping, const ZoneRules& zones,
                                   const ImportOptions& options) {
  RAPPORT_ASSIGN_OR_RETURN(const MappedFile file, CompileMapping(mapping.document(), zones));
  RAPPORT_ASSIGN_OR_RETURN(const std::string text, ToUtf8(bytes, file.encoding, path));
  DelimitedRows rows;
  if (file.split_on_spaces) {
    rows = SplitOnSpaces(text);
  } else {
    RAPPORT_ASSIGN_OR_RETURN(rows, SplitDelimited(text, file.delimiter, file.quote, path));
  }
  FileTable table{path, "line", file.columns, 1};
  if (file.header && !rows.rows.empty()) {
    table.columns = rows.rows.front().fields;
    table.header_line = rows.rows.front().line;
    rows.rows.erase(rows.rows.begin());
  } else if (!file.columns_listed) {
    return Invalid("import.header", absl::StrCat(ToAbsl(path), ": found no row, expected a header"));
  }
  RAPPORT_ASSIGN_OR_RETURN(FileEvents out, TableReader(file, table, options).Read(std::move(rows.rows)));
  out.blank_rows = rows.blank;
  return out;
}

absl::StatusOr<FileEvents> MapRows(const std::vector<std::string>& columns, const std::vector<std::vector<std::string>>& rows,
                                   const Mapping& mapping, const ZoneRules& zones, const ImportOptions& options) {
  RAPPORT_ASSIGN_OR_RETURN(const MappedFile file, CompileMapping(mapping.document(), zones));
  const FileTable table{"rows", "row", columns, 0};
  std::vector<DelimitedRow> content;
  std::int64_t blank = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const bool none = std::all_of(rows[i].begin(), rows[i].end(), [](const std::string& cell) { return cell.find_first_not_of(" \t\r\n") == std::string::npos; });
    if (none) ++blank;
    else content.push_back({static_cast<std::int64_t>(i) + 1, rows[i]});
  }
  RAPPORT_ASSIGN_OR_RETURN(FileEvents out, TableReader(file, table, options).Read(std::move(content)));
  out.blank_rows = blank;
  return out;
}

absl::StatusOr<FileEvents> ReadEvents(const std::string& path, const std::optional<Mapping>& mapping,
                                      const ZoneRules& zones, const ImportOptions& options) {
  RAPPORT_ASSIGN_OR_RETURN(const std::string bytes, ReadWhole(path));
  if (mapping.has_value()) return MapText(bytes, path, *mapping, zones, options);
  RAPPORT_ASSIGN_OR_RETURN(const std::string text, ToUtf8(bytes, TextEncoding::kUtf8, path));
  FileEvents out;
  absl::StatusOr<std::vector<Event>> events = DecodeLines(text, options.decode);
  if (!events.ok()) return WithContext(events.status(), path);
  out.rows = static_cast<std::int64_t>(events->size());
  out.events = *std::move(events);
  return out;
}

}  // namespace rapport

// Floor 8, inside. A mapping compiled for use on many rows.
//
// Columns are slots: where the mapping lists the file's columns a slot is a place in the row; where it leaves them to the header
// the slots are the columns it names, in the order of their first mention, and rows are brought into that order before they are read.
#ifndef RAPPORT_SRC_ENGINE_MAPPING_HPP_
#define RAPPORT_SRC_ENGINE_MAPPING_HPP_

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "engine/text_encoding.hpp"
#include "rapport/core/zones.hpp"
#include "rapport/engine/import.hpp"

namespace rapport {

using Cells = std::vector<std::string>;

struct TimeForm {
  enum class Kind { kPattern, kEpochSeconds, kEpochMilliseconds, kRfc3339, kExcelSerial };
  Kind kind = Kind::kPattern;
  std::string said;             // as the mapping says it
  std::string pattern;          // as absl::ParseTime reads it
  bool has_offset = false;      // the pattern holds %z
  bool has_hour = false;
};

struct MappedTime {
  std::size_t column = 0;
  std::optional<Instant> value;         // {"value": ...}: the same for every row
  std::vector<TimeForm> forms;          // tried in order
  const Zone* zone = nullptr;
  bool date_only = false;               // the date as written, whatever hour and offset stand beside it
  int at_minute = 0;                    // of the local day, where there is no hour
  std::vector<MappedTime> instead;      // at most one: read where the cell is empty
};

enum class CellForm { kText, kId, kDigest, kNumber, kInteger, kAmount, kBoolean, kDay, kInstant };

struct MappedCell {
  std::optional<std::size_t> column;
  CellForm form = CellForm::kText;
  std::string prefix;
  bool trim = false;
  std::string strip_prefix;
  std::vector<std::string> null_words;
  char decimal = '.';
  std::string group;
  double divide_by = 1;
  bool absolute = false;
  std::optional<std::map<std::string, Json>> words;   // "map"
  std::optional<Json> other_words;                    // "otherwise"; null leaves the member out
  std::string split;
  bool first = false;
  bool own_row = false;                 // of a group: never the first row's
  std::vector<MappedTime> time;         // one where the form is kDay or kInstant
  std::optional<Json> value;
  std::vector<Json> spread;
  std::vector<MappedCell> join;
  std::string with;
  std::vector<MappedCell> instead;      // at most one: read where this one is empty
};

struct MappedCondition {
  enum class Kind { kIs, kEmpty, kNotEmpty, kNot, kAll, kAny };
  Kind kind = Kind::kIs;
  std::size_t column = 0;
  std::vector<Json> values;             // kIs: one of these
  std::vector<MappedCondition> parts;
};

struct MappedNode;

struct MappedObject {
  std::vector<std::string> names;
  std::vector<MappedNode> members;      // as many as names
};

// {"each_row": node}: an element for each row of the record.
struct MappedRows {
  std::vector<MappedNode> element;      // exactly one
  std::vector<MappedCondition> when;    // at most one
};

// `data` with cells at its leaves.
struct MappedNode {
  std::variant<MappedCell, std::vector<MappedNode>, MappedObject, MappedRows> content;
};

struct MappedEvent {
  std::string type;
  bool once_per_subject = false;
  bool each_row = false;                // of a group: an event a row
  std::vector<MappedCondition> when;    // at most one
  std::optional<MappedCell> subject;
  std::optional<MappedCell> id;
  MappedTime time;
  std::optional<MappedTime> recorded;
  MappedNode data;
  std::vector<MappedCondition> retract_when;   // at most one
  std::optional<MappedTime> retract_time;
};

struct MappedFile {
  std::string source;
  TextEncoding encoding = TextEncoding::kUtf8;
  bool split_on_spaces = false;
  char delimiter = ',';
  char quote = '"';                     // NUL: none
  bool header = true;
  bool columns_listed = false;
  std::vector<std::string> columns;     // by slot
  std::set<std::string> optional_columns;
  std::optional<MappedCell> group_by;
  std::vector<MappedCondition> group_head;     // at most one
  const Zone* zone = nullptr;
  std::vector<MappedEvent> events;
};

// Strict; keeps pointers into `zones`.
absl::StatusOr<MappedFile> CompileMapping(const Json& document, const ZoneRules& zones);

// What the parts of a mapping are compiled against.
struct MappingScope {
  MappedFile& file;
  const ZoneRules& zones;
  // The slot of a column; `mapping.unknown_column` where the columns are listed and `name` is not among them.
  absl::StatusOr<std::size_t> Column(JsonReader& in, std::string_view key);
};
// `id`: the cell stands where an id belongs, so what a spreadsheet made of one is refused.
absl::StatusOr<MappedCell> CompileCell(const Json& json, const std::string& path, MappingScope& scope, bool id = false);
absl::StatusOr<MappedTime> CompileTime(const Json& json, const std::string& path, MappingScope& scope);
// The keys of a time but for its column and "else", for the cells that are times.
absl::StatusOr<MappedTime> CompileTimeForms(JsonReader& in, MappingScope& scope);
absl::StatusOr<MappedCondition> CompileCondition(const Json& json, const std::string& path, MappingScope& scope);

// Where a cell is read: a row, and the first of those that belong together with it.
struct RowPlace {
  const Cells* own = nullptr;
  const Cells* head = nullptr;
};

// The text of a cell after trimming, strip_prefix and null_words; empty where there is none.
std::string CellText(const MappedCell& cell, const RowPlace& place);
// Absent where the cell is empty. `import.invalid_field`, `import.unknown_word`, `import.mangled_id`, `import.invalid_time`.
absl::StatusOr<std::optional<Json>> ReadCell(const MappedCell& cell, const MappedFile& file, const RowPlace& place, std::string_view subject);
// True, 1, yes, y, t; false, 0, no, n, f; in any case.
std::optional<bool> BooleanWord(std::string_view text);
// "-1.234,50" as "-1234.5": no group marks, a point, no zeros at the end. Absent where the marks do not stand where they belong.
std::optional<std::string> PlainNumber(std::string_view text, char decimal, std::string_view group);
// What a spreadsheet makes of long digits: 1.23E+05.
bool LooksMangled(std::string_view text);
bool Holds(const MappedCondition& condition, const RowPlace& place);

struct ReadMoment {
  Instant at;
  Day day;              // in the time's zone, or as written
};
absl::StatusOr<TimeForm> CompileTimeForm(const JsonReader& in, std::string_view key, const std::string& said);
std::optional<ReadMoment> ReadForm(const TimeForm& form, const MappedTime& time, const std::string& text);
// `import.invalid_time`.
absl::StatusOr<ReadMoment> ReadTimeText(const MappedTime& time, const std::string& column, const std::string& text);
absl::StatusOr<ReadMoment> ReadTime(const MappedTime& time, const MappedFile& file, const RowPlace& place);

// Turns rows into event JSON. One per file: it counts equal rows and subjects seen.
class RowMapper {
 public:
  explicit RowMapper(const MappedFile& file) : file_(file) {}
  // The CloudEvents of the rows of one record, the first of them its head, in the mapping's order. What it counted stands only
  // once Keep is called: a rejected record leaves no trace.
  absl::StatusOr<std::vector<Json>> Map(std::span<const Cells> rows);
  void Keep();

 private:
  absl::Status MapOne(const MappedEvent& event, std::span<const Cells> rows, const RowPlace& place, std::vector<Json>& out);
  std::string CountedId(const MappedEvent& event, std::span<const Cells> rows);
  absl::StatusOr<std::optional<Json>> Node(const MappedNode& node, std::span<const Cells> rows, const RowPlace& place,
                                           std::string_view subject) const;
  absl::Status Elements(const MappedNode& child, std::span<const Cells> rows, const RowPlace& place, std::string_view subject,
                        Json::Array& out) const;
  absl::StatusOr<Json> EventOf(const MappedEvent& event, std::span<const Cells> rows, const RowPlace& place,
                               const std::string& subject, const std::string& id) const;
  const MappedFile& file_;
  std::map<std::string, std::int64_t> repeats_;   // of (type, row content)
  std::set<std::string> subjects_;                // (type, subject) written once
  std::vector<std::string> counted_;              // of the record at hand, not kept yet
  std::vector<std::string> met_;
};

}  // namespace rapport

#endif  // RAPPORT_SRC_ENGINE_MAPPING_HPP_

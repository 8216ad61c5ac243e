// Floor 8, inside. A mapping compiled for use on many rows.
#ifndef RAPPORT_SRC_ENGINE_MAPPING_HPP_
#define RAPPORT_SRC_ENGINE_MAPPING_HPP_

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "rapport/core/zones.hpp"
#include "rapport/engine/import.hpp"

namespace rapport {

enum class CellForm { kText, kNumber, kInteger, kBoolean };

// {"column": ...}, {"value": ...} or {"spread": [...], "by": "subject"}.
struct MappedCell {
  std::optional<std::size_t> column;
  CellForm form = CellForm::kText;
  std::string prefix;
  std::optional<Json> value;
  std::vector<Json> spread;
};

// `data` with cells at its leaves.
struct MappedNode {
  std::variant<MappedCell, std::vector<MappedNode>, std::vector<std::pair<std::string, MappedNode>>> content;
};

struct MappedTime {
  std::size_t column = 0;
  std::string form;             // as absl::ParseTime reads it
  bool has_offset = false;      // the form holds %z
  bool has_hour = false;
  int at_minute = 0;            // of the local day, where the form has no hour
};

struct MappedEvent {
  std::string type;
  bool once_per_subject = false;
  std::optional<MappedCell> subject;
  std::optional<MappedCell> id;
  MappedTime time;
  std::optional<MappedTime> recorded;
  MappedNode data;
};

struct MappedFile {
  std::string source;
  bool split_on_spaces = false;
  char delimiter = ',';
  bool header = true;
  std::vector<std::string> columns;
  const Zone* zone = nullptr;
  std::vector<MappedEvent> events;
};

// Strict; keeps a pointer into `zones`.
absl::StatusOr<MappedFile> CompileMapping(const Json& document, const ZoneRules& zones);

// Turns rows into event JSON. One per file: it counts equal rows and subjects seen.
class RowMapper {
 public:
  explicit RowMapper(const MappedFile& file) : file_(file) {}
  // The CloudEvents of one row, in the mapping's order. What it counted stands only once Keep is called: a rejected row leaves no trace.
  absl::StatusOr<std::vector<Json>> Map(const std::vector<std::string>& row);
  void Keep();

 private:
  absl::StatusOr<std::optional<Json>> Cell(const MappedCell& cell, const std::vector<std::string>& row, std::string_view subject) const;
  absl::StatusOr<std::optional<Json>> Node(const MappedNode& node, const std::vector<std::string>& row, std::string_view subject) const;
  absl::StatusOr<Instant> Time(const MappedTime& time, const std::vector<std::string>& row) const;
  absl::StatusOr<Json> EventOf(const MappedEvent& event, const std::vector<std::string>& row, const std::string& subject,
                               const std::string& id) const;
  const MappedFile& file_;
  std::map<std::string, std::int64_t> repeats_;   // of (type, row content)
  std::set<std::string> subjects_;                // (type, subject) written once
  std::vector<std::string> counted_;              // of the row at hand, not kept yet
  std::vector<std::string> met_;
};

}  // namespace rapport

#endif  // RAPPORT_SRC_ENGINE_MAPPING_HPP_

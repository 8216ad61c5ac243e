// Floor 8, inside. Delimited text as rows, and rows as events.
#ifndef RAPPORT_SRC_ENGINE_DELIMITED_HPP_
#define RAPPORT_SRC_ENGINE_DELIMITED_HPP_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/mapping.hpp"

namespace rapport {

// The bytes of a file, about the first `most` of them where that is not 0; `import.unreadable`.
absl::StatusOr<std::string> ReadWhole(const std::string& path, std::size_t most = 0);

struct DelimitedRow {
  std::int64_t line = 0;                // where it begins, from 1
  Cells fields;
};

struct DelimitedRows {
  std::vector<DelimitedRow> rows;
  std::int64_t blank = 0;               // rows without any content, left out
  bool blank_at_end = false;            // the last row was one of them
};

// Rows of UTF-8 text. `quote` NUL: none. `most` rows are read at most (0: all). `import.invalid_row` names path and line.
absl::StatusOr<DelimitedRows> SplitDelimited(std::string_view text, char delimiter, char quote, std::string_view path, std::int64_t most = 0);
// Split on runs of blanks: no quoting, one row a line.
DelimitedRows SplitOnSpaces(std::string_view text);

// The events of a file's bytes, as ReadEvents gives them for a path.
absl::StatusOr<FileEvents> MapText(std::string_view bytes, std::string_view path, const Mapping& mapping, const ZoneRules& zones,
                                   const ImportOptions& options);

}  // namespace rapport

#endif  // RAPPORT_SRC_ENGINE_DELIMITED_HPP_

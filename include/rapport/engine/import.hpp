// Floor 8. Files as people have them: NDJSON events, or delimited text with a mapping.
//
//   {"rapport_mapping": 1, "source": "cdnow", "format": "delimited", "delimiter": "spaces", "header": true,
//    "columns": ["customer_id","date","number_of_cds","dollar_value"], "zone": "America/New_York",
//    "events": [{"type": "purchase.placed", "subject": {"column": "customer_id", "prefix": "c-"},
//                "time": {"column": "date", "form": "%Y%m%d", "at": "12:00"},
//                "data": {"currency": {"value": "USD"},
//                         "lines": [{"quantity": {"column": "number_of_cds", "as": "number"}, "amount": {"column": "dollar_value"}}]}}]}
//
// Where "columns" is left out the header names them, in any order and with others beside them. docs/import.md has every key. Without
// an `id` the event's id is made from the row's content and its ordinal among equal rows, so that exact repeats count and a second
// import adds nothing. A date without a time needs the mapping's zone. Without `recordedtime` an event is known when it happened.
#ifndef RAPPORT_ENGINE_IMPORT_HPP_
#define RAPPORT_ENGINE_IMPORT_HPP_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "rapport/core/json.hpp"
#include "rapport/core/zones.hpp"
#include "rapport/ledger/codec.hpp"
#include "rapport/ledger/ledger.hpp"

namespace rapport {

class Mapping {
 public:
  // `mapping.*`: unknown_key, missing_key, wrong_type, unknown_column, unknown_type, invalid_form; `zone.unknown`; those of json.
  static absl::StatusOr<Mapping> Parse(std::string_view json, const ZoneRules& zones);
  // One that comes with the library, by its name ("shopify-orders"). `mapping.unknown_name` lists them.
  static absl::StatusOr<Mapping> Shipped(std::string_view name, const ZoneRules& zones);
  const Json& document() const { return document_; }
  const std::string& source() const { return source_; }
  // No event of it says when it became known: each is taken as known when it happened, so a backtest sees more than people saw.
  bool assumes_knowledge() const { return assumes_knowledge_; }

 private:
  Json document_;
  std::string source_;
  bool assumes_knowledge_ = false;
};

// The names of the mappings that come with the library, sorted.
std::vector<std::string> ShippedMappings();

struct ImportOptions {
  DecodeOptions decode;
  bool dry_run = false;
  std::int64_t max_rejects = 0;          // more rejected rows than this refuse the file; the book is as it was
};

struct RejectedRow {
  std::int64_t line = 0;
  std::string token;
  std::string message;
};

struct ImportReceipt {
  BatchId batch;                         // of what was appended; empty where all of it was there
  std::int64_t rows = 0;                 // data rows read
  std::int64_t events = 0;               // made from them
  AppendReceipt append;                  // all zero on a dry run
  std::vector<RejectedRow> rejected;     // by line
};

struct FileEvents {
  std::int64_t rows = 0;                 // data rows read
  std::int64_t blank_rows = 0;           // rows without any content, left out
  std::vector<Event> events;
  std::vector<RejectedRow> rejected;     // by line; of rows that belong together the first one's
};

// The events of a file. Without a mapping the file is NDJSON. Errors name "file, line, field, found, expected": those of the codec and
//   `import.unreadable` (missing file, permission), `import.encoding` (bytes that do not convert), `import.invalid_row` (quoting),
//   `import.row_width`, `import.header` (listed columns that differ, no header, a name twice), `import.missing_column` (lists those there),
//   `import.invalid_field`, `import.invalid_time`, `import.unknown_word` (not in a "map" without "otherwise"),
//   `import.mangled_id` (1.23E+05 where an id belongs), `import.missing_group` (the first row has no group),
//   `import.missing_head` (rows whose "group_head" is not in the file).
absl::StatusOr<FileEvents> ReadEvents(const std::string& path, const std::optional<Mapping>& mapping,
                                      const ZoneRules& zones, const ImportOptions& options);

// The same for rows that are in memory already, each as wide as `columns`; messages say "row 3", from 1. Where the mapping lists its
// columns, `columns` must equal them. Encoding, delimiter, quote and header of the mapping mean nothing here.
absl::StatusOr<FileEvents> MapRows(const std::vector<std::string>& columns, const std::vector<std::vector<std::string>>& rows,
                                   const Mapping& mapping, const ZoneRules& zones, const ImportOptions& options);

// What a file seems to hold, from its first 2,000 rows: {"format": "delimited" or "ndjson", "encoding", "delimiter", "columns": [{"name",
// "kind", "form"?, "examples"}], "fits": [{"mapping", "share"}] (of the shipped mappings, best first), "mapping": a document that
// Mapping::Parse accepts (null where none can be proposed), "events": the first five that it makes, "types": how many of each it makes,
// "warnings": [sentence]}. A guess for a person to look at; it imports nothing. `import.unreadable`; `import.encoding` where no encoding fits.
absl::StatusOr<Json> InspectFile(const std::string& path, const ZoneRules& zones);

}  // namespace rapport

#endif  // RAPPORT_ENGINE_IMPORT_HPP_

// Floor 8. Files as people have them: NDJSON events, or delimited text with a mapping.
//
//   {"rapport_mapping": 1, "source": "cdnow", "format": "delimited", "delimiter": "spaces", "header": true,
//    "columns": ["customer_id","date","number_of_cds","dollar_value"], "zone": "America/New_York",
//    "events": [{"type": "purchase.placed", "subject": {"column": "customer_id", "prefix": "c-"},
//                "time": {"column": "date", "form": "%Y%m%d", "at": "12:00"},
//                "data": {"currency": {"value": "USD"},
//                         "lines": [{"quantity": {"column": "number_of_cds", "as": "number"}, "amount": {"column": "dollar_value"}}]}}]}
//
// A cell is {"column": name} (with "as": "text" | "number" | "integer" | "boolean", "prefix"), {"value": constant} or {"spread":
// [choices], "by": "subject"}, which shares customers out by a hash of their id. `id` may name a column; without it the event's
// id is made from the row's content and its ordinal among equal rows, so that exact repeats count and a second import adds nothing.
// A date without a time needs the mapping's zone. `recordedtime` may name a column; without it an event is known when it happened.
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
  // `mapping.*`: unknown_key, missing_key, wrong_type, unknown_column, unknown_zone, invalid_form.
  static absl::StatusOr<Mapping> Parse(std::string_view json, const ZoneRules& zones);
  const Json& document() const { return document_; }
  const std::string& source() const { return source_; }

 private:
  Json document_;
  std::string source_;
  friend class RowMapper;
};

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
  std::int64_t rows = 0;                 // data rows read
  std::int64_t events = 0;               // made from them
  AppendReceipt append;                  // all zero on a dry run
  std::vector<RejectedRow> rejected;     // by line
};

// The events of a file. Without a mapping the file is NDJSON. Errors: `import.unreadable` (missing file, permission),
// `import.row_width` and those of the codec, each with "file, line, field, found, expected".
struct FileEvents {
  std::int64_t rows = 0;
  std::vector<Event> events;
  std::vector<RejectedRow> rejected;
};
absl::StatusOr<FileEvents> ReadEvents(const std::string& path, const std::optional<Mapping>& mapping,
                                      const ZoneRules& zones, const ImportOptions& options);

}  // namespace rapport

#endif  // RAPPORT_ENGINE_IMPORT_HPP_

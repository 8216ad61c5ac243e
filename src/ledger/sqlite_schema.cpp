#include "ledger/sqlite_schema.hpp"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "ledger/payload_table.hpp"
#include "rapport/core/status.hpp"

namespace rapport {
namespace {

// Times are microseconds since 1970-01-01T00:00:00Z; offsets minutes east. `facts` is canonical JSON, null for a type that
// was unknown and kept. `private` rows go when a person's text is erased; `private_digest` stays. `chain` has a row for
// each append call. What a released version wrote is never written differently: a change is a new schema version.
constexpr char kSchema[] = R"sql(
CREATE TABLE meta (
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE event (
  sequence INTEGER PRIMARY KEY,
  source TEXT NOT NULL,
  id TEXT NOT NULL,
  type TEXT NOT NULL,
  subject TEXT,
  occurred_at INTEGER NOT NULL,
  occurred_offset INTEGER NOT NULL,
  recorded_at INTEGER NOT NULL,
  claimed_at INTEGER NOT NULL,
  facts TEXT NOT NULL,
  digest BLOB NOT NULL,
  private_digest BLOB,
  append_call INTEGER NOT NULL,
  batch TEXT,
  UNIQUE (source, id)
) STRICT;
CREATE INDEX event_without_subject ON event (sequence) WHERE subject IS NULL;
CREATE INDEX event_by_subject ON event (subject, sequence) WHERE subject IS NOT NULL;
CREATE TABLE private (
  sequence INTEGER PRIMARY KEY REFERENCES event (sequence),
  salt BLOB NOT NULL,
  text TEXT NOT NULL
) STRICT;
CREATE TABLE chain (
  append_call INTEGER PRIMARY KEY,
  first_sequence INTEGER NOT NULL,
  last_sequence INTEGER NOT NULL,
  link BLOB NOT NULL
) STRICT;
)sql";

// SQL for a column of microseconds as ISO text in UTC; plain SQL, so that any SQLite program can read the view.
std::string IsoTime(const std::string& column) {
  const std::string micros = absl::StrCat("((", column, " % 1000000 + 1000000) % 1000000)");
  return absl::StrCat("strftime('%Y-%m-%dT%H:%M:%S', (", column, " - ", micros, ") / 1000000, 'unixepoch')",
                      " || printf('.%06dZ', ", micros, ")");
}

constexpr char kEventView[] = R"sql(
CREATE VIEW event_view AS
SELECT sequence, source, id, type, subject,
       iso_seconds(occurred_at) AS occurred_at, occurred_offset,
       iso_seconds(recorded_at) AS recorded_at,
       iso_seconds(claimed_at) AS claimed_at,
       batch, facts
FROM event;
)sql";

// What version 2 added: the batch of an event, the index of events without a subject, the views.
constexpr char kFromVersionOne[] = R"sql(
ALTER TABLE event ADD COLUMN batch TEXT;
CREATE INDEX event_without_subject ON event (sequence) WHERE subject IS NULL;
DROP VIEW event_view;
)sql";

std::string ViewName(const wire::TypeEntry& entry) {
  std::string name(entry.type);
  std::replace(name.begin(), name.end(), '.', '_');
  return name;
}

// A view a type, named like it with _ for ., that shows its facts as columns. Lists and documents are JSON text. What was corrected or
// retracted stands in it as it was said.
std::string TypeViews() {
  std::string sql;
  for (const wire::TypeEntry& entry : wire::TypeTable()) {
    absl::StrAppend(&sql, "CREATE VIEW \"", ViewName(entry), "\" AS SELECT sequence, source, id, subject, iso_seconds(occurred_at) AS occurred_at, ",
                    "iso_seconds(recorded_at) AS recorded_at, batch");
    wire::FieldList fields = entry.fields();
    if (fields.money) fields.facts.push_back(wire::kCurrency);
    for (const std::string_view field : fields.facts) {
      absl::StrAppend(&sql, ", json_extract(facts, '$.", ToAbsl(field), "') AS \"data_", ToAbsl(field), "\"");
    }
    absl::StrAppend(&sql, " FROM event WHERE type = '", ToAbsl(entry.type), "';\n");
  }
  return sql;
}

// What versions 3, 4 and 5 added: the views tell fields and types that came since.
std::string FromVersionTwo() {
  std::string sql;
  for (const wire::TypeEntry& entry : wire::TypeTable()) absl::StrAppend(&sql, "DROP VIEW IF EXISTS \"", ViewName(entry), "\";\n");
  return sql;
}

std::string WithIsoTimes(std::string sql) {
  constexpr std::string_view kCall = "iso_seconds(";
  for (std::size_t at = sql.find(kCall); at != std::string::npos; at = sql.find(kCall)) {
    const std::size_t name = at + kCall.size();
    const std::size_t end = sql.find(')', name);
    sql.replace(at, end + 1 - at, IsoTime(sql.substr(name, end - name)));
  }
  return sql;
}

std::string SchemaSql() {
  const std::string sql = WithIsoTimes(absl::StrCat(kSchema, kEventView, TypeViews()));
  return absl::StrCat(sql, "PRAGMA application_id = ", kApplicationId, "; PRAGMA user_version = ", kSchemaVersion, ";");
}

// Two processes may find the same empty file; the second waits here and finds a book.
absl::Status CreateBook(const Connection& connection) {
  RAPPORT_RETURN_IF_ERROR(connection.Run("BEGIN IMMEDIATE"));
  absl::Status status;
  const absl::StatusOr<std::int64_t> tables = connection.Integer("SELECT count(*) FROM sqlite_schema");
  if (!tables.ok()) status = tables.status();
  if (status.ok() && *tables == 0) status = connection.Run(SchemaSql().c_str());
  if (status.ok()) status = connection.Run("COMMIT");
  if (connection.InTransaction()) (void)connection.Run("ROLLBACK");
  return status;
}

absl::Status NotABook(const Connection& connection) {
  return FailedPrecondition("store.not_a_book",
                            absl::StrCat(connection.path(), ": found another application's file, expected a book of Rapport"));
}

// All or nothing, and once: of two processes that find the old version the second finds the new one.
absl::Status Migrate(const Connection& connection) {
  RAPPORT_RETURN_IF_ERROR(connection.Run("BEGIN IMMEDIATE"));
  absl::Status status;
  const absl::StatusOr<std::int64_t> version = connection.Integer("PRAGMA user_version");
  if (!version.ok()) status = version.status();
  if (status.ok() && *version < kSchemaVersion) {
    const std::string before = *version == 1 ? absl::StrCat(kFromVersionOne, kEventView) : FromVersionTwo();
    const std::string sql = WithIsoTimes(absl::StrCat(before, TypeViews()));
    status = connection.Run(absl::StrCat(sql, "PRAGMA user_version = ", kSchemaVersion).c_str());
  }
  if (status.ok()) status = connection.Run("COMMIT");
  if (connection.InTransaction()) (void)connection.Run("ROLLBACK");
  return status;
}

absl::Status CheckVersion(const Connection& connection) {
  RAPPORT_ASSIGN_OR_RETURN(const std::int64_t application, connection.Integer("PRAGMA application_id"));
  if (application != kApplicationId) return NotABook(connection);
  RAPPORT_ASSIGN_OR_RETURN(const std::int64_t version, connection.Integer("PRAGMA user_version"));
  if (version == kSchemaVersion) return absl::OkStatus();
  if (version >= 1 && version < kSchemaVersion) return Migrate(connection);
  if (version < kSchemaVersion) return Corrupt(connection.path(), absl::StrCat("found schema version ", version, ", expected ", kSchemaVersion));
  return FailedPrecondition("store.newer_schema", absl::StrCat(connection.path(), ": found schema version ", version,
                                                               ", expected at most ", kSchemaVersion, ": a newer Rapport wrote it"));
}

// The change to WAL needs the file for itself for a moment, and SQLite does not wait for that as it waits for a writer:
// two processes that open a new file at once would see each other and give up.
absl::Status UseWal(const Connection& connection) {
  constexpr int kPause = 10;  // milliseconds
  for (int waited = 0;; waited += kPause) {
    absl::Status status = connection.Run("PRAGMA journal_mode = WAL");
    if (status.ok() || connection.LastCode() != SQLITE_BUSY || waited >= connection.busy_milliseconds()) return status;
    sqlite3_sleep(kPause);
  }
}

}  // namespace

absl::Status PrepareBook(const Connection& connection, bool create) {
  const absl::StatusOr<std::int64_t> tables = connection.Integer("SELECT count(*) FROM sqlite_schema");
  // A file that does not even begin like a database lost nothing: it never was a book.
  if (!tables.ok()) return connection.LastCode() == SQLITE_NOTADB ? NotABook(connection) : tables.status();
  RAPPORT_ASSIGN_OR_RETURN(const std::int64_t application, connection.Integer("PRAGMA application_id"));
  const bool empty = *tables == 0 && application == 0;
  if (empty && !create) return NotABook(connection);
  if (!empty) RAPPORT_RETURN_IF_ERROR(CheckVersion(connection));
  // Up to 32 MB of pages in memory, taken as needed: a first import changes most pages of the file in one transaction.
  RAPPORT_RETURN_IF_ERROR(UseWal(connection));
  RAPPORT_RETURN_IF_ERROR(connection.Run("PRAGMA synchronous = FULL; PRAGMA cache_size = -32768;"
                                         "PRAGMA secure_delete = ON; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON"));
  if (!empty) return absl::OkStatus();
  RAPPORT_RETURN_IF_ERROR(CreateBook(connection));
  return CheckVersion(connection);
}

}  // namespace rapport

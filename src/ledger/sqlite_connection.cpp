#include "ledger/sqlite_connection.hpp"

#include <unistd.h>

#include <cerrno>

#include "absl/strings/str_cat.h"
#include "rapport/core/status.hpp"

namespace rapport {
namespace {

using absl::StatusCode;

// The name that SQLite takes for a file of this name and nothing else: it would read a leading ":" or "file:".
std::string FileName(const std::string& path) {
  return path.starts_with(':') || path.starts_with("file:") ? "./" + path : path;
}

bool IsNoRoom(int cause) { return cause == ENOSPC || cause == EDQUOT || cause == EFBIG; }

absl::Status CannotOpen(const std::string& path, int cause, const std::string& reason) {
  if (cause == ENOENT) return NotFound("store.not_found", absl::StrCat(path, ": found no such file or folder"));
  if (cause == EACCES || cause == EPERM || cause == EROFS) {
    return Fail(StatusCode::kPermissionDenied, "store.read_only", absl::StrCat(path, ": found no permission to write, expected it"));
  }
  return Fail(StatusCode::kUnavailable, "store.io", absl::StrCat(path, ": ", reason));
}

}  // namespace

absl::Status Corrupt(const std::string& path, std::string_view what) {
  return Fail(StatusCode::kDataLoss, "store.corrupt", absl::StrCat(path, ": ", ToAbsl(what)));
}

void Statement::BindText(int at, std::string_view text) {
  sqlite3_bind_text(statement_.get(), at, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
}

void Statement::BindBytes(int at, std::string_view bytes) {
  sqlite3_bind_blob(statement_.get(), at, bytes.data(), static_cast<int>(bytes.size()), SQLITE_STATIC);
}

std::string_view Statement::Text(int column) const {
  const void* bytes = sqlite3_column_blob(statement_.get(), column);
  if (bytes == nullptr) return {};
  return {static_cast<const char*>(bytes), static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

absl::StatusOr<bool> Statement::Step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return connection_->Failure(code);
}

absl::Status Statement::Run() {
  const ResetLater reset(*this);
  return Step().status();
}

absl::StatusOr<std::unique_ptr<Connection>> Connection::Open(const std::string& path, bool create, int busy_milliseconds) {
  if (path.empty() || path.find('\0') != std::string::npos) {
    return Invalid("store.not_found", "found an empty path or one with a NUL, expected the path of a file");
  }
  std::unique_ptr<Connection> opened(new Connection(path, busy_milliseconds));
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | (create ? SQLITE_OPEN_CREATE : 0);
  const int code = sqlite3_open_v2(FileName(path).c_str(), &opened->connection_, flags, nullptr);
  if (code != SQLITE_OK) return opened->Failure(code);
  sqlite3_busy_timeout(opened->connection_, busy_milliseconds);
  if (sqlite3_db_readonly(opened->connection_, "main") == 1) return CannotOpen(path, EACCES, "");
  return opened;
}

Connection::~Connection() {
  if (owner_.IsHere()) sqlite3_close_v2(connection_);
}

absl::Status Connection::Run(const char* sql) const {
  const int code = sqlite3_exec(connection_, sql, nullptr, nullptr, nullptr);
  return code == SQLITE_OK ? absl::OkStatus() : Failure(code);
}

absl::StatusOr<Statement> Connection::Prepare(std::string_view sql, bool kept) const {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(connection_, sql.data(), static_cast<int>(sql.size()),
                                      kept ? SQLITE_PREPARE_PERSISTENT : 0, &statement, nullptr);
  if (code != SQLITE_OK) return Failure(code);
  return Statement(statement, *this);
}

absl::StatusOr<std::int64_t> Connection::Integer(std::string_view sql) const {
  RAPPORT_ASSIGN_OR_RETURN(Statement statement, Prepare(sql));
  RAPPORT_ASSIGN_OR_RETURN(const bool row, statement.Step());
  if (!row) return Corrupt(path_, absl::StrCat("found no row for ", ToAbsl(sql)));
  return statement.Integer(0);
}

absl::Status Connection::Backup(const std::string& path) const {
  sqlite3* target = nullptr;
  constexpr int kNew = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_EXCLUSIVE | SQLITE_OPEN_NOMUTEX;
  int code = access(path.c_str(), F_OK) == 0 ? SQLITE_OK : sqlite3_open_v2(FileName(path).c_str(), &target, kNew, nullptr);
  const std::unique_ptr<sqlite3, int (*)(sqlite3*)> close(target, sqlite3_close_v2);
  if (target == nullptr) {
    return Fail(StatusCode::kAlreadyExists, "store.exists", absl::StrCat(path, ": found a file there already, expected none"));
  }
  if (code == SQLITE_OK) {
    sqlite3_backup* backup = sqlite3_backup_init(target, "main", connection_, "main");
    code = backup == nullptr ? sqlite3_errcode(target) : sqlite3_backup_step(backup, -1);
    const int end = backup == nullptr ? code : sqlite3_backup_finish(backup);
    if (code == SQLITE_DONE) code = end;
  }
  if (code == SQLITE_OK) return absl::OkStatus();
  return WithContext(Failure(code), absl::StrCat("backup to ", path));
}

absl::Status Connection::Failure(int code) const {
  const int last = errno;   // of a commit SQLite does not keep it
  const std::string reason = sqlite3_errstr(code);
  const int cause = connection_ == nullptr ? 0 : sqlite3_system_errno(connection_);
  const auto fail = [&](StatusCode status, std::string_view token, std::string_view what) {
    return Fail(status, token, absl::StrCat(path_, ": ", ToAbsl(what), " (", reason, ")"));
  };
  constexpr std::string_view kNoRoom = "found no room to write, expected some; nothing was stored";
  switch (code & 0xff) {
    case SQLITE_FULL:
      return fail(StatusCode::kResourceExhausted, "store.full", kNoRoom);
    case SQLITE_NOMEM:
      return fail(StatusCode::kResourceExhausted, "store.memory", "found no memory, expected some; nothing was stored");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:   // seconds of trying to begin to read, with somebody else in the way each time
      return fail(StatusCode::kUnavailable, "store.busy", "found another writer that did not give way; nothing was stored");
    case SQLITE_IOERR:
      // SQLite knows ENOSPC of a write alone: not of its shared memory, nor a quota, nor the largest size a file may have.
      if (IsNoRoom(cause) || ((code == SQLITE_IOERR_WRITE || code == SQLITE_IOERR_SHMSIZE) && IsNoRoom(last))) return fail(StatusCode::kResourceExhausted, "store.full", kNoRoom);
      if (code == SQLITE_IOERR_NOMEM) return Failure(SQLITE_NOMEM);
      return fail(StatusCode::kUnavailable, "store.io", "reading or writing failed; nothing was stored");
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return Corrupt(path_, reason);
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return fail(StatusCode::kPermissionDenied, "store.read_only", "found no permission to write, expected it");
    case SQLITE_CANTOPEN:
      return CannotOpen(path_, cause, reason);
    default:
      return fail(StatusCode::kInternal, "store.internal", "the database refused a statement");
  }
}

}  // namespace rapport

// Floor 1, inside. A connection to a SQLite file and its statements, with failures as Status.
#ifndef RAPPORT_SRC_LEDGER_SQLITE_CONNECTION_HPP_
#define RAPPORT_SRC_LEDGER_SQLITE_CONNECTION_HPP_

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ledger/owner_process.hpp"

namespace rapport {

// Refers to its connection, which must outlive it.
class Statement {
 public:
  Statement() = default;
  Statement(sqlite3_stmt* statement, const class Connection& connection) : statement_(statement), connection_(&connection) {}

  // Parameters from 1. Text and bytes are not copied: they must live until the statement is reset or bound anew.
  void Bind(int at, std::int64_t value) { sqlite3_bind_int64(statement_.get(), at, value); }
  void BindText(int at, std::string_view text);
  void BindBytes(int at, std::string_view bytes);
  void BindNull(int at) { sqlite3_bind_null(statement_.get(), at); }

  // True for a row, false at the end.
  absl::StatusOr<bool> Step();
  // Steps a statement without rows once, and resets it.
  absl::Status Run();
  void Reset() { sqlite3_reset(statement_.get()); }

  // Columns from 0; text and bytes live until the next step.
  bool IsNull(int column) const { return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL; }
  std::int64_t Integer(int column) const { return sqlite3_column_int64(statement_.get(), column); }
  std::string_view Text(int column) const;

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  const Connection* connection_ = nullptr;
};

// Resets a kept statement when the reader of its rows leaves.
class ResetLater {
 public:
  explicit ResetLater(Statement& statement) : statement_(statement) {}
  ~ResetLater() { statement_.Reset(); }
  ResetLater(const ResetLater&) = delete;
  ResetLater& operator=(const ResetLater&) = delete;

 private:
  Statement& statement_;
};

class Connection {
 public:
  // Opens for reading and writing; `store.not_found`, `store.read_only`, `store.io`.
  static absl::StatusOr<std::unique_ptr<Connection>> Open(const std::string& path, bool create, int busy_milliseconds);
  // In a process that did not open it the handle is dropped, not closed: closing would meddle with the owner's files.
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  const std::string& path() const { return path_; }
  int busy_milliseconds() const { return busy_milliseconds_; }
  absl::Status CheckOwner() const { return owner_.Check(path_); }
  bool InTransaction() const { return sqlite3_get_autocommit(connection_) == 0; }

  // SQLite's primary code of the last call that failed.
  int LastCode() const { return sqlite3_errcode(connection_) & 0xff; }

  absl::Status Run(const char* sql) const;
  // `kept`: the statement will be used again and again.
  absl::StatusOr<Statement> Prepare(std::string_view sql, bool kept = false) const;
  // The single integer that a query gives.
  absl::StatusOr<std::int64_t> Integer(std::string_view sql) const;
  // A copy of what is committed, in a new file. `store.exists`.
  absl::Status Backup(const std::string& path) const;
  // What a result code other than OK means, with the path.
  absl::Status Failure(int code) const;

 private:
  Connection(std::string path, int busy_milliseconds) : path_(std::move(path)), busy_milliseconds_(busy_milliseconds) {}
  OwnerProcess owner_;
  std::string path_;
  int busy_milliseconds_;
  sqlite3* connection_ = nullptr;
};

// DATA_LOSS `store.corrupt`: "<path>: <what>".
absl::Status Corrupt(const std::string& path, std::string_view what);

}  // namespace rapport

#endif  // RAPPORT_SRC_LEDGER_SQLITE_CONNECTION_HPP_

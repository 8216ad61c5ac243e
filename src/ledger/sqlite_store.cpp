// The store in a SQLite file: docs/adr has the schema, sqlite_schema.cpp the tables.
#include <sodium/randombytes.h>

#include <algorithm>
#include <array>

#include "absl/strings/str_cat.h"
#include "ledger/again.hpp"
#include "ledger/chain.hpp"
#include "ledger/sqlite_event.hpp"
#include "ledger/sqlite_schema.hpp"
#include "rapport/ledger/codec.hpp"
#include "rapport/ledger/store.hpp"

namespace rapport {
namespace {

constexpr std::size_t kSaltBytes = 16;

class SqliteStore final : public Store {
 public:
  explicit SqliteStore(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}
  // Statements of a connection that belongs to another process are left alone with it.
  ~SqliteStore() override {
    if (!connection_->CheckOwner().ok()) (void)statements_.release();
  }
  absl::Status PrepareStatements();

  absl::StatusOr<std::int64_t> LastSequence() override;
  absl::StatusOr<std::optional<Instant>> Seal() override;
  absl::StatusOr<std::optional<StoredIdentity>> Find(const EventKey& key) override;
  absl::Status Scan(std::int64_t after, const std::function<absl::Status(Event&&)>& visit) override;
  absl::Status Transaction(const std::function<absl::Status()>& write) override;
  absl::Status Put(const std::vector<Event>& events) override;
  absl::Status SetSeal(Instant seal) override;
  absl::Status ScanSubject(const CustomerId& subject, const std::function<absl::Status(Event&&)>& visit) override;
  absl::StatusOr<std::vector<Event>> WithPrefix(std::string_view source, std::string_view prefix) override;
  absl::StatusOr<std::optional<Digest>> LinkAt(std::int64_t sequence) override;
  absl::Status ErasePrivate(const std::vector<std::int64_t>& sequences) override;
  absl::Status Scrub() override;
  absl::Status Backup(const std::string& path) override {
    RAPPORT_RETURN_IF_ERROR(connection_->CheckOwner());
    return connection_->Backup(path);
  }
  absl::Status Check() override {
    RAPPORT_RETURN_IF_ERROR(connection_->CheckOwner());
    return CheckBook(*connection_);
  }

 private:
  struct Statements {
    Statement last, seal, set_seal, find, last_link, insert_event, insert_private, insert_link, erase;
  };
  absl::Status Visit(Statement& rows, const std::function<absl::Status(Event&&)>& visit) const;
  absl::Status WriteAll(const std::vector<Event>& events);
  absl::StatusOr<Digest> InsertEvent(const Event& event, std::int64_t call);
  absl::Status InsertPrivate(std::int64_t sequence, std::string_view salt, std::string_view text);

  std::unique_ptr<Connection> connection_;
  std::unique_ptr<Statements> statements_;  // before connection_ goes
  absl::Status written_;                    // the first failure of Put or SetSeal in the transaction
};

absl::Status SqliteStore::PrepareStatements() {
  statements_ = std::make_unique<Statements>();
  Statements& s = *statements_;
  const auto prepare = [&](Statement& statement, std::string_view sql) -> absl::Status {
    RAPPORT_ASSIGN_OR_RETURN(statement, connection_->Prepare(sql, true));
    return absl::OkStatus();
  };
  RAPPORT_RETURN_IF_ERROR(prepare(s.last, "SELECT coalesce(max(sequence), 0) FROM event"));
  RAPPORT_RETURN_IF_ERROR(prepare(s.seal, "SELECT value FROM meta WHERE name = 'seal'"));
  RAPPORT_RETURN_IF_ERROR(prepare(s.set_seal, "INSERT OR REPLACE INTO meta VALUES ('seal', ?)"));
  RAPPORT_RETURN_IF_ERROR(prepare(s.find, "SELECT e.sequence, e.digest, e.private_digest, p.text, e.batch FROM event AS e LEFT JOIN private AS p "
                                          "ON p.sequence = e.sequence WHERE e.source = ? AND e.id = ?"));
  RAPPORT_RETURN_IF_ERROR(prepare(s.last_link, "SELECT append_call, link FROM chain ORDER BY append_call DESC LIMIT 1"));
  RAPPORT_RETURN_IF_ERROR(prepare(s.insert_event, "INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
  RAPPORT_RETURN_IF_ERROR(prepare(s.erase, "DELETE FROM private WHERE sequence = ?"));
  RAPPORT_RETURN_IF_ERROR(prepare(s.insert_private, "INSERT INTO private VALUES (?, ?, ?)"));
  return prepare(s.insert_link, "INSERT INTO chain VALUES (?, ?, ?, ?)");
}

absl::StatusOr<std::int64_t> SqliteStore::LastSequence() {
  RAPPORT_RETURN_IF_ERROR(connection_->CheckOwner());
  Statement& last = statements_->last;
  const ResetLater reset(last);
  RAPPORT_RETURN_IF_ERROR(last.Step().status());
  return last.Integer(0);
}

absl::StatusOr<std::optional<Instant>> SqliteStore::Seal() {
  RAPPORT_RETURN_IF_ERROR(connection_->CheckOwner());
  Statement& seal = statements_->seal;
  const ResetLater reset(seal);
  RAPPORT_ASSIGN_OR_RETURN(const bool row, seal.Step());
  if (!row) return std::optional<Instant>();
  return std::optional<Instant>(Instant::FromMicros(seal.Integer(0)));
}

absl::StatusOr<std::optional<StoredIdentity>> SqliteStore::Find(const EventKey& key) {
  RAPPORT_RETURN_IF_ERROR(connection_->CheckOwner());
  Statement& find = statements_->find;
  const ResetLater reset(find);
  find.BindText(1, key.source);
  find.BindText(2, key.id);
  RAPPORT_ASSIGN_OR_RETURN(const bool row, find.Step());
  if (!row) return std::optional<StoredIdentity>();
  StoredIdentity identity;
  identity.sequence = find.Integer(0);
  const std::string_view digest = find.Text(1);
  if (digest.size() != identity.facts.size()) return Corrupt(connection_->path(), absl::StrCat("event ", identity.sequence, ": no digest"));
  std::copy(digest.begin(), digest.end(), identity.facts.begin());
  identity.erased = !find.IsNull(2) && find.IsNull(3);
  identity.private_json = find.Text(3);
  identity.batch = find.Text(4);
  return std::optional<StoredIdentity>(std::move(identity));
}

absl::Status SqliteStore::Scan(std::int64_t after, const std::function<absl::Status(Event&&)>& visit) {
  RAPPORT_RETURN_IF_ERROR(connection_->CheckOwner());
  // Prepared for each scan: a visitor may scan too.
  RAPPORT_ASSIGN_OR_RETURN(Statement rows, connection_->Prepare(absl::StrCat(
      "SELECT ", kEventColumns, " FROM ", kEventTables, " WHERE e.sequence > ? ORDER BY e.sequence")));
  rows.Bind(1, after);
  return Visit(rows, visit);
}

absl::Status SqliteStore::Visit(Statement& rows, const std::function<absl::Status(Event&&)>& visit) const {
  for (;;) {
    RAPPORT_ASSIGN_OR_RETURN(const bool row, rows.Step());
    if (!row) return absl::OkStatus();
    Event event;
    RAPPORT_RETURN_IF_ERROR(ReadEvent(rows, connection_->path(), event));
    RAPPORT_RETURN_IF_ERROR(visit(std::move(event)));
  }
}

absl::Status SqliteStore::ScanSubject(const CustomerId& subject, const std::function<absl::Status(Event&&)>& visit) {
  RAPPORT_RETURN_IF_ERROR(connection_->CheckOwner());
  RAPPORT_ASSIGN_OR_RETURN(Statement rows, connection_->Prepare(absl::StrCat(
      "SELECT ", kEventColumns, " FROM ", kEventTables, " WHERE e.subject ", subject.empty() ? "IS NULL" : "= ?", " ORDER BY e.sequence")));
  if (!subject.empty()) rows.BindText(1, subject.text());
  return Visit(rows, visit);
}

absl::StatusOr<std::vector<Event>> SqliteStore::WithPrefix(std::string_view source, std::string_view prefix) {
  RAPPORT_RETURN_IF_ERROR(connection_->CheckOwner());
  // The prefix is ASCII of the engine's own making: its successor is that of its last byte. No id is greater than 0xFF, which is no UTF-8.
  std::string end = prefix.empty() ? "\xFF" : std::string(prefix);
  RAPPORT_INVARIANT(prefix.empty() || (end.back() > 0 && end.back() < 0x7f), "a prefix is ASCII");
  if (!prefix.empty()) ++end.back();
  RAPPORT_ASSIGN_OR_RETURN(Statement rows, connection_->Prepare(absl::StrCat(
      "SELECT ", kEventColumns, " FROM ", kEventTables, " WHERE e.source = ? AND e.id >= ? AND e.id < ? ORDER BY e.id")));
  rows.BindText(1, source);
  rows.BindText(2, prefix);
  rows.BindText(3, end);
  std::vector<Event> events;
  RAPPORT_RETURN_IF_ERROR(Visit(rows, [&](Event&& event) {
    events.push_back(std::move(event));
    return absl::OkStatus();
  }));
  return events;
}

absl::StatusOr<std::optional<Digest>> SqliteStore::LinkAt(std::int64_t sequence) {
  RAPPORT_RETURN_IF_ERROR(connection_->CheckOwner());
  RAPPORT_ASSIGN_OR_RETURN(Statement links, connection_->Prepare(
      "SELECT link FROM chain WHERE append_call = (SELECT append_call FROM event WHERE sequence = ?1) AND last_sequence = ?1"));
  links.Bind(1, sequence);
  RAPPORT_ASSIGN_OR_RETURN(const bool row, links.Step());
  Digest link{};
  if (!row || links.Text(0).size() != link.size()) return std::optional<Digest>();
  std::copy_n(links.Text(0).begin(), link.size(), link.begin());
  return std::optional<Digest>(link);
}

absl::Status SqliteStore::ErasePrivate(const std::vector<std::int64_t>& sequences) {
  RAPPORT_RETURN_IF_ERROR(connection_->CheckOwner());
  RAPPORT_INVARIANT(connection_->InTransaction(), "texts are erased within Transaction");
  for (const std::int64_t sequence : sequences) {
    statements_->erase.Bind(1, sequence);
    absl::Status status = statements_->erase.Run();
    written_.Update(status);
    RAPPORT_RETURN_IF_ERROR(status);
  }
  return absl::OkStatus();
}

// secure_delete has overwritten the cells, not the copies that a page kept of cells it moved: VACUUM writes every page anew. The pages as
// they were are in the WAL still, which is emptied here.
absl::Status SqliteStore::Scrub() {
  RAPPORT_RETURN_IF_ERROR(connection_->CheckOwner());
  RAPPORT_RETURN_IF_ERROR(connection_->Run("VACUUM"));
  RAPPORT_ASSIGN_OR_RETURN(const std::int64_t busy, connection_->Integer("PRAGMA wal_checkpoint(TRUNCATE)"));
  if (busy == 0) return absl::OkStatus();
  return Fail(absl::StatusCode::kUnavailable, "store.busy",
              absl::StrCat(connection_->path(), ": found a reader that holds the erased pages, expected none: erase again when it has gone"));
}

absl::Status SqliteStore::Transaction(const std::function<absl::Status()>& write) {
  RAPPORT_RETURN_IF_ERROR(connection_->CheckOwner());
  RAPPORT_INVARIANT(!connection_->InTransaction(), "one transaction at a time");
  RAPPORT_RETURN_IF_ERROR(connection_->Run("BEGIN IMMEDIATE"));
  // Takes everything back unless committed, also where `write` leaves by an exception.
  struct Rollback {
    const Connection& connection;
    ~Rollback() {
      if (connection.CheckOwner().ok() && connection.InTransaction()) (void)connection.Run("ROLLBACK");
    }
  } const rollback{*connection_};
  written_ = absl::OkStatus();
  RAPPORT_RETURN_IF_ERROR(write());
  RAPPORT_RETURN_IF_ERROR(written_);
  return connection_->Run("COMMIT");
}

absl::Status SqliteStore::Put(const std::vector<Event>& events) {
  RAPPORT_RETURN_IF_ERROR(connection_->CheckOwner());
  RAPPORT_INVARIANT(connection_->InTransaction(), "events are put within Transaction");
  if (events.empty()) return absl::OkStatus();
  absl::Status status = WriteAll(events);
  written_.Update(status);
  return status;
}

absl::Status SqliteStore::WriteAll(const std::vector<Event>& events) {
  std::int64_t call = 1;
  Digest previous{};
  {
    Statement& last = statements_->last_link;
    const ResetLater reset(last);
    RAPPORT_ASSIGN_OR_RETURN(const bool row, last.Step());
    if (row) {
      call = last.Integer(0) + 1;
      const std::string_view link = last.Text(1);
      if (link.size() != previous.size()) return Corrupt(connection_->path(), absl::StrCat("append call ", call - 1, ": no link"));
      std::copy(link.begin(), link.end(), previous.begin());
    }
  }
  std::vector<Digest> entries;
  entries.reserve(events.size());
  for (const Event& event : events) {
    RAPPORT_ASSIGN_OR_RETURN(const Digest entry, InsertEvent(event, call));
    entries.push_back(entry);
  }
  const Digest link = LinkOf(previous, entries);
  Statement& insert = statements_->insert_link;
  insert.Bind(1, call);
  insert.Bind(2, events.front().sequence);
  insert.Bind(3, events.back().sequence);
  insert.BindBytes(4, BytesOf(link));
  return insert.Run();
}

absl::StatusOr<Digest> SqliteStore::InsertEvent(const Event& event, std::int64_t call) {
  const std::string facts = FactsText(event);
  const Digest digest = FactsDigest(event, facts);
  std::string private_text = PrivateText(event);
  std::array<char, kSaltBytes> salt;
  Digest private_digest{};
  if (!private_text.empty()) {
    randombytes_buf(salt.data(), salt.size());
    private_digest = PrivateDigest({salt.data(), salt.size()}, private_text);
  }
  const std::string_view private_bytes = private_text.empty() ? std::string_view() : BytesOf(private_digest);
  Statement& insert = statements_->insert_event;
  insert.Bind(1, event.sequence);
  insert.BindText(2, event.key.source);
  insert.BindText(3, event.key.id);
  insert.BindText(4, event.type());
  if (event.subject.empty()) insert.BindNull(5);
  else insert.BindText(5, event.subject.text());
  insert.Bind(6, event.occurred.at.micros());
  insert.Bind(7, event.occurred.offset_minutes);
  insert.Bind(8, event.recorded.micros());
  insert.Bind(9, event.claimed.micros());
  insert.BindText(10, facts);
  insert.BindBytes(11, BytesOf(digest));
  if (private_bytes.empty()) insert.BindNull(12);
  else insert.BindBytes(12, private_bytes);
  insert.Bind(13, call);
  if (event.batch.empty()) insert.BindNull(14);
  else insert.BindText(14, event.batch.text());
  RAPPORT_RETURN_IF_ERROR(insert.Run());
  if (!private_text.empty()) RAPPORT_RETURN_IF_ERROR(InsertPrivate(event.sequence, {salt.data(), salt.size()}, private_text));
  return EntryDigest(event, digest, private_bytes);
}

absl::Status SqliteStore::InsertPrivate(std::int64_t sequence, std::string_view salt, std::string_view text) {
  Statement& insert = statements_->insert_private;
  insert.Bind(1, sequence);
  insert.BindBytes(2, salt);
  insert.BindText(3, text);
  return insert.Run();
}

absl::Status SqliteStore::SetSeal(Instant seal) {
  RAPPORT_RETURN_IF_ERROR(connection_->CheckOwner());
  RAPPORT_INVARIANT(connection_->InTransaction(), "a seal is set within Transaction");
  statements_->set_seal.Bind(1, seal.micros());
  absl::Status status = statements_->set_seal.Run();
  written_.Update(status);
  return status;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Store>> OpenSqliteStore(const std::string& path, const SqliteOptions& options) {
  RAPPORT_ASSIGN_OR_RETURN(std::unique_ptr<Connection> connection,
                           Connection::Open(path, options.create, options.busy_milliseconds));
  RAPPORT_RETURN_IF_ERROR(PrepareBook(*connection, options.create));
  auto store = std::make_unique<SqliteStore>(std::move(connection));
  RAPPORT_RETURN_IF_ERROR(store->PrepareStatements());
  return std::unique_ptr<Store>(std::move(store));
}

}  // namespace rapport

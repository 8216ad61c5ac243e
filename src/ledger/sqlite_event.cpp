#include "ledger/sqlite_event.hpp"

#include <optional>

#include "absl/strings/str_cat.h"
#include "ledger/chain.hpp"
#include "rapport/ledger/codec.hpp"

namespace rapport {
namespace {

absl::Status CorruptEvent(const std::string& path, std::int64_t sequence, std::string_view what) {
  return Corrupt(path, absl::StrCat("event ", sequence, ": ", ToAbsl(what)));
}

// Goes over events and links side by side.
class ChainCheck {
 public:
  explicit ChainCheck(const Connection& connection) : connection_(connection) {}

  absl::Status Run() {
    RAPPORT_ASSIGN_OR_RETURN(Statement events, connection_.Prepare(absl::StrCat(
        "SELECT ", kEventColumns, ", e.digest, e.private_digest, e.append_call, p.salt FROM ", kEventTables, " ORDER BY e.sequence")));
    RAPPORT_ASSIGN_OR_RETURN(links_, connection_.Prepare(
        "SELECT append_call, first_sequence, last_sequence, link FROM chain ORDER BY append_call"));
    for (;;) {
      RAPPORT_ASSIGN_OR_RETURN(const bool row, events.Step());
      if (!row) break;
      RAPPORT_RETURN_IF_ERROR(Event(events));
    }
    if (call_open_) RAPPORT_RETURN_IF_ERROR(CloseCall());
    RAPPORT_ASSIGN_OR_RETURN(const bool more, links_.Step());
    return more ? Corrupt(path(), absl::StrCat("append call ", links_.Integer(0), ": its events are missing")) : absl::OkStatus();
  }

 private:
  const std::string& path() const { return connection_.path(); }

  absl::Status Event(const Statement& row) {
    const std::int64_t sequence = row.Integer(0);
    if (sequence != last_sequence_ + 1) return CorruptEvent(path(), last_sequence_ + 1, "missing");
    class Event event;
    RAPPORT_RETURN_IF_ERROR(ReadEvent(row, path(), event));
    const std::string_view digest = row.Text(kEventColumnCount), private_digest = row.Text(kEventColumnCount + 1);
    const Digest facts = FactsDigest(event, row.Text(kFactsColumn));
    if (digest != BytesOf(facts)) return CorruptEvent(path(), sequence, "its facts do not match their digest");
    if (!row.IsNull(kEventColumnCount - 1)) {
      const std::string_view salt = row.Text(kEventColumnCount + 3);
      if (salt.size() < 16 || private_digest != BytesOf(PrivateDigest(salt, row.Text(kEventColumnCount - 1)))) {
        return CorruptEvent(path(), sequence, "its private part does not match its digest");
      }
    }
    const std::int64_t call = row.Integer(kEventColumnCount + 2);
    if (call_open_ && call != call_) RAPPORT_RETURN_IF_ERROR(CloseCall());
    if (!call_open_) RAPPORT_RETURN_IF_ERROR(OpenCall(call, sequence));
    entries_.push_back(EntryDigest(event, facts, private_digest));
    last_sequence_ = sequence;
    return absl::OkStatus();
  }

  absl::Status OpenCall(std::int64_t call, std::int64_t sequence) {
    RAPPORT_ASSIGN_OR_RETURN(const bool row, links_.Step());
    if (!row || links_.Integer(0) != call || call != call_ + 1 || links_.Integer(1) != sequence) {
      return Corrupt(path(), absl::StrCat("append call ", call, ": its link is missing or begins elsewhere"));
    }
    call_ = call;
    call_open_ = true;
    return absl::OkStatus();
  }

  absl::Status CloseCall() {
    previous_ = LinkOf(previous_, entries_);
    entries_.clear();
    call_open_ = false;
    if (links_.Integer(2) == last_sequence_ && links_.Text(3) == BytesOf(previous_)) return absl::OkStatus();
    return Corrupt(path(), absl::StrCat("append call ", call_, ": its events do not match their link"));
  }

  const Connection& connection_;
  Statement links_;
  std::int64_t last_sequence_ = 0;
  std::int64_t call_ = 0;
  bool call_open_ = false;
  std::vector<Digest> entries_;
  Digest previous_{};
};

absl::Status CheckFile(const Connection& connection) {
  RAPPORT_ASSIGN_OR_RETURN(Statement integrity, connection.Prepare("PRAGMA integrity_check(1)"));
  RAPPORT_ASSIGN_OR_RETURN(bool row, integrity.Step());
  if (row && integrity.Text(0) != "ok") return Corrupt(connection.path(), integrity.Text(0));
  RAPPORT_ASSIGN_OR_RETURN(Statement foreign, connection.Prepare("PRAGMA foreign_key_check"));
  RAPPORT_ASSIGN_OR_RETURN(row, foreign.Step());
  if (row) return CorruptEvent(connection.path(), foreign.Integer(1), "a private part without its event");
  return absl::OkStatus();
}

}  // namespace

Digest PrivateDigest(std::string_view salt, std::string_view text) { return HashKeyed(salt, text); }

absl::Status ReadEvent(const Statement& row, const std::string& path, Event& event) {
  event.sequence = row.Integer(0);
  event.key.source = row.Text(1);
  event.key.id = row.Text(2);
  event.subject = CustomerId::Trusted(std::string(row.Text(4)));
  event.occurred = {Instant::FromMicros(row.Integer(5)), static_cast<std::int16_t>(row.Integer(6))};
  event.recorded = Instant::FromMicros(row.Integer(7));
  event.claimed = Instant::FromMicros(row.Integer(8));
  if (!row.IsNull(kEventColumnCount - 2)) event.batch = BatchId::Trusted(std::string(row.Text(kEventColumnCount - 2)));
  for (const Instant at : {event.occurred.at, event.recorded, event.claimed}) {
    if (at < Instant::Min() || at > Instant::Max()) return CorruptEvent(path, event.sequence, "a time outside the years 1 to 9999");
  }
  const absl::Status read = ReadPayloadText(row.Text(3), row.Text(kFactsColumn), row.Text(kEventColumnCount - 1), event);
  return read.ok() ? read : CorruptEvent(path, event.sequence, ToStd(read.message()));
}

absl::Status CheckBook(const Connection& connection) {
  // One read transaction, so that an append in between does not look like damage.
  RAPPORT_RETURN_IF_ERROR(connection.Run("BEGIN"));
  absl::Status status = CheckFile(connection);
  if (status.ok()) status = ChainCheck(connection).Run();
  const absl::Status end = connection.Run("COMMIT");
  return status.ok() ? end : status;
}

}  // namespace rapport

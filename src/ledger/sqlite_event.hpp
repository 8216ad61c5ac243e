// Floor 1, inside. Rows of a book's file as events.
#ifndef RAPPORT_SRC_LEDGER_SQLITE_EVENT_HPP_
#define RAPPORT_SRC_LEDGER_SQLITE_EVENT_HPP_

#include "ledger/sqlite_connection.hpp"
#include "rapport/core/hash.hpp"
#include "rapport/ledger/event.hpp"

namespace rapport {

// The columns that ReadEvent reads, in its order; the caller adds a condition and its own columns behind them.
inline constexpr char kEventColumns[] =
    "e.sequence, e.source, e.id, e.type, e.subject, e.occurred_at, e.occurred_offset, e.recorded_at, e.claimed_at, e.facts, "
    "e.batch, p.text";
inline constexpr int kFactsColumn = 9;
inline constexpr int kEventColumnCount = 12;
inline constexpr char kEventTables[] = "event AS e LEFT JOIN private AS p ON p.sequence = e.sequence";

// Into a new `event`: the one in the row the statement stands on. `store.corrupt` where its content cannot be read.
absl::Status ReadEvent(const Statement& row, const std::string& path, Event& event);

// The digest of a private part: BLAKE2b of its text, keyed with its salt.
Digest PrivateDigest(std::string_view salt, std::string_view text);

// Re-reads the whole file: SQLite's own check, every digest, every link of the chain.
absl::Status CheckBook(const Connection& connection);

}  // namespace rapport

#endif  // RAPPORT_SRC_LEDGER_SQLITE_EVENT_HPP_

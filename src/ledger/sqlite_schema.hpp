// Floor 1, inside. The tables of a book's file, and how an opened file is recognised.
#ifndef RAPPORT_SRC_LEDGER_SQLITE_SCHEMA_HPP_
#define RAPPORT_SRC_LEDGER_SQLITE_SCHEMA_HPP_

#include "ledger/sqlite_connection.hpp"

namespace rapport {

inline constexpr std::int64_t kApplicationId = 0x52415050;  // "RAPP"
inline constexpr std::int64_t kSchemaVersion = 5;

// Makes the file a book if it is empty and `create` is set, checks that it is one of a version known here, and sets the connection up: WAL,
// full synchronisation. `store.not_a_book`, `store.newer_schema`.
absl::Status PrepareBook(const Connection& connection, bool create);

}  // namespace rapport

#endif  // RAPPORT_SRC_LEDGER_SQLITE_SCHEMA_HPP_
